/** Services of Google's that deliver to hosts outside by themselves, past every network. */
import type { GoogleModel } from '../../model/google/google-model';
import { isPublic } from '../../model/google/questions';
import type { Resource } from '../../plan/resource-graph';
import type { Check, Hit } from '../check';
import { blocksAt, flagAt, hiddenAt, hiddenBlockAt, textAt, textsAt } from '../../model/google/reading';
import { deliveriesIn, deliveryTo, hostOf, type CloudNames, type Delivery } from '../deliveries';

export const check: Check<GoogleModel> = {
  id: 'managed-service-egress',
  title: 'service that delivers to hosts outside',
  severity: 'low',
  why: 'Google delivers from a network of its own: who may publish a message, add a task, ask for a package, or call the balancer sends it out, and no rule, route or proxy of the network sees it.',
  fix: 'Take the delivery away, or let a workload behind the network\'s rules fetch what is to go out; accept what is meant in egress-review.yaml.',
  references: [
    'https://cloud.google.com/pubsub/docs/push',
    'https://cloud.google.com/tasks/docs/creating-http-target-tasks',
    'https://cloud.google.com/load-balancing/docs/negs/internet-neg-concepts',
    'https://cloud.google.com/artifact-registry/docs/repositories/remote-overview',
    'https://cloud.google.com/bigquery/docs/omni-introduction',
  ],
  comparable: [],
  *run({ model: { graph, workloads } }) {
    yield* deliveriesIn(graph, DELIVERIES, NAMES);
    for (const { type, counts, where } of PARTIES) {
      for (const resource of graph.ofType(type)) if (resource.mode === 'managed' && counts(resource)) yield { address: resource.address, message: `${resource.address} delivers to ${where}` };
    }
    for (const queue of graph.ofType('google_cloud_tasks_queue')) {
      if (queue.mode === 'managed' && !isBoundToHost(queue)) yield { address: queue.address, message: `${queue.address} delivers to any host that a task names: no http_target overrides it`, confidence: 'possible' };
    }
    for (const [type, blocks, path, named] of DOCUMENTS) {
      for (const resource of graph.ofType(type)) {
        const texts = blocksAt(resource, blocks).map((block) => textAt(resource, [...block, path]) ?? '').map((text) => (path === 'contents' ? Buffer.from(text, 'base64').toString('utf8') : text));
        const hosts = new Set(texts.flatMap((text) => [...text.matchAll(named)].map(([, url]) => hostOf(url))));
        if (resource.mode === 'managed') for (const host of hosts) yield* deliveryTo(graph, resource, host, NAMES);
      }
    }
    for (const { resource, leavesDirectly } of workloads) {
      const pool = leavesDirectly === undefined ? POOLS[resource.type] : undefined;
      if (pool && isBuilt(resource, pool)) yield { address: resource.address, message: `${resource.address} is built in the default pool of Cloud Build, which reaches any host: ${pool.join('.')} names no other`, confidence: 'possible' };
    }
    // https://cloud.google.com/composer/docs/composer-3/change-networking-type#private-builds
    for (const environment of graph.ofType('google_composer_environment')) {
      const path = ['config', 0, 'enable_private_builds_only'];
      const isThird = /^composer-3[.-]/.test(textAt(environment, ['config', 0, 'software_config', 0, 'image_version']) ?? '');
      if (environment.mode === 'managed' && isThird && flagAt(environment, ['config', 0, 'enable_private_environment']) === true && flagAt(environment, path) !== true && hiddenAt(environment, path) === undefined) {
        yield { address: environment.address, message: `${environment.address} installs its packages in builds that reach any host: enable_private_builds_only is off`, confidence: 'possible' };
      }
    }
    // https://cloud.google.com/integration-connectors/docs/reference/rest/v1/projects.locations.providers
    for (const connection of graph.ofType('google_integration_connectors_connection')) {
      const [, provider, connector] = /\/providers\/([^/]+)\/connectors\/([^/]+)/.exec(textAt(connection, 'connector_version') ?? '') ?? [];
      // What names its host is told by that.
      const hasHost = connection.elements('destination_config').length > 0 || hiddenBlockAt(connection, 'destination_config') !== undefined;
      if (connection.mode === 'managed' && provider !== undefined && provider !== 'gcp' && !hasHost) yield { address: connection.address, message: `${connection.address} delivers to ${connector ?? provider}, whose connector ${provider} provides` };
    }
    for (const repository of graph.ofType('google_artifact_registry_repository')) if (repository.mode === 'managed') yield* fetches(repository);
  },
};

/** Every task by HTTP names an address, which its queue may replace. https://cloud.google.com/tasks/docs/creating-http-target-tasks#queue-level_routing */
function isBoundToHost(queue: Resource): boolean {
  const override = ['http_target', 0, 'uri_override', 0];
  const isSaid = textAt(queue, [...override, 'host']) !== undefined || hiddenAt(queue, [...override, 'host']) !== undefined;
  return isSaid && textAt(queue, [...override, 'uri_override_enforce_mode']) !== 'IF_NOT_EXISTS';
}

