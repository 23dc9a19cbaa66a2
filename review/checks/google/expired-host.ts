import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { plannedHosts } from '../../model/google/policy-hosts';
import { segmentOf } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'expired-host',
  title: 'a host whose grant has run out',
  severity: 'high',
  why: 'Somebody said until when the host is needed. After that day nobody stands for it.',
  fix: 'Remove the rule from the policy file, or let its owner renew it.',
  references: ['https://cloud.google.com/firewall/docs/firewall-policies-rule-details'],
  comparable: [],
  *run({ policy, today, verdicts }) {
    if (!policy) return;
    for (const { host, rule, place } of plannedHosts(policy, verdicts)) {
      if (rule?.expires !== undefined && rule.expires < today) yield { address: host.rule, message: `${host.host} was granted until ${rule.expires} (${rule.owner})`, ...segmentOf(place) };
    }
  },
};
