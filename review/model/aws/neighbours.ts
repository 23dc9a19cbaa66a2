/**
 * Machines that forward what is not for themselves, as seen by others of their subnet: whoever is root there sends by them, whatever
 * the table of the subnet says. Overlay networks rely on it: https://docs.tigera.io/calico/latest/reference/public-cloud/aws
 */
import { append } from '../../append';
import type { Hop } from '../network-model';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { Forwarders } from './forwarders';
import type { AwsPlace } from './places';
import { flagAt } from './read';
import type { AwsSubnet } from './subnets';

export interface Neighbour {
  readonly start: Hop;
  readonly reason: string;
}

const FORWARDING = ['aws_instance', 'aws_spot_instance_request', 'aws_network_interface'];

/** What somebody may be root of, and choose the next hop. */
export const MACHINES: ReadonlySet<string> = new Set([...FORWARDING, 'aws_autoscaling_group', 'aws_spot_fleet_request', 'aws_ec2_fleet', 'aws_eks_node_group', 'aws_batch_compute_environment']);

/**
 * By subnet; of machines that would go no other way than their neighbours, none: those without a public address that have no
 * interface in another subnet.
 *
 * @param carriers machines by the interfaces that they, or their templates, name
 */
export function neighboursOf(graph: ResourceGraph, places: readonly AwsPlace[], carriers: ReadonlyMap<Resource, readonly Resource[]>, { hopOf, elsewhere }: Forwarders): ReadonlyMap<AwsSubnet, readonly Neighbour[]> {
  const found = new Map<AwsSubnet, Neighbour[]>();
  const forwarding = new Set(FORWARDING.flatMap((type) => graph.ofType(type)).filter((resource) => flagAt(resource, 'source_dest_check') === false));
  if (forwarding.size === 0) return found;
  for (const [each, machines] of carriers) if (forwarding.has(each)) for (const machine of machines) forwarding.add(machine);
  for (const { subnet, workload } of places) {
    if (!subnet || !workload || !forwarding.has(workload.resource)) continue;
    const { resource, isPublic } = workload;
    const start = isPublic ?? subnet.publicOnLaunch ?? true ? hopOf(resource) : elsewhere(resource, subnet);
    if (start) append(found, subnet, { start, reason: `${resource.address} forwards what is not for itself (source_dest_check), and stands in the same subnet: no ACL, and no route table where somebody is root, keeps others from sending by it` });
  }
  return found;
}
