/** Gateways, addresses and peerings in a diff. */
import { wayChanges } from '../../review/diff/way-changes';
import { buildGraph } from '../../review/plan/build-graph';
import { parsePlan } from '../../review/plan/load';

/** A resource: its address, what it was called, its values. */
const change = (address: string, previous_address?: string, after: object = {}) => ({
  address, mode: 'managed', type: address.split('.')[0], name: address.split('.')[1], provider_name: 'registry.terraform.io/hashicorp/aws', ...(previous_address ? { previous_address } : {}), change: { actions: ['no-op'], before: after, after, after_unknown: {} },
});
const graphOf = (changes: readonly object[]) => buildGraph(parsePlan(JSON.stringify({ format_version: '1.2', terraform_version: '1.11.4', planned_values: { root_module: {} }, resource_changes: changes }), 'plan.json'));
const told = (before: readonly object[], after: readonly object[]) => wayChanges('plan.json', graphOf(before), graphOf(after)).map(({ change: what, kind, address }) => `${what} ${kind} ${address}`);

test.each<[string, readonly object[], readonly object[], readonly string[]]>([
  ['come', [], [change('aws_nat_gateway.a'), change('aws_vpn_connection.a'), change('google_service_networking_connection.a'), change('azurerm_virtual_hub_connection.a')],
    ['added nat aws_nat_gateway.a', 'added transit aws_vpn_connection.a', 'added transit azurerm_virtual_hub_connection.a', 'added peering google_service_networking_connection.a']],
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
