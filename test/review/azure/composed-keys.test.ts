/** What a key is composed of no plan tells: `s["${each.key}-b"]` is listed as `s[each.key]`. */
import { review } from './reviewed';

type Names = readonly string[];
const SUBNET = 'azurerm_subnet';
const GROUPS = 'azurerm_subnet_network_security_group_association';
const TABLES = 'azurerm_subnet_route_table_association';
const DENY = { name: 'deny', priority: 4096, direction: 'Outbound', access: 'Deny', protocol: '*', source_port_range: '*', source_address_prefix: '*', destination_port_range: '*', destination_address_prefix: '*' };
const DROP = { name: 'drop', address_prefix: '0.0.0.0/0', next_hop_type: 'None' };

interface Given {
  readonly reference?: Names;
  /** What the associations are. */
  readonly type?: string;
  readonly target?: Names;
  readonly attribute?: string;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly more?: Readonly<Record<string, Names>>;
}

const ofGroup: Given = { type: GROUPS, attribute: 'network_security_group_id', target: ['azurerm_network_security_group.closed.id', 'azurerm_network_security_group.closed'] };
const ofTable: Given = { type: TABLES, attribute: 'route_table_id', target: ['azurerm_route_table.closed.id', 'azurerm_route_table.closed'] };

function made(type: string, name: string, key: string | undefined, after: object, unknown: object = {}, module = ''): object {
  const address = `${module === '' ? '' : `${module}.`}${type}.${name}${key === undefined ? '' : `[${JSON.stringify(key)}]`}`;
  return {
    address, ...(module === '' ? {} : { module_address: module }), mode: 'managed', type, name, ...(key === undefined ? {} : { index: key }), provider_name: 'registry.terraform.io/hashicorp/azurerm',
    change: { actions: ['create'], before: null, after, after_unknown: { id: true, ...unknown } },
  };
}

const written = (type: string, name: string, expressions: Readonly<Record<string, Names>>, forEach?: string) => ({
  address: `${type}.${name}`, mode: 'managed', type, name, provider_config_key: 'azurerm', ...(forEach === undefined ? {} : { for_each_expression: { references: [forEach] } }),
  expressions: Object.fromEntries(Object.entries(expressions).map(([attribute, references]) => [attribute, { references }])),
});

const NETWORK = [
  made('azurerm_virtual_network', 'v', undefined, { name: 'v', address_space: ['10.0.0.0/16'] }),
  made('azurerm_network_security_group', 'closed', undefined, { name: 'closed', security_rule: [DENY] }),
  made('azurerm_route_table', 'closed', undefined, { name: 'closed', route: [DROP] }),
];
const WRITTEN = ['azurerm_virtual_network.v', 'azurerm_network_security_group.closed', 'azurerm_route_table.closed'].map((address) => written(...(address.split('.') as [string, string]), {}));

