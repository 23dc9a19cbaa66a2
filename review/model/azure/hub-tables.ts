/**
 * Route tables of hubs, and routing intents: where a hub sends the internet. With an intent there are no other tables than
 * the default one.
 * https://learn.microsoft.com/azure/virtual-wan/how-to-routing-policies
 */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { addressRange } from '../addresses';
import type { AzureFirewall } from './firewall';
import { pointsTo, text, texts, under, unknownBlocks } from './read';

export interface TableRoute {
  /** Undefined where the plan does not tell: it may be longer than any that a subnet's own table has. */
  readonly prefix: string | undefined;
  readonly firewall: AzureFirewall | undefined;
  /** The connection that it is written in, if it is. */
  readonly by?: Resource;
}

export const WORLD = '0.0.0.0/0';
export const HUB = 'azurerm_virtual_hub';
export const TABLE = 'azurerm_virtual_hub_route_table';
const INTENT = 'azurerm_virtual_hub_routing_intent';

export interface Intent {
  /** Of its policy for the internet. */
  readonly routes: readonly TableRoute[];
  /** Whether it has one for private traffic, too. */
  readonly isPrivate: boolean;
}

/** By hub. */
export function intentsOf(graph: ResourceGraph, firewalls: ReadonlyMap<Resource, AzureFirewall>): ReadonlyMap<Resource, Intent> {
  const result = new Map<Resource, Intent>();
  for (const intent of graph.ofType(INTENT)) {
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
export function tableRoutes(graph: ResourceGraph, firewalls: ReadonlyMap<Resource, AzureFirewall>): ReadonlyMap<Resource, readonly TableRoute[]> {
  const result = new Map<Resource, TableRoute[]>();
  const note = (owners: readonly Resource[], found: readonly TableRoute[]) => {
    for (const owner of owners) result.set(owner, [...(result.get(owner) ?? []), ...found]);
  };
  const owner = (table: Resource): readonly Resource[] => (isDefault(table) ? pointsTo(table, 'virtual_hub_id', HUB).targets : [table]);
  // Routes that are written in the hub itself, to an address of an appliance.
  for (const hub of graph.ofType(HUB)) {
    const inside = hub.elements('route').flatMap((path) => texts(hub, under(path, 'address_prefixes')).items).map((prefix) => ({ prefix, firewall: undefined }));
    if (inside.length > 0) note([hub], inside);
  }
  for (const table of graph.ofType(TABLE)) {
    const hidden = unknownBlocks(table, 'route') === undefined ? [] : [{ prefix: undefined, firewall: undefined }];
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
  // Ids stand for networks; names of services for addresses that no plan tells.
  const isHidden = unknown !== undefined || text(resource, under(path, 'destinations_type'))?.toLowerCase() === 'service';
  return [...prefixes.map((prefix) => ({ prefix, firewall })), ...(isHidden ? [{ prefix: undefined, firewall: undefined }] : [])];
}

/**
 * What a hub's next hop may be besides a firewall. Where a plan does not list what it refers to, as with a dynamic block,
 * a firewall is meant only if nothing else in reach can be. https://learn.microsoft.com/azure/virtual-wan/how-to-routing-policies
 */
const HOPS: readonly string[] = ['azurerm_firewall', 'azurerm_palo_alto_virtual_network_appliance', 'azurerm_managed_application', 'azapi_resource', 'azurerm_virtual_hub_connection'];

export function firewallAt(resource: Resource, path: AttributePath, firewalls: ReadonlyMap<Resource, AzureFirewall>): AzureFirewall | undefined {
  const found = pointsTo(resource, under(path, 'next_hop'), ...HOPS);
  const [next, ...others] = found.exact ? found.targets : found.targets.filter((target) => mayBeHop(target, resource));
  return next && others.length === 0 && found.unknown === undefined ? firewalls.get(next) : undefined;
}

function mayBeHop(target: Resource, from: Resource): boolean {
  if (target.type === 'azapi_resource') return /networkvirtualappliances|azurefirewalls/i.test(text(target, 'type') ?? 'azurefirewalls');
  // An intent knows no networks, and what names a table comes after it.
  return target.type !== 'azurerm_virtual_hub_connection' || (from.type !== INTENT && !pointsTo(target, 'routing', TABLE).targets.includes(from));
}

/** The table that a connection is associated with: the hub for its default one, undefined where the plan does not tell. */
export function associatedTable(connection: Resource, hub: Resource | undefined): Resource | undefined {
  const path: AttributePath = ['routing', 0, 'associated_route_table_id'];
  const { isSet, exact, targets: [table] } = pointsTo(connection, path, TABLE, HUB);
  if (!isSet || (text(connection, path)?.toLowerCase().endsWith('/defaultroutetable') ?? false) || table?.type === HUB) return hub;
  return exact ? table : undefined;
}

function tableAt(graph: ResourceGraph, route: Resource, attribute: string): Resource | undefined {
  const [table] = pointsTo(route, attribute, TABLE, HUB).targets;
  if (table) return table;
  const of = /^(.+)\/hubroutetables\/defaultroutetable$/.exec(text(route, attribute)?.toLowerCase() ?? '')?.[1];
  return of === undefined ? undefined : graph.ofType(HUB).find((hub) => text(hub, 'id')?.toLowerCase() === of);
}

/** A table that is written as a resource of its own and yet is the default one. */
export const isDefault = (table: Resource): boolean => text(table, 'name')?.toLowerCase() === 'defaultroutetable';
