import { gatewayPlan, gatewayRisks } from '../../../blueprints/aws/gateway-plan';
import { awsPolicy, awsStack, allow, bodies } from './policies';
import type { AwsGatewayEndpoints } from '../../../blueprints/policy/aws-gateway-endpoints';
import type { Policy } from '../../../blueprints/policy/model';

const CLOSED = '[{ name: payments, tier: private }, { name: jobs, tier: private }, { name: ledger, tier: data }]';
const WITH_EDGE = '[{ name: edge, tier: public, accepts: [{ from: internet, ports: [443] }] }, { name: payments, tier: private }, { name: ledger, tier: data }]';
const ALLOW = '[{ host: api.stripe.com, from: [payments], owner: x, reason: x }]';
// Two neighbours, which are one entry of an ACL.
const S3 = ['3.5.0.0/20', '3.5.16.0/20', '52.216.0.0/15'];

function made(segments: string, gatewayEndpoints: AwsGatewayEndpoints, over: { readonly allow?: string; readonly services?: string; readonly aclEntries?: number } = {}) {
  const policy = awsPolicy(over.allow ?? ALLOW, segments, over.services ?? '[object-storage]');
  const [environment] = policy.environments;
  const aws = { ...environment!.aws!, gatewayEndpoints, ...(over.aclEntries ? { aclEntries: over.aclEntries } : {}) };
  return awsStack({ ...policy, environments: [{ ...environment!, aws }] } satisfies Policy);
}

const named = (stack: ReturnType<typeof made>, type: string, name: string) => bodies(stack, type).find(({ tags }) => tags?.Name === `acme-test-${name}`);
const outside = (acl: any, direction: 'ingress' | 'egress') => acl[direction].filter(({ cidr_block }: any) => cidr_block !== '10.20.0.0/16').map((entry: any) => `${entry.protocol}/${entry.from_port}-${entry.to_port} ${entry.cidr_block}`).sort();
const s3Endpoints = (stack: ReturnType<typeof made>) => bodies(stack, 'aws_vpc_endpoint').filter(({ service_name }) => service_name.endsWith('.s3'));

test('every private and data table has the route, and no other', () => {
  const [gateway, ...more] = s3Endpoints(made(WITH_EDGE, { s3: { ranges: S3 } }));
  expect([gateway.vpc_endpoint_type, ...more.map((each) => each.vpc_endpoint_type)]).toEqual(['Gateway', 'Interface']);
  expect(gateway.route_table_ids).toHaveLength(4);
  for (const table of gateway.route_table_ids) expect(table).toMatch(/segment-(ledger|payments)_table/);
});

test('a closed segment exchanges packets with the ranges of the service and with no other address outside', () => {
  const stack = made(WITH_EDGE, { s3: { ranges: S3 } });
  const acl = named(stack, 'aws_network_acl', 'ledger');
  expect(outside(acl, 'egress')).toEqual(['tcp/443-443 3.5.0.0/19', 'tcp/443-443 52.216.0.0/15']);
  expect(outside(acl, 'ingress')).toEqual(['tcp/1024-65535 3.5.0.0/19', 'tcp/1024-65535 52.216.0.0/15']);
  const [rule] = named(stack, 'aws_security_group', 'ledger-rules').egress.filter(({ prefix_list_ids }: any) => prefix_list_ids.length > 0);
  expect(rule).toMatchObject({ protocol: 'tcp', from_port: 443, to_port: 443, cidr_blocks: [], prefix_list_ids: [expect.stringContaining('prefix-list-s3')] });
});

test('a segment that does not use the service gets neither route nor rule nor entry', () => {
  const stack = made(CLOSED, { s3: { ranges: S3, segments: ['ledger'] } });
  const [gateway, ...more] = s3Endpoints(stack);
  expect(gateway.route_table_ids).toHaveLength(2);
  expect(more).toHaveLength(1);
  expect(outside(named(stack, 'aws_network_acl', 'jobs'), 'egress')).toEqual([]);
  // It has hosts, and its ACL no longer needs 443 for the gateway alone.
  for (const name of ['jobs', 'payments']) expect(JSON.stringify(named(stack, 'aws_security_group', `${name}-rules`).egress)).not.toContain('prefix-list');
});

test('where hosts are called on other ports, 443 is open to the ranges alone', () => {
  const stack = made(CLOSED, { s3: { ranges: S3 } }, { allow: '[{ host: deb.debian.org, protocol: http, from: [payments], owner: x, reason: x }]' });
  expect(outside(named(stack, 'aws_network_acl', 'payments'), 'egress')).toEqual(['tcp/443-443 3.5.0.0/19', 'tcp/443-443 52.216.0.0/15', 'tcp/80-80 0.0.0.0/0']);
  expect(outside(named(stack, 'aws_network_acl', 'payments'), 'ingress')).toEqual(['tcp/1024-65535 0.0.0.0/0']);
});

test('the interface endpoint goes where every segment uses the gateway, or when told to', () => {
  const kinds = (segments: string, own: object = {}) => s3Endpoints(made(segments, { s3: { ranges: S3, ...own } })).map(({ vpc_endpoint_type }) => vpc_endpoint_type);
  expect(kinds(CLOSED)).toEqual(['Gateway']);
  expect(kinds(CLOSED, { interfaceEndpoint: true })).toEqual(['Gateway', 'Interface']);
  expect(kinds(WITH_EDGE)).toEqual(['Gateway', 'Interface']);
  expect(kinds(WITH_EDGE, { interfaceEndpoint: false })).toEqual(['Gateway']);
});

