/**
 * What becomes of traffic behind a hop, in short: whether any of it gets out unguarded, and which
 * controls let some of it out. Every possibility is followed, over hops and not over paths: each hop
 * is asked once per traffic, however many ways and places lead to it.
 */
import type { Hop, Outcome } from '../network-model';
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
  const known = kept.get(hop)?.get(trafficKey(traffic));
  if (known) return known;
  searching = true;
  try {
    // Nearly always no way leads in a circle; only then is a part's fate not known before the whole's.
    return new Descent().from(hop, traffic) ?? keep(hop, trafficKey(traffic), search({ hop, traffic }));
  } finally {
    searching = false;
  }
}

function keep(hop: Hop, key: string, fate: Fate): Fate {
  let byTraffic = kept.get(hop);
  if (!byTraffic) kept.set(hop, (byTraffic = new Map()));
  byTraffic.set(key, fate);
  return fate;
}

/** The control that an outcome passes, if it is one by name. */
function controlOf(outcome: Outcome): string | undefined {
  if (outcome.kind !== 'next' && outcome.kind !== 'internet') return undefined;
  return outcome.guard?.hosts.some(({ host }) => host === '*') ? undefined : outcome.guard?.control;
}

/** The fate of each hop from the fates of those behind it, each kept. Gives up at a circle, and where the search would. */
class Descent {
  private readonly open = new Map<Hop, Set<string>>();
  private count = 0;

  from(hop: Hop, traffic: Traffic): Fate | undefined {
    const key = trafficKey(traffic);
    const known = kept.get(hop)?.get(key);
    if (known) return known;
    const open = this.open.get(hop) ?? new Set<string>();
    this.count += 1;
    if (open.has(key) || this.open.size > MOST_DEEP || this.count > MOST_STATES) return undefined;
    this.open.set(hop, open.add(key));
    const fate = this.through(hop, traffic);
    open.delete(key);
    if (open.size === 0) this.open.delete(hop);
    return fate && keep(hop, key, fate);
  }

  private through(hop: Hop, traffic: Traffic): Fate | undefined {
    const controls = new Set<string>();
    for (const outcome of hop.forward(traffic)) {
      if (outcome.traffic.boxes.length === 0 || outcome.kind === 'blocked' || outcome.kind === 'elsewhere') continue;
      const behind = outcome.kind === 'next' ? this.from(outcome.to, compact(outcome.traffic)) : LEAK;
      if (!behind) return undefined;
      const control = controlOf(outcome);
      if (control === undefined) {
        behind.controls.forEach((each) => controls.add(each));
        if (behind.leaks) return { leaks: true, controls };
      } else if (behind.leaks || behind.controls.size > 0) controls.add(control);
    }
    return { leaks: false, controls };
  }
}

const LEAK: Fate = { leaks: true, controls: new Set() };

/** As deep as a path may be long, and then some. */
const MOST_DEEP = 200;

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
      const bound = control ?? controlOf(outcome);
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
