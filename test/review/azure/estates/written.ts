/** An estate in Terraform's JSON syntax. */
import { ADDRESSES, INTERFACES, MACHINES, NETWORK_OF, NETWORKS, PAIRS, RANGES, RELAY, SUBNETS, type Estate, type FirewallRule, type Half, type InterfaceName, type NetworkName, type Manager, type Rule, type Table } from './estate';

type Values = Record<string, unknown>;
export type Resources = Record<string, Record<string, Values>>;

const ref = (type: string, name: string, attribute = 'id'): string => `\${${type}.${name}.${attribute}}`;
const at = { resource_group_name: 'rg', location: 'westeurope' };

export function asStack(estate: Estate): { readonly provider: object; readonly resource: Resources } {
  const resource: Resources = {};
  const add = (type: string, name: string, values: Values) => { (resource[type] ??= {})[name] = { name, ...at, ...values }; };
  const versions = estate.dual ? [0, 1] as const : [0] as const;
  for (const network of NETWORKS) add('azurerm_virtual_network', network, { address_space: versions.map((at4) => RANGES[network][at4]) });
  addPeerings(estate, add);
  for (const name of INTERFACES) addInterface(estate, name, add);
  for (const [name, all] of Object.entries(MACHINES)) add('azurerm_linux_virtual_machine', name, { size: 'Standard_B1s', network_interface_ids: all.map((each) => ref('azurerm_network_interface', each)) });
  addFirewall(estate, add);
  addBalancer(estate, add);
  addGateway(estate, add);
  if (estate.relay) addRelay(add);
  if (estate.manager) addManager(estate.manager, add);
  return { provider: { azurerm: [{ features: {}, subscription_id: '00000000-0000-0000-0000-000000000000' }] }, resource };
}

type Add = (type: string, name: string, values: Values) => void;

function addSubnet(name: keyof typeof SUBNETS, network: NetworkName, add: Add, dual: boolean, values: Values = {}): void {
  add('azurerm_subnet', name, { virtual_network_name: ref('azurerm_virtual_network', network, 'name'), address_prefixes: SUBNETS[name].filter((prefix) => dual || !prefix!.includes(':')), ...values });
}

function addTable(name: string, table: Table | undefined, estate: Estate, add: Add): void {
  if (!table) return;
  const route = table.routes.filter(({ prefix }) => estate.dual || !prefix.includes(':')).map(({ prefix, to }) => {
    const isAddress = to in ADDRESSES;
    return { name: prefix.replace(/\W/gu, '-'), address_prefix: prefix, next_hop_type: isAddress ? 'VirtualAppliance' : to, ...(isAddress ? { next_hop_in_ip_address: ADDRESSES[to as keyof typeof ADDRESSES][prefix.includes(':') ? 1 : 0] } : {}) };
  });
  add('azurerm_route_table', name, { bgp_route_propagation_enabled: table.propagates, route });
  add('azurerm_subnet_route_table_association', name, { subnet_id: ref('azurerm_subnet', name), route_table_id: ref('azurerm_route_table', name) });
}

