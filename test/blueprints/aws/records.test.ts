import { AwsRecords, type AwsRecordsProps } from '../../../blueprints/aws/records';
import { bodies, synthesize } from './policies';

const KEY = 'arn:aws:kms:us-east-1:123456789012:key/1';
const props: AwsRecordsProps = { name: 'acme-test', region: 'us-east-1', account: '123456789012', logs: { destination: 'cloudwatch', retentionDays: 365 } };
const made = (over: Partial<AwsRecordsProps> = {}) => {
  let records!: AwsRecords;
  const stack = synthesize((scope) => (records = new AwsRecords(scope, 'records', { ...props, ...over })));
  return { stack, records };
};
const policyOf = (text: string): any[] => JSON.parse(text).Statement;

test('GIVEN nothing asked for THEN nothing is made', () => {
  const { stack, records } = made();
  expect(stack.resource).toBeUndefined();
  expect(records.props).toEqual({ logRetentionDays: 365 });
});

describe('GIVEN a bucket of its own', () => {
  const { stack, records } = made({ logs: { destination: 's3', retentionDays: 400 } });

  test('THEN its name is unique in the world and fits, whatever the names of organization and environment', () => {
    const longest = made({ name: `${'o'.repeat(20)}-${'e'.repeat(12)}`, logs: { destination: 's3', retentionDays: 400 } });
    expect(bodies(stack, 'aws_s3_bucket')[0].bucket).toBe('acme-test-egress-logs-123456789012');
    expect(bodies(longest.stack, 'aws_s3_bucket')[0].bucket.length).toBeLessThanOrEqual(63);
  });

  test('THEN records expire, old versions after a month', () => {
    expect(bodies(stack, 'aws_s3_bucket_lifecycle_configuration')[0].rule).toEqual([expect.objectContaining({
      status: 'Enabled', expiration: [{ days: 400 }], noncurrent_version_expiration: [{ noncurrent_days: 30 }], abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
    })]);
  });

  test('THEN log delivery writes below the account, and reads what it has to', () => {
    const statements = policyOf(bodies(stack, 'aws_s3_bucket_policy')[0].policy);
    expect(statements.map(({ Sid, Action, Resource }) => [Sid, Action, Resource])).toEqual([
      ['AWSLogDeliveryWrite', 's3:PutObject', 'arn:aws:s3:::acme-test-egress-logs-123456789012/AWSLogs/123456789012/*'],
      ['AWSLogDeliveryAclCheck', ['s3:GetBucketAcl', 's3:ListBucket'], 'arn:aws:s3:::acme-test-egress-logs-123456789012'],
      ['DenyInsecureTransport', 's3:*', ['arn:aws:s3:::acme-test-egress-logs-123456789012', 'arn:aws:s3:::acme-test-egress-logs-123456789012/*']],
      ['DenyDeletion', ['s3:DeleteObject', 's3:DeleteObjectVersion'], 'arn:aws:s3:::acme-test-egress-logs-123456789012/*'],
    ]);
  });

  test('THEN a destroy may take the records along, once protection is off', () => {
    const unprotected = made({ logs: { destination: 's3', retentionDays: 400 }, deletionProtection: false });
    expect(bodies(unprotected.stack, 'aws_s3_bucket')[0]).toMatchObject({ force_destroy: true });
    expect(policyOf(bodies(unprotected.stack, 'aws_s3_bucket_policy')[0].policy).map(({ Sid }) => Sid)).not.toContain('DenyDeletion');
  });

  test('THEN whoever writes there waits for its policy and its encryption', () => {
    expect(records.props.logTarget?.after).toHaveLength(2);
    expect(records.props.logRetentionDays).toBeUndefined();
  });

  test('THEN it is encrypted with a key of S3, until there is another', () => {
    const algorithm = (over: Partial<AwsRecordsProps>) => bodies(made({ logs: { destination: 's3', retentionDays: 400 }, ...over }).stack, 'aws_s3_bucket_server_side_encryption_configuration')[0].rule[0];
    expect(algorithm({})).toEqual({ apply_server_side_encryption_by_default: { sse_algorithm: 'AES256' }, bucket_key_enabled: false });
    expect(algorithm({ kmsKey: KEY })).toEqual({ apply_server_side_encryption_by_default: { sse_algorithm: 'aws:kms', kms_master_key_id: KEY }, bucket_key_enabled: true });
  });
});

test.each([
  ['us-gov-west-1', 'aws-us-gov'],
  ['eu-west-1', 'aws'],
])('the ARNs of a network in %s begin with %s', (region, partition) => {
  const { stack } = made({ region, kmsKey: 'create', logs: { destination: 's3', retentionDays: 400 } });
  const texts = [bodies(stack, 'aws_s3_bucket_policy')[0].policy, bodies(stack, 'aws_kms_key')[0].policy].join();
  expect([...new Set([...texts.matchAll(/arn:([a-z-]+):/g)].map((match) => match[1]))]).toEqual([partition]);
});

test('a key lets log delivery in only where there is a bucket', () => {
  const sids = (over: Partial<AwsRecordsProps>) => policyOf(bodies(made({ kmsKey: 'create', ...over }).stack, 'aws_kms_key')[0].policy).map(({ Sid }) => Sid);
  expect(sids({})).toEqual(['AccountByIam', 'LogGroups']);
  expect(sids({ logs: { destination: 's3', retentionDays: 400 } })).toEqual(['AccountByIam', 'LogGroups', 'LogDelivery']);
});

test('deletion protection: bucket and key refuse to go, or go with all that is in them', () => {
  const flags = (deletionProtection: boolean) => {
    const { stack } = made({ kmsKey: 'create', logs: { destination: 's3', retentionDays: 400 }, deletionProtection });
    const [bucket] = bodies(stack, 'aws_s3_bucket');
    const [key] = bodies(stack, 'aws_kms_key');
    return [bucket.lifecycle?.prevent_destroy ?? false, bucket.force_destroy, key.lifecycle?.prevent_destroy ?? false];
  };
  expect([flags(true), flags(false)]).toEqual([[true, false, true], [false, true, false]]);
});

test('a bucket or stream of yours is used by its ARN and its name, and nothing is made', () => {
  const bucket = made({ logs: { destination: 's3', bucketArn: 'arn:aws:s3:::acme-security-logs' } });
  const stream = made({ kmsKey: KEY, logs: { destination: 'firehose', streamArn: 'arn:aws:firehose:us-east-1:123456789012:deliverystream/siem' } });
  expect([bucket.stack.resource, stream.stack.resource]).toEqual([undefined, undefined]);
  expect(bucket.records.props).toEqual({ logTarget: { kind: 's3', arn: 'arn:aws:s3:::acme-security-logs', name: 'acme-security-logs' } });
  expect(stream.records.props).toEqual({ logKeyArn: KEY, logTarget: { kind: 'firehose', arn: 'arn:aws:firehose:us-east-1:123456789012:deliverystream/siem', name: 'siem' } });
});
