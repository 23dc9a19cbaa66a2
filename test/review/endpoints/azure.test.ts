/** Private endpoints of Azure: an edge for who gets there, and none for who is stopped. */
import { closedNetwork, finalDenies, merge, networkRule, route, rule, subnet, type Blocks } from '../azure/small-stack';
import { reached } from './reached';

type Body = Record<string, any>;
const ENDPOINTS = '10.0.9.0/24';
const out = (more: Body = {}): Body => rule({ destination_address_prefix: ENDPOINTS, ...more });
const inbound = (source: string): Body => rule({ name: 'in', direction: 'Inbound', source_address_prefix: source, destination_address_prefix: '*' });

const attached = (name: string): Blocks => ({
  azurerm_network_security_group: { [name]: { name, security_rule: finalDenies() } },
  azurerm_subnet_network_security_group_association: { [name]: { subnet_id: `\${azurerm_subnet.${name}.id}`, network_security_group_id: `\${azurerm_network_security_group.${name}.id}` } },
});

/** A subnet `app` and one for endpoints that lets it in, with network policies on. */
function reachedWith({ app = [out()], endpoints = [inbound('10.0.1.0/24')], policies = 'Enabled', more = {} }: { app?: Body[]; endpoints?: Body[]; policies?: string; more?: Blocks } = {}): readonly string[] {
  const stack = closedNetwork(merge(merge(attached('endpoints'), {
    azurerm_subnet: { endpoints: { ...subnet(ENDPOINTS), private_endpoint_network_policies: policies } },
    azurerm_private_endpoint: { vault: { name: 'vault', subnet_id: '${azurerm_subnet.endpoints.id}', private_service_connection: { name: 'vault', subresource_names: ['vault'] } } },
  }), more));
  const groups = stack.resource.azurerm_network_security_group!;
  groups.app!.security_rule = [...app, ...finalDenies()];
  groups.endpoints!.security_rule = [...endpoints, ...finalDenies()];
  return reached(stack)['azurerm_subnet.app']!;
}

test.each<[string, Parameters<typeof reachedWith>[0]]>([
  ['both sides allow it', {}],
  ['their group does not count, because network policies are off', { endpoints: [], policies: 'Disabled' }],
  ['nobody knows which group is theirs', { endpoints: [], more: { azurerm_subnet_network_security_group_association: { endpoints: { subnet_id: '${azurerm_subnet.endpoints.id}', network_security_group_id: '${var.group}' } } } }],
  ['nobody knows where they stand', { app: [], more: { azurerm_private_endpoint: { vault: { name: 'vault', subnet_id: '${var.subnet}', private_service_connection: { name: 'vault', subresource_names: ['vault'] } } } } }],
])('an edge when %s', (_, given) => {
  expect(reachedWith(given)).toEqual(['vault']);
});

test.each<[string, Parameters<typeof reachedWith>[0]]>([
  ['its group lets nothing out to them', { app: [] }],
  ['its group denies it first', { app: [out({ priority: 150, access: 'Deny', protocol: '*', destination_port_range: '*' }), out()] }],
  ['their group lets nobody in', { endpoints: [] }],
  ['their group lets others in', { endpoints: [inbound('10.0.2.0/24')] }],
  ['no port is open on both sides', { app: [out({ destination_port_range: '80' })] }],
  ['its table drops what goes there', { more: { azurerm_route_table: { app: { name: 'app', route: [route('10.0.0.0/16', 'None')] } } } }],
])('no edge when %s', (_, given) => {
  expect(reachedWith(given)).toEqual([]);
});

test('a table does not count where network policies are off: the endpoint is a route of its own', () => {
  expect(reachedWith({ policies: 'Disabled', more: { azurerm_route_table: { app: { name: 'app', route: [route('10.0.0.0/16', 'None')] } } } })).toEqual(['vault']);
});

