import { Construct } from 'constructs';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { FlowLog } from '@cdktf/provider-aws/lib/flow-log';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { afterTarget, type AwsLogTarget } from './log-target';
import { policyDocument } from './policy-document';
import { partitionOf } from './region';

/** What the flow logs of a VPC need. */
export interface AwsFlowLogsProps {
  readonly name: string;
  readonly vpcId: string;
  readonly region: string;
  readonly account: string;
  readonly retentionDays: number;
  readonly keyArn?: string;
  /** @default - a log group in CloudWatch Logs, with a role that writes there */
  readonly target?: AwsLogTarget;
}

/**
 * Beyond AWS's default fields: who it was (instance, subnet, zone), the addresses behind a NAT
 * (`pkt-*`), the way out that a packet took (`traffic-path`), the direction, and whether a block of
 * the whole account refused it (`reject-reason`).
 *
 * Left out: ECS fields, for which whoever deploys would need rights to list clusters and tasks, and
 * which the interface already leads to; `encryption-status`, which says nothing until the VPC has
 * encryption controls; the region, and places outside of regions, which are one per VPC.
 * https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
 */
const FIELDS = [
  'version', 'account-id', 'vpc-id', 'subnet-id', 'az-id', 'interface-id', 'instance-id',
  'srcaddr', 'srcport', 'pkt-srcaddr', 'pkt-src-aws-service',
  'dstaddr', 'dstport', 'pkt-dstaddr', 'pkt-dst-aws-service',
  'protocol', 'tcp-flags', 'type', 'flow-direction', 'traffic-path',
  'packets', 'bytes', 'start', 'end', 'action', 'reject-reason', 'log-status',
];

/** A record of every flow in the VPC, accepted or refused. */
export class AwsFlowLogs extends Construct {
  /** Present when the records go to CloudWatch Logs. */
  readonly logGroup?: CloudwatchLogGroup;
  /** Likewise. */
  readonly role?: IamRole;
  readonly flowLog: FlowLog;
  /** The log group's name, or the ARN of what it is delivered to. */
  readonly destination: string;

  constructor(scope: Construct, id: string, props: AwsFlowLogsProps) {
    super(scope, id);
    const { name, vpcId, target } = props;
    const tags = { Name: `${name}-vpc-flow` };
    const common = {
      vpcId,
      trafficType: 'ALL',
      maxAggregationInterval: 60,
      // Doubled dollar signs, or Terraform would look the fields up as its own.
      logFormat: FIELDS.map((field) => `$\${${field}}`).join(' '),
      tags,
    };
    if (target) {
      this.destination = target.arn;
      this.flowLog = new FlowLog(this, 'flow-log', {
        ...common,
        logDestinationType: target.kind === 's3' ? 's3' : 'kinesis-data-firehose',
        logDestination: target.arn,
        // Columns by the hour: what Athena reads least of.
        ...(target.kind === 's3' ? { destinationOptions: { fileFormat: 'parquet', hiveCompatiblePartitions: false, perHourPartition: true } } : {}),
        ...afterTarget(target),
      });
      return;
    }

    const { logGroup, role } = this.group(props, tags);
    this.logGroup = logGroup;
    this.role = role;
    this.destination = logGroup.name;
    this.flowLog = new FlowLog(this, 'flow-log', {
      ...common,
      logDestinationType: 'cloud-watch-logs',
      logDestination: logGroup.arn,
      iamRoleArn: role.arn,
    });
  }

  private group({ name, region, account, retentionDays, keyArn }: AwsFlowLogsProps, tags: Record<string, string>): { readonly logGroup: CloudwatchLogGroup; readonly role: IamRole } {
    const arn = (service: string, resource: string) => `arn:${partitionOf(region)}:${service}:${region}:${account}:${resource}`;
    const logGroup = new CloudwatchLogGroup(this, 'log-group', {
      name: `/${name}/vpc-flow`,
      retentionInDays: retentionDays,
      kmsKeyId: keyArn,
      tags,
    });
    const role = new IamRole(this, 'role', {
      name: `${name}-vpc-flow-logs`,
      description: 'Lets the flow logs of one VPC write to one log group',
      assumeRolePolicy: policyDocument({
        Effect: 'Allow',
        Principal: { Service: 'vpc-flow-logs.amazonaws.com' },
        Action: 'sts:AssumeRole',
        // Without them any account's flow logs could borrow the role.
        Condition: { StringEquals: { 'aws:SourceAccount': account }, ArnLike: { 'aws:SourceArn': arn('ec2', 'vpc-flow-log/*') } },
      }),
      tags,
    });
    new IamRolePolicy(this, 'role-policy', {
      name: 'write-flow-logs',
      role: role.id,
      policy: policyDocument(
        { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'], Resource: `${logGroup.arn}:*` },
        { Effect: 'Allow', Action: 'logs:DescribeLogGroups', Resource: arn('logs', 'log-group:*') },
      ),
    });
    return { logGroup, role };
  }
}