/** The verdict of each subnet, where associations with these keys give some of them a group or a table that closes them, or a NAT gateway. */
function subnets(keys: Names, associated: Names, { reference = [`${SUBNET}.s`, 'each.key'], type, attribute, target, values, more = {} }: Given = ofGroup): Record<string, string> {
  const ofBlock = (block: string, own: Names, from: number) => own.map((key, at) => made(SUBNET, block, key, { name: `snet-${at + from}`, virtual_network_name: 'v', address_prefixes: [`10.0.${at + from}.0/24`], default_outbound_access_enabled: true }));
  const { verdicts } = review({
    format_version: '1.2', terraform_version: '1.11.4', planned_values: { root_module: {} }, ...(values ? { variables: { all: { value: values } } } : {}),
    resource_changes: [
      ...NETWORK, ...ofBlock('s', keys, 0), ...Object.entries(more).flatMap(([name, own], at) => ofBlock(name, own, 20 * (at + 1))),
      ...associated.map((key) => made(type as string, 'x', key, {}, { subnet_id: true, [attribute as string]: true })),
    ],
    configuration: { root_module: {
      ...(values ? { variables: { all: {} } } : {}),
      resources: [...WRITTEN, ...['s', ...Object.keys(more)].map((name) => written(SUBNET, name, { virtual_network_name: ['azurerm_virtual_network.v.name', 'azurerm_virtual_network.v'] }, 'var.subnets')), written(type as string, 'x', { subnet_id: reference, [attribute as string]: target as Names }, 'var.all')],
    } },
  });
  return Object.fromEntries(verdicts.filter(({ place, family }) => family === 4 && place.id.includes(SUBNET)).map(({ place, kind }) => [/\["([^"]+)"\]/.exec(place.id)![1], kind]));
}

const CASES: readonly [string, Names, Names, Record<string, string>][] = [
  ['one has the own key, and another one with it in its own', ['a', 'a-b'], ['a'], { a: 'unknown', 'a-b': 'unknown' }],
  ['the same of a zone in its region', ['west-1', 'west-1a'], ['west-1'], { 'west-1': 'unknown', 'west-1a': 'unknown' }],
  ['and where all do', ['a', 'b', 'as', 'bs'], ['a', 'b'], { a: 'unknown', b: 'unknown', as: 'unknown', bs: 'unknown' }],
  ['not all of the block have such a one', ['a', 'b', 'a-b'], ['a', 'b'], { a: 'given', b: 'given', 'a-b': 'left' }],
  ['all of the block have such a one, and not all one with the own key', ['a', 'a-x', 'b-x', 'other'], ['a', 'b'], { a: 'left', 'a-x': 'given', 'b-x': 'given', other: 'left' }],
  ['each is a part of two', ['p-a', 'p-b', 'q-a', 'q-b', 'z'], ['a', 'b'], { 'p-a': 'unknown', 'p-b': 'unknown', 'q-a': 'unknown', 'q-b': 'unknown', z: 'left' }],
  ['it stands in the middle of a word', ['a', 'data'], ['a'], { a: 'given', data: 'left' }],
  ['keys are plain', ['app', 'db', 'web'], ['app', 'db'], { app: 'given', db: 'given', web: 'left' }],
  ['keys are numbers', ['1', '2', '10', '12'], ['1', '2'], { 1: 'given', 2: 'given', 10: 'left', 12: 'left' }],
  ['one alone has the only key with it', ['a-x', 'other'], ['a'], { 'a-x': 'unknown', other: 'unknown' }],
];

describe.each<[string, Given]>([['a group', ofGroup], ['a table', ofTable]])('%s', (_, given) => {
  test.each(CASES)('where %s', (__, keys, associated, expected) => {
    expect(subnets(keys, associated, given)).toEqual(Object.fromEntries(Object.entries(expected).map(([key, kind]) => [key, kind === 'given' ? 'none' : kind === 'left' ? 'open' : kind])));
  });
});

test.each<[string, Names, Names, Names, Record<string, string>]>([
  ['each in one of them', ['p'], ['q'], ['p', 'q'], { p: 'none', q: 'none' }],
  ['one of them has none of the block', ['a', 'b', 'c'], ['z'], ['a', 'b'], { a: 'none', b: 'none', c: 'open', z: 'open' }],
  ['in one of them by a key that is composed', ['p-x'], ['q'], ['p', 'q'], { 'p-x': 'unknown', q: 'none' }],
  ['and one has either', ['p', 'p-x'], ['q'], ['p', 'q'], { p: 'unknown', 'p-x': 'unknown', q: 'none' }],
])('of two blocks that an expression names, %s', (_, keys, others, associated, expected) => {
  expect(subnets(keys, associated, { ...ofGroup, more: { t: others }, reference: [`${SUBNET}.s`, 'each.key', `${SUBNET}.t`, 'each.key'] })).toEqual(expected);
});

const LOCAL = ['local.subnet_ids', 'each.key'];
const TOLD = [`${SUBNET}.s`, 'each.value.subnet', 'each.value'];
const x = (subnet: string) => ({ x: { subnet } });

test.each<[string, Names, Names, Given, Record<string, string>]>([
  ['out of a local', ['a', 'a-b'], ['a'], { reference: LOCAL }, { a: 'unknown', 'a-b': 'unknown' }],
  ['out of a local by plain keys', ['a', 'b', 'c'], ['a', 'b'], { reference: LOCAL }, { a: 'none', b: 'none', c: 'open' }],
  ['out of a local by composed ones', ['a-x', 'b-x', 'c'], ['a', 'b'], { reference: LOCAL }, { 'a-x': 'none', 'b-x': 'none', c: 'open' }],
  ['by what variables tell', ['a', 'a-b'], ['x'], { reference: TOLD, values: x('a') }, { a: 'unknown', 'a-b': 'unknown' }],
  ['by plain keys that variables tell', ['app', 'db'], ['x'], { reference: TOLD, values: x('app') }, { app: 'none', db: 'open' }],
  ['with anything else beside the key', ['a', 'c'], ['a'], { reference: [`${SUBNET}.s`, 'each.key', 'each.value'] }, { a: 'unknown', c: 'unknown' }],
])('%s', (_, keys, associated, given, expected) => {
  expect(subnets(keys, associated, { ...ofGroup, ...given })).toEqual(expected);
});

/** `"${azurerm_virtual_network.v.id}/subnets/${each.key}-b"`. */
test.each<[string, Names, Names, Record<string, string>]>([
  ['by plain keys', ['a', 'b'], ['a', 'b'], { a: 'none', b: 'none' }],
  ['by a plain key of one', ['a', 'c'], ['a'], { a: 'none', c: 'open' }],
  ['one of several with it', ['a', 'a-b'], ['a'], { a: 'unknown', 'a-b': 'unknown' }],
  ['and where all are', ['a', 'b', 'as', 'bs'], ['a', 'b'], { a: 'unknown', b: 'unknown', as: 'unknown', bs: 'unknown' }],
])('of ids that are composed from that of the network: %s', (_, keys, associated, expected) => {
  expect(subnets(keys, associated, { ...ofGroup, reference: ['azurerm_virtual_network.v.id', 'azurerm_virtual_network.v', 'each.key'] })).toEqual(expected);
});

/** The same of subnets that stand in a module each. */
function inModules(keys: Names, associated: Names): Record<string, string> {
  const [, group] = NETWORK.slice(0, 2);
  const { verdicts } = review({
    format_version: '1.2', terraform_version: '1.11.4', planned_values: { root_module: {} },
    resource_changes: [
      group, ...keys.flatMap((key, at) => [
        made('azurerm_virtual_network', 'v', undefined, { name: `v-${at}`, address_space: [`10.${at}.0.0/16`] }, {}, `module.net["${key}"]`),
        made(SUBNET, 's', undefined, { name: 's', virtual_network_name: `v-${at}`, address_prefixes: [`10.${at}.0.0/24`], default_outbound_access_enabled: true }, {}, `module.net["${key}"]`),
      ]),
      ...associated.map((key) => made(GROUPS, 'x', key, {}, { subnet_id: true, network_security_group_id: true })),
    ],
    configuration: { root_module: {
      resources: [written('azurerm_network_security_group', 'closed', {}), written(GROUPS, 'x', { subnet_id: ['module.net', 'each.key'], network_security_group_id: ofGroup.target as Names }, 'var.all')],
      module_calls: { net: { source: './net', for_each_expression: { references: ['var.all'] }, module: {
        outputs: { id: { expression: { references: [`${SUBNET}.s.id`, `${SUBNET}.s`] } } },
        resources: [written('azurerm_virtual_network', 'v', {}), written(SUBNET, 's', { virtual_network_name: ['azurerm_virtual_network.v.name', 'azurerm_virtual_network.v'] })],
      } } },
    } },
  });
  return Object.fromEntries(verdicts.filter(({ place, family }) => family === 4 && place.id.includes(SUBNET)).map(({ place, kind }) => [/\["([^"]+)"\]/.exec(place.id)![1], kind]));
}

test.each<[string, Names, Names, Record<string, string>]>([
  ['by plain keys', ['a', 'b', 'c'], ['a', 'b'], { a: 'none', b: 'none', c: 'open' }],
  ['one of several with it', ['a', 'a-b', 'c'], ['a'], { a: 'unknown', 'a-b': 'unknown', c: 'open' }],
  ['by composed keys', ['a-x', 'b-x', 'c'], ['a', 'b'], { 'a-x': 'none', 'b-x': 'none', c: 'open' }],
  ['what one means is not there', ['a', 'c'], ['a', 'b'], { a: 'none', c: 'unknown' }],
])('of modules likewise: %s', (_, keys, associated, expected) => {
  expect(inModules(keys, associated)).toEqual(expected);
});
