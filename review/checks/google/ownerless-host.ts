import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { plannedHosts } from '../../model/google/policy-hosts';
import { segmentOf } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'ownerless-host',
  title: 'a host that nobody stands for',
  severity: 'medium',
  why: 'When it has to go, or turns out to be wrong, there is nobody to ask.',
  fix: 'Name an owner in the policy file.',
  references: ['https://cloud.google.com/firewall/docs/firewall-policies-rule-details'],
  comparable: [],
  *run({ policy, verdicts }) {
    if (!policy) return;
    for (const { host, rule, place } of plannedHosts(policy, verdicts)) {
      if (rule && rule.owner.trim() === '') yield { address: host.rule, message: `${host.host} has no owner`, ...segmentOf(place) };
    }
  },
};
