/** What stands between a subnet and the internet and is easily overlooked: hubs, tags, balancers, managers, what Azure adds by itself. */
import { review } from './reviewed';
import { closedNetwork, finalDenies, guardedNetwork, hosts, merge, openNetwork, refusesStorage, route, rule, subnet, withoutStorage, type Blocks } from './small-stack';

const APP = 'azurerm_subnet.app';
const IN_APP = '${azurerm_subnet.app.id}';
const group = (...rules: readonly Record<string, any>[]): Blocks => ({ azurerm_network_security_group: { app: { name: 'app', security_rule: rules } } });
const DENY_SUBNET = rule({ access: 'Deny', protocol: '*', source_address_prefix: '10.0.1.0/24', destination_address_prefix: '*', destination_port_range: '*' });
const TO_NETWORK = group(rule({ protocol: '*', destination_address_prefix: 'VirtualNetwork', destination_port_range: '*' }), ...finalDenies());
const PUBLIC = '/subscriptions/x/publicIPAddresses/y';
const OUTSIDE_POOL = '/subscriptions/x/backendAddressPools/y';
const nic = (configuration: object | readonly object[], more: object = {}): Blocks => ({ azurerm_network_interface: { n: { name: 'n', ip_configuration: configuration, ...more } } });

describe('interfaces', () => {
  const kind = (more: Blocks) => review(openNetwork(merge(withoutStorage('n'), more))).kind('azurerm_network_interface.n');
  const STATIC = { subnet_id: IN_APP, private_ip_address: '10.0.1.4', public_ip_address_id: PUBLIC };

  test.each<[string, string, Blocks]>([
    ['a rule for its only address', 'none', { ...group(DENY_SUBNET), ...nic(STATIC) }],
    ['a rule for one of its addresses, where the other is not known', 'open', { ...group({ ...DENY_SUBNET, source_address_prefix: '10.0.1.4/32' }), ...nic([STATIC, { subnet_id: IN_APP, public_ip_address_id: PUBLIC }]) }],
    ['a rule for its own address, and it forwards packets of others', 'open', { ...group(DENY_SUBNET), ...nic(STATIC, { ip_forwarding_enabled: true }) }],
    ['nothing that brings an address', 'none', nic({ subnet_id: IN_APP })],
    ['a pool of a load balancer of another plan', 'unknown', { ...nic({ subnet_id: IN_APP }), azurerm_network_interface_backend_address_pool_association: { a: { network_interface_id: '${azurerm_network_interface.n.id}', backend_address_pool_id: OUTSIDE_POOL } } }],
    ['a pool whose load balancer is of another plan', 'unknown', {
      ...nic({ subnet_id: IN_APP }), azurerm_lb_backend_address_pool: { p: { name: 'p', loadbalancer_id: '/subscriptions/x/loadBalancers/y' } },
      azurerm_network_interface_backend_address_pool_association: { a: { network_interface_id: '${azurerm_network_interface.n.id}', backend_address_pool_id: '${azurerm_lb_backend_address_pool.p.id}' } },
    }],
  ])('%s: %s', (_, expected, more) => expect(kind(more)).toBe(expected));

  test('a rule for IPv4 lets no IPv6 out', () => {
    const dual = { azurerm_virtual_network: { main: { name: 'main', address_space: ['10.0.0.0/16', 'fd00::/48'] } }, azurerm_subnet: { app: { ...subnet('10.0.1.0/24'), address_prefixes: ['10.0.1.0/24', 'fd00::/64'] } }, azurerm_route_table: { app: { name: 'app', route: [] } } };
    const six = (source: string) => review(openNetwork({ ...dual, ...group(rule({ source_address_prefix: source, destination_address_prefix: 'Internet' }), ...finalDenies()), ...nic([STATIC, { subnet_id: IN_APP, private_ip_address_version: 'IPv6', public_ip_address_id: PUBLIC }]) })).verdicts.find(({ place, family }) => place.id === 'azurerm_network_interface.n' && family === 6)?.kind;
    expect([six('0.0.0.0/0'), six('*')]).toEqual(['none', 'open']);
  });

  test('scale sets behind a load balancer of another plan', () => {
    const set = { azurerm_linux_virtual_machine_scale_set: { v: { network_interface: { ip_configuration: { subnet_id: IN_APP, load_balancer_backend_address_pool_ids: [OUTSIDE_POOL] } } } } };
    expect(review(openNetwork({ ...set, ...group(refusesStorage()) })).kind('azurerm_linux_virtual_machine_scale_set.v')).toBe('unknown');
  });
});

