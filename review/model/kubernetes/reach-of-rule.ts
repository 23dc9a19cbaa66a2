/** What a rule opens for the pods of its policy after everything that may still refuse it. */
import { coverOf, passed, type OtherSide, type RulesOfPod } from './decision';
import type { KubernetesModel } from './kubernetes-model';
import type { ClusterPolicy, PolicyRule } from './policies';
import { commonSpans, type PortSpan } from './ports';
import { matchLabels } from './selectors';
import { podsId, type PodIdentity } from './workloads';

/** Ports that an allowing rule opens to the other side, for any of the pods that its policy may be for. */
export function reachOf(rule: PolicyRule, side: OtherSide, model: KubernetesModel): readonly PortSpan[] {
  // What others let through or pass on besides is none of its own.
  if (coverOf(rule, side, side.kind === 'addresses' ? side.ranges : undefined, model.isMember) === 'none') return [];
  return barest(rule.policy, model).flatMap((pods) => {
    return commonSpans(passed(onlyWith(rule, model.rulesOf(pods, rule.direction)), side, model.isMember).spans, rule.ports);
  });
}

/** The rules of a pod as if this one were the last that allows: what comes before it, and may refuse or pass. */
export function onlyWith(rule: PolicyRule, { tiers }: RulesOfPod): RulesOfPod {
  const { policy } = rule;
  const before = tiers.filter(({ order, name }) => name !== policy.tier && order < policy.tierOrder);
  const own = tiers.find(({ name }) => name === policy.tier)?.rules ?? [];
  const position = own.findIndex((each) => each.policy === policy && each.ports === rule.ports && each.action === rule.action);
  const ahead = own.slice(0, position < 0 ? own.length : position).filter(({ action, policy: other }) => action !== 'allow' && (position >= 0 || other.priority <= policy.priority || other.object.group === 'cilium.io'));
  return { tiers: [...before, { name: policy.tier, order: policy.tierOrder, rules: [...ahead, rule], isClosed: true }], isClosed: true };
}

const kept = new WeakMap<ClusterPolicy, readonly PodIdentity[]>();

/** Pods with no more labels than the policy asks for: nobody that it selects is refused less. */
function barest(policy: ClusterPolicy, { namespaces }: KubernetesModel): readonly PodIdentity[] {
  let pods = kept.get(policy);
  if (!pods) {
    const { subject, object: { address } } = policy;
    const labels = matchLabels(subject.pods);
    const names = subject.namespace !== undefined ? [subject.namespace] : namespaces.size > 0 ? [...namespaces.keys()] : [''];
    kept.set(policy, (pods = names.map((namespace): PodIdentity => ({ namespace, labels, id: podsId(namespace, labels), address, known: false, onHost: false }))));
  }
  return pods;
}
