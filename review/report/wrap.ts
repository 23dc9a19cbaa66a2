/** Lines for a terminal. */
import { printable } from '../../blueprints/policy/problems';
import { columnsOf, widthInColumns } from './wide';

/**
 * Breaks a text at spaces, and inside a word only where it is longer than a line. What would steer a
 * terminal is written out.
 *
 * @param first stands before the first line, `rest` before the others
 * @param firstLength what is seen of `first`, when it holds colours
 */
export function wrap(text: string, width: number, first = '', rest = '', firstLength = rest.length): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  const room = () => Math.max(2, width - (lines.length === 0 ? firstLength : rest.length));
  const flush = () => {
    lines.push(line);
    line = '';
    used = 0;
  };
  for (const word of printable(text).split(' ')) {
    const length = widthInColumns(word);
    // A first line that is full before it begins stays as it is, when the word is whole in the next one.
    const full = lines.length === 0 && !line && length > room() && length <= width - rest.length;
    if (full || (line && used + 1 + length > room())) flush();
    else if (line) {
      line += ' ';
      used += 1;
    }
    for (const character of word) {
      const columns = columnsOf(character);
      if (used + columns > room()) flush();
      line += character;
      used += columns;
    }
  }
  return [...lines, line].map((content, index) => `${index === 0 ? first : rest}${content}`.trimEnd());
}
