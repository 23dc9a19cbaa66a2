/** Services of AWS: what runs in a network of its own, what sends by one, what sends less than it could. */
import { cidrsOf } from '../../../review/model/addresses';
import { review } from './reviewed';
import { entry, line, ref, soundStack, WORLD, type Stack } from '../sound-stack';

function changed(edit: (resource: Stack['resource']) => void) {
  const stack = soundStack();
  edit(stack.resource);
  return review(stack);
}

test('functions without a network run in one of AWS, which leads to the internet', () => {
  expect(changed((resource) => void (resource.aws_lambda_function = { f: { function_name: 'f' } })).at('aws_lambda_function.f')).toMatchObject({ kind: 'open' });
});

test('a Glue job runs in one of AWS unless a connection of its stands in the network', () => {
  const job = (connections: readonly string[], connection: object = {}) => changed((resource) => {
    resource.aws_glue_connection = { data: { name: 'data', ...connection } };
    resource.aws_glue_job = { etl: { name: 'etl', connections } };
  }).at('aws_glue_job.etl');
  const inSubnet = { physical_connection_requirements: { subnet_id: ref('aws_subnet', 'app'), security_group_id_list: [ref('aws_security_group', 'app')] } };
  expect(job([])).toMatchObject({ kind: 'open' });
  expect(job([ref('aws_glue_connection', 'data', 'name')], { connection_type: 'SNOWFLAKE' })).toMatchObject({ kind: 'open' });
  expect(job([ref('aws_glue_connection', 'data', 'name')], inSubnet)).toMatchObject({ kind: 'allowlisted' });
  expect(job(['made-elsewhere'])).toMatchObject({ kind: 'unknown' });
});

test('Redshift copies and unloads by a network of AWS unless it is told to use its own', () => {
  const cluster = (routing: object) => changed((resource) => {
    resource.aws_redshift_subnet_group = { data: { name: 'data', subnet_ids: [ref('aws_subnet', 'app')] } };
    resource.aws_redshift_cluster = { data: { cluster_identifier: 'data', cluster_subnet_group_name: ref('aws_redshift_subnet_group', 'data', 'name'), vpc_security_group_ids: [ref('aws_security_group', 'app')], ...routing } };
  }).at('aws_redshift_cluster.data');
  for (const routing of [{}, { enhanced_vpc_routing: false }]) {
    expect(cluster(routing)).toMatchObject({ kind: 'open', witness: [{}, { label: 'COPY and UNLOAD by a network of AWS, without enhanced_vpc_routing' }] });
  }
  expect(cluster({ enhanced_vpc_routing: true })).toMatchObject({ kind: 'allowlisted' });
  expect(cluster({ enhanced_vpc_routing: '${var.routing}' })).toMatchObject({ kind: 'unknown' });
  expect(changed((resource) => void (resource.aws_redshiftserverless_workgroup = { data: { workgroup_name: 'data', subnet_ids: [ref('aws_subnet', 'app')] } })).at('aws_redshiftserverless_workgroup.data')).toMatchObject({ kind: 'open' });
});

test('Grafana asks its sources from a network of AWS unless it is told to use one of ours', () => {
  const workspace = (more: object) => changed((resource) => void (resource.aws_grafana_workspace = { g: { account_access_type: 'CURRENT_ACCOUNT', ...more } })).at('aws_grafana_workspace.g');
  expect(workspace({})).toMatchObject({ kind: 'open' });
  expect(workspace({ vpc_configuration: [{ subnet_ids: [ref('aws_subnet', 'app')], security_group_ids: [ref('aws_security_group', 'app')] }] })).toMatchObject({ kind: 'allowlisted' });
});

