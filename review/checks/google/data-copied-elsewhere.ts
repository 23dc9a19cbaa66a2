/** What a service of Google's writes by itself to a bucket, table, topic or disk of a project that this plan does not know. */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource } from '../../plan/resource-graph';
import type { Severity } from '../../result';
import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { blocksAt, hiddenAt, textAt, textsAt } from '../../model/google/reading';

export const check: Check<GoogleModel> = {
  id: 'data-copied-elsewhere',
  title: 'a service that copies data to another project',
  severity: 'low',
  why: 'The copy is made within Google\'s own network, by what may write to the place that is named: no rule, route or proxy sees it, and whoever owns the place has the data.',
  fix: 'Write to a place of this project, or make sure that the other one is yours and stands in the same service perimeter; accept it in egress-review.yaml.',
  references: ['https://cloud.google.com/pubsub/docs/subscriber', 'https://cloud.google.com/storage-transfer/docs/overview', 'https://cloud.google.com/vpc-service-controls/docs/overview'],
  comparable: [],
  *run({ model: { graph } }) {
    const buckets: ReadonlySet<string | undefined> = new Set(graph.ofType('google_storage_bucket').map((bucket) => textAt(bucket, 'name')));
    for (const { type, blocks, path, names, severity } of COPIES) {
      for (const resource of graph.ofType(type)) {
        if (resource.mode !== 'managed') continue;
        const places = new Set(blocksAt(resource, blocks).flatMap((block) => placesOf(resource, [...block, path], names, buckets)));
        for (const { text, isSure } of unlike([...places])) yield { address: resource.address, message: `${resource.address} copies to ${text}`, ...(severity ? { severity } : {}), ...(isSure ? {} : { confidence: 'possible' as const }) };
      }
    }
  },
};

/** What a text names: a bucket, a project, something by a name that says its project, or what its SQL writes to. */
type Names = 'bucket' | 'project' | 'thing' | 'sql';

interface Copy {
  readonly type: string;
  /** Blocks, from outside to inside; each of their elements counts. */
  readonly blocks: readonly string[];
  readonly path: string;
  readonly names: Names;
  readonly severity?: Severity;
}

interface Elsewhere {
  readonly text: string;
  /** False where the plan does not tell the place, or the project of the resource itself. */
  readonly isSure: boolean;
}

function unlike(places: readonly Elsewhere[]): readonly Elsewhere[] {
  return [...new Map(places.map((place) => [place.text, place])).values()];
}

