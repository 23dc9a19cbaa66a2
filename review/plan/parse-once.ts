/** The document of a plan, of which no part is parsed twice. */
import { isAscii } from 'node:buffer';
import { isObject, type Json, type JsonObject } from './json';
import { namesAll, withoutChanged, type NamedText } from './named-resources';
import { AS_BEFORE, restore, type RepeatedTexts } from './repeated-values';
import { changesNothing } from './settled';
import { restoreBefore } from './values-before';

/** The parts of a text that stand for others: see `scan`. */
export interface Repetition {
  readonly planned?: NamedText;
  readonly prior?: NamedText;
  readonly repeated?: RepeatedTexts;
}

/**
 * What `JSON.parse` gives, but with an empty object for `planned_values` where these name nothing that
 * is not among the changes, and without these in the `prior_state` of a plan that changes nothing. Nothing
 * of them is judged then, so a mistake in their JSON that leaves the brackets whole goes untold. Of values
 * that stand there repeatedly the result holds one, at each place; and of those before a change, which the prior state
 * has, too.
 *
 * @returns undefined when the whole of the text has to be parsed
 */
export function parseOnce(bytes: Buffer, { planned, prior, repeated }: Repetition): Json | undefined {
  const addresses = planned?.addresses;
  if (!addresses && !repeated) return undefined;
  const set = addresses && repeated && prior?.addresses ? prior : undefined;
  const cuts = [addresses ? planned : undefined, set].filter((cut) => cut !== undefined).sort((a, b) => a.from - b.from);
  try {
    const document = JSON.parse(reduced(bytes, 0, bytes.length, cuts, repeated?.places ?? [])) as Json;
    if (repeated) restore(document, JSON.parse(listed(bytes, repeated.texts)) as Json[]);
    if (addresses && !namesAll(document, addresses)) return undefined;
    if (set && repeated && isObject(document)) (document as { prior_state?: Json }).prior_state = priorState(bytes, document, set, repeated);
    return document;
  } catch {
    return undefined;
  }
}

function priorState(bytes: Buffer, document: JsonObject, prior: NamedText, { entries }: RepeatedTexts): Json {
  const left = changesNothing(document) ? withoutChanged(document, bytes, prior) : undefined;
  if (left) return left;
  const state = JSON.parse(reduced(bytes, prior.from, prior.to, [], prior.same)) as Json;
  if (prior.same.length > 0) restoreBefore(state, document, entries);
  return state;
}

const EMPTY = Buffer.from('{}');
/** No number of a text in a file that can be read has more digits. */
const LONGEST = 12;
const SAME = Buffer.from(`"${AS_BEFORE}"`);

/** A part of the text with `{}` instead of each cut, and with numbers as strings instead of texts that are parsed once. */
function reduced(bytes: Buffer, start: number, end: number, cuts: readonly NamedText[], places: readonly number[]): string {
  const made = Buffer.allocUnsafe(lengthOf(end - start, cuts, places));
  const words: Buffer[] = [];
  let length = 0;
  let at = start;
  let next = 0;
  for (let each = 0; each <= places.length; each += 3) {
    const from = places[each] ?? Infinity;
    for (let cut = cuts[next]; cut !== undefined && cut.from < from; cut = cuts[++next]) {
      length = copy(EMPTY, 0, EMPTY.length, made, copy(bytes, at, cut.from, made, length));
      at = cut.to;
    }
    if (each === places.length) break;
    const number = places[each + 2] as number;
    const word = number === AS_BEFORE ? SAME : (words[number] ??= Buffer.from(`"${number}"`));
    length = copy(word, 0, word.length, made, copy(bytes, at, from, made, length));
    at = places[each + 1] as number;
  }
  length = copy(bytes, at, end, made, length);
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
function lengthOf(whole: number, cuts: readonly NamedText[], places: readonly number[]): number {
  let length = whole;
  for (const { from, to } of cuts) length -= to - from - EMPTY.length;
  for (let each = 0; each < places.length; each += 3) length += LONGEST - ((places[each + 1] as number) - (places[each] as number));
  return length;
}

/** The texts as one JSON list. */
function listed(bytes: Buffer, texts: readonly number[]): string {
  const parts: string[] = [];
  for (let each = 0; each < texts.length; each += 2) parts.push(bytes.toString('utf8', texts[each], texts[each + 1]));
  return `[${parts.join(',')}]`;
}
