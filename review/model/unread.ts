/**
 * Networks and workloads that a plan builds in ways which no model reads: what they let out is unknown,
 * and a review must not end as if nothing was there. azapi and awscc write the clouds' own schemas; of the
 * former networks are read (`plan/azapi-kinds.ts`), and little else. A template may hold anything.
 */
import type { Resource, ResourceGraph } from '../plan/resource-graph';
import { NEWER_AWS_KIND } from './aws/newer-kinds';
import { mayRunCode } from './azure/azapi-workloads';
import { NEWER_AZURE_KIND } from './azure/newer-kinds';
import { isGivenSubnet } from './given-subnet';
import type { Cloud, Hop, Place } from './network-model';

interface Unread {
  /** `the provider azapi`, `templates of Azure`. */
  readonly what: string;
  readonly cloud: Cloud;
  readonly type: Pick<RegExp, 'test'>;
  /** Whether it is part of a network, or something that could send. */
  readonly counts: (resource: Resource) => boolean;
}

const AZURE_TYPE = new RegExp(`Microsoft\\.(${[
  'Network/(virtualNetworks|virtualHubs|virtualNetworkGateways|localNetworkGateways|connections|vpnGateways|vpnSites|p2sVpnGateways|expressRoute\\w+|natGateways|azureFirewalls|firewallPolicies|routeTables|networkSecurityGroups|networkInterfaces|networkProfiles|publicIP\\w+|loadBalancers|networkManagers|networkVirtualAppliances|virtualNetworkAppliances|serviceGateways|ipGroups|serviceEndpointPolicies|virtualNetworkTaps)',
  'Resources/(deployments|deploymentScripts|deploymentStacks)', 'Solutions/applications', 'CognitiveServices/accounts/(projects|capabilityHosts|managedNetworks)', 'Fabric/capacities', 'Dashboard/grafana', 'LabServices', 'Workloads/sapVirtualInstances', 'ContainerRegistry/registries/(tasks|agentPools|taskRuns)', 'DevOpsInfrastructure/pools', 'DevCenter', 'DevTestLab', 'VirtualMachineImages',
  'AzureFleet/fleets', 'AzurePlaywrightService/accounts', 'DocumentDB/cassandraClusters', 'ServiceFabric', 'DesktopVirtualization', 'AppPlatform', 'Automation/automationAccounts', 'StreamAnalytics',
  'Compute/(virtualMachine|cloudServices)', 'LoadTestService/(loadTests|playwrightWorkspaces)', 'ContainerService/managedClusters', 'ContainerInstance/(containerGroups|nGroups)', 'StandbyPool/standbyContainerGroupPools', 'App/(managedEnvironments|containerApps|jobs|sessionPools|builders|agents)', 'Web/(sites|staticSites|hostingEnvironments)',
  'Databricks/workspaces', 'Synapse/workspaces', 'DataFactory/factories', 'MachineLearningServices/workspaces', 'HDInsight/clusters', 'RedHatOpenShift/openShiftClusters', 'Batch/batchAccounts',
  'Logic/workflows', 'ApiManagement/service', 'AVS/privateClouds',
].join('|')})|PaloAltoNetworks\\.Cloudngfw/firewalls|NGINX\\.NGINXPLUS|Oracle\\.Database/(cloudVmClusters|autonomousDatabases)`, 'i');

/** What makes a network or runs code, as CloudFormation and Cloud Control name it. */
const AWS_KINDS = [
  'EC2', 'NetworkFirewall', 'NetworkManager', 'Route53Resolver', 'VpcLattice', 'EKS', 'ECS', 'AutoScaling', 'Batch', 'Lambda::Function', 'Serverless', 'AppRunner', 'Lightsail', 'GameLift',
  'EMR', 'EMRServerless', 'CodeBuild', 'SageMaker', 'BedrockAgentCore', 'Glue::Job', 'Glue::DevEndpoint', 'MWAA', 'KafkaConnect', 'KinesisAnalyticsV2', 'Synthetics', 'Redshift::Cluster', 'RedshiftServerless', 'DMS',
  'WorkSpaces', 'AppStream', 'Cloud9', 'ImageBuilder', 'CloudFormation::Stack', 'CloudFormation::StackSet', 'CloudFormation::CustomResource', 'ServiceCatalog::CloudFormationProvisionedProduct',
];
/** Custom resources, macros and modules make whatever their authors wrote. */
const AWS_TYPE = new RegExp(`AWS::(${AWS_KINDS.map((kind) => (kind.includes('::') ? `${kind}\\b` : `${kind}::`)).join('|')})|Custom::|Fn::Transform|["']?Transform["']?\\s*:|::MODULE\\b`);
const AWSCC_TYPE = new RegExp(`^awscc_(${AWS_KINDS.map(awsccName).join('|')})(_|$)`);

/** `Glue::DevEndpoint` is `glue_dev_endpoint` there, and `KafkaConnect` is `kafkaconnect`. */
function awsccName(kind: string): string {
  const [service = '', resource = ''] = kind.split('::');
  return [service, resource.replace(/(?<=[a-z])(?=[A-Z])/g, '_')].filter(Boolean).join('_').toLowerCase();
}

