/** Groups that let the world in, and subnets that nothing but a gateway may stand in. */
import { review } from './reviewed';
import { closedNetwork, finalDenies, openNetwork, rule, subnet, type Blocks } from './small-stack';

const inbound = (more: object) => rule({ direction: 'Inbound', source_address_prefix: '*', destination_address_prefix: '*', destination_port_range: '22', ...more });
const group = (...rules: readonly Record<string, any>[]): Blocks => ({ azurerm_network_security_group: { app: { name: 'app', security_rule: [...rules, ...finalDenies()] } } });
const told = (stack: object) => review(stack).findings.filter(({ rule: id }) => id === 'wide-group-ingress').map(({ address, message, severity, confidence }) => [address, message, severity, confidence].filter((part) => part !== undefined).join(' | '));
const PUBLIC: Blocks = { azurerm_public_ip: { p: { name: 'p' } } };
const wide = (more: object, ...before: readonly Record<string, any>[]) => told(openNetwork({ ...PUBLIC, ...group(...before, inbound(more)) })).length > 0;

describe('a group that lets the world in', () => {
  test('is told with the rule, and less where nothing of the plan has a public address', () => {
    const words = "azurerm_network_security_group.app | rule 'added' lets * in on tcp 22";
    expect([told(openNetwork({ ...PUBLIC, ...group(inbound({})) })), told(openNetwork(group(inbound({}))))]).toEqual([[words], [`${words} | medium`]]);
  });

  test.each<[string, boolean, object]>([
    ['ssh from the tag Internet', true, { source_address_prefix: 'Internet' }],
    ['rdp among other ports', true, { destination_port_range: null, destination_port_ranges: ['443', '3000-4000'] }],
    ['remote management', true, { destination_port_range: '5986' }],
    ['every port of every protocol', true, { protocol: '*', destination_port_range: '*' }],
    ['every port but 0', true, { destination_port_range: '1-65535' }],
    ['halves of the world', true, { source_address_prefix: null, source_address_prefixes: ['0.0.0.0/1', '128.0.0.0/1'] }],
    ['IPv6 alone', true, { source_address_prefix: '::/0' }],
    ['the machines of all customers', true, { source_address_prefix: 'AzureCloud.westeurope' }],
    ['a service of everybody', false, { destination_port_range: '443' }],
    ['a range of partners', false, { source_address_prefix: '203.0.113.0/24' }],
    ['probes of load balancers', false, { source_address_prefix: 'AzureLoadBalancer', destination_port_range: '*' }],
    ['the network', false, { source_address_prefix: 'VirtualNetwork', destination_port_range: '*' }],
    ['a service of Azure', false, { source_address_prefix: 'GatewayManager', destination_port_range: '*' }],
    ['udp', false, { protocol: 'Udp', destination_port_range: '3389' }],
    ['a rule that denies', false, { access: 'Deny' }],
    ['a rule for what goes out', false, { direction: 'Outbound', source_address_prefix: '*' }],
  ])('%s: %s', (_, expected, more) => expect(wide(more)).toBe(expected));

  test('not what an earlier rule takes all of', () => {
    const deny = (more: object) => inbound({ name: 'deny', access: 'Deny', priority: 100, ...more });
    expect([wide({}, deny({})), wide({}, deny({ source_address_prefix: '203.0.113.0/24' })), wide({}, deny({ priority: 300 }))]).toEqual([false, true, true]);
  });

  test('is told once where nothing leads back out', () => {
    const { findings } = review(closedNetwork({ ...PUBLIC, ...group(inbound({})) }));
    expect(findings.filter(({ rule: id }) => ['wide-group-ingress', 'internet-ingress-on-private-segment'].includes(id)).map(({ rule: id }) => id)).toEqual(['internet-ingress-on-private-segment']);
    expect(told(closedNetwork({ ...PUBLIC, ...group(inbound({ name: 'web', priority: 100, destination_port_range: '443' }), inbound({})) }))).toHaveLength(1);
  });

  test('of another plan, or asked before any group', () => {
    const foreign = { ...inbound({}), network_security_group_name: 'theirs', resource_group_name: 'theirs' };
    expect(told(closedNetwork({ ...PUBLIC, azurerm_network_security_rule: { r: foreign } }))).toEqual(["azurerm_network_security_rule.r | rule 'added' lets * in on tcp 22, in a security group that is not in the plan"]);
    const admin = (action: string) => told(closedNetwork({ ...PUBLIC, azurerm_network_manager_admin_rule: { a: { name: 'a', action, priority: 1, direction: 'Inbound', protocol: 'Tcp', destination_port_ranges: ['22'], source: [{ address_prefix: 'Internet', address_prefix_type: 'ServiceTag' }] } } }));
    expect([admin('AlwaysAllow'), admin('Allow'), admin('Deny')]).toEqual([["azurerm_network_manager_admin_rule.a | rule 'a' lets Internet in on tcp 22 before any security group is asked"], [], []]);
  });
});

