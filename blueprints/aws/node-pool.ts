import { DataAwsSecurityGroups } from '@cdktf/provider-aws/lib/data-aws-security-groups';
import { DataAwsSubnets } from '@cdktf/provider-aws/lib/data-aws-subnets';
import { EksNodeGroup } from '@cdktf/provider-aws/lib/eks-node-group';
import { LaunchTemplate } from '@cdktf/provider-aws/lib/launch-template';
import { SecurityGroup, type SecurityGroupEgress } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';

/**
 * Private services that EKS nodes need without a way to the internet, by the policy's names:
 * the cluster's API (`eks`, `eks-auth`), images (`ecr.api`, `ecr.dkr`) and their layers (S3).
 * https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
 */
export const EKS_NODE_SERVICES: readonly string[] = ['container-registry', 'kubernetes', 'object-storage'];

const API_PORT = 443;
const KUBELET_PORT = 10250;

/** What nodes for one segment need. The network is found by the tags that it gives its parts. */
export interface AwsNodePoolProps {
  /** Prefix of the names of resources: `acme-prod`. */
  readonly name: string;
  readonly segment: string;
  readonly clusterName: string;
  /** The segment's subnets. @default - those of the VPC with the segment's tag */
  readonly subnetIds?: readonly string[];
  readonly vpcId: string;
  /** The group that EKS gives the cluster. Nodes do not carry it: it lets its members reach each other on every port. */
  readonly clusterGroupId: string;
  readonly roleArn: string;
  readonly machine: string;
  readonly min: number;
  readonly max: number;
  /** Key of the label and the taint; their value is the segment. */
  readonly segmentKey: string;
}

/**
 * Nodes in a segment's subnets, with the segment's security groups: what runs on them is the segment
 * to the network.
 *
 * No public address; metadata by IMDSv2 and with one hop, so that a pod that is not on the host
 * network gets no answer; an encrypted volume; a taint that keeps other pods away.
 */
export class AwsNodePool extends Construct {
  readonly launchTemplate: LaunchTemplate;
  readonly nodeGroup: EksNodeGroup;
  /** Opens the way between nodes and API server, and nothing else. */
  readonly clusterAccess: SecurityGroup;

  constructor(scope: Construct, id: string, props: AwsNodePoolProps) {
    super(scope, id);
    const { name, segment, vpcId, clusterGroupId, clusterName, segmentKey } = props;
    const filter = [{ name: 'tag:segment', values: [segment] }, { name: 'vpc-id', values: [vpcId] }];
    const subnetIds = props.subnetIds ? [...props.subnetIds] : new DataAwsSubnets(this, 'subnets', { filter }).ids;
    // By name as well: in a VPC that was there, another team's groups may have a tag of this kind, and rules of their own.
    const names = { name: 'tag:Name', values: ['member', 'rules'].map((role) => `${name}-${segment}-${role}`) };
    const groups = new DataAwsSecurityGroups(this, 'groups', { filter: [...filter, names] });

    const rule = (port: number, description: string): SecurityGroupEgress => ({
      protocol: 'tcp', fromPort: port, toPort: port, description,
      // Written out: Terraform reads an attribute of this kind as a whole object.
      cidrBlocks: [], ipv6CidrBlocks: [], prefixListIds: [], securityGroups: [clusterGroupId], selfAttribute: false,
    });
    this.clusterAccess = new SecurityGroup(this, 'cluster-access', {
      namePrefix: `${name}-${segment}-nodes-`,
      description: `Nodes of segment ${segment} and the API server of ${clusterName}`,
      vpcId,
      egress: [rule(API_PORT, 'API server')],
      ingress: [rule(KUBELET_PORT, 'kubelet, for logs, exec and metrics')],
      revokeRulesOnDelete: true,
      tags: { Name: `${name}-${segment}-nodes` },
      lifecycle: { createBeforeDestroy: true },
    });
    new VpcSecurityGroupIngressRule(this, 'api-server', {
      securityGroupId: clusterGroupId,
      referencedSecurityGroupId: this.clusterAccess.id,
      ipProtocol: 'tcp',
      fromPort: API_PORT,
      toPort: API_PORT,
      description: `Nodes of segment ${segment}`,
    });

    const tags = { Name: `${name}-${segment}-node`, segment };
    this.launchTemplate = new LaunchTemplate(this, 'template', {
      namePrefix: `${name}-${segment}-`,
      instanceType: props.machine,
      updateDefaultVersion: true,
      // One hop ends at the node: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1, instanceMetadataTags: 'disabled' },
      networkInterfaces: [{
        deviceIndex: 0,
        associatePublicIpAddress: 'false',
        deleteOnTermination: 'true',
        securityGroups: Fn.concat([groups.ids, [this.clusterAccess.id]]),
      }],
      blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: { encrypted: 'true', volumeType: 'gp3', volumeSize: 50, deleteOnTermination: 'true' } }],
      tagSpecifications: ['instance', 'volume'].map((resourceType) => ({ resourceType, tags })),
    });
    this.nodeGroup = new EksNodeGroup(this, 'nodes', {
      clusterName,
      nodeGroupNamePrefix: `${segment}-`,
      nodeRoleArn: props.roleArn,
      subnetIds,
      scalingConfig: { minSize: props.min, maxSize: props.max, desiredSize: props.min },
      launchTemplate: { id: this.launchTemplate.id, version: Fn.tostring(this.launchTemplate.latestVersion) },
      labels: { [segmentKey]: segment },
      taint: [{ key: segmentKey, value: segment, effect: 'NO_SCHEDULE' }],
      updateConfig: { maxUnavailable: 1 },
      tags: { segment },
      // An autoscaler moves it.
      lifecycle: { createBeforeDestroy: true, ignoreChanges: ['scaling_config[0].desired_size'] },
    });
  }
}
