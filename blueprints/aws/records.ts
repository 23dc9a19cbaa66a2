import { Construct } from 'constructs';
import type { AwsLogs } from '../policy/model';
import { AwsEncryptionKey } from './encryption-key';
import { AwsLogBucket } from './log-bucket';
import { givenTarget, type AwsLogTarget } from './log-target';

/** What the policy says of logs and their key. */
export interface AwsRecordsProps {
  /** Prefix of the names of resources: `acme-prod`. */
  readonly name: string;
  readonly region: string;
  /** Twelve digits, or a reference to them. */
  readonly account: string;
  readonly logs: AwsLogs;
  /** `create`, or the ARN of a key. @default - keys that AWS owns */
  readonly kmsKey?: string | undefined;
  /** Whether bucket and key refuse to be deleted. @default - true */
  readonly deletionProtection?: boolean;
}

/** What the constructs that write logs are given. */
export interface AwsLoggingProps {
  readonly logRetentionDays?: number;
  readonly logKeyArn?: string;
  readonly logTarget?: AwsLogTarget;
}

/**
 * The place that every log of one network goes to, and the key that encrypts it. With neither
 * asked for it makes nothing: each construct then has a log group of its own in CloudWatch Logs.
 */
export class AwsRecords extends Construct {
  /** Present when the stack makes the key. */
  readonly key?: AwsEncryptionKey;
  /** Present when the stack makes the bucket. */
  readonly bucket?: AwsLogBucket;
  readonly props: AwsLoggingProps;

  constructor(scope: Construct, id: string, { name, region, account, logs, kmsKey, deletionProtection = true }: AwsRecordsProps) {
    super(scope, id);
    const ownBucket = logs.destination === 's3' && logs.bucketArn === undefined;
    if (kmsKey === 'create') {
      this.key = new AwsEncryptionKey(this, 'key', { name, region, account, deliversToBucket: ownBucket, deletionProtection });
    }
    const keyArn = this.key?.key.arn ?? kmsKey;
    if (logs.destination === 's3' && logs.bucketArn === undefined) {
      this.bucket = new AwsLogBucket(this, 'bucket', { name, region, account, retentionDays: logs.retentionDays, deletionProtection, ...(keyArn ? { keyArn } : {}) });
    }
    const target = this.bucket?.target ?? targetOf(logs);
    this.props = {
      ...(logs.destination === 'cloudwatch' ? { logRetentionDays: logs.retentionDays } : {}),
      ...(keyArn ? { logKeyArn: keyArn } : {}),
      ...(target ? { logTarget: target } : {}),
    };
  }
}

function targetOf(logs: AwsLogs): AwsLogTarget | undefined {
  if (logs.destination === 'firehose') return givenTarget('firehose', logs.streamArn);
  return logs.destination === 's3' && logs.bucketArn !== undefined ? givenTarget('s3', logs.bucketArn) : undefined;
}
