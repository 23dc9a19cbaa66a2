/** A shape for each verdict, so that nobody has to tell colours apart. */
import type { VerdictKind } from '../../paths/verdict';
import { VERDICT_WORDS, VERDICTS } from '../words';
import { esc } from './escape';

/** In a square from -10 to 10. */
const SHAPES: Readonly<Record<VerdictKind, string>> = {
  // A triangle with a mark: the sign for danger.
  open: '<path class="fill" d="M0 -9L9.5 8H-9.5Z"/><path class="cut" d="M0 -3.5V2.6M0 4.6V6.2"/>',
  // A hexagon: a diamond with this mark is what browsers show for a character that they cannot read.
  unknown: '<path class="fill" d="M-4.8 -8.3H4.8L9.6 0L4.8 8.3H-4.8L-9.6 0Z"/><path class="cut" d="M-2.6 -2.4C-2.4 -6 2.8 -5.6 2.6 -2.2C2.4 0 0 -0.4 0 2M0 4.2V5.4"/>',
  // A shield with a tick.
  allowlisted: '<path class="fill" d="M0 -9L8 -6V0C8 5 4 8 0 9.5C-4 8 -8 5 -8 0V-6Z"/><path class="cut" d="M-3.8 0L-1 3L4 -3"/>',
  // A closed ring with a bar.
  none: '<circle class="ring" r="8"/><path class="bar" d="M-4.5 0H4.5"/>',
};

/** Definitions that the page holds once: shapes, and the heads of arrows. */
export function iconDefinitions(): string {
  const shapes = VERDICTS.map((verdict) => `<symbol id="icon-${verdict}" viewBox="-10 -10 20 20">${SHAPES[verdict]}</symbol>`);
  const arrows = ['open', 'unknown', 'guarded'].map((kind) => `<marker id="arrow-${kind}" class="arrow ${kind}" viewBox="0 0 8 8" refX="6.5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8Z"/></marker>`);
  return `<svg class="definitions" width="0" height="0" aria-hidden="true" focusable="false"><defs>${shapes.join('')}${arrows.join('')}</defs></svg>`;
}

/** Inside an SVG, around a point. */
export function icon(verdict: VerdictKind, x: number, y: number, radius: number, title = ''): string {
  const words = title ? `<title>${esc(`${title}: ${VERDICT_WORDS[verdict]}`)}</title>` : '';
  return `<g class="icon ${verdict}">${words}<use href="#icon-${verdict}" x="${x - radius}" y="${y - radius}" width="${2 * radius}" height="${2 * radius}"/></g>`;
}

/** In a line of text. */
export function inlineIcon(verdict: VerdictKind): string {
  return `<svg class="icon ${verdict}" viewBox="-10 -10 20 20" aria-hidden="true" focusable="false"><use href="#icon-${verdict}" x="-10" y="-10" width="20" height="20"/></svg>`;
}
