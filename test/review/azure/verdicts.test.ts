/** How Azure decides, one fact a test. */
import { trafficWords } from '../../../review/paths/traffic-words';
import { review } from './reviewed';
import { closedNetwork, finalDenies, guardedNetwork, hosts, merge, networkRule, openNetwork, route, rule, subnet, withoutStorage, type Blocks } from './small-stack';

const APP = 'azurerm_subnet.app';
const group = (...rules: readonly Record<string, any>[]): Blocks => ({ azurerm_network_security_group: { app: { name: 'app', security_rule: rules } } });
const table = (...routes: readonly Record<string, any>[]): Blocks => ({ azurerm_route_table: { app: { name: 'app', bgp_route_propagation_enabled: false, route: routes } } });
const witness = (stack: object, place = APP) => review(stack).verdicts.find((verdict) => verdict.place.id === place)!.witness?.map(({ kind, label }) => `${kind}${label ? ` ${label}` : ''}`);
const hostsOf = (stack: object) => review(stack).verdicts.find(({ place }) => place.id === APP)!.hosts.map(({ host }) => host);

describe('security groups', () => {
  test.each<[string, string, object]>([
    ['a closed network', 'none', closedNetwork()],
    ['no rule at all: AllowInternetOutBound', 'open', openNetwork(group())],
    ['a deny below an allow', 'open', openNetwork(group(rule({ priority: 100, destination_address_prefix: 'Internet' }), ...finalDenies()))],
    ['a deny above an allow', 'none', openNetwork(group(rule({ priority: 100, access: 'Deny', protocol: '*', destination_address_prefix: '*', destination_port_range: '*' }), rule({ destination_address_prefix: 'Internet' })))],
    ['half of all addresses', 'open', openNetwork(group(rule({ destination_address_prefix: '128.0.0.0/1' }), ...finalDenies()))],
    ['a deny of one half leaves the other', 'open', openNetwork(group(rule({ access: 'Deny', protocol: '*', destination_address_prefix: '0.0.0.0/1', destination_port_range: '*' })))],
    ['a deny of both halves leaves nothing', 'none', openNetwork(group(rule({ access: 'Deny', protocol: '*', destination_address_prefixes: ['0.0.0.0/1', '128.0.0.0/1'], destination_port_range: '*' })))],
    ['a deny of tcp leaves udp', 'open', openNetwork(group(rule({ access: 'Deny', destination_address_prefix: '*', destination_port_range: '*' })))],
    ['a deny of ports leaves the others', 'open', openNetwork(group(rule({ access: 'Deny', protocol: '*', destination_address_prefix: '*', destination_port_range: null, destination_port_ranges: ['0-442', '444-65535'] })))],
    ['the tag of a service is other customers, too', 'open', openNetwork(group(rule({ destination_address_prefix: 'Storage.WestEurope' }), ...finalDenies()))],
    ['a deny of a service tag denies nothing for sure', 'open', openNetwork(group(rule({ access: 'Deny', protocol: '*', destination_address_prefix: 'AzureCloud', destination_port_range: '*' })))],
    ['a deny of the tag Internet', 'none', openNetwork(group(rule({ access: 'Deny', protocol: '*', destination_address_prefix: 'Internet', destination_port_range: '*' })))],
    ['VirtualNetwork without a route is the network', 'none', openNetwork({ ...group(rule({ destination_address_prefix: 'VirtualNetwork' }), ...finalDenies()), ...table() })],
    ['VirtualNetwork takes in what routes name', 'open', openNetwork(group(rule({ destination_address_prefix: 'VirtualNetwork' }), ...finalDenies()))],
    ['an allow for the source of somebody else', 'none', openNetwork(group(rule({ source_address_prefix: '10.0.9.0/24', destination_address_prefix: '*' }), ...finalDenies()))],
    ['a deny for a part of the subnet', 'open', openNetwork(group(rule({ access: 'Deny', protocol: '*', source_address_prefix: '10.0.1.0/25', destination_address_prefix: '*', destination_port_range: '*' })))],
    ['an allow for members of an application group', 'open', openNetwork({ ...group(rule({ source_address_prefix: null, source_application_security_group_ids: ['${azurerm_application_security_group.web.id}'], destination_address_prefix: '*' }), ...finalDenies()), azurerm_application_security_group: { web: { name: 'web' } } })],
    ['a destination that is not known', 'unknown', openNetwork(group(rule({ destination_address_prefix: '${var.somewhere}' }), ...finalDenies()))],
    ['an unknown rule that leads nowhere', 'none', closedNetwork(group(rule({ destination_address_prefix: '${var.somewhere}' }), ...finalDenies()))],
    ['an access that is not known', 'unknown', openNetwork(group(rule({ access: '${var.access}', destination_address_prefix: '*' }), ...finalDenies()))],
    ['rules beside the group', 'open', openNetwork({ ...group(...finalDenies()), azurerm_network_security_rule: { web: { ...rule({ destination_address_prefix: '*' }), network_security_group_name: '${azurerm_network_security_group.app.name}' } } })],
  ])('%s: %s', (_, kind, stack) => {
    expect(review(stack).kind(APP)).toBe(kind);
  });

  test('addresses that many rules list are no list together', () => {
    const rules = (count: number) => ({ name: 'n', priority: 100, action: 'Allow', rule: Array.from({ length: count }, (_, index) => ({ name: `r${index}`, source_addresses: ['*'], destination_addresses: [`20.${index}.0.0/17`], destination_ports: ['443'], protocols: ['TCP'] })) });
    expect([2, 3].map((count) => review(guardedNetwork({ network_rule_collection: [rules(count)] })).kind(APP))).toEqual(['allowlisted', 'open']);
  });

  test('an allow of a protocol without ports holds whatever port it names, and a deny may not', () => {
    const kindOf = (access: string, ...more: readonly Record<string, any>[]) => review(openNetwork(group(rule({ access, protocol: 'Icmp', destination_address_prefix: 'Internet', destination_port_range: '443' }), ...more))).kind(APP);
    expect([kindOf('Allow', ...finalDenies()), kindOf('Deny')]).toEqual(['open', 'open']);
  });

  test.each([['Icmp', 'icmp to the internet'], ['Esp', 'esp to the internet']])('%s alone is a way out', (protocol, words) => {
    const stack = openNetwork(group(rule({ protocol, destination_address_prefix: 'Internet', destination_port_range: '*' }), ...finalDenies()));
    const verdict = review(stack).verdicts.find(({ place }) => place.id === APP)!;
    expect([verdict.kind, verdict.openTraffic!.flatMap(trafficWords)]).toEqual(['open', [words]]);
  });

  test('a built-in rule is a step of the path', () => {
    expect(witness(openNetwork(group()))).toContain('provider-default built-in rule AllowInternetOutBound');
  });
});

