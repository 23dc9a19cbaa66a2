/** Where a plan records what its networks and firewalls do. */
import { pointsTo } from '../../model/azure/read';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';

/** Accounts that flow logs go to. */
export function archivesOf(graph: ResourceGraph): readonly Resource[] {
  return graph.ofType('azurerm_network_watcher_flow_log').flatMap((log) => pointsTo(log, 'storage_account_id', 'azurerm_storage_account').targets);
}

/** Workspaces of traffic analytics and of firewalls. */
export function recordsOf(graph: ResourceGraph): readonly Resource[] {
  return [
    ...graph.ofType('azurerm_network_watcher_flow_log').flatMap((log) => pointsTo(log, 'traffic_analytics[0].workspace_resource_id', 'azurerm_log_analytics_workspace').targets),
    ...graph.ofType('azurerm_monitor_diagnostic_setting').filter((setting) => pointsTo(setting, 'target_resource_id', 'azurerm_firewall').targets.length > 0)
      .flatMap((setting) => pointsTo(setting, 'log_analytics_workspace_id', 'azurerm_log_analytics_workspace').targets),
  ];
}
