/**
 * Hubs of a virtual WAN: what a connected network learns from its hub. A routing intent sends the internet to
 * one next hop for all; without one the route table counts that the connection is associated with, which is the
 * hub's default table unless it says otherwise.
 * https://learn.microsoft.com/azure/virtual-wan/how-to-routing-policies
 * https://learn.microsoft.com/azure/virtual-wan/about-virtual-hub-routing
 */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { addressRange } from '../addresses';
import type { AzureFirewall } from './firewall';
import { isInternetPrefix } from './routing';
import { flag, isUnset, pointsTo, text, texts, under, unknownBlocks, type Pointed } from './read';

/** A route that a network learns from its hub. */
export interface HubRoute {
  /** The connection, for messages. */
  readonly connection: Resource;
  readonly hub: Resource | undefined;
  readonly prefix: string;
  /** The firewall in the hub that it leads to; undefined where the plan names none. */
  readonly firewall?: AzureFirewall;
  /** Why the network may not learn it. */
  readonly doubt?: string;
}

/** What networks learn from hubs, by network. */
export interface HubLearning {
  /** Of networks that get a default route, or other routes to the internet. */
  readonly routes: ReadonlyMap<Resource, readonly HubRoute[]>;
  /** Connections over which they learn routes that no plan tells. */
  readonly unknown: ReadonlyMap<Resource, Resource>;
  /** By network: its hubs, and their virtual WANs. */
  readonly connected: ReadonlyMap<Resource, ReadonlySet<Resource>>;
}

interface TableRoute {
  readonly prefix: string;
  readonly firewall: AzureFirewall | undefined;
  /** The connection that it is written in, if it is. */
  readonly by?: Resource;
}

const WORLD = '0.0.0.0/0';
/** Drops routes, or rewrites them, on their way from the hub. https://learn.microsoft.com/azure/virtual-wan/route-maps-about */
const ROUTE_MAP: AttributePath = ['routing', 0, 'outbound_route_map_id'];
const HUB = 'azurerm_virtual_hub';
const TABLE = 'azurerm_virtual_hub_route_table';
/** What brings routes of other places into a hub. */
const BRANCHES = ['azurerm_vpn_gateway', 'azurerm_express_route_gateway', 'azurerm_virtual_hub_bgp_connection'];

export function hubLearning(graph: ResourceGraph, firewalls: ReadonlyMap<Resource, AzureFirewall>): HubLearning {
  const routes = new Map<Resource, HubRoute[]>();
  const unknown = new Map<Resource, Resource>();
  const connected = new Map<Resource, Set<Resource>>();
  const connections = graph.ofType('azurerm_virtual_hub_connection');
  if (connections.length === 0) return { routes, unknown, connected };
  const intents = intentsOf(graph, firewalls);
  const tables = tableRoutes(graph, firewalls);
  const branching = branchingHubs(graph);
  const written = connections.flatMap((connection) => staticRoutes(connection, firewalls));
  for (const connection of connections) {
    const networks = networksOf(connection, graph);
    const hubs = pointsTo(connection, 'virtual_hub_id', HUB);
    const [hub] = hubs.targets;
    const intent = hub && hubs.exact ? intents.get(hub) : undefined;
    const said = flag(connection, 'internet_security_enabled');
    const isSecured = said !== false && !(said === undefined && isUnset(connection, 'internet_security_enabled'));
    // Of equally long ones which wins is for the hub to say: what leads to nobody knows whom comes first.
    const beside = intent?.isPrivate === true ? [] : written.filter(({ from }) => !hub || !from || areJoined(hub, from));
    const learned = [...beside, ...(intent?.routes ?? associated(connection, hubs.exact ? hub : undefined, tables))].filter(({ prefix }) => prefix !== WORLD || isSecured);
    const mapped = !isUnset(connection, ROUTE_MAP) || connection.unknownAt(ROUTE_MAP) !== undefined;
    const doubt = isSecured && said === undefined ? `whether ${connection.address} secures internet traffic is not known`
      : !networks.exact ? `which network ${connection.address} connects is not known`
        : hubs.targets.length > 0 && !hubs.exact ? `which of ${hubs.targets.length} hubs ${connection.address} connects to is not known before the plan is applied`
          : mapped ? `what the route map of ${connection.address} leaves of it is not followed by this review` : undefined;
    for (const network of networks.targets) {
      connected.set(network, new Set([...(connected.get(network) ?? []), ...hubs.targets, ...hubs.targets.flatMap(wansOf)]));
      const own = learned.map(({ prefix, firewall, by = connection }): HubRoute => ({ connection: by, hub, prefix, ...(firewall ? { firewall } : {}), ...(doubt === undefined ? {} : { doubt }) }));
      if (own.length > 0) routes.set(network, [...(routes.get(network) ?? []), ...own]);
      // What other places announce goes to the next hop of an intent for private traffic, and else straight to them.
      if (mapped || (intent?.isPrivate !== true && (!hub || branching.has(hub)))) unknown.set(network, connection);
    }
  }
  return { routes, unknown, connected };
}

