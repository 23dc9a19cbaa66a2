/** What copies data to a place that it names, or shares it with whom it names. */
import type { PathLike } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { flagAt, isSet, textAt } from './read';
import { WRITTEN } from './written-stores';

export interface Gift {
  readonly type: string;
  /** What names the place or the account; `*` is every element of a block. */
  readonly path: PathLike;
  /** What finds the names in a document, each as its first group. Default: the text itself. */
  readonly inside?: RegExp;
  /** Before the name of the place or the account: `copies backups to`. */
  readonly says: string;
  /**
   * Kinds that keep it: what names none of these that the plan makes is somewhere else, whether it has an account or
   * not. Absent where only an account says that it is somebody else's.
   */
  readonly stores?: readonly string[];
  readonly counts?: (resource: Resource, graph: ResourceGraph) => boolean;
}

/** Whose account a principal is of. */
const CALLER = /^(?:arn:[a-z-]+:(?:iam|sts)::)?(\d{12})(?::|$)/g;
const BUCKETS = ['aws_s3_bucket', 'aws_s3_bucket_versioning', 'aws_s3_bucket_policy'];
const IMAGES = 'ami_distribution_configuration';

const STREAMED = ['elasticsearch', 'opensearch', 'opensearchserverless', 'http_endpoint', 'iceberg', 'redshift', 'snowflake', 'splunk']
  .map((name): PathLike => [`${name}_configuration`, '*', 's3_configuration', '*', 'bucket_arn']);

/** What an account does, has and pays. Workloads choose names, tags and parameters that stand in it. */
const ACCOUNT_RECORDS: readonly Gift[] = [
  // https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-set-bucket-policy-for-multiple-accounts.html
  { type: 'aws_cloudtrail', path: 's3_bucket_name', says: 'writes calls of the API to', stores: BUCKETS },
  // https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
  { type: 'aws_config_delivery_channel', path: 's3_bucket_name', says: 'writes the configuration of an account to', stores: BUCKETS },
  { type: 'aws_config_aggregate_authorization', path: 'account_id', says: 'shows the configuration of an account to' },
  // https://docs.aws.amazon.com/cur/latest/userguide/cur-s3.html
  { type: 'aws_cur_report_definition', path: 's3_bucket', says: 'writes bills to', stores: BUCKETS },
  { type: 'aws_bcmdataexports_export', path: ['export', '*', 'destination_configurations', '*', 's3_destination', '*', 's3_bucket'], says: 'writes bills to', stores: BUCKETS },
  // https://docs.aws.amazon.com/systems-manager/latest/userguide/inventory-resource-data-sync.html
  { type: 'aws_ssm_resource_data_sync', path: ['s3_destination', '*', 'bucket_name'], says: 'writes what is installed on machines to', stores: BUCKETS },
  { type: 'aws_guardduty_publishing_destination', path: 'destination_arn', says: 'writes findings to', stores: BUCKETS },
  { type: 'aws_macie2_classification_export_configuration', path: ['s3_destination', '*', 'bucket_name'], says: 'writes findings to', stores: BUCKETS },
  // Who is an administrator sees the findings of members, and Macie's samples: https://docs.aws.amazon.com/macie/latest/user/accounts-mgmt-relationships.html
  { type: 'aws_guardduty_invite_accepter', path: 'master_account_id', says: 'shows findings to' },
  { type: 'aws_macie2_invitation_accepter', path: 'administrator_account_id', says: 'shows findings to' },
  { type: 'aws_securityhub_invite_accepter', path: 'master_id', says: 'shows findings to' },
  { type: 'aws_detective_invitation_accepter', path: 'graph_arn', says: 'shows flow records and calls of the API to' },
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage_lens_basics_metrics_recommendations.html
  { type: 'aws_s3control_storage_lens_configuration', path: ['storage_lens_configuration', '*', 'data_export', '*', 's3_bucket_destination', '*', 'account_id'], says: 'writes the use of buckets for' },
  { type: 'aws_s3_bucket_analytics_configuration', path: ['storage_class_analysis', '*', 'data_export', '*', 'destination', '*', 's3_bucket_destination', '*', 'bucket_account_id'], says: 'writes the use of a bucket for' },
];

/** The answer of a query, written where the query says. https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html, https://docs.aws.amazon.com/athena/latest/ug/unload.html */
const UNLOADED = /\)\s*to\s+\\?'(s3:\/\/[^'\\]+)/gi;

