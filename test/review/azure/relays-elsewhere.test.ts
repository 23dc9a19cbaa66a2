/** What leads its callers out again stands in a network that is no peer: whether their packets get there. */
import { review } from './reviewed';
import { closedNetwork, finalDenies, route, rule, subnet, type Blocks } from './small-stack';

const NIC = 'azurerm_network_interface.n';
const all = (...blocks: readonly Blocks[]): Blocks => blocks.reduce((sum, each) => {
  const result = { ...sum };
  for (const [type, named] of Object.entries(each)) result[type] = { ...result[type], ...named };
  return result;
}, {});
const network = (name: string, space: string): Blocks => ({ azurerm_virtual_network: { [name]: { name, address_space: [space] } }, azurerm_subnet: { [name]: { ...subnet(space.replace('0.0/16', '1.0/24'), name), name } } });
const peered = (...pairs: readonly (readonly [string, string])[]): Blocks => ({
  azurerm_virtual_network_peering: Object.fromEntries(pairs.flatMap(([a, b]) => [[a, b], [b, a]] as const).map(([own, other]) => [`${own}-${other}`, { name: `${own}-${other}`, virtual_network_name: `\${azurerm_virtual_network.${own}.name}`, remote_virtual_network_id: `\${azurerm_virtual_network.${other}.id}` }])),
});
const PROXY: Blocks = all(network('far', '10.3.0.0/16'), {
  azurerm_application_gateway: {
    g: {
      name: 'g', frontend_ip_configuration: [{ name: 'f', subnet_id: '${azurerm_subnet.far.id}', private_ip_address: '10.3.1.10' }], frontend_port: [{ name: 'p', port: 443 }], backend_address_pool: [{ name: 'b', fqdns: ['a.example.com'] }],
      http_listener: [{ name: 'l', frontend_ip_configuration_name: 'f', frontend_port_name: 'p' }], request_routing_rule: [{ name: 'r', http_listener_name: 'l', backend_address_pool_name: 'b' }],
    },
  },
  azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ destination_address_prefix: '10.0.0.0/8' }), ...finalDenies()] } }, azurerm_network_interface: { n: { ip_configuration: { subnet_id: '${azurerm_subnet.app.id}' } } },
});
const kind = (...more: readonly Blocks[]) => review(closedNetwork(all(PROXY, ...more))).kind(NIC);
const table = (hop: string): Blocks => ({ azurerm_route_table: { app: { name: 'app', bgp_route_propagation_enabled: false, route: [{ ...route('0.0.0.0/0', 'VirtualAppliance'), next_hop_in_ip_address: hop }] } } });

test('a peer', () => expect([kind(), kind(peered(['main', 'far']))]).toEqual(['none', 'allowlisted']));

describe('behind the firewall of a hub', () => {
  const hub = (destination: string): Blocks => all(network('hub', '10.9.0.0/16'), table('10.9.0.4'), {
    azurerm_subnet: { firewall: { ...subnet('10.9.0.0/26', 'hub'), name: 'AzureFirewallSubnet' } }, azurerm_public_ip: { firewall: { name: 'firewall' } }, azurerm_firewall_policy: { p: { name: 'p' } },
    azurerm_firewall: { f: { name: 'f', firewall_policy_id: '${azurerm_firewall_policy.p.id}', ip_configuration: [{ name: 'a', private_ip_address: '10.9.0.4', subnet_id: '${azurerm_subnet.firewall.id}', public_ip_address_id: '${azurerm_public_ip.firewall.id}' }] } },
    azurerm_firewall_policy_rule_collection_group: { g: { name: 'g', priority: 100, firewall_policy_id: '${azurerm_firewall_policy.p.id}', network_rule_collection: [{ name: 'n', priority: 100, action: 'Allow', rule: [{ name: 'n', source_addresses: ['*'], destination_addresses: [destination], destination_ports: ['443'], protocols: ['TCP'] }] }] } },
  });
  const BOTH = peered(['main', 'hub'], ['far', 'hub']);

  test.each<[string, string, readonly Blocks[]]>([
    ['that lets the call through', 'allowlisted', [hub('10.0.0.0/8'), BOTH]],
    ['that lets others through', 'none', [hub('10.77.0.0/16'), BOTH]],
    ['that is not joined with it', 'none', [hub('10.0.0.0/8'), peered(['main', 'hub'])]],
    ['that no route leads to', 'none', [hub('10.0.0.0/8'), BOTH, { azurerm_route_table: { app: { name: 'app', bgp_route_propagation_enabled: false, route: [route('0.0.0.0/0', 'None')] } } }]],
  ])('%s: %s', (_, expected, blocks) => expect(kind(...blocks)).toBe(expected));
});

