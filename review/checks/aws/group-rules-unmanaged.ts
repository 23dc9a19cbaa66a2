/** A direction without a list beside one with, or inline and standalone rules mixed. */
import { ownedRules } from '../../model/aws/facts';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'group-rules-unmanaged',
  title: 'security group whose rules are only in part managed',
  severity: 'low',
  why: 'A list of rules that is not written down is not managed: what somebody adds by hand, or what was there before, stays and shows in no plan. Inline and standalone rules on one group undo each other.',
  fix: 'Write both lists inline, also empty ones, or use standalone rules alone.',
  references: ['https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group'],
  comparable: [],
  asksConfiguration: true,
  *run({ model }) {
    const owned = ownedRules(model);
    // https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc_security_group_rules_exclusive
    const exclusive = new Set(model.graph.ofType('aws_vpc_security_group_rules_exclusive').flatMap((each) => each.references('security_group_id', { types: ['aws_security_group'] }).targets));
    // What a search finds during the apply, the group of a cluster say, may be any group that the plan makes; most likely it is none.
    const foreign = new Set(model.foreign.rules.map(({ address }) => address));
    for (const group of model.groups) {
      if (group.isDefault || !group.resource) continue;
      const { ingress, egress } = group.written;
      const loose = group.rules.filter((rule) => !rule.inline && (rule.possible === undefined || !(owned.has(rule.address) || foreign.has(rule.address))));
      if (loose.length > 0 && (ingress || egress)) {
        yield { address: loose[0]?.address ?? group.address, message: `${group.address} has inline rules, and ${loose[0]?.address ?? 'another resource'} adds one beside them` };
      } else if (ingress !== egress && loose.length === 0 && !exclusive.has(group.resource)) {
        yield { address: group.address, message: `${group.address} says nothing about ${ingress ? 'egress' : 'ingress'}, so rules of that direction are left as they are`, ...(group.segment === undefined ? {} : { segment: group.segment }) };
      }
    }
  },
};
