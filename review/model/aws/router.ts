/**
 * Hops from a subnet's edge to the internet: ACL, routes, firewall, NAT, gateways, transit.
 *
 * A hop knows where packets come from, because a firewall decides by source and an internet
 * gateway by public address. Hops are kept per source, so places in one subnet share them.
 */
import { EVERYWHERE, INTERNET, type Family } from '../addresses';
import type { Hop, HopKind, Outcome } from '../network-model';
import { subtract, unionOf, type Ranges } from '../ranges';
import { both, except, towards, traffic, type Traffic } from '../traffic';
import type { Resource } from '../../plan/resource-graph';
import { aclEgress, type AwsAcl } from './acls';
import { chosen, doubtfully, possibly } from './doubt';
import { decide, type FirewallDecision } from './firewall-decision';
import { firewallHop } from './firewall-hop';
import type { AwsFirewall, Firewalls } from './firewalls';
import type { Gateways } from './gateways';
import type { AwsGroup } from './groups';
import { longestPrefix, type Share } from './longest-prefix';
import type { Neighbour } from './neighbours';
import type { AwsNetwork } from './networks';
import { rangesIn, type Prefix } from './prefix-lists';
import type { PublicAccessBlocks } from './public-access';
import { everyOf } from './read';
import { remembering } from './remembering';
import type { AwsRoute, AwsRouteTable } from './route-tables';
import { sourceKind } from './source-kinds';
import type { AwsSubnet } from './subnets';
import type { Transits } from './transit';
import { transitHop } from './transit-hop';

/** Where packets come from, as the network sees it at some point. */
export interface Source {
  /** Without it, and without ranges, the subnets of one network come to the same. */
  readonly subnet?: AwsSubnet;
  readonly ranges: Readonly<Record<Family, Ranges | undefined>>;
  /** Whose it is: the subnet, or the network where its subnets come to the same. */
  readonly holder: AwsSubnet | AwsNetwork;
  /** Whether the internet gateway of its own network carries its IPv4 packets. */
  readonly isPublic: boolean;
  /** Whether its packets have come to another network, whose internet gateway knows none of its addresses as public. */
  readonly away: boolean;
  /** The zone that its packets have come to: a transit gateway hands them on in the same one. */
  readonly zone: string | undefined;
  /** True behind a firewall that lets only listed hosts through. */
  readonly guarded: boolean;
  readonly kept: Map<unknown, Hop>;
}

/** Packets on their way out of one subnet. */
export interface Departure {
  readonly subnet: AwsSubnet;
  readonly source: Source;
  /** Whether somebody may choose another next hop there, and gains by it. */
  readonly isMachine: boolean;
  readonly throughGroup: Map<AwsGroup, Hop>;
  /** What a workload with certain groups does, by the number of each. */
  readonly starts: Map<string | number, Hop['forward']>;
}

export function hop(address: string, kind: HopKind, label: string | undefined, forward: (traffic: Traffic) => readonly Outcome[]): Hop {
  // One shape for all hops: what handles thousands of them reads their properties faster.
  return { address, kind, label, forward, isShared: false };
}

const UNTOLD: Source['ranges'] = { 4: undefined, 6: undefined };

/** `64:ff9b::/96`, behind which a NAT gateway reaches IPv4. */
const NAT64 = rangesIn(['64:ff9b::/96'], 6);

export class Router {
  private readonly sources = new Map<AwsSubnet | AwsNetwork, Map<string, Source>>();
  private readonly departures = new Map<AwsSubnet, Partial<Record<'public' | 'private' | 'machine', Departure>>>();
  private readonly nats = new Map<Resource, Hop>();
  private readonly guardedNats = new Map<Resource, Hop>();
  private readonly shares = new Map<AwsRouteTable, Partial<Record<Family, TableShares>>>();
  private readonly decisions = new Map<string, FirewallDecision>();
  private readonly groupNumbers = new Map<AwsGroup, number>();
  /** Set once the workloads are known: routes may lead to one that forwards. */
  interfaceHop: (resource: Resource, source?: Source) => Hop | undefined = () => undefined;
  /** Likewise: what else a machine without a public address may send by. */
  neighbours: ReadonlyMap<AwsSubnet, readonly Neighbour[]> = new Map();

