/** Networks that a Virtual Network Manager or a virtual WAN joins: what they learn, and whom they may call. */
import { review } from './reviewed';
import { finalDenies, guardedNetwork, hosts, merge, networkRule, openNetwork, route, rule, subnet, withoutStorage, type Blocks } from './small-stack';

const APP = 'azurerm_subnet.app';
const NETWORK = '${azurerm_virtual_network.main.id}';
const configuration = (more: object = {}, group: object = {}): Blocks => ({
  azurerm_network_manager_network_group: { g: { name: 'g' } },
  azurerm_network_manager_static_member: { m: { network_group_id: '${azurerm_network_manager_network_group.g.id}', target_virtual_network_id: NETWORK } },
  azurerm_network_manager_connectivity_configuration: {
    c: {
      connectivity_topology: 'HubAndSpoke', hub: [{ resource_id: '${azurerm_virtual_network.hub.id}', resource_type: 'Microsoft.Network/virtualNetworks' }],
      applies_to_group: [{ group_connectivity: 'None', network_group_id: '${azurerm_network_manager_network_group.g.id}', ...group }], ...more,
    },
  },
});
const DEPLOYED: Blocks = { azurerm_network_manager_deployment: { d: { scope_access: 'Connectivity', configuration_ids: ['${azurerm_network_manager_connectivity_configuration.c.id}'] } } };

describe('the gateway of a hub that a network manager joins', () => {
  const HUB: Blocks = {
    azurerm_virtual_network: { hub: { name: 'hub', address_space: ['10.9.0.0/16'] } }, azurerm_subnet: { gateway: { ...subnet('10.9.0.0/24', 'hub'), name: 'GatewaySubnet' } },
    azurerm_virtual_network_gateway: { g: { type: 'ExpressRoute', ip_configuration: { subnet_id: '${azurerm_subnet.gateway.id}' } } },
    azurerm_route_table: { app: { name: 'app', route: [] } }, azurerm_network_interface: { n: { ip_configuration: { subnet_id: '${azurerm_subnet.app.id}' } } },
    ...withoutStorage('n'),
  };
  const told = (...blocks: readonly Blocks[]) => {
    const { kind, findings } = review(openNetwork(blocks.reduce(merge, HUB)));
    return [kind('azurerm_network_interface.n'), ...findings.filter(({ rule: id }) => ['peering-gateway-transit', 'foreign-peering'].includes(id)).map(({ address, message }) => `${address}: ${message}`)];
  };
  const SHARED = 'azurerm_network_manager_connectivity_configuration.c: use_hub_gateway is true';

  test.each<[string, readonly (string | undefined)[], readonly Blocks[]]>([
    ['not joined', ['none'], []],
    ['its gateway', ['unknown', SHARED], [configuration({}, { use_hub_gateway: true })]],
    ['its gateway, deployed', ['unknown', SHARED], [configuration({}, { use_hub_gateway: true }), DEPLOYED]],
    ['not its gateway', ['none'], [configuration({}, { use_hub_gateway: false }), DEPLOYED]],
    ['nobody knows', ['unknown', SHARED], [configuration({}, { use_hub_gateway: '${var.gateway}' })]],
    ['a group that policies fill', ['unknown', SHARED], [configuration({}, { use_hub_gateway: true }), { azurerm_network_manager_static_member: { m: { network_group_id: '${azurerm_network_manager_network_group.g.id}', target_virtual_network_id: '${azurerm_virtual_network.third.id}' } }, azurerm_virtual_network: { third: { name: 'third', address_space: ['10.7.0.0/16'] } }, azurerm_policy_definition: { p: { policy_rule: '{"effect":"addToNetworkGroup","details":{"networkGroupId":"${azurerm_network_manager_network_group.g.id}"}}' } } }]],
    ['a hub of another plan', ['unknown', SHARED, 'azurerm_network_manager_connectivity_configuration.c: resource_id of the hub /subscriptions/x/virtualNetworks/y names no network of this plan'], [configuration({ hub: [{ resource_id: '/subscriptions/x/virtualNetworks/y' }] }, { use_hub_gateway: true })]],
  ])('%s: %j', (_, expected, blocks) => expect(told(...blocks).sort()).toEqual([...expected].sort()));
});