/** What jobs, tasks and queries write by a service of AWS, past the network of whoever asked for it. */
const OBJECTS: readonly Gift[] = [
  { type: 'aws_s3_object_copy', path: 'bucket', says: 'copies an object to', stores: BUCKETS },
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-files.html
  { type: 'aws_s3files_file_system', path: 'bucket', says: 'copies files to', stores: BUCKETS },
  { type: 'aws_dms_s3_endpoint', path: 'bucket_name', says: 'lets a task copy rows to', stores: BUCKETS, counts: isTarget },
  { type: 'aws_dms_endpoint', path: ['s3_settings', '*', 'bucket_name'], says: 'lets a task copy rows to', stores: BUCKETS, counts: isTarget },
  { type: 'aws_redshift_logging', path: 'bucket_name', says: 'writes queries to', stores: BUCKETS },
  { type: 'aws_redshift_cluster', path: ['logging', '*', 'bucket_name'], says: 'writes queries to', stores: BUCKETS },
  { type: 'aws_redshiftdata_statement', path: 'sql', inside: UNLOADED, says: 'writes rows to', stores: BUCKETS },
  { type: 'aws_athena_named_query', path: 'query', inside: UNLOADED, says: 'writes rows to', stores: BUCKETS },
  { type: 'aws_athena_prepared_statement', path: 'query_statement', inside: UNLOADED, says: 'writes rows to', stores: BUCKETS },
  // https://docs.aws.amazon.com/redshift/latest/mgmt/zero-etl-using.html
  { type: 'aws_redshift_integration', path: 'target_arn', says: 'copies a table to' },
  // https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html
  { type: 'aws_sagemaker_training_job', path: ['output_data_config', '*', 's3_output_path'], says: 'writes what it learned to', stores: BUCKETS },
  { type: 'aws_sagemaker_endpoint_configuration', path: ['async_inference_config', '*', 'output_config', '*', 's3_output_path'], says: 'writes answers to', stores: BUCKETS },
  { type: 'aws_bedrock_model_invocation_job', path: ['output_data_config', '*', 's3_output_data_config', '*', 's3_uri'], says: 'writes answers to', stores: BUCKETS },
  { type: 'aws_bedrock_custom_model', path: ['output_data_config', '*', 's3_uri'], says: 'writes what it learned to', stores: BUCKETS },
  { type: 'aws_codebuild_report_group', path: ['export_config', '*', 's3_destination', '*', 'bucket'], says: 'writes reports to', stores: BUCKETS },
  { type: 'aws_bedrock_evaluation_job', path: ['output_data_config', '*', 's3_uri'], says: 'writes answers to', stores: BUCKETS },
  // The function is handed the object: https://docs.aws.amazon.com/AmazonS3/latest/userguide/olap-writing-lambda.html
  { type: 'aws_s3control_object_lambda_access_point', path: ['configuration', '*', 'transformation_configuration', '*', 'content_transformation', '*', 'aws_lambda', '*', 'function_arn'], says: 'hands objects to' },
  // https://docs.aws.amazon.com/clean-rooms/latest/userguide/configured-tables.html
  { type: 'aws_cleanrooms_membership', path: 'collaboration_id', says: 'lets tables be asked by the members of', stores: ['aws_cleanrooms_collaboration'] },
  { type: 'aws_cleanrooms_membership', path: ['default_result_configuration', '*', 'output_configuration', '*', 's3', '*', 'bucket'], says: 'writes answers to', stores: BUCKETS },
];

