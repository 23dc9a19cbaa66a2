/** Whether pods, clusters and what the network lets through make sense together. */
import { repeated, type CheckContext } from './check-context';
import { checkCallee, checkCaller } from './check-pod-peers';
import { hostText, parseHostPattern } from './host-pattern';
import { CLOUDS, type Cloud } from './model';
import { isLabelKey } from './pods-schema';
import { networkPorts, type NetworkPorts } from './network-ports';
import type { Path } from './problems';
import type { PolicyInput } from './schema';
import type { Sound } from './schema-findings';
import { suggestion } from './suggest';

/** One group of pods, as it is written. */
export interface PlacedPods {
  readonly name: string;
  readonly namespace: string;
  readonly segment: string;
  readonly input: SoundPods;
  readonly path: Path;
}

type SoundPolicy = Sound<PolicyInput>;
type SoundSegment = NonNullable<NonNullable<SoundPolicy['segments']>[number]>;
type SoundPods = NonNullable<NonNullable<SoundSegment['pods']>[number]>;

/** What the checks of single callers and callees need to know of the whole. */
export interface PodsScene {
  readonly groups: readonly PlacedPods[];
  /** By `namespace/name`. */
  readonly byId: ReadonlyMap<string, PlacedPods>;
  readonly segmentsWithPods: ReadonlySet<string>;
  /** The segment of each namespace of the policy. */
  readonly namespaces: ReadonlyMap<string, string>;
  /** Segments where namespaces run that the policy does not declare. */
  readonly systems: readonly string[];
  readonly network: NetworkPorts;
  readonly services: readonly string[];
}

/** Namespaces that belong to Kubernetes or a cloud. https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/ */
const RESERVED_NAMESPACE = /^(default$|kube-|gke-|gmp-|amazon-|aws-|calico-|tigera-|cilium)/;
const DNS_PORT = 53;
const API_PORT = 443;
const KUBELET_PORT = 10250;

/** Selectors, callers, callees and hosts of pods; clusters. */
export function checkPods(policy: SoundPolicy, context: CheckContext): void {
  const segments = policy.segments ?? [];
  const groups = segments.flatMap((segment, index) => placedPods(segment, ['segments', index, 'pods']));
  const clusters = clustersOf(policy);
  checkClusters(clusters, groups, context);
  if (groups.length === 0) return;
  const namespaces = checkNamespaces(groups, context);
  const systems = [...new Set(clusters.flatMap(({ system }) => system ?? []))].sort();
  const services = (policy.privateServices ?? []).flatMap((service) => service ?? []);
  const byId = new Map(groups.map((group) => [`${group.namespace}/${group.name}`, group]));
  const scene: PodsScene = { groups, byId, segmentsWithPods: new Set(groups.map(({ segment }) => segment)), namespaces, systems, services, network: networkPorts(segments) };
  groups.forEach((group) => {
    checkLabels(group, context);
    (group.input.accepts ?? []).forEach((accept, index) => { if (accept) checkCaller(accept, [...group.path, 'accepts', index], group, scene, context); });
    (group.input.calls ?? []).forEach((call, index) => { if (call) checkCallee(call, [...group.path, 'calls', index], group, scene, context); });
    checkHosts(group, policy, context);
  });
  checkSelectors(groups, context);
  checkMixedHosts(groups, context);
  checkDns(scene, segments, context);
  checkControlPlane(clusters, scene, segments, context);
  checkOverlays(policy, groups, context);
}

function placedPods(segment: SoundSegment | null, path: Path): readonly PlacedPods[] {
  if (!segment || typeof segment.name !== 'string') return [];
  const { name } = segment;
  return (segment.pods ?? []).flatMap((input, index) => (
    input && typeof input.name === 'string' && input.namespace !== null
      ? [{ name: input.name, namespace: input.namespace ?? name, segment: name, input, path: [...path, index] }]
      : []
  ));
}

interface PlacedCluster {
  readonly system?: string;
  readonly nodes: { readonly role?: string | null | undefined } | undefined;
  readonly cloud: Cloud;
  readonly path: Path;
}

function clustersOf({ environments }: SoundPolicy): readonly PlacedCluster[] {
  return (environments ?? []).flatMap((environment, index) => CLOUDS.flatMap((cloud): readonly PlacedCluster[] => {
    const cluster = environment?.[cloud]?.cluster;
    if (!cluster) return [];
    return [{
      cloud,
      nodes: cluster.nodes ?? undefined,
      path: ['environments', index, cloud, 'cluster'],
      ...(typeof cluster.system === 'string' ? { system: cluster.system } : {}),
    }];
  }));
}

