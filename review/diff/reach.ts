/** What a segment, or a place that belongs to none, can reach in one family: the most that any of its places can. */
import { addressesOf, addressRange, INTERNET, type Family } from '../model/addresses';
import type { AllowedHost } from '../model/network-model';
import { includes, rangesOf, size, subtract } from '../model/ranges';
import { ALL_PORTS, either, everythingTo, except, ports, traffic, type Traffic } from '../model/traffic';
import { FEW_ADDRESSES, trafficWords } from '../paths/traffic-words';
import type { Verdict, VerdictKind } from '../paths/verdict';

export interface Reach {
  readonly who: string;
  readonly family: 4 | 6;
  /** Of all of its places; never empty. */
  readonly verdicts: readonly Verdict[];
  /** One of those that get furthest. */
  readonly furthest: Verdict;
}

/** From the one that gets furthest. */
const FURTHEST: readonly VerdictKind[] = ['open', 'unknown', 'allowlisted', 'none'];

/** @param verdicts of one family */
export function reachOf(who: string, verdicts: readonly Verdict[]): Reach | undefined {
  const [first] = verdicts;
  if (!first) return undefined;
  const furthest = verdicts.reduce((most, each) => (FURTHEST.indexOf(each.kind) < FURTHEST.indexOf(most.kind) ? each : most));
  return { who, family: first.family, verdicts, furthest };
}

export function kindOf(reach: Reach | undefined): VerdictKind {
  return reach?.furthest.kind ?? 'none';
}

/** By protocol, name and port, so that a port more is one change and not two. */
export function hostsOf(reach: Reach | undefined): ReadonlyMap<string, HostOnPort> {
  return hostsIn(new Set(reach?.verdicts.map(({ hosts }) => hosts)));
}

export function hostsIn(lists: Iterable<readonly AllowedHost[]>): ReadonlyMap<string, HostOnPort> {
  const all = new Map<string, HostOnPort>();
  for (const list of lists) for (const host of list) for (const on of onPorts(host)) all.set(on.text, on);
  return all;
}

/** A host on one of its ports, or on every one. */
export interface HostOnPort {
  /** `tls api.stripe.com:443`. */
  readonly bare: string;
  /** The same, with the names below it that are refused, and the addresses where it is let through to these alone. */
  readonly text: string;
  /** Undefined for every port. */
  readonly port: number | undefined;
  readonly host: AllowedHost;
}

const known = new WeakMap<AllowedHost, readonly HostOnPort[]>();

/** One per port. */
export function onPorts(host: AllowedHost): readonly HostOnPort[] {
  let found = known.get(host);
  if (!found) {
    const at = `${host.except ? ` (not ${host.except.join(', ')})` : ''}${host.addresses ? ` at ${host.addresses.join(', ')}` : ''}`;
    const on = (port: number | undefined): HostOnPort => {
      const bare = `${host.protocol} ${host.host}${port === undefined ? '' : `:${port}`}`;
      return { bare, text: `${bare}${at}`, port, host };
    };
    known.set(host, (found = host.ports.length === 0 ? [on(undefined)] : host.ports.map(on)));
  }
  return found;
}

const keys = new WeakMap<readonly AllowedHost[], string>();

/** The same text for the same hosts. */
export function hostKey({ hosts }: Verdict): string {
  let key = keys.get(hosts);
  if (key === undefined) keys.set(hosts, (key = hosts.flatMap((host) => onPorts(host).map(({ text }) => text)).join('\n')));
  return key;
}

/** What gets out with no control by host name. */
export function openOf(reach: Reach | undefined): Traffic {
  return whole(reach, ({ openTraffic }) => openTraffic);
}

/** What gets out to addresses that are listed as hosts are. */
export function listedOf(reach: Reach | undefined): Traffic {
  const family = reach?.family ?? 4;
  const boxes = [...hostsOf(reach).values()].flatMap(({ host: { host, protocol, ports: numbers } }) => {
    const found = addressRange(host);
    if (!found || found.family !== family) return [];
    const own = numbers.length === 0 ? ALL_PORTS : rangesOf(numbers.flatMap((port) => ports(port)));
    return everythingTo(family, [found.range]).boxes.filter((box) => protocol === 'any' || box.protocol === 'tcp').map((box) => (box.protocol === 'tcp' || box.protocol === 'udp' ? { ...box, ports: own } : box));
  });
  return { family, boxes };
}

/** What may get out, or not: the plan does not say. */
export function doubtOf(reach: Reach | undefined): Traffic {
  return whole(reach, ({ doubtfulTraffic }) => doubtfulTraffic);
}

const NOTHING: Traffic = { family: 4, boxes: [] };
/** By the list, which many places share: what is asked of it is known by the very object. */
const wholes = new WeakMap<readonly Traffic[], Traffic>();

