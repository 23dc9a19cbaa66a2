/** Services of Azure that carry data to what somebody else may own: an account, a namespace, a partner, whoever listens. */
import { toPath, type AttributePath, type PathLike } from '../../plan/attribute-path';
import type { ResourceGraph } from '../../plan/resource-graph';
import { flag, isUnset, pointsTo, text, texts } from '../../model/azure/read';
import type { Hit } from '../check';

export function* carriedAway(graph: ResourceGraph): Iterable<Hit> {
  for (const { types, at = [], path: last, owners, what, severity, isComposed } of CARRIERS) {
    for (const resource of types.flatMap((type) => graph.ofType(type))) {
      const elements = at.reduce<readonly AttributePath[]>((above, block) => above.flatMap((element) => resource.elements([...element, block])), [[]]);
      for (const path of elements.map((element) => [...element, ...toPath(last)])) {
        if (isUnset(resource, path)) continue;
        const { targets, unknown, isSet } = pointsTo(resource, path, ...owners);
        if (!isSet || (targets.length > 0 && (unknown === undefined || isComposed === true))) continue;
        const { items } = texts(resource, path);
        yield { address: resource.address, message: `${resource.address} ${what} ${items.length > 0 ? items.join(', ') : 'what the plan does not tell'}, which the plan does not make`, confidence: 'possible', ...(severity === undefined ? {} : { severity }) };
      }
    }
  }
  for (const [type, what, confidence] of ALWAYS) {
    for (const { address } of graph.ofType(type)) yield { address, message: `${address} ${what}`, ...(confidence === undefined ? {} : { confidence }) };
  }
  for (const setting of graph.ofType('azurerm_monitor_diagnostic_setting')) {
    if (!isUnset(setting, 'partner_solution_id')) yield { address: setting.address, message: `${setting.address} delivers to a partner of Azure: ${text(setting, 'partner_solution_id') ?? 'one that the plan does not tell'}` };
  }
  for (const [type, partner] of PARTNERS) {
    for (const monitor of graph.ofType(type)) if ((flag(monitor, 'monitoring_enabled') ?? flag(monitor, 'enabled')) !== false) yield { address: monitor.address, message: `${monitor.address} delivers to ${partner}` };
  }
  for (const connection of graph.ofType('azurerm_api_connection')) {
    const connector = /\/managedapis\/([^/]+)$/i.exec(text(connection, 'managed_api_id') ?? '')?.[1]?.toLowerCase();
    if (connector !== undefined && !OWN_CONNECTORS.has(connector)) yield { address: connection.address, message: `${connection.address} delivers to ${connector}, from machines of Azure's own` };
  }
  // https://learn.microsoft.com/azure/synapse-analytics/security/how-to-create-a-workspace-with-data-exfiltration-protection
  for (const workspace of graph.ofType('azurerm_synapse_workspace')) {
    const tenants = texts(workspace, 'linking_allowed_for_aad_tenant_ids').items;
    if (tenants.length > 0 && flag(workspace, 'data_exfiltration_protection_enabled') === true) yield { address: workspace.address, message: `${workspace.address} may be linked with what is in the tenants ${tenants.join(', ')}`, confidence: 'possible' };
  }
  for (const [type, block, path] of CHAINED) {
    for (const resource of graph.ofType(type)) {
      for (const at of resource.elements(block).map((element) => [...element, path])) {
        // The provider fills it in where nobody writes it.
        if (text(resource, at) === undefined && !resource.isConfigured(at)) continue;
        const { isSet, targets, unknown } = pointsTo(resource, at, 'azurerm_lb');
        if (isSet && (targets.length === 0 || unknown !== undefined)) yield { address: resource.address, message: `${resource.address} hands every packet to the appliances behind ${text(resource, at) ?? 'a balancer that the plan does not tell'}, which the plan does not make`, confidence: 'possible', severity: 'medium' };
      }
    }
  }
  // https://learn.microsoft.com/azure/virtual-machines/azure-compute-gallery#sharing
  for (const gallery of graph.ofType('azurerm_shared_image_gallery')) {
    const sharing = text(gallery, ['sharing', 0, 'permission'])?.toLowerCase();
    if (sharing === 'community') yield { address: gallery.address, message: `${gallery.address} gives its images to everybody on Azure`, severity: 'medium' };
    else if (sharing === 'groups') yield { address: gallery.address, message: `${gallery.address} gives its images to subscriptions and tenants that are named elsewhere`, confidence: 'possible' };
  }
  yield* registries(graph);
  yield* databases(graph);
}

