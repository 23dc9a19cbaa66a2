/** Networks on Azure: a hub-less virtual network with subnets, security groups, route tables, NAT, machines with interfaces, and what stands around them. */
import { counted, link, many, one, to, type Block, type Estate, type Schema } from './estate';

const LISTS = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, []]));

/** As the provider plans them. */
const SCHEMAS: Readonly<Record<string, Schema>> = {
  azurerm_resource_group: { nulls: 'managed_by timeouts', computed: 'id', sensitive: { tags: {} } },
  azurerm_virtual_network: { nulls: 'bgp_community edge_zone flow_timeout_in_minutes private_endpoint_vnet_policies timeouts', computed: 'dns_servers guid id subnet', sensitive: { address_space: [false], tags: {}, ...LISTS('ddos_protection_plan', 'dns_servers', 'encryption', 'ip_address_pool', 'subnet') } },
  azurerm_subnet: { nulls: 'private_endpoint_network_policies private_link_service_network_policies_enabled service_endpoint_policy_ids service_endpoints sharing_scope timeouts', computed: 'id', sensitive: { address_prefixes: [false], delegation: [], ip_address_pool: [] } },
  azurerm_network_security_group: { nulls: 'timeouts', computed: 'id', sensitive: { security_rule: [{}, {}, {}], tags: {} } },
  azurerm_subnet_network_security_group_association: { nulls: 'timeouts', computed: 'id' },
  azurerm_route_table: { nulls: 'timeouts', computed: 'id subnets', sensitive: { route: [{}], subnets: [], tags: {} } },
  azurerm_subnet_route_table_association: { nulls: 'timeouts', computed: 'id' },
  azurerm_public_ip: { nulls: 'ddos_protection_plan_id domain_name_label domain_name_label_scope edge_zone ip_tags public_ip_prefix_id reverse_fqdn timeouts zones', computed: 'ddos_protection_mode fqdn id idle_timeout_in_minutes ip_address ip_version sku_tier', sensitive: { tags: {} } },
  azurerm_nat_gateway: { nulls: 'idle_timeout_in_minutes timeouts zones', computed: 'id resource_guid', sensitive: { tags: {} } },
  azurerm_nat_gateway_public_ip_association: { nulls: 'timeouts', computed: 'id' },
  azurerm_subnet_nat_gateway_association: { nulls: 'timeouts', computed: 'id' },
  azurerm_network_interface: { nulls: 'auxiliary_mode auxiliary_sku edge_zone timeouts', computed: 'accelerated_networking_enabled applied_dns_servers dns_servers id internal_dns_name_label internal_domain_name_suffix ip_forwarding_enabled mac_address private_ip_address private_ip_addresses virtual_machine_id', sensitive: { applied_dns_servers: [], dns_servers: [], ip_configuration: [{}], private_ip_addresses: [], tags: {} } },
  azurerm_network_interface_security_group_association: { nulls: 'timeouts', computed: 'id' },
  azurerm_linux_virtual_machine: { nulls: 'admin_password availability_set_id bypass_platform_safety_checks_on_user_schedule_enabled capacity_reservation_group_id custom_data dedicated_host_group_id dedicated_host_id disk_controller_type edge_zone encryption_at_host_enabled eviction_policy license_type max_bid_price platform_fault_domain proximity_placement_group_id reboot_setting secure_boot_enabled source_image_id timeouts user_data virtual_machine_scale_set_id vtpm_enabled zone', computed: 'allow_extension_operations computer_name disable_password_authentication extensions_time_budget id os_managed_disk_id patch_assessment_mode patch_mode priority private_ip_address private_ip_addresses provision_vm_agent public_ip_address public_ip_addresses virtual_machine_id vm_agent_platform_updates_enabled', sensitive: { admin_password: true, custom_data: true, tags: {}, ...LISTS('additional_capabilities', 'admin_ssh_key', 'boot_diagnostics', 'gallery_application', 'identity', 'network_interface_ids', 'os_image_notification', 'plan', 'private_ip_addresses', 'public_ip_addresses', 'secret', 'source_image_reference', 'termination_notification'), os_disk: [{ diff_disk_settings: [] }] } },
  azurerm_role_assignment: { nulls: 'condition condition_version delegated_managed_identity_resource_id description timeouts', computed: 'id name principal_type role_definition_id skip_service_principal_aad_check' },
  azurerm_user_assigned_identity: { nulls: 'isolation_scope timeouts', computed: 'client_id id principal_id tenant_id', sensitive: { tags: {} } },
};

