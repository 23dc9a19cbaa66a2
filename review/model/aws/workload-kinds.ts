/** What can run in a network, or be left in one of AWS's own: which attributes say where, and in which groups. */
import type { PathLike } from '../../plan/attribute-path';

export interface WorkloadKind {
  readonly type: string;
  /** Where the subnets stand. `*` is every element of a block. */
  readonly subnets?: readonly PathLike[];
  readonly groups?: readonly PathLike[];
  /** A text that names subnets and groups somewhere inside; not known as a whole as soon as one of these is not. */
  readonly document?: string;
  /** True where nothing that the document can say gives it a public address. */
  readonly neverPublic?: boolean;
  /** What names the subnets for it, and perhaps the groups: attribute and type. */
  readonly subnetGroup?: readonly [attribute: PathLike, type: string];
  /** What says that it has a public address. */
  readonly isPublic?: PathLike;
  /** What it is when nothing says so; absent: as the subnet hands out. */
  readonly publicDefault?: boolean;
  /** True where AWS makes a group by itself, which lets everything out, when none is named. */
  readonly makesGroup?: boolean;
  /** True where it stands in the account's default VPC when no subnet is named. */
  readonly defaultVpc?: boolean;
  /** AWS runs it in a network of its own, with a way to the internet, unless it is told to stand in a VPC. */
  readonly outside?: boolean;
  /** AWS runs it there unless this attribute has this value, whatever else it names. */
  readonly outsideUnless?: readonly [attribute: PathLike, value: string];
  /** What goes there, where that is not all that it sends. */
  readonly outsideWords?: string;
  /** Only with this value, or where this block is there at all, it opens connections of its own. */
  readonly onlyWith?: readonly [attribute: PathLike, value?: string | RegExp];
  /** What says that it has no network at all, and the value that says so; without one, `true`. */
  readonly isolatedBy?: PathLike;
  readonly isolatedValue?: string | RegExp;
  /** What it stands upon: where the plan makes that, that is the place. */
  readonly upon?: readonly [attribute: PathLike, type: string];
  /** True for what runs container tasks, perhaps on machines that others name: see `ContainerMachines`. */
  readonly tasks?: boolean;
}

