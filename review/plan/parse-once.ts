/** The document of a plan, of which no part is parsed twice. */
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
const SAME = Buffer.from(`"${AS_BEFORE}"`);

/** The text with `{}` instead of the planned values, and with numbers as strings instead of texts that are parsed once. */
function reduced(bytes: Buffer, planned: PlannedText | undefined, places: readonly number[]): string {
  // No number is longer than the shortest text, `{}`, by more than this.
  const made = Buffer.allocUnsafe(bytes.length + places.length * 4);
  let length = 0;
  let at = 0;
  const put = (from: number, to: number, instead: Buffer): void => {
    length += bytes.copy(made, length, at, from);
    length += instead.copy(made, length);
    at = to;
  };
  const putPlanned = (before: number): void => {
    if (planned && planned.from >= at && planned.from < before) put(planned.from, planned.to, EMPTY);
  };
  const words: Buffer[] = [];
  for (let each = 0; each < places.length; each += 3) {
    const [from, to, number] = [places[each] as number, places[each + 1] as number, places[each + 2] as number];
    putPlanned(from);
    put(from, to, number === AS_BEFORE ? SAME : (words[number] ??= Buffer.from(`"${number}"`)));
  }
  putPlanned(Infinity);
  length += bytes.copy(made, length, at);
  return made.toString('utf8', 0, length);
}

/** The texts as one JSON list. */
function listed(bytes: Buffer, texts: readonly number[]): string {
  const parts: string[] = [];
  for (let each = 0; each < texts.length; each += 2) parts.push(bytes.toString('utf8', texts[each], texts[each + 1]));
  return `[${parts.join(',')}]`;
}
