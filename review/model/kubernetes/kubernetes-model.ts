/** What a plan or a folder says of a cluster: namespaces, pods, and the rules that hold for them. */
import { groupBy } from '../../group-by';
import type { Place } from '../network-model';
import { isList, isObject, own, type Json, type JsonObject } from '../../plan/json';
import type { ResourceGraph } from '../../plan/resource-graph';
import { connectionsOf, type Connection } from './connections';
import { readObjects, texts, type KubernetesObject } from './objects';
import { ciliumSpans, portSpans, type PortSpan } from './ports';
import { isEmpty, isPlain, matchLabels, selects, type Labels } from './selectors';

/** Pods that are told apart by their labels. */
export interface PodIdentity {
  readonly namespace: string;
  readonly labels: Labels;
  /** `payments/api`: a workload's name; else the labels that a policy selects. */
  readonly id: string;
  /** The workload, or the policy that selects these pods. */
  readonly address: string;
  /** Whether a workload is known, or a policy only speaks of such pods. */
  readonly known: boolean;
}

/** What one rule names on the other side. */
export type RulePeer =
  | { readonly kind: 'anything' }
  | { readonly kind: 'block'; readonly cidr: string; readonly except: readonly string[] }
  | { readonly kind: 'pods'; readonly namespaces: Json | undefined; readonly pods: Json | undefined }
  | { readonly kind: 'names'; readonly names: readonly string[] }
  /** `world`, `all`, `kube-apiserver`, … of Cilium. */
  | { readonly kind: 'entity'; readonly entity: string };

/** One rule of one policy. */
export interface PolicyRule {
  readonly policy: ClusterPolicy;
  readonly direction: 'ingress' | 'egress';
  readonly peers: readonly RulePeer[];
  readonly ports: readonly PortSpan[];
  /** Whether it filters names of DNS questions. */
  readonly dnsNames: boolean;
}

/** A policy of any kind. */
export interface ClusterPolicy {
  readonly object: KubernetesObject;
  readonly selector: Json;
  /** The directions that it closes for the pods that it selects. */
  readonly closes: readonly ('ingress' | 'egress')[];
  readonly rules: readonly PolicyRule[];
  /** Blocks that it refuses whatever else allows them: only Cilium can. */
  readonly denies: readonly string[];
  readonly selectsAll: boolean;
}

export interface KubernetesModel {
  /** No way to the internet is told from inside a cluster: that is the network's part. */
  readonly places: readonly Place[];
  readonly namespaces: ReadonlyMap<string, { readonly address: string; readonly labels: Labels; readonly declared: boolean }>;
  readonly policies: readonly ClusterPolicy[];
  readonly pods: readonly PodIdentity[];
  /** Who may talk to whom. */
  readonly connections: readonly Connection[];
  policiesOf(pods: PodIdentity, direction: 'ingress' | 'egress'): readonly ClusterPolicy[];
  /** The pods of this input that a peer of a rule stands for. */
  podsOf(peer: RulePeer, rule: PolicyRule): readonly PodIdentity[];
  /** The same; where a namespace of this input holds no such pods, one that would have the labels. */
  standInsOf(peer: RulePeer, rule: PolicyRule): readonly PodIdentity[];
}

