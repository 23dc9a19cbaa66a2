/** Services that carry data to what somebody else may own. */
import { asPlan } from '../as-plan';
import { review } from './reviewed';
import { closedNetwork, type Blocks } from './small-stack';

const told = (blocks: Blocks) => review(closedNetwork(blocks)).findings.filter(({ rule }) => rule === 'managed-service-egress').map(({ message, severity }) => (severity === undefined ? message : `${severity}: ${message}`));

const ELSEWHERE = '/subscriptions/x/resourceGroups/y/providers/Microsoft.Storage/storageAccounts/theirs';
const ACCOUNT: Blocks = { azurerm_storage_account: { ours: { name: 'ours' } } };
const NAMESPACE: Blocks = { azurerm_eventhub_namespace: { ours: { name: 'ours' } } };

test.each<[type: string, path: string, theirs: unknown, ours: unknown, owner: Blocks, words: string]>([
  ['azurerm_storage_object_replication', 'destination_storage_account_id', ELSEWHERE, '${azurerm_storage_account.ours.id}', ACCOUNT, `copies what is put into its account to ${ELSEWHERE}`],
  ['azurerm_log_analytics_data_export_rule', 'destination_resource_id', ELSEWHERE, '${azurerm_storage_account.ours.id}', ACCOUNT, `copies logs to ${ELSEWHERE}`],
  ['azurerm_stream_analytics_output_blob', 'storage_account_name', 'theirs', '${azurerm_storage_account.ours.name}', ACCOUNT, 'writes what its query returns to theirs'],
  ['azurerm_stream_analytics_output_eventhub', 'servicebus_namespace', 'theirs', '${azurerm_eventhub_namespace.ours.name}', NAMESPACE, 'writes what its query returns to theirs'],
  ['azurerm_mssql_server_extended_auditing_policy', 'storage_endpoint', 'https://theirs.blob.core.windows.net/', '${azurerm_storage_account.ours.primary_blob_endpoint}', ACCOUNT, 'writes every query to https://theirs.blob.core.windows.net/'],
])('%s carries to what the plan does not make', (type, path, theirs, ours, owner, words) => {
  expect(told({ ...owner, [type]: { it: { [path]: theirs } } })).toEqual([`${type}.it ${words}, which the plan does not make`]);
  expect(told({ ...owner, [type]: { it: { [path]: ours } } })).toEqual([]);
});

test('packets that are recorded into an account elsewhere weigh more', () => {
  const capture = (id: string) => told({ ...ACCOUNT, azurerm_virtual_machine_packet_capture: { it: { storage_location: { storage_account_id: id } } } });
  expect(capture(ELSEWHERE)).toEqual([`medium: azurerm_virtual_machine_packet_capture.it records packets into ${ELSEWHERE}, which the plan does not make`]);
  expect(capture('${azurerm_storage_account.ours.id}')).toEqual([]);
});

