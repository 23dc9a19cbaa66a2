/** What a change opens and closes, from the verdicts before and after. */
import type { AllowRule, Policy } from '../../blueprints/policy/model';
import { INTERNET } from '../model/addresses';
import type { AllowedHost } from '../model/network-model';
import { size } from '../model/ranges';
import { ALL_PORTS, either, except, ports, traffic, type Traffic } from '../model/traffic';
import { FEW_ADDRESSES, trafficWords } from '../paths/traffic-words';
import type { Verdict, VerdictKind } from '../paths/verdict';
import type { ResourceGraph } from '../plan/resource-graph';
import type { EgressDiff, ReachChange } from '../result';
import { wayChanges } from './way-changes';

/** One input, before and after. */
export interface Compared {
  readonly name: string;
  readonly before: readonly Verdict[];
  readonly after: readonly Verdict[];
  readonly beforeGraph: ResourceGraph;
  readonly afterGraph: ResourceGraph;
}

/** What a segment, or a place that belongs to none, can reach in one family: the most that any of its places can. */
interface Reach {
  readonly who: string;
  readonly family: 4 | 6;
  readonly kind: VerdictKind;
  readonly hosts: ReadonlyMap<string, AllowedHost>;
  /** What gets out with no control by host name. */
  readonly open: Set<Traffic>;
  /** Of a segment, all of its places. */
  readonly places?: Verdict[];
  readonly verdict: Verdict;
}

/** From the one that gets furthest. */
const FURTHEST: readonly VerdictKind[] = ['open', 'unknown', 'allowlisted', 'none'];

/** @param policy names the owner and the reason of each host that it lists. */
export function diffOf(compared: readonly Compared[], policy: Policy | undefined): EgressDiff {
  const changing = compared.filter(({ beforeGraph, afterGraph }) => beforeGraph !== afterGraph);
  return {
    reach: changing.flatMap((each) => reachChanges(each, policy)),
    ways: changing.flatMap(({ name, beforeGraph, afterGraph }) => wayChanges(name, beforeGraph, afterGraph)),
  };
}

function reachChanges({ name, before, after }: Compared, policy: Policy | undefined): readonly ReachChange[] {
  const was = reachOf(before);
  const is = reachOf(after);
  const earlier = new Map(before.filter(({ place }) => place.segment !== undefined).map((verdict) => [placeKey(verdict), verdict]));
  const keys = [...new Set([...was.keys(), ...is.keys()])].sort();
  return keys.flatMap((key) => {
    const old = was.get(key);
    const now = is.get(key);
    const { who, family } = (now ?? old) as Reach;
    const common = { input: name, who, family };
    const oldKind = old?.kind ?? 'none';
    const newKind = now?.kind ?? 'none';
    const oldHosts = old?.hosts ?? new Map<string, AllowedHost>();
    const newHosts = now?.hosts ?? new Map<string, AllowedHost>();
    // Who could reach every address by a host's port gains nothing by the host, and loses all but the hosts that are left.
    const [wasAll, isAll] = [reachingAll(old), reachingAll(now)];
    const opened = [...newHosts].filter(([text, host]) => !oldHosts.has(text) && !wasAll(host));
    const closed = [...oldHosts].filter(([text, host]) => !newHosts.has(text) && !isAll(host));
    const stayedOpen = oldKind === 'open' && newKind === 'open';
    return [
      ...(now && oldKind === newKind ? placesFurther(now, earlier, common) : []),
      ...(stayedOpen ? beyond(now, old) : []).map((what): ReachChange => ({ ...common, change: 'became-open', what, ...pathOf(now) })),
      ...(stayedOpen ? beyond(old, now) : []).map((what): ReachChange => ({ ...common, change: 'closed', what, ...pathOf(old) })),
      ...kindChange(oldKind, newKind).map((change): ReachChange => ({ ...common, change, what: 'anything', ...pathOf(change === 'closed' ? old : now) })),
      ...opened.map(([text, host]): ReachChange => ({ ...common, change: 'opened', what: text, ...pathOf(now), ...sourceOf(host, who, policy) })),
      ...closed.map(([text]): ReachChange => ({ ...common, change: 'closed', what: text, ...pathOf(old) })),
    ];
  });
}