function whole(reach: Reach | undefined, parts: (verdict: Verdict) => readonly Traffic[] | undefined): Traffic {
  const lists = [...new Set((reach?.verdicts ?? []).map(parts))].filter((list) => list !== undefined);
  const [only] = lists;
  if (!reach || !only) return NOTHING;
  if (lists.length > 1) return either(reach.family, [...new Set(lists.flat())]);
  let made = wholes.get(only);
  if (!made) wholes.set(only, (made = recentLike(either(reach.family, [...new Set(only)]))));
  return made;
}

/** So many boxes are compared in less time than it takes to find out whether they were before. */
const FEW_BOXES = 16;
const RECENT = 16;
const recent: { readonly text: string; readonly traffic: Traffic }[] = [];
let nextRecent = 0;

/** The same packets as one of the last few objects that are equal: what was asked of that one is known. */
function recentLike(traffic: Traffic): Traffic {
  if (traffic.boxes.length <= FEW_BOXES) return traffic;
  const text = `${traffic.family} ${traffic.boxes.map(({ protocol, ports: own, destinations, service = '' }) => `${protocol} ${own.join(';')} ${destinations.join(';')} ${service}`).join('\n')}`;
  const known = recent.find((each) => each.text === text);
  if (known) return known.traffic;
  recent[nextRecent] = { text, traffic };
  nextRecent = (nextRecent + 1) % RECENT;
  return traffic;
}

/** Beyond so many boxes traffic is compared by its words. */
const MOST_BOXES = 400;

/** What of `a` is not in `b`; all of `a` where there is too much to tell. */
export function beyond(a: Traffic, b: Traffic): Traffic {
  if (isManageable(a, b)) {
    const more = except(a, b);
    return more.boxes.length > 0 && except(more, KEPT[more.family]).boxes.length === 0 ? NOTHING : more;
  }
  const known = new Set(trafficWords(b));
  return trafficWords(a).every((words) => known.has(words)) ? NOTHING : a;
}

/**
 * What platforms keep for themselves, on one way and not on another: the address of Azure's, and those of Google's APIs.
 * https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
 * https://cloud.google.com/vpc/docs/configure-private-google-access
 */
const KEPT: Readonly<Record<Family, Traffic>> = {
  4: everythingTo(4, addressesOf(['168.63.129.16/32', '199.36.153.4/30', '199.36.153.8/30'], 4)),
  6: everythingTo(6, addressesOf(['2600:2d00:2:1000::/64', '2600:2d00:2:2000::/64'], 6)),
};

/** The same in words; sorted. */
export function wordsBeyond(a: Traffic, b: Traffic): readonly string[] {
  const more = beyond(a, b);
  if (isManageable(a, b)) return wordsOf(more);
  const known = new Set(trafficWords(b));
  return wordsOf(more).filter((words) => !known.has(words));
}

/** In words, sorted. A few addresses beside nearly all of the internet go without saying. */
export function wordsOf({ family, boxes }: Traffic): readonly string[] {
  const wide = boxes.filter(({ destinations }) => size(subtract(INTERNET[family], destinations)) <= FEW_ADDRESSES);
  const told = boxes.filter((box) => size(box.destinations) > FEW_ADDRESSES || !wide.some(({ protocol, ports: all, service }) => protocol === box.protocol && (service === undefined || service === box.service) && includes(all, box.ports)));
  return [...new Set(trafficWords({ family, boxes: told }))].sort();
}

/** Whether their difference can be worked out in no time. */
export function isManageable(a: Traffic, b: Traffic): boolean {
  return a.boxes.length + b.boxes.length <= MOST_BOXES;
}

/** By the traffic, which many places share. */
const answered = new WeakMap<Traffic, Map<string, boolean>>();

/**
 * Whether a host's ports are open to every address besides, but for the few that a platform keeps for itself; where the
 * host is addresses, or let through to some alone, to all of these. A name is looked at in TCP; addresses that are let
 * through on no port in particular are so for every protocol.
 */
export function reachingAll(reach: Reach | undefined): (host: AllowedHost) => boolean {
  const open = openOf(reach);
  if (!reach || open.boxes.length === 0) return () => false;
  const { family } = reach;
  let answers = answered.get(open);
  if (!answers) answered.set(open, (answers = new Map()));
  const known = answers;
  return ({ host, ports: numbers, addresses }) => {
    const range = addressRange(host)?.range;
    const key = `${range ? host : ''} ${numbers.join()} ${addresses?.join() ?? ''}`;
    let answer = known.get(key);
    if (answer === undefined) {
      const some = addresses ? addressesOf(addresses, family) : range && [range];
      const destinations = some ?? INTERNET[family];
      const wanted = (numbers.length === 0 ? [ALL_PORTS] : numbers.map((port) => ports(port))).map((own) => ({ protocol: 'tcp' as const, ports: own, destinations }));
      const left = except(range && numbers.length === 0 ? everythingTo(family, destinations) : traffic(family, wanted), open);
      answer = some ? left.boxes.length === 0 : isNearlyNothing(left);
      known.set(key, answer);
    }
    return answer;
  };
}

/** Up to what a platform keeps for itself. */
function isNearlyNothing({ boxes }: Traffic): boolean {
  return boxes.every(({ destinations }) => size(destinations) <= FEW_ADDRESSES);
}