test.each<[type: string, values: (to: string) => object, ours: string, owner: Blocks, words: string]>([
  ['azurerm_mssql_failover_group', (id) => ({ partner_server: [{ id }] }), '${azurerm_mssql_server.ours.id}', { azurerm_mssql_server: { ours: { outbound_network_restriction_enabled: true } } }, 'replicates its databases to theirs'],
  ['azurerm_eventhub', (storage_account_id) => ({ capture_description: [{ destination: [{ storage_account_id }] }] }), '${azurerm_storage_account.ours.id}', ACCOUNT, 'copies its events to theirs'],
  ['azurerm_container_group', (workspace_id) => ({ diagnostics: [{ log_analytics: [{ workspace_id }] }] }), '${azurerm_log_analytics_workspace.ours.workspace_id}', { azurerm_log_analytics_workspace: { ours: { name: 'ours' } } }, 'writes what its containers print to the workspace theirs'],
  ['azurerm_linux_web_app', (storage_account_url) => ({ backup: [{ storage_account_url }] }), '${azurerm_storage_account.ours.primary_blob_endpoint}', ACCOUNT, 'copies itself to theirs'],
  ['azurerm_windows_function_app_slot', (sas_url) => ({ logs: [{ application_logs: [{ azure_blob_storage: [{ sas_url }] }], http_logs: [] }] }), '${azurerm_storage_account.ours.primary_blob_endpoint}', ACCOUNT, 'writes its logs to theirs'],
  ['azurerm_linux_web_app_slot', (sas_url) => ({ logs: [{ http_logs: [{ azure_blob_storage: [{ sas_url }] }] }] }), '${azurerm_storage_account.ours.primary_blob_endpoint}', ACCOUNT, 'writes its logs to theirs'],
  ['azurerm_mssql_managed_instance_failover_group', (partner_managed_instance_id) => ({ partner_managed_instance_id }), '${azurerm_mssql_managed_instance.ours.id}', { azurerm_mssql_managed_instance: { ours: { name: 'ours' } } }, 'replicates its databases to theirs'],
  ['azurerm_redis_linked_server', (linked_redis_cache_id) => ({ linked_redis_cache_id }), '${azurerm_redis_cache.ours.id}', { azurerm_redis_cache: { ours: { name: 'ours' } } }, 'replicates its cache to theirs'],
  ['azurerm_managed_redis_geo_replication', (id) => ({ linked_managed_redis_ids: [id] }), '${azurerm_managed_redis.ours.id}', { azurerm_managed_redis: { ours: { name: 'ours' } } }, 'replicates its cache to theirs'],
  ['azurerm_linux_web_app', (account_name) => ({ storage_account: [{ account_name }] }), '${azurerm_storage_account.ours.name}', ACCOUNT, 'mounts what is in the account theirs'],
  ['azurerm_container_group', (storage_account_name) => ({ container: [{ volume: [{ storage_account_name }] }] }), '${azurerm_storage_account.ours.name}', ACCOUNT, 'mounts what is in the account theirs'],
  ['azurerm_linux_virtual_machine', (storage_account_uri) => ({ boot_diagnostics: [{ storage_account_uri }] }), '${azurerm_storage_account.ours.primary_blob_endpoint}', ACCOUNT, 'writes what it prints on its console to theirs'],
  ['azurerm_sentinel_automation_rule', (logic_app_id) => ({ action_playbook: [{ logic_app_id, order: 1 }] }), '${azurerm_logic_app_standard.ours.id}', { azurerm_logic_app_standard: { ours: { name: 'ours' } } }, 'hands incidents on to theirs'],
  ['azurerm_healthcare_medtech_service_fhir_destination', (destination_fhir_service_id) => ({ destination_fhir_service_id }), '${azurerm_healthcare_fhir_service.ours.id}', { azurerm_healthcare_fhir_service: { ours: { name: 'ours' } } }, 'writes what devices say to theirs'],
  ['azurerm_security_center_workspace', (workspace_id) => ({ scope: '/subscriptions/x', workspace_id }), '${azurerm_log_analytics_workspace.ours.id}', { azurerm_log_analytics_workspace: { ours: { name: 'ours' } } }, 'has agents of Defender record into theirs'],
  ['azurerm_api_management_logger', (connection_string) => ({ application_insights: [{ connection_string }] }), '${azurerm_application_insights.ours.connection_string}', { azurerm_application_insights: { ours: { name: 'ours' } } }, 'hands on what is logged to what the plan does not tell'],
  ['azurerm_data_protection_backup_instance_disk', (vault_id) => ({ vault_id }), '${azurerm_data_protection_backup_vault.ours.id}', { azurerm_data_protection_backup_vault: { ours: { name: 'ours' } } }, 'copies what it is for to theirs'],
  ['azurerm_mssql_outbound_firewall_rule', (name) => ({ name }), '${azurerm_storage_account.ours.name}.blob.core.windows.net', ACCOUNT, 'lets its server write to theirs'],
  ['azurerm_redis_enterprise_database', (id) => ({ linked_database_id: [id] }), '${azurerm_redis_enterprise_cluster.ours.id}/databases/default', { azurerm_redis_enterprise_cluster: { ours: { name: 'ours' } } }, 'replicates its cache to theirs'],
  ['azurerm_managed_lustre_file_system', (container_id) => ({ hsm_setting: [{ container_id }] }), '${azurerm_storage_account.ours.id}/blobServices/default/containers/c', ACCOUNT, 'copies files to theirs'],
  ['azurerm_api_management_logger', (endpoint_uri) => ({ eventhub: [{ endpoint_uri }] }), '${azurerm_eventhub_namespace.ours.name}.servicebus.windows.net', NAMESPACE, 'hands on what is logged to theirs'],
  ['azurerm_api_management_redis_cache', (connection_string) => ({ connection_string }), '${azurerm_redis_cache.ours.primary_connection_string}', { azurerm_redis_cache: { ours: { name: 'ours' } } }, 'keeps answers in what the plan does not tell'],
  ['azurerm_stream_analytics_output_mssql', (server) => ({ server }), '${azurerm_mssql_server.ours.fully_qualified_domain_name}', { azurerm_mssql_server: { ours: { outbound_network_restriction_enabled: true } } }, 'writes what its query returns to theirs'],
  ['azurerm_stream_analytics_output_cosmosdb', (cosmosdb_sql_database_id) => ({ cosmosdb_sql_database_id }), '${azurerm_cosmosdb_sql_database.ours.id}', { azurerm_cosmosdb_sql_database: { ours: { name: 'ours' } } }, 'writes what its query returns to theirs'],
  ['azurerm_eventgrid_event_subscription', (eventhub_endpoint_id) => ({ eventhub_endpoint_id }), '${azurerm_eventhub.ours.id}', { azurerm_eventhub: { ours: { name: 'ours' } } }, 'delivers events to theirs'],
  ['azurerm_eventgrid_system_topic_event_subscription', (storage_account_id) => ({ storage_queue_endpoint: [{ storage_account_id, queue_name: 'q' }] }), '${azurerm_storage_account.ours.id}', ACCOUNT, 'delivers events to theirs'],
  ['azurerm_eventgrid_event_subscription', (id) => ({ azure_function_endpoint: [{ function_id: id }] }), '${azurerm_linux_function_app.ours.id}/functions/f', { azurerm_linux_function_app: { ours: { name: 'ours' } } }, 'delivers events to theirs'],
  ['azurerm_iothub_endpoint_eventhub', (connection_string) => ({ connection_string }), '${azurerm_eventhub_authorization_rule.ours.primary_connection_string}', { azurerm_eventhub_authorization_rule: { ours: { name: 'ours' } } }, 'hands what it is given on to what the plan does not tell'],
  ['azurerm_iothub_endpoint_storage_container', (endpoint_uri) => ({ endpoint_uri }), 'https://${azurerm_storage_account.ours.name}.blob.core.windows.net', ACCOUNT, 'hands what it is given on to theirs'],
  ['azurerm_digital_twins_endpoint_servicebus', (servicebus_primary_connection_string) => ({ servicebus_primary_connection_string }), '${azurerm_servicebus_topic_authorization_rule.ours.primary_connection_string}', { azurerm_servicebus_topic_authorization_rule: { ours: { name: 'ours' } } }, 'hands what twins say on to what the plan does not tell'],
  ['azurerm_mssql_server_vulnerability_assessment', (storage_container_path) => ({ storage_container_path }), '${azurerm_storage_account.ours.primary_blob_endpoint}${azurerm_storage_container.c.name}/', { ...ACCOUNT, azurerm_storage_container: { c: { name: 'c' } } }, 'writes what it finds in databases to theirs'],
  ['azurerm_synapse_sql_pool_security_alert_policy', (storage_endpoint) => ({ storage_endpoint }), '${azurerm_storage_account.ours.primary_blob_endpoint}', ACCOUNT, 'writes queries that it suspects to theirs'],
  ['azurerm_mssql_server_microsoft_support_auditing_policy', (blob_storage_endpoint) => ({ blob_storage_endpoint }), '${azurerm_storage_account.ours.primary_blob_endpoint}', ACCOUNT, 'writes what support does to theirs'],
  ['azurerm_mssql_job_step', (mssql_database_id) => ({ output_target: [{ mssql_database_id }] }), '${azurerm_mssql_database.ours.id}', { azurerm_mssql_database: { ours: { name: 'ours' } } }, 'writes what its script returns to theirs'],
  ['azurerm_kusto_attached_database_configuration', (cluster_name) => ({ cluster_name, cluster_id: '/leader' }), '${azurerm_kusto_cluster.ours.name}', { azurerm_kusto_cluster: { ours: { name: 'ours', outbound_network_access_restricted: true } } }, 'has its databases read by the cluster theirs'],
  ['azurerm_healthcare_fhir_service', (configuration_export_storage_account_name) => ({ configuration_export_storage_account_name }), '${azurerm_storage_account.ours.name}', ACCOUNT, 'exports what it holds to the account theirs'],
  ['azurerm_log_analytics_linked_storage_account', (id) => ({ storage_account_ids: [id] }), '${azurerm_storage_account.ours.id}', ACCOUNT, 'keeps queries and logs of its workspace in theirs'],
  ['azurerm_security_center_automation', (resource_id) => ({ action: [{ type: 'eventhub', resource_id }] }), '${azurerm_eventhub.ours.id}', { azurerm_eventhub: { ours: { name: 'ours' } } }, 'hands what Defender finds on to theirs'],
  ['azurerm_monitor_action_group', (event_hub_namespace) => ({ event_hub_receiver: [{ event_hub_namespace }] }), '${azurerm_eventhub_namespace.ours.name}', NAMESPACE, 'hands alerts on to theirs'],
  ['azurerm_eventhub_namespace_disaster_recovery_config', (partner_namespace_id) => ({ partner_namespace_id }), '${azurerm_eventhub_namespace.ours.id}', NAMESPACE, 'fails over to theirs'],
  ['azurerm_eventgrid_namespace', (route_topic_id) => ({ topic_spaces_configuration: [{ route_topic_id }] }), '${azurerm_eventgrid_topic.ours.id}', { azurerm_eventgrid_topic: { ours: { name: 'ours' } } }, 'hands messages of its devices on to theirs'],
  ['azurerm_iothub_file_upload', (connection_string) => ({ connection_string }), '${azurerm_storage_account.ours.primary_blob_connection_string}', ACCOUNT, 'has devices put files into what the plan does not tell'],
  ['azurerm_digital_twins_time_series_database_connection', (kusto_cluster_id) => ({ kusto_cluster_id }), '${azurerm_kusto_cluster.ours.id}', { azurerm_kusto_cluster: { ours: { name: 'ours', outbound_network_access_restricted: true } } }, 'writes what twins say to theirs'],
  ['azurerm_stream_analytics_job', (account_name) => ({ job_storage_account: [{ account_name }] }), '${azurerm_storage_account.ours.name}', ACCOUNT, 'keeps its content in the account theirs'],
  ['azurerm_stream_analytics_job_storage_account', (storage_account_name) => ({ storage_account_name }), '${azurerm_storage_account.ours.name}', ACCOUNT, 'keeps the content of its job in the account theirs'],
  ['azurerm_video_indexer_account', (storage_account_id) => ({ storage: [{ storage_account_id }] }), '${azurerm_storage_account.ours.id}', ACCOUNT, 'keeps its videos in theirs'],
  ['azurerm_storage_sync_cloud_endpoint', (storage_account_id) => ({ storage_account_id }), '${azurerm_storage_account.ours.id}', ACCOUNT, 'copies what its servers hold to theirs'],
  ['azurerm_storage_mover_target_endpoint', (storage_account_id) => ({ storage_account_id }), '${azurerm_storage_account.ours.id}', ACCOUNT, 'copies what its agents read to theirs'],
  ['azurerm_hpc_cache_blob_target', (storage_container_id) => ({ storage_container_id }), '${azurerm_storage_container.ours.resource_manager_id}', { azurerm_storage_container: { ours: { name: 'ours' } } }, 'writes what its cache is given to theirs'],
  ['azurerm_iothub_device_update_instance', (id) => ({ diagnostic_storage_account: [{ id }] }), '${azurerm_storage_account.ours.id}', ACCOUNT, 'writes logs of its devices to theirs'],
])('%s: %j', (type, values, ours, owner, words) => {
  expect(told({ ...owner, [type]: { it: values('theirs') } })).toEqual([`${type}.it ${words}, which the plan does not make`]);
  expect(told({ ...owner, [type]: { it: values(ours) } })).toEqual([]);
  expect(told({ ...owner, [type]: { it: {} } })).toEqual([]);
});