  constructor(readonly firewalls: Firewalls, private readonly gateways: Gateways, private readonly transits: Transits, private readonly blocks: PublicAccessBlocks) {}

  departure(subnet: AwsSubnet, isPublic: boolean, isMachine = false): Departure {
    let both = this.departures.get(subnet);
    if (!both) this.departures.set(subnet, (both = {}));
    return (both[isPublic ? 'public' : isMachine ? 'machine' : 'private'] ??= { subnet, source: this.source(subnet, isPublic), isMachine: isMachine && !isPublic, throughGroup: new Map(), starts: new Map() });
  }

  source(subnet: AwsSubnet, isPublic: boolean, guarded = false): Source {
    // Firewalls alone ask for the very addresses, and transit gateways for the zone.
    const isOwn = this.firewalls.all.length > 0 || this.transits.all.length > 0;
    const holder = isOwn ? subnet : subnet.network ?? subnet;
    return this.keptSource({ holder, ...(isOwn ? { subnet, ranges: subnet.ranges, zone: subnet.zone } : { ranges: UNTOLD, zone: undefined }), isPublic, away: false, guarded });
  }

  private keptSource(source: Omit<Source, 'kept'>): Source {
    let own = this.sources.get(source.holder);
    if (!own) this.sources.set(source.holder, (own = new Map<string, Source>()));
    const key = `${source.isPublic} ${source.away} ${source.guarded} ${source.zone}`;
    let found = own.get(key);
    if (!found) own.set(key, (found = { ...source, kept: new Map() }));
    return found;
  }

  /** The same packets once a firewall has looked at their names. */
  guarded(source: Source): Source {
    return source.guarded ? source : this.keptSource({ ...source, guarded: true });
  }

  /** The same packets in a network that a transit gateway hands them to. */
  entering(network: AwsNetwork | undefined, source: Source): Source {
    const away = network === undefined || network !== source.subnet?.network;
    return away === source.away ? source : this.keptSource({ ...source, away });
  }

  /** Out of a subnet: by its ACL, then by its route table. */
  leave(subnet: AwsSubnet, before: Source): Hop {
    const source = before.subnet === undefined || before.zone === subnet.zone ? before : this.keptSource({ ...before, zone: subnet.zone });
    const routes = source.kept.get(subnet) ?? this.keep(source, subnet, () => hop(subnet.address, 'subnet', undefined, (flow) => this.routed(subnet, source, flow)));
    if (subnet.acls.every((acl) => acl.implicit)) return routes;
    const acls = subnet.acls.filter((acl) => !acl.implicit);
    const { aclUnknown } = subnet;
    if (aclUnknown !== undefined) {
      return this.keep(source, `acls? ${subnet.address}`, () => hop(subnet.address, 'acl', 'perhaps another ACL', (flow) => [
        ...acls.map((acl): Outcome => ({ kind: 'next', to: this.keep(source, `${acl.address} ${subnet.address}`, () => hop(acl.address, 'acl', undefined, (own) => fenced(acl, own, routes, source.guarded))), traffic: flow })),
        doubtfully(routes, flow, aclUnknown, source.guarded),
      ]));
    }
    const fences = acls.map((acl) => this.keep(source, `${acl.address} ${subnet.address}`, () => hop(acl.address, 'acl', undefined, (flow) => fenced(acl, flow, routes, source.guarded))));
    if (fences.length === 1) return fences[0] as Hop;
    return this.keep(source, `acls ${subnet.address}`, () => hop(subnet.address, 'acl', 'one of several ACLs', (flow) => fences.map((fence): Outcome => ({ kind: 'next', to: fence, traffic: flow }))));
  }

  /**
   * The same for what stands there. No route keeps a machine from sending by another one of the subnet, and no ACL is asked in
   * between, for it holds at the subnet's edge: nor is it for anything else that a route of the subnet leads to a machine in it. To an
   * attachment in the same subnet an ACL holds: https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html
   */
  past(subnet: AwsSubnet, source: Source, isMachine: boolean): Hop {
    const edge = this.leave(subnet, source);
    const near = source.isPublic || !(isMachine || isLedInside(subnet)) ? undefined : this.neighbours.get(subnet);
    if (!near) return edge;
    return this.keep(source, `near ${subnet.address}`, () => hop(subnet.address, 'subnet', undefined, (flow) => [
      { kind: 'next', to: edge, traffic: flow }, ...near.map(({ start, reason }) => doubtfully(start, flow, reason, source.guarded))]));
  }

