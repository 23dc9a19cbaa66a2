/** Where packets start on Azure: the workloads of a plan, and each subnet that has none. */
import type { Resource } from '../../plan/resource-graph';
import { addressesOf, type Family } from '../addresses';
import type { Hop, Outcome, Place } from '../network-model';
import { placeName } from '../place-name';
import { except, towards, type Traffic } from '../traffic';
import { PLATFORM_RANGES } from './address-match';
import { doubted, doubtedOutcome } from './doubt';
import { oneOf } from './one-of-subnets';
import { exitOf } from './outbound';
import { segmentOf, segmentOfSubnet } from './segment-names';
import type { AzureSubnet } from './subnet';
import type { Topology } from './topology';
import type { Onward, Sender, Ways } from './ways';
import type { Workload } from './workload';

export function placesOf(topology: Topology, workloads: readonly Workload[], ways: Ways): readonly Place[] {
  const used = new Set<AzureSubnet>();
  const hasIpv6 = [...topology.networks.values()].some(({ space }) => space[6].length > 0);
  const placed = workloads.map((workload) => {
    const subnets = subnetsAt(workload, topology);
    // One that is in a subnet of a network that has several, written inside it, is in one of them.
    if (workload.subnet.exact && subnets.length === 1) used.add(subnets[0] as AzureSubnet);
    return workloadPlace(workload, subnets, ways, hasIpv6);
  });
  const standIns = topology.subnets.filter((subnet) => subnet.role === 'workloads' && !used.has(subnet)).map((subnet) => subnetPlace(subnet, ways));
  return unique([...placed, ...standIns]);
}

function subnetsAt({ subnet: { targets, subnetId } }: Workload, { subnetsOf }: Topology): readonly AzureSubnet[] {
  const all = targets.flatMap((target) => subnetsOf.get(target) ?? []);
  const named = subnetId === undefined || all.length < 2 ? [] : all.filter(({ id }) => id === subnetId);
  if (named.length === 1) return named;
  // Azure lets nothing else into the subnets of its gateways and firewalls.
  const fitting = all.length < 2 ? all : all.filter(({ role }) => role === 'workloads');
  return fitting.length > 0 ? fitting : all;
}

/** A workload in a subnet about which nothing is known: it may carry any address and be in any application group. */
export function anySender(subnet: AzureSubnet): Sender {
  return { source: hasAddresses(subnet) ? subnet.addresses : undefined, memberships: undefined, publicAddresses: 'any' };
}

function subnetPlace(subnet: AzureSubnet, ways: Ways): Place {
  const sender = anySender(subnet);
  const direct = ways.administered(subnet, sender, ways.fromSubnet(subnet, sender));
  const onward = withProxies(direct, ways.proxies(subnet, sender, []));
  const families = familiesOf(subnet);
  return {
    id: subnet.address,
    kind: 'subnet',
    cloud: 'azure',
    addresses: [subnet.address, ...subnet.groups.candidates.map(({ address }) => address)],
    ...segmentOfSubnet(subnet),
    ...(subnet.network ? { network: subnet.network.address } : {}),
    cidrs: subnet.cidrs.items,
    families,
    hypothetical: true,
    start: start(subnet.address, 'subnet', families, onward),
  };
}

function workloadPlace(workload: Workload, subnets: readonly AzureSubnet[], ways: Ways, hasIpv6: boolean): Place {
  const { resource } = workload;
  const [only] = subnets;
  const own = segmentOf(resource);
  const named = own.segment === undefined && only && subnets.length === 1 ? { ...segmentOfSubnet(only), ...own } : own;
  // In a subnet that nobody knows it may have what any of them has.
  const isLost = workload.subnet.isSet && (subnets.length === 0 || workload.subnet.unknown !== undefined);
  const families = [...new Set<Family>([...(subnets.length === 0 ? [4 as const] : subnets.flatMap(familiesOf)), ...(isLost && hasIpv6 ? [6 as const] : [])])].sort();
  return {
    id: placeName(resource, workload.id),
    kind: 'workload',
    cloud: 'azure',
    addresses: [...workload.addresses, ...workload.groups.candidates.map(({ address }) => address), ...subnets.map(({ address }) => address)],
    ...named,
    ...(only?.network ? { network: only.network.address } : {}),
    cidrs: [...new Set(subnets.flatMap(({ cidrs }) => cidrs.items))],
    families,
    hypothetical: false,
    start: start(resource.address, 'workload', families, workloadOnward(workload, subnets, ways)),
  };
}

