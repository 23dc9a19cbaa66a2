/** What a construct is handed by an app of somebody's own, and Google would refuse, or take for something else. */
import { TerraformStack, Testing } from 'cdktf';
import { BlueprintError } from '../../../blueprints/blueprint-error';
import { GoogleSegmentedNetwork, type GoogleSegmentedNetworkProps } from '../../../blueprints/google/segmented-network';
import { planAddresses } from '../../../blueprints/policy/address-plan';
import { fixture, policyOf } from '../../fixtures/stacks';

const { policy } = policyOf(fixture('full'));
const google = policy.environments[0]!.google!;
const addresses = planAddresses(policy, google);

function problemsOf(change: Partial<GoogleSegmentedNetworkProps>): readonly string[] {
  try {
    new GoogleSegmentedNetwork(new TerraformStack(Testing.app(), 'alone'), 'network', {
      name: 'acme-prod', project: google.project, region: google.region, segments: policy.segments, rules: policy.allow, addresses, ...change,
    });
    return [];
  } catch (error) {
    if (!(error instanceof BlueprintError)) throw error;
    return error.problems.map(({ message }) => message);
  }
}
const [first, second, ...others] = policy.segments as [typeof policy.segments[0], typeof policy.segments[0]];

test.each<readonly [string, Partial<GoogleSegmentedNetworkProps>, string]>([
  ['a region of another cloud', { region: 'westeurope' }, "google: 'westeurope' is no region of google"],
  ['the name of a project', { project: 'Acme Production' }, "'Acme Production' is no id of a project"],
  ['segments of one slot, whose rules would have one priority', { segments: [first, { ...second, slot: first.slot }, ...others] }, `has the slot ${first.slot} of '${first.name}'`],
  ['the internet in a data segment', { segments: policy.segments.map((segment) => ({ ...segment, tier: 'data' as const })) }, 'is data and accepts the internet'],
  ['segments of one block', { addresses: { ...addresses, segment: () => '10.30.64.0/22' } }, 'overlaps 10.30.64.0/22'],
  ['a block of another network', { addresses: { ...addresses, infrastructure: () => '10.99.0.0/22' } }, "not in 10.30.0.0/16, the network's own"],
  ['pods in the network', { clusters: [{ segment: first.name, pods: '10.30.128.0/20', services: '10.31.0.0/20', webhookPorts: [] }] }, 'overlaps 10.30.0.0/16 of the network'],
])('a network refuses %s', (_, change, part) => {
  expect(problemsOf(change).join('\n')).toContain(part);
});

test('sound props have no problem, and references are let pass', () => {
  expect(problemsOf({ project: '${google_project.main.project_id}' })).toEqual([]);
});