const CONNECTOR = (name: string): PathLike => ['configuration', 0, 'vpc_egress_configuration', 0, name];
const VPC_CONFIG = ['vpc_config', 0] as const;
const VPC = (name: string): PathLike => ['vpc_config', 0, name];
const NETWORK = (name: string, ...before: readonly (string | number)[]): PathLike => [...before, 'network_configuration', 0, name];
const PIPED: PathLike = ['target_parameters', 0, 'ecs_task_parameters', 0, 'network_configuration'];
const PIPE = (name: string): PathLike => [...PIPED, 0, 'aws_vpc_configuration', 0, name];
const EC2 = { subnets: ['subnet_id'], groups: ['vpc_security_group_ids', 'security_groups'], isPublic: 'associate_public_ip_address', defaultVpc: true };
const SERVERS: WorkloadKind[] = [
  { type: 'aws_instance', ...EC2 },
  { type: 'aws_spot_instance_request', ...EC2 },
  { type: 'aws_network_interface', subnets: ['subnet_id'], groups: ['security_groups'], publicDefault: false },
  { type: 'aws_autoscaling_group', subnets: ['vpc_zone_identifier'], defaultVpc: true },
  { type: 'aws_spot_fleet_request', subnets: [['launch_specification', '*', 'subnet_id'], ['launch_template_config', '*', 'overrides', '*', 'subnet_id']], groups: [['launch_specification', '*', 'vpc_security_group_ids']], publicDefault: true },
  { type: 'aws_ec2_fleet', subnets: [['launch_template_config', '*', 'override', '*', 'subnet_id']] },
  { type: 'aws_batch_compute_environment', subnets: [['compute_resources', 0, 'subnets']], groups: [['compute_resources', 0, 'security_group_ids']] },
  { type: 'aws_cloud9_environment_ec2', subnets: ['subnet_id'], makesGroup: true, defaultVpc: true },
  { type: 'aws_imagebuilder_infrastructure_configuration', subnets: ['subnet_id'], groups: ['security_group_ids'], defaultVpc: true },
  { type: 'aws_elastic_beanstalk_environment', subnets: ['setting'], makesGroup: true, publicDefault: true, defaultVpc: true },
  // https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-man-sec-groups.html
  { type: 'aws_emr_cluster', subnets: [['ec2_attributes', 0, 'subnet_id'], ['ec2_attributes', 0, 'subnet_ids']], groups: ['emr_managed_master_security_group', 'emr_managed_slave_security_group', 'additional_master_security_groups', 'additional_slave_security_groups', 'service_access_security_group'].map((name) => ['ec2_attributes', 0, name]), makesGroup: true, defaultVpc: true },
  // https://docs.aws.amazon.com/gameliftservers/latest/fleetiqguide/gsg-howitworks.html
  { type: 'aws_gamelift_game_server_group', subnets: ['vpc_subnets'], defaultVpc: true },
  // https://docs.aws.amazon.com/drs/latest/userguide/replication-server-settings.html
  { type: 'aws_drs_replication_configuration_template', subnets: ['staging_area_subnet_id'], groups: ['replication_servers_security_groups_ids'], isPublic: 'create_public_ip', makesGroup: true },
  // https://docs.aws.amazon.com/m2/latest/userguide/network-considerations.html
  { type: 'aws_m2_environment', subnets: ['subnet_ids'], groups: ['security_group_ids'], isPublic: 'publicly_accessible', publicDefault: false, defaultVpc: true },
  { type: 'aws_lightsail_instance', outside: true },
  { type: 'aws_lightsail_container_service', outside: true },
  { type: 'aws_gamelift_fleet', outside: true },
];