/** Where what is built from source names its pool. https://cloud.google.com/functions/docs/securing/build-custom-pool */
const POOLS: Readonly<Record<string, readonly string[]>> = {
  google_cloudfunctions_function: ['build_worker_pool'],
  google_cloudfunctions2_function: ['build_config', 'worker_pool'],
  google_cloud_run_v2_service: ['build_config', 'worker_pool'],
};

/** Commands of packages run while something is built. What leaves by itself is told as that. */
function isBuilt(resource: Resource, pool: readonly string[]): boolean {
  return blocksAt(resource, pool.slice(0, -1)).map((block) => [...block, ...pool.slice(-1)]).some((path) => textAt(resource, path) === undefined && hiddenAt(resource, path) === undefined);
}

/**
 * A remote repository asks its upstream for whatever name a caller asks it for, and hands back what that answers.
 * https://cloud.google.com/artifact-registry/docs/repositories/remote-overview
 */
function* fetches(repository: Resource): Iterable<Hit> {
  const config = ['remote_repository_config', 0];
  if (repository.elements('remote_repository_config').length === 0 && hiddenBlockAt(repository, 'remote_repository_config') === undefined) return;
  const custom = [[...config, 'common_repository', 0, 'uri'], ...UPSTREAMS.map((format) => [...config, `${format}_repository`, 0, 'custom_repository', 0, 'uri'])];
  const [path] = custom.filter((each) => textAt(repository, each) !== undefined || hiddenAt(repository, each) !== undefined);
  const message = (upstream: string) => `${repository.address} asks ${upstream} for whatever name a caller asks it for`;
  if (path === undefined) {
    yield { address: repository.address, message: message('a public registry'), severity: 'info' };
    return;
  }
  const text = textAt(repository, path);
  // Another repository of Artifact Registry.
  if (text !== undefined && (/^projects\//.test(text) || /(^|\.)pkg\.dev$/.test(hostOf(text) ?? ''))) return;
  if (text === undefined && repository.references(path, { types: ['google_artifact_registry_repository'] }).targets.length > 0) return;
  yield { address: repository.address, message: message(hostOf(text) ?? 'a host that the plan does not tell') };
}

const UPSTREAMS = ['docker', 'maven', 'npm', 'python'];

interface Party {
  readonly type: string;
  readonly counts: (resource: Resource) => boolean;
  readonly where: string;
}

const isOf = (kind: string) => (resource: Resource): boolean => textAt(resource, 'type') === kind;
const has = (block: string) => (resource: Resource): boolean => resource.elements(block).length > 0;

/** What goes to somebody by name, not by address. */
const PARTIES: readonly Party[] = [
  // https://cloud.google.com/monitoring/support/notification-options
  { type: 'google_monitoring_notification_channel', counts: isOf('slack'), where: 'Slack' },
  { type: 'google_monitoring_notification_channel', counts: isOf('pagerduty'), where: 'PagerDuty' },
  // Results of queries are written there by EXPORT DATA. https://cloud.google.com/bigquery/docs/omni-introduction#export_data
  { type: 'google_bigquery_connection', counts: has('aws'), where: 'buckets of Amazon S3' },
  { type: 'google_bigquery_connection', counts: has('azure'), where: 'containers of Azure Blob Storage' },
  // https://cloud.google.com/storage-transfer/docs/file-system-transfers: agents run wherever somebody starts them.
  { type: 'google_storage_transfer_job', counts: (resource) => resource.elements(['transfer_spec', 0, 'posix_data_sink']).length > 0, where: 'a file system of whoever runs the agents of its pool' },
  // What is ingested comes in; a federated search sends its questions out, and an action writes there.
  // https://cloud.google.com/gemini/enterprise/docs/connectors/introduction-to-connectors-and-data-stores
  { type: 'google_discovery_engine_data_connector', counts: sendsToSource, where: 'its data source what users ask and do' },
  { type: 'google_blockchain_node_engine_blockchain_nodes', counts: () => true, where: 'the peers of a public blockchain' },
  // A name of Google's in front of a host on the internet, for whoever is granted it. https://cloud.google.com/developer-connect/docs/configure-git-proxy
  { type: 'google_developer_connect_connection', counts: (resource) => flagAt(resource, ['git_proxy_config', 0, 'enabled']) === true, where: 'the host of its connection what callers ask its proxy for' },
];

const SERVER = /\burl["']?\s*:\s*["']?(https?:[^"'\s,}]+)/g;
/** What a gateway hands calls on to. https://cloud.google.com/endpoints/docs/openapi/openapi-extensions#x-google-backend */
const BACKEND = /\baddress["']?\s*:\s*["']?([a-z]+:\/\/[^"'\s,}]+)/g;

