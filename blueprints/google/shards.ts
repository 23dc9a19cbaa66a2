/**
 * Cuts a long list into rules of limited length so that a new item changes one rule.
 *
 * Cutting a sorted list every hundred items would move every later item when one is added. Here
 * an item belongs to the shard whose bits its hash begins with. A shard that overflows splits by
 * the next bit: the half with a zero keeps the shard's label and place, the other half is new, and
 * all other shards stay as they are. The shards depend on the set alone, not on its history.
 */
import { contentHash } from './content-hash';

/** Splits after this many bits: at most 256 shards. */
const DEEPEST = 8;

/** One rule's worth of a list. */
export interface Shard {
  /** The bits that its items' hashes begin with, without zeros at the end: `1` for `10`, and `0` when none is left. */
  readonly label: string;
  /** The same bits with zeros added up to eight, as a number: 0..255. */
  readonly place: number;
  /** Sorted. */
  readonly items: readonly string[];
}

/** @returns the shards in the order of their places, or `undefined` when 256 shards do not hold the list. */
export function shard(items: readonly string[], limit: number): readonly Shard[] | undefined {
  const hashed = [...new Set(items)].sort().map((item) => ({ item, hash: contentHash(item) }));
  const shards: Shard[] = [];
  const split = (part: typeof hashed, bits: string): boolean => {
    if (part.length <= limit) {
      if (part.length > 0) {
        shards.push({ label: bits.replace(/0+$/, '') || '0', place: Number.parseInt(bits.padEnd(DEEPEST, '0'), 2), items: part.map(({ item }) => item) });
      }
      return true;
    }
    if (bits.length === DEEPEST) return false;
    const bit = (hash: number) => (hash >>> (31 - bits.length)) & 1;
    return split(part.filter(({ hash }) => bit(hash) === 0), `${bits}0`)
      && split(part.filter(({ hash }) => bit(hash) === 1), `${bits}1`);
  };
  return split(hashed, '') ? shards : undefined;
}
