/** Controls that are there or not: no evaluation, only what has to be set on every resource. */
import type { Fault, ObservationSubject } from '../observation';
import { holds, isCidr, parseBlock, PLATFORM_ADDRESS } from './addresses';
import { blocks, texts, type Resource, type StackReader } from './reader';
import { lets, ownRules, portEdges, rulesOfGroup } from './security-groups';

type Add = (id: string, where: string, detail: string) => void;

const FIREWALL_SUBNET = 'AzureFirewallSubnet';
const MANAGEMENT_SUBNET = 'AzureFirewallManagementSubnet';
const LOGS = ['AZFWApplicationRule', 'AZFWDnsQuery', 'AZFWNetworkRule', 'AZFWThreatIntel'];
/** Days. */
const SHORTEST_RETENTION = 90;

export function controlFaults(reader: StackReader, subject: ObservationSubject, firewall: Resource | undefined): readonly Fault[] {
  const faults: Fault[] = [];
  const add: Add = (id, where, detail) => faults.push({ id, where, detail });
  subnets(reader, add);
  routeTables(reader, add);
  networks(reader, firewall, add);
  publicAddresses(reader, add);
  endpointSubnets(reader, subject, add);
  endpoints(reader, firewall, add);
  logs(reader, firewall, add);
  protection(reader, add);
  return faults;
}

function subnets(reader: StackReader, add: Add): void {
  for (const subnet of reader.all('azurerm_subnet')) {
    const { address, config } = subnet;
    if (config.default_outbound_access_enabled !== false) add('default-outbound-access', address, 'Azure lends it a public address');
    const listed = texts(config.service_endpoint_policy_ids).flatMap((id) => blocks(reader.target(id)?.config.definition)).flatMap((definition) => texts(definition.service_resources));
    const limited = texts(config.service_endpoints).every((service) => service === 'Microsoft.Storage') && listed.length > 0 && listed.every((account) => /\/storageAccounts\/[^/]+$/.test(account));
    if (texts(config.service_endpoints).length > 0 && !limited) add('service-endpoint-route', address, `routes past everything to ${texts(config.service_endpoints).join(', ')}`);
    if (texts(config.address_prefixes).some((prefix) => prefix.includes(':'))) add('ipv6-egress-open', address, 'an IPv6 prefix');
    if (config.name !== FIREWALL_SUBNET && reader.referring('azurerm_subnet_nat_gateway_association', 'subnet_id', subnet).length > 0) add('nat-for-all-subnets', address, 'a NAT gateway');
    if (config.name === FIREWALL_SUBNET || config.name === MANAGEMENT_SUBNET) continue;
    if (config.private_endpoint_network_policies !== 'Enabled') add('endpoint-network-policies-off', address, 'groups and routes do not count for private endpoints');
    const attached = (type: string, attribute: string) => reader.referring(type, 'subnet_id', subnet).filter((association) => reader.target(association.config[attribute])).length === 1;
    if (!attached('azurerm_subnet_network_security_group_association', 'network_security_group_id')) add('nsg-missing', address, 'no security group');
    if (!attached('azurerm_subnet_route_table_association', 'route_table_id')) add('route-table-missing', address, "no route table: Azure's default route leads to the internet");
  }
}

function routeTables(reader: StackReader, add: Add): void {
  for (const { address, config } of reader.all('azurerm_route_table')) {
    if (config.bgp_route_propagation_enabled !== false) add('bgp-propagation-on', address, 'routes of a gateway are more specific');
    if (!blocks(config.route).some((route) => route.address_prefix === '0.0.0.0/0')) add('default-route-missing', address, "Azure's default route leads to the internet");
  }
}

