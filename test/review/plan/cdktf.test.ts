/** CDKTF's JSON: each element of a block has its template, in the plan and in the synthesized stack. */
import { buildGraph } from '../../../review/plan/build-graph';
import { parsePlan } from '../../../review/plan/load';
import { addresses, at, graph, graphOf, planFile, stackJson } from './plans';

const stack = parsePlan(JSON.stringify(stackJson()), 'cdk.tf.json');

describe('the plan of a synthesized stack', () => {
  const planned = graph('cdktf.plan');

  test('elements of a set are matched with their templates, whatever the order', () => {
    const table = at(planned, 'aws_route_table.private');
    expect(table.elements('route').map((path) => table.valueAt([...path, 'cidr_block']))).toEqual(['0.0.0.0/0', '198.51.100.0/24', '203.0.113.0/24']);
    expect(table.references('route[0].nat_gateway_id')).toMatchObject({ exact: true, targets: [{ address: 'aws_nat_gateway.n' }], links: [{ attribute: 'id' }] });
    expect(table.references('route[2].gateway_id')).toMatchObject({ exact: true, targets: [{ address: 'aws_internet_gateway.igw' }] });
    expect(table.references('route[2].nat_gateway_id')).toMatchObject({ exact: true, targets: [] });
    // `${local.spare_gateway}`: a plan has no locals.
    const hidden = table.references('route[1].nat_gateway_id', { types: ['aws_nat_gateway'] });
    expect(addresses(hidden)).toEqual(['aws_nat_gateway.n', 'aws_nat_gateway.n2']);
    expect(hidden.exact).toBe(false);
  });

  test('blocks in blocks', () => {
    const policy = at(planned, 'aws_networkfirewall_firewall_policy.p');
    const path = 'firewall_policy[0].stateful_rule_group_reference';
    for (const element of policy.elements(path)) {
      const name = policy.valueAt([...element, 'priority']) === 10 ? 'one' : 'two';
      expect(policy.references([...element, 'resource_arn'])).toMatchObject({ exact: true, targets: [{ name }], links: [{ attribute: 'arn' }] });
    }
  });

  test('a template within a JSON policy is found, an escaped one is none', () => {
    expect(at(planned, 'aws_vpc_endpoint.s3').references('policy')).toMatchObject({ exact: true, targets: [{ address: 'aws_vpc.main' }] });
    expect(at(planned, 'aws_networkfirewall_rule_group.one').valueAt('rules')).toContain('${not.a.reference}');
  });

  test('a template is never a value', () => {
    for (const resource of planned.resources) expect(JSON.stringify(resource.values)).not.toMatch(/\$\{(aws_|local|each|data)/);
  });

  test('a key with a dot; construct paths, when the stack is at hand', () => {
    expect(at(planned, 'aws_nat_gateway.n2').references('subnet_id')).toMatchObject({ exact: true, targets: [{ address: 'aws_subnet.b["z.1"]', key: 'z.1' }] });
    expect(at(planned, 'aws_vpc.main').source).toBeUndefined();
    const placed = buildGraph(planFile('cdktf.plan'), { synthesized: stack });
    expect(at(placed, 'aws_vpc.main').source).toEqual({ constructPath: 'network/main', stack: 'network' });
    expect(at(placed, 'aws_subnet.b["z.2"]').source).toEqual({ constructPath: 'network/segments/b', stack: 'network' });
  });
});

describe('the synthesized stack itself', () => {
  const synthesized = buildGraph(stack);

  test('literals are values, templates are unknown with their reason', () => {
    const table = at(synthesized, 'aws_route_table.private');
    expect(table.valueAt('route[0].cidr_block')).toBe('203.0.113.0/24');
    expect(table.valueAt('route[1].cidr_block')).toBeUndefined();
    expect(table.unknownAt('route[1].cidr_block')).toBe('a template, whose value only a plan has');
    expect(table.unknownAt('route[0].gateway_id')).toMatch(/template/);
    expect(table.valueAt('tags')).toEqual({ literal: '${not.a.reference}' });
    expect(table.unknownAt('id')).toBe('known after apply of aws_route_table.private');
    expect(table.action).toBe('unplanned');
    expect(synthesized.resources.some((resource) => JSON.stringify(resource.values).includes('${aws_'))).toBe(false);
  });

  test('references per element, through locals', () => {
    const table = at(synthesized, 'aws_route_table.private');
    expect(table.references('route[0].gateway_id')).toMatchObject({ exact: true, targets: [{ name: 'igw' }] });
    expect(table.references('route[0].nat_gateway_id')).toMatchObject({ exact: true, targets: [] });
    expect(table.references('route[2].nat_gateway_id')).toMatchObject({ exact: true, targets: [{ name: 'n2' }] });
    const policy = at(synthesized, 'aws_networkfirewall_firewall_policy.p');
    expect(policy.references('firewall_policy[0].stateful_rule_group_reference[1].resource_arn')).toMatchObject({ exact: true, targets: [{ name: 'two' }] });
    expect(policy.elements('firewall_policy')).toEqual([['firewall_policy', 0]]);
    expect(policy.valueAt('firewall_policy[0].stateful_rule_group_reference[0].priority')).toBe(10);
  });

  test.each([{ count: 0 }, { for_each: {} }])('%j makes none, also where others refer to it', (none) => {
    const document = stackJson();
    Object.assign(document.resource.aws_nat_gateway.n, none);
    const graph = graphOf(document);
    expect(addresses(graph.ofType('aws_nat_gateway'))).toEqual(['aws_nat_gateway.n2']);
    expect(at(graph, 'aws_route_table.private').references('route[0].nat_gateway_id').targets).toEqual([]);
  });

  test('for_each: one node stands for all instances', () => {
    const subnet = at(synthesized, 'aws_subnet.b');
    expect(subnet.repeated).toBe(true);
    expect(subnet.unknownAt('cidr_block')).toMatch(/template/);
    expect(addresses(at(synthesized, 'aws_nat_gateway.n2').references('subnet_id'))).toEqual(['aws_subnet.b']);
    expect(addresses(at(synthesized, 'aws_vpc_endpoint.s3').references('subnet_ids', { types: ['aws_subnet'] }))).toEqual(['aws_subnet.b']);
  });

  test('providers by their full source, data sources, construct paths', () => {
    expect(at(synthesized, 'aws_vpc.main')).toMatchObject({ provider: 'registry.terraform.io/hashicorp/aws', source: { constructPath: 'network/main', stack: 'network' } });
    expect(synthesized.ofType('aws_region', 'data')).toHaveLength(1);
    expect(synthesized.ofType('aws_region')).toHaveLength(0);
  });

  test('a dynamic block leaves its block unknown, and its references wide', () => {
    const document = stackJson();
    document.resource.aws_route_table.private.dynamic = { route: { for_each: '${local.routes}', content: { nat_gateway_id: '${aws_nat_gateway.n.id}' } } };
    const table = at(graphOf(document), 'aws_route_table.private');
    expect(table.unknownAt('route')).toBe("a dynamic block decides how many 'route' blocks there are");
    expect(table.elements('route')).toEqual([]);
    expect(addresses(table.references('route', { types: ['aws_nat_gateway', 'aws_internet_gateway'] }))).toEqual(['aws_internet_gateway.igw', 'aws_nat_gateway.n', 'aws_nat_gateway.n2']);
    expect(table.references('route').unknown).toMatch(/local\.routes/);
  });

  test('a body in a list is a body, as hcl2json writes each', () => {
    const { terraform, resource, data, variable, provider, ...others } = stackJson();
    const listed = (types: Record<string, Record<string, object>>) => Object.fromEntries(Object.entries(types).map(([type, named]) => [type, [Object.fromEntries(Object.entries(named).map(([name, body]) => [name, [body]]))]]));
    const document = { ...others, terraform: [{ ...terraform, required_providers: [terraform.required_providers], backend: { s3: [{ secret_key: 'hidden' }] } }], provider: [provider], resource: [listed(resource)], data: listed(data), variable: { key: [{ sensitive: true }] }, moved: [{ from: '${aws_vpc.old}', to: '${aws_vpc.main}' }] };
    const file = parsePlan(JSON.stringify(document), 'main.tf.json');
    expect(JSON.stringify(file.document)).not.toContain('hidden');
    expect(file.providerSettings).toEqual(stack.providerSettings);
    const inLists = buildGraph(file);
    expect(inLists.resources.map(({ address, provider: by, values }) => ({ address, by, values }))).toEqual(synthesized.resources.map(({ address, provider: by, values }) => ({ address, by, values })));
    expect(inLists.variables.get('key')?.sensitive).toBe(true);
    expect(at(inLists, 'aws_vpc.main').previousAddress).toBe('aws_vpc.old');
  });

  test('what is not in the file is unknown, with its name', () => {
    const document = stackJson();
    document.resource.aws_vpc_endpoint.s3.vpc_id = '${data.terraform_remote_state.network.outputs.vpc}';
    document.resource.aws_subnet.a.vpc_id = '${module.net.vpc_id}';
    document.resource.aws_internet_gateway.igw.vpc_id = '${var.vpc}';
    document.data.terraform_remote_state = { network: { backend: 'local' } };
    const without = graphOf(document);
    expect(at(without, 'aws_vpc_endpoint.s3').references('vpc_id').unknown).toBe('data.terraform_remote_state.network tells what stands elsewhere: review the plan that makes it, too');
    expect(at(without, 'aws_subnet.a').references('vpc_id').unknown).toBe('the file does not hold module.net');
    expect(at(without, 'aws_internet_gateway.igw').references('vpc_id').unknown).toBe('var.vpc is given from outside of the file');
  });
});
