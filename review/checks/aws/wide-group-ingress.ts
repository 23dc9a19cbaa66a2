/** World ingress on all ports, 22 or 3389. */
import { INTERNET } from '../../model/addresses';
import { isWorldly, ownedRules, ruleText } from '../../model/aws/facts';
import { rangesIn } from '../../model/aws/prefix-lists';
import { intersect } from '../../model/ranges';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'wide-group-ingress',
  title: 'security group that lets the world in on every port or on ssh and rdp',
  severity: 'high',
  why: 'Every port to everybody is an invitation, and remote shells are the first that are tried.',
  fix: 'Name the ports of the service and the groups or addresses that call it; reach machines by Session Manager.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html'],
  comparable: ['checkov CKV_AWS_24', 'checkov CKV_AWS_25', 'checkov CKV_AWS_260', 'checkov CKV_AWS_277', 'trivy AWS-0107'],
  *run({ model }) {
    const owned = ownedRules(model);
    for (const group of model.groups) {
      for (const rule of group.rules) {
        if (rule.direction !== 'ingress' || (rule.possible !== undefined && owned.has(rule.address))) continue;
        const isWorld = ([4, 6] as const).some((family) => isWorldly(intersect(rangesIn(rule.cidrs, family), INTERNET[family]), family));
        if (!isWorld) continue;
        const all = rule.protocol === '-1' || rule.protocol === undefined || (rule.fromPort === 0 && rule.toPort === 65535);
        const shell = rule.protocol !== 'udp' && [22, 3389].find((port) => (rule.fromPort ?? 0) <= port && port <= (rule.toPort ?? 65535));
        if (all || shell) yield { address: rule.address, message: `${group.address} accepts ${ruleText(rule)}`, ...(group.segment === undefined ? {} : { segment: group.segment }) };
      }
    }
  },
};
