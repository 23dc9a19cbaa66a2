/** Network interfaces and the machines and scale sets that carry them. */
import type { AttributePath, PathLike } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { attachments, UNATTACHED, type Attachment } from './attachments';
import { withKey } from './keyed-references';
import type { LoadBalancing } from './load-balancers';
import type { OwnAddress } from './outbound';
import { familyAt, flag, isUnset, NOWHERE, pointsTo, text, unknownBlocks, type Pointed } from './read';
import type { Workload } from './workload';

const MACHINES = ['azurerm_linux_virtual_machine', 'azurerm_windows_virtual_machine', 'azurerm_virtual_machine'];
const SCALE_SETS: Readonly<Record<string, string>> = {
  azurerm_linux_virtual_machine_scale_set: 'network_interface',
  azurerm_windows_virtual_machine_scale_set: 'network_interface',
  azurerm_orchestrated_virtual_machine_scale_set: 'network_interface',
  azurerm_virtual_machine_scale_set: 'network_profile',
};

export const SUBNETS = ['azurerm_subnet', 'azurerm_virtual_network'] as const;
const GROUP = 'azurerm_network_security_group';
const APPLICATION_GROUP = 'azurerm_application_security_group';

export function interfaceWorkloads(graph: ResourceGraph, balancing: LoadBalancing): readonly Workload[] {
  const groups = attachments(graph, {
    type: 'azurerm_network_interface_security_group_association', owner: 'network_interface_id', ownerTypes: ['azurerm_network_interface'],
    attached: 'network_security_group_id', attachedTypes: [GROUP],
  });
  const members = memberships(graph);
  const pointed = new Map(MACHINES.flatMap((type) => graph.ofType(type)).map((machine) => [machine, pointsTo(machine, 'network_interface_ids', 'azurerm_network_interface')] as const));
  const machines = carriers(pointed);
  return [...graph.ofType('azurerm_network_interface').map((resource): Workload => {
    const blocks = resource.elements('ip_configuration');
    const own = blocks.flatMap((path) => publicAddressAt(resource, path));
    const carrier = machines.get(resource);
    const subnet = hidden(resource, 'ip_configuration') ?? merged(blocks.map((path) => pointsTo(resource, [...path, 'subnet_id'], ...SUBNETS)));
    const privateAddresses = staticAddresses(resource, blocks);
    return {
      id: carrier ? `${carrier.machine.address}${carrier.isOnly ? '' : ` + ${resource.address}`}` : resource.address,
      resource: carrier?.machine ?? resource,
      addresses: carrier ? [carrier.machine.address, resource.address] : [resource.address],
      subnet,
      groups: groups.get(resource) ?? attached(resource, pointsTo(resource, 'network_security_group_id', GROUP)),
      memberships: members.has(resource) ? members.get(resource) : inlineMemberships(resource, blocks),
      publicAddresses: [...own, ...balancing.ofInterface(resource, privateAddresses, subnet), ...blocks.flatMap((path) => balancing.ofPools(resource, pointsTo(resource, [...path, 'load_balancer_backend_address_pools_ids'], 'azurerm_lb_backend_address_pool')))],
      privateAddresses,
      ...(mayForward(resource, []) ? { forwards: true } : {}),
    };
  }), ...machinesElsewhere(pointed)];
}

/** None unless each configuration tells its own: a rule for one of several says nothing of the others. */
function staticAddresses(resource: Resource, blocks: readonly AttributePath[]): readonly string[] {
  const found = blocks.map((path) => text(resource, [...path, 'private_ip_address']));
  return found.every((address) => address !== undefined) ? found : [];
}

/** With forwarding an interface sends packets of other sources than its own. The other names are those of azurerm 3 and of scale sets. */
export function mayForward(resource: Resource, at: AttributePath): boolean {
  return ['ip_forwarding_enabled', 'enable_ip_forwarding', 'ip_forwarding'].some((name) => {
    const path = [...at, name];
    return flag(resource, path) === true || (!isUnset(resource, path) && flag(resource, path) === undefined);
  });
}

