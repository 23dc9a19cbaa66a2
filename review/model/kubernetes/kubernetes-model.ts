/** What a plan or a folder says of a cluster: namespaces, pods, and the rules that hold for them. */
import { groupBy } from '../../group-by';
import type { Place } from '../network-model';
import type { Json } from '../../plan/json';
import type { ResourceGraph } from '../../plan/resource-graph';
import { connectionsOf, type Connection } from './connections';
import { NO_RULES, type Membership, type RulesOfPod } from './decision';
import { readObjects, type HiddenObjects } from './objects';
import type { ClusterPolicy, Direction, PolicyRule, RulePeer } from './policies';
import { readPolicies } from './read-policies';
import { isEmpty, isPlain, matchLabels, selects, type Labels } from './selectors';
import { unreadPlaces } from './unread-policies';
import { isWorkload, podsId, podsIn, type PodIdentity } from './workloads';

export interface Namespace {
  readonly address: string;
  readonly labels: Labels;
  /** Whether the input holds it; else nobody knows its labels but its name. */
  readonly declared: boolean;
}

/** Whether a policy is for pods: `maybe` by labels that the input does not hold. */
export type Selection = 'yes' | 'maybe' | 'no';

export interface KubernetesModel {
  /** No way to the internet is told from inside a cluster, which is the network's part: only what nobody can read has a place here, whose fate is unknown. */
  readonly places: readonly Place[];
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly policies: readonly ClusterPolicy[];
  readonly pods: readonly PodIdentity[];
  /** Resources that make objects which the input does not hold. */
  readonly hidden: readonly HiddenObjects[];
  /** Who may talk to whom. */
  readonly connections: readonly Connection[];
  selection(policy: ClusterPolicy, pods: PodIdentity): Selection;
  /** Namespaced policies that close the pods for certain. */
  policiesOf(pods: PodIdentity, direction: Direction): readonly ClusterPolicy[];
  rulesOf(pods: PodIdentity, direction: Direction): RulesOfPod;
  /** The pods of this input that a peer of a rule stands for, or may. */
  podsOf(peer: RulePeer, rule: PolicyRule): readonly PodIdentity[];
  /** The same; where a namespace of this input holds no such pods, one that would have the labels. */
  standInsOf(peer: RulePeer, rule: PolicyRule): readonly PodIdentity[];
  isMember: Membership;
}

const NAME = 'kubernetes.io/metadata.name';

