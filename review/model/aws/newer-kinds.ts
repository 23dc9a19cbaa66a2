/** Kinds of resources that came after this review: what one of them is given a subnet for, nobody here knows. */

/** Services whose resources stand in no subnet, and are many. */
const WITHOUT_SUBNETS = /^aws_(acm|acmpca|api_gateway|appautoscaling|athena|backup|budgets|cloudfront|cloudtrail|cloudwatch|cognito|config|dynamodb|ebs|ecr|eip|guardduty|iam|internet_gateway|key_pair|kms|organizations|route53|s3|secretsmanager|securityhub|security_group|service_discovery|sns|sqs|ssm|ssoadmin|vpc_security_group|wafv2)(_|$)/;

/**
 * Kinds of the provider 6.66.0 that are given subnets. Of these, workloads are in `WORKLOAD_KINDS`, parts of the network in
 * its model; the others have an address there, and send nothing that somebody else wrote.
 * https://github.com/hashicorp/terraform-provider-aws/tree/v6.66.0/internal/service
 */
const GIVEN_SUBNETS: ReadonlySet<string> = new Set(`
agentregistry_registry alb apigatewayv2_vpc_link apprunner_vpc_connector appstream_fleet appstream_image_builder batch_compute_environment bedrock_custom_model bedrock_model_invocation_job
bedrockagentcore_agent_runtime bedrockagentcore_browser bedrockagentcore_code_interpreter bedrockagentcore_gateway bedrockagentcore_gateway_target bedrockagentcore_harness
bedrockagentcore_oauth2_credential_provider bedrockagentcore_registry cloud9_environment_ec2 cloudhsm_v2_cluster cloudhsm_v2_hsm cloudwatch_event_target codebuild_fleet codebuild_project
codeconnections_host codestarconnections_host comprehend_document_classifier comprehend_entity_recognizer datasync_agent datasync_location_efs dax_cluster dax_subnet_group db_instance db_proxy
db_proxy_endpoint db_subnet_group default_network_acl devicefarm_test_grid_project directory_service_directory directory_service_region dms_instance_profile dms_replication_config
dms_replication_instance dms_replication_subnet_group docdb_cluster docdb_subnet_group docdbelastic_cluster drs_replication_configuration_template ec2_client_vpn_network_association
ec2_client_vpn_route ec2_fleet ec2_instance_connect_endpoint ec2_subnet_cidr_reservation ec2_transit_gateway_multicast_domain_association ec2_transit_gateway_vpc_attachment ecs_capacity_provider
ecs_express_gateway_service ecs_service ecs_task_set efs_mount_target eks_cluster eks_fargate_profile eks_node_group elasticache_cluster elasticache_replication_group elasticache_serverless_cache
elasticache_subnet_group elastic_beanstalk_environment elasticsearch_domain elasticsearch_vpc_endpoint elb emr_cluster emr_studio emrserverless_application finspace_kx_cluster flow_log
fsx_file_cache fsx_lustre_file_system fsx_ontap_file_system fsx_openzfs_file_system fsx_windows_file_system gamelift_game_server_group glue_connection glue_dev_endpoint grafana_workspace
imagebuilder_infrastructure_configuration inspector2_filter instance iot_topic_rule_destination kinesis_firehose_delivery_stream kinesisanalyticsv2_application lambda_capacity_provider lambda_function
lambdacore_network_connector launch_template lb m2_environment medialive_channel medialive_input memorydb_cluster memorydb_subnet_group mq_broker msk_cluster msk_replicator msk_serverless_cluster
msk_vpc_connection mskconnect_connector mwaa_environment nat_gateway neptune_cluster neptune_cluster_instance neptune_subnet_group neptunegraph_private_graph_endpoint network_acl
network_acl_association network_interface networkfirewall_firewall networkfirewall_vpc_endpoint_association networkmanager_connect_peer networkmanager_device networkmanager_vpc_attachment odb_network
opensearch_domain opensearch_vpc_endpoint opensearchserverless_vpc_endpoint osis_pipeline osis_pipeline_endpoint pipes_pipe prometheus_scraper quicksight_vpc_connection ram_resource_association
rds_cluster rds_cluster_instance redshift_cluster redshift_endpoint_access redshift_subnet_group redshiftserverless_endpoint_access redshiftserverless_workgroup route_table_association
s3files_mount_target s3outposts_endpoint sagemaker_data_quality_job_definition sagemaker_domain sagemaker_hyper_parameter_tuning_job sagemaker_labeling_job sagemaker_model
sagemaker_monitoring_schedule sagemaker_notebook_instance sagemaker_pipeline sagemaker_training_job sagemaker_workforce scheduler_schedule sfn_state_machine spot_fleet_request spot_instance_request
synthetics_canary timestreaminfluxdb_db_cluster timestreaminfluxdb_db_instance transfer_server transfer_web_app verifiedaccess_endpoint vpc_block_public_access_exclusion vpc_endpoint
vpc_endpoint_subnet_association vpc_route_server_endpoint vpclattice_resource_gateway workspaces_directory workspacesweb_network_settings
ec2_secondary_subnet
`.trim().split(/\s+/).map((name) => `aws_${name}`));

/** Kinds that only show a subnet, or a group of subnets, once they exist: their own, or that of what they are part of. */
const SHOW_SUBNETS: ReadonlySet<string> = new Set([
  'default_subnet', 'docdb_cluster_instance', 'ec2_network_insights_analysis', 'ec2_transit_gateway_vpc_attachment_accepter', 'memorydb_snapshot', 'vpc_route_server_peer',
].map((name) => `aws_${name}`));

/** Kinds whose resources have to be asked. */
export const NEWER_AWS_KIND = { test: (type: string): boolean => type.startsWith('aws_') && !GIVEN_SUBNETS.has(type) && !SHOW_SUBNETS.has(type) && !WITHOUT_SUBNETS.test(type) };
