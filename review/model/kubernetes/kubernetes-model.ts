/** What a plan or a folder says of a cluster: namespaces, pods, and the rules that hold for them. */
import { groupBy } from '../../group-by';
import type { Place } from '../network-model';
import { ownObjects, ownText, type Json, type JsonObject } from '../../plan/json';
import type { ResourceGraph } from '../../plan/resource-graph';
import { around, clustersIn, type Cluster } from './clusters';
import { azureGaps } from './azure-gaps';
import { calicoGaps } from './calico-gaps';
import { calicoLabels } from './calico-policy';
import { connectionsOf, type Connection } from './connections';
import { NO_RULES, type Membership, type RulesOfPod, type Tier } from './decision';
import { eksGaps, familyGaps } from './eks-gaps';
import { bringsEngine, unenforcedIn, type Unenforced } from './enforcement';
import { nodeGaps } from './node-gaps';
import { keptBy } from './ignored-labels';
import { podEgressOf, type PodEgress } from './pod-egress';
import { readObjects, type HiddenObjects, type KubernetesObject } from './objects';
import { takenIn } from './other-engines';
import { isCilium } from './overselected';
import type { ClusterPolicy, Direction, PolicyRule, RulePeer } from './policies';
import { readPolicies } from './read-policies';
import { withRelays } from './relays';
import { isEmpty, isPlain, matches, matchLabels, type Labels } from './selectors';
import { labelList } from './switched-off';
import { unreadIn, unreadPlace } from './unread-policies';
import { podsId, podsIn, type PodIdentity } from './workloads';

export interface Namespace {
  readonly address: string;
  readonly labels: Labels;
  /** Whether the input holds it, with all of its labels; else nobody knows them but its name. */
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
  /** Clusters of this input that enforce no policy; none where it has no policies. */
  readonly unenforced: readonly Unenforced[];
  /** As they stand in the input. */
  readonly objects: readonly KubernetesObject[];
  /** Whether something else than pod security may refuse pods. */
  readonly hasOtherAdmission: boolean;
  /** Who may talk to whom. */
  readonly connections: readonly Connection[];
  /** What their policies let pods reach on the internet. */
  readonly podEgress: readonly PodEgress[];
  selection(policy: ClusterPolicy, pods: PodIdentity): Selection;
  /** Policies that may select pods of a namespace: its own, and those of the cluster. */
  policiesFor(namespace: string): readonly ClusterPolicy[];
  /** Pods of this input that a policy is for, or may be. */
  podsUnder(policy: ClusterPolicy): readonly PodIdentity[];
  rulesOf(pods: PodIdentity, direction: Direction): RulesOfPod;
  /** The pods of this input that a peer of a rule stands for, or may. */
  podsOf(peer: RulePeer, rule: PolicyRule): readonly PodIdentity[];
  /** The same; where a namespace of this input holds no such pods, one that would have the labels. */
  standInsOf(peer: RulePeer, rule: PolicyRule): readonly PodIdentity[];
  isMember: Membership;
}

const NAME = 'kubernetes.io/metadata.name';
const CALICO_NAME = 'projectcalico.org/name';

/** Labels that every namespace has. */
function nameOf(name: string): Labels {
  return { [NAME]: name, [CALICO_NAME]: name };
}

/** Kyverno, Gatekeeper, Kubewarden and OpenShift. */
const ADMISSION = /(^|\.)(kyverno\.io|gatekeeper\.sh|kubewarden\.io|security\.openshift\.io)$/;

/** One for each cluster. */
export function kubernetesModels(graph: ResourceGraph): readonly KubernetesModel[] {
  return clustersIn(graph).map((cluster) => modelOf(graph, cluster));
}

