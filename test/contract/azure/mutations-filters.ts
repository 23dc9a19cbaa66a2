/** Ways to break the security groups. */
import type { Mutation, SynthesizedStack } from '../observation';
import { pick, remove, resources, type Config } from './mutating';

const ruleOf = (group: Config, fits: (rule: Config) => unknown): Config => {
  const rule = group.security_rule.find(fits);
  if (!rule) throw new Error('nothing to break: no such rule');
  return rule;
};
const goesOut = (rule: Config) => rule.direction === 'Outbound' && rule.destination_address_prefix === 'Internet';
const hosted = (stack: SynthesizedStack): Config => pick(stack, 'azurerm_network_security_group', (group) => group.security_rule.some(goesOut));
const closed = (stack: SynthesizedStack): Config => pick(stack, 'azurerm_network_security_group', (group) =>
  group.tags?.segment && !group.security_rule.some((rule: Config) => [rule.source_address_prefix, rule.destination_address_prefix].includes('Internet')));
const endpoints = (stack: SynthesizedStack): Config => pick(stack, 'azurerm_network_security_group', ({ name }) => name.endsWith('-private-endpoints'));
const calling = (stack: SynthesizedStack): Config => pick(stack, 'azurerm_network_security_group', (group) => group.security_rule.some(toPeer));
const toPeer = (rule: Config) => rule.name.startsWith('allow-to-');

const allow = (direction: string, peer: string, port: string, protocol = 'Tcp'): Config => ({
  name: 'added', priority: 150, direction, access: 'Allow', protocol, source_port_range: '*',
  source_address_prefix: direction === 'Inbound' ? peer : '*',
  destination_address_prefix: direction === 'Outbound' ? peer : '*',
  destination_port_range: port,
});

const withRule = (name: string, fault: string, find: (stack: SynthesizedStack) => Config, rule: Config): Mutation => ({
  name, fault, mutate: (stack) => { find(stack).security_rule.push(rule); },
});
const without = (name: string, fault: string, find: (stack: SynthesizedStack) => Config, fits: (rule: Config) => boolean): Mutation => ({
  name,
  fault,
  mutate: (stack) => {
    const group = find(stack);
    ruleOf(group, fits);
    group.security_rule = group.security_rule.filter((rule: Config) => !fits(rule));
  },
});
const changed = (name: string, fault: string, find: (stack: SynthesizedStack) => Config, fits: (rule: Config) => unknown, change: Config): Mutation => ({
  name, fault, mutate: (stack) => { Object.assign(ruleOf(find(stack), fits), change); },
});

export const NSG_MUTATIONS: readonly Mutation[] = [
  without('final outbound deny of a segment with hosts', 'nsg-final-deny-missing', hosted, ({ name }) => name === 'deny-all-outbound'),
  without('final outbound deny of a segment without hosts', 'nsg-final-deny-missing', closed, ({ name }) => name === 'deny-all-outbound'),
  without('final inbound deny', 'nsg-final-deny-missing', closed, ({ name }) => name === 'deny-all-inbound'),
  changed('final deny that allows', 'nsg-final-deny-missing', closed, ({ name }) => name === 'deny-all-outbound', { access: 'Allow' }),
  changed('final deny of TCP only', 'nsg-final-deny-missing', closed, ({ name }) => name === 'deny-all-outbound', { protocol: 'Tcp' }),
  changed('security group allows the internet on any port', 'wide-group-egress', hosted, goesOut, { destination_port_range: '*', destination_port_ranges: null }),
  changed('security group allows the internet over any protocol', 'wide-group-egress', hosted, goesOut, { protocol: '*' }),
  withRule('security group lets a segment without hosts out', 'wide-group-egress', closed, allow('Outbound', 'Internet', '443')),
  withRule('security group lets DNS out to anybody', 'wide-group-egress', closed, allow('Outbound', '*', '53', 'Udp')),
  withRule('security group allows half of all addresses', 'wide-group-egress', closed, allow('Outbound', '128.0.0.0/1', '443')),
  withRule('security group allows a region of Azure', 'wide-group-egress', closed, allow('Outbound', 'AzureCloud.westeurope', '443')),
  {
    name: 'a rule beside the group lets everything out',
    fault: 'wide-group-egress',
    mutate: (stack) => {
      const group = closed(stack);
      const name = resources(stack, 'azurerm_network_security_group').find(([, config]) => config === group)![0];
      stack.resource!.azurerm_network_security_rule = { added: { ...allow('Outbound', '*', '*', '*'), network_security_group_name: `\${azurerm_network_security_group.${name}.name}` } };
    },
  },
  withRule('a segment may call the whole network', 'segment-reach-too-wide', closed, allow('Outbound', 'VirtualNetwork', '443')),
  withRule('the whole network may call a segment', 'segment-reach-too-wide', closed, allow('Inbound', '10.0.0.0/8', '22')),
  withRule('groups of interfaces instead of subnets', 'segment-reach-too-wide', closed, { ...allow('Inbound', '', '22'), source_application_security_group_ids: ['somewhere'] }),
  changed('more ports out than the callee accepts', 'segment-reach-one-sided', calling, toPeer, { destination_port_range: '*', destination_port_ranges: null }),
  changed('a peer over any protocol', 'segment-reach-too-wide', calling, toPeer, { protocol: '*' }),
  changed('health probes on any port', 'health-probe-too-wide', closed, ({ name }) => name === 'allow-health-probes', { destination_port_range: '*', destination_port_ranges: null }),
  without('a caller without its way out', 'segment-reach-one-sided', calling, toPeer),
  changed("every port of the firewall's subnet", 'resolver-reach-too-wide', closed, ({ name }) => name === 'allow-resolver-tcp', { destination_port_range: '*' }),
  without('a segment that cannot resolve names', 'resolver-unreachable', closed, ({ name }) => name === 'allow-resolver-udp'),
  changed('every port of the private endpoints', 'endpoint-reach-too-wide', closed, ({ name }) => name === 'allow-private-endpoints', { destination_port_range: '*' }),
  without('a segment that cannot reach private endpoints', 'endpoint-unreachable', closed, ({ name }) => name === 'allow-private-endpoints'),
  withRule('callers on the internet reach a segment without a way back', 'internet-ingress-on-private-segment', closed, allow('Inbound', 'Internet', '22')),
  without("Azure's resolver left open", 'platform-dns-open', closed, ({ name }) => name === 'deny-platform-dns'),
  changed("Azure's resolver left open over TCP", 'platform-dns-open', closed, ({ name }) => name === 'deny-platform-dns', { protocol: 'Udp' }),
  withRule('anybody may call the private endpoints', 'endpoint-group-open', endpoints, allow('Inbound', '*', '443')),
  withRule('private endpoints may call out', 'endpoint-group-open', endpoints, allow('Outbound', '*', '443')),
  without('private endpoints without a final deny', 'endpoint-group-open', endpoints, ({ name }) => name === 'deny-all-inbound'),
  { name: 'a subnet without its security group', fault: 'nsg-missing', mutate: (stack) => remove(stack, 'azurerm_subnet_network_security_group_association') },
];
