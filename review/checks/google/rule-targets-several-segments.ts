import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { namesOf, segmentedNetworks } from '../../model/google/network-segments';
import { policiesOf, segmentedPolicies } from '../../model/google/questions';

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
    const segments = new Map([...segmentedNetworks(model)].flatMap(([network, told]) => policiesOf(model, network).map((policy) => [policy, told] as const)));
    for (const policy of segmentedPolicies(model)) {
      const told = segments.get(policy);
      for (const rule of policy.rules) {
        const own = told?.by === 'account' ? [...rule.accounts.sure] : [...rule.secureTags.sure].filter((key) => made.has(key));
        if (!rule.isDisabled && rule.action === 'allow' && own.length > 1) yield { address: rule.address, message: `${rule.label} targets ${namesOf(told?.segments ?? [], own).join(', ')}` };
      }
    }
  },
};
