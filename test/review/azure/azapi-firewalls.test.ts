/** Firewalls that azapi writes: their rules are asked as those of azurerm, and what of them nobody knows closes nothing. */
import { review } from '../../../review/review';
import { parsePlan } from '../../../review/plan/load';
import { TODAY } from '../../fixtures/stacks';
import { asPlan } from '../as-plan';
import { closedNetwork, finalDenies, merge, route, rule, subnet, type Blocks } from './small-stack';

type Body = Record<string, any>;
const azapi = (type: string, name: string, properties: Body, more: Body = {}): Body => ({ type: `Microsoft.Network/${type}@2024-05-01`, name, body: { properties }, ...more });
const named = (name: string, more: Body): Body => ({ ruleType: 'ApplicationRule', name, sourceAddresses: ['10.0.1.0/24'], targetFqdns: ['api.example.com'], protocols: [{ protocolType: 'Https', port: 443 }], ...more });
const addressed = (more: Body = {}): Body => ({ ruleType: 'NetworkRule', name: 'n', ipProtocols: ['TCP'], sourceAddresses: ['10.0.1.0/24'], destinationAddresses: ['*'], destinationPorts: ['443'], ...more });
const collection = (rules: unknown, more: Body = {}): Body => ({ ruleCollectionType: 'FirewallPolicyFilterRuleCollection', name: 'c', priority: 200, action: { type: 'Allow' }, rules, ...more });

const BASE: Blocks = {
  azurerm_subnet: { firewall: { ...subnet('10.0.0.0/26'), name: 'AzureFirewallSubnet' } }, azurerm_public_ip: { firewall: { name: 'firewall' } },
  azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ destination_address_prefix: 'Internet', destination_port_range: '443' }), ...finalDenies()] } },
  azurerm_route_table: { app: { name: 'app', bgp_route_propagation_enabled: false, route: [{ ...route('0.0.0.0/0', 'VirtualAppliance'), next_hop_in_ip_address: '10.0.0.4' }] } },
};
const firewall = (collections: unknown, made: { readonly firewall?: Body; readonly policy?: Body; readonly more?: Blocks } = {}): Blocks => merge(BASE, merge({ azapi_resource: {
  f: azapi('azureFirewalls', 'f', { sku: { name: 'AZFW_VNet', tier: 'Standard' }, firewallPolicy: { id: '${azapi_resource.p.id}' }, ipConfigurations: [{ name: 'i', properties: { subnet: { id: '${azurerm_subnet.firewall.id}' }, publicIPAddress: { id: '${azurerm_public_ip.firewall.id}' } } }], ...made.firewall }),
  p: azapi('firewallPolicies', 'p', { sku: { tier: 'Standard' }, threatIntelMode: 'Deny', ...made.policy }),
  g: azapi('firewallPolicies/ruleCollectionGroups', 'g', { priority: 100, ruleCollections: collections }, { parent_id: '${azapi_resource.p.id}' }),
} }, made.more ?? {}));
/** What is written as a reference is not known before an apply. */
const hidden = (value: any): any => (typeof value === 'string' ? value.startsWith('${') : Array.isArray(value) ? value.map(hidden) : typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, hidden(each)])) : false);
const shown = (value: any): any => (typeof value === 'string' ? (value.startsWith('${') ? undefined : value) : Array.isArray(value) ? value.map((each) => shown(each) ?? null) : typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).flatMap(([key, each]) => (shown(each) === undefined ? [] : [[key, shown(each)]]))) : value);
const references = (value: unknown) => [...JSON.stringify(value).matchAll(/\$\{(([\w]+\.\w+)\.?\w*)\}/g)].flatMap(([, whole, address]) => [whole, address]);

function reviewed(more: Blocks) {
  const { azapi_resource: made = {}, ...rest } = closedNetwork(more).resource;
  const plan = asPlan(rest);
  for (const [name, values] of Object.entries(made)) {
    const address = `azapi_resource.${name}`;
    plan.resource_changes.push({ address, mode: 'managed', type: 'azapi_resource', name, provider_name: 'registry.terraform.io/azure/azapi', change: { actions: ['create'], before: null, after: shown(values), after_unknown: { id: true, ...hidden(values) } } });
    plan.configuration.root_module.resources.push({ address, mode: 'managed', type: 'azapi_resource', name, provider_config_key: 'azapi', expressions: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { references: references(value) }])) });
  }
  return review({ inputs: [parsePlan(JSON.stringify(plan), 'plan.json')], today: TODAY });
}

/** Names that Azure lets through after all rules. https://learn.microsoft.com/azure/firewall/infrastructure-fqdns */
const INFRASTRUCTURE = 'tag:AzureInfrastructure';
const verdict = (...made: Parameters<typeof firewall>) => {
  const { verdicts } = reviewed(firewall(...made));
  const [found] = verdicts.filter(({ place }) => place === 'azurerm_subnet.app');
  return [found?.verdict, ...(found?.hosts ?? []).map(({ host }) => host).filter((host) => host !== INFRASTRUCTURE), ...verdicts.filter(({ place }) => place.startsWith('azapi_resource.')).map(({ place, verdict: kind }) => `${place} ${kind}`)];
};

