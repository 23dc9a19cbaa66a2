/** IPv4 arithmetic of the observer's own. */

/** First and last address, both included. */
export interface Block {
  readonly first: number;
  readonly last: number;
}

export const PLATFORM_ADDRESS = parseAddress('168.63.129.16');

const NOT_PUBLIC = ['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16', '224.0.0.0/3']
  .map(parseBlock);

export function parseAddress(text: string): number {
  return text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function isCidr(text: string): boolean {
  return /^\d+(\.\d+){3}(\/\d+)?$/.test(text);
}

export function parseBlock(cidr: string): Block {
  const [address = '', prefix = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(prefix));
  const first = Math.floor(parseAddress(address) / size) * size;
  return { first, last: first + size - 1 };
}

export function holds(outer: Block, inner: Block | number): boolean {
  const { first, last } = typeof inner === 'number' ? { first: inner, last: inner } : inner;
  return outer.first <= first && last <= outer.last;
}

export function isPublic(address: number): boolean {
  return address !== PLATFORM_ADDRESS && !NOT_PUBLIC.some((block) => holds(block, address));
}

/** Addresses of a block at which some rule may begin or stop to hold. */
export function probes(block: Block, cidrs: readonly string[]): readonly number[] {
  const edges = cidrs.filter(isCidr).map(parseBlock).flatMap(({ first, last }) => [first - 1, first, last, last + 1]);
  return [...new Set([block.first, block.last, ...edges.filter((edge) => holds(block, edge))])];
}