/** Whether two networks are connected with hubs that hand packets on to one another, as they do unless told otherwise. */
export function areConnected({ connected }: HubLearning, network: Resource, other: Resource): boolean {
  const [own, others] = [connected.get(network), connected.get(other)];
  return own !== undefined && others !== undefined && [...own].some((each) => others.has(each));
}

/** Of an id that is composed from that of a group of resources a plan shows the group alone: any network may be meant. */
function networksOf(connection: Resource, graph: ResourceGraph): Pointed {
  const found = pointsTo(connection, 'remote_virtual_network_id', 'azurerm_virtual_network');
  const isComposed = found.targets.length === 0 && text(connection, 'remote_virtual_network_id') === undefined && pointsTo(connection, 'remote_virtual_network_id', 'azurerm_resource_group').targets.length > 0;
  return isComposed ? { ...found, targets: graph.ofType('azurerm_virtual_network') } : found;
}

/**
 * Routes to an appliance in a connected network, which the connection hands on to the hub, and this to whoever learns from it.
 * https://learn.microsoft.com/azure/virtual-wan/scenario-route-through-nva
 */
function staticRoutes(connection: Resource, firewalls: ReadonlyMap<Resource, AzureFirewall>): readonly (TableRoute & { readonly from: Resource | undefined })[] {
  const block: AttributePath = ['routing', 0, 'static_vnet_route'];
  if (flag(connection, ['routing', 0, 'static_vnet_propagate_static_routes_enabled']) === false) return [];
  const hubs = pointsTo(connection, 'virtual_hub_id', HUB);
  const from = hubs.exact ? hubs.targets[0] : undefined;
  return connection.elements(block).flatMap((path) => {
    const { items, unknown } = texts(connection, under(path, 'address_prefixes'));
    const firewall = firewallAt(connection, path, firewalls, 'next_hop_ip_address');
    return [...items.filter(isInternetPrefix), ...(unknown === undefined ? [] : [WORLD])].map((prefix) => ({ prefix, firewall, by: connection, from }));
  });
}

function wansOf(hub: Resource): readonly Resource[] {
  return pointsTo(hub, 'virtual_wan_id', 'azurerm_virtual_wan').targets;
}

/** Hubs of one virtual WAN hand their routes on to one another. */
function areJoined(hub: Resource, other: Resource): boolean {
  return hub === other || wansOf(hub).some((wan) => wansOf(other).includes(wan));
}

/** Hubs that learn routes of other places, by what stands in them or in another hub of their virtual WAN. https://learn.microsoft.com/azure/virtual-wan/virtual-wan-global-transit-network-architecture */
function branchingHubs(graph: ResourceGraph): ReadonlySet<Resource> {
  const own = new Set(BRANCHES.flatMap((type) => graph.ofType(type)).flatMap((branch) => pointsTo(branch, 'virtual_hub_id', HUB).targets));
  const wans = new Set([...own].flatMap(wansOf));
  return new Set([...own, ...(wans.size === 0 ? [] : graph.ofType(HUB).filter((hub) => wansOf(hub).some((wan) => wans.has(wan))))]);
}

interface Intent {
  /** Of its policy for the internet. */
  readonly routes: readonly TableRoute[];
  /** Whether it has one for private traffic, too. */
  readonly isPrivate: boolean;
}

