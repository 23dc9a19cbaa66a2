/** Clusters, apps, functions, containers and other services that run somebody's code, in a network or beside it. */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { hostedServices } from './hosted-services';
import { managedNetwork, WORKSPACES } from './managed-network';
import { attached, merged, SUBNETS } from './interfaces';
import type { LoadBalancing } from './load-balancers';
import type { OwnAddress } from './outbound';
import { flag, isUnset, NOWHERE, pointsTo, text, unknownBlocks, type Pointed } from './read';
import type { Workload } from './workload';

const APPS = [
  'azurerm_linux_function_app', 'azurerm_windows_function_app', 'azurerm_function_app_flex_consumption', 'azurerm_function_app',
  'azurerm_linux_web_app', 'azurerm_windows_web_app', 'azurerm_app_service', 'azurerm_logic_app_standard',
  'azurerm_linux_function_app_slot', 'azurerm_windows_function_app_slot', 'azurerm_linux_web_app_slot', 'azurerm_windows_web_app_slot',
  'azurerm_app_service_slot', 'azurerm_function_app_slot',
];

/** Services that stand in a subnet of ours, by the attribute that names it. */
const IN_SUBNETS: Readonly<Record<string, string>> = {
  azurerm_container_group: 'subnet_ids',
  azurerm_container_app_environment: 'infrastructure_subnet_id',
  azurerm_mssql_managed_instance: 'subnet_id',
  // Of azurerm 3.
  azurerm_sql_managed_instance: 'subnet_id',
  azurerm_app_service_environment_v3: 'subnet_id',
  azurerm_api_management: 'virtual_network_configuration[0].subnet_id',
  azurerm_batch_pool: 'network_configuration[0].subnet_id',
  azurerm_machine_learning_compute_cluster: 'subnet_resource_id',
  azurerm_machine_learning_compute_instance: 'subnet_resource_id',
  azurerm_hpc_cache: 'subnet_id',
  azurerm_spring_cloud_service: 'network[0].app_subnet_id',
  azurerm_api_management_standalone_gateway: 'backend_subnet_id',
  azurerm_nginx_deployment: 'network_interface[0].subnet_id',
  azurerm_oracle_cloud_vm_cluster: 'subnet_id',
};

/** Those that get to the internet by themselves when they are in no subnet. */
const WITHOUT_NETWORK = new Set(['azurerm_container_group', 'azurerm_container_app_environment', 'azurerm_api_management', 'azurerm_spring_cloud_service', 'azurerm_batch_pool', 'azurerm_machine_learning_compute_cluster', 'azurerm_machine_learning_compute_instance']);

export function platformWorkloads(graph: ResourceGraph, balancing: LoadBalancing): readonly Workload[] {
  return [...clusters(graph), ...apps(graph), ...services(graph), ...hostedServices(graph, balancing)];
}

/** How a cluster's nodes get out. https://learn.microsoft.com/azure/aks/egress-outboundtype */
function clusters(graph: ResourceGraph): readonly Workload[] {
  const all = graph.ofType('azurerm_kubernetes_cluster').flatMap((cluster) => [{ ...workload(cluster, nodeSubnet(cluster), [...egressOfCluster(cluster), ...nodeAddresses(cluster, 'default_node_pool[0].')], `the network that ${cluster.address} makes for itself`), ...ofManagedNetwork(cluster, nodeSubnet(cluster), nodeAddresses(cluster, 'default_node_pool[0].')), memberships: nodeGroups(cluster, ['default_node_pool', 0]) }, ...podsOf(cluster, 'default_node_pool[0].pod_subnet_id', egressOfCluster(cluster)), ...podsOf(cluster, 'aci_connector_linux[0].subnet_name', 'any')]);
  const pools = graph.ofType('azurerm_kubernetes_cluster_node_pool').flatMap((pool) => {
    const [cluster] = pointsTo(pool, 'kubernetes_cluster_id', 'azurerm_kubernetes_cluster').targets;
    const addresses = cluster ? [...egressOfCluster(cluster), ...nodeAddresses(pool, '')] : 'any';
    const own = pointsTo(pool, 'vnet_subnet_id', ...SUBNETS);
    // All pools of a cluster are in one network: without a word of its own a pool is where the first one is.
    const subnet = own.isSet || !cluster ? own : nodeSubnet(cluster);
    return [{ ...workload(pool, subnet, addresses, 'the network that its cluster makes for itself'), ...(cluster ? ofManagedNetwork(cluster, subnet, nodeAddresses(pool, '')) : {}), memberships: nodeGroups(pool, []) }, ...podsOf(pool, 'pod_subnet_id', cluster ? egressOfCluster(cluster) : 'any')];
  });
  return [...all, ...pools];
}

