/** The resources by which traffic enters or leaves a network, or that decide on it, and what makes them another way. */
import type { WayChange } from '../result';

export interface Way {
  readonly kind: WayChange['kind'];
  /**
   * Where it stands, whom it serves, as whom, and where it leads: a change of these is told, though the
   * resource stays. `*` is every element of a block; what follows `=` is what counts when nothing is said.
   */
  readonly settings: readonly string[];
  /** True for what is much else besides: that it comes or goes is not told. */
  readonly changesOnly?: boolean;
}

function way(kind: Way['kind'], ...settings: readonly string[]): Way {
  return { kind, settings };
}

const AWS: Readonly<Record<string, Way>> = {
  aws_customer_gateway: way('transit', 'ip_address'),
  aws_dx_gateway_association: way('transit', 'dx_gateway_id', 'associated_gateway_id', 'allowed_prefixes'),
  aws_dx_gateway_association_proposal: way('transit', 'dx_gateway_id', 'associated_gateway_id', 'allowed_prefixes'),
  aws_ec2_carrier_gateway: way('gateway', 'vpc_id'),
  aws_ec2_transit_gateway: way('transit', 'auto_accept_shared_attachments=disable', 'default_route_table_association=enable', 'default_route_table_propagation=enable'),
  aws_ec2_transit_gateway_connect: way('transit', 'transit_gateway_id', 'transport_attachment_id'),
  aws_ec2_transit_gateway_peering_attachment: way('transit', 'transit_gateway_id', 'peer_transit_gateway_id', 'peer_account_id'),
  aws_ec2_transit_gateway_peering_attachment_accepter: way('transit', 'transit_gateway_attachment_id'),
  aws_ec2_transit_gateway_vpc_attachment: way('transit', 'transit_gateway_id', 'vpc_id', 'subnet_ids', 'appliance_mode_support=disable', 'transit_gateway_default_route_table_association', 'transit_gateway_default_route_table_propagation'),
  aws_ec2_transit_gateway_vpc_attachment_accepter: way('transit', 'transit_gateway_attachment_id'),
  aws_egress_only_internet_gateway: way('gateway', 'vpc_id'),
  aws_eip: way('public-address', 'instance', 'network_interface'),
  aws_eip_association: way('public-address', 'allocation_id', 'instance_id', 'network_interface_id'),
  aws_internet_gateway: way('gateway', 'vpc_id'),
  aws_internet_gateway_attachment: way('gateway', 'internet_gateway_id', 'vpc_id'),
  aws_nat_gateway: way('nat', 'connectivity_type=public', 'availability_mode=zonal', 'subnet_id', 'vpc_id', 'allocation_id', 'secondary_allocation_ids', 'availability_zone_address.*.allocation_ids'),
  aws_nat_gateway_eip_association: way('nat', 'nat_gateway_id', 'allocation_id'),
  aws_networkfirewall_firewall: way('firewall', 'firewall_policy_arn', 'vpc_id', 'transit_gateway_id', 'subnet_mapping.*.subnet_id'),
  aws_networkmanager_connect_attachment: way('transit', 'core_network_id', 'transport_attachment_id'),
  aws_networkmanager_dx_gateway_attachment: way('transit', 'core_network_id', 'direct_connect_gateway_arn'),
  aws_networkmanager_site_to_site_vpn_attachment: way('transit', 'core_network_id', 'vpn_connection_arn'),
  aws_networkmanager_transit_gateway_peering: way('transit', 'core_network_id', 'transit_gateway_arn'),
  aws_networkmanager_transit_gateway_route_table_attachment: way('transit', 'peering_id', 'transit_gateway_route_table_arn'),
  aws_networkmanager_vpc_attachment: way('transit', 'core_network_id', 'vpc_arn', 'subnet_arns'),
  aws_vpc_peering_connection: way('peering', 'vpc_id', 'peer_vpc_id', 'peer_owner_id', 'peer_region'),
  aws_vpc_peering_connection_accepter: way('peering', 'vpc_peering_connection_id'),
  aws_vpn_connection: way('transit', 'customer_gateway_id', 'vpn_gateway_id', 'transit_gateway_id'),
  aws_vpn_gateway: way('transit', 'vpc_id'),
  aws_vpn_gateway_attachment: way('transit', 'vpn_gateway_id', 'vpc_id'),
};

