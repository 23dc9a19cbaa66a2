/** What a plan has twice is read once, and nothing is lost by it. */
import fc from 'fast-check';
import { parsePlan } from '../../../review/plan/load';
import { ownObject, type Json, type JsonObject } from '../../../review/plan/json';
import { planGraph } from '../../../review/plan/plan-graph';
import { scan } from '../../../review/plan/scan';
import { stateRecords } from '../../../review/plan/state-graph';

const change = (address: string, action = 'create', more = {}) => ({ address, mode: 'managed', type: 'aws_eip', name: 'a', change: { actions: [action], before: null, after: {}, after_unknown: {} }, ...more });
const planned = (address: string, more = {}) => ({ address, mode: 'managed', type: 'aws_eip', name: 'a', values: { address: '1.2.3.4', resources: [{ address: 'no resource' }] }, ...more });

function plan(changes: readonly Json[], resources: readonly Json[], inModule: readonly Json[] = []): string {
  return JSON.stringify({
    format_version: '1.2',
    planned_values: { outputs: { address: { value: 'x' } }, root_module: { resources, child_modules: [{ resources: inModule, address: 'module.m' }] } },
    resource_changes: changes,
    configuration: { root_module: {} },
  });
}

const parts = (text: string) => parsePlan(text, 'plan').document['planned_values'];
const addresses = (text: string) => planGraph(parsePlan(text, 'plan')).resources.map(({ address }) => address);

describe('planned values', () => {
  test('that name nothing but what is among the changes are not read', () => {
    const text = plan([change('aws_eip.a'), change('module.m.aws_eip.b["x\\"y"]')], [planned('aws_eip.a')], [planned('module.m.aws_eip.b["x\\"y"]')]);
    expect(parts(text)).toEqual({});
    expect(addresses(text)).toEqual(['aws_eip.a', 'module.m.aws_eip.b["x\\"y"]']);
  });

  test.each([
    ['a resource', plan([change('aws_eip.a')], [planned('aws_eip.a'), planned('aws_eip.left')])],
    ['a resource in a module', plan([change('aws_eip.a')], [planned('aws_eip.a')], [planned('aws_eip.left')])],
    ['a resource of which only a deposed object is among the changes', plan([change('aws_eip.a'), change('aws_eip.left', 'delete', { deposed: 'abcd' })], [planned('aws_eip.a'), planned('aws_eip.left')])],
    ['a resource whose address comes after its values', plan([change('aws_eip.a')], [{ values: {}, mode: 'managed', type: 'aws_eip', name: 'a', address: 'aws_eip.left' }])],
    ['a resource under a key that is written with escapes', plan([change('aws_eip.a')], [planned('aws_eip.left')]).replace('"resources"', '"\\u0072esources"')],
    ['a resource whose address is written with escapes', plan([change('aws_eip.a')], [planned('aws_eip.left')]).replace('"aws_eip.left"', '"aws_eip\\u002eleft"')],
    ['a resource whose own key is written with escapes', plan([change('aws_eip.a')], [planned('aws_eip.left')]).replace('{"address":"aws_eip.left"', '{"\\u0061ddress":"aws_eip.left"')],
    ['a resource, with blanks all over', JSON.stringify(JSON.parse(plan([change('aws_eip.a')], [planned('aws_eip.left')])), undefined, '\t')],
  ])('that name %s more are read', (_, text) => {
    expect(addresses(text)).toContain('aws_eip.left');
  });

  test('of a plan without changes are read', () => {
    expect(addresses(plan([], [planned('aws_eip.left')]))).toEqual(['aws_eip.left']);
  });

  test('an error elsewhere is told with its place in the whole text', () => {
    const text = plan([change('aws_eip.a')], [planned('aws_eip.a')]).replace(/\}$/, ',}');
    expect(() => parsePlan(text, 'plan')).toThrow(`from character ${text.length - 1} on`);
  });

  const key = fc.constantFrom('root_module', 'resources', 'child_modules', 'address', 'values', 'mode', 'deposed_key', 'a"b');
  const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      fc.constantFrom<Json>('aws_eip.a', 'aws_eip.b["\\"]', 'data.aws_eip.c', '', 0, null, true),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 5 }),
    ),
  }));
  const moduleOf = (inner: fc.Arbitrary<Json>): fc.Arbitrary<Json> => fc.record({
    resources: fc.array(fc.oneof(fc.record({ address: fc.constantFrom('aws_eip.a', 'aws_eip.b["\\"]'), type: fc.constant('aws_eip'), name: fc.constant('a'), values: tree }, { requiredKeys: [] }), tree), { maxLength: 3 }),
    child_modules: fc.array(inner, { maxLength: 2 }),
    address: tree,
  }, { requiredKeys: [] });
  const values = fc.record({ root_module: moduleOf(moduleOf(tree)), outputs: tree }, { requiredKeys: [] });

  test('whatever they look like, no resource in them goes unnoticed', () => {
    let noticed = 0;
    fc.assert(fc.property(fc.oneof({ arbitrary: values, weight: 4 }, tree), fc.constantFrom(undefined, 1), (made, indent) => {
      const found = scan(Buffer.from(JSON.stringify({ planned_values: made, after: { address: 'x' } }, undefined, indent))).planned;
      const named = new Set(found?.addresses);
      const missed = stateRecords(ownObject({ planned_values: made } as JsonObject, 'planned_values'), new Set()).filter(({ address }) => !named.has(address));
      noticed += named.size;
      return missed.length === 0 || found?.addresses === undefined;
    }), { numRuns: 2_000 });
    expect(noticed).toBeGreaterThan(100);
  });
});
