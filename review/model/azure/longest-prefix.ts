/**
 * Which route takes which addresses: the longest prefix; of equally long ones the user's, then a
 * gateway's, then the system's.
 * https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#how-azure-selects-a-route
 */
import type { Family } from '../addresses';
import { addressRange } from '../addresses';
import { intersect, isEmpty, subtract, type Range, type Ranges } from '../ranges';

export type RouteOrigin = 'user' | 'gateway' | 'system';

export interface Prefixed {
  readonly prefix: string;
  readonly origin: RouteOrigin;
}

/** The part of some addresses that one route takes. */
export interface Share<R extends Prefixed> {
  readonly route: R;
  readonly addresses: Ranges;
}

const RANK: Readonly<Record<RouteOrigin, number>> = { user: 0, gateway: 1, system: 2 };

/** Divides addresses among routes. What no route takes is in no share; prefixes of the other family take nothing. */
export function longestPrefix<R extends Prefixed>(routes: readonly R[], family: Family, addresses: Ranges): readonly Share<R>[] {
  const parsed = routes.flatMap((route) => {
    const found = addressRange(route.prefix);
    return found?.family === family ? [{ route, range: found.range, size: found.range[1] - found.range[0] }] : [];
  });
  parsed.sort((a, b) => (a.size < b.size ? -1 : a.size > b.size ? 1 : RANK[a.route.origin] - RANK[b.route.origin]));
  const shares: Share<R>[] = [];
  let left = addresses;
  for (const { route, range } of parsed) {
    if (isEmpty(left)) break;
    const taken = intersect(left, [range as Range]);
    if (isEmpty(taken)) continue;
    shares.push({ route, addresses: taken });
    left = subtract(left, taken);
  }
  return shares;
}
