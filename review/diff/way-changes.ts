/** Gateways, addresses, peerings and firewalls that come or go. */
import type { HopKind } from '../model/network-model';
import type { Resource, ResourceGraph } from '../plan/resource-graph';
import type { WayChange } from '../result';

/** Resources by which traffic enters or leaves a network, or that decide on it. */
const WAYS: Readonly<Record<string, HopKind | 'public-address'>> = {
  aws_customer_gateway: 'transit',
  aws_dx_gateway_association: 'transit',
  aws_ec2_carrier_gateway: 'gateway',
  aws_ec2_transit_gateway: 'transit',
  aws_ec2_transit_gateway_connect: 'transit',
  aws_ec2_transit_gateway_peering_attachment: 'transit',
  aws_ec2_transit_gateway_peering_attachment_accepter: 'transit',
  aws_ec2_transit_gateway_vpc_attachment: 'transit',
  aws_ec2_transit_gateway_vpc_attachment_accepter: 'transit',
  aws_egress_only_internet_gateway: 'gateway',
  aws_eip: 'public-address',
  aws_internet_gateway: 'gateway',
  aws_nat_gateway: 'nat',
  aws_networkfirewall_firewall: 'firewall',
  aws_vpc_peering_connection: 'peering',
  aws_vpc_peering_connection_accepter: 'peering',
  aws_vpn_connection: 'transit',
  aws_vpn_gateway: 'transit',
  azurerm_express_route_gateway: 'transit',
  azurerm_firewall: 'firewall',
  azurerm_nat_gateway: 'nat',
  azurerm_point_to_site_vpn_gateway: 'transit',
  azurerm_public_ip: 'public-address',
  azurerm_public_ip_prefix: 'public-address',
  azurerm_virtual_hub: 'transit',
  azurerm_virtual_hub_connection: 'transit',
  azurerm_virtual_network_gateway: 'transit',
  azurerm_virtual_network_peering: 'peering',
  azurerm_vpn_gateway: 'transit',
  google_compute_address: 'public-address',
  google_compute_external_vpn_gateway: 'transit',
  google_compute_global_address: 'public-address',
  google_compute_ha_vpn_gateway: 'transit',
  google_compute_interconnect_attachment: 'transit',
  google_compute_network_peering: 'peering',
  google_compute_router_nat: 'nat',
  google_compute_vpn_gateway: 'transit',
  google_compute_vpn_tunnel: 'transit',
  google_network_connectivity_spoke: 'transit',
  google_network_services_gateway: 'proxy',
  google_service_networking_connection: 'peering',
};

/** Of these an internal one is an address of the network. */
const INTERNAL_TOO: ReadonlySet<string> = new Set(['google_compute_address', 'google_compute_global_address']);

/** Sorted by address; what only moved to another address is no change. */
export function wayChanges(input: string, before: ResourceGraph, after: ResourceGraph): readonly WayChange[] {
  const was = waysOf(before);
  const is = waysOf(after);
  const moved = new Set([...is.values()].flatMap(({ previousAddress }) => (previousAddress === undefined ? [] : [previousAddress])));
  const changes: WayChange[] = [
    ...[...is.values()].filter(({ address, previousAddress }) => (previousAddress === undefined ? !was.has(address) || moved.has(address) : !was.has(previousAddress) && !was.has(address)))
      .map(({ address, type }) => ({ change: 'added' as const, input, kind: WAYS[type] as WayChange['kind'], address })),
    ...[...was.values()].filter(({ address }) => !is.has(address) && !moved.has(address))
      .map(({ address, type }) => ({ change: 'removed' as const, input, kind: WAYS[type] as WayChange['kind'], address })),
  ];
  return changes.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
}

function waysOf(graph: ResourceGraph): ReadonlyMap<string, Resource> {
  const ways = graph.resources.filter(({ mode, type, values }) => mode === 'managed' && Object.hasOwn(WAYS, type)
    // An internal address of Google is no way to anywhere.
    && !(INTERNAL_TOO.has(type) && values.address_type === 'INTERNAL'));
  return new Map(ways.map((resource) => [resource.address, resource]));
}
