/** Address blocks of policies. */
import { addressesOf, addressRange, INTERNET } from '../addresses';
import { includes, intersect, isEmpty, subtract } from '../ranges';

/** `ipBlock` and its like. */
interface Block {
  readonly cidr: string;
  readonly except: readonly string[];
}

/** Whether an address is in the block and not taken out of it. */
export function blockHolds({ cidr, except }: Block, address: string): boolean {
  const family = addressRange(address)?.family;
  if (family === undefined || addressRange(cidr)?.family !== family) return false;
  return includes(subtract(addressesOf([cidr], family), addressesOf(except, family)), addressesOf([address], family));
}

/** Whether some address of the block is on the internet. */
export function leadsOutside({ cidr, except }: Block): boolean {
  const family = addressRange(cidr)?.family;
  // A block that cannot be read may be any.
  return family === undefined || !isEmpty(intersect(subtract(addressesOf([cidr], family), addressesOf(except, family)), INTERNET[family]));
}

/** Half of all addresses or more. */
export function isWide({ cidr }: Block): boolean {
  return /\/[01]$/.test(cidr);
}