  /** What a firewall does with this source's packets. */
  decision(firewall: AwsFirewall, source: Source, family: Family): FirewallDecision {
    const ranges = source.ranges[family];
    const key = `${firewall.address} ${family} ${firewall.policy ? sourceKind(firewall, firewall.policy, ranges, family) : ''}`;
    let found = this.decisions.get(key);
    if (!found) this.decisions.set(key, (found = decide(firewall, ranges, family)));
    return found;
  }

  /** The same function for the same groups, the objects and not their names, in the same order. */
  start({ starts }: Departure, groups: readonly AwsGroup[], make: () => Hop['forward']): Hop['forward'] {
    const key = groups.length === 1 ? this.groupNumber(groups[0] as AwsGroup) : groups.map((group) => this.groupNumber(group)).join();
    let found = starts.get(key);
    if (!found) starts.set(key, (found = remembering(hop('', 'workload', undefined, make())).forward));
    return found;
  }

  private groupNumber(group: AwsGroup): number {
    let number = this.groupNumbers.get(group);
    if (number === undefined) this.groupNumbers.set(group, (number = this.groupNumbers.size));
    return number;
  }

  keep(source: Source, key: unknown, make: () => Hop): Hop {
    let found = source.kept.get(key);
    if (!found) source.kept.set(key, (found = remembering(source.guarded ? bounded(make()) : make())));
    return found;
  }

  private routed(subnet: AwsSubnet, source: Source, flow: Traffic): readonly Outcome[] {
    const { tables } = subnet;
    const likely = tables.likely.map((table) => this.tableHop(table, source));
    const outcomes = likely.length === 1 ? (likely[0] as Hop).forward(flow) : this.byOneOf(subnet, source, flow);
    if (tables.others.length === 0 && tables.unknown === undefined) return outcomes;
    const reason = tables.widened ?? tables.unknown ?? 'the plan does not say which route table is meant';
    const others = tables.others.map((table) => this.tableHop(table, source));
    return [
      ...outcomes,
      ...possibly(others, likely, flow, reason, source.guarded),
      ...(tables.unknown === undefined ? [] : [{ kind: 'unknown', traffic: flow, reason: tables.unknown } satisfies Outcome]),
    ];
  }

  /** Of several tables the subnet has one: where some lead out for certain and others do not, whether it gets out there is a doubt. */
  private byOneOf({ address, tables }: AwsSubnet, source: Source, flow: Traffic): readonly Outcome[] {
    const leadsOut = (table: AwsRouteTable) => this.sharesOf(table, flow.family).sure.some(({ route, addresses }) => route.target.kind !== 'local' && towards(flow, addresses).boxes.length > 0);
    const isMixed = tables.likely.some(leadsOut) && !tables.likely.every(leadsOut);
    const reason = tables.widened ?? `the plan does not say which route table ${address} has`;
    return tables.likely.flatMap((table) => {
      const to = this.tableHop(table, source);
      return isMixed && leadsOut(table) ? [doubtfully(to, flow, reason, source.guarded)] : to.forward(flow);
    });
  }

  private tableHop(table: AwsRouteTable, source: Source): Hop {
    return source.kept.get(table) ?? this.keep(source, table, () => hop(table.address, 'route', 'route table', (flow) => this.byTable(table, source, flow)));
  }