describe('the tag VirtualNetwork takes in the routes of the subnet', () => {
  const FIREWALL_HUB: Blocks = {
    azurerm_virtual_hub: { h: { name: 'h' } }, azurerm_firewall_policy: { p: { name: 'p' } },
    azurerm_firewall: { f: { name: 'f', firewall_policy_id: '${azurerm_firewall_policy.p.id}', virtual_hub: { virtual_hub_id: '${azurerm_virtual_hub.h.id}' } } },
    azurerm_firewall_policy_rule_collection_group: { g: { name: 'g', priority: 100, firewall_policy_id: '${azurerm_firewall_policy.p.id}', application_rule_collection: [hosts('Allow', ['a.example.com'])] } },
    azurerm_virtual_hub_routing_intent: { i: { virtual_hub_id: '${azurerm_virtual_hub.h.id}', routing_policy: [{ name: 'i', destinations: ['Internet'], next_hop: '${azurerm_firewall.f.id}' }] } },
    azurerm_virtual_hub_connection: { c: { virtual_hub_id: '${azurerm_virtual_hub.h.id}', remote_virtual_network_id: '${azurerm_virtual_network.main.id}', internet_security_enabled: true } },
  };
  const table = (more: object, ...routes: readonly object[]): Blocks => ({ azurerm_route_table: { app: { name: 'app', route: routes, ...more } } });
  const gateway = (values: object): Blocks => ({ azurerm_subnet: { gateway: { ...subnet('10.0.9.0/24'), name: 'GatewaySubnet' } }, azurerm_virtual_network_gateway: { g: { ip_configuration: { subnet_id: '${azurerm_subnet.gateway.id}' }, ...values } } });

  test.each<[string, string, Blocks]>([
    ['no route', 'none', table({})],
    ['a service tag', 'open', table({}, route('Storage', 'Internet'))],
    ['a table of another plan', 'unknown', { azurerm_subnet_route_table_association: { app: { subnet_id: IN_APP, route_table_id: '/subscriptions/x/routeTables/y' } } }],
    ['a default route of a hub', 'allowlisted', merge(FIREWALL_HUB, table({}))],
    ['a default route of a hub that the table keeps out', 'none', merge(FIREWALL_HUB, table({ bgp_route_propagation_enabled: false }))],
    ['what a gateway learns', 'unknown', merge(gateway({ type: 'ExpressRoute' }), table({}))],
    ['a tunnel for everything', 'unknown', merge(gateway({ type: 'Vpn', default_local_network_gateway_id: '/subscriptions/x/localNetworkGateways/y' }), table({}))],
  ])('%s: %s', (_, kind, more) => expect(review(openNetwork(merge(TO_NETWORK, more))).kind(APP)).toBe(kind));

  test.each<[string, Blocks]>([
    ['with a type of its own', { azurerm_route_server: { r: { subnet_id: '${azurerm_subnet.peers.id}' } } }],
    ['as a hub with an address in the network', { azurerm_virtual_hub: { r: { name: 'r', sku: 'Standard' } }, azurerm_virtual_hub_ip: { r: { virtual_hub_id: '${azurerm_virtual_hub.r.id}', subnet_id: '${azurerm_subnet.peers.id}' } } }],
  ])('a Route Server %s', (_, server) => {
    const kind = (more: Blocks, propagates: boolean) => review(closedNetwork(merge({
      azurerm_subnet: { peers: { ...subnet('10.0.9.0/26'), name: 'RouteServerSubnet' } }, ...group(rule({ destination_address_prefix: 'Internet', destination_port_range: '9999' }), ...finalDenies()),
      azurerm_route_table: { app: { name: 'app', bgp_route_propagation_enabled: propagates, route: [route('0.0.0.0/0', 'None')] } },
    }, more))).kind(APP);
    expect([kind(server, true), kind(server, false), kind({}, true)]).toEqual(['unknown', 'none', 'none']);
  });

  test('what is allowed in any case stays behind the firewall', () => {
    const open = guardedNetwork({ application_rule_collection: [hosts('Allow', ['a.example.com'])] }, merge(group(), gateway({ type: 'ExpressRoute' })));
    expect(review(open).kind(APP)).toBe('allowlisted');
  });
});