/** Machines with an interface that the plan does not hold: where that stands nobody knows. */
function machinesElsewhere(pointed: ReadonlyMap<Resource, Pointed>): readonly Workload[] {
  return [...pointed].flatMap(([machine, nics]): readonly Workload[] => {
    if (nics.isSet && nics.unknown === undefined) return [];
    const subnet: Pointed = { targets: [], exact: false, isSet: true, unknown: nics.unknown ?? `${machine.address} names no interface` };
    return [{ id: machine.address, resource: machine, addresses: [machine.address], subnet, groups: UNATTACHED, memberships: undefined, publicAddresses: [], privateAddresses: [] }];
  });
}

export function scaleSetWorkloads(graph: ResourceGraph, balancing: LoadBalancing): readonly Workload[] {
  return Object.entries(SCALE_SETS).flatMap(([type, block]) => graph.ofType(type).flatMap((resource) => {
    const nics = resource.elements(block);
    const unseen = hidden(resource, block);
    if (unseen) return [{ id: resource.address, resource, addresses: [resource.address], subnet: unseen, groups: UNATTACHED, memberships: undefined, publicAddresses: [], privateAddresses: [] } satisfies Workload];
    return nics.map((nic, index): Workload => {
      const blocks = resource.elements([...nic, 'ip_configuration']);
      const group = pointsTo(resource, [...nic, 'network_security_group_id'], GROUP);
      const asgs = blocks.map((path) => pointsTo(resource, [...path, 'application_security_group_ids'], APPLICATION_GROUP));
      const own = instanceAddresses(resource, blocks);
      const subnet = hidden(resource, [...nic, 'ip_configuration']) ?? merged(blocks.map((path) => pointsTo(resource, [...path, 'subnet_id'], ...SUBNETS)));
      return {
        id: nics.length === 1 ? resource.address : `${resource.address} + ${block}[${index}]`,
        resource,
        addresses: [resource.address],
        subnet,
        groups: attached(resource, group),
        memberships: asgs.every(({ exact }) => exact) ? new Set(asgs.flatMap(({ targets }) => targets)) : undefined,
        publicAddresses: [...own, ...blocks.flatMap((path) => balancing.ofPools(resource, pointsTo(resource, [...path, 'load_balancer_backend_address_pool_ids'], 'azurerm_lb_backend_address_pool'))), ...balancing.ofInstances(resource, subnet)],
        privateAddresses: [],
        ...(mayForward(resource, nic) ? { forwards: true } : {}),
      };
    });
  }));
}

/** Public addresses of a scale set's instances, under the names of all its kinds. */
function instanceAddresses(resource: Resource, blocks: readonly AttributePath[]): readonly OwnAddress[] {
  const paths = blocks.flatMap((path) => ['public_ip_address', 'public_ip_address_configuration'].map((name): AttributePath => [...path, name]));
  const base = { address: resource.address, kind: 'gateway' as const, label: 'public addresses of its instances' };
  if (paths.some((path) => resource.elements(path).length > 0)) return [base];
  const hidden = paths.map((path) => unknownBlocks(resource, path)).find((each) => each !== undefined);
  return hidden === undefined ? [] : [{ ...base, doubt: hidden }];
}

/** For blocks that nobody knows: whatever subnet they name. */
function hidden(resource: Resource, path: PathLike): Pointed | undefined {
  const unknown = unknownBlocks(resource, path);
  return unknown === undefined ? undefined : { targets: [], exact: false, isSet: true, unknown };
}

/** Several values as one that may mean any of them. */
export function merged(all: readonly Pointed[]): Pointed {
  const set = all.filter(({ isSet }) => isSet);
  if (set.length === 0) return NOWHERE;
  const targets = [...new Set(set.flatMap((each) => each.targets))];
  const unknown = set.find((each) => each.unknown !== undefined)?.unknown;
  const subnetId = set.every((each) => each.subnetId === set[0]?.subnetId) ? set[0]?.subnetId : undefined;
  return { targets, exact: set.every(({ exact }) => exact) && targets.length <= 1, isSet: true, ...(unknown === undefined ? {} : { unknown }), ...(subnetId === undefined ? {} : { subnetId }) };
}

export function attached(by: Resource, pointed: Pointed): Attachment {
  if (!pointed.isSet) return UNATTACHED;
  return { candidates: pointed.targets, mayBeNone: false, by: [by], ...(pointed.unknown === undefined ? {} : { unknown: pointed.unknown }) };
}

