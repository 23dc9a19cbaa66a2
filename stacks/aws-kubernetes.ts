import type { App } from 'cdktf';
import { AwsNodePool, EKS_NODE_SERVICES } from '../blueprints/aws/node-pool';
import { DataAwsEksCluster } from '@cdktf/provider-aws/lib/data-aws-eks-cluster';
import type { AwsEnvironment, Environment, Policy } from '../blueprints/policy/model';
import { configureAws } from '../providers/aws';
import { KubernetesStack } from './kubernetes-stack';

/** The policies of an EKS cluster in an environment's network, and the nodes of its segments. */
export class AwsKubernetesStack extends KubernetesStack {
  /** By segment; empty unless the policy says `nodes`. */
  readonly nodePools: ReadonlyMap<string, AwsNodePool>;

  constructor(app: App, policy: Policy, environment: Environment, aws: AwsEnvironment) {
    const found: { cluster?: DataAwsEksCluster } = {};
    super(app, policy, environment, aws, (stack) => {
      const { name } = aws.cluster!;
      configureAws(stack, aws, { organization: policy.organization, environmentName: environment.name });
      const cluster = new DataAwsEksCluster(stack, 'cluster', { name });
      found.cluster = cluster;
      return {
        host: cluster.endpoint,
        clusterCaCertificate: cluster.certificateAuthority.get(0).data,
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1beta1',
          command: 'aws',
          args: ['eks', 'get-token', '--cluster-name', name, '--region', aws.region],
        },
      };
    });
    const vpc = found.cluster!.vpcConfig.get(0);
    this.nodePools = new Map(this.segmentNodes(policy, {
      services: EKS_NODE_SERVICES,
      otherwise: "write 'endpointPresets: [eks]'",
      met: aws.endpointPresets?.includes('eks') ?? false,
    }).map(({ segment, nodes, segmentKey }) => [segment, new AwsNodePool(this, `nodes-${segment}`, {
      name: `${policy.organization}-${environment.name}`,
      segment,
      segmentKey,
      clusterName: aws.cluster!.name,
      ...(aws.existingNetwork ? { subnetIds: aws.zones.map((zone) => aws.existingNetwork!.subnets[segment]![zone.name]!.id) } : {}),
      clusterGroupId: vpc.clusterSecurityGroupId,
      vpcId: vpc.vpcId,
      // The policy is refused without.
      roleArn: nodes.role!,
      machine: nodes.machine,
      min: nodes.min,
      max: nodes.max,
    })]));
  }
}

/** Makes the stack of an environment's cluster. @throws Error when it has none on AWS */
export function createStack(app: App, policy: Policy, environment: Environment): AwsKubernetesStack {
  if (!environment.aws?.cluster) throw new Error(`environment '${environment.name}' has no cluster on aws`);
  return new AwsKubernetesStack(app, policy, environment, environment.aws);
}