test('a cache that is written to an account by its key: whose it is, only a reference tells', () => {
  const cache = (redis_configuration: object) => told({ ...ACCOUNT, azurerm_redis_cache: { it: { redis_configuration: [redis_configuration] } } });
  const theirs = ['azurerm_redis_cache.it copies what it holds to what the plan does not tell, which the plan does not make'];
  expect([cache({ rdb_storage_connection_string: 'AccountName=theirs' }), cache({ aof_storage_connection_string_0: '${var.account}' }), cache({ rdb_storage_connection_string: '${azurerm_storage_account.ours.primary_blob_connection_string}' }), cache({})]).toEqual([theirs, theirs, [], []]);
});

test('a hub of devices hands on to each of its endpoints, and to its devices', () => {
  const hub = (...to: readonly string[]) => told({ ...ACCOUNT, azurerm_iothub: { it: { endpoint: to.map((connection_string) => ({ type: 'AzureIotHub.StorageContainer', connection_string })) } } });
  const devices = 'azurerm_iothub.it hands what is sent to it to its devices, wherever they are';
  expect([hub(), hub('${azurerm_storage_account.ours.primary_blob_connection_string}', 'theirs')]).toEqual([[devices], ['azurerm_iothub.it hands what it is given on to what the plan does not tell, which the plan does not make', devices]]);
});

