/** From a subnet to the internet: its filters, its routes, and what they lead to, as hops. */
import { addressesOf, addressRange, INTERNET, type Family } from '../addresses';
import type { Hop, Outcome } from '../network-model';
import { includes, union, type Ranges } from '../ranges';
import { both, except, isNothing, towards, traffic as trafficOf, type Traffic } from '../traffic';
import type { Attachment } from './attachments';
import { administered } from './admin-hop';
import { answers, directConnections, relaysOf, translationsOf, type Relay } from './relays';
import { matchAddresses, type NetworkSpace } from './address-match';
import { groupIn, routedService } from './delegations';
import { doubted } from './doubt';
import { callsTo, proxyingOf } from './explicit-proxy';
import type { AzureFirewall } from './firewall';
import type { Source } from './firewall-evaluation';
import { FirewallHop } from './firewall-hop';
import { GroupHop, UncertainGroupHop } from './filter-hop';
import { areHandedOn, isJoined, isJoinedWith, isNear } from './joined';
import { learnedRoutes, taughtPrefixes, tablesOf, writtenRoutes } from './learned-routes';
import { namedProxies } from './named-proxies';
import { arePeers, peerSpace, type AzureNetwork } from './network';
import { peeredPrefixes } from './peered';
import { INTENT_POLICIES, type AdminRoute, type ManagedNetwork } from './network-manager';
import { ExitHop, Outbound, type Addresses } from './outbound';
import type { UserRoute } from './route-table';
import { combine, type EffectiveRoute, hiddenLeg, type Leg, legsOf, namedPrefixes, otherNetwork, type RouteContext, RouteHop, spread } from './routing';
import { allowedTraffic, evaluate, reachOf, type LocalSide, type Memberships } from './security-evaluation';
import { ofService } from './service-ports';
import { refusalsIn, refusesServices, type Refusals } from './service-refusals';
import { holdsAddress, type AzureSubnet } from './subnet';
import type { Topology } from './topology';

export type Onward = (traffic: Traffic) => readonly Outcome[];

/** What tells workloads of one subnet apart; `groups`: those of its interface. */
export interface Sender {
  readonly source: Source;
  readonly memberships: Memberships;
  readonly publicAddresses: Addresses;
  readonly groups?: Attachment;
}

export class Ways {
  private readonly spaces = new Map<AzureSubnet, NetworkSpace>();
  private readonly firewallHops = new Map<string, FirewallHop>();
  private readonly sources = new Map<Source, number>();
  /** Legs by subnet, source and way out: what most workloads of a subnet share. */
  private readonly routed = new Map<string, Onward>();
  private readonly common = new Map<string, Onward>();
  private readonly ids = new Map<AzureSubnet, number>();
  private proxying?: readonly AzureFirewall[];
  private relays?: readonly Relay[];
  private readonly managedNetworks = new Map<AzureNetwork, ManagedNetwork>();

  constructor(private readonly topology: Topology) {}

  /** Through the rules of a network's manager, then whatever groups there are, unless these rules lead past them. */
  administered(subnet: AzureSubnet, sender: Sender, onward: Onward): Onward {
    const { management } = this.topology;
    const rules = management.isEmpty ? [] : management.rulesFor(this.managed(subnet.network));
    return rules.length === 0 ? onward : administered(rules, this.localSide(subnet, sender), { onward, past: this.routes(subnet, sender) });
  }

  private managed(network: AzureNetwork | undefined): ManagedNetwork {
    if (!network) return { resource: undefined };
    let found = this.managedNetworks.get(network);
    if (!found) {
      const own = this.topology.subnetsIn(network).flatMap(({ delegations }) => delegations).find((each) => INTENT_POLICIES.has(each.toLowerCase()));
      this.managedNetworks.set(network, (found = { resource: network.resource, ...(own === undefined ? {} : { intentPolicyOf: own }) }));
    }
    return found;
  }

