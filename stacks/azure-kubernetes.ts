import type { App } from 'cdktf';
import { AKS_NODE_SERVICES, AzureNodePool } from '../blueprints/azure/node-pool';
import { DataAzurermKubernetesCluster } from '@cdktf/provider-azurerm/lib/data-azurerm-kubernetes-cluster';
import type { AzureEnvironment, Environment, Policy } from '../blueprints/policy/model';
import { configureAzure } from '../providers/azure';
import { KubernetesStack } from './kubernetes-stack';

/** The application of AKS that tokens are for, the same in every tenant. https://azure.github.io/kubelogin/concepts/aks.html */
const AKS_SERVER = '6dae42f8-4368-4678-94ff-3960e28e3630';

/** The policies of an AKS cluster in an environment's network, and the nodes of its segments. */
export class AzureKubernetesStack extends KubernetesStack {
  /** By segment; empty unless the policy says `nodes`. */
  readonly nodePools: ReadonlyMap<string, AzureNodePool>;

  constructor(app: App, policy: Policy, environment: Environment, azure: AzureEnvironment) {
    const found: { cluster?: DataAzurermKubernetesCluster } = {};
    super(app, policy, environment, azure, (stack) => {
      const { name, resourceGroup = name } = azure.cluster!;
      configureAzure(stack, azure, { organization: policy.organization, environmentName: environment.name, deletionProtection: environment.deletionProtection });
      const cluster = new DataAzurermKubernetesCluster(stack, 'cluster', { name, resourceGroupName: resourceGroup });
      found.cluster = cluster;
      return {
        host: cluster.kubeConfig.get(0).host,
        clusterCaCertificate: cluster.kubeConfig.get(0).clusterCaCertificate,
        exec: { apiVersion: 'client.authentication.k8s.io/v1beta1', command: 'kubelogin', args: ['get-token', '--login', 'azurecli', '--server-id', AKS_SERVER] },
      };
    });
    this.nodePools = new Map(this.segmentNodes(policy, { services: AKS_NODE_SERVICES }).map(({ segment, nodes, segmentKey }) => [segment, new AzureNodePool(this, `nodes-${segment}`, {
      name: `${policy.organization}-${environment.name}`,
      segment,
      segmentKey,
      subscription: azure.subscription,
      clusterId: found.cluster!.id,
      ...(azure.spoke ? { subnetId: azure.spoke.subnets[segment]!.id } : {}),
      zones: azure.zones.map((zone) => zone.name),
      machine: nodes.machine,
      min: nodes.min,
      max: nodes.max,
      tags: { organization: policy.organization, environment: environment.name },
    })]));
  }
}

/** Makes the stack of an environment's cluster. @throws Error when it has none on Azure */
export function createStack(app: App, policy: Policy, environment: Environment): AzureKubernetesStack {
  if (!environment.azure?.cluster) throw new Error(`environment '${environment.name}' has no cluster on azure`);
  return new AzureKubernetesStack(app, policy, environment, environment.azure);
}
