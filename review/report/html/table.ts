/**
 * The left part of the diagram, where things stand and not how they are connected: tiers as bands,
 * segments as rows, zones as columns, each row with its verdicts. It is a grid and needs no layout
 * library; ways leave it at its right edge.
 */
import type { PlaceVerdict } from '../../result';
import type { VerdictKind } from '../../paths/verdict';
import type { Picture } from '../picture/picture';
import { tellings, type SegmentRow, type Standing } from '../segment-rows';
import { VERDICTS } from '../words';

/** In pixels at full size. */
export const GRID = { name: 176, zone: 30, pill: 146, pillHeight: 24, corridor: 166, header: 34, band: 26, row: 42, gap: 16 } as const;

/** Zones that get a column each; more of them are counted. */
const MOST_ZONES = 6;

/** One verdict of a row, as it is drawn. */
export interface Pill {
  readonly standing: Standing;
  /** Into the row's standings, as ways refer to it. */
  readonly index: number;
  readonly where: string;
  /** The middle of it. */
  readonly y: number;
}

export interface TableRow {
  readonly row: SegmentRow;
  /** Into the picture's rows. */
  readonly index: number;
  readonly y: number;
  readonly height: number;
  readonly pills: readonly Pill[];
  /** The worst verdict in each column; undefined where the segment has nothing in that zone. */
  readonly cells: readonly (VerdictKind | undefined)[];
}

export interface TableBand {
  readonly tier: string;
  readonly y: number;
}

export interface TableColumns {
  /** Where the columns begin. */
  readonly zones: number;
  readonly pills: number;
  readonly corridor: number;
  readonly end: number;
}

export interface GridTable {
  readonly zones: readonly string[];
  readonly rows: readonly TableRow[];
  readonly bands: readonly TableBand[];
  readonly height: number;
}

/** Columns that all pictures of a page share, so that they align below each other. */
export function columnsOf(pictures: readonly Picture[]): TableColumns {
  const widest = Math.max(0, ...pictures.map((picture) => zonesOf(picture).length));
  const pills = GRID.name + (widest > 0 ? widest * GRID.zone + GRID.gap : 0);
  const corridor = pills + GRID.pill;
  return { zones: GRID.name, pills, corridor, end: corridor + GRID.corridor };
}

export function tableOf(picture: Picture): GridTable {
  const zones = zonesOf(picture);
  const rows: TableRow[] = [];
  const bands: TableBand[] = [];
  let y: number = GRID.header;
  let tier: string | undefined;
  picture.rows.forEach((row, index) => {
    const name = row.tier ?? 'no tier';
    if (name !== tier) {
      tier = name;
      bands.push({ tier, y });
      y += GRID.band;
    }
    const told = tellings(row);
    const height = Math.max(GRID.row, told.length * (GRID.pillHeight + 6) + 12);
    const first = y + height / 2 - ((told.length - 1) * (GRID.pillHeight + 6)) / 2;
    rows.push({
      row,
      index,
      y,
      height,
      pills: told.map(({ standing, where }, line) => ({ standing, index: row.standings.indexOf(standing), where, y: first + line * (GRID.pillHeight + 6) })),
      cells: zones.map((zone) => worstIn(row, zone)),
    });
    y += height;
  });
  return { zones, rows, bands, height: y };
}

/** `a`, `b`, `c` for `us-east-1a`, …: what zones have in common says nothing in a heading. */
export function shortZones(zones: readonly string[]): readonly string[] {
  const first = zones[0] ?? '';
  let common = 0;
  while (zones.length > 1 && zones.every((zone) => zone.length > common + 1 && zone[common] === first[common])) common++;
  const short = zones.map((zone) => zone.slice(zones.length > 1 ? common : -1));
  return short.every((zone) => zone.length <= 3) ? short : zones.map((_, index) => String(index + 1));
}

/** Zones with a column of their own; none where there are too many to tell apart. */
function zonesOf({ rows }: Picture): readonly string[] {
  const zones = [...new Set(rows.flatMap((row) => row.zones))].sort();
  return zones.length > MOST_ZONES ? [] : zones;
}

function worstIn(row: SegmentRow, zone: string): VerdictKind | undefined {
  const inZone = ({ verdicts }: { readonly verdicts: readonly PlaceVerdict[] }) => verdicts.some((verdict) => verdict.zone === zone);
  const found = row.standings.filter(({ overshadowed }) => !overshadowed).filter(inZone).map(({ verdict }) => verdict);
  return VERDICTS.find((verdict) => found.includes(verdict));
}
