/** Ways to break a sound Azure stack, each with the fault that has to be named. */
import type { Mutation, SynthesizedStack } from '../observation';
import { NSG_MUTATIONS } from './mutations-filters';
import { FIREWALL_MUTATIONS } from './mutations-firewall';
import { FIRST_SUBNETS, pick, remove, resources, type Config } from './mutating';

const closedTable = (stack: SynthesizedStack): Config => pick(stack, 'azurerm_route_table', (table) => table.tags?.segment && table.route[0].next_hop_type === 'None');
const hostedTable = (stack: SynthesizedStack): Config => pick(stack, 'azurerm_route_table', (table) => table.route[0].next_hop_type === 'VirtualAppliance');
const segmentSubnet = (stack: SynthesizedStack): Config => pick(stack, 'azurerm_subnet', ({ name }) => name.startsWith('segment-'));
const endpointSubnet = (stack: SynthesizedStack): Config => pick(stack, 'azurerm_subnet', ({ name }) => name === 'private-endpoints');
const spoke = (stack: SynthesizedStack): Config => pick(stack, 'azurerm_virtual_network', ({ name }) => name.endsWith('-spoke'));
const subnetId = (stack: SynthesizedStack, subnet: Config): string => `\${azurerm_subnet.${resources(stack, 'azurerm_subnet').find(([, config]) => config === subnet)![0]}.id}`;

const ofFirewall = ({ target_resource_id }: Config): boolean => target_resource_id.includes('azurerm_firewall.');

function mutation(name: string, fault: string, mutate: Mutation['mutate'], unreviewed?: string): Mutation {
  return { name, fault, mutate, ...(unreviewed === undefined ? {} : { unreviewed }) };
}

const RECORDS = 'how records are kept is a promise of our stack, and no way out of a network';

function add(stack: SynthesizedStack, type: string, config: Config): void {
  stack.resource ??= {};
  (stack.resource[type] ??= {}).added = config;
}

const ROUTES: readonly Mutation[] = [
  mutation('0/0 to the internet on a segment without hosts', 'data-internet-route', (stack) => { closedTable(stack).route[0].next_hop_type = 'Internet'; }),
  mutation('0/0 to the firewall on a segment without hosts', 'data-internet-route', (stack) => { Object.assign(closedTable(stack), { route: hostedTable(stack).route }); }),
  mutation('half of the internet routed around a None route', 'data-internet-route', (stack) => {
    closedTable(stack).route.push({ name: 'half', address_prefix: '0.0.0.0/1', next_hop_type: 'Internet', next_hop_in_ip_address: null });
  }),
  mutation('0/0 to the internet on a segment with hosts', 'internet-route-bypasses-firewall', (stack) => {
    Object.assign(hostedTable(stack).route[0], { next_hop_type: 'Internet', next_hop_in_ip_address: null });
  }),
  mutation('half of the internet routed around the firewall', 'internet-route-bypasses-firewall', (stack) => {
    hostedTable(stack).route.push({ name: 'half', address_prefix: '128.0.0.0/1', next_hop_type: 'Internet', next_hop_in_ip_address: null });
  }),
  mutation('0/0 to an appliance that is not the firewall', 'internet-route-bypasses-firewall', (stack) => { hostedTable(stack).route[0].next_hop_in_ip_address = '10.40.200.4'; }),
  mutation('0/0 to a gateway', 'internet-route-bypasses-firewall', (stack) => {
    Object.assign(hostedTable(stack).route[0], { next_hop_type: 'VirtualNetworkGateway', next_hop_in_ip_address: null });
  }),
  mutation('no default route', 'default-route-missing', (stack) => { hostedTable(stack).route = []; }),
  mutation('a public segment whose route table is gone', 'route-table-missing', (stack) => remove(stack, 'azurerm_route_table', ({ tags }) => tags?.tier === 'public')),
  mutation('no route table on a subnet', 'route-table-missing', (stack) => remove(stack, 'azurerm_subnet_route_table_association')),
  mutation('routes of a gateway propagated', 'bgp-propagation-on', (stack) => { hostedTable(stack).bgp_route_propagation_enabled = true; }),
  mutation('propagation of routes not said', 'bgp-propagation-on', (stack) => { delete closedTable(stack).bgp_route_propagation_enabled; }),
];

