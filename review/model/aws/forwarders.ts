/**
 * Machines as the next hop of a route: NAT instances, proxies, firewalls of other vendors. A packet that one interface
 * takes in leaves by any other of the same machine, which may have the public address.
 * https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html
 */
import { append } from '../../append';
import type { Hop, Outcome } from '../network-model';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { MACHINE_TYPES } from './carried-interfaces';
import { isSet } from './read';
import { hop, type Source } from './router';
import type { AwsSubnet } from './subnets';

/** Where packets of a machine start: one for each subnet that it stands in. */
export interface Start {
  readonly subnet: AwsSubnet | undefined;
  /** With an address of its own. */
  readonly own: Hop;
  /** With that of whoever sent the packet, where it makes a difference. */
  readonly as: (source: Source) => Hop | undefined;
}

export interface Forwarders {
  /** What a route to a machine or an interface leads to, with the packets of that source where it makes a difference. */
  readonly hopOf: (resource: Resource, source?: Source) => Hop | undefined;
  /** By which interfaces in other subnets what one of its interfaces in this one takes in may leave. */
  readonly elsewhere: (resource: Resource, subnet: AwsSubnet) => Hop | undefined;
}

/**
 * What a route to a machine or to an interface leads to. One that inspects hands packets on with their own source, whose
 * public address the internet gateway knows: https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html#route-tables-appliance-routing
 *
 * @param starts by the workload
 * @param carriers machines by the interfaces that they, or their templates, name.
 */
export function forwardersOf(graph: ResourceGraph, starts: ReadonlyMap<Resource, readonly Start[]>, carriers: ReadonlyMap<Resource, readonly Resource[]>): Forwarders {
  const { machinesOf, attachedTo } = joinedBy(graph, carriers);
  const kept = new Map<Resource, Hop | undefined>();
  const waysOf = (resource: Resource): readonly Start[] => {
    const machines = machinesOf.get(resource) ?? [];
    const all = new Set([resource, ...machines, ...[resource, ...machines].flatMap((machine) => attachedTo.get(machine) ?? [])]);
    return [...all].flatMap((each) => starts.get(each) ?? []);
  };
  const isLoose = (resource: Resource): boolean => resource.type === 'aws_network_interface' && (machinesOf.get(resource) ?? []).length === 0;
  const hopOf = (resource: Resource, source?: Source): Hop | undefined => {
    if (!kept.has(resource)) kept.set(resource, forwarder(resource, waysOf(resource).map(({ own }) => own), isLoose(resource)));
    const own = kept.get(resource);
    const same = source === undefined ? [] : waysOf(resource).flatMap(({ as }) => as(source) ?? []);
    return own && same.length > 0 ? forwarder(resource, [own, ...same], false) : own;
  };
  const elsewhere = (resource: Resource, subnet: AwsSubnet) => forwarder(resource, waysOf(resource).flatMap((way) => (way.subnet === subnet ? [] : [way.own])), false);
  return { hopOf, elsewhere };
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
  const attach = (each: Resource, machine: Resource): void => {
    append(machinesOf, each, machine);
    append(attachedTo, machine, each);
  };
  for (const attachment of graph.ofType('aws_network_interface_attachment')) {
    const interfaces = attachment.references('network_interface_id', { types: ['aws_network_interface'] }).targets;
    for (const machine of attachment.references('instance_id', { types: MACHINE_TYPES }).targets) for (const each of interfaces) attach(each, machine);
  }
  for (const each of graph.ofType('aws_network_interface')) {
    // Once it exists, the provider reads back what it is attached to.
    if (isSet(each, 'attachment')) for (const machine of each.references('attachment', { types: MACHINE_TYPES }).targets) if (!(machinesOf.get(each) ?? []).includes(machine)) attach(each, machine);
  }
  return { machinesOf, attachedTo };
}
