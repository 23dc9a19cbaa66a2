/** What answers for an allowed host beside a record in a zone of the plan. */
import { add, all, broken, vpc, type Break } from './breaks';
import { review } from './reviewed';
import { ref } from '../sound-stack';

const told = (edit: Break) => review(broken(edit)).findings.filter(({ rule }) => rule === 'host-answered-here').map(({ address, message, confidence }) => `${address}: ${message}${confidence === undefined ? '' : ` | ${confidence}`}`);
const zone = (more: object = {}) => add('aws_route53_zone', 'own', { name: 'example.com', vpc: [{ vpc_id: vpc }], ...more });
const exclusive = (set: object) => add('aws_route53_records_exclusive', 'own', { zone_id: ref('aws_route53_zone', 'own', 'zone_id'), resource_record_set: [{ name: 'www.example.com', type: 'A', resource_records: [{ value: '8.8.4.4' }] }, { name: 'api.example.com', type: 'A', ...set }] });
const SAYS = 'it is allowed by name, and this answers it';

test('all records of a zone in one resource', () => {
  expect(told(all(zone(), exclusive({ resource_records: [{ value: '8.8.4.4' }] })))).toEqual([`aws_route53_records_exclusive.own: api.example.com leads to 8.8.4.4: ${SAYS}`]);
  expect(told(all(zone(), exclusive({ alias_target: [{ dns_name: 'x-1.elb.us-east-1.amazonaws.com.', hosted_zone_id: 'Z1' }] })))).toEqual([`aws_route53_records_exclusive.own: api.example.com leads to x-1.elb.us-east-1.amazonaws.com: ${SAYS}`]);
  expect(told(all(zone(), exclusive({ resource_records: [{ value: '10.0.2.7' }] })))).toEqual([]);
  expect(told(all(zone({ vpc: [] }), exclusive({ resource_records: [{ value: '8.8.4.4' }] })))).toEqual([]);
});

const mapped = (attributes: object, namespace: object = {}) => all(
  add('aws_service_discovery_private_dns_namespace', 'own', { name: 'example.com', vpc, ...namespace }),
  add('aws_service_discovery_service', 'api', { name: 'api', dns_config: [{ namespace_id: ref('aws_service_discovery_private_dns_namespace', 'own'), dns_records: [{ type: 'A', ttl: 60 }] }] }),
  add('aws_service_discovery_instance', 'api', { instance_id: 'i', service_id: ref('aws_service_discovery_service', 'api'), attributes }),
);

test.each<[string, Break, string | undefined]>([
  ['an address', mapped({ AWS_INSTANCE_IPV4: '8.8.4.4' }), '8.8.4.4'],
  ['a name', mapped({ AWS_INSTANCE_CNAME: 'way.example.net' }), 'way.example.net'],
  ['a balancer of whoever', mapped({ AWS_ALIAS_DNS_NAME: 'x-1.elb.us-east-1.amazonaws.com' }), 'x-1.elb.us-east-1.amazonaws.com'],
  ['a private address', mapped({ AWS_INSTANCE_IPV4: '10.0.2.7', AWS_INSTANCE_PORT: '443' }), undefined],
  ['an address in another network', mapped({ AWS_INSTANCE_IPV4: '8.8.4.4' }, { vpc: 'vpc-1' }), undefined],
  ['an address in another network, whose zone is associated with this one', all(mapped({ AWS_INSTANCE_IPV4: '8.8.4.4' }, { vpc: 'vpc-1' }), add('aws_route53_zone_association', 'own', { zone_id: ref('aws_service_discovery_private_dns_namespace', 'own', 'hosted_zone'), vpc_id: vpc })), '8.8.4.4'],
  ['an address of another service', mapped({ AWS_INSTANCE_IPV4: '8.8.4.4' }, { name: 'example.internal' }), undefined],
])('a service of Cloud Map with %s', (_, edit, to) => expect(told(edit)).toEqual(to === undefined ? [] : [`aws_service_discovery_instance.api: api.example.com leads to ${to}: ${SAYS}`]));

test.each([['DNS_PRIVATE', 1], ['DNS_PUBLIC', 0]])('a namespace that is there: %s', (type, count) => {
  const stack = broken(all(
    add('aws_service_discovery_service', 'api', { name: 'api', dns_config: [{ namespace_id: '${data.aws_service_discovery_dns_namespace.there.id}' }] }),
    add('aws_service_discovery_instance', 'api', { instance_id: 'i', service_id: ref('aws_service_discovery_service', 'api'), attributes: { AWS_INSTANCE_IPV4: '8.8.4.4' } }),
  ));
  stack.data = { aws_service_discovery_dns_namespace: { there: { name: 'example.com', type } } };
  expect(review(stack).findings.filter(({ rule }) => rule === 'host-answered-here')).toHaveLength(count);
});

test('a record in the namespace of a service', () => {
  expect(told(all(mapped({}), add('aws_route53_record', 'api', { zone_id: ref('aws_service_discovery_private_dns_namespace', 'own', 'hosted_zone'), name: 'api', type: 'A', records: ['8.8.4.4'] })))).toEqual([`aws_route53_record.api: api.example.com leads to 8.8.4.4: ${SAYS}`]);
});

test('a zone that is known by its id alone may be private', () => {
  const record = (name: string) => add('aws_route53_record', 'api', { zone_id: 'Z0123456789ABCDEFGHIJ', name, type: 'A', records: ['8.8.4.4'] });
  expect(told(record('api.example.com'))).toEqual([`aws_route53_record.api: api.example.com leads to 8.8.4.4: ${SAYS}, if its zone is private | possible`]);
  expect(told(record('www.example.com'))).toEqual([]);
});
