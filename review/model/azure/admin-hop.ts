/** Security admin rules of a Virtual Network Manager as a hop before all security groups. */
import type { Hop, Outcome } from '../network-model';
import { both, except, isNothing, joined, type Traffic } from '../traffic';
import { doubtedOutcome } from './doubt';
import type { AdminRule } from './network-manager';
import { reachOf, type LocalSide } from './security-evaluation';

type Onward = (traffic: Traffic) => readonly Outcome[];

export interface AdminWays {
  /** Through the groups. */
  readonly onward: Onward;
  /** Past them, to the routes. */
  readonly past: Onward;
}

/** What becomes of traffic by the rules, the first that matches first; what none matches is for the groups. */
export function administered(rules: readonly AdminRule[], local: LocalSide, { onward, past }: AdminWays): Onward {
  const outbound = rules.filter(({ rule }) => rule.direction !== 'Inbound');
  if (outbound.length === 0) return onward;
  const hops = new Map(outbound.map((each): [AdminRule, Hop] => [each, {
    address: each.rule.address, kind: 'group', label: `security admin rule '${each.rule.name}' lets it past the security groups`, forward: past,
  }]));
  return (traffic) => {
    const outcomes: Outcome[] = [];
    const forGroups: Traffic[] = [];
    let left = traffic;
    for (const each of outbound) {
      const { action, rule, doubt } = each;
      const reach = reachOf(rule, 'Outbound', local, traffic.family);
      const reason = doubt ?? reach.doubt;
      if (action === 'AlwaysAllow' || action === undefined) {
        const part = both(left, reach.possible);
        const outcome: Outcome = { kind: 'next', to: hops.get(each) as Hop, traffic: part };
        if (!isNothing(part)) outcomes.push(reason === undefined ? outcome : doubtedOutcome(outcome, reason));
      }
      // What it may hold for may get to the groups past any deny that comes after it.
      if (action === 'Allow') {
        const part = both(left, reach.possible);
        if (reason === undefined) forGroups.push(part);
        else if (!isNothing(part)) outcomes.push(...onward(part).map((outcome) => doubtedOutcome(outcome, reason)));
      }
      if (reason !== undefined || action === undefined) continue;
      const decided = both(left, reach.certain);
      if (isNothing(decided)) continue;
      if (action === 'Deny') outcomes.push({ kind: 'blocked', traffic: decided, reason: `security admin rule '${rule.name}' denies it` });
      left = joined(except(left, decided));
    }
    const rest = joined({ family: traffic.family, boxes: [...forGroups.flatMap(({ boxes }) => boxes), ...left.boxes] });
    return isNothing(rest) ? outcomes : [...outcomes, ...onward(rest)];
  };
}