  /** Through the groups of a subnet and then its routes. */
  fromSubnet(subnet: AzureSubnet, sender: Sender): Onward {
    const { memberships, publicAddresses } = sender;
    const isCommon = (memberships === undefined || (memberships !== 'untold' && memberships.size === 0)) && (publicAddresses === 'any' || publicAddresses.length === 0) && !refusesServices(this.topology, sender.groups);
    if (!isCommon) return this.filtered(subnet.groups, subnet, sender, this.routes(subnet, sender));
    const key = `${this.idOf(subnet)} ${this.sourceId(sender.source)} ${String(memberships === undefined)} ${String(publicAddresses === 'any')}`;
    let onward = this.common.get(key);
    if (!onward) this.common.set(key, (onward = this.filtered(subnet.groups, subnet, sender, this.routes(subnet, sender))));
    return onward;
  }

  /** Through the groups of an interface, then those of its subnet, then the routes. */
  filtered(groups: Attachment, subnet: AzureSubnet, sender: Sender, onward: Onward): Onward {
    const found = groups.candidates.flatMap((group) => this.topology.groups.get(group) ?? []).map((group) => (groups === subnet.groups ? groupIn(subnet, group) : group));
    if (found.length === 0 && groups.unknown === undefined) return onward;
    const local = this.localSide(subnet, sender);
    const [only] = found;
    if (only && found.length === 1 && !groups.mayBeNone && groups.unknown === undefined) {
      const hop = new GroupHop(only, local, onward);
      return (traffic) => [{ kind: 'next', to: hop, traffic }];
    }
    const other = groups.unknown ?? (groups.mayBeNone ? `whether a security group is attached to ${subnet.address} is not known` : undefined);
    const label = found.length === 0 ? 'a security group outside of the plan' : found.length === 1 ? 'a security group that may hold' : `one of ${found.length} security groups`;
    const hop = new UncertainGroupHop(groups.by[0]?.address ?? subnet.address, label, found.map((group) => new GroupHop(group, local, onward)), other, groups.unknown !== undefined, onward);
    return (traffic) => [{ kind: 'next', to: hop, traffic }];
  }

  /** Proxies that the groups let a sender ask: near it, or where its routes lead on. */
  proxies(subnet: AzureSubnet, sender: Sender, groups: readonly Attachment[]): readonly Hop[] {
    const attached = [...groups, subnet.groups];
    const { network } = subnet;
    const reaches = (to: readonly AzureNetwork[], calls: Traffic): boolean => (isNear(this.topology, network, to) || (network !== undefined && isJoined(this.topology, network, to) && areHandedOn(this.routes(subnet, sender)(calls))))
      && this.lets(subnet, sender, attached, calls);
    const firewalls = (this.proxying ??= proxyingOf(this.topology.firewalls.values())).filter((firewall) => reaches(firewall.subnet?.network ? [firewall.subnet.network] : [], callsTo(firewall)));
    const relays = (this.relays ??= [...relaysOf(this.topology), ...translationsOf(this.topology), ...directConnections(this.topology), ...namedProxies(this.topology)]).filter((relay) => answers(relay, sender.source) && reaches(relay.networks, relay.calls));
    return [...firewalls.map((firewall) => this.firewallHop(firewall, sender.source).proxy), ...relays.map(({ hop }) => hop)];
  }

  /** Whether groups, or rules that go past them, may let some of the traffic out. */
  private lets(subnet: AzureSubnet, sender: Sender, groups: readonly Attachment[], calls: Traffic): boolean {
    const local = this.localSide(subnet, sender);
    const { management } = this.topology;
    const rules = management.isEmpty ? [] : management.rulesFor(this.managed(subnet.network));
    if (rules.some(({ action, rule }) => (action === undefined || action === 'AlwaysAllow') && rule.direction !== 'Inbound' && !isNothing(both(calls, reachOf(rule, 'Outbound', local, 4).possible)))) return true;
    return groups.every(({ candidates, mayBeNone, unknown }) => candidates.length === 0 || mayBeNone || unknown !== undefined || candidates.some((candidate) => {
      const group = this.topology.groups.get(candidate);
      return !group || !isNothing(both(calls, allowedTraffic(evaluate(groupIn(subnet, group), 'Outbound', local, 4), 4)));
    }));
  }

