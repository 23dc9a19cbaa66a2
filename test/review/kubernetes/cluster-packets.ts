/**
 * What becomes of single packets of pods, by the documented rules of each engine of network policies. It shares no code with
 * the review: what both say is compared.
 *
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/
 * https://network-policy-api.sigs.k8s.io/api-overview/
 * https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
 * https://cloud.google.com/kubernetes-engine/docs/how-to/fqdn-network-policies
 */
import { calicoPasses } from './calico-packets';
import { ciliumPasses } from './cilium-packets';

/** As YAML has it. */
export type Manifest = any;
export type Labels = Readonly<Record<string, string>>;

export interface PodAt {
  readonly kind: 'pod';
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly address: string;
  /** The container's port of the name `web`. */
  readonly web?: number;
  readonly hostNetwork?: boolean;
  /** What makes it; a Pod by itself has no owner. */
  readonly workload: 'Pod' | 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Job' | 'CronJob';
}

/** A place outside of the cluster; what has a name was resolved by it. */
export interface Outside {
  readonly kind: 'outside';
  readonly address: string;
  readonly name?: string;
}

export type End = PodAt | Outside;

export interface Call {
  readonly protocol: 'TCP' | 'UDP' | 'SCTP' | 'ICMP';
  readonly port: number;
}

export type Engine = 'kubernetes' | 'cilium' | 'calico';

/** A cluster of a cloud, and what of it enforces policies. */
export type Platform =
  | { readonly kind: 'eks'; readonly isOn: boolean; /** The namespace, and the label `app`, of pods on Fargate. */ readonly fargate?: readonly [string, string | undefined] }
  | { readonly kind: 'gke'; readonly isOn: boolean; readonly byName: boolean }
  | { readonly kind: 'aks'; readonly isOn: boolean };

/** All that a cluster holds, also what a plan does not show of it. */
export interface Cluster {
  readonly engine: Engine;
  /** Where the plan makes it as well. */
  readonly platform?: Platform;
  readonly namespaces: Readonly<Record<string, Labels>>;
  readonly pods: readonly PodAt[];
  readonly objects: readonly Manifest[];
}

export type Side = 'Egress' | 'Ingress';

/** Whether a call gets from one end to the other: past the policies of its sender and of its receiver. */
export function arrives(cluster: Cluster, from: PodAt, to: End, call: Call): boolean {
  return passes(cluster, 'Egress', from, to, call) && (to.kind === 'outside' || passes(cluster, 'Ingress', to, from, call));
}

function passes(cluster: Cluster, side: Side, pod: PodAt, peer: End, call: Call): boolean {
  if (pod.hostNetwork || !isEnforced(cluster.platform, pod)) return true;
  if (cluster.engine === 'calico') return calicoPasses(cluster, side, pod, peer, call);
  const answer = administrators(cluster, side, pod, peer, call, 'admin');
  if (answer === 'Allow' || answer === 'Deny') return answer === 'Allow';
  const own = cluster.engine === 'cilium' ? ciliumPasses(cluster, side, pod, peer, call) : namespaced(cluster, side, pod, peer, call);
  return own ?? administrators(cluster, side, pod, peer, call, 'baseline') !== 'Deny';
}

/**
 * EKS enforces none for pods without an owner, and none on Fargate.
 * https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
 */
function isEnforced(platform: Platform | undefined, pod: PodAt): boolean {
  if (platform === undefined) return true;
  if (platform.kind !== 'eks') return platform.isOn;
  const [namespace, app] = platform.fargate ?? [];
  return platform.isOn && pod.workload !== 'Pod' && !(namespace === pod.namespace && (app === undefined || app === pod.labels.app));
}

/** Of NetworkPolicies and of their like; nothing where none of them is for the pod. */
function namespaced(cluster: Cluster, side: Side, pod: PodAt, peer: End, call: Call): boolean | undefined {
  const policies = isolating(cluster, side, pod);
  if (policies.length === 0) return undefined;
  return policies.some((policy) => (policy.kind === 'FQDNNetworkPolicy' ? opensByName(policy, peer, call) : opens(cluster, side, policy, peer, call)));
}

