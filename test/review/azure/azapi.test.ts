/** Networks that azapi writes in Azure's own words, as Microsoft's verified modules do; and what stays unread. */
import { parsePlan } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';

type Values = Record<string, unknown>;

interface Made {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly after: Values;
  readonly unknown?: Values;
  readonly expressions?: Record<string, readonly string[]>;
}

const azapi = (name: string, type: string, properties: Values, more: Partial<Made> = {}): Made => ({
  address: `azapi_resource.${name}`, type: 'azapi_resource', name,
  after: { type: `Microsoft.Network/${type}@2024-05-01`, name, body: { properties } },
  ...more,
});
const azurerm = (type: string, name: string, after: Values, more: Partial<Made> = {}): Made => ({ address: `${type}.${name}`, type, name, after: { name, resource_group_name: 'rg', ...after }, ...more });

function plan(made: readonly Made[]): string {
  return JSON.stringify({
    format_version: '1.2', terraform_version: '1.11.4',
    resource_changes: made.map(({ address, type, name, after, unknown = {} }) => ({
      address, mode: 'managed', type, name, provider_name: 'x',
      change: { actions: ['create'], before: null, after, after_unknown: { id: true, ...unknown }, before_sensitive: false, after_sensitive: {} },
    })),
    configuration: {
      root_module: {
        resources: made.map(({ address, type, name, after, expressions = {} }) => ({
          address, mode: 'managed', type, name, provider_config_key: 'x',
          expressions: Object.fromEntries([...Object.keys(after).map((key) => [key, {}]), ...Object.entries(expressions).map(([key, references]) => [key, { references }])]),
        })),
      },
    },
  });
}

/** The same as a synthesized stack writes it: what is not known is a template. */
function stack(made: readonly Made[]): string {
  const resource: Record<string, Record<string, unknown>> = {};
  for (const { type, name, after, unknown = {}, expressions = {} } of made) {
    const written = Object.keys({ ...after, ...unknown }).map((key) => [key, templated(after[key], unknown[key], expressions[key]?.[0] ?? 'var.unknown')]);
    (resource[type] ??= {})[name] = Object.fromEntries(written);
  }
  return JSON.stringify({ resource });
}

function templated(value: unknown, unknown: unknown, reference: string): unknown {
  if (unknown === true) return `\${${reference}}`;
  if (Array.isArray(value)) return value.map((each, index) => templated(each, (unknown as unknown[] | undefined)?.[index], reference));
  if (typeof (value ?? unknown) !== 'object' || (value ?? unknown) === null) return value;
  const [values, marks] = [(value ?? {}) as Values, (unknown ?? {}) as Values];
  return Object.fromEntries(Object.keys({ ...values, ...marks }).map((key) => [key, templated(values[key], marks[key], reference)]));
}

const synthesized = (made: readonly Made[]) => review({ inputs: [parsePlan(stack(made), 'cdk.tf.json')], today: TODAY });
const inStack = (...made: readonly Made[]) => Object.fromEntries(synthesized(made).verdicts.map(({ place, verdict }) => [place, verdict]));

const verdicts = (...made: readonly Made[]) => Object.fromEntries(review({ inputs: [parsePlan(plan(made), 'plan.json')], today: TODAY }).verdicts.map(({ place, verdict }) => [place, verdict]));
const reasons = (...made: readonly Made[]) => review({ inputs: [parsePlan(plan(made), 'plan.json')], today: TODAY }).verdicts.flatMap((verdict) => verdict.reasons);

