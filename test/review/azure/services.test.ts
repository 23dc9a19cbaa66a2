/** Services that run somebody's code, and what leads past a subnet's groups and routes: each as it is by default, and as it is when it is closed. */
import { review } from './reviewed';
import { closedNetwork, finalDenies, guardedNetwork, hosts, merge, openNetwork, refusesStorage, rule, subnet, type Blocks } from './small-stack';

const APP = '${azurerm_subnet.app.id}';
/** A network that nothing leaves by itself: with an open route and a group that leaves all open but storage, but no public address. */
const BARE: Blocks = {
  azurerm_virtual_network: { n: { name: 'n', address_space: ['10.1.0.0/16'] } }, azurerm_subnet: { bare: subnet('10.1.1.0/24', 'n') },
  azurerm_network_security_group: { bare: { name: 'bare', security_rule: [refusesStorage()] } },
  azurerm_subnet_network_security_group_association: { bare: { subnet_id: '${azurerm_subnet.bare.id}', network_security_group_id: '${azurerm_network_security_group.bare.id}' } },
};
const IN_BARE = '${azurerm_subnet.bare.id}';

const AKS = (pool: object, profile: object = {}) => ({ default_node_pool: { vnet_subnet_id: IN_BARE, ...pool }, network_profile: { outbound_type: 'none', ...profile } });
const DATABRICKS = (more: object) => ({ custom_parameters: { virtual_network_id: '${azurerm_virtual_network.n.id}', public_subnet_name: '${azurerm_subnet.bare.name}', private_subnet_name: '${azurerm_subnet.bare.name}', ...more } });
const HDINSIGHT = (more: object) => ({ roles: { head_node: { subnet_id: IN_BARE }, worker_node: { subnet_id: IN_BARE } }, ...more });
const OPENSHIFT = (more: object) => ({ main_profile: { subnet_id: IN_BARE }, worker_profile: { subnet_id: IN_BARE }, network_profile: { pod_cidr: '10.128.0.0/14', ...more } });

const fixedAt = (address: string) => ({ ip_configuration: { subnet_id: IN_BARE, private_ip_address: address } });
/** A public load balancer with a pool that lists an address. */
const listing = (entry: object, balancing: object = {}): Blocks => ({
  azurerm_public_ip: { lb: { name: 'lb' } }, azurerm_lb: { lb: { frontend_ip_configuration: { name: 'f', public_ip_address_id: '${azurerm_public_ip.lb.id}' } } }, azurerm_lb_backend_address_pool: { p: { loadbalancer_id: '${azurerm_lb.lb.id}' } },
  azurerm_lb_rule: { r: { loadbalancer_id: '${azurerm_lb.lb.id}', backend_address_pool_ids: ['${azurerm_lb_backend_address_pool.p.id}'], ...balancing } },
  azurerm_lb_backend_address_pool_address: { a: { backend_address_pool_id: '${azurerm_lb_backend_address_pool.p.id}', virtual_network_id: '${azurerm_virtual_network.n.id}', ...entry } },
});

/** Members of `web` may leave a subnet with a NAT gateway. */
const membersOf = (group: string): Blocks => ({
  azurerm_application_security_group: { web: { name: 'web' }, db: { name: 'db' } },
  azurerm_network_interface_application_security_group_association: { a: { network_interface_id: '${azurerm_network_interface.it.id}', application_security_group_id: group } },
  azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ source_address_prefix: null, source_application_security_group_ids: ['${azurerm_application_security_group.web.id}'], destination_address_prefix: '*' }), ...finalDenies()] } },
  azurerm_route_table: { app: { name: 'app', route: [] } }, azurerm_nat_gateway: { n: { name: 'n' } }, azurerm_subnet_nat_gateway_association: { n: { subnet_id: APP, nat_gateway_id: '${azurerm_nat_gateway.n.id}' } },
});

const without = (blocks: Blocks, type: string): Blocks => Object.fromEntries(Object.entries(blocks).filter(([each]) => each !== type));

