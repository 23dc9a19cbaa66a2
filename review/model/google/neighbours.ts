/**
 * Networks whose subnets have routes to each other: whatever listens in the one answers in the other.
 * https://cloud.google.com/vpc/docs/vpc-peering#subnet_routes,
 * https://cloud.google.com/network-connectivity/docs/network-connectivity-center/concepts/vpc-spokes-overview
 */
import type { ResourceGraph } from '../../plan/resource-graph';
import { allKeys, keysAt } from './keys';
import type { GoogleNetwork, Networks } from './networks';
import { flagAt, hiddenAt } from './reading';
import type { Peering } from './routes';

export interface Neighbour {
  readonly network: GoogleNetwork;
  /** Why it may be none. */
  readonly doubt?: string;
}

export type Neighbours = ReadonlyMap<GoogleNetwork, readonly Neighbour[]>;

export function neighboursOf(graph: ResourceGraph, networks: Networks, peerings: readonly Peering[]): Neighbours {
  const found = new Map<GoogleNetwork, Neighbour[]>();
  const join = (one: GoogleNetwork, other: GoogleNetwork, doubt: string | undefined) => {
    if (one === other) return;
    const known = found.get(one) ?? [];
    const same = known.findIndex(({ network }) => network === other);
    if (same < 0) known.push({ network: other, ...(doubt === undefined ? {} : { doubt }) });
    else if (doubt === undefined) known[same] = { network: other };
    found.set(one, known);
  };
  for (const { address, networks: own, peers } of peerings) {
    for (const one of own) {
      for (const other of peers) {
        const isMutual = own.length + peers.length === 2 && peerings.some((back) => back.networks.includes(other) && back.peers.includes(one));
        const doubt = isMutual ? undefined : `whether ${address} is active is not in the plan`;
        join(one, other, doubt);
        join(other, one, doubt);
      }
    }
  }
  for (const { hub, members } of spokesByHub(graph, networks)) {
    // Groups, filters and the hub's topology may keep spokes apart.
    const doubt = `what ${hub} exchanges between its spokes is not read`;
    for (const one of members) for (const other of members) join(one, other, doubt);
  }
  return found;
}

interface Hub {
  /** Its Terraform address, or its name. */
  readonly hub: string;
  readonly members: readonly GoogleNetwork[];
  /** Whether endpoints of Private Service Connect in one spoke answer in the others; also where the plan does not tell. */
  readonly sharesEndpoints: boolean;
  /** Members whose peered services answer in the others. */
  readonly producers: ReadonlySet<GoogleNetwork>;
}

const HUB = 'google_network_connectivity_hub';

function spokesByHub(graph: ResourceGraph, networks: Networks): readonly Hub[] {
  const hubs = new Map<string, Set<GoogleNetwork>>();
  const producers = new Map<string, Set<GoogleNetwork>>();
  for (const spoke of graph.ofType('google_network_connectivity_spoke')) {
    const members = networks.namedAt(spoke, ['linked_vpc_network', 0, 'uri']);
    for (const hub of members.length === 0 ? [] : allKeys(keysAt(spoke, ['hub'], [HUB]))) {
      const known = hubs.get(hub);
      if (known) for (const member of members) known.add(member);
      else hubs.set(hub, new Set(members));
    }
    const peered = networks.namedAt(spoke, ['linked_producer_vpc_network', 0, 'network']);
    for (const hub of peered.length === 0 ? [] : allKeys(keysAt(spoke, ['hub'], [HUB]))) producers.set(hub, new Set([...producers.get(hub) ?? [], ...peered]));
  }
  const planned = new Map(hubs.size === 0 ? [] : graph.ofType(HUB).filter(({ mode }) => mode === 'managed').map((each) => [each.address, each]));
  return [...hubs].map(([hub, members]) => {
    const own = planned.get(hub);
    return { hub, members: [...members], sharesEndpoints: own === undefined || flagAt(own, 'export_psc') === true || hiddenAt(own, 'export_psc') !== undefined, producers: producers.get(hub) ?? new Set() };
  });
}

/**
 * By network those in which services that are peered with it answer, too.
 * https://cloud.google.com/network-connectivity/docs/network-connectivity-center/concepts/producer-vpc-spokes-overview
 */
export function servicesSharedWith(graph: ResourceGraph, networks: Networks): ReadonlyMap<GoogleNetwork, readonly GoogleNetwork[]> {
  const shared = new Map<GoogleNetwork, Set<GoogleNetwork>>();
  for (const { members, producers } of spokesByHub(graph, networks)) {
    for (const one of producers) shared.set(one, new Set([...shared.get(one) ?? [], ...members.filter((other) => other !== one)]));
  }
  return new Map([...shared].map(([network, others]) => [network, [...others]]));
}

/**
 * By network those in which its endpoints of Private Service Connect answer, too. What keeps a subnet from being
 * exported is not asked. https://cloud.google.com/vpc/docs/about-propagated-connections
 */
export function endpointsSharedWith(graph: ResourceGraph, networks: Networks): ReadonlyMap<GoogleNetwork, readonly GoogleNetwork[]> {
  const shared = new Map<GoogleNetwork, Set<GoogleNetwork>>();
  for (const { members } of spokesByHub(graph, networks).filter(({ sharesEndpoints }) => sharesEndpoints)) {
    for (const one of members) shared.set(one, new Set([...shared.get(one) ?? [], ...members.filter((other) => other !== one)]));
  }
  return new Map([...shared].map(([network, others]) => [network, [...others]]));
}
