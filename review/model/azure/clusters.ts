/** Clusters by the subnet of their nodes: what AKS needs there is no hole. */
import type { ResourceGraph, Resource } from '../../plan/resource-graph';
import { addressesOf } from '../addresses';
import { rangesOf, union, type Ranges } from '../ranges';
import { pointsTo, text, texts } from './read';
import type { AzureSubnet } from './subnet';

/** The one tag of names that a cluster may use: what Microsoft lists for every cluster. */
export const CLUSTER_TAG = 'AzureKubernetesService';
/** Where an internal load balancer asks nodes for their health: kube-proxy, and the ports of services. */
export const CLUSTER_PROBES: Ranges = rangesOf([[10256n, 10256n], [30000n, 32767n]]);

const known = new WeakMap<ResourceGraph, ReadonlyMap<Resource | string, Ranges>>();

/** The addresses of pods whose nodes stand in a subnet: empty where they share its own, undefined where there are none. */
export function podsIn(graph: ResourceGraph, { resource, exists }: Pick<AzureSubnet, 'resource' | 'exists'>): Ranges | undefined {
  const pods = podAddresses(graph);
  return pods.size === 0 ? undefined : pods.get(exists ? text(resource, 'subnet_id')?.toLowerCase() ?? resource : resource);
}

/** By the subnet, or by its id where it is not in the plan. */
function podAddresses(graph: ResourceGraph): ReadonlyMap<Resource | string, Ranges> {
  let found = known.get(graph);
  if (!found) {
    const made = new Map<Resource | string, Ranges>();
    for (const cluster of graph.ofType('azurerm_kubernetes_cluster')) {
      const { targets, exact, subnetId } = pointsTo(cluster, 'default_node_pool[0].vnet_subnet_id', 'azurerm_subnet');
      const subnet = targets.length === 0 ? subnetId : exact && targets.length === 1 ? targets[0] : undefined;
      if (subnet === undefined) continue;
      const pods = addressesOf([...texts(cluster, 'network_profile[0].pod_cidr').items, ...texts(cluster, 'network_profile[0].pod_cidrs').items], 4);
      made.set(subnet, union(made.get(subnet) ?? [], pods));
    }
    known.set(graph, (found = made));
  }
  return found;
}