function modelOf(graph: ResourceGraph, cluster: Cluster): KubernetesModel {
  const { objects, hidden } = readObjects(graph, cluster);
  const surroundings = around(graph, cluster);
  const { policies, unread, partly, doubts: perhaps } = readPolicies(objects, takenIn(surroundings, objects), isCilium(surroundings, objects) ? keptBy(labelList(surroundings, objects)) : undefined);
  const namespaces = new Map<string, Namespace>();
  for (const { kind, name, address, labels, labelsUnknown } of objects) {
    // One whose name is not known is none that anything here could stand in.
    if (kind === 'Namespace' && name !== '') namespaces.set(name, { address, declared: !labelsUnknown, labels: { ...labels, ...nameOf(name) } });
  }
  const pods = podsIn(objects, policies);
  for (const { namespace, address } of [...policies.map(({ object }) => object), ...pods.filter(({ known }) => known)]) {
    if (namespace !== '' && !namespaces.has(namespace)) namespaces.set(namespace, { address, declared: false, labels: nameOf(namespace) });
  }
  const byNamespace = groupBy(pods, ({ namespace }) => namespace);
  const ofNamespace = groupBy(policies.filter(({ subject }) => subject.namespace !== undefined), ({ subject }) => subject.namespace);
  const ofCluster = policies.filter(({ subject }) => subject.namespace === undefined);

  const policiesFor = (namespace: string): readonly ClusterPolicy[] => [...(ofNamespace.get(namespace) ?? []), ...ofCluster];

  const inNamespace = (selector: Json | undefined, name: string): Selection => selectionOf(selector, namespaces.get(name) ?? { address: '', declared: false, labels: nameOf(name) });
  const selection = ({ subject }: ClusterPolicy, pods: PodIdentity): Selection => {
    const { namespace, onHost } = pods;
    if (onHost || (subject.namespace !== undefined && subject.namespace !== namespace)) return 'no';
    const chosen = podsSelected(subject.pods, pods);
    if (chosen === 'no') return 'no';
    const whole = subject.namespace === undefined ? inNamespace(subject.namespaces, namespace) : 'yes';
    return whole === 'yes' && (subject.vague || chosen === 'maybe') ? 'maybe' : whole;
  };
  const rulesFor = (pod: PodIdentity, direction: Direction): RulesOfPod => {
    const found = policiesFor(pod.namespace).map((policy) => ({ policy, how: selection(policy, pod) })).filter(({ how }) => how !== 'no');
    if (found.length === 0) return NO_RULES;
    const isFor = ({ only }: PolicyRule) => only === undefined || (podsSelected(only.pods, pod) !== 'no' && inNamespace(only.namespaces, pod.namespace) !== 'no');
    const tiers = [...groupBy(found, ({ policy }) => policy.tier).values()].map((members) => tierOf(members, direction, isFor)).sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1));
    return { tiers, isClosed: tiers.some(({ isClosed }) => isClosed) };
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
  const isMember: Membership = (peer, { policy }, pods) => {
    const { namespace } = pods;
    const chosen = peer.kind !== 'pods' ? 'no' : peer.pods === undefined ? 'yes' : podsSelected(peer.pods, pods);
    if (peer.kind !== 'pods' || chosen === 'no') return 'no';
    const whole = peer.namespaces === undefined ? (policy.object.namespace === namespace ? 'yes' : 'no') : inNamespace(peer.namespaces, namespace);
    return whole === 'yes' && (peer.vague === true || chosen === 'maybe') ? 'maybe' : whole;
  };

  // Asked for every pair of pods, and the same every time.
  const meant = new Map<RulePeer, readonly PodIdentity[]>();
  const standIns = new Map<RulePeer, readonly PodIdentity[]>();
  const ruling = { ingress: new Map<PodIdentity, RulesOfPod>(), egress: new Map<PodIdentity, RulesOfPod>() };
  // Which of several clusters is meant, no plan says.
  const unenforced = policies.length > 0 ? unenforcedIn(surroundings, objects).map((each) => ({ ...each, certain: each.certain && cluster.isAlone && surroundings.isKnown })) : [];
  const isEnforced = policies.length > 0 && !unenforced.some(({ certain }) => certain);
  const gapOfFamily = isEnforced ? familyGaps(surroundings, objects) : () => undefined;
  const [gapOfEks, gapOfNode] = [isEnforced && !bringsEngine(surroundings, objects) ? eksGaps(surroundings) : () => undefined, isEnforced ? nodeGaps(surroundings, objects) : () => undefined];
  const [gapOfCalico, gapOfAzure] = isEnforced ? [calicoGaps(surroundings, objects), azureGaps(surroundings, policies)] : [() => undefined, () => undefined];
  const doubts = unreadIn(unread, hidden, unenforced, partly, pods, (each) => gapOfEks(each) ?? gapOfNode(each) ?? gapOfFamily(each) ?? gapOfCalico(each) ?? gapOfAzure(each), perhaps);
  const model: Omit<KubernetesModel, 'connections' | 'podEgress'> = {
    places: doubts.map(unreadPlace),
    namespaces,
    objects,
    hasOtherAdmission: objects.some(({ kind, group, spec }) => ADMISSION.test(group) || (kind === 'ValidatingAdmissionPolicy' && JSON.stringify(spec ?? {}).includes('hostNetwork'))),
    policies,
    pods,
    hidden,
    unenforced,
    selection,
    policiesFor,
    podsUnder: (policy) => (policy.subject.namespace === undefined ? pods : byNamespace.get(policy.subject.namespace) ?? []).filter((pod) => selection(policy, pod) !== 'no'),
    rulesOf: (pod, direction) => remembered(ruling[direction], pod, () => rulesFor(pod, direction)),
    podsOf: (peer, rule) => remembered(meant, peer, () => namesOf(peer, rule).flatMap((name) => matching(name, peer))),
    standInsOf: (peer, rule) => remembered(standIns, peer, () => namesOf(peer, rule).flatMap((name) => {
      const known = matching(name, peer);
      // Not one in each namespace for a peer in all of them.
      return known.length > 0 || peer.kind !== 'pods' || isEmpty(peer.namespaces) ? known : [wouldBe(name, peer.pods, namespaces.get(name)?.address ?? '')];
    })),
    isMember,
  };
  const connections = connectionsOf(model);
  const podEgress = withRelays(podEgressOf(pods, connections, doubts), model, isCilium(surroundings, objects));
  if (cluster.name === '') return { ...model, connections, podEgress };
  const ids = new Set(pods.map(({ id }) => id));
  const inCluster = (id: string) => (ids.has(id) ? `${cluster.name}: ${id}` : id);
  return { ...model, connections: connections.map((each) => ({ ...each, from: inCluster(each.from), to: inCluster(each.to) })), podEgress: podEgress.map((each) => ({ ...each, pods: inCluster(each.pods) })) };
}