describe('route tables of a hub', () => {
  const TO_FIREWALL = { name: 'd', destinations: ['0.0.0.0/0'], next_hop: '${azurerm_firewall.f.id}' };
  const hub = (connection: object, more: Blocks = {}): Blocks => merge({
    azurerm_subnet: { app: { ...subnet('10.0.1.0/24'), default_outbound_access_enabled: true } },
    azurerm_route_table: { app: { name: 'app', route: [] } },
    azurerm_virtual_hub: { h: { name: 'h' } }, azurerm_firewall_policy: { p: { name: 'p' } },
    azurerm_firewall: { f: { name: 'f', firewall_policy_id: '${azurerm_firewall_policy.p.id}', virtual_hub: { virtual_hub_id: '${azurerm_virtual_hub.h.id}' } } },
    azurerm_virtual_hub_route_table: { guard: { name: 'guard', virtual_hub_id: '${azurerm_virtual_hub.h.id}', route: [TO_FIREWALL] }, free: { name: 'free', virtual_hub_id: '${azurerm_virtual_hub.h.id}' } },
    azurerm_virtual_hub_connection: { c: { virtual_hub_id: '${azurerm_virtual_hub.h.id}', remote_virtual_network_id: '${azurerm_virtual_network.main.id}', internet_security_enabled: true, ...connection } },
  }, more);
  const associated = (table: string) => ({ routing: { associated_route_table_id: `\${azurerm_virtual_hub_route_table.${table}.id}` } });
  const DEFAULT = { azurerm_virtual_hub_route_table_route: { r: { route_table_id: '${azurerm_virtual_hub.h.default_route_table_id}', ...TO_FIREWALL } } };
  const NVA = { azurerm_virtual_hub_route_table: { guard: { name: 'guard', virtual_hub_id: '${azurerm_virtual_hub.h.id}', route: [TO_FIREWALL, { name: 'n', destinations: ['20.0.0.0/8'], next_hop: '/subscriptions/x/hubVirtualNetworkConnections/y' }] } } };

  test.each<[string, string, Blocks]>([
    ['the one that leads to the firewall', 'allowlisted', hub(associated('guard'))],
    ['another one', 'open', hub(associated('free'))],
    ['the default one, of which the plan says nothing', 'unknown', hub({})],
    ['the default one, which leads to the firewall', 'allowlisted', hub({}, DEFAULT)],
    ['one with a more specific route to something else', 'unknown', hub(associated('guard'), NVA)],
    ['one of another plan', 'unknown', hub({ routing: { associated_route_table_id: '/subscriptions/x/hubRouteTables/y' } })],
    ['one that counts for nothing: the connection takes no default route', 'open', hub({ ...associated('guard'), internet_security_enabled: false })],
  ])('%s: %s', (_, kind, more) => expect(review(openNetwork(merge(group(), more))).kind(APP)).toBe(kind));

  test('what other places tell a hub, a network learns', () => {
    const spoke = (more: Blocks) => review(guardedNetwork({ application_rule_collection: [hosts('Allow', ['a.example.com'])] }, merge({
      azurerm_virtual_hub: { h: { name: 'h' } },
      azurerm_route_table: { app: { name: 'app', route: [{ ...route('0.0.0.0/0', 'VirtualAppliance'), next_hop_in_ip_address: '${azurerm_firewall.main.ip_configuration[0].private_ip_address}' }] } },
      azurerm_virtual_hub_connection: { c: { virtual_hub_id: '${azurerm_virtual_hub.h.id}', remote_virtual_network_id: '${azurerm_virtual_network.main.id}' } },
    }, more))).kind(APP);
    expect(spoke({})).toBe('allowlisted');
    expect(spoke({ azurerm_express_route_gateway: { e: { virtual_hub_id: '${azurerm_virtual_hub.h.id}' } } })).toBe('unknown');
    expect(spoke({ azurerm_virtual_hub_security_partner_provider: { z: { virtual_hub_id: '${azurerm_virtual_hub.h.id}', security_provider_name: 'ZScaler' } } })).toBe('unknown');
  });
});

