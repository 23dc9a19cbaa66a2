/** From a trace to one word, with the path that proves it. */
import type { AllowedHost, Place } from '../model/network-model';
import type { Family } from '../model/addresses';
import type { Traffic } from '../model/traffic';
import type { Arrival, End, Step, Trace } from './trace';

/**
 * - `open`: something reaches the internet with no control by host name, or one that lets any name through.
 * - `unknown`: the plan does not say enough to exclude that. Never counted as a pass.
 * - `allowlisted`: only listed hosts are reached.
 * - `none`: nothing reaches the internet.
 */
export type VerdictKind = 'open' | 'unknown' | 'allowlisted' | 'none';

export interface Verdict {
  readonly place: Place;
  readonly family: Family;
  readonly kind: VerdictKind;
  /** What may be reached by name; sorted, without duplicates. Empty unless some way is guarded. */
  readonly hosts: readonly AllowedHost[];
  /** `open` and `allowlisted`: the shortest way there. `unknown`: the way to where sight is lost. */
  readonly witness?: readonly Step[];
  /** `open`: what gets out unguarded. */
  readonly openTraffic?: readonly Traffic[];
  /** What the plan does not say of whether it gets out. Never absent for `unknown`. */
  readonly doubtfulTraffic?: readonly Traffic[];
  /** `none`: where the packet that gets furthest is stopped, and why. */
  readonly blocker?: { readonly path: readonly Step[]; readonly reason: string };
  /** What the plan does not say; sorted, without duplicates. Never empty for `unknown`. */
  readonly reasons: readonly string[];
}

const NO_REASONS: readonly string[] = [];

export function verdictOf(trace: Trace): Verdict {
  const { place, family, arrivals, unknown, blocked } = trace;
  const open = arrivals.filter((arrival) => hostsOf(arrival) === 'any');
  const hosts = allowedHosts(arrivals);
  const reasons = unknown.length === 0 ? NO_REASONS : [...new Set(unknown.map(({ reason }) => reason))].sort();
  const doubtfulTraffic = unknown.length > 0 ? unknown.map((end) => end.traffic) : undefined;
  // One shape for all, as of places.
  const verdict = (kind: VerdictKind, witness?: readonly Step[], blocker?: Verdict['blocker'], openTraffic?: readonly Traffic[]): Verdict => ({ place, family, kind, hosts, witness, openTraffic, doubtfulTraffic, blocker, reasons });

  if (open.length > 0) {
    return verdict('open', shortest(open).path, undefined, open.map(({ traffic }) => traffic));
  }
  // Even behind a control by host name: what is not known may be the control's own list.
  if (unknown.length > 0) return verdict('unknown', shortest(unknown).path);
  if (arrivals.length > 0) return verdict('allowlisted', shortest(arrivals).path);
  // A filter that refuses says more than a private service that some packets arrive at.
  const refused = blocked.filter(({ elsewhere }) => !elsewhere);
  const furthest = longest(refused.length > 0 ? refused : blocked);
  return verdict('none', undefined, furthest && { path: furthest.path, reason: furthest.reason });
}

/** Several controls on one way must all agree, so the shortest list bounds what gets through. */
function hostsOf({ guards }: Arrival): readonly AllowedHost[] | 'any' {
  const lists = guards.map((guard) => guard.hosts).filter((list) => !list.some(({ host }) => host === '*'));
  return lists.length === 0 ? 'any' : lists.reduce((least, list) => (list.length < least.length ? list : least));
}

function allowedHosts(arrivals: readonly Arrival[]): readonly AllowedHost[] {
  const lists = [...new Set(arrivals.map(hostsOf))].filter((list) => list !== 'any');
  const [only] = lists;
  if (!only || lists.length > 1) return merged(lists);
  // What one control lets through is one list for all places behind it.
  let found = sorted.get(only);
  if (!found) sorted.set(only, (found = merged(lists)));
  return found;
}

const sorted = new WeakMap<readonly AllowedHost[], readonly AllowedHost[]>();

function merged(lists: readonly (readonly AllowedHost[])[]): readonly AllowedHost[] {
  const found = new Map<string, AllowedHost>();
  for (const host of lists.flat()) found.set(`${host.host} ${host.protocol} ${host.ports.join()}${host.addresses ? ` ${host.addresses.join()}` : ''}${host.except ? ` ${host.except.join()}` : ''}`, host);
  return [...found].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, host]) => host);
}

function shortest<T extends { readonly hops: number }>(ends: readonly T[]): T {
  return ends.reduce((best, end) => (end.hops < best.hops ? end : best));
}

function longest(ends: readonly End[]): End | undefined {
  return ends.reduce<End | undefined>((best, end) => (!best || end.hops > best.hops ? end : best), undefined);
}
