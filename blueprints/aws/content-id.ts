/** Numbers that come from content, so that a neighbour's coming or going does not move them. */
import { createHash } from 'node:crypto';
import { compare } from '../policy/rules';

/** The first 32 bits of a text's SHA-256. */
export function hash32(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0);
}

/**
 * Gives each key a number of its own in `from .. from + size - 1`.
 *
 * A number depends on the key alone, except where two keys fall on the same one: then the key
 * that sorts first keeps it and the other is hashed again, in the same way on every machine.
 *
 * @throws RangeError when there are more keys than numbers.
 */
export function numberByContent(keys: readonly string[], range: { readonly from: number; readonly size: number }): ReadonlyMap<string, number> {
  const distinct = [...new Set(keys)].sort(compare);
  if (distinct.length > range.size) throw new RangeError(`${distinct.length} keys do not fit into ${range.size} numbers`);

  const taken = new Set<number>();
  const numbers = new Map<string, number>();
  for (const key of distinct) {
    let attempt = 0;
    let number = range.from + (hash32(key) % range.size);
    while (taken.has(number)) number = range.from + (hash32(`${key}#${++attempt}`) % range.size);
    taken.add(number);
    numbers.set(key, number);
  }
  return numbers;
}
