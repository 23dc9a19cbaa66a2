/** What services of Google's carry out by themselves: to hosts, to other clouds, to other projects. */
import { asPlan, type Resources } from '../as-plan';
import { review, stack } from './reviewing';

/** `[severity] [confidence] message`, without the address where it begins with it. */
function told(rule: string, resources: Resources, document: unknown = stack(resources)): readonly string[] {
  return review(document).hits.filter((hit) => hit.rule === rule).map(({ address, message, severity, confidence }) => [severity, confidence, message.replace(`${address} `, '')].filter(Boolean).join(' '));
}
const one = (rule: string, type: string, values: object) => told(rule, { [type]: { x: values } });
/** What a gateway hands its callers on to. */
const BACKED = 'swagger: "2.0"\nx-google-backend:\n  address: https://backend.example.net/v1\n';

describe('deliveries', () => {
  test.each<[type: string, values: object, message: string | undefined]>([
    ['google_eventarc_pipeline', { destinations: [{ http_endpoint: { uri: 'https://hooks.example.net/x' } }] }, 'delivers to hooks.example.net'],
    ['google_eventarc_pipeline', { destinations: [{ topic: 'projects/p/topics/t' }] }, undefined],
    ['google_bigquery_routine', { remote_function_options: { endpoint: 'https://europe-west1-x.cloudfunctions.net/f' } }, 'possible delivers to europe-west1-x.cloudfunctions.net, a name that anybody may have: nothing in the plan has it'],
    ['google_bigquery_connection', { aws: { access_role: { iam_role_id: 'r' } } }, 'delivers to buckets of Amazon S3'],
    ['google_bigquery_connection', { azure: { customer_tenant_id: 't' } }, 'delivers to containers of Azure Blob Storage'],
    ['google_bigquery_connection', { cloud_resource: {} }, undefined],
    ['google_monitoring_notification_channel', { type: 'webhook_tokenauth', labels: { url: 'https://hooks.example.net/x' } }, 'delivers to hooks.example.net'],
    ['google_monitoring_notification_channel', { type: 'slack', labels: { channel_name: '#c' } }, 'delivers to Slack'],
    ['google_monitoring_notification_channel', { type: 'email', labels: { email_address: 'a@example.com' } }, undefined],
    ['google_dialogflow_cx_tool', { open_api_spec: { text_schema: 'openapi: 3.0.0\nservers:\n  - url: https://api.example.net/v1\n' } }, 'delivers to api.example.net'],
    ['google_secure_source_manager_hook', { hook_id: 'h', target_uri: 'https://hooks.example.net/x' }, 'delivers to hooks.example.net'],
    ['google_secure_source_manager_hook', { hook_id: 'h', target_uri: 'https://hooks.example.net/x', disabled: true }, undefined],
    ['google_discovery_engine_data_connector', { data_source: 'jira', connector_modes: ['FEDERATED', 'ACTIONS'] }, 'delivers to its data source what users ask and do'],
    ['google_discovery_engine_data_connector', { data_source: 'jira', connector_modes: ['DATA_INGESTION'] }, undefined],
    ['google_ces_toolset', { mcp_toolset: { server_address: 'https://mcp.example.net/x' } }, 'delivers to mcp.example.net'],
    ['google_ces_toolset', { open_api_toolset: { open_api_schema: '{"servers": [{"url": "https://api.example.net"}]}' } }, 'delivers to api.example.net'],
    ['google_identity_platform_config', { blocking_functions: { triggers: [{ event_type: 'beforeSignIn', function_uri: 'https://hooks.example.net/x' }] } }, 'delivers to hooks.example.net'],
    ['google_dataform_repository', { git_remote_settings: { url: 'https://git.example.net/r.git' } }, 'delivers to git.example.net'],
    ['google_apigee_target_server', { host: 'backend.example.net', port: 443 }, 'delivers to backend.example.net'],
    ['google_apigee_target_server', { host: 'backend.example.net', port: 443, is_enabled: false }, undefined],
    ['google_apihub_plugin', { hosting_service: { service_uri: 'https://plugin.example.net/x' } }, 'delivers to plugin.example.net'],
    ['google_dialogflow_cx_agent', { git_integration_settings: { github_settings: { repository_uri: 'https://github.com/somebody/agents' } } }, 'delivers to github.com'],
    ['google_developer_connect_connection', { gitlab_config: { workspace: 'w' }, git_proxy_config: { enabled: true } }, 'delivers to the host of its connection what callers ask its proxy for'],
    ['google_developer_connect_connection', { gitlab_config: { workspace: 'w' } }, undefined],
    ['google_storage_transfer_job', { transfer_spec: { gcs_data_source: { bucket_name: 'b' }, posix_data_sink: { root_directory: '/' } } }, 'delivers to a file system of whoever runs the agents of its pool'],
    ['google_integration_connectors_connection', { connector_version: 'projects/p/locations/global/providers/slack/connectors/slack/versions/1' }, 'delivers to slack, whose connector slack provides'],
    ['google_integration_connectors_connection', { connector_version: 'projects/p/locations/global/providers/gcp/connectors/pubsub/versions/1' }, undefined],
    ['google_integration_connectors_connection', { connector_version: 'projects/p/locations/global/providers/zendesk/connectors/zendesk/versions/1', destination_config: [{ key: 'url', destination: [{ host: 'https://acme.zendesk.com' }] }] }, 'delivers to https://acme.zendesk.com'.replace('https://', '')],
    ['google_api_gateway_api_config', { openapi_documents: [{ document: [{ path: 'a.yaml', contents: Buffer.from(BACKED).toString('base64') }] }] }, 'delivers to backend.example.net'],
    ['google_api_gateway_api_config', { openapi_documents: [{ document: [{ path: 'a.yaml', contents: Buffer.from('swagger: "2.0"').toString('base64') }] }] }, undefined],
    ['google_endpoints_service', { service_name: 's', openapi_config: BACKED }, 'delivers to backend.example.net'],
  ])('%s %j', (type, values, message) => expect(one('managed-service-egress', type, values)).toEqual(message === undefined ? [] : [message]));

  test('to an address that is made of that of what the plan makes are mild until it is known', () => {
    const pushed = (push_endpoint: string) => {
      const resources = { google_pubsub_subscription: { s: { name: 's', push_config: [{ push_endpoint }] } }, google_cloud_run_v2_service: { r: { name: 'r' } } };
      return told('managed-service-egress', resources, asPlan(resources));
    };
    const mild = 'info possible delivers to an address that is made of that of google_cloud_run_v2_service.r, which is known after apply';
    expect(pushed('${google_cloud_run_v2_service.r.uri}')).toEqual([mild]);
    expect(pushed('${google_cloud_run_v2_service.r.uri}/push')).toEqual([mild]);
    expect(pushed('https://hooks.example.net/${google_cloud_run_v2_service.r.id}')).toEqual(['delivers to a host that the plan does not tell']);
    expect(pushed('${google_cloud_run_v2_service.r.uri}${var.more}')).toEqual(['delivers to a host that the plan does not tell']);
  });

  test('a queue that lets each task name its host', () => {
    const queue = (override?: object) => one('managed-service-egress', 'google_cloud_tasks_queue', { name: 'q', ...(override ? { http_target: { uri_override: override } } : {}) });
    const any = 'possible delivers to any host that a task names: no http_target overrides it';
    expect(queue()).toEqual([any]);
    expect(queue({ path_override: { path: '/x' } })).toEqual([any]);
    expect(queue({ host: 'tasks.googleapis.com' })).toEqual([]);
    expect(queue({ host: 'tasks.googleapis.com', uri_override_enforce_mode: 'IF_NOT_EXISTS' })).toEqual([any]);
  });

  test('builds of what leaves through a network run in a pool that does not', () => {
    const egress = { vpc_connector: 'projects/p/locations/r/connectors/c', vpc_connector_egress_settings: 'ALL_TRAFFIC' };
    const built = (type: string, values: object) => one('managed-service-egress', type, values).length;
    expect(one('managed-service-egress', 'google_cloudfunctions2_function', { build_config: { runtime: 'nodejs20' }, service_config: egress })).toEqual(['possible is built in the default pool of Cloud Build, which reaches any host: build_config.worker_pool names no other']);
    expect(built('google_cloudfunctions2_function', { build_config: { worker_pool: 'projects/p/locations/r/workerPools/w' }, service_config: egress })).toBe(0);
    // Told as what leaves by itself.
    expect(built('google_cloudfunctions2_function', { build_config: { runtime: 'nodejs20' } })).toBe(0);
    expect([built('google_cloudfunctions_function', egress), built('google_cloudfunctions_function', { ...egress, build_worker_pool: 'w' })]).toEqual([1, 0]);
    // Of an image nothing is built.
    const run = (more: object) => built('google_cloud_run_v2_service', { template: { vpc_access: { connector: 'c', egress: 'ALL_TRAFFIC' } }, ...more });
    expect([run({}), run({ build_config: { source_location: 'gs://b/o' } })]).toEqual([0, 1]);
  });

  test('a remote repository asks its upstream for what callers name', () => {
    const repository = (config?: object) => one('managed-service-egress', 'google_artifact_registry_repository', { repository_id: 'r', ...(config ? { mode: 'REMOTE_REPOSITORY', remote_repository_config: config } : {}) });
    const asks = (host: string) => `asks ${host} for whatever name a caller asks it for`;
    expect(repository()).toEqual([]);
    expect(repository({ docker_repository: { custom_repository: { uri: 'https://registry.example.net' } } })).toEqual([asks('registry.example.net')]);
    expect(repository({ common_repository: { uri: 'https://ghcr.io' } })).toEqual([asks('ghcr.io')]);
    expect(repository({ common_repository: { uri: '${var.upstream}' } })).toEqual([asks('a host that the plan does not tell')]);
    expect(repository({ apt_repository: { public_repository: { repository_base: 'DEBIAN', repository_path: 'debian' } } })).toEqual([`info ${asks('a public registry')}`]);
    expect(repository({ common_repository: { uri: 'projects/p/locations/r/repositories/base' } })).toEqual([]);
    expect(repository({ common_repository: { uri: 'https://r-docker.pkg.dev/p/base' } })).toEqual([]);
    // Not a name below it.
    expect(repository({ common_repository: { uri: 'https://evilpkg.dev/p/base' } })).toEqual([asks('evilpkg.dev')]);
  });
});

