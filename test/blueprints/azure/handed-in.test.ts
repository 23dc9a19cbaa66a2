/** What a construct is handed by an app of somebody's own, and Azure would refuse, or take for something else. */
import { AzureEgressControl, type AzureEgressControlProps } from '../../../blueprints/azure/egress-control';
import { AzureSegmentedNetwork, type AzureSegmentedNetworkProps } from '../../../blueprints/azure/segmented-network';
import { BlueprintError } from '../../../blueprints/blueprint-error';
import { planAddresses } from '../../../blueprints/policy/address-plan';
import { policyOf } from '../../fixtures/stacks';
import { policyText, synthesizeParts } from './synthesis';

const { policy } = policyOf(policyText());
const addresses = planAddresses(policy, policy.environments[0]!.azure!);
const rules = policy.allow.filter(({ clouds }) => clouds.includes('azure'));
const flowLogs = { networkWatcherName: 'watcher', networkWatcherResourceGroupName: 'NetworkWatcherRG', storageAccountId: 'storage', workspaceResourceId: 'workspace', workspaceGuid: 'guid', workspaceRegion: 'westeurope', retentionDays: 365 };
const NETWORK: AzureSegmentedNetworkProps = { name: 'acme-prod', location: 'westeurope', segments: policy.segments, rules, addresses, egressNextHop: '10.40.0.4', dnsServers: ['10.40.0.4'], flowLogs };
const EGRESS: AzureEgressControlProps = {
  name: 'acme-prod', location: 'westeurope', rules, flowLogs,
  segments: policy.segments.map(({ name, slot }) => ({ name, slot, cidrs: [`10.${slot}.0.0/16`] })),
  hubAddressSpace: ['10.0.0.0/22'],
  firewallSubnetCidr: '10.0.0.0/26',
};

function problemsOf(make: () => unknown): readonly string[] {
  try {
    make();
    return [];
  } catch (error) {
    if (!(error instanceof BlueprintError)) throw error;
    return error.problems.map(({ message }) => message);
  }
}
const network = (change: Partial<AzureSegmentedNetworkProps>) => problemsOf(() => synthesizeParts((stack) => { new AzureSegmentedNetwork(stack, 'network', { ...NETWORK, ...change }); }));
const egress = (change: Partial<AzureEgressControlProps>) => problemsOf(() => synthesizeParts((stack) => { new AzureEgressControl(stack, 'egress', { ...EGRESS, ...change }); }));

test('sound props have no problem', () => {
  expect([network({ tags: { team: 'net' } }), egress({})]).toEqual([[], []]);
});

test.each<readonly [string, Partial<AzureSegmentedNetworkProps>, string]>([
  ['a region of another cloud', { location: 'us-east-1' }, "azure: 'us-east-1' is no region of azure"],
  ['a name that is too long', { name: 'a'.repeat(60) }, 'has 60 characters; use at most 40'],
  ['segments of one block', { addresses: { ...addresses, segment: () => '10.40.64.0/22' } }, 'overlaps 10.40.64.0/22'],
  ['a block outside of the address space', { addressSpace: ['10.99.0.0/16'] }, "not in 10.99.0.0/16, the network's own"],
  ['pods in the network', { cluster: { segment: 'platform', podCidr: '10.40.128.0/20' } }, 'overlaps 10.40.0.0/16 of the network'],
  ['a next hop that is no address', { egressNextHop: 'firewall' }, "'firewall' is no IPv4 address"],
  ['a resolver that is a block', { dnsServers: ['10.40.0.0/24'] }, "'10.40.0.0/24' is no IPv4 address"],
  ['a name of a tag', { tags: { 'cost/center': 'x' } }, "the tag 'cost/center' has a name that Azure refuses"],
  ['a value of a tag', { tags: { note: 'x'.repeat(257) } }, 'has 257 characters'],
  ['too many tags', { tags: Object.fromEntries(Array.from({ length: 49 }, (_, index) => [`t${index}`, 'x'])) }, 'there are 49 tags; give at most 48'],
])('a network refuses %s', (_, change, part) => {
  expect(network(change).join('\n')).toContain(part);
});

test.each<readonly [string, Partial<AzureEgressControlProps>, string]>([
  ['segments of one block: one has the hosts of the other', { segments: EGRESS.segments.map((segment) => ({ ...segment, cidrs: ['10.9.0.0/16'] })) }, 'overlaps 10.9.0.0/16'],
  ['every address as a source', { segments: EGRESS.segments.map((segment) => ({ ...segment, cidrs: ['0.0.0.0/0'] })) }, 'is not a private range'],
  ['a firewall outside of the hub', { firewallSubnetCidr: '10.1.0.0/26' }, "not in 10.0.0.0/22, the network's own"],
  ['a hub with the addresses of a spoke', { hubAddressSpace: ['10.0.0.0/8'] }, "overlaps 10.0.0.0/8 of the hub"],
  ['a name of a tag', { tags: { 'a%': 'x' } }, "the tag 'a%'"],
])('an egress control refuses %s', (_, change, part) => {
  expect(egress(change).join('\n')).toContain(part);
});
