import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { openWitness, witnessed } from '../../model/google/questions';
import { flagAt, hiddenAt, textAt } from '../../model/google/reading';

export const check: Check<GoogleModel> = {
  id: 'default-network-used',
  title: 'a workload in the default network, or a project that makes one',
  severity: 'medium',
  why: 'The default network has a subnet in every region, a default route and rules that nobody in this plan wrote.',
  fix: 'Put the workload into a subnet of a segment; set auto_create_network to false, or enforce compute.skipDefaultNetworkCreation.',
  references: ['https://cloud.google.com/vpc/docs/vpc#default-network', 'https://cloud.google.com/resource-manager/docs/organization-policy/org-policy-constraints'],
  comparable: ['checkov CKV_GCP_27'],
  *run({ model, verdicts }) {
    for (const { address, interfaces } of model.workloads) {
      if (!interfaces.some(({ networks }) => networks.some(({ isDefault }) => isDefault))) continue;
      yield { address, message: 'runs in the default network', ...witnessed(openWitness(verdicts, address)) };
    }
    if (model.graph.ofType('google_project').length === 0 || skipsDefaultNetworks(model)) return;
    // The provider's own default is to make one.
    for (const project of model.graph.ofType('google_project')) {
      if (flagAt(project, 'auto_create_network') === false || hiddenAt(project, 'auto_create_network') !== undefined) continue;
      yield { address: project.address, message: 'auto_create_network is on: the project begins with a network that everything may leave' };
    }
  },
};

/** Whether the plan sees to it that new projects begin without a network. */
function skipsDefaultNetworks({ graph }: GoogleModel): boolean {
  const named = ['google_organization_policy', 'google_folder_organization_policy', 'google_project_organization_policy'].flatMap((type) => graph.ofType(type)
    .filter((policy) => textAt(policy, 'constraint')?.endsWith(SKIP) && flagAt(policy, ['boolean_policy', 0, 'enforced']) === true));
  const written = graph.ofType('google_org_policy_policy')
    .filter((policy) => textAt(policy, 'name')?.endsWith(SKIP) && policy.elements(['spec', 0, 'rules']).some((path) => flagAt(policy, [...path, 'enforce']) === true || textAt(policy, [...path, 'enforce'])?.toLowerCase() === 'true'));
  return named.length + written.length > 0;
}

const SKIP = 'compute.skipDefaultNetworkCreation';
