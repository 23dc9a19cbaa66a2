/**
 * Services that run somebody's code on machines of Microsoft's, or in networks that they make for
 * themselves: each with the subnet that it can be put into, and the way out that it brings along.
 */
import type { AttributePath, PathLike } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { UNATTACHED } from './attachments';
import { SUBNETS } from './interfaces';
import type { LoadBalancing } from './load-balancers';
import { managedNetwork, WORKSPACES } from './managed-network';
import type { OwnAddress } from './outbound';
import { flag, isUnset, NOWHERE, pointsTo, text, unknownBlocks, type Pointed } from './read';
import type { Workload } from './workload';

/** How it gets out: past any network of the plan, or with addresses of its own in the subnets that it is in. */
interface Egress {
  readonly direct?: Workload['direct'];
  /** By what of it stands there; each is a workload of its own. */
  readonly subnets?: ReadonlyMap<string, Pointed>;
  readonly addresses?: Workload['publicAddresses'];
}

interface Hosted {
  readonly types: readonly string[];
  /** Undefined for one that runs nothing. */
  egress(resource: Resource, graph: ResourceGraph, balancing: LoadBalancing): Egress | undefined;
}

const HDINSIGHT = ['hadoop', 'hbase', 'interactive_query', 'kafka', 'spark'].map((kind) => `azurerm_hdinsight_${kind}_cluster`);

const SAP = ['azurerm_workloads_sap_three_tier_virtual_instance', 'azurerm_workloads_sap_single_node_virtual_instance'];

