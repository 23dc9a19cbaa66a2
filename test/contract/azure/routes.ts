/** Where Azure sends a packet: the longest prefix wins, and the team's routes win over the system's. */
import { holds, parseBlock } from './addresses';
import { blocks, type Resource } from './reader';

export interface Hop {
  readonly kind: 'Internet' | 'None' | 'VirtualAppliance' | 'VirtualNetworkGateway' | 'VnetLocal';
  readonly address?: string;
}

/** The next hop from a subnet to an address outside of its network. */
export function nextHop(table: Resource | undefined, destination: number): Hop {
  const routes = blocks(table?.config.route)
    .map((route) => ({ block: parseBlock(route.address_prefix), kind: route.next_hop_type as Hop['kind'], address: route.next_hop_in_ip_address as string | undefined }))
    .filter(({ block }) => holds(block, destination))
    .sort((a, b) => (a.block.last - a.block.first) - (b.block.last - b.block.first));
  const [route] = routes;
  // Azure's own default route leads to the internet.
  return route ? { kind: route.kind, ...(route.address ? { address: route.address } : {}) } : { kind: 'Internet' };
}
