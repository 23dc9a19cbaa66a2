/**
 * What becomes of traffic behind a hop, in short: whether any of it gets out unguarded, and which
 * controls let some of it out. Every possibility is followed, over hops and not over paths: each hop
 * is asked once per traffic, however many ways and places lead to it.
 */
import type { Hop, Outcome } from '../network-model';
import type { Traffic } from '../traffic';
import { compact, isSame, trafficKey } from './compact';

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

/** What is known of a hop: nearly always the fate of one traffic, so that the others cost more. */
class Fates {
  private traffic: Traffic | undefined;
  private fate: Fate | undefined;
  private more: Map<string, Fate> | undefined;

  get(traffic: Traffic): Fate | undefined {
    if (this.traffic === undefined) return undefined;
    return isSame(this.traffic, traffic) ? this.fate : this.more?.get(trafficKey(traffic));
  }

  set(traffic: Traffic, fate: Fate): void {
    if (this.traffic === undefined) {
      this.traffic = traffic;
      this.fate = fate;
    } else (this.more ??= new Map<string, Fate>()).set(trafficKey(traffic), fate);
  }
}

/** A hop with what is known of it. */
type Known = Hop & { fates?: Fates | undefined };

/** What begins with the same function has the same fate. */
const shared = new WeakMap<Hop['forward'], Fates>();

function fatesOf(hop: Known): Fates | undefined {
  return hop.isShared === true ? shared.get(hop.forward) : hop.fates;
}

let searching = false;
let doubts = 0;

/** True while a search runs: hops then name everything that is possible, and leave the judging to it. */
export function isSearching(): boolean {
  doubts += 1;
  return searching;
}

/** The same, for whoever remembers both answers. */
export function isSearch(): boolean {
  return searching;
}

/** How often hops have asked whether a search runs: what was answered meanwhile without asking is the same either way. */
export function doubtsSoFar(): number {
  return doubts;
}

export function fateOf(hop: Hop, traffic: Traffic): Fate {
  const own = compact(traffic);
  const known = fatesOf(hop)?.get(own);
  if (known) return known;
  searching = true;
  try {
    // Nearly always no way leads in a circle; only then is a part's fate not known before the whole's.
    return new Descent().from(hop, traffic) ?? keep(hop, own, search({ hop, traffic }));
  } finally {
    searching = false;
  }
}

function keep(hop: Known, traffic: Traffic, fate: Fate): Fate {
  let fates = fatesOf(hop);
  if (!fates) {
    fates = new Fates();
    if (hop.isShared === true) shared.set(hop.forward, fates);
    else hop.fates = fates;
  }
  fates.set(traffic, fate);
  return fate;
}

/** The control that an outcome passes, if it is one by name. */
function controlOf(outcome: Outcome): string | undefined {
  if (outcome.kind !== 'next' && outcome.kind !== 'internet') return undefined;
  return outcome.guard?.hosts.some(({ host }) => host === '*') ? undefined : outcome.guard?.control;
}

const NO_CONTROLS: ReadonlySet<string> = new Set();
const LEAK: Fate = { leaks: true, controls: NO_CONTROLS };
const SHUT: Fate = { leaks: false, controls: NO_CONTROLS };

/** The fate of each hop from the fates of those behind it, each kept. Gives up at a circle, and where the search would. */
class Descent {
  private readonly hops: Hop[] = [];
  private readonly traffics: Traffic[] = [];
  private count = 0;

  from(hop: Hop, traffic: Traffic): Fate | undefined {
    const own = compact(traffic);
    const known = fatesOf(hop)?.get(own);
    if (known) return known;
    this.count += 1;
    if (this.isOpen(hop, own) || this.hops.length > MOST_DEEP || this.count > MOST_STATES) return undefined;
    this.hops.push(hop);
    this.traffics.push(own);
    const fate = this.through(hop, traffic);
    this.hops.pop();
    this.traffics.pop();
    return fate && keep(hop, own, fate);
  }

  private isOpen(hop: Hop, traffic: Traffic): boolean {
    return this.hops.some((each, at) => each === hop && isSame(this.traffics[at] as Traffic, traffic));
  }

  private through(hop: Hop, traffic: Traffic): Fate | undefined {
    let controls: Set<string> | undefined;
    for (const outcome of hop.forward(traffic)) {
      if (outcome.traffic.boxes.length === 0 || outcome.kind === 'blocked' || outcome.kind === 'elsewhere') continue;
      const behind = outcome.kind === 'next' ? this.from(outcome.to, compact(outcome.traffic)) : LEAK;
      if (!behind) return undefined;
      const control = controlOf(outcome);
      if (control === undefined) {
        for (const each of behind.controls) (controls ??= new Set()).add(each);
        if (behind.leaks) return controls ? { leaks: true, controls } : LEAK;
      } else if (behind.leaks || behind.controls.size > 0) (controls ??= new Set()).add(control);
    }
    return controls ? { leaks: false, controls } : SHUT;
  }
}

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
