import { App } from 'cdktf';
import { createStack } from '../../../stacks/aws';
import { observe } from '../../contract/aws.observer';
import { subjectOf } from '../../contract/expectation';
import { policyOf } from '../../fixtures/stacks';
import { awsPolicy, awsStack, bodies } from './policies';

const SEGMENTS = `
  - { name: edge, tier: public, accepts: [{ from: internet, ports: [443] }] }
  - { name: payments, tier: private, accepts: [{ from: edge, ports: [8443] }] }
  - { name: ledger, tier: data, accepts: [{ from: payments, ports: [5432] }] }`;

test('GIVEN an empty allowlist THEN there is no firewall, no NAT and no default route but the public one', () => {
  const stack = awsStack(awsPolicy('[]', SEGMENTS, '[object-storage]'));
  for (const type of ['aws_networkfirewall_firewall', 'aws_networkfirewall_rule_group', 'aws_nat_gateway', 'aws_eip']) expect(bodies(stack, type)).toEqual([]);
  const routes = bodies(stack, 'aws_route_table').filter((table) => table.route.length > 0).map((table) => table.tags.segment);
  expect(new Set(routes)).toEqual(new Set(['edge']));
  expect(bodies(stack, 'aws_vpc_endpoint').map((endpoint) => endpoint.vpc_endpoint_type)).toEqual(['Interface']);
});

test('GIVEN neither hosts nor a public segment THEN there is no internet gateway', () => {
  const stack = awsStack(awsPolicy('[]', '[{ name: jobs, tier: private }]', '[]', 1));
  expect(bodies(stack, 'aws_internet_gateway')).toEqual([]);
  expect(bodies(stack, 'aws_vpc_endpoint')).toEqual([]);
});

test('GIVEN an account THEN the provider touches no other, and policies name it without a look-up', () => {
  const policy = awsPolicy('[]', SEGMENTS, '[secrets]');
  const environment = policy.environments[0]!;
  const stack = awsStack({ ...policy, environments: [{ ...environment, aws: { ...environment.aws!, account: '111122223333' } }] });
  expect(stack.provider!.aws![0]).toMatchObject({ allowed_account_ids: ['111122223333'], default_tags: [{ tags: { organization: 'acme', environment: 'test' } }] });
  expect(stack.data).toBeUndefined();
  expect(bodies(stack, 'aws_vpc_endpoint')[0].policy).toContain('"aws:ResourceAccount":"111122223333"');
});

test('GIVEN a segment that accepts itself, udp and a range THEN exactly that is open', () => {
  const policy = awsPolicy('[]', '[{ name: nodes, tier: private, accepts: [{ from: nodes, ports: [7000-7100] }, { from: nodes, ports: [7946], protocol: udp }] }]');
  expect(observe(awsStack(policy), subjectOf(policy, 'test', 'aws'))).toEqual({
    faults: [],
    segments: { nodes: { wayOut: 'none', hosts: [], peers: ['nodes tcp/7000-7100', 'nodes udp/7946'], internetPorts: [] } },
  });
});

test('GIVEN 50 segments with hosts THEN it is still sound', () => {
  const names = Array.from({ length: 50 }, (_, index) => `s${index}`);
  const segments = names.map((name, index) => `\n  - { name: ${name}, tier: private, accepts: [{ from: ${names[(index + 1) % 50]}, ports: [8443] }] }`).join('');
  const allow = names.map((name) => `\n  - { host: ${name}.example.com, from: [${name}], owner: o, reason: r }`).join('');
  const policy = awsPolicy(allow, segments, '[object-storage, secrets]', 3);
  const { faults, segments: observed } = observe(awsStack(policy), subjectOf(policy, 'test', 'aws'));
  expect(faults).toEqual([]);
  expect(observed.s7).toEqual({ wayOut: 'controlled', hosts: ['tls s7.example.com:443'], peers: ['s6 tcp/8443'], internetPorts: [] });
});