const ADDRESSED = 'ip_configuration.*.public_ip_address_id';

const AZURE: Readonly<Record<string, Way>> = {
  azurerm_databricks_virtual_network_peering: way('peering', 'workspace_id', 'remote_virtual_network_id', 'allow_virtual_network_access=true', 'allow_forwarded_traffic', 'allow_gateway_transit', 'use_remote_gateways'),
  azurerm_express_route_circuit_connection: way('transit', 'peering_id', 'peer_peering_id'),
  azurerm_express_route_connection: way('transit', 'express_route_gateway_id', 'express_route_circuit_peering_id', 'enable_internet_security'),
  azurerm_express_route_gateway: way('transit', 'virtual_hub_id', 'allow_non_virtual_wan_traffic'),
  azurerm_firewall: way('firewall', 'firewall_policy_id', 'ip_configuration.*.subnet_id', ADDRESSED, 'virtual_hub.*.virtual_hub_id'),
  azurerm_lb: { ...way('public-address', 'frontend_ip_configuration.*.public_ip_address_id', 'frontend_ip_configuration.*.public_ip_prefix_id'), changesOnly: true },
  azurerm_local_network_gateway: way('transit', 'gateway_address', 'gateway_fqdn', 'address_space'),
  azurerm_nat_gateway: way('nat'),
  azurerm_nat_gateway_public_ip_association: way('nat', 'nat_gateway_id', 'public_ip_address_id'),
  azurerm_nat_gateway_public_ip_prefix_association: way('nat', 'nat_gateway_id', 'public_ip_prefix_id'),
  azurerm_network_interface: { ...way('public-address', ADDRESSED), changesOnly: true },
  azurerm_network_manager_connectivity_configuration: way('peering', 'connectivity_topology', 'applies_to_group.*.network_group_id', 'applies_to_group.*.group_connectivity', 'applies_to_group.*.use_hub_gateway', 'hub.*.resource_id', 'global_mesh_enabled'),
  azurerm_point_to_site_vpn_gateway: way('transit', 'virtual_hub_id'),
  azurerm_public_ip: way('public-address'),
  azurerm_public_ip_prefix: way('public-address', 'prefix_length'),
  azurerm_relay_hybrid_connection: way('transit', 'relay_namespace_name'),
  azurerm_route_map: { ...way('transit', 'rule.*.match_criterion.*.match_condition', 'rule.*.match_criterion.*.route_prefix', 'rule.*.action.*.type', 'rule.*.action.*.parameter.*.route_prefix'), changesOnly: true },
  azurerm_route_server_bgp_connection: way('transit', 'route_server_id', 'peer_ip'),
  azurerm_subnet_nat_gateway_association: way('nat', 'nat_gateway_id', 'subnet_id'),
  azurerm_virtual_hub: way('transit', 'virtual_wan_id'),
  azurerm_virtual_hub_bgp_connection: way('transit', 'virtual_hub_id', 'peer_ip', 'virtual_network_connection_id'),
  azurerm_virtual_hub_connection: way('transit', 'virtual_hub_id', 'remote_virtual_network_id', 'internet_security_enabled', ...[
    'associated_route_table_id', 'propagated_route_table.*.route_table_ids', 'propagated_route_table.*.labels', 'static_vnet_propagate_static_routes_enabled=true', 'static_vnet_route.*.address_prefixes', 'static_vnet_route.*.next_hop_ip_address', 'inbound_route_map_id', 'outbound_route_map_id',
  ].map((setting) => `routing.*.${setting}`)),
  azurerm_virtual_hub_route_table: { ...way('transit', 'labels', 'route.*.destinations', 'route.*.next_hop'), changesOnly: true },
  azurerm_virtual_hub_routing_intent: { ...way('transit', 'virtual_hub_id', 'routing_policy.*.destinations', 'routing_policy.*.next_hop'), changesOnly: true },
  azurerm_virtual_network_gateway: way('transit', 'type', 'ip_configuration.*.subnet_id', ADDRESSED, 'default_local_network_gateway_id'),
  azurerm_virtual_network_gateway_connection: way('transit', 'virtual_network_gateway_id', 'local_network_gateway_id', 'peer_virtual_network_gateway_id', 'express_route_circuit_id'),
  azurerm_virtual_network_peering: way('peering', 'virtual_network_name', 'remote_virtual_network_id', 'allow_virtual_network_access=true', 'allow_forwarded_traffic', 'allow_gateway_transit', 'use_remote_gateways'),
  azurerm_vpn_gateway: way('transit', 'virtual_hub_id'),
  azurerm_vpn_gateway_connection: way('transit', 'vpn_gateway_id', 'remote_vpn_site_id', 'internet_security_enabled'),
};

