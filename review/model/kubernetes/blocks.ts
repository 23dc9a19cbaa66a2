/** Address blocks of policies. */
import { addressesOf, addressRange, cidrsOf, EVERYWHERE, INTERNET, type Family } from '../addresses';
import { includes, intersect, NOTHING, size, subtract, unionOf, type Ranges } from '../ranges';

/** `ipBlock` and its like. */
interface Block {
  readonly cidr: string;
  readonly except: readonly string[];
}

export const FAMILIES: readonly Family[] = [4, 6];

/** Where Google's APIs answer from inside of a network: public addresses that nobody announces to the internet. https://cloud.google.com/vpc/docs/configure-private-google-access#ip-addr-defaults */
const PRIVATE_ACCESS = ['199.36.153.4/30', '199.36.153.8/30', '2600:2d00:2:1000::/64', '2600:2d00:2:2000::/64'];

/** The internet without these. */
export const ANNOUNCED: Readonly<Record<Family, Ranges>> = { 4: subtract(INTERNET[4], addressesOf(PRIVATE_ACCESS, 4)), 6: subtract(INTERNET[6], addressesOf(PRIVATE_ACCESS, 6)) };

/** Its addresses of a family; a block that cannot be read may be any. */
export function rangesIn({ cidr, except }: Block, family: Family): Ranges {
  const found = addressRange(cidr);
  if (!found) return EVERYWHERE[family];
  return found.family === family ? subtract(addressesOf([cidr], family), addressesOf(except, family)) : NOTHING;
}

/**
 * The block of IPv4 that engines written in Go make of one of addresses mapped into IPv6: of `::ffff:8.8.8.0/120` that is `8.8.8.0/24`.
 * https://pkg.go.dev/net#IPNet.String, https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function unmapped(cidr: string): string | undefined {
  const found = addressRange(cidr);
  if (found?.family !== 6 || !includes(MAPPED, [found.range])) return undefined;
  const [first] = MAPPED.map(([from]) => from);
  return cidrsOf([[found.range[0] - (first as bigint), found.range[1] - (first as bigint)]], 4)[0];
}

const MAPPED = addressesOf(['::ffff:0:0/96'], 6);

/** Whether an address is in the block and not taken out of it. */
export function blockHolds(block: Block, address: string): boolean {
  const family = addressRange(address)?.family;
  if (family === undefined || addressRange(block.cidr)?.family !== family) return false;
  return includes(rangesIn(block, family), addressesOf([address], family));
}

/**
 * Whether blocks hold much of the internet together: more than a /8 of it, or of IPv6 a /16, in as
 * many pieces as somebody likes.
 */
export function areWorldly(blocks: readonly Block[]): boolean {
  return FAMILIES.some((family) => size(intersect(unionOf(blocks.map((block) => rangesIn(block, family))), INTERNET[family])) > (family === 4 ? 2n ** 24n : 2n ** 112n));
}