test('images that a gallery shares', () => {
  const gallery = (values: object) => told({ azurerm_shared_image_gallery: { it: { name: 'it', ...values } } });
  expect([gallery({ sharing: { permission: 'Community' } }), gallery({ sharing: { permission: 'Groups' } }), gallery({ sharing: { permission: 'Private' } }), gallery({})])
    .toEqual([['medium: azurerm_shared_image_gallery.it gives its images to everybody on Azure'], ['azurerm_shared_image_gallery.it gives its images to subscriptions and tenants that are named elsewhere'], [], []]);
});

test('a website of an account hands out what is in it, whatever its containers say', () => {
  const SHUT = { public_network_access_enabled: true, allow_nested_items_to_be_public: false, network_rules: { default_action: 'Deny' } };
  const problems = (account: object, more: Blocks = {}) => review(closedNetwork({ azurerm_storage_account: { a: { name: 'a', ...account } }, ...more })).findings.filter(({ rule }) => rule === 'storage-public-access').map(({ message }) => message.includes('static website'));
  const beside: Blocks = { azurerm_storage_account_static_website: { w: { storage_account_id: '${azurerm_storage_account.a.id}' } } };
  expect([problems(SHUT), problems({ ...SHUT, static_website: { index_document: 'index.html' } }), problems(SHUT, beside), problems({ ...SHUT, public_network_access_enabled: false }, beside)]).toEqual([[false], [true], [true], []]);
});

test('an address with a signature is that of the account which is named beside it', () => {
  const logged = (sas_url: string) => review(asPlan({ azurerm_storage_account: { ours: { name: 'ours' } }, azurerm_linux_web_app: { it: { logs: [{ http_logs: [{ azure_blob_storage: [{ sas_url }] }] }] } } })).findings.filter(({ rule }) => rule === 'managed-service-egress').length;
  expect([logged('https://${azurerm_storage_account.ours.name}.blob.core.windows.net/logs${data.azurerm_storage_account_sas.s.sas}'), logged('${var.sas}')]).toEqual([0, 1]);
});

test('a database that is copied to a server of somebody else', () => {
  const copied = (server_id: string, more: object = { create_mode: 'OnlineSecondary', creation_source_database_id: '${azurerm_mssql_database.ours.id}' }) => told({
    azurerm_mssql_server: { ours: { outbound_network_restriction_enabled: true } }, azurerm_mssql_database: { ours: { server_id: '${azurerm_mssql_server.ours.id}' }, it: { server_id, ...more } },
  });
  expect(copied('/theirs')).toEqual(['azurerm_mssql_database.it copies a database to /theirs, which the plan does not make']);
  expect([copied('${azurerm_mssql_server.ours.id}'), copied('/theirs', {}), copied('/theirs', { create_mode: 'Default' })]).toEqual([[], [], []]);
});

test('packets that a balancer of somebody else is put before', () => {
  const chained = (id: string) => told({ azurerm_lb: { ours: { frontend_ip_configuration: [] } }, azurerm_network_interface: { it: { ip_configuration: [{ subnet_id: '${azurerm_subnet.app.id}', gateway_load_balancer_frontend_ip_configuration_id: id }] } } });
  expect(chained('/theirs')).toEqual(['medium: azurerm_network_interface.it hands every packet to the appliances behind /theirs, which the plan does not make']);
  expect(chained('${azurerm_lb.ours.frontend_ip_configuration[0].id}')).toEqual([]);
});

test('what a registry hands to whoever asks, and what it asks for', () => {
  const registry = (values: object) => told({ azurerm_container_registry: { it: values } });
  expect(registry({ anonymous_pull_enabled: true })).toEqual(['medium: azurerm_container_registry.it hands its images to whoever asks, without any credential, from anywhere']);
  expect([registry({ anonymous_pull_enabled: true, public_network_access_enabled: false }), registry({})]).toEqual([[], []]);
  expect(told({ azurerm_container_registry_cache_rule: { it: { source_repo: 'docker.io/library/nginx' } } })).toEqual(['azurerm_container_registry_cache_rule.it asks docker.io/library/nginx for names that whoever may pull here puts into a request']);
});

