/** What a plan has twice is read once, and nothing is lost by it. */
import fc from 'fast-check';
import { parsePlan } from '../../../review/plan/load';
import { isObject, own, ownObject, type Json, type JsonObject } from '../../../review/plan/json';
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

  test('whatever they look like, no resource in them goes unnoticed, nor in what was before', () => {
    let noticed = 0;
    fc.assert(fc.property(fc.oneof({ arbitrary: values, weight: 4 }, tree), fc.constantFrom(undefined, 1), (made, indent) => {
      const text = Buffer.from(JSON.stringify({ planned_values: made, prior_state: { address: 'y', values: made }, after: { address: 'x' } }, undefined, indent));
      const { planned: found, prior } = scan(text);
      const named = new Set(found?.addresses);
      const records = stateRecords(ownObject({ planned_values: made } as JsonObject, 'planned_values'), new Set());
      noticed += named.size;
      if (isObject(made)) expect(prior?.addresses).toEqual(found?.addresses);
      // Each stands where it is said to stand; of what has no address it does not matter.
      for (const [at, address] of (prior?.addresses ?? []).entries()) {
        const stands = own(JSON.parse(text.toString('utf8', prior?.places[at * 2], prior?.places[at * 2 + 1])), 'address');
        expect(typeof stands === 'string' ? stands : address).toBe(address);
      }
      return found?.addresses === undefined || records.every(({ address }) => named.has(address));
    }), { numRuns: 2_000 });
    expect(noticed).toBeGreaterThan(100);
  });
});

describe('a prior state', () => {
  const left = (address: string, mode = 'managed') => ({ address, mode, type: 'aws_eip', name: 'a', values: { id: address, tags: { 'a"]}': '{' } } });
  const same = (address: string) => change(address, 'no-op', { change: { actions: ['no-op'], before: { id: address }, after: { id: address }, after_unknown: {} } });
  const modules = [{ resources: [left('module.m["x.y"].aws_eip.a'), left('module.m["x.y"].data.aws_eip.d[0]', 'data')], address: 'module.m["x.y"]', child_modules: [{ resources: [left('module.m["x.y"].module.n[1].aws_eip.left')], address: 'module.m["x.y"].module.n[1]' }] }];
  const prior = { format_version: '1.0', values: { outputs: { address: { value: 'x' } }, root_module: { resources: [left('aws_eip.a'), left('aws_eip.left'), left('data.aws_eip.d', 'data')], child_modules: modules } } };
  const changing = (changes: readonly Json[]) => JSON.stringify({ ...JSON.parse(plan(changes, [planned('aws_eip.a')], [planned('module.m["x.y"].aws_eip.a')])), prior_state: prior });
  const texts = [changing([same('aws_eip.a'), same('module.m["x.y"].aws_eip.a')]), changing([change('aws_eip.a'), same('module.m["x.y"].aws_eip.a')])] as const;
  const graphOf = (text: string) => planGraph(parsePlan(text, 'plan')).resources.map(({ address, moduleAddress, mode, values }) => ({ address, moduleAddress, mode, values }));

  test('of a plan that changes nothing is read where it has more than the changes', () => {
    const [text] = texts;
    const whole = { ...parsePlan(text, 'plan'), document: JSON.parse(text) as JsonObject };
    expect(graphOf(text)).toEqual(planGraph(whole).resources.map(({ address, moduleAddress, mode, values }) => ({ address, moduleAddress, mode, values })));
    expect(graphOf(text).map(({ address }) => address)).toEqual(['aws_eip.a', 'module.m["x.y"].aws_eip.a', 'aws_eip.left', 'data.aws_eip.d', 'module.m["x.y"].data.aws_eip.d[0]', 'module.m["x.y"].module.n[1].aws_eip.left']);
    expect(JSON.stringify(parsePlan(text, 'plan').document['prior_state'])).not.toContain('"aws_eip.a"');
    expect(planGraph(parsePlan(text, 'plan')).before()).toMatchObject({ kind: 'plan' });
  });

  test('of a plan that changes something is read as a whole', () => {
    expect(parsePlan(texts[1], 'plan').document['prior_state']).toEqual(prior);
  });

  test.each([
    ['that is no object', texts[0].replace(/"prior_state":\{.*$/, '"prior_state":[{"values":{}}]}'), [{ values: {} }]],
    ['with a deposed object', texts[0].replace('{"address":"aws_eip.left"', '{"deposed_key":"ab12","address":"aws_eip.left"'), expect.objectContaining({ format_version: '1.0' })],
    ['with a resource that has two addresses', texts[0].replace('{"address":"aws_eip.left"', '{"address":"aws_eip.a","address":"aws_eip.left"'), expect.objectContaining({ format_version: '1.0' })],
    ['with a resource that has no address', texts[0].replace('{"address":"aws_eip.left",', '{'), expect.objectContaining({ format_version: '1.0' })],
    ['with an address that tells no module', texts[0].replace('{"address":"aws_eip.left"', '{"address":"no address"'), expect.objectContaining({ format_version: '1.0' })],
  ])('%s is read as a whole', (_, text, expected) => {
    expect(parsePlan(text, 'plan').document['prior_state']).toEqual(expected);
  });
});
