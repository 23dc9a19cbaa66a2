/** What the real azurerm 4.55.0 and Azure would refuse: held for every option, and for the longest names. */
import type { SynthesizedStack } from '../../contract/observation';
import { ruleProblems } from './azure-rules';
import { OPTIONS, withLongestNames } from './options';
import { schemaProblems } from './provider-schema';
import { policyText, SEALED, synthesizeAzure } from './synthesis';

const STACKS = { default: policyText(), sealed: SEALED, ...OPTIONS };

test.each([['default', STACKS.default], ...Object.entries(STACKS).map(([name, text]) => [`${name}, longest names`, withLongestNames(text)])])('%s', (_, text) => {
  const stack = synthesizeAzure(text!).json();
  expect(schemaProblems(stack)).toEqual([]);
  expect(ruleProblems(stack)).toEqual([]);
});

describe('what would be refused is seen', () => {
  let made: ReturnType<typeof synthesizeAzure>;
  let stack: SynthesizedStack;
  beforeAll(() => { made = synthesizeAzure(OPTIONS['premium']!); });
  beforeEach(() => { stack = made.json(); });
  const first = (type: string) => Object.values<any>(stack.resource![type]!)[0];

  test.each<[string, () => void, RegExp]>([
    ['an argument that is not there', () => { first('azurerm_subnet').enforce_policies = true; }, /enforce_policies: no such argument/],
    ['a value of another type', () => { first('azurerm_route_table').bgp_route_propagation_enabled = 'no'; }, /"no" is no/],
    ['what only the provider sets', () => { first('azurerm_ip_group').firewall_ids = []; }, /only the provider sets it/],
    ['a missing argument', () => { delete first('azurerm_public_ip').allocation_method; }, /allocation_method: is required/],
    ['too many blocks', () => { const policy = first('azurerm_firewall_policy'); policy.dns = [policy.dns, policy.dns]; }, /2 blocks/],
    ['a name that is too long', () => { first('azurerm_private_endpoint').name = 'x'.repeat(65); }, /65 characters, not 2 to 64/],
    ['a name with a space', () => { first('azurerm_virtual_network').name = 'a b'; }, /characters that it may not have/],
    ['two of one name', () => { for (const group of Object.values<any>(stack.resource!.azurerm_network_security_group!)) group.name = 'x'; }, /is there twice/],
    ['a value in another case', () => { first('azurerm_public_ip').sku = 'standard'; }, /"standard", not one of/],
    ['a priority out of range', () => { first('azurerm_firewall_policy_rule_collection_group').priority = 65_001; }, /priority 65001/],
    ['two rules of one priority', () => { const rules = first('azurerm_network_security_group').security_rule; rules.push({ ...rules[0], name: 'again' }); }, /is there twice/],
    ['dns on Basic', () => { first('azurerm_firewall_policy').sku = 'Basic'; }, /takes no dns/],
    ['two kinds of sources', () => {
      const group = Object.values<any>(stack.resource!.azurerm_firewall_policy_rule_collection_group!).find((each) => each.application_rule_collection?.[0].rule[0].source_ip_groups);
      group.application_rule_collection[0].rule[0].source_addresses = ['*'];
    }, /one kind of source/],
    ['a domain without its dot', () => {
      const deployment = first('azurerm_resource_group_template_deployment');
      deployment.template_content = deployment.template_content.replace('api.stripe.com.', 'api.stripe.com');
    }, /domain api.stripe.com/],
  ])('%s', (_, breakIt, message) => {
    breakIt();
    expect([...schemaProblems(stack), ...ruleProblems(stack)].join('\n')).toMatch(message);
  });
});
