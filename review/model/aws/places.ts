/** Where packets start: workloads, and subnets with the groups that a workload in them would carry. */
import { append } from '../../append';
import type { Hop, Outcome, Place } from '../network-model';
import { placeName } from '../place-name';
import { both, either, except, isNothing, type Traffic } from '../traffic';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { doubtfully, possibly } from './doubt';
import { Evidence } from './evidence';
import type { Firewalls } from './firewalls';
import { forwardersOf, type Start } from './forwarders';
import type { Gateways } from './gateways';
import { groupEgress, type AwsGroup, type Groups } from './groups';
import { isWithoutIpv6 } from './ipv6-addresses';
import { firewallNetworks, joinedWithFirewall } from './guarded-networks';
import { withLatticeHosts } from './lattice-relays';
import type { AwsNetwork, Networks } from './networks';
import { MACHINES, neighboursOf } from './neighbours';
import { isForNatAlone, leadsOut, leadsToInternet } from './plumbing';
import { certain, choose, everyOf, tagAt, type Choice } from './read';
import { remembering } from './remembering';
import { hop, type Departure, type Router, type Source } from './router';
import { leadsToGateway, tierOf, type AwsSubnet, type Subnets } from './subnets';
import type { Transits } from './transit';
import { isResident } from './workload-kinds';
import type { AwsWorkload, Workloads } from './workloads';

export interface PlaceParts {
  readonly graph: ResourceGraph;
  readonly router: Router;
  readonly networks: Networks;
  readonly subnets: Subnets;
  readonly groups: Groups;
  readonly workloads: Workloads;
  readonly firewalls: Firewalls;
  readonly gateways: Gateways;
  readonly transits: Transits;
}

/** A place with what it stands on, for the checks. */
export interface AwsPlace extends Place {
  readonly subnet?: AwsSubnet;
  readonly groups: readonly AwsGroup[];
  readonly workload?: AwsWorkload;
}

export function placesOf(parts: PlaceParts): readonly AwsPlace[] {
  const made = parts.workloads.all.flatMap((workload) => workloadPlaces(workload, parts));
  const starts = new Map<Resource, Start[]>();
  for (const place of made) if (place.workload) append(starts, place.workload.resource, { subnet: place.subnet, own: place.start, as: (source) => startAs(place, source, parts.router) });
  const forwarders = forwardersOf(parts.graph, starts, parts.workloads.carriers);
  parts.router.interfaceHop = forwarders.hopOf;
  parts.router.neighbours = neighboursOf(parts.graph, made, parts.workloads.carriers, forwarders);
  return withLatticeHosts([...made, ...standIns(parts, made)], parts, starts);
}

function workloadPlaces(workload: AwsWorkload, { router }: PlaceParts): readonly AwsPlace[] {
  const { address, resource, subnets, groups } = workload;
  const name = placeName(resource, address);
  const common = { kind: 'workload' as const, cloud: 'aws' as const, hypothetical: false, workload, groups: everyOf(groups) };
  if (workload.outside) {
    const start = hop(address, 'workload', undefined, (flow) => [{ kind: 'next', traffic: flow, to: hop(address, 'provider-default', workload.outsideWords ?? 'a network of AWS with a way to the internet', (own) => [{ kind: 'internet', traffic: own }]) }]);
    return [{ ...common, id: name, addresses: [address], cidrs: [], families: [4], start: onlyIpv4(start) }];
  }
  const all = everyOf(subnets);
  const carried = everyOf(groups);
  if (all.length === 0) {
    const start = workload.inDefaultVpc ? inDefaultVpc(workload)
      : hop(address, 'workload', undefined, (flow) => [{ kind: 'unknown', traffic: flow, reason: subnets.unknown ?? `the subnet of ${address} is not in the plan` }]);
    return [{ ...common, id: name, addresses: [address], cidrs: [], families: [4], start: onlyIpv4(start) }];
  }
  const startIn = (subnet: AwsSubnet) => {
    const isPublic = isPublicIn(workload, subnet);
    const known = startHop(address, undefined, groups, router.departure(subnet, isPublic, MACHINES.has(resource.type)), router);
    const start = isPublic || workload.maybePublic === undefined ? known : perhapsPublic(known, startHop(address, undefined, groups, router.departure(subnet, true), router), workload.maybePublic);
    const sent = workload.sends ? narrowed(start, workload.sends) : start;
    const all = hasIpv6(workload, subnet) ? sent : onlyIpv4(sent);
    const beside = subnet.localInterfaces ?? workload.stranger;
    return beside === undefined ? all : withLocal(all, beside);
  };
  // Where it most likely stands; where else it may stand is a doubt, and no place of its own.
  const where = subnets.likely.length > 0 ? subnets.likely : all;
  const elsewhere = where.length === all.length ? [] : all.filter((subnet) => !where.includes(subnet)).map(startIn);
  const segment = tagAt(resource, 'segment');
  const tier = tierOf(tagAt(resource, 'tier'));
  const reason = subnets.widened ?? subnets.unknown ?? `the subnet of ${address} is not certain`;
  return where.map((subnet) => {
    const start = startIn(subnet);
    // Always the same properties in the same order: there may be a hundred thousand places, and what reads them is slow when each has its own shape.
    return {
      kind: 'workload' as const, cloud: 'aws' as const, hypothetical: false, workload, groups: carried,
      segment: segment ?? subnet.segment, tier: tier ?? subnet.tier, network: subnet.network?.address, zone: subnet.zone, cidrs: subnet.cidrs, families: subnet.families, subnet,
      id: where.length === 1 ? name : `${name} in ${subnet.address}`,
      addresses: carried.length === 1 ? [address, subnet.address, (carried[0] as AwsGroup).address] : [address, subnet.address, ...carried.map((group) => group.address)],
      start: elsewhere.length === 0 && subnets.unknown === undefined ? start : hop(address, 'workload', start.label, (flow) => [
        ...start.forward(flow), ...possibly(elsewhere, [start], flow, reason), ...(subnets.unknown === undefined ? [] : [{ kind: 'unknown', traffic: flow, reason: subnets.unknown } satisfies Outcome]),
      ]),
    };
  });
}

