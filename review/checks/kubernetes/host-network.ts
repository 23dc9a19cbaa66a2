import type { Check } from '../check';
import type { KubernetesModel } from '../../model/kubernetes/kubernetes-model';

/** Agents of the cluster and of clouds that have to be there. */
const OF_THE_CLUSTER = /^(kube-|gke-|gmp-|amazon-|calico-|tigera-|cilium)/;

export const check: Check<KubernetesModel> = {
  id: 'host-network',
  title: 'pods on the network of their node',
  severity: 'medium',
  why: 'No policy of pods holds there: they call what the node may call, its metadata with its credentials first, and see what other pods of the node send.',
  fix: 'Remove hostNetwork; where an agent needs it, keep it to a namespace and nodes of its own and accept the finding.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-and-hostnetwork-pods'],
  comparable: ['checkov CKV_K8S_19', 'trivy KSV-0009'],
  *run({ model }) {
    for (const { address, namespace, id, onHost } of model.pods) {
      if (onHost) yield { address, message: `${id} is on the network of its node, where no policy holds`, ...(OF_THE_CLUSTER.test(namespace) ? { severity: 'info' as const } : {}) };
    }
  },
};