/** Whoever asks for a name gets what a registry has below it: what was pushed there, or what is fetched from elsewhere. */
function* registries(graph: ResourceGraph): Iterable<Hit> {
  // https://learn.microsoft.com/azure/container-registry/anonymous-pull-access
  for (const registry of graph.ofType('azurerm_container_registry')) {
    if (flag(registry, 'anonymous_pull_enabled') !== true || flag(registry, 'public_network_access_enabled') === false) continue;
    yield { address: registry.address, message: `${registry.address} hands its images to whoever asks, without any credential, from anywhere`, severity: 'medium' };
  }
  // https://learn.microsoft.com/azure/container-registry/artifact-cache-overview
  for (const rule of graph.ofType('azurerm_container_registry_cache_rule')) {
    yield { address: rule.address, message: `${rule.address} asks ${text(rule, 'source_repo') ?? 'a registry that the plan does not tell'} for names that whoever may pull here puts into a request`, confidence: 'possible' };
  }
}

interface Carrier {
  readonly types: readonly string[];
  /** The block that the path is in, below others; each of its elements counts. */
  readonly at?: readonly string[];
  /** Names what it carries data to. */
  readonly path: PathLike;
  /** What the plan would make it by. */
  readonly owners: readonly string[];
  readonly what: string;
  readonly severity?: Hit['severity'];
  /** An address with a signature that somebody looks up: what is named beside it tells whose it is. */
  readonly isComposed?: true;
}

const ACCOUNT = ['azurerm_storage_account'];
/** What the address of a container is made of. */
const CONTAINER = [...ACCOUNT, 'azurerm_storage_container'];
const NAMESPACE = ['azurerm_eventhub_namespace', 'azurerm_servicebus_namespace'];
const QUEUES = ['azurerm_eventhub', 'azurerm_servicebus_queue', 'azurerm_servicebus_topic'];
/** What has a connection string, and what is called by an address that is made of its name. */
const CONNECTED = [...ACCOUNT, ...[...NAMESPACE, ...QUEUES].flatMap((type) => [type, `${type}_authorization_rule`]), 'azurerm_cosmosdb_account', 'azurerm_eventgrid_topic'];
const SUBSCRIPTIONS = ['azurerm_eventgrid_event_subscription', 'azurerm_eventgrid_system_topic_event_subscription'];
const IOT = ['eventhub', 'servicebus_queue', 'servicebus_topic', 'storage_container', 'cosmosdb_account'].map((kind) => `azurerm_iothub_endpoint_${kind}`);
const outputs = (...kinds: readonly string[]): readonly string[] => kinds.map((kind) => `azurerm_stream_analytics_output_${kind}`);

const APPS = ['linux_web_app', 'windows_web_app', 'linux_function_app', 'windows_function_app'].flatMap((kind) => [`azurerm_${kind}`, `azurerm_${kind}_slot`]);

const MACHINES = ['linux_virtual_machine', 'windows_virtual_machine', 'linux_virtual_machine_scale_set', 'windows_virtual_machine_scale_set', 'orchestrated_virtual_machine_scale_set'].map((kind) => `azurerm_${kind}`);

