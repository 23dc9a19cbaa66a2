/** What an attribute points to, in plans of HCL: as wide as need be, exact where the plan says so. */
import { addresses, at, change, configured, graph, graphOf, plan, refs } from './plans';

const NETS = ['module.net["a.b"]', 'module.net["c[0].d"]'];

describe('a real plan: modules in modules, keys with dots and brackets', () => {
  const nested = graph('nested-modules.plan');

  test('through the outputs of two modules, one instance named', () => {
    const route = at(nested, 'aws_route.through_outputs');
    const gateway = route.references('nat_gateway_id');
    expect(addresses(gateway)).toEqual(['module.net["a.b"].aws_nat_gateway.n']);
    expect(gateway).toMatchObject({ exact: true, widened: [], links: [{ attribute: 'id' }] });
    // `module.zone[*].table_id` loses which zone: both tables.
    const tables = route.references('route_table_id', { types: ['aws_route_table'] });
    expect(addresses(tables)).toEqual([0, 1].map((zone) => `module.net["a.b"].module.zone[${zone}].aws_route_table.t`));
    expect(tables.exact).toBe(false);
    expect(tables.unknown).toBeUndefined();
  });

  test('through variables, each instance to its own caller', () => {
    for (const [net, zone] of [[NETS[0], 0], [NETS[0], 1], [NETS[1], 0]] as const) {
      const answer = at(nested, `${net}.module.zone[${zone}].aws_subnet.s`).references('vpc_id');
      expect(addresses(answer)).toEqual([`${net}.aws_vpc.x`]);
      expect(answer.exact).toBe(true);
    }
  });

  test('each.key: all instances, the one with the same key as a guess', () => {
    const answer = at(nested, 'aws_security_group.keyed["a.b"]').references('vpc_id', { types: ['aws_vpc'] });
    expect(addresses(answer)).toEqual(NETS.map((net) => `${net}.aws_vpc.x`));
    expect(answer.exact).toBe(false);
    expect(addresses(answer.likely)).toEqual([`${NETS[0]}.aws_vpc.x`]);
    const rule = at(nested, 'aws_vpc_security_group_egress_rule.keyed["c[0].d"]').references('security_group_id', { types: ['aws_security_group'] });
    expect(addresses(rule)).toEqual(['aws_security_group.keyed["a.b"]', 'aws_security_group.keyed["c[0].d"]']);
    expect(addresses(rule.likely)).toEqual(['aws_security_group.keyed["c[0].d"]']);
  });

  test('each.value of a map of modules: the module of this key', () => {
    const answer = at(nested, 'aws_ec2_transit_gateway_vpc_attachment.hub["a.b"]').references('vpc_id', { types: ['aws_vpc'] });
    expect(addresses(answer)).toEqual(['module.net["a.b"].aws_vpc.x']);
  });

  test('one([for …]): all instances', () => {
    const answer = at(nested, 'aws_security_group_rule.by_count[0]').references('source_security_group_id', { types: ['aws_security_group'] });
    expect(addresses(answer)).toEqual(['aws_security_group.keyed["a.b"]', 'aws_security_group.keyed["c[0].d"]']);
    expect(at(nested, 'aws_security_group_rule.by_count[1]').references('security_group_id').exact).toBe(true);
  });

  test('a local hides what it is: anything that its module can refer to', () => {
    const answer = at(nested, 'aws_security_group.via_local').references('vpc_id', { types: ['aws_vpc'] });
    expect(addresses(answer)).toEqual(NETS.map((net) => `${net}.aws_vpc.x`));
    expect(answer.widened).toEqual(['the plan does not say what local.first_network is']);
    expect(answer.exact).toBe(false);
  });

  test('a dynamic block that the plan leaves out is made up for', () => {
    const table = at(nested, 'module.net["a.b"].module.zone[0].aws_route_table.t');
    expect(table.configExpression('route')).toEqual({ references: ['var.gateway.internet', 'var.gateway'] });
    expect(table.unknownAt('route[0].nat_gateway_id')).toBe('known after apply');
    expect(table.unknownAt('route[0].cidr_block')).toBeUndefined();
    expect(table.unknownAt('route')).toBeUndefined();
    expect(table.hasUnknown('route')).toBe(true);
    const gateway = table.references('route[0].nat_gateway_id', { types: ['aws_nat_gateway'] });
    expect(addresses(gateway)).toContain('module.net["a.b"].aws_nat_gateway.n');
    expect(gateway.widened[0]).toMatch(/dynamic block/);
    expect(addresses(gateway.likely)).toEqual(['module.net["a.b"].aws_nat_gateway.n']);
  });

  test('a value that the provider decides says so', () => {
    const database = at(nested, 'aws_db_instance.secret');
    expect(database.references('vpc_security_group_ids')).toMatchObject({ targets: [], exact: false, unknown: 'the provider decides vpc_security_group_ids during apply' });
  });

  test('what is null, or not there, points to nothing, exactly', () => {
    const subnet = at(nested, 'module.net["a.b"].aws_subnet.public');
    for (const path of ['outpost_arn', 'no_such_attribute', 'tags.Name', 'ipv6_native']) expect(subnet.references(path)).toMatchObject({ targets: [], exact: true });
  });

  test('aliases of providers, full sources', () => {
    expect(at(nested, 'module.net["a.b"].aws_vpc.x')).toMatchObject({ provider: 'registry.terraform.io/hashicorp/aws', providerConfig: 'aws.network', moduleAddress: 'module.net["a.b"]', mode: 'managed', action: 'create' });
    expect(at(nested, 'aws_security_group.via_local').providerConfig).toBe('aws');
  });

  test('referrers see the same from the other end', () => {
    const [vpc] = nested.ofType('aws_vpc');
    const found = nested.referrers(vpc!, ['aws_subnet', 'aws_internet_gateway', 'aws_security_group']);
    expect(found.map(({ resource, path, exact }) => `${resource.address} ${path.join('.')} ${exact}`).sort()).toEqual([
      'aws_security_group.keyed["a.b"] vpc_id false',
      'aws_security_group.keyed["c[0].d"] vpc_id false',
      'aws_security_group.via_local vpc_id false',
      'module.net["a.b"].aws_internet_gateway.out vpc_id true',
      'module.net["a.b"].aws_subnet.public vpc_id true',
      'module.net["a.b"].module.zone[0].aws_subnet.s vpc_id true',
      'module.net["a.b"].module.zone[1].aws_subnet.s vpc_id true',
    ]);
    expect(nested.referrers(vpc!).length).toBeGreaterThan(found.length);
  });

  test('nothing is left out: every attribute that the configuration points somewhere has an answer', () => {
    for (const resource of nested.resources) {
      for (const attribute of Object.keys((resource.configExpression([]) ?? {}) as object)) {
        const answer = resource.references([attribute]);
        const isUnknown = resource.unknownAt([attribute]) !== undefined;
        if (isUnknown) expect([resource.address, attribute, answer.targets.length > 0 || answer.unknown !== undefined]).toEqual([resource.address, attribute, true]);
      }
    }
  });
});