describe('what else runs somebody\'s code', () => {
  const inApp = (subnets: string, groups: string) => ({ [subnets]: [ref('aws_subnet', 'app')], [groups]: [ref('aws_security_group', 'app')] });

  test.each([
    ['aws_amplify_app', { name: 'app' }, 'open'],
    ['aws_codecatalyst_dev_environment', { alias: 'app' }, 'open'],
    ['aws_sagemaker_model', { name: 'app' }, 'open'],
    ['aws_sagemaker_data_quality_job_definition', { name: 'app' }, 'open'],
    ['aws_sagemaker_data_quality_job_definition', { name: 'app', network_config: { vpc_config: inApp('subnets', 'security_group_ids') } }, 'allowlisted'],
    ['aws_sagemaker_training_job', { training_job_name: 'app' }, 'open'],
    ['aws_sagemaker_training_job', { training_job_name: 'app', vpc_config: inApp('subnets', 'security_group_ids') }, 'allowlisted'],
    ['aws_sagemaker_hyper_parameter_tuning_job', { training_job_definition: { vpc_config: inApp('subnets', 'security_group_ids') } }, 'allowlisted'],
    ['aws_sagemaker_hyper_parameter_tuning_job', { training_job_definitions: [{ vpc_config: [inApp('subnets', 'security_group_ids')] }, { definition_name: 'other' }] }, 'open'],
    ['aws_bedrockagentcore_harness', { harness_name: 'app' }, 'open'],
    ['aws_bedrockagentcore_harness', { environment: { agentcore_runtime_environment: { network_configuration: { network_mode: 'VPC', network_mode_config: inApp('subnets', 'security_groups') } } } }, 'allowlisted'],
    ['aws_lambdamicrovms_microvm', { image_arn: 'arn:aws:lambda:us-east-1:111122223333:microvm-image:app' }, 'open'],
    ['aws_lambdamicrovms_microvm', { egress_network_connectors: ['arn:aws:lambda:us-east-1:aws:network-connector:aws-network-connector:INTERNET_EGRESS'] }, 'unknown'],
    ['aws_lambdacore_network_connector', { configuration: { vpc_egress_configuration: inApp('subnet_ids', 'security_group_ids') } }, 'allowlisted'],
    ['aws_ecs_daemon', { capacity_provider_arns: ['arn:aws:ecs:us-east-1:111122223333:capacity-provider/made-elsewhere'] }, 'unknown'],
    ['aws_dms_instance_profile', { vpc_security_group_ids: [ref('aws_security_group', 'app')], subnet_group_identifier: 'made-elsewhere' }, 'unknown'],
    ['aws_workspaces_pool', { directory_id: 'wsd-made-elsewhere' }, 'unknown'],
    ['aws_sagemaker_app', { domain_id: 'd-made-elsewhere', app_name: 'way', app_type: 'JupyterServer' }, 'unknown'],
    ['aws_sagemaker_space', { domain_id: 'd-made-elsewhere', space_name: 'way' }, 'unknown'],
    ['aws_m2_environment', inApp('subnet_ids', 'security_group_ids'), 'allowlisted'],
    ['aws_drs_replication_configuration_template', { staging_area_subnet_id: ref('aws_subnet', 'app'), replication_servers_security_groups_ids: [ref('aws_security_group', 'app')] }, 'allowlisted'],
    ['aws_finspace_kx_cluster', { vpc_configuration: inApp('subnet_ids', 'security_group_ids') }, 'allowlisted'],
    ['aws_emr_studio', { subnet_ids: [ref('aws_subnet', 'app')], workspace_security_group_id: ref('aws_security_group', 'app') }, 'allowlisted'],
    ['aws_workspacesweb_network_settings', inApp('subnet_ids', 'security_group_ids'), 'allowlisted'],
    ['aws_fsx_ontap_file_system', inApp('subnet_ids', 'security_group_ids'), 'allowlisted'],
    ['aws_timestreaminfluxdb_db_instance', inApp('vpc_subnet_ids', 'vpc_security_group_ids'), 'allowlisted'],
    ['aws_timestreaminfluxdb_db_cluster', inApp('vpc_subnet_ids', 'vpc_security_group_ids'), 'allowlisted'],
    ['aws_bedrockagentcore_agent_runtime', { network_configuration: { network_mode: 'PUBLIC' } }, 'open'],
    ['aws_bedrockagentcore_agent_runtime', { network_configuration: { network_mode: 'VPC', network_mode_config: inApp('subnets', 'security_groups') } }, 'allowlisted'],
    ['aws_bedrockagentcore_browser', {}, 'open'],
    ['aws_bedrockagentcore_browser', { network_configuration: { network_mode: 'VPC', vpc_config: inApp('subnets', 'security_groups') } }, 'allowlisted'],
    ['aws_bedrockagentcore_code_interpreter', { network_configuration: { network_mode: 'PUBLIC' } }, 'open'],
    ['aws_ecs_express_gateway_service', { network_configuration: inApp('subnets', 'security_groups') }, 'allowlisted'],
    ['aws_ecs_express_gateway_service', {}, 'open'],
    ['aws_lambda_capacity_provider', { vpc_config: inApp('subnet_ids', 'security_group_ids') }, 'allowlisted'],
    ['aws_codepipeline', { stage: [{ name: 'build', action: [{ provider: 'CodeStarSourceConnection' }, { provider: 'Commands' }] }] }, 'open'],
    ['aws_ssm_document', { document_type: 'Automation', content: 'schemaVersion: "0.3"\nmainSteps:\n- name: s\n  action: aws:executeScript\n' }, 'open'],
    ['aws_ssm_document', { document_type: 'Automation', content: '${jsonencode({ mainSteps = [{ action = "aws:executeScript", inputs = { Script = file(aws_s3_bucket.x.arn) } }] })}' }, 'unknown'],
    ['aws_cloudformation_type', { type_name: 'Our::Own::Thing', schema_handler_package: 's3://mine/handlers.zip' }, 'open'],
    ['aws_devicefarm_project', { name: 'way' }, 'open'],
    ['aws_devicefarm_test_grid_project', { vpc_config: inApp('subnet_ids', 'security_group_ids') }, 'allowlisted'],
    ['aws_sagemaker_pipeline', { pipeline_definition: '{"Steps":[{"Type":"Training","Arguments":{}}]}' }, 'open'],
    ['aws_sagemaker_pipeline', { pipeline_definition: `{"Steps":[{"Type":"Training","Arguments":{"VpcConfig":{"Subnets":["${ref('aws_subnet', 'app')}"],"SecurityGroupIds":["${ref('aws_security_group', 'app')}"]}}}]}` }, 'allowlisted'],
    ['aws_sagemaker_pipeline', { pipeline_definition: '${jsonencode({ Steps = [{ Type = "Training", Arguments = { RoleArn = aws_iam_role.x.arn } }] })}' }, 'unknown'],
    ['aws_sfn_state_machine', { definition: `{"States":{"Run":{"Resource":"arn:aws:states:::ecs:runTask.sync","Parameters":{"NetworkConfiguration":{"AwsvpcConfiguration":{"Subnets":["${ref('aws_subnet', 'app')}"],"SecurityGroups":["${ref('aws_security_group', 'app')}"]}}}}}}` }, 'allowlisted'],
    ['aws_sfn_state_machine', { definition: '{"States":{"Run":{"Resource":"arn:aws:states:::ecs:runTask.sync","Parameters":{"NetworkConfiguration":{"AwsvpcConfiguration":{"Subnets":["subnet-0a1b"]}}}}}}' }, 'unknown'],
    ['aws_workspaces_workspace', { directory_id: 'd-1' }, 'unknown'],
    ['aws_odb_cloud_vm_cluster', { odb_network_id: 'odbnet_1' }, 'unknown'],
    ['aws_medialive_channel', { vpc: inApp('subnet_ids', 'security_group_ids') }, 'allowlisted'],
    ['aws_vpclattice_resource_gateway', inApp('subnet_ids', 'security_group_ids'), 'allowlisted'],
    ['aws_bedrockagentcore_gateway_target', { name: 'way', private_endpoint: [{ managed_vpc_resource: [inApp('subnet_ids', 'security_group_ids')] }] }, 'allowlisted'],
  ])('%s', (type, body, kind) => {
    expect(changed((resource) => void (resource[type] = { way: body })).at(`${type}.way`)).toMatchObject({ kind });
  });

  test('servers of games, by their template', () => {
    expect(changed((resource) => {
      resource.aws_launch_template = { game: { vpc_security_group_ids: [ref('aws_security_group', 'vault')] } };
      resource.aws_gamelift_game_server_group = { way: { vpc_subnets: [ref('aws_subnet', 'app')], launch_template: { id: ref('aws_launch_template', 'game') } } };
    }).at('aws_gamelift_game_server_group.way')).toMatchObject({ kind: 'none' });
  });

  test('a machine that builds images has groups of its own', () => {
    expect(changed((resource) => {
      resource.aws_codebuild_project = { way: { vpc_config: { subnets: [ref('aws_subnet', 'app')], security_group_ids: [ref('aws_security_group', 'vault')] }, environment: { docker_server: { security_group_ids: [ref('aws_security_group', 'app')] } } } };
    }).at('aws_codebuild_project.way')).toMatchObject({ kind: 'allowlisted' });
  });

  test('a profile of SageMaker brings groups of its own', () => {
    const { at } = changed((resource) => {
      resource.aws_sagemaker_domain = { main: { subnet_ids: [ref('aws_subnet', 'app')], app_network_access_type: 'VpcOnly', default_user_settings: { security_groups: [ref('aws_security_group', 'vault')] } } };
      resource.aws_sagemaker_user_profile = { way: { domain_id: ref('aws_sagemaker_domain', 'main'), user_settings: { security_groups: [ref('aws_security_group', 'app')] } } };
    });
    expect([at('aws_sagemaker_domain.main').kind, at('aws_sagemaker_user_profile.way').kind]).toEqual(['none', 'allowlisted']);
  });

  test('a function on machines of its own leaves by their network', () => {
    expect(changed((resource) => {
      resource.aws_lambda_capacity_provider = { own: { vpc_config: inApp('subnet_ids', 'security_group_ids') } };
      resource.aws_lambda_function = { way: { function_name: 'way', capacity_provider_config: { lambda_managed_instances_capacity_provider_config: { capacity_provider_arn: ref('aws_lambda_capacity_provider', 'own', 'arn') } } } };
    }).at('aws_lambda_function.way')).toMatchObject({ kind: 'allowlisted' });
  });

  test.each([
    ['a pipeline that runs nothing itself', 'aws_codepipeline', { stage: [{ name: 'build', action: [{ provider: 'CodeBuild' }] }] }],
    ['a sandbox', 'aws_bedrockagentcore_code_interpreter', { network_configuration: { network_mode: 'SANDBOX' } }],
    ['a pipeline of conditions', 'aws_sagemaker_pipeline', { pipeline_definition: '{"Steps":[{"Type":"Condition"}]}' }],
    ['a state machine that starts nothing in a network', 'aws_sfn_state_machine', { definition: '{"States":{"Put":{"Resource":"${aws_lambda_function.f.arn}"}}}' }],
    ['a channel that sends from a network of AWS to what it names', 'aws_medialive_channel', { name: 'way' }],
  ])('but not %s', (_, type, body) => {
    expect(changed((resource) => void (resource[type] = { way: body })).verdicts.filter(({ place }) => place.id === `${type}.way`)).toEqual([]);
  });

  test('a desktop stands where its directory does, which is the place', () => {
    const { verdicts } = changed((resource) => {
      resource.aws_workspaces_directory = { d: { directory_id: 'd-1', subnet_ids: [ref('aws_subnet', 'app')] } };
      resource.aws_workspaces_workspace = { w: { directory_id: ref('aws_workspaces_directory', 'd') } };
    });
    expect(verdicts.map(({ place }) => place.id).filter((id) => id.startsWith('aws_workspaces'))).toEqual(['aws_workspaces_directory.d']);
  });

  test('a model without any network is none', () => {
    const { verdicts } = changed((resource) => void (resource.aws_sagemaker_model = { way: { name: 'way', enable_network_isolation: true } }));
    expect(verdicts.filter(({ place }) => place.id.startsWith('aws_sagemaker'))).toEqual([]);
  });
});