const CARRIERS: readonly Carrier[] = [
  // Of another tenant, too. https://learn.microsoft.com/azure/storage/blobs/object-replication-prevent-cross-tenant-policies
  { types: ['azurerm_storage_object_replication'], path: 'destination_storage_account_id', owners: ACCOUNT, what: 'copies what is put into its account to' },
  { types: ['azurerm_log_analytics_data_export_rule'], path: 'destination_resource_id', owners: [...ACCOUNT, ...NAMESPACE, 'azurerm_eventhub'], what: 'copies logs to' },
  // Accounts and namespaces by name and key: of any subscription. https://learn.microsoft.com/azure/stream-analytics/stream-analytics-define-outputs
  { types: outputs('blob', 'table'), path: 'storage_account_name', owners: ACCOUNT, what: 'writes what its query returns to' },
  { types: outputs('eventhub', 'servicebus_queue', 'servicebus_topic'), path: 'servicebus_namespace', owners: NAMESPACE, what: 'writes what its query returns to' },
  { types: outputs('mssql'), path: 'server', owners: ['azurerm_mssql_server', 'azurerm_mssql_managed_instance'], what: 'writes what its query returns to' },
  { types: outputs('synapse'), path: 'server', owners: ['azurerm_synapse_workspace'], what: 'writes what its query returns to' },
  { types: outputs('cosmosdb'), path: 'cosmosdb_sql_database_id', owners: ['azurerm_cosmosdb_sql_database'], what: 'writes what its query returns to' },
  { types: outputs('function'), path: 'function_app', owners: ['azurerm_linux_function_app', 'azurerm_windows_function_app', 'azurerm_function_app', 'azurerm_function_app_flex_consumption'], what: 'writes what its query returns to' },
  // Accounts by address and key: of any subscription. https://learn.microsoft.com/azure/azure-sql/database/auditing-setup
  { types: ['mssql_server', 'mssql_database', 'synapse_workspace', 'synapse_sql_pool'].map((kind) => `azurerm_${kind}_extended_auditing_policy`), path: 'storage_endpoint', owners: ACCOUNT, what: 'writes every query to' },
  // https://learn.microsoft.com/azure/azure-sql/database/failover-group-sql-db
  { types: ['azurerm_mssql_failover_group'], path: ['partner_server', 0, 'id'], owners: ['azurerm_mssql_server'], what: 'replicates its databases to' },
  { types: ['azurerm_mssql_managed_instance_failover_group'], path: 'partner_managed_instance_id', owners: ['azurerm_mssql_managed_instance'], what: 'replicates its databases to' },
  // https://learn.microsoft.com/azure/azure-cache-for-redis/cache-how-to-geo-replication
  { types: ['azurerm_redis_linked_server'], path: 'linked_redis_cache_id', owners: ['azurerm_redis_cache'], what: 'replicates its cache to' },
  { types: ['azurerm_managed_redis_geo_replication'], path: 'linked_managed_redis_ids', owners: ['azurerm_managed_redis'], what: 'replicates its cache to' },
  { types: ['azurerm_redis_enterprise_database'], path: 'linked_database_id', owners: ['azurerm_redis_enterprise_database', 'azurerm_redis_enterprise_cluster'], what: 'replicates its cache to', isComposed: true },
  // https://learn.microsoft.com/azure/azure-managed-lustre/blob-integration
  { types: ['azurerm_managed_lustre_file_system'], path: ['hsm_setting', 0, 'container_id'], owners: [...ACCOUNT, 'azurerm_storage_container'], what: 'copies files to', isComposed: true },
  // What policies write to a log, bodies of calls among them, and what they keep. https://learn.microsoft.com/azure/api-management/log-to-eventhub-policy
  ...['connection_string', 'endpoint_uri'].map((path): Carrier => ({ types: ['azurerm_api_management_logger'], path: ['eventhub', 0, path], owners: CONNECTED, what: 'hands on what is logged to', isComposed: true })),
  { types: ['azurerm_api_management_redis_cache'], path: 'connection_string', owners: ['azurerm_redis_cache', 'azurerm_managed_redis', 'azurerm_redis_enterprise_database'], what: 'keeps answers in', isComposed: true },
  // Of another subscription or tenant, too. https://learn.microsoft.com/azure/event-grid/event-handlers
  ...['eventhub_endpoint_id', 'service_bus_queue_endpoint_id', 'service_bus_topic_endpoint_id'].map((path): Carrier => ({ types: SUBSCRIPTIONS, path, owners: QUEUES, what: 'delivers events to' })),
  ...['storage_queue_endpoint', 'storage_blob_dead_letter_destination'].map((block): Carrier => ({ types: SUBSCRIPTIONS, path: [block, 0, 'storage_account_id'], owners: ACCOUNT, what: 'delivers events to' })),
  { types: SUBSCRIPTIONS, path: 'hybrid_connection_endpoint_id', owners: ['azurerm_relay_hybrid_connection'], what: 'delivers events to' },
  { types: SUBSCRIPTIONS, path: ['azure_function_endpoint', 0, 'function_id'], owners: ['azurerm_linux_function_app', 'azurerm_windows_function_app', 'azurerm_function_app', 'azurerm_function_app_flex_consumption'], what: 'delivers events to', isComposed: true },
  // By connection string or address and identity. https://learn.microsoft.com/azure/iot-hub/iot-hub-devguide-endpoints
  ...['connection_string', 'endpoint_uri'].flatMap((path): readonly Carrier[] => [
    { types: IOT, path, owners: CONNECTED, what: 'hands what it is given on to', isComposed: true },
    { types: ['azurerm_iothub'], at: ['endpoint'], path, owners: CONNECTED, what: 'hands what it is given on to', isComposed: true },
  ]),
  // https://learn.microsoft.com/azure/digital-twins/concepts-route-events
  ...(['eventhub_primary_connection_string', 'servicebus_primary_connection_string', 'eventgrid_topic_endpoint'] as const).map((path): Carrier => ({
    types: [`azurerm_digital_twins_endpoint_${path.split('_', 1)[0]}`], path, owners: CONNECTED, what: 'hands what twins say on to',
  })),
  // https://learn.microsoft.com/azure/event-hubs/event-hubs-capture-overview
  { types: ['azurerm_eventhub'], path: ['capture_description', 0, 'destination', 0, 'storage_account_id'], owners: ACCOUNT, what: 'copies its events to' },
  // Accounts by name and key: of any subscription. https://learn.microsoft.com/azure/azure-cache-for-redis/cache-how-to-premium-persistence
  ...['rdb_storage_connection_string', 'aof_storage_connection_string_0', 'aof_storage_connection_string_1'].map((path): Carrier => ({ types: ['azurerm_redis_cache'], path: ['redis_configuration', 0, path], owners: ACCOUNT, what: 'copies what it holds to' })),
  // https://learn.microsoft.com/azure/container-instances/container-instances-log-analytics
  { types: ['azurerm_container_group'], path: ['diagnostics', 0, 'log_analytics', 0, 'workspace_id'], owners: ['azurerm_log_analytics_workspace'], what: 'writes what its containers print to the workspace' },
  // Past the network that the app is in. https://learn.microsoft.com/azure/app-service/overview-vnet-integration#configuration-routing
  ...APPS.flatMap((types): readonly Carrier[] => [
    { types: [types], path: ['backup', 0, 'storage_account_url'], owners: ACCOUNT, what: 'copies itself to', isComposed: true },
    { types: [types], path: ['logs', 0, 'application_logs', 0, 'azure_blob_storage', 0, 'sas_url'], owners: ACCOUNT, what: 'writes its logs to', isComposed: true },
    { types: [types], path: ['logs', 0, 'http_logs', 0, 'azure_blob_storage', 0, 'sas_url'], owners: ACCOUNT, what: 'writes its logs to', isComposed: true },
  ]),
  // Shares by name and key: of any subscription. https://learn.microsoft.com/azure/app-service/configure-connect-to-azure-storage
  { types: APPS, at: ['storage_account'], path: 'account_name', owners: ACCOUNT, what: 'mounts what is in the account' },
  { types: ['azurerm_container_app_environment_storage'], path: 'account_name', owners: ACCOUNT, what: 'mounts what is in the account' },
  ...['container', 'init_container'].map((block): Carrier => ({ types: ['azurerm_container_group'], at: [block, 'volume'], path: 'storage_account_name', owners: ACCOUNT, what: 'mounts what is in the account' })),
  // The host writes it, past the machine's own network. https://learn.microsoft.com/azure/virtual-machines/boot-diagnostics
  { types: MACHINES, path: ['boot_diagnostics', 0, 'storage_account_uri'], owners: ACCOUNT, what: 'writes what it prints on its console to', isComposed: true },
  { types: ['blob_storage', 'disk', 'kubernetes_cluster', 'mysql_flexible_server', 'postgresql', 'postgresql_flexible_server'].map((kind) => `azurerm_data_protection_backup_instance_${kind}`), path: 'vault_id', owners: ['azurerm_data_protection_backup_vault'], what: 'copies what it is for to' },
  // https://learn.microsoft.com/azure/azure-sql/database/outbound-firewall-rule-overview
  { types: ['azurerm_mssql_outbound_firewall_rule'], path: 'name', owners: [...ACCOUNT, 'azurerm_mssql_server'], what: 'lets its server write to', isComposed: true },
  // Results and findings by address and key: of any subscription. https://learn.microsoft.com/azure/defender-for-cloud/sql-azure-vulnerability-assessment-manage
  { types: ['mssql_server', 'mssql_managed_instance', 'synapse_workspace', 'synapse_sql_pool'].map((kind) => `azurerm_${kind}_vulnerability_assessment`), path: 'storage_container_path', owners: CONTAINER, what: 'writes what it finds in databases to', isComposed: true },
  { types: ['mssql_server', 'mssql_managed_instance', 'synapse_workspace', 'synapse_sql_pool'].map((kind) => `azurerm_${kind}_security_alert_policy`), path: 'storage_endpoint', owners: ACCOUNT, what: 'writes queries that it suspects to' },
  { types: ['azurerm_mssql_database'], path: ['threat_detection_policy', 0, 'storage_endpoint'], owners: ACCOUNT, what: 'writes queries that it suspects to' },
  { types: ['azurerm_mssql_server_microsoft_support_auditing_policy'], path: 'blob_storage_endpoint', owners: ACCOUNT, what: 'writes what support does to' },
  // https://learn.microsoft.com/azure/azure-sql/database/elastic-jobs-overview#output-parameters
  { types: ['azurerm_mssql_job_step'], path: ['output_target', 0, 'mssql_database_id'], owners: ['azurerm_mssql_database'], what: 'writes what its script returns to' },
  // The follower is the one that it is written in. https://learn.microsoft.com/azure/data-explorer/follower
  { types: ['azurerm_kusto_attached_database_configuration'], path: 'cluster_name', owners: ['azurerm_kusto_cluster'], what: 'has its databases read by the cluster' },
  // https://learn.microsoft.com/azure/healthcare-apis/fhir/configure-export-data
  { types: ['azurerm_healthcare_fhir_service', 'azurerm_healthcare_service'], path: 'configuration_export_storage_account_name', owners: ACCOUNT, what: 'exports what it holds to the account' },
  // https://learn.microsoft.com/azure/azure-monitor/logs/private-storage
  { types: ['azurerm_log_analytics_linked_storage_account'], path: 'storage_account_ids', owners: ACCOUNT, what: 'keeps queries and logs of its workspace in' },
  // https://learn.microsoft.com/azure/defender-for-cloud/continuous-export
  { types: ['azurerm_security_center_automation'], at: ['action'], path: 'resource_id', owners: ['azurerm_eventhub', 'azurerm_log_analytics_workspace', 'azurerm_logic_app_workflow'], what: 'hands what Defender finds on to' },
  { types: ['azurerm_security_center_automation'], at: ['action'], path: 'connection_string', owners: CONNECTED, what: 'hands what Defender finds on to', isComposed: true },
  { types: ['azurerm_monitor_action_group'], at: ['event_hub_receiver'], path: 'event_hub_namespace', owners: ['azurerm_eventhub_namespace'], what: 'hands alerts on to' },
  // After a failover the alias leads there. https://learn.microsoft.com/azure/event-hubs/event-hubs-geo-dr
  ...NAMESPACE.map((type): Carrier => ({ types: [`${type}_disaster_recovery_config`], path: 'partner_namespace_id', owners: [type], what: 'fails over to' })),
  // https://learn.microsoft.com/azure/event-grid/mqtt-routing
  { types: ['azurerm_eventgrid_namespace'], path: ['topic_spaces_configuration', 0, 'route_topic_id'], owners: ['azurerm_eventgrid_topic'], what: 'hands messages of its devices on to' },
  // https://learn.microsoft.com/azure/iot-hub/iot-hub-devguide-file-upload
  { types: ['azurerm_iothub_file_upload'], path: 'connection_string', owners: CONNECTED, what: 'has devices put files into', isComposed: true },
  { types: ['azurerm_iothub'], at: ['file_upload'], path: 'connection_string', owners: CONNECTED, what: 'has devices put files into', isComposed: true },
  { types: ['azurerm_iothub_device_update_instance'], path: ['diagnostic_storage_account', 0, 'id'], owners: ACCOUNT, what: 'writes logs of its devices to' },
  // https://learn.microsoft.com/azure/digital-twins/concepts-data-history
  { types: ['azurerm_digital_twins_time_series_database_connection'], path: 'kusto_cluster_id', owners: ['azurerm_kusto_cluster'], what: 'writes what twins say to' },
  { types: ['azurerm_digital_twins_time_series_database_connection'], path: 'eventhub_namespace_id', owners: ['azurerm_eventhub_namespace'], what: 'hands what twins say on to' },
  // Accounts by name and key: of any subscription. https://learn.microsoft.com/azure/stream-analytics/blob-output-managed-identity
  { types: ['azurerm_stream_analytics_job'], path: ['job_storage_account', 0, 'account_name'], owners: ACCOUNT, what: 'keeps its content in the account' },
  { types: ['azurerm_stream_analytics_job_storage_account'], path: 'storage_account_name', owners: ACCOUNT, what: 'keeps the content of its job in the account' },
  { types: ['azurerm_video_indexer_account'], path: ['storage', 0, 'storage_account_id'], owners: ACCOUNT, what: 'keeps its videos in' },
  // https://learn.microsoft.com/azure/analysis-services/analysis-services-backup
  { types: ['azurerm_analysis_services_server'], path: 'backup_blob_container_uri', owners: CONTAINER, what: 'copies its models to', isComposed: true },
  // Of another tenant, too. https://learn.microsoft.com/azure/storage/file-sync/file-sync-planning
  { types: ['azurerm_storage_sync_cloud_endpoint'], path: 'storage_account_id', owners: ACCOUNT, what: 'copies what its servers hold to' },
  { types: ['azurerm_storage_mover_target_endpoint'], path: 'storage_account_id', owners: ACCOUNT, what: 'copies what its agents read to' },
  // https://learn.microsoft.com/azure/hpc-cache/hpc-cache-add-storage
  { types: ['azurerm_hpc_cache_blob_target', 'azurerm_hpc_cache_blob_nfs_target'], path: 'storage_container_id', owners: CONTAINER, what: 'writes what its cache is given to', isComposed: true },
  // Playbooks of other tenants, too. https://learn.microsoft.com/azure/sentinel/automation/run-playbooks
  { types: ['azurerm_sentinel_automation_rule'], at: ['action_playbook'], path: 'logic_app_id', owners: ['azurerm_logic_app_workflow', 'azurerm_logic_app_standard'], what: 'hands incidents on to' },
  // https://learn.microsoft.com/azure/healthcare-apis/iot/overview-of-device-data-processing-stages
  { types: ['azurerm_healthcare_medtech_service_fhir_destination'], path: 'destination_fhir_service_id', owners: ['azurerm_healthcare_fhir_service'], what: 'writes what devices say to' },
  // https://learn.microsoft.com/azure/defender-for-cloud/faq-data-collection-agents
  { types: ['azurerm_security_center_workspace'], path: 'workspace_id', owners: ['azurerm_log_analytics_workspace'], what: 'has agents of Defender record into' },
  // What is logged of calls, with headers and bodies. https://learn.microsoft.com/azure/api-management/api-management-howto-app-insights
  ...['connection_string', 'instrumentation_key'].map((path): Carrier => ({ types: ['azurerm_api_management_logger'], path: ['application_insights', 0, path], owners: ['azurerm_application_insights'], what: 'hands on what is logged to', isComposed: true })),
  // https://learn.microsoft.com/azure/network-watcher/packet-capture-overview
  { types: ['network', 'virtual_machine', 'virtual_machine_scale_set'].map((kind) => `azurerm_${kind}_packet_capture`), path: ['storage_location', 0, 'storage_account_id'], owners: ACCOUNT, what: 'records packets into', severity: 'medium' },
];

