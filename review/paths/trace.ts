/** Follows traffic from a place, hop by hop, until all of it has arrived, was stopped or got lost. */
import type { Guard, Hop, HopKind, Place } from '../model/network-model';
import { everythingToInternet, isNothing, type Traffic } from '../model/traffic';
import type { Family } from '../model/addresses';

/** One hop of a path, as data. */
export interface Step {
  readonly address: string;
  readonly kind: HopKind;
  readonly label?: string;
}

/** Traffic that got to the internet. */
export interface Arrival {
  readonly traffic: Traffic;
  readonly path: readonly Step[];
  /** Every control by host name on the way; all of them must let a host through. */
  readonly guards: readonly Guard[];
}

/** Traffic that ended, or whose fate the plan does not tell. */
export interface End {
  readonly traffic: Traffic;
  readonly path: readonly Step[];
  readonly reason: string;
  /** True when it arrived at something that is not the internet, instead of being stopped. */
  readonly elsewhere: boolean;
}

/** What became of everything that a place could send to the internet. */
export interface Trace {
  readonly place: Place;
  readonly family: Family;
  readonly arrivals: readonly Arrival[];
  readonly blocked: readonly End[];
  readonly unknown: readonly End[];
}

interface Leg {
  readonly hop: Hop;
  readonly traffic: Traffic;
  readonly path: readonly Step[];
  readonly guards: readonly Guard[];
  readonly visited: ReadonlySet<Hop>;
}

/** Longer paths are cut and reported as unknown: a plan that needs more is not understood. */
const MOST_HOPS = 64;

/** Traces what a place can send to the internet, or `start` if given. */
export function trace(place: Place, family: Family, start: Traffic = everythingToInternet(family)): Trace {
  const arrivals: Arrival[] = [];
  const blocked: End[] = [];
  const unknown: End[] = [];
  const legs: Leg[] = [{ hop: place.start, traffic: start, path: [], guards: [], visited: new Set() }];

  while (legs.length > 0) {
    const leg = legs.pop() as Leg;
    const path = [...leg.path, stepOf(leg.hop)];
    if (leg.visited.has(leg.hop)) {
      blocked.push({ traffic: leg.traffic, path, reason: 'the route leads in a circle', elsewhere: false });
      continue;
    }
    if (path.length > MOST_HOPS) {
      unknown.push({ traffic: leg.traffic, path, reason: `the path is longer than ${MOST_HOPS} hops`, elsewhere: false });
      continue;
    }
    const visited = new Set(leg.visited).add(leg.hop);
    for (const outcome of leg.hop.forward(leg.traffic)) {
      if (isNothing(outcome.traffic)) continue;
      switch (outcome.kind) {
        case 'next':
          legs.push({ hop: outcome.to, traffic: outcome.traffic, path, guards: guarded(leg.guards, outcome.guard), visited });
          break;
        case 'internet':
          arrivals.push({ traffic: outcome.traffic, path, guards: guarded(leg.guards, outcome.guard) });
          break;
        case 'elsewhere':
          blocked.push({ traffic: outcome.traffic, path, reason: `it ends at ${outcome.where}`, elsewhere: true });
          break;
        case 'blocked':
          blocked.push({ traffic: outcome.traffic, path, reason: outcome.reason, elsewhere: false });
          break;
        case 'unknown':
          unknown.push({ traffic: outcome.traffic, path, reason: outcome.reason, elsewhere: false });
          break;
      }
    }
  }
  return { place, family, arrivals, blocked, unknown };
}

function guarded(guards: readonly Guard[], guard: Guard | undefined): readonly Guard[] {
  return guard ? [...guards, guard] : guards;
}

function stepOf({ address, kind, label }: Hop): Step {
  return label === undefined ? { address, kind } : { address, kind, label };
}
