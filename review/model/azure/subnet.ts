/** Subnets, standalone or written inside a virtual network, with all that is attached to them. */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { addressesOf, addressRange, type Family } from '../addresses';
import type { Ranges } from '../ranges';
import { attachments, UNATTACHED, type AssociationKind, type Attachment } from './attachments';
import { existingSubnets } from './existing-subnets';
import { namedOwner } from './named-owner';
import { idOf, InsideAttachments } from './inside-attachments';
import type { AzureNetwork } from './network';
import { ReadBack } from './read-back';
import { allTexts, flag, isUnset, pointsTo, prefixesAt, text, texts, under, unknownBlocks, type Pointed, type Texts } from './read';

/** What Azure keeps a subnet for, by its name or by what stands in it. */
export type SubnetRole = 'workloads' | 'firewall' | 'firewall-management' | 'gateway' | 'bastion' | 'route-server' | 'dns-resolver' | 'application-gateway';

const ROLES: Readonly<Record<string, SubnetRole>> = {
  azurefirewallsubnet: 'firewall',
  azurefirewallmanagementsubnet: 'firewall-management',
  gatewaysubnet: 'gateway',
  azurebastionsubnet: 'bastion',
  routeserversubnet: 'route-server',
};

/** A subnet that is delegated to it holds endpoints of a resolver, and nothing else may stand there. https://learn.microsoft.com/azure/dns/dns-private-resolver-overview#subnet-restrictions */
const RESOLVERS = 'microsoft.network/dnsresolvers';

export interface AzureSubnet {
  readonly resource: Resource;
  /** The Terraform address; of one inside a network, with its name: `azurerm_virtual_network.x.subnet["app"]`. */
  readonly address: string;
  readonly name?: string;
  /** Of one inside a network, lower case, where it is known. */
  readonly id?: string;
  readonly role: SubnetRole;
  /** It is known by its id alone: what it is, something else says. */
  readonly exists?: true;
  /** Undefined where the plan does not hold it, or not say which it is. */
  readonly network?: AzureNetwork;
  /** Why it may be in another network of that name. */
  readonly networkDoubt?: string;
  readonly cidrs: Texts;
  readonly addresses: Readonly<Record<Family, Ranges>>;
  readonly groups: Attachment;
  readonly tables: Attachment;
  readonly natGateways: Attachment;
  /** Azure's default, and what is not known: it is on. */
  readonly defaultOutbound: boolean;
  readonly defaultOutboundSaid: boolean;
  readonly serviceEndpoints: Texts;
  readonly hasEndpointPolicies: boolean;
  /** Why it may have none. */
  readonly endpointPoliciesUnknown?: string;
  /** `Enabled`, `Disabled`, …; undefined where the plan does not say. */
  readonly endpointNetworkPolicies?: string;
  readonly delegations: readonly string[];
}

const OWNER = { owner: 'subnet_id', ownerTypes: ['azurerm_subnet'] };
const GROUPS: AssociationKind = { ...OWNER, type: 'azurerm_subnet_network_security_group_association', attached: 'network_security_group_id', attachedTypes: ['azurerm_network_security_group'] };
const TABLES: AssociationKind = { ...OWNER, opens: true, type: 'azurerm_subnet_route_table_association', attached: 'route_table_id', attachedTypes: ['azurerm_route_table'] };
const NATS: AssociationKind = { ...OWNER, opens: true, type: 'azurerm_subnet_nat_gateway_association', attached: 'nat_gateway_id', attachedTypes: ['azurerm_nat_gateway'] };

