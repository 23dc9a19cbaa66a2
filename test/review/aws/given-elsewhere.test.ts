/** What copies data to other accounts, or shares it with them. */
import { ref } from '../sound-stack';
import { changed } from './reviewed';

const VAULT = 'arn:aws:backup:us-east-1:999999999999:backup-vault:theirs';

function told(type: string, body: object, more: Readonly<Record<string, object>> = {}) {
  return changed((resource) => {
    for (const [kind, named] of Object.entries(more)) resource[kind] = { ...resource[kind], ...named };
    resource[type] = { way: body };
  }).findings.filter(({ rule }) => rule === 'data-given-elsewhere').map(({ message, confidence, severity }) => [message, severity ?? 'low', confidence ?? 'certain'].join(' | '));
}

test.each([
  ['aws_transfer_workflow', { steps: [{ type: 'COPY', copy_step_details: [{ destination_file_location: [{ s3_file_location: [{ bucket: 'theirs', key: 'in/' }] }] }] }] }, 'copies what is uploaded to theirs, which is not in the plan | low | possible'],
  ['aws_appflow_flow', { destination_flow_config: [{ connector_type: 'S3', destination_connector_properties: [{ s3: [{ bucket_name: 'theirs' }] }] }] }, 'delivers records to theirs, which is not in the plan | low | possible'],
  ['aws_connect_instance_storage_config', { resource_type: 'CALL_RECORDINGS', storage_config: [{ storage_type: 'S3', s3_config: [{ bucket_name: 'theirs', bucket_prefix: 'c' }] }] }, 'writes recordings and reports to theirs, which is not in the plan | low | possible'],
  ['aws_sagemaker_feature_group', { offline_store_config: [{ s3_storage_config: [{ s3_uri: 's3://theirs/f' }] }] }, 'copies records to s3://theirs/f, which is not in the plan | low | possible'],
  ['aws_sagemaker_flow_definition', { output_config: [{ s3_output_path: 's3://theirs/f' }] }, 'writes answers to s3://theirs/f, which is not in the plan | low | possible'],
  ['aws_sagemaker_data_quality_job_definition', { data_quality_job_output_config: [{ monitoring_outputs: [{ s3_output: [{ s3_uri: 's3://theirs/q' }] }] }] }, 'writes what it finds to s3://theirs/q, which is not in the plan | low | possible'],
  ['aws_sagemaker_device_fleet', { output_config: [{ s3_output_location: 's3://theirs/d' }] }, 'writes what devices sample to s3://theirs/d, which is not in the plan | low | possible'],
  ['aws_comprehend_document_classifier', { output_data_config: [{ s3_uri: 's3://theirs/c' }] }, 'writes what it learned to s3://theirs/c, which is not in the plan | low | possible'],
  ['aws_rekognition_stream_processor', { output: [{ s3_destination: [{ bucket: 'theirs' }] }] }, 'writes what it sees to theirs, which is not in the plan | low | possible'],
  ['aws_timestreamwrite_table', { magnetic_store_write_properties: [{ magnetic_store_rejected_data_location: [{ s3_configuration: [{ bucket_name: 'theirs' }] }] }] }, 'writes records that it rejects to theirs, which is not in the plan | low | possible'],
  ['aws_ivs_recording_configuration', { destination_configuration: [{ s3: [{ bucket_name: 'theirs' }] }] }, 'writes video to theirs, which is not in the plan | low | possible'],
  ['aws_lex_bot_alias', { conversation_logs: [{ log_settings: [{ resource_arn: 'arn:aws:s3:::theirs' }] }] }, 'writes conversations to arn:aws:s3:::theirs, which is not in the plan | low | possible'],
  ['aws_iot_topic_rule', { s3: [{ bucket_name: 'theirs', key: 'k' }] }, 'writes messages to theirs, which is not in the plan | low | possible'],
  ['aws_iot_topic_rule', { error_action: [{ s3: [{ bucket_name: 'theirs', key: 'k' }] }] }, 'writes messages to theirs, which is not in the plan | low | possible'],
  ['aws_iot_topic_rule', { sqs: [{ queue_url: 'https://sqs.us-east-1.amazonaws.com/999999999999/q' }] }, 'sends messages to a queue of account 999999999999 | low | possible'],
  ['aws_codebuild_project', { artifacts: [{ type: 'S3', location: 'theirs' }] }, 'writes what it builds to theirs, which is not in the plan | low | possible'],
  ['aws_codepipeline', { artifact_store: [{ type: 'S3', location: 'theirs' }] }, 'keeps what it builds in theirs, which is not in the plan | low | possible'],
  ['aws_medialive_channel', { destinations: [{ id: 'd', settings: [{ url: 's3ssl://theirs/live' }] }] }, 'writes video to theirs/live, which is not in the plan | low | possible'],
  ['aws_sfn_state_machine', { definition: '{"States":{"A":{"Resource":"arn:aws:states:::sqs:sendMessage","Parameters":{"QueueUrl":"https://sqs.us-east-1.amazonaws.com/999999999999/q"}}}}' }, 'sends what it is given to a queue of account 999999999999 | low | possible'],
  ['aws_backup_plan', { name: 'b', rule: [{ rule_name: 'a', target_vault_name: 'mine', copy_action: [{ destination_vault_arn: VAULT }] }] }, `copies backups to ${VAULT}, of account 999999999999 | low | possible`],
  ['aws_ecr_replication_configuration', { replication_configuration: [{ rule: [{ destination: [{ region: 'eu-west-1', registry_id: '999999999999' }] }] }] }, 'copies images to account 999999999999 | low | possible'],
  ['aws_kinesis_firehose_delivery_stream', { name: 's', destination: 'extended_s3', extended_s3_configuration: [{ bucket_arn: 'arn:aws:s3:::theirs' }] }, 'delivers records to arn:aws:s3:::theirs, which is not in the plan | low | possible'],
  ['aws_cloudwatch_log_subscription_filter', { name: 'f', destination_arn: 'arn:aws:logs:us-east-1:999999999999:destination:all' }, 'sends log events to arn:aws:logs:us-east-1:999999999999:destination:all, of account 999999999999 | low | possible'],
  ['aws_cloudwatch_log_subscription_filter', { name: 'f', destination_arn: '${var.there}' }, 'sends log events to what the plan does not tell | low | possible'],
  ['aws_cloudwatch_event_target', { rule: 'r', arn: 'arn:aws:events:us-east-1:999999999999:event-bus/all' }, 'sends events to arn:aws:events:us-east-1:999999999999:event-bus/all, of account 999999999999 | low | possible'],
  ['aws_cloudwatch_log_account_policy', { policy_name: 'p', policy_type: 'SUBSCRIPTION_FILTER_POLICY', policy_document: '{"DestinationArn":"arn:aws:logs:us-east-1:999999999999:destination:all","FilterPattern":""}' }, 'sends the log events of an account to arn:aws:logs:us-east-1:999999999999:destination:all, of account 999999999999 | low | possible'],
  ['aws_s3tables_table_bucket_replication', { rule: [{ destination: [{ destination_table_bucket_arn: 'arn:aws:s3tables:us-east-1:999999999999:bucket/theirs' }] }] }, 'copies tables to arn:aws:s3tables:us-east-1:999999999999:bucket/theirs, of account 999999999999 | low | possible'],
  ['aws_oam_link', { sink_identifier: 'arn:aws:oam:us-east-1:999999999999:sink/1' }, 'shows logs, metrics and traces to arn:aws:oam:us-east-1:999999999999:sink/1, of account 999999999999 | low | possible'],
  ['aws_fsx_data_repository_association', { file_system_id: 'fs-1', file_system_path: '/', data_repository_path: 's3://theirs/in' }, 'copies files to s3://theirs/in, which is not in the plan | low | possible'],
  ['aws_lambda_layer_version_permission', { layer_name: 'l', version_number: 1, action: 'lambda:GetLayerVersion', statement_id: 's', principal: '*' }, 'shares code with every account | medium | certain'],
  ['aws_ami_launch_permission', { image_id: 'ami-1', group: 'all' }, 'shares an image with every account | medium | certain'],
  ['aws_snapshot_create_volume_permission', { snapshot_id: 'snap-1', account_id: '999999999999' }, 'shares a snapshot with account 999999999999 | low | possible'],
  ['aws_db_snapshot', { db_instance_identifier: 'd', db_snapshot_identifier: 's', shared_accounts: ['999999999999'] }, 'shares a snapshot with account 999999999999 | low | possible'],
  ['aws_dlm_lifecycle_policy', { policy_details: [{ schedule: [{ share_rule: [{ target_accounts: ['999999999999'] }] }] }] }, 'shares snapshots with account 999999999999 | low | possible'],
  ['aws_imagebuilder_distribution_configuration', { distribution: [{ region: 'eu-west-1', ami_distribution_configuration: [{ launch_permission: [{ user_groups: ['all'] }] }] }] }, 'shares images with every account | medium | certain'],
  ['aws_lakeformation_permissions', { principal: '999999999999', permissions: ['SELECT'] }, 'shares tables with account 999999999999 | low | possible'],
  ['aws_msk_channel', { s3_destination: [{ storage: [{ bucket_arn: 'arn:aws:s3:::theirs' }] }] }, 'delivers records to arn:aws:s3:::theirs, which is not in the plan | low | possible'],
  ['aws_observabilityadmin_centralization_rule_for_organization', { rule: [{ destination: [{ account: '999999999999', region: 'us-east-1' }] }] }, 'copies the logs and metrics of an organization to account 999999999999 | low | possible'],
  ['aws_cloudwatch_log_delivery', { delivery_source_name: 's', delivery_destination_arn: 'arn:aws:logs:us-east-1:999999999999:delivery-destination:theirs' }, 'sends log events to arn:aws:logs:us-east-1:999999999999:delivery-destination:theirs, of account 999999999999 | low | possible'],
  ['aws_cloudwatch_log_delivery_destination', { name: 'd', delivery_destination_configuration: [{ destination_resource_arn: 'arn:aws:s3:::theirs' }] }, 'sends log events to arn:aws:s3:::theirs, which is not in the plan | low | possible'],
  ['aws_msk_channel', { iceberg_destination: [{ catalog: [{ warehouse_location: 's3://theirs/tables' }] }] }, 'delivers records to s3://theirs/tables, which is not in the plan | low | possible'],
  ['aws_redshift_namespace_registration', { consumer_identifier: 'DataCatalog/999999999999' }, 'shows tables to account 999999999999 | low | possible'],
  ['aws_sagemaker_labeling_job', { human_task_config: [{ workteam_arn: 'arn:aws:sagemaker:us-east-1:394669845002:workteam/public-crowd/default' }] }, 'shows data to arn:aws:sagemaker:us-east-1:394669845002:workteam/public-crowd/default, of account 394669845002 | low | possible'],
  ['aws_ram_resource_share_associations_exclusive', { resource_share_arn: 'arn:aws:ram:us-east-1:111122223333:resource-share/1', principals: ['ec2.amazonaws.com', '999999999999'] }, 'shares what its resource share holds with account 999999999999 | low | possible'],
  ['aws_lambda_permission', { principal: '999999999999', action: 'lambda:InvokeFunction' }, 'lets a function be called by account 999999999999 | low | possible'],
  ['aws_lambda_permission', { principal: '*', action: 'lambda:InvokeFunction' }, 'lets a function be called by every account | medium | certain'],
  ['aws_ssm_document', { permissions: { type: 'Share', account_ids: '999999999999' } }, 'shares a document with account 999999999999 | low | possible'],
  ['aws_ssm_document', { permissions: { type: 'Share', account_ids: 'All' } }, 'shares a document with every account | medium | certain'],
  ['aws_opensearchserverless_access_policy', { policy: '[{"Principal":["arn:aws:iam::999999999999:role/r"]}]' }, 'opens a collection to account 999999999999 | low | possible'],
  ['aws_opensearch_authorize_vpc_endpoint_access', { domain_name: 'd', account: '999999999999' }, 'lets in to a domain account 999999999999 | low | possible'],
  ['aws_vpc_endpoint_service', { acceptance_required: true, allowed_principals: ['arn:aws:iam::999999999999:root'] }, 'lets a service be called by account 999999999999 | low | possible'],
  ['aws_vpc_endpoint_service_allowed_principal', { vpc_endpoint_service_id: 'vpce-svc-1', principal_arn: 'arn:aws:iam::999999999999:role/r' }, 'lets a service be called by account 999999999999 | low | possible'],
  ['aws_network_interface_permission', { network_interface_id: 'eni-1', aws_account_id: '999999999999', permission: 'INSTANCE-ATTACH' }, 'lets an interface of the network be attached by account 999999999999 | low | possible'],
  ['aws_s3control_multi_region_access_point', { details: [{ name: 'm', region: [{ bucket: 'b', bucket_account_id: '999999999999' }] }] }, 'leads callers to a bucket of account 999999999999 | low | possible'],
  ['aws_s3_access_point', { name: 'p', bucket: 'b', bucket_account_id: '999999999999' }, 'leads callers to a bucket of account 999999999999 | low | possible'],
  ['aws_s3_bucket_inventory', { name: 'i', destination: [{ bucket: [{ account_id: '999999999999', bucket_arn: 'arn:aws:s3:::theirs' }] }] }, 'lists objects for account 999999999999 | low | possible'],
  ['aws_storagegateway_nfs_file_share', { location_arn: 'arn:aws:s3:::theirs' }, 'copies files to arn:aws:s3:::theirs, which is not in the plan | low | possible'],
  ['aws_fsx_file_cache', { data_repository_association: [{ data_repository_path: 's3://theirs' }, { data_repository_path: 'nfs://filer/' }] }, 'copies files to s3://theirs, which is not in the plan | low | possible'],
  ['aws_athena_workgroup', { name: 'w', configuration: [{ result_configuration: [{ output_location: 's3://theirs/out' }] }] }, 'writes results to s3://theirs/out, which is not in the plan | low | possible'],
  ['aws_bedrock_model_invocation_logging_configuration', { logging_config: [{ s3_config: [{ bucket_name: 'theirs' }] }] }, 'writes prompts and answers to theirs, which is not in the plan | low | possible'],
  ['aws_sagemaker_endpoint_configuration', { data_capture_config: [{ destination_s3_uri: 's3://theirs/out' }] }, 'writes requests and answers to s3://theirs/out, which is not in the plan | low | possible'],
  ['aws_opensearch_outbound_connection', { remote_domain_info: [{ owner_id: '999999999999', domain_name: 'd' }] }, 'joins a domain to one of account 999999999999 | low | possible'],
  ['aws_cloudtrail', { name: 't', s3_bucket_name: 'theirs' }, 'writes calls of the API to theirs, which is not in the plan | low | possible'],
  ['aws_config_delivery_channel', { s3_bucket_name: 'theirs' }, 'writes the configuration of an account to theirs, which is not in the plan | low | possible'],
  ['aws_config_aggregate_authorization', { account_id: '999999999999', authorized_aws_region: 'us-east-1' }, 'shows the configuration of an account to account 999999999999 | low | possible'],
  ['aws_cur_report_definition', { report_name: 'r', s3_bucket: 'theirs' }, 'writes bills to theirs, which is not in the plan | low | possible'],
  ['aws_bcmdataexports_export', { export: [{ name: 'e', destination_configurations: [{ s3_destination: [{ s3_bucket: 'theirs' }] }] }] }, 'writes bills to theirs, which is not in the plan | low | possible'],
  ['aws_ssm_resource_data_sync', { name: 's', s3_destination: [{ bucket_name: 'theirs' }] }, 'writes what is installed on machines to theirs, which is not in the plan | low | possible'],
  ['aws_guardduty_publishing_destination', { detector_id: 'd', destination_arn: 'arn:aws:s3:::theirs/x' }, 'writes findings to arn:aws:s3:::theirs/x, which is not in the plan | low | possible'],
  ['aws_macie2_classification_export_configuration', { s3_destination: [{ bucket_name: 'theirs' }] }, 'writes findings to theirs, which is not in the plan | low | possible'],
  ['aws_guardduty_invite_accepter', { detector_id: 'd', master_account_id: '999999999999' }, 'shows findings to account 999999999999 | low | possible'],
  ['aws_macie2_invitation_accepter', { administrator_account_id: '999999999999' }, 'shows findings to account 999999999999 | low | possible'],
  ['aws_securityhub_invite_accepter', { master_id: '999999999999' }, 'shows findings to account 999999999999 | low | possible'],
  ['aws_s3control_storage_lens_configuration', { storage_lens_configuration: [{ data_export: [{ s3_bucket_destination: [{ account_id: '999999999999' }] }] }] }, 'writes the use of buckets for account 999999999999 | low | possible'],
  ['aws_s3_bucket_analytics_configuration', { storage_class_analysis: [{ data_export: [{ destination: [{ s3_bucket_destination: [{ bucket_account_id: '999999999999' }] }] }] }] }, 'writes the use of a bucket for account 999999999999 | low | possible'],
  ['aws_s3_object_copy', { bucket: 'theirs', key: 'k', source: 'mine/k' }, 'copies an object to theirs, which is not in the plan | low | possible'],
  ['aws_s3files_file_system', { bucket: 'arn:aws:s3:::theirs' }, 'copies files to arn:aws:s3:::theirs, which is not in the plan | low | possible'],
  ['aws_dms_s3_endpoint', { endpoint_id: 'e', endpoint_type: 'target', bucket_name: 'theirs' }, 'lets a task copy rows to theirs, which is not in the plan | low | possible'],
  ['aws_dms_endpoint', { endpoint_id: 'e', endpoint_type: 'target', s3_settings: [{ bucket_name: 'theirs' }] }, 'lets a task copy rows to theirs, which is not in the plan | low | possible'],
  ['aws_redshift_logging', { cluster_identifier: 'c', bucket_name: 'theirs' }, 'writes queries to theirs, which is not in the plan | low | possible'],
  ['aws_redshiftdata_statement', { sql: "UNLOAD ('select * from t')\nTO 's3://theirs/out' IAM_ROLE default" }, 'writes rows to s3://theirs/out, which is not in the plan | low | possible'],
  ['aws_athena_named_query', { query: "UNLOAD (SELECT * FROM t WHERE a IN (1, 2)) TO 's3://theirs/out' WITH (format = 'PARQUET')" }, 'writes rows to s3://theirs/out, which is not in the plan | low | possible'],
  ['aws_athena_prepared_statement', { query_statement: "unload (select 1) to 's3://theirs/out'" }, 'writes rows to s3://theirs/out, which is not in the plan | low | possible'],
  ['aws_sagemaker_training_job', { vpc_config: { subnets: [ref('aws_subnet', 'vault')], security_group_ids: [ref('aws_security_group', 'vault')] }, output_data_config: [{ s3_output_path: 's3://theirs/out' }] }, 'writes what it learned to s3://theirs/out, which is not in the plan | low | possible'],
  ['aws_sagemaker_endpoint_configuration', { async_inference_config: [{ output_config: [{ s3_output_path: 's3://theirs/out' }] }] }, 'writes answers to s3://theirs/out, which is not in the plan | low | possible'],
  ['aws_bedrock_model_invocation_job', { output_data_config: [{ s3_output_data_config: [{ s3_uri: 's3://theirs/out' }] }] }, 'writes answers to s3://theirs/out, which is not in the plan | low | possible'],
  ['aws_bedrock_evaluation_job', { output_data_config: [{ s3_uri: 's3://theirs/out' }] }, 'writes answers to s3://theirs/out, which is not in the plan | low | possible'],
  ['aws_bedrock_custom_model', { output_data_config: [{ s3_uri: 's3://theirs/out' }] }, 'writes what it learned to s3://theirs/out, which is not in the plan | low | possible'],
  ['aws_codebuild_report_group', { name: 'r', export_config: [{ type: 'S3', s3_destination: [{ bucket: 'theirs' }] }] }, 'writes reports to theirs, which is not in the plan | low | possible'],
  ['aws_cleanrooms_membership', { collaboration_id: '1234abcd-12ab-34cd-56ef-1234567890ab' }, 'lets tables be asked by the members of 1234abcd-12ab-34cd-56ef-1234567890ab, which is not in the plan | low | possible'],
  ['aws_cleanrooms_membership', { default_result_configuration: [{ output_configuration: [{ s3: [{ bucket: 'theirs' }] }] }] }, 'writes answers to theirs, which is not in the plan | low | possible'],
  ['aws_directory_service_shared_directory', { directory_id: 'd-1', target: [{ id: '999999999999' }] }, 'shares a directory with account 999999999999 | low | possible'],
  ['aws_lakeformation_data_lake_settings', { allow_external_data_filtering: true, external_data_filtering_allow_list: ['999999999999'] }, 'lets tables be read by engines of account 999999999999 | low | possible'],
  ['aws_opensearch_inbound_connection_accepter', { connection_id: 'ccs-1' }, 'lets a domain be searched by that of ccs-1, which is not in the plan | low | possible'],
  ['aws_quicksight_template', { template_id: 't', permissions: [{ actions: ['quicksight:DescribeTemplate'], principal: 'arn:aws:iam::999999999999:root' }] }, 'shares a template with account 999999999999 | low | possible'],
])('%s', (type, body, says) => expect(told(type, body)).toEqual([`${type}.way ${says}`]));