/** A text that may hold such a kind, or may not be read. */
function mayHold(resource: Resource, path: string, kinds: RegExp): boolean {
  const text = resource.valueAt(path);
  return typeof text === 'string' ? kinds.test(text) : resource.unknownAt(path) !== undefined;
}

/** A body that stands in the plan is read; a template at an address is not. */
const holdsAwsTemplate = (resource: Resource): boolean => mayHold(resource, 'template_body', AWS_TYPE) || (isSet(resource, 'template_url') && typeof resource.valueAt('template_body') !== 'string');
const isOfSetElsewhere = (resource: Resource): boolean => !resource.references('stack_set_name').targets.some(({ mode }) => mode === 'managed');

/** A data lake has none, and a blueprint is told by its id alone. https://docs.aws.amazon.com/datazone/latest/userguide/working-with-blueprints.html */
function makesMachines(environment: Resource): boolean {
  const { targets: profiles } = environment.references('profile_identifier', { types: ['aws_datazone_environment_profile'] });
  const blueprints = [environment, ...profiles].flatMap((each) => each.references(each === environment ? 'blueprint_identifier' : 'environment_blueprint_identifier', { types: ['aws_datazone_environment_blueprint'] }).targets);
  return blueprints.length === 0 || blueprints.some((blueprint) => blueprint.valueAt('name') !== 'DefaultDataLake');
}

const isSet = (resource: Resource, path: string): boolean => (resource.valueAt(path) ?? '') !== '' || resource.unknownAt(path) !== undefined;

/**
 * What comes after the provider that these types are those of. Of these others what is given a subnet may run machines in
 * it; those named here are read, or only have an address there.
 * https://github.com/hashicorp/terraform-provider-google/tree/v6.50.0/google/services
 */
const STRANGE_GOOGLE_TYPE = new RegExp(`^google_(?!${[
  'compute_', 'access_context_manager_', 'project', 'folder', 'organization', 'service_account', 'storage_', 'kms_', 'dns_', 'iam_', 'logging_', 'monitoring_', 'pubsub_', 'secret_manager_', 'tags_', 'edgenetwork_', 'network_connectivity_', 'network_services_',
  'network_management_', 'network_security_', 'sql_', 'redis_', 'filestore_', 'alloydb_', 'app_engine_', 'cloud_run_', 'cloudfunctions', 'colab_', 'composer_', 'container_', 'dataflow_', 'data_fusion_', 'data_pipeline_', 'dataplex_',
  'database_migration_service_', 'dataproc_', 'hypercomputecluster_', 'datastream_', 'managed_kafka_', 'memorystore_', 'notebooks_', 'oracle_database_', 'service_networking_', 'tpu_', 'vertex_ai_', 'vpc_access_', 'workbench_', 'workstations_',
].join('|')})\\w+$`);

function isGivenSubnetwork(resource: Resource): boolean {
  return ['subnetwork', 'subnet', 'subnetwork_uri'].some((path) => isSet(resource, path)) || resource.references([], { types: ['google_compute_subnetwork'] }).targets.length > 0;
}

