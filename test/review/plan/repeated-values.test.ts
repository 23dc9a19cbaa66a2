/** What a plan says repeatedly is parsed once, and means the same. */
import fc from 'fast-check';
import { parsePlan } from '../../../review/plan/load';
import { ownObject, ownObjects, type Json } from '../../../review/plan/json';
import { scan } from '../../../review/plan/scan';

const HEAD = { format_version: '1.2', configuration: { root_module: {} } };
const details = (text: string) => ownObjects(parsePlan(text, 'plan').document, 'resource_changes').map((entry) => ownObject(entry, 'change'));
const change = (type: string, values: Json) => ({ address: `${type}.a`, type, name: 'a', change: values });
const plan = (...changes: readonly Json[]) => JSON.stringify({ ...HEAD, resource_changes: changes });

describe('values that a plan has repeatedly', () => {
  const unknown = { id: true, tags: { a: [true, {}] } };
  const value = { name: 'ä"{}[]', list: [{ deep: ['\\'] }] };

  test('are one object: marks of resources of a type, and what was before is after', () => {
    const [first, second, other] = details(plan(
      change('aws_vpc', { before: value, after: value, after_unknown: unknown, after_sensitive: {} }),
      change('aws_vpc', { before: value, after: { ...value, name: 'b' }, after_unknown: unknown, after_sensitive: {} }),
      change('aws_eip', { before: null, after: value, after_unknown: unknown }),
    ));
    expect(first?.['after']).toBe(first?.['before']);
    expect(second?.['after_unknown']).toBe(first?.['after_unknown']);
    expect(second?.['after']).toEqual({ ...value, name: 'b' });
    expect(other).toEqual({ before: null, after: value, after_unknown: unknown });
  });

  test.each([
    ['a text where values belong', plan(change('aws_vpc', { after: value, after_unknown: unknown }), change('aws_vpc', { after: '0', after_unknown: unknown }))],
    ['an escape in a key', plan(change('aws_vpc', { after_unknown: unknown }), change('aws_vpc', { after_unknown: unknown })).replace('"after_unknown"', '"after_\\u0075nknown"')],
    ['an escape in the key of the change', plan(change('aws_vpc', { after_unknown: unknown }), change('aws_vpc', { after_unknown: '0' })).replaceAll('"change"', '"\\u0063hange"')],
    ['a key twice', plan(change('aws_vpc', { after_unknown: unknown }), change('aws_vpc', { after_unknown: unknown })).replaceAll('"after_unknown"', '"after_unknown":{"id":true},"after_unknown"')],
    ['what was before twice, once behind what will be', plan(change('aws_vpc', { before: value, after: value })).replace(/\}\}\]/, ',"before":{"other":true}}}]')],
    ['what was before twice, the second time nothing', plan(change('aws_vpc', { before: value, after: value })).replace(/\}\}\]/, ',"before":null}}]')],
    ['a change twice', plan(change('aws_vpc', { after_unknown: unknown }), change('aws_vpc', { after_unknown: unknown })).replaceAll('"change"', '"change":{"after_unknown":{}},"change"')],
    ['blanks all over', JSON.stringify(JSON.parse(plan(change('aws_vpc', { before: value, after: value }), change('aws_vpc', { before: value, after: value }))), undefined, '\t\r\n ')],
    ['planned values behind the changes', JSON.stringify({ ...HEAD, resource_changes: [change('aws_vpc', { after: value, after_unknown: unknown }), change('aws_vpc', { after: value, after_unknown: unknown })], planned_values: {} })],
  ])('mean the same with %s', (_, text) => {
    expect(parsePlan(text, 'plan').document).toEqual(JSON.parse(text));
  });

  test('more of them than are remembered mean the same', () => {
    const text = plan(...Array.from({ length: 60 }, (_, at) => change('aws_vpc', { after: { at }, after_unknown: { [`a${at % 13}`]: true }, after_sensitive: { [`b${at % 20}`]: true } })));
    expect(parsePlan(text, 'plan').document).toEqual(JSON.parse(text));
  });

  test('a mistake in one of them is told with its place in the whole text', () => {
    const text = plan(change('aws_vpc', { after_unknown: unknown }), change('aws_vpc', { after_unknown: unknown })).replaceAll('"id":true,', '"id":true ');
    expect(() => parsePlan(text, 'plan')).toThrow(`from character ${text.indexOf('true ') + 5} on`);
  });

  const key = fc.constantFrom('before', 'after', 'after_unknown', 'after_sensitive', 'change', 'type', 'resource_changes', 'a"b', '__proto__', '0', 'ü');
  const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      fc.constantFrom<Json>('0', '1', '{', '}"', '\\', '', 0, null, true, {}, { id: true }, []),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
    ),
  }));
  const isObject = (each: Json): boolean => typeof each === 'object' && each !== null && !Array.isArray(each);
  /** Changes by address are. */
  const isRefused = (each: Json): boolean => isObject(each) && Object.values(each as object).some(isObject);
  const marks = fc.constantFrom<Json>({}, { id: true }, { id: true, tags: { '}': [true] } }, { arn: true, id: true });
  const entry = fc.record({ address: fc.constant('a.b'), type: fc.constantFrom<Json>('a', 'b', 0, { type: 'a' }), name: fc.constant('b'), change: fc.oneof(fc.record({ before: fc.oneof(marks, tree), after: fc.oneof(marks, tree), after_unknown: marks, after_sensitive: marks }, { requiredKeys: [] }), tree) }, { requiredKeys: [] });

  test('whatever they look like, nothing is lost or mixed up', () => {
    let shared = 0;
    fc.assert(fc.property(fc.oneof({ arbitrary: fc.array(fc.oneof({ arbitrary: entry, weight: 4 }, tree), { maxLength: 6 }), weight: 6 }, tree.map((each) => (isRefused(each) ? [each] : each))), fc.constantFrom(undefined, 1), (changes, indent) => {
      const text = JSON.stringify({ ...HEAD, resource_changes: changes, more: changes }, undefined, indent);
      shared += scan(Buffer.from(text)).repeated?.places.length ?? 0;
      expect(parsePlan(text, 'plan').document).toEqual({ ...JSON.parse(text) });
    }), { numRuns: 2_000 });
    expect(shared).toBeGreaterThan(1_000);
  });

  const stands = fc.record({ address: fc.constantFrom<Json>('a.b', 'module.m["x"].a.b', 'a.c', 0), type: fc.constant('a'), name: fc.constant('b'), values: fc.oneof({ arbitrary: marks, weight: 6 }, tree), key: fc.constant('ab12') }, { requiredKeys: ['address', 'values'] });
  const entryOf = fc.record({ address: fc.constantFrom('a.b', 'module.m["x"].a.b', 'a.c'), type: fc.constant('a'), name: fc.constant('b'), change: fc.record({ before: fc.oneof({ arbitrary: marks, weight: 6 }, tree), after: fc.oneof(marks, tree), after_unknown: marks }) });

  test('whatever a prior state has of them, it is the same', () => {
    let shared = 0;
    fc.assert(fc.property(fc.array(fc.oneof({ arbitrary: entryOf, weight: 9 }, tree), { maxLength: 5 }), fc.array(stands, { maxLength: 5 }), fc.array(stands, { maxLength: 2 }), fc.constantFrom(undefined, 1), fc.boolean(), (changes, resources, more, indent, isFirst) => {
      const prior = { prior_state: { format_version: '1.0', values: { root_module: { resources, child_modules: [{ resources: more, address: 'module.m["x"]' }] } } } };
      const text = JSON.stringify({ ...HEAD, ...(isFirst ? prior : {}), planned_values: {}, resource_changes: changes, ...(isFirst ? {} : prior) }, undefined, indent);
      shared += scan(Buffer.from(text)).prior?.same.length ?? 0;
      expect(parsePlan(text, 'plan').document).toEqual(JSON.parse(text));
    }), { numRuns: 4_000 });
    expect(shared).toBeGreaterThan(300);
  });

  test('of a change what was before is the very object that the prior state has', () => {
    const identity = (address: string) => ({ address, type: 'aws_vpc', name: 'a' });
    const changes = ['aws_vpc.a["ä"]', 'aws_vpc.b', 'aws_vpc.c'].map((address) => ({ ...identity(address), change: { before: { ...value, address }, after: value, after_unknown: unknown } }));
    const resources = [{ ...identity('data.aws_vpc.d'), values: value }, { ...identity('aws_vpc.c'), values: { ...value, address: 'aws_vpc.c' } }, { ...identity('aws_vpc.b'), values: { ...value, address: 'other' } }, { ...identity('aws_vpc.a["ä"]'), values: { ...value, address: 'aws_vpc.a["ä"]' } }];
    const text = JSON.stringify({ ...HEAD, planned_values: {}, resource_changes: changes, prior_state: { values: { root_module: { resources } } } });
    const { document } = parsePlan(text, 'plan');
    expect(document).toEqual(JSON.parse(text));
    const before = ownObjects(document, 'resource_changes').map((entry) => ownObject(ownObject(entry, 'change'), 'before'));
    const found = ownObjects(ownObject(ownObject(ownObject(document, 'prior_state'), 'values'), 'root_module'), 'resources').map((each) => ownObject(each, 'values'));
    expect([found[1] === before[2], found[2] === before[1], found[3] === before[0]]).toEqual([true, false, true]);
  });

  test('a file that ends in the middle of one is cut off', () => {
    expect(() => parsePlan(plan(change('a', { after_unknown: unknown }), change('a', { after_unknown: unknown })).slice(0, -12), 'plan')).toThrow('the JSON ends in the middle');
  });
});
