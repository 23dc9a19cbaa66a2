import { planAddresses } from '../../../blueprints/policy/address-plan';
import { AzureSegmentedNetwork, type AzureSegmentedNetworkProps } from '../../../blueprints/azure/segmented-network';
import { policyOf } from '../../fixtures/stacks';
import { all, named, policyText, synthesizeParts } from './synthesis';

const { policy } = policyOf(policyText());
const addresses = planAddresses(policy, policy.environments[0]!.azure!);
const PROPS: AzureSegmentedNetworkProps = {
  name: 'acme-prod',
  location: 'westeurope',
  segments: policy.segments,
  rules: policy.allow.filter(({ clouds }) => clouds.includes('azure')),
  addresses,
  egressNextHop: '10.40.0.4',
  dnsServers: ['10.40.0.4'],
  flowLogs: { networkWatcherName: 'watcher', networkWatcherResourceGroupName: 'NetworkWatcherRG', storageAccountId: 'storage', workspaceResourceId: 'workspace', workspaceGuid: 'guid', workspaceRegion: 'westeurope', retentionDays: 365 },
};
const network = (change: Partial<AzureSegmentedNetworkProps> = {}) =>
  synthesizeParts((stack) => { new AzureSegmentedNetwork(stack, 'network', { ...PROPS, ...change }); });
const rules = (stack: ReturnType<typeof network>, segment: string, direction: string) =>
  named(stack, 'azurerm_network_security_group', `acme-prod-segment-${segment}`).security_rule
    .filter((rule: any) => rule.direction === direction)
    .map((rule: any) => `${rule.priority} ${rule.access} ${rule.protocol} ${rule.source_address_prefix} > ${rule.destination_address_prefix ?? rule.destination_address_prefixes} : ${rule.destination_port_range ?? rule.destination_port_ranges}`);

test('every subnet is filtered, routed and without default outbound access', () => {
  const stack = network();
  const subnets = all(stack, 'azurerm_subnet');
  expect(subnets).toHaveLength(policy.segments.length + 1);
  for (const subnet of subnets) {
    expect(subnet).toMatchObject({ default_outbound_access_enabled: false, private_endpoint_network_policies: 'Enabled' });
    expect(subnet).not.toHaveProperty('service_endpoints');
  }
  expect(all(stack, 'azurerm_subnet_network_security_group_association')).toHaveLength(subnets.length);
  expect(all(stack, 'azurerm_subnet_route_table_association')).toHaveLength(subnets.length);
});

test.each([['edge', 'Internet', null], ['payments', 'VirtualAppliance', '10.40.0.4'], ['platform', 'VirtualAppliance', '10.40.0.4'], ['reporting', 'None', null], ['ledger', 'None', null]])('%s: everything goes to %s', (segment, hop, address) => {
  expect(named(network(), 'azurerm_route_table', `acme-prod-segment-${segment}`)).toMatchObject({
    bgp_route_propagation_enabled: false,
    route: [{ name: 'default', address_prefix: '0.0.0.0/0', next_hop_type: hop, next_hop_in_ip_address: address }],
  });
});

test('a data segment: its callers in; names and private endpoints out; nothing else', () => {
  const stack = network();
  const [ledger, payments, reporting] = ['ledger', 'payments', 'reporting'].map((name) => addresses.segment(name));
  const slot = (name: string) => policy.segments.find((segment) => segment.name === name)!.slot * 10 + 200;
  expect(rules(stack, 'ledger', 'Inbound')).toEqual([
    `${slot('payments')} Allow Tcp ${payments} > ${ledger} : 5432`,
    `${slot('reporting')} Allow Tcp ${reporting} > ${ledger} : 5432`,
    `3900 Allow Tcp AzureLoadBalancer > ${ledger} : 5432`,
    '4096 Deny * * > * : *',
  ].sort((a, b) => Number(a.split(' ')[0]) - Number(b.split(' ')[0])));
  expect(rules(stack, 'ledger', 'Outbound')).toEqual([
    '100 Deny * * > AzurePlatformDNS : *',
    `110 Allow Udp ${ledger} > ${addresses.infrastructure('firewall')} : 53`,
    `111 Allow Tcp ${ledger} > ${addresses.infrastructure('firewall')} : 53`,
    `120 Allow Tcp ${ledger} > ${addresses.infrastructure('endpoints')} : 443`,
    '4096 Deny * * > * : *',
  ]);
});

test('a segment with hosts: the internet on their ports only, listed addresses on theirs', () => {
  const out = rules(network(), 'payments', 'Outbound');
  expect(out).toContain(`3000 Allow Tcp ${addresses.segment('payments')} > Internet : 443,8443`);
  expect(out).toContain(`3010 Allow Tcp ${addresses.segment('payments')} > 151.101.1.69/32,151.101.64.0/24 : 22`);
});

test('addresses that two hosts share are named once: Azure refuses a rule with prefixes that overlap', () => {
  const [sftp] = PROPS.rules.filter(({ protocol }) => protocol === 'tcp');
  const out = rules(network({ rules: [...PROPS.rules, { ...sftp!, addresses: ['151.101.64.7/32', '151.101.65.0/24'] }] }), 'payments', 'Outbound');
  expect(out).toContain(`3010 Allow Tcp ${addresses.segment('payments')} > 151.101.1.69/32,151.101.64.0/24,151.101.65.0/24 : 22`);
});