const isPublicIn = (workload: AwsWorkload, subnet: AwsSubnet): boolean => workload.isPublic ?? subnet.publicOnLaunch ?? true;

const hasIpv6 = (workload: AwsWorkload, subnet: AwsSubnet): boolean => !subnet.families.includes(6) || ((subnet.givesIpv6 || workload.asksForIpv6) && !(subnet.families.includes(4) && isWithoutIpv6(workload.resource)));

/** Packets of another source, handed on: only an address that is public and a firewall ask for it. */
function startAs({ workload, subnet }: AwsPlace, source: Source, router: Router): Hop | undefined {
  if (!workload || !subnet || (!router.firewalls.all.length && hasIpv6(workload, subnet) && (!source.isPublic || source.away || isPublicIn(workload, subnet)))) return undefined;
  return startHop(workload.address, 'as they came', workload.groups, { subnet, source, isMachine: false, throughGroup: new Map(), starts: new Map() }, router);
}

/** With another way, past groups and routes. */
function withLocal(start: Hop, reason: string): Hop {
  return hop(start.address, start.kind, start.label, (flow) => [...start.forward(flow), { kind: 'unknown', traffic: flow, reason }]);
}

function perhapsPublic(known: Hop, withAddress: Hop, reason: string): Hop {
  return hop(known.address, known.kind, known.label, (flow) => [...known.forward(flow), doubtfully(withAddress, flow, reason)]);
}

/** What sends less than others would from there. */
function narrowed(start: Hop, sends: NonNullable<AwsWorkload['sends']>): Hop {
  return hop(start.address, start.kind, start.label, (flow) => [
    ...start.forward(both(flow, sends[flow.family])), { kind: 'blocked', traffic: except(flow, sends[flow.family]), reason: `${start.address} sends nothing but DNS queries, to the servers of its rules` }]);
}

function onlyIpv4(start: Hop): Hop {
  return { ...start, forward: (flow) => (flow.family === 4 ? start.forward(flow) : [{ kind: 'blocked', traffic: flow, reason: `${start.address} has no IPv6 address` }]) };
}

/** An instance that names no subnet stands in the account's default VPC: public addresses, and a way out. */
function inDefaultVpc(workload: AwsWorkload): Hop {
  const { address, groups } = workload;
  const gateway = hop(address, 'provider-default', 'the default VPC, with public addresses and an internet gateway', (flow) => [{ kind: 'internet', traffic: flow }]);
  return hop(address, 'workload', undefined, (flow) => {
    const all = everyOf(groups);
    if (all.length === 0) return [{ kind: 'next', to: gateway, traffic: flow }];
    return all.map((group): Outcome => ({ kind: 'next', to: hop(group.address, 'group', undefined, (own) => filtered(group, own, gateway, () => false)), traffic: flow }));
  });
}