/** The verdict of IPv4; `gone`: it is no place. */
const CASES: readonly (readonly [type: string, says: string, values: object, kind: string, also?: Blocks])[] = [
  ['azurerm_kubernetes_cluster', 'outbound type none', AKS({}), 'none'],
  ['azurerm_kubernetes_cluster', 'outbound type none, and public addresses on its nodes', AKS({ node_public_ip_enabled: true }), 'open'],
  ['azurerm_kubernetes_cluster', 'the same in the words of azurerm 3', AKS({ enable_node_public_ip: true }), 'open'],
  ['azurerm_kubernetes_cluster', 'nodes in an application security group that gets out', AKS({ vnet_subnet_id: APP, node_network_profile: { application_security_group_ids: ['${azurerm_application_security_group.web.id}'] } }, { outbound_type: 'loadBalancer' }), 'open', {
    azurerm_application_security_group: { web: { name: 'web' } }, azurerm_route_table: { app: { name: 'app', route: [] } },
    azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ source_address_prefix: null, source_application_security_group_ids: ['${azurerm_application_security_group.web.id}'], destination_address_prefix: '*' }), ...finalDenies()] } },
  }],
  ['azurerm_kubernetes_cluster', 'a network of its own, whose rules refuse the internet', { default_node_pool: {}, network_profile: { outbound_type: 'block' } }, 'none'],
  ['azurerm_kubernetes_cluster', 'a network of its own without a way out, as far as one can tell', { default_node_pool: {}, network_profile: { outbound_type: 'none' } }, 'unknown'],
  ['azurerm_kubernetes_cluster', 'the same, and public addresses on its nodes', { default_node_pool: { node_public_ip_enabled: true }, network_profile: { outbound_type: 'none' } }, 'open'],
  ['azurerm_kubernetes_cluster', 'a network of its own, and no word of the way out', { default_node_pool: {} }, 'open'],
  ['azurerm_kubernetes_cluster_node_pool', 'in the network that its cluster makes, whose rules refuse the internet', { kubernetes_cluster_id: '${azurerm_kubernetes_cluster.c.id}' }, 'none', { azurerm_kubernetes_cluster: { c: { default_node_pool: {}, network_profile: { outbound_type: 'block' } } } }],
  ['azurerm_kubernetes_cluster_node_pool', 'public addresses on its nodes', { kubernetes_cluster_id: '${azurerm_kubernetes_cluster.c.id}', vnet_subnet_id: IN_BARE, node_public_ip_enabled: true }, 'open', { azurerm_kubernetes_cluster: { c: AKS({}) } }],
  ['azurerm_kubernetes_cluster_node_pool', 'none', { kubernetes_cluster_id: '${azurerm_kubernetes_cluster.c.id}', vnet_subnet_id: IN_BARE }, 'none', { azurerm_kubernetes_cluster: { c: AKS({}) } }],
  ['azurerm_kubernetes_cluster_node_pool', 'no subnet of its own: that of the first pool', { kubernetes_cluster_id: '${azurerm_kubernetes_cluster.c.id}' }, 'none', { azurerm_kubernetes_cluster: { c: AKS({}) } }],
  ['azurerm_kubernetes_cluster_node_pool', 'an egress gateway for pods', { kubernetes_cluster_id: '${azurerm_kubernetes_cluster.c.id}', vnet_subnet_id: IN_BARE, mode: 'Gateway' }, 'open', { azurerm_kubernetes_cluster: { c: AKS({}) } }],
  ['azurerm_kubernetes_cluster_node_pool', 'pods of users', { kubernetes_cluster_id: '${azurerm_kubernetes_cluster.c.id}', vnet_subnet_id: IN_BARE, mode: 'User' }, 'none', { azurerm_kubernetes_cluster: { c: AKS({}) } }],
  ['azurerm_sql_managed_instance', 'a closed subnet, in the words of azurerm 3', { subnet_id: APP }, 'none'],
  ['azurerm_databricks_workspace', 'nothing: a network of its own', { sku: 'premium' }, 'open'],
  ['azurerm_databricks_workspace', 'a network of ours, with public addresses', DATABRICKS({ no_public_ip: false }), 'open'],
  ['azurerm_databricks_workspace', 'a network of ours, without', DATABRICKS({ no_public_ip: true }), 'none'],
  ['azurerm_databricks_workspace', 'a network of ours, without, behind a load balancer that lends its address', { ...DATABRICKS({ no_public_ip: true }), load_balancer_backend_address_pool_id: '${azurerm_lb_backend_address_pool.p.id}' }, 'open', without(listing({}), 'azurerm_lb_backend_address_pool_address')],
  ['azurerm_databricks_workspace', 'a network of ours, and no word about addresses', DATABRICKS({}), 'unknown'],
  ['azurerm_databricks_workspace', 'a network of ours, and subnets from elsewhere', { custom_parameters: { virtual_network_id: '/subscriptions/x/virtualNetworks/y', no_public_ip: true } }, 'unknown'],
  ['azurerm_hdinsight_spark_cluster', 'nothing', {}, 'open'],
  ['azurerm_hdinsight_spark_cluster', 'a subnet of ours: a load balancer of its own', HDINSIGHT({}), 'open'],
  ['azurerm_hdinsight_spark_cluster', 'a subnet of ours, calling outwards', HDINSIGHT({ network: { connection_direction: 'Outbound' } }), 'none'],
  ['azurerm_redhat_openshift_cluster', 'the default outbound type', OPENSHIFT({}), 'open'],
  ['azurerm_redhat_openshift_cluster', 'UserDefinedRouting', OPENSHIFT({ outbound_type: 'UserDefinedRouting' }), 'none'],
  ['azurerm_synapse_workspace', 'nothing', { managed_virtual_network_enabled: true }, 'open'],
  ['azurerm_synapse_workspace', 'data exfiltration protection', { managed_virtual_network_enabled: true, data_exfiltration_protection_enabled: true }, 'gone'],
  ['azurerm_data_factory', 'nothing', {}, 'open'],
  ['azurerm_data_factory_integration_runtime_azure_ssis', 'nothing', {}, 'open'],
  ['azurerm_data_factory_integration_runtime_azure_ssis', 'a subnet, with public addresses of its own', { vnet_integration: { subnet_id: IN_BARE } }, 'open'],
  ['azurerm_data_factory_integration_runtime_azure_ssis', 'a subnet, by express injection', { express_vnet_integration: { subnet_id: IN_BARE } }, 'none'],
  ['azurerm_machine_learning_workspace', 'a managed network that lets everything out', { managed_network: { isolation_mode: 'AllowInternetOutbound' } }, 'open'],
  ['azurerm_machine_learning_workspace', 'a managed network that lets out what is approved', { managed_network: { isolation_mode: 'AllowOnlyApprovedOutbound' } }, 'allowlisted'],
  ['azurerm_machine_learning_workspace', 'nothing: serverless compute', {}, 'unknown'],
  ['azurerm_machine_learning_workspace', 'serverless compute in a subnet', { serverless_compute: { subnet_id: IN_BARE } }, 'none'],
  ['azurerm_ai_foundry', 'a managed network that lets everything out', { managed_network: { isolation_mode: 'AllowInternetOutbound' } }, 'open'],
  ['azurerm_load_test', 'nothing', {}, 'unknown'],
  ['azurerm_automation_runbook', 'nothing', { runbook_type: 'PowerShell' }, 'unknown'],
  ['azurerm_container_registry_task', 'nothing', {}, 'open'],
  ['azurerm_container_registry_task', 'a pool of agents from elsewhere', { agent_pool_name: 'agents' }, 'unknown'],
  ['azurerm_container_registry_agent_pool', 'nothing', {}, 'open'],
  ['azurerm_container_registry_agent_pool', 'a subnet', { virtual_network_subnet_id: IN_BARE }, 'none'],
  ['azurerm_dashboard_grafana', 'nothing', {}, 'open'],
  ['azurerm_logic_app_workflow', 'nothing', {}, 'open'],
  ['azurerm_resource_deployment_script_azure_cli', 'nothing', {}, 'open'],
  ['azurerm_vmware_private_cloud', 'an internet connection', { internet_connection_enabled: true }, 'open'],
  ['azurerm_vmware_private_cloud', 'none: what it learns', {}, 'unknown'],
  ['azurerm_dev_test_linux_virtual_machine', 'nothing', {}, 'open'],
  ['azurerm_dev_test_linux_virtual_machine', 'no public address', { disallow_public_ip_address: true }, 'unknown'],
  ['azurerm_dev_test_virtual_network', 'nothing of public addresses', { lab_name: 'lab', subnet: { use_in_virtual_machine_creation: 'Allow' } }, 'open'],
  ['azurerm_dev_test_virtual_network', 'no subnet', { lab_name: 'lab' }, 'open'],
  ['azurerm_dev_test_virtual_network', 'that machines get none', { lab_name: 'lab', subnet: { use_public_ip_address: 'Deny' } }, 'unknown'],
  ['azurerm_dev_center_project_environment_type', 'nothing', { deployment_target_id: '/subscriptions/x' }, 'unknown'],
  ['azurerm_oracle_autonomous_database', 'a subnet, which what it calls need not go through', { subnet_id: IN_BARE }, 'unknown'],
  ['azurerm_service_fabric_managed_cluster', 'nothing', {}, 'open'],
  ['azurerm_service_fabric_managed_cluster', 'a subnet, behind a load balancer of its own', { subnet_id: IN_BARE }, 'open'],
  ['azurerm_api_management', 'no network', {}, 'open'],
  ...([['None', 'open'], [null, 'open'], ['External', 'none'], ['Internal', 'none'], ['${var.type}', 'unknown']] as const).map(([type, kind]) => ['azurerm_api_management', `a subnet that is closed, and the type ${type}`, { virtual_network_type: type, virtual_network_configuration: { subnet_id: APP } }, kind] as const),
  ['azurerm_batch_pool', 'a subnet, and public addresses', { network_configuration: { subnet_id: IN_BARE } }, 'open'],
  ['azurerm_batch_pool', 'a subnet, and none', { network_configuration: { subnet_id: IN_BARE, public_address_provisioning_type: 'NoPublicIPAddresses' } }, 'none'],
  ['azurerm_machine_learning_compute_cluster', 'a subnet, and no public addresses', { subnet_resource_id: IN_BARE, node_public_ip_enabled: false }, 'none'],
  ['azurerm_app_service_slot', 'nothing', {}, 'open'],
  ['azurerm_linux_virtual_machine', 'an interface from another plan', { network_interface_ids: ['/subscriptions/x/networkInterfaces/y'] }, 'unknown'],
  ['azurerm_container_group', 'no network', {}, 'open'],
  ['azurerm_container_group', 'the network profile of azurerm 3', { network_profile_id: '${azurerm_network_profile.p.id}' }, 'none', { azurerm_network_profile: { p: { container_network_interface: { name: 'n', ip_configuration: { name: 'i', subnet_id: APP } } } } }],
  ['azurerm_network_interface', 'a public load balancer, in the words of azurerm 2', { ip_configuration: { subnet_id: IN_BARE } }, 'open', {
    azurerm_public_ip: { lb: { name: 'lb' } }, azurerm_lb: { lb: { frontend_ip_configuration: { name: 'f', public_ip_address_id: '${azurerm_public_ip.lb.id}' } } }, azurerm_lb_backend_address_pool: { p: { loadbalancer_id: '${azurerm_lb.lb.id}' } },
    azurerm_lb_rule: { r: { loadbalancer_id: '${azurerm_lb.lb.id}', backend_address_pool_id: '${azurerm_lb_backend_address_pool.p.id}' } },
    azurerm_network_interface_backend_address_pool_association: { a: { network_interface_id: '${azurerm_network_interface.it.id}', backend_address_pool_id: '${azurerm_lb_backend_address_pool.p.id}' } },
  }],
  ['azurerm_linux_web_app', 'a subnet without a way out of its own: the app has one', { virtual_network_subnet_id: IN_BARE, site_config: { vnet_route_all_enabled: true } }, 'open'],
  ['azurerm_linux_web_app', 'a subnet that is closed', { virtual_network_subnet_id: APP, site_config: { vnet_route_all_enabled: true } }, 'none'],
  ['azurerm_linux_web_app', 'a subnet that is closed, and only private destinations through it', { virtual_network_subnet_id: APP }, 'open'],
  ['azurerm_linux_function_app', 'a subnet that is closed, and everything through it by an environment variable', { virtual_network_subnet_id: APP, app_settings: { WEBSITE_VNET_ROUTE_ALL: '1' } }, 'unknown'],
  ['azurerm_linux_function_app', 'the same, and not so by its setting', { virtual_network_subnet_id: APP, app_settings: { WEBSITE_VNET_ROUTE_ALL: '1' }, site_config: { vnet_route_all_enabled: false } }, 'unknown'],
  ['azurerm_linux_function_app', 'the same, and so by its setting', { virtual_network_subnet_id: APP, app_settings: { WEBSITE_VNET_ROUTE_ALL: '1' }, site_config: { vnet_route_all_enabled: true } }, 'none'],
  ['azurerm_function_app_flex_consumption', 'a subnet without a way out of its own', { virtual_network_subnet_id: IN_BARE }, 'open'],
  ['azurerm_machine_learning_compute_cluster', 'the managed network of its workspace', { machine_learning_workspace_id: '${azurerm_machine_learning_workspace.w.id}' }, 'allowlisted', { azurerm_machine_learning_workspace: { w: { managed_network: { isolation_mode: 'AllowOnlyApprovedOutbound' } } } }],
  ['azurerm_machine_learning_compute_cluster', 'no network, in a workspace without one', { machine_learning_workspace_id: '${azurerm_machine_learning_workspace.w.id}' }, 'open', { azurerm_machine_learning_workspace: { w: {} } }],
  ['azurerm_network_interface', 'an application security group that lets it out', { ip_configuration: { subnet_id: APP } }, 'open', membersOf('${azurerm_application_security_group.web.id}')],
  ['azurerm_network_interface', 'another application security group', { ip_configuration: { subnet_id: APP } }, 'none', membersOf('${azurerm_application_security_group.db.id}')],
  ['azurerm_network_interface', 'one of several application security groups', { ip_configuration: { subnet_id: APP } }, 'unknown', membersOf('${var.first ? azurerm_application_security_group.web.id : azurerm_application_security_group.db.id}')],
  ['azurerm_network_interface', 'a pool of a public load balancer, in the words of azurerm 1', { ip_configuration: { subnet_id: IN_BARE, load_balancer_backend_address_pools_ids: ['${azurerm_lb_backend_address_pool.p.id}'] } }, 'open', listing({ ip_address: '10.1.2.9' })],
  ['azurerm_network_interface', 'a group that denies, in the words of azurerm 1', { network_security_group_id: '${azurerm_network_security_group.shut.id}', ip_configuration: { subnet_id: IN_BARE, public_ip_address_id: '${azurerm_public_ip.own.id}' } }, 'none', { azurerm_public_ip: { own: { name: 'own' } }, azurerm_network_security_group: { shut: { name: 'shut', security_rule: finalDenies() } } }],
  ['azurerm_network_interface', 'an application security group that lets it out, in the words of azurerm 1', { ip_configuration: { subnet_id: APP, application_security_group_ids: ['${azurerm_application_security_group.web.id}'] } }, 'open', without(membersOf('x'), 'azurerm_network_interface_application_security_group_association')],
  ['azurerm_kubernetes_cluster', 'a closed subnet, in the words of azurerm 1', { agent_pool_profile: { vnet_subnet_id: APP }, network_profile: { outbound_type: 'userDefinedRouting' } }, 'none'],
  ['azurerm_network_interface', 'an address that a pool of a public load balancer lists', fixedAt('10.1.1.9'), 'open', listing({ ip_address: '10.1.1.9' })],
  ['azurerm_network_interface', 'an address that no pool lists', fixedAt('10.1.1.9'), 'none', listing({ ip_address: '10.1.1.10' })],
  ['azurerm_network_interface', 'the listed address, in another network', fixedAt('10.1.1.9'), 'none', listing({ ip_address: '10.1.1.9', virtual_network_id: '${azurerm_virtual_network.main.id}' })],
  // A pool that lists addresses gives its members default outbound access, whatever its balancer lends and whatever their subnet says.
  ['azurerm_network_interface', 'the listed address, and a rule that lends none', fixedAt('10.1.1.9'), 'open', listing({ ip_address: '10.1.1.9' }, { disable_outbound_snat: true })],
  ['azurerm_network_interface', 'an address that a pool of a private load balancer lists', fixedAt('10.1.1.9'), 'open', { ...listing({ ip_address: '10.1.1.9' }), azurerm_lb: { lb: { frontend_ip_configuration: { name: 'f', subnet_id: IN_BARE } } } }],
  ['azurerm_network_interface', 'a frontend of a pool of balancers', fixedAt('10.1.1.9'), 'none', listing({ backend_address_ip_configuration_id: '/subscriptions/x/loadBalancers/y/frontendIPConfigurations/z' })],
  ['azurerm_network_interface', 'a pool that lists an address which nobody knows, of another network', fixedAt('10.1.1.9'), 'none', listing({ ip_address: '${var.address}', virtual_network_id: '${azurerm_virtual_network.main.id}' })],
  ['azurerm_network_interface', 'whatever address, and a pool lists one of its subnet', { ip_configuration: { subnet_id: IN_BARE } }, 'unknown', listing({ ip_address: '10.1.1.9' })],
  ['azurerm_network_interface', 'whatever address, and a pool lists one of another subnet', { ip_configuration: { subnet_id: IN_BARE } }, 'none', listing({ ip_address: '10.1.2.9' })],
  ['azurerm_network_interface', 'whatever address of a subnet whose addresses nobody knows, and a pool lists one', { ip_configuration: { subnet_id: IN_BARE } }, 'unknown', { ...listing({ ip_address: '10.1.1.9' }), azurerm_subnet: { bare: { ...subnet('10.1.2.0/24', 'n'), address_prefixes: '${var.prefixes}' } } }],
  ['azurerm_network_interface', 'whatever address, and a pool lists its own', { ip_configuration: { subnet_id: IN_BARE } }, 'open', listing({ ip_address: '${azurerm_network_interface.it.private_ip_address}' })],
  ['azurerm_network_interface', 'a pool that lists an address which nobody knows', fixedAt('10.1.1.9'), 'unknown', listing({ ip_address: '${var.address}' })],
  ['azurerm_linux_virtual_machine_scale_set', 'a subnet of which a pool lists an address', { network_interface: { name: 'n', ip_configuration: { name: 'i', subnet_id: IN_BARE } } }, 'unknown', listing({ ip_address: '10.1.1.9' })],
  ['azurerm_container_app', 'an environment of another plan', { container_app_environment_id: '/subscriptions/x/managedEnvironments/y' }, 'unknown'],
  ['azurerm_container_app_job', 'an environment of the plan, which stands for it', { container_app_environment_id: '${azurerm_container_app_environment.e.id}' }, 'gone', { azurerm_container_app_environment: { e: { infrastructure_subnet_id: IN_BARE } } }],
  ['azurerm_synapse_spark_pool', 'a workspace of another plan', { synapse_workspace_id: '/subscriptions/x/workspaces/y' }, 'unknown'],
  ['azurerm_data_factory_integration_runtime_azure', 'a factory of another plan', { data_factory_id: '/subscriptions/x/factories/y' }, 'unknown'],
  ['azurerm_spring_cloud_app', 'a service of another plan', { service_name: 'elsewhere' }, 'unknown'],
  ['azurerm_static_web_app', 'nothing: its functions', {}, 'unknown'],
  ['azurerm_cognitive_account', 'models alone', { kind: 'OpenAI' }, 'gone'],
  ['azurerm_cognitive_account', 'projects, whose agents have tools', { kind: 'AIServices', project_management_enabled: true }, 'unknown'],
  ['azurerm_cognitive_account', 'agents in a subnet without a way out of its own: the platform has one', { kind: 'AIServices', project_management_enabled: true, network_injection: { scenario: 'agent', subnet_id: IN_BARE } }, 'open'],
  ['azurerm_cognitive_account', 'agents in a subnet that is closed', { kind: 'AIServices', project_management_enabled: true, network_injection: { scenario: 'agent', subnet_id: APP } }, 'none'],
  ['azurerm_cognitive_account_project', 'an account of another plan', { cognitive_account_id: '/subscriptions/x/accounts/y' }, 'unknown'],
  ['azurerm_ai_foundry_project', 'a hub of another plan', { ai_services_hub_id: '/subscriptions/x/workspaces/y' }, 'unknown'],
  ['azurerm_synapse_integration_runtime_azure', 'a workspace of another plan', { synapse_workspace_id: '/subscriptions/x/workspaces/y' }, 'unknown'],
  ['azurerm_fabric_capacity', 'nothing: its notebooks', {}, 'unknown'],
  ['azurerm_managed_devops_pool', 'whatever it says', {}, 'unknown'],
  ['azurerm_dev_center_project_pool', "Microsoft's network", { dev_center_attached_network_name: 'managedNetwork' }, 'open'],
  ['azurerm_dev_center_project_pool', 'a network of another plan', { dev_center_attached_network_name: 'x' }, 'unknown'],
  ['azurerm_dev_center_project_pool', 'a subnet', { dev_center_attached_network_name: '${azurerm_dev_center_attached_network.a.name}' }, 'none', {
    azurerm_dev_center_attached_network: { a: { name: 'a', network_connection_id: '${azurerm_dev_center_network_connection.c.id}' } }, azurerm_dev_center_network_connection: { c: { name: 'c', subnet_id: IN_BARE } },
  }],
  ['azurerm_workloads_sap_single_node_virtual_instance', 'a subnet', { single_server_configuration: { subnet_id: IN_BARE } }, 'none'],
  ['azurerm_workloads_sap_three_tier_virtual_instance', 'subnets of another plan', { three_tier_configuration: { database_server_configuration: { subnet_id: '/subscriptions/x/subnets/y' } } }, 'unknown'],
  ['azurerm_app_service_slot', 'a connection to a network, and everything through it', { name: 'staging', site_config: { vnet_route_all_enabled: true } }, 'none', { azurerm_app_service_slot_virtual_network_swift_connection: { c: { slot_name: '${azurerm_app_service_slot.it.name}', subnet_id: APP } } }],
  ['azurerm_network_interface', 'no configuration at all', { name: 'nic' }, 'unknown'],
  ['azurerm_linux_virtual_machine', 'no interface', { name: 'vm', network_interface_ids: [] }, 'unknown'],
  ['azurerm_linux_web_app', 'a plan in an App Service Environment, behind a firewall', { service_plan_id: '${azurerm_service_plan.p.id}' }, 'none', {
    azurerm_service_plan: { p: { app_service_environment_id: '${azurerm_app_service_environment_v3.e.id}' } }, azurerm_app_service_environment_v3: { e: { subnet_id: APP } },
  }],
];