test('GIVEN hosts THEN names are filtered, on record, and each risk is told once', () => {
  const policy = awsPolicy('[{ host: api.stripe.com, from: [payments], owner: o, reason: r }]', SEGMENTS);
  const { summary, dns } = createStack(new App({ stackTraces: false }), policy, policy.environments[0]!);
  expect(summary.residualRisks.map(({ id }) => id)).toEqual([
    'answers-leave', 'cloud-administration', 'dns-per-network', 'dns-redirection-trusted', 'dns-tunnelling', 'encrypted-client-hello', 'handshake-before-verdict', 'instance-credentials', 'sni-spoofing',
  ]);
  expect(summary.residualRisks.find(({ id }) => id === 'encrypted-client-hello')!.summary).toMatch(/from elsewhere than DNS/);
  expect(dns.associations).toHaveLength(1);
  expect(awsStack(policy).output!.log_destinations.value.dns).toEqual([expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.dns_/)]);
});

test('GIVEN a segment named as a property of every object THEN only the others have ranges added', () => {
  const policy = awsPolicy('[]', SEGMENTS.replaceAll('ledger', 'constructor'));
  const [environment] = policy.environments;
  const { network } = createStack(new App({ stackTraces: false }), policy, { ...environment!, aws: { ...environment!.aws!, secondaryCidrs: { payments: '100.64.0.0/16' } } });
  expect(network.segments.map(({ name, secondarySubnetIds }) => [name, secondarySubnetIds.length > 0])).toEqual([['constructor', false], ['edge', false], ['payments', true]]);
});

test('GIVEN private endpoints and buckets of others THEN what no network sees is told', () => {
  const policy = awsPolicy('[]', SEGMENTS, '[object-storage]');
  const [environment] = policy.environments;
  const risks = (aws: object) => new Map(createStack(new App({ stackTraces: false }), policy, { ...environment!, aws: { ...environment!.aws!, ...aws } }).summary.residualRisks.map((risk) => [risk.id, risk]));
  expect([...risks({}).keys()]).toEqual(['answers-leave', 'calls-recorded-elsewhere', 'cloud-administration', 'instance-credentials', 'services-pass-on']);
  expect([...risks({ endpointPresets: ['ssm'] }).keys()]).toContain('session-access');
  const more = risks({ readableBuckets: ['al2023-repos', 'tools'], organizationId: 'o-a1b2c3d4e5' });
  expect(more.get('readable-buckets')).toMatchObject({ summary: expect.stringContaining('al2023-repos, tools'), segments: ['edge', 'ledger', 'payments'] });
  expect(more.get('services-pass-on')!.summary).toContain('the organization');
});

test('construct ids, and so Terraform addresses, hold only letters, digits, hyphens and underscores', () => {
  const stack = awsStack(awsPolicy('[{ host: api.stripe.com, from: [payments], owner: o, reason: r }]', SEGMENTS, '[kubernetes]'));
  for (const names of Object.values(stack.resource!)) for (const name of Object.keys(names)) expect(name).toMatch(/^[A-Za-z0-9_-]+$/);
});

test('GIVEN a bucket for logs THEN no log group is made beside it', () => {
  const logsOf = (logs: string) => {
    const { policy } = policyOf([
      'organization: acme', 'allow: [{ host: api.stripe.com, from: [payments], owner: o, reason: r }]', `segments: ${SEGMENTS}`,
      `environments: [{ name: test, aws: { region: us-east-1, zones: 2, cidr: 10.20.0.0/16${logs} } }]`,
    ].join('\n'));
    return Object.keys(awsStack(policy).resource?.aws_cloudwatch_log_group ?? {}).length;
  };
  expect(logsOf('')).toBeGreaterThan(2);
  expect(logsOf(', logs: { destination: s3, bucket: "arn:aws:s3:::acme-security-logs" }')).toBe(0);
});
