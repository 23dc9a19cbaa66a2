/** Networks with a firewall, and those that a transit gateway or a core network joins with one. */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { AwsFirewall, Firewalls } from './firewalls';
import type { AwsNetwork, Networks } from './networks';
import { textAt } from './read';

/** What joins networks, with the attributes that name a network and the hubs. */
const JOINING = [
  ['aws_ec2_transit_gateway_vpc_attachment', ['vpc_id'], ['transit_gateway_id']],
  ['aws_networkmanager_vpc_attachment', ['vpc_arn'], ['core_network_id']],
  ['aws_ec2_transit_gateway_peering_attachment', [], ['transit_gateway_id', 'peer_transit_gateway_id']],
  ['aws_networkmanager_transit_gateway_peering', [], ['core_network_id', 'transit_gateway_arn']],
] as const;

const HUBS = ['aws_ec2_transit_gateway', 'aws_networkmanager_core_network'];

/** Where endpoints of firewalls stand; undefined for one in a network that the plan does not tell. */
export function firewallNetworks(firewalls: readonly AwsFirewall[]): ReadonlySet<AwsNetwork | undefined> {
  return new Set(firewalls.filter(({ transit, network }) => !transit || network).map(({ network }) => network));
}

/**
 * These, and every network that hubs join with one of them, or with a firewall that is attached to a hub itself, whatever the
 * tables of the hubs say. Firewalls of other networks tell nothing of a network.
 */
export function joinedWithFirewall(graph: ResourceGraph, networks: Networks, firewalls: Firewalls): ReadonlySet<AwsNetwork | undefined> {
  const joins = new Map<unknown, Set<unknown>>();
  const join = (one: unknown, other: unknown): void => {
    let ends = joins.get(one);
    if (!ends) joins.set(one, (ends = new Set()));
    ends.add(other);
  };
  for (const [type, ofNetworks, ofHubs] of JOINING) {
    for (const resource of graph.ofType(type)) {
      const ends = [...ofNetworks.flatMap((path) => networks.at(resource, path).likely), ...ofHubs.flatMap((path) => hubsAt(resource, path))];
      for (const end of ends) {
        join(resource, end);
        join(end, resource);
      }
    }
  }
  const guarded = firewallNetworks([...firewalls.all, ...firewalls.more]);
  const attachedTo = firewalls.all.filter(({ transit }) => transit).flatMap(({ resource }) => hubsAt(resource, 'transit_gateway_id'));
  const found = new Set<unknown>([...guarded, ...attachedTo]);
  // Grows while it is read.
  for (const each of found) for (const end of joins.get(each) ?? []) found.add(end);
  return new Set([...guarded, ...networks.all.filter((network) => found.has(network))]);
}

/** One that another plan makes is known by its id. */
function hubsAt(resource: Resource, path: string): readonly unknown[] {
  const { targets } = resource.references(path, { types: HUBS });
  const id = textAt(resource, path);
  return targets.length > 0 ? targets : id === undefined ? [] : [id];
}