const EXCHANGED = ['import_custom_routes', 'export_custom_routes', 'import_subnet_routes_with_public_ip', 'export_subnet_routes_with_public_ip=true'];

const GOOGLE: Readonly<Record<string, Way>> = {
  google_compute_address: way('public-address'),
  google_compute_external_vpn_gateway: way('transit', 'interface.*.ip_address'),
  google_compute_global_address: way('public-address'),
  google_compute_ha_vpn_gateway: way('transit', 'network'),
  google_compute_interconnect_attachment: way('transit', 'router', 'interconnect'),
  google_compute_global_network_endpoint: way('gateway', 'fqdn', 'ip_address', 'global_network_endpoint_group'),
  google_compute_network_attachment: way('peering', 'subnetworks', 'connection_preference', 'producer_accept_lists'),
  google_compute_network_peering: way('peering', 'network', 'peer_network', ...EXCHANGED),
  google_compute_network_peering_routes_config: way('peering', 'network', 'peering', ...EXCHANGED),
  google_compute_region_network_endpoint: way('gateway', 'fqdn', 'ip_address', 'region_network_endpoint_group'),
  google_compute_router_nat: way('nat', 'type=PUBLIC', 'router', 'source_subnetwork_ip_ranges_to_nat', 'subnetwork.*.name', 'subnetwork.*.source_ip_ranges_to_nat', 'source_subnetwork_ip_ranges_to_nat64', 'nat64_subnetwork.*.name', 'endpoint_types', 'nat_ip_allocate_option', 'nat_ips'),
  google_compute_vpn_gateway: way('transit', 'network'),
  google_compute_vpn_tunnel: way('transit', 'router', 'vpn_gateway', 'target_vpn_gateway', 'peer_ip', 'peer_external_gateway', 'peer_gcp_gateway', 'local_traffic_selector', 'remote_traffic_selector'),
  google_network_connectivity_spoke: way('transit', 'hub', 'linked_vpc_network.*.uri', 'linked_vpn_tunnels.*.uris', 'linked_vpn_tunnels.*.site_to_site_data_transfer', 'linked_interconnect_attachments.*.uris'),
  google_network_services_gateway: way('proxy', 'network', 'subnetwork', 'addresses', 'ports', 'gateway_security_policy'),
  google_service_networking_connection: way('peering', 'network', 'service', 'reserved_peering_ranges'),
  google_vmwareengine_network_peering: way('peering', 'vmware_engine_network', 'peer_network', 'import_custom_routes=true', 'export_custom_routes=true'),
};

const WAYS: ReadonlyMap<string, Way> = new Map(Object.entries({ ...AWS, ...AZURE, ...GOOGLE }));

/** The way that resources of a type are. */
export function wayOf(type: string): Way | undefined {
  return WAYS.get(type);
}
