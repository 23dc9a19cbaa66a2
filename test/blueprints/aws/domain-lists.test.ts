import { domainLists } from '../../../blueprints/aws/domain-lists';

const hosts = (count: number) => Array.from({ length: count }, (_, index) => `host-${index}.example.com`);
const whole = (names: readonly string[]) => domainLists(names).lists;

test('a small policy is one list, and none without a host', () => {
  expect(whole(['b.example.com', 'a.example.com'])).toEqual([{ number: 1, domains: ['a.example.com', 'b.example.com'], successors: [] }]);
  expect(whole([])).toEqual([]);
});

test('10,000 hosts are 16 lists, each within one request', () => {
  const { lists, problems } = domainLists(hosts(10_000));
  expect(problems).toEqual([]);
  expect(lists).toHaveLength(16);
  for (const { domains } of lists) expect(domains.length).toBeLessThanOrEqual(1_000);
  expect(new Set(lists.flatMap(({ domains }) => domains)).size).toBe(10_000);
});

test('a host more changes one list, and only by that host', () => {
  const before = whole(hosts(10_000));
  const after = whole([...hosts(10_000), 'one-more.example.com']);
  const changed = after.filter(({ domains }, index) => domains.join() !== before[index]!.domains.join());
  expect(changed).toHaveLength(1);
  expect(changed[0]!.domains.filter((name) => name !== 'one-more.example.com')).toEqual(before[changed[0]!.number - 1]!.domains);
});

test('when lists are cut, what a list loses is in its successors', () => {
  const before = whole(hosts(900));
  const after = whole(hosts(4_500));
  expect([before.length, after.length]).toEqual([1, 8]);
  const behind = (number: number): readonly number[] => {
    const { successors } = after[number - 1]!;
    return [...successors, ...successors.flatMap(behind)];
  };
  const taken = new Set([1, ...behind(1)].flatMap((number) => after[number - 1]!.domains));
  expect(before[0]!.domains.filter((name) => !taken.has(name))).toEqual([]);
  // A list never waits for itself or for one that waits for it.
  for (const { number, successors } of after) for (const other of successors) expect(other).toBeGreaterThan(number);
  expect(after.flatMap(({ successors }) => successors).sort()).toEqual([2, 3, 4, 5, 6, 7, 8]);
});

test('the order of the names changes nothing', () => {
  expect(domainLists([...hosts(3_000)].reverse())).toEqual(domainLists(hosts(3_000)));
});

test('says what to do when the names do not fit', () => {
  expect(domainLists(hosts(70_000)).problems).toEqual([expect.stringMatching(/^aws: 70000 names do not fit into 64 domain lists.*use wildcards, or split/)]);
});
