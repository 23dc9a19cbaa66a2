/** What a policy says about one cluster and the network around it, with addresses. */
import { planAddresses, subnet, ZONE_BITS, type AddressPlan } from '../policy/address-plan';
import { allowRulesFor, type AllowRule, type AwsEnvironment, type AzureEnvironment, type Cloud, type GoogleEnvironment, type Policy, type Segment } from '../policy/model';
import type { KubernetesCluster, PodGroup } from '../policy/pods';
import { compare, uniqueSorted } from '../policy/rules';

/** Pods, and the segment whose nodes they run on. */
export interface SegmentPods extends PodGroup {
  readonly segment: string;
}

/** One cluster of one environment. */
export interface ClusterNetwork {
  readonly cluster: KubernetesCluster;
  readonly segments: readonly Segment[];
  /** Sorted by namespace, then name. */
  readonly groups: readonly SegmentPods[];
  readonly bySegment: ReadonlyMap<string, readonly SegmentPods[]>;
  readonly byNamespace: ReadonlyMap<string, readonly SegmentPods[]>;
  /** The rules that hold on this cloud in this environment, by segment. */
  readonly rulesOf: ReadonlyMap<string, readonly AllowRule[]>;
  /** The rules that hold on this cloud in this environment. */
  readonly rules: readonly AllowRule[];
  /** Everything that is the segment to the network: subnets of a network that was there, and ranges that were added, too. Sorted. */
  readonly segmentCidrs: (segment: string) => readonly string[];
  /** Where a segment's nodes reach private services: at private endpoints, or behind gateway endpoints. */
  readonly serviceCidrs: (segment: string) => readonly string[];
  readonly apiServerCidrs: readonly string[];
  readonly cloud: Cloud;
  readonly region: string;
}

/** What has an address plan and a cluster. */
export type CloudPart = AwsEnvironment | GoogleEnvironment | AzureEnvironment;

/**
 * Google's APIs by restricted.googleapis.com, whatever the region.
 * https://cloud.google.com/vpc/docs/configure-private-google-access#config-options
 */
const RESTRICTED_VIP = '199.36.153.4/30';

/**
 * The cluster of one environment on one cloud.
 *
 * @param environment its name, for the rules that hold in it
 * @throws Error when it has none
 */
export function clusterNetwork(policy: Policy, environment: string, part: CloudPart): ClusterNetwork {
  const { cluster, cloud } = part;
  if (!cluster) throw new Error(`the environment has no cluster on ${cloud}`);
  const addresses = planAddresses(policy, part);
  const groups = policy.segments.flatMap(({ name, pods = [] }) => pods.map((group): SegmentPods => ({ ...group, segment: name })));
  const keyOf = ({ namespace, name }: PodGroup) => `${namespace} ${name}`;
  groups.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const rules = allowRulesFor(policy, cloud, environment);
  return {
    cluster,
    cloud,
    region: part.region,
    segments: policy.segments,
    groups,
    bySegment: grouped(groups, ({ segment }) => [segment]),
    byNamespace: grouped(groups, ({ namespace }) => [namespace]),
    rules,
    rulesOf: grouped(rules, ({ segments }) => segments),
    segmentCidrs: (segment) => segmentCidrs(segment, part, addresses),
    serviceCidrs: (segment) => [
      ...(cloud === 'google' ? [RESTRICTED_VIP] : []),
      (part.cloud === 'azure' ? part.spoke?.privateEndpoints.cidr : undefined) ?? addresses.infrastructure('endpoints'),
      ...(part.cloud === 'aws' ? gatewayRanges(part, policy.segments.find(({ name }) => name === segment)) : []),
    ],
    apiServerCidrs: cluster.apiServer ? [cluster.apiServer] : apiServerCidrs(cluster, part, addresses),
  };
}

/** As the network's own stack has them: the address plan says nothing of subnets that somebody else made. */
function segmentCidrs(segment: string, part: CloudPart, addresses: AddressPlan): readonly string[] {
  if (part.cloud === 'azure') return [part.spoke?.subnets[segment]?.cidr ?? addresses.segment(segment)];
  if (part.cloud === 'google') return [addresses.segment(segment)];
  const added = part.secondaryCidrs && Object.hasOwn(part.secondaryCidrs, segment) ? part.secondaryCidrs[segment] : undefined;
  const own = part.existingNetwork ? part.zones.map((zone) => addresses.segmentIn(segment, zone)) : [addresses.segment(segment)];
  return uniqueSorted([...own, ...(added ? part.zones.map((zone) => subnet(added, ZONE_BITS, zone.slot)) : [])]);
}

/** EKS puts interfaces into the cluster's subnets, AKS a private endpoint; GKE peers or attaches a block of its own. */
function apiServerCidrs({ system }: KubernetesCluster, part: CloudPart, addresses: AddressPlan): readonly string[] {
  if (part.cloud !== 'google') return segmentCidrs(system, part, addresses);
  const clusters = part.gke ?? [{ controlPlane: undefined }];
  return uniqueSorted(clusters.map(({ controlPlane }) => controlPlane ?? addresses.infrastructure('control-plane')));
}

/** Public addresses that a segment reaches by the gateway endpoints of AWS, as far as they are written down. */
function gatewayRanges({ gatewayEndpoints = {} }: AwsEnvironment, segment: Segment | undefined): readonly string[] {
  return Object.values(gatewayEndpoints)
    .filter(({ segments }) => segment && (segments ? segments.includes(segment.name) : segment.tier !== 'public'))
    .flatMap(({ ranges }) => ranges)
    .sort(compare);
}

/** The namespaces of the policy with their segment, sorted by name. */
export function namespacesOf(network: ClusterNetwork): readonly ClusterNamespace[] {
  return [...network.byNamespace].map(([name, groups]) => (
    { name, groups, segment: groups[0]!.segment, hasHosts: groups.some((pods) => hostRulesOf(pods, network).length > 0) }
  ));
}

/** A namespace of the policy. */
export interface ClusterNamespace {
  readonly name: string;
  readonly segment: string;
  readonly groups: readonly SegmentPods[];
  /** Whether some of its pods may reach hosts on this cloud in this environment. */
  readonly hasHosts: boolean;
}

/** The allow rules that a group of pods picked and that hold on this cloud in this environment. */
export function hostRulesOf({ hosts, segment }: SegmentPods, { rulesOf }: ClusterNetwork): readonly AllowRule[] {
  const picked = new Set(hosts);
  return (rulesOf.get(segment) ?? []).filter((rule) => picked.has(rule.host.text));
}

function grouped<T>(items: readonly T[], keysOf: (item: T) => readonly string[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    for (const key of keysOf(item)) {
      const group = groups.get(key);
      if (group) group.push(item);
      else groups.set(key, [item]);
    }
  }
  return groups;
}
