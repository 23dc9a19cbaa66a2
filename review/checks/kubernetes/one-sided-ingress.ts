import type { Check } from '../check';
import { egressTo } from '../../model/kubernetes/connections';
import type { KubernetesModel } from '../../model/kubernetes/kubernetes-model';
import { policyName } from '../../model/kubernetes/policies';
import { commonSpans, spanTexts } from '../../model/kubernetes/ports';

export const check: Check<KubernetesModel> = {
  id: 'one-sided-ingress',
  title: 'ingress without the matching egress',
  severity: 'medium',
  why: 'Both ends have to agree. Pods accept a caller whose own policies keep it from calling, so the calls time out.',
  fix: "Add an egress rule for these ports to the callers' policy, or remove the ingress.",
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation'],
  comparable: [],
  *run({ model }) {
    for (const policy of model.policies) {
      const callees = model.podsUnder(policy);
      for (const rule of policy.rules.filter(({ direction, action }) => direction === 'ingress' && action === 'allow')) {
        for (const peer of rule.peers) {
          const callers = model.standInsOf(peer, rule).filter((caller) => !callees.includes(caller) || callees.length > 1);
          if (callers.length === 0 || callees.length === 0) continue;
          const some = callers.some((caller) => callees.some((callee) => commonSpans(rule.ports, egressTo(caller, callee, model)).length > 0));
          if (!some) yield { address: policy.object.address, message: `${policyName(policy)} accepts ${callers.map(({ id }) => id).join(', ')} on ${spanTexts(rule.ports).join(', ')}, and their own policies do not let them call` };
        }
      }
    }
  },
};
