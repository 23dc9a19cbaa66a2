/** The zero-egress diagram of one input as SVG. Every line that is seen leads to the internet. */
import { withoutFile } from '../../plan/address';
import type { Picture } from '../picture/picture';
import { VERDICT_WORDS, count } from '../words';
import { esc, fit } from './escape';
import { icon } from './icons';
import { arrivalWords, type Layout, type Point, type RoutedWay } from './layout';
import { hopSvg, privatelySvg } from './picture-hops';
import { GRID, shortZones, type GridTable, type Pill, type TableColumns, type TableRow } from './table';

/** One picture, with what is needed to draw it. */
export interface Drawing {
  /** Its place on the page, from 0: part of every id. */
  readonly index: number;
  readonly picture: Picture;
  readonly table: GridTable;
  readonly layout: Layout;
}

/** What all pictures of a page have in common, so that they align. */
export interface Frame {
  readonly columns: TableColumns;
  /** Where the internet begins. */
  readonly internet: number;
}

const WALL = 104;
const MARGIN = 8;

/** The id of a row's button, and of its data. */
export function rowId(drawing: Pick<Drawing, 'index'>, row: number): string {
  return `${drawing.index}-${row}`;
}

export function pictureSvg(drawing: Drawing, frame: Frame): string {
  const { picture, table, layout } = drawing;
  const top = Math.min(0, layout.top) - MARGIN;
  const privately = privatelySvg(drawing, frame, Math.max(table.height, layout.height) + GRID.gap);
  const bottom = Math.max(table.height, layout.height, privately.bottom) + MARGIN;
  const width = frame.internet + WALL + MARGIN;
  const inner = [
    gridSvg(table, frame),
    wallSvg(layout, frame, top, bottom),
    ...table.rows.map((row) => rowSvg(row, drawing, frame)),
    `<g class="ways" aria-hidden="true">${layout.ways.map((routed) => waySvg(routed, drawing, frame)).join('')}</g>`,
    ...picture.hops.map((hop) => hopSvg(hop, layout.hops.get(hop.id) ?? { x: 0, y: 0, width: 0, height: 0 }, drawing)),
    layout.lost ? `<g class="lost"><circle cx="${layout.lost.x + 15}" cy="${layout.lost.y + 15}" r="14"/><text x="${layout.lost.x + 15}" y="${layout.lost.y + 20}" text-anchor="middle">?</text></g>` : '',
    privately.svg,
  ];
  const name = `${picture.input}: ${count(picture.rows.length, 'segment')} and their ways to the internet`;
  return `<svg class="picture" viewBox="${-MARGIN} ${top} ${width + MARGIN} ${bottom - top}" width="${width + MARGIN}" height="${bottom - top}" role="group" aria-label="${esc(name)}">${inner.join('')}</svg>`;
}

function gridSvg({ zones, bands, height }: GridTable, { columns }: Frame): string {
  const heading = (x: number, text: string, anchor = 'start', title = text) => `<text class="heading" x="${x}" y="${GRID.header - 12}" text-anchor="${anchor}">${esc(text)}<title>${esc(title)}</title></text>`;
  return [
    `<rect class="table" x="0" y="0" width="${columns.end}" height="${height}" rx="8"/>`,
    heading(14, 'Segment'),
    ...shortZones(zones).map((zone, index) => heading(columns.zones + (index + 0.5) * GRID.zone, zone, 'middle', zones[index])),
    heading(columns.pills + 4, 'Verdict'),
    ...bands.map(({ tier, y }) => `<g class="band"><rect x="0" y="${y}" width="${columns.end}" height="${GRID.band}"/><text x="14" y="${y + 17}">${esc(tier)}</text></g>`),
  ].join('');
}

function rowSvg({ row, index, y, height, pills, cells }: TableRow, drawing: Drawing, { columns }: Frame): string {
  const label = `${row.name}, ${row.tier ?? 'no'} tier: ${pills.map(({ standing, where }) => [VERDICT_WORDS[standing.verdict], standing.hosts.length > 0 ? count(standing.hosts.length, 'host') : '', where].filter(Boolean).join(' ')).join('; ')}`;
  const middle = y + height / 2;
  const { title, type } = shortName(row.name);
  const note = [row.places > 1 ? count(row.places, 'place') : '', row.places > 1 && type !== NO_SEGMENT ? '' : type].filter(Boolean).join(', ');
  return [
    `<g class="row" id="row-${rowId(drawing, index)}" data-row="${rowId(drawing, index)}" tabindex="0" role="button" aria-haspopup="dialog" aria-label="${esc(label)}">`,
    `<rect class="hit" x="2" y="${y + 2}" width="${columns.end - 4}" height="${height - 4}" rx="6"/>`,
    `<text class="name" x="14" y="${middle + (note ? -2 : 5)}">${esc(fit(title, GRID.name - 26, 14, 'bold'))}<title>${esc(row.name)}</title></text>`,
    note ? `<text class="note" x="14" y="${middle + 13}">${esc(fit(note, GRID.name - 26, 11))}</text>` : '',
    ...cells.map((cell, column) => (cell ? icon(cell, columns.zones + (column + 0.5) * GRID.zone, middle, 9, drawing.table.zones[column] ?? '') : '')),
    ...pills.map((pill) => pillSvg(pill, drawing, columns)),
    '</g>',
  ].join('');
}

const NO_SEGMENT = 'no segment';

