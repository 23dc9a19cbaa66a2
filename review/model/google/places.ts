/** Places of the model: every workload of the plan, and for networks without any their subnets. */
import type { Hop, Outcome, Place } from '../network-model';
import { placeName } from '../place-name';
import type { Traffic } from '../traffic';
import type { Having, Interface } from './interfaces';
import { leaks } from './leaks';
import type { Workload } from './machines';
import type { GoogleNetwork } from './networks';
import type { PacketWay, PacketWays } from './packet-way';
import { labelledSegment, type SegmentTag, type Tier } from './segments';
import type { StandIn } from './stand-ins';

/** A place together with what stands behind it. */
export interface GooglePlace extends Place {
  /** Without those that are in doubt, and so are the ways and networks. */
  readonly interfaces: readonly Interface[];
  readonly ways: readonly PacketWay[];
  readonly workload?: Workload;
  readonly networks: readonly GoogleNetwork[];
}

interface Told {
  readonly segment?: string;
  readonly tier?: Tier;
}

export function workloadPlace(workload: Workload, ways: PacketWays, tags: readonly SegmentTag[]): GooglePlace {
  const carried = workload.interfaces.flatMap(({ carrier }) => [...carrier.secureTags.sure]);
  const tag = tags.find(({ address }) => carried.includes(address));
  const told: Told = { ...(tag ? { segment: tag.name, ...(tag.tier === undefined ? {} : { tier: tag.tier }) } : {}), ...labelledSegment(workload.resource) };
  return placeOf({
    id: placeName(workload.resource, workload.address), kind: 'workload', hypothetical: false, interfaces: workload.interfaces, ways, told, workload,
    addresses: [workload.address, ...carried.filter((key) => tags.some(({ address }) => address === key))],
  });
}

export function standInPlace({ subnet, from, perhaps, tags, segment }: StandIn, ways: PacketWays): GooglePlace {
  const [tag] = tags;
  const told: Told = {
    ...(tag ? { segment: tag.name, ...(tag.tier === undefined ? {} : { tier: tag.tier }) } : segment === undefined ? {} : { segment }),
    ...(subnet.resource ? labelledSegment(subnet.resource) : {}),
  };
  const groups = tags.map(({ address }) => address);
  return placeOf({
    id: [subnet.address, ...groups].join(' + '), kind: 'subnet', hypothetical: true, interfaces: perhaps ? [from, perhaps] : [from], ways, told, addresses: [subnet.address, ...groups],
  });
}

interface Parts {
  readonly id: string;
  readonly kind: 'workload' | 'subnet';
  readonly hypothetical: boolean;
  readonly interfaces: readonly Interface[];
  readonly ways: PacketWays;
  readonly told: Told;
  readonly addresses: readonly string[];
  readonly workload?: Workload;
}

function placeOf({ id, kind, hypothetical, interfaces, ways, told, addresses, workload }: Parts): GooglePlace {
  // What is followed last is told first where two ways are alike: those that are in doubt stand in front.
  const inOrder = [...interfaces.filter(({ doubt }) => doubt !== undefined), ...interfaces.filter(({ doubt }) => doubt === undefined)];
  const all = inOrder.map((each) => ({ each, ways: ways.of(each) }));
  const certain = all.filter(({ each }) => each.doubt === undefined);
  const networks = [...new Set(certain.flatMap(({ each }) => each.networks))];
  const address = addresses[0] as string;
  const start: Hop = {
    address,
    kind: kind === 'workload' ? 'workload' : 'subnet',
    ...(sharedStart(all, workload) ?? {
      forward: (traffic) => [...directly(workload, traffic, address), ...all.flatMap(({ each, ways: its }) => (its.length === 0 ? lost(address, traffic) : its.flatMap((way) => leaves(each, way, traffic)))), ...nowhere(workload, traffic, address)],
    }),
  };
  const network = networks[0]?.address;
  const region = workload?.zone;
  return {
    id, kind, cloud: 'google', addresses, ...told,
    ...(network === undefined ? {} : { network }),
    ...(region === undefined ? {} : { zone: region }),
    cidrs: [...new Set(interfaces.flatMap(({ subnets }) => (subnets.length === 1 ? subnets.flatMap(({ cidrs }) => cidrs) : [])))],
    families: [
      ...(interfaces.length === 0 || interfaces.some(({ hasIpv4 }) => hasIpv4 !== 'no') ? [4 as const] : []),
      ...(interfaces.some(({ hasIpv6 }) => hasIpv6 !== 'no') ? [6 as const] : []),
    ],
    hypothetical, start, interfaces: certain.map(({ each }) => each), networks,
    ways: certain.flatMap(({ ways: its }) => its),
    ...(workload ? { workload } : {}),
  };
}

