/**
 * What a Virtual Network Manager puts on networks from above: security admin rules, which are asked
 * before any security group and may let through what the groups deny, and routes.
 * https://learn.microsoft.com/azure/virtual-network-manager/concept-security-admins
 */
import type { PathLike } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { allTexts, flag, isUnset, NOWHERE, numberAt, pointsTo, text, texts, type Texts } from './read';
import type { SecurityRule } from './security-group';

/** `Allow` leaves the last word to the groups; `AlwaysAllow` does not. Undefined where the plan does not say. */
export type AdminAction = 'Allow' | 'AlwaysAllow' | 'Deny';

export interface AdminRule {
  readonly action?: AdminAction;
  /** What it matches; its access means nothing. */
  readonly rule: SecurityRule;
  /** Why it may not hold for the network, or not be as it is written. */
  readonly doubt?: string;
}

export interface AdminRoute {
  readonly resource: Resource;
  /** A CIDR or a service tag. */
  readonly destination: Texts;
  readonly nextHop?: string;
}

/** Which networks it reaches. */
export interface Scope {
  /** Networks, and subnets of routes, that are members for certain. */
  readonly members: ReadonlySet<Resource>;
  /** Why there may be others. */
  readonly others?: string;
  /** A member is not in the plan. */
  readonly outside?: boolean;
}

/** A network that rules may be for. */
export interface ManagedNetwork {
  /** Undefined where the plan does not hold it. */
  readonly resource: Resource | undefined;
  /** The service in it whose own rules keep security admin rules off, unless a configuration says otherwise. */
  readonly intentPolicyOf?: string;
}

/** Services with network intent policies. https://learn.microsoft.com/azure/virtual-network-manager/concept-security-admins#nonapplication-of-security-admin-rules */
export const INTENT_POLICIES: ReadonlySet<string> = new Set(['microsoft.sql/managedinstances', 'microsoft.databricks/workspaces']);

export interface NetworkManagement {
  /** True when it has neither rules nor routes. */
  readonly isEmpty: boolean;
  /** By priority. */
  rulesFor(network: ManagedNetwork): readonly AdminRule[];
  routesFor(network: Resource, subnet: Resource): readonly AdminRoute[];
  /** Why routes of gateways may count in a subnet, whatever its own table says. */
  propagationFor(network: Resource, subnet: Resource): string | undefined;
}

const GROUP = 'azurerm_network_manager_network_group';
const MANAGER = 'azurerm_network_manager';
const MEMBERS = ['azurerm_virtual_network', 'azurerm_subnet'];

export function networkManagement(graph: ResourceGraph): NetworkManagement {
  const rules = graph.ofType('azurerm_network_manager_admin_rule');
  const routes = graph.ofType('azurerm_network_manager_routing_rule');
  if (rules.length + routes.length === 0) return { isEmpty: true, rulesFor: () => [], routesFor: () => [], propagationFor: () => undefined };
  const scopes = scopesOf(graph);
  const deployed = deployments(graph);
  const read = rules.map((resource) => {
    const collection = pointsTo(resource, 'admin_rule_collection_id', 'azurerm_network_manager_admin_rule_collection');
    const scope = joined(collection.targets.map((each) => scopeAt(each, 'network_group_ids', scopes)), collection.unknown ?? (collection.exact ? undefined : `which rules ${resource.address} belongs to is not known`));
    const configurations = collection.targets.flatMap((each) => pointsTo(each, 'security_admin_configuration_id', 'azurerm_network_manager_security_admin_configuration').targets);
    return { rule: adminRule(resource), scope, configurations, by: managerOf(configurations) };
  }).sort((a, b) => a.by.rank - b.by.rank || a.rule.rule.priority - b.rule.rule.priority);
  const paths = routes.map((resource) => {
    const collection = pointsTo(resource, 'rule_collection_id', 'azurerm_network_manager_routing_rule_collection');
    const propagation = collection.targets.map(propagationOf).find((doubt) => doubt !== undefined);
    return { route: adminRoute(resource), scope: joined(collection.targets.map((each) => scopeAt(each, 'network_group_ids', scopes)), collection.unknown), propagation };
  });
  const pathsFor = (network: Resource, subnet: Resource) => paths.filter(({ scope }) => reaches(scope, network) || scope.members.has(subnet));
  return {
    isEmpty: false,
    rulesFor: ({ resource, intentPolicyOf }) => withoutRivals(read.filter(({ scope }) => (resource ? reaches(scope, resource) : scope.others !== undefined || scope.outside))).map(({ rule, scope, configurations }) => {
      const { address } = rule.rule;
      const isDeployed = configurations.length > 0 && configurations.every((each) => (deployed.get(each) ?? []).some((place) => isThere(place, resource)));
      const doubt = rule.doubt ?? (isDeployed ? undefined : `whether the configuration of ${address} is deployed${resource ? ` where ${resource.address} is` : ''} is not in the plan`)
        ?? (intentPolicyOf === undefined ? undefined : `${address} may not hold in a network with ${intentPolicyOf}, whose own rules keep it off`)
        ?? (resource === undefined ? `whether ${address} is for the network is not known` : scope.members.has(resource) ? undefined : scope.others);
      return doubt === undefined ? rule : { ...rule, doubt };
    }),
    routesFor: (network, subnet) => pathsFor(network, subnet).map(({ route }) => route),
    propagationFor: (network, subnet) => pathsFor(network, subnet).find(({ propagation }) => propagation !== undefined)?.propagation,
  };
}

