/** What an expression by one's own key may mean, of several blocks. */
import { byOwnKey, inEither, isByOwnKey } from '../../review/model/composed-keys';
import type { Resource } from '../../review/plan/resource-graph';

const instances = (name: string, ...keys: readonly string[]) => keys.map((key) => ({ mode: 'managed', moduleAddress: '', type: 'aws_subnet', name, key, instances: keys.length, instanceKeys: keys }) as unknown as Resource);
const texts = (found: readonly Resource[] | undefined) => found?.map(({ name, key }) => `${name} ${String(key)}`);

test.each([
  [['aws_subnet.s', 'each.key'], true],
  [['aws_subnet.s', 'each.key', 'aws_subnet.t', 'each.key'], true],
  [['aws_subnet.s', 'each.key', 'aws_subnet.t', 'each.value.other'], false],
  [['aws_subnet.s', 'each.key', 'aws_subnet.t'], false],
  [['aws_subnet.s', 'each.key', 'each.value'], false],
  [['var.keys', 'each.key'], false],
  [[], false],
])('only its own key stands behind every resource: %j', (expression, answer) => {
  expect(isByOwnKey(expression, 'each.key')).toBe(answer);
});

test('of two blocks it means one of each, and nothing where one of them has none for every instance', () => {
  const [own] = instances('i', 'a', 'b');
  const both = byOwnKey(own!, [...instances('s', 'a', 'b'), ...instances('t', 'a-x', 'b-x')]);
  expect([texts(both?.meant), both?.isSure]).toEqual([['s a', 't a-x'], true]);
  expect(byOwnKey(own!, [...instances('s', 'a', 'b'), ...instances('t', 'a')])).toBeUndefined();
});

test('it is not sure where a block has two that fit', () => {
  const [own] = instances('i', 'a', 'b');
  const found = byOwnKey(own!, [...instances('s', 'a', 'b'), ...instances('t', 'a', 'b', 'a-x', 'b-x')]);
  expect([texts(found?.meant), found?.isSure]).toEqual([['s a', 't a', 't a-x'], false]);
});

test('in either of several blocks whatever has another key than its own is not sure', () => {
  const [own] = instances('i', 'a', 'b');
  expect(inEither(own!, [...instances('s', 'a'), ...instances('t', 'b')])).toMatchObject({ isSure: true });
  const found = inEither(own!, [...instances('s', 'a', 'a-x'), ...instances('t', 'b')]);
  expect([texts(found.meant)?.sort(), found.isSure]).toEqual([['s a', 's a-x'], false]);
});
