import type { Check } from '../check';
import { ingressFrom } from '../../model/kubernetes/connections';
import type { KubernetesModel } from '../../model/kubernetes/kubernetes-model';
import { policyName } from '../../model/kubernetes/policies';
import { commonSpans, spanTexts } from '../../model/kubernetes/ports';

export const check: Check<KubernetesModel> = {
  id: 'one-sided-egress',
  title: 'egress without the matching ingress',
  severity: 'medium',
  why: 'Both ends have to agree. Pods may call others whose own policies refuse them, so the calls time out.',
  fix: "Add an ingress rule for these callers to the policy of the pods that are called, or remove the egress.",
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation'],
  comparable: [],
  *run({ model }) {
    for (const policy of model.policies) {
      const callers = model.podsUnder(policy);
      for (const rule of policy.rules.filter(({ direction, action }) => direction === 'egress' && action === 'allow')) {
        for (const peer of rule.peers) {
          const callees = model.standInsOf(peer, rule).filter((callee) => !callers.includes(callee) || callers.length > 1);
          if (callers.length === 0 || callees.length === 0) continue;
          const some = callers.some((caller) => callees.some((callee) => commonSpans(rule.ports, ingressFrom(caller, callee, model)).length > 0));
          if (!some) yield { address: policy.object.address, message: `${policyName(policy)} lets pods call ${callees.map(({ id }) => id).join(', ')} on ${spanTexts(rule.ports).join(', ')}, whose own policies refuse it` };
        }
      }
    }
  },
};