test('without an interface endpoint clients are told no name of DynamoDB', () => {
  const dynamodb = (interfaceEndpoint: boolean) => made(CLOSED, { dynamodb: { ranges: ['52.94.0.0/22'], interfaceEndpoint } }, { services: '["aws:dynamodb"]' });
  expect(dynamodb(true).output).toHaveProperty('endpoint_names');
  expect(dynamodb(false).output).not.toHaveProperty('endpoint_names');
});

test("a plan holds what is written against AWS's list, both ways, and says what to write", () => {
  const list = Object.values(made(CLOSED, { s3: { ranges: S3 } }).data!.aws_ec2_managed_prefix_list!)[0];
  const [missing, extra] = list.lifecycle.postcondition;
  const written = '["3.5.0.0/20","3.5.16.0/20","52.216.0.0/15"]';
  expect(missing.condition).toContain(`setsubtract([for entry in self.entries : entry.cidr], ${written})`);
  expect(extra.condition).toContain(`setsubtract(${written}, [for entry in self.entries : entry.cidr])`);
  for (const { error_message } of [missing, extra]) expect(error_message).toContain('gatewayEndpoints: s3: { ranges: [${join(');
});

test('without the option there is nothing to hold', () => {
  const list = Object.values(awsStack(awsPolicy(ALLOW, CLOSED, '[object-storage]')).data!.aws_ec2_managed_prefix_list!)[0];
  expect(list).not.toHaveProperty('lifecycle');
});

test('a range more moves no other entry', () => {
  const numbers = (ranges: readonly string[]) => new Map<string, number>(named(made(CLOSED, { s3: { ranges } }), 'aws_network_acl', 'ledger').egress.map((entry: any) => [entry.cidr_block, entry.rule_no]));
  const [before, after] = [numbers(['3.5.0.0/19', '52.216.0.0/15']), numbers(['16.182.0.0/16', '3.5.0.0/19', '52.216.0.0/15'])];
  for (const [block, number] of before) expect(after.get(block)).toBe(number);
  expect(after.size).toBe(4);
});

test('more ranges than an ACL holds are refused, and fit once the quota is raised', () => {
  const ranges = Array.from({ length: 19 }, (_, index) => `52.${2 * index}.0.0/16`);
  expect(() => made(CLOSED, { s3: { ranges } })).toThrow(/network acl of 'ledger' needs 21 ingress entries, and 20 fit.*set 'aclEntries'/);
  expect(outside(named(made(CLOSED, { s3: { ranges } }, { aclEntries: 40 }), 'aws_network_acl', 'ledger'), 'egress')).toHaveLength(19);
});

test('a raised quota holds for the ACLs of firewall and NAT subnets too', () => {
  const ports = Array.from({ length: 20 }, (_, index) => 1000 + 2 * index).join(', ');
  const many = `[{ host: api.stripe.com, from: [payments], ports: [${ports}], owner: x, reason: x }]`;
  expect(() => made(CLOSED, {}, { allow: many })).toThrow(/fit/);
  expect(made(CLOSED, {}, { allow: many, aclEntries: 40 }).resource).toHaveProperty('aws_networkfirewall_firewall');
});

test('a service that nobody needs, a public segment and one that is not there are refused at once', () => {
  const build = () => made(WITH_EDGE, { s3: { ranges: S3, segments: ['edge', 'nobody'] }, dynamodb: { ranges: [] } }, { services: '[object-storage]' });
  expect(build).toThrow(/names dynamodb, and no private service needs it; add 'aws:dynamodb'/);
  expect(build).toThrow(/dynamodb has no ranges/);
  expect(build).toThrow(/for 'edge', which is public/);
  expect(build).toThrow(/for 'nobody', which this network does not have/);
});

test('what the ACLs of closed segments no longer refuse is a residual risk', () => {
  const rules = [allow('api.stripe.com')];
  const asked = (segments: readonly string[]) => gatewayRisks([{ service: 's3', segments, ranges: S3, interfaceEndpoint: true }], rules).map(({ id, segments: own }) => [id, own]);
  expect(asked(['ledger', 'payments'])).toEqual([['gateway-ranges-open', ['ledger']]]);
  expect(asked(['payments'])).toEqual([]);
  expect(gatewayRisks([{ service: 's3', segments: ['payments'], interfaceEndpoint: true }], [])).toEqual([]);
});

test('a service of which nothing is asked is for the segments with hosts', () => {
  const segments = awsPolicy(ALLOW, CLOSED).segments;
  const services = [{ name: 'object-storage' }, { name: 'dynamodb', cloud: 'aws' as const }];
  expect(gatewayPlan({ services, segments, rules: [allow('api.stripe.com')], asked: { dynamodb: { ranges: ['52.94.0.0/22'] } } })).toEqual([
    { service: 'dynamodb', segments: ['jobs', 'ledger', 'payments'], ranges: ['52.94.0.0/22'], interfaceEndpoint: false },
    { service: 's3', segments: ['payments'], interfaceEndpoint: true },
  ]);
  expect(gatewayPlan({ services, segments, rules: [] })).toEqual([]);
});
