/** Where an environment's logs go on AWS, and the key that encrypts: fields, checks, canonical form. */
import * as z from 'zod';
import type { CheckContext } from './check-context';
import { formatted, mixed } from './fields';
import type { AwsLogs } from './model';
import type { Finding, Path } from './problems';
import type { Sound } from './schema-findings';

/** Records of a leak that is found late are still there. */
const DEFAULT_RETENTION_DAYS = 365;

/** What CloudWatch Logs takes: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const CLOUDWATCH_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
const MOST_DAYS = 3653;

const retentionDays = mixed<number>(
  'How long records are kept, in days. Default: 365. CloudWatch Logs takes certain numbers only.',
  (value): Finding | undefined => (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MOST_DAYS ? undefined : {
    code: 'bad-retention',
    message: 'is not a number of days',
    fix: `write a whole number from 1 to ${MOST_DAYS}, such as 365`,
  }),
  { type: 'integer', minimum: 1, maximum: MOST_DAYS },
);

/** `environments[].aws.logs` as it is written. */
export const awsLogsSchema = z
  .strictObject({
    destination: z.enum(['cloudwatch', 's3', 'firehose']).meta({
      description: 'cloudwatch: log groups (default). s3: one bucket. firehose: a delivery stream of yours, towards a SIEM.',
    }).optional(),
    retentionDays: retentionDays.optional(),
    bucket: formatted(
      'With s3: the ARN of a bucket that exists. Default: the stack makes one.',
      /^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the ARN of a bucket', 'arn:aws:s3:::acme-security-logs',
    ).optional(),
    stream: formatted(
      'With firehose, and required there: the ARN of the delivery stream.',
      /^arn:aws[a-z-]*:firehose:[a-z0-9-]+:\d{12}:deliverystream\/[A-Za-z0-9_.-]{1,64}$/, 'the ARN of a delivery stream',
      'arn:aws:firehose:us-east-1:123456789012:deliverystream/aws-network-logs',
    ).optional(),
  })
  .meta({ description: 'Where flow logs, firewall logs and DNS queries go.' });

/** `environments[].aws.kmsKey` as it is written. */
export const kmsKeyField = formatted(
  'The key that encrypts logs, bucket and firewall: create, for one that the stack makes; or the ARN of one of yours. Default: keys that AWS owns.',
  /^(create|arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]{1,64})$/, "'create' or the ARN of a KMS key",
  'arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000',
);

/** What `logs` holds once the schema accepts it. */
export type AwsLogsInput = z.infer<typeof awsLogsSchema>;

/** How the fields fit together, and whether others' resources are where the environment is. */
export function checkAwsLogs(
  { logs, kmsKey, region }: { readonly logs?: Sound<AwsLogsInput> | null | undefined; readonly kmsKey?: string | null | undefined; readonly region?: string | null | undefined },
  path: Path,
  context: CheckContext,
): void {
  if (kmsKey && region && kmsKey !== 'create' && regionOf(kmsKey) !== region) {
    context.error([...path, 'kmsKey'], 'arn-region', `is a key of ${regionOf(kmsKey)}`, `name a key of ${region}; a key serves its own region only`, kmsKey);
  }
  if (!logs) return;
  const { retentionDays: days, bucket, stream } = logs;
  const destination = logs.destination ?? 'cloudwatch';
  const at = (field: string): Path => [...path, 'logs', field];
  const error = (field: string, code: string, message: string, fix: string, value?: unknown) => context.error(at(field), code, message, fix, value);
  // A destination that the schema refused was reported; what belongs to it cannot be told.
  if (logs.destination === null) return;
  if (bucket && destination !== 's3') error('bucket', 'log-field-unused', `means nothing with destination ${destination}`, 'write destination: s3, or remove it', bucket);
  if (stream && destination !== 'firehose') error('stream', 'log-field-unused', `means nothing with destination ${destination}`, 'write destination: firehose, or remove it', stream);
  if (destination === 'firehose' && stream === undefined) {
    context.error([...path, 'logs'], 'log-stream-missing', 'names no delivery stream', 'add stream: with the ARN of one; the stack does not know where your SIEM is');
  }
  if (stream && region && regionOf(stream) !== region) error('stream', 'arn-region', `is a stream of ${regionOf(stream)}`, `name a stream of ${region}; logs are delivered within a region`, stream);
  if (!days) return;
  if (destination === 'firehose' || bucket) {
    error('retentionDays', 'log-field-unused', `cannot be kept to: the ${bucket ? 'bucket' : 'stream'} is yours`, 'set the retention there, and remove it here', days);
  } else if (destination === 'cloudwatch' && !CLOUDWATCH_DAYS.includes(days)) {
    const next = CLOUDWATCH_DAYS.find((each) => each > days)!;
    error('retentionDays', 'bad-retention', 'is not among the numbers that CloudWatch Logs takes', `write ${next}, the next that it takes`, days);
  } else if (days < DEFAULT_RETENTION_DAYS) {
    context.warning(at('retentionDays'), 'short-retention', 'is less than a year', 'leaks are found late; keep records for 365 days or more', days);
  }
}

/** Defaults filled in. */
export function canonicalAwsLogs(input: AwsLogsInput | undefined): AwsLogs {
  const { destination = 'cloudwatch', retentionDays: days = DEFAULT_RETENTION_DAYS, bucket, stream } = input ?? {};
  if (destination === 'firehose') {
    if (stream === undefined) throw new Error('unchecked logs: no stream');
    return { destination, streamArn: stream };
  }
  if (destination === 's3') return bucket === undefined ? { destination, retentionDays: days } : { destination, bucketArn: bucket };
  return { destination, retentionDays: days };
}

/** The fourth part of an ARN. */
function regionOf(arn: string): string {
  return arn.split(':')[3] ?? '';
}