/** Pods that stand in a subnet of their own: its routes and groups count for them, and not those of the nodes. https://learn.microsoft.com/azure/aks/configure-azure-cni-dynamic-ip-allocation */
function podsOf(pool: Resource, path: string, addresses: Workload['publicAddresses']): readonly Workload[] {
  const subnet = pointsTo(pool, path, ...SUBNETS);
  return subnet.isSet ? [{ ...workload(pool, subnet, addresses, ''), id: `${pool.address} + ${path.includes('aci') ? 'virtual node' : 'pods'}` }] : [];
}

/** The second name is that of azurerm 1. */
function nodeSubnet(cluster: Resource): Pointed {
  const own = pointsTo(cluster, 'default_node_pool[0].vnet_subnet_id', ...SUBNETS);
  return own.isSet ? own : pointsTo(cluster, 'agent_pool_profile[0].vnet_subnet_id', ...SUBNETS);
}

export function outboundType(cluster: Resource): string | undefined {
  const path = 'network_profile[0].outbound_type';
  const value = text(cluster, path);
  return value ?? (cluster.unknownAt(path) !== undefined && cluster.configExpression('network_profile') !== undefined ? undefined : 'loadBalancer');
}

function egressOfCluster(cluster: Resource): readonly OwnAddress[] {
  const type = outboundType(cluster);
  switch (type?.toLowerCase()) {
    case 'userdefinedrouting':
    case 'none':
    case 'block':
      return [];
    case undefined:
      return [{ address: cluster.address, kind: 'nat', label: 'a way out of its own', doubt: `the outbound type of ${cluster.address} is not known` }];
    default:
      return [{ address: cluster.address, kind: 'nat', label: `outbound type ${type}` }];
  }
}

/**
 * Of a network that AKS makes: with `block` its rules refuse the internet, with `none` there is a way out where AKS made the
 * network before its subnets were private ones. https://learn.microsoft.com/azure/aks/egress-outboundtype
 */
function ofManagedNetwork(cluster: Resource, subnet: Pointed, addresses: readonly OwnAddress[]): Pick<Workload, 'direct'> {
  const type = outboundType(cluster)?.toLowerCase();
  const label = `the network that ${cluster.address} makes for itself`;
  if (subnet.isSet || (type !== 'block' && (type !== 'none' || addresses.length > 0))) return {};
  if (type === 'none') return { direct: { label, doubt: `whether ${label} has default outbound access is not known: those of before April 2026 have (outbound_type = "none")` } };
  return { direct: { label, exit: { address: cluster.address, kind: 'gateway', label, forward: (traffic) => [{ kind: 'blocked', traffic, reason: `outbound type block of ${cluster.address} refuses the internet` }] } } };
}

/** Nodes may have public addresses, whatever the outbound type. https://learn.microsoft.com/azure/aks/use-node-public-ips */
function nodeAddresses(pool: Resource, at: string): readonly OwnAddress[] {
  // The second name is that of azurerm 3.
  const paths = [`${at}node_public_ip_enabled`, `${at}enable_node_public_ip`];
  const isHidden = (path: string) => pool.unknownAt(path) !== undefined && (pool.isConfigured(path) || pool.action === 'unplanned');
  const own = { address: pool.address, kind: 'gateway' as const, label: 'public addresses of its nodes' };
  // Pods that say so leave by nodes of such a pool, with a prefix of public addresses. https://learn.microsoft.com/azure/aks/configure-static-egress-gateway
  const mode = text(pool, `${at}mode`);
  if (mode?.toLowerCase() === 'gateway') return [{ ...own, label: 'public addresses of the egress gateway that it is' }];
  if (paths.some((path) => flag(pool, path) === true)) return [own];
  if (paths.some((path) => flag(pool, path) === undefined && isHidden(path))) return [{ ...own, doubt: `whether the nodes of ${pool.address} have public addresses is not known` }];
  return mode === undefined && isHidden(`${at}mode`) ? [{ ...own, doubt: `whether ${pool.address} is an egress gateway is not known` }] : [];
}

