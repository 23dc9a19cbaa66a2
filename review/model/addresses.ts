/** Sets of IP addresses, one family at a time, and what "the internet" means as such a set. */
import { Address4, Address6 } from 'ip-address';
import { rangesOf, subtract, type Range, type Ranges } from './ranges';

export type Family = 4 | 6;

/** Every address of a family. */
export const EVERYWHERE: Readonly<Record<Family, Ranges>> = {
  4: [[0n, 2n ** 32n - 1n]],
  6: [[0n, 2n ** 128n - 1n]],
};

const parsed = new Map<string, { family: Family; range: Range } | undefined>();

/**
 * The addresses of a CIDR, a single address, or a `from-to` pair as Google and Azure write them.
 *
 * @returns nothing when the text is none of these: a service tag, a name, a template.
 */
export function addressRange(text: string): { readonly family: Family; readonly range: Range } | undefined {
  if (!parsed.has(text)) parsed.set(text, parse(text.trim()));
  return parsed.get(text);
}

function parse(text: string): { family: Family; range: Range } | undefined {
  const dash = text.indexOf('-');
  if (dash > 0) {
    const from = parse(text.slice(0, dash).trim());
    const to = parse(text.slice(dash + 1).trim());
    return from && to && from.family === to.family ? { family: from.family, range: [from.range[0], to.range[1]] } : undefined;
  }
  if (Address4.isValid(text)) {
    const address = new Address4(text);
    return { family: 4, range: [address.startAddress().bigInt(), address.endAddress().bigInt()] };
  }
  if (text.includes(':') && Address6.isValid(text)) {
    const address = new Address6(text);
    return { family: 6, range: [address.startAddress().bigInt(), address.endAddress().bigInt()] };
  }
  return undefined;
}

/** The addresses of those texts that are addresses of the family; other texts are left out. */
export function addressesOf(texts: Iterable<string>, family: Family): Ranges {
  const ranges: Range[] = [];
  for (const text of texts) {
    const found = addressRange(text);
    if (found?.family === family) ranges.push(found.range);
  }
  return rangesOf(ranges);
}

/**
 * Addresses that no packet from a cloud network reaches over the internet: private, shared,
 * loopback, link-local, documentation, multicast, reserved (RFC 6890, RFC 4291).
 */
export const NOT_INTERNET: Readonly<Record<Family, Ranges>> = {
  4: addressesOf([
    '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24',
    '192.0.2.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
  ], 4),
  6: subtract(EVERYWHERE[6], addressesOf(['2000::/3', '64:ff9b::/96'], 6)),
};

/** Every address that is on the internet. */
export const INTERNET: Readonly<Record<Family, Ranges>> = {
  4: subtract(EVERYWHERE[4], NOT_INTERNET[4]),
  6: subtract(EVERYWHERE[6], NOT_INTERNET[6]),
};

const written: Readonly<Record<Family, WeakMap<Ranges, readonly string[]>>> = { 4: new WeakMap(), 6: new WeakMap() };

/** The fewest CIDRs that make up a set, for people to read. */
export function cidrsOf(set: Ranges, family: Family): readonly string[] {
  let cidrs = written[family].get(set);
  if (!cidrs) written[family].set(set, (cidrs = set.flatMap(([from, to]) => (family === 4 ? blocks4(Number(from), Number(to)) : blocks6(from, to)))));
  return cidrs;
}

function blocks4(from: number, to: number): readonly string[] {
  const result: string[] = [];
  for (let start = from; start <= to;) {
    let size = 1;
    while (size < 2 ** 32 && start % (size * 2) === 0 && start + size * 2 - 1 <= to) size *= 2;
    result.push(`${Math.floor(start / 2 ** 24)}.${Math.floor(start / 2 ** 16) % 256}.${Math.floor(start / 2 ** 8) % 256}.${start % 256}/${32 - Math.log2(size)}`);
    start += size;
  }
  return result;
}

function blocks6(from: bigint, to: bigint): readonly string[] {
  const result: string[] = [];
  for (let start = from; start <= to;) {
    let width = 0n;
    while (width < 128n && (start & ((1n << (width + 1n)) - 1n)) === 0n && start + (1n << (width + 1n)) - 1n <= to) width += 1n;
    result.push(`${Address6.fromBigInt(start).correctForm()}/${128n - width}`);
    start += 1n << width;
  }
  return result;
}
