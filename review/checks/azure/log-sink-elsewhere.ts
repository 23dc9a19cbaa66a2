/** Records that go to a subscription, or a workspace, that the policy file does not name; without one, to a subscription that is not their own. */
import type { AzureEnvironment } from '../../../blueprints/policy/model';
import type { AzureCheck } from './azure-check';
import { certainEnvironments } from './planned-environments';
import { text } from '../../model/azure/read';
import { accountOf, ownerIn } from '../../plan/accounts';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { Hit } from '../check';

export const check: AzureCheck = {
  id: 'log-sink-elsewhere',
  title: 'records of the network that go elsewhere than the policy says, or to another subscription',
  severity: 'low',
  why: 'Whoever owns the workspace or the account reads who called whom and when, and may delete it; your own searches and alerts see nothing any more.',
  fix: 'Point the flow log or the diagnostic setting to the workspace that the policy file names, or name the other one under logs.workspace.',
  references: ['https://learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings', 'https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview'],
  comparable: [],
  *run(context) {
    const environments = certainEnvironments(context);
    const { graph } = context.model;
    if (environments.length === 0) {
      if (!context.policy) yield* toOthers(graph);
      return;
    }
    for (const [type, paths] of DESTINATIONS) {
      for (const record of graph.ofType(type)) {
        for (const path of paths) {
          const id = elsewhere(record, path, environments);
          if (id !== undefined) yield { address: record.address, message: `it hands what it records to ${id}; the policy says ${[...new Set(environments.map(({ logs, subscription }) => logs.workspace?.id ?? `subscription ${subscription}`))].join(' or ')}` };
        }
      }
    }
  },
};

const WORKSPACE = 'log_analytics_workspace_id';
const ANALYTICS = 'traffic_analytics[0].workspace_resource_id';
const AGENTS = ['oms_agent', 'microsoft_defender'].map((agent) => `${agent}[0].${WORKSPACE}`);
const INSIGHTS = 'insights[0].default_log_analytics_workspace_id';
const DESTINATIONS = [
  ['azurerm_kubernetes_cluster', AGENTS],
  ['azurerm_network_watcher_flow_log', [ANALYTICS, 'storage_account_id']],
  ['azurerm_firewall_policy', [INSIGHTS]],
  ['azurerm_monitor_data_collection_rule', ['log_analytics[0].workspace_resource_id', 'event_hub[0].event_hub_id', 'storage_blob[0].storage_account_id'].map((path) => `destinations[0].${path}`)],
  ...['azurerm_monitor_diagnostic_setting', 'azurerm_monitor_aad_diagnostic_setting'].map((type) => [type, [WORKSPACE, 'storage_account_id', 'eventhub_authorization_rule_id']] as const),
] as const;

/** A central subscription for logs is what most organizations mean by it. */
function* toOthers(graph: ResourceGraph): Iterable<Hit> {
  for (const [type, paths] of DESTINATIONS) {
    for (const record of graph.ofType(type)) {
      const own = accountOf(record, graph.providerAccounts);
      for (const path of own === undefined ? [] : paths) {
        const id = text(record, path);
        const owner = id === undefined ? undefined : ownerIn(id);
        if (owner === undefined || owner === own || record.references(path).targets.some(({ mode }) => mode === 'managed')) continue;
        yield { address: record.address, message: `it hands what it records to ${id ?? ''}, of another subscription than its own`, severity: 'info' };
      }
    }
  }
}

/** An id that is written out and that none of the environments means. */
function elsewhere(record: Resource, path: string, environments: readonly AzureEnvironment[]): string | undefined {
  const id = text(record, path);
  const [, subscription] = /^\/subscriptions\/([^/]+)\//i.exec(id ?? '') ?? [];
  if (id === undefined || subscription === undefined || record.references(path).targets.some(({ mode }) => mode === 'managed')) return undefined;
  const isMeant = environments.some((environment) => {
    const { workspace } = environment.logs;
    if (workspace && /workspace(_resource)?_id$/.test(path)) return id.toLowerCase() === workspace.id.toLowerCase();
    return subscription.toLowerCase() === environment.subscription.toLowerCase();
  });
  return isMeant ? undefined : id;
}