test.each<[string, string, string]>([['of one hub', 'allowlisted', 'near'], ['of two hubs of one virtual WAN', 'allowlisted', 'away'], ['of a hub of another one', 'none', 'alone']])('networks %s: %s', (_, expected, hub) => {
  expect(kind({
    azurerm_virtual_wan: { w: { name: 'w' }, v: { name: 'v' } },
    azurerm_virtual_hub: Object.fromEntries([['near', 'w'], ['away', 'w'], ['alone', 'v']].map(([name, wan]) => [name, { name, virtual_wan_id: `\${azurerm_virtual_wan.${wan}.id}` }])),
    azurerm_virtual_hub_connection: Object.fromEntries([['main', 'near'], ['far', hub]].map(([name, to]) => [name, { name, virtual_hub_id: `\${azurerm_virtual_hub.${to}.id}`, remote_virtual_network_id: `\${azurerm_virtual_network.${name}.id}` }])),
  })).toBe(expected);
});

test.each<[string, string, string]>([['151.101.1.69', 'near', 'allowlisted'], ['10.9.9.9', 'near', 'none'], ['151.101.1.69', 'far', 'none']])('a private link service for %s with an endpoint that is %s: %s', (destination_ip_address, where, expected) => {
  const { azurerm_application_gateway: _, ...rest } = PROXY;
  expect(review(closedNetwork(all(rest, network('other', '10.7.0.0/16'), peered(['main', where === 'near' ? 'other' : 'far']), {
    azurerm_private_link_service: { s: { name: 's', destination_ip_address, nat_ip_configuration: [{ name: 'n', primary: true, subnet_id: '${azurerm_subnet.far.id}' }] } },
    azurerm_private_endpoint: { e: { name: 'e', subnet_id: '${azurerm_subnet.other.id}', private_service_connection: [{ name: 'e', is_manual_connection: false, private_connection_resource_id: '${azurerm_private_link_service.s.id}' }] } },
  }))).kind(NIC)).toBe(expected);
});

describe('a proxy that a cluster is told to use', () => {
  const using = (http_proxy: string, more: Blocks = {}) => review(closedNetwork(all({
    azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ destination_address_prefix: '10.0.0.0/8', destination_port_range: '3128' }), ...finalDenies()] } },
    azurerm_network_interface: { n: { ip_configuration: { subnet_id: '${azurerm_subnet.app.id}' } } },
    azurerm_kubernetes_cluster: { k: { name: 'k', network_profile: { outbound_type: 'userDefinedRouting' }, default_node_pool: { vnet_subnet_id: '${azurerm_subnet.app.id}' }, http_proxy_config: [{ http_proxy, https_proxy: http_proxy }] } },
  }, more)));

  test.each<[string, string]>([
    ['http://10.0.9.9:3128', 'unknown'], ['http://proxy.corp.example:3128/', 'unknown'], ['http://user@10.200.0.4:3128', 'unknown'], ['${azurerm_linux_virtual_machine.proxy.private_ip_address}', 'unknown'],
    ['http://10.0.9.9:8080', 'none'], ['http://151.101.1.69:3128', 'none'], ['http://192.168.0.9:3128', 'none'],
  ])('%s: %s', (url, expected) => {
    const reviewed = using(url);
    expect(reviewed.verdicts.filter(({ place, family }) => family === 4 && place.id !== 'azurerm_subnet.app').map(({ kind: own }) => own)).toEqual([expected, expected]);
  });

  test('one that nobody is let to is none, and a firewall of the plan is followed by its rules', () => {
    expect(using('http://10.0.9.9:3128', { azurerm_network_security_group: { app: { name: 'app', security_rule: finalDenies() } } }).kind(NIC)).toBe('none');
    expect(using('${azurerm_firewall.f.ip_configuration[0].private_ip_address}', { azurerm_firewall: { f: { name: 'f' } } }).kind(NIC)).toBe('none');
  });
});
