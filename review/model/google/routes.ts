/**
 * The routes of a network: written ones, Google's own default routes, those that peers export, and
 * those that somebody announces. https://cloud.google.com/vpc/docs/routes
 */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { addressRange, type Family } from '../addresses';
import type { Range } from '../ranges';
import { keysAt, keysOf, NO_KEYS, type Keys } from './keys';
import type { GoogleNetwork, Networks } from './networks';
import { flagAt, hiddenAt, numberAt, textAt } from './reading';

export type NextHop =
  | { readonly kind: 'internet-gateway' }
  /** A machine; `targets` are the resources that it may be, `ip` its address where that is all that is known; `isHidden` where the plan does not tell which of them, or what else. */
  | { readonly kind: 'machine'; readonly targets: readonly Resource[]; readonly ip?: string; readonly isHidden?: true }
  /** An internal load balancer before machines, or a Secure Web Proxy. */
  | { readonly kind: 'load-balancer'; readonly targets: readonly Resource[]; readonly ip?: string; readonly isHidden?: true }
  | { readonly kind: 'tunnel'; readonly name: string }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface GoogleRoute {
  readonly address: string;
  readonly resource?: Resource;
  /** `0.0.0.0/0 -> default-internet-gateway` */
  readonly label: string;
  readonly network: GoogleNetwork;
  readonly family: Family;
  readonly range: Range;
  readonly destination: string;
  /** True where the plan does not tell the destination: it may be narrower than any other. */
  readonly isForAny?: true;
  readonly priority: number;
  /** Network tags of the machines that see it; with none every machine does. */
  readonly tags: Keys;
  readonly nextHop: NextHop;
  /** Made by Google or by a peer, not by this plan. */
  readonly isImplied: boolean;
  /** Why it may not be there, or not lead there. */
  readonly doubt?: string;
  /** Where nothing is in doubt but which of several networks it is in: whether most likely it is in this one. */
  readonly isLikely?: boolean;
}

const EVERYTHING: readonly { readonly family: Family; readonly text: string }[] = [{ family: 4, text: '0.0.0.0/0' }, { family: 6, text: '::/0' }];

/** The routes of all networks, without what peers and neighbours announce. */
export function writtenRoutes(graph: ResourceGraph, networks: Networks): readonly GoogleRoute[] {
  return graph.ofType('google_compute_route').flatMap((resource) => {
    const named = networks.namedAt(resource, 'network');
    const nextHop = nextHopOf(resource);
    const text = textAt(resource, 'dest_range');
    const known = text === undefined ? undefined : addressRange(text);
    const priority = numberAt(resource, 'priority');
    const which = named.length > 1 ? `${resource.address}: its network is known after apply` : undefined;
    const doubt = (priority === undefined ? hiddenAt(resource, 'priority') : undefined) ?? which
      ?? (known ? undefined : hiddenAt(resource, 'dest_range') ?? `${resource.address}: '${text ?? ''}' is no range`);
    const places = known ? [{ ...known, text: text as string }] : EVERYTHING.map((each) => ({ ...(addressRange(each.text) as { family: Family; range: Range }), text: 'an unknown range' }));
    const likely = which !== undefined && doubt === which && known ? networks.likelyAt(resource, 'network') : undefined;
    return named.flatMap((network) => places.map(({ family, range, text: destination }): GoogleRoute => ({
      address: resource.address,
      resource,
      label: `${destination} -> ${nextHopText(nextHop)}`,
      network,
      family,
      range,
      destination,
      ...(known ? {} : { isForAny: true as const }),
      // One that is not known may come before all others.
      priority: priority ?? (hiddenAt(resource, 'priority') === undefined ? 1000 : 0),
      tags: keysAt(resource, ['tags'], []),
      nextHop,
      isImplied: false,
      ...(doubt === undefined ? {} : { doubt }),
      ...(likely === undefined ? {} : { isLikely: likely.includes(network) }),
    })));
  });
}

