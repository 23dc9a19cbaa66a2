/** Which route takes which addresses: the longest prefix wins, and the order of routes means nothing. */
import type { Family } from '../addresses';
import { intersect, isEmpty, rangesOf, subtract, union, unionOf, type Ranges } from '../ranges';
import type { Prefix } from './prefix-lists';

export interface Prefixed {
  readonly prefixes: readonly Prefix[];
  /** Whether others to the same addresses go before it, as those do which name addresses before those which name a list. */
  readonly givesWay?: boolean;
}

/** The part of some addresses that one route takes. */
export interface Share<R> {
  readonly route: R;
  readonly addresses: Ranges;
}

/**
 * Divides addresses among routes. Two routes with the same prefix both take it: AWS refuses that,
 * but a plan with inline and standalone routes can say it.
 */
export function longestPrefix<R extends Prefixed>(routes: readonly R[], family: Family, addresses: Ranges): readonly Share<R>[] {
  const parts = routes.flatMap((route) => route.prefixes
    .filter((prefix) => prefix.family === family && !isEmpty(intersect([prefix.range], addresses)))
    .map((prefix) => ({ route, prefix, rank: 2 * prefix.bits + (route.givesWay === true ? 0 : 1) })))
    .sort((a, b) => b.rank - a.rank);
  const taken = new Map<R, Ranges[]>();
  let covered: Ranges = [];
  for (let index = 0; index < parts.length;) {
    const { rank } = parts[index] as { rank: number };
    const same = parts.slice(index).filter((part) => part.rank === rank);
    index += same.length;
    for (const { route, prefix } of same) {
      const own = subtract(intersect([prefix.range], addresses), covered);
      if (isEmpty(own)) continue;
      const known = taken.get(route);
      if (known) known.push(own);
      else taken.set(route, [own]);
    }
    covered = union(covered, rangesOf(same.map(({ prefix }) => prefix.range)));
  }
  return [...taken].map(([route, own]) => ({ route, addresses: unionOf(own) }));
}
