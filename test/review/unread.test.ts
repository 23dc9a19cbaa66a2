/** Networks and workloads that are made in ways which no model reads. */
import { parsePlan } from '../../review/plan/load';
import { exitOf } from '../../review/exit-code';
import { review } from '../../review/review';
import { TODAY } from '../fixtures/stacks';

const reviewed = (resource: object) => review({ inputs: [parsePlan(JSON.stringify({ resource }), 'cdk.tf.json')], today: TODAY });
const azapi = (type: string) => ({ azapi_resource: { vnet: { type, name: 'main', body: {} }, more: { type, name: 'more', body: {} } } });

test.each([
  ['a virtual network by azapi', azapi('Microsoft.Network/virtualNetworks@2024-05-01'), 'azure', 'azapi_resource.vnet and 1 more: what azapi makes of this kind is not read by this review'],
  ['a cluster by azapi', azapi('Microsoft.ContainerService/managedClusters@2024-09-01'), 'azure', 'azapi_resource.vnet and 1 more: what azapi makes of this kind is not read by this review'],
  ['an environment of containers by azapi', azapi('Microsoft.App/managedEnvironments@2024-03-01'), 'azure', 'azapi_resource.vnet and 1 more: what azapi makes of this kind is not read by this review'],
  ['a template with a machine', { azurerm_resource_group_template_deployment: { vm: { template_content: JSON.stringify({ resources: [{ type: 'Microsoft.Compute/virtualMachines', name: 'vm' }] }) } } }, 'azure', 'azurerm_resource_group_template_deployment.vm: a template is not read by this review'],
  ['a template from elsewhere', { azurerm_subscription_template_deployment: { spec: { template_spec_version_id: '/subscriptions/x/templateSpecs/y/versions/1' } } }, 'azure', 'azurerm_subscription_template_deployment.spec: a template is not read by this review'],
  ['a deployment by Deployment Manager', { google_deployment_manager_deployment: { d: { name: 'd' } } }, 'google', 'google_deployment_manager_deployment.d: a deployment of Deployment Manager is not read by this review'],
  ['nodes of GKE in another cloud', { google_container_aws_node_pool: { n: { name: 'n', subnet_id: 'subnet-1' } } }, 'google', 'google_container_aws_node_pool.n: what GKE makes in another cloud is not read by this review'],
  ['a cluster on premises', { google_gkeonprem_vmware_cluster: { c: { name: 'c' } }, google_edgecontainer_cluster: { e: { name: 'e' } } }, 'google', 'google_edgecontainer_cluster.e and 1 more: what runs in a cluster on premises is not read by this review'],
  ['a cluster that Cluster Director makes', { google_hypercomputecluster_cluster: { c: { cluster_id: 'c' } } }, 'google', 'google_hypercomputecluster_cluster.c: a cluster of Cluster Director is not read by this review'],
  ['a kind of resource that is newer than this review', { google_brand_new_cluster: { c: { subnetwork: 'projects/p/regions/r/subnetworks/s' } } }, 'google', 'google_brand_new_cluster.c: a kind of resource that is given a subnet and is not read by this review'],
  ['a kind of AWS that is newer than this review', { aws_brand_new_runner: { r: { network: { subnet_ids: ['subnet-0123456789abcdef0'] } } } }, 'aws', 'aws_brand_new_runner.r: a kind of resource that is given a subnet and is not read by this review'],
  ['a kind of Azure that is newer than this review', { azurerm_brand_new_runner: { r: { network: [{ subnet_id: '${azurerm_subnet.main.id}' }] } } }, 'azure', 'azurerm_brand_new_runner.r: a kind of resource that is given a subnet and is not read by this review'],
  ['a stack of CloudFormation with a machine', { aws_cloudformation_stack: { vm: { template_body: JSON.stringify({ Resources: { Vm: { Type: 'AWS::EC2::Instance' } } }) } } }, 'aws', 'aws_cloudformation_stack.vm: a template is not read by this review'],
  ['a stack of CloudFormation with a function, in YAML', { aws_cloudformation_stack: { f: { template_body: 'Resources:\n  F:\n    Type: AWS::Lambda::Function\n' } } }, 'aws', 'aws_cloudformation_stack.f: a template is not read by this review'],
  ['a stack of CloudFormation that a macro writes', { aws_cloudformation_stack: { m: { template_body: 'Transform: Ours\nResources: {}\n' } } }, 'aws', 'aws_cloudformation_stack.m: a template is not read by this review'],
  ['a stack of CloudFormation from an address', { aws_cloudformation_stack: { u: { template_url: 'https://s3.amazonaws.com/templates/network.yaml' } } }, 'aws', 'aws_cloudformation_stack.u: a template is not read by this review'],
  ['a stack of CloudFormation that is not known', { aws_cloudformation_stack: { v: { template_body: '${var.body}' } } }, 'aws', 'aws_cloudformation_stack.v: a template is not read by this review'],
  ['stacks of a set elsewhere', { aws_cloudformation_stack_instances: { all: { stack_set_name: 'landing-zone' } } }, 'aws', 'aws_cloudformation_stack_instances.all: a template is not read by this review'],
  ['a proxy of Network Firewall', { aws_networkfirewall_proxy: { p: { name: 'p', nat_gateway_id: 'nat-1' } } }, 'aws', 'aws_networkfirewall_proxy.p: what a proxy of Network Firewall lets its callers reach is not read by this review'],
  ['a pipeline of Data Pipeline', { aws_datapipeline_pipeline_definition: { p: { pipeline_id: 'p' } } }, 'aws', 'aws_datapipeline_pipeline_definition.p: where a pipeline of Data Pipeline starts its machines is not read by this review'],
  ['a product of Service Catalog', { aws_servicecatalog_provisioned_product: { p: { name: 'p' } } }, 'aws', 'aws_servicecatalog_provisioned_product.p: a product of Service Catalog is not read by this review'],
  ['a project of SageMaker', { aws_sagemaker_project: { p: { project_name: 'p' } } }, 'aws', 'aws_sagemaker_project.p: what a project of SageMaker makes is not read by this review'],
  ['an environment of DataZone', { aws_datazone_environment: { e: { name: 'e', profile_identifier: 'p' } } }, 'aws', 'aws_datazone_environment.e: what an environment of DataZone makes is not read by this review'],
  ['a network by Cloud Control', { aws_cloudcontrolapi_resource: { c: { type_name: 'AWS::EC2::VPC' } } }, 'aws', 'aws_cloudcontrolapi_resource.c: Cloud Control is not read by this review'],
  ['a function by awscc', { awscc_lambda_function: { f: {} } }, 'aws', 'awscc_lambda_function.f: the provider awscc is not read by this review'],
  ['an endpoint of Glue by awscc', { awscc_glue_dev_endpoint: { g: {} } }, 'aws', 'awscc_glue_dev_endpoint.g: the provider awscc is not read by this review'],
  ['agents of Foundry by azapi', azapi('Microsoft.CognitiveServices/accounts/projects@2025-06-01'), 'azure', 'azapi_resource.vnet and 1 more: what azapi makes of this kind is not read by this review'],
  ['containers that stand by, by azapi', azapi('Microsoft.StandbyPool/standbyContainerGroupPools@2025-03-01'), 'azure', 'azapi_resource.vnet and 1 more: what azapi makes of this kind is not read by this review'],
  ['the managed network of Foundry by azapi', azapi('Microsoft.CognitiveServices/accounts/managedNetworks@2025-10-01-preview'), 'azure', 'azapi_resource.vnet and 1 more: what azapi makes of this kind is not read by this review'],
  ['a kind of azapi that is given a subnet', { azapi_resource: { s: { type: 'Microsoft.Discovery/supercomputers@2026-02-01', body: { properties: { subnetId: '/subscriptions/x/virtualNetworks/v/subnets/s' } } } } }, 'azure', 'azapi_resource.s: what azapi makes of this kind is not read by this review'],
  ['the same by a text', { azapi_resource: { s: { type: 'Microsoft.Discovery/supercomputers@2026-02-01', body: JSON.stringify({ properties: { nodes: [{ vnetSubnetID: '/subscriptions/x/virtualNetworks/v/subnets/s' }] } }) } } }, 'azure', 'azapi_resource.s: what azapi makes of this kind is not read by this review'],
  ['an account of Foundry with projects by azapi', { azapi_resource: { s: { type: 'Microsoft.CognitiveServices/accounts@2025-06-01', body: { kind: 'AIServices', properties: { allowProjectManagement: true } } } } }, 'azure', 'azapi_resource.s: what azapi makes of this kind is not read by this review'],
  ['a firewall of Palo Alto by azapi', azapi('PaloAltoNetworks.Cloudngfw/firewalls@2025-05-23'), 'azure', 'azapi_resource.vnet and 1 more: what azapi makes of this kind is not read by this review'],
  ['an autonomous database of Oracle by azapi', azapi('Oracle.Database/autonomousDatabases@2025-03-01'), 'azure', 'azapi_resource.vnet and 1 more: what azapi makes of this kind is not read by this review'],
  ['a network by Aviatrix', { aviatrix_vpc: { spoke: { cloud_type: 8, name: 'spoke' } } }, 'azure', 'aviatrix_vpc.spoke: what Aviatrix makes is not read by this review'],
  ['a gateway by Aviatrix in a cloud that is not known', { aviatrix_spoke_gateway: { spoke: { cloud_type: '${var.cloud}' } } }, 'aws', 'aviatrix_spoke_gateway.spoke: what Aviatrix makes is not read by this review'],
  ['nodes by Spot', { spotinst_ocean_aks_np: { pool: { name: 'pool' } } }, 'azure', 'spotinst_ocean_aks_np.pool: what a service beside the cloud makes is not read by this review'],
  ['a subnet by awscc', { awscc_ec2_subnet: { main: { vpc_id: 'vpc-1' } } }, 'aws', 'awscc_ec2_subnet.main: the provider awscc is not read by this review'],
])('%s is unknown, and does not pass', (_, resource, cloud, reason) => {
  const result = reviewed(resource);
  expect(result.verdicts).toEqual([expect.objectContaining({ cloud, verdict: 'unknown', reasons: [reason] })]);
  expect(exitOf(result).code).toBe(1);
  expect(exitOf(result, { allowUnknown: true }).code).toBe(0);
});

