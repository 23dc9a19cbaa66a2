/**
 * Services that run somebody's code in projects of Google's, in no network of the project, and leave
 * from there unless they are told otherwise.
 */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { keysAt } from './keys';
import { attachedTo, placesOf, serviceInterface, type DirectWay, type Workload } from './machines';
import type { GoogleNetwork, Networks } from './networks';
import { flagAt, hiddenAt, hiddenBlockAt, textAt } from './reading';

/** Whether a network has routes to the internet that a peering hands on. */
export type HandsOn = (network: GoogleNetwork) => boolean;

/** What the fate of a service depends on beside its own words. */
interface Around {
  readonly graph: ResourceGraph;
  readonly networks: Networks;
  readonly handsOn: HandsOn;
}

/** `undefined`: it runs nothing. */
type Fate = Pick<Workload, 'leavesDirectly' | 'staysInside'> | undefined;

interface Hosted {
  readonly type: string;
  fate(resource: Resource, around: Around): Fate;
  /** A network attachment, through which it has an interface in a network: it stays inside no more. */
  readonly attachment?: AttributePath;
  /** Where it is joined to a network, too. */
  readonly joins?: { readonly block: AttributePath; readonly subnet: string; readonly tags?: AttributePath };
}

const ALLOYDB = ['psc_instance_config', 0, 'psc_interface_configs', 0, 'network_attachment_resource'];
const CLOUD_SQL = ['settings', 0, 'ip_configuration', 0, 'psc_config', 0, 'network_attachment_uri'];

const HOSTED: readonly Hosted[] = [
  // https://cloud.google.com/build/docs/private-pools/private-pools-overview
  { type: 'google_cloudbuild_worker_pool', fate: workerPool, attachment: ['private_service_connect', 0, 'network_attachment'] },
  { type: 'google_cloudbuild_trigger', fate: trigger },
  { type: 'google_clouddeploy_target', fate: deployTarget },
  // https://cloud.google.com/data-fusion/docs/how-to/create-private-ip
  { type: 'google_data_fusion_instance', fate: (resource, around) => closedBy(resource, ['private_instance'], 'no private instance: it has public addresses', around), attachment: ['network_config', 0, 'private_service_connect_config', 0, 'network_attachment'] },
  // https://cloud.google.com/alloydb/docs/configure-private-ip: an instance gets its own way out only when asked for.
  { type: 'google_alloydb_instance', fate: (resource) => openedBy(resource, ['network_config', 0, 'enable_outbound_public_ip'], 'enable_outbound_public_ip: it leaves with public addresses of its own') ?? attachedAt(resource, ALLOYDB), attachment: ALLOYDB },
  // What a database calls (foreign servers, linked servers, replicas) it calls by the attachment. https://cloud.google.com/sql/docs/postgres/configure-private-service-connect#configure-psc-outbound-connectivity
  { type: 'google_sql_database_instance', fate: (resource) => attachedAt(resource, CLOUD_SQL), attachment: CLOUD_SQL },
  // https://cloud.google.com/vmware-engine/docs/networking/howto-vmware-engine-network-policies
  { type: 'google_vmwareengine_network_policy', fate: (resource) => openedBy(resource, ['internet_access', 0, 'enabled'], 'internet_access: machines of its private clouds leave through Google\'s gateway') },
  // https://cloud.google.com/colab/docs/runtime-template
  { type: 'google_colab_runtime_template', fate: colab, joins: { block: ['network_spec', 0], subnet: 'subnetwork', tags: ['network_tags'] } },
  // https://cloud.google.com/apigee/docs/api-platform/security/nat-overview
  { type: 'google_apigee_instance', fate: () => direct('Apigee calls targets on the internet from addresses of its own') },
  { type: 'google_workflows_workflow', fate: () => direct('a step of a workflow calls any public address') },
  { type: 'google_firebase_app_hosting_backend', fate: () => direct('its service runs outside of any vpc unless its own configuration names one') },
  { type: 'google_vertex_ai_reasoning_engine', fate: reasoningEngine },
  // https://cloud.google.com/vertex-ai/docs/training/psc-i-egress
  { type: 'google_vertex_ai_persistent_resource', fate: (resource) => trained(resource) },
  { type: 'google_vertex_ai_pipeline_job', fate: (resource) => trained(resource) },
  { type: 'google_vertex_ai_schedule', fate: (resource) => trained(resource, ['create_pipeline_job_request', 0, 'pipeline_job', 0]) },
  { type: 'google_vertex_ai_endpoint_deployed_model', fate: () => direct('its model server runs outside of any vpc, where it is one of yours', false) },
  // https://docs.cloud.google.com/gemini-enterprise-agent-platform/govern/gateways/agent-gateway-overview
  { type: 'google_network_services_agent_gateway', fate: agentGateway },
  { type: 'google_vertex_ai_endpoint_with_model_garden_deployment', fate: modelServer },
  { type: 'google_colab_notebook_execution', fate: notebook },
  { type: 'google_colab_runtime', fate: (resource) => ofTemplate(resource, ['notebook_runtime_template_ref', 0, 'notebook_runtime_template']) },
  { type: 'google_colab_schedule', fate: (resource) => ofTemplate(resource, ['create_notebook_execution_job_request', 0, 'notebook_execution_job', 0, 'notebook_runtime_template_resource_name']) },
  { type: 'google_bigquery_routine', fate: routine },
  // https://cloud.google.com/application-integration/docs/configure-call-rest-endpoint-task
  { type: 'google_integrations_client', fate: () => direct('an integration calls any public address, and which there are is in no plan', false) },
  { type: 'google_firebase_extensions_instance', fate: () => direct('its functions run outside of any vpc unless its own configuration names one') },
  // https://cloud.google.com/customer-engagement-ai/conversational-agents/ps/tool/python
  { type: 'google_ces_tool', fate: (resource) => (resource.elements('python_function').length > 0 || hiddenBlockAt(resource, 'python_function') !== undefined ? direct('its code runs outside of any vpc, and what it may call is in no plan', false) : undefined) },
  ...['google_oracle_database_cloud_vm_cluster', 'google_oracle_database_exadb_vm_cluster', 'google_oracle_database_autonomous_database', 'google_oracle_database_db_system'].map((type): Hosted => (
    { type, fate: () => direct('it runs in a network of Oracle\'s: what leads out of that is in no plan', false) })),
  { type: 'google_vmwareengine_private_cloud', fate: privateCloud },
  { type: 'google_looker_instance', fate: looker },
  // https://cloud.google.com/tpu/docs/system-architecture-tpu-vm#tpu-node: its hosts are Google's.
  { type: 'google_tpu_node', fate: () => direct('its hosts run in a network of Google\'s: what leads out of that is not in the plan', false) },
];

