/**
 * What a matcher of a Secure Web Proxy's rule lets through, from its CEL expression.
 * https://cloud.google.com/secure-web-proxy/docs/cel-matcher-language-reference
 *
 * A condition that is not understood here may hold or not: it bounds nothing, and is sure of nothing.
 */

import { isBelow } from '../host-names';

/** Hosts on ports; no ports are all of them. The host is written as in `AllowedHost`. */
export interface HostPorts {
  readonly host: string;
  readonly ports: readonly number[];
}

const EVERYTHING: readonly HostPorts[] = [{ host: '*', ports: [] }];
const NOTHING: readonly HostPorts[] = [];

/** What a condition asks of whoever calls: a secure tag, a service account, or a range of addresses. */
export interface Asked {
  readonly what: 'tag' | 'account' | 'range';
  readonly text: string;
}

/** What the language does not tell of itself. */
export interface Meaning {
  calls(asked: Asked): 'yes' | 'no' | 'maybe';
  /** The names of a list, as far as known. */
  listed(name: string): readonly string[];
}

type Condition =
  | { readonly is: 'host'; readonly host: string }
  /** An end that need not begin a label, so that it is no set of names. */
  | { readonly is: 'end'; readonly end: string }
  | { readonly is: 'list'; readonly name: string }
  | { readonly is: 'port'; readonly port: number }
  | { readonly is: 'caller'; readonly asked: Asked }
  | { readonly is: 'true' }
  | { readonly is: 'other' };

export type Matcher = { readonly is: 'all'; readonly of: readonly Matcher[] } | { readonly is: 'any'; readonly of: readonly Matcher[] } | (Condition & { readonly isNegated: boolean });

/** @param isNegated whether a `!` stands before all of it */
export function parseMatcher(expression: string, isNegated = false): Matcher {
  const text = unwrap(expression.trim());
  // `a || b ? c : d` asks what stands before the question mark as a whole.
  if (split(text, '?').length > 1) return { is: 'other', isNegated };
  for (const [operator, is] of [['||', isNegated ? 'all' : 'any'], ['&&', isNegated ? 'any' : 'all']] as const) {
    const sides = split(text, operator);
    if (sides.length > 1) return { is, of: sides.map((side) => parseMatcher(side, isNegated)) };
  }
  return text.startsWith('!') ? parseMatcher(text.slice(1), !isNegated) : condition(text, isNegated);
}

/**
 * The hosts that a matcher may let through (`may`), or lets through for certain (`must`).
 */
export function reached(matcher: Matcher, meaning: Meaning, how: 'may' | 'must'): readonly HostPorts[] {
  if (matcher.is === 'any') return matcher.of.flatMap((side) => reached(side, meaning, how));
  if (matcher.is === 'all') return matcher.of.map((side) => reached(side, meaning, how)).reduce((one, other) => meet(one, other, how));
  const unsure = how === 'may' ? EVERYTHING : NOTHING;
  const { isNegated } = matcher;
  switch (matcher.is) {
    case 'true': return isNegated ? NOTHING : EVERYTHING;
    case 'host': return isNegated ? unsure : [{ host: matcher.host, ports: [] }];
    case 'end': return isNegated || how === 'may' ? unsure : [{ host: `.${matcher.end}`, ports: [] }];
    case 'list': return isNegated ? unsure : meaning.listed(matcher.name).map((host) => ({ host, ports: [] }));
    case 'port': return isNegated ? unsure : [{ host: '*', ports: [matcher.port] }];
    case 'other': return unsure;
    case 'caller': {
      const answer = meaning.calls(matcher.asked);
      return answer === 'maybe' ? unsure : (answer === 'yes') !== isNegated ? EVERYTHING : NOTHING;
    }
  }
}

/** Everything that a matcher names of a kind, wherever in it. */
export function namesIn(matcher: Matcher, what: 'list' | Asked['what']): readonly string[] {
  if (matcher.is === 'any' || matcher.is === 'all') return matcher.of.flatMap((side) => namesIn(side, what));
  if (matcher.is === 'list') return what === 'list' ? [matcher.name] : [];
  return matcher.is === 'caller' && matcher.asked.what === what ? [matcher.asked.text] : [];
}