/** Connections to networks as resources of their own. */
const SWIFT = [['azurerm_app_service_virtual_network_swift_connection', 'app_service_id'], ['azurerm_app_service_slot_virtual_network_swift_connection', 'slot_name']] as const;

function apps(graph: ResourceGraph): readonly Workload[] {
  const swift = new Map<Resource, Pointed>();
  for (const [type, attribute] of SWIFT) {
    for (const connection of graph.ofType(type)) {
      const { targets, exact } = pointsTo(connection, attribute, ...APPS);
      // Slots of several apps may have one name.
      if (type === SWIFT[0][0] || exact) for (const app of targets) swift.set(app, pointsTo(connection, 'subnet_id', ...SUBNETS));
    }
  }
  return APPS.flatMap((type) => graph.ofType(type)).map((app) => {
    const own = pointsTo(app, 'virtual_network_subnet_id', ...SUBNETS);
    const subnet = own.isSet ? own : swift.get(app) ?? NOWHERE;
    const environment = subnet.isSet ? NOWHERE : environmentOf(app);
    // What its environment leaves with, so does it.
    if (environment.isSet) return workload(app, environment, 'any', '');
    const base = workload(app, subnet, [lentBy(app)], 'the addresses of its App Service plan');
    if (!subnet.isSet || routesAll(app) === true) return base;
    // Without route-all only private addresses go through the network. https://learn.microsoft.com/azure/app-service/configure-vnet-integration-routing
    const label = 'the addresses of its App Service plan: only private destinations go through the network';
    return { ...base, direct: { label, ...(routesAll(app) === undefined ? { doubt: `whether ${app.address} routes everything through its network is not known` } : {}) } };
  });
}

/**
 * What leaves an app by its network's way to the internet has the app's own addresses, unless a NAT gateway translates it:
 * that the subnet has no way out of its own closes nothing.
 * https://learn.microsoft.com/azure/azure-functions/functions-networking-options#virtual-network-integration
 */
function lentBy({ address }: Resource): OwnAddress {
  return { address, kind: 'nat', label: 'the addresses of its App Service plan' };
}

/** The subnet of the App Service Environment that an app's plan is in: then the app is in it, too. https://learn.microsoft.com/azure/app-service/environment/networking */
function environmentOf(app: Resource): Pointed {
  const plans = merged([pointsTo(app, 'service_plan_id', ...PLANS), pointsTo(app, 'app_service_plan_id', ...PLANS)]);
  if (!plans.exact || plans.targets.length !== 1) return NOWHERE;
  const environments = pointsTo(plans.targets[0] as Resource, 'app_service_environment_id', ...ENVIRONMENTS);
  if (!environments.isSet || environments.targets.length > 0) return merged(environments.targets.map((each) => pointsTo(each, 'subnet_id', ...SUBNETS)));
  return { ...environments, isSet: true };
}

const PLANS = ['azurerm_service_plan', 'azurerm_app_service_plan'];
const ENVIRONMENTS = ['azurerm_app_service_environment_v3', 'azurerm_app_service_environment'];

/** Whether everything that an app sends goes through its network. */
function routesAll(app: Resource): boolean | undefined {
  if (app.type === 'azurerm_function_app_flex_consumption') return true;
  const path = 'site_config[0].vnet_route_all_enabled';
  const said = flag(app, path) ?? flag(app, 'vnet_route_all_enabled');
  // Before there was the setting, an environment variable said the same. Where both are there the setting counts, and whether it is plans do not tell.
  // https://github.com/hashicorp/terraform-provider-azurerm/issues/12860, https://github.com/MicrosoftDocs/azure-docs/issues/79188
  if (said !== true && text(app, ['app_settings', 'WEBSITE_VNET_ROUTE_ALL']) === '1') return undefined;
  return said ?? (app.unknownAt(path) === undefined || app.action !== 'unplanned' ? false : undefined);
}

