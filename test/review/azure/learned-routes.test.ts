/** Routes that a subnet may learn from gateways that a plan does not show, or not show as such: its table closes nothing then. */
import { review } from './reviewed';
import { closedNetwork, merge, route, rule, subnet, type Blocks } from './small-stack';

/** A group that lets all out, and a route for everything to nowhere in a table that takes up what gateways learn, or not. */
const open = (propagates: boolean, more: Blocks): Blocks => merge({
  azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ destination_address_prefix: '*', destination_port_range: '*', protocol: '*' })] } },
  azurerm_route_table: { app: { name: 'app', bgp_route_propagation_enabled: propagates, route: [route('0.0.0.0/0', 'None')] } },
  azurerm_virtual_network: { hub: { name: 'hub', address_space: ['10.9.0.0/16'] } },
  azurerm_subnet: { gateway: { ...subnet('10.9.0.0/24', 'hub'), name: 'GatewaySubnet' } },
}, more);
const reviewed = (more: Blocks, propagates = true) => review(closedNetwork(open(propagates, more)));
const kind = (more: Blocks, propagates?: boolean) => reviewed(more, propagates).kind('azurerm_subnet.app');

const peering = (more: object): Blocks => ({ azurerm_virtual_network_peering: { p: { name: 'p', virtual_network_name: '${azurerm_virtual_network.main.name}', remote_virtual_network_id: '${azurerm_virtual_network.hub.id}', ...more } } });
const gateway = (more: object, at = '${azurerm_subnet.gateway.id}'): Blocks => ({ azurerm_virtual_network_gateway: { g: { name: 'g', type: 'ExpressRoute', ip_configuration: { subnet_id: at }, ...more } } });
const UNKNOWN = '${random_id.r.dec == "1"}';

test('a peering that uses the gateway of its peer learns routes, whichever plan makes the gateway', () => {
  expect(kind(peering({}))).toBe('none');
  expect(kind(peering({ use_remote_gateways: true }))).toBe('unknown');
  expect(kind(merge(peering({ use_remote_gateways: true }), gateway({})))).toBe('unknown');
  expect(kind(peering({ use_remote_gateways: true }), false)).toBe('none');
});

test('a peering may use the gateway of its peer where the plan does not tell', () => {
  expect(kind(merge(peering({ use_remote_gateways: false }), gateway({})))).toBe('none');
  expect(kind(merge(peering({ use_remote_gateways: UNKNOWN }), gateway({})))).toBe('unknown');
  const told = (value: unknown) => reviewed(peering({ use_remote_gateways: value })).findings.filter(({ rule: id }) => id === 'peering-gateway-transit').map(({ message, confidence }) => [message, confidence]);
  expect([told(false), told(true), told(UNKNOWN)]).toEqual([[], [['use_remote_gateways is true', undefined]], [['whether azurerm_virtual_network_peering.p has use_remote_gateways is not known', 'possible']]]);
});

test('routes that are written for a gateway which may be used take nothing from the way to the internet', () => {
  const site: Blocks = {
    azurerm_route_table: { app: { name: 'app', bgp_route_propagation_enabled: true, route: [] } },
    azurerm_public_ip: { app: { name: 'app' } }, azurerm_nat_gateway: { n: { name: 'n' } }, azurerm_subnet_nat_gateway_association: { n: { subnet_id: '${azurerm_subnet.app.id}', nat_gateway_id: '${azurerm_nat_gateway.n.id}' } },
  };
  const forced = (value: unknown) => kind(merge(merge(peering({ use_remote_gateways: value }), gateway({ type: 'Vpn', default_local_network_gateway_id: '/subscriptions/x/localNetworkGateways/y' })), site));
  expect([forced(false), forced(true), forced(UNKNOWN)]).toEqual(['open', 'unknown', 'open']);
});

test.each(['bgp_enabled', 'enable_bgp'])('a VPN gateway may speak BGP where the plan does not tell: %s', (name) => {
  const own = (more: object) => kind(merge({ azurerm_subnet: { gateway: { ...subnet('10.0.9.0/24'), name: 'GatewaySubnet' } } }, gateway({ type: 'Vpn', ...more })));
  expect([own({}), own({ [name]: false }), own({ [name]: true }), own({ [name]: UNKNOWN })]).toEqual(['none', 'none', 'unknown', 'unknown']);
});

describe('a network manager that turns on what a table turned off', () => {
  const managed = (collection: object, configuration: object = {}): Blocks => merge(merge({ azurerm_subnet: { gateway: { ...subnet('10.0.9.0/24'), name: 'GatewaySubnet' } } }, gateway({})), {
    azurerm_network_manager_network_group: { g: { name: 'g' } },
    azurerm_network_manager_static_member: { m: { network_group_id: '${azurerm_network_manager_network_group.g.id}', target_virtual_network_id: '${azurerm_virtual_network.main.id}' } },
    azurerm_network_manager_routing_configuration: { c: { name: 'c', ...configuration } },
    azurerm_network_manager_routing_rule_collection: { r: { network_group_ids: ['${azurerm_network_manager_network_group.g.id}'], routing_configuration_id: '${azurerm_network_manager_routing_configuration.c.id}', ...collection } },
    azurerm_network_manager_routing_rule: { r: { rule_collection_id: '${azurerm_network_manager_routing_rule_collection.r.id}', destination: { type: 'AddressPrefix', address: '10.7.0.0/16' }, next_hop: { type: 'VnetLocal' } } },
  });
  const ON = { bgp_route_propagation_enabled: true };

  test.each<[string, string, Blocks]>([
    ['by its own table', 'unknown', managed(ON)],
    ['perhaps', 'unknown', managed({ bgp_route_propagation_enabled: UNKNOWN })],
    ['in the table of another mode', 'unknown', managed(ON, { route_table_usage_mode: 'ManagedOnly' })],
    ['not: it says nothing', 'none', managed({})],
    ['not: it says so', 'none', managed({ bgp_route_propagation_enabled: false })],
    ['not: what exists keeps its properties', 'none', managed(ON, { route_table_usage_mode: 'UseExisting' })],
    ['of another network', 'none', merge(managed(ON), { azurerm_network_manager_static_member: { m: { network_group_id: '${azurerm_network_manager_network_group.g.id}', target_virtual_network_id: '${azurerm_virtual_network.hub.id}' } } })],
  ])('%s: %s', (_, expected, blocks) => {
    expect(kind(blocks, false)).toBe(expected);
  });
});

describe('a subnet of a network that the plan does not hold', () => {
  const ID = '/subscriptions/x/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/app';
  const looked: Blocks = { azurerm_subnet: { app: { ...subnet('10.0.1.0/24'), virtual_network_name: 'elsewhere' } } };
  const named: Blocks = { azurerm_subnet_network_security_group_association: { app: { subnet_id: ID, network_security_group_id: '${azurerm_network_security_group.app.id}' } }, azurerm_subnet_route_table_association: { app: { subnet_id: ID, route_table_id: '${azurerm_route_table.app.id}' } } };

  test.each<[string, string, Blocks]>([
    ['that is looked up', 'azurerm_subnet.app', looked],
    ['that is known by its id alone', 'azurerm_subnet_network_security_group_association.app', named],
  ])('%s, learns what gateways there announce, unless its table keeps that out', (_, place, more) => {
    const kinds = [true, false].map((propagates) => reviewed(more, propagates).kind(place));
    expect(kinds).toEqual(['unknown', 'none']);
    expect(reviewed(more).verdicts.find((verdict) => verdict.place.id === place)?.reasons).toEqual([`which routes the network of ${place} learns is not in the plan, and it takes them up`]);
  });
});