describe('services that deliver by themselves', () => {
  const told = (type: string, body: object) => changed((resource) => void (resource[type] = { way: body })).findings.filter(({ rule }) => rule === 'managed-service-egress').map(({ message }) => message);

  test.each([
    ['an API that hands calls on', 'aws_api_gateway_integration', { type: 'HTTP_PROXY', uri: 'https://api.example.net/v1', http_method: 'ANY' }, 'api.example.net'],
    ['an HTTP API that hands calls on', 'aws_apigatewayv2_integration', { integration_type: 'HTTP_PROXY', integration_uri: 'https://api.example.net/{proxy}' }, 'api.example.net'],
    ['an API by a document', 'aws_api_gateway_rest_api', { name: 'way', body: '{"paths":{"/":{"get":{"x-amazon-apigateway-integration":{"type":"http_proxy","uri":"https://api.example.net/"}}}}}' }, 'api.example.net'],
    ['an API that only seems to call AWS', 'aws_api_gateway_integration', { type: 'HTTP', uri: 'https://api.example.net?@sns.us-east-1.amazonaws.com/', http_method: 'ANY' }, 'api.example.net'],
    ['an API that seems to call AWS by a fragment', 'aws_api_gateway_integration', { type: 'HTTP', uri: 'https://api.example.net#@sns.us-east-1.amazonaws.com/', http_method: 'ANY' }, 'api.example.net'],
    ['an API that seems to call AWS by a backslash', 'aws_api_gateway_integration', { type: 'HTTP', uri: 'https://api.example.net\\@sns.us-east-1.amazonaws.com/', http_method: 'ANY' }, 'api.example.net'],
    ['an API that calls under a name of its own', 'aws_api_gateway_integration', { type: 'HTTP', uri: 'https://sns.us-east-1.amazonaws.com@api.example.net/', http_method: 'ANY' }, 'api.example.net'],
    ['an API that calls a machine of somebody', 'aws_api_gateway_integration', { type: 'HTTP', uri: 'http://ec2-203-0-113-25.compute-1.amazonaws.com/', http_method: 'ANY' }, 'ec2-203-0-113-25.compute-1.amazonaws.com'],
    ['an API that calls a load balancer of somebody', 'aws_api_gateway_integration', { type: 'HTTP', uri: 'http://way-0123456789abcdef.elb.eu-west-1.amazonaws.com/', http_method: 'ANY' }, 'way-0123456789abcdef.elb.eu-west-1.amazonaws.com'],
    ['a tool of agents that hands calls on', 'aws_bedrockagentcore_gateway_target', { name: 'way', target_configuration: [{ http: [{ passthrough: [{ endpoint: 'https://api.example.net/', protocol_type: 'HTTP' }] }] }] }, 'api.example.net'],
    ['a tool of agents by a document', 'aws_bedrockagentcore_gateway_target', { name: 'way', target_configuration: [{ mcp: [{ open_api_schema: [{ inline_payload: [{ payload: '{"openapi":"3.0.0","externalDocs":{"url":"https://docs.example.net"},"servers":[{"url":"https://api.example.net/v1"}]}' }] }] }] }] }, 'api.example.net'],
    ['models of somebody', 'aws_bedrockagentcore_gateway_target', { name: 'way', target_configuration: [{ inference: [{ provider: [{ endpoint: 'https://llm.example.net/v1' }] }] }] }, 'llm.example.net'],
    ['models of somebody by name', 'aws_bedrockagentcore_gateway_target', { name: 'way', target_configuration: [{ inference: [{ connector: [{ source: [{ connector_id: 'openai' }] }] }] }] }, 'openai'],
    ['a replicator', 'aws_msk_replicator', { kafka_cluster: [{ apache_kafka_cluster: [{ bootstrap_broker_string: 'kafka.example.net:9092' }] }], replication_info_list: [{ target_kafka_cluster_id: 'k' }] }, 'kafka.example.net'],
    ['a source of AppSync', 'aws_appsync_datasource', { type: 'HTTP', http_config: [{ endpoint: 'https://graph.example.net' }] }, 'graph.example.net'],
    ['a state machine that calls', 'aws_sfn_state_machine', { name: 'way', definition: '{"States":{"Call":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","Parameters":{"ApiEndpoint":"https://hooks.example.net/x"}}}}' }, 'hooks.example.net'],
    ['a state machine that calls what it is told', 'aws_sfn_state_machine', { name: 'way', definition: '{"States":{"Call":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","Parameters":{"ApiEndpoint.$":"$.url"}}}}' }, 'a host that the plan does not tell'],
    ['a rule of IoT', 'aws_iot_topic_rule', { name: 'way', http: [{ url: 'https://a.amazonaws.com/' }, { url: 'https://iot.example.net/' }] }, 'iot.example.net'],
    ['a stream into Snowflake', 'aws_kinesis_firehose_delivery_stream', { name: 'way', destination: 'snowflake', snowflake_configuration: [{ account_url: 'https://acme.snowflakecomputing.com' }] }, 'acme.snowflakecomputing.com'],
    ['a store of DataSync', 'aws_datasync_location_object_storage', { server_hostname: 'storage.example.net', bucket_name: 'b' }, 'storage.example.net'],
    ['a knowledge base elsewhere', 'aws_bedrockagent_knowledge_base', { name: 'way', storage_configuration: [{ type: 'REDIS_ENTERPRISE_CLOUD', redis_enterprise_cloud_configuration: [{ endpoint: 'https://index.example.net' }] }] }, 'index.example.net'],
    ['a tool of agents', 'aws_bedrockagentcore_gateway_target', { name: 'way', target_configuration: [{ mcp: [{ mcp_server: [{ endpoint: 'https://mcp.example.net/mcp' }] }] }] }, 'mcp.example.net'],
    ['a channel', 'aws_medialive_channel', { name: 'way', destinations: [{ id: 'a', settings: [{ url: 's3ssl://bucket/x' }, { url: 'rtmp://live.example.net/app' }] }] }, 'live.example.net'],
    ['a relay of mail', 'aws_mailmanager_relay', { name: 'way', server_name: 'smtp.example.com', server_port: 25 }, 'smtp.example.com'],
    ['an agent with tools elsewhere', 'aws_bedrockagentcore_harness', { tool: [{ type: 'remote_mcp', config: [{ remote_mcp: [{ url: 'https://mcp.example.com/mcp' }] }] }] }, 'mcp.example.com'],
    ['an agent with a model of others', 'aws_bedrockagentcore_harness', { model: [{ openai_model_config: [{ model_id: 'm', api_key_arn: 'arn' }] }] }, 'OpenAI'],
    ['a tracker', 'aws_securityhub_connector_v2', { name: 'way' }, 'Jira or ServiceNow'],
    ['a chat', 'aws_chatbot_slack_channel_configuration', { configuration_name: 'way' }, 'Slack'],
    ['a store of files that an agent writes to', 'aws_datasync_location_nfs', { server_hostname: 'files.example.net', subdirectory: '/' }, 'files.example.net'],
    ['a store of files of Windows', 'aws_datasync_location_smb', { server_hostname: 'files.example.net', subdirectory: '/' }, 'files.example.net'],
    ['a store of files of Hadoop', 'aws_datasync_location_hdfs', { name_node: [{ hostname: 'name.example.net', port: 8020 }] }, 'name.example.net'],
    ['an API by a document put in later', 'aws_api_gateway_rest_api_put', { rest_api_id: 'r', body: '{"uri":"https://api.example.net/"}' }, 'api.example.net'],
    ['a pipeline into a cluster elsewhere', 'aws_osis_pipeline', { pipeline_name: 'way', pipeline_configuration_body: 'p:\n  sink:\n    - opensearch:\n        hosts: [ "https://search.example.net:9200" ]\n' }, 'search.example.net'],
    ['who hears of security records', 'aws_securitylake_subscriber_notification', { subscriber_id: 's', configuration: [{ https_notification_configuration: [{ endpoint: 'https://siem.example.net/in' }] }] }, 'siem.example.net'],
    ['a store of keys', 'aws_kms_custom_key_store', { custom_key_store_name: 'way', xks_proxy_connectivity: 'PUBLIC_ENDPOINT', xks_proxy_uri_endpoint: 'https://keys.example.net' }, 'keys.example.net'],
    ['a flow of AppFlow', 'aws_appflow_flow', { name: 'way', destination_flow_config: [{ connector_type: 'Salesforce' }] }, 'Salesforce'],
  ])('%s', (_, type, body, where) => expect(told(type, body)).toEqual([`${type}.way delivers to ${where}`]));

  test.each([
    ['an API that leads into a network', 'aws_api_gateway_integration', { type: 'HTTP_PROXY', connection_type: 'VPC_LINK', connection_id: 'link', uri: 'https://internal.example.net' }],
    ['an API with a function', 'aws_apigatewayv2_integration', { integration_type: 'AWS_PROXY', integration_uri: 'arn:aws:lambda:us-east-1:111122223333:function:f' }],
    ['an API by a document with a function', 'aws_api_gateway_rest_api', { name: 'way', body: '{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":"arn:aws:apigateway:us-east-1:lambda:path/x"}}' }],
    ['a state machine that calls services of AWS', 'aws_sfn_state_machine', { name: 'way', definition: '{"States":{"Put":{"Type":"Task","Resource":"arn:aws:states:::dynamodb:putItem"}}}' }],
    ['a flow into a bucket', 'aws_appflow_flow', { name: 'way', destination_flow_config: [{ connector_type: 'S3' }] }],
    ['a store of keys behind an endpoint', 'aws_kms_custom_key_store', { custom_key_store_name: 'way', xks_proxy_connectivity: 'VPC_ENDPOINT_SERVICE', xks_proxy_uri_endpoint: 'https://keys.example.net' }],
    ['a cache of images of the same kind of registry', 'aws_ecr_pull_through_cache_rule', { ecr_repository_prefix: 'way', upstream_registry_url: '111122223333.dkr.ecr.us-east-1.amazonaws.com' }],
    ['rules that keep mail', 'aws_mailmanager_rule_set', { name: 'way', rule: [{ action: [{ archive: [{ target_archive: 'a' }] }] }] }],
    ['a gateway before models of Bedrock', 'aws_bedrockagentcore_gateway_target', { name: 'way', target_configuration: [{ inference: [{ connector: [{ source: [{ connector_id: 'bedrock' }] }] }] }] }],
    ['a tool that is called inside of a network', 'aws_bedrockagentcore_gateway_target', { name: 'way', target_configuration: [{ mcp: [{ mcp_server: [{ endpoint: 'https://mcp.example.net' }] }] }], private_endpoint: [{ self_managed_lattice_resource: [{ resource_configuration_identifier: 'rcfg-1' }] }] }],
    ['a replicator from elsewhere', 'aws_msk_replicator', { kafka_cluster: [{ apache_kafka_cluster: [{ bootstrap_broker_string: 'kafka.example.net:9092' }] }], replication_info_list: [{ source_kafka_cluster_id: 'k' }] }],
    ['a subscriber that is a queue', 'aws_sns_topic_subscription', { topic_arn: 'arn', protocol: 'sqs', endpoint: 'arn:aws:sqs:us-east-1:111122223333:q' }],
  ])('but not %s', (_, type, body) => expect(told(type, body)).toEqual([]));

  test.each([['email-smtp', 'mail to any mailbox'], ['sms-voice', 'messages to any phone'], ['logs', undefined]])('an endpoint of %s posts what the network gives it', (service, what) => {
    const { findings } = changed((resource) => void (resource.aws_vpc_endpoint!.logs!.service_name = `com.amazonaws.us-east-1.${service}`));
    expect(findings.filter(({ rule }) => rule === 'managed-service-egress').map(({ message, severity }) => [message, severity])).toEqual(what === undefined ? [] : [[`aws_vpc_endpoint.logs lets the network send ${what}, past every firewall`, 'medium']]);
  });

  test('a place that is only read from gets nothing', () => {
    const from = (task: object) => changed((resource) => {
      resource.aws_datasync_location_nfs = { files: { server_hostname: 'files.example.net', subdirectory: '/' } };
      resource.aws_datasync_task = { way: task };
    }).rules.includes('managed-service-egress');
    expect(from({ source_location_arn: ref('aws_datasync_location_nfs', 'files', 'arn'), destination_location_arn: 'arn:aws:datasync:us-east-1:111122223333:location/loc-1' })).toBe(false);
    expect(from({ source_location_arn: 'arn:aws:datasync:us-east-1:111122223333:location/loc-1', destination_location_arn: ref('aws_datasync_location_nfs', 'files', 'arn') })).toBe(true);
  });

  test.each([
    ['aws_ses_domain_identity', { domain: 'example.com' }, 'lets whoever may use it send mail to any mailbox'],
    ['aws_sesv2_email_identity', { email_identity: 'a@example.com' }, 'lets whoever may use it send mail to any mailbox'],
    ['aws_workmail_organization', { organization_alias: 'way' }, 'lets whoever may use it send mail to any mailbox'],
    ['aws_pinpointsmsvoicev2_sender_id', { sender_id: 'way', iso_country_code: 'GB' }, 'lets whoever may use it send messages to any phone'],
    ['aws_mailmanager_rule_set', { name: 'way', rule: [{ action: [{ archive: [{ target_archive: 'a' }] }, { send: [{ role_arn: 'arn:aws:iam::111122223333:role/r' }] }] }] }, 'sends mail on to any mailbox'],
    ['aws_eks_capability', { cluster_name: 'c', capability_name: 'way', type: 'ARGOCD' }, 'fetches from repositories that applications name, by a network of AWS'],
    ['aws_sns_platform_application', { name: 'way', platform: 'GCM', platform_credential: 'x' }, 'lets whoever may use it send messages to phones, by the service of their maker'],
    ['aws_connect_phone_number', { target_arn: 'arn:aws:connect:us-east-1:111122223333:instance/1', country_code: 'DE', type: 'DID' }, 'lets whoever may use it send calls to any phone'],
    ['aws_ssmcontacts_contact_channel', { type: 'SMS', name: 'way' }, 'sends what an incident says to a phone'],
    ['aws_ssmcontacts_contact_channel', { type: 'EMAIL', name: 'way' }, 'sends what an incident says to a mailbox'],
    ['aws_pinpoint_sms_channel', { application_id: 'a' }, 'lets whoever may use it send messages to any phone'],
    ['aws_sns_topic_subscription', { topic_arn: 'arn', protocol: 'email', endpoint: 'a@example.com' }, 'sends what is published to a mailbox'],
    ['aws_ecr_pull_through_cache_rule', { ecr_repository_prefix: 'way', upstream_registry_url: 'ghcr.io' }, 'fetches from ghcr.io whatever its callers name'],
    ['aws_codeartifact_repository', { repository: 'way', domain: 'd', external_connections: [{ external_connection_name: 'public:npmjs' }] }, 'fetches from public:npmjs whatever its callers name'],
  ])('to people, or from others: %s', (type, body, says) => expect(told(type, body)).toEqual([`${type}.way ${says}`]));

  test.each([
    'https://x.appsync-api.us-east-1.amazonaws.com/graphql', 'https://elsewhere.s3.amazonaws.com/in', 'https://s3.us-east-1.amazonaws.com/elsewhere/in',
    'https://sqs.us-east-1.amazonaws.com/999999999999/in', 'https://search-x.us-east-1.es.amazonaws.com/', 'https://x.us-east-1.aoss.amazonaws.com/',
  ])('what any account may have is no delivery to oneself: %s', (url) => {
    expect(told('aws_cloudwatch_event_api_destination', { invocation_endpoint: url })).toEqual([expect.stringContaining('a name that anybody may have')]);
  });

  test.each([['by the internet', {}, true], ['inside of a network', { invocation_connectivity_parameters: [{ resource_parameters: [{ resource_configuration_arn: 'arn:aws:vpc-lattice:us-east-1:111122223333:resourceconfiguration/rcfg-1' }] }] }, false]])('an API that is called %s', (_, connection, isTold) => {
    const { rules } = changed((resource) => {
      resource.aws_cloudwatch_event_connection = { way: { name: 'way', authorization_type: 'API_KEY', ...connection } };
      resource.aws_cloudwatch_event_api_destination = { way: { invocation_endpoint: 'https://api.example.net', connection_arn: ref('aws_cloudwatch_event_connection', 'way', 'arn') } };
    });
    expect(rules.includes('managed-service-egress')).toBe(isTold);
  });

  test('a bucket of the plan is', () => {
    const { findings } = changed((resource) => {
      resource.aws_s3_bucket = { ...resource.aws_s3_bucket, mine: { bucket: 'mine' } };
      resource.aws_cloudwatch_event_api_destination = { way: { invocation_endpoint: 'https://mine.s3.amazonaws.com/in' } };
    });
    expect(findings.filter(({ rule }) => rule === 'managed-service-egress')).toEqual([]);
  });
});

