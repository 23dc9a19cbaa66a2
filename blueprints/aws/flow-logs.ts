import { Construct } from 'constructs';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { FlowLog } from '@cdktf/provider-aws/lib/flow-log';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { partitionOf } from './region';

/** What the flow logs of a VPC need. */
export interface AwsFlowLogsProps {
  readonly name: string;
  readonly vpcId: string;
  readonly region: string;
  readonly account: string;
  readonly retentionDays: number;
  readonly keyArn?: string;
}

/**
 * Beyond AWS's default fields: who it was (instance, subnet, zone), the addresses behind a NAT
 * (`pkt-*`), the way out that a packet took (`traffic-path`) and the direction.
 * https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
 */
const FIELDS = [
  'version', 'account-id', 'vpc-id', 'subnet-id', 'az-id', 'interface-id', 'instance-id',
  'srcaddr', 'srcport', 'pkt-srcaddr', 'pkt-src-aws-service',
  'dstaddr', 'dstport', 'pkt-dstaddr', 'pkt-dst-aws-service',
  'protocol', 'tcp-flags', 'type', 'flow-direction', 'traffic-path',
  'packets', 'bytes', 'start', 'end', 'action', 'log-status',
];

/** A record of every flow in the VPC, accepted or refused, in CloudWatch Logs. */
export class AwsFlowLogs extends Construct {
  readonly logGroup: CloudwatchLogGroup;
  readonly role: IamRole;
  readonly flowLog: FlowLog;

  constructor(scope: Construct, id: string, props: AwsFlowLogsProps) {
    super(scope, id);
    const { name, vpcId, region, account } = props;
    const tags = { Name: `${name}-vpc-flow` };
    const arn = (service: string, resource: string) => `arn:${partitionOf(region)}:${service}:${region}:${account}:${resource}`;

    this.logGroup = new CloudwatchLogGroup(this, 'log-group', {
      name: `/${name}/vpc-flow`,
      retentionInDays: props.retentionDays,
      kmsKeyId: props.keyArn,
      tags,
    });
    this.role = new IamRole(this, 'role', {
      name: `${name}-vpc-flow-logs`,
      description: 'Lets the flow logs of one VPC write to one log group',
      assumeRolePolicy: document({
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
      role: this.role.id,
      policy: document(
        { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'], Resource: `${this.logGroup.arn}:*` },
        { Effect: 'Allow', Action: 'logs:DescribeLogGroups', Resource: arn('logs', 'log-group:*') },
      ),
    });
    this.flowLog = new FlowLog(this, 'flow-log', {
      vpcId,
      trafficType: 'ALL',
      logDestinationType: 'cloud-watch-logs',
      logDestination: this.logGroup.arn,
      iamRoleArn: this.role.arn,
      maxAggregationInterval: 60,
      // Doubled dollar signs, or Terraform would look the fields up as its own.
      logFormat: FIELDS.map((field) => `$\${${field}}`).join(' '),
      tags,
    });
  }
}

function document(...statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}