const document = (type: string, values: object, also: Blocks = {}) => closedNetwork(merge(merge(BARE, also), { [type]: { it: values } }));
const kindOf = (source: object, address: string) => review(source).verdicts.find(({ place }) => place.addresses[0] === address)?.kind ?? 'gone';

for (const [type, says, values, kind, also] of CASES) {
  test(`${type} with ${says}`, () => {
    expect(kindOf(document(type, values, also), `${type}.it`)).toBe(kind);
  });
}

test('what is not known of a service closes nothing', () => {
  const leavesOf = (value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] =>
    (typeof value !== 'object' || value === null ? [path] : Object.entries(value).flatMap(([key, item]) => leavesOf(item, [...path, Array.isArray(value) ? Number(key) : key])));
  for (const [type, says, values, kind, also] of CASES.filter(([, , , each]) => each === 'open' || each === 'unknown')) {
    for (const path of leavesOf(values)) {
      const hidden = structuredClone(values) as any;
      path.slice(0, -1).reduce((at, key) => at[key], hidden)[path.at(-1) as string] = '${var.hidden}';
      const found = kindOf(document(type, hidden, also), `${type}.it`);
      expect({ type, says, path: path.join('.'), kind, found: ['open', 'unknown'].includes(found) ? 'told' : found }).toEqual({ type, says, path: path.join('.'), kind, found: 'told' });
    }
  }
});