test('a group is used in the networks that it is associated with', () => {
  const verdicts = (association: boolean) => changed((resource) => {
    for (const type of ['aws_instance', 'aws_db_instance', 'aws_lambda_function', 'aws_network_acl', 'aws_default_network_acl']) delete resource[type];
    Object.assign(resource.aws_vpc!, { other: { cidr_block: '10.9.0.0/16' } });
    Object.assign(resource.aws_subnet!, { other: { vpc_id: ref('aws_vpc', 'other'), cidr_block: '10.9.1.0/24', availability_zone: 'us-east-1a' } });
    Object.assign(resource.aws_security_group!, {
      wide: { name: 'wide', vpc_id: ref('aws_vpc', 'main'), egress: [{ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: ['0.0.0.0/0'] }], ingress: [] },
      closed: { name: 'closed', vpc_id: ref('aws_vpc', 'other'), egress: [], ingress: [] },
    });
    resource.aws_internet_gateway = { ...resource.aws_internet_gateway, other: { vpc_id: ref('aws_vpc', 'other') } };
    resource.aws_route_table = { ...resource.aws_route_table, other: { vpc_id: ref('aws_vpc', 'other'), route: [{ cidr_block: '0.0.0.0/0', gateway_id: ref('aws_internet_gateway', 'other') }] } };
    resource.aws_route_table_association = { ...resource.aws_route_table_association, other: { subnet_id: ref('aws_subnet', 'other'), route_table_id: ref('aws_route_table', 'other') } };
    resource.aws_default_security_group = { ...resource.aws_default_security_group, other: { vpc_id: ref('aws_vpc', 'other'), egress: [], ingress: [] } };
    if (association) resource.aws_vpc_security_group_vpc_association = { wide: { security_group_id: ref('aws_security_group', 'wide'), vpc_id: ref('aws_vpc', 'other') } };
  }).verdicts.filter(({ place, family }) => family === 4 && place.id.startsWith('aws_subnet.other')).map(({ kind }) => kind);
  expect(verdicts(false)).toEqual(['none']);
  expect(verdicts(true)).toContain('open');
});