export function buildKubernetesModel(graph: ResourceGraph): KubernetesModel {
  const { objects, hidden } = readObjects(graph);
  const { policies, unread } = readPolicies(objects);
  const workloads = objects.filter(isWorkload);
  const namespaces = new Map<string, Namespace>();
  for (const { kind, name, address, labels } of objects) {
    if (kind === 'Namespace') namespaces.set(name, { address, declared: true, labels: { ...labels, [NAME]: name } });
  }
  for (const { namespace, address } of [...policies.map(({ object }) => object), ...workloads]) {
    if (namespace !== '' && !namespaces.has(namespace)) namespaces.set(namespace, { address, declared: false, labels: { [NAME]: namespace } });
  }
  const pods = podsIn(workloads, policies);
  const byNamespace = groupBy(pods, ({ namespace }) => namespace);
  const ofNamespace = groupBy(policies.filter(({ subject }) => subject.namespace !== undefined), ({ subject }) => subject.namespace);
  const ofCluster = policies.filter(({ subject }) => subject.namespace === undefined);

  const inNamespace = (selector: Json | undefined, name: string): Selection => selectionOf(selector, namespaces.get(name) ?? { address: '', declared: false, labels: { [NAME]: name } });
  const selection = ({ subject }: ClusterPolicy, { namespace, onHost, ...pods }: PodIdentity): Selection => {
    const chosen = podsSelected(subject.pods, pods);
    if (onHost || chosen === 'no' || (subject.namespace !== undefined && subject.namespace !== namespace)) return 'no';
    const whole = subject.namespace === undefined ? inNamespace(subject.namespaces, namespace) : 'yes';
    return whole === 'yes' && (subject.vague || chosen === 'maybe') ? 'maybe' : whole;
  };
  const rulesFor = (pod: PodIdentity, direction: Direction): RulesOfPod => {
    const found = [...(ofNamespace.get(pod.namespace) ?? []), ...ofCluster].map((policy) => ({ policy, how: selection(policy, pod) })).filter(({ how }) => how !== 'no');
    if (found.length === 0) return NO_RULES;
    const rules = (tier: ClusterPolicy['tier'], isWanted: (action: PolicyRule['action']) => boolean) => found.filter(({ policy }) => policy.tier === tier)
      // Of policies with the same priority nobody knows which comes first: one that allows does.
      .sort(({ policy: a }, { policy: b }) => a.priority - b.priority || Number(allows(b)) - Number(allows(a)))
      .flatMap(({ policy, how }) => policy.rules.filter((rule) => rule.direction === direction && isWanted(rule.action)).map((rule) => (how === 'yes' ? rule : rule.action === 'deny' ? undefined : uncertain(rule))))
      .filter((rule) => rule !== undefined);
    return {
      admin: rules('admin', () => true),
      allows: rules('namespaced', (action) => action === 'allow'),
      denies: rules('namespaced', (action) => action === 'deny'),
      baseline: rules('baseline', () => true),
      isClosed: found.some(({ policy, how }) => how === 'yes' && policy.tier === 'namespaced' && policy.closes.includes(direction)),
    };
  };
  const namesOf = (peer: RulePeer, { policy }: PolicyRule): readonly string[] => {
    if (peer.kind !== 'pods') return [];
    if (peer.namespaces === undefined) return [policy.object.namespace];
    const { [NAME]: named, ...others } = matchLabels(peer.namespaces);
    // Nearly every selector names one namespace, which needs no search.
    if (named !== undefined && Object.keys(others).length === 0 && isPlain(peer.namespaces)) return namespaces.has(named) ? [named] : [];
    return [...namespaces.keys()].filter((name) => inNamespace(peer.namespaces, name) !== 'no');
  };
  const matching = (name: string, peer: RulePeer) => (
    peer.kind === 'pods' ? (byNamespace.get(name) ?? []).filter((pod) => !pod.onHost && (peer.pods === undefined || podsSelected(peer.pods, pod) !== 'no')) : []
  );
  const isMember: Membership = (peer, { policy }, { namespace, ...pods }) => {
    const chosen = peer.kind !== 'pods' ? 'no' : peer.pods === undefined ? 'yes' : podsSelected(peer.pods, pods);
    if (peer.kind !== 'pods' || chosen === 'no') return 'no';
    const whole = peer.namespaces === undefined ? (policy.object.namespace === namespace ? 'yes' : 'no') : inNamespace(peer.namespaces, namespace);
    return whole === 'yes' && (peer.vague === true || chosen === 'maybe') ? 'maybe' : whole;
  };

  // Asked for every pair of pods, and the same every time.
  const meant = new Map<RulePeer, readonly PodIdentity[]>();
  const standIns = new Map<RulePeer, readonly PodIdentity[]>();
  const closing = { ingress: new Map<PodIdentity, readonly ClusterPolicy[]>(), egress: new Map<PodIdentity, readonly ClusterPolicy[]>() };
  const ruling = { ingress: new Map<PodIdentity, RulesOfPod>(), egress: new Map<PodIdentity, RulesOfPod>() };
  const model: Omit<KubernetesModel, 'connections'> = {
    places: unreadPlaces(unread, hidden, [...new Set(policies.map(({ object }) => object))].filter(({ unknown }) => unknown)),
    namespaces,
    policies,
    pods,
    hidden,
    selection,
    policiesOf: (pod, direction) => remembered(closing[direction], pod, () => (
      [...(ofNamespace.get(pod.namespace) ?? []), ...ofCluster].filter((policy) => policy.tier === 'namespaced' && policy.closes.includes(direction) && selection(policy, pod) === 'yes')
    )),
    rulesOf: (pod, direction) => remembered(ruling[direction], pod, () => rulesFor(pod, direction)),
    podsOf: (peer, rule) => remembered(meant, peer, () => namesOf(peer, rule).flatMap((name) => matching(name, peer))),
    standInsOf: (peer, rule) => remembered(standIns, peer, () => namesOf(peer, rule).flatMap((name) => {
      const known = matching(name, peer);
      return known.length > 0 || peer.kind !== 'pods' ? known : [wouldBe(name, peer.pods, namespaces.get(name)?.address ?? '')];
    })),
    isMember,
  };
  return { ...model, connections: connectionsOf(model) };
}

function allows({ rules }: ClusterPolicy): boolean {
  return rules.some(({ action }) => action === 'allow');
}

/** An allow or a pass that is perhaps not for the pod: it may let through, and keeps nothing from what comes after. */
function uncertain(rule: PolicyRule): PolicyRule {
  return { ...rule, uncertain: true };
}

/** Labels that are not known may be any. */
function podsSelected(selector: Json, { labels, labelsUnknown = false }: Pick<PodIdentity, 'labels' | 'labelsUnknown'>): Selection {
  const isSelected = selects(selector, labels);
  return labelsUnknown && !isEmpty(selector) ? 'maybe' : isSelected ? 'yes' : 'no';
}

/** Labels of a namespace that the input does not hold may be anything but its name. */
function selectionOf(selector: Json | undefined, { labels, declared }: Namespace): Selection {
  if (selects(selector, labels)) return declared || isEmpty(selector) || onlyByName(selector) ? 'yes' : 'maybe';
  return declared || onlyByName(selector) || refusedByName(selector, labels) ? 'no' : 'maybe';
}

function onlyByName(selector: Json | undefined): boolean {
  return isPlain(selector) && Object.keys(matchLabels(selector)).every((key) => key === NAME);
}

function refusedByName(selector: Json | undefined, labels: Labels): boolean {
  const named = matchLabels(selector)[NAME];
  return named !== undefined && named !== labels[NAME];
}

/** Pods that a rule speaks of and nothing else does: the namespace's own rules hold for them. */
function wouldBe(namespace: string, selector: Json | undefined, address: string): PodIdentity {
  const labels = matchLabels(selector);
  return { namespace, labels, id: podsId(namespace, labels), address, known: false, onHost: false };
}

function remembered<K, V>(known: Map<K, V>, key: K, find: () => V): V {
  const value = known.get(key) ?? find();
  known.set(key, value);
  return value;
}
