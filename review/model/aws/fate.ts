/**
 * What becomes of traffic behind a hop, in short: whether any of it gets out unguarded, and which
 * controls let some of it out. A search over hops, not over paths: every possibility is followed,
 * and each hop is asked once per traffic, however many ways lead to it.
 */
import type { Hop } from '../network-model';
import type { Traffic } from '../traffic';
import { compact, trafficKey } from './compact';

export interface Fate {
  /** It gets out with no control by name, or the plan does not say. */
  readonly leaks: boolean;
  /** Controls by name that let some of it out. */
  readonly controls: ReadonlySet<string>;
}

interface State {
  readonly hop: Hop;
  readonly traffic: Traffic;
  /** The first control on the way. */
  readonly control?: string;
}

/** A plan that needs more is not understood, and what is not understood may leak. */
const MOST_STATES = 5_000;

const kept = new WeakMap<Hop, Map<string, Fate>>();
let searching = false;

/** True while a search runs: hops then name everything that is possible, and leave the judging to it. */
export function isSearching(): boolean {
  return searching;
}

export function fateOf(hop: Hop, traffic: Traffic): Fate {
  const key = trafficKey(traffic);
  let byTraffic = kept.get(hop);
  if (!byTraffic) kept.set(hop, (byTraffic = new Map()));
  let fate = byTraffic.get(key);
  if (!fate) {
    searching = true;
    try {
      byTraffic.set(key, (fate = search({ hop, traffic })));
    } finally {
      searching = false;
    }
  }
  return fate;
}

function search(start: State): Fate {
  const controls = new Set<string>();
  const seen = new Map<Hop, Set<string>>();
  const waiting: State[] = [start];
  for (let count = 0; waiting.length > 0; count += 1) {
    if (count > MOST_STATES) return { leaks: true, controls };
    const { hop, traffic, control } = waiting.pop() as State;
    for (const outcome of hop.forward(traffic)) {
      if (outcome.traffic.boxes.length === 0) continue;
      if (outcome.kind === 'blocked' || outcome.kind === 'elsewhere') continue;
      const guard = outcome.kind === 'unknown' || outcome.guard?.hosts.some(({ host }) => host === '*') ? undefined : outcome.guard?.control;
      const bound = control ?? guard;
      if (outcome.kind === 'next') {
        const key = `${bound ?? ''}|${trafficKey(outcome.traffic)}`;
        const known = seen.get(outcome.to) ?? new Set();
        if (known.has(key)) continue;
        seen.set(outcome.to, known.add(key));
        waiting.push({ hop: outcome.to, traffic: compact(outcome.traffic), ...(bound === undefined ? {} : { control: bound }) });
      } else if (bound === undefined) return { leaks: true, controls };
      else controls.add(bound);
    }
  }
  return { leaks: false, controls };
}
