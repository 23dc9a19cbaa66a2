/** Two answers to the same question, of which either may be the one that holds. */
import type { Verdict, VerdictKind } from './verdict';

const RANK: Readonly<Record<VerdictKind, number>> = { none: 0, allowlisted: 1, unknown: 2, open: 3 };

/** The worse one of each place, as a verdict of the first ones' place. Places that only the others have are left out. */
export function worseOf(verdicts: readonly Verdict[], others: readonly Verdict[]): readonly Verdict[] {
  const keyOf = ({ place, family }: Verdict) => `${place.id}\n${family}`;
  const byPlace = new Map(others.map((each) => [keyOf(each), each]));
  return verdicts.map((verdict) => {
    const other = byPlace.get(keyOf(verdict));
    return other && RANK[other.kind] > RANK[verdict.kind] ? { ...other, place: verdict.place } : verdict;
  });
}