const SUBNETS: readonly Mutation[] = [
  ...FIRST_SUBNETS.map(([role, find]) => mutation(`default outbound access of ${role}`, 'default-outbound-access', (stack) => { find(stack).default_outbound_access_enabled = true; })),
  mutation('default outbound access not said', 'default-outbound-access', (stack) => { delete segmentSubnet(stack).default_outbound_access_enabled; }),
  mutation('a service endpoint', 'service-endpoint-route', (stack) => { segmentSubnet(stack).service_endpoints = ['Microsoft.Storage']; }),
  mutation('a NAT gateway on a segment', 'nat-for-all-subnets', (stack) => {
    add(stack, 'azurerm_subnet_nat_gateway_association', { subnet_id: subnetId(stack, segmentSubnet(stack)), nat_gateway_id: 'somewhere' });
  }),
  mutation('a public address on an interface', 'public-address-on-workload', (stack) => {
    add(stack, 'azurerm_network_interface', { ip_configuration: [{ subnet_id: subnetId(stack, segmentSubnet(stack)), public_ip_address_id: 'somewhere' }] });
  }),
  mutation('an IPv6 prefix on a subnet', 'ipv6-egress-open', (stack) => { segmentSubnet(stack).address_prefixes.push('fd00::/64'); }),
  mutation('an IPv6 prefix on the network', 'ipv6-egress-open', (stack) => { spoke(stack).address_space.push('fd00::/48'); }),
  mutation('network policies off on the endpoint subnet', 'endpoint-network-policies-off', (stack) => { endpointSubnet(stack).private_endpoint_network_policies = 'Disabled'; }),
];

const NETWORKS: readonly Mutation[] = [
  mutation("names resolved by Azure and not by the firewall", 'dns-bypasses-firewall', (stack) => { spoke(stack).dns_servers = []; }),
  mutation('names resolved by somebody else', 'dns-bypasses-firewall', (stack) => { spoke(stack).dns_servers.push('8.8.8.8'); }),
  mutation('the spoke without its peering', 'peering-missing', (stack) => remove(stack, 'azurerm_virtual_network_peering', ({ name }) => name.endsWith('-to-hub'))),
  mutation('the hub without its peering', 'peering-missing', (stack) => remove(stack, 'azurerm_virtual_network_peering', ({ name }) => name.endsWith('-to-spoke'))),
  mutation("a gateway's routes taken over a peering", 'peering-gateway-transit', (stack) => { pick(stack, 'azurerm_virtual_network_peering').use_remote_gateways = true; }),
  mutation('a peering with a network of somebody else', 'foreign-peering', (stack) => {
    pick(stack, 'azurerm_virtual_network_peering').remote_virtual_network_id = '/subscriptions/x/resourceGroups/x/providers/Microsoft.Network/virtualNetworks/x';
  }),
];

