import type { TerraformStack } from 'cdktf';
import { AzureEgressControl, type AzureEgressControlProps } from '../../../blueprints/azure/egress-control';
import { policyOf } from '../../fixtures/stacks';
import { all, named, policyText, synthesizeParts } from './synthesis';

const { policy } = policyOf(policyText());
const PROPS: AzureEgressControlProps = {
  name: 'acme-prod',
  location: 'westeurope',
  rules: policy.allow.filter(({ clouds }) => clouds.includes('azure')),
  segments: policy.segments.map(({ name, slot }) => ({ name, slot, cidrs: [`10.${slot}.0.0/16`] })),
  hubAddressSpace: ['10.0.0.0/22'],
  firewallSubnetCidr: '10.0.0.0/26',
  flowLogs: { networkWatcherName: 'watcher', networkWatcherResourceGroupName: 'NetworkWatcherRG', storageAccountId: 'storage', workspaceResourceId: 'workspace', workspaceGuid: 'guid', workspaceRegion: 'westeurope', retentionDays: 365 },
};
const control = (change: Partial<AzureEgressControlProps> = {}) =>
  synthesizeParts((stack: TerraformStack) => { new AzureEgressControl(stack, 'egress', { ...PROPS, ...change }); });

test('the firewall denies threats, resolves names and logs into tables of its own', () => {
  const stack = control();
  expect(named(stack, 'azurerm_firewall_policy', 'acme-prod-egress')).toMatchObject({ sku: 'Standard', threat_intelligence_mode: 'Deny', dns: { proxy_enabled: true } });
  expect(named(stack, 'azurerm_firewall', 'acme-prod-egress')).toMatchObject({ sku_name: 'AZFW_VNet', sku_tier: 'Standard', zones: ['1', '2', '3'] });
  const [diagnostics] = all(stack, 'azurerm_monitor_diagnostic_setting');
  expect(diagnostics).toMatchObject({ log_analytics_destination_type: 'Dedicated', log_analytics_workspace_id: 'workspace' });
  expect(diagnostics!.enabled_log.map(({ category }: any) => category)).toEqual(expect.arrayContaining(['AZFWApplicationRule', 'AZFWNetworkRule', 'AZFWDnsQuery', 'AZFWThreatIntel']));
});

test('a segment reaches its hosts from its own addresses; the rest is denied last', () => {
  const stack = control();
  const { application_rule_collection: [hosts], network_rule_collection: [addresses] } = named(stack, 'azurerm_firewall_policy_rule_collection_group', 'segment-payments');
  const slot = policy.segments.find(({ name }) => name === 'payments')!.slot;
  expect(named(stack, 'azurerm_ip_group', 'acme-prod-payments')).toMatchObject({ cidrs: [`10.${slot}.0.0/16`], tags: { segment: 'payments' } });
  const sources = [expect.stringMatching(/^\$\{azurerm_ip_group\.[\w-]*payments[\w-]*\.id\}$/)];
  expect(hosts).toMatchObject({ action: 'Allow' });
  expect(hosts.rule).toEqual([
    { name: 'tls-443', source_ip_groups: sources, destination_fqdns: ['api.stripe.com', 'status.stripe.com'], protocols: [{ type: 'Https', port: 443 }] },
    { name: 'tls-8443', source_ip_groups: sources, destination_fqdns: ['status.stripe.com'], protocols: [{ type: 'Https', port: 8443 }] },
  ]);
  expect(addresses.rule).toEqual([
    { name: 'tcp-22', source_ip_groups: sources, destination_addresses: ['151.101.1.69/32', '151.101.64.0/24'], destination_ports: ['22'], protocols: ['TCP'] },
  ]);
  const deny = named(stack, 'azurerm_firewall_policy_rule_collection_group', 'deny-all');
  expect(deny.priority).toBe(65_000);
  expect(deny.application_rule_collection).toEqual([expect.objectContaining({ action: 'Deny', priority: 65_000 })]);
  expect(all(stack, 'azurerm_firewall_policy_rule_collection_group').map(({ name }) => name).sort()).toEqual(['deny-all', 'segment-payments', 'segment-platform']);
});