/** More than these pairs of names nobody writes; then the shorter list is bound enough. */
const MOST_PAIRS = 100_000;

/** The hosts of both. */
export function meet(one: readonly HostPorts[], other: readonly HostPorts[], how: 'may' | 'must'): readonly HostPorts[] {
  if (one.length * other.length > MOST_PAIRS) return how === 'must' ? NOTHING : one.length < other.length ? one : other;
  if (one === EVERYTHING || other === EVERYTHING) return one === EVERYTHING ? other : one;
  return one.flatMap((left) => other.flatMap((right): readonly HostPorts[] => {
    const host = isBelow(left.host, right.host) ? left.host : isBelow(right.host, left.host) ? right.host : undefined;
    const ports = left.ports.length === 0 ? right.ports : right.ports.length === 0 ? left.ports : left.ports.filter((port) => right.ports.includes(port));
    return host === undefined || (ports.length === 0 && left.ports.length + right.ports.length > 0) ? [] : [{ host, ports }];
  }));
}

/** Whether every host that the first stands for is one of the second. */
export function isWithin(one: HostPorts, other: HostPorts): boolean {
  return isBelow(one.host, other.host) && (other.ports.length === 0 || (one.ports.length > 0 && one.ports.every((port) => other.ports.includes(port))));
}

const STRING = `(?:"([^"]*)"|'([^']*)')`;
const EQUALS = new RegExp(`^host\\(\\)\\s*(==|!=)\\s*${STRING}$`);
const ENDS = new RegExp(`^host\\(\\)\\.endsWith\\(\\s*${STRING}\\s*\\)$`);
const LIST = new RegExp(`^inUrlList\\(\\s*host\\(\\)\\s*,\\s*${STRING}\\s*\\)$`);
const IN_RANGE = new RegExp(`^inIpRange\\(\\s*source\\.ip\\s*,\\s*${STRING}\\s*\\)$`);
const IDENTITY = new RegExp(`^source\\.match(Tag|ServiceAccount)\\(\\s*${STRING}\\s*\\)$`);
const PORT = /^destination\.port\s*(==|!=)\s*(\d+)$/;

function condition(text: string, isNegated: boolean): Matcher {
  if (text === 'true' || text === 'false') return { is: 'true', isNegated: isNegated !== (text === 'false') };
  const equals = EQUALS.exec(text);
  if (equals) return { is: 'host', host: (equals[2] ?? equals[3] ?? '').toLowerCase(), isNegated: isNegated !== (equals[1] === '!=') };
  const ends = ENDS.exec(text);
  if (ends) {
    const end = (ends[1] ?? ends[2] ?? '').toLowerCase();
    if (end.startsWith('.')) return end.length > 1 ? { is: 'host', host: `*${end}`, isNegated } : { is: 'other', isNegated };
    return end === '' ? { is: 'true', isNegated } : { is: 'end', end, isNegated };
  }
  const port = PORT.exec(text);
  if (port) return { is: 'port', port: Number(port[2]), isNegated: isNegated !== (port[1] === '!=') };
  const list = LIST.exec(text);
  if (list) return { is: 'list', name: list[1] ?? list[2] ?? '', isNegated };
  const range = IN_RANGE.exec(text);
  if (range) return { is: 'caller', asked: { what: 'range', text: range[1] ?? range[2] ?? '' }, isNegated };
  const identity = IDENTITY.exec(text);
  if (identity) return { is: 'caller', asked: { what: identity[1] === 'Tag' ? 'tag' : 'account', text: identity[2] ?? identity[3] ?? '' }, isNegated };
  return { is: 'other', isNegated };
}

/** Splits at an operator that is in no bracket and no string. */
function split(text: string, operator: string): readonly string[] {
  if (!text.includes(operator)) return [text];
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
