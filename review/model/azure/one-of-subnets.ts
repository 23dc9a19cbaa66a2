/**
 * Of a workload that stands in one of several subnets nobody knows which routes and groups hold for it. What gets out of
 * each of them gets out all the same, and what each lets out by name alone gets nowhere else.
 */
import type { Guard, Hop, Outcome } from '../network-model';
import { both, except, isNothing, joined, type Traffic } from '../traffic';
import type { Onward } from './ways';

/** More candidates than these are each in doubt: a list of hundreds would be followed for each of hundreds. */
const MOST = 16;

/** What needs more hops than these counts as in doubt. */
const MOST_LEGS = 500;

/** @param reason why it is not known which of them it is */
export function oneOf(onwards: readonly Onward[], address: string, reason: string): Onward {
  const [first] = onwards;
  if (!first) return () => [];
  const agreed: Hop = { address, kind: 'subnet', label: `one of ${onwards.length} subnets, of which each lets it out`, forward: first };
  return (traffic) => {
    const sure = onwards.length > MOST ? undefined : agreedOn(onwards, traffic);
    const rest = sure ? joined(except(traffic, sure)) : traffic;
    const doubtful = isNothing(rest) ? [] : onwards.flatMap((onward) => onward(rest).map((outcome) => unlessGuarded(outcome, reason)));
    return sure ? [{ kind: 'next', to: agreed, traffic: sure }, ...doubtful] : doubtful;
  };
}

/** What of some traffic gets to the internet by each of the ways, past any control by name; undefined if nothing does. */
function agreedOn(onwards: readonly Onward[], traffic: Traffic): Traffic | undefined {
  let left = traffic;
  for (const onward of onwards) {
    left = joined(both(left, joined({ family: traffic.family, boxes: escaping(onward(left)) })));
    if (isNothing(left)) return undefined;
  }
  return left;
}

/** What gets to the internet past any control by name, as far as it is followed. */
function escaping(outcomes: readonly Outcome[]): Traffic['boxes'] {
  const found: Traffic['boxes'][number][] = [];
  const left = [...outcomes];
  for (let count = 0; left.length > 0 && count < MOST_LEGS; count += 1) {
    const outcome = left.pop() as Outcome;
    if (isNothing(outcome.traffic) || (outcome.kind !== 'next' && outcome.kind !== 'internet') || isByName(outcome.guard)) continue;
    if (outcome.kind === 'internet') found.push(...outcome.traffic.boxes);
    else left.push(...outcome.to.forward(outcome.traffic));
  }
  return found;
}

/** True for a control that bounds whom it lets call: of several such ways all hosts may be meant, and no other. */
function isByName(guard: Guard | undefined): boolean {
  return guard !== undefined && !guard.hosts.some(({ host }) => host === '*');
}

const kept = new WeakMap<Hop, Map<string, Hop>>();

function unlessGuarded(outcome: Outcome, reason: string): Outcome {
  if ((outcome.kind !== 'next' && outcome.kind !== 'internet') || isByName(outcome.guard)) return outcome;
  if (outcome.kind === 'internet') return { kind: 'unknown', traffic: outcome.traffic, reason };
  let byReason = kept.get(outcome.to);
  if (!byReason) kept.set(outcome.to, (byReason = new Map()));
  let hop = byReason.get(reason);
  if (!hop) {
    const { to } = outcome;
    byReason.set(reason, (hop = { address: to.address, kind: to.kind, ...(to.label === undefined ? {} : { label: to.label }), forward: (traffic) => to.forward(traffic).map((each) => unlessGuarded(each, reason)) }));
  }
  return { ...outcome, to: hop };
}
