import { Construct } from 'constructs';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import type { AwsLogTarget } from './log-target';
import { policyDocument } from './policy-document';
import { partitionOf } from './region';

/** What a bucket for one network's logs needs. */
export interface AwsLogBucketProps {
  /** Prefix of the names of resources: `acme-prod`; at most 37 characters. */
  readonly name: string;
  readonly region: string;
  /** Twelve digits, or a reference to them: makes the bucket's name unique in the world. */
  readonly account: string;
  /** Days until a record is deleted. */
  readonly retentionDays: number;
  /** A KMS key that log delivery may use (`AwsEncryptionKey`). @default - SSE-S3: a key that S3 owns */
  readonly keyArn?: string;
  /** Whether nobody deletes a record, and Terraform refuses to delete the bucket; else it goes with all that is in it. @default - true */
  readonly deletionProtection?: boolean;
}

/** A version that was overwritten or deleted by hand can be had back for so long. */
const RECOVERY_DAYS = 30;
/** An upload that nobody finished. */
const UNFINISHED_DAYS = 7;

/**
 * One bucket for flow logs, firewall logs and DNS queries: `AWSLogs/<account>/vpcflowlogs`,
 * `…/network-firewall` and `…/vpcdnsquerylogs`.
 *
 * Its policy is in place before anything is delivered, in the words that AWS looks for: where they
 * are missing, log delivery adds its own, and the next plan would take them out again.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html
 */
export class AwsLogBucket extends Construct {
  readonly bucket: S3Bucket;
  readonly policy: S3BucketPolicy;
  readonly target: AwsLogTarget;

  constructor(scope: Construct, id: string, props: AwsLogBucketProps) {
    super(scope, id);
    const { name, account, retentionDays, keyArn, deletionProtection: protect = true } = props;
    const bucketName = `${name}-egress-logs-${account}`;
    this.bucket = new S3Bucket(this, 'bucket', {
      bucket: bucketName,
      forceDestroy: !protect,
      tags: { Name: `${name}-egress-logs` },
      ...(protect ? { lifecycle: { preventDestroy: true } } : {}),
    });
    const bucket = this.bucket.bucket;
    // Log delivery writes with the bucket owner's full control, which this setting takes.
    const ownership = new S3BucketOwnershipControls(this, 'ownership', { bucket, rule: { objectOwnership: 'BucketOwnerEnforced' } });
    const closed = new S3BucketPublicAccessBlock(this, 'public-access-block', {
      bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true,
    });
    const encryption = new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', {
      bucket,
      rule: [{
        applyServerSideEncryptionByDefault: keyArn ? { sseAlgorithm: 'aws:kms', kmsMasterKeyId: keyArn } : { sseAlgorithm: 'AES256' },
        bucketKeyEnabled: keyArn !== undefined,
      }],
    });
    const versioning = new S3BucketVersioningA(this, 'versioning', { bucket, versioningConfiguration: { status: 'Enabled' } });
    new S3BucketLifecycleConfiguration(this, 'retention', {
      bucket,
      rule: [{
        id: 'retention',
        status: 'Enabled',
        filter: [{ prefix: '' }],
        expiration: [{ days: retentionDays }],
        noncurrentVersionExpiration: [{ noncurrentDays: RECOVERY_DAYS }],
        abortIncompleteMultipartUpload: [{ daysAfterInitiation: UNFINISHED_DAYS }],
      }],
      dependsOn: [versioning],
    });
    // S3 refuses two changes of one bucket at a time; the policy has to meet the closed bucket.
    this.policy = new S3BucketPolicy(this, 'policy', { bucket, policy: deliveryPolicy(props, bucketName), dependsOn: [closed, ownership] });
    this.target = { kind: 's3', arn: this.bucket.arn, name: bucket, after: [this.policy, encryption] };
  }
}

/**
 * Only AWS's log delivery, for this account and region, writes; nobody comes without TLS. Records go
 * when they expire, which no policy prevents, and by nobody's hand while the bucket is protected.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
 */
function deliveryPolicy({ region, account, deletionProtection = true }: AwsLogBucketProps, bucketName: string): string {
  const arn = `arn:${partitionOf(region)}:s3:::${bucketName}`;
  const source = { StringEquals: { 'aws:SourceAccount': account }, ArnLike: { 'aws:SourceArn': `arn:${partitionOf(region)}:logs:${region}:${account}:*` } };
  const delivery = { Effect: 'Allow', Principal: { Service: 'delivery.logs.amazonaws.com' } };
  return policyDocument(
    {
      Sid: 'AWSLogDeliveryWrite',
      ...delivery,
      Action: 's3:PutObject',
      Resource: `${arn}/AWSLogs/${account}/*`,
      Condition: { ...source, StringEquals: { ...source.StringEquals, 's3:x-amz-acl': 'bucket-owner-full-control' } },
    },
    { Sid: 'AWSLogDeliveryAclCheck', ...delivery, Action: ['s3:GetBucketAcl', 's3:ListBucket'], Resource: arn, Condition: source },
    {
      Sid: 'DenyInsecureTransport',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [arn, `${arn}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
    ...(deletionProtection ? [{ Sid: 'DenyDeletion', Effect: 'Deny', Principal: '*', Action: ['s3:DeleteObject', 's3:DeleteObjectVersion'], Resource: `${arn}/*` }] : []),
  );
}