function checkClusters(clusters: readonly PlacedCluster[], groups: readonly PlacedPods[], context: CheckContext): void {
  for (const { system, nodes, cloud, path } of clusters) {
    if (system !== undefined && context.segments && !context.segments.has(system)) {
      context.error([...path, 'system'], 'unknown-segment', 'is not a segment', suggestion(system, context.segments.keys(), 'segments'), system);
    }
    const { min, max } = (nodes ?? {}) as { min?: unknown; max?: unknown };
    if (typeof min === 'number' && typeof max === 'number' && min > max) {
      context.error([...path, 'nodes', 'max'], 'nodes-reversed', `is less than the fewest, ${min}`, `write ${min} or more`, max);
    }
    if (nodes && cloud === 'aws' && nodes.role === undefined) {
      context.error([...path, 'nodes'], 'nodes-without-role', 'have no role, and EKS nodes need one', "add 'role: arn:aws:iam::<account>:role/<name>'");
    }
    if (groups.length === 0) {
      context.warning(path, 'cluster-without-pods', 'is a cluster, and no segment has pods', "add 'pods' to a segment, or remove it: nothing is closed in this cluster");
    }
  }
  if (clusters.length === 0 && groups.length > 0) {
    const [{ path }] = groups as [PlacedPods];
    context.warning(path, 'pods-without-cluster', 'are pods, and no environment has a cluster', "add 'cluster' to a cloud of an environment, or remove the pods");
  }
}

/** A namespace is on the nodes of one segment: its pods have one identity in the network. */
function checkNamespaces(groups: readonly PlacedPods[], context: CheckContext): ReadonlyMap<string, string> {
  const segmentOf = new Map<string, string>();
  for (const { namespace, segment, input, path } of groups) {
    const at = input.namespace === undefined ? path : [...path, 'namespace'];
    const owner = segmentOf.get(namespace) ?? segment;
    segmentOf.set(namespace, owner);
    if (RESERVED_NAMESPACE.test(namespace)) {
      context.error(at, 'reserved-namespace', "is a namespace of the cluster's own", 'give the pods a namespace of their own; a default deny here would cut the cluster off', namespace);
    } else if (owner !== segment) {
      context.error(at, 'namespace-in-two-segments', `is a namespace of segment '${owner}', too`, 'give each segment namespaces of its own', namespace);
    }
  }
  const ids = groups.map(({ namespace, name }) => `${namespace}/${name}`);
  repeated(ids, (index, first) => context.error(
    [...groups[index]!.path, 'name'], 'duplicate-pods', `is the name of ${context.where(groups[first]!.path)}, too`, 'give each group in a namespace a name of its own', groups[index]!.name,
  ));
  return segmentOf;
}

function checkLabels({ input, path }: PlacedPods, context: CheckContext): void {
  const keys = Object.keys(input.labels ?? {});
  if (input.labels && keys.length === 0) {
    context.error([...path, 'labels'], 'empty-labels', 'select every pod of the namespace', "add a label that only these pods have, such as 'app: payments-api'");
  }
  for (const key of keys.filter((each) => !isLabelKey(each))) {
    context.error([...path, 'labels', key], 'bad-label', 'is not the key of a label', 'write at most 63 letters, digits, dots, hyphens and underscores, after at most one prefix and a slash', key);
  }
}

/** Two selectors that one pod can match would give it the rights of both. */
function checkSelectors(groups: readonly PlacedPods[], context: CheckContext): void {
  const before = new Map<string, readonly PlacedPods[]>();
  groups.forEach((later) => {
    const earlier = (before.get(later.namespace) ?? []).find((other) => other.name !== later.name && !excludes(other.input.labels, later.input.labels));
    before.set(later.namespace, [...(before.get(later.namespace) ?? []), later]);
    if (!earlier) return;
    context.error(
      [...later.path, 'labels'],
      'overlapping-pods',
      `and those of '${earlier.name}', ${context.where(earlier.path)}, can be on one pod, which would have the rights of both`,
      'give both a label of the same key and different values, such as app',
    );
  });
}

function excludes(a: SoundPods['labels'], b: SoundPods['labels']): boolean {
  if (!a || !b) return true;
  return Object.entries(a).some(([key, value]) => b[key] !== undefined && b[key] !== value);
}

/** Which hosts there are is said once, by `allow`. */
function checkHosts({ segment, input, path }: PlacedPods, policy: SoundPolicy, context: CheckContext): void {
  const rules = policy.allow ?? [];
  const granted = rules.flatMap((rule) => (rule?.from?.includes(segment) && typeof rule.host === 'string' ? [hostText(rule.host)] : []));
  // What a rule with a mistake in host or segments was meant to grant, nobody knows: it has a problem of its own.
  const allGranted = rules.every((rule) => rule && rule.host !== null && rule.from && parseHostPattern(rule.host).ok && rule.from.every((from) => from !== null && context.segments?.has(from)));
  const tier = context.segments?.get(segment)?.tier;
  const hosts = (input.hosts ?? []).map((host) => (host === null ? null : hostText(host)));
  repeated(hosts, (index) => context.error([...path, 'hosts', index], 'duplicate-host', 'is listed twice', 'keep one of the two', hosts[index]));
  hosts.forEach((host, index) => {
    if (host === null || granted.includes(host)) return;
    const at = [...path, 'hosts', index];
    if (tier === 'data' || tier === 'public') {
      const message = tier === 'data' ? `is on the internet, which the data segment '${segment}' never reaches` : `cannot be reached from the public segment '${segment}'`;
      context.error(at, `${tier}-segment-egress`, message, 'move the pods that call it to a private segment', host);
    } else if (allGranted) {
      const instead = granted.length > 0 ? `${suggestion(host, granted, 'hosts of the segment')}; or ` : '';
      context.error(at, 'unknown-host', `is not allowed to segment '${segment}'`, `${instead}add it to 'allow' with an owner and a reason`, host);
    }
  });
}

