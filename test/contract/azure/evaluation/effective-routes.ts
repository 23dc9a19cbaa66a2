/**
 * The routes of a subnet as Azure works them out: the system's own, those of peerings, of service
 * endpoints and of gateways, and the team's. The longest prefix wins; of two that are alike, the
 * team's comes before a gateway's, and both before the system's.
 * https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#how-azure-selects-a-route
 */
import { holds, isCidr, parseBlock, type Block } from '../addresses';
import { blocks, texts } from '../reader';
import type { Site, World } from './world';

export interface EffectiveRoute {
  readonly block: Block;
  readonly kind: 'local' | 'peering' | 'service-endpoint' | 'gateway' | 'internet' | 'none' | 'appliance';
  /** The appliance's address as it is written. */
  readonly address?: string;
  readonly rank: number;
}

/** Addresses of the storage service in the region, for probes. */
export const STORAGE: Block = parseBlock('20.60.0.0/16');
/** What a gateway would announce that somebody connects to the hub one day. */
export const ANNOUNCED: Block = parseBlock('9.9.0.0/16');

const USER = 0;
const GATEWAY = 1;
const SYSTEM = 2;
/** Private ranges that no network of ours has lead nowhere by themselves. */
const NOWHERE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map(parseBlock);
const KINDS: Readonly<Record<string, EffectiveRoute['kind']>> = {
  Internet: 'internet', None: 'none', VirtualAppliance: 'appliance', VirtualNetworkGateway: 'gateway', VnetLocal: 'local',
};

export function effectiveRoutes(world: World, site: Site): readonly EffectiveRoute[] {
  const system = (block: Block, kind: EffectiveRoute['kind']): EffectiveRoute => ({ block, kind, rank: SYSTEM });
  const user = blocks(site.table?.config.route).filter(({ address_prefix }) => isCidr(String(address_prefix))).map((route): EffectiveRoute => ({
    block: parseBlock(route.address_prefix),
    kind: KINDS[route.next_hop_type as string] ?? 'none',
    ...(route.next_hop_in_ip_address ? { address: route.next_hop_in_ip_address } : {}),
    rank: USER,
  }));
  // The route of a service endpoint is in the subnet, whatever its table says.
  const services = texts(site.subnet?.config.service_endpoints).some((service) => service.startsWith('Microsoft.Storage')) ? [system(STORAGE, 'service-endpoint')] : [];
  const propagates = site.table?.config.bgp_route_propagation_enabled !== false;
  return [
    ...user,
    ...(propagates ? [{ block: ANNOUNCED, kind: 'gateway' as const, rank: GATEWAY }] : []),
    ...services,
    ...world.space(site.network).map((block) => system(block, 'local')),
    ...world.peers(site.network).flatMap(({ network }) => world.space(network).map((block) => system(block, 'peering'))),
    ...NOWHERE.map((block) => system(block, 'none')),
    system(parseBlock('0.0.0.0/0'), 'internet'),
  ];
}

export function routeTo(routes: readonly EffectiveRoute[], destination: number): EffectiveRoute {
  const [best] = routes.filter(({ block }) => holds(block, destination)).sort((a, b) => (a.block.last - a.block.first) - (b.block.last - b.block.first) || a.rank - b.rank);
  return best!;
}