  private byTable(table: AwsRouteTable, source: Source, flow: Traffic): readonly Outcome[] {
    const outcomes: Outcome[] = [];
    let rest = flow;
    const { sure, withoutGuesses, doubtful } = this.sharesOf(table, flow.family);
    for (const { route, addresses } of sure) {
      const own = towards(flow, addresses);
      if (own.boxes.length === 0) continue;
      rest = except(rest, own);
      outcomes.push({ kind: 'next', to: this.routeHop(table, route, source), traffic: own });
    }
    for (const { route, addresses, reason } of withoutGuesses) {
      const own = towards(flow, addresses);
      if (own.boxes.length > 0 && route.target.kind !== 'local') outcomes.push(doubtfully(this.routeHop(table, route, source), own, reason, source.guarded));
    }
    for (const { route, addresses, reason } of doubtful) {
      const own = addresses ? towards(flow, addresses) : flow;
      if (own.boxes.length > 0) outcomes.push(doubtfully(this.routeHop(table, route, source), own, reason, source.guarded));
    }
    if (table.unknown !== undefined) outcomes.push({ kind: 'unknown', traffic: flow, reason: table.unknown });
    for (const { address, prefixes } of table.heard) {
      // Behind a control by name it opens nothing that somebody may announce more than the routes of the table.
      const own = prefixes ? towards(flow, besideStatic(prefixes, table.routes, flow.family)) : source.guarded ? rest : flow;
      rest = except(rest, own);
      if (own.boxes.length > 0) outcomes.push({ kind: 'unknown', traffic: own, reason: `${prefixes ? 'what lies behind the routes that' : 'which routes'} are announced to ${table.address} is not in the plan (${address})` });
    }
    if (rest.boxes.length > 0) {
      const name = table.kind === 'implicit' ? `the main route table of ${table.address}` : table.address;
      outcomes.push({ kind: 'blocked', traffic: rest, reason: `no route in ${name} leads there` });
    }
    return outcomes;
  }

  private sharesOf(table: AwsRouteTable, family: Family): TableShares {
    let byFamily = this.shares.get(table);
    if (!byFamily) this.shares.set(table, (byFamily = {}));
    return (byFamily[family] ??= tableShares(table, family));
  }

  private routeHop(table: AwsRouteTable, route: AwsRoute, source: Source): Hop {
    return source.kept.get(route) ?? this.keep(source, route, () => hop(route.address, 'route', `${route.destination} -> ${route.target.text}`, (flow) => this.towardsTarget(table, route, source, flow)));
  }

  private towardsTarget(table: AwsRouteTable, { target }: AwsRoute, source: Source, flow: Traffic): readonly Outcome[] {
    const each = (make: (resource: Resource) => Hop) => (everyOf(target.resources).length === 0
      ? [{ kind: 'unknown', traffic: flow, reason: target.unknown ?? target.resources.unknown ?? `${target.text} is not in the plan` } satisfies Outcome]
      : chosen(target.resources, flow, make, source.guarded));
    switch (target.kind) {
      case 'local': return [{ kind: 'elsewhere', traffic: flow, where: 'its own network' }];
      case 'internet-gateway': return [{ kind: 'next', to: this.blocked(table.network, source) ?? this.internetGateway(target.text, source), traffic: flow }];
      case 'carrier-gateway': return [{ kind: 'next', to: this.internetGateway(target.text, source), traffic: flow }];
      case 'egress-only-gateway': return [{ kind: 'next', to: this.blocked(table.network, source) ?? this.egressOnlyGateway(target.text, source), traffic: flow }];
      case 'nat': return each((resource) => this.natHop(resource, source.guarded));
      case 'firewall': return each((resource) => firewallHop(resource, target.zone, source, this));
      case 'endpoint': return each((resource) => this.endpointHop(resource, source));
      case 'interface': return each((resource) => this.forwarder(resource, source));
      case 'transit': case 'core-network': return each((resource) => this.keep(source, `${resource.address} from ${table.network?.address ?? '?'}`, () => transitHop(resource, table.network, source, this.transits, this)));
      case 'peering': return [{ kind: 'next', to: this.keep(source, `peering ${target.text}`, () => hop(target.text, 'peering', undefined, (own) => [
        { kind: 'blocked', traffic: own, reason: 'a peering carries nothing on to the gateways of the other network' }])), traffic: flow }];
      case 'unknown': return [{ kind: 'unknown', traffic: flow, reason: target.unknown ?? 'the plan does not say where the route leads' }];
      default: return [{ kind: 'unknown', traffic: flow, reason: `what lies behind ${target.text} is not in the plan` }];
    }
  }

  /** What stops everything before the gateways of a network. */
  private blocked(network: AwsNetwork | undefined, source: Source): Hop | undefined {
    const block = this.blocks.of(network);
    return block && this.keep(source, block, () => hop(block.address, 'gateway', 'Block Public Access', (flow) => [{ kind: 'blocked', traffic: flow, reason: `${block.address} blocks public access` }]));
  }