describe('rules and routes that Azure adds', () => {
  const delegated = (service: string): Blocks => ({ azurerm_subnet: { app: { ...subnet('10.0.1.0/24'), delegation: { name: 'd', service_delegation: { name: service } } } } });
  const TO_INTERNET = { azurerm_route_table: { app: { name: 'app', route: [route('0.0.0.0/0', 'Internet')] } } };
  const kind = (more: Blocks) => review(closedNetwork(more)).kind(APP);

  test('SQL Managed Instance: storage past a route to nowhere', () => expect(kind(delegated('Microsoft.Sql/managedInstances'))).toBe('open'));
  test('Databricks: storage past a group that denies, as far as routes lead', () => {
    expect([kind(delegated('Microsoft.Databricks/workspaces')), kind(merge(delegated('Microsoft.Databricks/workspaces'), TO_INTERNET))]).toEqual(['none', 'open']);
  });
  test('nothing for others', () => expect(kind(merge(delegated('Microsoft.Web/serverFarms'), TO_INTERNET))).toBe('none'));
});

describe('NAT gateways', () => {
  const NAT = { azurerm_nat_gateway: { g: { name: 'g' } } };
  const DUAL = { azurerm_virtual_network: { main: { name: 'main', address_space: ['10.0.0.0/16', 'fd00::/48'] } }, azurerm_subnet: { app: { ...subnet('10.0.1.0/24'), address_prefixes: ['10.0.1.0/24', 'fd00::/64'] } } };
  const six = (sku: string) => review(openNetwork(merge(merge({ ...group(), ...nic({ subnet_id: IN_APP }), ...DUAL }, {
    azurerm_route_table: { app: { name: 'app', route: [] } }, azurerm_nat_gateway: { g: { name: 'g', sku_name: sku } },
    azurerm_subnet_nat_gateway_association: { a: { subnet_id: IN_APP, nat_gateway_id: '${azurerm_nat_gateway.g.id}' } },
  }), {}))).verdicts.find(({ place, family }) => place.id === 'azurerm_network_interface.n' && family === 6)?.kind;

  test('of the newer SKU take IPv6, too', () => expect([six('Standard'), six('StandardV2')]).toEqual(['none', 'unknown']));

  test('of a subnet that is written inside its network', () => {
    const inside = {
      resource: {
        azurerm_virtual_network: { v: { name: 'v', address_space: ['10.3.0.0/16'], subnet: [{ name: 'app', address_prefixes: ['10.3.1.0/24'], default_outbound_access_enabled: false }] } }, ...NAT, ...withoutStorage('n'),
        azurerm_subnet_nat_gateway_association: { a: { subnet_id: '${one(azurerm_virtual_network.v.subnet).id}', nat_gateway_id: '${azurerm_nat_gateway.g.id}' } },
        azurerm_network_interface: { n: { ip_configuration: { subnet_id: '${one(azurerm_virtual_network.v.subnet).id}' } } },
      },
    };
    const reviewed = review(inside);
    expect(reviewed.kind('azurerm_network_interface.n')).toBe('unknown');
    expect(reviewed.rules).not.toContain('way-out-elsewhere');
  });
});

