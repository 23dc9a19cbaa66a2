/**
 * Places of a segment that get further than they did, where the segment as a whole does not: one more
 * machine that is open, or not known for one more reason, in a segment where others were so already.
 */
import type { AllowedHost } from '../model/network-model';
import type { Ranges } from '../model/ranges';
import { except, type Box, type Traffic } from '../model/traffic';
import { trafficWords } from '../paths/traffic-words';
import type { Verdict } from '../paths/verdict';
import { beyond, doubtOf, hostKey, hostsIn, hostsOf, isManageable, kindOf, openOf, reachingAll, reachOf, wordsBeyond, wordsOf, type Reach } from './reach';
import { uncovered, type MissingHost } from './host-cover';
import { gistOf, type Moves } from './moves';

/** What places gain, and which. */
export interface Gain {
  /** In words. */
  readonly what: string;
  readonly verdicts: readonly Verdict[];
}

/** A place and what it was; or, where it is asked what closes, what it becomes. */
export interface Pair {
  readonly verdict: Verdict;
  /** Undefined for a place that is new, or gone. */
  readonly before: Reach | undefined;
}

/** The places that are not as they were. */
export function changedPlaces({ verdicts }: Reach, earlier: (verdict: Verdict) => readonly Verdict[]): readonly Pair[] {
  return verdicts.flatMap((verdict) => {
    const was = earlier(verdict);
    const [only] = was;
    return only && was.length === 1 && isAlike(only, verdict) ? [] : [{ verdict, before: reachOf(verdict.place.id, was) }];
  });
}

/** What most places are: told before anything is worked out. */
function isAlike(before: Verdict, after: Verdict): boolean {
  return before.kind === after.kind && (before.hosts === after.hosts || hostKey(before) === hostKey(after)) && sameTexts(before.reasons, after.reasons)
    && sameTraffic(before.openTraffic, after.openTraffic) && sameTraffic(before.doubtfulTraffic, after.doubtfulTraffic);
}

function sameTexts(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((text, index) => text === others[index]);
}

function sameTraffic(some: readonly Traffic[] | undefined, others: readonly Traffic[] | undefined): boolean {
  return some === others || (some?.length === others?.length && (some ?? []).every((traffic, index) => sameBoxes(traffic, (others as readonly Traffic[])[index] as Traffic)));
}

function sameBoxes({ boxes }: Traffic, { boxes: others }: Traffic): boolean {
  return boxes === others || (boxes.length === others.length && boxes.every((box, index) => {
    const other = others[index] as Box;
    return box === other || (box.protocol === other.protocol && sameRanges(box.ports, other.ports) && sameRanges(box.destinations, other.destinations));
  }));
}

function sameRanges(some: Ranges, others: Ranges): boolean {
  return some === others || (some.length === others.length && some.every(([from, to], index) => others[index]?.[0] === from && others[index]?.[1] === to));
}

/** What places let out with no control that they did not: of that, in words, what was open to others of the segment. */
export function openedPlaces(pairs: readonly Pair[], openBefore: Traffic): readonly Gain[] {
  const gains = new Gains();
  if (openBefore.boxes.length === 0) return [];
  const known = new Map<Traffic, readonly string[]>();
  for (const pair of pairs.filter(isOpened)) {
    const more = gainedTraffic(pair);
    let words = known.get(more);
    if (!words) known.set(more, (words = wordsOfBoth(more, openBefore)));
    for (const what of words) gains.add(what, pair.verdict);
  }
  return gains.sorted();
}

function wordsOfBoth(more: Traffic, openBefore: Traffic): readonly string[] {
  if (!isManageable(more, openBefore)) {
    const known = new Set(trafficWords(openBefore));
    return trafficWords(more).filter((words) => known.has(words));
  }
  // In the pieces of the former: what was open to several others is said once.
  return wordsOf(except(more, except(more, openBefore)));
}

/** Whether a place lets out anything with no control that it did not. */
export function isOpened(pair: Pair): boolean {
  return pair.verdict.kind === 'open' && gainedTraffic(pair).boxes.length > 0;
}

const asked = new WeakMap<Pair, Traffic>();

function gainedTraffic(pair: Pair): Traffic {
  let more = asked.get(pair);
  if (!more) asked.set(pair, (more = beyond(openOf(alone(pair.verdict)), openOf(pair.before))));
  return more;
}

