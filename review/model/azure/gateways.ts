/**
 * Gateways to networks elsewhere, and the routes that they give to the subnets of their network and
 * of its peers: those of BGP, which no plan tells, and those that somebody writes into a local network
 * gateway. https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-forced-tunneling-rm
 */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { AzureNetwork } from './network';
import { flag, isUnset, pointsTo, text, texts, unknownBlocks, type Pointed } from './read';
import type { AzureSubnet } from './subnet';

export interface Gateway {
  readonly resource: Resource;
  /** Undefined where the plan does not tell: then one of `candidates`. */
  readonly network: AzureNetwork | undefined;
  readonly candidates: readonly AzureNetwork[];
  /** True unless it only knows the routes that somebody writes down. */
  readonly learnsRoutes: boolean;
  /** Written ones, each with what it is written in. */
  readonly routes: readonly { readonly prefix: string; readonly by: string }[];
}

const LOCAL = 'azurerm_local_network_gateway';
/** The last one is how a Route Server was written before it had a type of its own. https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/virtual_hub_ip */
const ROUTE_SERVERS = ['azurerm_route_server', 'azurerm_virtual_hub_ip'];
const TYPES = ['azurerm_virtual_network_gateway', ...ROUTE_SERVERS];

/**
 * @param all the networks of the plan: one whose subnet nobody knows may be in any of them
 * @param subnetsOf the subnets that a value may point to, those with the given role first
 */
export function gateways(graph: ResourceGraph, all: readonly AzureNetwork[], subnetsOf: (pointed: Pointed, role: AzureSubnet['role']) => readonly AzureSubnet[]): readonly Gateway[] {
  const connections = new Map<Resource, Resource[]>();
  for (const connection of graph.ofType('azurerm_virtual_network_gateway_connection')) {
    for (const gateway of pointsTo(connection, 'virtual_network_gateway_id', 'azurerm_virtual_network_gateway').targets) {
      connections.set(gateway, [...(connections.get(gateway) ?? []), connection]);
    }
  }
  return TYPES.flatMap((type) => graph.ofType(type)).map((resource): Gateway => {
    const inline = resource.elements('ip_configuration').map((path) => pointsTo(resource, [...path, 'subnet_id'], 'azurerm_subnet', 'azurerm_virtual_network'));
    const pointed = [...inline, pointsTo(resource, 'subnet_id', 'azurerm_subnet', 'azurerm_virtual_network')];
    const role = ROUTE_SERVERS.includes(resource.type) ? 'route-server' : 'gateway';
    const named = [...new Set(pointed.flatMap((each) => subnetsOf(each, role)).flatMap(({ network }) => network ?? []))];
    const isOpen = named.length === 0 && (unknownBlocks(resource, 'ip_configuration') !== undefined || pointed.some(({ isSet, targets, unknown }) => isSet && targets.length === 0 && unknown !== undefined)
      && resource.elements('ip_configuration').every((path) => text(resource, [...path, 'subnet_id']) === undefined) && text(resource, 'subnet_id') === undefined);
    const candidates = isOpen ? all : named;
    const locals = (connections.get(resource) ?? []).map((connection) => pointsTo(connection, 'local_network_gateway_id', LOCAL));
    // What a local network gateway outside of the plan names, nobody knows either.
    const isHidden = locals.some(({ isSet, unknown }) => isSet && unknown !== undefined);
    const written = locals.flatMap(({ targets }) => targets).map((local) => ({ local, prefixes: texts(local, 'address_space') }));
    const isVpn = text(resource, 'type')?.toLowerCase() === 'vpn';
    const speaksBgp = ['bgp_enabled', 'enable_bgp'].some((name) => flag(resource, name) ?? !isUnset(resource, name));
    return {
      resource,
      network: candidates.length === 1 ? candidates[0] : undefined,
      candidates,
      learnsRoutes: !isVpn || speaksBgp || isHidden || written.some(({ prefixes }) => prefixes.unknown !== undefined),
      routes: [
        ...written.flatMap(({ local, prefixes }) => prefixes.items.map((prefix) => ({ prefix, by: local.address }))),
        ...(isUnset(resource, 'default_local_network_gateway_id') ? [] : [{ prefix: '0.0.0.0/0', by: resource.address }]),
      ],
    };
  });
}