function nextHopOf(resource: Resource): NextHop {
  const gateway = textAt(resource, 'next_hop_gateway');
  // `default-internet-gateway` is the only gateway that there is.
  if (gateway !== undefined) return { kind: 'internet-gateway' };
  const instance = hop(resource, 'next_hop_instance', ['google_compute_instance', 'google_compute_instance_from_template']);
  if (instance) return { kind: 'machine', ...instance };
  const ip = hop(resource, 'next_hop_ip', ['google_compute_instance', 'google_compute_address', 'google_compute_instance_from_template']);
  if (ip) return { kind: 'machine', ...ip };
  const ilb = hop(resource, 'next_hop_ilb', ['google_compute_forwarding_rule', 'google_network_services_gateway', 'google_compute_address']);
  if (ilb) return { kind: 'load-balancer', ...ilb };
  const tunnel = hop(resource, 'next_hop_vpn_tunnel', ['google_compute_vpn_tunnel']);
  if (tunnel) return { kind: 'tunnel', name: tunnel.targets[0]?.address ?? tunnel.ip ?? 'a vpn tunnel' };
  const hidden = hiddenAt(resource, 'next_hop_gateway') ?? `${resource.address} names no next hop`;
  return resource.unknownAt('next_hop_gateway') !== undefined && resource.isConfigured('next_hop_gateway')
    ? { kind: 'internet-gateway' }
    : { kind: 'unknown', reason: hidden };
}

function hop(resource: Resource, path: string, types: readonly string[]): { targets: readonly Resource[]; ip?: string; isHidden?: true } | undefined {
  const text = textAt(resource, path);
  if (text === undefined && hiddenAt(resource, path) === undefined) return undefined;
  const { targets, exact, widened, unknown } = resource.references(path, { types });
  // What a machine or a balancer stands at, and its address, are one.
  const isHidden = text === undefined && !exact && (widened.length > 0 || unknown !== undefined || targets.filter((target) => !targets.some((other) => standsAt(other, target))).length !== 1);
  return { targets, ...(text === undefined ? {} : { ip: text }), ...(isHidden ? { isHidden } : {}) };
}

function standsAt(holder: Resource, address: Resource): boolean {
  return address.type === 'google_compute_address' && holder !== address && ['ip_address', 'addresses', 'network_interface[0].network_ip'].some((path) => holder.references(path, { types: [address.type] }).targets.includes(address));
}

function nextHopText(hop: NextHop): string {
  switch (hop.kind) {
    case 'internet-gateway': return 'default-internet-gateway';
    case 'machine':
    case 'load-balancer': return hop.targets[0]?.address ?? hop.ip ?? 'a machine';
    case 'tunnel': return hop.name;
    case 'unknown': return 'an unknown next hop';
  }
}

/** Google's own routes: 0.0.0.0/0 of a new network, and ::/0 once a subnet has public IPv6 addresses. */
export function impliedRoutes(networks: Networks): readonly GoogleRoute[] {
  return networks.networks.filter(({ isForeign }) => !isForeign).flatMap((network) => {
    const base = { network, address: network.address, priority: 1000, tags: NO_KEYS, nextHop: { kind: 'internet-gateway' as const }, isImplied: true };
    const label = (text: string) => `${text} -> default-internet-gateway, made by Google`;
    const doubt = network.doubt === undefined ? {} : { doubt: network.doubt };
    const hasPublicIpv6 = networks.subnetsOf(network).some(({ ipv6 }) => ipv6 === 'external');
    return [
      ...(network.keepsDefaultRoute ? [{ ...base, ...doubt, label: label('0.0.0.0/0'), family: 4 as const, range: rangeOf('0.0.0.0/0'), destination: '0.0.0.0/0' }] : []),
      // The flag that deletes default routes acts before there are subnets, so this one stays.
      ...(hasPublicIpv6 ? [{ ...base, label: label('::/0'), family: 6 as const, range: rangeOf('::/0'), destination: '::/0' }] : []),
    ];
  });
}