describe('a proxy of a firewall', () => {
  const HUB: Blocks = {
    azurerm_virtual_network: { hub: { name: 'hub', address_space: ['10.9.0.0/16'] } }, azurerm_subnet: { firewall: { ...subnet('10.9.0.0/26', 'hub'), name: 'AzureFirewallSubnet' } },
    azurerm_firewall_policy: { main: { name: 'main', explicit_proxy: { enabled: true, http_port: 8080, https_port: 8443 } } }, azurerm_route_table: { app: { name: 'app', route: [route('0.0.0.0/0', 'None')] } },
    azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ destination_address_prefix: '10.9.0.0/26', destination_port_range: '8443' }), ...finalDenies()] } },
  };
  const kind = (...blocks: readonly Blocks[]) => review(guardedNetwork({ application_rule_collection: [hosts('Allow', ['a.example.com'])] }, blocks.reduce(merge, HUB))).kind(APP);
  const BOTH: Blocks = { azurerm_network_manager_static_member: { h: { network_group_id: '${azurerm_network_manager_network_group.g.id}', target_virtual_network_id: '${azurerm_virtual_network.hub.id}' } } };

  test('is asked from networks that a network manager joins with its own', () => {
    expect([kind(), kind(configuration()), kind(configuration({ connectivity_topology: 'Mesh', hub: [] })), kind(configuration({ connectivity_topology: 'Mesh', hub: [] }), BOTH), kind(configuration({ hub: [] }, { group_connectivity: 'DirectlyConnected' }), BOTH)])
      .toEqual(['none', 'allowlisted', 'none', 'allowlisted', 'allowlisted']);
  });
});

test('networks that a network manager joins with one another go past the firewall', () => {
  const more: Blocks = {
    azurerm_virtual_network: { a: { name: 'a', address_space: ['10.2.0.0/16'] }, b: { name: 'b', address_space: ['10.3.0.0/16'] } },
    azurerm_network_manager_static_member: Object.fromEntries(['a', 'b'].map((name) => [name, { network_group_id: '${azurerm_network_manager_network_group.g.id}', target_virtual_network_id: `\${azurerm_virtual_network.${name}.id}` }])),
  };
  const joined = review(guardedNetwork({ network_rule_collection: [networkRule({})] }, [configuration({ connectivity_topology: 'Mesh', hub: [] }), DEPLOYED, more].reduce(merge))).findings.filter(({ rule: id }) => id === 'peering-skips-inspection');
  // The hub itself is joined as a spoke is.
  expect(joined.map(({ message }) => message)).toEqual(['azurerm_virtual_network.a and azurerm_virtual_network.b are joined past the firewall', 'azurerm_virtual_network.b and azurerm_virtual_network.a are joined past the firewall']);
});

test('a peering whose access is off goes past the firewall for rules that name addresses', () => {
  const more: Blocks = {
    azurerm_virtual_network: { a: { name: 'a', address_space: ['10.2.0.0/16'] }, b: { name: 'b', address_space: ['10.3.0.0/16'] } },
    azurerm_virtual_network_peering: { ab: { name: 'ab', virtual_network_name: '${azurerm_virtual_network.a.name}', remote_virtual_network_id: '${azurerm_virtual_network.b.id}', allow_virtual_network_access: false } },
  };
  expect(review(guardedNetwork({ network_rule_collection: [networkRule({})] }, more)).findings.filter(({ rule: id }) => id === 'peering-skips-inspection').map(({ address, severity }) => `${address} ${severity}`)).toEqual(['azurerm_virtual_network_peering.ab low']);
});

