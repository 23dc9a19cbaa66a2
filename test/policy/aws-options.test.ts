/** The options of `environments[].aws`: what they come to, and what cannot stand together. */
import { codes, load, loaded } from './policies';

const text = (more: string) => `organization: acme
segments: [{ name: app, tier: private }]
environments:
  - name: prod
    aws:
      region: us-east-1
      cidr: 10.0.0.0/16
${more.split('\n').map((line) => `      ${line}`).join('\n')}
`;
const aws = (more: string) => loaded(text(more)).policy.environments[0]!.aws!;
const fixes = (more: string) => {
  const result = load(text(more));
  return result.ok ? [] : result.problems.map(({ fix }) => fix);
};
const KEY = 'arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000';
const STREAM = 'arn:aws:firehose:us-east-1:123456789012:deliverystream/siem';

describe('logs and their key', () => {
  test.each<[string, object]>([
    ['', { destination: 'cloudwatch', retentionDays: 365 }],
    ['logs: { retentionDays: 731 }', { destination: 'cloudwatch', retentionDays: 731 }],
    ['logs: { destination: s3 }', { destination: 's3', retentionDays: 365 }],
    ['logs: { destination: s3, retentionDays: 500 }', { destination: 's3', retentionDays: 500 }],
    ['logs: { destination: s3, bucket: "arn:aws:s3:::acme-security-logs" }', { destination: 's3', bucketArn: 'arn:aws:s3:::acme-security-logs' }],
    [`logs: { destination: firehose, stream: "${STREAM}" }`, { destination: 'firehose', streamArn: STREAM }],
  ])('%s', (more, expected) => {
    expect(aws(more).logs).toEqual(expected);
  });

  test('a key is made, or is one of yours, or is none', () => {
    expect([aws('kmsKey: create').kmsKey, aws(`kmsKey: ${KEY}`).kmsKey, aws('').kmsKey]).toEqual(['create', KEY, undefined]);
  });

  test.each<[string, string, readonly string[], string]>([
    ['days that CloudWatch Logs does not take', 'logs: { retentionDays: 500 }', ['bad-retention 8:30'], 'write 545'],
    ['no days', 'logs: { retentionDays: 0 }', ['bad-retention 8:30'], 'from 1 to 3653'],
    ['days in words', 'logs: { retentionDays: forever }', ['bad-retention 8:30'], 'such as 365'],
    ['a stream that is not named', 'logs: { destination: firehose }', ['log-stream-missing 8:13'], 'add stream'],
    ['a stream with a bucket', `logs: { destination: s3, stream: "${STREAM}" }`, ['log-field-unused 8:40'], 'destination: firehose'],
    ['a bucket with log groups', 'logs: { bucket: "arn:aws:s3:::acme-logs" }', ['log-field-unused 8:23'], 'destination: s3'],
    ['days of a bucket that is yours', 'logs: { destination: s3, bucket: "arn:aws:s3:::acme-logs", retentionDays: 400 }', ['log-field-unused 8:81'], 'set the retention there'],
    ['days of a stream', `logs: { destination: firehose, stream: "${STREAM}", retentionDays: 400 }`, ['log-field-unused 8:124'], 'set the retention there'],
    ['a bucket by its name', 'logs: { destination: s3, bucket: acme-logs }', ['bad-format 8:40'], 'arn:aws:s3:::'],
    ['another destination', 'logs: { destination: splunk }', ['unknown-value 8:28'], 'cloudwatch'],
    ['a stream of another region', `logs: { destination: firehose, stream: "${STREAM.replace('us-east-1', 'us-west-2')}" }`, ['arn-region 8:46'], 'of us-east-1'],
    ['a key of another region', `kmsKey: ${KEY.replace('us-east-1', 'eu-west-1')}`, ['arn-region 8:15'], 'of us-east-1'],
    ['a key by its alias', 'kmsKey: alias/acme', ['bad-format 8:15'], 'arn:aws:kms:'],
  ])('refused: %s', (_, more, expected, fix) => {
    expect(codes(text(more))).toEqual(expected);
    expect(fixes(more)[0]).toContain(fix);
  });

  test('a short retention is a warning', () => {
    const result = loaded(text('logs: { retentionDays: 30 }'));
    expect(result.warnings.map(({ code }) => code)).toEqual(['short-retention']);
  });
});

describe('the firewall', () => {
  const AUTHORITY = 'arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000';
  const inspect = (more = '', authority = AUTHORITY) => `firewall: { tlsInspection: { certificateAuthority: "${authority}", segments: [app]${more} } }`;

  test('is the default unless something is said', () => {
    expect(aws('').firewall).toBeUndefined();
    expect(aws('firewall: { rules: domain-lists }').firewall).toEqual({ rules: 'domain-lists' });
    expect(aws('firewall: { tcpIdleTimeoutSeconds: 600 }').firewall).toEqual({ rules: 'suricata', tcpIdleTimeoutSeconds: 600 });
    expect(aws(inspect(', revocation: { revoked: reject, unknown: pass }')).firewall).toEqual({
      rules: 'suricata',
      tlsInspection: { certificateAuthorityArn: AUTHORITY, segments: ['app'], revocation: { revoked: 'reject', unknown: 'pass' } },
    });
  });

  test.each<[string, string, readonly string[], string]>([
    ['other rules', 'firewall: { rules: snort }', ['unknown-value 8:26'], 'suricata'],
    ['a timeout that AWS does not take', 'firewall: { tcpIdleTimeoutSeconds: 30 }', ['bad-idle-timeout 8:42'], 'from 60 to 6000'],
    ['inspection without an authority', 'firewall: { tlsInspection: { segments: [app] } }', ['missing-field 8:34'], 'certificateAuthority'],
    ['inspection of nobody', `firewall: { tlsInspection: { certificateAuthority: "${AUTHORITY}", segments: [] } }`, ['empty-list 8:155'], ''],
    ['an authority of another region', inspect('', AUTHORITY.replace('us-east-1', 'eu-west-1')), ['arn-region 8:58'], 'into ACM in us-east-1'],
    ['an authority in AWS Private CA', inspect('', 'arn:aws:acm-pca:us-east-1:123456789012:certificate-authority/x'), ['bad-format 8:58'], 'arn:aws:acm:'],
    ['inspection beside lists', inspect().replace('{ tls', '{ rules: domain-lists, tls'), ['inspection-with-lists 8:55'], 'rules: suricata'],
    ['inspection of an unknown segment', inspect().replace('[app]', '[apps]'), ['unknown-segment 8:156'], 'app'],
    ['inspection of a segment twice', inspect().replace('[app]', '[app, app]'), ['listed-twice 8:161'], 'one of the two'],
    ['half of a revocation', inspect(', revocation: { revoked: drop }'), ['missing-field 8:174'], 'unknown'],
  ])('refused: %s', (_, more, expected, fix) => {
    expect(codes(text(more))).toEqual(expected);
    expect(fixes(more)[0]).toContain(fix);
  });

  test('inspection of a data segment is refused', () => {
    const all = text(inspect()).replace('{ name: app, tier: private }', '{ name: app, tier: data }');
    expect(codes(all)).toEqual(['inspection-not-private 8:156']);
  });
});