test('a name server by its name is on the internet, unless it is asked through the network', () => {
  const zone = (server: object) => one('dns-forwarding', 'google_dns_managed_zone', { dns_name: '.', visibility: 'private', forwarding_config: { target_name_servers: [server] } });
  expect(zone({ domain_name: 'ns.example.net' })).toEqual(['medium . is answered on the internet, by ns.example.net']);
  expect(zone({ domain_name: 'ns.corp.example', forwarding_path: 'private' })).toEqual(['. is answered by other name servers']);
  expect(zone({ ipv4_address: '10.0.0.53' })).toEqual(['. is answered by other name servers']);
});

test('a domain that is trusted, and answered on the internet', () => {
  const trust = (...target_dns_ip_addresses: string[]) => one('dns-forwarding', 'google_active_directory_domain_trust', { target_domain_name: 'partner.example', target_dns_ip_addresses });
  expect(trust('10.0.0.2', '9.9.9.9')).toEqual(['medium partner.example is answered on the internet, by 9.9.9.9']);
  expect(trust('10.0.0.2')).toEqual([]);
});

test('a sink that takes the records away from those below it', () => {
  const sink = (values: object) => one('log-sink-incomplete', 'google_logging_folder_sink', { folder: 'f', destination: 'storage.googleapis.com/b', ...values });
  expect(sink({ intercept_children: true })).toEqual(['keeps what it takes from the sinks of the projects below it (intercept_children)']);
  expect([sink({ include_children: true }), sink({ intercept_children: true, disabled: true })]).toEqual([[], []]);
});

