/** Sets of whole numbers as sorted, disjoint, inclusive ranges: ports, and addresses of one family. */

/** Both ends are included. */
export type Range = readonly [from: bigint, to: bigint];

/** Sorted, disjoint, not touching. Make one with `rangesOf`. */
export type Ranges = readonly Range[];

export const NOTHING: Ranges = [];

/** Puts ranges in order and joins those that overlap or touch. */
export function rangesOf(ranges: Iterable<Range>): Ranges {
  const sorted = [...ranges].filter(([from, to]) => from <= to).sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  const result: [bigint, bigint][] = [];
  for (const [from, to] of sorted) {
    const last = result[result.length - 1];
    if (last && from <= last[1] + 1n) last[1] = to > last[1] ? to : last[1];
    else result.push([from, to]);
  }
  return result;
}

export function union(...sets: readonly Ranges[]): Ranges {
  return unionOf(sets);
}

/** The same of a list, however long: so many arguments as some firewalls have rules would be more than a call takes. */
export function unionOf(sets: readonly Ranges[]): Ranges {
  const full = sets.filter((set) => set.length > 0);
  return full.length === 1 ? (full[0] as Ranges) : rangesOf(full.flat());
}

/** The very set `a` or `b` where the result is the same: what is kept by object is then known again. */
export function intersect(a: Ranges, b: Ranges): Ranges {
  if (a === b) return a;
  if (isApart(a, b)) return NOTHING;
  if (lastIntersection.a !== a || lastIntersection.b !== b) lastIntersection = { a, b, result: intersection(a, b) };
  return lastIntersection.result;
}

/** The boxes of one traffic mostly go to the same addresses, and are cut by the same others one after the other. */
let lastIntersection: { readonly a: Ranges; readonly b: Ranges; readonly result: Ranges } = { a: NOTHING, b: NOTHING, result: NOTHING };

/** Whether one of them ends before the other begins, as most blocks of a long list do; false says nothing. */
export function isApart(a: Ranges, b: Ranges): boolean {
  if (a.length === 0 || b.length === 0) return true;
  return (a[a.length - 1] as Range)[1] < (b[0] as Range)[0] || (b[b.length - 1] as Range)[1] < (a[0] as Range)[0];
}

function intersection(a: Ranges, b: Ranges): Ranges {
  const result: Range[] = [];
  // What ends before the other set begins is skipped at once: a rule for one block meets lists of thousands.
  for (let i = firstEndingFrom(a, (b[0] as Range)[0]), j = firstEndingFrom(b, (a[0] as Range)[0]); i < a.length && j < b.length;) {
    const [aFrom, aTo] = a[i] as Range;
    const [bFrom, bTo] = b[j] as Range;
    const from = aFrom > bFrom ? aFrom : bFrom;
    const to = aTo < bTo ? aTo : bTo;
    if (from <= to) result.push(from === aFrom && to === aTo ? (a[i] as Range) : from === bFrom && to === bTo ? (b[j] as Range) : [from, to]);
    if (aTo < bTo) i++;
    else j++;
  }
  return isSame(result, a) ? a : isSame(result, b) ? b : result;
}

/** True for sets of the very same ranges. */
export function isSame(a: Ranges, b: Ranges): boolean {
  return a === b || (a.length === b.length && a.every((range, index) => range === b[index] || (range[0] === b[index]?.[0] && range[1] === b[index][1])));
}

/** The very set `a` where nothing is taken away. */
export function subtract(a: Ranges, b: Ranges): Ranges {
  if (a.length === 0 || b.length === 0) return a;
  if (lastDifference.a !== a || lastDifference.b !== b) lastDifference = { a, b, result: difference(a, b) };
  return lastDifference.result;
}

let lastDifference = lastIntersection;

/** Where the first range stands that ends at a number or behind it. */
function firstEndingFrom(set: Ranges, number: bigint): number {
  let [low, high] = [0, set.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((set[middle] as Range)[1] < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

function difference(a: Ranges, b: Ranges): Ranges {
  // What lies before and behind all that is taken away stays as it is.
  const first = firstEndingFrom(a, (b[0] as Range)[0]);
  const last = (b[b.length - 1] as Range)[1];
  if (first === a.length || (a[first] as Range)[0] > last) return a;
  const result: Range[] = a.slice(0, first);
  let j = 0;
  for (let at = first; at < a.length; at++) {
    const range = a[at] as Range;
    const [from, to] = range;
    if (from > last) {
      for (; at < a.length; at++) result.push(a[at] as Range);
      break;
    }
    let start = from;
    while (j < b.length && (b[j] as Range)[1] < start) j++;
    for (let k = j; k < b.length && (b[k] as Range)[0] <= to; k++) {
      const [cutFrom, cutTo] = b[k] as Range;
      if (cutFrom > start) result.push([start, cutFrom - 1n]);
      if (cutTo + 1n > start) start = cutTo + 1n;
    }
    if (start <= to) result.push(start === from ? range : [start, to]);
  }
  return result.length === a.length && result.every((range, index) => range === a[index]) ? a : result;
}

export function isEmpty(set: Ranges): boolean {
  return set.length === 0;
}

/** Whether everything in `b` is in `a`. The first range that is not ends it. */
export function includes(a: Ranges, b: Ranges): boolean {
  if (a === b) return true;
  let i = 0;
  for (const [from, to] of b) {
    while (i < a.length && (a[i] as Range)[1] < from) i++;
    // No two ranges touch: what is inside at all is inside of one.
    if (i === a.length || (a[i] as Range)[0] > from || (a[i] as Range)[1] < to) return false;
  }
  return true;
}

/** How many numbers a set holds. */
export function size(set: Ranges): bigint {
  return set.reduce((sum, [from, to]) => sum + (to - from + 1n), 0n);
}
