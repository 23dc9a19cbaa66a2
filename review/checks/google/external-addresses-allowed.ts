import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { flagAt, textAt, textsAt } from '../../model/google/reading';

export const check: Check<GoogleModel> = {
  id: 'external-addresses-allowed',
  title: 'an organization policy on public addresses that denies nothing',
  severity: 'medium',
  why: 'The policy compute.vmExternalIpAccess exists to refuse machines with public addresses. One that allows them looks like a guardrail and is none.',
  fix: 'Set deny_all to TRUE, or list the machines that may.',
  references: ['https://cloud.google.com/compute/docs/ip-addresses/configure-static-external-ip-address#disableexternalip'],
  comparable: [],
  *run({ model }) {
    for (const resource of model.graph.ofType('google_org_policy_policy')) {
      if (!textAt(resource, 'name')?.endsWith('/compute.vmExternalIpAccess')) continue;
      const rules = resource.elements(['spec', 0, 'rules']);
      const denies = rules.some((path) => textAt(resource, [...path, 'deny_all']) === 'TRUE' || textsAt(resource, [...path, 'values', 0, 'allowed_values']).values.length > 0 || resource.hasUnknown(path));
      // What it has from above may deny; of what was only tried (dry_run_spec) nothing is in force.
      const isOpen = rules.length === 0 && (flagAt(resource, ['spec', 0, 'inherit_from_parent']) === true || resource.hasUnknown('spec'));
      if (!denies && !isOpen) yield { address: resource.address, message: 'no rule denies public addresses' };
    }
  },
};
