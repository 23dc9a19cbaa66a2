/** As much of a report as a limit allows, the most important first, and never half a table row. */
import { count } from './words';

/** A table or a list: what stands around it, and what can be left out one by one from its end. */
export interface Section {
  readonly open: string;
  readonly items: readonly string[];
  readonly close: string;
}

/** Sections with something around all of them, which is left out with the last of them. */
export interface Fold {
  readonly open: string;
  readonly sections: readonly Section[];
  readonly close: string;
}

/** Kept free for what is said about the rest. */
const RESERVED = 1_000;

/**
 * Folds and their sections in the order of their weight, cut where the limit is reached.
 *
 * @param limit in bytes of UTF-8
 * @param note what to say when something was left out, given how much: `12 entries`
 */
export function fitted(head: string, folds: readonly Fold[], limit: number, note: (left: string) => string): string {
  const parts = [`${head}\n`];
  let room = limit - RESERVED - bytes(parts[0] as string);
  let left = 0;
  for (const fold of folds) {
    const around = bytes(fold.open + fold.close);
    const own: string[] = [];
    for (const { open, items, close } of fold.sections) {
      const shown: string[] = [];
      let used = bytes(`\n${open}${close}`) + (own.length === 0 ? around : 0);
      for (const item of items) {
        if (used + bytes(item) > room) break;
        used += bytes(item);
        shown.push(item);
      }
      left += items.length - shown.length;
      if (shown.length === 0) continue;
      room -= used;
      own.push(`\n${open}${shown.join('')}${close}`);
    }
    if (own.length > 0) parts.push(fold.open, ...own, fold.close);
  }
  if (left > 0) parts.push(note(`${count(left, 'entry', 'entries')} ${left === 1 ? 'is' : 'are'}`));
  return parts.join('');
}

function bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