test.each<[type: string, values: object, words: string]>([
  ['azurerm_relay_hybrid_connection', { name: 'way' }, 'hands what is sent to it to whoever listens, wherever that is'],
  ['azurerm_monitor_action_group', { azure_function_receiver: [{ http_trigger_url: 'https://hooks.example.net/' }] }, 'delivers to hooks.example.net'],
  ['azurerm_nginx_configuration', { config_file: [{ content: Buffer.from('http { server { location / { proxy_pass https://hooks.example.net/v1; # proxy_pass https://old.example.net;\n } } }').toString('base64') }] }, 'delivers to hooks.example.net'],
  ['azurerm_nginx_configuration', { config_file: [{ content: Buffer.from('upstream b { server 8.8.8.8:443; server 10.0.0.4:80; } server { location / { proxy_pass http://b; } }').toString('base64') }] }, 'delivers to 8.8.8.8'],
  ['azurerm_network_security_perimeter_access_rule', { direction: 'Outbound', fqdns: ['theirs.blob.core.windows.net', 'a.vault.azure.net'] }, 'delivers to theirs.blob.core.windows.net, a name that anybody may have: nothing in the plan has it'],
  ['azurerm_network_security_perimeter_access_rule', { direction: 'Outbound', fqdns: ['*.blob.core.windows.net'] }, 'delivers to *.blob.core.windows.net, a name that anybody may have: nothing in the plan has it'],
  ['azurerm_api_management_backend', { url: 'https://theirs.servicebus.windows.net/q' }, 'delivers to theirs.servicebus.windows.net, a name that anybody may have: nothing in the plan has it'],
  ['azurerm_cognitive_account', { outbound_network_access_restricted: true, fqdns: ['a.vault.azure.net', 'hooks.example.net'] }, 'delivers to hooks.example.net'],
  ['azurerm_kusto_cluster', { outbound_network_access_restricted: true, allowed_fqdns: ['hooks.example.net'] }, 'delivers to hooks.example.net'],
  ['azurerm_notification_hub', { name: 'way' }, 'sends what it is given to phones and browsers, by the services of their makers'],
  ['azurerm_stream_analytics_output_powerbi', { name: 'way' }, 'writes what its query returns to a workspace of Power BI'],
  ['azurerm_container_connected_registry', { name: 'way' }, 'copies images to a registry that runs outside of Azure'],
  ['azurerm_data_share', { name: 'way' }, 'copies its datasets to whoever accepts an invitation'],
  ['azurerm_storage_sync_server_endpoint', { name: 'way' }, 'copies what its share holds to a registered server, wherever that is'],
  ['azurerm_search_service', { name: 'way' }, 'calls the addresses that skills of its indexers name: whoever may define one has it send documents there'],
  ['azurerm_monitor_diagnostic_setting', { partner_solution_id: '/subscriptions/x/partner' }, 'delivers to a partner of Azure: /subscriptions/x/partner'],
  ['azurerm_datadog_monitor', { name: 'way' }, 'delivers to Datadog'],
  ['azurerm_api_connection', { managed_api_id: '/subscriptions/x/providers/Microsoft.Web/locations/y/managedApis/sftpwithssh' }, "delivers to sftpwithssh, from machines of Azure's own"],
  ['azurerm_synapse_workspace', { data_exfiltration_protection_enabled: true, linking_allowed_for_aad_tenant_ids: ['t1', 't2'] }, 'may be linked with what is in the tenants t1, t2'],
  ['azurerm_synapse_integration_runtime_self_hosted', { name: 'way' }, 'hands what pipelines copy to whatever machine is registered with its key, wherever that is'],
  ['azurerm_healthbot', { name: 'way' }, 'calls the addresses that its scenarios name'],
  ['azurerm_analysis_services_server', { name: 'way' }, 'calls the addresses that queries of its models name'],
  ['azurerm_powerbi_embedded', { name: 'way' }, 'calls the addresses that queries of its reports and dataflows name'],
  ['azurerm_bot_channel_slack', { bot_name: 'way' }, 'hands what its bot says to Slack'],
  ['azurerm_logz_monitor', { name: 'way' }, 'delivers to Logz.io'],
  ['azurerm_kusto_cluster', { outbound_network_access_restricted: true, trusted_external_tenants: ['*'] }, 'may be asked by people of every tenant'],
  ['azurerm_kusto_cluster', { outbound_network_access_restricted: true, trusted_external_tenants: ['t1'] }, 'may be asked by people of the tenants t1'],
  ['azurerm_cdn_endpoint', { origin: [{ name: 'o', host_name: 'hooks.example.net' }] }, 'delivers to hooks.example.net'],
  ['azurerm_frontdoor', { backend_pool: [{ name: 'p', backend: [{ address: 'a.vault.azure.net' }, { address: 'hooks.example.net' }] }] }, 'delivers to hooks.example.net'],
  ['azurerm_custom_provider', { action: [{ name: 'a', endpoint: 'https://hooks.example.net/' }] }, 'delivers to hooks.example.net'],
  ['azurerm_bot_channels_registration', { endpoint: 'https://hooks.example.net/' }, 'delivers to hooks.example.net'],
  ['azurerm_api_management_api_policy', { xml_content: '<inbound><set-backend-service base-url="https://hooks.example.net/v1" /></inbound>' }, 'delivers to hooks.example.net'],
  ['azurerm_api_management_policy', { xml_content: '<send-request><set-url>https://hooks.example.net/v1</set-url></send-request><openid-config url="https://login.example.net" />' }, 'delivers to hooks.example.net'],
])('%s %j', (type, values, words) => {
  expect(told({ [type]: { it: values } })).toEqual([`${type}.it ${words}`]);
});

test.each<[type: string, values: object]>([
  ['azurerm_datadog_monitor', { monitoring_enabled: false }],
  ['azurerm_logz_monitor', { enabled: false }],
  ['azurerm_kusto_cluster', { outbound_network_access_restricted: true, trusted_external_tenants: ['MyTenantOnly'] }],
  ['azurerm_synapse_workspace', { data_exfiltration_protection_enabled: true }],
  ['azurerm_monitor_diagnostic_setting', { log_analytics_workspace_id: '/subscriptions/x/workspaces/y' }],
  ['azurerm_api_connection', { managed_api_id: '/subscriptions/x/providers/Microsoft.Web/locations/y/managedApis/azureblob' }],
  ['azurerm_api_management_policy', { xml_content: '<policies><inbound><base /></inbound></policies>' }],
])('not %s %j', (type, values) => {
  expect(told({ [type]: { it: values } })).toEqual([]);
});

test('a database that may call what a query names, unless it stands in a subnet', () => {
  const database = (value: string, server: object = {}) => told({
    azurerm_postgresql_flexible_server: { s: { public_network_access_enabled: false, ...server } },
    azurerm_postgresql_flexible_server_configuration: { it: { name: 'azure.extensions', server_id: '${azurerm_postgresql_flexible_server.s.id}', value } },
  });
  expect(database('PGCRYPTO,DBLINK')).toEqual(['whoever may use the database can have it call hosts outside: the extension dblink calls what a query names, and the server is in no subnet']);
  expect([database('PGCRYPTO'), database('DBLINK', { delegated_subnet_id: '${azurerm_subnet.app.id}' })]).toEqual([[], []]);
});

