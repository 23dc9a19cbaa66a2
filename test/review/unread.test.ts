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
  ['a subnet by awscc', { awscc_ec2_subnet: { main: { vpc_id: 'vpc-1' } } }, 'aws', 'awscc_ec2_subnet.main: the provider awscc is not read by this review'],
])('%s is unknown, and does not pass', (_, resource, cloud, reason) => {
  const result = reviewed(resource);
  expect(result.verdicts).toEqual([expect.objectContaining({ cloud, verdict: 'unknown', reasons: [reason] })]);
  expect(exitOf(result).code).toBe(1);
  expect(exitOf(result, { allowUnknown: true }).code).toBe(0);
});

test('what is no part of a network is none of its business', () => {
  expect(reviewed(azapi('Microsoft.Storage/storageAccounts@2023-05-01')).verdicts).toEqual([]);
  expect(reviewed({ awscc_s3_bucket: { main: {} } }).verdicts).toEqual([]);
  expect(reviewed({ azurerm_resource_group_template_deployment: { dns: { template_content: JSON.stringify({ resources: [{ type: 'Microsoft.Network/dnsResolverPolicies' }] }) } } }).verdicts).toEqual([]);
});
