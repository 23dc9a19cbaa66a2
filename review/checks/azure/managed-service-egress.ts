/** Services of Azure that deliver to hosts outside by themselves, past every network. */
import { deliveriesIn, deliveryTo, hostOf, type CloudNames, type Delivery } from '../deliveries';
import { carriedAway } from './carriers';
import { isOfAzure } from '../../model/azure/relays';
import { flag, isUnset, pointsTo, text, texts } from '../../model/azure/read';
import { size } from '../../model/ranges';
import type { AttributePath } from '../../plan/attribute-path';
import type { AzureCheck } from './azure-check';
import { internetOf } from './wide-rules';

export const check: AzureCheck = {
  id: 'managed-service-egress',
  title: 'service that delivers to hosts outside',
  severity: 'low',
  why: 'Azure delivers or copies from a network of its own, or a gateway hands calls on: who may publish an event, write what is copied, or call the gateway, sends it out, and no group, route or firewall compares the name.',
  fix: 'Take the delivery away, or let a workload behind the firewall fetch what is to go out; restrict the outbound access of a service to a list; accept what is meant in egress-review.yaml.',
  references: [
    'https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema',
    'https://learn.microsoft.com/azure/application-gateway/application-gateway-components#backend-pools',
    'https://learn.microsoft.com/azure/app-service/app-service-hybrid-connections',
    'https://learn.microsoft.com/azure/databricks/security/network/serverless-network-security/network-policies',
    'https://learn.microsoft.com/azure/ai-services/cognitive-services-data-loss-prevention',
    'https://learn.microsoft.com/azure/storage/blobs/object-replication-overview',
    'https://learn.microsoft.com/azure/communication-services/overview',
  ],
  comparable: [],
  *run({ model: { graph } }) {
    yield* deliveriesIn(graph, DELIVERIES, NAMES);
    const hasPolicies = ['databricks_account_network_policy', 'databricks_workspace_network_option'].some((type) => graph.ofType(type).length > 0);
    for (const workspace of hasPolicies ? [] : graph.ofType('azurerm_databricks_workspace')) {
      // One without a network of ours is open as a whole.
      if (pointsTo(workspace, ['custom_parameters', 0, 'virtual_network_id'], 'azurerm_virtual_network').isSet) yield { address: workspace.address, message: 'its serverless compute is in a network of Databricks, and calls any host unless a network policy of the account lists them', confidence: 'possible' };
    }
    for (const [type, setting, listed] of UNRESTRICTED) {
      for (const resource of graph.ofType(type)) {
        if (flag(resource, setting) === true) {
          for (const host of listed === undefined ? [] : texts(resource, listed).items) yield* deliveryTo(graph, resource, hostOf(host), NAMES);
          continue;
        }
        yield { address: resource.address, message: `whoever may use it can have it call hosts outside: ${setting} is ${isUnset(resource, setting) ? 'not set' : flag(resource, setting) === false ? 'false' : 'not known'}`, confidence: 'possible' };
      }
    }
    for (const sender of graph.ofType('azurerm_communication_service')) {
      yield { address: sender.address, message: `${sender.address} lets whoever may use it send mail to any mailbox and messages to any phone`, confidence: 'likely' };
    }
    for (const [type, pools, members, name] of POOLS) {
      for (const gateway of graph.ofType(type)) {
        for (const path of gateway.elements(pools).flatMap((pool) => gateway.elements([...pool, members]))) {
          const host = hostOf(text(gateway, [...path, ...name]));
          if (host !== undefined) yield* deliveryTo(graph, gateway, host, NAMES);
        }
      }
    }
    for (const type of POLICIES) {
      for (const policy of graph.ofType(type)) {
        const hosts = new Set([...(text(policy, 'xml_content') ?? '').matchAll(CALLED)].map(([, base, url]) => hostOf(base ?? url?.trim())));
        for (const host of hosts) yield* deliveryTo(graph, policy, host, NAMES);
      }
    }
    for (const configuration of graph.ofType('azurerm_nginx_configuration')) {
      const files = configuration.elements('config_file').map((path) => Buffer.from(text(configuration, [...path, 'content']) ?? '', 'base64').toString('utf8').replace(/#[^\n]*/g, ''));
      for (const host of new Set(files.flatMap((file) => [...file.matchAll(PROXIED)].map(([, url]) => hostOf(url))))) if (host !== undefined && isNamedOutside(host)) yield* deliveryTo(graph, configuration, host, NAMES);
    }
    // https://learn.microsoft.com/azure/private-link/network-security-perimeter-concepts#access-rules-in-network-security-perimeter
    for (const rule of graph.ofType('azurerm_network_security_perimeter_access_rule')) {
      for (const host of texts(rule, 'fqdns').items.filter((name) => name !== '*')) yield* deliveryTo(graph, rule, host.toLowerCase(), NAMES);
    }
    yield* carriedAway(graph);
  },
};

/** Names below which every customer has some: of apps, and of what keeps data. */
const NAMES: CloudNames = {
  isOwn: isOfAzure,
  hosted: /\.(azurewebsites\.net|azurecontainerapps\.io|azure-api\.net|logic\.azure\.com|core\.windows\.net|servicebus\.windows\.net|database\.windows\.net|kusto\.windows\.net|documents\.azure\.com)$/,
  hosts: [
    ...['storage_account', 'eventhub_namespace', 'servicebus_namespace', 'relay_namespace', 'mssql_server', 'kusto_cluster', 'cosmosdb_account'].map((kind) => `azurerm_${kind}`),
    ...['linux_web_app', 'windows_web_app', 'linux_function_app', 'windows_function_app', 'function_app_flex_consumption', 'app_service', 'function_app', 'logic_app_standard'].flatMap((kind) => [`azurerm_${kind}`, `azurerm_${kind}_slot`]),
    'azurerm_container_app', 'azurerm_container_app_environment', 'azurerm_api_management', 'azurerm_logic_app_workflow', 'azurerm_logic_app_trigger_http_request',
  ],
};

/** What hands calls on to members of pools, and where these are named. */
const POOLS: readonly (readonly [type: string, pools: string, members: string, name: AttributePath])[] = [
  ['azurerm_application_gateway', 'backend_address_pool', 'fqdns', []],
  ['azurerm_frontdoor', 'backend_pool', 'backend', ['address']],
];

/** Policies of API Management have a gateway call what they name. https://learn.microsoft.com/azure/api-management/send-request-policy */
const POLICIES = ['policy', 'api_policy', 'api_operation_policy', 'product_policy', 'policy_fragment', 'workspace_policy', 'workspace_policy_fragment'].map((kind) => `azurerm_api_management_${kind}`);
const CALLED = /\sbase-url\s*=\s*"([^"]*)"|<set-url>([^<]*)</gi;

