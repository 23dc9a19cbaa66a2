/**
 * Which hosts a Secure Web Proxy's rule lets through, from its CEL expression.
 * https://cloud.google.com/secure-web-proxy/docs/cel-matcher-language-reference
 *
 * An expression that limits the host in no way that is understood here limits nothing.
 */

/** Hosts, or `any` when the expression does not limit them. Lists stand for their names. */
export type MatchedHosts = 'any' | readonly MatchedHost[];

export type MatchedHost = { readonly host: string } | { readonly list: string };

/** `listAt` tells which list the n-th template of the expression stands for. */
export function hostsOf(expression: string): MatchedHosts {
  const text = unwrap(expression.trim());
  const alternatives = split(text, '||');
  if (alternatives.length > 1) return together(alternatives.map(hostsOf));
  const conditions = split(text, '&&');
  if (conditions.length > 1) {
    // Each condition bounds what gets through: the shortest list is bound enough.
    const bounds = conditions.map(hostsOf).filter((bound): bound is readonly MatchedHost[] => bound !== 'any');
    return bounds.length === 0 ? 'any' : bounds.reduce((least, bound) => (bound.length < least.length ? bound : least));
  }
  return condition(text);
}

/** Callers and ports that an expression is limited to; an absent one is not limited. */
export interface MatcherLimits {
  readonly sources?: readonly string[];
  readonly ports?: readonly number[];
}

/** What an expression says of `source.ip` and `destination.port`, as far as it is understood. */
export function limitsOf(expression: string): MatcherLimits {
  const text = unwrap(expression.trim());
  const alternatives = split(text, '||');
  if (alternatives.length > 1) {
    const all = alternatives.map(limitsOf);
    return limits(unionOf(all.map(({ sources }) => sources)), unionOf(all.map(({ ports }) => ports)));
  }
  const conditions = split(text, '&&');
  if (conditions.length > 1) {
    const all = conditions.map(limitsOf);
    return limits(shortest(all.map(({ sources }) => sources)), shortest(all.map(({ ports }) => ports)));
  }
  const range = IN_RANGE.exec(text);
  const port = PORT.exec(text);
  return limits(range ? [range[1] ?? range[2] ?? ''] : undefined, port ? [Number(port[1])] : undefined);
}

function limits(sources: readonly string[] | undefined, ports: readonly number[] | undefined): MatcherLimits {
  return { ...(sources ? { sources } : {}), ...(ports ? { ports } : {}) };
}

function unionOf<T>(lists: readonly (readonly T[] | undefined)[]): readonly T[] | undefined {
  const known = lists.filter((list): list is readonly T[] => list !== undefined);
  return known.length < lists.length ? undefined : [...new Set(known.flat())];
}

/** Each condition bounds what gets through: the shortest list is bound enough. */
function shortest<T>(lists: readonly (readonly T[] | undefined)[]): readonly T[] | undefined {
  const known = lists.filter((list): list is readonly T[] => list !== undefined);
  return known.length === 0 ? undefined : known.reduce((least, list) => (list.length < least.length ? list : least));
}

const STRING = `(?:"([^"]*)"|'([^']*)')`;
const EQUALS = new RegExp(`^host\\(\\)\\s*==\\s*${STRING}$`);
const ENDS = new RegExp(`^host\\(\\)\\.endsWith\\(\\s*${STRING}\\s*\\)$`);
const LIST = new RegExp(`^inUrlList\\(\\s*(?:host|url)\\(\\)\\s*,\\s*${STRING}\\s*\\)$`);

const IN_RANGE = new RegExp(`^inIpRange\\(\\s*source\\.ip\\s*,\\s*${STRING}\\s*\\)$`);
const PORT = /^destination\.port\s*==\s*(\d+)$/;

function condition(text: string): MatchedHosts {
  if (text === 'false') return [];
  const equals = EQUALS.exec(text);
  if (equals) return [{ host: (equals[1] ?? equals[2] ?? '').toLowerCase() }];
  const ends = ENDS.exec(text);
  if (ends) {
    const suffix = (ends[1] ?? ends[2] ?? '').toLowerCase();
    // Without a dot in front it also matches names that only end alike.
    return suffix.startsWith('.') && suffix.length > 1 ? [{ host: `*${suffix}` }] : 'any';
  }
  const list = LIST.exec(text);
  if (list) return [{ list: list[1] ?? list[2] ?? '' }];
  return 'any';
}

function together(parts: readonly MatchedHosts[]): MatchedHosts {
  const known = parts.filter((part): part is readonly MatchedHost[] => part !== 'any');
  return known.length < parts.length ? 'any' : known.flat();
}

/** Splits at an operator that is in no bracket and no string. */
function split(text: string, operator: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  scan(text, (at, depth) => {
    if (depth === 0 && text.startsWith(operator, at) && at >= start) {
      parts.push(text.slice(start, at).trim());
      start = at + operator.length;
    }
  });
  return [...parts, text.slice(start).trim()];
}

/** `(a || b)` without the brackets around all of it. */
function unwrap(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  let closesAt = -1;
  scan(text, (at, depth) => {
    if (closesAt < 0 && text[at] === ')' && depth === 0) closesAt = at;
  });
  return closesAt === text.length - 1 ? unwrap(text.slice(1, -1).trim()) : text;
}

/** Visits each character outside of strings, with the depth of brackets behind it. */
function scan(text: string, visit: (at: number, depth: number) => void): void {
  let depth = 0;
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] as string;
    if (quote !== '') {
      if (letter === '\\') at += 1;
      else if (letter === quote) quote = '';
      continue;
    }
    if (letter === '"' || letter === "'") quote = letter;
    else if (letter === '(' || letter === '[') depth += 1;
    else if (letter === ')' || letter === ']') depth -= 1;
    visit(at, depth);
  }
}
