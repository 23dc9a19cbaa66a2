/** Private endpoints in the picture: their nodes, and edges from the places that reach them. */
import { groupBy } from '../group-by';
import type { Cloud, Place } from '../model/network-model';
import type { TopologyEdge, TopologyNode } from '../result';
import type { PrivateEndpoint, PrivateServices } from './private-services';

/** What one input's places of one cloud reach. */
export interface PrivateReach {
  readonly input: string;
  readonly cloud: Cloud;
  readonly services: PrivateServices;
  /** With the id that each has in the result. */
  readonly places: readonly { readonly id: string; readonly place: Place }[];
}

/**
 * More edges per place than this, and all endpoints of a network become one group: a place is then
 * joined to it when it reaches any of them.
 */
const MOST_EDGES_PER_PLACE = 8;

/**
 * Endpoints that the same places reach are one group, to which each place is joined once, and which
 * leads to each of them: the edges are as many as places and endpoints, and never their product.
 */
export function privateTopology({ input, cloud, services, places }: PrivateReach): { readonly nodes: readonly TopologyNode[]; readonly edges: readonly TopologyEdge[] } {
  if (services.endpoints.length === 0) return { nodes: [], edges: [] };
  // In an order of their own: the result does not depend on that of the plan.
  const callers = groupBy([...places].sort((a, b) => (a.id < b.id ? -1 : 1)), ({ place }) => services.reachedFrom(place));
  const fine = groupsOf(services.endpoints, [...callers.keys()]);
  const links = linksTo(fine, callers);
  const isTooMany = links.reduce((sum, { from, to }) => sum + from.length * to.length, 0) > MOST_EDGES_PER_PLACE * places.length;
  const groups = isTooMany ? groupsByNetwork(services.endpoints) : fine;
  const many = groups.filter((members) => members.length > 1);
  const idOf = ({ address }: PrivateEndpoint) => `${input} endpoint ${address}`;
  const groupId = (members: Group) => (members.length === 1 ? idOf(members[0] as PrivateEndpoint) : `${input} endpoints ${(members[0] as PrivateEndpoint).address} and ${members.length - 1} more`);
  return {
    nodes: [
      ...services.endpoints.map((endpoint): TopologyNode => ({ id: idOf(endpoint), kind: endpoint.kind, address: endpoint.address, label: endpoint.label, input, cloud })),
      ...many.map((members): TopologyNode => ({ id: groupId(members), kind: 'endpoint', label: `${isTooMany ? 'some of ' : ''}${members.length} endpoints`, members: members.length, input, cloud })),
    ],
    edges: [
      ...(isTooMany ? linksTo(groups, callers) : links).flatMap(({ from, to }) => from.flatMap(({ id }) => to.map((members): TopologyEdge => ({ from: id, to: groupId(members), kind: 'private' })))),
      ...many.flatMap((members) => members.map((member): TopologyEdge => ({ from: groupId(members), to: idOf(member), kind: 'private' }))),
    ],
  };
}

type Group = readonly PrivateEndpoint[];

/** Endpoints by the lists that they are in; those that nobody reaches are joined to nothing and stand alone. */
function groupsOf(endpoints: readonly PrivateEndpoint[], lists: readonly (readonly PrivateEndpoint[])[]): readonly Group[] {
  const found = new Map<PrivateEndpoint, number[]>(endpoints.map((endpoint) => [endpoint, []]));
  lists.forEach((list, index) => list.forEach((endpoint) => found.get(endpoint)?.push(index)));
  return [...groupBy(endpoints.filter((endpoint) => found.get(endpoint)?.length), (endpoint) => (found.get(endpoint) as number[]).join()).values()];
}

function groupsByNetwork(endpoints: readonly PrivateEndpoint[]): readonly Group[] {
  return [...groupBy(endpoints, ({ network }) => network).values()];
}

/** The groups that places with the same list reach something of. */
function linksTo<P>(groups: readonly Group[], callers: ReadonlyMap<Group, readonly P[]>): readonly { readonly from: readonly P[]; readonly to: readonly Group[] }[] {
  const groupOf = new Map(groups.flatMap((members) => members.map((member) => [member, members] as const)));
  return [...callers].map(([reached, from]) => ({ from, to: [...new Set(reached.flatMap((endpoint) => { const members = groupOf.get(endpoint); return members ? [members] : []; }))] }));
}
