import type { AzureCheck } from './azure-check';
import { recordedCategories } from './recorded-categories';
import { pointsTo, text } from '../../model/azure/read';
import type { Resource } from '../../plan/resource-graph';

/** What was decided, by which rule, and which names were asked for. */
const NEEDED = ['AZFWApplicationRule', 'AZFWDnsQuery', 'AZFWNetworkRule', 'AZFWThreatIntel'];

export const check: AzureCheck = {
  id: 'firewall-logs-missing',
  title: 'firewall whose decisions are not recorded',
  severity: 'medium',
  why: 'Without its logs nobody sees which hosts were asked for and refused.',
  fix: 'Add azurerm_monitor_diagnostic_setting for the firewall with the AZFW categories, and log_analytics_destination_type Dedicated.',
  references: ['https://learn.microsoft.com/azure/firewall/monitor-firewall-reference'],
  comparable: [],
  *run({ model }) {
    const settings = model.graph.ofType('azurerm_monitor_diagnostic_setting').map((setting) => ({
      setting,
      target: pointsTo(setting, 'target_resource_id', 'azurerm_firewall'),
      categories: recordedCategories(setting),
    }));
    for (const firewall of model.firewalls.values()) {
      const isDetecting = firewall.policies.some(({ resource }) => ['alert', 'deny'].includes(text(resource, ['intrusion_detection', 0, 'mode'])?.toLowerCase() ?? ''));
      const needed = isDetecting ? [...NEEDED, 'AZFWIdpsSignature'] : NEEDED;
      const own = settings.filter(({ target }) => target.targets.includes(firewall.resource));
      const problem = own.length === 0 ? 'it has no diagnostic setting' : own.map(({ setting, categories }) => problemOf(setting, categories, needed)).sort((a, b) => (a?.length ?? 0) - (b?.length ?? 0))[0];
      if (problem !== undefined) yield { address: firewall.address, message: problem };
    }
  },
};

function problemOf(setting: Resource, categories: readonly (string | undefined)[], needed: readonly string[]): string | undefined {
  const missing = categories.includes('allLogs') ? [] : needed.filter((category) => !categories.includes(category));
  if (missing.length > 0) return `${setting.address} records no ${missing.join(', ')}`;
  const isWorkspace = pointsTo(setting, 'log_analytics_workspace_id', 'azurerm_log_analytics_workspace').isSet;
  if (isWorkspace && text(setting, 'log_analytics_destination_type') !== 'Dedicated') return `${setting.address} writes to the old shared table, which cuts fields off`;
  return undefined;
}