describe('by hand', () => {
  const gateways = [0, 1, 2].map((index) => change(`aws_nat_gateway.n[${index}]`, 'aws_nat_gateway', 'n', {}, { index }));
  const route = (after: unknown, unknown: unknown) => change('aws_route.r', 'aws_route', 'r', { after, after_unknown: unknown });

  test('a known id wins over what the configuration may mean', () => {
    const known = [0, 1].map((index) => change(`aws_nat_gateway.n[${index}]`, 'aws_nat_gateway', 'n', { after: { id: `nat-0000000${index}` }, after_unknown: {} }, { index }));
    const answer = at(graphOf(plan([...known, route({ nat_gateway_id: 'nat-00000001' }, {})], { resources: [configured('aws_route', 'r', { nat_gateway_id: { references: ['aws_nat_gateway.n'] } })] })), 'aws_route.r').references('nat_gateway_id');
    expect(addresses(answer)).toEqual(['aws_nat_gateway.n[1]']);
    expect(answer.exact).toBe(true);
  });

  test('a known id of nothing in the plan is unknown, with the reason', () => {
    const answer = at(graphOf(plan([route({ nat_gateway_id: 'nat-0badc0de' }, {})])), 'aws_route.r').references('nat_gateway_id');
    expect(answer).toMatchObject({ targets: [], exact: false, unknown: 'nat_gateway_id is the id of nothing in this plan' });
  });

  test('an attribute that is set from elsewhere leads there', () => {
    const document = plan(
      [change('aws_vpc.v', 'aws_vpc', 'v'), change('aws_subnet.s', 'aws_subnet', 's', { after_unknown: { vpc_id: true } }), change('aws_security_group.g', 'aws_security_group', 'g', { after_unknown: { vpc_id: true } })],
      { resources: [configured('aws_vpc', 'v', {}), configured('aws_subnet', 's', { vpc_id: refs('aws_vpc.v.id') }), configured('aws_security_group', 'g', { vpc_id: { references: ['aws_subnet.s.vpc_id', 'aws_subnet.s'] } })] },
    );
    const group = at(graphOf(document), 'aws_security_group.g');
    expect(addresses(group.references('vpc_id', { types: ['aws_vpc'] }))).toEqual(['aws_vpc.v']);
    expect(group.references('vpc_id', { types: ['aws_vpc'] }).exact).toBe(true);
    expect(addresses(group.references('vpc_id').likely)).toEqual(['aws_vpc.v']);
  });

  test('a condition may pick either; what has no instance is not picked', () => {
    const document = (second: boolean) => plan(
      [change('aws_vpc.a[0]', 'aws_vpc', 'a', {}, { index: 0 }), ...(second ? [change('aws_vpc.b[0]', 'aws_vpc', 'b', {}, { index: 0 })] : []), change('aws_subnet.s', 'aws_subnet', 's', { after_unknown: { vpc_id: true } })],
      { resources: [configured('aws_vpc', 'a', {}), configured('aws_vpc', 'b', {}), configured('aws_subnet', 's', { vpc_id: refs('aws_vpc.a[0].id', 'aws_vpc.b[0].id') })] },
    );
    const both = at(graphOf(document(true)), 'aws_subnet.s').references('vpc_id');
    expect(addresses(both)).toEqual(['aws_vpc.a[0]', 'aws_vpc.b[0]']);
    expect(both.exact).toBe(false);
    expect(at(graphOf(document(false)), 'aws_subnet.s').references('vpc_id')).toMatchObject({ exact: true });
  });

  test('a count index: all instances, the same number as a guess', () => {
    const document = plan([...gateways, change('aws_route.r[1]', 'aws_route', 'r', { after_unknown: { nat_gateway_id: true } }, { index: 1 })], {
      resources: [configured('aws_nat_gateway', 'n', {}), configured('aws_route', 'r', { nat_gateway_id: { references: ['aws_nat_gateway.n', 'count.index'] } }, { count_expression: { constant_value: 3 } })],
    });
    const answer = at(graphOf(document), 'aws_route.r[1]').references('nat_gateway_id');
    expect(answer.targets).toHaveLength(3);
    expect(addresses(answer.likely)).toEqual(['aws_nat_gateway.n[1]']);
  });

  test('a data source that is read during apply may name anything', () => {
    const data = { ...(change('data.aws_subnets.d', 'aws_subnets', 'd', { actions: ['read'] }) as object), mode: 'data' };
    const document = plan([data, change('aws_lb.l', 'aws_lb', 'l', { after_unknown: { subnets: true } })], { resources: [configured('aws_lb', 'l', { subnets: { references: ['data.aws_subnets.d.ids', 'data.aws_subnets.d'] } })] });
    const answer = at(graphOf(document), 'aws_lb.l').references('subnets', { types: ['aws_subnet'] });
    expect(answer.exact).toBe(false);
    expect(answer.unknown).toMatch(/data\.aws_subnets\.d/);
  });

  test('a list with known and unknown elements', () => {
    const document = plan([change('aws_subnet.a', 'aws_subnet', 'a', { after: { id: 'subnet-aaaaaaaa' }, after_unknown: {} }), change('aws_subnet.b', 'aws_subnet', 'b'), change('aws_lb.l', 'aws_lb', 'l', { after: { subnets: ['subnet-aaaaaaaa', null] }, after_unknown: { subnets: [false, true] } })], {
      resources: [configured('aws_subnet', 'a', {}), configured('aws_subnet', 'b', {}), configured('aws_lb', 'l', { subnets: refs('aws_subnet.a.id', 'aws_subnet.b.id') })],
    });
    const balancer = at(graphOf(document), 'aws_lb.l');
    expect(addresses(balancer.references('subnets'))).toEqual(['aws_subnet.a', 'aws_subnet.b']);
    expect(balancer.references('subnets[0]').exact).toBe(true);
    expect(addresses(balancer.references('subnets[0]'))).toEqual(['aws_subnet.a']);
  });

  test('nested blocks: a set is matched by what is written out', () => {
    const policy = change('aws_fw.p', 'aws_fw', 'p', { after: { rule: [{ priority: 20 }, { priority: 10 }] }, after_unknown: { rule: [{ arn: true }, { arn: true }] } });
    const block = (priority: number, target: string) => ({ priority: { constant_value: priority }, arn: refs(`aws_rg.${target}.id`) });
    const document = (blocks: unknown[]) => plan([change('aws_rg.one', 'aws_rg', 'one'), change('aws_rg.two', 'aws_rg', 'two'), policy], { resources: [configured('aws_rg', 'one', {}), configured('aws_rg', 'two', {}), configured('aws_fw', 'p', { rule: blocks })] });
    const whole = at(graphOf(document([block(10, 'one'), block(20, 'two')])), 'aws_fw.p');
    expect(addresses(whole.references('rule[0].arn'))).toEqual(['aws_rg.two']);
    expect(whole.references('rule[0].arn').exact).toBe(true);
    // One block fewer than elements: the other is dynamic, and may refer to anything.
    const partly = at(graphOf(document([block(10, 'one')])), 'aws_fw.p').references('rule[0].arn', { types: ['aws_rg'] });
    expect(addresses(partly)).toEqual(['aws_rg.one', 'aws_rg.two']);
    expect(partly).toMatchObject({ exact: false, widened: [expect.stringMatching(/dynamic/)] });
  });

  test('the id that a VPC hands out for its default group leads to the VPC, unless the group is a resource', () => {
    const vpc = change('aws_vpc.v', 'aws_vpc', 'v', { after: { id: 'vpc-11111111', default_security_group_id: 'sg-11111111' }, after_unknown: {} });
    const eni = change('aws_network_interface.e', 'aws_network_interface', 'e', { after: { security_groups: ['sg-11111111'] }, after_unknown: {} });
    const group = change('aws_default_security_group.d', 'aws_default_security_group', 'd', { after: { id: 'sg-11111111' }, after_unknown: {} });
    expect(at(graphOf(plan([vpc, eni])), 'aws_network_interface.e').references('security_groups')).toMatchObject({ exact: true, links: [{ attribute: 'default_security_group_id' }] });
    expect(addresses(at(graphOf(plan([vpc, eni, group])), 'aws_network_interface.e').references('security_groups'))).toEqual(['aws_default_security_group.d']);
  });

  test('Google and Azure write one id in several ways', () => {
    const network = change('google_compute_network.n', 'google_compute_network', 'n', { after: { id: 'projects/p/global/networks/n', name: 'n' }, after_unknown: {} });
    const subnet = change('google_compute_subnetwork.s', 'google_compute_subnetwork', 's', { after: { network: 'https://www.googleapis.com/compute/v1/projects/p/global/networks/n' }, after_unknown: {} });
    expect(addresses(at(graphOf(plan([network, subnet])), 'google_compute_subnetwork.s').references('network'))).toEqual(['google_compute_network.n']);
    const vnet = change('azurerm_virtual_network.v', 'azurerm_virtual_network', 'v', { after: { id: '/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/V', name: 'V' }, after_unknown: {} });
    const peering = change('azurerm_virtual_network_peering.p', 'azurerm_virtual_network_peering', 'p', { after: { remote_virtual_network_id: '/subscriptions/0/resourcegroups/rg/providers/microsoft.network/virtualnetworks/v', virtual_network_name: 'V' }, after_unknown: {} });
    const from = at(graphOf(plan([vnet, peering])), 'azurerm_virtual_network_peering.p');
    expect(from.references('remote_virtual_network_id').exact).toBe(true);
    // A name may be another network's: not exact.
    expect(from.references('virtual_network_name', { types: ['azurerm_virtual_network'] })).toMatchObject({ exact: false, targets: [{ address: 'azurerm_virtual_network.v' }] });
  });

  test('a known name that the configuration takes from something else is still a name', () => {
    const document = plan([
      change('azurerm_resource_group.g', 'azurerm_resource_group', 'g', { after: { name: 'main' } }),
      change('azurerm_virtual_network.v', 'azurerm_virtual_network', 'v', { after: { name: 'main' } }),
      change('azurerm_subnet.s', 'azurerm_subnet', 's', { after: { virtual_network_name: 'main' }, after_unknown: {} }),
    ], { resources: [configured('azurerm_resource_group', 'g', {}), configured('azurerm_virtual_network', 'v', {}), configured('azurerm_subnet', 's', { virtual_network_name: { references: ['azurerm_resource_group.g.name', 'azurerm_resource_group.g'] } })] });
    const subnet = at(graphOf(document), 'azurerm_subnet.s');
    expect(addresses(subnet.references('virtual_network_name', { types: ['azurerm_virtual_network'] }))).toEqual(['azurerm_virtual_network.v']);
    expect(subnet.references('virtual_network_name', { types: ['azurerm_firewall'] }).unknown).toBeDefined();
    expect(subnet.references('virtual_network_name')).toMatchObject({ exact: true, targets: [{ address: 'azurerm_resource_group.g' }] });
  });

  test('a module without resources still hands its inputs on', () => {
    const document = plan([change('aws_vpc.v', 'aws_vpc', 'v'), change('aws_subnet.s', 'aws_subnet', 's', { after_unknown: { vpc_id: true } })], {
      resources: [configured('aws_vpc', 'v', {}), configured('aws_subnet', 's', { vpc_id: { references: ['module.pass.out', 'module.pass'] } })],
      module_calls: { pass: { expressions: { in: refs('aws_vpc.v.id') }, module: { outputs: { out: { expression: { references: ['var.in'] } } } } } },
    });
    expect(at(graphOf(document), 'aws_subnet.s').references('vpc_id')).toMatchObject({ exact: true, targets: [{ address: 'aws_vpc.v' }] });
  });

  test('references in a circle, which Terraform refuses, end as unknown', () => {
    const document = plan([change('aws_a.a', 'aws_a', 'a', { after_unknown: { x: true } }), change('aws_a.b', 'aws_a', 'b', { after_unknown: { x: true } })], {
      resources: [configured('aws_a', 'a', { x: { references: ['aws_a.b.x', 'aws_a.b'] } }), configured('aws_a', 'b', { x: { references: ['aws_a.a.x', 'aws_a.a'] } })],
    });
    expect(at(graphOf(document), 'aws_a.a').references('x').unknown).toMatch(/circle/);
  });
});

