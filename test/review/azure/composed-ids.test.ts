/** Subnets by an id that somebody composes from that of their network: of such a text a plan shows the network alone. */
import { review } from './reviewed';
import { closedNetwork, finalDenies, merge, route, rule, subnet, withoutStorage, type Blocks } from './small-stack';

const composed = (name: string, network = 'n') => `\${azurerm_virtual_network.${network}.id}/subnets/${name}`;
const NIC = 'azurerm_network_interface.n';
/** A machine in a subnet that nothing leaves, for want of an address. */
const BARE: Blocks = {
  ...withoutStorage('n'),
  azurerm_virtual_network: { n: { name: 'n', address_space: ['10.1.0.0/16'] }, other: { name: 'other', address_space: ['10.2.0.0/16'] } }, azurerm_subnet: { bare: { ...subnet('10.1.1.0/24', 'n'), name: 'bare' } },
  azurerm_network_interface: { n: { ip_configuration: { subnet_id: '${azurerm_subnet.bare.id}' } } },
};
const attached = (kind: string, attribute: string, to: string, owner: string): Blocks => ({ [`azurerm_subnet_${kind}_association`]: { a: { subnet_id: owner, [attribute]: to } } });
const nat = (owner: string): Blocks => ({ azurerm_nat_gateway: { n: { name: 'n' } }, ...attached('nat_gateway', 'nat_gateway_id', '${azurerm_nat_gateway.n.id}', owner) });
const group = (owner: string): Blocks => ({ azurerm_network_security_group: { shut: { name: 'shut', security_rule: finalDenies() } }, ...attached('network_security_group', 'network_security_group_id', '${azurerm_network_security_group.shut.id}', owner) });
const OUT: Blocks = { azurerm_network_interface: { n: { ip_configuration: { subnet_id: '${azurerm_subnet.bare.id}', public_ip_address_id: '/subscriptions/x/publicIPAddresses/y' } } } };

test.each<[string, string, Blocks]>([
  ['nothing', 'none', {}],
  ['a NAT gateway for it', 'open', nat('${azurerm_subnet.bare.id}')],
  ['a NAT gateway for a subnet of the network', 'unknown', nat(composed('bare'))],
  ['a NAT gateway for a subnet that is composed from its group of resources', 'unknown', { azurerm_resource_group: { r: { name: 'r' } }, ...nat('${azurerm_resource_group.r.id}/providers/Microsoft.Network/virtualNetworks/n/subnets/bare') }],
  ['a NAT gateway for a subnet of another network', 'none', nat(composed('bare', 'other'))],
  ['an address, and a group for a subnet of the network, which may be another one', 'unknown', { ...OUT, ...group(composed('bare')) }],
  ['an address, and a group for it', 'none', { ...OUT, ...group('${azurerm_subnet.bare.id}') }],
  ['a NAT gateway for a subnet of the network, and another one for it', 'open', merge(nat('${azurerm_subnet.bare.id}'), { azurerm_subnet_nat_gateway_association: { b: { subnet_id: composed('bare'), nat_gateway_id: '/subscriptions/x/natGateways/y' } } })],
  ['a table that leads to an appliance', 'unknown', { azurerm_route_table: { t: { name: 't', route: [{ ...route('0.0.0.0/0', 'VirtualAppliance'), next_hop_in_ip_address: '10.9.9.9' }] } }, ...attached('route_table', 'route_table_id', '${azurerm_route_table.t.id}', composed('bare')) }],
  ['a composed subnet of its own', 'unknown', { azurerm_network_interface: { n: { ip_configuration: { subnet_id: composed('bare') } } } }],
])('a machine with %s: %s', (_, expected, more) => {
  const { verdicts, kind } = review(closedNetwork(merge(BARE, more)));
  expect(kind(NIC)).toBe(expected);
  // What the reader can do about it is to name the subnet.
  if ('azurerm_network_interface' in more && expected === 'unknown' && !('azurerm_network_security_group' in more)) expect(verdicts.find(({ place }) => place.id === NIC)?.reasons).toEqual([`the plan does not tell which subnet ${NIC} is in: it composes the id from that of azurerm_virtual_network.n`]);
});