const HOSTED: readonly Hosted[] = [
  { types: ['azurerm_databricks_workspace'], egress: databricks },
  { types: HDINSIGHT, egress: hdinsight },
  { types: ['azurerm_redhat_openshift_cluster'], egress: openshift },
  // https://learn.microsoft.com/azure/synapse-analytics/security/workspace-data-exfiltration-protection
  { types: ['azurerm_synapse_workspace'], egress: (resource) => unlessSaid(resource, 'data_exfiltration_protection_enabled', 'its pools and pipelines call any public address') },
  { types: ['azurerm_data_factory'], egress: () => ({ direct: { label: 'its integration runtime calls any public address' } }) },
  { types: ['azurerm_data_factory_integration_runtime_azure_ssis'], egress: runtime },
  { types: WORKSPACES, egress: machineLearning },
  // https://learn.microsoft.com/azure/app-testing/load-testing/how-to-test-private-endpoint
  { types: ['azurerm_load_test'], egress: ({ address }) => ({ direct: { label: 'its test engines call any public address', doubt: `which subnets the tests of ${address} name is not in the plan` } }) },
  { types: ['azurerm_automation_runbook'], egress: () => ({ direct: { label: 'runs in a sandbox of Azure, unless a hybrid worker takes it', doubt: 'whether a hybrid worker takes it is not in the plan' } }) },
  { types: ['azurerm_container_registry_task'], egress: registryTask },
  { types: ['azurerm_container_registry_agent_pool'], egress: (resource) => inSubnet(resource, 'virtual_network_subnet_id', "the addresses of the registry's own agents") },
  // https://learn.microsoft.com/azure/managed-grafana/how-to-connect-to-data-source-privately
  { types: ['azurerm_dashboard_grafana'], egress: () => ({ direct: { label: 'its data sources are called at any public address' } }) },
  { types: ['azurerm_logic_app_workflow'], egress: () => ({ direct: { label: 'the shared addresses of Logic Apps' } }) },
  { types: ['azurerm_resource_deployment_script_azure_cli', 'azurerm_resource_deployment_script_azure_power_shell'], egress: () => ({ direct: { label: 'runs in a container group of its own, in no network' } }) },
  // https://learn.microsoft.com/azure/azure-vmware/architecture-design-public-internet-access
  { types: ['azurerm_vmware_private_cloud'], egress: vmware },
  { types: ['azurerm_dev_test_linux_virtual_machine', 'azurerm_dev_test_windows_virtual_machine'], egress: labMachine },
  // https://learn.microsoft.com/azure/dev-box/concept-dev-box-network-requirements
  { types: ['azurerm_dev_center_project_pool'], egress: devBoxes },
  // Containers of Microsoft's run what the catalogs hold. https://learn.microsoft.com/azure/deployment-environments/how-to-configure-extensibility-model-custom-image
  { types: ['azurerm_dev_center_project_environment_type'], egress: ({ address }) => ({ direct: { label: 'what makes its environments runs in no network of yours', doubt: `what definitions of environments the catalogs of ${address} hold is not in the plan` } }) },
  { types: ['azurerm_dev_test_virtual_network'], egress: labNetwork },
  // https://docs.oracle.com/en/cloud/paas/autonomous-database/serverless/adbsb/private-endpoints-autonomous.html
  { types: ['', '_clone_from_backup', '_clone_from_database'].map((way) => `azurerm_oracle_autonomous_database${way}`), egress: ({ address }) => ({ direct: { label: "calls by a network of Oracle's", doubt: `whether the database property ROUTE_OUTBOUND_CONNECTIONS of ${address} sends what it calls through its subnet is not in the plan` } }) },
  { types: SAP, egress: sap },
  // https://learn.microsoft.com/azure/static-web-apps/apis-functions
  { types: ['azurerm_static_web_app', 'azurerm_static_site'], egress: ({ address }) => ({ direct: { label: 'its managed functions call any public address', doubt: `whether ${address} has managed functions is said by its repository alone` } }) },
  { types: ['azurerm_cognitive_account'], egress: foundry },
  // https://learn.microsoft.com/fabric/security/workspace-outbound-access-protection-overview
  { types: ['azurerm_fabric_capacity'], egress: ({ address }) => ({ direct: { label: 'notebooks and pipelines of its workspaces call any public address', doubt: `whether the workspaces of ${address} have outbound access protection is not in the plan` } }) },
  { types: ['azurerm_lab_service_lab'], egress: () => ({ direct: { label: 'the network of Microsoft that its machines are in' } }) },
  // Of azurerm after 4.55, known by their names alone.
  { types: ['azurerm_managed_devops_pool', 'azurerm_kubernetes_automatic_cluster', 'azurerm_container_app_session_pool'], egress: ({ address }) => ({ direct: { label: 'runs code, in a network of its own unless it names another', doubt: `how ${address} gets out is not read by this review` } }) },
  // What stands in something of another plan is where that is.
  { types: ['azurerm_ai_foundry_project'], egress: (resource) => unlessHere(resource, 'ai_services_hub_id', 'azurerm_ai_foundry') },
  { types: ['azurerm_cognitive_account_project'], egress: (resource) => unlessHere(resource, 'cognitive_account_id', 'azurerm_cognitive_account') },
  { types: ['azurerm_synapse_integration_runtime_azure'], egress: (resource) => unlessHere(resource, 'synapse_workspace_id', 'azurerm_synapse_workspace') },
  { types: ['azurerm_container_app', 'azurerm_container_app_job'], egress: (resource) => unlessHere(resource, 'container_app_environment_id', 'azurerm_container_app_environment') },
  { types: ['azurerm_synapse_spark_pool'], egress: (resource) => unlessHere(resource, 'synapse_workspace_id', 'azurerm_synapse_workspace') },
  { types: ['azurerm_data_factory_integration_runtime_azure'], egress: (resource) => unlessHere(resource, 'data_factory_id', 'azurerm_data_factory') },
  { types: ['azurerm_spring_cloud_app'], egress: (resource) => unlessHere(resource, 'service_name', 'azurerm_spring_cloud_service') },
  { types: ['azurerm_service_fabric_managed_cluster'], egress: fabric },
];

