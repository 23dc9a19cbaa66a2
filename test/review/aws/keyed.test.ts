/** Which route table a subnet has, when a plan of plain HCL only lists what the expression names. */
import { change, configured, plan } from '../plan/plans';
import { review } from './reviewed';

const SUBNET = 'aws_subnet';
const TABLE = 'aws_route_table';
const ASSOCIATION = 'aws_route_table_association';

/** Subnets and tables `a` and `b`; only the table `b` leads to the internet. */
function tables(reference: readonly string[]) {
  const keys = ['a', 'b'];
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
    configured('aws_route', 'out', { route_table_id: { references: ['aws_route_table.t["b"].id', 'aws_route_table.t["b"]', 'aws_route_table.t'] }, gateway_id: { references: ['aws_internet_gateway.g.id', 'aws_internet_gateway.g'] } }),
    configured(SUBNET, 's', { vpc_id: vpc }), configured(TABLE, 't', { vpc_id: vpc }),
    configured(ASSOCIATION, 'x', { subnet_id: { references: ['aws_subnet.s', 'each.key'] }, route_table_id: { references: reference } }),
  ] }));
  return Object.fromEntries(verdicts.filter(({ place, family }) => family === 4 && place.id.includes('aws_subnet')).map(({ place, kind }) => [/\["(\w)"\]/.exec(place.id)![1], kind]));
}

test.each<[string, readonly string[], object]>([
  ['its own key', ['aws_route_table.t', 'each.key'], { a: 'none', b: 'open' }],
  // aws_route_table.t[each.value.table]: any of them. What may be open is told as what is likely.
  ['a key that its value tells', ['aws_route_table.t', 'each.value.table', 'each.value'], { a: 'unknown', b: 'open' }],
  ['one or the other', ['each.key', 'aws_route_table.t', 'each.value.table', 'each.value'], { a: 'unknown', b: 'open' }],
])('by %s', (_, reference, expected) => {
  expect(tables(reference)).toEqual(expected);
});
