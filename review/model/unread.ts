/**
 * Networks and workloads that a plan builds in ways which no model reads: what they let out is unknown,
 * and a review must not end as if nothing was there. azapi and awscc write the clouds' own schemas; of the
 * former networks are read (`plan/azapi.ts`), and nothing else. A template may hold anything.
 */
import type { Resource, ResourceGraph } from '../plan/resource-graph';
import type { Cloud, Hop, Place } from './network-model';

interface Unread {
  /** `the provider azapi`, `templates of Azure`. */
  readonly what: string;
  readonly cloud: Cloud;
  readonly type: RegExp;
  /** Whether it is part of a network, or something that could send. */
  readonly counts: (resource: Resource) => boolean;
}

const AZURE_TYPE = new RegExp(`Microsoft\\.(${[
  'Network/(virtualNetworks|virtualHubs|virtualNetworkGateways|localNetworkGateways|connections|vpnGateways|vpnSites|p2sVpnGateways|expressRoute\\w+|natGateways|azureFirewalls|firewallPolicies|routeTables|networkSecurityGroups|networkInterfaces|networkProfiles|publicIP\\w+|loadBalancers|networkManagers|networkVirtualAppliances)',
  'Resources/(deployments|deploymentScripts|deploymentStacks)', 'ContainerRegistry/registries/(tasks|agentPools|taskRuns)', 'DevOpsInfrastructure/pools', 'DevCenter', 'DevTestLab', 'VirtualMachineImages',
  'ServiceFabric', 'DesktopVirtualization', 'AppPlatform', 'Automation/automationAccounts', 'StreamAnalytics',
  'Compute/virtualMachine', 'ContainerService/managedClusters', 'ContainerInstance/containerGroups', 'App/(managedEnvironments|containerApps|jobs)', 'Web/(sites|hostingEnvironments)',
  'Databricks/workspaces', 'Synapse/workspaces', 'DataFactory/factories', 'MachineLearningServices/workspaces', 'HDInsight/clusters', 'RedHatOpenShift/openShiftClusters', 'Batch/batchAccounts',
  'Logic/workflows', 'ApiManagement/service', 'AVS/privateClouds',
].join('|')})`, 'i');

const UNREAD: readonly Unread[] = [
  {
    what: 'what azapi makes of this kind', cloud: 'azure', type: /^azapi_/,
    counts: (resource) => {
      const type = resource.valueAt('type');
      return typeof type === 'string' ? AZURE_TYPE.test(type) : resource.unknownAt('type') !== undefined;
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
  { what: 'a deployment of Deployment Manager', cloud: 'google', type: /^google_deployment_manager_deployment$/, counts: () => true },
  { what: 'the provider awscc', cloud: 'aws', type: /^awscc_(ec2|eks|ecs|networkfirewall|autoscaling)_/, counts: () => true },
];

/** One place per kind that the review cannot read, with an unknown fate. */
export function unreadPlaces(graph: ResourceGraph): readonly Place[] {
  return UNREAD.flatMap(({ what, cloud, type, counts }) => {
    const found = [...graph.typeNames].filter((name) => type.test(name)).sort().flatMap((name) => graph.ofType(name)).filter(counts);
    const [first] = found;
    if (!first) return [];
    const others = found.length > 1 ? ` and ${found.length - 1} more` : '';
    const reason = `${first.address}${others}: ${what} is not read by this review`;
    const start: Hop = { address: first.address, kind: 'subnet', forward: (traffic) => [{ kind: 'unknown', traffic, reason }] };
    return [{ id: first.address, kind: 'subnet', cloud, addresses: [first.address], cidrs: [], families: [4], hypothetical: true, start } satisfies Place];
  });
}