/**
 * Each subnet of a network without workloads, but for those that only carry firewall endpoints or NAT
 * gateways. Where others have a segment, one without is somebody's plumbing as long as it leads nowhere.
 * In a network with workloads the others are empty on purpose, as far as anybody knows, unless they are of a segment; where a firewall
 * or segments say that ways out are meant to be few, or another account or a scheduler of machines may use it, one that leads out is
 * a place nevertheless.
 */
function standIns({ graph, router, networks, subnets, groups, workloads: { carriers }, firewalls, gateways, transits }: PlaceParts, made: readonly AwsPlace[]): readonly AwsPlace[] {
  // A load balancer or a database says nothing about what else will stand in its network, nor do their groups.
  const workloads = made.filter(({ workload }) => workload && !isResident(workload.resource.type));
  const residents = made.filter(({ workload }) => workload && isResident(workload.resource.type));
  const inhabited = new Set(workloads.flatMap((place) => place.subnet ?? []));
  // Nor does a machine that others are routed to.
  const devices = devicesOf(subnets, carriers);
  const isDevice = ({ workload }: AwsPlace) => workload !== undefined && devices.has(workload.resource);
  const besides = new Set(workloads.flatMap((place) => (isDevice(place) ? place.subnet ?? [] : [])));
  const stores = new Set(residents.flatMap((place) => (isStore(place) ? place.subnet ?? [] : [])));
  const others = new Set(residents.flatMap((place) => place.groups));
  for (const place of workloads) for (const group of place.groups) others.delete(group);
  const byNetwork = new Map<AwsNetwork | undefined, AwsSubnet[]>();
  for (const subnet of subnets.all) append(byNetwork, subnet.network, subnet);
  const withWorkloads = new Set(workloads.flatMap((place) => (place.subnet && !isDevice(place) ? [place.subnet.network] : [])));
  const guarded = firewallNetworks([...firewalls.all, ...firewalls.more]);
  const plumbing = new Set<AwsSubnet>([...firewalls.all, ...firewalls.more].flatMap((firewall) => firewall.ownSubnets));
  for (const attachment of transits.all.flatMap((transit) => transit.attachments)) {
    for (const subnet of guarded.has(attachment.network) ? attachment.ownSubnets : attachment.namedSubnets.filter((each) => !leadsToInternet(each))) plumbing.add(subnet);
  }
  for (const endpoint of gateways.endpoints) {
    const own = everyOf(endpoint.subnets);
    // Which of the subnets of one block it is makes no difference.
    if (endpoint.kind !== 'gateway-load-balancer' || (endpoint.subnets.others.length > 0 && new Set(own.map(({ resource: { moduleAddress, name } }) => `${moduleAddress} ${name}`)).size > 1)) continue;
    // What stands in a subnet whose own routes lead to the endpoint is looked at by it.
    for (const subnet of own) if (!everyOf(subnet.tables).some(({ routes, unknown }) => unknown !== undefined || routes.some(({ target }) => target.kind === 'endpoint'))) plumbing.add(subnet);
  }
  for (const attachment of graph.ofType('aws_networkmanager_vpc_attachment')) {
    const { likely, others } = choose(attachment, 'subnet_arns', (target) => subnets.of(target), { types: ['aws_subnet'] });
    if (others.length === 0) for (const subnet of likely) if (guarded.has(subnet.network)) plumbing.add(subnet);
  }
  const joined = joinedWithFirewall(graph, networks, firewalls);
  for (const nat of gateways.nats) for (const subnet of nat.subnet.likely) if (joined.has(subnet.network) && isForNatAlone(subnet)) plumbing.add(subnet);
  const endpointGroups = new Set(gateways.endpoints.flatMap((endpoint) => endpoint.groups.likely));
  return [...byNetwork].flatMap(([network, own]) => {
    const tagged = own.some((subnet) => subnet.segment !== undefined);
    // A segment that is empty today is still one that somebody asks about, and not gone because another has its first machine.
    const isCandidate = withWorkloads.has(network)
      ? (subnet: AwsSubnet) => (subnet.segment !== undefined && !inhabited.has(subnet)) || (tagged || guarded.has(network) || subnet.isLent || isForNodes(subnet)) && !inhabited.has(subnet) && leadsOut(subnet)
      : (subnet: AwsSubnet) => !besides.has(subnet) && (!tagged || subnet.segment !== undefined || leadsOut(subnet));
    const candidates = own.filter((subnet) => !plumbing.has(subnet) && !stores.has(subnet) && isCandidate(subnet));
    if (candidates.length === 0) return [];
    const isFree = (group: AwsGroup) => !group.isDefault && !endpointGroups.has(group) && !others.has(group);
    const perhaps = representatives(groups.all.filter((group) => isFree(group) && network !== undefined && group.perhapsOf?.includes(network)));
    const carried = groups.all.filter((group) => isFree(group) && isUsedIn(group, network))
      // What a place is called, and so what it is compared with, is the same in whatever order a file has them.
      .sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
    const evidence = new Evidence(carried);
    const widest = representatives(carried);
    const fallback = network ? [groups.defaultOf(network)] : [];
    return candidates.map((subnet): AwsPlace => {
      // Who a subnet is shared with brings groups of another account.
      const paired = (subnet.isLent ? undefined : evidence.groupsOf(subnet)) ?? (widest.length > 0 && !subnet.isLent ? widest : fallback);
      const isPublic = true;
      // Where the default group lets nothing out, and there is no other, whoever places something there brings a group along.
      // Of a network that is made elsewhere there are groups elsewhere, too, unless a segment says which are meant.
      const isPart = network !== undefined && !network.managed && !paired.some((group) => group.segment !== undefined && group.segment === subnet.segment);
      const isBare = subnet.isLent || isPart || (paired === fallback && paired.every((group) => !group.implicit));
      const reason = `the groups of what will stand in ${subnet.address} are not in the plan`;
      const carrying = { ...certain(...paired), others: perhaps, ...(perhaps.length > 0 ? { widened: reason } : {}), ...(isBare ? { unknown: reason } : {}) };
      const known = startHop(subnet.address, 'a workload in it', carrying, router.departure(subnet, isPublic), router);
      const start = subnet.localInterfaces === undefined ? known : withLocal(known, subnet.localInterfaces);
      return {
        ...located(subnet, subnet.resource),
        id: [subnet.address, ...paired.map((group) => group.address)].join(' + '),
        kind: 'subnet',
        cloud: 'aws',
        addresses: [...new Set([subnet.address, ...paired.map((group) => group.address)])],
        hypothetical: true,
        groups: paired,
        start,
      };
    });
  });
}

