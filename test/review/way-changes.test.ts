/** Gateways, addresses and peerings in a diff. */
import { wayChanges } from '../../review/diff/way-changes';
import { buildGraph } from '../../review/plan/build-graph';
import { parsePlan } from '../../review/plan/load';
import { settingWords } from '../../review/report/words';

/** A resource: its address, what it was called, its values. */
const change = (address: string, previous_address?: string, after: object = {}) => ({
  address, mode: 'managed', type: address.split('.')[0], name: address.split('.')[1], provider_name: 'registry.terraform.io/hashicorp/aws', ...(previous_address ? { previous_address } : {}), change: { actions: ['no-op'], before: after, after, after_unknown: {} },
});
const graphOf = (changes: readonly object[]) => buildGraph(parsePlan(JSON.stringify({ format_version: '1.2', terraform_version: '1.11.4', planned_values: { root_module: {} }, resource_changes: changes }), 'plan.json'));
const told = (before: readonly object[], after: readonly object[]) => wayChanges('plan.json', graphOf(before), graphOf(after)).map(({ change: what, kind, address }) => `${what} ${kind} ${address}`);

test.each<[string, readonly object[], readonly object[], readonly string[]]>([
  ['come', [], [change('aws_nat_gateway.a'), change('aws_vpn_connection.a'), change('google_service_networking_connection.a'), change('azurerm_virtual_hub_connection.a')],
    ['added nat aws_nat_gateway.a', 'added transit aws_vpn_connection.a', 'added transit azurerm_virtual_hub_connection.a', 'added peering google_service_networking_connection.a']],
  ['let somebody in between', [], [change('azurerm_network_manager_connectivity_configuration.a'), change('azurerm_route_server_bgp_connection.a'), change('azurerm_relay_hybrid_connection.a'), change('azurerm_virtual_hub_routing_intent.a')],
    ['added peering azurerm_network_manager_connectivity_configuration.a', 'added transit azurerm_relay_hybrid_connection.a', 'added transit azurerm_route_server_bgp_connection.a']],
  ['go', [change('aws_internet_gateway.a')], [], ['removed gateway aws_internet_gateway.a']],
  ['stay', [change('aws_internet_gateway.a')], [change('aws_internet_gateway.a')], []],
  ['move', [change('aws_eip.a')], [change('aws_eip.b', 'aws_eip.a')], []],
  ['move, and another comes to where it was', [change('aws_eip.a')], [change('aws_eip.b', 'aws_eip.a'), change('aws_eip.a')], ['added public-address aws_eip.a']],
  ['are internal addresses', [], [change('google_compute_address.a', undefined, { address_type: 'INTERNAL' }), change('google_compute_global_address.a', undefined, { address_type: 'INTERNAL' })], []],
  ['are external addresses', [], [change('google_compute_global_address.a')], ['added public-address google_compute_global_address.a']],
  ['are none', [], [change('aws_vpc.a'), change('aws_subnet.a')], []],
])('that %s', (_, before, after, expected) => {
  expect(told(before, after)).toEqual(expected);
});

/** A resource before and after, in the plan's own words. */
const updated = (address: string, before: object, after: object, after_unknown: object = {}) => ({ ...change(address), change: { actions: ['update'], before, after, after_unknown } });
const plan = (changes: readonly object[], resources: readonly object[] = [], prior: readonly object[] = []) => buildGraph(parsePlan(JSON.stringify({
  format_version: '1.2', terraform_version: '1.11.4', planned_values: { root_module: {} }, resource_changes: changes, configuration: { root_module: { resources } }, prior_state: { values: { root_module: { resources: prior } } },
}), 'plan.json'));
const state = (address: string, values: object) => ({ address, mode: 'managed', type: address.split('.')[0], name: address.split('.')[1], values });
const settings = (after: ReturnType<typeof graphOf>, before = after.before()) => wayChanges('plan.json', before, after).map((way) => `${way.change} ${way.address}${way.settings ? `: ${settingWords(way)}` : ''}`);
/** The same resource in two plans. */
const inPlace = (address: string, before: object, after: object) => settings(graphOf([change(address, undefined, after)]), graphOf([change(address, undefined, before)]));

