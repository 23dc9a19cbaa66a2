/** Clusters by the subnet of their nodes: what AKS needs there is no hole. */
import type { ResourceGraph, Resource } from '../../plan/resource-graph';
import { addressesOf } from '../addresses';
import { rangesOf, union, type Ranges } from '../ranges';
import { pointsTo, texts } from './read';

/** The one tag of names that a cluster may use: what Microsoft lists for every cluster. */
export const CLUSTER_TAG = 'AzureKubernetesService';
/** Where an internal load balancer asks nodes for their health: kube-proxy, and the ports of services. */
export const CLUSTER_PROBES: Ranges = rangesOf([[10256n, 10256n], [30000n, 32767n]]);

const known = new WeakMap<ResourceGraph, ReadonlyMap<Resource, Ranges>>();

/** The pods' own addresses, by the resource of the nodes' subnet; without any where pods share the subnet. */
export function podAddresses(graph: ResourceGraph): ReadonlyMap<Resource, Ranges> {
  let found = known.get(graph);
  if (!found) {
    const made = new Map<Resource, Ranges>();
    for (const cluster of graph.ofType('azurerm_kubernetes_cluster')) {
      const { targets, exact } = pointsTo(cluster, 'default_node_pool[0].vnet_subnet_id', 'azurerm_subnet');
      const [subnet] = targets;
      if (!subnet || !exact || targets.length > 1) continue;
      const pods = addressesOf([...texts(cluster, 'network_profile[0].pod_cidr').items, ...texts(cluster, 'network_profile[0].pod_cidrs').items], 4);
      made.set(subnet, union(made.get(subnet) ?? [], pods));
    }
    known.set(graph, (found = made));
  }
  return found;
}