test.each([
  ['a vault of the plan', 'aws_backup_plan', { rule: [{ copy_action: [{ destination_vault_arn: ref('aws_backup_vault', 'second', 'arn') }] }] }, { aws_backup_vault: { second: { name: 'second' } } }],
  ['a bucket of the plan', 'aws_kinesis_firehose_delivery_stream', { extended_s3_configuration: [{ bucket_arn: ref('aws_s3_bucket', 'mine', 'arn') }] }, { aws_s3_bucket: { mine: { bucket: 'mine' } } }],
  ['a bucket of the plan by its name', 'aws_kinesis_firehose_delivery_stream', { extended_s3_configuration: [{ bucket_arn: 'arn:aws:s3:::mine' }] }, { aws_s3_bucket: { mine: { bucket: 'mine' } } }],
  ['a destination of logs that the plan makes', 'aws_cloudwatch_log_delivery', { delivery_source_name: 's', delivery_destination_arn: ref('aws_cloudwatch_log_delivery_destination', 'mine', 'arn') }, { aws_cloudwatch_log_delivery_destination: { mine: { name: 'mine' } } }],
  ['a folder of a bucket of the plan', 'aws_fsx_data_repository_association', { data_repository_path: 's3://mine/in' }, { aws_s3_bucket: { mine: { bucket: 'mine' } } }],
  ['a trail of the plan\'s own bucket', 'aws_cloudtrail', { s3_bucket_name: ref('aws_s3_bucket', 'mine') }, { aws_s3_bucket: { mine: { bucket: 'mine' } } }],
  ['a source of a task', 'aws_dms_s3_endpoint', { endpoint_type: 'source', bucket_name: 'theirs' }, {}],
  ['a query that only reads', 'aws_athena_named_query', { query: "SELECT 'unload' FROM t WHERE path LIKE 's3://theirs/%'" }, {}],
  ['a role that is not told', 'aws_kms_grant', { key_id: 'k', grantee_principal: '${aws_iam_role.app.arn}', operations: ['Decrypt'] }, { aws_iam_role: { app: { name: 'app' } } }],
  ['a collaboration of the plan', 'aws_cleanrooms_membership', { collaboration_id: ref('aws_cleanrooms_collaboration', 'mine') }, { aws_cleanrooms_collaboration: { mine: { name: 'mine' } } }],
  ['a person of Identity Center', 'aws_s3control_access_grant', { grantee: [{ grantee_type: 'DIRECTORY_USER', grantee_identifier: '906764a1-1234-4000-8000-000000000001' }] }, {}],
  ['an organization that a layer is shared with', 'aws_lambda_layer_version_permission', { principal: '*', organization_id: 'o-1' }, {}],
  ['the account of whoever applies it', 'aws_ecr_replication_configuration', { replication_configuration: [{ rule: [{ destination: [{ region: 'eu-west-1', registry_id: '${data.aws_caller_identity.me.account_id}' }] }] }] }, {}],
  ['a principal of Lake Formation that is no account', 'aws_lakeformation_permissions', { principal: 'IAM_ALLOWED_PRINCIPALS' }, {}],
  ['a function that is named in full, as it may be one\'s own', 'aws_cloudwatch_event_target', { arn: 'arn:aws:lambda:us-east-1:999999999999:function:f' }, {}],
  ['what masks data in logs', 'aws_cloudwatch_log_account_policy', { policy_type: 'DATA_PROTECTION_POLICY', policy_document: '${jsonencode(local.masked)}' }, {}],
  ['a service that everybody may ask for, and that accepts each', 'aws_vpc_endpoint_service', { acceptance_required: true, allowed_principals: ['*'] }, {}],
  ['a service that calls a function', 'aws_lambda_permission', { principal: 'sns.amazonaws.com', action: 'lambda:InvokeFunction' }, {}],
  ['an organization that calls a function', 'aws_lambda_permission', { principal: '*', principal_org_id: 'o-1', action: 'lambda:InvokeFunction' }, {}],
  ['a function at its own address', 'aws_lambda_permission', { principal: '*', function_url_auth_type: 'NONE', action: 'lambda:InvokeFunctionUrl' }, {}],
  ['people of one\'s own', 'aws_sagemaker_flow_definition', { human_loop_config: [{ workteam_arn: 'arn:aws:sagemaker:us-east-1:999999999999:workteam/private-crowd/ours' }] }, {}],
  ['an organization', 'aws_ram_principal_association', { principal: 'arn:aws:organizations::999999999999:organization/o-1', resource_share_arn: 'arn:aws:ram:us-east-1:111122223333:resource-share/1' }, {}],
  ['a bucket of the plan for what is built', 'aws_codepipeline', { artifact_store: [{ type: 'S3', location: ref('aws_s3_bucket', 'mine', 'bucket') }] }, { aws_s3_bucket: { mine: { bucket: 'mine' } } }],
  ['a pipeline that hands on what a project builds', 'aws_codebuild_project', { artifacts: [{ type: 'CODEPIPELINE', location: null }] }, {}],
  ['video that goes to a host', 'aws_medialive_channel', { destinations: [{ id: 'd', settings: [{ url: 'rtmp://live.example.com/in' }] }] }, {}],
  ['a share that stays inside of the organization', 'aws_ram_principal_association', { principal: '999999999999', resource_share_arn: ref('aws_ram_resource_share', 'mine', 'arn') }, { aws_ram_resource_share: { mine: { name: 'mine' } } }],
])('but not with %s', (_, type, body, more) => expect(told(type, body, more)).toEqual([]));

