import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { hasKeys } from '../../model/google/keys';
import { hostWitness, isByAccount, openWitness, segmentedPolicies, witnessed } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'rule-without-target',
  title: 'an allow that holds for machines of no segment',
  severity: 'medium',
  why: 'Where segments are told apart by secure tags, or by the accounts that machines run as, a rule without one also holds for machines that belong to none, and for those that come later.',
  fix: 'Target the secure tag, or the account, of one segment.',
  references: ['https://cloud.google.com/firewall/docs/tags-firewalls-overview'],
  comparable: [],
  *run({ model, verdicts }) {
    for (const policy of segmentedPolicies(model)) {
      const byAccount = isByAccount(policy);
      for (const rule of policy.rules) {
        if (rule.isDisabled || rule.action === 'deny' || hasKeys(rule.secureTags) || (byAccount && hasKeys(rule.accounts))) continue;
        const by = hasKeys(rule.accounts) ? `targets ${[...rule.accounts.sure].join(', ') || 'a service account'} and no segment` : 'has no target';
        yield { address: rule.address, message: `${rule.label}: ${rule.action} ${rule.direction} ${by}`, ...witnessed(openWitness(verdicts, rule.address) ?? hostWitness(verdicts, rule.address)) };
      }
    }
  },
};
