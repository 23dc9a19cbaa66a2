/** Services that make machines in a network of the project: notebooks, clusters, pipelines, workstations. */
import { isSameAccount } from '../../plan/accounts';
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { Having } from './interfaces';
import { DEFAULT_ACCOUNT, joinKeys, keysAt, keysOf, NO_KEYS, unknownKeys, type Keys } from './keys';
import { accountAt, attachedTo, placesOf, publicUnless, serviceInterface, type DirectWay, type Workload } from './machines';
import type { Networks } from './networks';
import { blocksAt, flagAt, hiddenAt, hiddenBlockAt, textAt, textsAt, whyElsewhere } from './reading';

interface Service {
  readonly type: string;
  /** Where network and subnet stand. */
  readonly block: AttributePath;
  readonly network?: string;
  readonly subnet: string;
  readonly tags?: AttributePath | ((resource: Resource) => Keys);
  readonly account?: AttributePath;
  /** Where it says that it may send from addresses that are not its own. */
  readonly forwards?: AttributePath;
  /** Where network and subnet are another resource's. */
  readonly owner?: { readonly named: string; readonly type: string };
  publicIpv4(resource: Resource): Having;
  /** False for one that makes no machines. Default: it does. */
  makesMachines?(resource: Resource): boolean;
  /** Where a network attachment stands, through which it reaches a network instead. */
  readonly attachment?: AttributePath;
  /** Why it is in no network where it names none. Default: it is in the default network then. */
  standsApart?(resource: Resource): string | undefined;
  /** Default: everything leaves through the network. */
  leavesDirectly?(resource: Resource): DirectWay | undefined;
}

const DATAPROC = ['gce_cluster_config', 0];
const WORKFLOW = ['placement', 0, 'managed_cluster', 0, 'config', 0, ...DATAPROC];
const EXECUTION = ['environment_config', 0, 'execution_config', 0];
const RUNTIME = ['virtual_machine', 0, 'virtual_machine_config', 0];

const QUEUED = ['tpu', 0, 'node_spec', 0, 'node', 0, 'network_config', 0];

const CONNECT = ['gcp_config', 0, 'access_config', 0, 'network_configs', 0];

const COMPOSER_NODES = ['config', 0, 'node_config', 0];

/** Pipelines that launch jobs of Dataflow. */
const PIPELINES: readonly AttributePath[] = [
  ['workload', 0, 'dataflow_launch_template_request', 0, 'launch_parameters', 0, 'environment', 0],
  ['workload', 0, 'dataflow_flex_template_request', 0, 'launch_parameter', 0, 'environment', 0],
];

