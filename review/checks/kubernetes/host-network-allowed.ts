import type { Check } from '../check';
import type { KubernetesModel } from '../../model/kubernetes/kubernetes-model';

/** Where agents of the cluster and of clouds are on the network of their node. */
const OF_THE_CLUSTER = /^(kube-|gke-|gmp-|amazon-|calico-|tigera-|cilium)/;
const ENFORCED = 'pod-security.kubernetes.io/enforce';

export const check: Check<KubernetesModel> = {
  id: 'host-network-allowed',
  title: 'namespace in which pods may be on the network of their node',
  severity: 'low',
  why: 'Whoever may create pods there makes one with hostNetwork, for which no policy holds: it calls what its node may call, whatever closes the namespace.',
  fix: `Label the namespace ${ENFORCED}: baseline, or restricted; accept the finding where something else refuses hostNetwork.`,
  references: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/', 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-and-hostnetwork-pods'],
  comparable: [],
  *run({ model }) {
    if (model.hasOtherAdmission) return;
    for (const [name, { address, declared, labels }] of model.namespaces) {
      const isClosed = model.policiesFor(name).some(({ subject, closes }) => subject.namespace === name && closes.length > 0);
      // One whose agents have to be there is told of these.
      if (!declared || !isClosed || OF_THE_CLUSTER.test(name) || model.pods.some(({ namespace, onHost }) => namespace === name && onHost)) continue;
      const level = labels[ENFORCED];
      if (level !== 'baseline' && level !== 'restricted') yield { address, message: `policies close namespace ${name}, and pods of it may have hostNetwork: ${ENFORCED} is ${level ?? 'not set'}`, confidence: 'possible' };
    }
  },
};