test('a resolver endpoint sends queries, to the servers of its rules and to no others', () => {
  const endpoint = (...targets: object[]) => ruled(targets.length > 0 && { rule_type: 'FORWARD', target_ip: targets });
  const ruled = (rule: object | false) => changed((resource) => {
    resource.aws_route_table!.vault!.route = [{ cidr_block: WORLD, nat_gateway_id: ref('aws_nat_gateway', 'main') }];
    resource.aws_network_acl!.vault!.egress = [entry({ protocol: '-1', from_port: 0, to_port: 0 })];
    resource.aws_network_acl!.nat!.egress = [entry({ protocol: '-1', from_port: 0, to_port: 0 })];
    resource.aws_security_group!.resolver = { vpc_id: ref('aws_vpc', 'main'), ingress: [], egress: [line({ protocol: '-1', cidr_blocks: [WORLD] })] };
    resource.aws_route53_resolver_endpoint = { out: { direction: 'OUTBOUND', security_group_ids: [ref('aws_security_group', 'resolver')], ip_address: [{ subnet_id: ref('aws_subnet', 'vault') }] } };
    if (rule) resource.aws_route53_resolver_rule = { out: { domain_name: '.', resolver_endpoint_id: ref('aws_route53_resolver_endpoint', 'out'), ...rule } };
  }).at('aws_route53_resolver_endpoint.out');
  expect(endpoint({ ip: '10.9.0.2' })).toMatchObject({ kind: 'none' });
  const open = endpoint({ ip: '10.9.0.2' }, { ip: '9.9.9.9', port: 5353 });
  expect(open.kind).toBe('open');
  expect(open.openTraffic!.flatMap(({ boxes }) => boxes.map(({ protocol, ports, destinations }) => `${protocol} ${ports.join()} ${cidrsOf(destinations, 4).join()}`)).sort()).toEqual(['tcp 5353,5353 9.9.9.9/32', 'udp 5353,5353 9.9.9.9/32']);
  // Rules of other plans may name any server, and zones may delegate to any.
  expect(endpoint()).toMatchObject({ kind: 'open' });
  expect(ruled({ rule_type: 'DELEGATE' })).toMatchObject({ kind: 'open' });
  expect(endpoint({ ip: '9.9.9.9', protocol: 'DoH' }).openTraffic!.flatMap(({ boxes }) => boxes.map(({ ports }) => ports.join()))).toEqual(['443,443', '443,443']);
});