const refersTo = (attribute: string, ...addresses: readonly string[]) => ({ [attribute]: addresses.flatMap((address) => [`${address}.id`, address]) });
const NETWORK = azapi('net', 'virtualNetworks', { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } });
const PARENT = { unknown: { parent_id: true }, expressions: refersTo('parent_id', 'azapi_resource.net') };
const subnet = (properties: Values, more: Partial<Made> = PARENT) => azapi('app', 'virtualNetworks/subnets', { addressPrefixes: ['10.0.1.0/24'], ...properties }, more);
const CLOSED = { name: 'deny', priority: 100, direction: 'Outbound', access: 'Deny', protocol: '*', source_port_range: '*', destination_port_range: '*', source_address_prefix: '*', destination_address_prefix: '*' };
const GROUP = azurerm('azurerm_network_security_group', 'g', { security_rule: [CLOSED] });
const attached = (property: string, to: string, more: Values = {}): Made => subnet({ ...more, [property]: {} }, {
  unknown: { parent_id: true, body: { properties: { [property]: { id: true } } } },
  expressions: { ...refersTo('parent_id', 'azapi_resource.net'), ...refersTo('body', to) },
});

test.each<[string, readonly Made[], string]>([
  ['default outbound access, which is on', [subnet({})], 'open'],
  ['the same when its prefix is a single one', [subnet({ addressPrefixes: null, addressPrefix: '10.0.1.0/24' })], 'open'],
  ['a group that denies', [attached('networkSecurityGroup', 'azurerm_network_security_group.g'), GROUP], 'none'],
  ['a table that leads nowhere', [attached('routeTable', 'azurerm_route_table.t'), azurerm('azurerm_route_table', 't', { route: [{ name: 'out', address_prefix: '0.0.0.0/0', next_hop_type: 'None' }] })], 'none'],
  ['a NAT gateway', [
    attached('natGateway', 'azurerm_nat_gateway.n', { defaultOutboundAccess: false }), azurerm('azurerm_nat_gateway', 'n', {}), azurerm('azurerm_public_ip', 'p', {}),
    azurerm('azurerm_nat_gateway_public_ip_association', 'a', {}, { unknown: { nat_gateway_id: true, public_ip_address_id: true }, expressions: { ...refersTo('nat_gateway_id', 'azurerm_nat_gateway.n'), ...refersTo('public_ip_address_id', 'azurerm_public_ip.p') } }),
  ], 'open'],
  ['a NAT gateway of azapi', [attached('natGateway', 'azapi_resource.n', { defaultOutboundAccess: false }), azapi('n', 'natGateways', {}), azapi('p', 'publicIPAddresses', {})], 'open'],
  ['a group of azapi', [
    attached('networkSecurityGroup', 'azapi_resource.g'),
    azapi('g', 'networkSecurityGroups', { securityRules: [{ name: 'deny', properties: { priority: 100, direction: 'Outbound', access: 'Deny', protocol: '*', sourcePortRange: '*', destinationPortRange: '*', sourceAddressPrefix: '*', destinationAddressPrefix: '*' } }] }),
  ], 'none'],
  ['a group of azapi whose rule stands beside it', [
    attached('networkSecurityGroup', 'azapi_resource.g'), azapi('g', 'networkSecurityGroups', {}),
    azapi('r', 'networkSecurityGroups/securityRules', { priority: 100, direction: 'Outbound', access: 'Deny', protocol: '*', sourcePortRange: '*', destinationPortRange: '*', sourceAddressPrefix: '*', destinationAddressPrefixes: ['Internet'] }, { unknown: { parent_id: true }, expressions: refersTo('parent_id', 'azapi_resource.g') }),
  ], 'none'],
  ['a table of azapi whose route stands beside it', [
    attached('routeTable', 'azapi_resource.t'), azapi('t', 'routeTables', { disableBgpRoutePropagation: true }),
    azapi('r', 'routeTables/routes', { addressPrefix: '0.0.0.0/0', nextHopType: 'None' }, { unknown: { parent_id: true }, expressions: refersTo('parent_id', 'azapi_resource.t') }),
  ], 'none'],
])('a subnet with %s', (_, made, expected) => {
  expect(verdicts(NETWORK, ...made)).toEqual({ 'azapi_resource.app': expected });
  expect(inStack(NETWORK, ...made)).toEqual({ 'azapi_resource.app': expected });
});