/** Places of a segment that get as far now as others of it did before: what the segment reaches does not tell. */
function placesFurther({ kind, places }: Reach, earlier: ReadonlyMap<string, Verdict>, common: Pick<ReachChange, 'input' | 'family'>): readonly ReachChange[] {
  if (kind !== 'open' && kind !== 'unknown') return [];
  return (places ?? []).flatMap((verdict): readonly ReachChange[] => {
    const before = earlier.get(placeKey(verdict));
    if (verdict.kind !== kind || !before || FURTHEST.indexOf(before.kind) <= FURTHEST.indexOf(kind)) return [];
    return [{ ...common, who: verdict.place.id, change: kind === 'open' ? 'became-open' : 'became-unknown', what: 'anything', ...(verdict.witness ? { path: verdict.witness } : {}) }];
  });
}

function placeKey({ place, family }: Verdict): string {
  return `${place.id}\n${family}`;
}

/** Beyond so many boxes traffic is compared by its words. */
const MOST_BOXES = 400;

/** What one lets out unguarded and the other does not, in words. */
function beyond(one: Reach | undefined, other: Reach | undefined): readonly string[] {
  const [own, others] = [wordsOf(one), wordsOf(other)];
  const more = [...own].filter((words) => !others.has(words));
  if (more.length === 0) return [];
  const [a, b] = [openOf(one), openOf(other)];
  if (a.boxes.length + b.boxes.length > MOST_BOXES) return more.sort();
  return [...new Set(trafficWords(except(a, b)))].sort();
}

function wordsOf(reach: Reach | undefined): ReadonlySet<string> {
  return new Set([...reach?.open ?? []].flatMap(trafficWords));
}

function openOf(reach: Reach | undefined): Traffic {
  return either(reach?.family ?? 4, [...reach?.open ?? []]);
}

/** Whether a host's ports are open to every address besides, but for the few that a platform keeps for itself. */
function reachingAll(reach: Reach | undefined): (host: AllowedHost) => boolean {
  if (!reach || reach.open.size === 0) return () => false;
  const { family } = reach;
  const open = openOf(reach);
  const answers = new Map<string, boolean>();
  return ({ ports: numbers }) => {
    const key = numbers.join();
    let answer = answers.get(key);
    if (answer === undefined) {
      const wanted = (numbers.length === 0 ? [ALL_PORTS] : numbers.map((port) => ports(port))).map((own) => ({ protocol: 'tcp' as const, ports: own, destinations: INTERNET[family] }));
      answers.set(key, (answer = except(traffic(family, wanted), open).boxes.every(({ destinations }) => size(destinations) <= FEW_ADDRESSES)));
    }
    return answer;
  };
}

function kindChange(before: VerdictKind, after: VerdictKind): readonly ReachChange['change'][] {
  if (before === after) return [];
  if (after === 'open') return ['became-open'];
  if (after === 'unknown') return ['became-unknown'];
  if (before === 'open') return [after === 'allowlisted' ? 'became-guarded' : 'closed'];
  return before === 'unknown' ? ['became-known'] : [];
}

function reachOf(verdicts: readonly Verdict[]): ReadonlyMap<string, Reach> {
  const result = new Map<string, Reach>();
  for (const verdict of verdicts) {
    const who = verdict.place.segment ?? verdict.place.id;
    const key = `${who}\n${verdict.family}`;
    const known = result.get(key);
    const hosts = new Map(known?.hosts);
    for (const host of verdict.hosts) for (const text of hostTexts(host)) hosts.set(text, host);
    const further = known && FURTHEST.indexOf(known.kind) <= FURTHEST.indexOf(verdict.kind) ? known : undefined;
    const open = known?.open ?? new Set<Traffic>();
    for (const own of verdict.openTraffic ?? []) open.add(own);
    const places = verdict.place.segment === undefined ? undefined : (known?.places ?? []);
    places?.push(verdict);
    result.set(key, { who, family: verdict.family, hosts, open, ...(places ? { places } : {}), kind: further?.kind ?? verdict.kind, verdict: further?.verdict ?? verdict });
  }
  return result;
}

/** One text per port, so that a port more is one change and not two. */
function hostTexts({ host, protocol, ports }: AllowedHost): readonly string[] {
  return ports.length === 0 ? [`${protocol} ${host}`] : ports.map((port) => `${protocol} ${host}:${port}`);
}

function pathOf(reach: Reach | undefined): Pick<ReachChange, 'path'> {
  const path = reach?.verdict.witness;
  return path ? { path } : {};
}

/** The rule of the policy that grants the host, by its exact text: a host that only a wildcard covers has no owner of its own. */
function sourceOf({ host }: AllowedHost, who: string, policy: Policy | undefined): Pick<ReachChange, 'owner' | 'reason'> {
  const rule: AllowRule | undefined = policy?.allow.find((each) => each.host.text === host && each.segments.includes(who));
  return rule ? { owner: rule.owner, reason: rule.reason } : {};
}
