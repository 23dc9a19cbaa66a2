/**
 * What trivy, which compares "the world" as a text and has no adapter for routes, NAT and Azure
 * Firewall, does not see. The same in HCL, by the real Terraform: test/fixtures/hcl/azure-missed-by-others.
 */
import { review } from './reviewed';
import { closedNetwork, finalDenies, guardedNetwork, hosts, networkRule, openNetwork, route, rule, subnet } from './small-stack';

type Body = Record<string, any>;

/** A route to the internet, and a group with one rule before the denies. */
const letting = (over: Body) => openNetwork({ azurerm_network_security_group: { app: { name: 'app', security_rule: [rule(over), ...finalDenies()] } } });

test.each<[string, object]>([
  ['two halves', letting({ destination_address_prefixes: ['0.0.0.0/1', '128.0.0.0/1'] })],
  ['the tag Internet', letting({ destination_address_prefix: 'Internet' })],
  ['the tag in small letters', letting({ destination_address_prefix: 'internet' })],
  ['0.0.0.0/0', letting({ destination_address_prefix: '0.0.0.0/0' })],
  ['a star', letting({ destination_address_prefix: '*' })],
  ['all of Azure, where anybody can rent', letting({ destination_address_prefix: 'AzureCloud' })],
  ['one port', letting({ destination_address_prefix: 'Internet', destination_port_range: '443' })],
  ['every port as a range', letting({ destination_address_prefix: 'Internet', destination_port_range: '1-65535' })],
  ['UDP', letting({ destination_address_prefix: 'Internet', protocol: 'Udp', destination_port_range: '53' })],
])('a group that lets out: %s', (_, stack) => {
  const { findings, verdicts } = review(stack);
  expect(verdicts.find(({ place }) => place.id.startsWith('azurerm_subnet.app'))?.kind).toBe('open');
  expect(findings.filter(({ rule: id }) => id === 'wide-group-egress').map(({ address }) => address)).toContain('azurerm_network_security_group.app');
  expect(findings.find(({ rule: id }) => id === 'open-egress')?.witness?.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['subnet', 'group', 'route']));
});

test('nobody wrote an outbound rule: AllowInternetOutBound', () => {
  const { findings, verdicts } = review(openNetwork({ azurerm_network_security_group: { app: { name: 'app', security_rule: [] } } }));
  expect(verdicts.map(({ kind }) => kind)).toContain('open');
  expect(findings.find(({ rule: id }) => id === 'nsg-final-deny-missing')).toBeDefined();
  expect(findings.find(({ rule: id }) => id === 'open-egress')?.witness).toBeDefined();
});

test('neither a group nor a route: default outbound access', () => {
  const base = closedNetwork().resource;
  const { findings, verdicts } = review({ resource: { azurerm_virtual_network: base['azurerm_virtual_network'], azurerm_subnet: { app: { name: 'app', virtual_network_name: '${azurerm_virtual_network.main.name}', address_prefixes: ['10.0.1.0/24'] } } } });
  expect(verdicts.map(({ kind }) => kind)).toEqual(['open']);
  expect(findings.find(({ rule: id }) => id === 'open-egress')?.witness).toContainEqual(expect.objectContaining({ kind: 'provider-default' }));
  expect(findings.map(({ rule: id }) => id)).toEqual(expect.arrayContaining(['default-outbound-access', 'nsg-missing', 'route-table-missing']));
});

