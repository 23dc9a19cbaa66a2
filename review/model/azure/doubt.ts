/** Ways that traffic takes only if something is as the plan leaves open. */
import type { Hop, HopKind, Outcome } from '../network-model';
import type { Traffic } from '../traffic';

const kept = new WeakMap<Hop, Map<string, Hop>>();

/** The same hop, but what gets to the internet through it is unknown, because of the reason. */
export function doubted(hop: Hop, reason: string): Hop {
  if (hop instanceof DoubtedHop) return hop;
  let byReason = kept.get(hop);
  if (!byReason) kept.set(hop, (byReason = new Map()));
  let found = byReason.get(reason);
  if (!found) byReason.set(reason, (found = new DoubtedHop(hop, reason)));
  return found;
}

/** The hop itself, where what gets to the internet through it is taken to get there. */
export function undoubted(hop: Hop): Hop {
  return hop instanceof DoubtedHop ? hop.hop : hop;
}

/** True for a way that something may yet take away. */
export function isDoubted(hop: Hop): boolean {
  return hop instanceof DoubtedHop;
}

class DoubtedHop implements Hop {
  constructor(readonly hop: Hop, private readonly reason: string) {}

  get address(): string { return this.hop.address; }
  get kind(): HopKind { return this.hop.kind; }
  get label(): string | undefined { return this.hop.label; }

  forward(traffic: Traffic): readonly Outcome[] {
    return this.hop.forward(traffic).map((outcome) => doubtedOutcome(outcome, this.reason));
  }
}

/** The same for one outcome. */
export function doubtedOutcome(outcome: Outcome, reason: string): Outcome {
  if (outcome.kind === 'next') return { ...outcome, to: doubted(outcome.to, reason) };
  return outcome.kind === 'internet' ? { kind: 'unknown', traffic: outcome.traffic, reason } : outcome;
}
