/**
 * Routes that a subnet learns: from gateways of its network, of a peer whose gateways it uses, and of hubs of a virtual WAN.
 * https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#border-gateway-protocol
 */
import type { Hop } from '../network-model';
import { CONNECTIVITY } from './connectivity';
import type { Gateway } from './gateways';
import type { AzureNetwork } from './network';
import type { RouteTable } from './route-table';
import { type EffectiveRoute, isInternetPrefix, type RouteContext, RouteHop } from './routing';
import type { AzureSubnet } from './subnet';
import type { Topology } from './topology';

/** The tables that a subnet may have; whether learned routes count besides is in doubt where a network manager may say so. */
export function tablesOf({ tables, management }: Topology, { tables: { candidates }, network, resource }: AzureSubnet): readonly RouteTable[] {
  const found = candidates.flatMap((table) => tables.get(table) ?? []);
  const doubt = network && !management.isEmpty ? management.propagationFor(network.resource, resource) : undefined;
  return doubt === undefined ? found : found.map((table) => (table.propagates ? table : { ...table, propagationUnknown: table.propagationUnknown ?? doubt }));
}

/** The gateways whose routes a subnet takes up: those of its network, and of the peers whose gateways it uses. */
function gatewaysOf({ gateways }: Topology, network: AzureNetwork): readonly { readonly gateway: Gateway; readonly isSure: boolean }[] {
  const remote = network.peerings.filter(({ remoteGateways }) => remoteGateways);
  return gateways.flatMap((gateway) => {
    if (gateway.network === network) return [{ gateway, isSure: true }];
    const peered = gateway.candidates.flatMap((candidate) => remote.filter((peering) => peering.remote.targets.includes(candidate.resource)));
    if (peered.length > 0) return [{ gateway, isSure: gateway.network !== undefined && peered.some(({ local, remote: other, remoteGatewaysUnknown }) => local.exact && other.exact && remoteGatewaysUnknown === undefined) }];
    return gateway.candidates.includes(network) ? [{ gateway, isSure: false }] : [];
  });
}

/** Routes that a local network gateway lists, or that send everything through a tunnel. */
export function writtenRoutes(topology: Topology, { network }: AzureSubnet): readonly EffectiveRoute[] {
  return !network ? [] : gatewaysOf(topology, network).filter(({ isSure }) => isSure).flatMap(({ gateway }) => gateway.routes.map(({ prefix, by }): EffectiveRoute => ({
    prefix, origin: 'gateway', key: 'gateway',
    hop: new RouteHop(by, `${prefix} -> ${gateway.resource.address}`, (traffic) => [{ kind: 'unknown', traffic, reason: `what is behind ${gateway.resource.address} is not in the plan` }]),
  })));
}

/**
 * Prefixes of routes that a hub is known to teach, where the subnet takes up any, and of what a gateway connects, which counts all the same.
 * https://learn.microsoft.com/azure/virtual-network/service-tags-overview#available-service-tags
 */
export function taughtPrefixes(topology: Topology, { network }: AzureSubnet, learns: boolean): readonly string[] {
  if (!network) return [];
  return [...(learns ? topology.hubs.routes.get(network.resource) ?? [] : []).map(({ prefix }) => prefix), ...gatewaysOf(topology, network).filter(({ isSure }) => isSure).flatMap(({ gateway }) => gateway.routes.map(({ prefix }) => prefix))];
}

/** More specific routes than 0/0 that a gateway may learn; the plan has none of them. */
export function learnedRoutes(topology: Topology, { network, address: subnet }: AzureSubnet): RouteContext['besides'] {
  // A network that the plan does not hold may have a gateway, or a peer's.
  if (!network) return [learnedBy(subnet, `which routes the network of ${subnet} learns is not in the plan, and it takes them up`)];
  const own = gatewaysOf(topology, network);
  const learning = own.find(({ gateway, isSure }) => gateway.learnsRoutes || (!isSure && gateway.routes.some(({ prefix }) => isInternetPrefix(prefix))));
  // A peer's gateway that the plan lacks is another plan's: Azure takes no peering that uses a gateway which is not there.
  // https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering#create-a-peering
  const foreign = network.peerings.find(({ remoteGateways, remote, resource }) => remoteGateways && (remote.unknown !== undefined || resource.type !== CONNECTIVITY));
  const address = learning?.gateway.resource.address ?? (own.length === 0 ? foreign?.address : undefined) ?? topology.hubs.unknown.get(network.resource)?.address;
  if (address === undefined) return [];
  return [learnedBy(address, `which routes ${address} learns is not in the plan, and ${subnet} takes them up`)];
}

function learnedBy(address: string, reason: string): RouteContext['besides'][number] {
  const hop: Hop = { address, kind: 'gateway', label: 'routes that it learns', forward: (traffic) => [{ kind: 'unknown', traffic, reason }] };
  return { hop, learned: true };
}
