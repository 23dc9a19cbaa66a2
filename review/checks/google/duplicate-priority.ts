import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';

export const check: Check<GoogleModel> = {
  id: 'duplicate-priority',
  title: 'two rules of a policy with one priority',
  severity: 'medium',
  why: 'A priority is a rule\'s identity: Google takes one of them, and which one is decided at apply.',
  fix: 'Give each rule of a policy a priority of its own.',
  references: ['https://cloud.google.com/firewall/docs/firewall-policies-rule-details#priority'],
  comparable: [],
  *run({ model }) {
    for (const policy of model.policies) {
      const seen = new Map<number, string>();
      for (const rule of policy.rules) {
        const other = seen.get(rule.priority);
        if (other !== undefined && other !== rule.address && rule.doubt === undefined) yield { address: rule.address, message: `priority ${rule.priority} is that of ${other}, too` };
        seen.set(rule.priority, rule.address);
      }
    }
  },
};