export function hostedServices(graph: ResourceGraph, networks: Networks, handsOn: HandsOn): readonly Workload[] {
  const around = { graph, networks, handsOn };
  return HOSTED.flatMap(({ type, fate, joins, attachment }) => graph.ofType(type).flatMap((resource): readonly Workload[] => {
    const found = fate(resource, around);
    if (!found) return [];
    const interfaces = (joins ? placesOf(resource, joins.block, networks, { network: 'network', subnet: joins.subnet }) : []).filter(({ named }) => named.length > 0)
      .map((place) => serviceInterface(resource.address, place, joins?.tags ? { networkTags: keysAt(resource, joins.tags, []) } : {}, 'no'));
    const attached = attachment && attachedTo(resource, attachment, networks);
    if (attached) return [{ address: resource.address, resource, interfaces: [serviceInterface(resource.address, attached, {}, 'no')], ...(found.leavesDirectly ? { leavesDirectly: found.leavesDirectly } : {}) }];
    return [{ address: resource.address, resource, interfaces, ...found }];
  }));
}

function direct(reason: string, isSure = true): { readonly leavesDirectly: DirectWay } {
  return { leavesDirectly: { reason, isSure } };
}

/** It leaves where a flag says so. */
function openedBy(resource: Resource, path: AttributePath, reason: string): Fate {
  if (flagAt(resource, path) === true) return direct(reason);
  const hidden = hiddenAt(resource, path);
  return hidden === undefined ? undefined : direct(hidden, false);
}