/** By hub: with an intent for the internet there are no other tables. */
function intentsOf(graph: ResourceGraph, firewalls: ReadonlyMap<Resource, AzureFirewall>): ReadonlyMap<Resource, Intent> {
  const result = new Map<Resource, Intent>();
  for (const intent of graph.ofType('azurerm_virtual_hub_routing_intent')) {
    const policies = intent.elements('routing_policy').map((path) => ({ path, destinations: texts(intent, under(path, 'destinations')).items.map((item) => item.toLowerCase()) }));
    const isPrivate = policies.some(({ destinations }) => destinations.includes('privatetraffic'));
    for (const { path, destinations } of policies) {
      if (!destinations.includes('internet')) continue;
      for (const hub of pointsTo(intent, 'virtual_hub_id', HUB).targets) result.set(hub, { routes: [{ prefix: WORLD, firewall: firewallAt(intent, path, firewalls) }], isPrivate });
    }
  }
  return result;
}

/** By table; those of a hub's default table by the hub. */
function tableRoutes(graph: ResourceGraph, firewalls: ReadonlyMap<Resource, AzureFirewall>): ReadonlyMap<Resource, readonly TableRoute[]> {
  const result = new Map<Resource, TableRoute[]>();
  const note = (owners: readonly Resource[], found: readonly TableRoute[]) => {
    for (const owner of owners) result.set(owner, [...(result.get(owner) ?? []), ...found]);
  };
  const owner = (table: Resource): readonly Resource[] => (text(table, 'name')?.toLowerCase() === 'defaultroutetable' ? pointsTo(table, 'virtual_hub_id', HUB).targets : [table]);
  // Routes that are written in the hub itself, to an address of an appliance.
  for (const hub of graph.ofType(HUB)) {
    const inside = hub.elements('route').flatMap((path) => texts(hub, under(path, 'address_prefixes')).items).map((prefix) => ({ prefix, firewall: undefined }));
    if (inside.length > 0) note([hub], inside);
  }
  for (const table of graph.ofType(TABLE)) {
    const hidden = unknownBlocks(table, 'route') === undefined ? [] : [{ prefix: WORLD, firewall: undefined }];
    note(owner(table), [...hidden, ...table.elements('route').flatMap((path) => routesAt(table, path, firewalls))]);
  }
  for (const route of graph.ofType('azurerm_virtual_hub_route_table_route')) {
    const table = tableAt(graph, route, 'route_table_id');
    if (table) note(table.type === TABLE ? owner(table) : [table], routesAt(route, [], firewalls));
  }
  return result;
}

function routesAt(resource: Resource, path: AttributePath, firewalls: ReadonlyMap<Resource, AzureFirewall>): readonly TableRoute[] {
  const { items, unknown } = texts(resource, under(path, 'destinations'));
  const firewall = firewallAt(resource, path, firewalls);
  const prefixes = items.filter((item) => addressRange(item) !== undefined);
  return [...prefixes.map((prefix) => ({ prefix, firewall })), ...(unknown === undefined ? [] : [{ prefix: WORLD, firewall: undefined }])];
}

function firewallAt(resource: Resource, path: AttributePath, firewalls: ReadonlyMap<Resource, AzureFirewall>, attribute = 'next_hop'): AzureFirewall | undefined {
  const { targets: [next], exact } = pointsTo(resource, under(path, attribute), 'azurerm_firewall');
  return next && exact ? firewalls.get(next) : undefined;
}

/** What a connection learns by the table that it is associated with. */
function associated(connection: Resource, hub: Resource | undefined, tables: ReadonlyMap<Resource, readonly TableRoute[]>): readonly TableRoute[] {
  const unsaid: TableRoute = { prefix: WORLD, firewall: undefined };
  const path: AttributePath = ['routing', 0, 'associated_route_table_id'];
  const { isSet, exact, targets } = pointsTo(connection, path, TABLE, HUB);
  const [table] = targets;
  if (isSet && !(text(connection, path)?.toLowerCase().endsWith('/defaultroutetable') ?? false) && table?.type !== HUB) {
    return table && exact ? tables.get(table) ?? [] : [unsaid];
  }
  // The default table has routes that no resource makes.
  const own = (hub && tables.get(hub)) ?? [];
  return own.some(({ prefix }) => prefix === WORLD) ? own : [...own, unsaid];
}

function tableAt(graph: ResourceGraph, route: Resource, attribute: string): Resource | undefined {
  const [table] = pointsTo(route, attribute, TABLE, HUB).targets;
  if (table) return table;
  const of = /^(.+)\/hubroutetables\/defaultroutetable$/.exec(text(route, attribute)?.toLowerCase() ?? '')?.[1];
  return of === undefined ? undefined : graph.ofType(HUB).find((hub) => text(hub, 'id')?.toLowerCase() === of);
}