/** Nodes that may reach hosts are for the pods that do: see docs/kubernetes.md. */
function checkMixedHosts(groups: readonly PlacedPods[], context: CheckContext): void {
  const withHosts = new Map(groups.filter(({ input }) => input.hosts).map((group) => [group.segment, group]));
  for (const group of groups) {
    if (group.input.hosts !== undefined) continue;
    const other = withHosts.get(group.segment);
    if (!other) continue;
    context.error(
      group.path,
      'hosts-mixed',
      `have no hosts, and share the nodes of segment '${group.segment}' with '${other.name}', ${context.where(other.path)}, which has`,
      'move one of the two to a segment of its own: nodes that may reach hosts are for the pods that do',
      group.name,
    );
  }
}

/** The most frequent failure of a closed namespace, found before there is a cluster. */
function checkDns({ systems, namespaces, network }: PodsScene, segments: readonly (SoundSegment | null)[], context: CheckContext): void {
  for (const system of systems) {
    if (!context.segments?.has(system)) continue;
    for (const segment of [...new Set(namespaces.values())].sort()) {
      const missing = (['udp', 'tcp'] as const).filter((protocol) => !network.accepts(system, segment, protocol, [{ from: DNS_PORT, to: DNS_PORT }]));
      if (missing.length === 0) continue;
      context.error(
        ['segments', segments.findIndex((each) => each?.name === segment), 'pods'],
        'dns-refused-by-network',
        `cannot resolve names: segment '${system}', where kube-dns runs, does not accept ${missing.map((protocol) => `${protocol}/53`).join(' and ')} from '${segment}'`,
        `add ${missing.map((protocol) => `{ from: ${segment}, ports: [53]${protocol === 'udp' ? ', protocol: udp' : ''} }`).join(' and ')} to the accepts of '${system}'`,
      );
    }
  }
}

/**
 * Nodes of every segment join the cluster by its API server, and it asks their kubelets. On AWS and Azure
 * it has its addresses in the system segment; on Google Cloud in a block of its own.
 */
function checkControlPlane(clusters: readonly PlacedCluster[], { namespaces, network }: PodsScene, segments: readonly (SoundSegment | null)[], context: CheckContext): void {
  const systems = [...new Set(clusters.flatMap(({ cloud, system }) => (cloud === 'google' ? [] : system ?? [])))].sort();
  for (const system of systems.filter((each) => context.segments?.has(each))) {
    for (const segment of [...new Set(namespaces.values())].sort()) {
      const at = ['segments', segments.findIndex((each) => each?.name === segment), 'pods'];
      const ways = [
        { callee: system, caller: segment, port: API_PORT, what: "cannot reach the API server, whose addresses are in segment" },
        { callee: segment, caller: system, port: KUBELET_PORT, what: "have kubelets that the API server cannot ask; it is in segment" },
      ];
      for (const { callee, caller, port, what } of ways) {
        if (network.accepts(callee, caller, 'tcp', [{ from: port, to: port }])) continue;
        context.error(
          at,
          'api-refused-by-network',
          `${what} '${system}': '${callee}' does not accept tcp/${port} from '${caller}'`,
          `add { from: ${caller}, ports: [${port}] } to the accepts of '${callee}'`,
        );
      }
    }
  }
}

/**
 * The cluster that a stack on Azure makes has its pods in an overlay. Packets between pods are not
 * wrapped, so the security groups of other segments see addresses of no segment, and refuse them.
 * https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay#network-security-groups
 */
function checkOverlays({ organization, environments, segments }: SoundPolicy, groups: readonly PlacedPods[], context: CheckContext): void {
  environments?.forEach((environment, index) => {
    const { cluster, kubernetes } = environment?.azure ?? {};
    const home = kubernetes?.segment;
    if (!cluster || typeof home !== 'string' || !context.segments?.has(home)) return;
    // Another cluster, which has to be in this network, too.
    if (cluster.name !== undefined && cluster.name !== `${organization}-${environment!.name}-kubernetes`) return;
    const made = context.where(['environments', index, 'azure', 'kubernetes']);
    if (typeof cluster.system === 'string' && cluster.system !== home && context.segments.has(cluster.system)) {
      context.error(['environments', index, 'azure', 'cluster', 'system'], 'outside-of-overlay', `is not the segment of the cluster's first nodes, on which its own pods run: that is '${home}'`, `write '${home}'`, cluster.system);
    }
    for (const segment of [...new Set(groups.map((group) => group.segment))].filter((name) => name !== home)) {
      context.error(
        ['segments', (segments ?? []).findIndex((each) => each?.name === segment), 'pods'],
        'outside-of-overlay',
        `cannot be in the cluster of ${made}: its pods have addresses of an overlay, which the security group of '${segment}' refuses`,
        `move them to '${home}', or name another cluster, whose pods have addresses of their nodes' subnets`,
      );
    }
  });
}