test('a subnet of a network by its id, and subnets written inside a network', () => {
  const id = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/net';
  const beside = subnet({ networkSecurityGroup: { id: '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/g' } }, { after: { ...subnet({}).after, parent_id: id, body: { properties: { addressPrefixes: ['10.0.1.0/24'], networkSecurityGroup: { id: id.replace('virtualNetworks/net', 'networkSecurityGroups/g') } } } } });
  expect(verdicts(azurerm('azurerm_virtual_network', 'net', { address_space: ['10.0.0.0/16'] }), GROUP, beside)).toEqual({ 'azapi_resource.app': 'none' });
  const inside = azapi('net', 'virtualNetworks', {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
    subnets: [{ name: 'app', properties: { addressPrefix: '10.0.1.0/24' } }, { name: 'quiet', properties: { addressPrefix: '10.0.2.0/24', networkSecurityGroup: { id: id.replace('virtualNetworks/net', 'networkSecurityGroups/g') } } }],
  });
  expect(verdicts(inside, GROUP)).toEqual({ 'azapi_resource.net.subnet["app"]': 'open', 'azapi_resource.net.subnet["quiet"]': 'none' });
});

test('a body of azapi 1, which is a text', () => {
  const text = (made: Made): Made => ({ ...made, after: { ...made.after, body: JSON.stringify(made.after['body']) } });
  expect(verdicts(text(NETWORK), text(subnet({})))).toEqual({ 'azapi_resource.app': 'open' });
});

test.each<[string, Made]>([
  ['a body that is not known', subnet({}, { ...PARENT, unknown: { parent_id: true, body: true } })],
  ['a body that is no object', subnet({}, { ...PARENT, after: { ...subnet({}).after, body: 'not JSON' } })],
  ['a part that is secret', subnet({}, { ...PARENT, after: { ...subnet({}).after, sensitive_body: { properties: {} } } })],
  ['a NAT gateway of all subnets', azapi('app', 'natGateways', { sourceVirtualNetwork: { id: '/x' } })],
  ['another kind', azapi('app', 'virtualHubs', {})],
  ['a change of something that exists', { ...subnet({}), address: 'azapi_update_resource.app', type: 'azapi_update_resource' }],
  ['a deployment', { ...subnet({}), after: { type: 'Microsoft.Resources/deployments@2024-03-01', name: 'app', body: {} } }],
])('%s is told to be unread, and never looks closed', (_, made) => {
  expect(verdicts(NETWORK, made)).toEqual({ [made.address]: 'unknown' });
  expect(reasons(NETWORK, made)).toEqual([`${made.address}: what azapi makes of this kind is not read by this review`]);
});

test('properties that are not known at all may hold peerings', () => {
  const hidden = azapi('net', 'virtualNetworks', {}, { after: { type: 'Microsoft.Network/virtualNetworks@2024-05-01', name: 'net', body: {} }, unknown: { body: { properties: true } } });
  const expected = [`azapi_resource.net: what azapi makes of this kind is not read by this review`];
  expect([reasons(hidden), synthesized([hidden]).verdicts.flatMap((verdict) => verdict.reasons)]).toEqual([expected, expected]);
});

const OPEN = azurerm('azurerm_network_security_group', 'open', { security_rule: [{ ...CLOSED, name: 'allow', access: 'Allow' }] });

