/** What every check is given, besides the part of the policy that it looks at. */
import type { Tier } from './model';
import type { Path } from './problems';
import { suggestion } from './suggest';

/** A segment as it is written, sound or not: a typing error in it must not make it unknown elsewhere. */
export interface DeclaredSegment {
  readonly name: string;
  readonly index: number;
  readonly tier?: Tier;
}

/** The day, the names, and where to put what is found. */
export interface CheckContext {
  /** `YYYY-MM-DD`. */
  readonly today: string;
  /** By name; undefined when the file has no list of segments to compare with. */
  readonly segments: ReadonlyMap<string, DeclaredSegment> | undefined;
  error(path: Path, code: string, message: string, fix: string, value?: unknown): void;
  warning(path: Path, code: string, message: string, fix: string, value?: unknown): void;
  /** A place to name in a message about another one: `allow[3] (line 12)`. */
  where(path: Path): string;
}

/** The segments that the text declares, whatever else may be wrong with them. */
export function declaredSegments(value: unknown): ReadonlyMap<string, DeclaredSegment> | undefined {
  const { segments } = value as { segments?: unknown };
  // Who wrote something else than segments there means some that cannot be told.
  if (!Array.isArray(segments) || segments.length === 0 || !segments.every((segment) => typeof segment === 'object' && segment !== null)) return undefined;
  const declared = new Map<string, DeclaredSegment>();
  segments.forEach((segment: { name?: unknown; tier?: unknown } | null, index) => {
    const name = segment?.name;
    if (typeof name !== 'string' || declared.has(name)) return;
    const tier = (['public', 'private', 'data'] as const).find((each) => each === segment?.tier);
    declared.set(name, { name, index, ...(tier ? { tier } : {}) });
  });
  return declared;
}

/** Calls back for every value that was there before, with the index of its first place. */
export function repeated(values: readonly (string | number | null)[], found: (index: number, first: number) => void): void {
  const firsts = new Map<string | number, number>();
  values.forEach((value, index) => {
    if (value === null) return;
    const first = firsts.get(value);
    if (first === undefined) firsts.set(value, index);
    else found(index, first);
  });
}

/** Whether a name is a segment's; reports one that is not. */
export function knownSegment(name: string | null, path: Path, context: CheckContext): boolean {
  const { segments } = context;
  if (name === null || !segments || segments.has(name)) return name !== null;
  context.error(path, 'unknown-segment', 'is not a segment', suggestion(name, [...segments.keys()], 'segments'), name);
  return false;
}