test('a service that publishes what it is for to the network of a service of Azure', () => {
  const endpoint = (target: string) => review(closedNetwork({ azurerm_private_link_service: { s: { name: 's' } }, azurerm_data_factory_managed_private_endpoint: { it: { target_resource_id: target } } })).findings.filter(({ rule }) => rule === 'endpoint-of-another-party').map(({ message }) => message);
  const theirs = '/subscriptions/x/resourceGroups/y/providers/Microsoft.Network/privateLinkServices/theirs';
  expect(endpoint(theirs)).toEqual([`it leads to ${theirs}, a service that somebody publishes and the plan does not make`]);
  expect([endpoint('${azurerm_private_link_service.s.id}'), endpoint('/subscriptions/x/resourceGroups/y/providers/Microsoft.Storage/storageAccounts/z')]).toEqual([[], []]);
});

test.each<[string, string, object, string | undefined]>([
  ['nothing', 'azurerm_eventhub_namespace', {}, 'public_network_access_enabled is not said, which means that it is on'],
  ['that it is public', 'azurerm_container_registry', { public_network_access_enabled: true }, 'public_network_access_enabled is on'],
  ['the same in a word', 'azurerm_ai_services', { public_network_access: 'Enabled' }, 'public_network_access is on'],
  ['nothing, as a bot', 'azurerm_bot_service_azure_bot', {}, 'public_network_access_enabled is not said, which means that it is on'],
  ['the contrary in a word', 'azurerm_ai_services', { public_network_access: 'Disabled' }, undefined],
  ['the contrary in a word, as a Logic App does', 'azurerm_logic_app_standard', { public_network_access: 'Disabled' }, undefined],
  ['nothing, in words of its own', 'azurerm_storage_sync', {}, 'incoming_traffic_policy is not said, which means that it is on'],
  ['the contrary, in words of its own', 'azurerm_storage_sync', { incoming_traffic_policy: 'AllowVirtualNetworksOnly' }, undefined],
  ['nothing, as a slot', 'azurerm_linux_web_app_slot', {}, 'public_network_access_enabled is not said, which means that it is on'],
  ['a list of callers', 'azurerm_cognitive_account', { network_acls: { default_action: 'Deny' } }, undefined],
  ['everybody in a list', 'azurerm_cognitive_account', { network_acls: { default_action: 'Allow' } }, 'public_network_access_enabled is not said, which means that it is on'],
  ['a list of everybody', 'azurerm_cognitive_account', { network_acls: { default_action: 'Deny', ip_rules: ['0.0.0.0/1', '128.0.0.0/1'] } }, 'public_network_access_enabled is not said, which means that it is on'],
  ['a list of everybody, in blocks', 'azurerm_eventhub_namespace', { network_rulesets: { default_action: 'Deny', ip_rule: [{ ip_mask: '0.0.0.0/1' }] } }, 'public_network_access_enabled is not said, which means that it is on'],
  ['a list of everybody, in blocks of a registry', 'azurerm_container_registry', { network_rule_set: { default_action: 'Deny', ip_rule: [{ action: 'Allow', ip_range: '0.0.0.0/0' }] } }, 'public_network_access_enabled is not said, which means that it is on'],
  ['a list of an office', 'azurerm_container_registry', { network_rule_set: { default_action: 'Deny', ip_rule: [{ action: 'Allow', ip_range: '20.1.2.0/28' }] } }, undefined],
  ['what nobody knows', 'azurerm_eventhub_namespace', { public_network_access_enabled: '${var.public}' }, undefined],
  ['nothing, and decides by itself', 'azurerm_app_configuration', {}, undefined],
])('a service with a private endpoint that says %s: %s', (_, type, values, words) => {
  const told = (endpoint: string) => review(closedNetwork({ [type]: { it: { name: 'it', ...values } }, azurerm_private_endpoint: { p: { subnet_id: '${azurerm_subnet.app.id}', private_service_connection: [{ private_connection_resource_id: endpoint }] } } })).findings.filter(({ rule }) => rule === 'service-public-access').map(({ message }) => message);
  expect(told(`\${${type}.it.id}`)).toEqual(words === undefined ? [] : [`${words}, beside the private endpoint azurerm_private_endpoint.p`]);
  expect(told('/subscriptions/x/vaults/y')).toEqual([]);
});

test.each<[type: string, open: object, closed: readonly object[], words: string]>([
  ['azurerm_managed_disk', {}, [{ public_network_access_enabled: false }, { network_access_policy: 'DenyAll' }, { network_access_policy: 'AllowPrivate' }, { network_access_policy: '${var.policy}' }], 'neither public_network_access_enabled nor network_access_policy forbids it'],
  ['azurerm_snapshot', { network_access_policy: 'AllowAll', public_network_access_enabled: true }, [{ public_network_access_enabled: false }], 'neither public_network_access_enabled nor network_access_policy forbids it'],
  ['azurerm_container_registry', { public_network_access_enabled: false }, [{}, { public_network_access_enabled: false, export_policy_enabled: false }], 'another registry may import all that is in it'],
  ['azurerm_bastion_host', { file_copy_enabled: true, shareable_link_enabled: true }, [{}, { file_copy_enabled: false, ip_connect_enabled: true }], 'it copies files between machines and whoever may use it (file_copy_enabled), lets in whoever has a link and an account of the machine, without any role (shareable_link_enabled)'],
  ['azurerm_lighthouse_definition', { managing_tenant_id: 't', scope: '/subscriptions/x' }, [], 'people of tenant t are given roles in /subscriptions/x'],
  ['azurerm_lighthouse_assignment', { scope: '/subscriptions/x', lighthouse_definition_id: '/y' }, [{ scope: '/subscriptions/x', lighthouse_definition_id: '${azurerm_lighthouse_definition.d.id}' }], 'people of another tenant are given roles in /subscriptions/x'],
])('%s, handed out to whoever has a role', (type, open, closed, words) => {
  const handed = (values: object) => review(asPlan(closedNetwork({ azurerm_lighthouse_definition: type.endsWith('assignment') ? { d: {} } : {}, [type]: { it: values } }).resource)).findings.filter(({ rule, address }) => rule === 'handed-out-by-role' && address === `${type}.it`).map(({ message }) => message);
  expect(handed(open)).toEqual([expect.stringContaining(words)]);
  expect(closed.flatMap(handed)).toEqual([]);
});