  /** What the tag `VirtualNetwork` means in a subnet. */
  space(subnet: AzureSubnet): NetworkSpace {
    let space = this.spaces.get(subnet);
    if (!space) {
      const { network } = subnet;
      const tables = tablesOf(this.topology, subnet);
      const learns = tables.length === 0 || subnet.tables.mayBeNone || tables.some(({ propagates, propagationUnknown }) => propagates || propagationUnknown !== undefined);
      const taught = taughtPrefixes(this.topology, subnet, learns);
      const reachable = (family: Family) => union(network ? peerSpace(network, this.topology.networks, family) : [], addressesOf(taught, family), ...tables.map((table) => namedPrefixes(table, family)));
      const learned = learns ? learnedRoutes(this.topology, subnet)[0]?.hop.address : undefined;
      const managed = network && this.leadingRoutes(network, subnet)[0];
      const unknown = subnet.tables.unknown ?? tables.find((table) => table.unknown !== undefined)?.unknown
        ?? (managed === undefined ? undefined : `the tag VirtualNetwork takes in the route of ${managed.resource.address}, if it is deployed`)
        ?? (learned === undefined ? undefined : `which routes ${learned} learns is not in the plan, and the tag VirtualNetwork takes them in`);
      space = {
        local: network ? network.space : subnet.addresses,
        reachable: { 4: reachable(4), 6: reachable(6) },
        ...(unknown === undefined ? {} : { unknown }),
      };
      this.spaces.set(subnet, space);
    }
    return space;
  }

  localSide(subnet: AzureSubnet, sender: Sender): LocalSide {
    return { addresses: sender.source, memberships: sender.memberships, space: this.space(subnet) };
  }

  firewallHop(firewall: AzureFirewall, source: Source): FirewallHop {
    const key = `${firewall.address} ${this.sourceId(source)}`;
    let hop = this.firewallHops.get(key);
    if (!hop) this.firewallHops.set(key, (hop = new FirewallHop(firewall, source, this.exitOfFirewall(firewall))));
    return hop;
  }

  /** The legs of a subnet, for checks that look at routes and not at packets. */
  legs(subnet: AzureSubnet, sender: Sender, family: Family): readonly Leg[] {
    const context = this.context(subnet, sender, family);
    const tables = tablesOf(this.topology, subnet);
    const alternatives = tables.map((table) => legsOf(table, context, family));
    if (tables.length === 0 || subnet.tables.mayBeNone) alternatives.push(legsOf(undefined, context, family));
    const legs = combine(alternatives, `which route table ${subnet.address} has is not known before the plan is applied`);
    if (subnet.tables.unknown === undefined) return legs;
    const reason = `the route table of ${subnet.address} is not in the plan: ${subnet.tables.unknown}`;
    return [...legs.map((leg) => ({ ...leg, hop: doubted(leg.hop, reason) })), hiddenLeg(subnet.address, family, reason)];
  }

  private routes(subnet: AzureSubnet, sender: Sender): Onward {
    const shared = (typeof sender.publicAddresses === 'string' || sender.publicAddresses.length === 0) && !refusesServices(this.topology, sender.groups);
    const key = `${this.idOf(subnet)} ${this.sourceId(sender.source)} ${shared ? String(sender.publicAddresses === 'any') : ''}`;
    const known = shared ? this.routed.get(key) : undefined;
    if (known) return known;
    const byFamily = new Map<Family, readonly Leg[]>();
    const onward: Onward = (traffic) => {
      let legs = byFamily.get(traffic.family);
      if (!legs) byFamily.set(traffic.family, (legs = this.legs(subnet, sender, traffic.family)));
      return spread(legs, traffic, subnet.address);
    };
    if (shared) this.routed.set(key, onward);
    return onward;
  }

