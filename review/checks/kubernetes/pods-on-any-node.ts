import type { Check } from '../check';
import type { KubernetesModel } from '../../model/kubernetes/kubernetes-model';
import { nodeBinding } from '../../model/kubernetes/node-binding';

export const check: Check<KubernetesModel> = {
  id: 'pods-on-any-node',
  title: 'pods of a segment that may run on other nodes',
  severity: 'medium',
  why: 'The network knows the nodes of each segment by their addresses: on another segment\'s nodes a pod reaches what that segment may.',
  fix: 'Apply the ValidatingAdmissionPolicy of the segment and its binding with the action Deny (`egress manifests` writes them): pods have to ask for the segment\'s nodes, and may name none.',
  references: ['https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/', 'https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/'],
  comparable: [],
  *run({ model, policy }) {
    for (const { name: segment, pods = [] } of policy?.segments ?? []) {
      for (const name of new Set(pods.map(({ namespace }) => namespace))) {
        const namespace = model.namespaces.get(name);
        // One that the input only speaks of may be closed where it is made.
        if (!namespace?.declared) continue;
        const binding = nodeBinding(model.objects, segment, namespace.labels);
        const where = `pods of namespace ${name} on the nodes of segment ${segment}`;
        if (binding === 'none') yield { address: namespace.address, segment, message: `no admission policy keeps ${where}`, ...(model.hidden.length > 0 ? { confidence: 'possible' as const } : {}) };
        if (binding === 'unread') yield { address: namespace.address, segment, message: `whether something keeps ${where} is not known: policies of other admission engines, and what only an apply tells, are not read`, severity: 'low', confidence: 'possible' };
        if (binding === 'by-name') yield { address: namespace.address, segment, message: `what keeps ${where} lets a pod name its node (nodeName), which skips its nodeSelector` };
      }
    }
  },
};
