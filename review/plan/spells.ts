/** Looks at JSON where it stands. */

/**
 * True when the bytes from `start` to `end`, between quotation marks, are the word as it is.
 *
 * @param word in ASCII
 */
export function spells(bytes: Buffer, start: number, end: number, word: string): boolean {
  const { length } = word;
  if (end - start !== length + 2) return false;
  for (let at = 0; at < length; at += 1) if (bytes[start + 1 + at] !== word.charCodeAt(at)) return false;
  return true;
}

const BLANK = 0x20;

/** Where the value begins behind a colon. */
export function behindBlanks(bytes: Buffer, colon: number): number {
  let at = colon + 1;
  while ((bytes[at] as number) <= BLANK) at += 1;
  return at;
}