/**
 * Karpenter starts machines in subnets with the first tag, and the network plugin of EKS puts pods into those with the second.
 * https://karpenter.sh/docs/getting-started/getting-started-with-karpenter/
 * https://docs.aws.amazon.com/eks/latest/best-practices/subnets.html
 */
const isForNodes = ({ resource }: AwsSubnet): boolean => tagAt(resource, 'karpenter.sh/discovery') !== undefined || tagAt(resource, 'kubernetes.io/role/cni') === '1';

/** NAT instances, firewalls of other vendors and the like: routes lead to them, or to an interface that they carry. */
function devicesOf(subnets: Subnets, carriers: ReadonlyMap<Resource, readonly Resource[]>): ReadonlySet<Resource> {
  const found = new Set<Resource>();
  for (const table of new Set(subnets.all.flatMap(({ tables }) => everyOf(tables)))) {
    for (const { target } of table.routes) {
      if (target.kind !== 'interface') continue;
      for (const resource of everyOf(target.resources)) for (const each of [resource, ...(carriers.get(resource) ?? [])]) found.add(each);
    }
  }
  return found;
}

function isUsedIn({ network, otherNetworks }: AwsGroup, other: AwsNetwork | undefined): boolean {
  return network === other || (other !== undefined && otherNetworks?.includes(other) === true);
}

function isStore({ workload }: AwsPlace): boolean {
  return workload !== undefined && !/(lb|resolver_endpoint)$/.test(workload.resource.type);
}

/** The groups that together let out all that any group does: the others say nothing new, and there may be thousands. */
function representatives(groups: readonly AwsGroup[]): readonly AwsGroup[] {
  const kept: AwsGroup[] = [];
  let covered: readonly Traffic[] = [{ family: 4, boxes: [] }, { family: 6, boxes: [] }];
  for (const group of groups) {
    const egress = ([4, 6] as const).map((family) => groupEgress(group, family));
    const hasMore = egress.some((own) => own.services.length + own.doubtful.length > 0) && kept.length < 20;
    const adds = egress.some((own, index) => !isNothing(except(own.certain, covered[index] as Traffic)));
    if (!adds && !hasMore) continue;
    kept.push(group);
    covered = egress.map((own, index) => either(own.certain.family, [covered[index] as Traffic, own.certain]));
  }
  return kept.length > 0 ? kept : groups.slice(0, 1);
}

