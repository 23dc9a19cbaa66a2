import { AwsEgressControl, type AwsEgressControlProps } from '../../../blueprints/aws/egress-control';
import { shardDomainLists } from '../../../blueprints/aws/domain-list-rules';
import { inspectionProblems } from '../../../blueprints/aws/tls-inspection';
import { allow, bodies, synthesize } from './policies';

const SOURCES = [{ name: 'payments', cidrs: ['10.0.1.0/24'] }, { name: 'platform', cidrs: ['10.0.2.0/24', '10.0.3.0/24'] }];

describe('domain lists', () => {
  test('each segment and protocol has a list of its own, for its own subnets, behind the gate and before the floor', () => {
    const { shards } = shardDomainLists([allow('api.stripe.com'), allow('*.docker.io', { segments: ['platform'] }), allow('deb.debian.org', { segments: ['platform'], protocol: 'http', ports: [80] })], SOURCES);
    const order = [...shards].sort((a, b) => a.priority - b.priority).map(({ role }) => role);
    expect([order[0], order.at(-1), order.slice(1, -1).sort()]).toEqual(['gate', 'floor', ['http-platform', 'tls-payments', 'tls-platform']]);
    expect(shards.find(({ role }) => role === 'tls-platform')?.list).toEqual({ targetType: 'TLS_SNI', targets: ['.docker.io'], homeNet: ['10.0.2.0/24', '10.0.3.0/24'] });
  });

  test('no signature has the number of another, in whatever group', () => {
    const { shards } = shardDomainLists([allow('a.com'), allow('b.com', { protocol: 'tcp', ports: [22], addresses: ['203.0.113.1/32'] })], SOURCES);
    const sids = shards.flatMap(({ lines }) => lines).map((line) => /sid:(\d+)/.exec(line)![1]);
    expect(new Set(sids).size).toBe(sids.length);
    expect(sids.length).toBeGreaterThan(10);
  });

  test('one host more changes one list, and no priority', () => {
    const before = shardDomainLists([allow('a.com'), allow('b.com', { segments: ['platform'] })], SOURCES).shards;
    const after = shardDomainLists([allow('a.com'), allow('b.com', { segments: ['platform'] }), allow('c.com')], SOURCES).shards;
    const changed = after.filter((shard, index) => JSON.stringify(shard) !== JSON.stringify(before[index]));
    expect(changed.map(({ role }) => role)).toEqual(['tls-payments']);
  });

  test('more groups than a policy takes are refused, with the way out', () => {
    const sources = Array.from({ length: 12 }, (_, index) => ({ name: `s${index}`, cidrs: [`10.0.${index}.0/24`] }));
    const rules = sources.flatMap(({ name }) => [allow('a.com', { segments: [name] }), allow('b.com', { segments: [name], protocol: 'http', ports: [80] })]);
    expect(shardDomainLists(rules, sources).problems).toEqual([expect.stringMatching(/^aws: domain lists need 26 rule groups.*leave out 'rules: domain-lists'/)]);
  });
});

