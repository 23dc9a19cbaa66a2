/** What decides on a path without standing on it: a firewall's policies and rules, a subnet's table and group, what is joined to a network. */
import type { AzureModel } from './azure-model';
import { pointsTo } from './read';

/** Pairs of a resource and what it belongs to on paths. */
export function* partOf({ firewalls, views, graph }: AzureModel): Iterable<readonly [part: string, of: string]> {
  for (const { address, policies, rules } of firewalls.values()) {
    for (const policy of policies) yield [policy.address, address];
    for (const rule of rules) yield [rule.address, address];
  }
  for (const { address, table, group } of views) {
    if (table) yield [table.address, address];
    if (group) yield [group.address, address];
  }
  for (const [type, attribute] of JOINED) {
    for (const resource of graph.ofType(type)) {
      for (const { address } of pointsTo(resource, attribute, 'azurerm_virtual_network', 'azurerm_subnet').targets) yield [resource.address, address];
    }
  }
}

const JOINED = [
  ['azurerm_virtual_network_peering', 'virtual_network_name'],
  ['azurerm_virtual_network_peering', 'remote_virtual_network_id'],
  ['azurerm_subnet_nat_gateway_association', 'subnet_id'],
  ['azurerm_network_watcher_flow_log', 'target_resource_id'],
] as const;