/** Balancers that are put before an address. https://learn.microsoft.com/azure/load-balancer/gateway-overview#chain-load-balancers-or-virtual-machines */
const CHAINED: readonly (readonly [type: string, block: string, path: string])[] = [
  ['azurerm_network_interface', 'ip_configuration', 'gateway_load_balancer_frontend_ip_configuration_id'],
  ['azurerm_lb', 'frontend_ip_configuration', 'gateway_load_balancer_frontend_ip_configuration_id'],
];

const ALWAYS: readonly (readonly [type: string, what: string, confidence?: Hit['confidence']])[] = [
  // https://learn.microsoft.com/azure/azure-relay/relay-what-is-it
  ['azurerm_relay_hybrid_connection', 'hands what is sent to it to whoever listens, wherever that is'],
  // https://learn.microsoft.com/azure/iot-hub/iot-hub-devguide-messages-c2d
  ['azurerm_iothub', 'hands what is sent to it to its devices, wherever they are', 'possible'],
  // https://learn.microsoft.com/azure/iot-central/core/howto-export-to-event-hubs
  ['azurerm_iotcentral_application', 'hands commands to its devices, and exports what they say to where whoever may use it points', 'possible'],
  // https://learn.microsoft.com/azure/notification-hubs/notification-hubs-push-notification-overview
  ['azurerm_notification_hub', 'sends what it is given to phones and browsers, by the services of their makers', 'possible'],
  // https://learn.microsoft.com/azure/container-registry/intro-connected-registry
  ['azurerm_container_connected_registry', 'copies images to a registry that runs outside of Azure'],
  // https://learn.microsoft.com/azure/stream-analytics/power-bi-output
  ['azurerm_stream_analytics_output_powerbi', 'writes what its query returns to a workspace of Power BI'],
  // https://learn.microsoft.com/azure/data-share/overview
  ['azurerm_data_share', 'copies its datasets to whoever accepts an invitation'],
  // https://learn.microsoft.com/azure/storage/file-sync/file-sync-introduction
  ['azurerm_storage_sync_server_endpoint', 'copies what its share holds to a registered server, wherever that is'],
  // Of workspaces with data exfiltration protection, too. https://learn.microsoft.com/azure/data-factory/create-self-hosted-integration-runtime
  ['azurerm_synapse_integration_runtime_self_hosted', 'hands what pipelines copy to whatever machine is registered with its key, wherever that is', 'possible'],
  // https://learn.microsoft.com/azure/health-bot/connect_data_source
  ['azurerm_healthbot', 'calls the addresses that its scenarios name', 'possible'],
  // https://learn.microsoft.com/azure/analysis-services/analysis-services-datasource
  ['azurerm_analysis_services_server', 'calls the addresses that queries of its models name', 'possible'],
  // https://learn.microsoft.com/power-query/connectors/web/web
  ['azurerm_powerbi_embedded', 'calls the addresses that queries of its reports and dataflows name', 'possible'],
  // https://learn.microsoft.com/azure/bot-service/bot-service-manage-channels
  ...([['alexa', 'Amazon'], ['email', 'any mailbox'], ['facebook', 'Facebook'], ['line', 'LINE'], ['slack', 'Slack'], ['sms', 'any phone']] as const).map(([channel, whom]) => [`azurerm_bot_channel_${channel}`, `hands what its bot says to ${whom}`, 'likely'] as const),
  // https://learn.microsoft.com/azure/search/cognitive-search-custom-skill-web-api
  ['azurerm_search_service', 'calls the addresses that skills of its indexers name: whoever may define one has it send documents there', 'possible'],
];

