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
 * @param starts where packets of workloads start, by the workload.
 */
export function forwardersOf(graph: ResourceGraph, starts: ReadonlyMap<Resource, Hop>): (resource: Resource) => Hop | undefined {
  const joined = joinedTo(graph);
  const kept = new Map<Resource, Hop | undefined>();
  return (resource) => {
    if (!kept.has(resource)) kept.set(resource, forwarder(resource, joined.get(resource) ?? [], starts));
    return kept.get(resource);
  };
}

function forwarder(resource: Resource, others: readonly Resource[], starts: ReadonlyMap<Resource, Hop>): Hop | undefined {
  const own = starts.get(resource);
  const isLoose = resource.type === 'aws_network_interface' && !others.some(({ type }) => type === 'aws_instance');
  if (!own || (others.length === 0 && !isLoose)) return own;
  const more = others.flatMap((other) => starts.get(other) ?? []);
  return hop(resource.address, 'workload', undefined, (flow) => [
    ...own.forward(flow),
    ...more.map((to): Outcome => ({ kind: 'next', to, traffic: flow })),
    ...(isLoose ? [{ kind: 'unknown', traffic: flow, reason: `which machine takes ${resource.address}, and what it sends by its other interfaces, is not in the plan` } satisfies Outcome] : []),
  ]);
}

/** What stands on one machine: by its instance, and by each interface that an attachment adds. */
function joinedTo(graph: ResourceGraph): ReadonlyMap<Resource, readonly Resource[]> {
  const onMachine = new Map<Resource, Resource[]>();
  for (const attachment of graph.ofType('aws_network_interface_attachment')) {
    const interfaces = attachment.references('network_interface_id', { types: ['aws_network_interface'] }).targets;
    for (const machine of attachment.references('instance_id', { types: ['aws_instance'] }).targets) for (const each of interfaces) append(onMachine, machine, each);
  }
  const found = new Map<Resource, Resource[]>();
  for (const [machine, interfaces] of onMachine) {
    for (const each of [machine, ...interfaces]) for (const other of [machine, ...interfaces]) if (other !== each) append(found, each, other);
  }
  return found;
}