describe('tls inspection', () => {
  const inspection = { certificateAuthorityArn: 'arn:aws:acm:us-east-1:123456789012:certificate/x', segments: ['payments'] };
  const props: AwsEgressControlProps = {
    name: 'acme-test', rules: [allow('api.stripe.com'), allow('status.stripe.com', { segments: ['platform'], ports: [8443] })], vpcId: 'vpc-1', vpcCidr: '10.0.0.0/16', internetGatewayId: 'igw-1',
    segments: SOURCES.map((source) => ({ ...source, subnets: [{ zone: 'us-east-1a', cidr: source.cidrs[0]! }] })),
    zones: [{ name: 'us-east-1a', firewallCidr: '10.0.4.0/28', natCidr: '10.0.5.0/28' }],
    tlsInspection: inspection,
  };
  const made = (over: Partial<AwsEgressControlProps> = {}) => {
    let control!: AwsEgressControl;
    const stack = synthesize((scope) => (control = new AwsEgressControl(scope, 'egress', { ...props, ...over })));
    return { stack, control };
  };

  test('opens the ports of the segment that asks, from its subnets, to anywhere', () => {
    const [configuration] = bodies(made().stack, 'aws_networkfirewall_tls_inspection_configuration');
    expect(configuration.tls_inspection_configuration[0].server_certificate_configuration).toEqual([{
      certificate_authority_arn: inspection.certificateAuthorityArn,
      scope: [{
        protocols: [6],
        source: [{ address_definition: '10.0.1.0/24' }],
        source_ports: [{ from_port: 0, to_port: 65535 }],
        destination: [{ address_definition: '0.0.0.0/0' }],
        destination_ports: [{ from_port: 443, to_port: 443 }],
      }],
    }]);
  });

  test('is a policy of another name, with a log of its own', () => {
    const { stack, control } = made();
    expect(bodies(stack, 'aws_networkfirewall_firewall_policy')[0]).toMatchObject({ name: 'acme-test-egress-inspected', firewall_policy: { tls_inspection_configuration_arn: expect.any(String) } });
    expect(control.logDestinations.map(({ kind }) => kind)).toEqual(['firewall-alert', 'firewall-flow', 'firewall-tls']);
    expect(bodies(made({ tlsInspection: undefined }).stack, 'aws_networkfirewall_firewall_policy')[0].name).toBe('acme-test-egress');
  });

  test('moves the risks of the segment that is opened, and of no other', () => {
    const risks = new Map(made().control.residualRisks.map(({ id, segments }) => [id, segments]));
    expect(risks.get('sni-spoofing')).toEqual(['platform']);
    expect(risks.get('encrypted-client-hello')).toEqual(['platform']);
    expect(risks.get('domain-fronting')).toEqual(['payments']);
    expect(risks.get('inspection-authority')).toEqual(['payments']);
  });

  test('revocation is asked for when it is said', () => {
    const [configuration] = bodies(made({ tlsInspection: { ...inspection, revocation: { revoked: 'drop', unknown: 'pass' } } }).stack, 'aws_networkfirewall_tls_inspection_configuration');
    expect(configuration.tls_inspection_configuration[0].server_certificate_configuration[0].check_certificate_revocation_status).toEqual([{ revoked_status_action: 'DROP', unknown_status_action: 'PASS' }]);
  });

  test.each<[string, Parameters<typeof inspectionProblems>[1], readonly string[], RegExp]>([
    ['a segment that is not there', [allow('a.com')], ['nobody'], /'nobody', which this network does not have/],
    ['a segment without tls', [allow('a.com', { protocol: 'http', ports: [80] })], ['payments'], /may reach nothing by tls; take it off/],
    ['http on a port that is opened', [allow('a.com', { ports: [8080] }), allow('b.com', { protocol: 'http', ports: [8080] })], ['payments'], /drop what else it may reach on port 8080/],
    ['tcp on a port that is opened', [allow('a.com'), allow('b.com', { protocol: 'tcp', ports: [443], addresses: ['203.0.113.1/32'] })], ['payments'], /on port 443/],
  ])('refuses %s', (_, rules, segments, message) => {
    expect(inspectionProblems({ ...inspection, segments }, rules, ['payments', 'platform']).join()).toMatch(message);
  });
});

test('the idle timeout is AWS\'s unless it is said', () => {
  const engine = (tcpIdleTimeoutSeconds?: number) => bodies(synthesize((scope) => new AwsEgressControl(scope, 'egress', {
    name: 'acme-test', rules: [allow('api.stripe.com')], vpcId: 'vpc-1', vpcCidr: '10.0.0.0/16', internetGatewayId: 'igw-1', ...(tcpIdleTimeoutSeconds ? { tcpIdleTimeoutSeconds } : {}),
    segments: [{ ...SOURCES[0]!, subnets: [{ zone: 'us-east-1a', cidr: '10.0.1.0/24' }] }],
    zones: [{ name: 'us-east-1a', firewallCidr: '10.0.4.0/28', natCidr: '10.0.5.0/28' }],
  })), 'aws_networkfirewall_firewall_policy')[0].firewall_policy.stateful_engine_options;
  expect(engine()).toEqual({ rule_order: 'STRICT_ORDER', stream_exception_policy: 'DROP' });
  expect(engine(600)).toMatchObject({ flow_timeouts: { tcp_idle_timeout_seconds: 600 } });
});