export function hostedServices(graph: ResourceGraph, balancing: LoadBalancing): readonly Workload[] {
  return HOSTED.flatMap(({ types, egress }) => types.flatMap((type) => graph.ofType(type)).flatMap((resource): readonly Workload[] => {
    const found = egress(resource, graph, balancing);
    if (!found) return [];
    const base = {
      resource,
      addresses: [resource.address],
      groups: UNATTACHED,
      memberships: new Set<Resource>(),
      publicAddresses: found.addresses ?? [],
      privateAddresses: [],
      ...(found.direct ? { direct: found.direct } : {}),
    };
    const parts = [...(found.subnets ?? [])];
    if (parts.length === 0) return [{ ...base, id: resource.address, subnet: NOWHERE }];
    return parts.map(([part, subnet]) => ({ ...base, id: parts.length === 1 ? resource.address : `${resource.address} + ${part}`, subnet }));
  }));
}

function inSubnet(resource: Resource, path: PathLike, outside: string): Egress {
  const subnet = pointsTo(resource, path, ...SUBNETS);
  return subnet.isSet ? { subnets: new Map([['subnet', subnet]]) } : { direct: { label: outside } };
}

/** The parts whose subnet is set, each subnet once. */
function parts(resource: Resource, paths: Readonly<Record<string, AttributePath>>, ...types: readonly string[]): ReadonlyMap<string, Pointed> {
  const seen = new Set<Resource>();
  return new Map(Object.entries(paths).map(([part, path]) => [part, pointsTo(resource, path, ...types)] as const).filter(([, { isSet, exact, targets }]) => {
    const [only] = exact && targets.length === 1 ? targets : [];
    const isNew = isSet && (only === undefined || !seen.has(only));
    if (only) seen.add(only);
    return isNew;
  }));
}

/** Open unless a flag is set; in doubt where the plan does not tell. */
function unlessSaid(resource: Resource, path: string, label: string): Egress | undefined {
  const said = flag(resource, path);
  if (said === true) return undefined;
  const hidden = said === undefined && !isUnset(resource, path);
  return { direct: { label, ...(hidden ? { doubt: `whether ${resource.address} has ${path} is not known` } : {}) } };
}

/** Injected into a network it stands in two of its subnets, which it names. https://learn.microsoft.com/azure/databricks/security/network/classic/vnet-inject */
function databricks(resource: Resource, _: ResourceGraph, balancing: LoadBalancing): Egress {
  const at = (name: string): AttributePath => ['custom_parameters', 0, name];
  const network = pointsTo(resource, at('virtual_network_id'), 'azurerm_virtual_network');
  const hidden = unknownBlocks(resource, 'custom_parameters');
  if (hidden === undefined && (!network.isSet || isUnset(resource, 'custom_parameters'))) return { direct: { label: 'the network that it makes for itself' } };
  const subnets = parts(resource, { public_subnet: at('public_subnet_name'), private_subnet: at('private_subnet_name') }, 'azurerm_subnet');
  const secure = flag(resource, at('no_public_ip'));
  const own: OwnAddress = {
    address: resource.address, kind: 'gateway', label: 'public addresses of its machines',
    ...(secure === undefined ? { doubt: `whether ${resource.address} has no_public_ip is not known` } : {}),
  };
  return {
    subnets: subnets.size > 0 ? subnets : elsewhere(hidden ?? 'it names no subnets'),
    // https://learn.microsoft.com/azure/databricks/security/network/classic/secure-cluster-connectivity#egress-with-vnet-injection
    addresses: [...(secure === true ? [] : [own]), ...balancing.ofPools(resource, pointsTo(resource, 'load_balancer_backend_address_pool_id', 'azurerm_lb_backend_address_pool'))],
  };
}

