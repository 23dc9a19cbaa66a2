/** What a change opens beside what was open to some: to one service of Azure, to one machine of a segment, to nobody for sure. */
import { parsePlan } from '../../../review/plan/load';
import { newWaysOut } from '../../../review/report/words';
import type { EgressDiff } from '../../../review/result';
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';

type Resources = Record<string, Record<string, object>>;
const ref = (type: string, name: string, attribute = 'id') => `\${azurerm_${type}.${name}.${attribute}}`;

/** A private subnet whose group lets out 443 alone, and machines in it. */
function network(own: Resources, { subnet = {}, machines = { app: 'one' } as Readonly<Record<string, string | undefined>> } = {}): Resources {
  const rule = (priority: number, access: string, port: string) => ({ name: `r${priority}`, priority, direction: 'Outbound', access, protocol: 'Tcp', source_port_range: '*', source_address_prefix: '*', destination_port_range: port, destination_address_prefix: 'Internet' });
  const named = Object.entries(machines);
  return {
    azurerm_virtual_network: { main: { name: 'main', address_space: ['10.0.0.0/16', 'fd00::/48'] } },
    azurerm_subnet: { app: { name: 'app', virtual_network_name: ref('virtual_network', 'main', 'name'), address_prefixes: ['10.0.1.0/24', 'fd00::/64'], default_outbound_access_enabled: false, ...subnet }, firewall: { name: 'AzureFirewallSubnet', virtual_network_name: ref('virtual_network', 'main', 'name'), address_prefixes: ['10.0.0.0/26'] } },
    azurerm_network_security_group: { app: { name: 'app', security_rule: [rule(100, 'Allow', '443'), { ...rule(200, 'Deny', '*'), protocol: '*' }] } },
    azurerm_subnet_network_security_group_association: { app: { subnet_id: ref('subnet', 'app'), network_security_group_id: ref('network_security_group', 'app') } },
    azurerm_network_interface: Object.fromEntries(named.map(([name]) => [name, { name, ip_configuration: [{ name: 'a', subnet_id: ref('subnet', 'app') }, { name: 'b', subnet_id: ref('subnet', 'app'), private_ip_address_version: 'IPv6' }] }])),
    azurerm_linux_virtual_machine: Object.fromEntries(named.map(([name, segment]) => [name, { name, network_interface_ids: [ref('network_interface', name)], ...(segment === undefined ? {} : { tags: { segment } }) }])),
    ...own,
  };
}

const NAT: Resources = {
  azurerm_nat_gateway: { main: { name: 'main', sku_name: 'Standard' } },
  azurerm_subnet_nat_gateway_association: { app: { subnet_id: ref('subnet', 'app'), nat_gateway_id: ref('nat_gateway', 'main') } },
};
const routed = (hop: object): Resources => ({
  azurerm_route_table: { app: { name: 'app', bgp_route_propagation_enabled: false, route: [{ name: 'out', address_prefix: '0.0.0.0/0', ...hop }] } },
  azurerm_subnet_route_table_association: { app: { subnet_id: ref('subnet', 'app'), route_table_id: ref('route_table', 'app') } },
});
const behindFirewall = (...destination_fqdns: readonly string[]): Resources => ({
  ...routed({ next_hop_type: 'VirtualAppliance', next_hop_in_ip_address: '10.0.0.4' }),
  azurerm_public_ip: { firewall: { name: 'firewall' } },
  azurerm_firewall_policy: { main: { name: 'main' } },
  azurerm_firewall_policy_rule_collection_group: { main: { priority: 100, firewall_policy_id: ref('firewall_policy', 'main'), application_rule_collection: [{ name: 'a', priority: 100, action: 'Allow', rule: [{ name: 'r', source_addresses: ['*'], destination_fqdns, protocols: [{ type: 'Https', port: 443 }] }] }] } },
  azurerm_firewall: { main: { name: 'main', firewall_policy_id: ref('firewall_policy', 'main'), ip_configuration: [{ name: 'a', subnet_id: ref('subnet', 'firewall'), private_ip_address: '10.0.0.4', public_ip_address_id: ref('public_ip', 'firewall') }] } },
});

function diff(before: Resources, after: Resources): EgressDiff {
  const parsed = (resource: Resources) => parsePlan(JSON.stringify({ resource }), 'cdk.tf.json');
  return review({ inputs: [parsed(after)], base: [parsed(before)], today: TODAY }).diff as EgressDiff;
}

const said = ({ reach }: EgressDiff) => reach.map(({ change, who, what, places = [] }) => [change, who, what, ...places].join(' '));

