/**
 * What connections tell hubs of a virtual WAN: static routes to an appliance in the connected network, which go into the tables
 * that a connection names, and into those of its labels in every hub of the WAN.
 * https://learn.microsoft.com/azure/virtual-wan/about-virtual-hub-routing#propagation
 */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource } from '../../plan/resource-graph';
import { appliancesAt } from './appliances';
import type { AzureFirewall } from './firewall';
import { HUB, isDefault, TABLE, WORLD, type TableRoute } from './hub-tables';
import { mapAt } from './route-maps';
import { isInternetPrefix } from './routing';
import { allTexts, flag, pointsTo, texts, under, unknownBlocks } from './read';

export interface ToldRoute extends TableRoute {
  /** The connection that it is written in. */
  readonly by: Resource;
  /** The hub that is told; undefined where the plan does not say which. */
  readonly from: Resource | undefined;
}

/** Routes to an appliance in a connected network, as they are written, and as a route map may rewrite them. https://learn.microsoft.com/azure/virtual-wan/scenario-route-through-nva */
export function toldRoutes(connection: Resource, firewalls: ReadonlyMap<Resource, AzureFirewall>): readonly ToldRoute[] {
  if (flag(connection, ['routing', 0, 'static_vnet_propagate_static_routes_enabled']) === false) return [];
  const hubs = pointsTo(connection, 'virtual_hub_id', HUB);
  const common = { by: connection, from: hubs.exact ? hubs.targets[0] : undefined };
  const hidden: ToldRoute = { ...common, prefix: undefined, firewall: undefined };
  const block: AttributePath = ['routing', 0, 'static_vnet_route'];
  const blocks = connection.elements(block);
  const written = blocks.flatMap((path): readonly ToldRoute[] => {
    const { items, unknown } = texts(connection, under(path, 'address_prefixes'));
    const { targets: [next], exact } = appliancesAt(connection, path, 'next_hop_ip_address');
    const firewall = next && exact ? firewalls.get(next) : undefined;
    return [...items.filter(isInternetPrefix).map((prefix) => ({ ...common, prefix, firewall })), ...(unknown === undefined ? [] : [hidden])];
  });
  const isHidden = unknownBlocks(connection, block) !== undefined;
  if (blocks.length === 0 && !isHidden) return [];
  const { makes } = mapAt(connection, 'inbound');
  return [...written, ...(isHidden || makes === undefined ? [hidden] : []), ...(makes ?? []).map((prefix) => ({ ...common, prefix, firewall: undefined }))];
}

/**
 * Whether a connection may tell a table its routes; the way to everywhere stays in its hub.
 * @param table the hub for its default table; undefined where the plan does not say which one
 */
export function mayTell({ by, from, prefix }: ToldRoute, hub: Resource | undefined, table: Resource | undefined): boolean {
  if (prefix === WORLD && hub && from && hub !== from) return false;
  if (!table || unknownBlocks(by, 'routing') !== undefined) return true;
  const block: AttributePath = ['routing', 0, 'propagated_route_table'];
  if (unknownBlocks(by, block) !== undefined) return true;
  const written = by.elements(block);
  const ids = written.map((path) => pointsTo(by, under(path, 'route_table_ids'), TABLE, HUB));
  const labels = allTexts(written.map((path) => texts(by, under(path, 'labels'))));
  if (labels.unknown !== undefined || ids.some(({ exact, targets }) => !exact || targets.includes(table) || targets.some(isDefault))) return true;
  // Without any label, it is the one of the default tables.
  const named = labels.items.length === 0 ? ['default'] : labels.items.map((label) => label.toLowerCase());
  if (table.type === HUB) return named.includes('default');
  const own = texts(table, 'labels');
  return own.unknown !== undefined || own.items.some((label) => named.includes(label.toLowerCase()));
}