function addInterface(estate: Estate, name: InterfaceName, add: Add): void {
  const { table, groups, nat, defaultOutbound, storage, forwards, publicAddress, publicAddress6, pool } = estate.interfaces[name];
  addSubnet(name, NETWORK_OF[name], add, estate.dual, {
    default_outbound_access_enabled: defaultOutbound, ...(storage === 'none' ? {} : { service_endpoints: ['Microsoft.Storage'] }),
    ...(storage === 'listed accounts' ? { service_endpoint_policy_ids: [ref('azurerm_subnet_service_endpoint_storage_policy', 'listed')] } : {}),
  });
  if (storage === 'listed accounts') add('azurerm_subnet_service_endpoint_storage_policy', 'listed', { definition: [{ name: 'own', service: 'Microsoft.Storage', service_resources: ['/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/own'] }] });
  addTable(name, table, estate, add);
  for (const [index, rules] of groups.entries()) {
    if (!rules) continue;
    const group = `${name}-${index === 0 ? 'subnet' : 'own'}`;
    add('azurerm_network_security_group', group, { security_rule: rules.map(ruleOf) });
    if (index === 0) add('azurerm_subnet_network_security_group_association', name, { subnet_id: ref('azurerm_subnet', name), network_security_group_id: ref('azurerm_network_security_group', group) });
    else add('azurerm_network_interface_security_group_association', name, { network_interface_id: ref('azurerm_network_interface', name), network_security_group_id: ref('azurerm_network_security_group', group) });
  }
  if (nat) addNat(name, add);
  const configuration = (version: 0 | 1, isPublic: boolean): Values => ({
    name: `v${version}`, primary: version === 0, private_ip_address_version: version === 0 ? 'IPv4' : 'IPv6', private_ip_address_allocation: 'Static', private_ip_address: ADDRESSES[name][version], subnet_id: ref('azurerm_subnet', name),
    ...(isPublic ? { public_ip_address_id: ref('azurerm_public_ip', `${name}-${version}`) } : {}),
  });
  if (publicAddress) add('azurerm_public_ip', `${name}-0`, { sku: 'Standard', allocation_method: 'Static' });
  if (publicAddress6 && estate.dual) add('azurerm_public_ip', `${name}-1`, { sku: 'Standard', allocation_method: 'Static', ip_version: 'IPv6' });
  add('azurerm_network_interface', name, { ip_forwarding_enabled: forwards, ip_configuration: [configuration(0, publicAddress), ...(estate.dual ? [configuration(1, publicAddress6)] : [])] });
  if (pool === 'none') return;
  const lb = `public-${name}`;
  add('azurerm_public_ip', lb, { sku: 'Standard', allocation_method: 'Static' });
  add('azurerm_lb', lb, { sku: 'Standard', frontend_ip_configuration: [{ name: 'front', public_ip_address_id: ref('azurerm_public_ip', lb) }] });
  add('azurerm_lb_backend_address_pool', lb, { loadbalancer_id: ref('azurerm_lb', lb) });
  const both = { loadbalancer_id: ref('azurerm_lb', lb), backend_address_pool_ids: [ref('azurerm_lb_backend_address_pool', lb)] };
  if (pool === 'outbound rule') add('azurerm_lb_outbound_rule', lb, { loadbalancer_id: both.loadbalancer_id, backend_address_pool_id: ref('azurerm_lb_backend_address_pool', lb), protocol: 'All', frontend_ip_configuration: [{ name: 'front' }] });
  else add('azurerm_lb_rule', lb, { ...both, protocol: 'Tcp', frontend_port: 443, backend_port: 443, frontend_ip_configuration_name: 'front', disable_outbound_snat: pool !== 'rule' });
  add('azurerm_network_interface_backend_address_pool_association', lb, { network_interface_id: ref('azurerm_network_interface', name), ip_configuration_name: 'v0', backend_address_pool_id: ref('azurerm_lb_backend_address_pool', lb) });
}

function addNat(subnet: string, add: Add): void {
  add('azurerm_nat_gateway', subnet, { sku_name: 'Standard' });
  add('azurerm_public_ip', `nat-${subnet}`, { sku: 'Standard', allocation_method: 'Static' });
  add('azurerm_nat_gateway_public_ip_association', subnet, { nat_gateway_id: ref('azurerm_nat_gateway', subnet), public_ip_address_id: ref('azurerm_public_ip', `nat-${subnet}`) });
  add('azurerm_subnet_nat_gateway_association', subnet, { subnet_id: ref('azurerm_subnet', subnet), nat_gateway_id: ref('azurerm_nat_gateway', subnet) });
}

function ruleOf({ direction, priority, access, protocol, source, destination, ports }: Rule): Values {
  return { name: `${direction}-${priority}`, priority, direction, access, protocol, source_port_range: '*', source_address_prefix: source, destination_port_range: ports, destination_address_prefix: destination };
}

