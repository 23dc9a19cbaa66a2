/** The worst way that passes a resource: the path that a finding about it concerns. */
import { RecentTails } from './recent-tails';
import type { Step } from './trace';
import type { Verdict, VerdictKind } from './verdict';

/**
 * A way that starts at the resource or passes it; else one that passes what it is part of, starts in
 * it where it is a network, or starts in the segment. Undefined for what decides on no way.
 */
export type WayThrough = (address: string, segment?: string) => readonly Step[] | undefined;

/** From the worst. */
const WORST: readonly VerdictKind[] = ['open', 'unknown', 'allowlisted', 'none'];

/** Of several ways one of the worst verdict, and of these the shortest. For what is stopped it is the way to the blocker. */
export function waysThrough(verdicts: readonly Verdict[], partOf: () => Iterable<readonly [part: string, of: string]>): WayThrough {
  let ways: Ways | undefined;
  return (address, segment) => {
    const { byAddress, byNetwork, bySegment, parts } = (ways ??= index(verdicts, partOf()));
    const of = [...(parts.get(address) ?? [])].sort();
    const first = (index: ReadonlyMap<string, readonly Step[]>, keys: readonly string[]) => keys.map((key) => index.get(key)).find((way) => way !== undefined);
    return byAddress.get(address) ?? first(byAddress, of) ?? first(bySegment, segment === undefined ? [] : [segment]) ?? first(byNetwork, [address, ...of]);
  };
}

interface Ways {
  readonly byAddress: ReadonlyMap<string, readonly Step[]>;
  readonly byNetwork: ReadonlyMap<string, readonly Step[]>;
  readonly bySegment: ReadonlyMap<string, readonly Step[]>;
  readonly parts: ReadonlyMap<string, ReadonlySet<string>>;
}

function wayOf({ witness, blocker }: Verdict): readonly Step[] | undefined {
  return witness ?? blocker?.path;
}

function index(verdicts: readonly Verdict[], partOf: Iterable<readonly [part: string, of: string]>): Ways {
  const byAddress = new Map<string, readonly Step[]>();
  const byNetwork = new Map<string, readonly Step[]>();
  const bySegment = new Map<string, readonly Step[]>();
  const note = (ways: Map<string, readonly Step[]>, key: string | undefined, path: readonly Step[]) => {
    if (key !== undefined && !ways.has(key)) ways.set(key, path);
  };
  for (const kind of WORST) {
    const found = verdicts.filter((verdict) => verdict.kind === kind && wayOf(verdict) !== undefined);
    const recent = new RecentTails();
    for (const verdict of found.sort((a, b) => (wayOf(a) as readonly Step[]).length - (wayOf(b) as readonly Step[]).length)) {
      const path = wayOf(verdict) as readonly Step[];
      const { place } = verdict;
      for (const address of place.addresses) note(byAddress, address, path);
      // Behind its first step such a path was noted a moment ago.
      const noted = recent.has(path, kind) ? 1 : path.length;
      for (let at = 0; at < noted; at += 1) note(byAddress, path[at]?.address, path);
      note(byNetwork, place.network, path);
      note(bySegment, place.segment, path);
    }
  }
  const parts = new Map<string, Set<string>>();
  for (const [part, of] of partOf) {
    const known = parts.get(part);
    if (known) known.add(of);
    else parts.set(part, new Set([of]));
  }
  return { byAddress, byNetwork, bySegment, parts };
}