test('pods with a subnet of their own are places of their own', () => {
  const kinds = (pool: object, more: object = {}) => review(document('azurerm_kubernetes_cluster', { ...AKS(pool), ...more })).verdicts.map(({ place, kind }) => [place.id, kind]);
  // The subnet has no way out by itself, and the cluster brings none.
  expect(kinds({ vnet_subnet_id: APP, pod_subnet_id: IN_BARE })).toEqual([['azurerm_kubernetes_cluster.it', 'none'], ['azurerm_kubernetes_cluster.it + pods', 'none']]);
  expect(kinds({ vnet_subnet_id: APP, pod_subnet_id: IN_BARE }, { network_profile: { outbound_type: 'loadBalancer' } })).toEqual([['azurerm_kubernetes_cluster.it', 'none'], ['azurerm_kubernetes_cluster.it + pods', 'open']]);
  expect(kinds({ vnet_subnet_id: APP }, { aci_connector_linux: { subnet_name: '${azurerm_subnet.bare.name}' } })).toEqual([['azurerm_kubernetes_cluster.it', 'none'], ['azurerm_kubernetes_cluster.it + virtual node', 'open']]);
  const pool = document('azurerm_kubernetes_cluster_node_pool', { kubernetes_cluster_id: '${azurerm_kubernetes_cluster.c.id}', vnet_subnet_id: APP, pod_subnet_id: IN_BARE }, { azurerm_kubernetes_cluster: { c: AKS({ vnet_subnet_id: APP }) } });
  expect(review(pool).kind('azurerm_kubernetes_cluster_node_pool.it + pods')).toBe('none');
});