test('a share that may leave the organization', () => {
  expect(told('aws_ram_principal_association', { principal: '999999999999', resource_share_arn: ref('aws_ram_resource_share', 'mine', 'arn') }, { aws_ram_resource_share: { mine: { name: 'mine', allow_external_principals: true } } }))
    .toEqual(['aws_ram_principal_association.way shares what its resource share holds with account 999999999999 | low | possible']);
});

test('where the plan tells whose it is, any other account is somebody else\'s, and that one is not', () => {
  const mine = { aws_iam_role: { r: { name: 'r', arn: 'arn:aws:iam::111122223333:role/r' } } };
  const target = (account: string) => told('aws_cloudwatch_event_target', { arn: `arn:aws:lambda:us-east-1:${account}:function:f` }, mine);
  expect(target('111122223333')).toEqual([]);
  expect(target('999999999999')).toEqual(['aws_cloudwatch_event_target.way sends events to arn:aws:lambda:us-east-1:999999999999:function:f, of account 999999999999, and the plan is of 111122223333 | low | certain']);
  expect(told('aws_ecr_replication_configuration', { replication_configuration: [{ rule: [{ destination: [{ registry_id: '111122223333' }] }] }] }, mine)).toEqual([]);
});

test.each([
  ['aws_iot_topic_rule', { sns: [{ target_arn: 'arn:aws:sns:us-east-1:999999999999:t' }] }, 'sends messages to'],
  ['aws_iot_topic_rule', { error_action: [{ lambda: [{ function_arn: 'arn:aws:lambda:us-east-1:999999999999:function:f' }] }] }, 'sends messages to'],
  ['aws_sfn_state_machine', { definition: '{"Arguments":{"FunctionName":"arn:aws:lambda:us-east-1:999999999999:function:f"}}' }, 'sends what it is given to'],
  ['aws_api_gateway_integration', { type: 'AWS_PROXY', uri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:999999999999:function:f/invocations' }, 'hands requests to'],
  ['aws_apigatewayv2_integration', { integration_type: 'AWS_PROXY', integration_uri: 'arn:aws:lambda:us-east-1:999999999999:function:f' }, 'hands requests to'],
  ['aws_flow_log', { log_destination: 'arn:aws:firehose:us-east-1:999999999999:deliverystream/all' }, 'sends flow records to'],
  ['aws_lambda_event_source_mapping', { destination_config: [{ on_failure: [{ destination_arn: 'arn:aws:sqs:us-east-1:999999999999:q' }] }] }, 'sends records to'],
  ['aws_lambda_function', { vpc_config: [{ subnet_ids: [ref('aws_subnet', 'vault')], security_group_ids: [ref('aws_security_group', 'vault')] }], dead_letter_config: [{ target_arn: 'arn:aws:sqs:us-east-1:999999999999:q' }] }, 'sends events to'],
  ['aws_s3_bucket_notification', { queue: [{ queue_arn: 'arn:aws:sqs:us-east-1:999999999999:q' }] }, 'tells what is put into a bucket to'],
  ['aws_redshift_integration', { integration_name: 'i', source_arn: 'arn:aws:dynamodb:us-east-1:111122223333:table/t', target_arn: 'arn:aws:redshift:us-east-1:999999999999:namespace:n' }, 'copies a table to'],
  ['aws_s3control_object_lambda_access_point', { configuration: [{ transformation_configuration: [{ content_transformation: [{ aws_lambda: [{ function_arn: 'arn:aws:lambda:us-east-1:999999999999:function:f' }] }] }] }] }, 'hands objects to'],
  ['aws_kms_grant', { key_id: 'k', grantee_principal: 'arn:aws:iam::999999999999:role/r', operations: ['Decrypt'] }, 'lets a key be used by'],
  ['aws_s3control_access_grant', { grantee: [{ grantee_type: 'IAM', grantee_identifier: 'arn:aws:iam::999999999999:user/u' }] }, 'opens objects to'],
  ['aws_detective_invitation_accepter', { graph_arn: 'arn:aws:detective:us-east-1:999999999999:graph:1' }, 'shows flow records and calls of the API to'],
  ['aws_route53_resolver_query_log_config', { destination_arn: 'arn:aws:logs:us-east-1:999999999999:log-group:all' }, 'sends queries to'],
  ['aws_athena_data_catalog', { name: 'c', type: 'LAMBDA', parameters: { 'metadata-function': 'arn:aws:lambda:us-east-1:111122223333:function:f', 'record-function': 'arn:aws:lambda:us-east-1:999999999999:function:f' } }, 'sends queries to'],
  ['aws_athena_data_catalog', { name: 'c', type: 'LAMBDA', parameters: { function: 'arn:aws:lambda:us-east-1:999999999999:function:f' } }, 'sends queries to'],
])('records of %s that another account keeps are told once the plan says whose it is', (type, body, says) => {
  expect(told(type, body)).toEqual([]);
  expect(changed((resource, stack) => {
    resource[type] = { way: body };
    stack.data = { aws_caller_identity: { me: { account_id: '111122223333' } } };
  }).findings.filter(({ rule }) => rule === 'data-given-elsewhere').map(({ message }) => message)).toEqual([expect.stringContaining(`${type}.way ${says} arn:`)]);
});
