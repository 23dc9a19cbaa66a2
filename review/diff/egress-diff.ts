/** What a change opens and closes, from the verdicts before and after. */
import type { Policy } from '../../blueprints/policy/model';
import type { AllowedHost } from '../model/network-model';
import type { Verdict, VerdictKind } from '../paths/verdict';
import type { ResourceGraph } from '../plan/resource-graph';
import type { EgressDiff, ReachChange } from '../result';
import { reaches as hasHost, uncovered } from './host-cover';
import { HostSources } from './host-sources';
import { Moves } from './moves';
import { changedPlaces, doubtedPlaces, hostPlaces, isDoubted as hasDoubt, isOpened, isUnsettled, lostTraffic, mayOf, together, openedBy, openedPlaces, type Pair } from './place-changes';
import { hostsOf, kindOf, listedOf, openOf, reachingAll, reachOf, wordsBeyond, wordsOf, type HostOnPort, type Reach } from './reach';
import { ownAddress, SamePlaces } from './same-places';
import { wayChanges } from './way-changes';

/** One input, before and after. */
export interface Compared {
  readonly name: string;
  readonly before: readonly Verdict[];
  readonly after: readonly Verdict[];
  readonly beforeGraph: ResourceGraph;
  readonly afterGraph: ResourceGraph;
}

/** @param policy names the owner and the reason of each host that it lists. */
export function diffOf(compared: readonly Compared[], policy: Policy | undefined): EgressDiff {
  const changing = compared.filter(({ beforeGraph, afterGraph }) => beforeGraph !== afterGraph);
  return {
    reach: changing.flatMap((each) => reachChanges(each, policy)),
    ways: changing.flatMap(({ name, beforeGraph, afterGraph }) => wayChanges(name, beforeGraph, afterGraph)),
  };
}