const SERVICES: readonly Service[] = [
  { type: 'google_workbench_instance', block: ['gce_setup', 0, 'network_interfaces', 0], subnet: 'subnet', tags: ['gce_setup', 0, 'tags'], account: ['gce_setup', 0, 'service_accounts', 0, 'email'], forwards: ['gce_setup', 0, 'enable_ip_forwarding'], publicIpv4: (resource) => (blocksAt(resource, ['gce_setup', 'network_interfaces', 'access_configs']).length > 0 ? 'yes' : publicUnless(resource, ['gce_setup', 0, 'disable_public_ip'])) },
  { type: 'google_notebooks_instance', block: [], subnet: 'subnet', tags: ['tags'], account: ['service_account'], publicIpv4: (resource) => publicUnless(resource, ['no_public_ip']) },
  { type: 'google_notebooks_runtime', block: RUNTIME, subnet: 'subnet', tags: [...RUNTIME, 'tags'], publicIpv4: (resource) => publicUnless(resource, [...RUNTIME, 'internal_ip_only']) },
  { type: 'google_dataproc_cluster', block: ['cluster_config', 0, ...DATAPROC], subnet: 'subnetwork', tags: ['cluster_config', 0, ...DATAPROC, 'tags'], account: ['cluster_config', 0, ...DATAPROC, 'service_account'], publicIpv4: (resource) => publicUnless(resource, ['cluster_config', 0, ...DATAPROC, 'internal_ip_only']), makesMachines: (resource) => resource.elements('virtual_cluster_config').length === 0 },
  { type: 'google_dataproc_workflow_template', block: WORKFLOW, subnet: 'subnetwork', tags: [...WORKFLOW, 'tags'], account: [...WORKFLOW, 'service_account'], publicIpv4: (resource) => publicUnless(resource, [...WORKFLOW, 'internal_ip_only']), makesMachines: (resource) => resource.elements(['placement', 0, 'cluster_selector']).length === 0 },
  // Serverless Spark has internal addresses only. https://cloud.google.com/dataproc-serverless/docs/concepts/network
  { type: 'google_dataproc_batch', block: EXECUTION, network: 'network_uri', subnet: 'subnetwork_uri', tags: [...EXECUTION, 'network_tags'], account: [...EXECUTION, 'service_account'], publicIpv4: () => 'no' },
  { type: 'google_dataproc_session_template', block: EXECUTION, network: 'network_uri', subnet: 'subnetwork_uri', tags: [...EXECUTION, 'network_tags'], account: [...EXECUTION, 'service_account'], publicIpv4: () => 'no' },
  // https://cloud.google.com/vertex-ai/docs/reference/rest/v1beta1/projects.locations.modelDevelopmentClusters
  { type: 'google_vertex_ai_model_development_cluster', block: ['network', 0], subnet: 'subnetwork', publicIpv4: (resource) => anyPublic(blocksAt(resource, ['node_pools']).map((pool) => publicIf(resource, [...pool, 'enable_public_ips']))) },
  // https://cloud.google.com/dataplex/docs/schedule-custom-spark-tasks: Serverless Spark, too.
  ...['spark', 'notebook'].map((kind): Service => {
    const block = [kind, 0, 'infrastructure_spec', 0, 'vpc_network', 0];
    return { type: 'google_dataplex_task', block, subnet: 'sub_network', tags: [...block, 'network_tags'], account: ['execution_spec', 0, 'service_account'], publicIpv4: () => 'no', makesMachines: (resource) => resource.elements(kind).length > 0 || hiddenBlockAt(resource, kind) !== undefined };
  }),
  ...PIPELINES.map((block): Service => ({ type: 'google_data_pipeline_pipeline', block, subnet: 'subnetwork', tags: (resource) => workerTags(resource, block), account: [...block, 'service_account_email'], publicIpv4: (resource) => workers(resource, block), makesMachines: (resource) => resource.elements(block.slice(0, 3)).length > 0 })),
  { type: 'google_dataflow_job', block: [], subnet: 'subnetwork', tags: workerTags, account: ['service_account_email'], publicIpv4: (resource) => workers(resource) },
  { type: 'google_dataflow_flex_template_job', block: [], subnet: 'subnetwork', tags: workerTags, account: ['service_account_email'], publicIpv4: (resource) => workers(resource) },
  { type: 'google_composer_environment', block: ['config', 0, 'node_config', 0], subnet: 'subnetwork', tags: ['config', 0, 'node_config', 0, 'tags'], account: ['config', 0, 'node_config', 0, 'service_account'], publicIpv4: composerAddresses, leavesDirectly: composer3, attachment: [...COMPOSER_NODES, 'composer_network_attachment'], standsApart: composerApart },
  // Workers have an interface in the subnet, and no public address. https://cloud.google.com/managed-service-for-apache-kafka/docs/connect-cluster/create-connect-cluster
  { type: 'google_managed_kafka_connect_cluster', block: CONNECT, subnet: 'primary_subnet', publicIpv4: () => 'no' },
  { type: 'google_tpu_v2_vm', block: ['network_config', 0], subnet: 'subnetwork', tags: ['tags'], account: ['service_account', 0, 'email'], publicIpv4: (resource) => publicIf(resource, ['network_config', 0, 'enable_external_ips']) },
  { type: 'google_tpu_v2_queued_resource', block: QUEUED, subnet: 'subnetwork', publicIpv4: (resource) => publicIf(resource, [...QUEUED, 'enable_external_ips']) },
  // https://cloud.google.com/appengine/docs/flexible/disable-external-ip
  { type: 'google_app_engine_flexible_app_version', block: ['network', 0], network: 'name', subnet: 'subnetwork', tags: ['network', 0, 'instance_tag'], account: ['service_account'], publicIpv4: flexible },
  {
    type: 'google_workstations_workstation_config', block: [], subnet: 'subnetwork', owner: { named: 'workstation_cluster_id', type: 'google_workstations_workstation_cluster' },
    tags: ['host', 0, 'gce_instance', 0, 'tags'], account: ['host', 0, 'gce_instance', 0, 'service_account'], publicIpv4: (resource) => publicUnless(resource, ['host', 0, 'gce_instance', 0, 'disable_public_ip_addresses']),
  },
];

export function managedMachines(graph: ResourceGraph, networks: Networks): readonly Workload[] {
  return SERVICES.flatMap((service) => graph.ofType(service.type).filter((resource) => service.makesMachines?.(resource) ?? true).map((resource): Workload => {
    const references = service.owner && resource.references(service.owner.named, { types: [service.owner.type] });
    const owners = service.owner && references ? (references.targets.length > 0 ? references.targets : namedOwners(resource, service.owner, graph)) : [resource];
    const everywhere = owners.flatMap((owner) => placesOf(owner, service.block, networks, { network: service.network ?? 'network', subnet: service.subnet }));
    const places = everywhere.filter(({ doubt }) => doubt === undefined);
    const own = places.flatMap((place) => place.named);
    // What is named in another plan is not the default network.
    const told = own.length > 0 || owners.length === 0 ? own : networks.namedOrDefault(resource);
    const named = told.length > 0 && !(references && whyElsewhere(resource, references)) ? told : [...told, ...networks.stranger(`the network of ${resource.address}`)];
    const direct = service.leavesDirectly?.(resource);
    const attached = service.attachment ? attachedTo(resource, service.attachment, networks) : undefined;
    const apart = own.length === 0 && !attached ? service.standsApart?.(resource) : undefined;
    if (apart !== undefined) return { address: resource.address, resource, interfaces: [], ...(direct ? { leavesDirectly: direct } : { staysInside: apart }) };
    const keys = {
      networkTags: typeof service.tags === 'function' ? service.tags(resource) : service.tags ? keysAt(resource, service.tags, []) : NO_KEYS,
      accounts: service.account ? accountAt(resource, service.account) : keysOf([DEFAULT_ACCOUNT]),
    };
    const forwards = service.forwards !== undefined && (flagAt(resource, service.forwards) === true || hiddenAt(resource, service.forwards) !== undefined) ? true as const : undefined;
    return {
      address: resource.address,
      resource,
      interfaces: [own.length === 0 && attached ? attached : { named, subnets: places.flatMap((place) => place.subnets) }, ...everywhere.filter(({ doubt }) => doubt !== undefined)]
        .map((place) => serviceInterface(resource.address, place, keys, service.publicIpv4(resource)))
        .map((made) => (forwards ? { ...made, forwards, carrier: { ...made.carrier, forwards } } : made)),
      ...(direct ? { leavesDirectly: direct } : {}),
    };
  }));
}

