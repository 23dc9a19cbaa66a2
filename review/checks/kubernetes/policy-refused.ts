import type { Check } from '../check';
import type { KubernetesModel } from '../../model/kubernetes/kubernetes-model';
import { policyName } from '../../model/kubernetes/policies';

export const check: Check<KubernetesModel> = {
  id: 'policy-refused',
  title: 'policy that the cluster takes nothing of',
  severity: 'high',
  why: 'The API server takes the object and kubectl says created, but the agents take nothing of it: what it closes or denies stays open, and nobody is told but by its status.',
  fix: 'Write it as Cilium takes it, and of a kind that the cluster reads; have the pipeline ask for the condition Valid of the applied policy.',
  references: ['https://docs.cilium.io/en/stable/security/policy/language/', 'https://github.com/cilium/cilium/blob/main/pkg/policy/api/rule_validation.go', 'https://cloud.google.com/kubernetes-engine/docs/how-to/configure-cilium-network-policy', 'https://cloud.google.com/kubernetes-engine/docs/how-to/fqdn-network-policies'],
  comparable: [],
  *run({ model }) {
    for (const policy of model.policies) if (policy.refused !== undefined) yield { address: policy.object.address, message: `${policy.object.group === 'cilium.io' ? `Cilium refuses ${policyName(policy)} as a whole` : `the cluster takes nothing of ${policyName(policy)}`}: ${policy.refused}`, confidence: 'likely' };
  },
};