/** Whose rules these are. */
interface Manager {
  readonly key: string;
  /** Those of the higher scope come first, whatever their priorities. https://learn.microsoft.com/azure/virtual-network-manager/concept-network-manager-scope#hierarchy */
  readonly rank: number;
}

/** A deny is in doubt where another manager of no lower scope lets anything through: whose rules come first no plan tells. */
function withoutRivals<R extends { readonly rule: AdminRule; readonly by: Manager }>(all: readonly R[]): readonly R[] {
  const letting = all.filter(({ rule }) => rule.action !== 'Deny' && rule.rule.direction !== 'Inbound').map(({ by }) => by);
  const open = [...new Map(letting.map((by) => [by.key, by])).values()];
  if (open.length === 0) return all;
  return all.map((each) => (each.rule.action === 'Deny' && open.some(({ key, rank }) => key !== each.by.key && rank === each.by.rank)
    ? { ...each, rule: { ...each.rule, doubt: `which comes first, ${each.rule.rule.address} or the rules of another network manager, is not known` } } : each));
}

function managerOf(configurations: readonly Resource[]): Manager {
  const all = new Set(configurations.flatMap((each) => pointsTo(each, 'network_manager_id', MANAGER).targets));
  const [manager] = all;
  if (!manager || all.size > 1) return { key: configurations.map((each) => text(each, 'network_manager_id') ?? '').join(), rank: 1 };
  return { key: manager.address, rank: isUnset(manager, ['scope', 0, 'management_group_ids']) ? 1 : 0 };
}

/** By configuration, the regions that it is deployed to; undefined for one that the plan does not tell. */
function deployments(graph: ResourceGraph): ReadonlyMap<Resource, readonly Region[]> {
  const result = new Map<Resource, Region[]>();
  for (const deployment of graph.ofType('azurerm_network_manager_deployment')) {
    for (const configuration of pointsTo(deployment, 'configuration_ids', 'azurerm_network_manager_security_admin_configuration').targets) result.set(configuration, [...(result.get(configuration) ?? []), regionOf(deployment)]);
  }
  return result;
}

/** Whether the plan deploys a configuration to any region. */
export function isDeployed(graph: ResourceGraph, configuration: Resource): boolean {
  return graph.ofType('azurerm_network_manager_deployment').some((deployment) => pointsTo(deployment, 'configuration_ids', configuration.type).targets.includes(configuration));
}

/** `any` for what says none. */
type Region = string | 'any' | undefined;

function regionOf(resource: Resource): Region {
  return text(resource, 'location')?.toLowerCase().replaceAll(' ', '') ?? (isUnset(resource, 'location') ? 'any' : undefined);
}

/** A configuration holds in the regions that it was deployed to, and nowhere else. */
function isThere(place: Region, network: Resource | undefined): boolean {
  const own = network ? regionOf(network) : 'any';
  return place !== undefined && own !== undefined && (place === 'any' || own === 'any' || place === own);
}

function reaches({ members, others }: Scope, network: Resource): boolean {
  return members.has(network) || others !== undefined;
}

/** A group whose members the plan does not name may have any network: policies fill it. */
export function scopesOf(graph: ResourceGraph): ReadonlyMap<Resource, Scope> {
  const found = new Map<Resource, { members: Set<Resource>; others?: string; outside?: boolean }>(graph.ofType(GROUP).map((group) => [group, { members: new Set() }]));
  for (const member of graph.ofType('azurerm_network_manager_static_member')) {
    const pointed = pointsTo(member, 'target_virtual_network_id', ...MEMBERS);
    for (const group of pointsTo(member, 'network_group_id', GROUP).targets) {
      const scope = found.get(group);
      if (!scope) continue;
      if (pointed.exact) pointed.targets.forEach((target) => scope.members.add(target));
      else if (pointed.targets.length > 0) scope.others ??= `which network ${member.address} adds is not known`;
      else scope.outside = true;
    }
  }
  for (const policy of graph.ofType('azurerm_policy_definition')) {
    if (!/addToNetworkGroup/i.test(text(policy, 'policy_rule') ?? 'addToNetworkGroup')) continue;
    for (const group of pointsTo(policy, 'policy_rule', GROUP).targets) {
      const scope = found.get(group);
      if (scope) scope.others ??= `which networks ${policy.address} adds to ${group.address} is not known`;
    }
  }
  for (const [group, scope] of found) if (scope.members.size === 0) scope.others ??= `which networks are in ${group.address} is not in the plan`;
  return found;
}

