import type { Check } from '../check';
import type { KubernetesModel } from '../../model/kubernetes/kubernetes-model';

/** Agents of the cluster and of clouds that have to be so. */
const OF_THE_CLUSTER = /^(kube-|gke-|gmp-|amazon-|calico-|tigera-|cilium)/;

export const check: Check<KubernetesModel> = {
  id: 'root-on-node',
  title: 'pods in which root is root on their node',
  severity: 'medium',
  why: 'Whoever is root in such a container enters the network of the node, where no policy of pods holds, and calls what the node may call.',
  fix: 'Take privileged, the socket of the container runtime, or hostPID with SYS_ADMIN or SYS_PTRACE out; label the namespace pod-security.kubernetes.io/enforce: baseline. Keep an agent that needs it to a namespace and nodes of its own and accept the finding.',
  references: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  comparable: ['checkov CKV_K8S_16', 'trivy KSV-0017'],
  *run({ model }) {
    for (const { address, namespace, id, onHost, rootOnNode } of model.pods) {
      if (rootOnNode !== undefined && !onHost) yield { address, message: `${id} ${rootOnNode}: whoever is root in it is root there, where no policy holds`, ...(OF_THE_CLUSTER.test(namespace) ? { severity: 'info' as const } : {}) };
    }
  },
};
