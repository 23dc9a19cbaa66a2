/**
 * What an address prefix of a rule stands for: CIDRs, `*`, and service tags, which are sets of
 * addresses that Microsoft keeps and changes.
 * https://learn.microsoft.com/azure/virtual-network/service-tags-overview
 */
import { addressRange, EVERYWHERE, INTERNET, type Family } from '../addresses';
import { NOTHING, rangesOf, subtract, union, type Range, type Ranges } from '../ranges';
import type { Texts } from './read';

/** Addresses that a rule holds for, from below and from above: a deny is sure of the first, an allow may hold for the second. */
export interface AddressMatch {
  readonly certain: Ranges;
  readonly possible: Ranges;
  /** What of `possible` no tag stands for. */
  readonly plain: Ranges;
  /** Service tags, which stand for addresses of the internet that no plan tells. */
  readonly tags: readonly string[];
  /** Why it may hold for any address. */
  readonly unknown?: string;
}

/** What the tag `VirtualNetwork` stands for, where a rule is evaluated. */
export interface NetworkSpace {
  /** The network's own addresses, as far as known. */
  readonly local: Readonly<Record<Family, Ranges>>;
  /** These, those of its peers, and every prefix that a route table of the subnet names. */
  readonly reachable: Readonly<Record<Family, Ranges>>;
  /** Why it may stand for any other address: routes that nobody knows are part of it. */
  readonly unknown?: string;
}

export const NO_SPACE: NetworkSpace = { local: { 4: NOTHING, 6: NOTHING }, reachable: { 4: NOTHING, 6: NOTHING } };

/** Azure's own services on each host: DHCP, DNS, health probes. They pass routes and, but for a few tags, groups. */
export const PLATFORM = '168.63.129.16';
export const PLATFORM_RANGES: Readonly<Record<Family, Ranges>> = { 4: [range(PLATFORM)], 6: NOTHING };

/** The internet without the platform's address. */
export const OUTSIDE: Readonly<Record<Family, Ranges>> = { 4: subtract(INTERNET[4], PLATFORM_RANGES[4]), 6: INTERNET[6] };

export function isEverything(prefix: string): boolean {
  return prefix === '*' || /^any$/i.test(prefix) || prefix === '0.0.0.0/0' || prefix === '::/0';
}

/** True for a name that is neither an address nor `*`. */
export function isServiceTag(prefix: string): boolean {
  return !isEverything(prefix) && addressRange(prefix) === undefined && /^[A-Za-z][A-Za-z0-9.]*$/.test(prefix);
}

export function matchAddresses(prefixes: Texts, family: Family, space: NetworkSpace = NO_SPACE): AddressMatch {
  const certain: Ranges[] = [];
  const possible: Ranges[] = [];
  const tags: string[] = [];
  const written: Range[] = [];
  let odd: string | undefined;
  for (const prefix of prefixes.items) {
    const found = addressRange(prefix);
    if (found) {
      if (found.family === family) written.push(found.range);
      continue;
    }
    const match = matchName(prefix, family, space);
    if (!match) odd ??= `'${prefix}' is neither an address nor a service tag`;
    else {
      certain.push(match.certain);
      if (match.isTag) tags.push(prefix);
      else possible.push(match.possible);
      odd ??= match.unknown;
    }
  }
  const known = rangesOf(written);
  const unknown = prefixes.unknown ?? odd;
  const plain = union(known, ...possible);
  return { certain: union(known, ...certain), possible: tags.length > 0 ? union(plain, INTERNET[family]) : plain, plain, tags, ...(unknown === undefined ? {} : { unknown }) };
}

type NameMatch = Pick<AddressMatch, 'certain' | 'possible' | 'unknown'> & { readonly isTag?: true };

function matchName(prefix: string, family: Family, space: NetworkSpace): NameMatch | undefined {
  const both = (ranges: Ranges): NameMatch => ({ certain: ranges, possible: ranges });
  switch (prefix.toLowerCase()) {
    case '*':
    case 'any':
      return both(EVERYWHERE[family]);
    case 'internet':
      return both(subtract(INTERNET[family], space.local[family]));
    case 'virtualnetwork':
      return { certain: space.local[family], possible: union(space.local[family], space.reachable[family]), ...(space.unknown === undefined ? {} : { unknown: space.unknown }) };
    case 'azureloadbalancer':
      return both(PLATFORM_RANGES[family]);
    case 'azureplatformdns':
    case 'azureplatformimds':
    case 'azureplatformlkm':
      return both(NOTHING);
    default:
      // Which addresses a tag stands for is in no plan: some of the internet's.
      return isServiceTag(prefix) ? { certain: NOTHING, possible: INTERNET[family], isTag: true } : undefined;
  }
}

function range(address: string): Range {
  return (addressRange(address) as { range: Range }).range;
}
