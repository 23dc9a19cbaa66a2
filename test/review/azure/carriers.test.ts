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
  ['azurerm_data_share', { name: 'way' }, 'copies its datasets to whoever accepts an invitation'],
  ['azurerm_storage_sync_server_endpoint', { name: 'way' }, 'copies what its share holds to a registered server, wherever that is'],
  ['azurerm_search_service', { name: 'way' }, 'calls the addresses that skills of its indexers name: whoever may define one has it send documents there'],
  ['azurerm_monitor_diagnostic_setting', { partner_solution_id: '/subscriptions/x/partner' }, 'delivers to a partner of Azure: /subscriptions/x/partner'],
  ['azurerm_datadog_monitor', { name: 'way' }, 'delivers to Datadog'],
  ['azurerm_api_connection', { managed_api_id: '/subscriptions/x/providers/Microsoft.Web/locations/y/managedApis/sftpwithssh' }, "delivers to sftpwithssh, from machines of Azure's own"],
  ['azurerm_synapse_workspace', { data_exfiltration_protection_enabled: true, linking_allowed_for_aad_tenant_ids: ['t1', 't2'] }, 'may be linked with what is in the tenants t1, t2'],
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
  ['the contrary in a word', 'azurerm_ai_services', { public_network_access: 'Disabled' }, undefined],
  ['the contrary in a word, as a Logic App does', 'azurerm_logic_app_standard', { public_network_access: 'Disabled' }, undefined],
  ['nothing, as a slot', 'azurerm_linux_web_app_slot', {}, 'public_network_access_enabled is not said, which means that it is on'],
  ['a list of callers', 'azurerm_cognitive_account', { network_acls: { default_action: 'Deny' } }, undefined],
  ['everybody in a list', 'azurerm_cognitive_account', { network_acls: { default_action: 'Allow' } }, 'public_network_access_enabled is not said, which means that it is on'],
  ['what nobody knows', 'azurerm_eventhub_namespace', { public_network_access_enabled: '${var.public}' }, undefined],
  ['nothing, and decides by itself', 'azurerm_app_configuration', {}, undefined],
])('a service with a private endpoint that says %s: %s', (_, type, values, words) => {
  const told = (endpoint: string) => review(closedNetwork({ [type]: { it: { name: 'it', ...values } }, azurerm_private_endpoint: { p: { subnet_id: '${azurerm_subnet.app.id}', private_service_connection: [{ private_connection_resource_id: endpoint }] } } })).findings.filter(({ rule }) => rule === 'service-public-access').map(({ message }) => message);
  expect(told(`\${${type}.it.id}`)).toEqual(words === undefined ? [] : [`${words}, beside the private endpoint azurerm_private_endpoint.p`]);
  expect(told('/subscriptions/x/vaults/y')).toEqual([]);
});
