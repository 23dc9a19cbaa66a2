/** The Azure observer over the Azure stack: sound as built, and each control missed by name. */
import { expectationOf, subjectOf } from '../../contract/expectation';
import { mutations, observe } from '../../contract/azure.observer';
import { fixture } from '../../fixtures/stacks';
import { policyText, SEALED, synthesizeAzure, type AzureSynthesis } from './synthesis';

let full: AzureSynthesis;
beforeAll(() => {
  full = synthesizeAzure(policyText());
});

test.each([['the full policy', policyText()], ['the example', fixture('example')], ['no host at all', SEALED], ['one zone', policyText((policy) => { policy.environments[0].azure.zones = [1]; })]])('%s: segments reach what the policy says', (_, text) => {
  // GIVEN a policy WHEN it is synthesized
  const { policy, json } = synthesizeAzure(text);
  const { segments, faults } = observe(json(), subjectOf(policy, 'prod', 'azure'));
  // THEN an independent reader finds the policy in it, and no fault
  expect(faults).toEqual([]);
  for (const segment of policy.segments) {
    const { wayOut, ...expected } = expectationOf(policy, segment, 'azure');
    expect({ segment: segment.name, ...segments[segment.name] }).toEqual({ segment: segment.name, wayOut: expect.anything(), ...expected });
    expect(wayOut).toContain(segments[segment.name]!.wayOut);
  }
});

test.each(mutations.map((mutation) => [mutation.name, mutation] as const))('caught: %s', (_, mutation) => {
  const stack = full.json();
  mutation.mutate(stack);
  const { faults } = observe(stack, subjectOf(full.policy, 'prod', 'azure'));
  expect(faults.map(({ id }) => id)).toContain(mutation.fault);
});

test('mutations have names of their own, and break something', () => {
  expect(new Set(mutations.map(({ name }) => name)).size).toBe(mutations.length);
  for (const mutation of mutations) {
    const stack = full.json();
    mutation.mutate(stack);
    expect(JSON.stringify(stack)).not.toBe(JSON.stringify(full.json()));
  }
});

test('a mutation that finds nothing to break says so', () => {
  const firewallMutation = mutations.find(({ fault }) => fault === 'threat-intel-off')!;
  expect(() => firewallMutation.mutate(synthesizeAzure(SEALED).json())).toThrow(/nothing to break/);
});

test('a host that the group does not let out is not reachable', () => {
  const stack = full.json();
  for (const group of Object.values<any>(stack.resource!.azurerm_network_security_group!)) {
    group.security_rule = group.security_rule.filter((rule: any) => rule.destination_address_prefix !== 'Internet');
  }
  const { segments } = observe(stack, subjectOf(full.policy, 'prod', 'azure'));
  expect(segments.payments!.hosts).toEqual(['tcp 151.101.1.69/32:22', 'tcp 151.101.64.0/24:22']);
});

test('a deny before the allow takes hosts away', () => {
  const stack = full.json();
  const deny = Object.values<any>(stack.resource!.azurerm_firewall_policy_rule_collection_group!).find(({ name }) => name === 'deny-all');
  deny.priority = 100;
  expect(observe(stack, subjectOf(full.policy, 'prod', 'azure')).segments.platform!.hosts).toEqual(['tls status.stripe.com:8443']);
});
