/** Whether an address lies in a range, either family. */
import { Address4, Address6 } from 'ip-address';

interface Bounds { readonly isIpv6: boolean; readonly first: bigint; readonly last: bigint }

const KNOWN = new Map<string, Bounds>();

export function isIpv6(address: string): boolean {
  return address.includes(':');
}

export function covers(range: string, address: string): boolean {
  const [outer, inner] = [boundsOf(range), boundsOf(address)];
  return outer.isIpv6 === inner.isIpv6 && outer.first <= inner.first && inner.last <= outer.last;
}

export function prefixOf(range: string): number {
  return Number(range.split('/')[1] ?? (isIpv6(range) ? 128 : 32));
}

/** The address that comes so many after the first of an IPv4 range. */
export function nth(range: string, place: number): string {
  return Address4.fromBigInt(boundsOf(range).first + BigInt(place)).correctForm();
}

function boundsOf(text: string): Bounds {
  let bounds = KNOWN.get(text);
  if (!bounds) {
    const parsed = isIpv6(text) ? new Address6(text) : new Address4(text);
    const size = 1n << BigInt((isIpv6(text) ? 128 : 32) - parsed.subnetMask);
    const first = parsed.startAddress().bigInt();
    KNOWN.set(text, (bounds = { isIpv6: isIpv6(text), first, last: first + size - 1n }));
  }
  return bounds;
}
