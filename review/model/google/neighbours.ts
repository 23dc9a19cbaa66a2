/**
 * Networks whose subnets have routes to each other: whatever listens in the one answers in the other.
 * https://cloud.google.com/vpc/docs/vpc-peering#subnet_routes,
 * https://cloud.google.com/network-connectivity/docs/network-connectivity-center/concepts/vpc-spokes-overview
 */
import type { ResourceGraph } from '../../plan/resource-graph';
import { allKeys, keysAt } from './keys';
import type { GoogleNetwork, Networks } from './networks';
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
  const hubs = new Map<string, GoogleNetwork[]>();
  for (const spoke of graph.ofType('google_network_connectivity_spoke')) {
    const members = networks.namedAt(spoke, ['linked_vpc_network', 0, 'uri']);
    for (const hub of allKeys(keysAt(spoke, ['hub'], ['google_network_connectivity_hub']))) {
      const others = hubs.get(hub) ?? [];
      for (const member of members) {
        for (const other of others) {
          // Groups, filters and the hub's topology may keep spokes apart.
          const doubt = `what ${hub} exchanges between its spokes is not read`;
          join(member, other, doubt);
          join(other, member, doubt);
        }
      }
      hubs.set(hub, [...others, ...members]);
    }
  }
  return found;
}