test('an address for a disk counts where the disk may be exported', () => {
  const token = (disk: object) => review(closedNetwork({ azurerm_managed_disk: { d: disk as any }, azurerm_managed_disk_sas_token: { t: { managed_disk_id: '${azurerm_managed_disk.d.id}' } } })).findings.filter(({ rule, severity }) => rule === 'handed-out-by-role' && severity === 'medium').length;
  expect([token({}), token({ network_access_policy: 'AllowPrivate' })]).toEqual([1, 0]);
});

test('a service that says who may ask for its logs, and a database whose coordinator has a public address', () => {
  const rules = (type: string, values: object) => review(closedNetwork({ [type]: { it: values } })).findings.filter(({ address }) => address === `${type}.it`).map(({ rule, message }) => `${rule}: ${message}`);
  expect(rules('azurerm_application_insights', { internet_ingestion_enabled: false })).toEqual(['workspace-public-access: internet_query_enabled is true']);
  expect(rules('azurerm_application_insights', { internet_ingestion_enabled: false, internet_query_enabled: false })).toEqual([]);
  expect(rules('azurerm_cosmosdb_postgresql_cluster', {})).toEqual(['database-public-access: coordinator_public_ip_access_enabled is not said, which means true']);
  expect(rules('azurerm_cosmosdb_postgresql_cluster', { coordinator_public_ip_access_enabled: false })).toEqual([]);
});

test('a key vault that denies all but everybody', () => {
  const vault = (...ip_rules: readonly string[]) => review(closedNetwork({ azurerm_key_vault: { v: { public_network_access_enabled: true, network_acls: { default_action: 'Deny', ip_rules } } } })).findings.filter(({ rule }) => rule === 'key-vault-public-access').map(({ message }) => message);
  expect([vault('0.0.0.0/1', '128.0.0.0/1'), vault('20.1.2.0/28'), vault()]).toEqual([['public network access is on, and network_acls let in 0.0.0.0/1, 128.0.0.0/1'], [], []]);
});

test.each<[type: string, owner: string, server: string, end?: string]>([
  ['azurerm_mssql_firewall_rule', 'server_id', 'azurerm_mssql_server'], ['azurerm_postgresql_flexible_server_firewall_rule', 'server_id', 'azurerm_postgresql_flexible_server'],
  ['azurerm_mysql_flexible_server_firewall_rule', 'server_name', 'azurerm_mysql_flexible_server'], ['azurerm_redis_firewall_rule', 'redis_cache_name', 'azurerm_redis_cache', 'ip'],
  ['azurerm_sql_firewall_rule', 'server_name', 'azurerm_mssql_server'],
])('%s of a server elsewhere', (type, owner, server, last = 'ip_address') => {
  const rule = (named: string, start: string, end: string) => review(closedNetwork({ [server]: { ours: { name: 'ours', public_network_access_enabled: false } }, [type]: { it: { [owner]: named, [`start_${last}`]: start, [`end_${last}`]: end } } })).findings.filter(({ rule: id, address }) => id === 'database-public-access' && address === `${type}.it`).map(({ message }) => message);
  expect([rule('theirs', '0.0.0.0', '255.255.255.255'), rule('theirs', '0.0.0.0', '0.0.0.0')]).toEqual([['it lets 0.0.0.0 to 255.255.255.255 call theirs, which is not in the plan'], ['it lets every customer of Azure call theirs, which is not in the plan']]);
  expect([rule('theirs', '20.1.2.0', '20.1.2.15'), rule(`\${${server}.ours.${owner === 'server_id' ? 'id' : 'name'}}`, '0.0.0.0', '255.255.255.255')]).toEqual([[], []]);
});

test('a workspace of Synapse that lets everybody in', () => {
  const rule = (workspace: object) => review(closedNetwork({ azurerm_synapse_workspace: { w: workspace as any }, azurerm_synapse_firewall_rule: { it: { synapse_workspace_id: '${azurerm_synapse_workspace.w.id}', start_ip_address: '0.0.0.0', end_ip_address: '255.255.255.255' } } })).findings.filter(({ rule: id }) => id === 'database-public-access').map(({ message }) => message);
  expect([rule({}), rule({ public_network_access_enabled: false })]).toEqual([['it lets 0.0.0.0 to 255.255.255.255 call azurerm_synapse_workspace.w'], []]);
});

test('a machine that a failover gives a public address', () => {
  const replica = (nic: object) => review(closedNetwork({ azurerm_public_ip: { p: { name: 'p' } }, azurerm_site_recovery_replicated_vm: { it: { network_interface: [nic] } } })).findings.filter(({ rule }) => rule === 'public-address-on-workload').map(({ message }) => message);
  expect(replica({ recovery_public_ip_address_id: '${azurerm_public_ip.p.id}' })).toEqual(['after a failover the machine gets a public address: azurerm_public_ip.p']);
  expect([replica({ failover_test_public_ip_address_id: '/theirs' }), replica({ target_subnet_name: 's' })]).toEqual([['after a failover the machine gets a public address: /theirs'], []]);
});

