import { subnet } from '../policy/address-plan';

/**
 * Every IPv4 address but those of one block, as the fewest CIDRs: one for each bit of its prefix.
 *
 * "The internet" in a security group is this and not `0.0.0.0/0`: that would also be every other
 * segment, and a segment that may reach hosts on 443 could then call a public one that no policy
 * line lets it call.
 */
export function outside(cidr: string): readonly string[] {
  const [address = '', prefix = ''] = cidr.split('/');
  const bits = address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  return Array.from({ length: Number(prefix) }, (_, depth) => {
    const own = Number(bits >> BigInt(31 - depth));
    return { own: own ^ 1, depth: depth + 1 };
  })
    .map(({ own, depth }) => ({ first: BigInt(own) << BigInt(32 - depth), block: subnet('0.0.0.0/0', depth, own) }))
    .sort((a, b) => (a.first < b.first ? -1 : 1))
    .map(({ block }) => block);
}