describe('security admin rules', () => {
  const managed = (deployment: object, network: object = {}, more: Blocks = {}): Blocks => merge({
    azurerm_virtual_network: { main: { name: 'main', address_space: ['10.0.0.0/16'], location: 'West Europe', ...network } },
    azurerm_network_manager_network_group: { g: { name: 'g' } },
    azurerm_network_manager_static_member: { m: { network_group_id: '${azurerm_network_manager_network_group.g.id}', target_virtual_network_id: '${azurerm_virtual_network.main.id}' } },
    azurerm_network_manager_security_admin_configuration: { s: { name: 's' } },
    azurerm_network_manager_admin_rule_collection: { c: { network_group_ids: ['${azurerm_network_manager_network_group.g.id}'], security_admin_configuration_id: '${azurerm_network_manager_security_admin_configuration.s.id}' } },
    azurerm_network_manager_admin_rule: { r: { name: 'r', priority: 1, action: 'Deny', direction: 'Outbound', protocol: 'Any', admin_rule_collection_id: '${azurerm_network_manager_admin_rule_collection.c.id}' } },
    azurerm_network_manager_deployment: { d: { configuration_ids: ['${azurerm_network_manager_security_admin_configuration.s.id}'], scope_access: 'SecurityAdmin', ...deployment } },
  }, more);
  const kind = (more: Blocks) => review(openNetwork(merge(group(), merge({ azurerm_subnet: { app: { ...subnet('10.0.1.0/24'), default_outbound_access_enabled: true } } }, more)))).kind(APP);
  const DATABRICKS = { azurerm_subnet: { app: { ...subnet('10.0.1.0/24'), default_outbound_access_enabled: true }, bricks: { ...subnet('10.0.2.0/24'), delegation: { name: 'd', service_delegation: { name: 'Microsoft.Databricks/workspaces' } } } } };

  test.each<[string, string, Blocks]>([
    ['deployed where the network is', 'none', managed({ location: 'westeurope' })],
    ['deployed elsewhere', 'open', managed({ location: 'northeurope' })],
    ['of a configuration that another plan may deploy', 'open', managed({ location: 'westeurope' }, {}, { azurerm_network_manager_admin_rule_collection: { c: { network_group_ids: ['${azurerm_network_manager_network_group.g.id}'], security_admin_configuration_id: '/subscriptions/x/securityAdminConfigurations/y' } } })],
    ['deployed nobody knows where', 'open', managed({ location: '${var.region}' })],
    ['in a network with a service that keeps them off', 'open', managed({ location: 'westeurope' }, {}, DATABRICKS)],
  ])('%s: %s', (_, expected, more) => expect(kind(more)).toBe(expected));

  test.each<[string, string, object, object]>([
    ['for a part of the subnet', 'open', { source: { address_prefix: '10.0.1.0/25' } }, {}],
    ['for others', 'none', { source: { address_prefix: '10.0.9.0/24' } }, {}],
    ['that may not be deployed', 'unknown', {}, { admin_rule_collection_id: '${azurerm_network_manager_admin_rule_collection.other.id}' }],
  ])('an allow %s leads past the deny behind it: %s', (_, expected, allow, elsewhere) => {
    const rules = (common: object) => ({ azurerm_network_manager_admin_rule: {
      a: { name: 'a', priority: 1, action: 'Allow', direction: 'Outbound', protocol: 'Tcp', destination_port_ranges: ['443'], ...common, ...allow, ...elsewhere },
      r: { name: 'r', priority: 2, action: 'Deny', direction: 'Outbound', protocol: 'Any', ...common },
    } });
    const other = { azurerm_network_manager_security_admin_configuration: { s: { name: 's' }, other: { name: 'other' } }, azurerm_network_manager_admin_rule_collection: {
      c: { network_group_ids: ['${azurerm_network_manager_network_group.g.id}'], security_admin_configuration_id: '${azurerm_network_manager_security_admin_configuration.s.id}' },
      other: { network_group_ids: ['${azurerm_network_manager_network_group.g.id}'], security_admin_configuration_id: '${azurerm_network_manager_security_admin_configuration.other.id}' },
    } };
    expect(kind(merge(managed({ location: 'westeurope' }), merge(other, rules({ admin_rule_collection_id: '${azurerm_network_manager_admin_rule_collection.c.id}' }))))).toBe(expected);
  });

  const past = { azurerm_network_manager_admin_rule: { r: { name: 'r', priority: 1, action: 'AlwaysAllow', direction: 'Outbound', protocol: 'Any', admin_rule_collection_id: '${azurerm_network_manager_admin_rule_collection.c.id}' } } };
  const OUT = { azurerm_route_table: { app: { name: 'app', route: [route('0.0.0.0/0', 'Internet')] } } };
  test('lead past the groups of networks that a policy adds, and of one that is not in the plan', () => {
    const other = { azurerm_virtual_network: { main: { name: 'main', address_space: ['10.0.0.0/16'] }, other: { name: 'other', address_space: ['10.5.0.0/16'] } }, azurerm_network_manager_static_member: { m: { network_group_id: '${azurerm_network_manager_network_group.g.id}', target_virtual_network_id: '${azurerm_virtual_network.other.id}' } } };
    const policy = { azurerm_policy_definition: { p: { policy_rule: '{"then":{"effect":"addToNetworkGroup","details":{"networkGroupId":"${azurerm_network_manager_network_group.g.id}"}}}' } } };
    const all = merge(merge(managed({ location: 'westeurope' }), past), merge(other, OUT));
    expect([review(closedNetwork(all)).kind(APP), review(closedNetwork(merge(all, policy))).kind(APP)]).toEqual(['none', 'unknown']);
    const lost = { azurerm_network_manager_static_member: { m: { network_group_id: '${azurerm_network_manager_network_group.g.id}', target_virtual_network_id: '/subscriptions/x/virtualNetworks/y' } }, azurerm_subnet: { app: { ...subnet('10.0.1.0/24'), virtual_network_name: 'y' } } };
    expect(review(closedNetwork(merge(all, lost))).kind(APP)).toBe('unknown');
  });

  test('of which networks, where the plan does not tell', () => {
    const members = (...targets: readonly string[]): Blocks => ({ azurerm_network_manager_static_member: Object.fromEntries(targets.map((target, index) => [index === 0 ? 'm' : `m${index}`, { network_group_id: '${azurerm_network_manager_network_group.g.id}', target_virtual_network_id: target }])) });
    const OTHER = '${azurerm_virtual_network.other.id}';
    const two: Blocks = { azurerm_virtual_network: { other: { name: 'other', address_space: ['10.5.0.0/16'] }, third: { name: 'third', address_space: ['10.6.0.0/16'] } } };
    const lettingOut = (...more: readonly Blocks[]) => review(closedNetwork([merge(managed({ location: 'westeurope' }), past), OUT, ...more].reduce(merge))).kind(APP);
    expect([lettingOut(two, members(OTHER)), lettingOut(two, members(OTHER, '${var.third ? azurerm_virtual_network.third.id : azurerm_virtual_network.main.id}'))]).toEqual(['none', 'unknown']);
    // A subnet of a network that is elsewhere, which a policy or an id may add.
    const lost: Blocks = { azurerm_subnet: { app: { ...subnet('10.0.1.0/24'), virtual_network_name: 'y' } } };
    const policy: Blocks = { azurerm_policy_definition: { p: { policy_rule: '{"then":{"effect":"addToNetworkGroup","details":{"networkGroupId":"${azurerm_network_manager_network_group.g.id}"}}}' } } };
    expect([lettingOut(lost, two, members(OTHER)), lettingOut(lost, two, members(OTHER), policy)]).toEqual(['none', 'unknown']);
    expect(kind([managed({ location: 'westeurope' }), two, { azurerm_subnet: { app: { ...subnet('10.0.1.0/24'), virtual_network_name: 'y', default_outbound_access_enabled: true } } }, members(OTHER, '/subscriptions/x/virtualNetworks/y')].reduce(merge))).toBe('open');
  });

  test('a deny on some ports leaves the others', () => {
    const denied = (more: object) => kind(managed({ location: 'westeurope' }, {}, { azurerm_network_manager_admin_rule: { r: { ...past.azurerm_network_manager_admin_rule.r, action: 'Deny', protocol: 'Any', ...more } } }));
    expect(denied({ destination_port_ranges: ['25'] })).toBe('open');
    expect(kind(managed({ location: 'westeurope' }, {}, { azurerm_network_manager_admin_rule: { r: { ...past.azurerm_network_manager_admin_rule.r, action: 'Deny', destination_port_ranges: ['0-65535'] } } }))).toBe('none');
  });

  test('lead past the groups to a proxy', () => {
    const proxied = (more: Blocks) => review(guardedNetwork({ application_rule_collection: [hosts('Allow', ['a.example.com'])] }, merge(managed({ location: 'westeurope' }), merge({
      azurerm_firewall_policy: { main: { name: 'main', explicit_proxy: { enabled: true, http_port: 8080, https_port: 8443 } } }, ...group(...finalDenies()),
      azurerm_route_table: { app: { name: 'app', route: [route('0.0.0.0/0', 'None')] } },
    }, more)))).kind(APP);
    const to = (prefix: string) => ({ azurerm_network_manager_admin_rule: { r: { ...past.azurerm_network_manager_admin_rule.r, destination: { address_prefix: prefix } } } });
    expect([proxied({}), proxied(to('10.9.0.0/16')), proxied(to('10.0.0.0/16'))]).toEqual(['none', 'none', 'allowlisted']);
  });

  describe('of two network managers: those of the higher scope come first', () => {
    const at = (kind: 'management_group_ids' | 'subscription_ids') => ({ scope: { [kind]: ['x'] } });
    const two = (first: object, second: object, action = 'AlwaysAllow') => kind(managed({ location: 'westeurope' }, {}, {
      azurerm_network_manager: { one: { name: 'one', ...first }, two: { name: 'two', ...second } },
      azurerm_network_manager_security_admin_configuration: { s: { name: 's', network_manager_id: '${azurerm_network_manager.one.id}' }, t: { name: 't', network_manager_id: '${azurerm_network_manager.two.id}' } },
      azurerm_network_manager_admin_rule_collection: Object.fromEntries([['c', 's'], ['d', 't']].map(([name, configuration]) => [name, { network_group_ids: ['${azurerm_network_manager_network_group.g.id}'], security_admin_configuration_id: `\${azurerm_network_manager_security_admin_configuration.${configuration}.id}` }])),
      azurerm_network_manager_admin_rule: {
        deny: { name: 'deny', priority: 1, action: 'Deny', direction: 'Outbound', protocol: 'Any', admin_rule_collection_id: '${azurerm_network_manager_admin_rule_collection.c.id}' },
        other: { name: 'other', priority: 9, action, direction: 'Outbound', protocol: 'Any', admin_rule_collection_id: '${azurerm_network_manager_admin_rule_collection.d.id}' },
      },
      azurerm_network_manager_deployment: Object.fromEntries(['s', 't'].map((name) => [name, { location: 'westeurope', configuration_ids: [`\${azurerm_network_manager_security_admin_configuration.${name}.id}`] }])),
    }));

    test('whatever the priorities', () => {
      expect(two(at('management_group_ids'), at('subscription_ids'))).toBe('none');
      expect(two(at('subscription_ids'), at('management_group_ids'))).toBe('open');
    });

    test('of one scope nobody knows', () => {
      expect(two(at('subscription_ids'), at('subscription_ids'))).toBe('open');
      expect(two(at('subscription_ids'), at('subscription_ids'), 'Allow')).toBe('open');
      expect(two(at('subscription_ids'), at('subscription_ids'), 'Deny')).toBe('none');
    });
  });
});

