/** GKE: nodes leave with their own addresses, and pods with those of their nodes. https://cloud.google.com/kubernetes-engine/docs/concepts/network-overview */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { ACCOUNT_TYPES } from './firewall-rule';
import type { Having } from './interfaces';
import { joinKeys, keysAt, type Keys } from './keys';
import { placeOf, serviceInterface, tagsAt, type Workload } from './machines';
import type { Networks } from './networks';
import { flagAt, hiddenAt, textAt } from './reading';

const CLUSTER = ['google_container_cluster'];

export function clusters(graph: ResourceGraph, networks: Networks): readonly Workload[] {
  const pools = graph.ofType('google_container_node_pool');
  const withPools = new Set(pools.flatMap((pool) => pool.references('cluster', { types: CLUSTER }).targets));
  return [
    ...graph.ofType('google_container_cluster')
      // A cluster whose first pool is thrown away runs only in its pools; any other keeps the one that it begins with.
      .filter((cluster) => !withPools.has(cluster) || flagAt(cluster, 'remove_default_node_pool') !== true)
      .map((cluster) => nodes(cluster, [cluster], networks)),
    ...pools.map((pool) => nodes(pool, pool.references('cluster', { types: CLUSTER }).targets, networks)),
  ];
}

function nodes(resource: Resource, owners: readonly Resource[], networks: Networks): Workload {
  const sources = [...new Set([resource, ...owners])];
  const keysIn = (paths: readonly AttributePath[], types: readonly string[]): Keys => joinKeys(sources.flatMap((source) => paths.map((path) => keysAt(source, path, types))));
  const own = textAt(resource, ['network_config', 0, 'subnetwork']);
  const places = own === undefined ? owners.map((owner) => placeOf(owner, [], networks)) : [placeOf(resource, ['network_config', 0], networks)];
  // Without a word about it a cluster is in the default network.
  const named = places.flatMap((place) => place.named);
  const place = { named: named.length > 0 ? named : owners.length > 0 ? networks.namedOrDefault() : [], subnets: places.flatMap((each) => each.subnets) };
  return {
    address: resource.address,
    resource,
    interfaces: place.named.length === 0 ? [] : [serviceInterface(resource.address, place, {
      networkTags: keysIn([['node_config', 0, 'tags'], ['node_pool_auto_config', 0, 'network_tags', 0, 'tags']], []),
      secureTags: joinKeys(sources.flatMap((source) => [tagsAt(source, ['node_config', 0, 'resource_manager_tags', 0, 'tags']), tagsAt(source, ['node_config', 0, 'resource_manager_tags']), tagsAt(source, ['node_pool_auto_config', 0, 'resource_manager_tags'])])),
      accounts: keysIn([['node_config', 0, 'service_account'], ['cluster_autoscaling', 0, 'auto_provisioning_defaults', 0, 'service_account']], ACCOUNT_TYPES),
    }, publicNodes(resource, owners))],
  };
}

const PRIVATE_NODES: readonly AttributePath[] = [
  ['network_config', 0, 'enable_private_nodes'],
  ['private_cluster_config', 0, 'enable_private_nodes'],
  ['default_enable_private_nodes'],
];

/** A pool's own word counts more than its cluster's. */
function publicNodes(resource: Resource, owners: readonly Resource[]): Having {
  for (const source of new Set([resource, ...owners])) {
    for (const path of PRIVATE_NODES) {
      const flag = flagAt(source, path);
      if (flag !== undefined) return flag ? 'no' : 'yes';
      const hidden = hiddenAt(source, path);
      if (hidden !== undefined) return { unknown: hidden };
    }
  }
  return 'yes';
}
