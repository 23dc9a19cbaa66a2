import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import type { AttributePath } from '../../plan/attribute-path';
import { flagAt, textAt, textsAt } from '../../model/google/reading';

export const check: Check<GoogleModel> = {
  id: 'external-addresses-allowed',
  title: 'an organization policy on public addresses that denies nothing',
  severity: 'medium',
  why: 'The policy compute.vmExternalIpAccess exists to refuse machines with public addresses. One that allows them looks like a guardrail and is none.',
  fix: 'Set deny_all to TRUE, or list the machines that may.',
  references: ['https://cloud.google.com/compute/docs/ip-addresses/configure-static-external-ip-address#disableexternalip'],
  comparable: [],
  *run({ model: { graph } }) {
    for (const resource of graph.ofType('google_org_policy_policy')) {
      const named = NAMED.exec(textAt(resource, 'name') ?? '');
      if (resource.mode !== 'managed' || !named) continue;
      const rules = resource.elements(['spec', 0, 'rules']);
      const refuses = (path: AttributePath): boolean => resource.hasUnknown(path)
        || (named[1] !== undefined ? textAt(resource, [...path, 'enforce']) === 'TRUE' : textAt(resource, [...path, 'deny_all']) === 'TRUE' || textsAt(resource, [...path, 'values', 0, 'allowed_values']).values.length > 0);
      // What it has from above may deny; of what was only tried (dry_run_spec) nothing is in force.
      const isOpen = rules.length === 0 && (flagAt(resource, ['spec', 0, 'inherit_from_parent']) === true || resource.hasUnknown('spec'));
      if (isOpen) continue;
      if (!rules.some(refuses)) yield { address: resource.address, message: 'no rule denies public addresses' };
      // A rule with a condition is for what it names, and the one without is for everything else. https://cloud.google.com/resource-manager/docs/organization-policy/tags-organization-policy
      else if (rules.some((path) => resource.elements([...path, 'condition']).length === 0 && !refuses(path))) yield { address: resource.address, message: 'the rule without a condition allows every machine a public address' };
    }
    for (const resource of BEFORE.flatMap((type) => graph.ofType(type))) {
      if (resource.mode !== 'managed' || !NAMED.test(`/${(textAt(resource, 'constraint') ?? '').replace(/^constraints\//, '')}`)) continue;
      const list: AttributePath = ['list_policy', 0];
      const isOpen = flagAt(resource, [...list, 'allow', 0, 'all']) === true || flagAt(resource, ['restore_policy', 0, 'default']) === true;
      if (isOpen) yield { address: resource.address, message: 'it allows every machine a public address' };
    }
  },
};

/** The list of machines that may, and what replaces it. https://cloud.google.com/compute/docs/ip-addresses/configure-static-external-ip-address#disableexternalip */
const NAMED = /\/compute\.(managed\.)?vmExternalIpAccess$/;
/** The resources of before. https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/google_project_organization_policy */
const BEFORE = ['project', 'folder', ''].map((of) => `google_${of === '' ? '' : `${of}_`}organization_policy`);