/** Monitoring by others. https://learn.microsoft.com/azure/partner-solutions/partners */
const PARTNERS: readonly (readonly [type: string, partner: string])[] = [
  ['azurerm_datadog_monitor', 'Datadog'], ['azurerm_elastic_cloud_elasticsearch', 'Elastic'], ['azurerm_new_relic_monitor', 'New Relic'], ['azurerm_dynatrace_monitor', 'Dynatrace'],
  // Of azurerm 3.
  ['azurerm_logz_monitor', 'Logz.io'], ['azurerm_logz_sub_account', 'Logz.io'],
];

/** Connectors of Logic Apps that call what is Azure's own. https://learn.microsoft.com/connectors/connector-reference/connector-reference-logicapps-connectors */
const OWN_CONNECTORS: ReadonlySet<string> = new Set(`
arm azureautomation azureblob azuredatafactory azuredatalake azureeventgrid azureeventgridpublish azurefile azureiotcentral azureloganalyticsdatacollector azuremonitorlogs azurequeues azuresentinel
azuretables azurevm documentdb eventhubs keyvault kusto mlworkspace servicebus sqldw
`.trim().split(/\s+/));

/** Extensions of PostgreSQL that call hosts which a query names. https://learn.microsoft.com/azure/postgresql/extensions/concepts-extensions-considerations */
const CALLING = /\b(dblink|postgres_fdw|azure_storage|azure_ai|tds_fdw)\b/gi;

