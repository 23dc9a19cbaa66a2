import { Construct } from 'constructs';
import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { policyDocument } from './policy-document';
import { partitionOf } from './region';

/** What a key for one network's logs and firewall needs. */
export interface AwsEncryptionKeyProps {
  /** Prefix of the names of resources: `acme-prod`. Log groups have to be named `/acme-prod/…`. */
  readonly name: string;
  readonly region: string;
  /** Twelve digits, or a reference to them. */
  readonly account: string;
  /** Whether logs are delivered to a bucket that this key encrypts. @default - false */
  readonly deliversToBucket?: boolean;
  /** Whether Terraform refuses to delete the key, and with it every record. @default - true */
  readonly deletionProtection?: boolean;
}

/** The longest that KMS waits before it deletes a key: until then a deletion can be taken back. */
const DELETION_WINDOW_DAYS = 30;

const USE = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'];

/**
 * A customer-managed KMS key whose policy lets in whoever writes: CloudWatch Logs for this
 * network's log groups, log delivery for this account, and the account's own principals as far as
 * IAM lets them, the role that deploys and Network Firewall on its behalf among them.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html#AWS-logs-SSE-KMS-S3
 */
export class AwsEncryptionKey extends Construct {
  readonly key: KmsKey;

  constructor(scope: Construct, id: string, props: AwsEncryptionKeyProps) {
    super(scope, id);
    const { name, deletionProtection: protect = true } = props;
    this.key = new KmsKey(this, 'key', {
      description: `Logs and egress firewall of ${name}`,
      enableKeyRotation: true,
      deletionWindowInDays: DELETION_WINDOW_DAYS,
      policy: keyPolicy(props),
      tags: { Name: `${name}-egress` },
      ...(protect ? { lifecycle: { preventDestroy: true } } : {}),
    });
    new KmsAlias(this, 'alias', { name: `alias/${name}-egress`, targetKeyId: this.key.keyId });
  }
}

function keyPolicy({ name, region, account, deliversToBucket }: AwsEncryptionKeyProps): string {
  const partition = partitionOf(region);
  const logs = `arn:${partition}:logs:${region}:${account}`;
  return policyDocument(
    // Without it nobody could ever change the key again; who may do what is IAM's to say.
    { Sid: 'AccountByIam', Effect: 'Allow', Principal: { AWS: `arn:${partition}:iam::${account}:root` }, Action: 'kms:*', Resource: '*' },
    {
      Sid: 'LogGroups',
      Effect: 'Allow',
      Principal: { Service: `logs.${region}.amazonaws.com` },
      Action: USE,
      Resource: '*',
      // The log group is part of what is encrypted: no other group of the account can use the key.
      Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `${logs}:log-group:/${name}/*` } },
    },
    ...(deliversToBucket ? [{
      Sid: 'LogDelivery',
      Effect: 'Allow',
      Principal: { Service: 'delivery.logs.amazonaws.com' },
      Action: USE,
      Resource: '*',
      Condition: { StringEquals: { 'aws:SourceAccount': account }, ArnLike: { 'aws:SourceArn': `${logs}:*` } },
    }] : []),
  );
}
