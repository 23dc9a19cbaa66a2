import { inFull, type Check } from '../check';
import { wideness } from './wideness';
import type { GoogleModel } from '../../model/google/google-model';
import { allRules, hasTarget, hostWitness, openWitness, segmentOf, usersOf, witnessed } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'wide-firewall-rule',
  title: 'a rule that lets out more than a list of hosts',
  severity: 'high',
  why: 'An allow to the world, to a country, to a threat list or to every port of a host is a way out that nobody reviewed. Two halves of the world are the world.',
  fix: 'Name hosts (dest_fqdns) or single addresses, with tcp and the ports in use.',
  references: ['https://cloud.google.com/firewall/docs/firewall-policies-rule-details'],
  comparable: ['trivy GCP-0035'],
  *run({ model, verdicts }) {
    const above = new Set(model.policies.filter(({ scope }) => scope === 'hierarchical').flatMap(({ rules }) => rules));
    for (const rule of new Set(allRules(model))) {
      if (rule.action !== 'allow' || rule.direction !== 'EGRESS' || above.has(rule)) continue;
      const reasons = wideness(rule);
      if (reasons.length === 0) continue;
      const users = usersOf(model, rule);
      const witness = openWitness(verdicts, rule.address) ?? hostWitness(verdicts, rule.address);
      const isDead = users.length === 0 && !(hasTarget(rule) && model.places.length === 0);
      yield {
        address: rule.address,
        ...inFull([...rule.peers.fqdns, ...rule.peers.ranges], 3),
        message: `${rule.label} allows ${reasons.join(' and ')}${isDead ? '; rules in front of it, or its target, keep it from any machine of the plan' : ''}`,
        ...(isDead ? { severity: 'low' as const } : witness ? {} : { severity: 'medium' as const }),
        ...segmentOf(users.length === 1 ? users[0] : undefined),
        ...witnessed(witness),
      };
    }
  },
};