test.each<[string, unknown, string]>([
  ['a group that denies', { properties: { addressPrefix: '10.0.1.0/24', networkSecurityGroup: { id: '${azurerm_network_security_group.g.id}' } } }, 'none'],
  ['a group that allows', { properties: { addressPrefix: '10.0.1.0/24', networkSecurityGroup: { id: '${azurerm_network_security_group.open.id}' } } }, 'open'],
  ['a table and no group', { properties: { addressPrefix: '10.0.1.0/24', routeTable: { id: '${azurerm_route_table.t.id}' } } }, 'open'],
  ['one of two groups', { properties: { addressPrefix: '10.0.1.0/24', networkSecurityGroup: { id: '${var.closed ? azurerm_network_security_group.g.id : azurerm_network_security_group.open.id}' } } }, 'unknown'],
  ['a group, or none', { properties: { addressPrefix: '10.0.1.0/24', networkSecurityGroup: { id: '${var.closed ? azurerm_network_security_group.g.id : null}' } } }, 'unknown'],
  ['a group of another name', { properties: { addressPrefix: '10.0.1.0/24', networkSecurityGroup: { id: '${replace(azurerm_network_security_group.g.id, "g", "open")}' } } }, 'unknown'],
  ['a property whose name is a template', { properties: { addressPrefix: '10.0.1.0/24', defaultOutboundAccess: false, '${"natGateway"}': { id: '${azurerm_nat_gateway.n.id}' } } }, 'unknown'],
  ['properties from elsewhere', { properties: '${var.properties}' }, 'unknown'],
  ['a text', '${jsonencode({"properties" = {"addressPrefix" = "10.0.1.0/24", "defaultOutboundAccess" = false}})}', 'unknown'],
])('a subnet in a synthesized stack with %s', (_, body, expected) => {
  const table = azurerm('azurerm_route_table', 't', { route: [{ name: 'out', address_prefix: '0.0.0.0/0', next_hop_type: 'Internet' }] });
  const app = azapi('app', 'virtualNetworks/subnets', {}, { ...PARENT, after: { type: 'Microsoft.Network/virtualNetworks/subnets@2024-05-01', name: 'app', body } });
  expect(inStack(NETWORK, GROUP, OPEN, table, app)).toEqual({ 'azapi_resource.app': expected });
});

test('subnets that a synthesized stack writes inside a network have each their own group, or it is not known which', () => {
  const inside = azapi('net', 'virtualNetworks', {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
    subnets: [['closed', 'g'], ['opened', 'open']].map(([name, group]) => ({ name, properties: { addressPrefix: name === 'closed' ? '10.0.1.0/24' : '10.0.2.0/24', networkSecurityGroup: { id: `\${azurerm_network_security_group.${group}.id}` } } })),
  });
  expect(Object.values(inStack(inside, GROUP, OPEN))).not.toContain('none');
  expect(inStack(inside, GROUP, OPEN)['azapi_resource.net.subnet["opened"]']).toBe('unknown');
});

test('what a pool is going to hand out is not known, and a machine in a subnet of azapi stands there', () => {
  const pooled = azapi('net', 'virtualNetworks', { addressSpace: { ipamPoolPrefixAllocations: [{ numberOfIpAddresses: '256' }] } });
  const nic = azurerm('azurerm_network_interface', 'n', { ip_configuration: [{ name: 'main' }] }, { unknown: { ip_configuration: [{ subnet_id: true }] } });
  const text = JSON.parse(plan([pooled, attached('networkSecurityGroup', 'azurerm_network_security_group.g'), GROUP, nic])) as { configuration: { root_module: { resources: { address: string; expressions: Values }[] } } };
  const configured = text.configuration.root_module.resources.find(({ address }) => address === 'azurerm_network_interface.n')!;
  configured.expressions['ip_configuration'] = [{ name: { constant_value: 'main' }, subnet_id: { references: ['azapi_resource.app.id', 'azapi_resource.app'] } }];
  const result = review({ inputs: [parsePlan(JSON.stringify(text), 'plan.json')], today: TODAY });
  expect(result.verdicts.map(({ place, verdict }) => [place, verdict])).toEqual([['azurerm_network_interface.n', 'none']]);
});

