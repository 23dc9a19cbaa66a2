/**
 * Which networks packets may get to from another one: its peers, those at hubs of the same virtual WAN, and, where something
 * on the way hands them on, whatever is joined with these. Peerings alone are not transitive.
 * https://learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview
 * https://learn.microsoft.com/azure/virtual-wan/scenario-any-to-any
 */
import type { Resource } from '../../plan/resource-graph';
import type { HopKind, Outcome } from '../network-model';
import type { AzureFirewall } from './firewall';
import { arePeers, type AzureNetwork } from './network';
import type { Topology } from './topology';
import { areConnected } from './virtual-wan';

/** @param to none where the plan does not tell */
export function isNear({ hubs }: Topology, from: AzureNetwork | undefined, to: readonly AzureNetwork[]): boolean {
  return !from || to.length === 0 || to.some((network) => arePeers(from, network) || areConnected(hubs, from.resource, network.resource));
}

/** Over however many networks. */
export function isJoined(topology: Topology, from: AzureNetwork, to: readonly AzureNetwork[]): boolean {
  const parts = partsOf(topology);
  return to.some((network) => parts.get(from.resource) !== undefined && parts.get(from.resource) === parts.get(network.resource));
}

/** Whether packets may get to a firewall in a network, or in a hub, over however many networks. */
export function isJoinedWith(topology: Topology, from: AzureNetwork, { subnet, hub }: Pick<AzureFirewall, 'subnet' | 'hub'>): boolean {
  if (subnet) return subnet.network !== undefined && isJoined(topology, from, [subnet.network]);
  const parts = partsOf(topology);
  return hub.targets.some((target) => parts.get(target) !== undefined && parts.get(target) === parts.get(from.resource));
}

/** Whether packets for a network that is no neighbour are handed on: a firewall lets them through, or nobody knows. */
export function areHandedOn(outcomes: readonly Outcome[], hops = 16, passed?: HopKind): boolean {
  return outcomes.some((outcome) => {
    if (outcome.kind === 'next') return hops > 0 && areHandedOn(outcome.to.forward(outcome.traffic), hops - 1, outcome.to.kind === 'firewall' ? 'firewall' : passed);
    return outcome.kind === 'unknown' || (outcome.kind !== 'blocked' && passed === 'firewall');
  });
}

const known = new WeakMap<Topology, ReadonlyMap<Resource, Resource>>();

/** One network of each part that peerings and hubs join, by network. */
function partsOf(topology: Topology): ReadonlyMap<Resource, Resource> {
  let parts = known.get(topology);
  if (!parts) known.set(topology, (parts = joinedParts(topology)));
  return parts;
}

function joinedParts({ peerings, hubs }: Topology): ReadonlyMap<Resource, Resource> {
  const above = new Map<Resource, Resource>();
  const top = (each: Resource): Resource => {
    let found = each;
    for (let next = above.get(found); next && next !== found; next = above.get(found)) found = next;
    above.set(each, found);
    return found;
  };
  const join = (all: readonly Resource[]) => {
    const [first, ...rest] = all;
    if (first) for (const other of rest) above.set(top(other), top(first));
  };
  for (const { local, remote } of peerings) join([...local.targets, ...remote.targets]);
  for (const [network, own] of hubs.connected) join([network, ...own]);
  return new Map([...above.keys()].map((network) => [network, top(network)]));
}
