/** Compares a string of JSON, where it stands, with a word. */

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