function addPeerings({ peerings }: Estate, add: Add): void {
  const machinesOf = (network: NetworkName) => INTERFACES.filter((name) => NETWORK_OF[name] === network);
  const one = (own: NetworkName, other: NetworkName, half: Half | undefined) => {
    if (!half) return;
    add('azurerm_virtual_network_peering', `${own}-${other}`, {
      virtual_network_name: ref('azurerm_virtual_network', own, 'name'), remote_virtual_network_id: ref('azurerm_virtual_network', other), allow_virtual_network_access: half.access, allow_forwarded_traffic: half.forwarded,
      allow_gateway_transit: half.transit, use_remote_gateways: half.remoteGateways, ...(half.subnetsAlone ? { peer_complete_virtual_networks_enabled: false, local_subnet_names: machinesOf(own), remote_subnet_names: machinesOf(other) } : {}),
    });
  };
  for (const pair of PAIRS) {
    const [own, other] = pair.split('-') as [NetworkName, NetworkName];
    one(own, other, peerings[pair][0]);
    one(other, own, peerings[pair][1]);
  }
}

function addFirewall(estate: Estate, add: Add): void {
  const { publicAddress, nat, managed, table, rules } = estate.firewall;
  addSubnet('firewall', 'hub', add, estate.dual, { name: 'AzureFirewallSubnet' });
  addTable('firewall', table, estate, add);
  if (nat) addNat('firewall', add);
  for (const name of ['firewall', 'management']) add('azurerm_public_ip', name, { sku: 'Standard', allocation_method: 'Static' });
  if (managed) addSubnet('management', 'hub', add, estate.dual, { name: 'AzureFirewallManagementSubnet' });
  add('azurerm_firewall_policy', 'parent', {});
  add('azurerm_firewall_policy', 'own', { base_policy_id: ref('azurerm_firewall_policy', 'parent') });
  for (const isParent of [true, false]) {
    for (const priority of [100, 200] as const) {
      const own = rules.filter((rule) => rule.isParent === isParent && rule.group === priority);
      if (own.length > 0) add('azurerm_firewall_policy_rule_collection_group', `${isParent ? 'parent' : 'own'}-${priority}`, { priority, firewall_policy_id: ref('azurerm_firewall_policy', isParent ? 'parent' : 'own'), ...collectionsOf(own) });
    }
  }
  add('azurerm_firewall', 'main', {
    sku_name: 'AZFW_VNet', sku_tier: 'Standard', firewall_policy_id: ref('azurerm_firewall_policy', 'own'),
    ip_configuration: [{ name: 'a', subnet_id: ref('azurerm_subnet', 'firewall'), private_ip_address: ADDRESSES.firewall[0], ...(publicAddress ? { public_ip_address_id: ref('azurerm_public_ip', 'firewall') } : {}) }],
    ...(managed ? { management_ip_configuration: [{ name: 'm', subnet_id: ref('azurerm_subnet', 'management'), public_ip_address_id: ref('azurerm_public_ip', 'management') }] } : {}),
  });
}

function collectionsOf(rules: readonly FirewallRule[]): Values {
  const of = (layer: FirewallRule['layer']) => rules.filter((each) => each.layer === layer).map(({ priority, access, source, destination, port }) => ({
    name: `${layer}-${priority}`, priority, action: access,
    rule: [{ name: 'rule', source_addresses: [source], ...(layer === 'network' ? { destination_addresses: [destination], destination_ports: [String(port)], protocols: ['TCP'] } : { destination_fqdns: [destination], protocols: [{ type: 'Https', port }] }) }],
  }));
  return Object.fromEntries((['network', 'application'] as const).map((layer) => [`${layer}_rule_collection`, of(layer)]).filter(([, all]) => all!.length > 0));
}

