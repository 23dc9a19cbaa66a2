/** Work grows with the plan, not with its square: counted, because time depends on the machine. The figures are in the benchmark. */
import { buildGraph } from '../../../review/plan/build-graph';
import { GraphResource } from '../../../review/plan/graph-resource';
import { parsePlan } from '../../../review/plan/load';
import { Answers } from '../../../review/plan/resolution';
import { Resolver } from '../../../review/plan/resolver';
import { change, configured, plan, refs } from './plans';

/** Networks in modules, one by for_each key; a subnet, an association by count, and a group behind a local in each. */
function largePlan(networks: number): string {
  const changes: unknown[] = [];
  for (let network = 0; network < networks; network += 1) {
    const module = `module.net["n.${network}"]`;
    const add = (type: string, name: string, unknown: Record<string, unknown>, index?: number) => changes.push(change(`${module}.${type}.${name}${index === undefined ? '' : `[${index}]`}`, type, name, { after: { tags: { Name: name } }, after_unknown: { id: true, ...unknown } }, { module_address: module, ...(index === undefined ? {} : { index }) }));
    add('aws_vpc', 'v', {});
    add('aws_route_table', 't', { vpc_id: true });
    add('aws_security_group', 'g', { vpc_id: true });
    for (let index = 0; index < 5; index += 1) {
      add('aws_subnet', 's', { vpc_id: true }, index);
      add('aws_route_table_association', 'a', { subnet_id: true, route_table_id: true }, index);
    }
  }
  const resources = [
    configured('aws_vpc', 'v', {}), configured('aws_route_table', 't', { vpc_id: refs('aws_vpc.v.id') }), configured('aws_security_group', 'g', { vpc_id: { references: ['local.vpc'] } }),
    configured('aws_subnet', 's', { vpc_id: refs('aws_vpc.v.id') }),
    configured('aws_route_table_association', 'a', { subnet_id: { references: ['aws_subnet.s', 'count.index'] }, route_table_id: refs('aws_route_table.t.id') }),
  ];
  return JSON.stringify(plan(changes, { module_calls: { net: { expressions: {}, for_each_expression: { references: ['var.networks'] }, module: { resources } } } }));
}

/** How often the parts of a graph are asked while all of its references are followed, both ways. */
function calls(text: string): number {
  const spies = [jest.spyOn(GraphResource.prototype, 'rawAt'), jest.spyOn(Resolver.prototype, 'expression'), jest.spyOn(Answers.prototype, 'answer')];
  try {
    const graph = buildGraph(parsePlan(text, 'large.json'));
    let targets = 0;
    for (const resource of graph.resources) targets += resource.references([]).targets.length + resource.references('vpc_id', { types: ['aws_vpc'] }).targets.length;
    for (const vpc of graph.ofType('aws_vpc')) targets += graph.referrers(vpc).length;
    expect(targets).toBeGreaterThan(graph.resources.length);
    return spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

test('eight times the plan is eight times the work', () => {
  const ratio = calls(largePlan(160)) / calls(largePlan(20));
  expect(ratio).toBeGreaterThan(7);
  expect(ratio).toBeLessThan(8.5);
});

test('a module of thousands behind one local, asked by thousands: what they have in common is computed once', () => {
  const count = 4000;
  const document = plan(
    Array.from({ length: count }, (_, index) => change(`aws_subnet.s[${index}]`, 'aws_subnet', 's', { after_unknown: { vpc_id: true } }, { index })).concat(change('aws_vpc.v', 'aws_vpc', 'v')),
    { resources: [configured('aws_vpc', 'v', {}), configured('aws_subnet', 's', { vpc_id: { references: ['local.vpc', 'count.index'] } })] },
  );
  const spy = jest.spyOn(Answers.prototype as unknown as { compute: () => unknown }, 'compute');
  const graph = buildGraph(parsePlan(JSON.stringify(document), 'p'));
  for (const subnet of graph.ofType('aws_subnet')) expect(subnet.references('vpc_id', { types: ['aws_vpc'] }).exact).toBe(true);
  expect(spy.mock.calls.length).toBeLessThan(10);
  spy.mockRestore();
  expect(graph.referrers(graph.byAddress('aws_vpc.v')!)).toHaveLength(count);
}, 30_000);
