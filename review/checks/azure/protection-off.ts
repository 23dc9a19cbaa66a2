import type { AzureCheck } from './azure-check';
import { archivesOf, recordsOf } from './records';
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
    const recording = [...archivesOf(model.graph), ...recordsOf(model.graph)];
    for (const resource of new Set([...model.graph.ofType('azurerm_firewall'), ...recording])) {
      const groups = pointsTo(resource, 'resource_group_name', 'azurerm_resource_group').targets;
      if (!locked.has(resource) && !groups.some((group) => locked.has(group))) yield { address: resource.address, message: 'no lock keeps it from being deleted' };
    }
  },
};
