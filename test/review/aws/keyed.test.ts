/** Which route table a subnet has, when a plan of plain HCL only lists what the expression names. */
import { change, configured, plan } from '../plan/plans';
import { review } from './reviewed';

const SUBNET = 'aws_subnet';
const TABLE = 'aws_route_table';
const ASSOCIATION = 'aws_route_table_association';

/** Subnets and tables `a` and `b`; only the table `b` leads to the internet. */
function tables(reference: readonly string[], variables: Readonly<Record<string, object>> = {}, keys: readonly string[] = ['a', 'b']) {
  const made = (type: string, name: string, key: string, after: object, unknown: object = {}) => ({ ...(change(`${type}.${name}["${key}"]`, type, name, { after, after_unknown: { id: true, ...unknown } }) as object), index: key });
  const vpc = { references: ['aws_vpc.v.id', 'aws_vpc.v'] };
  const { verdicts } = review(plan([
    change('aws_vpc.v', 'aws_vpc', 'v', { after: { cidr_block: '10.0.0.0/16' }, after_unknown: { id: true } }),
    change('aws_internet_gateway.g', 'aws_internet_gateway', 'g', { after: {}, after_unknown: { id: true, vpc_id: true } }),
    change('aws_route.out', 'aws_route', 'out', { after: { destination_cidr_block: '0.0.0.0/0' }, after_unknown: { id: true, route_table_id: true, gateway_id: true } }),
    ...keys.flatMap((key, at) => [
      made(SUBNET, 's', key, { cidr_block: `10.0.${at}.0/24` }, { vpc_id: true }), made(TABLE, 't', key, {}, { vpc_id: true }), made(ASSOCIATION, 'x', key, {}, { subnet_id: true, route_table_id: true }),
    ]),
  ] as any, { resources: [
    configured('aws_vpc', 'v', {}), configured('aws_internet_gateway', 'g', { vpc_id: vpc }),
    configured('aws_route', 'out', { route_table_id: { references: [`aws_route_table.t["${keys[1]}"].id`, `aws_route_table.t["${keys[1]}"]`, 'aws_route_table.t'] }, gateway_id: { references: ['aws_internet_gateway.g.id', 'aws_internet_gateway.g'] } }),
    configured(SUBNET, 's', { vpc_id: vpc }), configured(TABLE, 't', { vpc_id: vpc }),
    configured(ASSOCIATION, 'x', { subnet_id: { references: ['aws_subnet.s', 'each.key'] }, route_table_id: { references: reference } }),
  ] }, { variables }));
  return Object.fromEntries(verdicts.filter(({ place, family }) => family === 4 && place.id.includes('aws_subnet')).map(({ place, kind }) => [/\["([^"]+)"\]/.exec(place.id)![1], kind]));
}

test.each<[string, readonly string[], object]>([
  ['its own key', ['aws_route_table.t', 'each.key'], { a: 'none', b: 'open' }],
  // aws_route_table.t[each.value.table]: any of them. What may be open is told as what is likely.
  ['a key that its value tells', ['aws_route_table.t', 'each.value.table', 'each.value'], { a: 'unknown', b: 'open' }],
  ['one or the other', ['each.key', 'aws_route_table.t', 'each.value.table', 'each.value'], { a: 'unknown', b: 'open' }],
])('by %s', (_, reference, expected) => {
  expect(tables(reference)).toEqual(expected);
});

test.each([['a', { a: 'none', b: 'none' }], ['b', { a: 'open', b: 'open' }]])('by a key that a variable tells: %s', (key, expected) => {
  expect(tables(['aws_route_table.t', 'var.table'], { table: { value: key } })).toEqual(expected);
});

/** Subnets 0 and 1, of which the first leads to the internet, and something in what this names. */
function numbered(type: string, attribute: string, reference: readonly string[], value: string | number) {
  const vpc = { references: ['aws_vpc.v.id', 'aws_vpc.v'] };
  const made = (kind: string, name: string, index: number, after: object, unknown: object = {}) => ({ ...(change(`${kind}.${name}[${index}]`, kind, name, { after, after_unknown: { id: true, ...unknown } }) as object), index });
  const { verdicts } = review(plan([
    change('aws_vpc.v', 'aws_vpc', 'v', { after: { cidr_block: '10.0.0.0/16' }, after_unknown: { id: true } }),
    change('aws_internet_gateway.g', 'aws_internet_gateway', 'g', { after: {}, after_unknown: { id: true, vpc_id: true } }),
    ...[0, 1].map((at) => made(SUBNET, 's', at, { cidr_block: `10.0.${at}.0/24`, map_public_ip_on_launch: true }, { vpc_id: true })),
    change('aws_route_table.t', TABLE, 't', { after: { route: [{ cidr_block: '0.0.0.0/0' }] }, after_unknown: { id: true, vpc_id: true, route: [{ gateway_id: true }] } }),
    change('aws_route_table_association.x', ASSOCIATION, 'x', { after: {}, after_unknown: { id: true, subnet_id: true, route_table_id: true } }),
    change(`${type}.i`, type, 'i', { after: {}, after_unknown: { id: true, [attribute]: true } }),
  ] as any, { resources: [
    configured('aws_vpc', 'v', {}), configured('aws_internet_gateway', 'g', { vpc_id: vpc }), configured(SUBNET, 's', { vpc_id: vpc }),
    configured(TABLE, 't', { vpc_id: vpc, route: { references: ['aws_internet_gateway.g.id', 'aws_internet_gateway.g'] } }),
    configured(ASSOCIATION, 'x', { subnet_id: { references: ['aws_subnet.s[0].id', 'aws_subnet.s[0]', 'aws_subnet.s'] }, route_table_id: { references: ['aws_route_table.t.id', 'aws_route_table.t'] } }),
    configured(type, 'i', { [attribute]: { references: reference } }),
  ] }, { variables: { n: { value } } }));
  return verdicts.filter(({ place, family }) => family === 4 && place.id.startsWith(`${type}.i`)).map(({ kind }) => kind);
}

test.each([
  ['slice(aws_subnet.s[*].id, 0, var.n)', 'aws_eks_node_group', 'subnet_ids'],
  ['aws_subnet.s[var.n - 1].id', 'aws_instance', 'subnet_id'],
])('a number that a variable tells is no key: %s', (_, type, attribute) => {
  expect(new Set(numbered(type, attribute, ['aws_subnet.s', 'var.n'], 1))).not.toEqual(new Set(['none']));
});

test('what is open in one of the subnets that may be meant is no certain finding', () => {
  const found = (reference: readonly string[]) => {
    const made = (key: string, at: number) => ({ ...(change(`aws_subnet.s["${key}"]`, SUBNET, 's', { after: { cidr_block: `10.0.${at}.0/24`, map_public_ip_on_launch: key !== 'b' }, after_unknown: { id: true, vpc_id: true } }) as object), index: key });
    const vpc = { references: ['aws_vpc.v.id', 'aws_vpc.v'] };
    return review(plan([
      change('aws_vpc.v', 'aws_vpc', 'v', { after: { cidr_block: '10.0.0.0/16' }, after_unknown: { id: true, default_route_table_id: true } }), change('aws_internet_gateway.g', 'aws_internet_gateway', 'g', { after: {}, after_unknown: { id: true, vpc_id: true } }),
      made('a', 1), made('b', 2), change('aws_default_route_table.d', 'aws_default_route_table', 'd', { after: { route: [{ cidr_block: '0.0.0.0/0' }] }, after_unknown: { id: true, route: [{ gateway_id: true }], default_route_table_id: true } }),
      change('aws_instance.i', 'aws_instance', 'i', { after: {}, after_unknown: { id: true, subnet_id: true } }),
    ] as any, { resources: [
      configured('aws_vpc', 'v', {}), configured('aws_internet_gateway', 'g', { vpc_id: vpc }), configured(SUBNET, 's', { vpc_id: vpc }),
      configured('aws_default_route_table', 'd', { default_route_table_id: { references: ['aws_vpc.v.default_route_table_id', 'aws_vpc.v'] }, route: { references: ['aws_internet_gateway.g.id', 'aws_internet_gateway.g'] } }),
      configured('aws_instance', 'i', { subnet_id: { references: reference } }),
    ] })).findings.filter(({ rule }) => rule === 'open-egress').map(({ severity = 'critical', confidence = 'certain' }) => `${severity} ${confidence}`);
  };
  expect(found(['aws_subnet.s', 'var.prefix'])).toEqual(['high possible']);
  expect(found(['aws_subnet.s["a"].id', 'aws_subnet.s["a"]', 'aws_subnet.s'])).toEqual(['critical certain']);
});

test('a list of names by a key is the one of that key', () => {
  const keyed = (type: string, name: string, after: object, unknown: object = {}) => ['allow', 'block'].map((key) => ({ ...(change(`${type}.${name}["${key}"]`, type, name, { after: { ...after, ...(type.endsWith('list') ? { domains: key === 'allow' ? ['a.example.com.'] : ['*.'] } : { action: key.toUpperCase(), priority: key === 'allow' ? 1 : 2 }) }, after_unknown: { id: true, ...unknown } }) as object), index: key }));
  const { findings } = review(plan([
    change('aws_vpc.v', 'aws_vpc', 'v', { after: { cidr_block: '10.0.0.0/16' }, after_unknown: { id: true } }),
    ...keyed('aws_route53_resolver_firewall_domain_list', 'l', {}), ...keyed('aws_route53_resolver_firewall_rule', 'r', {}, { firewall_domain_list_id: true, firewall_rule_group_id: true }),
    change('aws_route53_resolver_firewall_rule_group.g', 'aws_route53_resolver_firewall_rule_group', 'g', { after: {}, after_unknown: { id: true } }),
    change('aws_route53_resolver_firewall_rule_group_association.a', 'aws_route53_resolver_firewall_rule_group_association', 'a', { after: { priority: 101 }, after_unknown: { id: true, vpc_id: true, firewall_rule_group_id: true } }),
  ] as any, { resources: [
    configured('aws_vpc', 'v', {}), configured('aws_route53_resolver_firewall_domain_list', 'l', {}), configured('aws_route53_resolver_firewall_rule_group', 'g', {}),
    configured('aws_route53_resolver_firewall_rule', 'r', { firewall_domain_list_id: { references: ['aws_route53_resolver_firewall_domain_list.l', 'each.key'] }, firewall_rule_group_id: { references: ['aws_route53_resolver_firewall_rule_group.g.id', 'aws_route53_resolver_firewall_rule_group.g'] } }),
    configured('aws_route53_resolver_firewall_rule_group_association', 'a', { vpc_id: { references: ['aws_vpc.v.id', 'aws_vpc.v'] }, firewall_rule_group_id: { references: ['aws_route53_resolver_firewall_rule_group.g.id', 'aws_route53_resolver_firewall_rule_group.g'] } }),
  ] }));
  expect(findings.filter(({ rule }) => ['dns-list-used-twice', 'dns-unfiltered'].includes(rule))).toEqual([]);
});

test.each([['a', 'a-b'], ['app', 'appDb'], ['app', 'APPDb'], ['a', 'a2'], ['ä', 'ä-b'], ['数', '数-b']])('by a key that is a part of another: either, %s of %s', (part, whole) => {
  // aws_route_table.t["${var.table}-b"] is listed alike.
  expect(tables(['aws_route_table.t', 'var.table'], { table: { value: part } }, [part, whole])).not.toMatchObject({ [part]: 'none' });
  expect(tables(['aws_route_table.t', 'var.table'], { table: { value: part } }, [part, 'other'])).toMatchObject({ [part]: 'none' });
});

test('by a key that a variable may tell: any', () => {
  expect(tables(['aws_route_table.t', 'var.table'])).toEqual({ a: 'unknown', b: 'unknown' });
});

/** Networks `a` and `b` by instances of a module; only that of `b` leads to the internet. */
function networks(reference: readonly string[]) {
  const inside = (key: string, type: string, name: string, after: object, unknown: object = {}, more: object = {}) => change(`module.net["${key}"].${type}.${name}`, type, name, { after, after_unknown: { id: true, ...unknown } }, { module_address: `module.net["${key}"]`, ...more });
  const vpc = { references: ['aws_vpc.v.id', 'aws_vpc.v'] };
  const { verdicts } = review(plan([
    ...['a', 'b'].flatMap((key) => [
      inside(key, 'aws_vpc', 'v', { cidr_block: '10.0.0.0/16' }), ...['x', 'y'].map((own, at) => inside(key, SUBNET, `s["${own}"]`, { cidr_block: `10.0.${at}.0/24`, map_public_ip_on_launch: true }, { vpc_id: true }, { name: 's', index: own })),
      { ...(change(`aws_instance.i["${key}"]`, 'aws_instance', 'i', { after: { ami: 'ami-1' }, after_unknown: { id: true, subnet_id: true } }) as object), index: key },
    ]),
    inside('b', 'aws_internet_gateway', 'g', {}, { vpc_id: true }),
    inside('b', 'aws_default_route_table', 't', { route: [{ cidr_block: '0.0.0.0/0' }] }, { default_route_table_id: true, route: [{ gateway_id: true }] }),
  ] as any, {
    resources: [configured('aws_instance', 'i', { subnet_id: { references: reference } })],
    module_calls: { net: { module: { resources: [
      configured('aws_vpc', 'v', {}), configured(SUBNET, 's', { vpc_id: vpc }), configured('aws_internet_gateway', 'g', { vpc_id: vpc }),
      configured('aws_default_route_table', 't', { default_route_table_id: { references: ['aws_vpc.v.default_route_table_id', 'aws_vpc.v'] }, route: { references: ['aws_internet_gateway.g.id', 'aws_internet_gateway.g'] } }),
    ], outputs: { subnet_ids: { expression: { references: ['aws_subnet.s.id', 'aws_subnet.s'] } } } } } },
  }));
  return verdicts.filter(({ place, family }) => family === 4 && place.id.includes('aws_instance')).map(({ place, kind }) => `${place.id.slice(0, 19)} ${kind}`);
}

test('a subnet that a module hands out to its own key stands in the instance with this key', () => {
  expect(new Set(networks(['module.net', 'each.key']))).toEqual(new Set(['aws_instance.i["a"] none', 'aws_instance.i["b"] open']));
});

test.each([[['module.net', 'local.peers', 'each.key']], [['module.net', 'each.key', 'local.peers']], [['module.net', 'each.value']]])('and by %j in any', (reference) => {
  expect(networks(reference).filter((each) => each.endsWith(' none'))).toEqual([]);
});

/** Routes to the internet by the keys `x`, `y`, …, each for one of two tables; which is whose the plan does not say. */
function routes(keys: readonly string[], gateways: readonly string[] = ['aws_internet_gateway.g.id', 'aws_internet_gateway.g']) {
  const vpc = { references: ['aws_vpc.v.id', 'aws_vpc.v'] };
  const made = (type: string, name: string, key: string, after: object, unknown: object = {}) => ({ ...(change(`${type}.${name}["${key}"]`, type, name, { after, after_unknown: { id: true, ...unknown } }) as object), index: key });
  const { verdicts } = review(plan([
    change('aws_vpc.v', 'aws_vpc', 'v', { after: { cidr_block: '10.0.0.0/16' }, after_unknown: { id: true } }),
    change('aws_internet_gateway.g', 'aws_internet_gateway', 'g', { after: {}, after_unknown: { id: true, vpc_id: true } }),
    ...['a', 'b'].flatMap((key, at) => [
      made(SUBNET, 's', key, { cidr_block: `10.0.${at}.0/24` }, { vpc_id: true }), made(TABLE, 't', key, {}, { vpc_id: true }), made(ASSOCIATION, 'x', key, {}, { subnet_id: true, route_table_id: true }),
    ]),
    ...keys.map((key) => made('aws_route', 'r', key, { destination_cidr_block: '0.0.0.0/0' }, { route_table_id: true, gateway_id: true })),
  ] as any, { resources: [
    configured('aws_vpc', 'v', {}), configured('aws_internet_gateway', 'g', { vpc_id: vpc }), configured(SUBNET, 's', { vpc_id: vpc }), configured(TABLE, 't', { vpc_id: vpc }),
    configured(ASSOCIATION, 'x', { subnet_id: { references: ['aws_subnet.s', 'each.key'] }, route_table_id: { references: ['aws_route_table.t', 'each.key'] } }),
    configured('aws_route', 'r', { route_table_id: { references: ['aws_route_table.t', 'each.value'] }, gateway_id: { references: gateways } }),
  ] }));
  return [...new Set(verdicts.filter(({ place, family }) => family === 4 && place.id.includes('aws_subnet')).map(({ kind }) => kind))];
}

test('as many routes as tables that are likely meant: each has one', () => {
  expect(routes(['x', 'y'])).toEqual(['open']);
});

test.each([[['x'], undefined], [['x', 'y', 'z'], undefined], [['x', 'y'], ['var.gateway']]])('but not of %j by %j', (keys, gateways) => {
  expect(routes(keys, gateways)).toEqual(['unknown']);
});