function networks(reader: StackReader, firewall: Resource | undefined, add: Add): void {
  const all = reader.all('azurerm_virtual_network');
  for (const network of all) {
    const { address, config } = network;
    if (texts(config.address_space).some((prefix) => prefix.includes(':'))) add('ipv6-egress-open', address, 'an IPv6 prefix');
    const holdsFirewall = reader.referring('azurerm_subnet', 'virtual_network_name', network).some((subnet) => subnet.config.name === FIREWALL_SUBNET);
    if (firewall && !holdsFirewall) {
      const hub = reader.target(reader.target(blocks(firewall.config.ip_configuration)[0]?.subnet_id)?.config.virtual_network_name);
      const joined = (from: Resource | undefined, to: Resource | undefined) => from && to && reader.referring('azurerm_virtual_network_peering', 'virtual_network_name', from)
        .some((peering) => reader.target(peering.config.remote_virtual_network_id)?.address === to.address && peering.config.allow_virtual_network_access !== false);
      if (!joined(network, hub) || !joined(hub, network)) add('peering-missing', address, 'the network and its firewall are not joined in both directions');
      const servers = texts(config.dns_servers);
      if (servers.length === 0 || servers.some((server) => reader.target(server)?.address !== firewall.address)) add('dns-bypasses-firewall', address, `DNS servers: ${servers.join(', ') || "Azure's own"}`);
    }
  }
  for (const { address, config } of reader.all('azurerm_virtual_network_peering')) {
    const remote = reader.target(config.remote_virtual_network_id);
    if (!all.some((network) => network.address === remote?.address)) add('foreign-peering', address, 'a peering with a network that nothing here controls');
    if (config.allow_gateway_transit === true || config.use_remote_gateways === true) add('peering-gateway-transit', address, "a gateway's routes are shared");
  }
  if (!firewall) return;
  const dns = { port: 53, protocol: 'udp' as const };
  const groups = new Map(reader.all('azurerm_network_security_group').map((group) => [group.address, group]));
  for (const [where, group] of groups) {
    const denies = blocks(group.config.security_rule).some((rule) => rule.access === 'Deny' && rule.direction === 'Outbound' && rule.destination_address_prefix === 'AzurePlatformDNS'
      && rule.protocol === '*' && rule.destination_port_range === '*');
    const asks = lets(ownRules(rulesOfGroup(reader, group)), { direction: 'Outbound', source: 0, destination: PLATFORM_ADDRESS, ...dns }, []);
    const holdsWorkloads = group.config.tags?.segment !== undefined;
    if (asks || (holdsWorkloads && !denies)) add('platform-dns-open', where, "Azure's resolver answers past the firewall");
  }
}

function publicAddresses(reader: StackReader, add: Add): void {
  for (const { address, config } of reader.all('azurerm_network_interface')) {
    if (blocks(config.ip_configuration).some((each) => each.public_ip_address_id)) add('public-address-on-workload', address, 'an interface has a public address');
  }
}

function endpointSubnets(reader: StackReader, subject: ObservationSubject, add: Add): void {
  const segments = subject.segments.flatMap(({ cidrs }) => cidrs).map(parseBlock);
  const used = new Set(reader.all('azurerm_private_endpoint').map(({ config }) => reader.target(config.subnet_id)?.address));
  for (const subnet of reader.all('azurerm_subnet').filter(({ address }) => used.has(address))) {
    const group = reader.target(reader.referring('azurerm_subnet_network_security_group_association', 'subnet_id', subnet)[0]?.config.network_security_group_id);
    const rules = ownRules(rulesOfGroup(reader, group));
    for (const rule of rules.filter(({ allow }) => allow)) {
      const bySegment = rule.sources.length > 0 && rule.sources.every((source) => isCidr(source) && segments.some((segment) => holds(segment, parseBlock(source))));
      if (rule.direction === 'Outbound') add('endpoint-group-open', subnet.address, 'endpoints may open connections');
      else if (!bySegment) add('endpoint-group-open', subnet.address, `callers ${rule.sources.join(', ')}`);
      else if (rule.protocol !== 'tcp' || rule.ports.some(({ from, to }) => to > from)) add('endpoint-group-open', subnet.address, 'more ports than services have');
    }
    const closed = ['Inbound', 'Outbound'].every((direction) => portEdges(rules).every((port) =>
      rules.some((rule) => rule.direction === direction && !rule.allow && rule.protocol === '*' && rule.sources.includes('*') && rule.destinations.includes('*') && rule.ports.some(({ from, to }) => from <= port && port <= to))));
    if (!closed) add('endpoint-group-open', subnet.address, "Azure's built-in rules decide");
  }
}