/** Those that are for the pod in this direction. */
export function isolating(cluster: Cluster, side: Side, pod: PodAt): readonly Manifest[] {
  return cluster.objects.filter(({ kind, apiVersion, metadata, spec }) => {
    if (metadata.namespace !== pod.namespace) return false;
    if (kind === 'FQDNNetworkPolicy') return side === 'Egress' && (cluster.platform?.kind !== 'gke' || cluster.platform.byName) && selects(spec.podSelector, pod.labels);
    if (kind !== 'ApplicationNetworkPolicy' && !(kind === 'NetworkPolicy' && apiVersion === 'networking.k8s.io/v1')) return false;
    // Left out, they are for ingress, and for egress where they have rules of it.
    const types: readonly string[] = spec.policyTypes?.length ? spec.policyTypes : ['Ingress', ...(spec.egress?.length ? ['Egress'] : [])];
    return types.includes(side) && selects(spec.podSelector, pod.labels);
  });
}

/** Whether some rule of a NetworkPolicy is for a call. */
export function opens(cluster: Cluster, side: Side, policy: Manifest, peer: End, call: Call): boolean {
  const rules: readonly Manifest[] = (side === 'Egress' ? policy.spec.egress : policy.spec.ingress) ?? [];
  return rules.some((rule) => {
    const peers: readonly Manifest[] = rule.to ?? rule.from ?? [];
    return (peers.length === 0 || peers.some((each) => isPeer(cluster, each, policy.metadata.namespace, peer))) && portsHold(rule.ports, receiverOf(side, peer, policy, cluster), call);
  });
}

/** Whose named ports count: those of whoever is called. Of ingress that is each pod that the policy selects. */
function receiverOf(side: Side, peer: End, policy: Manifest, cluster: Cluster): readonly End[] {
  return side === 'Egress' ? [peer] : cluster.pods.filter(({ namespace, labels }) => namespace === policy.metadata.namespace && selects(policy.spec.podSelector, labels));
}

function isPeer(cluster: Cluster, peer: Manifest, namespace: string, end: End): boolean {
  if (peer.domainNames) return end.kind === 'outside' && end.name !== undefined && peer.domainNames.some((name: string) => isNamed(name, end.name!));
  if (peer.ipBlock) return (end.kind === 'outside' || cluster.engine !== 'cilium') && inBlock(end.address, peer.ipBlock.cidr) && !(peer.ipBlock.except ?? []).some((block: string) => inBlock(end.address, block));
  if (end.kind === 'outside' || end.hostNetwork) return false;
  const isThere = peer.namespaceSelector ? selects(peer.namespaceSelector, namespaceLabels(cluster, end.namespace)) : end.namespace === namespace;
  return isThere && (!peer.podSelector || selects(peer.podSelector, end.labels));
}

/** `*.example.com` is for names of one label more, as the stricter engines have it. */
function isNamed(pattern: string, name: string): boolean {
  return pattern === name || (pattern.startsWith('*.') && new RegExp(`^[^.]+${pattern.slice(1).replaceAll('.', '\\.')}$`).test(name));
}

function opensByName({ spec }: Manifest, peer: End, call: Call): boolean {
  return peer.kind === 'outside' && peer.name !== undefined && (spec.egress ?? []).some((rule: Manifest) => rule.matches.some((match: Manifest) => isNamed(match.name ?? match.pattern, peer.name!)) && portsHold(rule.ports, [peer], call));
}

/** Without any item, every protocol; an item without a port, each port of its protocol. */
function portsHold(ports: readonly Manifest[] | undefined, receivers: readonly End[], call: Call): boolean {
  if (!ports?.length) return true;
  return ports.some(({ protocol = 'TCP', port, endPort }) => protocol === call.protocol && (
    port === undefined || port === null || (typeof port === 'string' ? receivers.some((end) => end.kind === 'pod' && port === 'web' && end.web === call.port) : call.port >= port && call.port <= (endPort ?? port))
  ));
}

export function namespaceLabels(cluster: Cluster, namespace: string): Labels {
  return { ...cluster.namespaces[namespace], 'kubernetes.io/metadata.name': namespace };
}

/** An empty selector is for everybody. */
export function selects(selector: Manifest, labels: Labels): boolean {
  const { matchLabels, matchExpressions } = selector ?? {};
  return Object.entries(matchLabels ?? {}).every(([key, value]) => labels[key] === value) && (matchExpressions ?? []).every((each: Manifest) => isTrue(each, labels[each.key]));
}

