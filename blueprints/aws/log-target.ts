/** Where records of traffic are delivered to, other than CloudWatch Logs. */
import type { ITerraformDependable } from 'cdktf';

/**
 * A bucket or a delivery stream that AWS delivers logs to by itself. In the account of the
 * network: neither needs a role then, the bucket a policy and the stream a tag that AWS sets.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
 */
export interface AwsLogTarget {
  readonly kind: 's3' | 'firehose';
  /** Of the bucket or the delivery stream. */
  readonly arn: string;
  /** Its name. */
  readonly name: string;
  /**
   * What has to be there before the first delivery: the bucket's policy, or AWS writes one of its own.
   *
   * @default - nothing
   */
  readonly after?: readonly ITerraformDependable[];
}

/** A bucket or stream of the team's own, known by its ARN. */
export function givenTarget(kind: AwsLogTarget['kind'], arn: string): AwsLogTarget {
  return { kind, arn, name: arn.replace(/^arn:aws[a-z-]*:(s3:::|firehose:[a-z0-9-]+:\d{12}:deliverystream\/)/, '') };
}

/** `depends_on` of whatever writes there. */
export function afterTarget(target: AwsLogTarget | undefined): { readonly dependsOn?: ITerraformDependable[] } {
  return target?.after ? { dependsOn: [...target.after] } : {};
}

/** How a firewall's log names it. https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_LogDestinationConfig.html */
export function firewallDestination({ kind, name }: AwsLogTarget): { readonly logDestinationType: string; readonly logDestination: { readonly [key: string]: string } } {
  return kind === 's3'
    ? { logDestinationType: 'S3', logDestination: { bucketName: name } }
    : { logDestinationType: 'KinesisDataFirehose', logDestination: { deliveryStream: name } };
}