test('a service in two subnets is two places', () => {
  const cluster = document('azurerm_redhat_openshift_cluster', { ...OPENSHIFT({ outbound_type: 'UserDefinedRouting' }), worker_profile: { subnet_id: APP } });
  expect(review(cluster).verdicts.map(({ place }) => place.id)).toEqual(expect.arrayContaining(['azurerm_redhat_openshift_cluster.it + main_profile', 'azurerm_redhat_openshift_cluster.it + worker_profile']));
});

describe('routes that a gateway gives', () => {
  const TABLE = { name: 'app', route: [{ name: 'all', address_prefix: '0.0.0.0/0', next_hop_type: 'VirtualAppliance', next_hop_in_ip_address: '${azurerm_firewall.main.ip_configuration[0].private_ip_address}' }] };
  const hub = (space: readonly string[], more: Blocks = {}) => guardedNetwork({ application_rule_collection: [hosts('Allow', ['a.example.com'])] }, merge({
    azurerm_route_table: { app: TABLE },
    azurerm_subnet: { gateway: { ...subnet('10.0.9.0/24'), name: 'GatewaySubnet' } },
    azurerm_virtual_network_gateway: { vpn: { type: 'Vpn', ip_configuration: { subnet_id: '${azurerm_subnet.gateway.id}' } } },
    azurerm_local_network_gateway: { site: { address_space: space } },
    azurerm_virtual_network_gateway_connection: { c: { type: 'IPsec', virtual_network_gateway_id: '${azurerm_virtual_network_gateway.vpn.id}', local_network_gateway_id: '${azurerm_local_network_gateway.site.id}' } },
  }, more));

  test('a site\'s private addresses change nothing', () => {
    expect(review(hub(['192.168.0.0/16'])).kind('azurerm_subnet.app')).toBe('allowlisted');
  });

  test('halves of the internet are more specific than the route to the firewall', () => {
    const { verdicts } = review(hub(['0.0.0.0/1', '128.0.0.0/1']));
    const app = verdicts.find(({ place }) => place.id === 'azurerm_subnet.app');
    expect([app?.kind, app?.witness?.at(-1)?.address]).toEqual(['unknown', 'azurerm_local_network_gateway.site']);
  });

  test('a table that takes up no routes of gateways does not see them', () => {
    const closed = { azurerm_route_table: { app: { ...TABLE, bgp_route_propagation_enabled: false } } };
    expect(review(hub(['0.0.0.0/1', '128.0.0.0/1'], closed)).kind('azurerm_subnet.app')).toBe('allowlisted');
  });

  test('the tag VirtualNetwork takes a site in all the same', () => {
    const tagged = (...space: readonly string[]) => review(hub(space, {
      azurerm_route_table: { app: { name: 'app', bgp_route_propagation_enabled: false, route: [{ name: 'part', address_prefix: '10.1.0.0/16', next_hop_type: 'None' }] } },
      azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ destination_address_prefix: 'VirtualNetwork' }), ...finalDenies()] } },
    })).kind('azurerm_subnet.app');
    expect([tagged('192.168.0.0/16'), tagged('8.0.0.0/8')]).toEqual(['none', 'open']);
  });

  test('a site from another plan may name anything', () => {
    const elsewhere = { azurerm_virtual_network_gateway_connection: { c: { virtual_network_gateway_id: '${azurerm_virtual_network_gateway.vpn.id}', local_network_gateway_id: '/subscriptions/x/localNetworkGateways/y' } } };
    expect(review(hub(['192.168.0.0/16'], elsewhere)).kind('azurerm_subnet.app')).toBe('unknown');
  });

  test('forced tunnelling takes the place of the way to the internet', () => {
    const forced = openNetwork({
      azurerm_route_table: { app: { name: 'app', bgp_route_propagation_enabled: true, route: [] } },
      azurerm_subnet: { gateway: { ...subnet('10.0.9.0/24'), name: 'GatewaySubnet' } },
      azurerm_virtual_network_gateway: { vpn: { type: 'Vpn', default_local_network_gateway_id: '/subscriptions/x/localNetworkGateways/y', ip_configuration: { subnet_id: '${azurerm_subnet.gateway.id}' } } },
    });
    expect(review(openNetwork()).kind('azurerm_subnet.app')).toBe('open');
    expect(review(forced).kind('azurerm_subnet.app')).toBe('unknown');
  });
});

