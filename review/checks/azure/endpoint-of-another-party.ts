import type { AzureCheck } from './azure-check';
import { certainEnvironments } from './planned-environments';
import { pointsTo, text } from '../../model/azure/read';
import { servedBy } from '../../model/azure/served-by';

export const check: AzureCheck = {
  id: 'endpoint-of-another-party',
  title: 'private endpoint of somebody else\'s service',
  severity: 'medium',
  why: 'Whatever is sent there leaves for another organization, past the firewall, its list of hosts and its log.',
  fix: 'Remove it, or accept it in egress-review.yaml with whose it is and what for; let only the subnets in that need it.',
  references: ['https://learn.microsoft.com/azure/private-link/private-link-service-overview#alias'],
  comparable: [],
  *run(context) {
    const { model } = context;
    const environments = certainEnvironments(context);
    const named = new Set(environments.flatMap(({ privateEndpoints }) => Object.values(privateEndpoints).flat().map((id) => id.toLowerCase())));
    for (const { address, resource } of model.privateEndpoints) {
      const { kind, why } = servedBy(resource);
      if (kind === 'another') yield { address, message: why };
      const id = kind === 'own' && environments.length > 0 && !resource.references(CONNECTED).targets.some(({ mode }) => mode === 'managed') ? text(resource, CONNECTED) : undefined;
      const subscription = /^\/subscriptions\/([^/]+)\//i.exec(id ?? '')?.[1]?.toLowerCase();
      if (id === undefined || subscription === undefined || named.has(id.toLowerCase())) continue;
      // What one's own subscription holds is one's own, and still nothing that the policy file names.
      yield { address, message: `it leads to ${id}, which the policy does not name`, severity: environments.some((each) => each.subscription.toLowerCase() === subscription) ? 'low' : 'medium' };
    }
    for (const [type, path] of MANAGED) {
      for (const endpoint of model.graph.ofType(type)) {
        const id = text(endpoint, path);
        if (!/\/privatelinkservices\//i.test(id ?? '') || pointsTo(endpoint, path, 'azurerm_private_link_service').targets.length > 0) continue;
        yield { address: endpoint.address, message: `it leads to ${id}, a service that somebody publishes and the plan does not make`, confidence: 'likely' };
      }
    }
  },
};

const CONNECTED = 'private_service_connection[0].private_connection_resource_id';

/**
 * Endpoints in networks that services of Azure have for themselves, and what each names. Services of Azure are taken for one's own: their owner approves.
 * https://learn.microsoft.com/azure/data-factory/managed-virtual-network-private-endpoint
 */
const MANAGED: readonly (readonly [type: string, path: string])[] = [
  ...['data_factory_managed_private_endpoint', 'synapse_managed_private_endpoint', 'stream_analytics_managed_private_endpoint', 'search_shared_private_link_service', 'signalr_shared_private_link_resource', 'web_pubsub_shared_private_link_resource'].map((kind) => [`azurerm_${kind}`, 'target_resource_id'] as const),
  ['azurerm_dashboard_grafana_managed_private_endpoint', 'private_link_resource_id'],
  ['azurerm_kusto_cluster_managed_private_endpoint', 'private_link_resource_id'],
  ['azurerm_machine_learning_workspace_network_outbound_rule_private_endpoint', 'service_resource_id'],
];