function endpoints(reader: StackReader, firewall: Resource | undefined, add: Add): void {
  const hubSubnet = reader.target(blocks(firewall?.config.ip_configuration)[0]?.subnet_id);
  const resolving = hubSubnet ? reader.target(hubSubnet.config.virtual_network_name) : undefined;
  for (const zone of reader.all('azurerm_private_dns_zone')) {
    const links = reader.referring('azurerm_private_dns_zone_virtual_network_link', 'private_dns_zone_name', zone);
    const linked = links.map(({ config }) => reader.target(config.virtual_network_id)?.address);
    if (resolving ? !linked.includes(resolving.address) : linked.length === 0) add('endpoint-dns-not-linked-to-hub', zone.address, 'private names are not found where they are resolved');
  }
  for (const { address, config } of reader.all('azurerm_private_endpoint')) {
    const zones = blocks(config.private_dns_zone_group).flatMap((group) => texts(group.private_dns_zone_ids));
    const monitor = blocks(config.private_service_connection).some((connection) => texts(connection.subresource_names).includes('azuremonitor'));
    // Azure Monitor spreads over five zones; one that is missing leads to the public address.
    if (zones.length < (monitor ? 5 : 1) || zones.some((zone) => !reader.target(zone))) add('endpoint-private-dns-off', address, 'the public name is not answered with the private address');
  }
  for (const { address, config } of reader.all('azurerm_monitor_private_link_scope')) {
    if (config.ingestion_access_mode !== 'PrivateOnly' || config.query_access_mode !== 'PrivateOnly') add('endpoint-policy-full-access', address, "other people's workspaces are reachable over it");
  }
  for (const { address, config } of reader.all('azurerm_storage_account')) {
    const [rules] = blocks(config.network_rules);
    if (config.public_network_access_enabled !== false || config.allow_nested_items_to_be_public !== false || rules?.default_action !== 'Deny'
      || config.cross_tenant_replication_enabled !== false || texts(rules?.ip_rules).length > 0) add('storage-public-access', address, 'reachable from the internet');
    if (config.local_user_enabled !== false || config.default_to_oauth_authentication !== true) add('storage-local-users', address, 'users of its own, whom no directory knows');
    const [blobs] = blocks(config.blob_properties);
    if (!['delete_retention_policy', 'container_delete_retention_policy'].every((policy) => blocks(blobs?.[policy]).some(({ days }) => days >= 7))) add('log-records-deletable', address, 'what is deleted is gone at once');
    if (config.infrastructure_encryption_enabled !== true) add('storage-encrypted-once', address, 'by one key alone');
    if (config.min_tls_version !== 'TLS1_2' || config.https_traffic_only_enabled !== true) add('storage-transport-weak', address, 'old TLS or none');
  }
  for (const { address, config } of reader.all('azurerm_log_analytics_workspace')) {
    if (config.internet_ingestion_enabled !== false || config.internet_query_enabled !== false) add('workspace-public-access', address, 'reachable from the internet');
  }
}

function logs(reader: StackReader, firewall: Resource | undefined, add: Add): void {
  for (const network of reader.all('azurerm_virtual_network')) {
    const recorded = reader.referring('azurerm_network_watcher_flow_log', 'target_resource_id', network)
      .some(({ config }) => config.enabled === true && config.storage_account_id && blocks(config.traffic_analytics).some((analytics) => analytics.enabled === true && analytics.workspace_resource_id));
    if (!recorded) add('flow-logs-missing', network.address, 'its flows are not recorded and analysed');
  }
  for (const { address, config } of reader.all('azurerm_network_watcher_flow_log')) {
    const [retention] = blocks(config.retention_policy);
    if (retention?.enabled !== true || !(retention.days >= SHORTEST_RETENTION)) add('log-retention-short', address, `${retention?.days ?? 0} days`);
  }
  for (const { address, config } of reader.all('azurerm_log_analytics_workspace')) {
    if ((config.retention_in_days ?? 30) < SHORTEST_RETENTION) add('log-retention-short', address, `${config.retention_in_days ?? 30} days`);
  }
  if (!firewall) return;
  const complete = reader.referring('azurerm_monitor_diagnostic_setting', 'target_resource_id', firewall).some(({ config }) => {
    const categories = blocks(config.enabled_log).map(({ category }) => category);
    return config.log_analytics_destination_type === 'Dedicated' && reader.target(config.log_analytics_workspace_id) && LOGS.every((category) => categories.includes(category));
  });
  for (const group of reader.all('azurerm_network_security_group').filter(({ config }) => config.tags?.segment)) {
    const counted = reader.referring('azurerm_monitor_diagnostic_setting', 'target_resource_id', group)
      .some(({ config }) => blocks(config.enabled_log).some(({ category }) => category === 'NetworkSecurityGroupRuleCounter'));
    if (!counted) add('group-counters-missing', group.address, 'what its rules let through is not counted');
  }
  if (!complete) add('firewall-logs-missing', firewall.address, `${LOGS.join(', ')} in tables of their own`);
}

function protection(reader: StackReader, add: Add): void {
  for (const type of ['azurerm_firewall', 'azurerm_log_analytics_workspace', 'azurerm_storage_account']) {
    for (const resource of reader.all(type)) {
      if (!reader.referring('azurerm_management_lock', 'scope', resource).some(({ config }) => config.lock_level === 'CanNotDelete')) add('protection-off', resource.address, 'anybody with write access can delete it');
    }
  }
  for (const provider of reader.stack.provider?.azurerm ?? []) {
    if (!provider.subscription_id) add('subscription-not-pinned', 'provider.azurerm', 'whatever subscription the shell is logged in to');
  }
}