function placesOf(resource: Resource, path: AttributePath, names: Names, buckets: ReadonlySet<string | undefined>): readonly Elsewhere[] {
  const made = resource.references(path).targets.filter(({ mode }) => mode === 'managed');
  const { values: texts } = textsAt(resource, path);
  const values = names === 'sql' ? texts.flatMap(writtenBy) : texts;
  // SQL that is not known yet is not told for every query.
  if (names === 'sql' && texts.length === 0) return [];
  if (texts.length === 0) return made.length > 0 || hiddenAt(resource, path) === undefined ? [] : [{ text: 'a place that the plan does not tell', isSure: false }];
  const own = textAt(resource, 'project');
  const known = [own, ...made.flatMap((each) => [textAt(each, 'project'), textAt(each, 'project_id')])];
  return values.flatMap((text): readonly Elsewhere[] => {
    const bucket = names === 'bucket' ? text : /^gs:\/\/([^/]+)/.exec(text)?.[1];
    if (bucket !== undefined) return buckets.has(bucket) ? [] : [{ text: `bucket ${bucket}, which this plan does not know`, isSure: true }];
    const project = names === 'project' ? text.replace(/^projects\//, '') : projectIn(text);
    return project === undefined || known.includes(project) ? [] : [{ text: `project ${project}`, isSure: own !== undefined }];
  });
}

/**
 * Where SQL exports to, and tables of other projects that it writes; what builds its text at run time is not seen.
 * https://cloud.google.com/bigquery/docs/reference/standard-sql/export-statements
 */
function writtenBy(sql: string): readonly string[] {
  const bare = sql.replace(/\/\*[^]*?\*\/|(?:--|#)[^\n]*/g, ' ');
  const exported = /\bEXPORT\s+(DATA|MODEL)\b/i.test(bare) ? [...bare.matchAll(/\buri\s*=\s*["'](gs:\/\/[^"']+)["']/gi)].map(([, uri]) => uri as string) : [];
  return [...exported, ...[...bare.matchAll(WRITTEN)].map(([, table]) => (table as string).replaceAll('`', ''))];
}

/** `INSERT INTO p.d.t`, with backticks around all or parts of the name. */
const WRITTEN = /\b(?:INSERT(?:\s+INTO)?|MERGE(?:\s+INTO)?|CREATE\s+(?:OR\s+REPLACE\s+)?(?:SNAPSHOT\s+)?TABLE(?:\s+(?:IF\s+NOT\s+EXISTS|CLONE|COPY))*)\s+(`?[a-z][a-z0-9:.-]*`?\.`?\w+`?\.`?\w+`?)/gi;

/** `projects/p/topics/t`, `bq://p.d`, `p.d.t`, `p:d.t`; a name without a project is one of the resource's own. */
function projectIn(text: string): string | undefined {
  const path = /(?:^|\/)projects\/([^/]+)/.exec(text)?.[1];
  if (path !== undefined) return path;
  const table = /^(?:bq:\/\/)?([a-z][a-z0-9.:-]*?)(?:[.:]\w+){1,2}$/.exec(text)?.[1];
  return table ?? /^bq:\/\/([^./]+)$/.exec(text)?.[1];
}

const COPIES: readonly Copy[] = [
  // https://cloud.google.com/pubsub/docs/bigquery, https://cloud.google.com/pubsub/docs/cloudstorage
  { type: 'google_pubsub_subscription', blocks: ['bigquery_config'], path: 'table', names: 'thing' },
  { type: 'google_pubsub_subscription', blocks: ['cloud_storage_config'], path: 'bucket', names: 'bucket' },
  { type: 'google_pubsub_subscription', blocks: ['dead_letter_policy'], path: 'dead_letter_topic', names: 'thing' },
  // What becomes of objects, with their names and metadata. https://cloud.google.com/storage/docs/pubsub-notifications
  { type: 'google_storage_notification', blocks: [], path: 'topic', names: 'thing' },
  // https://cloud.google.com/storage-transfer/docs/overview
  { type: 'google_storage_transfer_job', blocks: ['transfer_spec', 'gcs_data_sink'], path: 'bucket_name', names: 'bucket' },
  { type: 'google_storage_transfer_job', blocks: ['replication_spec', 'gcs_data_sink'], path: 'bucket_name', names: 'bucket' },
  // https://cloud.google.com/bigquery/docs/managing-tables#copy-table
  { type: 'google_bigquery_job', blocks: ['copy', 'destination_table'], path: 'project_id', names: 'project' },
  { type: 'google_bigquery_job', blocks: ['query', 'destination_table'], path: 'project_id', names: 'project' },
  { type: 'google_bigquery_job', blocks: ['extract'], path: 'destination_uris', names: 'thing' },
  // https://cloud.google.com/datastream/docs/overview
  { type: 'google_datastream_connection_profile', blocks: ['gcs_profile'], path: 'bucket', names: 'bucket' },
  { type: 'google_datastream_stream', blocks: ['destination_config', 'bigquery_destination_config', 'single_target_dataset'], path: 'dataset_id', names: 'thing' },
  { type: 'google_datastream_stream', blocks: ['destination_config', 'bigquery_destination_config', 'source_hierarchy_datasets'], path: 'project_id', names: 'project' },
  // https://cloud.google.com/eventarc/advanced/docs/overview
  ...['topic', 'workflow', 'message_bus'].map((path): Copy => ({ type: 'google_eventarc_pipeline', blocks: ['destinations'], path, names: 'thing' })),
  // https://cloud.google.com/vertex-ai/docs/predictions/online-prediction-logging
  { type: 'google_vertex_ai_endpoint', blocks: ['predict_request_response_logging_config', 'bigquery_destination'], path: 'output_uri', names: 'thing' },
  // https://cloud.google.com/compute/docs/disks/async-pd/about
  { type: 'google_compute_disk_async_replication', blocks: ['secondary_disk'], path: 'disk', names: 'thing' },
  // https://cloud.google.com/kubernetes-engine/docs/add-on/backup-for-gke/concepts/about-cross-project-backup-restore
  { type: 'google_gke_backup_backup_channel', blocks: [], path: 'destination_project', names: 'project' },
  // https://cloud.google.com/healthcare-api/docs/how-tos/fhir-bigquery-streaming
  { type: 'google_healthcare_fhir_store', blocks: ['stream_configs', 'bigquery_destination'], path: 'dataset_uri', names: 'thing' },
  // https://cloud.google.com/healthcare-api/docs/how-tos/fhir-pubsub, https://cloud.google.com/healthcare-api/docs/how-tos/dicom-bigquery-streaming
  { type: 'google_healthcare_fhir_store', blocks: ['notification_configs'], path: 'pubsub_topic', names: 'thing' },
  { type: 'google_healthcare_dicom_store', blocks: ['stream_configs', 'bigquery_destination'], path: 'table_uri', names: 'thing' },
  // https://cloud.google.com/netapp/volumes/docs/protect-data/about-volume-replication
  { type: 'google_netapp_volume_replication', blocks: ['destination_volume_parameters'], path: 'storage_pool', names: 'thing' },
  // https://cloud.google.com/sensitive-data-protection/docs/concepts-actions
  { type: 'google_data_loss_prevention_job_trigger', blocks: ['inspect_job', 'actions', 'save_findings', 'output_config', 'table'], path: 'project_id', names: 'project' },
  { type: 'google_data_loss_prevention_job_trigger', blocks: ['inspect_job', 'actions', 'deidentify'], path: 'cloud_storage_output', names: 'thing' },
  { type: 'google_data_loss_prevention_job_trigger', blocks: ['inspect_job', 'actions', 'pub_sub'], path: 'topic', names: 'thing' },
  { type: 'google_transcoder_job', blocks: ['config', 'output'], path: 'uri', names: 'thing' },
  { type: 'google_transcoder_job', blocks: ['config', 'pubsub_destination'], path: 'topic', names: 'thing' },
  // Backups of machines, disks and databases. https://cloud.google.com/backup-disaster-recovery/docs/concepts/backup-vault
  { type: 'google_backup_dr_backup_plan', blocks: [], path: 'backup_vault', names: 'thing' },
  { type: 'google_backup_dr_backup_plan_association', blocks: [], path: 'backup_plan', names: 'thing' },
  ...['enrollment', 'google_api_source'].map((of): Copy => ({ type: `google_eventarc_${of}`, blocks: [], path: 'destination', names: 'thing' })),
  // What clients say. https://cloud.google.com/dialogflow/cx/docs/concept/agent-settings
  { type: 'google_dialogflow_cx_security_settings', blocks: ['audio_export_settings'], path: 'gcs_bucket', names: 'bucket' },
  { type: 'google_dialogflow_cx_agent', blocks: ['advanced_settings', 'audio_export_gcs_destination'], path: 'uri', names: 'thing' },
  ...['notification_config', 'new_message_event_notification_config'].map((block): Copy => ({ type: 'google_dialogflow_conversation_profile', blocks: [block], path: 'topic', names: 'thing' })),
  { type: 'google_healthcare_hl7_v2_store', blocks: ['notification_configs'], path: 'pubsub_topic', names: 'thing' },
  { type: 'google_healthcare_dicom_store', blocks: ['notification_config'], path: 'pubsub_topic', names: 'thing' },
  // https://cloud.google.com/dataplex/docs/use-data-profiling
  ...['data_quality_spec', 'data_profile_spec'].map((spec): Copy => ({ type: 'google_dataplex_datascan', blocks: [spec, 'post_scan_actions', 'bigquery_export'], path: 'results_table', names: 'thing' })),
  // What there is, and what is wrong with it. https://cloud.google.com/asset-inventory/docs/monitor-asset-changes, https://cloud.google.com/security-command-center/docs/how-to-notifications
  ...['project', 'folder', 'organization'].map((owner): Copy => ({ type: `google_cloud_asset_${owner}_feed`, blocks: ['feed_output_config', 'pubsub_destination'], path: 'topic', names: 'thing' })),
  ...['scc', 'scc_project', 'scc_folder', 'scc_v2_project', 'scc_v2_folder', 'scc_v2_organization'].map((of): Copy => ({ type: `google_${of}_notification_config`, blocks: [], path: 'pubsub_topic', names: 'thing' })),
  ...['project', 'folder', 'organization'].flatMap((owner) => ['scc', 'scc_v2'].map((of): Copy => ({ type: `google_${of}_${owner}_scc_big_query_export`, blocks: [], path: 'dataset', names: 'thing' }))),
  { type: 'google_storage_insights_report_config', blocks: ['object_metadata_report_options', 'storage_destination_options'], path: 'bucket', names: 'bucket' },
  // https://cloud.google.com/sql/docs/sqlserver/db-audit
  { type: 'google_sql_database_instance', blocks: ['settings', 'sql_server_audit_config'], path: 'bucket', names: 'thing' },
  // Sinks of Kafka Connect. https://cloud.google.com/managed-service-for-apache-kafka/docs/connect-cluster/connector-types
  ...['project', 'cps.project'].map((path): Copy => ({ type: 'google_managed_kafka_connector', blocks: ['configs'], path, names: 'project' })),
  { type: 'google_managed_kafka_connector', blocks: ['configs'], path: 'gcs.bucket.name', names: 'bucket' },
  { type: 'google_scc_v2_organization_scc_big_query_exports', blocks: [], path: 'dataset', names: 'thing' },
  // https://cloud.google.com/sensitive-data-protection/docs/data-profiles
  { type: 'google_data_loss_prevention_discovery_config', blocks: ['actions', 'export_data', 'profile_table'], path: 'project_id', names: 'project' },
  { type: 'google_data_loss_prevention_discovery_config', blocks: ['actions', 'pub_sub_notification'], path: 'topic', names: 'thing' },
  // What is restored there is all that the backup holds.
  { type: 'google_gke_backup_restore_channel', blocks: [], path: 'destination_project', names: 'project' },
  // https://cloud.google.com/healthcare-api/healthcare-data-engine/docs/pipeline-jobs
  ...['mapping_pipeline_job', 'reconciliation_pipeline_job'].map((job): Copy => ({ type: 'google_healthcare_pipeline_job', blocks: [job], path: 'fhir_store_destination', names: 'thing' })),
  // Tables whose files are written there. https://cloud.google.com/bigquery/docs/iceberg-tables
  { type: 'google_bigquery_table', blocks: ['biglake_configuration'], path: 'storage_uri', names: 'thing' },
  { type: 'google_datastream_stream', blocks: ['destination_config', 'bigquery_destination_config', 'blmt_config'], path: 'bucket', names: 'bucket' },
  { type: 'google_dataproc_metastore_service', blocks: ['scheduled_backup'], path: 'backup_location', names: 'thing' },
  { type: 'google_transcoder_job_template', blocks: ['config', 'output'], path: 'uri', names: 'thing' },
  { type: 'google_transcoder_job_template', blocks: ['config', 'pubsub_destination'], path: 'topic', names: 'thing' },
  // What a notebook printed. https://cloud.google.com/colab/docs/schedule-notebook-run
  { type: 'google_colab_notebook_execution', blocks: [], path: 'gcs_output_uri', names: 'thing' },
  { type: 'google_colab_schedule', blocks: ['create_notebook_execution_job_request', 'notebook_execution_job'], path: 'gcs_output_uri', names: 'thing' },
  ...['flow', 'page'].map((of): Copy => ({ type: `google_dialogflow_cx_${of}`, blocks: ['advanced_settings', 'audio_export_gcs_destination'], path: 'uri', names: 'thing' })),
  { type: 'google_project_usage_export_bucket', blocks: [], path: 'bucket_name', names: 'bucket' },
  { type: 'google_bigquery_job', blocks: ['query'], path: 'query', names: 'sql' },
  { type: 'google_bigquery_data_transfer_config', blocks: ['params'], path: 'query', names: 'sql' },
  { type: 'google_bigquery_routine', blocks: [], path: 'definition_body', names: 'sql' },
  // https://cloud.google.com/memorystore/docs/cluster/about-cross-region-replication
  { type: 'google_redis_cluster', blocks: ['cross_cluster_replication_config', 'secondary_clusters'], path: 'cluster', names: 'thing' },
  { type: 'google_memorystore_instance', blocks: ['cross_instance_replication_config', 'secondary_instances'], path: 'instance', names: 'thing' },
  // https://cloud.google.com/eventarc/standard/docs/workflows/create-triggers
  { type: 'google_eventarc_trigger', blocks: ['destination'], path: 'workflow', names: 'thing' },
  // Names of objects that are copied, and of runs. https://cloud.google.com/storage-transfer/docs/event-notifications, https://cloud.google.com/bigquery/docs/transfer-run-notifications
  { type: 'google_storage_transfer_job', blocks: ['notification_config'], path: 'pubsub_topic', names: 'thing' },
  { type: 'google_bigquery_data_transfer_config', blocks: [], path: 'notification_pubsub_topic', names: 'thing' },
  // Names of objects that callers ask for; a central bucket is what most mean by it. https://cloud.google.com/storage/docs/access-logs
  { type: 'google_storage_bucket', blocks: ['logging'], path: 'log_bucket', names: 'bucket', severity: 'info' },
];