/** Every subnet of a plan: the standalone ones, then those inside networks. */
export function subnets(graph: ResourceGraph, all: ReadonlyMap<Resource, AzureNetwork>): readonly AzureSubnet[] {
  const groups = attachments(graph, GROUPS);
  const tables = attachments(graph, TABLES);
  const nats = attachments(graph, NATS);
  const readBack = new ReadBack(graph, { block: 'subnet', type: 'azurerm_subnet', owner: 'virtual_network_name' });
  const ofGateways = gatewaySubnets(graph);
  const [insideGroups, insideTables, insideNats] = [GROUPS, TABLES, NATS].map((kind) => new InsideAttachments(graph, kind)) as [InsideAttachments, InsideAttachments, InsideAttachments];
  const alone = graph.ofType('azurerm_subnet').map((resource): AzureSubnet => {
    const networks = namedOwner(resource, 'virtual_network_name', 'azurerm_virtual_network');
    if (networks.exact) networks.targets.forEach((whole) => readBack.note(whole, resource));
    const network = networks.targets.length === 1 ? all.get(networks.targets[0] as Resource) : undefined;
    return {
      ...subnetAt(resource, [], resource.address, network),
      // Of another file's network the name alone does not tell whose it is.
      ...(network && network.resource.file !== resource.file && networks.unknown !== undefined ? { networkDoubt: networks.unknown } : {}),
      ...(ofGateways.has(resource) ? { role: 'application-gateway' } : {}),
      groups: attachedTo(resource, GROUPS, groups),
      tables: attachedTo(resource, TABLES, tables),
      natGateways: attachedTo(resource, NATS, nats),
    };
  });
  const standalone = insideNats.composed(insideTables.composed(insideGroups.composed(alone, 'groups'), 'tables'), 'natGateways');
  const insideIds = new Set<string>();
  const inside = [...all.values()].flatMap((network) => {
    const { resource } = network;
    const hidden = unknownBlocks(resource, 'subnet');
    // How many there are and what is attached to them: nobody knows, and one stands for all.
    if (hidden !== undefined) {
      const anything: Attachment = { candidates: [], mayBeNone: true, by: [resource], unknown: hidden };
      return [{ ...subnetAt(resource, ['subnet', 0], `${resource.address}.subnet[?]`, network), cidrs: { items: [], unknown: hidden }, groups: anything, tables: anything, natGateways: anything }];
    }
    return resource.elements('subnet').filter((path) => !readBack.holds(resource, path)).map((path): AzureSubnet => {
      const name = text(resource, under(path, 'name')) ?? String(path.at(-1));
      const lost = resource.unknownAt(path);
      const id = idOf(resource, path);
      if (id !== undefined) insideIds.add(id);
      const unseen: Attachment | undefined = lost === undefined ? undefined : { candidates: [], mayBeNone: true, by: [resource], unknown: lost };
      return {
        ...subnetAt(resource, path, `${resource.address}.subnet[${JSON.stringify(name)}]`, network),
        ...(id === undefined ? {} : { id }),
        groups: unseen ?? insideGroups.with(inline(resource, pointsTo(resource, under(path, 'security_group'), 'azurerm_network_security_group')), resource, path),
        tables: unseen ?? insideTables.with(inline(resource, pointsTo(resource, under(path, 'route_table_id'), 'azurerm_route_table')), resource, path),
        natGateways: unseen ?? insideNats.with(inline(resource, pointsTo(resource, under(path, 'nat_gateway_id'), 'azurerm_nat_gateway')), resource, path),
      };
    });
  });
  return [...standalone, ...inside, ...existingSubnets(graph).filter(({ id }) => !insideIds.has(id.toLowerCase())).map(({ subnet }) => subnet)];
}

/** Subnets that an application gateway is in: nothing else may be there. https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure#virtual-network-and-dedicated-subnet */
function gatewaySubnets(graph: ResourceGraph): ReadonlySet<Resource> {
  return new Set(graph.ofType('azurerm_application_gateway').flatMap((gateway) => gateway.elements('gateway_ip_configuration').flatMap((path) => {
    const { targets, exact } = pointsTo(gateway, under(path, 'subnet_id'), 'azurerm_subnet');
    return exact && targets.length === 1 ? targets : [];
  })));
}

function subnetAt(resource: Resource, at: AttributePath, address: string, network: AzureNetwork | undefined): Omit<AzureSubnet, 'groups' | 'tables' | 'natGateways'> {
  const name = text(resource, under(at, 'name'));
  const cidrs = allTexts([prefixesAt(resource, at, 'address_prefixes'), texts(resource, under(at, 'address_prefix'))]);
  const outbound = flag(resource, under(at, 'default_outbound_access_enabled'));
  const policies = endpointPolicies(resource, at);
  const listed = under(at, 'service_endpoint_policy_ids');
  const delegations = resource.elements(under(at, 'delegation')).flatMap((path) => text(resource, [...path, 'service_delegation', 0, 'name']) ?? []);
  return {
    resource,
    address,
    ...(name === undefined ? {} : { name }),
    role: ROLES[name?.toLowerCase() ?? ''] ?? (delegations.some((each) => each.toLowerCase() === RESOLVERS) ? 'dns-resolver' : 'workloads'),
    ...(network ? { network } : {}),
    cidrs,
    addresses: { 4: addressesOf(cidrs.items, 4), 6: addressesOf(cidrs.items, 6) },
    defaultOutbound: outbound ?? true,
    defaultOutboundSaid: outbound !== undefined,
    serviceEndpoints: serviceEndpointsAt(resource, at),
    ...endpointPoliciesAt(resource, listed),
    ...(policies === undefined ? {} : { endpointNetworkPolicies: policies }),
    delegations,
  };
}