describe('beside storage accounts of anybody', () => {
  test('a NAT gateway opens the same port to everybody', () => {
    expect(said(diff(network({}), network(NAT)))).toEqual(['became-open one tcp/443 to the internet azurerm_linux_virtual_machine.app']);
  });

  test('a host is new, though the storage is called on its port', () => {
    const subnet = { service_endpoints: ['Microsoft.Storage'] };
    const [one, two] = [['a.example.com'], ['a.example.com', 'b.example.com']].map((hosts) => network(behindFirewall(...hosts), { subnet }));
    expect(said(diff(one!, two!))).toEqual(['opened one tls b.example.com:443']);
  });

  test('another service is another way', () => {
    const [storage, both] = [['Microsoft.Storage'], ['Microsoft.Storage', 'Microsoft.KeyVault']].map((service_endpoints) => network(routed({ next_hop_type: 'None' }), { subnet: { service_endpoints } }));
    expect(new Set(said(diff(storage!, both!)))).toEqual(new Set(['became-open one tcp/443 to Microsoft.KeyVault of every customer azurerm_linux_virtual_machine.app']));
  });

  test('what was open to everybody was so to them', () => {
    expect(newWaysOut(diff(network(NAT), network({})))).toBe(0);
  });
});

describe('a name that is refused before a wildcard', () => {
  const collections = (...all: readonly [string, number, string][]) => {
    const written = behindFirewall();
    const application_rule_collection = all.map(([action, priority, host]) => ({ name: `${priority}`, priority, action, rule: [{ name: 'r', source_addresses: ['*'], destination_fqdns: [host], protocols: [{ type: 'Https', port: 443 }] }] }));
    return network({ ...written, azurerm_firewall_policy_rule_collection_group: { main: { ...written['azurerm_firewall_policy_rule_collection_group']?.['main'], application_rule_collection } } });
  };
  const WILD: [string, number, string] = ['Allow', 200, '*.example.com'];
  const refused = collections(['Deny', 100, 'a.example.com'], WILD);

  test.each([
    ['and no more', collections(WILD)],
    ['and after it now', collections(['Deny', 300, 'a.example.com'], WILD)],
  ])('%s, is opened, and closed by the way back', (_, after) => {
    expect(said(diff(refused, after))).toEqual(['opened one tls a.example.com:443']);
    expect(said(diff(after, refused))).toEqual(['closed one tls a.example.com:443']);
  });

  test('and behind the same wildcard is let through', () => {
    expect(said(diff(refused, collections(['Allow', 50, '*.example.com'], ['Deny', 100, 'a.example.com'], WILD)))).toEqual(['opened one tls a.example.com:443']);
  });

  test('is told with the list', () => {
    expect(said(diff(network({}), refused))).toContain('opened one tls *.example.com:443 (not a.example.com)');
  });
});

test('a new machine does not reach what another one brings into their segment', () => {
  const own = behindFirewall('a.example.com');
  const changed = diff(network(own, { machines: { app: undefined } }), network(own, { machines: { app: 'one', fresh: 'one' } }));
  expect(said(changed).filter((each) => each.includes('tls'))).toEqual(['opened one tls a.example.com:443 azurerm_linux_virtual_machine.fresh']);
  expect(said(diff(network(own), network(own, { machines: { app: 'one', fresh: 'one' } })))).toEqual([]);
});

describe('of what was open and may be so', () => {
  const onward = network(routed({ next_hop_type: 'VirtualAppliance', next_hop_in_ip_address: '10.0.1.9' }));

  test('nothing is new', () => {
    expect(newWaysOut(diff(network(NAT), onward))).toBe(0);
  });

  test('nothing is closed for certain, where others stay open', () => {
    const beside = (own: Resources): Resources => network({ ...own, azurerm_data_factory: { other: { name: 'other', tags: { segment: 'one' } } } });
    const kept = diff(beside(NAT), beside(routed({ next_hop_type: 'VirtualAppliance', next_hop_in_ip_address: '10.0.1.9' })));
    expect(said(kept)).toEqual(['perhaps-closed one anything azurerm_linux_virtual_machine.app']);
  });
});

// Its frontends and those of firewalls have addresses of IPv4.
test('a relay is asked over IPv4', () => {
  const gateway = { frontend_ip_configuration: [{ name: 'f', subnet_id: ref('subnet', 'app'), private_ip_address: '10.0.1.10' }], frontend_port: [{ name: 'p', port: 443 }], backend_address_pool: [{ name: 'b', fqdns: ['relay.example.com'] }], http_listener: [{ name: 'l', frontend_ip_configuration_name: 'f', frontend_port_name: 'p' }], request_routing_rule: [{ name: 'r', http_listener_name: 'l', backend_address_pool_name: 'b' }] };
  const resource = network({ ...routed({ next_hop_type: 'None' }), azurerm_application_gateway: { main: gateway } });
  const { verdicts } = review({ inputs: [parsePlan(JSON.stringify({ resource }), 'cdk.tf.json')], today: TODAY });
  expect(verdicts.filter(({ place }) => place === 'azurerm_linux_virtual_machine.app').map(({ family, verdict, hosts }) => [family, verdict, hosts.map(({ host }) => host)])).toEqual([[4, 'allowlisted', ['relay.example.com']], [6, 'none', []]]);
});