/** A host that places gain. */
export interface GainedHost {
  readonly gained: MissingHost;
  readonly verdicts: readonly Verdict[];
}

/**
 * Hosts that places which existed reach and did not, and others of the segment did. A new place is expected to reach what its segment may.
 *
 * @param told what the segment as a whole gains
 */
export function hostPlaces(pairs: readonly Pair[], told: ReadonlySet<string>): readonly GainedHost[] {
  const gains = new Gains();
  const byWhat = new Map<string, MissingHost>();
  for (const { verdict, before } of pairs) {
    if (!before || verdict.hosts.length === 0) continue;
    for (const host of gainedHosts(verdict, before)) {
      if (told.has(host.text)) continue;
      byWhat.set(host.what, host);
      gains.add(host.what, verdict);
    }
  }
  return gains.sorted().map(({ what, verdicts }) => ({ gained: byWhat.get(what) as MissingHost, verdicts }));
}

/** Many places have the very same lists before, and the very same after. */
const gained = new WeakMap<readonly AllowedHost[], WeakMap<readonly AllowedHost[], readonly MissingHost[]>>();

function gainedHosts({ hosts }: Verdict, before: Reach): readonly MissingHost[] {
  const ask = (): readonly MissingHost[] => {
    const wasAll = reachingAll(before);
    return uncovered(hostsIn([hosts]), hostsOf(before)).filter(({ host }) => !wasAll(host));
  };
  const [only] = before.verdicts;
  if (!only || before.verdicts.length > 1 || only.openTraffic !== undefined) return ask();
  let byBefore = gained.get(hosts);
  if (!byBefore) gained.set(hosts, (byBefore = new WeakMap()));
  let found = byBefore.get(only.hosts);
  if (!found) byBefore.set(only.hosts, (found = ask()));
  return found;
}

/** What is not known of some places, and was, or for other reasons. */
export interface Doubt extends Gain {
  /** Those that are new; empty where more may get out for the same ones. */
  readonly reasons: readonly string[];
}

/**
 * A new reason hides whether something opens, though a verdict was unknown before; so does more traffic of an
 * unknown fate. What was open all the same hides nothing.
 */
export function doubtedPlaces(pairs: readonly Pair[], moves: Moves): readonly Doubt[] {
  const anew: Verdict[] = [];
  const newReasons = new Set<string>();
  const more = new Gains();
  for (const { verdict, before } of pairs) {
    const kind = kindOf(before);
    const isNewlyOpen = verdict.kind === 'open' && kind !== 'open';
    if (verdict.reasons.length === 0 || isNewlyOpen) continue;
    const doubt = doubtOf(alone(verdict));
    // Known to be so, before or now: the latter is told as what opened.
    const open = together(openOf(before), openOf(alone(verdict)));
    if (beyond(doubt, open).boxes.length === 0) continue;
    const known = new Set(before?.verdicts.flatMap(({ reasons }) => reasons.map((reason) => gistOf(moves.sinceThen(reason)))));
    const reasons = verdict.reasons.filter((reason) => !known.has(gistOf(reason)));
    if (reasons.length > 0) {
      anew.push(verdict);
      for (const reason of reasons) newReasons.add(reason);
      continue;
    }
    for (const what of wordsBeyond(doubt, together(doubtOf(before), open))) more.add(what, verdict);
  }
  return [
    ...(anew.length > 0 ? [{ what: 'anything', verdicts: anew, reasons: [...newReasons].sort() }] : []),
    ...more.sorted().map((gain) => ({ ...gain, reasons: [] })),
  ];
}

function together(some: Traffic, others: Traffic): Traffic {
  return some.boxes.length === 0 ? others : others.boxes.length === 0 ? some : { ...some, boxes: [...some.boxes, ...others.boxes] };
}

function alone(verdict: Verdict): Reach {
  return { who: verdict.place.id, family: verdict.family, verdicts: [verdict], furthest: verdict };
}

/** Places by what they gain. */
class Gains {
  private readonly byWhat = new Map<string, Verdict[]>();

  add(what: string, verdict: Verdict): void {
    const known = this.byWhat.get(what);
    if (known) known.push(verdict);
    else this.byWhat.set(what, [verdict]);
  }

  sorted(): readonly Gain[] {
    return [...this.byWhat].map(([what, verdicts]) => ({ what, verdicts })).sort((a, b) => (a.what < b.what ? -1 : 1));
  }
}
