/** What a rule opens for the pods of its policy after everything that may still refuse it. */
import { NO_RULES, passed, type OtherSide } from './decision';
import type { KubernetesModel } from './kubernetes-model';
import type { ClusterPolicy, PolicyRule } from './policies';
import { commonSpans, type PortSpan } from './ports';
import { matchLabels } from './selectors';
import { podsId, type PodIdentity } from './workloads';

/** Ports that an allowing rule opens to the other side, for any of the pods that its policy may be for. */
export function reachOf(rule: PolicyRule, side: OtherSide, model: KubernetesModel): readonly PortSpan[] {
  return barest(rule.policy, model).flatMap((pods) => {
    const rules = model.rulesOf(pods, rule.direction);
    const asked = rule.policy.tier === 'namespaced' ? rules : NO_RULES;
    return commonSpans(passed({ ...asked, allows: [rule], isClosed: true }, side, model.isMember).spans, rule.ports);
  });
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
