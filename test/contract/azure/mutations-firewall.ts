/** Ways to break the firewall and its policy. */
import type { Mutation, SynthesizedStack } from '../observation';
import { pick, remove, resources, type Config } from './mutating';

const GROUP = 'azurerm_firewall_policy_rule_collection_group';
const allowing = (stack: SynthesizedStack): Config => pick(stack, GROUP, (group) => group.application_rule_collection?.[0]?.action === 'Allow');
const allowRule = (stack: SynthesizedStack): Config => allowing(stack).application_rule_collection[0].rule[0];
const denying = (stack: SynthesizedStack): Config => pick(stack, GROUP, ({ name }) => name === 'deny-all');
const policy = (stack: SynthesizedStack): Config => pick(stack, 'azurerm_firewall_policy');

function mutation(name: string, fault: string, mutate: Mutation['mutate']): Mutation {
  return { name, fault, mutate };
}

const networkRule = (name: string, rule: Config): Mutation => mutation(name, 'wide-firewall-rule', (stack) => {
  const group = allowing(stack);
  const sources = group.application_rule_collection[0].rule[0].source_ip_groups;
  (group.network_rule_collection ??= []).push({
    name: 'added', priority: 110, action: 'Allow',
    rule: [{ name: 'added', source_ip_groups: sources, destination_addresses: ['151.101.1.69'], destination_ports: ['443'], protocols: ['TCP'], ...rule }],
  });
});
const host = (name: string, fqdn: string): Mutation => mutation(name, 'wide-firewall-rule', (stack) => { allowRule(stack).destination_fqdns.push(fqdn); });

export const FIREWALL_MUTATIONS: readonly Mutation[] = [
  networkRule('network rule from anybody to anywhere on 443', { source_addresses: ['*'], destination_addresses: ['*'] }),
  networkRule('network rule from a segment to anywhere', { destination_addresses: ['*'] }),
  networkRule('network rule to half of all addresses', { destination_addresses: ['128.0.0.0/1'] }),
  networkRule('network rule to a region of Azure', { destination_addresses: ['AzureCloud.westeurope'] }),
  networkRule('network rule for the whole network', { source_addresses: ['10.0.0.0/8'] }),
  networkRule('network rule for all ports', { destination_ports: ['*'] }),
  networkRule('network rule for DNS to anywhere', { destination_addresses: ['*'], destination_ports: ['53'], protocols: ['UDP'] }),
  mutation('application rule for anybody', 'wide-firewall-rule', (stack) => { allowRule(stack).source_addresses = ['*']; }),
  mutation('an IP group with the whole network in it', 'wide-firewall-rule', (stack) => { pick(stack, 'azurerm_ip_group').cidrs = ['10.0.0.0/8']; }),
  host('application rule for every name', '*'),
  host('application rule for every name that ends alike', '*stripe.com'),
  host('application rule for a top-level domain', '*.com'),
  mutation('application rule for a tag of names', 'wide-firewall-rule', (stack) => { allowRule(stack).destination_fqdn_tags = ['WindowsUpdate']; }),
  mutation('application rule for a category of sites', 'wide-firewall-rule', (stack) => { allowRule(stack).web_categories = ['Business']; }),
  mutation('no last deny', 'firewall-default-pass', (stack) => remove(stack, GROUP, ({ name }) => name === 'deny-all')),
  mutation('a last deny for one segment only', 'firewall-default-pass', (stack) => { denying(stack).application_rule_collection[0].rule[0].source_addresses = ['10.40.16.0/22']; }),
  mutation('a last deny of plain HTTP only', 'firewall-default-pass', (stack) => { denying(stack).application_rule_collection[0].rule[0].protocols.pop(); }),
  mutation('a last rule that allows', 'firewall-default-pass', (stack) => { denying(stack).application_rule_collection[0].action = 'Allow'; }),
  mutation('threat intelligence only alerts', 'threat-intel-off', (stack) => { policy(stack).threat_intelligence_mode = 'Alert'; }),
  mutation('threat intelligence not said', 'threat-intel-off', (stack) => { delete policy(stack).threat_intelligence_mode; }),
  mutation('no DNS proxy', 'dns-proxy-off', (stack) => { policy(stack).dns.proxy_enabled = false; }),
  mutation('the firewall without its policy', 'policy-unassociated', (stack) => { delete pick(stack, 'azurerm_firewall').firewall_policy_id; }),
  mutation('rules that belong to another policy', 'policy-unassociated', (stack) => { denying(stack).firewall_policy_id = 'somewhere'; }),
  mutation('the internet let in by translation', 'firewall-dnat', (stack) => {
    allowing(stack).nat_rule_collection = [{ name: 'in', priority: 100, action: 'Dnat', rule: [{ name: 'in', translated_port: 22, protocols: ['TCP'] }] }];
  }),
  mutation('a second policy takes the rules away', 'policy-unassociated', (stack) => {
    const [name] = resources(stack, 'azurerm_firewall_policy')[0]!;
    stack.resource!.azurerm_firewall_policy!.added = { ...stack.resource!.azurerm_firewall_policy![name] };
    pick(stack, 'azurerm_firewall').firewall_policy_id = '${azurerm_firewall_policy.added.id}';
  }),
];
