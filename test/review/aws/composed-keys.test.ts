/** What a key is composed of no plan tells: `s["${each.key}-b"]` is listed as `s[each.key]`. */
import { change, configured, plan } from '../plan/plans';
import { review } from './reviewed';

const SUBNET = 'aws_subnet';
const ASSOCIATION = 'aws_route_table_association';
const vpc = { references: ['aws_vpc.v.id', 'aws_vpc.v'] };
const table = { references: ['aws_route_table.open.id', 'aws_route_table.open'] };
const made = (type: string, name: string, key: string, after: object, unknown: object) => ({ ...(change(`${type}.${name}["${key}"]`, type, name, { after, after_unknown: { id: true, ...unknown } }) as object), index: key });

const NETWORK = [
  change('aws_vpc.v', 'aws_vpc', 'v', { after: { cidr_block: '10.0.0.0/16' }, after_unknown: { id: true } }),
  change('aws_internet_gateway.g', 'aws_internet_gateway', 'g', { after: {}, after_unknown: { id: true, vpc_id: true } }),
  change('aws_route_table.open', 'aws_route_table', 'open', { after: { route: [{ cidr_block: '0.0.0.0/0' }] }, after_unknown: { id: true, vpc_id: true, route: [{ gateway_id: true }] } }),
];
const WRITTEN = [
  configured('aws_vpc', 'v', {}), configured('aws_internet_gateway', 'g', { vpc_id: vpc }), configured(SUBNET, 's', { vpc_id: vpc }),
  configured('aws_route_table', 'open', { vpc_id: vpc, route: { references: ['aws_internet_gateway.g.id', 'aws_internet_gateway.g'] } }),
];

/** The verdict of each subnet, where associations with these keys give some of them a table that leads to the internet. */
function subnets(keys: readonly string[], associated: readonly string[], reference: readonly string[] = ['aws_subnet.s', 'each.key']) {
  const { verdicts } = review(plan([
    ...NETWORK,
    ...keys.map((key, at) => made(SUBNET, 's', key, { cidr_block: `10.0.${at}.0/24`, map_public_ip_on_launch: true }, { vpc_id: true })),
    ...associated.map((key) => made(ASSOCIATION, 'x', key, {}, { subnet_id: true, route_table_id: true })),
  ] as any, { resources: [...WRITTEN, configured(ASSOCIATION, 'x', { subnet_id: { references: reference }, route_table_id: table })] }));
  return Object.fromEntries(verdicts.filter(({ place, family }) => family === 4 && place.id.includes(SUBNET)).map(({ place, kind }) => [/\["([^"]+)"\]/.exec(place.id)![1], kind]));
}

test.each<[string, readonly string[], readonly string[], Record<string, string>]>([
  ['one has the own key, and another one with it in its own', ['a', 'a-b'], ['a'], { a: 'open', 'a-b': 'unknown' }],
  ['the same of a zone in its region', ['eu-west-1', 'eu-west-1a'], ['eu-west-1'], { 'eu-west-1': 'open', 'eu-west-1a': 'unknown' }],
  ['and where all do', ['a', 'b', 'as', 'bs'], ['a', 'b'], { a: 'open', b: 'open', as: 'unknown', bs: 'unknown' }],
  ['not all of the block have such a one', ['a', 'b', 'a-b'], ['a', 'b'], { a: 'open', b: 'open', 'a-b': 'none' }],
  ['all of the block have such a one, and not all one with the own key', ['a', 'a-x', 'b-x', 'other'], ['a', 'b'], { a: 'none', 'a-x': 'open', 'b-x': 'open', other: 'none' }],
  ['each is a part of two', ['p-a', 'p-b', 'q-a', 'q-b', 'z'], ['a', 'b'], { 'p-a': 'unknown', 'p-b': 'unknown', 'q-a': 'unknown', 'q-b': 'unknown', z: 'none' }],
  ['it stands in the middle of a word', ['a', 'data'], ['a'], { a: 'open', data: 'none' }],
  ['none has it for all', ['a', 'c', 'd'], ['a', 'b'], { a: 'open', c: 'unknown', d: 'unknown' }],
])('where %s', (_, keys, associated, expected) => {
  expect(subnets(keys, associated)).toEqual(expected);
});

test('one alone that has the only key with it: most likely, and no other is left out', () => {
  expect(subnets(['a-x', 'other'], ['a'])).toEqual({ 'a-x': 'open', other: 'unknown' });
});

test('with anything else beside the key, any may be meant', () => {
  expect(Object.values(subnets(['a', 'a-b', 'c'], ['a'], ['aws_subnet.s', 'each.key', 'each.value']))).not.toContain('none');
});

/** A machine in a subnet that stands in an instance of a module, of which that of `a-b` alone leads to the internet. */
function inModules(keys: readonly string[]) {
  const inside = (key: string, type: string, name: string, after: object, unknown: object = {}) => change(`module.net["${key}"].${type}.${name}`, type, name, { after, after_unknown: { id: true, ...unknown } }, { module_address: `module.net["${key}"]` });
  const { verdicts } = review(plan([
    ...['a', 'a-b', 'b'].flatMap((key) => [inside(key, 'aws_vpc', 'v', { cidr_block: '10.0.0.0/16' }), inside(key, SUBNET, 's', { cidr_block: '10.0.1.0/24', map_public_ip_on_launch: true }, { vpc_id: true })]),
    ...keys.map((key) => made('aws_instance', 'i', key, { ami: 'ami-1' }, { subnet_id: true })),
    inside('a-b', 'aws_internet_gateway', 'g', {}, { vpc_id: true }),
    inside('a-b', 'aws_default_route_table', 't', { route: [{ cidr_block: '0.0.0.0/0' }] }, { default_route_table_id: true, route: [{ gateway_id: true }] }),
  ] as any, {
    resources: [configured('aws_instance', 'i', { subnet_id: { references: ['module.net', 'each.key'] } })],
    module_calls: { net: { module: { resources: [
      configured('aws_vpc', 'v', {}), configured(SUBNET, 's', { vpc_id: vpc }), configured('aws_internet_gateway', 'g', { vpc_id: vpc }),
      configured('aws_default_route_table', 't', { default_route_table_id: { references: ['aws_vpc.v.default_route_table_id', 'aws_vpc.v'] }, route: { references: ['aws_internet_gateway.g.id', 'aws_internet_gateway.g'] } }),
    ], outputs: { subnet_id: { expression: { references: ['aws_subnet.s.id', 'aws_subnet.s'] } } } } } },
  }));
  return new Set(verdicts.filter(({ place, family }) => family === 4 && place.id.startsWith('aws_instance.i["a"]')).map(({ kind }) => kind));
}

test('of modules likewise', () => {
  expect(inModules(['a', 'b'])).toEqual(new Set(['none']));
  expect(inModules(['a'])).toEqual(new Set(['unknown']));
});