test.each(['', 'of TCP'])('a gateway of azapi leads its callers on to what is behind it %s', (kind) => {
  const [listeners, rules, listener] = kind === '' ? ['httpListeners', 'requestRoutingRules', 'httpListener'] as const : ['listeners', 'routingRules', 'listener'] as const;
  const id = (part: string) => ({ id: `/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/applicationGateways/it/${part}` });
  const gateway = (host: string, frontend: string) => azapi('it', 'applicationGateways', {
    gatewayIPConfigurations: [{ name: 'in', properties: { subnet: {} } }],
    frontendIPConfigurations: [{ name: 'private', properties: { subnet: {}, privateIPAddress: '10.0.2.9' } }, { name: 'public', properties: { publicIPAddress: { id: '/x' } } }],
    frontendPorts: [{ name: 'p', properties: { port: 443 } }],
    backendAddressPools: [{ name: 'b', properties: { backendAddresses: [{ fqdn: host }] } }],
    [listeners]: [{ name: 'l', properties: { frontendIPConfiguration: id(`frontendIPConfigurations/${frontend}`) } }],
    [rules]: [{ name: 'r', properties: { [listener]: id(`${listeners}/l`), backendAddressPool: id('backendAddressPools/b') } }],
  }, { unknown: { body: { properties: { gatewayIPConfigurations: [{ properties: { subnet: { id: true } } }], frontendIPConfigurations: [{ properties: { subnet: { id: true } } }, {}] } } }, expressions: refersTo('body', 'azapi_resource.gateways') });
  const gateways = azapi('gateways', 'virtualNetworks/subnets', { addressPrefixes: ['10.0.2.0/24'] }, PARENT);
  const inward = azurerm('azurerm_network_security_group', 'g', { security_rule: [{ ...CLOSED, name: 'gateway', priority: 90, access: 'Allow', protocol: 'Tcp', destination_port_range: '443', destination_address_prefix: '10.0.2.0/24' }, CLOSED] });
  const of = (...[host, frontend]: Parameters<typeof gateway>) => verdicts(NETWORK, attached('networkSecurityGroup', 'azurerm_network_security_group.g'), inward, gateways, gateway(host, frontend))['azapi_resource.app'];
  expect([of('hooks.example.net', 'private'), of('hooks.example.net', 'public'), of('ours.privatelink.azure.net', 'private')]).toEqual(['allowlisted', 'none', 'none']);
});