/** The endpoints stand in a second network; a hub with a firewall may be between. */
function far(more: Blocks): readonly string[] {
  return reachedWith({
    app: [out({ destination_address_prefix: '10.1.9.0/24' })],
    more: merge({
      azurerm_virtual_network: { far: { name: 'far', address_space: ['10.1.0.0/16'] } },
      azurerm_subnet: { endpoints: { ...subnet('10.1.9.0/24', 'far'), private_endpoint_network_policies: 'Enabled' } },
    }, more),
  });
}
const peering = (from: string, to: string): Blocks => ({ azurerm_virtual_network_peering: { [`${from}_${to}`]: { name: `${from}-${to}`, virtual_network_name: `\${azurerm_virtual_network.${from}.name}`, remote_virtual_network_id: `\${azurerm_virtual_network.${to}.id}`, allow_virtual_network_access: true, allow_forwarded_traffic: true } } });
const hub = (rules: Body): Blocks => [['main', 'hub'], ['hub', 'main'], ['far', 'hub'], ['hub', 'far']].reduce((blocks, [from, to]) => ({ ...blocks, ...merge(blocks, peering(from!, to!)) }), {
  azurerm_virtual_network: { far: { name: 'far', address_space: ['10.1.0.0/16'] }, hub: { name: 'hub', address_space: ['10.2.0.0/16'] } },
  azurerm_subnet: { endpoints: { ...subnet('10.1.9.0/24', 'far'), private_endpoint_network_policies: 'Enabled' }, firewall: { ...subnet('10.2.0.0/26', 'hub'), name: 'AzureFirewallSubnet' } },
  azurerm_firewall_policy: { main: { name: 'main' } },
  azurerm_firewall_policy_rule_collection_group: { main: { name: 'main', firewall_policy_id: '${azurerm_firewall_policy.main.id}', priority: 100, ...rules } },
  azurerm_firewall: { main: { name: 'main', firewall_policy_id: '${azurerm_firewall_policy.main.id}', ip_configuration: { name: 'main', subnet_id: '${azurerm_subnet.firewall.id}' } } },
  azurerm_route_table: { app: { name: 'app', route: [{ ...route('10.1.0.0/16', 'VirtualAppliance'), next_hop_in_ip_address: '${azurerm_firewall.main.ip_configuration[0].private_ip_address}' }] } },
} as Blocks);

test('in another network: over a peering, or through a firewall that lets it through', () => {
  expect(far({})).toEqual([]);
  expect(far({ ...peering('main', 'far') })).toEqual(['vault']);
  // What it refuses is what the tag VirtualNetwork lets through: the group names the addresses.
  expect(far({ azurerm_virtual_network_peering: { main_far: { ...peering('main', 'far').azurerm_virtual_network_peering!.main_far, allow_virtual_network_access: false } } })).toEqual(['vault']);
  expect(far(hub({ network_rule_collection: [networkRule({ destination_addresses: ['10.1.9.0/24'] })] }))).toEqual(['vault']);
  expect(far(hub({ network_rule_collection: [networkRule({ destination_addresses: ['10.3.0.0/24'] })] }))).toEqual([]);
});

test('over a peering of some subnets: to those that it names, from all of its network', () => {
  const part = (more: Body): readonly string[] => far({ azurerm_virtual_network_peering: { main_far: { ...peering('main', 'far').azurerm_virtual_network_peering!.main_far, peer_complete_virtual_networks_enabled: false, ...more } } });
  const endpoints = 's10.1.9.0/24';
  expect([part({ local_subnet_names: ['other'], remote_subnet_names: [endpoints.toUpperCase()] }), part({ remote_subnet_names: '${var.names}' })]).toEqual([['vault'], ['vault']]);
  expect([part({ remote_subnet_names: ['other'] }), part({ remote_subnet_names: [endpoints], only_ipv6_peering_enabled: true })]).toEqual([[], []]);
});

test('in another network of one virtual WAN', () => {
  const wan = (hubOfFar: string): Blocks => ({
    azurerm_virtual_wan: { w: { name: 'w' } }, azurerm_virtual_hub: { h: { name: 'h', virtual_wan_id: '${azurerm_virtual_wan.w.id}' }, away: { name: 'away', virtual_wan_id: '${azurerm_virtual_wan.w.id}' }, alone: { name: 'alone' } },
    azurerm_virtual_hub_connection: Object.fromEntries([['main', 'h'], ['far', hubOfFar]].map(([network, to]) => [network, { name: network, virtual_hub_id: `\${azurerm_virtual_hub.${to}.id}`, remote_virtual_network_id: `\${azurerm_virtual_network.${network}.id}` }])),
  });
  expect([far(wan('h')), far(wan('away')), far(wan('alone'))]).toEqual([['vault'], ['vault'], []]);
});