test('each.value of a map of modules is what the module of this key hands out', () => {
  const modules = ['dev', 'prod'].map((key) => `module.env["${key}"]`);
  const subnets = modules.flatMap((module) => ['app', 'mgmt'].map((key) => change(`${module}.aws_subnet.s["${key}"]`, 'aws_subnet', 's', {}, { module_address: module, index: key })));
  const machines = ['dev', 'prod'].map((key) => change(`aws_instance.m["${key}"]`, 'aws_instance', 'm', { after_unknown: { subnet_id: true } }, { index: key }));
  const keyed = (more: object) => graphOf(plan([...subnets, ...machines], {
    resources: [configured('aws_instance', 'm', { subnet_id: { references: ['each.value.subnets["mgmt"]', 'each.value.subnets', 'each.value'] } }, { for_each_expression: { references: ['module.env'], ...more } })],
    module_calls: { env: { expressions: {}, for_each_expression: { references: ['local.envs'] }, module: {
      resources: [configured('aws_subnet', 's', {}, { for_each_expression: {} })],
      outputs: { subnets: { expression: { references: ['aws_subnet.s'] } } },
    } } },
  }));
  const answer = at(keyed({}), 'aws_instance.m["prod"]').references('subnet_id');
  expect(addresses(answer)).toEqual(['module.env["prod"].aws_subnet.s["mgmt"]']);
  expect(addresses(at(keyed({ references: ['module.env', 'local.more'] }), 'aws_instance.m["prod"]').references('subnet_id', { types: ['aws_subnet'] })).length).toBeGreaterThan(1);
});

