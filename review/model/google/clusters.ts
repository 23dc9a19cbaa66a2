/** GKE: nodes leave with their own addresses, and pods with those of their nodes. https://cloud.google.com/kubernetes-engine/docs/concepts/network-overview */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { Having, Interface } from './interfaces';
import { accountsOfClasses } from './compute-classes';
import { hasKeys, joinKeys, keysAt, NO_KEYS, type Keys } from './keys';
import { accountAt, placesOf, serviceInterface, tagsAt, type Workload } from './machines';
import type { GoogleSubnet, Networks } from './networks';
import type { LentAddresses } from './passthrough-balancers';
import { blocksAt, flagAt, hiddenAt, textAt, whyElsewhere } from './reading';

const CLUSTER = ['google_container_cluster'];

export function clusters(graph: ResourceGraph, networks: Networks, lent: LentAddresses): readonly Workload[] {
  const pools = graph.ofType('google_container_node_pool');
  const classes = pools.length > 0 || graph.typeNames.has('google_container_cluster') ? accountsOfClasses(graph) : NO_KEYS;
  const withPools = new Set(pools.flatMap((pool) => pool.references('cluster', { types: CLUSTER }).targets));
  return [
    ...graph.ofType('google_container_cluster')
      // A cluster whose first pool is thrown away runs only in its pools; any other keeps the one that it begins with.
      .filter((cluster) => !withPools.has(cluster) || flagAt(cluster, 'remove_default_node_pool') !== true || makesPools(cluster) || hasKeys(classes))
      .map((cluster) => nodes(cluster, [cluster], networks, lent, classes)),
    ...pools.map((pool) => nodes(pool, pool.references('cluster', { types: CLUSTER }).targets, networks, lent)),
  ];
}

/** It adds pools of its own, which say nothing but what the cluster says. https://cloud.google.com/kubernetes-engine/docs/concepts/node-auto-provisioning */
function makesPools(cluster: Resource): boolean {
  const path = ['cluster_autoscaling', 0, 'enabled'];
  return flagAt(cluster, path) === true || hiddenAt(cluster, path) !== undefined;
}

/** @param classes accounts of pools that it adds for objects in it */
function nodes(resource: Resource, owners: readonly Resource[], networks: Networks, lent: LentAddresses, classes = NO_KEYS): Workload {
  // Pools written inside of the cluster say the same things as those beside it.
  const pools: readonly AttributePath[] = [[], ...resource.elements('node_pool')];
  const own = lent.get(resource);
  const interfaces = pools.flatMap((pool) => poolInterfaces(resource, pool, owners, networks, classes));
  const hidden = [['node_pool'], ...pools.flatMap((pool) => [[...pool, ...CONFIG], [...pool, ...CONFIG, 0, FURTHER]])].map((path) => hiddenAt(resource, path)).find((reason) => reason !== undefined);
  return {
    address: resource.address,
    resource,
    interfaces: own ? interfaces.map((each) => ({ ...each, lent: own })) : interfaces,
    // In which networks its machines stand besides.
    ...(hidden === undefined ? {} : { leavesDirectly: { reason: hidden, isSure: false } }),
  };
}

const CONFIG: AttributePath = ['network_config'];
const FURTHER = 'additional_node_network_configs';

function poolInterfaces(resource: Resource, pool: AttributePath, owners: readonly Resource[], networks: Networks, classes: Keys): readonly Interface[] {
  const sources = [{ source: resource, prefix: pool }, ...owners.filter((owner) => owner !== resource || pool.length > 0).map((source) => ({ source, prefix: [] as AttributePath }))];
  const subnetwork = [...pool, 'network_config', 0, 'subnetwork'];
  const isNamed = textAt(resource, subnetwork) !== undefined || hiddenAt(resource, subnetwork) !== undefined;
  const everywhere = !isNamed ? owners.flatMap((owner) => placesOf(owner, [], networks)) : placesOf(resource, [...pool, 'network_config', 0], networks);
  const places = everywhere.filter(({ doubt }) => doubt === undefined);
  // Without a word about it a cluster is in the default network; one that is only looked up has said it elsewhere.
  const named = places.flatMap((place) => place.named);
  const own = named.length > 0 ? named : owners.some(({ mode }) => mode === 'managed') ? networks.namedOrDefault(resource) : [];
  const isElsewhere = !isNamed && resource.type === 'google_container_node_pool' && whyElsewhere(resource, resource.references('cluster', { types: CLUSTER })) !== undefined;
  const place = { named: isElsewhere ? [...own, ...networks.stranger(`the network of ${resource.address}`)] : own, subnets: places.flatMap((each) => each.subnets) };
  if (place.named.length === 0) return [];
  const keys = keysOfNodes(resource, pool, classes);
  // A node may stand in more networks than its cluster's: everything in it, and pods that ask for it, may use them.
  const further = resource.elements([...pool, ...CONFIG, 0, FURTHER]).flatMap((path) => placesOf(resource, path, networks))
    .map((each) => serviceInterface(resource.address, each, keys, 'no'));
  // A cluster of several subnets puts new pools into any. https://cloud.google.com/kubernetes-engine/docs/how-to/multi-subnet-clusters
  const added = isNamed ? [] : owners.flatMap((owner) => blocksAt(owner, ['ip_allocation_policy', 'additional_ip_ranges_config']).flatMap((path) => placesOf(owner, path, networks)));
  const all = [place, ...added, ...everywhere.filter(({ doubt }) => doubt !== undefined)].map((each) => ({ ...serviceInterface(resource.address, each, keys, publicNodes(sources)), ...ipv6Of(owners, each.subnets) }));
  return [...all, ...further];
}