test('a public segment answers callers and calls nobody on the internet', () => {
  const stack = network();
  expect(rules(stack, 'edge', 'Inbound')).toContain(`3000 Allow Tcp Internet > ${addresses.segment('edge')} : 80,443`);
  expect(rules(stack, 'edge', 'Outbound').filter((rule: string) => rule.includes('Internet'))).toEqual([]);
});

test('a public segment that the internet may not call has no route there', () => {
  const closed = network({ segments: policy.segments.map((segment) => (segment.name === 'edge' ? { ...segment, accepts: [] } : segment)) });
  expect(named(closed, 'azurerm_route_table', 'acme-prod-segment-edge').route).toMatchObject([{ address_prefix: '0.0.0.0/0', next_hop_type: 'None' }]);
});

test('a segment reaches itself only when it accepts itself', () => {
  const own = (segment: string) => addresses.segment(segment);
  const inside = (segment: string) => rules(network(), segment, 'Outbound').filter((rule: string) => rule.includes(`${own(segment)} > ${own(segment)}`));
  expect(inside('platform').map((rule: string) => rule.split(' : ')[1])).toEqual(['7946', '7946']);
  expect(inside('payments')).toEqual([]);
});

test('priorities are unique in each direction and between 100 and 4096', () => {
  for (const group of all(network(), 'azurerm_network_security_group')) {
    for (const direction of ['Inbound', 'Outbound']) {
      const priorities = group.security_rule.filter((rule: any) => rule.direction === direction).map((rule: any) => rule.priority);
      expect(new Set(priorities).size).toBe(priorities.length);
      expect(Math.min(...priorities)).toBeGreaterThanOrEqual(100);
      expect(Math.max(...priorities)).toBe(4096);
    }
  }
});

test('every rule says one prefix or a list of them, never both and never neither', () => {
  for (const group of all(network(), 'azurerm_network_security_group')) {
    for (const rule of group.security_rule) {
      for (const [one, many] of [['source_address_prefix', 'source_address_prefixes'], ['destination_address_prefix', 'destination_address_prefixes'], ['destination_port_range', 'destination_port_ranges']] as const) {
        expect([rule[one] === null, rule[many] === null].sort()).toEqual([false, true]);
      }
    }
  }
});

test('private endpoints: segments in on the ports of the services, nothing out', () => {
  const stack = network({ endpointPorts: [443, 1433] });
  const { security_rule: list } = named(stack, 'azurerm_network_security_group', 'acme-prod-private-endpoints');
  expect(list.map(({ name }: any) => name)).toEqual(['allow-segments', 'deny-all-inbound', 'deny-platform-dns', 'deny-all-outbound']);
  expect(list[0]).toMatchObject({ source_address_prefixes: policy.segments.map(({ name }) => addresses.segment(name)).sort(), destination_port_ranges: ['443', '1433'] });
});

test('without services nothing reaches the endpoint subnet', () => {
  const stack = network({ endpointPorts: [] });
  expect(named(stack, 'azurerm_network_security_group', 'acme-prod-private-endpoints').security_rule.map(({ name }: any) => name)).toEqual(['deny-all-inbound', 'deny-platform-dns', 'deny-all-outbound']);
  expect(rules(stack, 'ledger', 'Outbound').join()).not.toContain(addresses.infrastructure('endpoints'));
});

test("with Azure's own resolver no rule is needed, and an empty list is written out", () => {
  const stack = network({ dnsServers: [] });
  expect(all(stack, 'azurerm_virtual_network')[0]!.dns_servers).toEqual([]);
  expect(rules(stack, 'ledger', 'Outbound').join()).not.toMatch(/: 53|AzurePlatformDNS/);
});

test('resources carry the tags given, and the segment', () => {
  const stack = network({ tags: { organization: 'acme', environment: 'prod' } });
  expect(named(stack, 'azurerm_network_security_group', 'acme-prod-segment-ledger').tags).toEqual({ organization: 'acme', environment: 'prod', segment: 'ledger', tier: 'data' });
  expect(all(stack, 'azurerm_virtual_network')[0]!.tags).toEqual({ organization: 'acme', environment: 'prod' });
});

test('hosts without a next hop are refused, all segments at once', () => {
  expect(() => network({ egressNextHop: '' })).toThrow(/'payments', 'platform' may reach hosts, and no 'egressNextHop' leads there/);
});

test('more addresses than a security group takes are refused', () => {
  const [rule] = PROPS.rules.filter(({ protocol }) => protocol === 'tcp');
  const many = { ...rule!, addresses: Array.from({ length: 4_001 }, (_, index) => `198.18.${index >> 8}.${index & 255}/32`) };
  expect(() => network({ rules: [many] })).toThrow(/a security group takes 4000; list larger blocks/);
});

test('flows of the network are recorded and analysed', () => {
  expect(all(network(), 'azurerm_network_watcher_flow_log')).toEqual([expect.objectContaining({
    network_watcher_name: 'watcher', enabled: true, version: 2, retention_policy: { enabled: true, days: 365 },
    target_resource_id: expect.stringContaining('azurerm_virtual_network'),
    traffic_analytics: expect.objectContaining({ enabled: true, workspace_id: 'guid', workspace_resource_id: 'workspace' }),
  })]);
});