describe('a firewall that answers as a proxy', () => {
  const behind = (proxy: object, allowed: string, more: Blocks = {}) => review(guardedNetwork({ application_rule_collection: [hosts('Allow', ['a.example.com'])] }, merge({
    azurerm_firewall_policy: { main: { name: 'main', explicit_proxy: proxy } },
    azurerm_route_table: { app: { name: 'app', bgp_route_propagation_enabled: false, route: [route('0.0.0.0/0', 'None')] } },
    ...group(rule({ destination_address_prefix: '10.0.0.0/26', destination_port_range: allowed }), ...finalDenies()),
  }, more)));
  const kind = (...parameters: Parameters<typeof behind>) => behind(...parameters).kind(APP);
  const ON = { enabled: true, http_port: 8080, https_port: 8443 };

  test.each<[string, string, object, string]>([
    ['on a port that the group lets out', 'allowlisted', ON, '8443'],
    ['on another port', 'none', ON, '443'],
    ['not at all', 'none', { ...ON, enabled: false }, '8443'],
    ['perhaps', 'allowlisted', { ...ON, enabled: '${var.proxy}' }, '8443'],
  ])('%s: %s', (_, expected, proxy, allowed) => expect(kind(proxy, allowed)).toBe(expected));

  test('lets its names through and no others', () => {
    expect([...new Set(behind(ON, '8443').verdicts.find(({ place }) => place.id === APP)?.hosts.map(({ host }) => host))]).toEqual(['a.example.com', 'tag:AzureInfrastructure']);
    expect(kind(ON, '8443', { azurerm_firewall_policy_rule_collection_group: { main: { name: 'main', firewall_policy_id: '${azurerm_firewall_policy.main.id}', priority: 100, application_rule_collection: [hosts('Allow', ['*'])] } } })).toBe('open');
  });
});