test('what is no part of a network is none of its business', () => {
  expect(reviewed(azapi('Microsoft.Storage/storageAccounts@2023-05-01')).verdicts).toEqual([]);
  const id = '/subscriptions/x/virtualNetworks/v/subnets/s';
  for (const [type, properties] of [
    ['EventHub/namespaces/networkRuleSets', { virtualNetworkRules: [{ subnet: { id } }] }], ['CognitiveServices/accounts', { networkAcls: { virtualNetworkRules: [{ id }] } }], ['Cache/redis', { subnetId: id }],
    ['Authorization/policyDefinitions', { parameters: { subnet: { name: 's' } } }], ['Discovery/supercomputers', { subnetCount: 3, subnetId: null, subnets: [] }],
  ]) expect(reviewed({ azapi_resource: { r: { type: `Microsoft.${String(type)}@2025-01-01`, body: { properties } } } }).verdicts).toEqual([]);
  expect(reviewed({ awscc_s3_bucket: { main: {} } }).verdicts).toEqual([]);
  expect(reviewed({ azurerm_resource_group_template_deployment: { dns: { template_content: JSON.stringify({ resources: [{ type: 'Microsoft.Network/dnsResolverPolicies' }] }) } } }).verdicts).toEqual([]);
  expect(reviewed({ aws_cloudformation_stack: { topic: { template_body: JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' }, Role: { Type: 'AWS::IAM::Role' } } }) } } }).verdicts).toEqual([]);
  expect(reviewed({ aws_cloudcontrolapi_resource: { c: { type_name: 'AWS::S3::Bucket' } }, awscc_lambda_permission: { p: {} } }).verdicts).toEqual([]);
  expect(reviewed({ aws_cloudformation_stack_set: { set: { name: 'topics', template_body: 'Resources: { T: { Type: AWS::SNS::Topic } }' } }, aws_cloudformation_stack_instances: { all: { stack_set_name: '${aws_cloudformation_stack_set.set.name}' } } }).verdicts).toEqual([]);
  expect(reviewed({ google_brand_new_setting: { s: { name: 's', network: 'n' } }, google_managed_kafka_cluster: { k: { gcp_config: { access_config: { network_configs: { subnet: 'projects/p/regions/r/subnetworks/s' } } } } } }).verdicts).toEqual([]);
  expect(reviewed({ aws_brand_new_setting: { s: { name: 's', vpc_id: 'vpc-0123456789abcdef0' } }, aws_efs_mount_target: { t: { subnet_id: 'subnet-0123456789abcdef0' } }, aws_brand_new_table: { t: { subnet_ids: [], tags: { subnet: 'a' }, arguments: { '--subnet': 'subnet-0123456789abcdef0' } } } }).verdicts).toEqual([]);
  expect(reviewed({ azurerm_cosmosdb_account: { a: { virtual_network_rule: [{ id: '${azurerm_subnet.main.id}' }] } }, azurerm_mysql_virtual_network_rule: { r: { subnet_id: 'x' } } }).verdicts.filter(({ place }) => /cosmosdb|mysql/.test(place))).toEqual([]);
  expect(reviewed({
    aws_ssm_document: { command: { document_type: 'Command', content: '{"mainSteps":[{"action":"aws:runShellScript"}]}' }, steps: { document_type: 'Automation', content: '{"mainSteps":[{"action":"aws:stopInstances"}]}' }, later: { document_type: 'Command', content: '${jsonencode(local.steps)}' } },
    aws_cloudformation_type: { parts: { type: 'MODULE', type_name: 'Our::Own::Parts::MODULE' } },
  }).verdicts).toEqual([]);
  const lake = parsePlan(JSON.stringify({
    data: { aws_datazone_environment_blueprint: { lake: { domain_id: 'd', name: 'DefaultDataLake', managed: true } } },
    resource: {
      aws_datazone_environment_profile: { lake: { name: 'lake', environment_blueprint_identifier: '${data.aws_datazone_environment_blueprint.lake.id}' } },
      aws_datazone_environment: { lake: { name: 'lake', profile_identifier: '${aws_datazone_environment_profile.lake.id}' } },
    },
  }), 'cdk.tf.json');
  expect(review({ inputs: [lake], today: TODAY }).verdicts).toEqual([]);
  const data = parsePlan(JSON.stringify({ data: { aws_cloudformation_stack: { other: { name: 'other' } } } }), 'cdk.tf.json');
  expect(review({ inputs: [data], today: TODAY }).verdicts).toEqual([]);
});

test('a newer kind whose subnets a plan does not know yet is told, too', () => {
  const plan = (subnets: object) => JSON.stringify({
    format_version: '1.2',
    resource_changes: [{ address: 'aws_brand_new_runner.r', mode: 'managed', type: 'aws_brand_new_runner', name: 'r', provider_name: 'registry.terraform.io/hashicorp/aws', change: { actions: ['create'], before: null, after: { network: [{}] }, after_unknown: { network: [{ subnet_ids: true }] } } }],
    configuration: { root_module: { resources: [{ address: 'aws_brand_new_runner.r', mode: 'managed', type: 'aws_brand_new_runner', name: 'r', expressions: { network: [{ subnet_ids: subnets }] } }] } },
  });
  const verdicts = (subnets: object) => review({ inputs: [parsePlan(plan(subnets), 'plan.json')], today: TODAY }).verdicts;
  expect(verdicts({ references: ['aws_subnet.main[*].id', 'aws_subnet.main'] })).toMatchObject([{ verdict: 'unknown', place: 'aws_brand_new_runner.r' }]);
  expect(verdicts({ constant_value: [] })).toEqual([]);
});

test.each<[string, string, object, object, boolean]>([
  ['a subnet of the plan', 'Microsoft.Discovery/supercomputers', { nodes: {} }, { nodes: { subnetId: true } }, true],
  ['what is not known at all', 'Microsoft.Discovery/supercomputers', {}, {}, true],
  ['a rule that lets a subnet in', 'Microsoft.CognitiveServices/accounts', { networkAcls: { virtualNetworkRules: [{}] } }, { networkAcls: { virtualNetworkRules: [{ id: true }] } }, false],
  ['a subnet in which it answers', 'Microsoft.DBforPostgreSQL/flexibleServers', { network: {} }, { network: { delegatedSubnetResourceId: true } }, false],
])('a kind of azapi whose body a plan does not know yet: %s', (_, type, properties, unknown, isTold) => {
  const isHidden = Object.keys(properties).length === 0;
  const text = JSON.stringify({
    format_version: '1.2',
    resource_changes: [{ address: 'azapi_resource.s', mode: 'managed', type: 'azapi_resource', name: 's', provider_name: 'registry.terraform.io/azure/azapi', change: { actions: ['create'], before: null, after: { type: `${type}@2026-02-01`, ...(isHidden ? {} : { body: { properties } }) }, after_unknown: { id: true, body: isHidden ? true : { properties: unknown } } } }],
    configuration: { root_module: { resources: [{ address: 'azapi_resource.s', mode: 'managed', type: 'azapi_resource', name: 's', expressions: { type: { constant_value: `${type}@2026-02-01` }, body: { references: ['azurerm_subnet.main.id', 'azurerm_subnet.main'] } } }, { address: 'azurerm_subnet.main', mode: 'managed', type: 'azurerm_subnet', name: 'main', expressions: {} }] } },
  });
  const plan = JSON.parse(text);
  plan.resource_changes.push({ address: 'azurerm_subnet.main', mode: 'managed', type: 'azurerm_subnet', name: 'main', provider_name: 'registry.terraform.io/hashicorp/azurerm', change: { actions: ['create'], before: null, after: { name: 'main' }, after_unknown: { id: true } } });
  expect(review({ inputs: [parsePlan(JSON.stringify(plan), 'plan.json')], today: TODAY }).verdicts.some(({ place }) => place === 'azapi_resource.s')).toBe(isTold);
});

/** As the providers write them after a refresh; nobody gave these a subnet to run anything in. */
test('what only shows subnets once it exists is no newer kind', () => {
  const state = (type: string, values: object) => JSON.stringify({
    format_version: '1.0', values: { root_module: { resources: [{ address: `${type}.x`, mode: 'managed', type, name: 'x', provider_name: 'registry.terraform.io/hashicorp/x', values }] } },
  });
  const unread = (type: string, values: object) => review({ inputs: [parsePlan(state(type, values), 'state.json')], today: TODAY }).verdicts.flatMap(({ reasons }) => reasons).filter((reason) => reason.includes('is given a subnet'));
  const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/app';
  expect(unread('azurerm_brand_new_runner', { subnets: [id] })).toHaveLength(1);
  expect(unread('azurerm_route_table', { subnets: [id], route: [] })).toEqual([]);
  expect(unread('azurerm_palo_alto_next_generation_firewall_virtual_hub_panorama', { network_profile: [{ trusted_subnet_id: id }] })).toEqual([]);
  expect(unread('aws_default_subnet', { id: 'subnet-1', vpc_id: 'vpc-1', existing_default_subnet: false })).toEqual([]);
  expect(unread('aws_ec2_transit_gateway_vpc_attachment_accepter', { id: 'tgw-attach-1', subnet_ids: ['subnet-1'] })).toEqual([]);
  expect(unread('aws_docdb_cluster_instance', { db_subnet_group_name: 'main' })).toEqual([]);
});

test('what is made in a cloud that is not known here is not passed over', () => {
  const warnings = (resource: object) => reviewed(resource).inputs[0]?.warnings;
  const machine = { oci_core_instance: { m: { display_name: 'm' } }, hcloud_server: { m: { name: 'm' } }, aws_s3_bucket: { b: { bucket: 'b' } } };
  expect(warnings(machine)).toEqual(['this review knows AWS, Google Cloud, Azure and Kubernetes: what the plan makes with hcloud, oci is not judged']);
  expect(warnings({ random_id: { x: { byte_length: 4 } }, aws_s3_bucket: { b: { bucket: 'b' } }, github_repository: { r: { name: 'r' } } })).toEqual([]);
});