function rangeOf(text: string): Range {
  return (addressRange(text) as { range: Range }).range;
}

export interface Peering {
  readonly address: string;
  readonly resource: Resource;
  readonly networks: readonly GoogleNetwork[];
  readonly peers: readonly GoogleNetwork[];
  /** Undefined: not known. */
  readonly importsRoutes: boolean | undefined;
  readonly exportsRoutes: boolean | undefined;
}

/** https://cloud.google.com/vpc/docs/vpc-peering#import-export-routes */
export function peerings(graph: ResourceGraph, networks: Networks): readonly Peering[] {
  const configs = graph.ofType('google_compute_network_peering_routes_config');
  return graph.ofType('google_compute_network_peering').map((resource) => {
    const owned = configs.filter((config) => config.references('peering', { types: ['google_compute_network_peering'] }).targets.includes(resource));
    const says = (path: string): boolean | undefined => {
      if ([resource, ...owned].some((each) => flagAt(each, path) === true)) return true;
      return [resource, ...owned].some((each) => hiddenAt(each, path) !== undefined) ? undefined : false;
    };
    const [own, peers] = [networks.namedAt(resource, 'network'), networks.namedAt(resource, 'peer_network')];
    return {
      address: resource.address,
      resource,
      networks: withoutOnly(own, peers),
      peers: withoutOnly(peers, own),
      importsRoutes: says('import_custom_routes'),
      exportsRoutes: says('export_custom_routes'),
    };
  });
}

/** No network peers with itself: of several that may be meant it is not the one on the other side. */
function withoutOnly(side: readonly GoogleNetwork[], other: readonly GoogleNetwork[]): readonly GoogleNetwork[] {
  const left = other.length === 1 && side.length > 1 ? side.filter((network) => network !== other[0]) : side;
  return left.length > 0 ? left : side;
}

/** What a peering hands on: static routes without tags whose next hop is no gateway. */
export function isHandedOn({ isImplied, nextHop, tags }: GoogleRoute): boolean {
  return !isImplied && nextHop.kind !== 'internet-gateway' && tags.sure.size + tags.maybe.size === 0;
}

/**
 * What a network learns from its peers: static routes without tags whose next hop is no gateway,
 * which is what Google exchanges.
 */
export function importedRoutes(all: readonly Peering[], routes: readonly GoogleRoute[]): readonly GoogleRoute[] {
  return all.filter((peering) => peering.importsRoutes !== false).flatMap((peering) => peering.networks.flatMap((network) =>
    peering.peers.filter(({ isForeign }) => !isForeign).flatMap((peer) => {
      const back = all.filter((other) => other.networks.includes(peer) && other.peers.includes(network));
      if (back.length > 0 && back.every(({ exportsRoutes }) => exportsRoutes === false)) return [];
      const isSure = peering.importsRoutes === true && back.some(({ exportsRoutes }) => exportsRoutes === true);
      return routes
        .filter((route) => route.network === peer && isHandedOn(route))
        .map((route): GoogleRoute => ({
          ...route,
          network,
          label: `${route.label}, through ${peering.address}`,
          isImplied: true,
          ...(isSure || route.doubt !== undefined ? {} : { doubt: `whether ${peering.address} brings the routes of ${peer.name} is not in the plan` }),
        }));
    })));
}

/** Of VPN tunnels. */
const GATEWAYS = [['vpn_gateway', 'google_compute_ha_vpn_gateway'], ['target_vpn_gateway', 'google_compute_vpn_gateway']] as const;

const HUBS = ['google_network_connectivity_hub'];

/**
 * Why somebody outside of the plan may announce a default route to a network: BGP sessions, peers
 * from elsewhere, hubs with such sessions.
 */