function services(graph: ResourceGraph): readonly Workload[] {
  return Object.entries(IN_SUBNETS).flatMap(([type, path]) => graph.ofType(type).flatMap((service) => {
    const isOutside = ignoresSubnets(service);
    const own = isOutside === true ? NOWHERE : pointsTo(service, path, ...SUBNETS);
    const subnet = own.isSet ? own : ofProfile(service);
    if (!subnet.isSet && !WITHOUT_NETWORK.has(type)) return [];
    const managed = subnet.isSet ? undefined : managedNetworkOf(service, graph);
    if (managed) return [{ ...workload(service, subnet, [], ''), direct: managed }];
    const unrouted = subnet.isSet ? unroutedBy(service) : undefined;
    return [{
      ...workload(service, merged([subnet]), isPrivate(service) ? [] : 'any', OWN_ADDRESSES),
      ...(unrouted === undefined ? {} : { unrouted }),
      ...(subnet.isSet && isOutside === undefined ? { direct: { label: OWN_ADDRESSES, doubt: `whether ${service.address} is in its subnet is not known` } } : {}),
    }, ...otherLocations(service, isOutside)];
  }));
}

const OWN_ADDRESSES = "the platform's own addresses";

/**
 * API Management is in no network, whatever subnet it names, until its type says so; undefined where the plan does not tell.
 * https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/api_management#virtual_network_type
 */
function ignoresSubnets(service: Resource): boolean | undefined {
  if (service.type !== 'azurerm_api_management' || ['external', 'internal'].includes(text(service, 'virtual_network_type')?.toLowerCase() ?? '')) return false;
  return text(service, 'virtual_network_type') !== undefined || isUnset(service, 'virtual_network_type') ? true : undefined;
}

/** Machines of a workspace with a managed network are in that, unless they name a subnet. */
function managedNetworkOf(service: Resource, graph: ResourceGraph): Workload['direct'] {
  const { targets: [workspace], exact } = pointsTo(service, 'machine_learning_workspace_id', ...WORKSPACES);
  return workspace && exact ? managedNetwork(workspace, graph) : undefined;
}

/** An environment of containers without workload profiles takes neither user defined routes nor a NAT gateway. https://learn.microsoft.com/azure/container-apps/networking#environment-selection */
function unroutedBy(service: Resource): string | undefined {
  if (service.type !== 'azurerm_container_app_environment' || service.elements('workload_profile').length > 0) return undefined;
  return unknownBlocks(service, 'workload_profile') ?? `${service.address} has no workload_profile, and Azure supports no routes of its subnet without one`;
}

/** True where the nodes of a pool get no public address. */
function isPrivate(service: Resource): boolean {
  return text(service, 'network_configuration[0].public_address_provisioning_type')?.toLowerCase() === 'nopublicipaddresses' || flag(service, 'node_public_ip_enabled') === false;
}

/** A gateway of API Management stands in each of its regions, in a subnet of its own or in none. */
function otherLocations(service: Resource, isOutside: boolean | undefined): readonly Workload[] {
  return service.elements('additional_location').map((path, index) => {
    const subnet = isOutside === true ? NOWHERE : pointsTo(service, [...path, 'virtual_network_configuration', 0, 'subnet_id'], ...SUBNETS);
    return { ...workload(service, subnet, 'any', OWN_ADDRESSES), id: `${service.address} + additional_location[${index}]` };
  });
}

/** Up to azurerm 3 a group of containers was put into a subnet by a profile. */
function ofProfile(service: Resource): Pointed {
  const profiles = pointsTo(service, 'network_profile_id', 'azurerm_network_profile');
  if (!profiles.isSet || profiles.targets.length === 0) return profiles;
  return merged(profiles.targets.map((profile) => pointsTo(profile, 'container_network_interface[0].ip_configuration[0].subnet_id', ...SUBNETS)));
}

/** Application security groups of nodes. https://learn.microsoft.com/azure/aks/use-node-public-ips#allow-host-port-connections-and-add-node-pools-to-application-security-groups */
function nodeGroups(pool: Resource, at: AttributePath): Workload['memberships'] {
  const { targets, exact } = pointsTo(pool, [...at, 'node_network_profile', 0, 'application_security_group_ids'], 'azurerm_application_security_group');
  return exact ? new Set(targets) : undefined;
}

function workload(resource: Resource, subnet: Pointed, publicAddresses: Workload['publicAddresses'], outside: string): Workload {
  return {
    id: resource.address,
    resource,
    addresses: [resource.address],
    subnet,
    groups: attached(resource, NOWHERE),
    memberships: new Set(),
    publicAddresses,
    privateAddresses: [],
    ...(subnet.isSet ? {} : { direct: { label: outside } }),
  };
}