test('without tcp rules there is no network rule at all', () => {
  const stack = control({ rules: PROPS.rules.filter(({ protocol }) => protocol !== 'tcp') });
  expect(all(stack, 'azurerm_firewall_policy_rule_collection_group').filter((group) => group.network_rule_collection)).toEqual([]);
});

test('without rules nothing is made', () => {
  expect(control({ rules: [] }).resource).toBeUndefined();
});

test('Premium prevents intrusions', () => {
  const stack = control({ firewall: { tier: 'Premium' } });
  expect(named(stack, 'azurerm_firewall_policy', 'acme-prod-egress-premium')).toMatchObject({ sku: 'Premium', intrusion_detection: { mode: 'Deny' } });
  expect(named(stack, 'azurerm_firewall', 'acme-prod-egress').sku_tier).toBe('Premium');
});

test('several public addresses: the first has the subnet', () => {
  const stack = control({ firewall: { publicAddresses: ['egress', 'egress-b'] }, zones: [] });
  const [first, second] = named(stack, 'azurerm_firewall', 'acme-prod-egress').ip_configuration;
  expect(first).toHaveProperty('subnet_id');
  expect(second).not.toHaveProperty('subnet_id');
  expect(all(stack, 'azurerm_public_ip').map(({ name, zones }) => `${name} ${zones}`).sort()).toEqual(['acme-prod-egress-b-no-zone undefined', 'acme-prod-egress-no-zone undefined']);
});

test('defaults can be replaced', () => {
  const stack = control({ deletionProtection: false, resourceGroupName: 'hub', firewall: { threatIntelligenceAllowlist: ['b.example.com', 'a.example.com', '203.0.113.0/24'], dnsServers: ['10.0.1.4'] }, tags: { team: 'network' } });
  expect(all(stack, 'azurerm_management_lock')).toEqual([]);
  expect(all(stack, 'azurerm_resource_group')).toEqual([]);
  expect(named(stack, 'azurerm_firewall_policy', 'acme-prod-egress')).toMatchObject({
    resource_group_name: 'hub', tags: { team: 'network' }, dns: { proxy_enabled: true, servers: ['10.0.1.4'] },
    threat_intelligence_allowlist: { fqdns: ['a.example.com', 'b.example.com'], ip_addresses: ['203.0.113.0/24'] },
  });
});

describe('refused, with the way out', () => {
  test('a rule for a segment that is not there', () => {
    expect(() => control({ segments: PROPS.segments.filter(({ name }) => name !== 'payments') })).toThrow(/allowed to 'payments', which this network does not have/);
  });
  test('a name that application rules cannot take', () => {
    const [first, ...others] = PROPS.rules;
    const bad = { ...first!, host: { text: '*x.com', kind: 'exact' as const, domain: '*x.com' } };
    expect(() => control({ rules: [bad, ...others] })).toThrow(/egress.yaml:\d+:\d+ azure: '\*x.com' is no name/);
  });
  test('a subnet that is too small for the firewall', () => {
    expect(() => control({ firewallSubnetCidr: '10.0.0.0/27' })).toThrow(/has to be \/26 or larger/);
  });
  test('public addresses with one name', () => {
    expect(() => control({ firewall: { publicAddresses: ['a', 'a'] } })).toThrow(/none twice/);
  });
});

test('the rules in force are a copy in canonical order', () => {
  synthesizeParts((stack) => {
    const { rules, residualRisks, egressAddresses, mode } = new AzureEgressControl(stack, 'egress', { ...PROPS, rules: [...PROPS.rules].reverse() });
    expect(rules.map(({ host }) => host.text)).toEqual(PROPS.rules.map(({ host }) => host.text));
    expect(mode).toBe('enforce');
    expect(egressAddresses).toHaveLength(1);
    expect(residualRisks.map(({ id, segments }) => [id, segments.length])).toEqual([['address-not-name', 1], ['dns-tunnelling', 5], ['platform-addresses', 5], ['sni-spoofing', 2]]);
  });
});
