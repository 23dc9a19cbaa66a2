/** Letters that take the room of two. */

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\u{1f300}-\u{1faff}]/u;
const MARK = /\p{M}/u;

/** Columns that a character takes in a terminal: 2 for Chinese, Japanese, Korean and pictures, 0 for accents. */
export function columnsOf(character: string): 0 | 1 | 2 {
  if (character < '\u0300') return 1;
  return WIDE.test(character) ? 2 : MARK.test(character) ? 0 : 1;
}

/** Columns that a text takes. */
export function widthInColumns(text: string): number {
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}