test('sessions by the serial console of all machines of a zone', () => {
  const settings = (items: object) => one('serial-console-open', 'google_compute_instance_settings', { zone: 'r-a', metadata: { items } });
  expect([settings({ 'serial-port-enable': 'TRUE' }), settings({ 'enable-oslogin': 'TRUE' })]).toEqual([['serial-port-enable is on'], []]);
});

describe('copies', () => {
  const copies = (type: string, values: object, more: Resources = {}) => told('data-copied-elsewhere', { ...more, [type]: { x: { project: 'p', ...values } } });

  test.each<[type: string, values: object, message: string | undefined]>([
    ['google_pubsub_subscription', { bigquery_config: { table: 'p:d.t' } }, undefined],
    ['google_pubsub_subscription', { bigquery_config: { table: 'vendor.d.t' } }, 'copies to project vendor'],
    ['google_pubsub_subscription', { bigquery_config: { table: 'example.com:p.d.t' } }, 'copies to project example.com:p'],
    ['google_pubsub_subscription', { project: null, bigquery_config: { table: 'vendor.d.t' } }, 'possible copies to project vendor'],
    ['google_pubsub_subscription', { cloud_storage_config: { bucket: 'theirs' } }, 'copies to bucket theirs, which this plan does not know'],
    ['google_pubsub_subscription', { cloud_storage_config: { bucket: '${var.bucket}' } }, 'possible copies to a place that the plan does not tell'],
    ['google_pubsub_subscription', { dead_letter_policy: { dead_letter_topic: 'projects/vendor/topics/t' } }, 'copies to project vendor'],
    ['google_storage_transfer_job', { transfer_spec: { gcs_data_sink: { bucket_name: 'theirs' } } }, 'copies to bucket theirs, which this plan does not know'],
    ['google_bigquery_job', { extract: { destination_uris: ['gs://theirs/a-*.csv', 'gs://theirs/b'] } }, 'copies to bucket theirs, which this plan does not know'],
    ['google_bigquery_job', { copy: { destination_table: { project_id: 'vendor', table_id: 't' } } }, 'copies to project vendor'],
    ['google_bigquery_job', { query: { destination_table: { table_id: 't' } } }, undefined],
    ['google_gke_backup_backup_channel', { destination_project: 'projects/vendor' }, 'copies to project vendor'],
    ['google_redis_cluster', { cross_cluster_replication_config: { cluster_role: 'PRIMARY', secondary_clusters: [{ cluster: 'projects/vendor/locations/l/clusters/c' }] } }, 'copies to project vendor'],
    ['google_redis_cluster', { cross_cluster_replication_config: { cluster_role: 'PRIMARY', secondary_clusters: [{ cluster: 'projects/p/locations/l/clusters/c' }] } }, undefined],
    ['google_memorystore_instance', { cross_instance_replication_config: { instance_role: 'PRIMARY', secondary_instances: [{ instance: 'projects/vendor/locations/l/instances/c' }] } }, 'copies to project vendor'],
    ['google_eventarc_trigger', { destination: { workflow: 'projects/vendor/locations/l/workflows/w' } }, 'copies to project vendor'],
    ['google_eventarc_trigger', { destination: { workflow: 'projects/p/locations/l/workflows/w' } }, undefined],
    ['google_storage_transfer_job', { notification_config: { pubsub_topic: 'projects/vendor/topics/t' } }, 'copies to project vendor'],
    ['google_bigquery_data_transfer_config', { data_source_id: 'cross_region_copy', notification_pubsub_topic: 'projects/vendor/topics/t' }, 'copies to project vendor'],
    ['google_vertex_ai_endpoint', { predict_request_response_logging_config: { bigquery_destination: { output_uri: 'bq://vendor' } } }, 'copies to project vendor'],
    ['google_vertex_ai_endpoint', { predict_request_response_logging_config: { bigquery_destination: { output_uri: 'bq://p.d.t' } } }, undefined],
    ['google_healthcare_fhir_store', { notification_configs: [{ pubsub_topic: 'projects/vendor/topics/t' }] }, 'copies to project vendor'],
    ['google_healthcare_dicom_store', { stream_configs: [{ bigquery_destination: { table_uri: 'bq://vendor.d.t' } }] }, 'copies to project vendor'],
    ['google_netapp_volume_replication', { destination_volume_parameters: { storage_pool: 'projects/vendor/locations/l/storagePools/s' } }, 'copies to project vendor'],
    ['google_backup_dr_backup_plan', { backup_vault: 'projects/vendor/locations/l/backupVaults/v' }, 'copies to project vendor'],
    ['google_backup_dr_backup_plan', { backup_vault: 'projects/p/locations/l/backupVaults/v' }, undefined],
    ['google_eventarc_enrollment', { destination: 'projects/vendor/locations/l/pipelines/q' }, 'copies to project vendor'],
    ['google_dialogflow_cx_security_settings', { audio_export_settings: { gcs_bucket: 'theirs' } }, 'copies to bucket theirs, which this plan does not know'],
    ['google_dialogflow_cx_agent', { advanced_settings: { audio_export_gcs_destination: { uri: 'gs://theirs/a' } } }, 'copies to bucket theirs, which this plan does not know'],
    ['google_dataplex_datascan', { data_profile_spec: { post_scan_actions: { bigquery_export: { results_table: '//bigquery.googleapis.com/projects/vendor/datasets/d/tables/t' } } } }, 'copies to project vendor'],
    ['google_cloud_asset_project_feed', { feed_output_config: { pubsub_destination: { topic: 'projects/vendor/topics/t' } } }, 'copies to project vendor'],
    ['google_scc_v2_project_notification_config', { pubsub_topic: 'projects/vendor/topics/t' }, 'copies to project vendor'],
    ['google_scc_v2_project_scc_big_query_export', { dataset: 'projects/vendor/datasets/d' }, 'copies to project vendor'],
    ['google_sql_database_instance', { settings: { sql_server_audit_config: { bucket: 'gs://theirs' } } }, 'copies to bucket theirs, which this plan does not know'],
    ['google_managed_kafka_connector', { configs: { 'connector.class': 'c', 'cps.project': 'vendor' } }, 'copies to project vendor'],
    ['google_managed_kafka_connector', { configs: { 'connector.class': 'c', project: 'p' } }, undefined],
    ['google_storage_notification', { topic: '//pubsub.googleapis.com/projects/vendor/topics/t' }, 'copies to project vendor'],
    ['google_scc_v2_organization_scc_big_query_exports', { dataset: 'projects/vendor/datasets/d' }, 'copies to project vendor'],
    ['google_data_loss_prevention_discovery_config', { actions: [{ export_data: { profile_table: { project_id: 'vendor' } } }] }, 'copies to project vendor'],
    ['google_data_loss_prevention_discovery_config', { actions: [{ pub_sub_notification: { topic: 'projects/vendor/topics/t' } }] }, 'copies to project vendor'],
    ['google_gke_backup_restore_channel', { destination_project: 'projects/vendor' }, 'copies to project vendor'],
    ['google_healthcare_pipeline_job', { mapping_pipeline_job: { fhir_store_destination: 'projects/vendor/locations/l/datasets/d/fhirStores/f' } }, 'copies to project vendor'],
    ['google_healthcare_pipeline_job', { reconciliation_pipeline_job: { fhir_store_destination: 'projects/p/locations/l/datasets/d/fhirStores/f' } }, undefined],
    ['google_bigquery_table', { biglake_configuration: { storage_uri: 'gs://theirs/t' } }, 'copies to bucket theirs, which this plan does not know'],
    ['google_datastream_stream', { destination_config: { bigquery_destination_config: { blmt_config: { bucket: 'theirs' } } } }, 'copies to bucket theirs, which this plan does not know'],
    ['google_dataproc_metastore_service', { scheduled_backup: { backup_location: 'gs://theirs/b' } }, 'copies to bucket theirs, which this plan does not know'],
    ['google_transcoder_job_template', { config: { output: { uri: 'gs://theirs/o/' } } }, 'copies to bucket theirs, which this plan does not know'],
    ['google_transcoder_job_template', { config: { pubsub_destination: { topic: 'projects/vendor/topics/t' } } }, 'copies to project vendor'],
    ['google_colab_notebook_execution', { gcs_output_uri: 'gs://theirs/o' }, 'copies to bucket theirs, which this plan does not know'],
    ['google_colab_schedule', { create_notebook_execution_job_request: { notebook_execution_job: { gcs_output_uri: 'gs://theirs/o' } } }, 'copies to bucket theirs, which this plan does not know'],
    ['google_dialogflow_cx_flow', { advanced_settings: { audio_export_gcs_destination: { uri: 'gs://theirs/a' } } }, 'copies to bucket theirs, which this plan does not know'],
    ['google_project_usage_export_bucket', { bucket_name: 'theirs' }, 'copies to bucket theirs, which this plan does not know'],
    ['google_storage_bucket', { name: 'ours', logging: { log_bucket: 'theirs' } }, 'info copies to bucket theirs, which this plan does not know'],
    ['google_storage_bucket', { name: 'ours', logging: { log_bucket: 'ours' } }, undefined],
    ['google_bigquery_job', { query: { query: "EXPORT DATA OPTIONS (uri = 'gs://theirs/a-*.csv', format = 'CSV') AS SELECT * FROM d.t" } }, 'copies to bucket theirs, which this plan does not know'],
    ['google_bigquery_job', { query: { query: "-- EXPORT DATA OPTIONS (uri='gs://theirs/a')\nSELECT 'gs://theirs/b' FROM vendor.d.t" } }, undefined],
    ['google_bigquery_data_transfer_config', { data_source_id: 'scheduled_query', params: { query: 'INSERT INTO `vendor.d.t` SELECT * FROM d.t' } }, 'copies to project vendor'],
    ['google_bigquery_data_transfer_config', { data_source_id: 'scheduled_query', params: { query: 'CREATE OR REPLACE TABLE p.d.t AS SELECT * FROM vendor.d.t' } }, undefined],
    ['google_bigquery_routine', { definition_body: 'BEGIN\n  MERGE `vendor`.`d`.`t` USING d.s ON FALSE WHEN NOT MATCHED THEN INSERT ROW;\nEND' }, 'copies to project vendor'],
    ['google_bigquery_routine', { definition_body: 'x + 1' }, undefined],
    ['google_compute_disk_async_replication', { secondary_disk: { disk: 'projects/vendor/zones/z/disks/d' } }, 'copies to project vendor'],
  ])('%s %j', (type, values, message) => expect(copies(type, values)).toEqual(message === undefined ? [] : [message]));

  test('to what the plan makes are none, and a name beside it proves nothing', () => {
    const bucket: Resources = { google_storage_bucket: { b: { name: 'ours' } } };
    const into = (name: string) => copies('google_pubsub_subscription', { cloud_storage_config: { bucket: name } }, bucket);
    expect([into('ours'), into('${google_storage_bucket.b.id}')]).toEqual([[], []]);
    expect(into('ours-too')).toEqual(['copies to bucket ours-too, which this plan does not know']);
    const topic: Resources = { google_pubsub_topic: { t: { name: 't', project: 'q' } } };
    expect(copies('google_eventarc_pipeline', { destinations: [{ topic: '${google_pubsub_topic.t.id}' }] }, topic)).toEqual([]);
  });
});