const CONTAINERS: WorkloadKind[] = [
  { type: 'aws_eks_cluster', subnets: [VPC('subnet_ids')], groups: [VPC('security_group_ids')], makesGroup: true, publicDefault: false },
  { type: 'aws_eks_node_group', subnets: ['subnet_ids'], makesGroup: true },
  { type: 'aws_eks_fargate_profile', subnets: ['subnet_ids'], makesGroup: true, publicDefault: false },
  // Pods in subnets of their own, by what the network plugin is told: https://docs.aws.amazon.com/eks/latest/userguide/cni-custom-network.html
  { type: 'aws_eks_addon', document: 'configuration_values', neverPublic: true, makesGroup: true, onlyWith: ['configuration_values', /\bsubnet-[0-9a-f]/] },
  { type: 'kubernetes_manifest', document: 'manifest', neverPublic: true, makesGroup: true, onlyWith: [['manifest', 'kind'], /^ENIConfig$/] },
  { type: 'kubectl_manifest', document: 'yaml_body', neverPublic: true, makesGroup: true, onlyWith: ['yaml_body', /\bkind:\s*["']?ENIConfig\b/] },
  { type: 'aws_ecs_service', tasks: true, subnets: [NETWORK('subnets')], groups: [NETWORK('security_groups')], isPublic: NETWORK('assign_public_ip'), publicDefault: false },
  { type: 'aws_ecs_task_set', tasks: true, subnets: [NETWORK('subnets')], groups: [NETWORK('security_groups')], isPublic: NETWORK('assign_public_ip'), publicDefault: false, onlyWith: ['network_configuration'] },
  { type: 'aws_cloudwatch_event_target', tasks: true, subnets: [NETWORK('subnets', 'ecs_target', 0)], groups: [NETWORK('security_groups', 'ecs_target', 0)], isPublic: NETWORK('assign_public_ip', 'ecs_target', 0), publicDefault: false, onlyWith: [['ecs_target', 0, 'network_configuration']] },
  { type: 'aws_scheduler_schedule', tasks: true, subnets: [NETWORK('subnets', 'target', 0, 'ecs_parameters', 0)], groups: [NETWORK('security_groups', 'target', 0, 'ecs_parameters', 0)], isPublic: NETWORK('assign_public_ip', 'target', 0, 'ecs_parameters', 0), publicDefault: false, onlyWith: [['target', 0, 'ecs_parameters', 0, 'network_configuration']] },
  { type: 'aws_pipes_pipe', tasks: true, subnets: [PIPE('subnets')], groups: [PIPE('security_groups')], isPublic: PIPE('assign_public_ip'), publicDefault: false, onlyWith: [PIPED] },
  // Tasks and clusters that a state machine starts: https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html
  { type: 'aws_sfn_state_machine', document: 'definition', publicDefault: false, onlyWith: ['definition', /ecs:runTask[^]*"Subnets|elasticmapreduce:createCluster/] },
  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ManagedInstancesNetworkConfiguration.html
  { type: 'aws_ecs_capacity_provider', subnets: [NETWORK('subnets', 'managed_instances_provider', 0, 'instance_launch_template', 0)], groups: [NETWORK('security_groups', 'managed_instances_provider', 0, 'instance_launch_template', 0)], onlyWith: ['managed_instances_provider'] },
  // A task on each machine of its providers. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-daemons.html
  { type: 'aws_ecs_daemon', subnetGroup: ['capacity_provider_arns', 'aws_ecs_capacity_provider'], upon: ['capacity_provider_arns', 'aws_ecs_capacity_provider'] },
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/express-service-work.html
  { type: 'aws_ecs_express_gateway_service', subnets: [NETWORK('subnets')], groups: [NETWORK('security_groups')], makesGroup: true, defaultVpc: true },
  // https://docs.aws.amazon.com/apprunner/latest/dg/network-vpc.html
  { type: 'aws_apprunner_service', subnetGroup: [['network_configuration', 0, 'egress_configuration', 0, 'vpc_connector_arn'], 'aws_apprunner_vpc_connector'], publicDefault: false, outsideUnless: [['network_configuration', 0, 'egress_configuration', 0, 'egress_type'], 'VPC'] },
];

/** https://docs.aws.amazon.com/lambda/latest/dg/microvms-networking.html: the internet, unless connectors are named. */
const MICROVM = { subnetGroup: ['egress_network_connectors', 'aws_lambdacore_network_connector'], publicDefault: false, outside: true } as const;

const FUNCTIONS: WorkloadKind[] = [
  { type: 'aws_lambdamicrovms_microvm', ...MICROVM },
  // Its code runs while it is built.
  { type: 'aws_lambdamicrovms_image', ...MICROVM },
  // What is started with it, perhaps by a call that no plan shows, sends from there.
  { type: 'aws_lambdacore_network_connector', subnets: [CONNECTOR('subnet_ids')], groups: [CONNECTOR('security_group_ids')], publicDefault: false },
  // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html
  { type: 'aws_lambda_function', subnets: [VPC('subnet_ids')], groups: [VPC('security_group_ids')], subnetGroup: [['capacity_provider_config', 0, 'lambda_managed_instances_capacity_provider_config', 0, 'capacity_provider_arn'], 'aws_lambda_capacity_provider'], publicDefault: false, outside: true },
  // The machines of functions. https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-capacity-providers.html
  { type: 'aws_lambda_capacity_provider', subnets: [VPC('subnet_ids')], groups: [VPC('security_group_ids')] },
  // Images are built on a machine beside it, in the same network: https://docs.aws.amazon.com/codebuild/latest/userguide/docker-server.html
  { type: 'aws_codebuild_project', subnets: [VPC('subnets')], groups: [VPC('security_group_ids'), ['environment', 0, 'docker_server', 0, 'security_group_ids']], publicDefault: false, outside: true },
  { type: 'aws_codebuild_fleet', subnets: [VPC('subnets')], groups: [VPC('security_group_ids')], publicDefault: false, outside: true },
  { type: 'aws_synthetics_canary', subnets: [VPC('subnet_ids')], groups: [VPC('security_group_ids')], publicDefault: false, outside: true },
  // https://docs.aws.amazon.com/amplify/latest/userguide/build-settings.html
  { type: 'aws_amplify_app', outside: true },
  { type: 'aws_codecatalyst_dev_environment', outside: true },
  // https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-Commands.html
  { type: 'aws_codepipeline', outside: true, onlyWith: [['stage', '*', 'action', '*', 'provider'], /^(Commands|ECRBuildAndPublish)$/], outsideWords: 'commands and builds of its own, in a network of AWS' },
  // Tests that somebody wrote. https://docs.aws.amazon.com/devicefarm/latest/testgrid/techref-vpc.html
  { type: 'aws_devicefarm_project', outside: true },
  { type: 'aws_devicefarm_test_grid_project', subnets: [VPC('subnet_ids')], groups: [VPC('security_group_ids')], publicDefault: false, outside: true },
  // Its scripts run on machines of AWS and install what they like: https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-executeScript.html
  { type: 'aws_ssm_document', document: 'content', outside: true, outsideWords: 'scripts of a runbook, in a network of AWS', isolatedBy: 'document_type', isolatedValue: /^(?!Automation$)/, onlyWith: ['content', /\baws:executeScript\b/] },
  // Handlers that somebody wrote, run by AWS: https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-develop.html
  { type: 'aws_cloudformation_type', outside: true, outsideWords: 'handlers of CloudFormation, in a network of AWS', isolatedBy: 'type', isolatedValue: 'MODULE' },
  // https://docs.aws.amazon.com/managed-flink/latest/java/vpc-internet.html
  { type: 'aws_kinesisanalyticsv2_application', subnets: [['application_configuration', 0, 'vpc_configuration', 0, 'subnet_ids']], groups: [['application_configuration', 0, 'vpc_configuration', 0, 'security_group_ids']], publicDefault: false, outside: true },
];

const HARNESS = ['environment', 0, 'agentcore_runtime_environment', 0, 'network_configuration', 0] as const;
const AGENT = (name: string, block: string): PathLike => ['network_configuration', 0, block, 0, name];
const AGENT_MODE = { publicDefault: false, outsideUnless: [['network_configuration', 0, 'network_mode'], 'VPC'] } as const;
/** https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/agentcore-vpc.html */
const AGENTS: WorkloadKind[] = [
  { type: 'aws_bedrockagentcore_agent_runtime', subnets: [AGENT('subnets', 'network_mode_config')], groups: [AGENT('security_groups', 'network_mode_config')], ...AGENT_MODE },
  { type: 'aws_bedrockagentcore_harness', subnets: [[...HARNESS, 'network_mode_config', 0, 'subnets']], groups: [[...HARNESS, 'network_mode_config', 0, 'security_groups']], publicDefault: false, outsideUnless: [[...HARNESS, 'network_mode'], 'VPC'] },
  { type: 'aws_bedrockagentcore_browser', subnets: [AGENT('subnets', 'vpc_config')], groups: [AGENT('security_groups', 'vpc_config')], ...AGENT_MODE },
  // A sandbox reaches services of AWS alone: https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/code-interpreter-resource-management.html
  { type: 'aws_bedrockagentcore_code_interpreter', subnets: [AGENT('subnets', 'vpc_config')], groups: [AGENT('security_groups', 'vpc_config')], ...AGENT_MODE, isolatedBy: ['network_configuration', 0, 'network_mode'], isolatedValue: 'SANDBOX' },
];

const MONITOR = ['monitoring_schedule_config', 0, 'monitoring_job_definition'] as const;
const MONITORED = (...names: readonly (string | number)[]): PathLike => [...MONITOR, 0, 'network_config', 0, ...names];

const DATA_WORK: WorkloadKind[] = [
  // https://docs.aws.amazon.com/sagemaker/latest/dg/appendix-notebook-and-internet-access.html
  { type: 'aws_sagemaker_notebook_instance', subnets: ['subnet_id'], groups: ['security_groups'], publicDefault: false, outsideUnless: ['direct_internet_access', 'Disabled'] },
  // https://docs.aws.amazon.com/sagemaker/latest/dg/studio-notebooks-and-internet-access.html
  { type: 'aws_sagemaker_domain', subnets: ['subnet_ids'], groups: [['default_user_settings', 0, 'security_groups'], ['default_space_settings', 0, 'security_groups'], ['domain_settings', 0, 'security_group_ids']], publicDefault: false, outsideUnless: ['app_network_access_type', 'VpcOnly'] },
  // Apps and spaces stand where their domain does, which may be another plan's.
  ...['aws_sagemaker_app', 'aws_sagemaker_space'].map((type): WorkloadKind => ({ type, subnetGroup: ['domain_id', 'aws_sagemaker_domain'], makesGroup: true, publicDefault: false, upon: ['domain_id', 'aws_sagemaker_domain'] })),
  // A profile brings groups of its own to its domain.
  { type: 'aws_sagemaker_user_profile', subnetGroup: ['domain_id', 'aws_sagemaker_domain'], groups: [['user_settings', 0, 'security_groups']], publicDefault: false, onlyWith: [['user_settings', 0, 'security_groups']] },
  // https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html
  { type: 'aws_sagemaker_model', subnets: [VPC('subnets')], groups: [VPC('security_group_ids')], publicDefault: false, outside: true, isolatedBy: 'enable_network_isolation' },
  { type: 'aws_sagemaker_training_job', subnets: [VPC('subnets')], groups: [VPC('security_group_ids')], publicDefault: false, outside: true, isolatedBy: 'enable_network_isolation' },
  ...['training_job_definition', 'training_job_definitions'].map((block): WorkloadKind => ({ type: 'aws_sagemaker_hyper_parameter_tuning_job', subnets: [[block, '*', ...VPC_CONFIG, 'subnets']], groups: [[block, '*', ...VPC_CONFIG, 'security_group_ids']], publicDefault: false, outside: true, onlyWith: [[block]] })),
  { type: 'aws_sagemaker_data_quality_job_definition', subnets: [['network_config', 0, ...VPC_CONFIG, 'subnets']], groups: [['network_config', 0, ...VPC_CONFIG, 'security_group_ids']], publicDefault: false, outside: true, isolatedBy: ['network_config', 0, 'enable_network_isolation'] },
  // A job of its own, and not by the name of a definition: https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-vpc.html
  { type: 'aws_sagemaker_monitoring_schedule', subnets: [MONITORED('vpc_config', 0, 'subnets')], groups: [MONITORED('vpc_config', 0, 'security_group_ids')], publicDefault: false, outside: true, isolatedBy: MONITORED('enable_network_isolation'), onlyWith: [MONITOR] },
  // https://docs.aws.amazon.com/finspace/latest/userguide/kdb-cluster-networking-requirements.html
  { type: 'aws_finspace_kx_cluster', subnets: [['vpc_configuration', 0, 'subnet_ids']], groups: [['vpc_configuration', 0, 'security_group_ids']], publicDefault: false },
  // Steps whose code somebody wrote, each with a network of its own or none: https://docs.aws.amazon.com/sagemaker/latest/dg/process-vpc.html
  { type: 'aws_sagemaker_pipeline', document: 'pipeline_definition', publicDefault: false, outside: true, onlyWith: ['pipeline_definition', /"(Processing|Training|Tuning|AutoML|Transform|EMR|NotebookJob)"/] },
  { type: 'aws_emr_studio', subnets: ['subnet_ids'], groups: ['workspace_security_group_id'], publicDefault: false },
  // https://docs.aws.amazon.com/glue/latest/dg/start-connecting.html
  { type: 'aws_glue_connection', subnets: [['physical_connection_requirements', 0, 'subnet_id']], groups: [['physical_connection_requirements', 0, 'security_group_id_list']], publicDefault: false, onlyWith: [['physical_connection_requirements', 0, 'subnet_id']] },
  // In a network of AWS unless one of its connections stands in a VPC.
  { type: 'aws_glue_job', subnetGroup: ['connections', 'aws_glue_connection'], publicDefault: false, outside: true },
  { type: 'aws_glue_dev_endpoint', subnets: ['subnet_id'], groups: ['security_group_ids'], outside: true },
  { type: 'aws_mwaa_environment', subnets: [NETWORK('subnet_ids')], groups: [NETWORK('security_group_ids')], publicDefault: false },
  { type: 'aws_emrserverless_application', subnets: [NETWORK('subnet_ids')], groups: [NETWORK('security_group_ids')], publicDefault: false, onlyWith: ['network_configuration'] },
  { type: 'aws_dms_replication_instance', subnetGroup: ['replication_subnet_group_id', 'aws_dms_replication_subnet_group'], groups: ['vpc_security_group_ids'], isPublic: 'publicly_accessible', publicDefault: false },
  { type: 'aws_dms_replication_config', subnetGroup: [['compute_config', 0, 'replication_subnet_group_id'], 'aws_dms_replication_subnet_group'], groups: [['compute_config', 0, 'vpc_security_group_ids']], publicDefault: false },
  { type: 'aws_dms_instance_profile', subnetGroup: ['subnet_group_identifier', 'aws_dms_replication_subnet_group'], groups: ['vpc_security_group_ids'], isPublic: 'publicly_accessible', publicDefault: false },
  { type: 'aws_mskconnect_connector', subnets: [['kafka_cluster', 0, 'apache_kafka_cluster', 0, 'vpc', 0, 'subnets']], groups: [['kafka_cluster', 0, 'apache_kafka_cluster', 0, 'vpc', 0, 'security_groups']], publicDefault: false },
  // https://docs.aws.amazon.com/grafana/latest/userguide/AMG-configure-vpc.html
  { type: 'aws_grafana_workspace', subnets: [['vpc_configuration', 0, 'subnet_ids']], groups: [['vpc_configuration', 0, 'security_group_ids']], publicDefault: false, outside: true },
  { type: 'aws_quicksight_vpc_connection', subnets: ['subnet_ids'], groups: ['security_group_ids'], publicDefault: false },
];

const DESKTOPS: WorkloadKind[] = [
  // https://docs.aws.amazon.com/workspaces-web/latest/adminguide/general-vpc.html
  { type: 'aws_workspacesweb_network_settings', subnets: ['subnet_ids'], groups: ['security_group_ids'], publicDefault: false },
  // https://docs.aws.amazon.com/workspaces/latest/adminguide/amazon-workspaces-internet-access.html
  { type: 'aws_workspaces_directory', subnets: ['subnet_ids'], groups: [['workspace_creation_properties', 0, 'custom_security_group_id']], isPublic: ['workspace_creation_properties', 0, 'enable_internet_access'], publicDefault: false, makesGroup: true },
  // https://docs.aws.amazon.com/appstream2/latest/developerguide/internet-access.html
  // Desktops stand where their directory does, which may be another plan's.
  { type: 'aws_workspaces_workspace', subnetGroup: ['directory_id', 'aws_workspaces_directory'], makesGroup: true, upon: ['directory_id', 'aws_workspaces_directory'] },
  { type: 'aws_workspaces_pool', subnetGroup: ['directory_id', 'aws_workspaces_directory'], makesGroup: true, upon: ['directory_id', 'aws_workspaces_directory'] },
  { type: 'aws_appstream_fleet', subnets: [VPC('subnet_ids')], groups: [VPC('security_group_ids')], isPublic: 'enable_default_internet_access', publicDefault: false },
  { type: 'aws_appstream_image_builder', subnets: [VPC('subnet_ids')], groups: [VPC('security_group_ids')], isPublic: 'enable_default_internet_access', publicDefault: false },
];

/** https://docs.aws.amazon.com/redshift/latest/mgmt/enhanced-vpc-routing.html */
const REDSHIFT = { outsideUnless: ['enhanced_vpc_routing', 'true'], outsideWords: 'COPY and UNLOAD by a network of AWS, without enhanced_vpc_routing' } as const;

const PRIVATE = (name: string): PathLike => ['private_endpoint', 0, 'managed_vpc_resource', 0, name];

/** What holds data, or takes calls: it says nothing about what else will stand in its network. */
const RESIDENTS: WorkloadKind[] = [
  { type: 'aws_db_instance', subnetGroup: ['db_subnet_group_name', 'aws_db_subnet_group'], groups: ['vpc_security_group_ids'], isPublic: 'publicly_accessible', publicDefault: false },
  { type: 'aws_rds_cluster', subnetGroup: ['db_subnet_group_name', 'aws_db_subnet_group'], groups: ['vpc_security_group_ids'], publicDefault: false },
  { type: 'aws_docdb_cluster', subnetGroup: ['db_subnet_group_name', 'aws_docdb_subnet_group'], groups: ['vpc_security_group_ids'], publicDefault: false },
  { type: 'aws_neptune_cluster', subnetGroup: ['neptune_subnet_group_name', 'aws_neptune_subnet_group'], groups: ['vpc_security_group_ids'], publicDefault: false },
  // Up to provider 5 it has a public address unless somebody says otherwise; a plan always says: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-6-upgrade
  { type: 'aws_redshift_cluster', subnetGroup: ['cluster_subnet_group_name', 'aws_redshift_subnet_group'], groups: ['vpc_security_group_ids'], isPublic: 'publicly_accessible', publicDefault: true, ...REDSHIFT },
  { type: 'aws_redshiftserverless_workgroup', subnets: ['subnet_ids'], groups: ['security_group_ids'], isPublic: 'publicly_accessible', publicDefault: false, ...REDSHIFT },
  { type: 'aws_elasticache_cluster', subnetGroup: ['subnet_group_name', 'aws_elasticache_subnet_group'], groups: ['security_group_ids'], publicDefault: false },
  { type: 'aws_elasticache_replication_group', subnetGroup: ['subnet_group_name', 'aws_elasticache_subnet_group'], groups: ['security_group_ids'], publicDefault: false },
  { type: 'aws_elasticache_serverless_cache', subnets: ['subnet_ids'], groups: ['security_group_ids'], publicDefault: false },
  { type: 'aws_memorydb_cluster', subnetGroup: ['subnet_group_name', 'aws_memorydb_subnet_group'], groups: ['security_group_ids'], publicDefault: false },
  { type: 'aws_dax_cluster', subnetGroup: ['subnet_group_name', 'aws_dax_subnet_group'], groups: ['security_group_ids'], publicDefault: false },
  // https://docs.aws.amazon.com/msk/latest/developerguide/public-access.html
  { type: 'aws_msk_cluster', subnets: [['broker_node_group_info', 0, 'client_subnets']], groups: [['broker_node_group_info', 0, 'security_groups']], isPublic: ['broker_node_group_info', 0, 'connectivity_info', 0, 'public_access', 0, 'type'], publicDefault: false },
  // Its tasks call whatever they like: https://docs.influxdata.com/flux/v0/stdlib/http/
  { type: 'aws_timestreaminfluxdb_db_instance', subnets: ['vpc_subnet_ids'], groups: ['vpc_security_group_ids'], isPublic: 'publicly_accessible', publicDefault: false },
  { type: 'aws_timestreaminfluxdb_db_cluster', subnets: ['vpc_subnet_ids'], groups: ['vpc_security_group_ids'], isPublic: 'publicly_accessible', publicDefault: false },
  // Machines of one's own, in a network of Oracle: https://docs.aws.amazon.com/odb/latest/UserGuide/how-it-works.html
  { type: 'aws_odb_cloud_vm_cluster' },
  { type: 'aws_odb_cloud_autonomous_vm_cluster' },
  { type: 'aws_mq_broker', subnets: ['subnet_ids'], groups: ['security_groups'], isPublic: 'publicly_accessible', publicDefault: false },
  { type: 'aws_opensearch_domain', subnets: [['vpc_options', 0, 'subnet_ids']], groups: [['vpc_options', 0, 'security_group_ids']], publicDefault: false, onlyWith: ['vpc_options'] },
  { type: 'aws_elasticsearch_domain', subnets: [['vpc_options', 0, 'subnet_ids']], groups: [['vpc_options', 0, 'security_group_ids']], publicDefault: false, onlyWith: ['vpc_options'] },
  // It mirrors volumes to any cluster that it reaches: https://docs.aws.amazon.com/fsx/latest/ONTAPGuide/scheduled-replication.html
  { type: 'aws_fsx_ontap_file_system', subnets: ['subnet_ids'], groups: ['security_group_ids'], publicDefault: false },
  // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-forwarding-outbound-queries.html
  { type: 'aws_route53_resolver_endpoint', subnets: [['ip_address', '*', 'subnet_id']], groups: ['security_group_ids'], publicDefault: false, onlyWith: ['direction', 'OUTBOUND'] },
  // Hands messages on to Kafka from there: https://docs.aws.amazon.com/iot/latest/developerguide/vpc-rule-action.html
  { type: 'aws_iot_topic_rule_destination', subnets: [['vpc_configuration', 0, 'subnet_ids']], groups: [['vpc_configuration', 0, 'security_groups']], publicDefault: false },
  // Calls what resource configurations name, by their names: https://docs.aws.amazon.com/vpc/latest/privatelink/resource-gateway.html
  { type: 'aws_vpclattice_resource_gateway', subnets: ['subnet_ids'], groups: ['security_group_ids'], publicDefault: false },
  // The same for tools of agents: https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/vpc-egress-private-endpoints.html
  { type: 'aws_bedrockagentcore_gateway_target', subnets: [PRIVATE('subnet_ids')], groups: [PRIVATE('security_group_ids')], publicDefault: false, onlyWith: [['private_endpoint', 0, 'managed_vpc_resource']] },
  // https://docs.aws.amazon.com/medialive/latest/ug/delivery-out-vpc.html
  { type: 'aws_medialive_channel', subnets: [['vpc', 0, 'subnet_ids']], groups: [['vpc', 0, 'security_group_ids']], publicDefault: false, onlyWith: ['vpc'] },
  { type: 'aws_lb', subnets: ['subnets', 'subnet_mapping'], groups: ['security_groups'] },
  { type: 'aws_alb', subnets: ['subnets', 'subnet_mapping'], groups: ['security_groups'] },
  { type: 'aws_elb', subnets: ['subnets'], groups: ['security_groups'] },
];

/** https://registry.terraform.io/providers/hashicorp/aws/latest/docs */
export const WORKLOAD_KINDS: readonly WorkloadKind[] = [...SERVERS, ...CONTAINERS, ...FUNCTIONS, ...AGENTS, ...DATA_WORK, ...DESKTOPS, ...RESIDENTS];

const RESIDENT_TYPES: ReadonlySet<string> = new Set(RESIDENTS.map(({ type }) => type));

/** True for a database, a load balancer, a resolver: what a network holds beside what it is there for. */
export function isResident(type: string): boolean {
  return RESIDENT_TYPES.has(type);
}