describe('what other places announce to a virtual WAN', () => {
  const WAN: Blocks = {
    azurerm_virtual_wan: { w: { name: 'w' } }, azurerm_virtual_hub: { h: { name: 'h', virtual_wan_id: '${azurerm_virtual_wan.w.id}' }, other: { name: 'other', virtual_wan_id: '${azurerm_virtual_wan.w.id}' } },
    azurerm_firewall_policy: { p: { name: 'p' } }, azurerm_firewall: { f: { name: 'f', firewall_policy_id: '${azurerm_firewall_policy.p.id}', virtual_hub: { virtual_hub_id: '${azurerm_virtual_hub.h.id}' } } },
    azurerm_firewall_policy_rule_collection_group: { g: { name: 'g', priority: 100, firewall_policy_id: '${azurerm_firewall_policy.p.id}', application_rule_collection: [hosts('Allow', ['a.example.com'])] } },
    azurerm_virtual_hub_connection: { c: { virtual_hub_id: '${azurerm_virtual_hub.h.id}', remote_virtual_network_id: NETWORK, internet_security_enabled: true } },
    azurerm_route_table: { app: { name: 'app', route: [] } },
  };
  const policy = (name: string) => ({ name, destinations: [name], next_hop: '${azurerm_firewall.f.id}' });
  const kind = (policies: readonly object[], branch: string | undefined) => review(openNetwork(merge(merge(WAN, { azurerm_virtual_hub_routing_intent: { i: { virtual_hub_id: '${azurerm_virtual_hub.h.id}', routing_policy: policies } } }), branch === undefined ? {} : { azurerm_express_route_gateway: { e: { virtual_hub_id: branch } } }))).kind(APP);
  const INTERNET = [policy('Internet')];

  test.each<[string, string, readonly object[], string | undefined]>([
    ['no branch', 'allowlisted', INTERNET, undefined],
    ['a branch of the hub, and an intent for the internet alone', 'unknown', INTERNET, '${azurerm_virtual_hub.h.id}'],
    ['a branch of another hub of the WAN', 'unknown', INTERNET, '${azurerm_virtual_hub.other.id}'],
    ['a branch of another hub, and an intent for private traffic, too', 'allowlisted', [...INTERNET, policy('PrivateTraffic')], '${azurerm_virtual_hub.other.id}'],
  ])('%s: %s', (_, expected, policies, branch) => expect(kind(policies, branch)).toBe(expected));
});

test('a route that is written in a hub itself leads on to who knows whom', () => {
  const hub = (route: readonly object[]) => review(openNetwork({
    ...withoutStorage('n'), azurerm_virtual_hub: { h: { name: 'h', route } }, azurerm_route_table: { app: { name: 'app', route: [] } }, azurerm_network_interface: { n: { ip_configuration: { subnet_id: '${azurerm_subnet.app.id}' } } },
    azurerm_virtual_hub_connection: { c: { virtual_hub_id: '${azurerm_virtual_hub.h.id}', remote_virtual_network_id: NETWORK, internet_security_enabled: false } },
  })).kind('azurerm_network_interface.n');
  expect([hub([]), hub([{ address_prefixes: ['20.0.0.0/8'], next_hop_ip_address: '10.9.9.9' }])]).toEqual(['none', 'unknown']);
});

