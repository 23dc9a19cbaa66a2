/**
 * Places of a segment that get further than they did, where the segment as a whole does not: one more
 * machine that is open, or not known for one more reason, in a segment where others were so already.
 */
import type { AllowedHost } from '../model/network-model';
import type { Ranges } from '../model/ranges';
import { except, type Box, type Traffic } from '../model/traffic';
import { trafficWords } from '../paths/traffic-words';
import type { Verdict } from '../paths/verdict';
import { beyond, doubtOf, hostKey, hostsIn, hostsOf, isManageable, listedOf, openOf, reachingAll, reachOf, wordsBeyond, wordsOf, type Reach } from './reach';
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
    return box === other || (box.protocol === other.protocol && box.service === other.service && sameRanges(box.ports, other.ports) && sameRanges(box.destinations, other.destinations));
  }));
}

function sameRanges(some: Ranges, others: Ranges): boolean {
  return some === others || (some.length === others.length && some.every(([from, to], index) => others[index]?.[0] === from && others[index]?.[1] === to));
}

/** What places let out with no control that they did not: of that, in words, what was open to others of the segment. */
export function openedPlaces(pairs: readonly Pair[], openBefore: Traffic, gainOf: (pair: Pair) => Traffic = gainedTraffic): readonly Gain[] {
  const gains = new Gains();
  if (openBefore.boxes.length === 0) return [];
  const known = new Map<Traffic, readonly string[]>();
  for (const pair of pairs) {
    const more = pair.verdict.kind === 'open' ? gainOf(pair) : NO_TRAFFIC;
    if (more.boxes.length === 0) continue;
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
  return wordsOf(common(more, openBefore));
}

/** What a segment lets out with no control and did not, in words, and which of its places do so. */
export function openedBy(pairs: readonly Pair[], open: Traffic, openBefore: Traffic): readonly Gain[] {
  const opened = pairs.filter(isOpened);
  if (!isManageable(open, openBefore)) return wordsBeyond(open, openBefore).map((what) => ({ what, verdicts: opened.map(({ verdict }) => verdict) }));
  const more = beyond(open, openBefore);
  if (more.boxes.length === 0) return [];
  const gains = new Gains();
  const known = new Map<Traffic, readonly string[]>();
  let left = more;
  for (const pair of opened) {
    const own = gainedTraffic(pair);
    let words = known.get(own);
    if (!words) {
      // Where it takes too long to tell them apart, all of them opened all of it.
      const isTold = isManageable(more, own);
      known.set(own, (words = isTold ? wordsOf(common(more, own)) : wordsOf(more)));
      left = isTold ? except(left, own) : NO_TRAFFIC;
    }
    for (const what of words) gains.add(what, pair.verdict);
  }
  // What no place gained by itself is only open now that the segment has others: told of all.
  for (const what of wordsOf(left)) for (const { verdict } of opened) gains.add(what, verdict);
  return gains.sorted();
}

/** What is in both, in the pieces of the first. */
function common(some: Traffic, others: Traffic): Traffic {
  return except(some, except(some, others));
}

/** Whether a place lets out anything with no control that it did not. */
export function isOpened(pair: Pair): boolean {
  return pair.verdict.kind === 'open' && gainedTraffic(pair).boxes.length > 0;
}

/** Of an earlier place, what it does not let out any more: what is not known now has not closed. */
export function lostTraffic({ verdict, before }: Pair): Traffic {
  return beyond(openOf(alone(verdict)), together(mayOf(before), listedOf(before)));
}

/** Whether what an earlier place let out is, in part, not known to be closed. Where it takes too long to tell, it is. */
export function isUnsettled({ verdict, before }: Pair): boolean {
  const [open, doubt] = [openOf(alone(verdict)), doubtOf(before)];
  return verdict.kind === 'open' && before?.furthest.kind === 'unknown' && (!isManageable(open, doubt) || common(open, doubt).boxes.length > 0);
}

const NO_TRAFFIC: Traffic = { family: 4, boxes: [] };
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
 * Hosts that places which existed reach and did not, and others of the segment did. A new place is expected to reach what its segment
 * did, and not what another place brings along that belongs to it for the first time.
 *
 * @param told what the segment as a whole gains
 * @param joined whether such places came; `named` is the segment without them
 */
export function hostPlaces(pairs: readonly Pair[], told: ReadonlySet<string>, joined: boolean, named: Reach | undefined): readonly GainedHost[] {
  const gains = new Gains();
  const byWhat = new Map<string, MissingHost>();
  const expected = new Map<readonly AllowedHost[], readonly MissingHost[]>();
  const unexpected = ({ hosts }: Verdict): readonly MissingHost[] => {
    let found = expected.get(hosts);
    if (!found) expected.set(hosts, (found = named ? hostsBeyond(hosts, named) : uncovered(hostsIn([hosts]), new Map())));
    return found;
  };
  for (const { verdict, before } of pairs) {
    if ((!before && !joined) || verdict.hosts.length === 0) continue;
    for (const host of before ? gainedHosts(verdict, before) : unexpected(verdict)) {
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
  const ask = () => hostsBeyond(hosts, before);
  const [only] = before.verdicts;
  if (!only || before.verdicts.length > 1 || only.openTraffic !== undefined) return ask();
  let byBefore = gained.get(hosts);
  if (!byBefore) gained.set(hosts, (byBefore = new WeakMap()));
  let found = byBefore.get(only.hosts);
  if (!found) byBefore.set(only.hosts, (found = ask()));
  return found;
}

function hostsBeyond(hosts: readonly AllowedHost[], before: Reach): readonly MissingHost[] {
  const wasAll = reachingAll(before);
  return uncovered(hostsIn([hosts]), hostsOf(before)).filter(({ host }) => !wasAll(host));
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
    if (!isDoubted({ verdict, before })) continue;
    const doubt = doubtOf(alone(verdict));
    const open = knownOpen(verdict, before);
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

/** Whether anything is not known of a place that it was not known to let out. */
export function isDoubted({ verdict, before }: Pair): boolean {
  return verdict.reasons.length > 0 && beyond(doubtOf(alone(verdict)), knownOpen(verdict, before)).boxes.length > 0;
}

/** Before or now: the latter is told as what opened. */
function knownOpen(verdict: Verdict, before: Reach | undefined): Traffic {
  return together(openOf(before), openOf(alone(verdict)));
}

/** What gets out, or may. */
export function mayOf(reach: Reach | undefined): Traffic {
  return together(openOf(reach), doubtOf(reach));
}

/** What is in either. */
export function together(some: Traffic, others: Traffic): Traffic {
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
