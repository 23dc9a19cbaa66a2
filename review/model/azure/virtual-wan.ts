/**
 * Hubs of a virtual WAN: what a connected network learns from its hub. A routing intent sends the internet to
 * one next hop for all; without one the route table counts that the connection is associated with, which is the
 * hub's default table unless it says otherwise.
 * https://learn.microsoft.com/azure/virtual-wan/how-to-routing-policies
 * https://learn.microsoft.com/azure/virtual-wan/about-virtual-hub-routing
 */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { AzureFirewall } from './firewall';
import { mayTell, toldRoutes } from './hub-propagation';
import { associatedTable, HUB, intentsOf, TABLE, tableRoutes, WORLD, type TableRoute } from './hub-tables';
import { flag, isUnset, pointsTo, text, type Pointed } from './read';
import { mapAt } from './route-maps';

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

const WAN = 'azurerm_virtual_wan';
/** What brings routes of other places into a hub. https://learn.microsoft.com/azure/firewall-manager/trusted-security-partners */
const BRANCHES = ['azurerm_vpn_gateway', 'azurerm_express_route_gateway', 'azurerm_virtual_hub_bgp_connection', 'azurerm_virtual_hub_security_partner_provider'];

export function hubLearning(graph: ResourceGraph, firewalls: ReadonlyMap<Resource, AzureFirewall>): HubLearning {
  const routes = new Map<Resource, HubRoute[]>();
  const unknown = new Map<Resource, Resource>();
  const connected = new Map<Resource, Set<Resource>>();
  const connections = graph.ofType('azurerm_virtual_hub_connection');
  if (connections.length === 0) return { routes, unknown, connected };
  const intents = intentsOf(graph, firewalls);
  const tables = tableRoutes(graph, firewalls);
  const elsewhere: Elsewhere = new Map();
  const wans = (hub: Resource): readonly Resource[] => wansOf(hub, elsewhere);
  const branching = branchingHubs(graph, elsewhere);
  const told = connections.flatMap((connection) => toldRoutes(connection, firewalls));
  for (const connection of connections) {
    const networks = networksOf(connection, graph);
    const hubs = pointsTo(connection, 'virtual_hub_id', HUB);
    const [hub] = hubs.targets;
    const certain = hubs.exact ? hub : undefined;
    const intent = certain && intents.get(certain);
    const table = intent ? certain : associatedTable(connection, certain);
    const said = flag(connection, 'internet_security_enabled');
    const isSecured = said !== false && !(said === undefined && isUnset(connection, 'internet_security_enabled'));
    // Of equally long ones which wins is for the hub to say: what leads to nobody knows whom comes first.
    const beside = intent?.isPrivate === true ? [] : told.filter((route) => (!hub || !route.from || hub === route.from || wans(hub).some((wan) => wans(route.from!).includes(wan))) && mayTell(route, certain, table));
    const learned = [...beside, ...(intent?.routes ?? ofTable(table, tables))].filter(({ prefix }) => prefix !== WORLD || isSecured);
    const { drops, makes } = mapAt(connection, 'outbound');
    const doubt = isSecured && said === undefined ? `whether ${connection.address} secures internet traffic is not known`
      : !networks.exact ? `which network ${connection.address} connects is not known`
        : hubs.targets.length > 0 && !hubs.exact ? `which of ${hubs.targets.length} hubs ${connection.address} connects to is not known before the plan is applied`
          : drops ? `what the route map of ${connection.address} leaves of it is not followed by this review` : undefined;
    // What other places announce goes to the next hop of an intent for private traffic, and else straight to them.
    const isHidden = (makes === undefined || makes.length > 0) || (intent?.isPrivate !== true && (!hub || branching.has(hub))) || learned.some(({ prefix }) => prefix === undefined);
    const places = standing(connection, 'virtual_hub_id', HUB, elsewhere);
    for (const network of networks.targets) {
      connected.set(network, new Set([...(connected.get(network) ?? []), ...places, ...places.flatMap(wans)]));
      const own = learned.flatMap(({ prefix, firewall, by = connection }): readonly HubRoute[] => (prefix === undefined ? [] : [{ connection: by, hub, prefix, ...(firewall ? { firewall } : {}), ...(doubt === undefined ? {} : { doubt }) }]));
      if (own.length > 0) routes.set(network, [...(routes.get(network) ?? []), ...own]);
      if (isHidden) unknown.set(network, connection);
    }
  }
  return { routes, unknown, connected };
}

/** What a table leads to the internet: the default one has routes that no resource makes, and of one that nobody knows anything may be. */
function ofTable(table: Resource | undefined, tables: ReadonlyMap<Resource, readonly TableRoute[]>): readonly TableRoute[] {
  const own = (table && tables.get(table)) ?? [];
  return table?.type === TABLE || own.some(({ prefix }) => prefix === WORLD) ? own : [...own, { prefix: WORLD, firewall: undefined }];
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

/** What says which things elsewhere are the same: ids that the plan does not make, by the first resource that names each. */
type Elsewhere = Map<string, Resource>;

/** The hubs, or virtual WANs, that a resource belongs to: also one that the plan only names or looks up. */
function standing(resource: Resource, attribute: string, type: string, elsewhere: Elsewhere): readonly Resource[] {
  const { targets } = pointsTo(resource, attribute, type);
  if (targets.length > 0) return targets;
  const id = text(resource, attribute)?.toLowerCase();
  if (id === undefined) return resource.references(attribute, { types: [type] }).targets;
  const first = elsewhere.get(id) ?? resource;
  elsewhere.set(id, first);
  return [first];
}

const wansOf = (hub: Resource, elsewhere: Elsewhere): readonly Resource[] => (hub.type === HUB ? standing(hub, 'virtual_wan_id', WAN, elsewhere) : []);

/** Hubs that learn routes of other places, by what stands in them or in another hub of their virtual WAN. https://learn.microsoft.com/azure/virtual-wan/virtual-wan-global-transit-network-architecture */
function branchingHubs(graph: ResourceGraph, elsewhere: Elsewhere): ReadonlySet<Resource> {
  const own = new Set(BRANCHES.flatMap((type) => graph.ofType(type)).flatMap((branch) => standing(branch, 'virtual_hub_id', HUB, elsewhere)));
  const wans = new Set([...own].flatMap((hub) => wansOf(hub, elsewhere)));
  return new Set([...own, ...(wans.size === 0 ? [] : graph.ofType(HUB).filter((hub) => wansOf(hub, elsewhere).some((wan) => wans.has(wan))))]);
}
