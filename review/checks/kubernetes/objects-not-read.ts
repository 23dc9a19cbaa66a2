import type { Check } from '../check';
import type { KubernetesModel } from '../../model/kubernetes/kubernetes-model';

export const check: Check<KubernetesModel> = {
  id: 'objects-not-read',
  title: 'objects that the input does not hold',
  severity: 'low',
  why: 'A chart brings workloads and policies of its own: a policy in it can open what the policies here close, and nobody sees it in a plan.',
  fix: 'Review what it renders, too: helm template (or kustomize build) into a file, and that file as an input.',
  references: ['https://helm.sh/docs/helm/helm_template/'],
  comparable: [],
  *run({ model }) {
    for (const { address, kind, reason } of model.hidden) if (kind === 'chart') yield { address, message: `${address} ${reason}: its objects are not in this input`, confidence: 'possible' };
  },
};