const WORKLOADS = new Set(['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'ReplicaSet', 'ReplicationController', 'Rollout']);

export function buildKubernetesModel(graph: ResourceGraph): KubernetesModel {
  const objects = readObjects(graph);
  const policies = objects.flatMap((object) => policyOf(object) ?? []);
  const namespaces = new Map<string, { address: string; labels: Labels; declared: boolean }>();
  for (const { kind, name, address, labels } of objects) {
    if (kind === 'Namespace') namespaces.set(name, { address, declared: true, labels: { ...labels, 'kubernetes.io/metadata.name': name } });
  }
  for (const { namespace, address } of [...policies.map(({ object }) => object), ...objects.filter(({ kind }) => WORKLOADS.has(kind))]) {
    if (!namespaces.has(namespace)) namespaces.set(namespace, { address, declared: false, labels: { 'kubernetes.io/metadata.name': namespace } });
  }
  const pods = identitiesOf(objects, policies);
  const byNamespace = groupBy(pods, ({ namespace }) => namespace);
  const policiesByNamespace = groupBy(policies, ({ object }) => object.namespace);
  const namesOf = (peer: RulePeer, { policy }: PolicyRule): readonly string[] => {
    if (peer.kind !== 'pods') return [];
    const { 'kubernetes.io/metadata.name': named, ...others } = matchLabels(peer.namespaces);
    // Nearly every selector names one namespace, which needs no search.
    if (named !== undefined && Object.keys(others).length === 0 && isPlain(peer.namespaces)) return namespaces.has(named) ? [named] : [];
    return peer.namespaces === undefined ? [policy.object.namespace] : [...namespaces].filter(([, { labels }]) => selects(peer.namespaces, labels)).map(([name]) => name);
  };
  const matching = (name: string, peer: RulePeer) => (
    peer.kind === 'pods' ? (byNamespace.get(name) ?? []).filter(({ labels }) => peer.pods === undefined || selects(peer.pods, labels)) : []
  );
  // Asked for every pair of pods, and the same every time.
  const meant = new Map<RulePeer, readonly PodIdentity[]>();
  const closing = { ingress: new Map<PodIdentity, readonly ClusterPolicy[]>(), egress: new Map<PodIdentity, readonly ClusterPolicy[]>() };
  const model: Omit<KubernetesModel, 'connections'> = {
    places: [],
    namespaces,
    policies,
    pods,
    policiesOf: (pod, direction) => remembered(closing[direction], pod, () => (
      (policiesByNamespace.get(pod.namespace) ?? []).filter((policy) => policy.closes.includes(direction) && selects(policy.selector, pod.labels))
    )),
    podsOf: (peer, rule) => remembered(meant, peer, () => namesOf(peer, rule).flatMap((name) => matching(name, peer))),
    standInsOf: (peer, rule) => namesOf(peer, rule).flatMap((name) => {
      const known = matching(name, peer);
      return known.length > 0 || peer.kind !== 'pods' ? known : [wouldBe(name, peer.pods, namespaces.get(name)?.address ?? '')];
    }),
  };
  return { ...model, connections: connectionsOf(model) };
}

/** Pods that a rule speaks of and nothing else does: the namespace's own rules hold for them. */
function wouldBe(namespace: string, selector: Json | undefined, address: string): PodIdentity {
  const labels = matchLabels(selector);
  const texts = Object.entries(labels).map(([key, value]) => `${key}=${value}`).sort();
  return { namespace, labels, id: `${namespace}/${texts.join(',') || '*'}`, address, known: false };
}

/** Workloads; and where there is none for it, what a policy selects. */
function identitiesOf(objects: readonly KubernetesObject[], policies: readonly ClusterPolicy[]): readonly PodIdentity[] {
  const workloads = objects.filter(({ kind }) => WORKLOADS.has(kind)).map((object): PodIdentity => ({
    namespace: object.namespace, labels: podLabels(object), id: `${object.namespace}/${object.name}`, address: object.address, known: true,
  }));
  const spoken = new Map<string, PodIdentity>();
  for (const { object, selector } of policies) {
    const labels = matchLabels(selector);
    if (isEmpty(selector) || Object.keys(labels).length === 0) continue;
    if (workloads.some((pod) => pod.namespace === object.namespace && selects(selector, pod.labels))) continue;
    const id = `${object.namespace}/${Object.entries(labels).map(([key, value]) => `${key}=${value}`).sort().join(',')}`;
    if (!spoken.has(id)) spoken.set(id, { namespace: object.namespace, labels, id, address: object.address, known: false });
  }
  return [...workloads, ...spoken.values()].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

function podLabels({ kind, labels, spec }: KubernetesObject): Labels {
  if (kind === 'Pod') return labels;
  const template = within(kind === 'CronJob' ? within(within(spec, 'jobTemplate'), 'spec') : spec, 'template');
  return texts(own(within(template, 'metadata'), 'labels'));
}

function within(object: JsonObject, key: string): JsonObject {
  const value = own(object, key);
  return isObject(value) ? value : {};
}

function policyOf(object: KubernetesObject): ClusterPolicy | undefined {
  const { spec } = object;
  const make = (selector: Json, closes: ClusterPolicy['closes'], rules: (policy: ClusterPolicy) => readonly PolicyRule[]): ClusterPolicy => {
    const denies = list(own(spec, 'egressDeny')).flatMap((rule) => [...textList(own(rule, 'toCIDR')), ...list(own(rule, 'toCIDRSet')).map((set) => String(own(set, 'cidr')))]);
    const policy = { object, selector, closes, denies, selectsAll: isEmpty(selector), rules: [] as readonly PolicyRule[] };
    policy.rules = rules(policy);
    return policy;
  };
  switch (object.kind) {
    case 'NetworkPolicy': {
      const types = own(spec, 'policyTypes');
      // Left out, the types follow from what is there; ingress always counts.
      const names = isList(types) && types.length > 0 ? types : ['Ingress', ...(isList(own(spec, 'egress')) ? ['Egress'] : [])];
      return make(own(spec, 'podSelector') ?? {}, (['ingress', 'egress'] as const).filter((each) => names.includes(each === 'ingress' ? 'Ingress' : 'Egress')), (policy) => [
        ...list(own(spec, 'ingress')).map((rule) => networkRule(policy, 'ingress', rule, own(rule, 'from'))),
        ...list(own(spec, 'egress')).map((rule) => networkRule(policy, 'egress', rule, own(rule, 'to'))),
      ]);
    }
    case 'CiliumNetworkPolicy': {
      const closes = (['ingress', 'egress'] as const).filter((each) => isList(own(spec, each)) || isList(own(spec, `${each}Deny`)));
      return make(own(spec, 'endpointSelector') ?? {}, closes, (policy) => [
        ...list(own(spec, 'ingress')).map((rule) => ciliumRule(policy, 'ingress', rule)),
        ...list(own(spec, 'egress')).map((rule) => ciliumRule(policy, 'egress', rule)),
      ]);
    }
    case 'FQDNNetworkPolicy':
      return make(own(spec, 'podSelector') ?? {}, ['egress'], (policy) => list(own(spec, 'egress')).map((rule) => ({
        policy, direction: 'egress', ports: portSpans(own(rule, 'ports')), dnsNames: false, peers: [{ kind: 'names', names: namesIn(own(rule, 'matches'), ['name', 'pattern']) }],
      })));
    default: return undefined;
  }
}

function networkRule(policy: ClusterPolicy, direction: PolicyRule['direction'], rule: JsonObject, peers: Json | undefined): PolicyRule {
  const named = list(peers).map((peer): RulePeer => {
    const block = own(peer, 'ipBlock');
    if (isObject(block)) return { kind: 'block', cidr: String(own(block, 'cidr')), except: textList(own(block, 'except')) };
    return { kind: 'pods', namespaces: own(peer, 'namespaceSelector'), pods: own(peer, 'podSelector') };
  });
  return { policy, direction, peers: named.length > 0 ? named : [{ kind: 'anything' }], ports: portSpans(own(rule, 'ports')), dnsNames: false };
}

function ciliumRule(policy: ClusterPolicy, direction: PolicyRule['direction'], rule: JsonObject): PolicyRule {
  const side = direction === 'ingress' ? 'from' : 'to';
  const toPorts = own(rule, 'toPorts');
  const peers: RulePeer[] = [
    ...list(own(rule, `${side}Endpoints`)).map((selector): RulePeer => ciliumPods(selector, policy.object.namespace)),
    ...textList(own(rule, `${side}CIDR`)).map((cidr): RulePeer => ({ kind: 'block', cidr, except: [] })),
    ...list(own(rule, `${side}CIDRSet`)).map((set): RulePeer => ({ kind: 'block', cidr: String(own(set, 'cidr')), except: textList(own(set, 'except')) })),
    ...textList(own(rule, `${side}Entities`)).map((entity): RulePeer => ({ kind: 'entity', entity })),
    ...(isList(own(rule, 'toFQDNs')) ? [{ kind: 'names' as const, names: namesIn(own(rule, 'toFQDNs'), ['matchName', 'matchPattern']) }] : []),
  ];
  const says = [`${side}Endpoints`, `${side}CIDR`, `${side}CIDRSet`, `${side}Entities`, 'toFQDNs', 'toServices', 'toNodes', 'toGroups', 'fromNodes'].some((key) => own(rule, key) !== undefined);
  return {
    policy,
    direction,
    peers: says ? peers : [{ kind: 'anything' }],
    ports: ciliumSpans(toPorts),
    dnsNames: list(toPorts).some((each) => isObject(own(each, 'rules')) && own(own(each, 'rules') as JsonObject, 'dns') !== undefined),
  };
}

/** Cilium writes the namespace as a label; without one, it is the policy's own. */
function ciliumPods(selector: JsonObject, namespace: string): RulePeer {
  const labels = Object.fromEntries(Object.entries(matchLabels(selector)).map(([key, value]) => [key.replace(/^(k8s|any)[:.]/, ''), value]));
  const { 'io.kubernetes.pod.namespace': named, ...pods } = labels;
  return { kind: 'pods', namespaces: { matchLabels: { 'kubernetes.io/metadata.name': named ?? namespace } }, pods: { matchLabels: pods } };
}

function namesIn(value: Json | undefined, keys: readonly string[]): readonly string[] {
  return list(value).flatMap((each) => keys.flatMap((key) => {
    const name = own(each, key);
    return typeof name === 'string' ? [name] : [];
  }));
}

function list(value: Json | undefined): readonly JsonObject[] {
  return isList(value) ? value.filter(isObject) : [];
}

function textList(value: Json | undefined): readonly string[] {
  return isList(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

function remembered<K, V>(known: Map<K, V>, key: K, find: () => V): V {
  const value = known.get(key) ?? find();
  known.set(key, value);
  return value;
}