function addBalancer({ balancer }: Estate, add: Add): void {
  add('azurerm_lb', 'inside', { sku: 'Standard', frontend_ip_configuration: [{ name: 'front', subnet_id: ref('azurerm_subnet', 'trust'), private_ip_address: ADDRESSES.balancer[0], private_ip_address_allocation: 'Static' }] });
  add('azurerm_lb_backend_address_pool', 'inside', { loadbalancer_id: ref('azurerm_lb', 'inside') });
  add('azurerm_lb_rule', 'inside', {
    loadbalancer_id: ref('azurerm_lb', 'inside'), frontend_ip_configuration_name: 'front', backend_address_pool_ids: [ref('azurerm_lb_backend_address_pool', 'inside')],
    ...(balancer === 'all ports' ? { protocol: 'All', frontend_port: 0, backend_port: 0 } : { protocol: 'Tcp', frontend_port: 443, backend_port: 443 }),
  });
  add('azurerm_network_interface_backend_address_pool_association', 'inside', { network_interface_id: ref('azurerm_network_interface', 'trust'), ip_configuration_name: 'v0', backend_address_pool_id: ref('azurerm_lb_backend_address_pool', 'inside') });
}

function addRelay(add: Add): void {
  addSubnet('relay', 'other', add, false, { default_outbound_access_enabled: false });
  add('azurerm_application_gateway', 'relay', {
    frontend_ip_configuration: [{ name: 'f', subnet_id: ref('azurerm_subnet', 'relay'), private_ip_address: RELAY.address }], frontend_port: [{ name: 'p', port: RELAY.port }], backend_address_pool: [{ name: 'b', fqdns: [RELAY.host] }],
    http_listener: [{ name: 'l', frontend_ip_configuration_name: 'f', frontend_port_name: 'p' }], request_routing_rule: [{ name: 'r', http_listener_name: 'l', backend_address_pool_name: 'b' }],
  });
}

function addGateway({ gateway, dual }: Estate, add: Add): void {
  if (gateway === 'none') return;
  add('azurerm_public_ip', 'gateway', { sku: 'Standard', allocation_method: 'Static' });
  if (gateway === 'route server') {
    add('azurerm_subnet', 'routes', { name: 'RouteServerSubnet', virtual_network_name: ref('azurerm_virtual_network', 'hub', 'name'), address_prefixes: ['10.2.0.192/27'] });
    add('azurerm_route_server', 'main', { sku: 'Standard', subnet_id: ref('azurerm_subnet', 'routes'), public_ip_address_id: ref('azurerm_public_ip', 'gateway') });
    add('azurerm_route_server_bgp_connection', 'main', { route_server_id: ref('azurerm_route_server', 'main'), peer_asn: 65501, peer_ip: ADDRESSES.trust[0] });
    return;
  }
  addSubnet('gateway', 'hub', add, dual, { name: 'GatewaySubnet' });
  const isTunnel = gateway !== 'express route';
  const learns = gateway === 'vpn that learns';
  add('azurerm_virtual_network_gateway', 'main', { type: isTunnel ? 'Vpn' : 'ExpressRoute', sku: isTunnel ? 'VpnGw1' : 'Standard', ...(isTunnel ? { vpn_type: 'RouteBased', bgp_enabled: learns } : {}), ip_configuration: [{ name: 'a', subnet_id: ref('azurerm_subnet', 'gateway'), public_ip_address_id: ref('azurerm_public_ip', 'gateway') }] });
  if (isTunnel) add('azurerm_local_network_gateway', 'main', { gateway_address: '203.0.113.1', ...(learns ? { bgp_settings: [{ asn: 65010, bgp_peering_address: '192.168.0.1' }] } : { address_space: gateway }) });
  add('azurerm_virtual_network_gateway_connection', 'main', { virtual_network_gateway_id: ref('azurerm_virtual_network_gateway', 'main'), ...(isTunnel ? { type: 'IPsec', bgp_enabled: learns, local_network_gateway_id: ref('azurerm_local_network_gateway', 'main') } : { type: 'ExpressRoute', express_route_circuit_id: '/subscriptions/x/circuits/c' }) });
}

