/** Follows traffic from a place, hop by hop, until all of it has arrived, was stopped or got lost. */
import type { Guard, Hop, HopKind, Outcome, Place } from '../model/network-model';
import { everythingToInternet, isNothing, type Traffic } from '../model/traffic';
import type { Family } from '../model/addresses';
import { limitedHosts } from './limited-hosts';

/** One hop of a path, as data. */
export interface Step {
  readonly address: string;
  readonly kind: HopKind;
  readonly label?: string;
}

/** Traffic at the end of its way. Of the many ends of a place's traffic a verdict shows one: only then is the way written out. */
class EndOfWay {
  private written?: readonly Step[];

  constructor(readonly traffic: Traffic, private readonly leg: Leg, private readonly steps: Steps) {}

  /** How many hops the path has. */
  get hops(): number {
    return this.leg.length;
  }

  get path(): readonly Step[] {
    return (this.written ??= pathOf(this.leg, this.steps));
  }
}

/** Traffic that got to the internet. */
export class Arrival extends EndOfWay {
  /** Every control by host name on the way; all of them must let a host through. */
  readonly guards: readonly Guard[];

  constructor(traffic: Traffic, leg: Leg, steps: Steps, guards: readonly Guard[]) {
    super(traffic, leg, steps);
    this.guards = guards;
  }
}

/** Traffic that ended, or whose fate the plan does not tell. */
export class End extends EndOfWay {
  readonly reason: string;
  /** True when it arrived at something that is not the internet, instead of being stopped. */
  readonly elsewhere: boolean;

  constructor(traffic: Traffic, leg: Leg, steps: Steps, reason: string, elsewhere = false) {
    super(traffic, leg, steps);
    this.reason = reason;
    this.elsewhere = elsewhere;
  }
}

/** What became of everything that a place could send to the internet. */
export interface Trace {
  readonly place: Place;
  readonly family: Family;
  readonly arrivals: readonly Arrival[];
  readonly blocked: readonly End[];
  readonly unknown: readonly End[];
}

/** One hop with what came before it: a path is written out only where it ends. */
interface Leg {
  readonly hop: Hop;
  readonly traffic: Traffic;
  readonly guards: readonly Guard[];
  readonly before: Leg | undefined;
  readonly length: number;
}

/** Longer paths are cut and reported as unknown: a plan that needs more is not understood. */
const MOST_HOPS = 64;

/** In a mesh of machines that forward, every order of them is a path of its own: a plan that needs more is not understood either. */
const MOST_LEGS = 20_000;

/** One object for all places, so that hops that keep what they answered know it again. */
const EVERYTHING: Readonly<Record<Family, Traffic>> = { 4: everythingToInternet(4), 6: everythingToInternet(6) };

/**
 * Traces what a place can send to the internet.
 *
 * @param steps those of the other traces of the same review
 * @param start what is followed instead of everything to the internet
 */
export function trace(place: Place, family: Family, steps: Steps = new Steps(), start: Traffic = EVERYTHING[family]): Trace {
  const arrivals: Arrival[] = [];
  const blocked: End[] = [];
  const unknown: End[] = [];
  const legs: Leg[] = [{ hop: place.start, traffic: start, guards: [], before: undefined, length: 1 }];

  for (let count = 1; legs.length > 0; count += 1) {
    const leg = legs.pop() as Leg;
    if (count > MOST_LEGS) {
      // All that is left, of which much is the same.
      for (const each of new Map([leg, ...legs].map((left) => [left.traffic, left])).values()) unknown.push(new End(each.traffic, each, steps, `there are more than ${MOST_LEGS} hops to follow`));
      break;
    }
    if (wasPassed(leg)) {
      blocked.push(new End(leg.traffic, leg, steps, 'the route leads in a circle'));
      continue;
    }
    if (leg.length > MOST_HOPS) {
      unknown.push(new End(leg.traffic, leg, steps, `the path is longer than ${MOST_HOPS} hops`));
      continue;
    }
    for (const outcome of leg.hop.forward(leg.traffic)) {
      if (isNothing(outcome.traffic)) continue;
      switch (outcome.kind) {
        case 'next':
          legs.push({ hop: outcome.to, traffic: outcome.traffic, guards: guarded(leg, outcome), before: leg, length: leg.length + 1 });
          break;
        case 'internet':
          arrivals.push(new Arrival(outcome.traffic, leg, steps, guarded(leg, outcome)));
          break;
        case 'elsewhere':
          blocked.push(new End(outcome.traffic, leg, steps, `it ends at ${outcome.where}`, true));
          break;
        case 'blocked':
          blocked.push(new End(outcome.traffic, leg, steps, outcome.reason));
          break;
        case 'unknown':
          unknown.push(new End(outcome.traffic, leg, steps, outcome.reason));
          break;
      }
    }
  }
  return { place, family, arrivals, blocked, unknown };
}

/**
 * Only the first control is asked about all that gets there: behind one, what becomes of the rest is not followed everywhere.
 * What calls a proxy has the proxy's address and port, and not those of a host.
 */
function guarded({ hop, guards }: Leg, outcome: Outcome): readonly Guard[] {
  const guard = outcome.kind === 'next' || outcome.kind === 'internet' ? outcome.guard : undefined;
  if (!guard) return guards;
  const isCalled = hop.kind === 'proxy' || (outcome.kind === 'next' && outcome.to.kind === 'proxy');
  if (guards.length > 0 || isCalled) return [...guards, guard];
  const hosts = limitedHosts(guard.hosts, outcome.traffic);
  return [hosts === guard.hosts ? guard : { control: guard.control, hosts }];
}

/** Packets of another family, as a NAT gateway makes them, are others. */
function wasPassed({ hop, traffic, before }: Leg): boolean {
  for (let leg = before; leg; leg = leg.before) if (leg.hop === hop && leg.traffic.family === traffic.family) return true;
  return false;
}

function pathOf(last: Leg, steps: Steps): readonly Step[] {
  const path: Step[] = new Array<Step>(last.length);
  for (let leg: Leg | undefined = last; leg; leg = leg.before) path[leg.length - 1] = steps.of(leg.hop);
  return path;
}

/** One object per hop: a hundred thousand paths go through the same few thousand hops. */
export class Steps {
  private readonly known = new Map<Hop, Step>();

  of(hop: Hop): Step {
    let step = this.known.get(hop);
    if (!step) this.known.set(hop, (step = stepOf(hop)));
    return step;
  }
}

export function stepOf({ address, kind, label }: Hop): Step {
  return label === undefined ? { address, kind } : { address, kind, label };
}
