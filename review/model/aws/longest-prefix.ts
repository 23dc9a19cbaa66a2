/** Which route takes which addresses: the longest prefix wins, and the order of routes means nothing. */
import type { Family } from '../addresses';
import { intersect, isEmpty, rangesOf, subtract, union, type Ranges } from '../ranges';
import type { Prefix } from './prefix-lists';

export interface Prefixed {
  readonly prefixes: readonly Prefix[];
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
    .map((prefix) => ({ route, prefix })))
    .sort((a, b) => b.prefix.bits - a.prefix.bits);
  const taken = new Map<R, Ranges[]>();
  let covered: Ranges = [];
  for (let index = 0; index < parts.length;) {
    const { bits } = (parts[index] as { prefix: Prefix }).prefix;
    const same = parts.slice(index).filter(({ prefix }) => prefix.bits === bits);
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
  return [...taken].map(([route, own]) => ({ route, addresses: union(...own) }));
}