/** A state has no references, and the name that the owner has. Of two files it is one where both tell the same project. */
function namedOwners(resource: Resource, { named, type }: { readonly named: string; readonly type: string }, graph: ResourceGraph): readonly Resource[] {
  const name = textAt(resource, named);
  return name === undefined ? [] : graph.ofType(type).filter((each) => {
    const isSame = isSameAccount(resource, each, graph.providerAccounts);
    return textAt(each, named) === name && textAt(each, 'location') === textAt(resource, 'location') && (each.file === resource.file ? isSame !== false : isSame === true);
  });
}

function workers(resource: Resource, block: AttributePath = []): Having {
  const path = [...block, 'ip_configuration'];
  const text = textAt(resource, path);
  const hidden = hiddenAt(resource, path);
  return text === 'WORKER_IP_PRIVATE' ? 'no' : hidden === undefined ? 'yes' : { unknown: hidden };
}

/**
 * Workers of Dataflow carry a tag of their own, and those that an experiment names.
 * https://cloud.google.com/dataflow/docs/guides/routes-firewall#network-tags-enable
 */
function workerTags(resource: Resource, block: AttributePath = []): Keys {
  const { values, unknown } = textsAt(resource, [...block, 'additional_experiments']);
  const named = values.flatMap((text) => /^use_network_tags(?:_for_flex_templates)?=(.+)$/.exec(text)?.[1]?.split(';') ?? []);
  return joinKeys([keysOf(['dataflow', ...named]), ...(unknown === undefined ? [] : [unknownKeys(unknown)])]);
}

function publicIf(resource: Resource, path: AttributePath): Having {
  const hidden = hiddenAt(resource, path);
  return flagAt(resource, path) === true ? 'yes' : hidden === undefined ? 'no' : { unknown: hidden };
}

function anyPublic(pools: readonly Having[]): Having {
  return pools.find((pool) => pool === 'yes') ?? pools.find((pool) => pool !== 'no') ?? 'no';
}

function flexible(resource: Resource): Having {
  const path = ['network', 0, 'instance_ip_mode'];
  const hidden = hiddenAt(resource, path);
  return textAt(resource, path)?.toUpperCase() === 'INTERNAL' ? 'no' : hidden === undefined ? 'yes' : { unknown: hidden };
}

const PRIVATE_COMPOSER = ['config', 0, 'enable_private_environment'];

/** Up to Composer 2 the block makes an environment private, and from Composer 3 on a flag. https://cloud.google.com/composer/docs/composer-3/change-networking-type */
function composerAddresses(resource: Resource): Having {
  const block = ['config', 0, 'private_environment_config'];
  if (flagAt(resource, PRIVATE_COMPOSER) === true || resource.elements(block).length > 0) return 'no';
  const hidden = hiddenAt(resource, PRIVATE_COMPOSER) ?? hiddenBlockAt(resource, block);
  return hidden === undefined ? 'yes' : { unknown: hidden };
}

/** Without a network of the project Composer 3 is in none. https://cloud.google.com/composer/docs/composer-3/connect-vpc-network */
function composerApart(resource: Resource): string | undefined {
  const version = textAt(resource, ['config', 0, 'software_config', 0, 'image_version']);
  const isNamed = ['network', 'subnetwork'].some((name) => hiddenAt(resource, [...COMPOSER_NODES, name]) !== undefined);
  return version !== undefined && !/^composer-[12][.-]/.test(version) && !isNamed ? 'a private environment, which is joined to no network' : undefined;
}

/** Airflow itself runs in a project of Google's from Composer 3 on. */
function composer3(resource: Resource): DirectWay | undefined {
  const image = ['config', 0, 'software_config', 0, 'image_version'];
  const version = textAt(resource, image);
  const isLater = version === undefined ? undefined : !/^composer-[12][.-]/.test(version);
  if (isLater === false || (isLater === undefined && hiddenAt(resource, image) === undefined) || flagAt(resource, PRIVATE_COMPOSER) === true) return undefined;
  return { reason: 'no private environment: Airflow leaves from a project of Google\'s', isSure: isLater === true && hiddenAt(resource, PRIVATE_COMPOSER) === undefined };
}