test('packages of Composer that are installed in builds of the default pool', () => {
  const environment = (config: object, image_version = 'composer-3-airflow-2.10.5') => one('managed-service-egress', 'google_composer_environment', { config: { enable_private_environment: true, software_config: { image_version }, ...config } });
  expect(environment({})).toEqual(['possible installs its packages in builds that reach any host: enable_private_builds_only is off']);
  expect([environment({ enable_private_builds_only: true }), environment({ enable_private_builds_only: '${var.private}' }), environment({}, 'composer-2.9.7-airflow-2.9.3')]).toEqual([[], [], []]);
});

describe('perimeters', () => {
  const TYPE = 'google_access_context_manager_service_perimeter';
  const STATUS = { resources: ['projects/1'], restricted_services: ['storage.googleapis.com'], vpc_accessible_services: { enable_restriction: true } };
  const egress = (operation: object, to: object = { resources: ['*'] }) => ({ egress_to: { ...to, operations: [operation] } });
  const policy = (each: object) => one('perimeter-open', TYPE, { status: { ...STATUS, egress_policies: [each] } });

  test('an egress policy lets out', () => {
    expect(policy(egress({ service_name: '*' }))).toEqual(['an egress policy lets out to every project, by every service']);
    expect(policy(egress({ service_name: 'storage.googleapis.com', method_selectors: [{ method: '*' }] }))).toEqual(['low an egress policy lets out to every project']);
    expect(policy(egress({ service_name: 'storage.googleapis.com' }))).toEqual(['low an egress policy lets out to every project']);
    expect(policy(egress({ service_name: 'bigquery.googleapis.com', method_selectors: [{ method: '*' }] }, { external_resources: ['s3://theirs'] }))).toEqual(['low an egress policy lets out to s3://theirs']);
    expect(one('perimeter-open', `${TYPE}_egress_policy`, egress({ service_name: '*' }))).toEqual(['an egress policy lets out to every project, by every service']);
  });

  test('and not what is named, or only fetched', () => {
    expect(policy(egress({ service_name: '*' }, { resources: ['projects/2'] }))).toEqual([]);
    expect(policy(egress({ service_name: 'storage.googleapis.com', method_selectors: [{ method: 'google.storage.objects.get' }, { permission: 'storage.objects.list' }] }))).toEqual([]);
    expect(policy(egress({ service_name: 'storage.googleapis.com', method_selectors: [{ method: 'google.storage.objects.get' }, { method: 'google.storage.objects.create' }] }))).toEqual(['low an egress policy lets out to every project']);
  });

  test('an ingress policy for anybody from anywhere lets in', () => {
    const ingress = (from: object, service_name = '*') => ({ ingress_from: from, ingress_to: { resources: ['*'], operations: [{ service_name }] } });
    const into = (each: object, more: Resources = {}) => told('perimeter-open', { ...more, [TYPE]: { x: { name: 'x', status: { ...STATUS, ingress_policies: [each] } } } });
    const anywhere = { sources: [{ access_level: '*' }] };
    expect(into(ingress({ identity_type: 'ANY_IDENTITY', ...anywhere }))).toEqual(['an ingress policy lets anybody in from anywhere, to every service']);
    expect(into(ingress({ identity_type: 'ANY_SERVICE_ACCOUNT', ...anywhere }, 'storage.googleapis.com'))).toEqual(['low an ingress policy lets anybody in from anywhere']);
    expect(one('perimeter-open', `${TYPE}_ingress_policy`, ingress({ identity_type: 'ANY_IDENTITY', ...anywhere }))).toEqual(['an ingress policy lets anybody in from anywhere, to every service']);
    expect(into(ingress({ identities: ['serviceAccount:ci@p.iam.gserviceaccount.com'], ...anywhere }))).toEqual([]);
    expect(into(ingress({ identity_type: 'ANY_IDENTITY', sources: [{ resource: 'projects/2' }] }))).toEqual([]);
    const byLevel = ingress({ identity_type: 'ANY_IDENTITY', sources: [{ access_level: '${google_access_context_manager_access_level.l.name}' }] });
    expect([into(byLevel, level({ ip_subnetworks: ['0.0.0.0/0'] })).length, into(byLevel, level({ ip_subnetworks: ['192.0.2.0/24'] })).length]).toEqual([1, 0]);
  });

  const level = (condition: object, more: object = {}): Resources => ({ google_access_context_manager_access_level: { l: { name: 'accessPolicies/1/accessLevels/l', title: 'l', parent: 'accessPolicies/1', basic: { conditions: [condition], ...more } } } });

  const beside = (condition: object): Resources => ({ google_access_context_manager_access_level_condition: { c: { access_level: '${google_access_context_manager_access_level.l.name}', ...condition } } });

  test.each<[string, Resources, boolean]>([
    ['of every address', level({ ip_subnetworks: ['0.0.0.0/1', '128.0.0.0/1'] }), true],
    ['of some addresses', level({ ip_subnetworks: ['8.8.0.0/16'] }), false],
    ['of no address of these', level({ ip_subnetworks: ['0.0.0.0/0'], negate: true }), false],
    ['of people', level({ ip_subnetworks: ['0.0.0.0/0'], members: ['user:a@example.com'] }), false],
    ['of people who are not known', level({ ip_subnetworks: ['0.0.0.0/0'], members: '${var.people}' }), false],
    ['of every address, or some', level({}, { combining_function: 'OR', conditions: [{ ip_subnetworks: ['0.0.0.0/0'] }, { regions: ['DE'] }] }), true],
    ['of every address, and some', level({}, { conditions: [{ ip_subnetworks: ['0.0.0.0/0'] }, { regions: ['DE'] }] }), false],
    ['of people, or of every address by a condition beside it', { ...level({ members: ['user:a@example.com'] }, { combining_function: 'OR' }), ...beside({ ip_subnetworks: ['0.0.0.0/0'] }) }, true],
    ['of people, and of every address by a condition beside it', { ...level({ members: ['user:a@example.com'] }), ...beside({ ip_subnetworks: ['0.0.0.0/0'] }) }, false],
    ['of every address, and of people by a condition beside it', { ...level({ ip_subnetworks: ['0.0.0.0/0'] }), ...beside({ members: ['user:a@example.com'] }) }, false],
    ['of every address, with a condition for another', { ...level({ ip_subnetworks: ['0.0.0.0/0'] }), ...beside({ access_level: 'accessPolicies/1/accessLevels/other', members: ['user:a@example.com'] }) }, true],
    ['of every address, with a condition for nobody knows which', { ...level({ ip_subnetworks: ['0.0.0.0/0'] }), ...beside({ access_level: '${var.level}', members: ['user:a@example.com'] }) }, true],
  ])('an access level %s', (_, levels, isOpen) => {
    const hits = told('perimeter-open', { ...levels, [TYPE]: { x: { name: 'x', status: { ...STATUS, access_levels: ['${google_access_context_manager_access_level.l.name}'] } } } });
    expect(hits).toEqual(isOpen ? ['google_access_context_manager_access_level.l, a level that every address has, lets anybody in from anywhere, to every service'] : []);
  });

  test('an access level of a list', () => {
    const named = (name: string, range: string) => ({ name: `accessPolicies/1/accessLevels/${name}`, title: name, basic: [{ conditions: [{ ip_subnetworks: [range] }] }] });
    const by = (name: string) => told('perimeter-open', { google_access_context_manager_access_levels: { l: { parent: 'accessPolicies/1', access_levels: [named('all', '0.0.0.0/0'), named('office', '192.0.2.0/24')] } }, [TYPE]: { x: { name: 'x', status: { ...STATUS, access_levels: [`accessPolicies/1/accessLevels/${name}`] } } } });
    expect([by('all'), by('office')]).toEqual([['accessPolicies/1/accessLevels/all, a level that every address has, lets anybody in from anywhere, to every service'], []]);
  });

  test('the network may call more than is restricted', () => {
    const calling = (...allowed_services: string[]) => one('perimeter-open', TYPE, { status: { ...STATUS, vpc_accessible_services: { enable_restriction: true, allowed_services } } });
    expect(calling('RESTRICTED-SERVICES', 'storage.googleapis.com')).toEqual([]);
    expect(calling('RESTRICTED-SERVICES', 'bigquery.googleapis.com')).toEqual(['low lets the network call bigquery.googleapis.com, which it does not restrict']);
  });

  test('that have neither status nor what is tried keep nothing inside', () => {
    expect(one('perimeter-open', TYPE, { name: 'x' })).toEqual(['has no status, and so keeps nothing inside']);
    expect(one('perimeter-open', TYPE, { name: 'x', spec: STATUS })).toEqual([]);
    expect(one('perimeter-open', TYPE, { name: 'x', status: '${var.status}' })).toEqual([]);
  });

  test('of a list are perimeters, too, and a bridge restricts nothing by itself', () => {
    const list = (...all: readonly object[]): Resources => ({ [`${TYPE}s`]: { x: { service_perimeters: all } } });
    expect(told('perimeter-open', list({ name: 'a', status: STATUS }))).toEqual([]);
    expect(told('perimeter-open', list({ name: 'a', status: STATUS }, { name: 'b', status: { ...STATUS, restricted_services: [] } }))).toEqual(['b restricts no API']);
    expect(told('perimeter-dry-run', list({ name: 'a', spec: STATUS }))).toEqual(['a has a spec and restricts no service in status']);
    expect(one('perimeter-open', TYPE, { perimeter_type: 'PERIMETER_TYPE_BRIDGE', status: { resources: ['projects/1'] } })).toEqual([]);
  });
});