const COPIES: readonly Gift[] = [
  { type: 'aws_backup_plan', path: ['rule', '*', 'copy_action', '*', 'destination_vault_arn'], says: 'copies backups to', stores: ['aws_backup_vault', 'aws_backup_logically_air_gapped_vault'] },
  // https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
  { type: 'aws_ecr_replication_configuration', path: ['replication_configuration', '*', 'rule', '*', 'destination', '*', 'registry_id'], says: 'copies images to' },
  ...([['extended_s3_configuration', '*', 'bucket_arn'], ...STREAMED] as const).map((path): Gift => ({ type: 'aws_kinesis_firehose_delivery_stream', path, says: 'delivers records to', stores: BUCKETS })),
  { type: 'aws_cloudwatch_log_subscription_filter', path: 'destination_arn', says: 'sends log events to', stores: [] },
  // Of every log group of the account: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters-AccountLevel.html
  { type: 'aws_cloudwatch_log_account_policy', path: 'policy_document', inside: /"DestinationArn"\s*:\s*"([^"]+)"/g, says: 'sends the log events of an account to', stores: [], counts: (resource) => textAt(resource, 'policy_type') === 'SUBSCRIPTION_FILTER_POLICY' },
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Unified-Cross-Account.html
  { type: 'aws_oam_link', path: 'sink_identifier', says: 'shows logs, metrics and traces to', stores: ['aws_oam_sink'] },
  { type: 'aws_dynamodb_table_export', path: 's3_bucket', says: 'exports a table to', stores: BUCKETS },
  { type: 'aws_rds_export_task', path: 's3_bucket_name', says: 'exports a snapshot to', stores: BUCKETS },
  { type: 'aws_datasync_location_s3', path: 's3_bucket_arn', says: 'lets a task copy to', stores: BUCKETS, counts: isDestination },
  // https://docs.aws.amazon.com/fsx/latest/LustreGuide/fsx-data-repositories.html
  { type: 'aws_fsx_data_repository_association', path: 'data_repository_path', says: 'copies files to', stores: BUCKETS },
  { type: 'aws_fsx_lustre_file_system', path: 'export_path', says: 'copies files to', stores: BUCKETS },
  // https://docs.aws.amazon.com/efs/latest/ug/cross-account-replication.html
  { type: 'aws_efs_replication_configuration', path: ['destination', '*', 'file_system_id'], says: 'copies files to' },
  ...['aws_s3tables_table_bucket_replication', 'aws_s3tables_table_replication'].map((type): Gift => ({ type, path: ['rule', '*', 'destination', '*', 'destination_table_bucket_arn'], says: 'copies tables to', stores: ['aws_s3tables_table_bucket'] })),
  // https://docs.aws.amazon.com/msk/latest/developerguide/msk-channels.html
  { type: 'aws_msk_channel', path: ['s3_destination', '*', 'storage', '*', 'bucket_arn'], says: 'delivers records to', stores: BUCKETS },
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs_Centralization.html
  { type: 'aws_observabilityadmin_centralization_rule_for_organization', path: ['rule', '*', 'destination', '*', 'account'], says: 'copies the logs and metrics of an organization to' },
  { type: 'aws_msk_channel', path: ['iceberg_destination', '*', 'catalog', '*', 'warehouse_location'], says: 'delivers records to', stores: BUCKETS },
  // What was asked and answered: https://docs.aws.amazon.com/athena/latest/ug/querying.html
  { type: 'aws_athena_workgroup', path: ['configuration', '*', 'result_configuration', '*', 'output_location'], says: 'writes results to', stores: BUCKETS },
  // A connector is handed what is asked, with the values of its conditions. https://docs.aws.amazon.com/athena/latest/APIReference/API_CreateDataCatalog.html
  ...['function', 'metadata-function', 'record-function'].map((name): Gift => ({ type: 'aws_athena_data_catalog', path: ['parameters', name], says: 'sends queries to' })),
  // https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html
  { type: 'aws_bedrock_model_invocation_logging_configuration', path: ['logging_config', '*', 's3_config', '*', 'bucket_name'], says: 'writes prompts and answers to', stores: BUCKETS },
  // https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html
  { type: 'aws_sagemaker_endpoint_configuration', path: ['data_capture_config', '*', 'destination_s3_uri'], says: 'writes requests and answers to', stores: BUCKETS },
  // Callers write to a bucket of theirs: https://docs.aws.amazon.com/AmazonS3/latest/userguide/multi-region-access-point-buckets.html
  { type: 'aws_s3control_multi_region_access_point', path: ['details', '*', 'region', '*', 'bucket_account_id'], says: 'leads callers to a bucket of' },
  { type: 'aws_s3_access_point', path: 'bucket_account_id', says: 'leads callers to a bucket of' },
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory.html
  { type: 'aws_s3_bucket_inventory', path: ['destination', '*', 'bucket', '*', 'account_id'], says: 'lists objects for' },
  ...['nfs', 'smb'].map((kind): Gift => ({ type: `aws_storagegateway_${kind}_file_share`, path: 'location_arn', says: 'copies files to', stores: BUCKETS })),
  { type: 'aws_fsx_file_cache', path: ['data_repository_association', '*', 'data_repository_path'], inside: /^(s3:.*)$/g, says: 'copies files to', stores: BUCKETS },
  { type: 'aws_cloudwatch_log_delivery_destination', path: ['delivery_destination_configuration', '*', 'destination_resource_arn'], says: 'sends log events to', stores: [...BUCKETS, 'aws_cloudwatch_log_group', 'aws_kinesis_firehose_delivery_stream'] },
  // A bucket has no account in its name: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-cross-account-delivery.html
  { type: 'aws_flow_log', path: 'log_destination', says: 'sends flow records to' },
  { type: 'aws_route53_resolver_query_log_config', path: 'destination_arn', says: 'sends queries to' },
  { type: 'aws_cloudwatch_log_delivery', path: 'delivery_destination_arn', says: 'sends log events to', stores: ['aws_cloudwatch_log_delivery_destination'] },
  { type: 'aws_rds_integration', path: 'target_arn', says: 'copies a database to' },
  { type: 'aws_prometheus_scraper', path: ['destination', '*', 'amp', '*', 'workspace_arn'], says: 'sends metrics to' },
  { type: 'aws_cloudwatch_event_target', path: 'arn', says: 'sends events to' },
  { type: 'aws_scheduler_schedule', path: ['target', '*', 'arn'], says: 'calls' },
  { type: 'aws_pipes_pipe', path: 'target', says: 'sends records to' },
  { type: 'aws_sns_topic_subscription', path: 'endpoint', says: 'delivers messages to', counts: (resource) => /^(sqs|lambda|firehose)$/.test(textAt(resource, 'protocol') ?? '') },
  ...['on_success', 'on_failure'].map((when): Gift => ({ type: 'aws_lambda_function_event_invoke_config', path: ['destination_config', '*', when, '*', 'destination'], says: 'sends results to' })),
  { type: 'aws_lambda_event_source_mapping', path: ['destination_config', '*', 'on_failure', '*', 'destination_arn'], says: 'sends records to' },
  { type: 'aws_lambda_function', path: ['dead_letter_config', '*', 'target_arn'], says: 'sends events to' },
  ...([['queue', 'queue_arn'], ['topic', 'topic_arn'], ['lambda_function', 'lambda_function_arn']] as const).map(([block, name]): Gift => ({ type: 'aws_s3_bucket_notification', path: [block, '*', name], says: 'tells what is put into a bucket to' })),
  // https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cross-cluster-search.html
  { type: 'aws_opensearch_outbound_connection', path: ['remote_domain_info', '*', 'owner_id'], says: 'joins a domain to one of' },
  { type: 'aws_imagebuilder_distribution_configuration', path: ['distribution', '*', IMAGES, '*', 'target_account_ids'], says: 'copies images to' },
  { type: 'aws_imagebuilder_distribution_configuration', path: ['distribution', '*', 's3_export_configuration', '*', 's3_bucket'], says: 'exports images to', stores: BUCKETS },
  ...ACCOUNT_RECORDS,
  ...OBJECTS,
];


