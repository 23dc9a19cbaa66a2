/** The document of a plan, of which no part is parsed twice. */
import { isAscii } from 'node:buffer';
import type { Json } from './json';
import { namesAll, type PlannedText } from './planned-values';
import { AS_BEFORE, restore, type RepeatedTexts } from './repeated-values';

/** The parts of a text that stand for others: see `scan`. */
export interface Repetition {
  readonly planned?: PlannedText;
  readonly repeated?: RepeatedTexts;
}

/**
 * What `JSON.parse` gives, but with an empty object for `planned_values` where these name nothing that
 * is not among the changes. Nothing of them is judged then, so a mistake in their JSON that leaves the
 * brackets whole goes untold. Of values that stand there repeatedly the result holds one, at each place.
 *
 * @returns undefined when the whole of the text has to be parsed
 */
export function parseOnce(bytes: Buffer, { planned, repeated }: Repetition): Json | undefined {
  const addresses = planned?.addresses;
  if (!addresses && !repeated) return undefined;
  let document: Json;
  try {
    document = JSON.parse(reduced(bytes, addresses ? planned : undefined, repeated?.places ?? [])) as Json;
    if (repeated) restore(document, JSON.parse(listed(bytes, repeated.texts)) as Json[]);
  } catch {
    return undefined;
  }
  return !addresses || namesAll(document, addresses) ? document : undefined;
}

const EMPTY = Buffer.from('{}');
/** No number of a text in a file that can be read has more digits. */
const LONGEST = 12;
const SAME = Buffer.from(`"${AS_BEFORE}"`);

/** The text with `{}` instead of the planned values, and with numbers as strings instead of texts that are parsed once. */
function reduced(bytes: Buffer, planned: PlannedText | undefined, places: readonly number[]): string {
  const made = Buffer.allocUnsafe(lengthOf(bytes, planned, places));
  const words: Buffer[] = [];
  let length = 0;
  let at = 0;
  for (let each = 0; each <= places.length; each += 3) {
    const from = places[each] ?? Infinity;
    if (planned && planned.from >= at && planned.from < from) {
      length = copy(EMPTY, 0, EMPTY.length, made, copy(bytes, at, planned.from, made, length));
      at = planned.to;
    }
    if (each === places.length) break;
    const number = places[each + 2] as number;
    const word = number === AS_BEFORE ? SAME : (words[number] ??= Buffer.from(`"${number}"`));
    length = copy(word, 0, word.length, made, copy(bytes, at, from, made, length));
    at = places[each + 1] as number;
  }
  length = copy(bytes, at, bytes.length, made, length);
  return made.toString(isAscii(made.subarray(0, length)) ? 'latin1' : 'utf8', 0, length);
}

/** So many bytes are copied one by one in less time than it takes to call for it. */
const FEW = 64;

/** @returns where the copy ends */
function copy(bytes: Buffer, from: number, to: number, into: Buffer, at: number): number {
  if (to - from > FEW) return at + bytes.copy(into, at, from, to);
  for (let next = from; next < to; next += 1) into[at + next - from] = bytes[next] as number;
  return at + to - from;
}

/** No less than what is left: a file of a gigabyte must not take another one. */
function lengthOf(bytes: Buffer, planned: PlannedText | undefined, places: readonly number[]): number {
  let length = bytes.length - (planned ? planned.to - planned.from - EMPTY.length : 0);
  for (let each = 0; each < places.length; each += 3) length += LONGEST - ((places[each + 1] as number) - (places[each] as number));
  return length;
}

/** The texts as one JSON list. */
function listed(bytes: Buffer, texts: readonly number[]): string {
  const parts: string[] = [];
  for (let each = 0; each < texts.length; each += 2) parts.push(bytes.toString('utf8', texts[each], texts[each + 1]));
  return `[${parts.join(',')}]`;
}
