import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { segmentedPolicies, tagNames } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'rule-targets-several-segments',
  title: 'an allow for several segments at once',
  severity: 'low',
  why: 'A host that one segment needs is granted to another that did not ask for it, and nobody sees it in the list of the second.',
  fix: 'Make one rule per segment.',
  references: ['https://cloud.google.com/firewall/docs/tags-firewalls-overview'],
  comparable: [],
  *run({ model }) {
    const made = new Set(model.tags.map(({ address }) => address));
    for (const policy of segmentedPolicies(model)) {
      for (const rule of policy.rules) {
        const tags = [...rule.secureTags.sure].filter((key) => made.has(key));
        if (!rule.isDisabled && rule.action === 'allow' && tags.length > 1) yield { address: rule.address, message: `${rule.label} targets ${tagNames(model, tags)}` };
      }
    }
  },
};
