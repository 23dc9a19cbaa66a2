import type { Check } from '../check';
import type { KubernetesModel } from '../../model/kubernetes/kubernetes-model';

export const check: Check<KubernetesModel> = {
  id: 'objects-not-read',
  title: 'objects that the input does not hold',
  severity: 'low',
  why: 'A chart brings workloads and policies of its own: a policy in it can open what the policies here close, and nobody sees it in a plan. What a controller makes of objects in a cloud, a route or a machine, is in no plan of the network either.',
  fix: 'Review what it renders, too: helm template (or kustomize build) into a file, and that file as an input. Make networks of a cloud in Terraform.',
  references: ['https://helm.sh/docs/helm/helm_template/', 'https://cloud.google.com/config-connector/docs/overview'],
  comparable: [],
  *run({ model }) {
    for (const { address, kind, reason } of model.hidden) if (kind === 'cloud') yield { address, message: `${address} ${reason}: a way out that it makes is in no plan`, severity: 'medium', confidence: 'possible' };
    for (const { address, kind, reason } of model.hidden) if (kind === 'chart') yield { address, message: `${address} ${reason}: its objects are not in this input`, confidence: 'possible' };
  },
};