/** It calls nobody but by an attachment, where it has one. */
function attachedAt(resource: Resource, attachment: AttributePath): Fate {
  return textAt(resource, attachment) === undefined && hiddenAt(resource, attachment) === undefined ? undefined : { staysInside: 'it calls others by its network attachment alone' };
}

/** It leaves unless a flag says otherwise; its network, which is peered with one of the project, may be shown a way even then. */
function closedBy(resource: Resource, path: AttributePath, reason: string, around: Around): Fate {
  const hidden = hiddenAt(resource, path);
  if (hidden !== undefined) return direct(hidden, false);
  if (flagAt(resource, path) !== true) return direct(reason);
  const exported = exportsRoutes(around);
  return exported === undefined ? { staysInside: `${resource.address} has no public address, and no route of the project leads further` } : direct(exported, false);
}

/**
 * Why the networks of Google's services may get routes of ours: by default a peering gives them none, and what leads
 * to the internet gateway never. https://cloud.google.com/vpc/docs/vpc-peering#import-export-routes
 */
function exportsRoutes({ graph, networks, handsOn }: Around): string | undefined {
  const config = graph.ofType('google_compute_network_peering_routes_config').filter((each) => flagAt(each, 'export_custom_routes') !== false).find((each) => {
    const named = networks.namedAt(each, 'network');
    return named.length === 0 || named.some((network) => network.isForeign || handsOn(network));
  });
  return config && `${config.address} gives a peered service the routes of the network: what they lead to is not in the plan`;
}

/**
 * Looker delivers results by itself, wherever its users say: to addresses, hooks and buckets. A private instance leaves by its
 * peering or by endpoints alone, also where it answers at a public address. https://cloud.google.com/looker/docs/looker-core-networking-options
 */
function looker(resource: Resource, around: Around): Fate {
  const ways = [['private_ip_enabled'], ['psc_enabled']];
  const isPrivate = ways.some((path) => flagAt(resource, path) === true);
  const exported = isPrivate ? exportsRoutes(around) : undefined;
  if (isPrivate) return exported === undefined ? { staysInside: `${resource.address} leaves by its private connections alone` } : direct(exported, false);
  const hidden = ways.map((path) => hiddenAt(resource, path)).find((each) => each !== undefined);
  if (hidden !== undefined) return direct(hidden, false);
  return flagAt(resource, ['controlled_egress_enabled']) === true
    ? direct('controlled_egress_enabled: which of its hosts its users reach is not read', false)
    : direct('no private connection: it delivers from an address of its own');
}

function workerPool(resource: Resource, around: Around): Fate {
  if (resource.elements('private_service_connect').length > 0) return closedBy(resource, ['private_service_connect', 0, 'disable_public_ip_address'], 'its workers have public addresses', around);
  return closedBy(resource, ['worker_config', 0, 'no_external_ip'], 'no_external_ip is off: its workers have public addresses', around);
}

function trigger(resource: Resource): Fate {
  const pool = ['build', 0, 'options', 0, 'worker_pool'];
  const hidden = hiddenAt(resource, pool) ?? hiddenBlockAt(resource, 'build');
  if (textAt(resource, pool) !== undefined || (hidden !== undefined && resource.references(pool, { types: ['google_cloudbuild_worker_pool'] }).targets.length > 0)) return undefined;
  if (hidden !== undefined) return direct(hidden, false);
  return resource.elements('build').length > 0
    ? direct('its builds run in the default pool of Cloud Build, with public addresses')
    : direct('its builds run in the default pool of Cloud Build, unless their build file names a private one', false);
}

/** https://cloud.google.com/deploy/docs/execution-environment: rendering, hooks and tests run in Cloud Build. */
function deployTarget(resource: Resource): Fate {
  const configs = resource.elements('execution_configs');
  const isPooled = configs.length > 0 && configs.every((path) => textAt(resource, [...path, 'worker_pool']) !== undefined || hiddenAt(resource, [...path, 'worker_pool']) !== undefined);
  return isPooled ? undefined : direct('its hooks and tests run in the default pool of Cloud Build, with public addresses, where its configuration has any', false);
}

function colab(resource: Resource): Fate {
  return internetAccess(resource, ['network_spec']);
}

