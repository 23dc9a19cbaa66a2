/** The boxes of the diagram: what ways lead through, and what is reached without the internet. */
import type { PictureHop } from '../picture/picture';
import { HOP_WORDS, count } from '../words';
import { esc, fit, widthOf } from './escape';
import type { Box } from './layout';
import type { Drawing, Frame } from './picture-svg';
import { shortZones } from './table';

/** Chips in a strip before the rest is counted. */
const MOST_CHIPS = 14;

/** The id of a hop's button, and of its data. */
export function hopId(drawing: Pick<Drawing, 'index'>, hop: number): string {
  return `${drawing.index}-h${hop}`;
}

export function hopSvg(hop: PictureHop, { x, y, width, height }: Box, drawing: Drawing): string {
  const title = capital(`${HOP_WORDS[hop.kind]}${hop.nodes.length > 1 ? ` ×${hop.nodes.length}` : ''}`);
  const { line, mono } = secondLine(hop, drawing);
  const control = hop.kind === 'firewall' || hop.kind === 'proxy';
  const third = control && hop.hosts > 0 ? `lets ${count(hop.hosts, 'host')} through` : '';
  const lines = third ? [21, 37, 53] : [28, 45, 0];
  const label = [title, line, third, `on the way of ${count(hop.rows.length, 'segment')}`].filter(Boolean).join(', ');
  return [
    `<g class="hop ${hop.kind}${control ? ' control' : ''}" id="hop-${hopId(drawing, hop.id)}" data-hop="${hopId(drawing, hop.id)}" data-rows="${hop.rows.map((row) => `${drawing.index}-${row}`).join(' ')}" tabindex="0" role="button" aria-haspopup="dialog" aria-label="${esc(label)}">`,
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>`,
    `<text class="name" x="${x + 13}" y="${y + (lines[0] as number)}">${esc(fit(title, width - 22, 13.5, 'bold'))}</text>`,
    `<text class="${mono ? 'address' : 'note'}" x="${x + 13}" y="${y + (lines[1] as number)}">${esc(fit(line, width - 22, 11, mono ? 'mono' : 'sans'))}<title>${esc(line)}</title></text>`,
    third ? `<text class="allows" x="${x + 13}" y="${y + (lines[2] as number)}">${esc(third)}</text>` : '',
    '</g>',
  ].join('');
}

function secondLine({ nodes, zones }: PictureHop, { table }: Drawing): { readonly line: string; readonly mono: boolean } {
  const [first] = nodes;
  if (nodes.length === 1 && first) return { line: lastPart(first.address ?? first.id), mono: true };
  if (zones.length === 0) return { line: `${nodes.length} alike`, mono: false };
  const letters = shortZones(table.zones);
  return { line: `zones ${zones.map((zone) => letters[table.zones.indexOf(zone)] ?? zone).join(' ')}`, mono: false };
}

/** What tells addresses apart is at their end. */
function lastPart(address: string): string {
  const match = /[^.[\]"]+(\[[^\]]*\])?$/.exec(address);
  return match ? match[0] : address;
}

/** A strip below the picture: private endpoints, and networks that are not the internet. */
export function privatelySvg(drawing: Drawing, { internet }: Frame, y: number): { readonly svg: string; readonly bottom: number } {
  const { privately } = drawing.picture;
  if (privately.length === 0) return { svg: '', bottom: y };
  const parts: string[] = [];
  const right = internet - 24;
  let x = 134;
  let line = y;
  const shown = privately.slice(0, MOST_CHIPS);
  for (const hop of shown) {
    const label = `${hop.nodes[0]?.label ?? ''}${hop.nodes.length > 1 ? ` ×${hop.nodes.length}` : ''}`;
    const text = fit(label, 190, 12);
    const width = Math.round(widthOf(text, 12) + 26);
    if (x + width > right) {
      x = 134;
      line += 32;
    }
    parts.push(`<g class="chip" id="hop-${hopId(drawing, hop.id)}" data-hop="${hopId(drawing, hop.id)}" data-rows="${hop.rows.map((row) => `${drawing.index}-${row}`).join(' ')}" tabindex="0" role="button" aria-haspopup="dialog" aria-label="${esc(`${HOP_WORDS[hop.kind]} ${label}`)}"><rect x="${x}" y="${line}" width="${width}" height="25" rx="5"/><text x="${x + width / 2}" y="${line + 17}" text-anchor="middle">${esc(text)}</text></g>`);
    x += width + 8;
  }
  const more = privately.length - shown.length;
  const rest = more > 0 ? `<text class="note" x="${x + 4}" y="${line + 17}">and ${more} more</text>` : '';
  return { svg: `<g class="privately"><text class="heading" x="14" y="${y + 17}">Reached privately</text>${parts.join('')}${rest}</g>`, bottom: line + 30 };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