/** Boxes of a pool stand in the network that its name means, or in one of Microsoft's. */
function devBoxes(resource: Resource): Egress {
  if (text(resource, 'dev_center_attached_network_name')?.toLowerCase() === 'managednetwork') return { direct: { label: 'the network of Microsoft that its boxes are in' } };
  const networks = pointsTo(resource, 'dev_center_attached_network_name', 'azurerm_dev_center_attached_network').targets;
  const subnets = networks.flatMap((network) => pointsTo(network, 'network_connection_id', 'azurerm_dev_center_network_connection').targets).map((connection) => pointsTo(connection, 'subnet_id', ...SUBNETS));
  const [only, ...others] = subnets;
  return { subnets: only?.isSet === true && others.length === 0 ? new Map([['subnet', only]]) : elsewhere('its network is not in the plan') };
}

/** Each of its layers stands in a subnet. https://learn.microsoft.com/azure/sap/center-sap-solutions/prepare-network */
function sap(resource: Resource): Egress {
  const tiers = ['application_server_configuration', 'central_server_configuration', 'database_server_configuration'];
  const subnets = parts(resource, {
    single_server: ['single_server_configuration', 0, 'subnet_id'],
    ...Object.fromEntries(tiers.map((tier) => [tier, ['three_tier_configuration', 0, tier, 0, 'subnet_id']])),
  }, ...SUBNETS);
  return { subnets: subnets.size > 0 ? subnets : elsewhere('it names no subnets') };
}

/** Nothing of its own where the plan has what it stands in. */
function unlessHere(resource: Resource, path: string, type: string): Egress | undefined {
  const host = pointsTo(resource, path, type);
  return host.targets.length > 0 && host.unknown === undefined ? undefined : { subnets: elsewhere(host.unknown ?? `${resource.address} names no ${path}`) };
}

function elsewhere(unknown: string): ReadonlyMap<string, Pointed> {
  return new Map([['subnet', { targets: [], exact: false, isSet: true, unknown }]]);
}

const ROLES = ['head_node', 'worker_node', 'zookeeper_node', 'kafka_management_node', 'edge_node'];

/** Its machines are behind a public load balancer of its own, unless it is told to call its management itself. https://learn.microsoft.com/azure/hdinsight/hdinsight-private-link */
function hdinsight(resource: Resource): Egress {
  const subnets = parts(resource, Object.fromEntries(ROLES.map((role) => [role, ['roles', 0, role, 0, 'subnet_id']])), ...SUBNETS);
  if (subnets.size === 0) return { direct: { label: 'the network that it makes for itself' } };
  const outward = text(resource, 'network[0].connection_direction')?.toLowerCase() === 'outbound';
  return { subnets, addresses: outward ? [] : [{ address: resource.address, kind: 'nat', label: 'public load balancer of its own' }] };
}

/** https://learn.microsoft.com/azure/openshift/howto-restrict-egress */
function openshift(resource: Resource): Egress {
  const subnets = parts(resource, { main_profile: ['main_profile', 0, 'subnet_id'], worker_profile: ['worker_profile', 0, 'subnet_id'] }, ...SUBNETS);
  const path = 'network_profile[0].outbound_type';
  const type = text(resource, path);
  if (type?.toLowerCase() === 'userdefinedrouting') return { subnets };
  const hidden = type === undefined && resource.unknownAt(path) !== undefined;
  return { subnets, addresses: [{ address: resource.address, kind: 'nat', label: `outbound type ${type ?? 'Loadbalancer'}`, ...(hidden ? { doubt: `the outbound type of ${resource.address} is not known` } : {}) }] };
}

function runtime(resource: Resource): Egress {
  const subnets = parts(resource, { vnet_integration: ['vnet_integration', 0, 'subnet_id'], express_vnet_integration: ['express_vnet_integration', 0, 'subnet_id'] }, ...SUBNETS);
  if (subnets.size === 0) return { direct: { label: 'the addresses of its integration runtime' } };
  // Only an express injection leaves the way out to the subnet alone.
  return isUnset(resource, 'vnet_integration[0].subnet_id') ? { subnets } : { subnets, addresses: [{ address: resource.address, kind: 'nat', label: 'the public addresses of its integration runtime' }] };
}

