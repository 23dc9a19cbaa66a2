/** Data that grants and listings let anybody read, or an account of a project that this plan does not know. */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { Check, Hit } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { bindingsOf } from '../../model/google/grants';
import { blocksAt, textAt, textsAt } from '../../model/google/reading';

export const check: Check<GoogleModel> = {
  id: 'data-given-elsewhere',
  title: 'data that others may read',
  severity: 'low',
  why: 'Whoever is granted a bucket, a dataset, a topic, an image or a secret reads it where none of these networks, routes and rules hold: what a workload here may write there, it may hand out.',
  fix: 'Take the member out, or name the account that is meant; set public_access_prevention = "enforced" on buckets; accept what is meant in egress-review.yaml, with whose it is.',
  references: ['https://cloud.google.com/iam/docs/overview#principals', 'https://cloud.google.com/storage/docs/public-access-prevention', 'https://cloud.google.com/bigquery/docs/analytics-hub-introduction'],
  comparable: ['checkov CKV_GCP_15', 'checkov CKV_GCP_28', 'trivy GCP-0001', 'trivy GCP-0046'],
  *run({ model: { graph } }) {
    for (const thing of THINGS) {
      for (const kind of ['member', 'binding', 'policy']) for (const grant of graph.ofType(`google_${thing}_iam_${kind}`)) if (grant.mode === 'managed') yield* granted(grant, graph);
    }
    for (const { type, blocks, path } of LISTS) {
      for (const resource of graph.ofType(type)) {
        if (resource.mode !== 'managed' || isKeptClosed(resource)) continue;
        const members = blocksAt(resource, blocks).flatMap((block) => textsAt(resource, [...block, path]).values);
        const found = members.find((member) => EVERYBODY.test(member));
        if (found !== undefined) yield open(resource, found);
      }
    }
    for (const [type, blocks] of AUTHORIZED) {
      for (const resource of graph.ofType(type)) {
        const projects = blocksAt(resource, blocks).flatMap((block) => textAt(resource, [...block, 'project_id']) ?? []);
        const away = projects.filter((project) => isAway(project, resource, graph));
        if (resource.mode === 'managed' && away.length > 0) yield { address: resource.address, message: `${resource.address} lets views of project ${[...new Set(away)].join(', ')} read it`, confidence: 'possible' };
      }
    }
    for (const { type, blocks, path } of CALLERS) {
      for (const resource of graph.ofType(type)) {
        if (resource.mode !== 'managed') continue;
        const projects = blocksAt(resource, blocks).flatMap((block) => textsAt(resource, [...block, path]).values).map((text) => /projects\/([^/]+)/.exec(text)?.[1] ?? text);
        // A number may be that of the own project.
        const away = new Set(projects.filter((project) => !/^\d+$/.test(project) && isAway(project, resource, graph)));
        if (away.size > 0) yield { address: resource.address, message: `${resource.address} lets project ${[...away].join(', ')} connect to it`, confidence: 'possible' };
      }
    }
    // Metrics are written by whoever may write any, and read there. https://cloud.google.com/monitoring/settings
    for (const monitored of graph.ofType('google_monitoring_monitored_project')) {
      const [scope, project] = ['metrics_scope', 'name'].map((path) => textAt(monitored, path)?.replace(/^.*\//, ''));
      const isMade = monitored.references('metrics_scope').targets.some(({ mode }) => mode === 'managed');
      if (monitored.mode === 'managed' && scope !== undefined && scope !== project && !isMade && scope !== textAt(monitored, 'project')) yield { address: monitored.address, message: `${monitored.address} lets project ${scope} read the metrics of ${project ?? 'a project that the plan does not tell'}`, severity: 'info', confidence: 'possible' };
    }
    // https://cloud.google.com/backup-disaster-recovery/docs/concepts/backup-vault#access-restriction
    for (const vault of graph.ofType('google_backup_dr_backup_vault')) {
      if (vault.mode === 'managed' && textAt(vault, 'access_restriction') === 'UNRESTRICTED') yield { address: vault.address, message: `${vault.address} lets its backups be restored in projects of any organization (access_restriction)` };
    }
    for (const ruleset of graph.ofType('google_firebaserules_ruleset')) {
      if (ruleset.mode === 'managed' && blocksAt(ruleset, ['source', 'files']).some((file) => letsAnybodyRead(textAt(ruleset, [...file, 'content']) ?? ''))) yield { address: ruleset.address, message: `${ruleset.address} lets everybody read (a rule without a condition)`, severity: 'medium' };
    }
    // https://cloud.google.com/bigquery/docs/analytics-hub-introduction: it says what there is, and takes those who ask.
    for (const type of ['google_bigquery_analytics_hub_data_exchange', 'google_bigquery_analytics_hub_listing']) {
      for (const resource of graph.ofType(type)) if (resource.mode === 'managed' && textAt(resource, 'discovery_type') === 'DISCOVERY_TYPE_PUBLIC') yield { address: resource.address, message: `${resource.address} offers its data to everybody` };
    }
  },
};

/** What holds data, or opens it: resources of IAM are called after it. */
const THINGS: readonly string[] = [
  'storage_bucket', 'storage_managed_folder', 'bigquery_dataset', 'bigquery_table', 'bigquery_analytics_hub_data_exchange', 'bigquery_analytics_hub_listing',
  'pubsub_topic', 'pubsub_subscription', 'artifact_registry_repository', 'secret_manager_secret', 'secret_manager_regional_secret', 'kms_crypto_key', 'kms_key_ring',
  'compute_image', 'compute_snapshot', 'compute_instant_snapshot', 'compute_disk', 'compute_region_disk', 'compute_machine_image',
  'spanner_instance', 'spanner_database', 'bigtable_instance', 'bigtable_table', 'healthcare_dataset', 'healthcare_fhir_store', 'healthcare_dicom_store', 'healthcare_hl7_v2_store',
  'dataplex_lake', 'dataplex_zone', 'dataplex_asset', 'dataproc_metastore_service', 'sourcerepo_repository', 'secure_source_manager_repository', 'logging_log_view',
  'dataproc_metastore_database', 'dataproc_metastore_table', 'dataproc_metastore_federation', 'dataplex_datascan', 'bigquery_datapolicy_data_policy', 'healthcare_consent_store', 'gke_backup_backup_plan',
];

interface Listed {
  readonly type: string;
  readonly blocks: readonly string[];
  readonly path: string;
}

/** The same, where it stands on the thing itself. https://cloud.google.com/storage/docs/access-control/lists */
const LISTS: readonly Listed[] = [
  ...['bucket', 'default_object', 'object'].flatMap((of): readonly Listed[] => [
    { type: `google_storage_${of}_acl`, blocks: [], path: 'role_entity' },
    { type: `google_storage_${of}_acl`, blocks: [], path: 'predefined_acl' },
    { type: `google_storage_${of}_access_control`, blocks: [], path: 'entity' },
  ]),
  ...['special_group', 'iam_member'].flatMap((path): readonly Listed[] => [{ type: 'google_bigquery_dataset', blocks: ['access'], path }, { type: 'google_bigquery_dataset_access', blocks: [], path }]),
];

/** Views, routines and whole datasets that read a dataset for whoever reads them. https://cloud.google.com/bigquery/docs/authorized-views */
const AUTHORIZED = [['view'], ['routine'], ['dataset', 'dataset']].flatMap((blocks) => [['google_bigquery_dataset', ['access', ...blocks]], ['google_bigquery_dataset_access', blocks]] as const);

const CLOUD_SQL = ['settings', 'ip_configuration', 'psc_config'];

/** Projects and networks that may have an endpoint of what is published. https://cloud.google.com/vpc/docs/manage-security-private-service-connect-producers */
const CALLERS: readonly Listed[] = [
  ...['project_id_or_num', 'network_url'].map((path): Listed => ({ type: 'google_compute_service_attachment', blocks: ['consumer_accept_lists'], path })),
  { type: 'google_sql_database_instance', blocks: CLOUD_SQL, path: 'allowed_consumer_projects' },
  { type: 'google_sql_database_instance', blocks: [...CLOUD_SQL, 'psc_auto_connections'], path: 'consumer_network' },
  { type: 'google_alloydb_instance', blocks: ['psc_instance_config'], path: 'allowed_consumer_projects' },
  { type: 'google_alloydb_instance', blocks: ['psc_instance_config', 'psc_auto_connections'], path: 'consumer_network' },
  { type: 'google_looker_instance', blocks: ['psc_config'], path: 'allowed_vpcs' },
  ...([['google_memorystore_instance_desired_user_created_endpoints', 'desired_user_created_endpoints'], ['google_redis_cluster_user_created_connections', 'cluster_endpoints']] as const)
    .flatMap(([type, block]) => ['project_id', 'network'].map((path): Listed => ({ type, blocks: [block, 'connections', 'psc_connection'], path }))),
];

/** Rules of Firestore and Storage for whoever calls. https://firebase.google.com/docs/rules/rules-language */
function letsAnybodyRead(rules: string): boolean {
  const bare = rules.replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, ' ');
  return [...bare.matchAll(/\ballow\s+([\w\s,]+?)\s*(?:;|:\s*if\s+true\s*;)/g)].some(([, what]) => /\b(read|get|list)\b/.test(what as string));
}

/** Members, entries of access lists (`READER:allUsers`) and the names of whole lists (`publicRead`). */
const EVERYBODY = /(^|:)all(Authenticated)?Users$|^(publicRead|authenticatedRead)/;

/** What only writes, or only reads what is no secret. */
const WRITES_ONLY = /(objectCreator|publisher|cryptoKeyEncrypter|publicKeyViewer|metadataViewer|metadataReader)$/i;

function* granted(grant: Resource, graph: ResourceGraph): Iterable<Hit> {
  const bindings = bindingsOf(grant).filter(({ role }) => !WRITES_ONLY.test(role));
  const found = bindings.flatMap(({ members }) => members).find((member) => EVERYBODY.test(member));
  if (found !== undefined && !isKeptClosed(grant)) yield open(grant, found);
  const away = new Set(bindings.flatMap(({ members }) => members).flatMap((member) => strangerIn(member, grant, graph) ?? []));
  if (away.size > 0) yield { address: grant.address, message: `${grant.address} grants accounts of project ${[...away].join(', ')}`, confidence: 'possible' };
}

function open(resource: Resource, member: string): Hit {
  const who = /allUsers$|^publicRead/.test(member) ? 'everybody' : 'everybody with an account of Google\'s';
  return { address: resource.address, message: `${resource.address} grants ${who} (${member})`, severity: 'medium' };
}

const OWNERS: readonly AttributePath[] = [['bucket'], ['managed_folder']];

/** A bucket that refuses what would be public. https://cloud.google.com/storage/docs/public-access-prevention */
function isKeptClosed(resource: Resource): boolean {
  const buckets = OWNERS.flatMap((path) => resource.references(path, { types: ['google_storage_bucket'] }).targets);
  return buckets.length > 0 && buckets.every((bucket) => textAt(bucket, 'public_access_prevention') === 'enforced');
}

/** Projects of Google's own agents, beside those of `gcp-sa-…` and `….google.com`. One that is missing here is told, as possible. https://cloud.google.com/iam/docs/service-agents */
const AGENTS: ReadonlySet<string> = new Set(`
bigquery-encryption cloud-cdn-fill cloud-filer cloud-memcache-sa cloud-redis cloud-tpu cloudcomposer-accounts compute-system container-analysis container-engine-robot containerregistry
dataflow-service-producer-prod dataproc-accounts dlp-api endpoints-portal firebase-rules firebase-sa-management gae-api-prod gcf-admin-robot gcp-gae-service gs-project-accounts
serverless-robot-prod service-networking sourcerepo-service-accounts storage-transfer-service
`.trim().split(/\s+/));

/** The project of an account, where it is known to be another one than that of what it is granted. Google's own agents are nobody's. */
function strangerIn(member: string, grant: Resource, graph: ResourceGraph): string | undefined {
  const project = /^serviceAccount:[a-z][^@]*@([a-z][a-z0-9-]*(?:\.[a-z0-9.-]+)?)\.iam\.gserviceaccount\.com$/.exec(member)?.[1];
  if (project === undefined || project.startsWith('gcp-sa-') || project.endsWith('.google.com') || AGENTS.has(project)) return undefined;
  const isOurs = ['member', 'members'].some((path) => grant.references(path).targets.some(({ mode }) => mode === 'managed'));
  return isOurs || !isAway(project, grant, graph) ? undefined : project;
}

/** Whether a project is neither that of a thing, which the plan has to tell, nor one that the plan makes. */
function isAway(project: string, of: Resource, graph: ResourceGraph): boolean {
  const home = textAt(of, 'project');
  return home !== undefined && project !== home && !graph.ofType('google_project').some((each) => textAt(each, 'project_id') === project);
}
