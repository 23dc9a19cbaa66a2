/** The boxes of the diagram: what ways lead through, and what is reached without the internet. */
import type { PictureHop } from '../picture/picture';
import type { PrivateHop } from '../picture/reached-privately';
import { HOP_WORDS, count } from '../words';
import { esc, fit, widthOf } from './escape';
import type { Box } from './layout';
import type { Drawing, Frame } from './picture-svg';
import { shortZones } from './table';

/** Chips in a strip before the rest is counted: more than there are names, and less than fill a page. */
const MOST_CHIPS = 24;

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

/** Longer names are cut by the box anyway. */
const LONGEST_PART = 500;

/** What tells addresses apart is at their end. */
function lastPart(address: string): string {
  const match = /[^.[\]"]+(\[[^\]]*\])?$/.exec(address.slice(-LONGEST_PART));
  return match ? match[0] : address;
}

const CHIP = { left: 134, height: 25, line: 32, gap: 8, text: 12, name: 190 } as const;

/** A strip below the picture: private endpoints, each with how many of the segments reach it where not all do. */
export function privatelySvg(drawing: Drawing, { internet }: Frame, y: number): { readonly svg: string; readonly bottom: number } {
  const { privately } = drawing.picture;
  if (privately.length === 0) return { svg: '', bottom: y };
  const right = internet - 24;
  let x: number = CHIP.left;
  let line = y;
  const shown = privately.slice(0, MOST_CHIPS).map((hop) => chipOf(hop, drawing));
  const more = privately.length - shown.length;
  const parts = [...shown, ...(more > 0 ? [{ width: widthOf(`and ${more} more`, CHIP.text), svg: (left: number, top: number) => `<text class="note" x="${left + 4}" y="${top + 17}">and ${more} more</text>` }] : [])].map(({ width, svg }) => {
    if (x > CHIP.left && x + width > right) {
      x = CHIP.left;
      line += CHIP.line;
    }
    const drawn = svg(x, line);
    x += width + CHIP.gap;
    return drawn;
  });
  return { svg: `<g class="privately"><text class="heading" x="14" y="${y + 17}">Reached privately</text>${parts.join('')}</g>`, bottom: line + CHIP.height + 5 };
}

function chipOf(hop: PrivateHop, drawing: Drawing): { readonly width: number; readonly svg: (x: number, y: number) => string } {
  const all = drawing.picture.rows.length;
  const name = fit(hop.label, CHIP.name, CHIP.text);
  const share = hop.rows.length === all ? '' : hop.rows.length === 0 ? 'by none' : `by ${hop.rows.length} of ${all}`;
  const width = Math.round(widthOf(name, CHIP.text) + (share ? widthOf(share, 11) + 8 : 0) + 26);
  const label = `${HOP_WORDS[hop.kind]} ${hop.label}, reached by ${hop.rows.length} of ${count(all, 'segment')}`;
  const rows = hop.rows.map((row) => `${drawing.index}-${row}`).join(' ');
  const svg = (x: number, y: number) => [
    `<g class="chip${hop.rows.length === 0 ? ' alone' : ''}" id="hop-${hopId(drawing, hop.id)}" data-hop="${hopId(drawing, hop.id)}" data-rows="${rows}" tabindex="0" role="button" aria-haspopup="dialog" aria-label="${esc(label)}">`,
    `<title>${esc(label)}</title><rect x="${x}" y="${y}" width="${width}" height="${CHIP.height}" rx="5"/>`,
    `<text x="${x + 13}" y="${y + 17}">${esc(name)}${share ? `<tspan class="share" dx="8">${share}</tspan>` : ''}</text></g>`,
  ].join('');
  return { width, svg };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