test('private endpoints and deliveries of azapi are judged as those of azurerm', () => {
  const of = (type: string, properties: Values) => {
    const made = azapi('it', type, properties);
    const findings = review({ inputs: [parsePlan(plan([NETWORK, { ...made, after: { ...made.after, type: `Microsoft.${type}@2024-05-01` } }]), 'plan.json')], today: TODAY }).findings;
    return findings.filter(({ address, rule }) => address === 'azapi_resource.it' && rule !== 'subscription-not-pinned').map(({ rule, message }) => `${rule}: ${message.split(' ').slice(0, 4).join(' ')}`);
  };
  const theirs = { privateLinkServiceId: '/subscriptions/x/resourceGroups/y/providers/Microsoft.Network/privateLinkServices/z' };
  expect(of('Network/privateEndpoints', { manualPrivateLinkServiceConnections: [{ name: 'c', properties: theirs }] })).toEqual(['endpoint-of-another-party: its connection waits for']);
  expect(of('Network/privateEndpoints', { privateLinkServiceConnections: [{ name: 'c', properties: theirs }] })).toEqual([]);
  const hook = 'managed-service-egress: azapi_resource.it delivers to hooks.example.net';
  expect(of('EventGrid/eventSubscriptions', { destination: { endpointType: 'WebHook', properties: { endpointUrl: 'https://hooks.example.net/' } } })).toEqual([hook]);
  expect(of('EventGrid/systemTopics/eventSubscriptions', { destination: { endpointType: 'StorageQueue', properties: { queueName: 'q' } } })).toEqual([]);
  expect(of('Insights/actionGroups', { webhookReceivers: [{ name: 'w', serviceUri: 'https://hooks.example.net/' }] })).toEqual([hook]);
  expect(of('ContainerRegistry/registries/webhooks', { serviceUri: 'https://hooks.example.net/' })).toEqual([hook]);
  expect(of('Cdn/profiles/originGroups/origins', { hostName: 'hooks.example.net' })).toEqual([hook]);
  expect([of('Compute/disks', {}), of('Compute/snapshots', { publicNetworkAccess: 'Disabled' })]).toEqual([['handed-out-by-role: whoever may ask Azure'], []]);
  expect(of('Network/bastionHosts', { enableFileCopy: true })).toEqual(['handed-out-by-role: it copies files between']);
  expect(of('ContainerRegistry/registries', { publicNetworkAccess: 'Disabled' })).toEqual(['handed-out-by-role: its public endpoint is']);
  expect(of('ContainerRegistry/registries', { publicNetworkAccess: 'Disabled', policies: { exportPolicy: { status: 'disabled' } } })).toEqual([]);
  expect(of('ManagedServices/registrationDefinitions', { managedByTenantId: 't' })).toEqual(['handed-out-by-role: people of tenant t']);
  expect(of('Relay/namespaces/hybridConnections', {})).toEqual(['managed-service-egress: azapi_resource.it hands what is']);
  expect(of('Network/dnsForwardingRulesets/forwardingRules', { domainName: '.', targetDnsServers: [{ ipAddress: '8.8.8.8' }] })).toEqual(["dns-forwarded-outside: questions for '.' go"]);
  expect(of('Network/dnsForwardingRulesets/forwardingRules', { domainName: '.', forwardingRuleState: 'Disabled', targetDnsServers: [{ ipAddress: '8.8.8.8' }] })).toEqual([]);
  expect(of('Web/connections', { api: { id: '/subscriptions/x/providers/Microsoft.Web/locations/y/managedApis/sftpwithssh' } })).toEqual(['managed-service-egress: azapi_resource.it delivers to sftpwithssh,']);
  const shut = { publicNetworkAccess: 'Disabled', networkAcls: { defaultAction: 'Deny' } };
  expect([of('Storage/storageAccounts', { ...shut, publicNetworkAccess: 'Enabled' }), of('Storage/storageAccounts', shut), of('Storage/storageAccounts', { ...shut, minimumTlsVersion: 'TLS1_0' })])
    .toEqual([['storage-public-access: public_network_access_enabled is not false'], [], ['storage-transport-weak: min_tls_version is TLS1_0']]);
  expect([of('KeyVault/vaults', {}), of('KeyVault/vaults', shut), of('KeyVault/vaults', { networkAcls: shut.networkAcls })]).toEqual([['key-vault-public-access: public network access is'], [], []]);
  expect([of('Sql/servers', { restrictOutboundNetworkAccess: 'Enabled' }), of('Sql/servers', { ...shut, restrictOutboundNetworkAccess: 'Enabled' }), of('Sql/servers', shut)])
    .toEqual([['database-public-access: public_network_access_enabled is not said,'], [], ['managed-service-egress: whoever may use it']]);
  expect(of('Network/privateLinkServices', { autoApproval: { subscriptions: ['*'] } })).toEqual(['published-service-open: it approves every subscription']);
  expect(of('Network/networkSecurityPerimeters/profiles/accessRules', { direction: 'Inbound', addressPrefixes: ['0.0.0.0/0'] })).toEqual(["perimeter-open: rule 'it' lets 0.0.0.0/0"]);
  expect(of('Network/networkSecurityPerimeters/profiles/accessRules', { direction: 'Inbound', addressPrefixes: ['20.1.2.0/28'] })).toEqual([]);
  expect(of('Network/networkSecurityPerimeters/links', { autoApprovedRemotePerimeterResourceId: '/theirs', localInboundProfiles: ['*'], remoteInboundProfiles: ['*'] })).toEqual(['perimeter-open: it joins the perimeter']);
  expect(of('Network/networkSecurityPerimeters/linkReferences', { localInboundProfiles: ['*'] })).toEqual(['perimeter-open: it joins the perimeter']);
  expect(of('Network/networkSecurityPerimeters/resourceAssociations', { accessMode: 'Learning', profile: { id: '/x' }, privateLinkResource: { id: '/y' } })).toEqual(['perimeter-open: access_mode is Learning: what']);
});

test.each(['AzureFleet/fleets', 'Web/staticSites', 'DocumentDB/cassandraClusters', 'ContainerInstance/nGroups', 'LoadTestService/playwrightWorkspaces'])('%s runs what nobody reads', (type) => {
  const made = azapi('it', 'x', {});
  expect(verdicts(NETWORK, { ...made, after: { ...made.after, type: `Microsoft.${type}@2024-05-01` } })).toEqual({ 'azapi_resource.it': 'unknown' });
});