test.each<[string, object, string | undefined]>([
  ['an office', { api_server_access_profile: { authorized_ip_ranges: ['20.1.2.0/28'] } }, undefined],
  ['everybody', { api_server_access_profile: { authorized_ip_ranges: ['0.0.0.0/1', '128.0.0.0/1'] } }, 'private_cluster_enabled is not true, and authorized_ip_ranges let in 0.0.0.0/1, 128.0.0.0/1'],
  ['everybody, in the words of azurerm 3', { api_server_authorized_ip_ranges: ['0.0.0.0/0'] }, 'private_cluster_enabled is not true, and authorized_ip_ranges let in 0.0.0.0/0'],
])('an API of a cluster that lists %s', (_, values, words) => {
  const found = review(closedNetwork({ azurerm_kubernetes_cluster: { k: { default_node_pool: { vnet_subnet_id: '${azurerm_subnet.app.id}' }, network_profile: { outbound_type: 'userDefinedRouting' }, ...values } } })).findings.filter(({ rule }) => rule === 'aks-api-public').map(({ message }) => message);
  expect(found).toEqual(words === undefined ? [] : [words]);
});

test('policies of a subnet for private endpoints and blobs of an account, in the words of azurerm 2 and 3', () => {
  const off = (values: object) => review(closedNetwork({ azurerm_subnet: { app: { name: 'app', virtual_network_name: '${azurerm_virtual_network.main.name}', address_prefixes: ['10.0.1.0/24'], ...values } }, azurerm_private_endpoint: { p: { subnet_id: '${azurerm_subnet.app.id}', private_service_connection: [{ private_connection_resource_id: '/x' }] } } }))
    .findings.filter(({ rule }) => rule === 'endpoint-network-policies-off').length;
  expect([off({ private_endpoint_network_policies: 'Enabled' }), off({ private_endpoint_network_policies_enabled: true }), off({ enforce_private_link_endpoint_network_policies: false })]).toEqual([0, 0, 0]);
  expect([off({ private_endpoint_network_policies: 'Disabled', private_endpoint_network_policies_enabled: true }), off({ private_endpoint_network_policies_enabled: false }), off({ enforce_private_link_endpoint_network_policies: true }), off({})]).toEqual([1, 1, 1, 1]);
  const blobs = (values: object) => review(closedNetwork({ azurerm_storage_account: { s: { public_network_access_enabled: false, cross_tenant_replication_enabled: false, network_rules: { default_action: 'Deny' }, ...values } } })).findings.filter(({ rule }) => rule === 'storage-public-access').length;
  expect([blobs({ allow_blob_public_access: false }), blobs({ allow_nested_items_to_be_public: false }), blobs({ allow_blob_public_access: true }), blobs({})]).toEqual([0, 0, 1, 1]);
});

test.each(['azurerm_mssql_managed_instance', 'azurerm_sql_managed_instance'])('%s with a public endpoint', (type) => {
  const told = (public_data_endpoint_enabled: boolean) => review(closedNetwork({ [type]: { it: { subnet_id: '${azurerm_subnet.app.id}', public_data_endpoint_enabled } } })).findings.filter(({ rule }) => rule === 'database-public-access').length;
  expect([told(true), told(false)]).toEqual([1, 0]);
});

test('a name below a domain of Azure is one\'s own where the plan makes what has it', () => {
  const rule = (host: string): Blocks => ({ ...ACCOUNT, azurerm_network_security_perimeter_access_rule: { it: { direction: 'Outbound', fqdns: [host] } } });
  expect([told(rule('ours.blob.core.windows.net')), told(rule('theirs.blob.core.windows.net')).length]).toEqual([[], 1]);
});

test('records that go to another subscription, where no policy says which is meant', () => {
  const workspace = (subscription: string) => `/subscriptions/0000000${subscription}-0000-0000-0000-000000000000/resourceGroups/r/providers/Microsoft.OperationalInsights/workspaces/w`;
  const sent = (id: string, more: object = {}, blocks: Blocks = {}) => review(closedNetwork({ ...blocks, azurerm_monitor_diagnostic_setting: { it: { target_resource_id: 'x', log_analytics_workspace_id: id, ...more } } })).findings.filter(({ rule }) => rule === 'log-sink-elsewhere').map(({ severity, message }) => `${severity}: ${message}`);
  expect(sent(workspace('1'))).toEqual([`info: it hands what it records to ${workspace('1')}, of another subscription than its own`]);
  expect(sent(workspace('0'))).toEqual([]);
  expect(sent('${azurerm_log_analytics_workspace.w.id}', {}, { azurerm_log_analytics_workspace: { w: { name: 'w' } } })).toEqual([]);
  // Whose it is itself its own id says.
  expect(sent(workspace('1'), { id: `${workspace('1')}|it` })).toEqual([]);
});

test('a change that opens to the internet what is closed where it is made', () => {
  const closed = { public_network_access_enabled: false, allow_nested_items_to_be_public: false, network_rules: { default_action: 'Deny' } };
  const changed = (type: string, properties: object, asText = false) => review(closedNetwork({ azurerm_storage_account: { a: { name: 'a', ...closed } }, [type]: { u: { type: 'Microsoft.Storage/storageAccounts@2024-01-01', resource_id: '${azurerm_storage_account.a.id}', body: asText ? JSON.stringify({ properties }) : { properties } } } }))
    .findings.filter(({ rule }) => rule === 'service-public-access').map(({ message }) => message);
  const words = (what: string) => [`it sets ${what} of azurerm_storage_account.a, whatever that says itself`];
  expect(changed('azapi_update_resource', { publicNetworkAccess: 'Enabled', networkAcls: { defaultAction: 'Allow' } })).toEqual(words('publicNetworkAccess to Enabled, networkAcls.defaultAction to Allow'));
  expect(changed('azapi_update_resource', { allowBlobPublicAccess: true }, true)).toEqual(words('allowBlobPublicAccess to true'));
  expect(changed('azapi_resource_action', { allowCrossTenantReplication: true })).toEqual(words('allowCrossTenantReplication to true'));
  expect([changed('azapi_update_resource', { publicNetworkAccess: 'Disabled', networkAcls: { defaultAction: 'Deny' } }), changed('azapi_update_resource', {}), changed('azapi_resource_action', { tags: {} }, true)]).toEqual([[], [], []]);
});