/** Documents that name hosts, and where they stand: OpenAPI in YAML or JSON; `contents` are in base64. */
const DOCUMENTS: readonly (readonly [type: string, blocks: readonly string[], path: string, named: RegExp])[] = [
  ['google_dialogflow_cx_tool', ['open_api_spec'], 'text_schema', SERVER],
  ['google_ces_tool', ['open_api_tool'], 'open_api_schema', SERVER],
  ['google_ces_toolset', ['open_api_toolset'], 'open_api_schema', SERVER],
  // Of the provider google-beta.
  ['google_api_gateway_api_config', ['openapi_documents', 'document'], 'contents', BACKEND],
  ['google_endpoints_service', [], 'openapi_config', BACKEND],
];

const NAMES: CloudNames = {
  isOwn: (host) => /(^|\.)(googleapis\.com|run\.app|cloudfunctions\.net|appspot\.com|google\.internal)$/.test(host),
  hosted: /\.(run\.app|cloudfunctions\.net|appspot\.com)$/,
  hosts: ['google_cloud_run_service', 'google_cloud_run_v2_service', 'google_cloudfunctions_function', 'google_cloudfunctions2_function', 'google_app_engine_application'],
};

function sendsToSource(connector: Resource): boolean {
  const { values, unknown } = textsAt(connector, 'connector_modes');
  return unknown !== undefined || values.some((mode) => mode !== 'DATA_INGESTION');
}

/** Groups of a network's own machines have endpoints by address, too. */
function isOnInternet(endpoint: Resource): boolean {
  const address = endpoint.valueAt('ip_address');
  return typeof address !== 'string' || address === '' || isPublic(address);
}

const DELIVERIES: readonly Delivery[] = [
  { type: 'google_pubsub_subscription', at: 'push_config', path: 'push_endpoint' },
  { type: 'google_cloud_tasks_queue', at: 'http_target', path: ['uri_override', 0, 'host'] },
  { type: 'google_cloud_scheduler_job', at: 'http_target', path: 'uri' },
  { type: 'google_eventarc_trigger', at: 'destination', path: ['http_endpoint', 0, 'uri'] },
  { type: 'google_integration_connectors_connection', at: 'destination_config', path: ['destination', 0, 'host'] },
  // A balancer inside of the network hands calls on to these.
  { type: 'google_compute_global_network_endpoint', path: 'fqdn' },
  { type: 'google_compute_region_network_endpoint', path: 'fqdn' },
  { type: 'google_compute_global_network_endpoint', path: 'ip_address' },
  { type: 'google_compute_region_network_endpoint', path: 'ip_address', counts: isOnInternet },
  { type: 'google_dialogflow_cx_webhook', at: 'generic_web_service', path: 'uri' },
  { type: 'google_dialogflow_fulfillment', at: 'generic_web_service', path: 'uri' },
  { type: 'google_network_services_edge_cache_origin', path: 'origin_address' },
  // https://cloud.google.com/eventarc/advanced/docs/overview
  { type: 'google_eventarc_pipeline', at: 'destinations', path: ['http_endpoint', 0, 'uri'] },
  // https://cloud.google.com/bigquery/docs/remote-functions
  { type: 'google_bigquery_routine', at: 'remote_function_options', path: 'endpoint' },
  { type: 'google_monitoring_notification_channel', path: ['labels', 'url'], counts: (resource) => textAt(resource, 'type')?.startsWith('webhook') ?? true },
  { type: 'google_ces_toolset', at: 'mcp_toolset', path: 'server_address' },
  // Hosts that proxies of Apigee hand calls on to. https://cloud.google.com/apigee/docs/api-platform/deploy/load-balancing-across-backend-servers
  { type: 'google_apigee_target_server', path: 'host', counts: (resource) => flagAt(resource, 'is_enabled') !== false },
  // https://cloud.google.com/apigee/docs/apihub/plugins
  { type: 'google_apihub_plugin', at: 'hosting_service', path: 'service_uri' },
  // An agent is pushed there. https://cloud.google.com/dialogflow/cx/docs/concept/github
  { type: 'google_dialogflow_cx_agent', at: ['git_integration_settings', 0, 'github_settings'], path: 'repository_uri' },
  // Code is pushed there. https://cloud.google.com/dataform/docs/connect-repository
  { type: 'google_dataform_repository', at: 'git_remote_settings', path: 'url' },
  // https://cloud.google.com/secure-source-manager/docs/reference/rest/v1/projects.locations.repositories.hooks
  { type: 'google_secure_source_manager_hook', path: 'target_uri', counts: (resource) => flagAt(resource, 'disabled') !== true },
  // https://cloud.google.com/identity-platform/docs/blocking-functions
  { type: 'google_identity_platform_config', at: ['blocking_functions', 0, 'triggers'], path: 'function_uri' },
];