const UNREAD: readonly Unread[] = [
  {
    what: 'what azapi makes of this kind', cloud: 'azure', type: /^azapi_/,
    counts: (resource) => {
      const type = resource.valueAt('type');
      return typeof type === 'string' ? AZURE_TYPE.test(type) || mayRunCode(resource) : resource.unknownAt('type') !== undefined;
    },
  },
  {
    what: 'a template', cloud: 'azure', type: /^azurerm_(\w+_)?template_deployment$/,
    counts: (resource) => {
      // The second name is that of azurerm up to 3; what a template spec holds is in no plan.
      const content = resource.valueAt('template_content') ?? resource.valueAt('template_body');
      return typeof content === 'string' ? AZURE_TYPE.test(content) : ['template_content', 'template_body', 'template_spec_version_id'].some((path) => resource.unknownAt(path) !== undefined || typeof resource.valueAt(path) === 'string');
    },
  },
  { what: 'what a managed application or a blueprint makes', cloud: 'azure', type: /^azurerm_(managed_application|blueprint_assignment)$/, counts: () => true },
  { what: 'a deployment of Deployment Manager', cloud: 'google', type: /^google_deployment_manager_deployment$/, counts: () => true },
  { what: 'what GKE makes in another cloud', cloud: 'google', type: /^google_container_(aws|azure)_(cluster|node_pool)$/, counts: () => true },
  // Machines on somebody's premises. https://cloud.google.com/distributed-cloud/connected/latest/docs/overview, https://cloud.google.com/kubernetes-engine/distributed-cloud/vmware/docs/overview
  { what: 'what runs in a cluster on premises', cloud: 'google', type: /^google_(edgecontainer_(cluster|node_pool)|gkeonprem_(bare_metal|vmware)_(cluster|admin_cluster|node_pool)|dataproc_gdc_(service_instance|spark_application))$/, counts: () => true },
  { what: 'a cluster of Cluster Director', cloud: 'google', type: /^google_hypercomputecluster_cluster$/, counts: () => true },
  { what: 'what a unit of SaaS Runtime makes', cloud: 'google', type: /^google_saas_runtime_unit$/, counts: () => true },
  { what: 'a kind of resource that is given a subnet and', cloud: 'google', type: STRANGE_GOOGLE_TYPE, counts: isGivenSubnetwork },
  { what: 'a kind of resource that is given a subnet and', cloud: 'aws', type: NEWER_AWS_KIND, counts: isGivenSubnet },
  { what: 'a kind of resource that is given a subnet and', cloud: 'azure', type: NEWER_AZURE_KIND, counts: isGivenSubnet },
  { what: 'the provider awscc', cloud: 'aws', type: AWSCC_TYPE, counts: () => true },
  { what: 'a template', cloud: 'aws', type: /^aws_cloudformation_stack(_set)?$/, counts: holdsAwsTemplate },
  { what: 'a template', cloud: 'aws', type: /^aws_cloudformation_stack(_set_instance|_instances)$/, counts: isOfSetElsewhere },
  // Whoever may call it leaves by its NAT gateway: https://docs.aws.amazon.com/network-firewall/latest/developerguide/network-firewall-proxy-developer-guide.html
  { what: 'what a proxy of Network Firewall lets its callers reach', cloud: 'aws', type: /^aws_networkfirewall_proxy$/, counts: () => true },
  // https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-ec2resource.html
  { what: 'where a pipeline of Data Pipeline starts its machines', cloud: 'aws', type: /^aws_datapipeline_pipeline_definition$/, counts: () => true },
  { what: 'a product of Service Catalog', cloud: 'aws', type: /^aws_servicecatalog_provisioned_product$/, counts: () => true },
  // https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateProject.html
  { what: 'what a project of SageMaker makes', cloud: 'aws', type: /^aws_sagemaker_project$/, counts: () => true },
  { what: 'what an environment of DataZone makes', cloud: 'aws', type: /^aws_datazone_environment$/, counts: makesMachines },
  { what: 'an application of a repository', cloud: 'aws', type: /^aws_serverlessapplicationrepository_cloudformation_stack$/, counts: () => true },
  { what: 'Cloud Control', cloud: 'aws', type: /^aws_cloudcontrolapi_resource$/, counts: (resource) => mayHold(resource, 'type_name', AWS_TYPE) },
];

/** Networks, gateways and machines that are made through a service beside the cloud, by the cloud that they stand in. */
const BESIDE: Readonly<Record<Exclude<Cloud, 'kubernetes'>, { readonly aviatrix: readonly number[]; readonly others: RegExp }>> = {
  // https://registry.terraform.io/providers/AviatrixSystems/aviatrix/latest/docs/resources/aviatrix_vpc#cloud_type
  aws: { aviatrix: [1, 256, 1024, 16384, 32768], others: /^(spotinst_(ocean_aws|ocean_ecs|elastigroup_aws|managed_instance_aws|stateful_node_aws|mrscaler_aws|beanstalk_aws)|volterra_aws_(vpc|tgw)_site$)/ },
  azure: { aviatrix: [8, 32, 2048], others: /^(spotinst_(ocean_aks|elastigroup_azure|stateful_node_azure)|volterra_azure_vnet_site$)/ },
  google: { aviatrix: [4], others: /^(spotinst_(ocean_gke|elastigroup_gke|elastigroup_gcp)|volterra_gcp_vpc_site$)/ },
};
const AVIATRIX = /^aviatrix_(vpc|gateway|(spoke|transit|edge|spoke_ha|transit_ha)_gateway|spoke_group|transit_group|firewall_instance)$/;

const BESIDE_CLOUDS: readonly Unread[] = (['aws', 'azure', 'google'] as const).flatMap((cloud): readonly Unread[] => [
  {
    what: 'what Aviatrix makes', cloud, type: AVIATRIX,
    counts: (resource) => {
      const type = resource.valueAt('cloud_type');
      return typeof type === 'number' ? BESIDE[cloud].aviatrix.includes(type) : cloud === 'aws';
    },
  },
  { what: 'what a service beside the cloud makes', cloud, type: BESIDE[cloud].others, counts: () => true },
]);

/** One place per kind that the review cannot read, with an unknown fate. */
export function unreadPlaces(graph: ResourceGraph): readonly Place[] {
  return [...UNREAD, ...BESIDE_CLOUDS].flatMap(({ what, cloud, type, counts }) => {
    const found = [...graph.typeNames].filter((name) => type.test(name)).sort().flatMap((name) => graph.ofType(name)).filter((resource) => resource.mode === 'managed' && counts(resource));
    const [first] = found;
    if (!first) return [];
    const others = found.length > 1 ? ` and ${found.length - 1} more` : '';
    const reason = `${first.address}${others}: ${what} is not read by this review`;
    const start: Hop = { address: first.address, kind: 'subnet', forward: (traffic) => [{ kind: 'unknown', traffic, reason }] };
    return [{ id: first.address, kind: 'subnet', cloud, addresses: [first.address], cidrs: [], families: [4], hypothetical: true, start } satisfies Place];
  });
}