function located(subnet: AwsSubnet, resource: Resource): Pick<AwsPlace, 'segment' | 'tier' | 'network' | 'zone' | 'cidrs' | 'families' | 'subnet'> {
  const segment = tagAt(resource, 'segment') ?? subnet.segment;
  const tier = tierOf(tagAt(resource, 'tier')) ?? subnet.tier;
  return {
    subnet,
    ...(segment === undefined ? {} : { segment }),
    ...(tier === undefined ? {} : { tier }),
    ...(subnet.network ? { network: subnet.network.address } : {}),
    ...(subnet.zone === undefined ? {} : { zone: subnet.zone }),
    cidrs: subnet.cidrs,
    families: subnet.families,
  };
}

/** Whatever stands in one subnet with the same groups, all of them certain, starts alike. */
function startHop(address: string, label: string | undefined, groups: Choice<AwsGroup>, from: Departure, router: Router): Hop {
  const isCertain = groups.others.length === 0 && groups.unknown === undefined;
  if (!isCertain) return hop(address, 'workload', label, leaving(groups, from, router));
  const forward = router.start(from, groups.likely, () => leaving(certain(...groups.likely), from, router));
  return { address, kind: 'workload', label, forward, isShared: true };
}

function leaving(groups: Choice<AwsGroup>, { subnet, source, isMachine, throughGroup }: Departure, router: Router): Hop['forward'] {
  return (flow) => {
    if (!subnet.families.includes(flow.family)) return [{ kind: 'blocked', traffic: flow, reason: `${subnet.address} has no IPv${flow.family} addresses` }];
    const edge = router.past(subnet, source, isMachine);
    const through = (group: AwsGroup) => {
      let found = throughGroup.get(group);
      if (!found) throughGroup.set(group, (found = remembering(groupHop(group, subnet, edge))));
      return found;
    };
    if (groups.others.length === 0 && groups.unknown === undefined) {
      return groups.likely.length === 0 ? [{ kind: 'next', to: edge, traffic: flow }] : groups.likely.map((group): Outcome => ({ kind: 'next', to: through(group), traffic: flow }));
    }
    return [
      ...groups.likely.map((group): Outcome => ({ kind: 'next', to: through(group), traffic: flow })),
      ...possibly(groups.others.map(through), groups.likely.map(through), flow, groups.widened ?? 'the plan does not say which group is meant'),
      ...(groups.unknown === undefined ? [] : [doubtfully(edge, flow, groups.unknown)]),
    ];
  };
}

function groupHop(group: AwsGroup, subnet: AwsSubnet, edge: Hop): Hop {
  const hasGateway = (service: string) => leadsToGateway(subnet, service);
  const label = group.implicit ? (group.isDefault ? 'default security group: everything may leave' : 'security group that AWS makes: everything may leave') : undefined;
  return hop(group.address, group.implicit ? 'provider-default' : 'group', label, (flow) => filtered(group, flow, edge, hasGateway));
}

function filtered(group: AwsGroup, flow: Traffic, edge: Hop, hasGateway: (service: string) => boolean): readonly Outcome[] {
  const { certain: open, services, doubtful } = groupEgress(group, flow.family);
  const passed = both(flow, open);
  const left = except(flow, open);
  if (services.length === 0 && doubtful.length === 0) return [{ kind: 'next', to: edge, traffic: passed }, { kind: 'blocked', traffic: left, reason: `no egress rule of ${group.address} lets it out` }];
  const toServices = services.map(({ service, traffic }) => ({ service, own: both(left, traffic) })).filter(({ own }) => !isNothing(own));
  const maybe = doubtful.map(({ reason, traffic }) => ({ reason, own: both(left, traffic) })).filter(({ own }) => !isNothing(own));
  const used = either(flow.family, [...toServices.map(({ own }) => own), ...maybe.map(({ own }) => own)]);
  return [
    { kind: 'next', to: edge, traffic: passed },
    ...toServices.map(({ service, own }): Outcome => (hasGateway(service)
      ? { kind: 'elsewhere', traffic: own, where: `the gateway endpoint of ${service}` }
      : { kind: 'next', to: edge, traffic: own })),
    ...maybe.map(({ reason, own }) => doubtfully(edge, own, reason)),
    { kind: 'blocked', traffic: except(left, used), reason: `no egress rule of ${group.address} lets it out` },
  ];
}