describe('routes that a connection to a virtual WAN hands on', () => {
  const wan = (routes: readonly object[], { destinations = ['Internet'], ...more }: { readonly destinations?: readonly string[] } & Record<string, any> = {}): Blocks => merge({
    azurerm_virtual_wan: { w: { name: 'w' } }, azurerm_virtual_hub: { h: { name: 'h', virtual_wan_id: '${azurerm_virtual_wan.w.id}' }, far: { name: 'far', virtual_wan_id: '${azurerm_virtual_wan.w.id}' }, alone: { name: 'alone' } },
    azurerm_firewall_policy: { p: { name: 'p' } }, azurerm_firewall_policy_rule_collection_group: { g: { name: 'g', firewall_policy_id: '${azurerm_firewall_policy.p.id}', priority: 100, application_rule_collection: [hosts('Allow', ['a.example.com'])] } },
    azurerm_firewall: { f: { name: 'f', firewall_policy_id: '${azurerm_firewall_policy.p.id}', virtual_hub: { virtual_hub_id: '${azurerm_virtual_hub.h.id}' } } },
    azurerm_route_table: { app: { name: 'app', route: [] } },
    azurerm_virtual_hub_routing_intent: { i: { virtual_hub_id: '${azurerm_virtual_hub.h.id}', routing_policy: [{ name: 'i', destinations, next_hop: '${azurerm_firewall.f.id}' }] } },
    azurerm_virtual_network: { nva: { name: 'nva', address_space: ['10.8.0.0/16'] } },
    azurerm_virtual_hub_connection: {
      c: { virtual_hub_id: '${azurerm_virtual_hub.h.id}', remote_virtual_network_id: NETWORK, internet_security_enabled: true },
      nva: { virtual_hub_id: '${azurerm_virtual_hub.h.id}', remote_virtual_network_id: '${azurerm_virtual_network.nva.id}', routing: { static_vnet_route: routes } },
    },
  }, more);
  const elsewhere = (one: string, other: string): Blocks => ({ azurerm_virtual_hub: { h: { name: 'h', virtual_wan_id: one }, far: { name: 'far', virtual_wan_id: other } } });
  const mapped = (prefix: string): Blocks => ({ azurerm_route_map: { m: { name: 'm', virtual_hub_id: '${azurerm_virtual_hub.h.id}', rule: { name: 'r', action: { type: 'Replace', parameter: { route_prefix: [prefix] } } } } } });
  const at = (hub: string, routes: readonly object[], routing: object = {}) => ({ azurerm_virtual_hub_connection: { c: { virtual_hub_id: '${azurerm_virtual_hub.h.id}', remote_virtual_network_id: NETWORK, internet_security_enabled: true }, nva: { virtual_hub_id: `\${azurerm_virtual_hub.${hub}.id}`, remote_virtual_network_id: '${azurerm_virtual_network.nva.id}', routing: { static_vnet_route: routes, ...routing } } } });
  const to = (...prefixes: readonly string[]) => [{ name: 'r', address_prefixes: prefixes, next_hop_ip_address: '10.8.0.4' }];

  test.each<[string, string, Blocks]>([
    ['none', 'allowlisted', wan([])],
    ['a private one', 'allowlisted', wan(to('10.100.0.0/16'))],
    ['one for a part of the internet', 'unknown', wan(to('8.0.0.0/6'))],
    ['one for everything', 'unknown', wan(to('0.0.0.0/0'))],
    ['one for what is not known', 'unknown', wan([{ name: 'r', address_prefixes: '${var.prefixes}', next_hop_ip_address: '10.8.0.4' }])],
    ['one behind an intent for private traffic, too', 'allowlisted', wan(to('8.0.0.0/6'), { destinations: ['Internet', 'PrivateTraffic'] })],
    ['one that it keeps to itself', 'allowlisted', wan([], { azurerm_virtual_hub_connection: { ...at('h', []).azurerm_virtual_hub_connection, nva: { virtual_hub_id: '${azurerm_virtual_hub.h.id}', remote_virtual_network_id: '${azurerm_virtual_network.nva.id}', routing: { static_vnet_route: to('8.0.0.0/6'), static_vnet_propagate_static_routes_enabled: false } } } })],
    ['one to another hub of the virtual WAN', 'unknown', wan([], at('far', to('8.0.0.0/6')))],
    ['one to a hub of none', 'allowlisted', wan([], at('alone', to('8.0.0.0/6')))],
    ['one for everything to another hub, where it stays', 'allowlisted', wan([], at('far', to('0.0.0.0/0')))],
    ['one to a hub of the same WAN of another plan', 'unknown', wan([], merge(elsewhere('/virtualWans/w', '/virtualWans/W'), at('far', to('8.0.0.0/6'))))],
    ['one to a hub of another WAN of another plan', 'allowlisted', wan([], merge(elsewhere('/virtualWans/w', '/virtualWans/v'), at('far', to('8.0.0.0/6'))))],
    ['a private one that a route map makes wide', 'unknown', wan([], merge(mapped('0.0.0.0/1'), at('h', to('10.100.0.0/16'), { inbound_route_map_id: '${azurerm_route_map.m.id}' })))],
    ['a private one that a route map leaves private', 'allowlisted', wan([], merge(mapped('10.0.0.0/8'), at('h', to('10.100.0.0/16'), { inbound_route_map_id: '${azurerm_route_map.m.id}' })))],
    ['one for a table that nobody here has', 'allowlisted', wan([], at('h', to('8.0.0.0/6'), { propagated_route_table: { labels: ['none'] } }))],
    ['one for the tables of a label', 'unknown', wan([], at('h', to('8.0.0.0/6'), { propagated_route_table: { labels: ['Default'] } }))],
    ['one for the default table by its id', 'unknown', wan([], at('h', to('8.0.0.0/6'), { propagated_route_table: { labels: ['none'], route_table_ids: ['${azurerm_virtual_hub.h.default_route_table_id}'] } }))],
    ['one for tables that are not known', 'unknown', wan([], at('h', to('8.0.0.0/6'), { propagated_route_table: { labels: ['none'], route_table_ids: '${var.tables}' } }))],
    ['one to the firewall', 'allowlisted', wan([{ name: 'r', address_prefixes: ['8.0.0.0/6'], next_hop_ip_address: '${azurerm_firewall.f.virtual_hub[0].private_ip_address}' }])],
  ])('%s: %s', (_, expected, blocks) => expect(review(openNetwork(blocks)).kind(APP)).toBe(expected));

  test('one for what is not known may be longer than the way to the firewall that a table has', () => {
    const own = { azurerm_route_table: { app: { name: 'app', route: [route('0.0.0.0/0', 'None')] } } };
    expect([wan(to('0.0.0.0/0'), own), wan([{ name: 'r', address_prefixes: '${var.prefixes}', next_hop_ip_address: '10.8.0.4' }], own)].map((blocks) => review(openNetwork(blocks)).kind(APP))).toEqual(['none', 'unknown']);
  });
});

