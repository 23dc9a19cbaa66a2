/** Sensitive values leave the graph through no door. */
import { inspect } from 'node:util';
import { SENSITIVE } from '../../../review/plan/masking';
import type { ResourceGraph } from '../../../review/plan/resource-graph';
import { at, change, configured, graph, graphOf, plan, planJson, stackJson } from './plans';

const SECRET = 'correct-horse';

/** Everything that a user of the graph can read of it. */
function everything(of: ResourceGraph): string {
  const parts: unknown[] = [[...of.variables.values()], of.warnings];
  for (const resource of [...of.resources, ...of.removed]) {
    parts.push(resource.values, resource.before, resource.drift, resource.configExpression([]), resource.toString(), JSON.stringify(resource));
    for (const attribute of Object.keys(resource.values)) {
      const { targets: _targets, links: _links, likely: _likely, ...rest } = resource.references([attribute]);
      parts.push(resource.valueAt([attribute]), resource.unknownAt([attribute]), resource.configExpression([attribute]), rest);
    }
  }
  return inspect(parts, { depth: 20, maxArrayLength: null, maxStringLength: null });
}

test('a sensitive variable, and the attribute that it sets', () => {
  const nested = graph('nested-modules.plan');
  expect(JSON.stringify(planJson('nested-modules.plan'))).toContain(SECRET);
  expect(everything(nested)).not.toContain(SECRET);
  expect(nested.variables.get('admin_password')).toEqual({ name: 'admin_password', sensitive: true, value: SENSITIVE });
  expect(nested.variables.get('networks')?.sensitive).toBe(false);
  const database = at(nested, 'aws_db_instance.secret');
  expect(database.valueAt('password')).toBe(SENSITIVE);
  expect(database.unknownAt('password')).toBe('sensitive');
  expect(database.sensitiveAt('password')).toBe(true);
  expect(database.unknownAt('password_wo')).toBeUndefined();
});

test('a literal secret stands in the configuration of the plan, too', () => {
  expect(JSON.stringify(planJson('cdktf.plan').configuration)).toContain(SECRET);
  const planned = graph('cdktf.plan');
  expect(everything(planned)).not.toContain(SECRET);
  expect(at(planned, 'aws_db_instance.db').configExpression('password')).toEqual({ constant_value: SENSITIVE });
});

test('a synthesized stack marks nothing: names decide', () => {
  const synthesized = graphOf(stackJson());
  expect(everything(synthesized)).not.toContain(SECRET);
  expect(at(synthesized, 'aws_db_instance.db').valueAt('password')).toBe(SENSITIVE);
});

test('a plan or state of Terraform before 1.0 marks nothing: names decide, and what was marked is believed', () => {
  const secrets = { admin_password: SECRET, block: [{ client_secret: SECRET, list: [{ token: SECRET }] }], name: 'open' };
  const unmarked = (actions: string[], before: unknown, after: unknown) => ({ actions, before, after, after_unknown: {}, before_sensitive: undefined, after_sensitive: undefined });
  const document = plan([
    change('a.new', 'a', 'new', unmarked(['create'], null, secrets)),
    change('a.changed', 'a', 'changed', unmarked(['update'], secrets, { ...secrets, name: 'other' })),
    change('a.gone', 'a', 'gone', unmarked(['delete'], secrets, null)),
  ], {}, { format_version: '0.1', resource_drift: [change('a.changed', 'a', 'changed', unmarked(['update'], secrets, secrets))] });
  const old = graphOf(document);
  expect(everything(old)).not.toContain(SECRET);
  expect(at(old, 'a.new').valueAt('name')).toBe('open');
  expect(at(old, 'a.new').valueAt('admin_password')).toBe(SENSITIVE);
  const state = graphOf({ format_version: '0.1', values: { root_module: { resources: [{ address: 'a.b', type: 'a', name: 'b', values: secrets }] } } });
  expect(everything(state)).not.toContain(SECRET);
  expect(at(state, 'a.b').valueAt('name')).toBe('open');
  const marked = graphOf({ format_version: '0.2', values: { root_module: { resources: [{ address: 'a.b', type: 'a', name: 'b', values: secrets, sensitive_values: {} }] } } });
  expect(at(marked, 'a.b').valueAt('admin_password')).toBe(SECRET);
});

test('before, drift, removed, nested and whole marks', () => {
  const marked = (value: unknown, mark: unknown) => ({ before: value, before_sensitive: mark, after: value, after_sensitive: mark, after_unknown: {} });
  const document = plan([
    change('a.whole', 'a', 'whole', marked({ x: SECRET, list: [SECRET] }, true)),
    change('a.nested', 'a', 'nested', { actions: ['update'], ...marked({ block: [{ x: SECRET, y: 'open' }], map: { k: SECRET } }, { block: [{ x: true }], map: { k: true } }) }),
    change('a.shapes', 'a', 'shapes', marked({ list: { x: SECRET }, object: [SECRET], text: SECRET }, { list: [true], object: { x: true }, text: { x: true } })),
    change('a.gone', 'a', 'gone', { actions: ['delete'], ...marked({ x: SECRET }, { x: true }), after: null, after_sensitive: false }),
  ], { resources: [configured('a', 'nested', { block: [{ x: { constant_value: SECRET } }], map: { constant_value: { k: SECRET } } })] }, {
    resource_drift: [change('a.nested', 'a', 'nested', { actions: ['update'], ...marked({ map: { k: SECRET } }, { map: { k: true } }) })],
    variables: { token: { value: SECRET } },
  });
  document.configuration.root_module.variables = { token: { sensitive: true } };
  expect(everything(graphOf(document))).not.toContain(SECRET);
  expect(at(graphOf(document), 'a.nested').valueAt('block[0].y')).toBe('open');
  expect(everything(graphOf({ ...document, configuration: undefined }))).not.toContain(SECRET);
});

test('an id that is sensitive joins nothing by value', () => {
  const vpc = change('aws_vpc.v', 'aws_vpc', 'v', { after: { id: 'vpc-11111111' }, after_unknown: {}, after_sensitive: { id: true } });
  const subnet = change('aws_subnet.s', 'aws_subnet', 's', { after: { vpc_id: 'vpc-11111111' }, after_unknown: {} });
  const answer = at(graphOf(plan([vpc, subnet])), 'aws_subnet.s').references('vpc_id');
  expect(answer.targets).toEqual([]);
  expect(answer.unknown).toBeDefined();
});