test('a firewall of another network with the same addresses guards nothing', () => {
  const two = (peer: string): Blocks => ({
    azurerm_virtual_network: { main: { name: 'main', address_space: ['10.0.0.0/16'] }, one: { name: 'one', address_space: ['10.9.0.0/16'] }, two: { name: 'two', address_space: ['10.9.0.0/16'] } },
    azurerm_subnet: { app: { ...subnet('10.0.1.0/24') }, one: { ...subnet('10.9.0.0/26', 'one'), name: 'AzureFirewallSubnet' }, two: { ...subnet('10.9.0.0/26', 'two'), name: 'AzureFirewallSubnet' } },
    azurerm_firewall_policy: { one: { name: 'one' }, two: { name: 'two' } },
    azurerm_firewall_policy_rule_collection_group: { two: { name: 'g', priority: 100, firewall_policy_id: '${azurerm_firewall_policy.two.id}', application_rule_collection: [hosts('Allow', ['*'])] } },
    azurerm_firewall: Object.fromEntries(['one', 'two'].map((name) => [name, { name, firewall_policy_id: `\${azurerm_firewall_policy.${name}.id}`, ip_configuration: { subnet_id: `\${azurerm_subnet.${name}.id}`, public_ip_address_id: PUBLIC } }])),
    azurerm_virtual_network_peering: { p: { virtual_network_name: '${azurerm_virtual_network.main.name}', remote_virtual_network_id: peer } },
    azurerm_route_table: { app: { name: 'app', bgp_route_propagation_enabled: false, route: [{ ...route('0.0.0.0/0', 'VirtualAppliance'), next_hop_in_ip_address: '10.9.0.4' }] } },
  });
  const kind = (peer: string) => review(openNetwork(merge(group(), two(peer)))).kind(APP);
  expect([kind('${azurerm_virtual_network.one.id}'), kind('${azurerm_virtual_network.two.id}'), kind('/subscriptions/x/virtualNetworks/y')]).toEqual(['allowlisted', 'open', 'unknown']);
});

