import type { AzureCheck } from './azure-check';
import { pointsTo } from '../../model/azure/read';

const KEPT = ['azurerm_firewall', 'azurerm_log_analytics_workspace', 'azurerm_storage_account'];

export const check: AzureCheck = {
  id: 'protection-off',
  title: 'control that anybody with write access can delete',
  severity: 'low',
  why: 'A deleted firewall or log archive is an outage or a blind spot, by mistake or on purpose.',
  fix: 'Add azurerm_management_lock with CanNotDelete on the firewall and on what holds its logs.',
  references: ['https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources'],
  comparable: [],
  *run({ model }) {
    const locked = new Set(model.graph.ofType('azurerm_management_lock').flatMap((lock) => pointsTo(lock, 'scope', ...KEPT, 'azurerm_resource_group').targets));
    const recording = [
      ...model.graph.ofType('azurerm_network_watcher_flow_log').flatMap((log) => [
        ...pointsTo(log, 'storage_account_id', 'azurerm_storage_account').targets,
        ...pointsTo(log, 'traffic_analytics[0].workspace_resource_id', 'azurerm_log_analytics_workspace').targets,
      ]),
      ...model.graph.ofType('azurerm_monitor_diagnostic_setting').filter((setting) => pointsTo(setting, 'target_resource_id', 'azurerm_firewall').targets.length > 0)
        .flatMap((setting) => pointsTo(setting, 'log_analytics_workspace_id', 'azurerm_log_analytics_workspace').targets),
    ];
    for (const resource of new Set([...model.graph.ofType('azurerm_firewall'), ...recording])) {
      const groups = pointsTo(resource, 'resource_group_name', 'azurerm_resource_group').targets;
      if (!locked.has(resource) && !groups.some((group) => locked.has(group))) yield { address: resource.address, message: 'no lock keeps it from being deleted' };
    }
  },
};