test('every kind of database with a public endpoint is told, in whatever words it says so', () => {
  const databases = (more: Record<string, object>) => review(closedNetwork(Object.fromEntries(Object.entries(more).map(([type, values]) => [type, { d: values }])) as Blocks)).findings.filter((finding) => finding.rule === 'database-public-access').map(({ address }) => address);
  expect(databases({ azurerm_mssql_server: {}, azurerm_mysql_flexible_server: { public_network_access: 'Enabled' }, azurerm_cosmosdb_account: { public_network_access_enabled: true }, azurerm_mssql_managed_instance: { public_data_endpoint_enabled: true } }).sort())
    .toEqual(['azurerm_cosmosdb_account.d', 'azurerm_mssql_managed_instance.d', 'azurerm_mssql_server.d', 'azurerm_mysql_flexible_server.d']);
  expect(databases({ azurerm_mssql_managed_instance: {}, azurerm_redis_cache: { subnet_id: APP }, azurerm_mssql_server: { public_network_access_enabled: '${var.public}' } })).toEqual([]);
});

describe('a Virtual Network Manager', () => {
  const managed = (rules: Record<string, object>, more: Blocks = {}, base = openNetwork({ azurerm_network_security_group: { app: { name: 'app', security_rule: finalDenies() } } })) => ({ ...base, resource: merge(base.resource, merge({
    azurerm_network_manager_network_group: { g: { name: 'g' } },
    azurerm_network_manager_static_member: { m: { network_group_id: '${azurerm_network_manager_network_group.g.id}', target_virtual_network_id: '${azurerm_virtual_network.main.id}' } },
    azurerm_network_manager_security_admin_configuration: { c: { name: 'c' } },
    azurerm_network_manager_admin_rule_collection: { r: { security_admin_configuration_id: '${azurerm_network_manager_security_admin_configuration.c.id}', network_group_ids: ['${azurerm_network_manager_network_group.g.id}'] } },
    azurerm_network_manager_deployment: { d: { scope_access: 'SecurityAdmin', configuration_ids: ['${azurerm_network_manager_security_admin_configuration.c.id}'] } },
    azurerm_network_manager_admin_rule: Object.fromEntries(Object.entries(rules).map(([name, more]) => [name, { ...admin(), ...more }])),
  } as Blocks, more)) });
  const admin = (): Record<string, any> => ({
    name: 'r', admin_rule_collection_id: '${azurerm_network_manager_admin_rule_collection.r.id}', direction: 'Outbound', priority: 10, protocol: 'Tcp', destination_port_ranges: ['443'],
    source: [{ address_prefix_type: 'IPPrefix', address_prefix: '*' }], destination: [{ address_prefix_type: 'ServiceTag', address_prefix: 'Internet' }],
  });
  const ALL = { protocol: 'Any', destination_port_ranges: ['0-65535'], destination: [{ address_prefix_type: 'IPPrefix', address_prefix: '*' }] };
  const kind = (stack: object) => review(stack).kind('azurerm_subnet.app');

  test('lets past a group that denies', () => {
    const { verdicts } = review(managed({ web: { action: 'AlwaysAllow' } }));
    const app = verdicts.find(({ place }) => place.id === 'azurerm_subnet.app');
    expect(app?.kind).toBe('open');
    expect(app?.witness?.map(({ address }) => address)).toEqual(expect.arrayContaining(['azurerm_network_manager_admin_rule.web']));
    expect(app?.witness?.map(({ address }) => address)).not.toContain('azurerm_network_security_group.app');
  });

  test.each<[string, string, Record<string, object>, Blocks]>([
    ['an allow leaves the word to the group', 'none', { web: { action: 'Allow' } }, {}],
    ['an inbound rule lets nothing out', 'none', { web: { action: 'AlwaysAllow', direction: 'Inbound' } }, {}],
    ['a deny before it stands', 'none', { web: { action: 'AlwaysAllow' }, no: { action: 'Deny', priority: 5, ...ALL } }, {}],
    ['a deny behind it takes nothing away', 'open', { web: { action: 'AlwaysAllow' }, no: { action: 'Deny', priority: 50, ...ALL } }, {}],
    ['an action that is not known may let past', 'unknown', { web: { action: '${var.action}' } }, {}],
    ['nobody says that it is deployed', 'unknown', { web: { action: 'AlwaysAllow' } }, { azurerm_network_manager_deployment: { d: { configuration_ids: [] } } }],
    ['a group that policies fill may have the network', 'unknown', { web: { action: 'AlwaysAllow' } }, { azurerm_network_manager_static_member: { m: { network_group_id: '/subscriptions/x/networkGroups/y' } } }],
    ['another network is nobody\'s concern', 'none', { web: { action: 'AlwaysAllow' } }, { azurerm_virtual_network: { other: { address_space: ['10.8.0.0/16'] } }, azurerm_network_manager_static_member: { m: { network_group_id: '${azurerm_network_manager_network_group.g.id}', target_virtual_network_id: '${azurerm_virtual_network.other.id}' } } }],
  ])('%s: %s', (_, expected, rules, more) => {
    expect(kind(managed(rules, more))).toBe(expected);
  });

  test('a deny holds for what the group lets out, once it is certain', () => {
    const open = openNetwork({ azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ destination_address_prefix: '*', destination_port_range: '*', protocol: '*' })] } } });
    expect(kind(managed({ no: { action: 'Deny', ...ALL } }, {}, open))).toBe('none');
    expect(kind(managed({ no: { action: 'Deny', ...ALL } }, { azurerm_network_manager_deployment: { d: { configuration_ids: [] } } }, open))).toBe('open');
  });

  test('a route of its own may lead past the firewall', () => {
    const guarded = guardedNetwork({ application_rule_collection: [hosts('Allow', ['a.example.com'])] });
    const routing = (nextHop: string): Blocks => ({
      azurerm_network_manager_routing_rule_collection: { r: { network_group_ids: ['${azurerm_network_manager_network_group.g.id}'] } },
      azurerm_network_manager_routing_rule: { r: { rule_collection_id: '${azurerm_network_manager_routing_rule_collection.r.id}', destination: { type: 'AddressPrefix', address: '0.0.0.0/1' }, next_hop: { type: nextHop } } },
      azurerm_public_ip: { app: { name: 'app' } },
    });
    expect(kind(managed({}, {}, guarded))).toBe('allowlisted');
    expect(kind(managed({}, routing('Internet'), guarded))).toBe('unknown');
    expect(kind(managed({}, routing('NoNextHop'), guarded))).toBe('allowlisted');
  });
});