/** Addresses begin alike and differ at their end: the name in large letters, the type in small ones. */
function shortName(name: string): { readonly title: string; readonly type?: string } {
  const network = /^no segment, in (.+)$/.exec(name)?.[1];
  if (network !== undefined) return { title: ownPart(network), type: NO_SEGMENT };
  const address = /^(?:([\w./-]+):)?(?:module\.[\w-]+(?:\["[^"]*"\]|\[\d+\])?\.)*(?:data\.)?(?:aws|azurerm|google)_(\w+)\.(.+)$/.exec(name);
  if (!address) return { title: name };
  const [, file, type = '', rest = ''] = address;
  const plain = type.replaceAll('_', ' ');
  return { title: rest.replace(/\b(?:[\w./-]+:)?(?:aws|azurerm|google)_\w+\./g, ''), type: file === undefined ? plain : `${plain} in ${file}` };
}

/** What tells a network from others: the key of its module, else the module, else its own name. */
function ownPart(address: string): string {
  const modules = [...address.matchAll(/module\.([\w-]+)(?:\["([^"]*)"\]|\[(\d+)\])?\./g)];
  const [, name, key, index] = modules.at(-1) ?? [];
  return key ?? (index === undefined ? name : `${name ?? ''}[${index}]`) ?? withoutFile(address).replace(/^(?:data\.)?[a-z]+_\w+\./, '');
}

function pillSvg({ standing, where, y }: Pill, { table }: Drawing, columns: TableColumns): string {
  const { verdict, hosts, onlyZones, family } = standing;
  const word = verdict === 'allowlisted' ? count(hosts.length, 'host') : VERDICT_WORDS[verdict];
  const letters = onlyZones.length > 0 && onlyZones.length <= 3 && table.zones.length > 0 ? onlyZones.map((zone) => shortZones(table.zones)[table.zones.indexOf(zone)] ?? zone).join(' ') : '';
  const narrow = [letters, family === 6 ? 'IPv6' : ''].filter(Boolean).join(' ');
  const width = GRID.pill - 14;
  return [
    `<g class="pill ${verdict}"><title>${esc([word, where].filter(Boolean).join(', '))}</title><rect x="${columns.pills}" y="${y - GRID.pillHeight / 2}" width="${width}" height="${GRID.pillHeight}" rx="${GRID.pillHeight / 2}"/>`,
    icon(verdict, columns.pills + 14, y, 7),
    `<text x="${columns.pills + 27}" y="${y + 4.5}">${esc(fit(narrow ? `${word} · ${narrow}` : word, width - 34, 12.5, 'bold'))}</text></g>`,
    verdict === 'none' ? stopSvg(standing, columns, y) : '',
  ].join('');
}

/** A way that ends: a short line and a bar, with what stops it. */
function stopSvg({ verdicts }: Pill['standing'], columns: TableColumns, y: number): string {
  const blocker = verdicts[0]?.blocker;
  const last = blocker?.path.at(-1);
  const words = blocker?.reason ?? 'stopped';
  // There is room for a few words: what it does, and not the first letters of its address, which stands in the title.
  const [, short = words] = /^\w+\.\S+ (.+)$/s.exec(words) ?? [];
  const x = columns.corridor - 14;
  return `<g class="stop"><path d="M${x} ${y}h14m0 -8v16"/><text x="${x + 21}" y="${y + 4}">${esc(fit(short, GRID.corridor - 16, 11))}<title>${esc([words, last?.address].filter(Boolean).join(': '))}</title></text></g>`;
}

function wallSvg({ internet, ways }: Layout, frame: Frame, top: number, bottom: number): string {
  const arrivals = ways.filter(({ way }) => way.to === 'internet');
  const x = frame.internet;
  const middle = (top + bottom) / 2;
  const arrivalText = arrivals.map(({ way, points }) => `<text class="arrival ${way.kind}" x="${x + 10}" y="${(points.at(-1)?.y ?? 0) + 4}">${arrivalWords(way)}</text>`).join('');
  const empty = internet !== undefined ? '' : `<text class="nothing" x="${x + WALL / 2}" y="${middle}" text-anchor="middle">no way here</text>`;
  return `<g class="wall"><rect x="${x}" y="${top + 2}" width="${WALL}" height="${bottom - top - 4}" rx="8"/><text class="title" x="${x + WALL / 2}" y="${top + 24}" text-anchor="middle">The internet</text>${arrivalText}${empty}</g>`;
}

function waySvg({ way, points }: RoutedWay, drawing: Drawing, frame: Frame): string {
  if (points.length === 0) return '';
  // The pill is where a way begins; the table's edge is only where the layout takes over.
  const start: readonly Point[] = 'row' in way.from ? [{ x: frame.columns.corridor - 14, y: (points[0] as Point).y }] : [];
  const last = points.at(-1) as Point;
  const end: Point = way.to === 'internet' ? { x: frame.internet - 2, y: last.y } : { x: last.x - 1, y: last.y };
  const rows = way.rows.map((row) => rowId(drawing, row)).join(' ');
  return `<path class="way ${way.kind}" data-rows="${rows}" marker-end="url(#arrow-${way.kind})" d="${rounded([...start, ...points.slice(0, -1), end])}"/>`;
}

/** Straight lines with round corners. */
function rounded(points: readonly Point[]): string {
  const parts = [`M${coordinates(points[0] as Point)}`];
  for (let index = 1; index < points.length; index++) {
    const [before, at, after] = [points[index - 1] as Point, points[index] as Point, points[index + 1]];
    if (!after) parts.push(`L${coordinates(at)}`);
    else parts.push(`L${coordinates(towards(at, before))}Q${coordinates(at)} ${coordinates(towards(at, after))}`);
  }
  return parts.join('');
}

function towards(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const step = length === 0 ? 0 : Math.min(7, length / 2) / length;
  return { x: from.x + (to.x - from.x) * step, y: from.y + (to.y - from.y) * step };
}

function coordinates({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
}