export function announcers(graph: ResourceGraph, networks: Networks, all: readonly Peering[]): ReadonlyMap<GoogleNetwork, string> {
  const found = new Map<GoogleNetwork, string>();
  const add = (named: readonly GoogleNetwork[], reason: string) => named.forEach((network) => {
    if (!found.has(network)) found.set(network, reason);
  });
  for (const type of ['google_compute_router_peer', 'google_compute_router_interface', 'google_compute_interconnect_attachment', 'google_compute_vpn_tunnel']) {
    for (const resource of graph.ofType(type)) {
      const routers = resource.references('router', { types: ['google_compute_router'] }).targets;
      // The gateway of a tunnel is in the network of its router, which may be another plan's.
      const gateways = routers.length > 0 || (textAt(resource, 'router') === undefined && hiddenAt(resource, 'router') === undefined) ? [] : GATEWAYS.flatMap(([path, types]) => resource.references(path, { types: [types] }).targets);
      add([...routers, ...gateways].flatMap((each) => networks.namedAt(each, 'network')), `what ${resource.address} learns from its neighbour is not in the plan: it may announce a default route`);
    }
  }
  for (const peering of all) {
    const strangers = peering.peers.filter(({ isForeign }) => isForeign);
    if (peering.importsRoutes !== false && strangers.length > 0) add(peering.networks, `which routes ${strangers[0]?.name} exports through ${peering.address} is not in the plan`);
  }
  // https://cloud.google.com/vmware-engine/docs/networking/peer-vpc-network: what is behind the other network comes along.
  for (const peering of graph.ofType('google_vmwareengine_network_peering')) {
    if (flagAt(peering, 'import_custom_routes') === false) continue;
    add(networks.namedAt(peering, 'peer_network'), `which routes ${peering.address} brings is not in the plan: a default route may be among them`);
  }
  // https://cloud.google.com/network-connectivity/docs/interconnect/concepts/partner-cci-for-aws-onboarding-overview: another cloud at the far end.
  for (const transport of graph.ofType('google_network_connectivity_transport')) add(networks.namedAt(transport, 'network'), `which routes ${transport.address} brings is not in the plan: a default route may be among them`);
  // https://cloud.google.com/distributed-cloud/edge/latest/docs/vpn-connections
  for (const connection of graph.ofType('google_edgecontainer_vpn_connection')) add(networks.namedAt(connection, 'vpc'), `which routes ${connection.address} brings from the edge is not in the plan: a default route may be among them`);
  // Of a peering that somebody else makes: a managed service, or another plan.
  for (const config of graph.ofType('google_compute_network_peering_routes_config')) {
    const path = 'import_custom_routes';
    if (flagAt(config, path) !== true && hiddenAt(config, path) === undefined) continue;
    if (config.references('peering', { types: ['google_compute_network_peering'] }).targets.some(({ mode }) => mode === 'managed')) continue;
    add(networks.namedAt(config, 'network'), `which routes ${config.address} imports is not in the plan: a default route may be among them`);
  }
  const hubs = new Map<string, GoogleNetwork[]>();
  // Those with spokes that may announce something. Which spokes a hub of another plan has nobody knows.
  const announcing = new Set<string>();
  for (const spoke of graph.ofType('google_network_connectivity_spoke')) {
    const hub = [...keysAt(spoke, ['hub'], HUBS).sure][0] ?? 'its hub';
    const members = networks.namedAt(spoke, ['linked_vpc_network', 0, 'uri']);
    if (members.length > 0) hubs.set(hub, [...(hubs.get(hub) ?? []), ...members]);
    // Networks of services that are peered hand on their subnets alone. https://cloud.google.com/network-connectivity/docs/network-connectivity-center/concepts/producer-vpc-spokes-overview
    const isProducer = spoke.elements('linked_producer_vpc_network').length > 0;
    if ((members.length === 0 && !isProducer) || !spoke.references('hub', { types: HUBS }).targets.some(({ mode }) => mode === 'managed')) announcing.add(hub);
    // A router appliance speaks to the routers of its own network, whoever makes their sessions.
    for (const path of spoke.elements(['linked_router_appliance_instances', 0, 'instances'])) add(networksOfMachine(spoke, [...path, 'virtual_machine'], networks), `what the router appliances of ${spoke.address} announce is not in the plan: it may be a default route`);
  }
  for (const [hub, members] of hubs) if (announcing.has(hub)) add(members, `what the other spokes of ${hub} announce is not in the plan`);
  // What one network learns its peers may import.
  for (const peering of all) {
    const reason = peering.peers.map((peer) => found.get(peer)).find((each) => each !== undefined);
    if (peering.importsRoutes !== false && reason !== undefined) add(peering.networks, reason);
  }
  return found;
}