interface NodeKeys {
  readonly networkTags: Keys;
  readonly secureTags: Keys;
  readonly accounts: Keys;
}

/** A pool has what its own words say; the cluster's are for the pool that it begins with, and for those that it adds. */
function keysOfNodes(resource: Resource, pool: AttributePath, classes: Keys): NodeKeys {
  const at = (...path: AttributePath): AttributePath => [...pool, 'node_config', 0, ...path];
  const written: NodeKeys = {
    networkTags: keysAt(resource, at('tags'), []),
    secureTags: joinKeys([tagsAt(resource, at('resource_manager_tags', 0, 'tags')), tagsAt(resource, at('resource_manager_tags'))]),
    accounts: accountAt(resource, at('service_account')),
  };
  if (pool.length > 0 || resource.type !== 'google_container_cluster') return written;
  const isAutopilot = flagAt(resource, 'enable_autopilot') === true;
  if (!isAutopilot && !makesPools(resource) && !hasKeys(classes) && hiddenAt(resource, 'enable_autopilot') === undefined) return written;
  const added: NodeKeys = {
    networkTags: keysAt(resource, ['node_pool_auto_config', 0, 'network_tags', 0, 'tags'], []),
    secureTags: tagsAt(resource, ['node_pool_auto_config', 0, 'resource_manager_tags']),
    accounts: joinKeys([accountAt(resource, ['cluster_autoscaling', 0, 'auto_provisioning_defaults', 0, 'service_account']), classes]),
  };
  if (isAutopilot) return hasKeys(classes) ? { ...added, accounts: perhaps(added.accounts) } : added;
  const either = (key: keyof NodeKeys): Keys => perhaps(joinKeys([written[key], added[key]]));
  return { networkTags: either('networkTags'), secureTags: either('secureTags'), accounts: either('accounts') };
}

/** Some of the nodes have them. */
function perhaps(keys: Keys): Keys {
  return { ...keys, sure: NO_KEYS.sure, maybe: new Set([...keys.sure, ...keys.maybe]) };
}

const PRIVATE_NODES: readonly AttributePath[] = [
  ['network_config', 0, 'enable_private_nodes'],
  ['private_cluster_config', 0, 'enable_private_nodes'],
  ['default_enable_private_nodes'],
];

/** A pool's own word counts more than its cluster's. */
function publicNodes(sources: readonly { readonly source: Resource; readonly prefix: AttributePath }[]): Having {
  for (const { source, prefix } of sources) {
    for (const path of PRIVATE_NODES) {
      const at = [...prefix, ...path];
      const flag = flagAt(source, at);
      if (flag !== undefined) return flag ? 'no' : 'yes';
      const hidden = hiddenAt(source, at);
      if (hidden !== undefined) return { unknown: hidden };
    }
  }
  return 'yes';
}

/** Nodes and pods of a dual-stack cluster have the addresses of their subnet, public ones where it has such. https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips#dual_stack_network */
function ipv6Of(owners: readonly Resource[], subnets: readonly GoogleSubnet[]): Pick<Interface, 'hasIpv6' | 'publicIpv6'> | undefined {
  const path = ['ip_allocation_policy', 0, 'stack_type'];
  const isDual = owners.some((owner) => textAt(owner, path) === 'IPV4_IPV6');
  const hidden = owners.map((owner) => hiddenAt(owner, path)).find((each) => each !== undefined);
  const mayHave = subnets.some(({ ipv6, isForeign }) => ipv6 !== 'none' || isForeign);
  if (!mayHave || (!isDual && hidden === undefined)) return undefined;
  const having: Having = isDual ? 'yes' : { unknown: hidden as string };
  return { hasIpv6: having, publicIpv6: subnets.some(({ ipv6 }) => ipv6 === 'external') ? having : 'no' };
}
