/** Address blocks in policies: never with the addresses that hand out credentials of nodes. */
import { contains, METADATA_BLOCKS, parseBlock, PRIVATE_BLOCKS } from '../policy/cidr';
import type { Peer } from './manifest';

const EVERYWHERE = '0.0.0.0/0';

/** The addresses of a block, without those of metadata services. @throws Error for a block of nothing else */
export function addressesOf(cidr: string): Peer {
  const block = parseBlock(cidr, true);
  if (cidr !== EVERYWHERE && !block.ok) throw new Error(`'${cidr}' is no block`);
  if (block.ok && METADATA_BLOCKS.some((metadata) => contains(metadata, block.block))) throw new Error(`'${cidr}' is an address of metadata`);
  const except = METADATA_BLOCKS.filter((metadata) => cidr === EVERYWHERE || (block.ok && contains(block.block, metadata))).map(({ text }) => text);
  return { ipBlock: { cidr, ...(except.length > 0 ? { except } : {}) } };
}

/** Clients on the internet and in the network: what a load balancer passes on with its own address or theirs. */
export const ANYWHERE: Peer = addressesOf(EVERYWHERE);

/** The internet, and nothing of a private network. */
export const INTERNET: Peer = {
  ipBlock: { cidr: EVERYWHERE, except: [...PRIVATE_BLOCKS, ...METADATA_BLOCKS].map(({ text }) => text) },
};
