/** Before and after: what a plan changes, what it leaves alone, what it cannot know. */
import { addresses, at, change, configured, graph, graphOf, plan, planJson, refs } from './plans';

describe('a plan that does everything at once', () => {
  const after = graph('lifecycle.plan');

  test.each([
    ['data.aws_subnets.later', 'read'], ['aws_internet_gateway.new_name', 'no-op'], ['aws_nat_gateway.n', 'create'], ['aws_network_interface.eni', 'replace'],
    ['aws_subnet.a', 'replace'], ['aws_route_table.t', 'update'], ['aws_security_group.forgotten', 'forget'], ['aws_vpc.main', 'no-op'], ['data.aws_availability_zones.here', 'unplanned'],
  ])('%s: %s', (address, action) => {
    expect(at(after, address).action).toBe(action);
  });

  test('moved, imported, why', () => {
    expect(at(after, 'aws_internet_gateway.new_name').previousAddress).toBe('aws_internet_gateway.old_name');
    expect(at(after, 'aws_vpc.imported').imported).toBe(true);
    expect(at(after, 'aws_vpc.main').imported).toBe(false);
    expect(at(after, 'aws_subnet.a').actionReason).toBe('replace_because_cannot_update');
  });

  test('what is deleted is gone, what is forgotten lives on with its last values', () => {
    expect(addresses(after.removed)).toEqual(['aws_security_group.goes']);
    expect(after.byAddress('aws_security_group.goes')).toBeUndefined();
    expect(at(after, 'aws_security_group.forgotten').valueAt('id')).toMatch(/^sg-/);
  });

  test('one route known from the state, one after apply', () => {
    const table = at(after, 'aws_route_table.t');
    expect(table.references('route[1].gateway_id')).toMatchObject({ exact: true, targets: [{ address: 'aws_internet_gateway.new_name' }] });
    expect(table.references('route[0].nat_gateway_id', { types: ['aws_nat_gateway'] })).toMatchObject({ exact: true, targets: [{ address: 'aws_nat_gateway.n' }] });
    expect(table.before?.['route']).toHaveLength(1);
  });

  test('drift', () => {
    const group = at(after, 'aws_security_group.drifts');
    expect(group.drift?.action).toBe('update');
    expect(group.drift?.before['egress']).toHaveLength(1);
    expect(group.drift?.after['egress']).toHaveLength(2);
    expect(group.valueAt('egress')).toHaveLength(1);
    expect(at(after, 'aws_vpc.main').drift).toBeUndefined();
  });

  test('a value from a data source that is read during apply', () => {
    expect(at(after, 'aws_security_group.on_later').references('description').unknown).toMatch(/data\.aws_subnets\.later/);
  });

  test('before is a graph of the same shape, in which everything is known', () => {
    const before = after.before();
    expect(before.kind).toBe('state');
    expect(at(before, 'aws_security_group.goes').action).toBe('unplanned');
    expect(before.byAddress('aws_nat_gateway.n')).toBeUndefined();
    expect(at(before, 'aws_subnet.a').references('vpc_id')).toMatchObject({ exact: true, targets: [{ address: 'aws_vpc.main' }] });
    expect(addresses(at(before, 'aws_network_interface.eni').references('security_groups'))).toEqual(['aws_security_group.drifts', 'aws_security_group.forgotten']);
    expect(after.before()).toBe(before);
    expect(before.before().resources).toEqual([]);
  });
});

test('a state: ids join it', () => {
  const state = graph('lifecycle.state');
  expect(state).toMatchObject({ kind: 'state', terraformVersion: '1.11.4', warnings: [], errored: false });
  expect(at(state, 'aws_route_table.t').references('route[0].gateway_id')).toMatchObject({ exact: true, targets: [{ address: 'aws_internet_gateway.old_name' }] });
  expect(addresses(at(state, 'aws_network_interface.eni').references('security_groups'))).toEqual(['aws_security_group.drifts', 'aws_security_group.forgotten']);
  const vpc = at(state, 'aws_vpc.main');
  expect(state.referrers(vpc, ['aws_subnet', 'aws_route_table']).map(({ resource, path, exact }) => [resource.address, path, exact])).toEqual([
    ['aws_subnet.a', ['vpc_id'], true], ['aws_route_table.t', ['vpc_id'], true],
  ]);
});

test('a refresh-only plan: everything comes from the prior state', () => {
  const refreshed = graph('refresh-only.plan');
  expect(refreshed.resources).toHaveLength(12);
  expect(at(refreshed, 'aws_security_group.drifts').drift?.action).toBe('update');
  expect(at(refreshed, 'aws_subnet.a').references('vpc_id').exact).toBe(true);
});