  private internetGateway(address: string, source: Source): Hop {
    const isPublic = source.isPublic && !source.away;
    return this.keep(source, `igw ${address}`, () => hop(address, 'gateway', undefined, (flow) => [flow.family === 4 && !isPublic
      ? { kind: 'blocked', traffic: flow, reason: 'an internet gateway carries nothing from an address that is not public' }
      : { kind: 'internet', traffic: flow }]));
  }

  private egressOnlyGateway(address: string, source: Source): Hop {
    return this.keep(source, `eigw ${address}`, () => hop(address, 'gateway', 'egress-only', (flow) => [flow.family === 6
      ? { kind: 'internet', traffic: flow }
      : { kind: 'blocked', traffic: flow, reason: 'an egress-only gateway carries IPv6 alone' }]));
  }

  private natHop(resource: Resource, guarded: boolean): Hop {
    const kept = guarded ? this.guardedNats : this.nats;
    let found = kept.get(resource);
    if (!found) kept.set(resource, (found = remembering(hop(resource.address, 'nat', undefined, (flow) => this.translated(resource, flow, guarded)))));
    return found;
  }

  /** From here on packets come from the NAT gateway's own address. */
  private translated(resource: Resource, flow: Traffic, guarded: boolean): readonly Outcome[] {
    const nat = this.gateways.nat(resource);
    if (!nat) return [{ kind: 'unknown', traffic: flow, reason: `${resource.address} is not in the plan` }];
    const own = flow.family === 4 ? flow : fromNat64(flow);
    const lost: Outcome[] = flow.family === 4 ? [] : [{ kind: 'blocked', traffic: except(flow, towards(flow, NAT64)), reason: 'a NAT gateway carries IPv6 to 64:ff9b::/96 alone' }];
    if (own.boxes.length === 0) return lost;
    if (nat.regional) {
      const block = this.blocks.of(nat.network);
      return [...lost, block ? { kind: 'blocked', traffic: own, reason: `${block.address} blocks public access` } : { kind: 'internet', traffic: own }];
    }
    if (everyOf(nat.subnet).length === 0) return [...lost, { kind: 'unknown', traffic: own, reason: nat.subnet.unknown ?? `the subnet of ${nat.address} is not in the plan` }];
    return [...lost, ...chosen(nat.subnet, own, (subnet) => this.leave(subnet, this.source(subnet, nat.isPublic, guarded)), guarded)];
  }

  private endpointHop(resource: Resource, source: Source): Hop {
    const firewall = this.firewalls.of(resource);
    if (firewall) return firewallHop(resource, undefined, source, this);
    return this.keep(source, resource, () => hop(resource.address, 'endpoint', undefined, (flow) => {
      const endpoint = this.gateways.endpointAt(resource);
      if (endpoint?.kind === 'gateway' || endpoint?.kind === 'interface') return [{ kind: 'elsewhere', traffic: flow, where: `the service behind ${resource.address}` }];
      // One that the plan only looks up may be a firewall's, or in front of an appliance, and so may one of a kind that is not known.
      if (!endpoint) return [{ kind: 'unknown', traffic: flow, reason: `what lies behind ${resource.address} is not in the plan` }];
      const reason = `what the appliance behind ${resource.address} lets through is not in the plan`;
      // It may as well send it on by itself, and not back to where the endpoint stands: https://aws.amazon.com/blogs/networking-and-content-delivery/best-practices-for-deploying-gateway-load-balancer/
      const onward: Outcome = { kind: 'unknown', traffic: flow, reason };
      return !source.guarded ? [onward] : [onward, ...everyOf(endpoint.subnets).map((subnet): Outcome => ({ kind: 'next', to: this.leave(subnet, source), traffic: flow }))];
    }));
  }

  private forwarder(resource: Resource, source: Source): Hop {
    return this.keep(source, resource, () => this.interfaceHop(resource, source) ?? hop(resource.address, 'workload', undefined, (flow) => [
      { kind: 'unknown', traffic: flow, reason: `where ${resource.address} sends what it forwards is not in the plan` }]));
  }
}

/** Whether an ACL stands before a route that may lead to a machine of the same subnet. */
function isLedInside({ acls, tables }: AwsSubnet): boolean {
  return acls.some((acl) => !acl.implicit) && everyOf(tables).some((table) => table.routes.some(({ target }) => target.kind === 'interface'));
}