const ENDPOINTS: readonly Mutation[] = [
  mutation('a zone that the hub does not see', 'endpoint-dns-not-linked-to-hub', (stack) => remove(stack, 'azurerm_private_dns_zone_virtual_network_link', ({ name }) => name.endsWith('-hub'))),
  mutation('an endpoint without its name', 'endpoint-private-dns-off', (stack) => { delete pick(stack, 'azurerm_private_endpoint').private_dns_zone_group; }),
  mutation('a zone of Azure Monitor left out', 'endpoint-private-dns-off', (stack) => {
    pick(stack, 'azurerm_private_endpoint', ({ name }) => name.endsWith('-logs-scope')).private_dns_zone_group.private_dns_zone_ids.pop();
  }),
  mutation('a monitor scope that takes any workspace', 'endpoint-policy-full-access', (stack) => { pick(stack, 'azurerm_monitor_private_link_scope').ingestion_access_mode = 'Open'; }),
  mutation('the log archive open to the internet', 'storage-public-access', (stack) => { pick(stack, 'azurerm_storage_account').public_network_access_enabled = true; }),
  mutation('the log archive without its deny', 'storage-public-access', (stack) => { pick(stack, 'azurerm_storage_account').network_rules.default_action = 'Allow'; }),
  mutation('anonymous blobs', 'storage-public-access', (stack) => { delete pick(stack, 'azurerm_storage_account').allow_nested_items_to_be_public; }),
  mutation('users of the log archive whom no directory knows', 'storage-local-users', (stack) => { delete pick(stack, 'azurerm_storage_account').local_user_enabled; }, RECORDS),
  mutation('records that are gone once deleted', 'log-records-deletable', (stack) => { delete pick(stack, 'azurerm_storage_account').blob_properties.delete_retention_policy; }),
  mutation('containers of records that are gone once deleted', 'log-records-deletable', (stack) => { delete pick(stack, 'azurerm_storage_account').blob_properties.container_delete_retention_policy; }),
  mutation('the log archive encrypted once', 'storage-encrypted-once', (stack) => { pick(stack, 'azurerm_storage_account').infrastructure_encryption_enabled = false; }, RECORDS),
  mutation('old TLS on the log archive', 'storage-transport-weak', (stack) => { pick(stack, 'azurerm_storage_account').min_tls_version = 'TLS1_0'; }),
  mutation('the workspace open to the internet', 'workspace-public-access', (stack) => { delete pick(stack, 'azurerm_log_analytics_workspace').internet_ingestion_enabled; }),
];

const LOGS: readonly Mutation[] = [
  mutation('no flow log of the spoke', 'flow-logs-missing', (stack) => remove(stack, 'azurerm_network_watcher_flow_log', ({ name }) => name.includes('-spoke'))),
  mutation('no flow log of the hub', 'flow-logs-missing', (stack) => remove(stack, 'azurerm_network_watcher_flow_log', ({ name }) => name.includes('-hub'))),
  mutation('a flow log that is off', 'flow-logs-missing', (stack) => { pick(stack, 'azurerm_network_watcher_flow_log').enabled = false; }),
  mutation('a flow log without traffic analytics', 'flow-logs-missing', (stack) => { delete pick(stack, 'azurerm_network_watcher_flow_log').traffic_analytics; }),
  mutation('flow logs kept for a week', 'log-retention-short', (stack) => { pick(stack, 'azurerm_network_watcher_flow_log').retention_policy.days = 7; }),
  mutation('a workspace with the default retention', 'log-retention-short', (stack) => { delete pick(stack, 'azurerm_log_analytics_workspace').retention_in_days; }),
  mutation('no firewall logs', 'firewall-logs-missing', (stack) => remove(stack, 'azurerm_monitor_diagnostic_setting', ofFirewall)),
  mutation('firewall logs in the shared table', 'firewall-logs-missing', (stack) => { delete pick(stack, 'azurerm_monitor_diagnostic_setting', ofFirewall).log_analytics_destination_type; }),
  mutation('rules of a segment that nothing counts', 'group-counters-missing', (stack) => remove(stack, 'azurerm_monitor_diagnostic_setting', ({ target_resource_id }) => target_resource_id.includes('segment-ledger'))),
  mutation('no log of application rules', 'firewall-logs-missing', (stack) => {
    const setting = pick(stack, 'azurerm_monitor_diagnostic_setting', ofFirewall);
    setting.enabled_log = setting.enabled_log.filter(({ category }: Config) => category !== 'AZFWApplicationRule');
  }),
  mutation('the firewall without its lock', 'protection-off', (stack) => remove(stack, 'azurerm_management_lock', ({ scope }) => scope.includes('azurerm_firewall.'))),
  mutation('the log archive without its lock', 'protection-off', (stack) => remove(stack, 'azurerm_management_lock', ({ scope }) => scope.includes('azurerm_storage_account.'))),
  mutation('any subscription', 'subscription-not-pinned', (stack) => { delete stack.provider!.azurerm![0].subscription_id; }),
];

export const mutations: readonly Mutation[] = [...NSG_MUTATIONS, ...ROUTES, ...SUBNETS, ...NETWORKS, ...FIREWALL_MUTATIONS, ...ENDPOINTS, ...LOGS];
