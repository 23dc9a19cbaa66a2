/** Ids that are made of names: a plan tells them although their resource does not exist yet. */
import { addresses, at, change, configured, graphOf, plan, refs } from './plans';

const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Network';

function pointedAt(type: string, values: Record<string, unknown>, id: string, unknown: Record<string, unknown> = { id: true }) {
  const document = plan([
    change(`${type}.made`, type, 'made', { after: values, after_unknown: unknown }),
    change('other.x', 'other', 'x', { after: { it: id }, after_unknown: {} }),
  ]);
  return at(graphOf(document), 'other.x').references('it', { types: [type] });
}

test.each<[string, Record<string, unknown>, string]>([
  ['google_compute_network', { name: 'n', project: 'p' }, 'projects/p/global/networks/n'],
  ['google_compute_network', { name: 'n', project: 'p' }, 'https://www.googleapis.com/compute/v1/projects/p/global/networks/n'],
  ['google_compute_subnetwork', { name: 's', project: 'p', region: 'r' }, 'projects/p/regions/r/subnetworks/s'],
  ['azurerm_virtual_network', { name: 'Net', resource_group_name: 'rg' }, `${SUBSCRIPTION}/virtualNetworks/Net`],
  ['azurerm_subnet', { name: 'app', virtual_network_name: 'net', resource_group_name: 'RG' }, `${SUBSCRIPTION}/virtualNetworks/net/subnets/app`],
  ['azurerm_network_security_group', { name: 'g', resource_group_name: 'rg' }, `${SUBSCRIPTION}/networkSecurityGroups/g`],
])('%s %j is %s', (type, values, id) => {
  expect(pointedAt(type, values, id)).toMatchObject({ exact: true, targets: [{ address: `${type}.made` }] });
});

test.each<[string, Record<string, unknown>, string]>([
  ['of another project', { name: 'n', project: 'p' }, 'projects/q/global/networks/n'],
  ['of another name', { name: 'n', project: 'p' }, 'projects/p/global/networks/m'],
  ['of a project that the plan does not tell', { name: 'n' }, 'projects/p/global/networks/n'],
])('the id %s is nobody\'s', (_, values, id) => {
  const answer = pointedAt('google_compute_network', values, id);
  expect(answer.targets).toEqual([]);
  expect(answer.unknown).toBeDefined();
});

test('by another configuration of the provider it may be an id of another subscription', () => {
  const document = plan([
    change('azurerm_route_table.t', 'azurerm_route_table', 't', { after: { name: 't', resource_group_name: 'rg' } }),
    change('other.x', 'other', 'x', { after: { it: `${SUBSCRIPTION}/routeTables/t` }, after_unknown: {} }),
  ], { resources: [configured('azurerm_route_table', 't', {}, { provider_config_key: 'azurerm.hub' }), configured('other', 'x', { it: {} }, { provider_config_key: 'azurerm' })] });
  const answer = at(graphOf(document), 'other.x').references('it');
  expect(addresses(answer)).toEqual(['azurerm_route_table.t']);
  expect(answer.exact).toBe(false);
  expect(answer.unknown).toMatch(/another subscription/);
});

test('an id that is known is not made up', () => {
  expect(pointedAt('google_compute_network', { name: 'n', project: 'p', id: 'projects/elsewhere/global/networks/n' }, 'projects/p/global/networks/n', {}).targets).toEqual([]);
});