const TIERS = ['web', 'app', 'worker'];
const COUNTED_MACHINES = 10;
const NAMED_MACHINES = ['bastion', 'build', 'jobs', 'metrics'];

/** @param distinct true: each machine's interface has a security group of its own. Default: those of its subnet hold. */
export function azureEstate(distinct = false): Estate {
  return { provider: 'registry.terraform.io/hashicorp/azurerm', schemas: SCHEMAS, network: (index) => network(index, distinct) };
}

function network(index: number, distinct: boolean): readonly Block[] {
  const octet = index % 250;
  const tags = { environment: 'prod', team: `team-${index % 17}` };
  const group = { resource_group_name: `rg-${index}` };
  const place = { ...group, location: 'westeurope', tags };
  const toGroup = { resource_group_name: to('azurerm_resource_group.this', undefined, 'name'), location: to('azurerm_resource_group.this', undefined, 'location') };
  const rule = (name: string, priority: number, access: 'Allow' | 'Deny', prefix: string, port: string) => ({
    access, description: null, destination_address_prefix: prefix, destination_address_prefixes: null, destination_application_security_group_ids: null, destination_port_range: port, destination_port_ranges: null, direction: 'Outbound', name, priority,
    protocol: access === 'Deny' ? '*' : 'Tcp', source_address_prefix: '*', source_address_prefixes: null, source_application_security_group_ids: null, source_port_range: '*', source_port_ranges: null,
  });
  const total = COUNTED_MACHINES + NAMED_MACHINES.length;
  const nic = (name: string, at: number) => ({ ...place, name: `${name}-${index}`, ip_configuration: [{ name: 'main', gateway_load_balancer_frontend_ip_configuration_id: null, private_ip_address_allocation: 'Dynamic', private_ip_address_version: 'IPv4', public_ip_address_id: null, subnet_id: link('azurerm_subnet.this', at % 3) }] });
  const machine = (name: string, own: ReturnType<typeof link>) => ({
    ...place, name: `${name}-${index}`, size: 'Standard_B2s', admin_username: 'ops', additional_capabilities: [], admin_ssh_key: [{ public_key: 'ssh-ed25519 AAAA', username: 'ops' }], boot_diagnostics: [], gallery_application: [], identity: [], os_image_notification: [], plan: [], secret: [], termination_notification: [],
    os_disk: [{ caching: 'ReadWrite', diff_disk_settings: [], disk_encryption_set_id: null, secure_vm_disk_encryption_set_id: null, security_encryption_type: null, storage_account_type: 'Standard_LRS', write_accelerator_enabled: false }],
    source_image_reference: [{ offer: '0001-com-ubuntu-server-jammy', publisher: 'Canonical', sku: '22_04-lts', version: 'latest' }], network_interface_ids: [own],
  });
  return [
    one('azurerm_resource_group', 'this', { location: 'westeurope', name: `rg-${index}`, tags }),
    one('azurerm_virtual_network', 'this', { ...place, address_space: [`10.${octet}.0.0/16`], ddos_protection_plan: [], encryption: [], ip_address_pool: [], name: `net-${index}` }, toGroup),
    many('azurerm_subnet', 'this', 3, (at) => ({ ...group, address_prefixes: [`10.${octet}.${at}.0/24`], default_outbound_access_enabled: false, delegation: [], ip_address_pool: [], name: TIERS[at] as string, virtual_network_name: `net-${index}` }), { resource_group_name: toGroup.resource_group_name, virtual_network_name: to('azurerm_virtual_network.this', undefined, 'name') }),
    many('azurerm_network_security_group', 'this', 3, (at) => ({ ...place, name: `nsg-${index}-${at}`, security_rule: [rule('https', 100, 'Allow', 'Internet', '443'), rule('peers', 110, 'Allow', `10.${octet}.0.0/16`, '8443'), rule('rest', 4096, 'Deny', '*', '*')] }), toGroup),
    many('azurerm_subnet_network_security_group_association', 'this', 3, (at) => ({ subnet_id: link('azurerm_subnet.this', at), network_security_group_id: link('azurerm_network_security_group.this', at) }), { subnet_id: counted('azurerm_subnet.this'), network_security_group_id: counted('azurerm_network_security_group.this') }),
    many('azurerm_route_table', 'this', 3, (at) => ({ ...place, bgp_route_propagation_enabled: false, name: `rt-${index}-${at}`, route: [{ address_prefix: '172.16.0.0/12', name: 'none', next_hop_in_ip_address: null, next_hop_type: 'None' }] }), toGroup),
    many('azurerm_subnet_route_table_association', 'this', 3, (at) => ({ subnet_id: link('azurerm_subnet.this', at), route_table_id: link('azurerm_route_table.this', at) }), { subnet_id: counted('azurerm_subnet.this'), route_table_id: counted('azurerm_route_table.this') }),
    one('azurerm_public_ip', 'nat', { ...place, allocation_method: 'Static', name: `nat-${index}`, sku: 'Standard' }, toGroup),
    one('azurerm_nat_gateway', 'this', { ...place, name: `nat-${index}`, sku_name: 'Standard' }, toGroup),
    one('azurerm_nat_gateway_public_ip_association', 'this', { nat_gateway_id: link('azurerm_nat_gateway.this'), public_ip_address_id: link('azurerm_public_ip.nat') }, { nat_gateway_id: to('azurerm_nat_gateway.this'), public_ip_address_id: to('azurerm_public_ip.nat') }),
    many('azurerm_subnet_nat_gateway_association', 'this', 2, (at) => ({ subnet_id: link('azurerm_subnet.this', at), nat_gateway_id: link('azurerm_nat_gateway.this') }), { subnet_id: counted('azurerm_subnet.this'), nat_gateway_id: to('azurerm_nat_gateway.this') }),
    ...(distinct ? [
      many('azurerm_network_security_group', 'machine', total, (at) => ({ ...place, name: `nsg-m-${index}-${at}`, security_rule: [rule('own', 100, 'Allow', `${1 + ((index + at) % 9)}.${index % 256}.${at}.0/24`, String(1024 + ((index * 31 + at) % 60_000))), rule('https', 110, 'Allow', 'Internet', '443'), rule('rest', 4096, 'Deny', '*', '*')] }), toGroup),
      many('azurerm_network_interface_security_group_association', 'app', COUNTED_MACHINES, (at) => ({ network_interface_id: link('azurerm_network_interface.app', at), network_security_group_id: link('azurerm_network_security_group.machine', at) }), { network_interface_id: counted('azurerm_network_interface.app'), network_security_group_id: counted('azurerm_network_security_group.machine') }),
    ] : []),
    many('azurerm_network_interface', 'app', COUNTED_MACHINES, (at) => nic(`app-${at}`, at), { ...toGroup, ip_configuration: { subnet_id: counted('azurerm_subnet.this') } }),
    many('azurerm_linux_virtual_machine', 'app', COUNTED_MACHINES, (at) => machine(`app-${at}`, link('azurerm_network_interface.app', at)), { ...toGroup, network_interface_ids: counted('azurerm_network_interface.app') }),
    ...NAMED_MACHINES.flatMap((name, at) => [
      one('azurerm_network_interface', name, nic(name, at), { ...toGroup, ip_configuration: { subnet_id: to('azurerm_subnet.this', at % 3) } }),
      one('azurerm_linux_virtual_machine', name, machine(name, link(`azurerm_network_interface.${name}`)), { ...toGroup, network_interface_ids: to(`azurerm_network_interface.${name}`) }),
    ]),
    many('azurerm_user_assigned_identity', 'this', 4, (at) => ({ ...place, name: `id-${index}-${at}` }), toGroup),
    many('azurerm_role_assignment', 'this', 8, (at) => ({ role_definition_name: 'Reader', scope: '/subscriptions/00000000-0000-0000-0000-000000000000', principal_id: link('azurerm_user_assigned_identity.this', at % 4, 'principal_id') }), { principal_id: ['azurerm_user_assigned_identity.this', 'count.index'] }),
  ];
}
