/**
 * Hubs of a virtual WAN: what a connected network learns from its hub.
 * https://learn.microsoft.com/azure/virtual-wan/how-to-routing-policies
 */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { AzureFirewall } from './firewall';
import { flag, isUnset, pointsTo, texts, under } from './read';

/** The default route that a network learns from its hub. */
export interface HubRoute {
  /** The connection, for messages. */
  readonly connection: Resource;
  readonly hub: Resource | undefined;
  /** The firewall in the hub that it leads to; undefined where the plan names none. */
  readonly firewall?: AzureFirewall;
  /** Why the network may not learn it. */
  readonly doubt?: string;
}

export function hubRoutes(graph: ResourceGraph, firewalls: ReadonlyMap<Resource, AzureFirewall>): ReadonlyMap<Resource, readonly HubRoute[]> {
  const result = new Map<Resource, HubRoute[]>();
  const secured = securedHubs(graph, firewalls);
  for (const connection of graph.ofType('azurerm_virtual_hub_connection')) {
    const networks = pointsTo(connection, 'remote_virtual_network_id', 'azurerm_virtual_network');
    const said = flag(connection, 'internet_security_enabled');
    if (said === false || (said === undefined && isUnset(connection, 'internet_security_enabled'))) continue;
    const hubs = pointsTo(connection, 'virtual_hub_id', 'azurerm_virtual_hub');
    const [hub] = hubs.targets;
    const firewall = hub && hubs.exact ? secured.get(hub) : undefined;
    const doubt = said === undefined ? `whether ${connection.address} secures internet traffic is not known` : networks.exact ? undefined : `which network ${connection.address} connects is not known`;
    for (const network of networks.targets) {
      const route: HubRoute = { connection, hub, ...(firewall ? { firewall } : {}), ...(doubt === undefined ? {} : { doubt }) };
      result.set(network, [...(result.get(network) ?? []), route]);
    }
  }
  return result;
}

/** Hubs whose routing intent, or whose route table, sends the internet to a firewall. */
function securedHubs(graph: ResourceGraph, firewalls: ReadonlyMap<Resource, AzureFirewall>): ReadonlyMap<Resource, AzureFirewall> {
  const result = new Map<Resource, AzureFirewall>();
  const note = (hubOwner: Resource, next: Resource | undefined) => {
    const firewall = next && firewalls.get(next);
    if (firewall) for (const hub of pointsTo(hubOwner, 'virtual_hub_id', 'azurerm_virtual_hub').targets) result.set(hub, firewall);
  };
  for (const intent of graph.ofType('azurerm_virtual_hub_routing_intent')) {
    for (const path of intent.elements('routing_policy')) {
      if (texts(intent, under(path, 'destinations')).items.some((item) => item.toLowerCase() === 'internet')) note(intent, pointsTo(intent, under(path, 'next_hop'), 'azurerm_firewall').targets[0]);
    }
  }
  for (const table of graph.ofType('azurerm_virtual_hub_route_table')) {
    for (const path of table.elements('route')) {
      if (texts(table, under(path, 'destinations')).items.includes('0.0.0.0/0')) note(table, pointsTo(table, under(path, 'next_hop'), 'azurerm_firewall').targets[0]);
    }
  }
  for (const route of graph.ofType('azurerm_virtual_hub_route_table_route')) {
    if (!texts(route, 'destinations').items.includes('0.0.0.0/0')) continue;
    const [table] = pointsTo(route, 'route_table_id', 'azurerm_virtual_hub_route_table').targets;
    if (table) note(table, pointsTo(route, 'next_hop', 'azurerm_firewall').targets[0]);
  }
  return result;
}
