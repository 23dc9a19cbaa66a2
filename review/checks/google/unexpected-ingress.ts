import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { addressesOf, addressRange, EVERYWHERE } from '../../model/addresses';
import { subtract } from '../../model/ranges';
import { isWide, segmentedPolicies } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'unexpected-ingress',
  title: 'a rule that lets a foreign network in',
  severity: 'medium',
  why: 'A segment is reached through load balancers, by other segments, or by administrators through Identity-Aware Proxy. A foreign range in between is a side door.',
  fix: 'Remove the rule, or put a load balancer in front.',
  references: ['https://cloud.google.com/firewall/docs/firewall-policies-rule-details'],
  comparable: [],
  *run({ model }) {
    for (const policy of segmentedPolicies(model)) {
      for (const rule of policy.rules) {
        if (rule.isDisabled || rule.action === 'deny' || rule.direction !== 'INGRESS') continue;
        const foreign = rule.peers.ranges.filter((range) => !isWide(range) && isElsewhere(range));
        if (foreign.length > 0) yield { address: rule.address, message: `${rule.label} accepts ${foreign.join(', ')}` };
      }
    }
  },
};

/** https://cloud.google.com/load-balancing/docs/health-check-concepts#ip-ranges, and Identity-Aware Proxy. */
const EXPECTED = addressesOf([
  '35.191.0.0/16', '130.211.0.0/22', '209.85.152.0/22', '209.85.204.0/22', '35.235.240.0/20',
  '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10',
], 4);

function isElsewhere(range: string): boolean {
  const known = addressRange(range);
  return known !== undefined && subtract([known.range], known.family === 4 ? EXPECTED : subtract(EVERYWHERE[6], addressesOf(['2000::/3'], 6))).length > 0;
}
