/** A machine that stands in one of several subnets, of which no plan says which: what they have in common is certain. */
import { asPlan } from '../as-plan';
import { review } from './reviewed';
import { guardedNetwork, hosts, merge, openNetwork, subnet, withoutStorage, type Blocks, type Stack } from './small-stack';

const NIC: Blocks = { azurerm_network_interface: { n: { name: 'n', ip_configuration: { name: 'i', subnet_id: '${element([azurerm_subnet.app.id, azurerm_subnet.two.id], 1)}' } } } };
const associated = (group: boolean, table: boolean): Blocks => ({
  ...(group ? { azurerm_subnet_network_security_group_association: { two: { subnet_id: '${azurerm_subnet.two.id}', network_security_group_id: '${azurerm_network_security_group.app.id}' } } } : {}),
  ...(table ? { azurerm_subnet_route_table_association: { two: { subnet_id: '${azurerm_subnet.two.id}', route_table_id: '${azurerm_route_table.app.id}' } } } : {}),
});
const two = (stack: Stack, values: object, more: Blocks = {}): Stack => ({ ...stack, resource: merge(stack.resource, merge({ ...NIC, azurerm_subnet: { two: { ...subnet('10.0.2.0/24'), ...values } } }, more)) });
const found = ({ resource }: Stack) => review(asPlan(resource)).verdicts.find(({ place }) => place.id === 'azurerm_network_interface.n');

const LENT = { default_outbound_access_enabled: true };
const open = openNetwork({ azurerm_subnet: { app: { ...subnet('10.0.1.0/24'), ...LENT } } });
const guarded = guardedNetwork({ application_rule_collection: [hosts('Allow', ['a.example.com'], 200, '10.0.0.0/16'), hosts('Deny', ['*'], 300, '10.0.0.0/16')] });

test('each of them lets it out: open, by a way that says so', () => {
  const verdict = found(two(open, LENT));
  expect(verdict?.kind).toBe('open');
  expect(verdict?.witness?.map(({ label }) => label)).toContain('one of 2 subnets, of which each lets it out');
});

test('only one of them does', () => {
  const verdict = found(two(open, {}, withoutStorage('n')));
  expect(verdict?.kind).toBe('unknown');
  expect(verdict?.reasons).toEqual(['which subnet azurerm_network_interface.n is in is not known before the plan is applied']);
});

test('one of them lets a part of it out, and so does the machine', () => {
  const LOOKUP = { priority: 100, name: 'dns', direction: 'Outbound', access: 'Allow', protocol: 'Udp', source_port_range: '*', source_address_prefix: '*', destination_port_range: '53', destination_address_prefix: '*' };
  const narrow: Blocks = {
    azurerm_network_security_group: { two: { name: 'two', security_rule: [LOOKUP, { ...LOOKUP, name: 'deny', priority: 4096, access: 'Deny', protocol: '*', destination_port_range: '*' }] } },
    azurerm_subnet_network_security_group_association: { two: { subnet_id: '${azurerm_subnet.two.id}', network_security_group_id: '${azurerm_network_security_group.two.id}' } },
  };
  const verdict = found(two(open, LENT, narrow));
  expect(verdict?.kind).toBe('open');
  expect(verdict?.openTraffic?.flatMap(({ boxes }) => boxes.map(({ protocol, ports }) => [protocol, ports]))).toEqual([['udp', [[53n, 53n]]]]);
});

test('each of them is behind the same list of hosts', () => {
  const verdict = found(two(guarded, {}, associated(true, true)));
  expect([verdict?.kind, ...(verdict?.hosts ?? []).map(({ host }) => host)]).toEqual(['allowlisted', 'a.example.com']);
});

test('a list of hosts is none for what may stand past it', () => {
  expect(found(two(guarded, LENT))?.kind).toBe('unknown');
});

test('a list that names everything bounds nothing', () => {
  const wide = guardedNetwork({ application_rule_collection: [hosts('Allow', ['*'], 200, '10.0.1.0/24'), hosts('Deny', ['*'], 300, '10.0.0.0/16')] });
  expect(found(two(wide, {}, associated(true, true)))?.kind).toBe('unknown');
});

test('the subnets of gateways and firewalls hold no machine', () => {
  const named = { ...LENT, name: 'AzureFirewallSubnet' };
  expect(found(two(openNetwork(), named, withoutStorage('n')))?.kind).toBe('none');
  expect(found(two(openNetwork(), { ...named, name: 'firewall' }, withoutStorage('n')))?.kind).toBe('unknown');
});