function networksOfMachine(resource: Resource, path: AttributePath, networks: Networks): readonly GoogleNetwork[] {
  return resource.references(path, { types: ['google_compute_instance', 'google_compute_instance_from_template'] }).targets.flatMap((machine) => machine.elements('network_interface').flatMap((nic) =>
    [...networks.namedAt(machine, [...nic, 'network']), ...networks.subnetsAt(machine, [...nic, 'subnetwork']).flatMap((subnet) => subnet.networks)]));
}

export interface PolicyRoute {
  readonly address: string;
  readonly networks: readonly GoogleNetwork[];
  readonly tags: Keys;
  readonly priority: number;
  readonly destination: string;
  /** Callers that it is for. */
  readonly source: string;
  /** `tcp` or `udp`; absent: every protocol. */
  readonly protocol?: 'tcp' | 'udp';
  /** Why it may be for other packets. */
  readonly unknown?: string;
  /** Absent: back to the other routes. */
  readonly nextHop?: NextHop;
}

/** Policy-based routes stand before all others. https://cloud.google.com/vpc/docs/policy-based-routes */
export function policyRoutes(graph: ResourceGraph, networks: Networks): readonly PolicyRoute[] {
  return graph.ofType('google_network_connectivity_policy_based_route')
    .filter((resource) => resource.elements('interconnect_attachment').length === 0)
    .map((resource) => {
      const protocol = textAt(resource, ['filter', 0, 'ip_protocol'])?.toLowerCase();
      const everywhere = textAt(resource, ['filter', 0, 'protocol_version']) === 'IPV6' ? '::/0' : '0.0.0.0/0';
      const named = networks.namedAt(resource, 'network');
      const priority = numberAt(resource, 'priority');
      const unknown = ['dest_range', 'src_range', 'ip_protocol'].map((name) => hiddenAt(resource, ['filter', 0, name])).find((each) => each !== undefined)
        ?? (priority === undefined ? hiddenAt(resource, 'priority') : undefined)
        ?? (named.length > 1 ? `${resource.address}: its network is known after apply` : undefined);
      const ilb = hop(resource, 'next_hop_ilb_ip', ['google_compute_forwarding_rule', 'google_network_services_gateway', 'google_compute_address']);
      return {
        address: resource.address,
        networks: named,
        tags: resource.elements('virtual_machine').length > 0 ? keysAt(resource, ['virtual_machine', 0, 'tags'], []) : keysOf([]),
        // One that is not known may come before all others.
        priority: priority ?? (unknown === undefined ? 1000 : 0),
        destination: textAt(resource, ['filter', 0, 'dest_range']) ?? everywhere,
        source: textAt(resource, ['filter', 0, 'src_range']) ?? everywhere,
        ...(protocol === 'tcp' || protocol === 'udp' ? { protocol } as const : {}),
        ...(unknown === undefined ? {} : { unknown }),
        ...(ilb ? { nextHop: { kind: 'load-balancer' as const, ...ilb } } : {}),
      };
    });
}