test('a plan with -target: what it leaves out is still there, with a warning', () => {
  const targeted = graph('target.plan');
  expect(targeted.resources).toHaveLength(12);
  expect(at(targeted, 'aws_vpc.main').action).toBe('update');
  expect(at(targeted, 'aws_subnet.a').action).toBe('unplanned');
  expect(targeted.warnings).toEqual([expect.stringMatching(/not complete \(-target/)]);
});

test('an errored plan says that it is not whole, and so do its references', () => {
  const errored = graph('errored.plan');
  expect(errored.errored).toBe(true);
  expect(errored.warnings[0]).toMatch(/stopped with an error/);
  const document = plan([change('aws_subnet.s', 'aws_subnet', 's', { after_unknown: { vpc_id: true } })], { resources: [configured('aws_vpc', 'v', {}), configured('aws_subnet', 's', { vpc_id: refs('aws_vpc.v.id') })] });
  expect(at(graphOf({ ...document, errored: true }), 'aws_subnet.s').references('vpc_id').unknown).toMatch(/not finished/);
});

test('deposed objects wait beside their successors', () => {
  const deposed = change('aws_nat_gateway.n', 'aws_nat_gateway', 'n', { actions: ['delete'], before: { id: 'nat-0000000a' }, after: null, after_unknown: {}, after_sensitive: false }, { deposed: 'ab12cd34' });
  const values = { root_module: { resources: [
    { address: 'aws_nat_gateway.n', mode: 'managed', type: 'aws_nat_gateway', name: 'n', values: { id: 'nat-0000000b' } },
    { address: 'aws_nat_gateway.n', mode: 'managed', type: 'aws_nat_gateway', name: 'n', deposed_key: 'ab12cd34', values: { id: 'nat-0000000a' } },
  ] } };
  const after = graphOf(plan([change('aws_nat_gateway.n', 'aws_nat_gateway', 'n', { actions: ['no-op'], before: { id: 'nat-0000000b' }, after: { id: 'nat-0000000b' }, after_unknown: {} }), deposed], {}, { prior_state: { format_version: '1.0', values } }));
  expect(after.resources).toHaveLength(1);
  expect(after.removed).toMatchObject([{ deposed: 'ab12cd34', values: { id: 'nat-0000000a' } }]);
  const before = after.before();
  expect(before.resources).toHaveLength(2);
  expect(at(before, 'aws_nat_gateway.n').deposed).toBeUndefined();
});

test('two resources that swap their addresses are both there', () => {
  const swapped = plan([change('a.x', 'a', 'x', {}, { previous_address: 'a.y' }), change('a.y', 'a', 'y', {}, { previous_address: 'a.x' })]);
  expect(graphOf(swapped)).toMatchObject({ warnings: [], resources: [{ address: 'a.x' }, { address: 'a.y' }] });
});

test('a plan without configuration says what it cannot do', () => {
  const document = planJson('nested-modules.plan');
  delete document.configuration;
  const bare = graphOf(document);
  expect(bare.warnings).toEqual(['the plan has no configuration: references between new resources cannot be followed']);
  expect(bare.resources).toHaveLength(31);
  expect(at(bare, 'aws_route.through_outputs').references('nat_gateway_id').unknown).toBeDefined();
});

test('changes that Terraform defers are part of what will be', () => {
  const document = plan([], {}, { deferred_changes: [{ reason: 'resource_config_unknown', resource_change: change('aws_nat_gateway.n', 'aws_nat_gateway', 'n') }], complete: false });
  expect(graphOf(document).ofType('aws_nat_gateway')).toHaveLength(1);
});

test('what exists is as it was until a later apply, where Terraform defers its change', () => {
  const group = (egress: readonly string[]) => ({ id: 'sg-0000000a', egress });
  const deferred = (actions: readonly string[], after: object | null) => graphOf(plan([], {}, {
    deferred_changes: [{ reason: 'deferred_prereq', resource_change: change('aws_security_group.g', 'aws_security_group', 'g', { actions, before: group(['0.0.0.0/0']), after, after_unknown: {} }) }],
    prior_state: { format_version: '1.0', values: { root_module: { resources: [{ address: 'aws_security_group.g', mode: 'managed', type: 'aws_security_group', name: 'g', values: group(['0.0.0.0/0']) }] } } },
    complete: false,
  }));
  for (const after of [deferred(['update'], group([])), deferred(['delete'], null)]) {
    expect(at(after, 'aws_security_group.g')).toMatchObject({ action: 'unplanned', values: group(['0.0.0.0/0']) });
    expect(after.removed).toEqual([]);
    expect(after.resources).toHaveLength(1);
  }
});