describe('that stay and become another way', () => {
  test.each<[string, object, object, readonly string[]]>([
    ['aws_nat_gateway', { connectivity_type: 'private', subnet_id: 's-1' }, { connectivity_type: 'public', subnet_id: 's-2', allocation_id: 'e-1' }, ['connectivity_type: private → public', 'subnet_id: s-1 → s-2', 'allocation_id: nothing → e-1']],
    ['aws_internet_gateway', { vpc_id: null }, { vpc_id: 'v-1' }, ['vpc_id: nothing → v-1']],
    ['aws_vpn_gateway', { vpc_id: 'v-1' }, { vpc_id: 'v-2' }, ['vpc_id: v-1 → v-2']],
    ['aws_eip', { instance: 'i-1' }, { instance: 'i-2' }, ['instance: i-1 → i-2']],
    ['aws_networkfirewall_firewall', { subnet_mapping: [{ subnet_id: 'a' }, { subnet_id: 'b' }] }, { subnet_mapping: [{ subnet_id: 'c' }, { subnet_id: 'b' }] }, ['subnet_mapping.subnet_id: + c, − a']],
    ['azurerm_subnet_nat_gateway_association', { subnet_id: '/s/a' }, { subnet_id: '/s/b' }, ['subnet_id: /s/a → /s/b']],
    ['azurerm_network_interface', { ip_configuration: [{ name: 'a' }] }, { ip_configuration: [{ name: 'a', public_ip_address_id: '/p/a' }] }, ['ip_configuration.public_ip_address_id: nothing → /p/a']],
    ['azurerm_virtual_hub_routing_intent', { routing_policy: [{ destinations: ['Internet'], next_hop: '/f/a' }] }, { routing_policy: [{ destinations: ['Internet'], next_hop: '/f/b' }] }, ['routing_policy.next_hop: /f/a → /f/b']],
    ['azurerm_virtual_hub_connection', { routing: [{ associated_route_table_id: '/t/a' }] }, { routing: [{ associated_route_table_id: '/t/b' }] }, ['routing.associated_route_table_id: /t/a → /t/b']],
    ['azurerm_virtual_hub_connection', { routing: [{ static_vnet_route: [{ address_prefixes: ['10.9.0.0/16'] }] }] }, { routing: [{ outbound_route_map_id: '/m/a', static_vnet_propagate_static_routes_enabled: true, propagated_route_table: [{ labels: ['default'] }], static_vnet_route: [{ address_prefixes: ['0.0.0.0/0'] }] }] }, ['routing.propagated_route_table.labels: nothing → default', 'routing.static_vnet_route.address_prefixes: 10.9.0.0/16 → 0.0.0.0/0', 'routing.outbound_route_map_id: nothing → /m/a']],
    ['azurerm_route_map', { rule: [{ action: [{ type: 'Drop' }] }] }, { rule: [{ action: [{ type: 'Replace', parameter: [{ route_prefix: ['0.0.0.0/1'] }] }] }] }, ['rule.action.type: Drop → Replace', 'rule.action.parameter.route_prefix: nothing → 0.0.0.0/1']],
    ['azurerm_virtual_hub_route_table', { labels: [] }, { labels: ['default'] }, ['labels: nothing → default']],
    ['azurerm_virtual_network_peering', { allow_virtual_network_access: false }, {}, ['allow_virtual_network_access: false → true']],
    ['google_compute_router_nat', { source_subnetwork_ip_ranges_to_nat: 'LIST_OF_SUBNETWORKS', subnetwork: [{ name: 'a' }] }, { source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES', subnetwork: [] }, ['source_subnetwork_ip_ranges_to_nat: LIST_OF_SUBNETWORKS → ALL_SUBNETWORKS_ALL_IP_RANGES', 'subnetwork.name: a → nothing']],
    ['google_compute_network_peering', { import_custom_routes: false }, { import_custom_routes: true }, ['import_custom_routes: nothing → true']],
  ])('%s', (type, before, after, expected) => expect(inPlace(`${type}.a`, before, after)).toEqual([`changed ${type}.a: ${expected.join('; ')}`]));

  test.each<[string, string, object, object]>([
    ['what goes without saying', 'aws_nat_gateway.a', {}, { connectivity_type: 'public' }],
    ['another order', 'google_compute_router_nat.a', { nat_ips: ['a', 'b'] }, { nat_ips: ['b', 'a'] }],
    ['other settings', 'aws_nat_gateway.a', { tags: {} }, { tags: { a: 'b' } }],
    ['off and not said', 'azurerm_virtual_network_peering.a', { use_remote_gateways: false }, {}],
  ])('but not by %s', (_, address, before, after) => expect(inPlace(address, before, after)).toEqual([]));

  const nat = { address: 'aws_nat_gateway.a', mode: 'managed', type: 'aws_nat_gateway', name: 'a', expressions: { subnet_id: { references: ['aws_subnet.b.id', 'aws_subnet.b'] } } };
  const unknown = updated('aws_nat_gateway.a', { subnet_id: 's-1' }, {}, { subnet_id: true });

  test('a subnet that the plan makes is named', () => {
    const graph = plan([unknown, change('aws_subnet.a', undefined, { id: 's-1' }), { ...change('aws_subnet.b'), change: { actions: ['create'], before: null, after: {}, after_unknown: { id: true } } }], [nat], [state('aws_nat_gateway.a', { subnet_id: 's-1' }), state('aws_subnet.a', { id: 's-1' })]);
    expect(settings(graph)).toEqual(['changed aws_nat_gateway.a: subnet_id: aws_subnet.a → aws_subnet.b']);
  });

  test('the same subnet, made anew or moved, is no change', () => {
    const replaced = plan([unknown, { ...change('aws_subnet.b'), change: { actions: ['delete', 'create'], before: { id: 's-1' }, after: {}, after_unknown: { id: true } } }], [nat], [state('aws_nat_gateway.a', { subnet_id: 's-1' }), state('aws_subnet.b', { id: 's-1' })]);
    expect(settings(replaced)).toEqual([]);
    const moved = plan([unknown, { ...change('aws_subnet.b', 'aws_subnet.old'), change: { actions: ['delete', 'create'], before: { id: 's-1' }, after: {}, after_unknown: { id: true } } }], [nat], [state('aws_nat_gateway.a', { subnet_id: 's-1' }), state('aws_subnet.old', { id: 's-1' })]);
    expect(settings(moved)).toEqual([]);
  });

  test('what nobody knows yet is told, and what the provider fills in is not', () => {
    const graph = (configured: object) => plan([unknown], [{ ...nat, expressions: configured }], [state('aws_nat_gateway.a', { subnet_id: 's-1' })]);
    expect(settings(graph({ subnet_id: { references: ['var.subnet'] } }))).toEqual(['changed aws_nat_gateway.a: subnet_id: s-1 → not known']);
    expect(settings(graph({}))).toEqual([]);
  });

  test('of several that may be meant it is most likely what it was', () => {
    const made = (name: string) => ({ ...change(`aws_subnet.${name}`), change: { actions: ['create'], before: null, after: {}, after_unknown: { id: true } } });
    const either = { ...nat, expressions: { subnet_id: { references: ['var.first', 'aws_subnet.b.id', 'aws_subnet.b', 'aws_subnet.c.id', 'aws_subnet.c'] } } };
    const graph = (old: string) => plan([unknown, made('b'), made('c')], [either], [state('aws_nat_gateway.a', { subnet_id: 's-1' }), state(`aws_subnet.${old}`, { id: 's-1' })]);
    expect(settings(graph('b'))).toEqual([]);
    expect(settings(graph('a'))).toEqual(['changed aws_nat_gateway.a: subnet_id: aws_subnet.a → not known: aws_subnet.b or aws_subnet.c']);
  });

  test('an interface that comes with an address is told by the address alone', () => {
    expect(settings(graphOf([change('azurerm_network_interface.a', undefined, { ip_configuration: [{ public_ip_address_id: '/p/a' }] })]), graphOf([]))).toEqual([]);
  });
});