  private context(subnet: AzureSubnet, sender: Sender, family: Family): RouteContext {
    const refused = refusalsIn(this.topology, subnet, () => this.localSide(subnet, { ...sender, memberships: 'untold' }), sender.groups);
    const outbound = new Outbound(subnet, sender.publicAddresses, refused);
    const world = family === 4 ? '0.0.0.0/0' : '::/0';
    const { network } = subnet;
    const local: EffectiveRoute[] = (network?.cidrs.items ?? subnet.cidrs.items).map((prefix) => ({
      prefix, origin: 'system', key: 'VnetLocal', hop: ending(subnet.address, `system route ${prefix}`, 'its own network'),
    }));
    const peered = peeredPrefixes(subnet, family, this.topology).map(({ address, prefix }): EffectiveRoute => ({ prefix, origin: 'system', key: `peer ${address}`, hop: ending(address, `system route ${prefix}`, 'a peered network') }));
    return {
      subnet: subnet.address,
      system: [...local, ...peered, {
        prefix: world, origin: 'system', key: 'Internet', hop: new RouteHop(subnet.address, `system route ${world} -> Internet`, (traffic) => outbound.forward(traffic)),
      }],
      learned: [...this.hubDefaults(subnet, sender, world), ...writtenRoutes(this.topology, subnet)],
      besides: [...this.addedRoutes(subnet, outbound), ...this.serviceEndpoints(subnet, refused), ...learnedRoutes(this.topology, subnet), ...this.managedRoutes(subnet, outbound), ...otherNetwork(subnet)],
      lead: (route) => this.lead(route, subnet, sender, outbound),
    };
  }

  private lead(route: UserRoute, subnet: AzureSubnet, sender: Sender, outbound: Outbound): { key: string; hop: Hop } {
    const prefix = route.prefix ?? 'a prefix that is not known';
    const hop = (onward: Onward) => new RouteHop(route.address, `${prefix} -> ${route.nextHop}${route.nextHopAddress === undefined ? '' : ` ${route.nextHopAddress}`}`, onward);
    switch (route.nextHop) {
      case 'Internet':
        return { key: 'Internet', hop: hop((traffic) => outbound.forward(traffic)) };
      case 'None':
        return { key: 'None', hop: hop((traffic) => [{ kind: 'blocked', traffic, reason: `the route ${prefix} -> None drops it` }]) };
      case 'VnetLocal':
        return { key: 'VnetLocal', hop: hop((traffic) => [{ kind: 'elsewhere', traffic, where: 'its own network' }]) };
      case 'VirtualAppliance':
        return this.appliance(route, subnet, sender, hop);
      case 'VirtualNetworkGateway':
        return { key: 'gateway', hop: hop((traffic) => [{ kind: 'unknown', traffic, reason: 'what is behind the virtual network gateway is not in the plan' }]) };
      default:
        return { key: `unknown ${route.address} ${route.name}`, hop: hop((traffic) => [{ kind: 'unknown', traffic, reason: `the next hop of route '${route.name}' of ${route.address} is not known` }]) };
    }
  }

  private appliance(route: UserRoute, subnet: AzureSubnet, sender: Sender, hop: (onward: Onward) => Hop): { key: string; hop: Hop } {
    const firewalls = this.firewallsOf(route, subnet);
    const others = route.appliances.targets.filter((target) => !this.topology.firewalls.has(target));
    if (firewalls.length === 1 && others.length === 0 && (route.appliances.exact || route.nextHopAddress !== undefined)) {
      const firewall = firewalls[0] as AzureFirewall;
      return { key: `firewall ${firewall.address}`, hop: hop((traffic) => [{ kind: 'next', to: this.firewallHop(firewall, sender.source), traffic }]) };
    }
    const where = others[0]?.address ?? route.nextHopAddress ?? 'that is not known';
    const reason = firewalls.length > 0 ? `which firewall route '${route.name}' of ${route.address} leads to is not known`
      : `what the appliance ${where} lets through is not in the plan`;
    // Firewalls that let nothing through close nothing where something else may be meant.
    const isAmong = firewalls.length > 0 && others.length === 0 && route.appliances.unknown === undefined;
    return {
      key: isAmong ? `one of the firewalls ${firewalls.map(({ address }) => address).join(', ')}` : `appliance ${where}`,
      hop: firewalls.length > 0
        ? doubted(hop((traffic) => [...firewalls.map((firewall) => ({ kind: 'next' as const, to: doubted(this.firewallHop(firewall, sender.source), reason), traffic })), ...(isAmong ? [] : [{ kind: 'unknown' as const, traffic, reason }])]), reason)
        : hop((traffic) => [{ kind: 'unknown', traffic, reason }]),
    };
  }

