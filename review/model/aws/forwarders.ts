/**
 * Machines as the next hop of a route: NAT instances, proxies, firewalls of other vendors. A packet that one interface
 * takes in leaves by any other of the same machine, which may have the public address.
 * https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html
 */
import { append } from '../../append';
import type { Hop, Outcome } from '../network-model';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { hop } from './router';

/**
 * What a route to a machine or to an interface leads to.
 *
 * @param starts where packets of workloads start, by the workload: one place for each subnet that it stands in.
 * @param carriers machines by the interfaces that they, or their templates, name.
 */
export function forwardersOf(graph: ResourceGraph, starts: ReadonlyMap<Resource, readonly Hop[]>, carriers: ReadonlyMap<Resource, readonly Resource[]>): (resource: Resource) => Hop | undefined {
  const { machinesOf, attachedTo } = joinedBy(graph, carriers);
  const kept = new Map<Resource, Hop | undefined>();
  const make = (resource: Resource): Hop | undefined => {
    const machines = machinesOf.get(resource) ?? [];
    const all = new Set([resource, ...machines, ...[resource, ...machines].flatMap((machine) => attachedTo.get(machine) ?? [])]);
    return forwarder(resource, [...all].flatMap((each) => starts.get(each) ?? []), resource.type === 'aws_network_interface' && machines.length === 0);
  };
  return (resource) => {
    if (!kept.has(resource)) kept.set(resource, make(resource));
    return kept.get(resource);
  };
}

function forwarder(resource: Resource, ways: readonly Hop[], isLoose: boolean): Hop | undefined {
  const [only, second] = ways;
  if (!only || (!second && !isLoose)) return only;
  return hop(resource.address, 'workload', undefined, (flow) => [
    // What stands at the resource itself is no hop of its own.
    ...ways.flatMap((to): readonly Outcome[] => (to.address === resource.address ? to.forward(flow) : [{ kind: 'next', to, traffic: flow }])),
    ...(isLoose ? [{ kind: 'unknown', traffic: flow, reason: `which machine takes ${resource.address}, and what it sends by its other interfaces, is not in the plan` } satisfies Outcome] : []),
  ]);
}

interface Joined {
  readonly machinesOf: ReadonlyMap<Resource, readonly Resource[]>;
  readonly attachedTo: ReadonlyMap<Resource, readonly Resource[]>;
}

/** Which machines carry an interface, and which interfaces attachments add to a machine. */
function joinedBy(graph: ResourceGraph, carriers: ReadonlyMap<Resource, readonly Resource[]>): Joined {
  const machinesOf = new Map([...carriers].map(([each, machines]) => [each, [...machines]]));
  const attachedTo = new Map<Resource, Resource[]>();
  for (const attachment of graph.ofType('aws_network_interface_attachment')) {
    const interfaces = attachment.references('network_interface_id', { types: ['aws_network_interface'] }).targets;
    for (const machine of attachment.references('instance_id', { types: ['aws_instance'] }).targets) {
      for (const each of interfaces) {
        append(machinesOf, each, machine);
        append(attachedTo, machine, each);
      }
    }
  }
  return { machinesOf, attachedTo };
}