test('a route of the default table of a hub that exists, by its id', () => {
  const of = (hub: string): Blocks => ({
    azurerm_virtual_hub: { h: { name: 'h', id: '/subscriptions/x/virtualHubs/h' } }, azurerm_firewall_policy: { p: { name: 'p' } }, azurerm_route_table: { app: { name: 'app', route: [] } },
    azurerm_firewall_policy_rule_collection_group: { g: { name: 'g', firewall_policy_id: '${azurerm_firewall_policy.p.id}', priority: 100, application_rule_collection: [hosts('Allow', ['a.example.com'])] } },
    azurerm_firewall: { f: { name: 'f', firewall_policy_id: '${azurerm_firewall_policy.p.id}', virtual_hub: { virtual_hub_id: '${azurerm_virtual_hub.h.id}' } } },
    azurerm_virtual_hub_route_table_route: { r: { route_table_id: `/subscriptions/x/virtualHubs/${hub}/hubRouteTables/defaultRouteTable`, name: 'all', destinations_type: 'CIDR', destinations: ['0.0.0.0/0'], next_hop: '${azurerm_firewall.f.id}' } },
    azurerm_virtual_hub_connection: { c: { virtual_hub_id: '${azurerm_virtual_hub.h.id}', remote_virtual_network_id: NETWORK, internet_security_enabled: true } },
  });
  expect([review(openNetwork(of('h'))).kind(APP), review(openNetwork(of('other'))).kind(APP)]).toEqual(['allowlisted', 'unknown']);
});

test('a connection whose network is composed from its group of resources may be that of any', () => {
  const hub: Blocks = {
    azurerm_resource_group: { r: { name: 'r' } }, azurerm_virtual_hub: { h: { name: 'h' } }, azurerm_route_table: { app: { name: 'app', route: [] } }, azurerm_network_interface: { n: { ip_configuration: { subnet_id: '${azurerm_subnet.app.id}' } } },
    azurerm_virtual_hub_connection: { c: { virtual_hub_id: '${azurerm_virtual_hub.h.id}', remote_virtual_network_id: '${azurerm_resource_group.r.id}/providers/Microsoft.Network/virtualNetworks/main', internet_security_enabled: true } },
  };
  expect(review(openNetwork(hub)).kind('azurerm_network_interface.n')).toBe('unknown');
});