/** Servers in no network of ours that somebody lets call others, and databases that are copied to servers of others. */
function* databases(graph: ResourceGraph): Iterable<Hit> {
  // https://learn.microsoft.com/azure/azure-sql/database/active-geo-replication-overview
  for (const database of graph.ofType('azurerm_mssql_database')) {
    const mode = text(database, 'create_mode')?.toLowerCase();
    if (isUnset(database, 'creation_source_database_id') || (mode ?? 'default') === 'default') continue;
    const { targets, unknown } = pointsTo(database, 'server_id', 'azurerm_mssql_server');
    if (targets.length === 0 || unknown !== undefined) yield { address: database.address, message: `${database.address} copies ${text(database, 'creation_source_database_id') ?? 'a database'} to ${text(database, 'server_id') ?? 'a server that the plan does not tell'}, which the plan does not make`, confidence: 'possible' };
  }
  // https://learn.microsoft.com/azure/data-explorer/cross-tenant-query-and-commands
  for (const cluster of graph.ofType('azurerm_kusto_cluster')) {
    const tenants = texts(cluster, 'trusted_external_tenants').items.filter((tenant) => tenant.toLowerCase() !== 'mytenantonly');
    if (tenants.length > 0) yield { address: cluster.address, message: `${cluster.address} may be asked by people of ${tenants.includes('*') ? 'every tenant' : `the tenants ${tenants.join(', ')}`}`, confidence: 'possible' };
  }
  for (const setting of graph.ofType('azurerm_postgresql_flexible_server_configuration')) {
    if (text(setting, 'name')?.toLowerCase() !== 'azure.extensions') continue;
    const found = [...new Set((text(setting, 'value') ?? '').match(CALLING)?.map((name) => name.toLowerCase()))];
    const inNetwork = pointsTo(setting, 'server_id', 'azurerm_postgresql_flexible_server').targets.some((server) => !isUnset(server, 'delegated_subnet_id'));
    if (found.length > 0 && !inNetwork) yield { address: setting.address, message: `whoever may use the database can have it call hosts outside: the extension ${found.join(', ')} calls what a query names, and the server is in no subnet`, confidence: 'possible' };
  }
}