describe('an endpoint more of a firewall', () => {
  const ENDPOINT = '${tolist(tolist(aws_networkfirewall_vpc_endpoint_association.more.vpc_endpoint_association_status)[0].association_sync_state)[0].attachment[0].endpoint_id}';
  const more = (firewall: string, route: object = {}) => changed((resource) => {
    resource.aws_networkfirewall_vpc_endpoint_association = { more: { firewall_arn: firewall, vpc_id: ref('aws_vpc', 'main'), subnet_mapping: [{ subnet_id: ref('aws_subnet', 'firewall') }] } };
    Object.assign(((resource.aws_route_table!.app as { route: object[] }).route)[0]!, { vpc_endpoint_id: ENDPOINT, ...route });
  });

  test('lets through what its firewall does, and by the route of its own subnet', () => {
    const { kind, hosts, witness } = more(ref('aws_networkfirewall_firewall', 'main', 'arn')).at('aws_instance.app');
    expect([kind, hosts.map(({ host }) => host)]).toEqual(['allowlisted', changed(() => undefined).at('aws_instance.app').hosts.map(({ host }) => host)]);
    expect(witness!.map(({ address }) => address)).toEqual(expect.arrayContaining(['aws_networkfirewall_vpc_endpoint_association.more', 'aws_nat_gateway.main']));
  });

  test('of a firewall that the plan does not show is unknown', () => {
    expect(more('arn:aws:network-firewall:us-east-1:111122223333:firewall/elsewhere').at('aws_instance.app')).toMatchObject({ kind: 'unknown', reasons: ['aws_networkfirewall_vpc_endpoint_association.more is not in the plan'] });
  });
});