export function scopeAt(collection: Resource, path: PathLike, scopes: ReadonlyMap<Resource, Scope>): Scope {
  const { targets, unknown } = pointsTo(collection, path, GROUP);
  return joined(targets.flatMap((group) => scopes.get(group) ?? []), unknown);
}

function joined(all: readonly Scope[], unknown: string | undefined): Scope {
  const others = unknown ?? all.find((scope) => scope.others !== undefined)?.others ?? (all.length === 0 ? 'its network groups are not in the plan' : undefined);
  return { members: new Set(all.flatMap(({ members }) => [...members])), ...(others === undefined ? {} : { others }), outside: all.some(({ outside }) => outside === true) };
}

/**
 * A table that a manager makes for its routes takes the place of the subnet's own, and takes up routes of gateways where the
 * collection says so; one that exists keeps its properties.
 * https://learn.microsoft.com/azure/virtual-network-manager/concept-user-defined-route#route-collection-settings
 * https://learn.microsoft.com/azure/virtual-network-manager/concept-user-defined-route#useexisting-mode-for-avnm-udr-management
 */
function propagationOf(collection: Resource): string | undefined {
  const name = 'bgp_route_propagation_enabled';
  if (flag(collection, name) === false || isUnset(collection, name)) return undefined;
  const { targets: [configuration], exact } = pointsTo(collection, 'routing_configuration_id', 'azurerm_network_manager_routing_configuration');
  const keepsTables = configuration !== undefined && exact && text(configuration, 'route_table_usage_mode')?.toLowerCase() === 'useexisting';
  return keepsTables ? undefined : `whether ${collection.address} makes its subnets take up routes of gateways is not in the plan`;
}

/** A rule as it is written, whatever networks it holds for. */
export function adminRule(resource: Resource): AdminRule {
  const side = (block: string): Texts => {
    const elements = resource.elements(block);
    if (elements.length > 0) return allTexts(elements.map((path) => texts(resource, [...path, 'address_prefix'])));
    const hidden = resource.unknownAt(block);
    return hidden === undefined || !resource.isConfigured([]) ? { items: ['*'] } : { items: ['*'], unknown: `${resource.address} ${block}: ${hidden}` };
  };
  const ports = (path: string): Texts => {
    const found = texts(resource, path);
    return found.items.length > 0 || found.unknown !== undefined ? { ...found, items: found.items.map((item) => (item === '0-65535' ? '*' : item)) } : { items: ['*'] };
  };
  const direction = text(resource, 'direction')?.toLowerCase();
  const action = text(resource, 'action')?.toLowerCase();
  const protocol = text(resource, 'protocol')?.toLowerCase();
  const priority = numberAt(resource, 'priority');
  const rule: SecurityRule = {
    address: resource.address,
    name: text(resource, 'name') ?? resource.address,
    priority: priority ?? 0,
    ...(direction === 'inbound' || direction === 'outbound' ? { direction: direction === 'inbound' ? 'Inbound' : 'Outbound' } : {}),
    ...(protocol === undefined ? {} : { protocol }),
    sources: side('source'),
    destinations: side('destination'),
    sourcePorts: ports('source_port_ranges'),
    ports: ports('destination_port_ranges'),
    sourceGroups: NOWHERE,
    destinationGroups: NOWHERE,
    builtIn: false,
  };
  const known = (['Allow', 'AlwaysAllow', 'Deny'] as const).find((each) => each.toLowerCase() === action);
  const doubt = priority === undefined ? `the priority of ${resource.address} is not known` : known === undefined || rule.direction === undefined ? `what ${resource.address} does is not known` : undefined;
  return { ...(known === undefined ? {} : { action: known }), rule, ...(doubt === undefined ? {} : { doubt }) };
}

function adminRoute(resource: Resource): AdminRoute {
  const nextHop = text(resource, ['next_hop', 0, 'type']);
  return { resource, destination: texts(resource, ['destination', 0, 'address']), ...(nextHop === undefined ? {} : { nextHop }) };
}
