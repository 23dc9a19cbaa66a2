/**
 * One pass over the text before it is parsed. `JSON.parse` itself survives any depth, but whatever
 * walks its result would not; and of two keys with the same name it keeps the last without a word,
 * so that a second `resource_changes` could hide the first.
 *
 * Measured: about a quarter of the time of `JSON.parse`.
 */
import { PlannedValues, type Span } from './planned-values';

/** Real plans nest about 40 deep; each module adds two levels, each block one. */
export const DEEPEST = 500;

export interface Scan {
  /** True when something nests deeper than `DEEPEST`. */
  readonly tooDeep: boolean;
  /** A key that the outermost object has twice. */
  readonly duplicate?: string;
  /** The text's place where the scan ended inside a string or an unclosed bracket. */
  readonly unclosed: boolean;
  /** Where the outermost object's `planned_values` stand, and what they name. */
  readonly planned?: Span;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
/** `[` and `{` differ by this bit, and so do `]` and `}`. */
const BRACE_BIT = 0x20;
const OPEN = 0x7b;
const CLOSE = 0x7d;

export function scan(text: string): Scan {
  const keys = new Set<string>();
  const { length } = text;
  let depth = 0;
  let start = 0;
  let end = 0;
  let inside: PlannedValues | undefined;
  let planned: Span | undefined;
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      start = at;
      do at = text.indexOf('"', at + 1);
      while (at >= 0 && isEscaped(text, at));
      if (at < 0) return { tooDeep: false, unclosed: true };
      end = at + 1;
      if (inside?.isAddressNext) inside.address(text, start, end);
    } else if ((code | BRACE_BIT) === OPEN) {
      depth += 1;
      if (depth > DEEPEST) return { tooDeep: true, unclosed: false };
      if (inside) inside.open(depth, code === OPEN);
    } else if ((code | BRACE_BIT) === CLOSE) {
      depth -= 1;
      if (inside && depth === 1) {
        planned = inside.until(at + 1);
        inside = undefined;
      }
    } else if (code === COLON) {
      if (depth === 1) {
        const key = plainKey(text.slice(start, end));
        if (keys.has(key)) return { tooDeep: false, unclosed: false, duplicate: key };
        keys.add(key);
        inside = key === 'planned_values' ? new PlannedValues(at + 1) : undefined;
      } else if (inside?.isRead(depth)) {
        inside.key(text.slice(start, end), depth);
      }
    }
  }
  return { tooDeep: false, unclosed: depth > 0, ...(planned ? { planned } : {}) };
}

/** True behind an odd number of backslashes. */
function isEscaped(text: string, quote: number): boolean {
  let at = quote - 1;
  while (text.charCodeAt(at) === BACKSLASH) at -= 1;
  return (quote - at) % 2 === 0;
}

/** `"a"` may be written `"\u0061"`. */
function plainKey(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}
