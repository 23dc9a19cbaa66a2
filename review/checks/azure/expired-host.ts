import type { AzureCheck } from './azure-check';
import { grantWords, ruleWords, rulesOf } from './policy-hosts';

export const check: AzureCheck = {
  id: 'expired-host',
  title: 'host whose permission has run out',
  severity: 'high',
  why: 'Its owner said until when it was needed.',
  fix: 'Take the rule out of egress.yaml, or have its owner set a later date.',
  references: ['https://learn.microsoft.com/azure/firewall/overview'],
  comparable: [],
  *run(context) {
    const { verdicts, policy, today } = context;
    if (!policy) return;
    for (const { place, hosts, witness } of verdicts) {
      const planned = new Set(hosts.flatMap(grantWords));
      for (const rule of place.segment === undefined ? [] : rulesOf(context).at(place).rules) {
        if (rule.expires === undefined || rule.expires >= today || !ruleWords(rule).some((word) => planned.has(word))) continue;
        yield { address: place.addresses[0] ?? place.id, message: `${rule.host.text} was allowed until ${rule.expires} (${rule.owner})`, ...(place.segment === undefined ? {} : { segment: place.segment }), ...(witness ? { witness } : {}) };
      }
    }
  },
};
