/**
 * Labels that Cilium leaves out of the identity of pods: by default, or by a list of its own. To its policies no pod has them,
 * whatever the API server says: what asks for one selects nobody, and what asks for its absence everybody.
 * https://docs.cilium.io/en/stable/operations/performance/scalability/identity-relevant-labels/
 */
import { isObject, own, ownObjects, ownText, type Json, type JsonObject } from '../../plan/json';
import { policyWith, type ClusterPolicy, type RulePeer } from './policies';

/** `app.kubernetes.io/…` is none of them. */
const IGNORED = /^(io\.kubernetes|kubernetes\.io|.*beta\.kubernetes\.io|k8s\.io|pod-template-generation|pod-template-hash|controller-revision-hash|annotation|etcd_node)/;

/** Whether pods have a label to Cilium. */
export type KeptLabels = (key: string) => boolean;

const BY_DEFAULT: KeptLabels = (key) => !IGNORED.test(key);

/** What a list of one's own stands beside. */
const KEPT = ['io\\.kubernetes\\.pod\\.namespace', 'io\\.cilium\\.k8s\\.namespace\\.labels', 'app\\.kubernetes\\.io'];

/**
 * What a list of one's own keeps: patterns, of which those with an exclamation mark leave out. Once one says what to keep, nothing
 * else is kept; of two that match, the longer counts. https://github.com/cilium/cilium/blob/main/pkg/labelsfilter/filter.go
 *
 * @param list undefined for one that is not known: it may keep nothing
 */
export function keptBy(list: string | undefined): KeptLabels {
  if (list === undefined) return () => false;
  const patterns = list.split(/\s+/).filter((each) => each !== '').map((each) => {
    const [, leavesOut, text = ''] = /^(?:[^:]*:)?(!?)(.*)$/.exec(each) ?? [];
    return { leavesOut: leavesOut === '!', length: lengthOf(text) };
  });
  if (patterns.length === 0) return BY_DEFAULT;
  const isListed = patterns.some(({ leavesOut }) => !leavesOut);
  const all = [...patterns, ...KEPT.map((text) => ({ leavesOut: false, length: lengthOf(text) }))];
  return (key) => {
    const [out, kept] = [true, false].map((side) => all.filter(({ leavesOut }) => leavesOut === side).map(({ length }) => length(key)).filter((length) => length > 0));
    const shortest = Math.min(...(out as readonly number[]), ...(BY_DEFAULT(key) ? [] : [IGNORED.exec(key)?.[0].length ?? 0]), Infinity);
    return (!isListed && shortest === Infinity) || Math.max(0, ...(kept as readonly number[])) > (shortest === Infinity ? 0 : shortest);
  };
}

/** How much of the beginning of a key a pattern matches; 0 for none, and for one that is none. */
function lengthOf(text: string): (key: string) => number {
  try {
    const pattern = new RegExp(text);
    return (key) => {
      const found = pattern.exec(key);
      return found?.index === 0 ? found[0].length : 0;
    };
  } catch {
    return () => 0;
  }
}

const NAMESPACE = 'kubernetes.io/metadata.name';

/** Labels of namespaces are some of the pods' own to it. */
function namespaceLabel(key: string): string {
  return key === NAMESPACE ? 'io.kubernetes.pod.namespace' : `io.cilium.k8s.namespace.labels.${key}`;
}

/** The policy as Cilium may take it: for no fewer pods than it does, and for none of them for certain where it asks for such labels. */
export function withoutIgnored(policy: ClusterPolicy, isKept: KeptLabels = BY_DEFAULT): ClusterPolicy {
  const ofNamespace: KeptLabels = isKept === BY_DEFAULT ? () => true : (key) => isKept(namespaceLabel(key));
  const subject = without(policy.subject.pods, isKept);
  const isVague = subject !== undefined || without(policy.subject.namespaces, ofNamespace) !== undefined;
  const peers = policy.rules.map((rule) => rule.peers.map((peer) => peerWithout(peer, isKept, ofNamespace)));
  if (!isVague && peers.every((each, index) => each.every((peer, at) => peer === policy.rules[index]?.peers[at]))) return policy;
  const { rules, ...rest } = policy;
  return policyWith({ ...rest, ...(isVague ? { subject: { ...policy.subject, ...(subject === undefined ? {} : { pods: subject }), vague: true } } : {}) }, (made) => rules.map((rule, index) => ({ ...rule, policy: made, peers: peers[index] ?? [] })));
}

function peerWithout(peer: RulePeer, isKept: KeptLabels, ofNamespace: KeptLabels): RulePeer {
  if (peer.kind !== 'pods') return peer;
  const pods = without(peer.pods, isKept);
  return pods === undefined && without(peer.namespaces, ofNamespace) === undefined ? peer : { ...peer, ...(pods === undefined ? {} : { pods }), vague: true };
}

/** Undefined where it asks for none of them. */
function without(selector: Json | undefined, isKept: KeptLabels): JsonObject | undefined {
  if (!isObject(selector)) return undefined;
  const [labels, expressions] = [own(selector, 'matchLabels'), ownObjects(selector, 'matchExpressions')];
  const wanted = Object.entries(isObject(labels) ? labels : {});
  const kept = { labels: wanted.filter(([key]) => isKept(key)), expressions: expressions.filter((each) => isKept(ownText(each, 'key') ?? '')) };
  if (kept.labels.length === wanted.length && kept.expressions.length === expressions.length) return undefined;
  // A version, or a list, that keeps the label selects whoever has it; who lacks it is none of them either way.
  const positive = expressions.filter((each) => isKept(ownText(each, 'key') ?? '') || /^(In|Exists)$/.test(ownText(each, 'operator') ?? ''));
  return { ...(wanted.length > 0 ? { matchLabels: Object.fromEntries(wanted) } : {}), ...(positive.length > 0 ? { matchExpressions: positive } : {}) };
}
