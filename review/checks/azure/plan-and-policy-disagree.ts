import type { AzureCheck } from './azure-check';
import { clusterWords, grantWords, ruleWords, rulesFor } from './policy-hosts';

export const check: AzureCheck = {
  id: 'plan-and-policy-disagree',
  title: 'host that plan and policy do not agree on',
  severity: 'high',
  why: 'What the plan lets through and the policy does not name has no owner and no reason; what the policy names and the plan stops is broken.',
  fix: 'Add the host to egress.yaml with an owner and a reason, or synthesize the stack again.',
  references: ['https://learn.microsoft.com/azure/firewall/overview'],
  comparable: [],
  *run({ verdicts, policy, model }) {
    if (!policy) return;
    // Of a subnet that is made elsewhere no plan tells the addresses, so that rules for any source may be for it.
    const elsewhere = new Set(model.views.filter(({ subnet }) => subnet.exists).map(({ address }) => address));
    const ofAnybody = new Set(elsewhere.size === 0 ? [] : policy.segments.flatMap(({ name }) => [...rulesFor(policy, name).flatMap(ruleWords), ...clusterWords(policy, name)]));
    for (const { place, kind, hosts, witness, family } of verdicts) {
      const { segment } = place;
      if (family !== 4 || segment === undefined || !policy.segments.some(({ name }) => name === segment)) continue;
      const planned = new Set(hosts.flatMap(grantWords));
      const allowed = new Set(rulesFor(policy, segment).flatMap(ruleWords));
      const address = place.addresses[0] ?? place.id;
      const ofClusters = new Set(clusterWords(policy, segment));
      const more = [...planned].filter((host) => !allowed.has(host) && !ofClusters.has(host) && !(elsewhere.has(place.id) && ofAnybody.has(host)));
      const fewer = kind === 'allowlisted' || kind === 'none' ? [...allowed].filter((host) => !planned.has(host)) : [];
      if (more.length > 0) yield { address, segment, message: `the plan lets ${segment} reach ${more.join(', ')}, which the policy does not name`, ...(witness ? { witness } : {}) };
      if (fewer.length > 0) yield { address, segment, message: `the policy lets ${segment} reach ${fewer.join(', ')}, which the plan does not`, severity: 'medium' };
    }
  },
};