/** The rules of one tier, from policies that are for a pod, or may be. */
function tierOf(members: readonly { readonly policy: ClusterPolicy; readonly how: Selection }[], direction: Direction, isFor: (rule: PolicyRule) => boolean): Tier {
  const ordered = [...members].sort(({ policy: a }, { policy: b }) => a.priority - b.priority || (a.object.name < b.object.name ? -1 : 1));
  const rules = [...groupBy(ordered, ({ policy }) => policy.priority).values()].flatMap((peers) => {
    const own = peers.flatMap(({ policy, how }) => policy.rules.filter((rule) => rule.direction === direction && isFor(rule) && (how === 'yes' || rule.action !== 'deny')).map((rule) => (how === 'yes' ? rule : uncertain(rule))));
    // Of policies with the same priority nobody knows which comes first: each that lets through may.
    return isOrdered(peers.map(({ policy }) => policy)) || !own.some((rule) => rule.action === 'deny' && !wins(rule)) ? own : [...own.filter(({ action }) => action !== 'deny').map(uncertain), ...own];
  });
  const { tier: name, tierOrder: order } = (members[0] as (typeof members)[number]).policy;
  return {
    name,
    order,
    rules: [...rules.filter(wins), ...rules.filter((rule) => !wins(rule))],
    isClosed: members.some(({ policy, how }) => how === 'yes' && policy.passes !== true && policy.closes.includes(direction)),
  };
}

/** Calico asks policies of one kind and of one order by their names. https://docs.tigera.io/calico/latest/reference/resources/globalnetworkpolicy */
function isOrdered([first, ...others]: readonly ClusterPolicy[]): boolean {
  return others.every(({ object: { group, namespace } }) => group.endsWith('projectcalico.org') && group === first?.object.group && namespace === first.object.namespace);
}

/** A deny of Cilium comes before every allow of its tier. */
function wins({ action, policy }: PolicyRule): boolean {
  return action === 'deny' && policy.object.group === 'cilium.io';
}

/** An allow or a pass that is perhaps not for the pod: it may let through, and keeps nothing from what comes after. */
function uncertain(rule: PolicyRule): PolicyRule {
  return { ...rule, uncertain: true };
}

/** Labels that are not known may be any. */
function podsSelected(selector: Json, { namespace, labels, labelsUnknown = false }: Pick<PodIdentity, 'namespace' | 'labels' | 'labelsUnknown'>): Selection {
  if (labelsUnknown && !isEmpty(selector)) return 'maybe';
  return matches(selector, ownText(selector, 'expression') === undefined ? labels : { ...labels, ...calicoLabels(namespace) });
}

/** Labels of a namespace that the input does not hold may be anything but its name. */
function selectionOf(selector: Json | undefined, { labels, declared }: Namespace): Selection {
  const how = matches(selector, labels);
  if (how === 'maybe') return 'maybe';
  if (how === 'yes') return declared || isEmpty(selector) || onlyByName(selector) ? 'yes' : 'maybe';
  return declared || onlyByName(selector) || refusedByName(selector, labels) ? 'no' : 'maybe';
}

function onlyByName(selector: Json | undefined): boolean {
  return ownText(selector, 'expression') === undefined && [...Object.keys(matchLabels(selector)), ...expressionsOf(selector).map((each) => ownText(each, 'key'))].every((key) => key === NAME);
}

function expressionsOf(selector: Json | undefined): readonly JsonObject[] {
  return ownObjects(selector, 'matchExpressions');
}

function refusedByName(selector: Json | undefined, labels: Labels): boolean {
  return [NAME, CALICO_NAME].some((key) => {
    const named = matchLabels(selector)[key];
    return named !== undefined && named !== labels[key];
  }) || matches({ matchExpressions: expressionsOf(selector).filter((each) => ownText(each, 'key') === NAME) }, labels) === 'no';
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