  /** By reference; or by an address that stands in a firewall's subnet, where nothing else does. */
  firewallsOf(route: UserRoute, { resource: { file }, network: from }: AzureSubnet): readonly AzureFirewall[] {
    const address = route.nextHopAddress;
    // What a table refers to as a whole is not what each of its routes means.
    const referred = route.appliances.targets.flatMap((target) => this.topology.firewalls.get(target) ?? []).filter((firewall) => address === undefined || mayHave(firewall, address));
    if (referred.length > 0 || address === undefined) return referred;
    const found = [...this.topology.firewalls.values()].filter((firewall) => firewall.privateAddresses.items.includes(address) || (firewall.subnet && holdsAddress(firewall.subnet, address)));
    // Networks that do not know each other may have the same addresses, those of two files the more so.
    const own = found.filter((firewall) => firewall.resource.file === file || (from !== undefined && isJoinedWith(this.topology, from, firewall)));
    if (!from || found.length === 0) return own;
    const near = found.filter(({ subnet }) => subnet?.network && arePeers(from, subnet.network));
    if (near.length > 0 || from.peerings.some(({ remote }) => remote.unknown !== undefined)) return near;
    return this.holders(from).some(({ space }) => holds(space, address)) ? own.filter(({ subnet }) => !subnet?.network) : own;
  }

  /** A network and its peers: an address that one of them has is nobody's elsewhere. */
  private holders(network: AzureNetwork): readonly AzureNetwork[] {
    return [network, ...network.peerings.flatMap(({ remote }) => remote.targets).flatMap((other) => this.topology.networks.get(other) ?? [])];
  }

  private hubDefaults(subnet: AzureSubnet, sender: Sender, world: string): readonly EffectiveRoute[] {
    if (!subnet.network || world !== '0.0.0.0/0') return [];
    return (this.topology.hubs.routes.get(subnet.network.resource) ?? []).map(({ connection, hub, prefix, firewall, doubt }) => {
      const hop = new RouteHop(connection.address, `${prefix} learned from ${hub?.address ?? 'a hub'}`, (traffic): readonly Outcome[] => (firewall
        ? [{ kind: 'next', to: this.firewallHop(firewall, sender.source), traffic }]
        : [{ kind: 'unknown', traffic, reason: doubt ?? `where ${hub?.address ?? 'the hub'} sends internet traffic is not in the plan` }]));
      return { prefix, origin: 'gateway', key: firewall ? `firewall ${firewall.address}` : `hub ${connection.address}`, hop, ...(doubt === undefined ? {} : { doubt }) };
    });
  }

  /** Those that a service needs which the subnet is delegated to. */
  private addedRoutes(subnet: AzureSubnet, outbound: Outbound): RouteContext['besides'] {
    const service = routedService(subnet);
    if (service === undefined) return [];
    const hop = new RouteHop(subnet.address, `routes that Azure adds for ${service}`, (traffic) => outbound.forward(both(traffic, trafficOf(traffic.family, [{ protocol: 'tcp', ports: [[443n, 443n]], destinations: INTERNET[traffic.family] }]))));
    return [{ hop, learned: false }];
  }

  /** Routes of service endpoints are more specific than any other; every customer's account answers there, unless a policy lists ours. */
  private serviceEndpoints(subnet: AzureSubnet, refused: Refusals): RouteContext['besides'] {
    const { items, unknown } = subnet.serviceEndpoints;
    const { hasEndpointPolicies, endpointPoliciesUnknown } = subnet;
    const isStorage = (service: string): boolean => /^microsoft\.storage(\.global)?$/i.test(service);
    const hops = items.filter((service) => !(hasEndpointPolicies && endpointPoliciesUnknown === undefined && isStorage(service))).map((service): Hop => {
      const answered = { 4: ofService(service, 4), 6: ofService(service, 6) };
      const hop: Hop = { address: subnet.address, kind: 'route', label: `service endpoint ${service}`, forward: (traffic) => [{ kind: 'internet', traffic: except(both(traffic, answered[traffic.family]), refused(service, traffic.family)) }] };
      return endpointPoliciesUnknown !== undefined && isStorage(service) ? doubted(hop, endpointPoliciesUnknown) : hop;
    });
    if (unknown !== undefined) hops.push(doubted(new ExitHop(subnet.address, 'route', 'service endpoints'), `which service endpoints ${subnet.address} has is not known: ${unknown}`));
    return hops.map((hop) => ({ hop, learned: false }));
  }