function reachChanges({ name, before, after, beforeGraph, afterGraph }: Compared, policy: Policy | undefined): readonly ReachChange[] {
  const moves = new Moves(beforeGraph, afterGraph);
  const sources = new HostSources(policy, after);
  const same = new SamePlaces(before, after, moves);
  const ceased = standIns(same, after, afterGraph);
  const was = reaches(before, ({ place }) => ownAddress(place));
  const is = reaches(after, ({ place }) => same.keyOf(place));
  return [...new Set([...was.keys(), ...is.keys()])]
    .map((key) => ({ named: was.get(key), now: is.get(key) }))
    .map(({ named, now }) => ({ named, now, key: keyOf((now ?? named) as Reach) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .flatMap(({ named, now }) => {
      const { who, family } = (now ?? named) as Reach;
      const common = { input: name, who, family };
      return [...(now ? openings(now, named, same, moves, sources) : []), ...(named ? closings(named, now, same, ceased) : [])].map((change): ReachChange => ({ ...common, ...change }));
    });
}

function keyOf({ who, family }: Reach): string {
  return `${who}\n${family}`;
}

type Change = Omit<ReachChange, 'input' | 'who' | 'family'>;

/** What the segment as a whole reaches and did not comes first, then what some of its places do for the first time. */
function openings(now: Reach, named: Reach | undefined, same: SamePlaces, moves: Moves, sources: HostSources): readonly Change[] {
  const earlier = (verdict: Verdict) => same.earlier(verdict);
  const pairs = changedPlaces(now, earlier);
  if (pairs.length === 0) return [];
  // What belongs to another segment now, or to one for the first time, opens nothing by that.
  const old = withOthers(now.who, named, now.verdicts.flatMap(earlier));
  const [oldKind, newKind] = [kindOf(old), kindOf(now)];
  const openBefore = openOf(old);
  const hostsBefore = hostsOf(old);
  // Who could reach every address by a host's port gains nothing by the host.
  const wasAll = reachingAll(old);
  const opened = pairs.filter(isOpened).map(({ verdict }) => verdict);
  // Not where what was open closed, and another place is as unknown as it was.
  const isDoubted = newKind === 'unknown' && oldKind !== 'unknown' && pairs.some((pair) => pair.verdict.kind === 'unknown' && hasDoubt(pair));
  const hosts = uncovered(hostsOf(now), hostsBefore).filter(({ host }) => !wasAll(host));
  const firsts = sources.placesIn(hosts.length > 0 ? now.verdicts : []);
  return [
    ...(oldKind === 'open' && newKind === 'open' ? openedBy(pairs, openOf(now), openBefore) : []).map(({ what, verdicts }): Change => ({ change: 'became-open', what, ...told(now, verdicts) })),
    ...openedPlaces(pairs, openBefore).map(({ what, verdicts }): Change => ({ change: 'became-open', what, ...told(now, verdicts, othersOf('open', old, verdicts, earlier)) })),
    ...(newKind === 'open' && oldKind !== 'open' ? [{ change: 'became-open' as const, what: 'anything', traffic: wordsOf(openOf(now)).slice(0, MOST_NAMES), ...told(now, opened) }] : []),
    ...(isDoubted ? [doubtOf(now)] : doubtedPlaces(pairs, moves).map(({ what, verdicts, reasons }): Change => ({ change: 'became-unknown', what, ...told(now, verdicts, othersOf('unknown', old, verdicts, earlier)), ...(reasons.length > 0 ? { reasons } : {}) }))),
    ...hosts.map(({ what, host }): Change => ({ change: 'opened', what, ...pathOf(now.furthest), ...sources.of(host, firsts.get(host)) })),
    ...hostPlaces(pairs, new Set(hosts.map(({ text }) => text)), old !== named, named).map(({ gained, verdicts }): Change => ({ change: 'opened', what: gained.what, ...told(now, verdicts, reachedBy(old, gained)), ...sources.of(gained.host, verdicts[0]?.place) })),
  ];
}

/** What the segment reached, and nobody of it does any more; then what some of its places did. */
function closings(whole: Reach, now: Reach | undefined, same: SamePlaces, ceased: (verdict: Verdict) => boolean): readonly Change[] {
  const left = whole.verdicts.filter((verdict) => !ceased(verdict));
  const old = left.length === whole.verdicts.length ? whole : reachOf(whole.who, left);
  if (!old) return [];
  const later = (verdict: Verdict) => same.later(verdict);
  const pairs = changedPlaces(old, later);
  if (pairs.length === 0) return [];
  // A place that only left the segment has not closed.
  const still = withOthers(old.who, now, old.verdicts.flatMap(later));
  const [oldKind, newKind] = [kindOf(old), kindOf(still)];
  const hostsNow = hostsOf(still);
  // Who still reaches every address by a host's port loses nothing with the host.
  const isAll = reachingAll(still);
  const hosts = uncovered(hostsOf(old), hostsNow).filter(({ host }) => !isAll(host));
  const stayedOpen = oldKind === 'open' && newKind === 'open';
  // Named also where another place of the segment was unknown before: this one was known to be open.
  const unsettled = pairs.filter(isUnsettled);
  const closed = pairs.filter(({ verdict, before }) => verdict.kind === 'open' && ['none', 'allowlisted'].includes(kindOf(before))).map(({ verdict }) => verdict);
  return [
    ...(stayedOpen ? wordsBeyond(openOf(old), together(mayOf(still), listedOf(still))) : []).map((what): Change => ({ change: 'closed', what, ...pathOf(old.furthest) })),
    ...(stayedOpen && still ? openedPlaces(pairs, openOf(still), lostTraffic) : []).map(({ what, verdicts }): Change => ({ change: 'closed', what, ...told(old, verdicts, othersOf('open', still, verdicts, later)) })),
    ...(oldKind === 'open' && newKind === 'unknown' && closed.length > 0 ? [{ change: 'closed' as const, what: 'anything', ...told(old, closed) }] : []),
    ...(unsettled.length > 0 ? [perhapsClosed(old, unsettled, stayedOpen ? othersOf('open', still, unsettled.map(({ verdict }) => verdict), later) : 0)] : []),
    ...lessThan(oldKind, newKind).map((change): Change => ({ change, what: 'anything', ...pathOf((change === 'closed' ? old : still ?? old).furthest) })),
    ...hosts.map(({ what }): Change => ({ change: 'closed', what, ...pathOf(old.furthest) })),
  ];
}

/**
 * Subnets that stood in for machines, and do so no more because the first ones come: what a machine there may reach is
 * what it was, so that nothing has closed.
 */
function standIns(same: SamePlaces, after: readonly Verdict[], afterGraph: ResourceGraph): (verdict: Verdict) => boolean {
  let comes: boolean | undefined;
  return (verdict) => {
    if (verdict.place.kind !== 'subnet' || same.later(verdict).length > 0) return false;
    comes ??= after.some((each) => each.place.kind === 'workload' && same.earlier(each).length === 0);
    const subnet = comes ? afterGraph.byAddress(ownAddress(verdict.place)) : undefined;
    return subnet !== undefined && subnet.action !== 'delete' && subnet.action !== 'forget';
  };
}

function perhapsClosed(old: Reach, pairs: readonly Pair[], others: number): Change {
  const reasons = [...new Set(pairs.flatMap(({ before }) => before?.verdicts.flatMap((verdict) => verdict.reasons) ?? []))].sort();
  return { change: 'perhaps-closed', what: 'anything', ...told(old, pairs.map(({ verdict }) => verdict), others), ...(reasons.length > 0 ? { reasons } : {}) };
}

function withOthers(who: string, reach: Reach | undefined, verdicts: readonly Verdict[]): Reach | undefined {
  const own = new Set(reach?.verdicts);
  const others = verdicts.filter((verdict) => !own.has(verdict));
  return others.length === 0 ? reach : reachOf(who, [...own, ...others]);
}

function lessThan(before: VerdictKind, after: VerdictKind): readonly ReachChange['change'][] {
  if (before === after || after === 'open' || after === 'unknown') return [];
  if (before === 'open') return [after === 'allowlisted' ? 'became-guarded' : 'closed'];
  return before === 'unknown' ? ['became-known'] : [];
}

function doubtOf(now: Reach): Change {
  const unknown = now.verdicts.filter(({ kind }) => kind === 'unknown');
  return { change: 'became-unknown', what: 'anything', ...told(now, unknown), reasons: [...new Set(unknown.flatMap(({ reasons }) => reasons))].sort() };
}

/** How many places are of a kind, besides some. */
function othersOf(kind: VerdictKind, reach: Reach | undefined, some: readonly Verdict[], same: (verdict: Verdict) => readonly Verdict[]): number {
  const own = new Set(some.flatMap(same));
  return reach?.verdicts.filter((verdict) => verdict.kind === kind && !own.has(verdict)).length ?? 0;
}

/** How many places reach a host. Places share their lists, of which there are few. */
function reachedBy(reach: Reach | undefined, wanted: HostOnPort): number {
  const has = new Map<readonly AllowedHost[], boolean>();
  return reach?.verdicts.filter(({ hosts }) => {
    let answer = has.get(hosts);
    if (answer === undefined) has.set(hosts, (answer = hasHost(hosts, wanted)));
    return answer;
  }).length ?? 0;
}

/** Names told of one change before the rest is counted: a segment may have thousands of places. */
const MOST_NAMES = 50;

/** The way of one of them, their names, and how many others of the segment reach the same. */
function told({ who }: Reach, verdicts: readonly Verdict[], others = 0): Pick<ReachChange, 'path' | 'places' | 'more' | 'others'> {
  const sorted = [...verdicts].sort((a, b) => (a.place.id < b.place.id ? -1 : 1));
  const names = sorted.map(({ place }) => place.id);
  const [first] = sorted;
  return {
    ...(first ? pathOf(first) : {}),
    ...(names.length > 0 && names[0] !== who ? { places: names.slice(0, MOST_NAMES), ...(names.length > MOST_NAMES ? { more: names.length - MOST_NAMES } : {}), ...(others > 0 ? { others } : {}) } : {}),
  };
}

/** One for each family of each segment, and of each place that belongs to none. */
function reaches(verdicts: readonly Verdict[], addressOf: (verdict: Verdict) => string | undefined): ReadonlyMap<string, Reach> {
  const groups = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    const { segment, id } = verdict.place;
    const key = `${segment === undefined ? addressOf(verdict) ?? `new ${id}` : `segment ${segment}`}\n${verdict.family}`;
    const known = groups.get(key);
    if (known) known.push(verdict);
    else groups.set(key, [verdict]);
  }
  return new Map([...groups].map(([key, own]) => {
    const { place } = own[0] as Verdict;
    return [key, reachOf(place.segment ?? (own.length === 1 ? place.id : ownAddress(place)), own) as Reach] as const;
  }));
}

function pathOf({ witness }: Verdict): Pick<ReachChange, 'path'> {
  return witness ? { path: witness } : {};
}