test('each.value of a map that a module hands out is what has this key there, as of a key that is written out', () => {
  const subnets = ['app', 'mgmt'].map((key) => change(`module.net.aws_subnet.s["${key}"]`, 'aws_subnet', 's', {}, { module_address: 'module.net', index: key }));
  const machines = ['app', 'other'].map((key) => change(`aws_instance.m["${key}"]`, 'aws_instance', 'm', { after_unknown: { subnet_id: true } }, { index: key }));
  const keyed = graphOf(plan([...subnets, ...machines], {
    resources: [configured('aws_instance', 'm', { subnet_id: { references: ['each.value'] } }, { for_each_expression: { references: ['module.net.subnet_ids', 'module.net'] } })],
    module_calls: { net: { expressions: {}, module: {
      resources: [configured('aws_subnet', 's', {}, { for_each_expression: {} })],
      outputs: { subnet_ids: { expression: { references: ['aws_subnet.s'] } } },
    } } },
  }));
  expect(at(keyed, 'aws_instance.m["app"]').references('subnet_id')).toMatchObject({ exact: true, targets: [{ address: 'module.net.aws_subnet.s["app"]' }] });
  expect(addresses(at(keyed, 'aws_instance.m["other"]').references('subnet_id'))).toHaveLength(2);
});
