import { allowSignatures, floorSignatures } from '../../../blueprints/aws/firewall-rules';
import { capacityFor, QUOTAS, shardRules } from '../../../blueprints/aws/rule-shards';
import { allow } from './policies';

const sources = [{ name: 'payments', cidrs: ['10.20.16.0/24', '10.20.17.0/24', '10.20.18.0/24'] }];
const shardsFor = (hosts: readonly string[]) => {
  const rules = hosts.map((host) => allow(host));
  return shardRules(allowSignatures(rules, sources), floorSignatures(rules, sources));
};
const hosts = (count: number) => Array.from({ length: count }, (_, index) => `host-${index}.example.com`);

test('a small policy is one group and the floor', () => {
  const { shards, problems } = shardsFor(['api.stripe.com']);
  expect(shards.map(({ role, priority, capacity }) => [role, priority, capacity])).toEqual([['allow-1of1', 100, 100], ['floor', 10_000, 100]]);
  expect(problems).toEqual([]);
});

test('10,000 hosts fit a policy, in a power of two of groups', () => {
  const { shards, problems } = shardsFor(hosts(10_000));
  expect(problems).toEqual([]);
  expect(shards).toHaveLength(8 + 1);
  expect(shards.reduce((sum, { capacity }) => sum + capacity, 0)).toBeLessThanOrEqual(QUOTAS.capacity);
  const sids = shards.flatMap(({ lines }) => lines).map((line) => /sid:(\d+)/.exec(line)![1]);
  expect(new Set(sids).size).toBe(sids.length);
  expect(Math.max(...sids.map(Number))).toBeLessThan(2 ** 31);
});

test('a host more changes one group and no signature of another host', () => {
  const before = shardsFor(hosts(10_000)).shards;
  const after = shardsFor([...hosts(10_000), 'one-more.example.com']).shards;
  const changed = after.filter(({ lines }, index) => lines.join() !== before[index]!.lines.join());
  expect(changed).toHaveLength(1);
  expect(after.map(({ role, capacity }) => [role, capacity])).toEqual(before.map(({ role, capacity }) => [role, capacity]));
  const old = new Set(before.flatMap(({ lines }) => lines));
  expect(after.flatMap(({ lines }) => lines).filter((line) => !old.has(line))).toHaveLength(2);
});

test('the order of the rules changes nothing', () => {
  const shuffled = [...hosts(50)].reverse().sort();
  expect(shardsFor(shuffled)).toEqual(shardsFor([...hosts(50)].sort()));
});

test.each([[1, 100], [90, 100], [91, 200], [1_000, 1_500], [2_500, 3_000], [6_000, 7_000]])('%i signatures get room for %i', (signatures, capacity) => {
  expect(capacityFor(signatures)).toBe(capacity);
});

test('says what to do when the hosts do not fit', () => {
  expect(shardsFor(hosts(14_000)).problems).toEqual([expect.stringMatching(/^aws: the allow rules need a firewall capacity of \d+, and one policy takes 30000; use wildcards/)]);
});

test('says which rule is too long', () => {
  const rules = [allow('sftp.partner.com', { protocol: 'tcp', ports: [22], addresses: Array.from({ length: 600 }, (_, i) => `203.0.${i >> 8}.${i % 256}/32`) })];
  const { problems } = shardRules(allowSignatures(rules, sources), floorSignatures(rules, sources));
  expect(problems).toHaveLength(3);
  expect(problems[0]).toMatch(/a firewall rule takes 8192 characters.*list fewer/);
});