function addManager({ members, rules, routes, joins, usesGateway, deployed }: Manager, add: Add): void {
  const own = (kind: string, name: string) => ref(`azurerm_network_manager_${kind}`, name);
  const group = own('network_group', 'main');
  const side = (prefix: string) => (prefix === '*' ? {} : { address_prefix_type: /^[A-Z]/u.test(prefix) ? 'ServiceTag' : 'IPPrefix', address_prefix: prefix });
  const deploy = (access: keyof Manager['deployed'], configuration: string) => {
    if (deployed[access] !== 'nowhere') add('azurerm_network_manager_deployment', access, { network_manager_id: '${azurerm_network_manager.main.id}', location: deployed[access] === 'here' ? at.location : 'northeurope', scope_access: access, configuration_ids: [configuration] });
  };
  add('azurerm_network_manager', 'main', { scope: [{ subscription_ids: ['/subscriptions/x'] }] });
  add('azurerm_network_manager_network_group', 'main', { network_manager_id: '${azurerm_network_manager.main.id}' });
  for (const network of members) add('azurerm_network_manager_static_member', network, { network_group_id: group, target_virtual_network_id: ref('azurerm_virtual_network', network) });
  if (rules.length > 0) {
    add('azurerm_network_manager_security_admin_configuration', 'main', { network_manager_id: '${azurerm_network_manager.main.id}' });
    add('azurerm_network_manager_admin_rule_collection', 'main', { security_admin_configuration_id: own('security_admin_configuration', 'main'), network_group_ids: [group] });
    for (const { direction, priority, access, protocol, source, destination, ports } of rules) {
      add('azurerm_network_manager_admin_rule', `r${priority}`, {
        admin_rule_collection_id: own('admin_rule_collection', 'main'), action: access, direction, priority, protocol, ...(ports === undefined ? {} : { destination_port_ranges: [ports] }),
        ...(source === '*' ? {} : { source: [side(source)] }), ...(destination === '*' ? {} : { destination: [side(destination)] }),
      });
    }
    deploy('SecurityAdmin', own('security_admin_configuration', 'main'));
  }
  if (joins !== 'nothing') {
    add('azurerm_network_manager_connectivity_configuration', 'main', {
      network_manager_id: '${azurerm_network_manager.main.id}', connectivity_topology: joins === 'all' ? 'Mesh' : 'HubAndSpoke', applies_to_group: [{ group_connectivity: joins === 'spokes' ? 'None' : 'DirectlyConnected', network_group_id: group, use_hub_gateway: usesGateway }],
      ...(joins === 'all' ? {} : { hub: [{ resource_id: ref('azurerm_virtual_network', 'hub'), resource_type: 'Microsoft.Network/virtualNetworks' }] }),
    });
    deploy('Connectivity', own('connectivity_configuration', 'main'));
  }
  if (routes.length > 0) {
    add('azurerm_network_manager_routing_configuration', 'main', { network_manager_id: '${azurerm_network_manager.main.id}' });
    add('azurerm_network_manager_routing_rule_collection', 'main', { routing_configuration_id: own('routing_configuration', 'main'), network_group_ids: [group] });
    for (const { prefix, to } of routes) {
      const isAddress = to in ADDRESSES;
      add('azurerm_network_manager_routing_rule', prefix.replace(/\W/gu, '-'), { rule_collection_id: own('routing_rule_collection', 'main'), destination: [{ type: 'AddressPrefix', address: prefix }], next_hop: [{ type: isAddress ? 'VirtualAppliance' : to === 'None' ? 'NoNextHop' : to, ...(isAddress ? { address: ADDRESSES[to as keyof typeof ADDRESSES][0] } : {}) }] });
    }
    deploy('Routing', own('routing_configuration', 'main'));
  }
}
