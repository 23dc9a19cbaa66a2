/** A rule by address where groups could be named: all ports to a whole network, or anything inside of it on a segment of our own. */
import { INSIDE, isSegmentGroup, ruleText } from '../../model/aws/facts';
import { rangesIn } from '../../model/aws/prefix-lists';
import { includes, intersect, isEmpty } from '../../model/ranges';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'segment-reach-too-wide',
  title: 'rule that takes in the whole network',
  severity: 'low',
  why: 'A rule by address holds for everything that will ever stand at those addresses, other segments among them.',
  fix: 'Name the security group of the other side instead of its addresses.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html'],
  comparable: [],
  *run({ model }) {
    for (const group of model.groups) {
      const inside = group.network?.ranges[4] ?? [];
      if (isEmpty(inside)) continue;
      for (const rule of group.rules) {
        const own = rangesIn(rule.cidrs, 4);
        const shared = intersect(own, inside);
        if (isEmpty(shared)) continue;
        const isOutward = rule.direction === 'egress' && !includes(INSIDE[4], own) && !rule.cidrs.some((cidr) => includes(inside, rangesIn([cidr], 4)));
        const everyPort = rule.protocol === '-1' || rule.protocol === undefined || (rule.fromPort ?? 0) + 60_000 < (rule.toPort ?? 0);
        const isWide = isSegmentGroup(group) ? !isOutward : everyPort && includes(own, inside) && includes(INSIDE[4], own);
        if (isWide) yield { address: rule.address, message: `${group.address} allows ${ruleText(rule)}, which takes in other segments of the network`, ...(group.segment === undefined ? {} : { segment: group.segment }) };
      }
    }
  },
};