test.each<[string, readonly unknown[], Parameters<typeof firewall>]>([
  ['no rule', ['allowlisted'], [[]]],
  ['a name', ['allowlisted', 'api.example.com'], [[collection([named('a', {})])]]],
  ['a name for somebody else', ['allowlisted'], [[collection([named('a', { sourceAddresses: ['10.0.9.0/24'] })])]]],
  ['every name', ['open'], [[collection([named('a', { targetFqdns: ['*'] })])]]],
  ['addresses', ['open'], [[collection([addressed()])]]],
  ['addresses, after a deny', ['none'], [[collection([addressed()]), collection([addressed()], { priority: 100, action: { type: 'Deny' } })]]],
  ['addresses, before a deny', ['open'], [[collection([addressed()]), collection([addressed()], { priority: 300, action: { type: 'Deny' } })]]],
  ['addresses and names in one collection', ['open'], [[collection([named('a', {}), addressed()])]]],
  ['addresses, and a deny whose priority nobody knows', ['open'], [[collection([addressed()]), collection([addressed()], { priority: '${var.priority}', action: { type: 'Deny' } })]]],
  ['collections that nobody knows', ['unknown'], ['${var.collections}']],
  ['rules that nobody knows', ['unknown'], [[collection('${var.rules}')]]],
  ['a rule of a kind that nobody knows', ['unknown'], [[collection([named('a', { ruleType: '${var.type}' })])]]],
  ['a rule of a kind that nobody has heard of', ['unknown'], [[collection([named('a', { ruleType: 'LaterRule' })])]]],
  ['names that nobody knows', ['unknown'], [[collection([named('a', { targetFqdns: '${var.names}' })])]]],
  ['the addresses of a group', ['open'], [[collection([addressed({ destinationAddresses: null, destinationIpGroups: ['${azapi_resource.all.id}'] })])], { more: { azapi_resource: { all: azapi('ipGroups', 'all', { ipAddresses: ['0.0.0.0/1', '128.0.0.0/1'] }) } } }]],
  ['the addresses of a group of our own', ['allowlisted'], [[collection([addressed({ destinationAddresses: null, destinationIpGroups: ['${azapi_resource.own.id}'] })])], { more: { azapi_resource: { own: azapi('ipGroups', 'own', { ipAddresses: ['10.0.0.0/8'] }) } } }]],
  ['what its parent lets through', ['open'], [[], { policy: { basePolicy: { id: '${azapi_resource.base.id}' } }, more: { azapi_resource: { base: azapi('firewallPolicies', 'base', {}), of: azapi('firewallPolicies/ruleCollectionGroups', 'of', { priority: 100, ruleCollections: [collection([addressed()])] }, { parent_id: '${azapi_resource.base.id}' }) } } }]],
  ['what a parent elsewhere lets through', ['unknown'], [[], { policy: { basePolicy: { id: '/subscriptions/x/firewallPolicies/y' } } }]],
  ['what a policy elsewhere lets through', ['unknown'], [[], { firewall: { firewallPolicy: { id: '/subscriptions/x/firewallPolicies/y' } } }]],
])('%s: %j', (_, expected, made) => expect(verdict(...made)).toEqual(expected));

test('one with rules of its own stays unread', () => {
  expect(verdict([], { firewall: { firewallPolicy: null, networkRuleCollections: [{ name: 'c', properties: {} }] } })).toEqual(['unknown', 'azapi_resource.f unknown']);
  expect(verdict([], { firewall: { firewallPolicy: null, networkRuleCollections: '${var.rules}' } })).toEqual(['unknown', 'azapi_resource.f unknown']);
});

test('what a policy does not do is told of it', () => {
  const told = (policy: Body) => reviewed(firewall([collection([named('a', {})])], { policy })).findings.filter(({ address }) => address.startsWith('azapi_resource.')).map(({ rule: id }) => id);
  expect(told({ threatIntelMode: 'Off' })).toContain('threat-intel-off');
  expect(told({})).not.toContain('threat-intel-off');
  expect(told({ dnsSettings: { enableProxy: true, servers: ['8.8.8.8'] } })).toContain('dns-forwarded-outside');
  expect(told({ dnsSettings: { enableProxy: true } })).not.toContain('dns-forwarded-outside');
});

test('an explicit proxy lets its names through to whoever may call it', () => {
  const asked = (explicitProxy: Body) => reviewed(firewall([collection([named('a', {})])], { policy: { explicitProxy }, more: {
    azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ destination_address_prefix: '10.0.0.0/26', destination_port_range: '8443' }), ...finalDenies()] } }, azurerm_route_table: { app: { name: 'app', route: [route('0.0.0.0/0', 'None')] } },
  } })).verdicts.find(({ place }) => place === 'azurerm_subnet.app')?.verdict;
  expect([asked({ enableExplicitProxy: true, httpPort: 8080, httpsPort: 8443 }), asked({ enableExplicitProxy: false, httpsPort: 8443 })]).toEqual(['allowlisted', 'none']);
});
