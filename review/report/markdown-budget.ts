/** As much of a report as a limit allows, the most important first, and never half a table row. */
import { count } from './words';

/** A table or a list: what stands around it, and what can be left out one by one from its end. */
export interface Section {
  readonly open: string;
  readonly items: readonly string[];
  readonly close: string;
}

/** Kept free for what is said about the rest. */
const RESERVED = 1_000;

/**
 * Sections in the order of their weight, cut where the limit is reached.
 *
 * @param limit in bytes of UTF-8
 * @param note what to say when something was left out, given how much: `12 entries`
 */
export function fitted(head: string, sections: readonly Section[], limit: number, note: (left: string) => string): string {
  const parts = [`${head}\n`];
  let room = limit - RESERVED - bytes(parts[0] as string);
  let left = 0;
  for (const { open, items, close } of sections) {
    const frame = bytes(`\n${open}${close}`);
    const shown: string[] = [];
    let used = frame;
    for (const item of items) {
      if (used + bytes(item) > room) break;
      used += bytes(item);
      shown.push(item);
    }
    left += items.length - shown.length;
    if (shown.length === 0) continue;
    room -= used;
    parts.push(`\n${open}${shown.join('')}${close}`);
  }
  if (left > 0) parts.push(note(`${count(left, 'entry', 'entries')} ${left === 1 ? 'is' : 'are'}`));
  return parts.join('');
}

function bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