const SHARES: readonly Gift[] = [
  { type: 'aws_ami_launch_permission', path: 'account_id', says: 'shares an image with' },
  { type: 'aws_ami_launch_permission', path: 'group', says: 'shares an image with' },
  ...['user_ids', 'user_groups'].map((name): Gift => ({ type: 'aws_imagebuilder_distribution_configuration', path: ['distribution', '*', IMAGES, '*', 'launch_permission', '*', name], says: 'shares images with' })),
  { type: 'aws_snapshot_create_volume_permission', path: 'account_id', says: 'shares a snapshot with' },
  ...['aws_db_snapshot', 'aws_db_cluster_snapshot', 'aws_db_snapshot_copy', 'aws_rds_cluster_snapshot_copy'].map((type): Gift => ({ type, path: 'shared_accounts', says: 'shares a snapshot with' })),
  { type: 'aws_dlm_lifecycle_policy', path: ['policy_details', '*', 'schedule', '*', 'share_rule', '*', 'target_accounts'], says: 'shares snapshots with' },
  { type: 'aws_redshift_data_share_authorization', path: 'consumer_identifier', says: 'shares tables with' },
  { type: 'aws_redshift_namespace_registration', path: 'consumer_identifier', inside: /^DataCatalog\/(\d{12})$/g, says: 'shows tables to' },
  { type: 'aws_redshift_endpoint_authorization', path: 'account', says: 'lets in to a cluster' },
  // https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc-interface-endpoints.html
  { type: 'aws_opensearch_authorize_vpc_endpoint_access', path: 'account', says: 'lets in to a domain' },
  // Of services for every account another check speaks: https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html
  { type: 'aws_vpc_endpoint_service', path: ['allowed_principals', '*'], inside: CALLER, says: 'lets a service be called by' },
  { type: 'aws_vpc_endpoint_service_allowed_principal', path: 'principal_arn', inside: CALLER, says: 'lets a service be called by' },
  // A machine of theirs with an interface in this network: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkInterfacePermission.html
  { type: 'aws_network_interface_permission', path: 'aws_account_id', says: 'lets an interface of the network be attached by' },
  { type: 'aws_lakeformation_permissions', path: 'principal', says: 'shares tables with' },
  { type: 'aws_securitylake_subscriber', path: ['subscriber_identity', '*', 'principal'], says: 'shares records with' },
  { type: 'aws_lambda_layer_version_permission', path: 'principal', says: 'shares code with', counts: (resource) => textAt(resource, 'organization_id') === undefined },
  { type: 'aws_lambda_permission', path: 'principal', says: 'lets a function be called by', counts: isCalledFromElsewhere },
  { type: 'aws_ssm_document', path: ['permissions', 'account_ids'], inside: /(\d{12}|\ball\b)/gi, says: 'shares a document with' },
  // https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-data-access.html
  { type: 'aws_opensearchserverless_access_policy', path: 'policy', inside: /\barn:aws[a-z-]*:(?:iam|sts)::(\d{12}):/g, says: 'opens a collection to' },
  { type: 'aws_cleanrooms_collaboration', path: ['member', '*', 'account_id'], says: 'shares tables with' },
  // https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
  { type: 'aws_kms_grant', path: 'grantee_principal', says: 'lets a key be used by' },
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-cross-accounts.html
  { type: 'aws_s3control_access_grant', path: ['grantee', '*', 'grantee_identifier'], says: 'opens objects to' },
  // https://docs.aws.amazon.com/directoryservice/latest/admin-guide/ms_ad_directory_sharing.html
  { type: 'aws_directory_service_shared_directory', path: ['target', '*', 'id'], says: 'shares a directory with' },
  // Engines of others get whole tables, and filter them: https://docs.aws.amazon.com/lake-formation/latest/dg/app-integration-overview.html
  { type: 'aws_lakeformation_data_lake_settings', path: 'external_data_filtering_allow_list', says: 'lets tables be read by engines of' },
  // The domain of whoever asked to be joined searches this one: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cross-cluster-search.html
  { type: 'aws_opensearch_inbound_connection_accepter', path: 'connection_id', says: 'lets a domain be searched by that of', stores: ['aws_opensearch_outbound_connection'] },
  // https://docs.aws.amazon.com/quicksight/latest/developerguide/template-operations.html
  { type: 'aws_quicksight_template', path: ['permissions', '*', 'principal'], inside: CALLER, says: 'shares a template with' },
  // https://docs.aws.amazon.com/ram/latest/userguide/getting-started-sharing.html
  { type: 'aws_ram_principal_association', path: 'principal', says: 'shares what its resource share holds with', counts: leavesOrganization },
  { type: 'aws_ram_resource_share_associations_exclusive', path: 'principals', says: 'shares what its resource share holds with', counts: leavesOrganization },
  // People of Mechanical Turk and of vendors: https://docs.aws.amazon.com/sagemaker/latest/dg/sms-workforce-management-public.html
  ...([['aws_sagemaker_labeling_job', 'human_task_config'], ['aws_sagemaker_flow_definition', 'human_loop_config']] as const)
    .map(([type, block]): Gift => ({ type, path: [block, '*', 'workteam_arn'], inside: /^(arn:[a-z-]+:sagemaker:[a-z0-9-]+:\d{12}:workteam\/(?:public|vendor)-crowd\/.*)$/g, says: 'shows data to', stores: ['aws_sagemaker_workteam'] })),
];

export const GIFTS: readonly Gift[] = [...COPIES, ...WRITTEN, ...SHARES];

/** Where a place of DataSync is only read from, nothing goes there; what no task of the plan uses may be either. */
export function isDestination(location: Resource, graph: ResourceGraph): boolean {
  const uses = graph.referrers(location, ['aws_datasync_task']).map(({ path }) => path[0]);
  return uses.length === 0 || uses.includes('destination_location_arn');
}

/** https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Target.S3.html */
function isTarget(endpoint: Resource): boolean {
  return textAt(endpoint, 'endpoint_type') !== 'source';
}

/** What is called by a service, by an organization or at its own address is another matter. https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-cross-account.html */
function isCalledFromElsewhere(permission: Resource): boolean {
  return textAt(permission, 'function_url_auth_type') === undefined && ['principal_org_id', 'source_account', 'source_arn'].every((name) => !isSet(permission, name));
}

/** A share stays inside of the organization unless it says that it may leave. */
function leavesOrganization(association: Resource): boolean {
  const { targets } = association.references('resource_share_arn', { types: ['aws_ram_resource_share'] });
  return targets.length === 0 || targets.some((share) => flagAt(share, 'allow_external_principals') === true || share.unknownAt('allow_external_principals') !== undefined);
}
