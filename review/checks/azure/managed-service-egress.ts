/** Services of Azure that deliver to hosts outside by themselves, past every network. */
import { deliveriesIn, deliveryTo, hostOf, type CloudNames, type Delivery } from '../deliveries';
import { isOfAzure } from '../../model/azure/relays';
import { flag, isUnset, pointsTo } from '../../model/azure/read';
import type { AzureCheck } from './azure-check';

export const check: AzureCheck = {
  id: 'managed-service-egress',
  title: 'service that delivers to hosts outside',
  severity: 'low',
  why: 'Azure delivers from a network of its own, or a gateway hands calls on: who may publish an event, or call the gateway, sends it out, and no group, route or firewall compares the name.',
  fix: 'Take the delivery away, or let a workload behind the firewall fetch what is to go out; restrict the outbound access of a service to a list; accept what is meant in egress-review.yaml.',
  references: [
    'https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema',
    'https://learn.microsoft.com/azure/application-gateway/application-gateway-components#backend-pools',
    'https://learn.microsoft.com/azure/app-service/app-service-hybrid-connections',
    'https://learn.microsoft.com/azure/databricks/security/network/serverless-network-security/network-policies',
    'https://learn.microsoft.com/azure/ai-services/cognitive-services-data-loss-prevention',
  ],
  comparable: [],
  *run({ model: { graph } }) {
    yield* deliveriesIn(graph, DELIVERIES, NAMES);
    const hasPolicies = ['databricks_account_network_policy', 'databricks_workspace_network_option'].some((type) => graph.ofType(type).length > 0);
    for (const workspace of hasPolicies ? [] : graph.ofType('azurerm_databricks_workspace')) {
      // One without a network of ours is open as a whole.
      if (pointsTo(workspace, ['custom_parameters', 0, 'virtual_network_id'], 'azurerm_virtual_network').isSet) yield { address: workspace.address, message: 'its serverless compute is in a network of Databricks, and calls any host unless a network policy of the account lists them', confidence: 'possible' };
    }
    for (const [type, setting] of UNRESTRICTED) {
      for (const resource of graph.ofType(type)) {
        if (resource.mode !== 'managed' || flag(resource, setting) === true) continue;
        yield { address: resource.address, message: `whoever may use it can have it call hosts outside: ${setting} is ${isUnset(resource, setting) ? 'not set' : flag(resource, setting) === false ? 'false' : 'not known'}`, confidence: 'possible' };
      }
    }
    for (const gateway of graph.ofType('azurerm_application_gateway')) {
      for (const pool of gateway.elements('backend_address_pool')) {
        for (const path of gateway.elements([...pool, 'fqdns'])) {
          const name = gateway.valueAt(path);
          const host = typeof name === 'string' ? hostOf(name) : undefined;
          if (host !== undefined) yield* deliveryTo(graph, gateway, host, NAMES);
        }
      }
    }
  },
};

const NAMES: CloudNames = {
  isOwn: isOfAzure,
  hosted: /\.(azurewebsites\.net|azurecontainerapps\.io|azure-api\.net|logic\.azure\.com)$/,
  hosts: [
    ...['linux_web_app', 'windows_web_app', 'linux_function_app', 'windows_function_app', 'function_app_flex_consumption', 'app_service', 'function_app', 'logic_app_standard'].flatMap((kind) => [`azurerm_${kind}`, `azurerm_${kind}_slot`]),
    'azurerm_container_app', 'azurerm_container_app_environment', 'azurerm_api_management', 'azurerm_logic_app_workflow', 'azurerm_logic_app_trigger_http_request',
  ],
};

/** Services that write to, and read from, any address that a query names, and the setting that keeps them to a list. */
const UNRESTRICTED: readonly (readonly [type: string, setting: string])[] = [
  // https://learn.microsoft.com/azure/azure-sql/database/outbound-firewall-rule-overview
  ['azurerm_mssql_server', 'outbound_network_restriction_enabled'],
  // https://learn.microsoft.com/azure/data-explorer/security-network-restrict-outbound-access
  ['azurerm_kusto_cluster', 'outbound_network_access_restricted'],
  // https://learn.microsoft.com/azure/ai-services/cognitive-services-data-loss-prevention
  ['azurerm_cognitive_account', 'outbound_network_access_restricted'],
  ['azurerm_ai_services', 'outbound_network_access_restricted'],
];

const DELIVERIES: readonly Delivery[] = [
  { type: 'azurerm_eventgrid_event_subscription', at: 'webhook_endpoint', path: 'url' },
  { type: 'azurerm_eventgrid_system_topic_event_subscription', at: 'webhook_endpoint', path: 'url' },
  { type: 'azurerm_monitor_action_group', at: 'webhook_receiver', path: 'service_uri' },
  { type: 'azurerm_container_registry_webhook', path: 'service_uri' },
  { type: 'azurerm_signalr_service', at: 'upstream_endpoint', path: 'url_template' },
  { type: 'azurerm_web_pubsub_hub', at: 'event_handler', path: 'url_template' },
  { type: 'azurerm_api_management_api', path: 'service_url' },
  { type: 'azurerm_api_management_backend', path: 'url' },
  { type: 'azurerm_cdn_frontdoor_origin', path: 'host_name' },
  { type: 'azurerm_logic_app_action_http', path: 'uri' },
  { type: 'azurerm_bot_service_azure_bot', path: 'endpoint' },
  // The far end of a hybrid connection calls the host, wherever its agent runs.
  ...['azurerm_web_app_hybrid_connection', 'azurerm_function_app_hybrid_connection', 'azurerm_app_service_hybrid_connection'].map((type): Delivery => ({ type, path: 'hostname' })),
];