/**
 * Nodes are in the pool of a public load balancer of the cluster's own, which lends them its address, in whatever subnet they are.
 * https://learn.microsoft.com/azure/service-fabric/how-to-managed-cluster-networking
 */
function fabric(resource: Resource): Egress {
  const found = inSubnet(resource, 'subnet_id', 'the load balancer of the network that it makes for itself');
  return found.subnets ? { ...found, addresses: [{ address: resource.address, kind: 'nat', label: 'public load balancer of its own' }] } : found;
}

function machineLearning(resource: Resource, graph: ResourceGraph): Egress | undefined {
  const managed = managedNetwork(resource, graph);
  if (managed) return { direct: managed };
  // Without one, clusters and instances are in networks of their own, and say so; serverless compute is where the workspace says.
  const subnet = pointsTo(resource, 'serverless_compute[0].subnet_id', ...SUBNETS);
  return subnet.isSet
    ? { subnets: new Map([['serverless_compute', subnet]]) }
    : { direct: { label: "serverless compute and endpoints in Azure's own network", doubt: `whether anybody makes serverless compute or an endpoint of ${resource.address} is not in the plan` } };
}

/**
 * Projects of an account have agents, whose tools call any public address unless they are put into a subnet.
 * https://learn.microsoft.com/azure/foundry/agents/how-to/virtual-networks
 */
function foundry(account: Resource): Egress | undefined {
  const subnet = pointsTo(account, 'network_injection[0].subnet_id', ...SUBNETS);
  // In a subnet they are like an environment of containers: where nothing routes them, they leave with addresses of the platform.
  if (subnet.isSet) return { subnets: new Map([['agents', subnet]]), addresses: [{ address: account.address, kind: 'nat', label: "the platform's own addresses" }] };
  const hidden = unknownBlocks(account, 'network_injection');
  if (hidden !== undefined) return { subnets: elsewhere(hidden) };
  const path = 'project_management_enabled';
  const isPlain = flag(account, path) === false || (flag(account, path) === undefined && isUnset(account, path));
  return isPlain ? undefined : { direct: { label: 'tools of its agents call any public address', doubt: `whether a project of ${account.address} has agents is not in the plan` } };
}

/** In a pool of agents it is where they are. */
function registryTask(resource: Resource): Egress | undefined {
  if (isUnset(resource, 'agent_pool_name')) return { direct: { label: "the registry's shared agents" } };
  return pointsTo(resource, 'agent_pool_name', 'azurerm_container_registry_agent_pool').targets.length > 0
    ? undefined
    : { direct: { label: 'agents of the registry', doubt: `the agent pool of ${resource.address} is not in the plan` } };
}

function vmware(resource: Resource): Egress {
  return flag(resource, 'internet_connection_enabled') === true
    ? { direct: { label: 'internet connection of the private cloud' } }
    : { direct: { label: 'routes of the private cloud', doubt: `what ${resource.address} learns over ExpressRoute, or is given as public addresses, is not in the plan` } };
}

/** Machines of a lab are in the lab's own network. */
function labMachine(resource: Resource): Egress {
  return flag(resource, 'disallow_public_ip_address') === true
    ? { subnets: elsewhere('it is in the network of its lab') }
    : { direct: { label: 'public address from its lab' } };
}

/** Whoever may use the lab makes machines in its network. https://learn.microsoft.com/rest/api/dtl/virtual-networks/get#subnetoverride */
function labNetwork(network: Resource): Egress {
  const denied = network.elements('subnet').filter((path) => text(network, [...path, 'use_public_ip_address'])?.toLowerCase() === 'deny');
  const isDenied = denied.length > 0 && denied.length === network.elements('subnet').length && unknownBlocks(network, 'subnet') === undefined;
  return isDenied ? { subnets: elsewhere('its routes and groups are those of the lab') } : { direct: { label: 'public addresses that its lab gives machines' } };
}
