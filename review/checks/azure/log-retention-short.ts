import type { AzureCheck } from './azure-check';
import { recordsOf } from './records';
import { flag, isUnset, numberAt } from '../../model/azure/read';

/** Days. */
const SHORTEST = 90;

export const check: AzureCheck = {
  id: 'log-retention-short',
  title: 'logs that are kept for less than 90 days, or not after so many a day',
  severity: 'low',
  why: 'What leaked is often found out months later.',
  fix: 'Keep flow logs and workspaces for 90 days or more, and set no daily_quota_gb where a network is recorded; an alert tells of the costs.',
  references: ['https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure', 'https://learn.microsoft.com/azure/azure-monitor/logs/daily-cap'],
  comparable: ['checkov CKV_AZURE_12', 'trivy AZU-0049'],
  *run({ model }) {
    for (const log of model.graph.ofType('azurerm_network_watcher_flow_log')) {
      const days = numberAt(log, 'retention_policy[0].days');
      const isOff = flag(log, 'retention_policy[0].enabled') === false;
      // Zero days means for ever.
      if (isOff || days === 0 || (days === undefined && log.hasUnknown('retention_policy'))) continue;
      if (days === undefined || days < SHORTEST) yield { address: log.address, message: `flow logs are kept for ${days ?? 'an unknown number of'} days` };
    }
    for (const workspace of model.graph.ofType('azurerm_log_analytics_workspace')) {
      const days = numberAt(workspace, 'retention_in_days') ?? (isUnset(workspace, 'retention_in_days') ? 30 : SHORTEST);
      if (days < SHORTEST) yield { address: workspace.address, message: `the workspace keeps records for ${days} days` };
    }
    // Whoever makes enough noise is not recorded for the rest of the day.
    for (const workspace of new Set(recordsOf(model.graph))) {
      const quota = numberAt(workspace, 'daily_quota_gb');
      if (quota !== undefined && quota >= 0) yield { address: workspace.address, message: `the workspace takes no more than ${quota} GB a day, and what the network does is recorded there` };
    }
  },
};
