/** Ways to break what the options of an environment add, each with the fault that has to be named. */
import type { Mutation, SynthesizedStack } from '../observation';
import { pick, remove, type Config } from './mutating';

/** The option that it is about: a key of the table of policies with options. */
export interface OptionMutation extends Mutation {
  readonly option: string;
}

const GROUP = 'azurerm_firewall_policy_rule_collection_group';
const template = (change: (resources: Config[]) => void) => (stack: SynthesizedStack): void => {
  const deployment = pick(stack, 'azurerm_resource_group_template_deployment');
  const content = JSON.parse(deployment.template_content);
  change(content.resources);
  deployment.template_content = JSON.stringify(content);
};
const rule = (resources: Config[], name: string): Config => {
  const found = resources.find((each) => each.type.endsWith('/dnsSecurityRules') && each.name.endsWith(name));
  if (!found) throw new Error(`nothing to break: no rule ${name}`);
  return found;
};
const clusterRule = (stack: SynthesizedStack): Config => {
  const collection = pick(stack, GROUP, (group) => group.application_rule_collection?.some(({ name }: Config) => name === 'allow-kubernetes'))
    .application_rule_collection.find(({ name }: Config) => name === 'allow-kubernetes');
  return collection.rule[0];
};
const nodeGroup = (stack: SynthesizedStack): Config => pick(stack, 'azurerm_network_security_group', (group) => group.security_rule.some(({ name }: Config) => name === 'allow-nodes-inbound'));
const mutation = (option: string, name: string, fault: string, mutate: Mutation['mutate']): OptionMutation => ({ option, name, fault, mutate });

export const OPTION_MUTATIONS: readonly OptionMutation[] = [
  mutation('premium', 'a DNS policy that only alerts', 'dns-policy-open', template((resources) => { rule(resources, '/everything-else').properties.action.actionType = 'Alert'; })),
  mutation('premium', 'a DNS policy whose last rule is off', 'dns-policy-open', template((resources) => { rule(resources, '/everything-else').properties.dnsSecurityRuleState = 'Disabled'; })),
  mutation('premium', 'a DNS policy that allows every name', 'dns-policy-open', template((resources) => { resources.find(({ type, name }) => type.endsWith('/dnsResolverDomainLists') && name.endsWith('-allowed'))!.properties.domains.push('.'); })),
  mutation('premium', 'a DNS policy that the hub is not linked to', 'dns-policy-open', template((resources) => { resources.splice(resources.findIndex(({ type, name }) => type.endsWith('/virtualNetworkLinks') && name.endsWith('/hub')), 1); })),
  mutation('premium', 'the NAT gateway on a segment', 'nat-for-all-subnets', (stack) => {
    const [name] = Object.entries(stack.resource!.azurerm_subnet!).find(([, config]) => config.name === 'segment-payments')!;
    pick(stack, 'azurerm_subnet_nat_gateway_association').subnet_id = `\${azurerm_subnet.${name}.id}`;
  }),
  mutation('premium', 'threat intelligence only alerts', 'threat-intel-off', (stack) => { pick(stack, 'azurerm_firewall_policy').threat_intelligence_mode = 'Alert'; }),
  mutation('kubernetes', "the cluster's names for everybody", 'wide-firewall-rule', (stack) => { Object.assign(clusterRule(stack), { source_ip_groups: undefined, source_addresses: ['*'] }); }),
  mutation('kubernetes', 'another tag of names for the cluster', 'wide-firewall-rule', (stack) => { clusterRule(stack).destination_fqdn_tags = ['WindowsUpdate']; }),
  mutation('kubernetes', 'nodes that the whole network may call', 'segment-reach-too-wide', (stack) => {
    const inbound = nodeGroup(stack).security_rule.find(({ name }: Config) => name === 'allow-nodes-inbound');
    Object.assign(inbound, { source_address_prefixes: null, source_address_prefix: '*' });
  }),
  mutation('kubernetes', 'health probes on every port', 'health-probe-too-wide', (stack) => {
    const probes = nodeGroup(stack).security_rule.find(({ name }: Config) => name === 'allow-cluster-probes');
    Object.assign(probes, { destination_port_ranges: null, destination_port_range: '*' });
  }),
  mutation('storage', 'a service endpoint without its policy', 'service-endpoint-route', (stack) => { delete pick(stack, 'azurerm_subnet', ({ service_endpoints }) => service_endpoints).service_endpoint_policy_ids; }),
  mutation('storage', 'storage on every port', 'wide-group-egress', (stack) => {
    const group = pick(stack, 'azurerm_network_security_group', ({ name }) => name.endsWith('-reporting'));
    group.security_rule.find(({ name }: Config) => name === 'allow-storage').destination_port_range = '*';
  }),
  mutation('storage', 'metadata for a segment that should have none', 'metadata-open', (stack) => {
    const group = pick(stack, 'azurerm_network_security_group', ({ name }) => name.endsWith('-ledger'));
    group.security_rule = group.security_rule.filter(({ name }: Config) => name !== 'deny-metadata');
  }),
  mutation('tunnel', 'the firewall goes straight to the internet', 'firewall-route-missing', (stack) => remove(stack, 'azurerm_subnet_route_table_association', ({ subnet_id }) => subnet_id.includes('egress_subnet'))),
  mutation('hub-of-others', 'a DNS policy that only alerts', 'dns-policy-open', template((resources) => { rule(resources, '/everything-else').properties.action.actionType = 'Alert'; })),
  mutation('hub-and-spoke', 'a subnet without its security group', 'nsg-missing', (stack) => remove(stack, 'azurerm_subnet_network_security_group_association', ({ subnet_id }) => subnet_id.endsWith('/ledger'))),
  mutation('hub-and-spoke', 'a subnet without its route table', 'route-table-missing', (stack) => remove(stack, 'azurerm_subnet_route_table_association', ({ subnet_id }) => subnet_id.endsWith('/ledger'))),
];