/** Of a configuration, which has one family. */
function publicAddressAt(resource: Resource, path: AttributePath): readonly OwnAddress[] {
  const pointed = pointsTo(resource, [...path, 'public_ip_address_id'], 'azurerm_public_ip');
  if (!pointed.isSet) return [];
  const own = (resource.key === undefined ? undefined : withKey(pointed.targets, resource.key)[0]) ?? (pointed.targets.length === 1 ? pointed.targets[0] : undefined);
  const address = own ?? pointed.targets[0];
  const label = own ? 'its own public address' : address ? `its own public address, one of ${pointed.targets.length} such as this` : 'a public address that the plan does not hold';
  const family = familyAt(resource, [...path, 'private_ip_address_version']);
  return [{ address: address?.address ?? resource.address, kind: 'gateway', label, ...(family === undefined ? {} : { family }) }];
}

/** Up to azurerm 1 an interface said itself which groups and pools it is in. */
function inlineMemberships(resource: Resource, blocks: readonly AttributePath[]): ReadonlySet<Resource> | undefined {
  const groups = blocks.map((path) => pointsTo(resource, [...path, 'application_security_group_ids'], APPLICATION_GROUP));
  return groups.every(({ isSet, exact }) => !isSet || exact) ? new Set(groups.flatMap(({ targets }) => targets)) : undefined;
}

const NIC_ID = 'network_interface_id';

/** Of an id that is composed from that of a group of resources, and of one that is looked up during the apply, a plan does not show whose it is. */
function mayBeAny(association: Resource): boolean {
  return text(association, NIC_ID) === undefined && association.hasUnknown(NIC_ID) && association.references(NIC_ID, { types: ['azurerm_resource_group', 'azurerm_network_interface'] }).targets.length > 0;
}

function memberships(graph: ResourceGraph): ReadonlyMap<Resource, ReadonlySet<Resource> | undefined> {
  const result = new Map<Resource, Set<Resource> | undefined>();
  for (const association of graph.ofType('azurerm_network_interface_application_security_group_association')) {
    const nics = pointsTo(association, NIC_ID, 'azurerm_network_interface');
    const groups = pointsTo(association, 'application_security_group_id', APPLICATION_GROUP);
    for (const nic of nics.targets.length === 0 && mayBeAny(association) ? graph.ofType('azurerm_network_interface') : nics.targets) {
      const known = result.has(nic) ? result.get(nic) : new Set<Resource>();
      if (known === undefined || !nics.exact || !groups.exact) result.set(nic, undefined);
      else result.set(nic, new Set([...known, ...groups.targets]));
    }
  }
  return result;
}

/** The machine of an interface, where that is certain, or both have the same key: what a place is called depends on it, and nothing else. */
function carriers(pointed: ReadonlyMap<Resource, Pointed>): ReadonlyMap<Resource, { machine: Resource; isOnly: boolean }> {
  const result = new Map<Resource, { machine: Resource; isOnly: boolean }>();
  const machines = sizes([...pointed.keys()]);
  for (const [machine, nics] of pointed) {
    const own = nics.exact || isWhole(machine, nics) ? nics.targets : machine.key === undefined ? [] : withKey(nics.targets, machine.key).filter((nic) => nic.moduleAddress === machine.moduleAddress
      // Of more interfaces than machines each has several, and numbers do not tell which.
      && (typeof machine.key === 'string' || sizes(nics.targets).get(blockOf(nic)) === machines.get(blockOf(machine))));
    for (const nic of own) if (!result.has(nic)) result.set(nic, { machine, isOnly: own.length === 1 });
  }
  return result;
}

/** A list with as many places as there are candidates names each of them. */
function isWhole(machine: Resource, { targets, unknown }: Pointed): boolean {
  const list = machine.valueAt('network_interface_ids');
  return unknown === undefined && Array.isArray(list) && list.length === targets.length;
}

const blockOf = ({ moduleAddress, type, name }: Resource) => `${moduleAddress} ${type}.${name}`;

const counted = new WeakMap<readonly Resource[], ReadonlyMap<string, number>>();

/** How many instances of each block there are; kept, because lists of thousands are shared by thousands. */
function sizes(resources: readonly Resource[]): ReadonlyMap<string, number> {
  let known = counted.get(resources);
  if (!known) {
    const found = new Map<string, number>();
    for (const resource of resources) found.set(blockOf(resource), (found.get(blockOf(resource)) ?? 0) + 1);
    counted.set(resources, (known = found));
  }
  return known;
}