test('a gateway whose subnet is composed gives its routes to the network', () => {
  const more: Blocks = {
    azurerm_subnet: { gateway: { ...subnet('10.1.9.0/24', 'n'), name: 'GatewaySubnet' } },
    azurerm_virtual_network_gateway: { g: { type: 'ExpressRoute', ip_configuration: { subnet_id: composed('GatewaySubnet') } } },
  };
  expect(review(closedNetwork(merge(BARE, more))).kind(NIC)).toBe('unknown');
});

describe('a public load balancer lends its address', () => {
  const POOL = '${azurerm_lb_backend_address_pool.p.id}';
  const balanced = (rule: string, nic: string): Blocks => ({
    azurerm_resource_group: { r: { name: 'r' } }, azurerm_public_ip: { p: { name: 'p' } }, azurerm_lb: { l: { frontend_ip_configuration: { name: 'f', public_ip_address_id: '${azurerm_public_ip.p.id}' } } }, azurerm_lb_backend_address_pool: { p: { name: 'p', loadbalancer_id: '${azurerm_lb.l.id}' } },
    azurerm_lb_outbound_rule: { o: { loadbalancer_id: '${azurerm_lb.l.id}', backend_address_pool_id: rule } }, azurerm_network_interface_backend_address_pool_association: { a: { network_interface_id: nic, backend_address_pool_id: POOL } },
  });
  const OWN = '${azurerm_network_interface.n.id}';

  test.each<[string, string, string, string]>([
    ['by a rule for its pool', 'open', POOL, OWN],
    ['by a rule for a composed pool', 'unknown', '${azurerm_lb.l.id}/backendAddressPools/p', OWN],
    ['to an interface that is composed', 'unknown', POOL, '${azurerm_resource_group.r.id}/providers/Microsoft.Network/networkInterfaces/n'],
    ['to an interface of another plan', 'none', POOL, '/subscriptions/x/networkInterfaces/y'],
  ])('%s: %s', (_, expected, rule, nic) => expect(review(closedNetwork(merge(BARE, balanced(rule, nic)))).kind(NIC)).toBe(expected));
});

describe('members of an application group may leave', () => {
  const IN: Blocks = {
    azurerm_resource_group: { r: { name: 'r' } }, azurerm_application_security_group: { web: { name: 'web' } },
    azurerm_network_security_group: { bare: { name: 'bare', security_rule: [rule({ source_address_prefix: null, source_application_security_group_ids: ['${azurerm_application_security_group.web.id}'], destination_address_prefix: '*', destination_port_range: '8443' }), ...finalDenies()] } },
    ...attached('network_security_group', 'network_security_group_id', '${azurerm_network_security_group.bare.id}', '${azurerm_subnet.bare.id}'),
    ...OUT,
  };
  const member = (nic: string): Blocks => merge(IN, { azurerm_network_interface_application_security_group_association: { a: { network_interface_id: nic, application_security_group_id: '${azurerm_application_security_group.web.id}' } } });

  test.each<[string, string, Blocks]>([
    ['nobody', 'none', IN],
    ['it', 'open', member('${azurerm_network_interface.n.id}')],
    ['an interface that is composed', 'unknown', member('${azurerm_resource_group.r.id}/providers/Microsoft.Network/networkInterfaces/n')],
    ['an interface that is looked up', 'unknown', member('${data.azurerm_network_interface.n.id}')],
    ['an interface of another plan', 'none', member('/subscriptions/x/networkInterfaces/y')],
  ])('%s: %s', (_, expected, more) => expect(review({ ...closedNetwork(merge(BARE, more)), data: { azurerm_network_interface: { n: { name: '${var.name}' } } } }).kind(NIC)).toBe(expected));
});
