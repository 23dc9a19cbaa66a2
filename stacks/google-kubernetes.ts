import type { App } from 'cdktf';
import { GKE_NODE_SERVICES, GoogleNodePool } from '../blueprints/google/node-pool';
import { DataGoogleContainerCluster } from '@cdktf/provider-google/lib/data-google-container-cluster';
import type { Environment, GoogleEnvironment, Policy } from '../blueprints/policy/model';
import { configureGoogle } from '../providers/google';
import { KubernetesStack } from './kubernetes-stack';

/** The policies of a regional GKE cluster in an environment's network, and the nodes of its segments. */
export class GoogleKubernetesStack extends KubernetesStack {
  /** By segment; empty unless the policy says `nodes`. */
  readonly nodePools: ReadonlyMap<string, GoogleNodePool>;

  constructor(app: App, policy: Policy, environment: Environment, google: GoogleEnvironment) {
    super(app, policy, environment, google, (stack) => {
      configureGoogle(stack, google, { organization: policy.organization, environmentName: environment.name });
      const cluster = new DataGoogleContainerCluster(stack, 'cluster', { name: google.cluster!.name, location: google.region });
      return {
        host: `https://${cluster.endpoint}`,
        clusterCaCertificate: cluster.masterAuth.get(0).clusterCaCertificate,
        exec: { apiVersion: 'client.authentication.k8s.io/v1beta1', command: 'gke-gcloud-auth-plugin', args: [] },
      };
    });
    this.nodePools = new Map(this.segmentNodes(policy, { services: GKE_NODE_SERVICES }).map(({ segment, nodes, segmentKey, hasHosts }) => [segment, new GoogleNodePool(this, `nodes-${segment}`, {
      name: `${policy.organization}-${environment.name}`,
      segment,
      segmentKey,
      hasHosts,
      project: google.project,
      ...(google.serviceAccounts ? { serviceAccount: google.serviceAccounts[segment]! } : {}),
      location: google.region,
      clusterName: google.cluster!.name,
      machine: nodes.machine,
      min: nodes.min,
      max: nodes.max,
    })]));
  }
}

/** Makes the stack of an environment's cluster. @throws Error when it has none on Google Cloud */
export function createStack(app: App, policy: Policy, environment: Environment): GoogleKubernetesStack {
  if (!environment.google?.cluster) throw new Error(`environment '${environment.name}' has no cluster on google`);
  return new GoogleKubernetesStack(app, policy, environment, environment.google);
}