describe('one key of a module\'s map', () => {
  const key = 'europe-west1/apps';
  const subnets = [key, 'europe-west1/data'].map((index) => change(`module.vpc.aws_subnet.s[${JSON.stringify(index)}]`, 'aws_subnet', 's', {}, { module_address: 'module.vpc', index }));
  const answer = (outputs: Record<string, unknown>, reference: string) => {
    const document = plan([...subnets, change('aws_instance.i', 'aws_instance', 'i', { after_unknown: { subnet_id: true } })], {
      resources: [configured('aws_instance', 'i', { subnet_id: { references: [reference, reference.replace(/\[.*$/, ''), 'module.vpc'] } })],
      module_calls: { vpc: { expressions: {}, module: { outputs, resources: [configured('aws_subnet', 's', {})] } } },
    });
    return at(graphOf(document), 'aws_instance.i').references('subnet_id', { types: ['aws_subnet'] });
  };
  const own = { ids: { expression: refs('aws_subnet.s') } };

  test('is the instance of that key', () => {
    const found = answer(own, `module.vpc.ids["${key}"]`);
    expect(addresses(found)).toEqual([`module.vpc.aws_subnet.s["${key}"]`]);
    expect(found.exact).toBe(true);
  });

  test('is any of them where no instance has the key, or a variable plays a part', () => {
    const all = subnets.map((each) => (each as { address: string }).address).sort();
    expect(addresses(answer(own, 'module.vpc.ids["apps"]'))).toEqual(all);
    expect(addresses(answer({ ids: { expression: { references: ['aws_subnet.s', 'var.names'] } } }, `module.vpc.ids["${key}"]`))).toEqual(all);
  });
});

describe('what a data source reads by its names', () => {
  const answer = (name: string, { more = {}, provider = 'azurerm', references = refs('data.azurerm_virtual_network.d.id').references, types = ['azurerm_virtual_network'] }: { more?: Record<string, unknown>; provider?: string; references?: string[]; types?: string[] } = {}) => {
    const document = plan([
      change('azurerm_virtual_network.v', 'azurerm_virtual_network', 'v', { after: { name: 'v', resource_group_name: 'rg' } }),
      change('azurerm_route_table.t', 'azurerm_route_table', 't', { after: { name: 't', resource_group_name: 'rg' } }),
      change('data.azurerm_virtual_network.d', 'azurerm_virtual_network', 'd', { actions: ['read'], after: { name, resource_group_name: 'rg', ...more } }, { mode: 'data' }),
      change('other.x', 'other', 'x', { after: {}, after_unknown: { it: true } }),
    ], { resources: [
      configured('azurerm_virtual_network', 'v', {}, { provider_config_key: 'azurerm' }),
      configured('azurerm_route_table', 't', {}, { provider_config_key: 'azurerm' }),
      configured('azurerm_virtual_network', 'd', {}, { mode: 'data', address: 'data.azurerm_virtual_network.d', provider_config_key: provider }),
      configured('other', 'x', { it: { references } }),
    ] });
    return at(graphOf(document), 'other.x').references('it', { types });
  };

  test.each<[string, string[]]>([
    ['its id', ['data.azurerm_virtual_network.d.id', 'data.azurerm_virtual_network.d']],
    ['one of its instances, as a plan writes it', ['data.azurerm_virtual_network.d', 'count.index']],
  ])('is what the plan makes: %s', (_, references) => {
    const found = answer('v', { references });
    expect([addresses(found), found.exact]).toEqual([['azurerm_virtual_network.v'], true]);
  });

  test.each<[string, ReturnType<typeof answer>]>([
    ['another name', answer('w')],
    ['another group', answer('v', { more: { resource_group_name: 'other' } })],
    ['another configuration of the provider', answer('v', { provider: 'azurerm.hub' })],
  ])('is something else by %s', (_, found) => {
    expect([addresses(found), found.exact]).toEqual([['data.azurerm_virtual_network.d'], false]);
  });

  test('what else it may tell is not known', () => {
    const found = answer('v', { references: ['data.azurerm_virtual_network.d', 'azurerm_route_table.t.id', 'azurerm_route_table.t'], types: ['azurerm_route_table'] });
    expect([addresses(found), found.exact, found.unknown]).toEqual([['azurerm_route_table.t'], false, expect.stringContaining('data.azurerm_virtual_network.d')]);
  });
});
