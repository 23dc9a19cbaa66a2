/** The table of the terminal report: segment × verdict × hosts × way. */
import type { createColors } from 'picocolors';
import type { VerdictKind } from '../paths/verdict';
import type { PlaceVerdict } from '../result';
import { tellings, type SegmentRow, type Standing } from './segment-rows';
import { VERDICT_WORDS, hostWords, listed, tellingWay, wayWords } from './words';
import { widthInColumns } from './wide';
import { wrap } from './wrap';

type Colors = ReturnType<typeof createColors>;
type Paint = (text: string) => string;

/** Hosts shown per line before the rest is counted. */
const HOSTS_SHOWN = 6;

/** @param width columns that the table may take; long cells wrap */
export function verdictTable(rows: readonly SegmentRow[], colors: Colors, width: number): string {
  if (rows.length === 0) return 'no workload and no subnet to judge';
  const name = Math.min(Math.max(9, ...rows.map((row) => row.name.length + 2)), Math.floor(width * 0.3));
  const verdict = Math.min(22, Math.floor(width * 0.24));
  const rest = width - name - verdict - 5;
  const hosts = Math.floor(rest * 0.42);
  const widths = [name, verdict, hosts, rest - hosts];
  const rule = (left: string, cross: string, right: string) => left + widths.map((columns) => '─'.repeat(columns)).join(cross) + right;
  const cells = rows.flatMap((row) => tellings(row).map(({ standing, where }, index) =>
    [index === 0 ? nameLines(row, colors) : [], verdictLines(standing, where, colors), hostLines(standing, colors), wayLines(standing, colors)]));
  const heading: Cell[] = ['segment', 'verdict', 'hosts', 'way'].map((title) => [[title, colors.bold]]);
  return [
    rule('┌', '┬', '┐'),
    ...tableRow(heading, widths),
    ...cells.flatMap((row) => [rule('├', '┼', '┤'), ...tableRow(row, widths)]),
    rule('└', '┴', '┘'),
  ].join('\n');
}

/** The lines of one row, each cell as tall as the tallest. A table library measures colours and emoji so slowly that a long name takes minutes. */
function tableRow(cells: readonly Cell[], widths: readonly number[]): readonly string[] {
  const wrapped = cells.map((cell, column) => cell.flatMap(([text, paint]) => wrap(text, (widths[column] as number) - 2).map((line) => [line, paint] as const)));
  const height = Math.max(...wrapped.map((cell) => cell.length));
  return Array.from({ length: height }, (_, line) => `│${wrapped.map((cell, column) => {
    const [text, paint] = cell[line] ?? ['', plain];
    return ` ${paint(text)}${' '.repeat(Math.max(0, (widths[column] as number) - 1 - widthInColumns(text)))}`;
  }).join('│')}│`);
}

/** Text and its colour apart, because text is wrapped by what is seen of it. */
type Line = readonly [text: string, paint: Paint];
type Cell = readonly Line[];

const plain: Paint = (text) => text;

function nameLines({ name, tier }: SegmentRow, colors: Colors): readonly Line[] {
  return [[name, plain], ...(tier ? [[tier, colors.dim] as const] : [])];
}

function verdictLines({ verdict, onlyZones, verdicts }: Standing, where: string, colors: Colors): readonly Line[] {
  const paint: Readonly<Record<VerdictKind, Paint>> = { open: colors.red, unknown: colors.yellow, allowlisted: colors.blue, none: colors.green };
  const many = verdicts.length > 1 && onlyZones.length === 0 ? ` ×${verdicts.length}` : '';
  return [[VERDICT_WORDS[verdict] + many, paint[verdict]], ...(where ? [[where, colors.dim] as const] : [])];
}

function hostLines({ hosts, verdict, verdicts }: Standing, colors: Colors): readonly Line[] {
  if (verdict === 'open') return [[listed([...new Set(verdicts.flatMap(({ openTraffic }) => openTraffic ?? []))]) || 'anything', plain]];
  if (hosts.length === 0) return [[verdict === 'unknown' ? '?' : 'none', colors.dim]];
  const shown = hosts.slice(0, HOSTS_SHOWN).map((host) => [hostWords(host), plain] as const);
  return [...shown, ...(hosts.length > HOSTS_SHOWN ? [[`and ${hosts.length - HOSTS_SHOWN} more`, plain] as const] : [])];
}

function wayLines({ verdicts }: Standing, colors: Colors): readonly Line[] {
  const first = verdicts[0] as PlaceVerdict;
  const { steps, end } = tellingWay(first);
  const why = first.blocker?.reason ?? first.reasons[0];
  return [...(steps.length > 0 ? [[wayWords(steps, end), plain] as const] : []), ...(why ? [[why, colors.dim] as const] : [])];
}