const starts = new WeakMap<PacketWay, Map<string, Hop['forward']>>();

/** One interface with one way, of whose addresses nothing is in doubt: whatever has the same way starts alike. */
function sharedStart(all: readonly { readonly each: Interface; readonly ways: readonly PacketWay[] }[], workload: Workload | undefined): Pick<Hop, 'forward' | 'isShared'> | undefined {
  const [only] = all;
  const [way] = only?.ways ?? [];
  if (!only || !way || all.length > 1 || only.ways.length > 1 || workload?.leavesDirectly !== undefined) return undefined;
  const { hasIpv4, hasIpv6 } = only.each;
  if (typeof hasIpv4 === 'object' || typeof hasIpv6 === 'object') return undefined;
  let byFamilies = starts.get(way);
  if (!byFamilies) starts.set(way, (byFamilies = new Map()));
  const key = `${hasIpv4} ${hasIpv6}`;
  let forward = byFamilies.get(key);
  if (!forward) {
    // No place is asked for a family that it has not; its reason may not name the machine.
    byFamilies.set(key, (forward = (traffic) => ((traffic.family === 4 ? hasIpv4 : hasIpv6) === 'no'
      ? [{ kind: 'blocked', traffic, reason: `it has no IPv${traffic.family} address` }]
      : way.forward(traffic, undefined))));
  }
  return { forward, isShared: true };
}

/** A packet of a family that the interface has no address of is never made. */
function leaves(from: Interface, way: PacketWay, traffic: Traffic): readonly Outcome[] {
  const having: Having = traffic.family === 4 ? from.hasIpv4 : from.hasIpv6;
  if (having === 'no') return [{ kind: 'blocked', traffic, reason: `${from.address} has no IPv${traffic.family} address` }];
  const doubt = typeof having === 'object' ? having.unknown : undefined;
  if (from.doubt === undefined) return way.forward(traffic, doubt);
  // Where everything ends, or is bounded by a control that knows names, it does no harm to follow it.
  const outcomes = way.forward(traffic, doubt);
  return leaks(outcomes) ? way.forward(traffic, from.doubt) : outcomes;
}

/** In no network of the project, and not known to leave from Google's: either something keeps it inside, or nobody knows. */
function nowhere(workload: Workload | undefined, traffic: Traffic, address: string): readonly Outcome[] {
  if (!workload || workload.interfaces.length > 0 || workload.leavesDirectly !== undefined) return [];
  return workload.staysInside === undefined ? lost(address, traffic) : [{ kind: 'blocked', traffic, reason: workload.staysInside }];
}

function lost(address: string, traffic: Traffic): readonly Outcome[] {
  return [{ kind: 'unknown', traffic, reason: `the network of ${address} is not in the plan` }];
}

const directHops = new WeakMap<Workload, Hop>();

/** From Google's own network, where no rule or route of the project holds. IPv6 is not offered there. */
function directly(workload: Workload | undefined, traffic: Traffic, address: string): readonly Outcome[] {
  if (workload?.leavesDirectly === undefined) return [];
  if (traffic.family === 6) return [{ kind: 'blocked', traffic, reason: `${address} has no IPv6 address` }];
  let hop = directHops.get(workload);
  if (!hop) {
    const { reason, isSure } = workload.leavesDirectly;
    directHops.set(workload, (hop = {
      address, kind: 'provider-default', label: `Google's own network: ${reason}`,
      forward: (part) => [isSure ? { kind: 'internet', traffic: part } : { kind: 'unknown', traffic: part, reason }],
    }));
  }
  return [{ kind: 'next', to: hop, traffic }];
}