describe('routes that the subnet of a firewall learns', () => {
  const learning = (rules: object): Blocks => ({
    azurerm_subnet: { gateway: { ...subnet('10.0.9.0/24'), name: 'GatewaySubnet' } },
    azurerm_virtual_network_gateway: { g: { type: 'ExpressRoute', ip_configuration: { subnet_id: '${azurerm_subnet.gateway.id}' } } },
    azurerm_route_table: { firewall: { name: 'firewall', route: [route('0.0.0.0/0', 'Internet')] } },
    azurerm_subnet_route_table_association: { firewall: { subnet_id: '${azurerm_subnet.firewall.id}', route_table_id: '${azurerm_route_table.firewall.id}' } },
    ...rules,
  });
  const app = (rules: object) => {
    const base = guardedNetwork(rules);
    return review({ ...base, resource: merge(base.resource, learning({})) }).verdicts.find(({ place }) => place.id === APP);
  };

  test('whom it lets call by name is bounded by its list, wherever they lead', () => {
    const verdict = app({ application_rule_collection: [hosts('Allow', ['a.example.com']), hosts('Deny', ['*'], 300)] });
    expect([verdict?.kind, ...(verdict?.hosts ?? []).map(({ host }) => host)]).toEqual(['allowlisted', 'a.example.com']);
  });

  test('what passes by no name is not', () => {
    expect(app({ application_rule_collection: [hosts('Allow', ['*'])] })?.reasons).toEqual([expect.stringContaining('which routes azurerm_virtual_network_gateway.g learns is not in the plan')]);
  });

  test('a route of it that leads back to the firewall ends there', () => {
    const base = guardedNetwork({ application_rule_collection: [hosts('Allow', ['a.example.com'], 200, '10.0.0.0/16'), hosts('Deny', ['*'], 300, '10.0.0.0/16')] });
    const back = { azurerm_subnet_route_table_association: { firewall: { subnet_id: '${azurerm_subnet.firewall.id}', route_table_id: '${azurerm_route_table.app.id}' } } };
    const verdictOf = (more: Blocks) => review({ ...base, resource: merge(base.resource, more) }).verdicts.find(({ place }) => place.id === APP);
    expect([verdictOf(back)?.kind, verdictOf(back)?.blocker?.reason]).toEqual(['none', 'the route leads in a circle']);
    // Nor may it go on for ever where a table of another plan may be meant.
    const doubtful = { azurerm_subnet_route_table_association: { firewall: { subnet_id: '${azurerm_subnet.firewall.id}', route_table_id: '${var.other ? azurerm_route_table.app.id : azurerm_route_table.second.id}' } }, azurerm_route_table: { second: base.resource.azurerm_route_table!.app! } };
    expect(verdictOf(doubtful)?.reasons).not.toContain('the path is longer than 64 hops');
  });
});
