import type { Resource } from '../../plan/resource-graph';
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
    if (model.graph.ofType('google_project').length === 0) return;
    const policies = skippingDefaultNetworks(model);
    // The provider's own default is to make one.
    for (const project of model.graph.ofType('google_project')) {
      if (policies.some((policy) => mayHoldFor(policy, project))) continue;
      if (flagAt(project, 'auto_create_network') === false || hiddenAt(project, 'auto_create_network') !== undefined) continue;
      yield { address: project.address, message: 'auto_create_network is on: the project begins with a network that everything may leave' };
    }
  },
};

/** What sees to it that new projects begin without a network. */
function skippingDefaultNetworks({ graph }: GoogleModel): readonly Resource[] {
  const named = ['google_organization_policy', 'google_folder_organization_policy', 'google_project_organization_policy'].flatMap((type) => graph.ofType(type)
    .filter((policy) => textAt(policy, 'constraint')?.endsWith(SKIP) && flagAt(policy, ['boolean_policy', 0, 'enforced']) === true));
  const written = graph.ofType('google_org_policy_policy')
    .filter((policy) => textAt(policy, 'name')?.endsWith(SKIP) && policy.elements(['spec', 0, 'rules']).some((path) => flagAt(policy, [...path, 'enforce']) === true || textAt(policy, [...path, 'enforce'])?.toLowerCase() === 'true'));
  return [...named, ...written];
}

/** One that is given to another project does not; of those above a project no plan tells all. */
function mayHoldFor(policy: Resource, project: Resource): boolean {
  const [given, own] = [textAt(policy, 'project') ?? /^projects\/([^/]+)\//.exec(textAt(policy, 'name') ?? '')?.[1], textAt(project, 'project_id')];
  return given === undefined || own === undefined || given === own || /^\d+$/.test(given);
}

const SKIP = 'compute.skipDefaultNetworkCreation';