describe('a resource gateway of VPC Lattice calls a name of the internet for whoever may call its endpoint', () => {
  const LATTICE = (kind: string) => `aws_vpclattice_${kind}`;
  const definition = (name: string) => ({ resource_configuration_definition: { dns_resource: { domain_name: name, ip_address_type: 'IPV4' } } });
  interface Estate { readonly name?: string; readonly isJoined?: boolean; readonly gateway?: string; readonly endpointGroup?: string; readonly configuration?: object; readonly group?: object }
  /** The vault, which has no way out, with an endpoint to what a gateway beside the app calls, or joined to a network that has it. */
  const estate = ({ name = 'collector.example.net', isJoined = false, gateway = ref(LATTICE('resource_gateway'), 'own'), endpointGroup = 'endpoints', configuration = {}, group = { egress: [line({ security_groups: [ref('aws_security_group', 'endpoints')] })] } }: Estate, edit: (resource: Stack['resource']) => void = () => undefined) => changed((resource) => {
    const vpc_id = ref('aws_vpc', 'main');
    Object.assign(resource.aws_security_group!.vault!, group);
    resource.aws_security_group!.endpoints!.ingress = [line({ security_groups: ['app', 'vault'].map((each) => ref('aws_security_group', each)) })];
    resource[LATTICE('resource_gateway')] = { own: { vpc_id, subnet_ids: [ref('aws_subnet', 'app')], security_group_ids: [ref('aws_security_group', 'app')] } };
    resource[LATTICE('resource_configuration')] = { own: { name: 'own', port_ranges: ['443'], resource_gateway_identifier: gateway, ...definition(name), ...configuration } };
    const arn = ref(LATTICE('resource_configuration'), 'own', 'arn');
    if (!isJoined) resource.aws_vpc_endpoint!.own = { vpc_id, vpc_endpoint_type: 'Resource', resource_configuration_arn: arn, subnet_ids: [ref('aws_subnet', 'vault')], security_group_ids: [ref('aws_security_group', endpointGroup)] };
    else {
      const service_network_identifier = ref(LATTICE('service_network'), 'own');
      resource.aws_network_acl!.vault!.egress = [entry({})];
      resource[LATTICE('service_network')] = { own: { name: 'own' } };
      resource[LATTICE('service_network_resource_association')] = { own: { resource_configuration_identifier: arn, service_network_identifier } };
      resource[LATTICE('service_network_vpc_association')] = { own: { vpc_identifier: vpc_id, service_network_identifier } };
    }
    edit(resource);
  });
  const vault = (of: Estate) => estate(of).at('aws_instance.vault');
  const reached = { kind: 'allowlisted', hosts: [{ host: 'collector.example.net', ports: [443], protocol: 'any', rule: 'aws_vpclattice_resource_configuration.own' }] };

  test('by an endpoint, and by a service network that lets all in that names no group', () => {
    expect(vault({})).toMatchObject(reached);
    expect(vault({ isJoined: true, group: { egress: [line({ cidr_blocks: [WORLD] })] } })).toMatchObject(reached);
    expect(vault({ configuration: { port_ranges: ['1-1024'] } })).toMatchObject({ kind: 'allowlisted', hosts: [{ host: 'collector.example.net', ports: [] }] });
    expect(vault({}).witness?.map(({ address, kind }) => `${kind} ${address}`).slice(0, 3)).toEqual(['workload aws_instance.vault', 'proxy aws_vpc_endpoint.own', 'workload aws_vpclattice_resource_gateway.own']);
  });

  test.each<[string, Estate]>([
    ['a caller whose group lets nothing out', { group: { egress: [] } }],
    ['an endpoint whose group lets nobody in', { endpointGroup: 'vault' }],
    ['a database', { name: 'db.abc.us-east-1.rds.amazonaws.com' }],
    ['a balancer that is internal', { name: 'internal-own-1.us-east-1.elb.amazonaws.com' }],
    ['what the plan makes', { name: ref('aws_lb', 'own', 'dns_name') }],
    ['a name that is no host of the internet', { name: 'db.corp.internal' }],
    ['an address', { configuration: { resource_configuration_definition: { ip_resource: { ip_address: '10.0.1.9' } } } }],
  ])('but not for %s', (_, of) => expect(vault(of)).toMatchObject({ kind: 'none', hosts: [] }));

  test('also from a network that is peered, by an endpoint and not by an association', () => {
    const beside = (isJoined: boolean) => {
      const joined = { vpc_id: ref('aws_vpc', 'other') };
      return estate({ isJoined }, (resource) => {
        resource.aws_vpc!.other = { cidr_block: '10.9.0.0/16' };
        resource.aws_vpc_peering_connection = { p: { vpc_id: ref('aws_vpc', 'other'), peer_vpc_id: ref('aws_vpc', 'main'), auto_accept: true } };
        resource.aws_subnet!.other = { ...joined, cidr_block: '10.9.1.0/24' };
        resource.aws_route_table!.other = { ...joined, route: [{ cidr_block: '10.0.0.0/16', vpc_peering_connection_id: ref('aws_vpc_peering_connection', 'p') }] };
        resource.aws_route_table_association!.other = { subnet_id: ref('aws_subnet', 'other'), route_table_id: ref('aws_route_table', 'other') };
        resource.aws_security_group!.other = { ...joined, egress: [line({ cidr_blocks: [WORLD] })] };
        resource.aws_network_acl!.vault!.ingress = [entry({})];
        resource.aws_security_group!.endpoints!.ingress = [line({ cidr_blocks: ['10.9.0.0/16'] })];
        resource.aws_instance!.other = { ami: 'ami-1', instance_type: 't3.micro', subnet_id: ref('aws_subnet', 'other'), vpc_security_group_ids: [ref('aws_security_group', 'other')] };
      }).at('aws_instance.other');
    };
    expect(beside(false)).toMatchObject(reached);
    expect(beside(true)).toMatchObject({ kind: 'none', hosts: [] });
  });

  test('what AWS runs for somebody is as good a place as any other', () => {
    const names = ['abc.lambda-url.us-east-1.on.aws', 's3.us-east-1.amazonaws.com', 'theirs-1.us-east-1.elb.amazonaws.com'];
    expect(names.map((name) => vault({ name }).hosts.map(({ host }) => host))).toEqual(names.map((name) => [name]));
  });

  test('where the gateway is another plan\'s, nobody knows', () => {
    expect(vault({ gateway: 'rgw-0123456789abcdef0' })).toMatchObject({ kind: 'unknown', reasons: ['the resource gateway that calls collector.example.net for aws_vpclattice_resource_configuration.own is not in the plan'] });
  });
});
