import type { Check } from '../check';
import type { KubernetesModel } from '../../model/kubernetes/kubernetes-model';
import { isEmpty } from '../../model/kubernetes/selectors';

/** Namespaces of Kubernetes and of clouds: closing them cuts the cluster off. */
const OF_THE_CLUSTER = /^(kube-|gke-|gmp-|amazon-|calico-|tigera-|cilium)/;

export const check: Check<KubernetesModel> = {
  id: 'namespace-not-closed',
  title: 'namespace without a default deny',
  severity: 'high',
  why: 'Pods that no policy selects accept everybody and reach everything, and the next pod with a new label is one of them.',
  fix: 'Add a NetworkPolicy with an empty podSelector, policyTypes Ingress and Egress, and no rules.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-ingress-and-all-egress-traffic'],
  comparable: ['checkov CKV2_K8S_6'],
  *run({ model }) {
    for (const [name, { address }] of model.namespaces) {
      if (OF_THE_CLUSTER.test(name)) continue;
      const closing = model.policies.filter(({ object, selector, rules }) => object.namespace === name && isEmpty(selector) && rules.length === 0);
      const open = (['ingress', 'egress'] as const).filter((direction) => !closing.some(({ closes }) => closes.includes(direction)));
      if (open.length > 0) yield { address, message: `nothing closes ${open.join(' and ')} of namespace ${name} for pods that no other policy selects` };
    }
  },
};
