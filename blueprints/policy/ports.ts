/** Ports as people write them (`443`, `"8000-8100"`) and as sorted, merged ranges. */
import type { PortRange } from './model';
import type { Finding } from './problems';

/** The highest port of TCP and UDP. */
export const LAST_PORT = 65535;

/** A range, or why the text is none. */
export type ParsedPort = { readonly ok: true; readonly range: PortRange } | { readonly ok: false; readonly problem: Finding };

/** Reads `443` or `"8000-8100"`. */
export function parsePort(value: unknown): ParsedPort {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  const [, first, last] = /^\s*(\d{1,6})\s*(?:-\s*(\d{1,6})\s*)?$/.exec(text) ?? [];
  if (!first) {
    const fix = 'write a number such as 443, or a range in quotes such as "8000-8100"';
    return { ok: false, problem: { code: 'port-syntax', message: 'is not a port', fix } };
  }
  const range = { from: Number(first), to: Number(last ?? first) };
  if (range.from < 1 || range.from > LAST_PORT || range.to < 1 || range.to > LAST_PORT) {
    return { ok: false, problem: { code: 'port-range', message: 'is outside 1-65535', fix: 'write a port from 1 to 65535' } };
  }
  if (range.from > range.to) {
    return { ok: false, problem: { code: 'port-reversed', message: 'ends before it starts', fix: `write "${range.to}-${range.from}"` } };
  }
  return { ok: true, range };
}

/** Sorted, and joined where they overlap or touch. */
export function mergePorts(ranges: readonly PortRange[]): readonly PortRange[] {
  const merged: { from: number; to: number }[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from || a.to - b.to)) {
    const last = merged.at(-1);
    if (last && range.from <= last.to + 1) last.to = Math.max(last.to, range.to);
    else merged.push({ ...range });
  }
  return merged;
}

/** For each range, the index of an earlier one that it shares a port with. */
export function overlaps(ranges: readonly PortRange[]): readonly { readonly index: number; readonly earlier: number }[] {
  const order = ranges.map((_, index) => index).sort((a, b) => ranges[a]!.from - ranges[b]!.from || a - b);
  const found: { index: number; earlier: number }[] = [];
  let widest: number | undefined;
  for (const current of order) {
    if (widest !== undefined && ranges[current]!.from <= ranges[widest]!.to) {
      found.push({ index: Math.max(current, widest), earlier: Math.min(current, widest) });
    }
    if (widest === undefined || ranges[current]!.to > ranges[widest]!.to) widest = current;
  }
  return found.sort((a, b) => a.index - b.index);
}

/** `443` or `8000-8100`. */
export function portText(range: PortRange): string {
  return range.from === range.to ? String(range.from) : `${range.from}-${range.to}`;
}
