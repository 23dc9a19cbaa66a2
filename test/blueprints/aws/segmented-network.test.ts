import { readFileSync } from 'node:fs';
import { AwsSegmentedNetwork, type AwsSegmentedNetworkProps } from '../../../blueprints/aws/segmented-network';
import type { Policy } from '../../../blueprints/policy/model';
import { addressesOf, allow, awsPolicy, bodies, environmentOf, synthesize } from './policies';

const policy = awsPolicy('[{ host: api.stripe.com, from: [payments], owner: o, reason: r }]', `
  - { name: edge, tier: public, accepts: [{ from: internet, ports: [443] }] }
  - { name: payments, tier: private, accepts: [{ from: edge, ports: [8443] }] }
  - { name: ledger, tier: data, accepts: [{ from: payments, ports: [5432] }] }`, '[secrets]');

function propsOf(from: Policy, over: Partial<AwsSegmentedNetworkProps> = {}): AwsSegmentedNetworkProps {
  const { region, zones } = environmentOf(from);
  return { name: 'acme-test', region, zones, account: '111122223333', segments: from.segments, rules: from.allow, addresses: addressesOf(from), privateServices: from.privateServices, ...over };
}
const made = (over: Partial<AwsSegmentedNetworkProps> = {}) => synthesize((stack) => new AwsSegmentedNetwork(stack, 'network', propsOf(policy, over)));

test('until routes are made, every segment hangs on the empty main table', () => {
  const stack = made();
  expect(bodies(stack, 'aws_route_table')).toHaveLength(1);
  expect(bodies(stack, 'aws_route_table_association')).toHaveLength(2);
  expect(bodies(stack, 'aws_default_route_table')[0].route).toEqual([]);
});

test('the subnets that endpoints stand in are let go of before they are deleted', () => {
  const subnets = bodies(made(), 'aws_subnet').filter(({ tags }) => tags.Name.includes('-endpoints-'));
  expect(subnets.map(({ lifecycle }) => lifecycle)).toEqual(subnets.map(() => ({ create_before_destroy: true })));
  expect(subnets).toHaveLength(environmentOf(policy).zones.length);
});

test('every security group says both its lists, described and replaceable', () => {
  const groups = bodies(made(), 'aws_security_group');
  expect(groups).toHaveLength(3 * 2 + 1);
  for (const group of groups) {
    expect(group).toMatchObject({ ingress: expect.any(Array), egress: expect.any(Array), lifecycle: { create_before_destroy: true } });
    expect(group.name_prefix).toMatch(/-$/);
    for (const rule of [...group.ingress, ...group.egress]) expect(rule.description).toMatch(/\S/);
  }
});

test('the membership group has no rule and is the only one that others name', () => {
  const stack = made();
  const groups = Object.entries<any>(stack.resource!.aws_security_group!);
  const named = new Set(groups.flatMap(([, group]) => [...group.ingress, ...group.egress].flatMap((rule: any) => rule.security_groups)));
  for (const [name, group] of groups) {
    if (name.includes('_rules-')) expect(named).not.toContain(`\${aws_security_group.${name}.id}`);
    if (name.includes('_member-')) expect([group.ingress, group.egress]).toEqual([[], []]);
  }
});

test('flow logs record everything, in fields that Terraform leaves alone', () => {
  const [log] = bodies(made(), 'aws_flow_log');
  expect(log).toMatchObject({ traffic_type: 'ALL', max_aggregation_interval: 60 });
  expect(log.log_format).toMatch(/^(\$\$\{[a-z-]+\} ?)+$/);
  // Who, the address behind a NAT, by which way, refused by what.
  for (const field of ['instance-id', 'pkt-dstaddr', 'traffic-path', 'flow-direction', 'action', 'reject-reason']) expect(log.log_format).toContain(`\${${field}}`);
  // The pages take the fields apart by their number.
  const fields = log.log_format.split(' ').length;
  for (const page of ['docs/aws.md', 'docs/aws-failure-modes.md']) {
    for (const [, stars] of readFileSync(page, 'utf8').matchAll(/parse @message "([* ]+)"/g)) expect(stars!.split(' ')).toHaveLength(fields);
  }
  expect(JSON.parse(bodies(made(), 'aws_iam_role')[0].assume_role_policy).Statement[0].Condition.StringEquals).toEqual({ 'aws:SourceAccount': '111122223333' });
});

test('without private services there are no endpoint subnets and no rule towards endpoints', () => {
  const stack = made({ privateServices: [] });
  expect(bodies(stack, 'aws_subnet').map((subnet) => subnet.tags.segment)).not.toContain(undefined);
  expect(JSON.stringify(stack.resource!.aws_security_group)).not.toContain('endpoints');
});

test('keys, retention and zones are the caller\'s to choose', () => {
  const stack = made({ logKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/1', logRetentionDays: 731, zones: environmentOf(policy).zones.slice(0, 1) });
  expect(bodies(stack, 'aws_cloudwatch_log_group')[0]).toMatchObject({ kms_key_id: 'arn:aws:kms:us-east-1:111122223333:key/1', retention_in_days: 731 });
  expect(bodies(stack, 'aws_subnet')).toHaveLength(4);
});

test('it refuses what the loader would have refused, all at once', () => {
  const segments = policy.segments.map((segment) => (segment.name === 'ledger'
    ? { ...segment, accepts: [{ from: 'internet', ports: [{ from: 5432, to: 5432 }], protocol: 'tcp' as const }, { from: 'nobody', ports: [{ from: 1, to: 1 }], protocol: 'tcp' as const }] }
    : segment));
  const broken = () => made({ segments, rules: [allow('a.example.com', { segments: ['ledger'] })] });
  expect(broken).toThrow(/'ledger' is data and accepts the internet/);
  expect(broken).toThrow(/'ledger' accepts 'nobody'/);
  expect(broken).toThrow(/'ledger' is data and is granted a host/);
});

test('it says which group or acl is over its quota', () => {
  const ports = Array.from({ length: 20 }, (_, i) => ({ from: 1000 + 2 * i, to: 1000 + 2 * i }));
  const segments = policy.segments.map((segment) => (segment.name === 'edge' ? { ...segment, accepts: [{ from: 'internet', ports, protocol: 'tcp' as const }] } : segment));
  expect(() => made({ segments })).toThrow(/network acl of 'edge' needs 22 ingress entries[\s\S]*group of 'edge' needs 320 ingress rules/);
  expect(() => made({ segments, aclEntries: 40, rulesPerGroup: 400 })).not.toThrow();
});