function workloadOnward(workload: Workload, subnets: readonly AzureSubnet[], ways: Ways): Onward {
  const onwards: Onward[] = [];
  if (workload.direct) {
    const exit = workload.direct.exit ?? exitOf(workload.resource, workload.direct.label);
    const hop = workload.direct.doubt === undefined ? exit : doubted(exit, workload.direct.doubt);
    onwards.push((traffic) => [{ kind: 'next', to: hop, traffic }]);
  }
  const inSubnets = subnets.map((subnet) => fromWorkload(workload, subnet, ways));
  const reason = `which subnet ${workload.id} is in is not known before the plan is applied`;
  if (workload.subnet.unknown !== undefined) onwards.push(...inSubnets.map((onward): Onward => (traffic) => onward(traffic).map((outcome) => doubtedOutcome(outcome, reason))));
  else if (inSubnets.length === 1) onwards.push(...inSubnets);
  else if (inSubnets.length > 1) onwards.push(oneOf(inSubnets, (subnets[0] as AzureSubnet).address, reason));
  if (workload.subnet.isSet && (subnets.length === 0 || workload.subnet.unknown !== undefined)) {
    const lost = workload.subnet.unknown === undefined && workload.subnet.targets.length > 0
      ? `the plan does not tell which subnet ${workload.id} is in: it composes the id from that of ${(workload.subnet.targets[0] as Resource).address}`
      : `the subnet of ${workload.id} is not in the plan: ${workload.subnet.unknown ?? 'it is not found'}`;
    onwards.push((traffic) => [{ kind: 'unknown', traffic, reason: lost }]);
  }
  // In no subnet, and with no way of its own: a plan that says so leaves something out.
  if (onwards.length === 0) onwards.push((traffic) => [{ kind: 'unknown', traffic, reason: `the plan does not say where ${workload.id} is` }]);
  return (traffic) => onwards.flatMap((onward) => onward(traffic));
}

function fromWorkload(workload: Workload, subnet: AzureSubnet, ways: Ways): Onward {
  const sender: Sender = { source: sourceOf(workload, subnet), memberships: workload.memberships ?? 'untold', publicAddresses: workload.publicAddresses, groups: workload.groups };
  const behind = withUnrouted(workload, subnet, sender, ways);
  const hop: Hop = { address: subnet.address, kind: 'subnet', forward: behind };
  const direct = ways.administered(subnet, sender, ways.filtered(workload.groups, subnet, sender, (traffic) => [{ kind: 'next', to: hop, traffic }]));
  return withProxies(direct, ways.proxies(subnet, sender, [workload.groups]));
}

/** By the routes of its subnet, and, where these may not count, by none. */
function withUnrouted({ resource, unrouted }: Workload, subnet: AzureSubnet, sender: Sender, ways: Ways): Onward {
  const routed = ways.fromSubnet(subnet, sender);
  if (unrouted === undefined) return routed;
  const exit = doubted(exitOf(resource, 'a way out of its platform'), unrouted);
  const straight = ways.filtered(subnet.groups, subnet, sender, (traffic) => [{ kind: 'next', to: exit, traffic }]);
  return (traffic) => [...routed(traffic), ...straight(traffic)];
}

/** Whoever asks a proxy has it call any name that its rules let through, wherever its own routes lead. It is asked over IPv4. */
function withProxies(direct: Onward, proxies: readonly Hop[]): Onward {
  return proxies.length === 0 ? direct : (traffic) => (traffic.family === 6 ? direct(traffic) : [...direct(traffic), ...proxies.map((to): Outcome => ({ kind: 'next', to, traffic }))]);
}

function sourceOf(workload: Workload, subnet: AzureSubnet): Sender['source'] {
  if (workload.forwards) return undefined;
  if (workload.privateAddresses.length > 0) {
    return { 4: addressesOf(workload.privateAddresses, 4), 6: addressesOf(workload.privateAddresses, 6) };
  }
  return hasAddresses(subnet) ? subnet.addresses : undefined;
}

function hasAddresses(subnet: AzureSubnet): boolean {
  return subnet.cidrs.unknown === undefined && subnet.cidrs.items.length > 0;
}

function familiesOf(subnet: AzureSubnet): readonly Family[] {
  const isSix = subnet.addresses[6].length > 0 || (subnet.cidrs.unknown !== undefined && (subnet.network?.space[6].length ?? 0) > 0);
  return isSix ? [4, 6] : [4];
}

/** Azure's platform address is on no network: it answers before any group or route, and is not the internet. */
function start(address: string, kind: 'workload' | 'subnet', families: readonly Family[], onward: Onward): Hop {
  return {
    address,
    kind,
    forward: (traffic: Traffic): readonly Outcome[] => {
      if (!families.includes(traffic.family)) return [{ kind: 'blocked', traffic, reason: `it has no IPv${traffic.family} address` }];
      const platform = towards(traffic, PLATFORM_RANGES[traffic.family]);
      if (platform.boxes.length === 0) return onward(traffic);
      return [{ kind: 'elsewhere', traffic: platform, where: "Azure's platform address 168.63.129.16" }, ...onward(except(traffic, platform))];
    },
  };
}

/** A broken plan may list an address twice. */
function unique(places: readonly Place[]): readonly Place[] {
  const seen = new Map<string, number>();
  return places.map((place) => {
    const count = (seen.get(place.id) ?? 0) + 1;
    seen.set(place.id, count);
    return count === 1 ? place : { ...place, id: `${place.id} #${count}` };
  });
}