/** Of azurerm 4, and flags of azurerm 3 and 2, the last of which says the contrary. https://registry.terraform.io/providers/hashicorp/azurerm/3.117.1/docs/resources/subnet */
function endpointPolicies(resource: Resource, at: AttributePath): string | undefined {
  const said = text(resource, under(at, 'private_endpoint_network_policies'));
  const enforced = flag(resource, under(at, 'enforce_private_link_endpoint_network_policies'));
  const isOn = flag(resource, under(at, 'private_endpoint_network_policies_enabled')) ?? (enforced === undefined ? undefined : !enforced);
  return said ?? (isOn === undefined ? undefined : isOn ? 'Enabled' : 'Disabled');
}

/** A set of what is not made yet shows none of its elements: that it has any only what it refers to tells. */
function endpointPoliciesAt(resource: Resource, listed: AttributePath): Pick<AzureSubnet, 'hasEndpointPolicies' | 'endpointPoliciesUnknown'> {
  if (isUnset(resource, listed)) return { hasEndpointPolicies: false };
  const isHidden = resource.hasUnknown(listed);
  const isListed = resource.elements(listed).length > 0 || resource.references(listed, { types: ['azurerm_subnet_service_endpoint_storage_policy'] }).targets.length > 0;
  return { hasEndpointPolicies: isHidden || texts(resource, listed).items.length > 0, ...(isHidden && !isListed ? { endpointPoliciesUnknown: `whether ${resource.address} has a service endpoint policy is not known` } : {}) };
}

/** A list, and blocks since azurerm 5. */
function serviceEndpointsAt(resource: Resource, at: AttributePath): Texts {
  const blocks = under(at, 'service_endpoint');
  const hidden = unknownBlocks(resource, blocks);
  return allTexts([
    texts(resource, under(at, 'service_endpoints')),
    ...resource.elements(blocks).map((path) => texts(resource, under(path, 'service'))),
    ...(hidden === undefined ? [] : [{ items: [], unknown: hidden }]),
  ]);
}

/**
 * What a subnet is given, by itself or by an association. It says so itself in azapi and up to azurerm 1.
 *
 * Since azurerm 5 it also shows what it had at the last refresh, whoever gave it that: of a plan, which may take its own away,
 * that says nothing; of a state it is all there is of what was given unseen.
 */
function attachedTo(resource: Resource, kind: AssociationKind, associations: ReadonlyMap<Resource, Attachment>): Attachment {
  const { attached, attachedTypes } = kind;
  const shown = () => (isUnset(resource, attached) ? undefined : inline(resource, pointsTo(resource, attached, ...attachedTypes)));
  const inState = !resource.isConfigured([]);
  return (!inState && resource.isConfigured(attached) ? shown() : undefined) ?? associations.get(resource) ?? givenUnseen(resource, kind) ?? (inState ? shown() : givenElsewhere(shown(), kind)) ?? UNATTACHED;
}

/** A table or a NAT gateway that the plan does not hold was given by another plan, which this one cannot take away. Without a group everything is let out. */
function givenElsewhere(shown: Attachment | undefined, kind: AssociationKind): Attachment | undefined {
  return kind === GROUPS || shown === undefined || shown.candidates.some(({ mode }) => mode === 'managed') ? undefined : shown;
}

/**
 * Since azurerm 5 a subnet may be given its group and its table by attributes that no plan shows: what the configuration refers
 * to tells which. They count together with their version, which plans do show.
 * https://registry.terraform.io/providers/hashicorp/azurerm/5.0.0/docs/resources/subnet#network_security_group_id_wo-1
 */
function givenUnseen(resource: Resource, { attached, attachedTypes }: AssociationKind): Attachment | undefined {
  const path = `${attached}_wo`;
  if (!resource.isConfigured(path) || isUnset(resource, `${path}_version`)) return undefined;
  const { targets, unknown } = resource.references(path, { types: attachedTypes });
  const managed = targets.filter(({ mode }) => mode === 'managed');
  const why = unknown ?? (managed.length < targets.length || managed.length === 0 ? `${resource.address} ${path} points to nothing in the plan` : undefined);
  return { candidates: managed, mayBeNone: false, by: [resource], ...(why === undefined ? {} : { unknown: why }) };
}

function inline(by: Resource, pointed: Pointed): Attachment {
  if (!pointed.isSet) return UNATTACHED;
  return { candidates: pointed.targets, mayBeNone: false, by: [by], ...(pointed.unknown === undefined ? {} : { unknown: pointed.unknown }) };
}

/** True when an address stands in a subnet. */
export function holdsAddress(subnet: AzureSubnet, address: string): boolean {
  const found = addressRange(address);
  return found !== undefined && subnet.addresses[found.family].some(([from, to]) => from <= found.range[0] && found.range[1] <= to);
}