test('a subnet for endpoints of a resolver holds nothing else', () => {
  const resolver = { azurerm_subnet: { dns: { ...subnet('10.0.7.0/28'), default_outbound_access_enabled: true, delegation: [{ name: 'd', service_delegation: [{ name: 'Microsoft.Network/dnsResolvers' }] }] } } };
  expect(review(closedNetwork(resolver)).verdicts.map(({ place }) => place.id)).toEqual(['azurerm_subnet.app']);
});

test('a site without a network is no app whose packets take another way', () => {
  expect(review(document('azurerm_static_web_app', {})).rules).not.toContain('app-egress-not-routed');
});

test('a route to a firewall lets nobody in', () => {
  const guarded = guardedNetwork({ application_rule_collection: [hosts('Allow', ['a.example.com'])] }, {
    azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ destination_address_prefix: 'Internet', destination_port_range: '443' })] } },
    azurerm_subnet: { app: { ...subnet('10.0.1.0/24'), tags: { tier: 'private' } } },
  });
  expect(review(guarded).findings.filter(({ rule: id }) => id === 'internet-ingress-on-private-segment').map(({ severity }) => severity ?? 'high')).toEqual(['low']);
});

test('a way to a few addresses is told with the addresses', () => {
  const stack = closedNetwork({
    azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ destination_address_prefix: '*', destination_port_range: '443' }), ...finalDenies()] } },
    azurerm_route_table: { app: { name: 'app', route: [{ name: 'all', address_prefix: '0.0.0.0/0', next_hop_type: 'None' }, { name: 'kms', address_prefix: '20.118.99.224/32', next_hop_type: 'Internet' }] } },
  });
  expect(review(stack).findings.filter(({ rule: id }) => id === 'open-egress').map(({ message }) => message)).toEqual(['azurerm_subnet.app reaches the internet over IPv4 with no control by host name: tcp/443 to 20.118.99.224/32']);
});