test.each<[string, object, string]>([
  ['half of the internet past a None route', openNetwork({ azurerm_route_table: { app: { name: 'app', bgp_route_propagation_enabled: false, route: [route('0.0.0.0/0', 'None'), route('128.0.0.0/1', 'Internet')] } } }), 'open-egress'],
  ['a NAT gateway on the subnet', openNetwork({
    azurerm_subnet: { app: { ...subnet('10.0.1.0/24'), default_outbound_access_enabled: false } },
    azurerm_nat_gateway: { main: { name: 'main' } },
    azurerm_subnet_nat_gateway_association: { app: { subnet_id: '${azurerm_subnet.app.id}', nat_gateway_id: '${azurerm_nat_gateway.main.id}' } },
  }), 'open-egress'],
  ['a network rule that defeats the list of hosts', guardedNetwork({ application_rule_collection: [hosts('Allow', ['api.example.com'])], network_rule_collection: [networkRule({ destination_addresses: ['0.0.0.0/1', '128.0.0.0/1'] })] }), 'network-rule-defeats-application-rules'],
  ['a list of hosts that ends in a star', guardedNetwork({ application_rule_collection: [hosts('Allow', ['*'])] }), 'wide-firewall-rule'],
])('%s', (_, stack, id) => {
  const { findings, verdicts } = review(stack);
  expect(verdicts.map(({ kind }) => kind)).toContain('open');
  expect(findings.find((each) => each.rule === id)?.witness?.length).toBeGreaterThan(0);
});

test('everything to the internet is denied, and only the network is left to a built-in rule', () => {
  const denyInternet = rule({ name: 'deny-internet', priority: 4000, access: 'Deny', protocol: '*', destination_address_prefix: 'Internet', destination_port_range: '*' });
  const left = (...rules: object[]) => review(openNetwork({ azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ destination_address_prefix: 'AzureMonitor' }), ...rules] } } }))
    .findings.filter(({ rule: id, message }) => id === 'nsg-final-deny-missing' && message.startsWith('outbound'));
  expect(left(denyInternet)).toEqual([expect.objectContaining({ severity: 'medium', message: "outbound traffic that no rule names is left to Azure's built-in rule AllowVnetOutBound" })]);
  for (const narrow of [{ protocol: 'Tcp' }, { destination_port_range: '80' }, { source_address_prefix: '10.0.1.0/24' }, { access: 'Allow' }]) {
    expect(left({ ...denyInternet, ...narrow })).toEqual([expect.objectContaining({ severity: 'high', message: expect.stringMatching(/AllowVnetOutBound and AllowInternetOutBound/) })]);
  }
});

test('an interface has one of several addresses, and which is not said', () => {
  const identity = (type: string, key: string) => ({ address: `azurerm_${type}.x["${key}"]`, mode: 'managed', type: `azurerm_${type}`, name: 'x', index: key, provider_name: 'registry.terraform.io/hashicorp/azurerm' });
  const made = (type: string, key: string, after: object, unknown: object) => ({ ...identity(type, key), change: { actions: ['create'], before: null, after, after_unknown: { id: true, ...unknown }, before_sensitive: false, after_sensitive: {} } });
  const written = (type: string, expressions: object) => ({ address: `azurerm_${type}.x`, mode: 'managed', type: `azurerm_${type}`, name: 'x', expressions, for_each_expression: { references: ['local.all'] } });
  const messages = (keys: readonly string[]) => review({
    format_version: '1.2', terraform_version: '1.11.4', planned_values: { root_module: {} },
    resource_changes: [
      ...keys.map((key) => made('public_ip', key, { name: key }, {})),
      made('network_interface', 'fw-1', { name: 'nic', ip_configuration: [{ name: 'i' }] }, { ip_configuration: [{ public_ip_address_id: true }] }),
    ],
    configuration: { root_module: { resources: [written('public_ip', {}), written('network_interface', { ip_configuration: [{ name: {}, public_ip_address_id: { references: ['azurerm_public_ip.x', 'each.value.fw', 'each.value'] } }] })] } },
  }).findings.filter(({ rule: id }) => id === 'public-address-on-workload').map(({ message }) => message);
  expect(messages(['0'])).toEqual(['azurerm_network_interface.x["fw-1"] has its own public address: azurerm_public_ip.x["0"]']);
  expect(messages(['0', '1'])).toEqual(['azurerm_network_interface.x["fw-1"] has its own public address, one of 2 such as this: azurerm_public_ip.x["0"]']);
});