describe('routes', () => {
  test.each<[string, string, object]>([
    ['the longest prefix wins', 'open', openNetwork(table(route('0.0.0.0/0', 'None'), route('8.8.8.0/24', 'Internet')))],
    ['two halves cover a default route', 'none', openNetwork(table(route('0.0.0.0/0', 'Internet'), route('0.0.0.0/1', 'None'), route('128.0.0.0/1', 'None')))],
    ['an empty table leaves the system route', 'open', openNetwork(table())],
    ['a gateway whose other side is not in the plan', 'unknown', openNetwork(table(route('0.0.0.0/0', 'VirtualNetworkGateway')))],
    ['an appliance that is not in the plan', 'unknown', openNetwork(table({ ...route('0.0.0.0/0', 'VirtualAppliance'), next_hop_in_ip_address: '10.9.9.9' }))],
    ['a service tag beside a drop', 'open', openNetwork(table(route('0.0.0.0/0', 'None'), route('AzureCloud', 'Internet')))],
    ['a prefix that is not known', 'unknown', openNetwork(table(route('0.0.0.0/0', 'None'), { ...route('x', 'Internet'), address_prefix: '${var.prefix}' }))],
    ['a next hop that is not known', 'unknown', openNetwork(table({ ...route('0.0.0.0/0', 'None'), next_hop_type: '${var.hop}' }))],
    ['a service endpoint is more specific than any route', 'open', openNetwork({ ...table(route('0.0.0.0/0', 'None')), azurerm_subnet: { app: { ...subnet('10.0.1.0/24'), service_endpoints: ['Microsoft.Sql'] } } })],
    ['a storage endpoint with a policy', 'none', openNetwork({ ...table(route('0.0.0.0/0', 'None')), azurerm_subnet: { app: { ...subnet('10.0.1.0/24'), service_endpoints: ['Microsoft.Storage'], service_endpoint_policy_ids: ['${azurerm_subnet_service_endpoint_storage_policy.own.id}'] } } })],
    ['a table that the plan does not hold', 'unknown', openNetwork({ azurerm_subnet_route_table_association: { app: { subnet_id: '${azurerm_subnet.app.id}', route_table_id: '/subscriptions/x/resourceGroups/x/providers/Microsoft.Network/routeTables/x' } } })],
    ['a subnet that only the platform knows', 'none', closedNetwork({ azurerm_subnet: { app: subnet('10.0.1.0/24'), gateway: { ...subnet('10.0.2.0/24'), name: 'GatewaySubnet' } } })],
  ])('%s: %s', (_, kind, stack) => {
    expect(review(stack).kind(APP)).toBe(kind);
  });

  test('routes that an ExpressRoute gateway learns are not in the plan, and taken up unless the table says no', () => {
    const gateway: Blocks = {
      azurerm_subnet: { app: subnet('10.0.1.0/24'), gateway: { ...subnet('10.0.2.0/27'), name: 'GatewaySubnet' } },
      azurerm_virtual_network_gateway: { er: { type: 'ExpressRoute', ip_configuration: { subnet_id: '${azurerm_subnet.gateway.id}' } } },
    };
    const taking = { azurerm_route_table: { app: { name: 'app', route: [route('0.0.0.0/0', 'None')] } } };
    expect(review(openNetwork(merge(gateway, table(route('0.0.0.0/0', 'None'))))).kind(APP)).toBe('none');
    expect(review(openNetwork(merge(gateway, taking))).kind(APP)).toBe('unknown');
  });
});

