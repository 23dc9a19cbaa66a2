/**
 * Labels that Cilium leaves out of the identity of pods unless it is told otherwise: to its policies no pod has them, whatever
 * the API server says. What asks for one selects nobody, and what asks for its absence everybody.
 * https://docs.cilium.io/en/stable/operations/performance/scalability/identity-relevant-labels/
 */
import { isObject, own, ownObjects, ownText, type Json, type JsonObject } from '../../plan/json';
import { policyWith, type ClusterPolicy, type RulePeer } from './policies';

/** `app.kubernetes.io/…` is none of them. */
const IGNORED = /^(io\.kubernetes|kubernetes\.io|.*beta\.kubernetes\.io|k8s\.io|pod-template-generation|pod-template-hash|controller-revision-hash|annotation|etcd_node)/;

/** The policy as Cilium may take it: for no fewer pods than it does, and for none of them for certain where it asks for such labels. */
export function withoutIgnored(policy: ClusterPolicy): ClusterPolicy {
  const subject = without(policy.subject.pods);
  const peers = policy.rules.map((rule) => rule.peers.map(peerWithout));
  if (subject === undefined && peers.every((each, index) => each.every((peer, at) => peer === policy.rules[index]?.peers[at]))) return policy;
  const { rules, ...rest } = policy;
  return policyWith({ ...rest, ...(subject === undefined ? {} : { subject: { ...policy.subject, pods: subject, vague: true } }) }, (made) => rules.map((rule, index) => ({ ...rule, policy: made, peers: peers[index] ?? [] })));
}

function peerWithout(peer: RulePeer): RulePeer {
  const pods = peer.kind === 'pods' ? without(peer.pods) : undefined;
  return pods === undefined || peer.kind !== 'pods' ? peer : { ...peer, pods, vague: true };
}

/** Undefined where it asks for none of them. */
function without(selector: Json | undefined): JsonObject | undefined {
  if (!isObject(selector)) return undefined;
  const [labels, expressions] = [own(selector, 'matchLabels'), ownObjects(selector, 'matchExpressions')];
  const wanted = Object.entries(isObject(labels) ? labels : {});
  const kept = { labels: wanted.filter(([key]) => !IGNORED.test(key)), expressions: expressions.filter((each) => !IGNORED.test(ownText(each, 'key') ?? '')) };
  if (kept.labels.length === wanted.length && kept.expressions.length === expressions.length) return undefined;
  return { ...(kept.labels.length > 0 ? { matchLabels: Object.fromEntries(kept.labels) } : {}), ...(kept.expressions.length > 0 ? { matchExpressions: kept.expressions } : {}) };
}
