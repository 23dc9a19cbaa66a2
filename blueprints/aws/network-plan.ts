/** What a network needs and cannot have, found before anything is made. */
import type { BlueprintProblem } from '../blueprint-error';
import type { Segment } from '../policy/model';
import { egressPorts, rulesOf } from '../policy/rules';
import { segmentProblems } from '../policy/sound-network';
import { aclEntries, tooManyEntries, type AclEntry, type AclRole, type ProtocolPorts } from './acl-entries';
import { gatewaysOf, rangesOf } from './gateway-plan';
import { groupRules, ruleCount, type GroupContext } from './group-rules';

/** The ACL of one segment. */
export interface PlannedAcl {
  readonly segment: string;
  readonly entries: readonly AclEntry[];
}

/** What the account allows. */
export interface NetworkQuotas {
  readonly aclEntries: number;
  readonly rulesPerGroup: number;
}

/**
 * One ACL per segment, by the rules of its tier.
 *
 * Not one per tier: a segment's first host would then move its subnets to another ACL, and AWS
 * has them under the default one, which refuses everything, while it does so.
 */
export function aclPlan(context: GroupContext): readonly PlannedAcl[] {
  return context.segments.map((segment) => ({
    segment: segment.name,
    entries: aclEntries(roleOf(segment, context), [context.vpcCidr, ...(context.secondaryCidrs ?? [])], ...outwards(segment, context)),
  }));
}

/** What a segment sends outside: by services, and by gateway endpoints whose ranges are known. */
function outwards(segment: Segment, { rules, gateways }: GroupContext): [services: readonly ProtocolPorts[], gatewayRanges: readonly string[]] {
  if (segment.tier === 'public') return [segment.accepts.filter((accept) => accept.from === 'internet'), []];
  const ports = egressPorts(rules, segment.name);
  const own = gatewaysOf(gateways, segment.name);
  // A gateway endpoint answers on public addresses: on these, or on any where the policy does not say on which.
  const anywhere = ports.includes(443) || own.some(({ ranges }) => ranges === undefined);
  const all = anywhere ? [...ports, 443] : ports;
  return [[{ protocol: 'tcp', ports: all.map((port) => ({ from: port, to: port })) }], anywhere ? [] : rangesOf(own)];
}

/** Every problem at once, in lower case and with the way out. */
export function networkProblems(context: GroupContext, acls: readonly PlannedAcl[], quotas: NetworkQuotas): readonly BlueprintProblem[] {
  const { segments, rules } = context;
  return [
    ...segmentProblems(segments, rules).map((message) => ({ message: `aws: ${message}` })),
    ...acls.flatMap(({ segment, entries }) => {
      const excess = tooManyEntries(entries, quotas.aclEntries);
      return excess ? [{ message: `aws: the network acl of '${segment}' needs ${excess}; use neighbouring ports, which share an entry, leave it out of a service of gatewayEndpoints, or raise the quota (at most 40) and set 'aclEntries'` }] : [];
    }),
    ...segments.flatMap((segment) => (['ingress', 'egress'] as const).flatMap((direction) => {
      const count = ruleCount(groupRules(segment, context), direction);
      return count > quotas.rulesPerGroup
        ? [{ message: `aws: the group of '${segment.name}' needs ${count} ${direction} rules, and ${quotas.rulesPerGroup} fit; use port ranges and larger address blocks, or raise the quota and set 'rulesPerGroup'` }]
        : [];
    })),
  ];
}

function roleOf(segment: Segment, { rules }: GroupContext): AclRole {
  if (segment.tier !== 'private') return segment.tier;
  return rulesOf(rules, segment.name).length > 0 ? 'private' : 'isolated';
}