test('a deny of ESP denies no AH', () => {
  const deny = (protocol: string) => rule({ access: 'Deny', protocol, destination_address_prefix: '*', destination_port_range: '*' });
  const denied = (...protocols: readonly string[]) => review(openNetwork({ azurerm_network_security_group: { app: { name: 'app', security_rule: protocols.map((protocol, index) => ({ ...deny(protocol), name: protocol, priority: 100 + index })) } } })).kind(APP);
  expect([denied('Tcp', 'Udp', 'Icmp', 'Esp'), denied('*')]).toEqual(['open', 'none']);
});

describe('ways out', () => {
  const nic = (more: Record<string, any> = {}): Blocks => ({ azurerm_network_interface: { vm: { name: 'vm', ip_configuration: { name: 'main', subnet_id: '${azurerm_subnet.app.id}', ...more } } } });
  const VM = 'azurerm_network_interface.vm';

  test.each<[string, string, object]>([
    ['nothing gives it an address, and it may not call storage', 'none', openNetwork({ ...nic(), ...withoutStorage('vm') })],
    ['nothing gives it an address, and it may call storage of the region', 'open', openNetwork(nic())],
    ['the same, and a service endpoint whose policy lists its accounts', 'none', openNetwork({ ...nic(), azurerm_subnet: { app: { ...subnet('10.0.1.0/24'), service_endpoints: ['Microsoft.Storage'], service_endpoint_policy_ids: ['/subscriptions/x/serviceEndpointPolicies/y'] } } })],
    ['the same, and a route to nowhere', 'none', openNetwork({ ...nic(), azurerm_route_table: { app: { name: 'app', route: [route('0.0.0.0/0', 'None')] } } })],
    ['a public address', 'open', openNetwork(nic({ public_ip_address_id: '${azurerm_public_ip.vm.id}' }))],
    ['default outbound access, by default', 'open', openNetwork({ ...nic(), azurerm_subnet: { app: { ...subnet('10.0.1.0/24'), default_outbound_access_enabled: null } } })],
    ['a NAT gateway', 'open', openNetwork({ ...nic(), azurerm_subnet_nat_gateway_association: { app: { subnet_id: '${azurerm_subnet.app.id}', nat_gateway_id: '${azurerm_nat_gateway.main.id}' } }, azurerm_nat_gateway: { main: { name: 'main' } } })],
    ['a public address and a closed network', 'none', closedNetwork(nic({ public_ip_address_id: '${azurerm_public_ip.vm.id}' }))],
  ])('%s: %s', (_, kind, stack) => {
    expect(review(stack).kind(VM)).toBe(kind);
  });

  test('the platform address is no internet', () => {
    const { verdicts } = review(openNetwork({ azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ destination_address_prefix: '168.63.129.16' }), ...finalDenies()] } } }));
    expect(verdicts[0]!.kind).toBe('none');
  });
});