test('the subnet of an application gateway stands for no workload, but one that is in it', () => {
  const gateway: Blocks = { azurerm_subnet: { gateway: subnet('10.0.6.0/24') }, azurerm_application_gateway: { g: { gateway_ip_configuration: [{ name: 'g', subnet_id: '${azurerm_subnet.gateway.id}' }] } } };
  const places = (more: Blocks) => review(closedNetwork({ ...gateway, ...more })).verdicts.map(({ place, kind }) => `${place.id} ${kind}`);
  expect(places({})).toEqual(['azurerm_subnet.app none']);
  expect(places({ azurerm_application_gateway: {} })).toContain('azurerm_subnet.gateway open');
  expect(places({ azurerm_public_ip: { p: { name: 'p' } }, azurerm_network_interface: { n: { ip_configuration: { subnet_id: '${azurerm_subnet.gateway.id}', public_ip_address_id: '${azurerm_public_ip.p.id}' } } } })).toContain('azurerm_network_interface.n open');
});

test('a connection to a gateway of another plan is told as a peering is', () => {
  const joined = (peer: string) => review(closedNetwork({ azurerm_virtual_network_gateway: { ours: { name: 'ours' } }, azurerm_virtual_network_gateway_connection: { c: { type: 'Vnet2Vnet', peer_virtual_network_gateway_id: peer } } })).findings.filter(({ rule: id }) => id === 'foreign-peering').map(({ message }) => message);
  expect(joined('/subscriptions/x/virtualNetworkGateways/y')).toEqual(['peer_virtual_network_gateway_id /subscriptions/x/virtualNetworkGateways/y names no gateway of this plan']);
  expect(joined('${azurerm_virtual_network_gateway.ours.id}')).toEqual([]);
});

test('a network manager of others that may manage networks here is told as a peering is', () => {
  const managed = (network_manager_id: string) => review(closedNetwork({ azurerm_network_manager: { ours: { name: 'ours' } }, azurerm_network_manager_subscription_connection: { c: { subscription_id: '/subscriptions/0', network_manager_id } }, azurerm_network_manager_management_group_connection: { c: { network_manager_id } } }))
    .findings.filter(({ rule: id }) => id === 'foreign-peering').map(({ message }) => message);
  expect(managed('/theirs')).toEqual(['/theirs, which the plan does not make, may join networks of /subscriptions/0, and let through what their groups deny', '/theirs, which the plan does not make, may join networks of management group, and let through what their groups deny']);
  expect(managed('${azurerm_network_manager.ours.id}')).toEqual([]);
});

test('a ruleset of others that a network asks for names', () => {
  const asked = (dns_forwarding_ruleset_id: string) => review(closedNetwork({ azurerm_private_dns_resolver_dns_forwarding_ruleset: { ours: { name: 'ours' } }, azurerm_private_dns_resolver_virtual_network_link: { l: { dns_forwarding_ruleset_id, virtual_network_id: '${azurerm_virtual_network.main.id}' } } }))
    .findings.filter(({ rule: id }) => id === 'dns-forwarded-outside').map(({ message }) => message);
  expect(asked('/theirs')).toEqual(['/theirs, which is not in the plan, says who is asked for names: whoever that is reads them']);
  expect(asked('${azurerm_private_dns_resolver_dns_forwarding_ruleset.ours.id}')).toEqual([]);
});