/** What NGINX hands calls on to; a name without a dot is that of a group of servers. https://learn.microsoft.com/azure/partner-solutions/nginx/nginx-configuration */
const PROXIED = /\b(?:proxy_pass|grpc_pass|server)\s+((?:[a-z]+:\/\/)?[^\s;{}]+)/g;

function isNamedOutside(host: string): boolean {
  return host.includes('.') && (!/^[\d.]+$/.test(host) || size(internetOf({ items: [host] })) > 0n);
}

/** Services that write to, and read from, any address that a query names, the setting that keeps them to a list, and the list. */
const UNRESTRICTED: readonly (readonly [type: string, setting: string, listed?: string])[] = [
  // https://learn.microsoft.com/azure/azure-sql/database/outbound-firewall-rule-overview
  ['azurerm_mssql_server', 'outbound_network_restriction_enabled'],
  // https://learn.microsoft.com/azure/data-explorer/security-network-restrict-outbound-access
  ['azurerm_kusto_cluster', 'outbound_network_access_restricted', 'allowed_fqdns'],
  // https://learn.microsoft.com/azure/ai-services/cognitive-services-data-loss-prevention
  ['azurerm_cognitive_account', 'outbound_network_access_restricted', 'fqdns'],
  ['azurerm_ai_services', 'outbound_network_access_restricted', 'fqdns'],
];

const DELIVERIES: readonly Delivery[] = [
  { type: 'azurerm_eventgrid_event_subscription', at: 'webhook_endpoint', path: 'url' },
  { type: 'azurerm_eventgrid_system_topic_event_subscription', at: 'webhook_endpoint', path: 'url' },
  { type: 'azurerm_monitor_action_group', at: 'webhook_receiver', path: 'service_uri' },
  { type: 'azurerm_monitor_action_group', at: 'logic_app_receiver', path: 'callback_url' },
  { type: 'azurerm_monitor_action_group', at: 'azure_function_receiver', path: 'http_trigger_url' },
  { type: 'azurerm_container_registry_webhook', path: 'service_uri' },
  { type: 'azurerm_signalr_service', at: 'upstream_endpoint', path: 'url_template' },
  { type: 'azurerm_web_pubsub_hub', at: 'event_handler', path: 'url_template' },
  { type: 'azurerm_api_management_api', path: 'service_url' },
  { type: 'azurerm_api_management_backend', path: 'url' },
  { type: 'azurerm_cdn_frontdoor_origin', path: 'host_name' },
  { type: 'azurerm_cdn_endpoint', at: 'origin', path: 'host_name' },
  // https://learn.microsoft.com/azure/azure-resource-manager/custom-providers/overview
  { type: 'azurerm_custom_provider', at: 'action', path: 'endpoint' },
  { type: 'azurerm_custom_provider', at: 'resource_type', path: 'endpoint' },
  { type: 'azurerm_logic_app_action_http', path: 'uri' },
  ...['azurerm_bot_service_azure_bot', 'azurerm_bot_channels_registration', 'azurerm_bot_web_app'].map((type): Delivery => ({ type, path: 'endpoint' })),
  // The far end of a hybrid connection calls the host, wherever its agent runs.
  ...['azurerm_web_app_hybrid_connection', 'azurerm_function_app_hybrid_connection', 'azurerm_app_service_hybrid_connection'].map((type): Delivery => ({ type, path: 'hostname' })),
];