describe('firewalls', () => {
  test.each<[string, string, object, readonly string[]]>([
    ['a list of hosts', 'allowlisted', { application_rule_collection: [hosts('Allow', ['api.example.com']), hosts('Deny', ['*'], 65000, '*')] }, ['api.example.com']],
    ['without a last deny', 'allowlisted', { application_rule_collection: [hosts('Allow', ['api.example.com'])] }, ['api.example.com', 'tag:AzureInfrastructure']],
    ['a last deny of TLS alone', 'allowlisted', { application_rule_collection: [hosts('Allow', ['api.example.com']), { ...hosts('Deny', ['*'], 65000, '*'), rule: [{ name: 'tls', source_addresses: ['*'], destination_fqdns: ['*'], protocols: [{ type: 'Https', port: 443 }] }] }] }, ['api.example.com', 'tag:AzureInfrastructure']],
    ['a last deny on other ports', 'allowlisted', { application_rule_collection: [hosts('Allow', ['api.example.com']), { ...hosts('Deny', ['*'], 65000, '*'), rule: [{ name: 'odd', source_addresses: ['*'], destination_fqdns: ['*'], protocols: [{ type: 'Https', port: 8443 }, { type: 'Http', port: 8080 }] }] }] }, ['api.example.com', 'tag:AzureInfrastructure']],
    ['every name', 'open', { application_rule_collection: [hosts('Allow', ['*'])] }, []],
    ['a network rule comes first', 'open', { network_rule_collection: [networkRule({})], application_rule_collection: [hosts('Deny', ['*'], 100, '*')] }, []],
    ['a network rule for listed addresses', 'allowlisted', { network_rule_collection: [networkRule({ destination_addresses: ['151.101.1.69'] })], application_rule_collection: [hosts('Deny', ['*'], 100, '*')] }, ['151.101.1.69']],
    ['a network rule for a service tag', 'open', { network_rule_collection: [networkRule({ destination_addresses: ['AzureCloud'] })] }, []],
    ['a network rule by name', 'allowlisted', { network_rule_collection: [networkRule({ destination_addresses: [], destination_fqdns: ['time.example.com'] })], application_rule_collection: [hosts('Deny', ['*'], 100, '*')] }, ['time.example.com']],
    ['a network deny of everything stops application rules', 'none', { network_rule_collection: [networkRule({ source_addresses: ['*'], destination_ports: ['*'], protocols: ['Any'] }, 'Deny')], application_rule_collection: [hosts('Allow', ['api.example.com'])] }, []],
    ['an earlier deny of a host', 'allowlisted', { application_rule_collection: [hosts('Allow', ['a.example.com', 'b.example.org']), hosts('Deny', ['*.example.com'], 100), hosts('Deny', ['*'], 65000, '*')] }, ['b.example.org']],
    ['a rule for somebody else', 'none', { application_rule_collection: [hosts('Allow', ['api.example.com'], 200, '10.0.7.0/24'), hosts('Deny', ['*'], 65000, '*')] }, []],
    ['a tag of names', 'allowlisted', { application_rule_collection: [{ name: 'tag', priority: 100, action: 'Allow', rule: [{ name: 'tag', source_addresses: ['*'], destination_fqdn_tags: ['WindowsUpdate'], protocols: [{ type: 'Https', port: 443 }] }] }, hosts('Deny', ['*'], 65000, '*')] }, ['tag:WindowsUpdate']],
    ['a category of sites', 'open', { application_rule_collection: [{ name: 'category', priority: 100, action: 'Allow', rule: [{ name: 'category', source_addresses: ['*'], web_categories: ['Business'], protocols: [{ type: 'Https', port: 443 }] }] }] }, []],
    ['a rule that may deny', 'unknown', { application_rule_collection: [{ ...hosts('Allow', ['api.example.com']), action: '${var.action}' }, hosts('Deny', ['*'], 65000, '*')] }, []],
    ['names that are not known', 'unknown', { application_rule_collection: [hosts('Allow', ['${var.host}']), hosts('Deny', ['*'], 65000, '*')] }, []],
  ])('%s: %s', (_, kind, rules, names) => {
    const stack = guardedNetwork(rules);
    expect(review(stack).kind(APP)).toBe(kind);
    if (kind === 'allowlisted') expect(hostsOf(stack)).toEqual(names);
  });

  test('its address, written out, is found by the subnet that it is in', () => {
    const literal = guardedNetwork({ application_rule_collection: [hosts('Allow', ['api.example.com'])] }, table({ ...route('0.0.0.0/0', 'VirtualAppliance'), next_hop_in_ip_address: '10.0.0.4' }));
    expect(review(literal).kind(APP)).toBe('allowlisted');
    expect(witness(literal)).toEqual(['subnet', 'group', 'route 0.0.0.0/0 -> VirtualAppliance 10.0.0.4', 'firewall', 'gateway public address of the firewall']);
  });

  test('a policy that the plan does not hold is unknown, not closed', () => {
    const foreign = guardedNetwork({}, { azurerm_firewall: { main: { name: 'main', firewall_policy_id: '/subscriptions/x/resourceGroups/x/providers/Microsoft.Network/firewallPolicies/x', ip_configuration: { subnet_id: '${azurerm_subnet.firewall.id}' } } } });
    expect(review(foreign).kind(APP)).toBe('unknown');
  });
});

describe('an id that a data source reads as well', () => {
  const id = '/subscriptions/x/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/app';
  const judged = (ids: { readonly made: string; readonly read: string }) => {
    const stack = openNetwork({
      azurerm_network_security_group: { app: { id: ids.made, name: 'app', security_rule: finalDenies() } },
      azurerm_subnet_network_security_group_association: { app: { subnet_id: '${azurerm_subnet.app.id}', network_security_group_id: id } },
    });
    return review({ ...stack, data: { azurerm_network_security_group: { app: { id: ids.read, name: 'app' } } } }).kind(APP);
  };

  test('is what the plan makes', () => {
    expect(judged({ made: id, read: id })).toBe('none');
  });

  test('is not known where the plan does not make it', () => {
    expect(judged({ made: `${id}-2`, read: id })).toBe('unknown');
  });
});
