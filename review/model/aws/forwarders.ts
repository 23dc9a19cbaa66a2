/**
 * Machines as the next hop of a route: NAT instances, proxies, firewalls of other vendors. A packet that one interface
 * takes in leaves by any other of the same machine, which may have the public address.
 * https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html
 */
import { append } from '../../append';
import type { Hop, Outcome } from '../network-model';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { hop, type Source } from './router';

/** Where packets of a machine start: one for each subnet that it stands in. */
export interface Start {
  /** With an address of its own. */
  readonly own: Hop;
  /** With that of whoever sent the packet, where it makes a difference. */
  readonly as: (source: Source) => Hop | undefined;
}

/**
 * What a route to a machine or to an interface leads to. One that inspects hands packets on with their own source, whose
 * public address the internet gateway knows: https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html#route-tables-appliance-routing
 *
 * @param starts by the workload
 * @param carriers machines by the interfaces that they, or their templates, name.
 */
export function forwardersOf(graph: ResourceGraph, starts: ReadonlyMap<Resource, readonly Start[]>, carriers: ReadonlyMap<Resource, readonly Resource[]>): (resource: Resource, source?: Source) => Hop | undefined {
  const { machinesOf, attachedTo } = joinedBy(graph, carriers);
  const kept = new Map<Resource, Hop | undefined>();
  const waysOf = (resource: Resource): readonly Start[] => {
    const machines = machinesOf.get(resource) ?? [];
    const all = new Set([resource, ...machines, ...[resource, ...machines].flatMap((machine) => attachedTo.get(machine) ?? [])]);
    return [...all].flatMap((each) => starts.get(each) ?? []);
  };
  const isLoose = (resource: Resource): boolean => resource.type === 'aws_network_interface' && (machinesOf.get(resource) ?? []).length === 0;
  return (resource, source) => {
    if (!kept.has(resource)) kept.set(resource, forwarder(resource, waysOf(resource).map(({ own }) => own), isLoose(resource)));
    const own = kept.get(resource);
    const same = source === undefined ? [] : waysOf(resource).flatMap(({ as }) => as(source) ?? []);
    return own && same.length > 0 ? forwarder(resource, [own, ...same], false) : own;
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
