/** Whatever the file holds: a graph or a PlanInputError, soon. */
import * as fc from 'fast-check';
import { buildGraph } from '../../../review/plan/build-graph';
import { parsePlan, PlanInputError } from '../../../review/plan/load';
import { planJson, stackJson } from './plans';

/** Asks everything of whatever can be read. */
function exercise(source: string | Uint8Array): void {
  let file;
  try {
    file = parsePlan(source, 'fuzz.json');
  } catch (error) {
    expect(error).toBeInstanceOf(PlanInputError);
    return;
  }
  const graph = buildGraph(file);
  for (const each of [graph, graph.before()]) {
    for (const resource of [...each.resources, ...each.removed]) {
      resource.references([]);
      for (const key of Object.keys(resource.values)) {
        resource.references([key], { types: ['aws_vpc', 'constructor'] });
        for (const element of resource.elements([key])) resource.hasUnknown(element);
      }
      expect([resource.before, resource.drift, resource.source, resource.configExpression([])]).toHaveLength(4);
      each.referrers(resource);
    }
  }
}

test('random bytes', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), exercise), { numRuns: 2000 });
});

test('random JSON, also under the names that a plan has', () => {
  const json = fc.jsonValue({ maxDepth: 4 });
  const keys = ['format_version', 'resource_changes', 'planned_values', 'configuration', 'prior_state', 'values', 'resource', 'data', 'locals', 'module', 'root_module', 'resources', 'child_modules', 'module_calls', 'change', 'after', 'after_unknown', 'address', 'type', 'name', 'expressions', 'references', 'constant_value', '__proto__'];
  const named = fc.letrec((tie) => ({
    node: fc.oneof({ maxDepth: 6, depthIdentifier: 'plan' }, json, fc.constantFrom<unknown>('a.b', 'module.m', 'module.m.o', 'var.x', 'local.x', '${a.b.id}', 'each.value', true), fc.array(tie('node'), { maxLength: 3, depthIdentifier: 'plan' }), tie('object')),
    object: fc.dictionary(fc.constantFrom(...keys), tie('node'), { maxKeys: 6, depthIdentifier: 'plan' }),
  }));
  fc.assert(fc.property(fc.oneof(json, named.object.map((object) => ({ ...(object as object), format_version: '1.2' })), named.object), (value) => exercise(JSON.stringify(value))), { numRuns: 3000 });
});

/** Every place in a JSON value, as a list of paths. */
function places(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, item]) => places(item, [...path, Array.isArray(value) ? Number(key) : key]))];
}

test.each(['nested-modules.plan', 'lifecycle.plan', 'cdktf.plan', 'lifecycle.state', 'stack'])('%s with one thing replaced by another', (name) => {
  const original = name === 'stack' ? stackJson() : planJson(name);
  const all = places(original).filter((path) => path.length > 0);
  const odd = fc.constantFrom<unknown>(null, true, 0, '', '${', 'module.', [], {}, [null], [[]], { references: ['a.b'] }, { references: 'x' }, { constant_value: '${aws_vpc.main.id}', references: [] }, { __proto__: null });
  fc.assert(fc.property(fc.nat(all.length - 1), odd, (index, replacement) => {
    const copy = structuredClone(original);
    const path = all[index]!;
    const parent = path.slice(0, -1).reduce((node: any, step) => node[step], copy);
    parent[path.at(-1)!] = replacement;
    exercise(JSON.stringify(copy));
  }), { numRuns: 40 });
});

test('a plan cut off anywhere', () => {
  const text = JSON.stringify(planJson('cdktf.plan'));
  for (let length = 0; length < text.length; length += 997) exercise(text.slice(0, length));
});

test('modules 200 deep, and a chain of variables through them', () => {
  let module: any = { resources: [{ address: 'aws_subnet.s', mode: 'managed', type: 'aws_subnet', name: 's', expressions: { vpc_id: { references: ['var.v'] } } }] };
  for (let depth = 0; depth < 120; depth += 1) module = { module_calls: { m: { expressions: { v: { references: ['var.v'] } }, module } } };
  const moduleAddress = Array(120).fill('module.m').join('.');
  const change = { address: `${moduleAddress}.aws_subnet.s`, module_address: moduleAddress, mode: 'managed', type: 'aws_subnet', name: 's', change: { actions: ['create'], after: {}, after_unknown: { vpc_id: true } } };
  const graph = buildGraph(parsePlan(JSON.stringify({ format_version: '1.2', resource_changes: [change], configuration: { root_module: module } }), 'p'));
  expect(graph.resources[0]?.references('vpc_id').unknown).toMatch(/more than 100 steps/);
});
