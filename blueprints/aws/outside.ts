import { subnet } from '../policy/address-plan';
import { contains, intersects, knownBlock, type Block } from '../policy/cidr';

/**
 * Every IPv4 address but those of some blocks, as the fewest CIDRs, ascending: for one block, one
 * for each bit of its prefix.
 *
 * "The internet" in a security group is this and not `0.0.0.0/0`: that would also be every other
 * segment, and a segment that may reach hosts on 443 could then call a public one that no policy
 * line lets it call.
 */
export function outside(...cidrs: readonly string[]): readonly string[] {
  return without('0.0.0.0/0', cidrs.map(knownBlock));
}

/** The same addresses as those of some blocks, and no others, as the fewest CIDRs, ascending. */
export function everyAddressOf(...cidrs: readonly string[]): readonly string[] {
  return outside(...outside(...cidrs));
}

/** Halves a block until none of the inner ones touches it (keep it) or one covers it (leave it out). */
function without(cidr: string, inner: readonly Block[]): readonly string[] {
  const block = knownBlock(cidr);
  const touching = inner.filter((each) => intersects(each, block));
  if (touching.length === 0) return [cidr];
  if (touching.some((each) => contains(each, block))) return [];
  return [0, 1].flatMap((half) => without(subnet(cidr, 1, half), touching));
}