/** Which of the internet's addresses a table's routes lead somewhere, each route the ones for which it is the longest. */
interface TableShares {
  readonly sure: readonly Share<AwsRoute>[];
  /** Without the routes that are only most likely its own, others of it may take what those take. */
  readonly withoutGuesses: readonly (Share<AwsRoute> & { readonly reason: string })[];
  /** Routes that may be there, or may lead to more than they say. Without addresses: to any. */
  readonly doubtful: readonly { readonly route: AwsRoute; readonly addresses?: Ranges; readonly reason: string }[];
}

function tableShares(table: AwsRouteTable, family: Family): TableShares {
  const own = [...table.routes.filter((route) => route.possible === undefined), ...localRoutes(table, table.network?.ranges[family] ?? [], family)];
  const reason = own.find(({ guessed }) => guessed !== undefined)?.guessed;
  const doubtful = table.routes.flatMap((route): TableShares['doubtful'] => {
    const because = route.possible ?? route.unknown;
    if (because === undefined) return [];
    if (route.unknown !== undefined) return [{ route, reason: because }];
    return [{ route, addresses: unionOf(route.prefixes.filter((prefix) => prefix.family === family).map(({ range }) => [range])), reason: because }];
  });
  return {
    sure: longestPrefix(own, family, INTERNET[family]),
    withoutGuesses: reason === undefined ? [] : longestPrefix(own.filter(({ guessed }) => guessed === undefined), family, INTERNET[family]).map((share) => ({ ...share, reason })),
    doubtful,
  };
}

/**
 * What announced routes take: of equal ones the static one counts, and of others the longer one.
 * https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
 */
function besideStatic(prefixes: readonly Prefix[], routes: readonly AwsRoute[], family: Family): Ranges {
  const statics = routes.filter(({ possible, guessed }) => possible === undefined && guessed === undefined).flatMap((route) => route.prefixes).filter((prefix) => prefix.family === family);
  return unionOf(prefixes.filter((prefix) => prefix.family === family).map(({ range, bits }) => subtract([range], unionOf(statics.filter((prefix) => prefix.bits >= bits).map((prefix) => [prefix.range])))));
}

function localRoutes(table: AwsRouteTable, ranges: Ranges, family: Family): readonly AwsRoute[] {
  if (ranges.length === 0) return [];
  const prefixes = ranges.map((range) => ({ family, range, bits: (family === 4 ? 32 : 128) - ((range[1] - range[0] + 1n).toString(2).length - 1) }));
  return [{ address: table.address, destination: 'local', prefixes, target: { kind: 'local', resources: { likely: [], others: [] }, text: 'local' } }];
}

function fenced(acl: AwsAcl, flow: Traffic, next: Hop, guarded: boolean): readonly Outcome[] {
  const { certain, doubtful } = aclEgress(acl, flow.family);
  const passed = both(flow, certain);
  const rest = except(flow, certain);
  const maybe = doubtful ? both(rest, doubtful.traffic) : undefined;
  return [
    { kind: 'next', to: next, traffic: passed },
    ...(maybe && doubtful ? [doubtfully(next, maybe, doubtful.reason, guarded)] : []),
    { kind: 'blocked', traffic: maybe ? except(rest, maybe) : rest, reason: `no entry of ${acl.address} lets it out` },
  ];
}

/** What is behind a control by host name: wherever the plan does not say that packets go, nobody but its hosts is called. */
function bounded({ address, kind, label, forward }: Hop): Hop {
  return hop(address, kind, label, (flow) => forward(flow).map((outcome) => (outcome.kind === 'unknown' ? { kind: 'internet', traffic: outcome.traffic } : outcome)));
}

/** The IPv4 packets that a NAT gateway makes of IPv6 ones. */
function fromNat64(flow: Traffic): Traffic {
  const base = NAT64[0]?.[0] ?? 0n;
  return traffic(4, towards(flow, NAT64).boxes.map((box) => ({ ...box, destinations: box.destinations.map(([from, to]) => [from - base, to - base] as const).flatMap(([from, to]) => (to <= (EVERYWHERE[4][0]?.[1] ?? 0n) ? [[from, to] as const] : [])) })));
}