function internetAccess(resource: Resource, block: AttributePath): Fate {
  const path = [...block, 0, 'enable_internet_access'];
  const hidden = hiddenAt(resource, path) ?? hiddenBlockAt(resource, block);
  if (hidden !== undefined) return direct(hidden, false);
  const flag = flagAt(resource, path);
  if (flag === false) return { staysInside: 'enable_internet_access is off' };
  return flag === true ? direct('enable_internet_access is on') : direct('enable_internet_access is not said', false);
}

/** Jobs of Vertex AI. A network that they are joined to is reached besides: by default they leave as before. */
function trained(resource: Resource, at: AttributePath = []): Fate {
  const joined = textAt(resource, [...at, 'network']) ?? hiddenAt(resource, [...at, 'network']) ?? hiddenBlockAt(resource, [...at, 'psc_interface_config']);
  return joined === undefined && resource.elements([...at, 'psc_interface_config']).length === 0
    ? direct('its jobs run outside of any vpc')
    : direct('its jobs run outside of any vpc: a network that they are joined to is reached besides, and what else they reach is not in the plan', false);
}

/** One before a proxy of ours leaves by that. */
function agentGateway(resource: Resource): Fate {
  const path = ['google_managed', 0, 'governed_access_path'];
  const leadsOut = textAt(resource, path) === 'AGENT_TO_ANYWHERE';
  const hidden = hiddenAt(resource, path) ?? hiddenBlockAt(resource, 'google_managed');
  return leadsOut || hidden !== undefined ? direct('AGENT_TO_ANYWHERE: which hosts agents reach through it is not in the plan', false) : undefined;
}

/** Models of publishers bring their own server; any other, and a container that somebody names, is somebody's code. */
function modelServer(resource: Resource): Fate {
  const container = ['model_config', 0, 'container_spec'];
  const isOwn = resource.elements(container).length > 0 || hiddenBlockAt(resource, container) !== undefined || textAt(resource, 'publisher_model_name') === undefined;
  return isOwn ? direct('its model server runs outside of any vpc, and leaves through gateways of Google\'s') : undefined;
}

function notebook(resource: Resource): Fate {
  const custom = ['custom_environment_spec'];
  if (resource.elements(custom).length > 0 || hiddenBlockAt(resource, custom) !== undefined) return internetAccess(resource, [...custom, 0, 'network_spec']);
  return ofTemplate(resource, ['notebook_runtime_template_resource_name']);
}

/** A template of the plan stands for what is made of it. */
function ofTemplate(resource: Resource, path: AttributePath): Fate {
  const isOwn = resource.references(path, { types: ['google_colab_runtime_template'] }).targets.some(({ mode }) => mode === 'managed');
  return isOwn ? undefined : direct('its runtime template is not in the plan: it may have internet access', false);
}

/** https://cloud.google.com/bigquery/docs/spark-procedures and https://cloud.google.com/bigquery/docs/user-defined-functions-python: SQL calls nobody, Spark and Python with a connection may. */
function routine(resource: Resource): Fate {
  const runs = ['spark_options', 'external_runtime_options'].some((block) => resource.elements(block).length > 0 || hiddenBlockAt(resource, block) !== undefined);
  return runs ? direct('its code runs outside of any vpc, and what it may call is in no plan', false) : undefined;
}

/** Without a network policy, which stands for itself, its machines leave by what the peered network hands on. */
function privateCloud(_: Resource, { graph, networks, handsOn }: Around): Fate {
  const peering = graph.ofType('google_vmwareengine_network_peering').find((each) => flagAt(each, 'import_custom_routes') !== false && networks.namedAt(each, 'peer_network').some((network) => !network.isForeign && handsOn(network)));
  return peering && direct(`${peering.address} gives its machines the routes of a network that lead to the internet`, false);
}

function reasoningEngine(resource: Resource): Fate {
  const joined = ['spec', 0, 'deployment_spec', 0, 'psc_interface_config'];
  return resource.elements(joined).length > 0 || hiddenBlockAt(resource, joined) !== undefined
    ? direct('its network attachment leads into a network: what that lets out is not in the plan', false)
    : direct('the agent runs outside of any vpc');
}
