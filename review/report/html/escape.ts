/** Names out of a plan, made harmless for each place in a page that text can stand in. */
import { printable } from '../../../blueprints/policy/problems';
import { columnsOf } from '../wide';

/** For text and for attributes in double quotes. What cannot be seen, or turns the reading direction, is written out. */
export function esc(text: string): string {
  return printable(text).replace(/[&<>"'`]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

/** Data for a script element of type `application/json`: no `<` that could end it or open a comment. */
export function jsonInScript(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Cut to what fits into `width` pixels of text of `size` pixels. Wide letters count double; nothing is measured here. */
export function fit(text: string, width: number, size: number, font: 'sans' | 'bold' | 'mono' = 'sans'): string {
  const one = size * { sans: 0.55, bold: 0.6, mono: 0.61 }[font];
  const visible = [...printable(text)];
  let used = 0;
  for (const [index, character] of visible.entries()) {
    used += columnsOf(character) * one;
    if (used > width) return `${visible.slice(0, Math.max(1, index - 1)).join('')}…`;
  }
  return visible.join('');
}

/** What a text takes at most, so that a box around it is never too small. */
export function widthOf(text: string, size: number): number {
  return [...text].reduce((sum, character) => sum + columnsOf(character) * (/[MWmw@%]/.test(character) ? 0.98 : /[A-Z]/.test(character) ? 0.74 : 0.55), 0) * size;
}