export function isTrue({ operator, values }: Manifest, value: string | undefined): boolean {
  switch (operator) {
    case 'In': return value !== undefined && values.includes(value);
    case 'NotIn': return value === undefined || !values.includes(value);
    case 'Exists': return value !== undefined;
    case 'DoesNotExist': return value === undefined;
    default: throw new Error(`no operator: ${operator}`);
  }
}

/** Policies of the cluster's administrator: by priority, then rule by rule; the first that matches decides. */
function administrators(cluster: Cluster, side: Side, pod: PodAt, peer: End, call: Call, tier: 'admin' | 'baseline'): 'Allow' | 'Deny' | undefined {
  const rules = administered(cluster.objects, tier).filter(({ spec }) => isSubject(cluster, spec.subject, pod)).flatMap(({ spec }): readonly Manifest[] => (side === 'Egress' ? spec.egress : spec.ingress) ?? []);
  const first = rules.find((rule) => (rule.to ?? rule.from).some((each: Manifest) => isAdministered(cluster, each, peer)) && administeredPorts(rule, side === 'Egress' ? peer : pod, call));
  if (first === undefined || first.action === 'Pass') return undefined;
  return first.action === 'Deny' ? 'Deny' : 'Allow';
}

export function administered(objects: readonly Manifest[], tier: 'admin' | 'baseline'): readonly Manifest[] {
  const priority = ({ spec }: Manifest): number => spec.priority ?? 0;
  return objects.filter(({ kind, spec }) => (kind === 'ClusterNetworkPolicy' ? spec.tier.toLowerCase() : kind === 'AdminNetworkPolicy' ? 'admin' : kind === 'BaselineAdminNetworkPolicy' ? 'baseline' : '') === tier).sort((a, b) => priority(a) - priority(b));
}

/** Neither subjects nor peers by labels are pods on the network of their node. */
export function isSubject(cluster: Cluster, { namespaces, pods }: Manifest, pod: PodAt): boolean {
  if (pod.hostNetwork) return false;
  const labels = namespaceLabels(cluster, pod.namespace);
  return namespaces ? selects(namespaces, labels) : selects(pods.namespaceSelector, labels) && selects(pods.podSelector, pod.labels);
}

/** Blocks are for whoever has such an address, pods too. */
export function isAdministered(cluster: Cluster, peer: Manifest, end: End): boolean {
  if (peer.networks) return peer.networks.some((block: string) => inBlock(end.address, block));
  if (peer.domainNames) return end.kind === 'outside' && end.name !== undefined && peer.domainNames.some((name: string) => isNamed(name, end.name!));
  if (peer.nodes) return false;
  return end.kind === 'pod' && isSubject(cluster, peer, end);
}

export function administeredPorts({ ports, protocols }: Manifest, receiver: End, call: Call): boolean {
  if (protocols) {
    return protocols.some((each: Manifest) => {
      if (each.destinationNamedPort) return receiver.kind === 'pod' && receiver.web === call.port && call.protocol === 'TCP';
      const own = each[call.protocol.toLowerCase()];
      const { number, range } = own?.destinationPort ?? {};
      return own !== undefined && (number === undefined || number === call.port) && (range === undefined || (range.start <= call.port && call.port <= range.end));
    });
  }
  if (!ports) return true;
  return ports.some(({ portNumber, portRange, namedPort }: Manifest) => (
    namedPort ? receiver.kind === 'pod' && receiver.web === call.port && call.protocol === 'TCP'
      : portNumber ? (portNumber.protocol ?? 'TCP') === call.protocol && portNumber.port === call.port
        : (portRange.protocol ?? 'TCP') === call.protocol && portRange.start <= call.port && call.port <= portRange.end
  ));
}

/** Whether an address of either family is in a block. */
export function inBlock(address: string, block: string): boolean {
  const [base, length] = block.split('/') as [string, string];
  if (base.includes(':') !== address.includes(':')) return false;
  const shift = BigInt((base.includes(':') ? 128 : 32) - Number(length));
  return numberOf(base) >> shift === numberOf(address) >> shift;
}

function numberOf(address: string): bigint {
  if (!address.includes(':')) return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const [head, tail] = address.split('::').map((half) => (half === '' ? [] : half.split(':'))) as [string[], string[] | undefined];
  const groups = tail ? [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail] : head;
  return groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}
