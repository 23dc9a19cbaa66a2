/** Public addresses let out packets of their own family: a machine of both has a way out for each that it has an address of. */
import { review } from './reviewed';
import { merge, openNetwork, route, subnet, withoutStorage, type Blocks } from './small-stack';

const SUBNET = '${azurerm_subnet.app.id}';
const BASE: Blocks = {
  azurerm_virtual_network: { main: { name: 'main', address_space: ['10.0.0.0/16', 'fd00::/48'] } }, azurerm_subnet: { app: { ...subnet('10.0.1.0/24'), address_prefixes: ['10.0.1.0/24', 'fd00::/64'] } },
  azurerm_route_table: { app: { name: 'app', bgp_route_propagation_enabled: false, route: [route('0.0.0.0/0', 'Internet'), route('::/0', 'Internet')] } },
  azurerm_public_ip: { four: { name: 'four' }, six: { name: 'six', ip_version: 'IPv6' } }, ...withoutStorage('n'),
};
/** A machine of both families, with these addresses. */
const machine = (four?: string, six?: string): Blocks => ({
  azurerm_network_interface: {
    n: {
      ip_configuration: [['a', 'IPv4', four], ['b', 'IPv6', six]].map(([name, version, address]) => ({ name, subnet_id: SUBNET, private_ip_address_version: version, ...(address === undefined ? {} : { public_ip_address_id: `\${azurerm_public_ip.${address}.id}` }) })),
    },
  },
});
const kinds = (...more: readonly Blocks[]) => review(openNetwork(more.reduce(merge, BASE))).verdicts.filter(({ place }) => place.id === 'azurerm_network_interface.n').map(({ kind }) => kind);

test.each<[string | undefined, string | undefined, readonly string[]]>([[undefined, undefined, ['none', 'none']], ['four', undefined, ['open', 'none']], [undefined, 'six', ['none', 'open']], ['four', 'six', ['open', 'open']]])('of its own: %s and %s', (four, six, expected) => {
  expect(kinds(machine(four, six))).toEqual(expected);
});

test('a version that is not known may be either', () => {
  const { n } = machine('four')['azurerm_network_interface']!;
  expect(kinds({ azurerm_network_interface: { n: { ip_configuration: n!['ip_configuration'].map((each: object) => ({ ...each, private_ip_address_version: '${var.version}' })) } } })).toEqual(['open', 'open']);
});

describe('of a load balancer', () => {
  const balancer = (...frontends: readonly object[]): Blocks => ({
    ...machine(), azurerm_lb: { l: { name: 'l', frontend_ip_configuration: frontends.map((each, index) => ({ name: `f${index}`, ...each })) } }, azurerm_lb_backend_address_pool: { p: { name: 'p', loadbalancer_id: '${azurerm_lb.l.id}' } },
    azurerm_lb_outbound_rule: { o: { name: 'o', loadbalancer_id: '${azurerm_lb.l.id}', backend_address_pool_id: '${azurerm_lb_backend_address_pool.p.id}', protocol: 'All', frontend_ip_configuration: [{ name: 'f0' }] } },
    azurerm_network_interface_backend_address_pool_association: { a: { network_interface_id: '${azurerm_network_interface.n.id}', ip_configuration_name: 'a', backend_address_pool_id: '${azurerm_lb_backend_address_pool.p.id}' } },
    azurerm_public_ip_prefix: { four: { name: 'four' }, six: { name: 'six', ip_version: 'IPv6' } },
  });
  const address = (name: string) => ({ public_ip_address_id: `\${azurerm_public_ip.${name}.id}` });
  const prefix = (name: string) => ({ public_ip_prefix_id: `\${azurerm_public_ip_prefix.${name}.id}` });

  test.each<[string, readonly string[], readonly object[]]>([
    ['inside', ['none', 'none'], [{ subnet_id: SUBNET }]],
    ['IPv4', ['open', 'none'], [address('four')]],
    ['IPv6', ['none', 'open'], [address('six')]],
    ['both', ['open', 'open'], [address('four'), address('six')]],
    ['out of a prefix', ['open', 'none'], [prefix('four')]],
    ['out of a prefix of IPv6', ['none', 'open'], [prefix('six')]],
    ['of another plan', ['open', 'open'], [{ public_ip_address_id: '/subscriptions/x/publicIPAddresses/y' }]],
  ])('%s: %j', (_, expected, frontends) => expect(kinds(balancer(...frontends))).toEqual(expected));
});