describe('services of others', () => {
  const target = 'projects/vendor/regions/r/serviceAttachments/a';
  const endpoint = (of: string): object => ({ name: 'e', region: 'r', load_balancing_scheme: '', ip_address: '10.0.0.9', target: of });
  const UNKNOWN = 'low possible which service it leads to is not known before the plan is applied';
  const theirs = (type: string, values: object) => one('endpoint-of-another-party', type, values);

  test('are told that a balancer or another service leads to', () => {
    const other = (type: string, values: object) => theirs(type, values).length;
    expect([
      other('google_compute_region_network_endpoint_group', { network_endpoint_type: 'PRIVATE_SERVICE_CONNECT', psc_target_service: target }),
      other('google_apigee_endpoint_attachment', { service_attachment: target }),
      other('google_integration_connectors_endpoint_attachment', { service_attachment: target }),
      other('google_integration_connectors_connection', { destination_config: [{ key: 'url', destination: [{ service_attachment: target }] }] }),
      other('google_looker_instance', { psc_enabled: true, psc_config: { service_attachments: [{ target_service_attachment_uri: target }] } }),
    ]).toEqual([1, 1, 1, 1, 1]);
    expect(other('google_compute_region_network_endpoint_group', { psc_target_service: 'europe-west1-cloudkms.googleapis.com' })).toBe(0);
    expect(told('endpoint-of-another-party', { google_compute_service_attachment: { a: { name: 'a' } }, google_compute_region_network_endpoint_group: { x: { psc_target_service: '${google_compute_service_attachment.a.self_link}' } } })).toEqual([]);
  });

  test.each<[string, string, Resources, readonly string[]]>([
    ['a resource of their own provider', '${mongodbatlas_privatelink_endpoint.p.service_attachment_names[0]}', { mongodbatlas_privatelink_endpoint: { p: { region: 'r' } } },
      ['low it leads to a service that mongodbatlas_privatelink_endpoint.p names, and nothing limits what is sent there; no policy file was given (--policy) to say whether that is meant']],
    ['what only hands on', '${terraform_data.t.output}', { terraform_data: { t: { input: 'x' } } }, [UNKNOWN]],
    ['nobody knows what', '${var.service}', {}, [UNKNOWN]],
    ['an output of another plan', '${data.terraform_remote_state.s.outputs.service}', {}, [UNKNOWN]],
    ['a database of the plan', '${google_sql_database_instance.d.psc_service_attachment_link}', { google_sql_database_instance: { d: { name: 'd' } } }, []],
  ])('whose name tells %s', (_, of, resources, expected) => {
    const all = { ...resources, google_compute_forwarding_rule: { x: endpoint(of) } };
    expect(told('endpoint-of-another-party', all)).toEqual(expected);
    expect(theirs('google_compute_region_network_endpoint_group', { psc_target_service: '${var.service}' })).toEqual([UNKNOWN]);
  });

  test('are none that a balancer with a hidden proxy leads to', () => {
    expect(theirs('google_compute_forwarding_rule', { ...endpoint('${var.proxy}'), load_balancing_scheme: 'INTERNAL_MANAGED' })).toEqual([]);
    expect(theirs('google_compute_forwarding_rule', { name: 'e', target: '${var.proxy}' })).toEqual([]);
  });

  test('get endpoints where a connection policy is for them', () => {
    const connections = (service_class: string, psc_config: object = {}) => theirs('google_network_connectivity_service_connection_policy', { service_class, psc_config: [{ subnetworks: ['s'], ...psc_config }] }).map((message) => message.replace(/;.*/, ''));
    expect([connections('gcp-memorystore-redis'), connections('google-cloud-sql')]).toEqual([[], []]);
    expect(connections('vendor-lake')).toEqual(['low services of vendor-lake, which somebody publishes, get endpoints in its subnets, whoever makes one']);
    expect(connections('google-cloud-sql', { producer_instance_location: 'CUSTOM_RESOURCE_HIERARCHY_LEVELS', allowed_google_producers_resource_hierarchy_level: ['projects/vendor'] }))
      .toEqual(['low services of projects/vendor get endpoints in its subnets, whoever makes one']);
  });
});
