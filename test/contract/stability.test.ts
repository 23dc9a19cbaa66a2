/** Addresses and CIDRs are a public contract: what a change of policy must not move. */
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { availableClouds } from '../../stacks/app';
import { fixture, synthesized, type Synthesized } from '../fixtures/stacks';
import type { SynthesizedStack } from './observation';

const FULL = fixture('full');

/** Every list of the policy in another order; its maps too. */
function shuffled(value: unknown, order: () => number): unknown {
  const reorder = <T>(items: T[]): T[] => items.map((item) => ({ item, key: order() })).sort((a, b) => a.key - b.key).map(({ item }) => item);
  if (Array.isArray(value)) return reorder(value.map((item) => shuffled(item, order)));
  if (value && typeof value === 'object') return Object.fromEntries(reorder(Object.entries(value).map(([key, item]) => [key, shuffled(item, order)])));
  return value;
}

function edited(edit: (policy: any) => void): string {
  const policy = parse(FULL);
  edit(policy);
  return stringify(policy);
}

/** Address to the properties that place a thing in the network: CIDRs and zones. */
function places(stack: SynthesizedStack): Map<string, string> {
  const result = new Map<string, string>();
  for (const [type, instances] of Object.entries(stack.resource ?? {})) {
    for (const [name, config] of Object.entries(instances)) {
      const { cidr_block, ip_cidr_range, address_prefixes, address_space, availability_zone } = config;
      result.set(`${type}.${name}`, JSON.stringify({ cidr_block, ip_cidr_range, address_prefixes, address_space, availability_zone }));
    }
  }
  return result;
}

const clouds = availableClouds();
const stackOf = (cloud: string) => `${cloud}-prod`;
/** Blocks for another environment that overlap none of the policy's. */
const FREE = ['10.50.0.0/16', '10.51.0.0/16', '10.52.0.0/16'];

let base: Synthesized;
beforeAll(async () => {
  base = await synthesized(FULL);
});

test('the order of lists in the policy changes not one byte', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.nat(), { minLength: 200, maxLength: 200 }), async (keys) => {
    let next = 0;
    const order = () => keys[next++ % keys.length] as number;
    const other = await synthesized(stringify(shuffled(parse(FULL), order)));
    expect(other.texts).toEqual(base.texts);
  }), { numRuns: 15 });
}, 60_000);

// Each policy is synthesized once, for every cloud.
test.each<[string, (policy: any) => void]>([
  ['an allowed host', (policy) => policy.allow.push({ host: 'a.first.com', from: ['payments'], owner: 'x', reason: 'x' })],
  ['a host for a segment that had none', (policy) => policy.allow.push({ host: 'a.first.com', from: ['reporting'], owner: 'x', reason: 'x' })],
  ['a segment that sorts first', (policy) => policy.segments.unshift({ name: 'aaa', tier: 'private', accepts: [{ from: 'edge', ports: [9000] }] })],
  ['a segment that sorts last', (policy) => policy.segments.push({ name: 'zzz', tier: 'data', accepts: [{ from: 'aaa-caller', ports: [9000] }] }, { name: 'aaa-caller', tier: 'private' })],
  ['a zone', (policy) => { policy.environments[0].aws.zones = 4; }],
  ['an environment', (policy) => policy.environments.unshift({ name: 'dev', ...Object.fromEntries(clouds.map((cloud, index) => [cloud, { ...policy.environments[0][cloud], cidr: FREE[index] }])) })],
  ['a private service', (policy) => policy.privateServices.unshift('queue')],
])('adding %s moves no address and no CIDR', async (_, edit) => {
  const after = await synthesized(edited(edit), base.lock);
  expect(Object.fromEntries(clouds.map((cloud) => {
    const now = places(after.stack(stackOf(cloud)));
    return [cloud, [...places(base.stack(stackOf(cloud)))].filter(([address, place]) => now.get(address) !== place)];
  }))).toEqual(Object.fromEntries(clouds.map((cloud) => [cloud, []])));
});

test('removing a host or a segment moves none of the others', async () => {
  const after = await synthesized(edited((policy) => {
    policy.allow.shift();
    policy.segments = policy.segments.filter(({ name }: { name: string }) => name !== 'reporting');
    policy.segments.at(-1).accepts = [{ from: 'payments', ports: [5432] }];
  }), base.lock);
  for (const cloud of clouds) {
    const before = places(base.stack(stackOf(cloud)));
    expect([...places(after.stack(stackOf(cloud)))].filter(([address, place]) => before.get(address) !== place)).toEqual([]);
  }
});