test('a subnet for private endpoints that lets out is a mild finding', () => {
  const endpoint = (where: string) => review(openNetwork({ azurerm_private_endpoint: { e: { name: 'e', subnet_id: where, private_service_connection: { subresource_names: ['vault'] } } } })).findings.filter(({ rule: id }) => id === 'open-egress');
  expect(endpoint(APP).map(({ severity }) => severity)).toEqual(['medium']);
  expect(endpoint(APP)[0]?.message).toMatch(/, should anything but private endpoints stand there$/);
  expect(endpoint('/subscriptions/x/subnets/elsewhere').map(({ severity }) => severity)).toEqual(['high']);
});

test('what gets out is told by all of its ports first, and by its protocol where it has none', () => {
  const reach = (more: Blocks) => review(openNetwork(more)).findings.filter(({ rule: id }) => id === 'open-egress').map(({ message }) => message.replace(/^.*host name: /, ''));
  const lent = { azurerm_subnet: { app: { ...subnet('10.0.1.0/24'), default_outbound_access_enabled: true, service_endpoints: ['Microsoft.Storage'] } } };
  const only = (protocol: string): Blocks => ({ azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ protocol, destination_address_prefix: '*', destination_port_range: '*' }), ...finalDenies()] } } });
  expect(reach(lent)).toEqual(['tcp/*, udp/*']);
  expect(reach({ ...lent, ...only('Icmp') })).toEqual(['icmp']);
});

describe('a managed network lets out what its rules approve', () => {
  const ID = 'azurerm_machine_learning_workspace.w';
  const rules = (kind: string, values: object, workspace = `\${${ID}.id}`): Blocks => ({
    azurerm_machine_learning_workspace: { w: { managed_network: { isolation_mode: 'AllowOnlyApprovedOutbound' } }, other: {} }, [`azurerm_machine_learning_workspace_network_outbound_rule_${kind}`]: { r: { name: 'r', workspace_id: workspace, ...values } },
  });
  const told = (more: Blocks) => {
    const { verdicts, findings } = review(closedNetwork(more));
    const found = verdicts.find(({ place }) => place.id === ID);
    return [found?.kind, ...(found?.hosts ?? []).map(({ host, ports }) => `${host}:${ports.join()}`), ...findings.filter(({ rule: id }) => ['wildcard-host', 'public-suffix-host'].includes(id)).map(({ rule: id, message }) => `${id} ${message}`)];
  };
  const REQUIRED = 'tag:AzureMachineLearning:443';

  test.each<[string, readonly (string | undefined)[], Blocks]>([
    ['a name', ['allowlisted', 'pypi.org:80,443', REQUIRED], rules('fqdn', { destination_fqdn: 'PyPI.org' })],
    ['a name of another workspace', ['allowlisted', REQUIRED], rules('fqdn', { destination_fqdn: 'pypi.org' }, '${azurerm_machine_learning_workspace.other.id}')],
    ['any name', ['open', "wildcard-host rule 'r' lets every name through"], rules('fqdn', { destination_fqdn: '*' })],
    ['a name that nobody knows', ['unknown', REQUIRED], rules('fqdn', { destination_fqdn: '${var.name}' })],
    ['everybody who uses a service', ['open', REQUIRED], rules('service_tag', { service_tag: 'Storage', protocol: 'TCP', port_ranges: '443' })],
  ])('%s: %j', (_, expected, more) => expect(told(more)).toEqual(expected));

  test('and what a plan adds to that of another plan is told', () => {
    const added = (kind: string, values: object) => review(closedNetwork(rules(kind, values, '/subscriptions/x/workspaces/y'))).findings.filter(({ rule: id }) => id === 'way-out-elsewhere').map(({ message, severity }) => `${severity} ${message}`);
    const words = 'the managed network of a workspace that is not in the plan lets';
    expect(added('fqdn', { destination_fqdn: 'pypi.org' })).toEqual([`low ${words} pypi.org through`]);
    expect(added('service_tag', { service_tag: 'Storage' })).toEqual([`medium ${words} Storage through: every customer of the service`]);
  });

  test('a wildcard under which anybody can get a name is told', () => {
    expect(told(rules('fqdn', { destination_fqdn: '*.azurewebsites.net' })).filter((words) => words?.startsWith('public-suffix-host'))).toHaveLength(1);
  });
});