  /** Routes of a Virtual Network Manager: which of them wins is for its settings to say, and no plan tells whether they are deployed. */
  private managedRoutes(subnet: AzureSubnet, outbound: Outbound): RouteContext['besides'] {
    const { network } = subnet;
    if (!network) return [];
    return this.leadingRoutes(network, subnet).map(({ resource, destination, nextHop }) => {
      const label = `${destination.items[0] ?? 'a prefix that is not known'} -> ${nextHop ?? 'a next hop that is not known'}, by a network manager`;
      const reason = `whether the route of ${resource.address} is deployed in ${subnet.address} is not in the plan`;
      const to = (family: Family) => { const match = matchAddresses(destination, family); return match.unknown === undefined ? match.possible : INTERNET[family]; };
      const hop = new RouteHop(resource.address, label, (traffic) => {
        const part = towards(traffic, to(traffic.family));
        return nextHop === 'Internet' ? outbound.forward(part) : [{ kind: 'unknown', traffic: part, reason }];
      });
      return { hop: doubted(hop, reason), learned: false };
    });
  }

  private leadingRoutes(network: AzureNetwork, subnet: AzureSubnet): readonly AdminRoute[] {
    return this.topology.management.routesFor(network.resource, subnet.resource).filter(({ nextHop }) => nextHop !== 'NoNextHop' && nextHop !== 'VnetLocal');
  }

  private exitOfFirewall(firewall: AzureFirewall): Onward {
    const addresses = firewall.publicAddresses.length > 0
      ? firewall.publicAddresses.map(({ address }) => ({ address, kind: 'gateway' as const, label: 'public address of the firewall' }))
      : [{ address: firewall.address, kind: 'gateway' as const, label: 'the way out of the firewall' }];
    const { subnet } = firewall;
    if (subnet && (subnet.tables.candidates.length > 0 || subnet.tables.unknown !== undefined)) {
      return this.routes(subnet, { source: subnet.addresses, memberships: new Set(), publicAddresses: addresses.slice(0, 1) });
    }
    if (subnet) {
      const outbound = new Outbound(subnet, addresses.slice(0, 1));
      return (traffic) => outbound.forward(traffic);
    }
    const exit = new ExitHop(addresses[0]?.address ?? firewall.address, 'gateway', 'public address of the firewall');
    return (traffic) => [{ kind: 'next', to: exit, traffic }];
  }

  private sourceId(source: Source): number {
    let id = this.sources.get(source);
    if (id === undefined) this.sources.set(source, (id = this.sources.size));
    return id;
  }

  private idOf(subnet: AzureSubnet): number {
    let id = this.ids.get(subnet);
    if (id === undefined) this.ids.set(subnet, (id = this.ids.size));
    return id;
  }
}

/** Whether a firewall may answer at a private address. */
function mayHave({ privateAddresses, subnet }: AzureFirewall, address: string): boolean {
  if (privateAddresses.items.length > 0) return privateAddresses.items.includes(address);
  return !subnet || subnet.cidrs.unknown !== undefined || subnet.cidrs.items.length === 0 || holdsAddress(subnet, address);
}

function holds(space: Readonly<Record<Family, Ranges>>, address: string): boolean {
  const found = addressRange(address);
  return found !== undefined && includes(space[found.family], [found.range]);
}

function ending(address: string, label: string, where: string): Hop {
  return new RouteHop(address, label, (traffic) => [{ kind: 'elsewhere', traffic, where }]);
}
