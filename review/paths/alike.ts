/** The verdicts of many places, of which those that start alike are traced once. */
import type { Family } from '../model/addresses';
import type { Hop, Place } from '../model/network-model';
import { stepOf, trace, type Step } from './trace';
import { verdictOf, type Verdict } from './verdict';

/** One per place and family, in the places' order. See `Hop.isShared` for what may be traced once. */
export function verdictsOf(places: readonly Place[]): readonly Verdict[] {
  const known = new Map<Hop['forward'], Map<Family, Verdict>>();
  return places.flatMap((place) => place.families.map((family) => {
    if (place.start.isShared !== true) return verdictOf(trace(place, family));
    const { forward } = place.start;
    let byFamily = known.get(forward);
    if (!byFamily) known.set(forward, (byFamily = new Map()));
    const found = byFamily.get(family);
    if (found) return retold(found, place);
    const verdict = verdictOf(trace(place, family));
    byFamily.set(family, verdict);
    return verdict;
  }));
}

/** The same from another place: its own first step, and the same ones from there on. */
function retold(verdict: Verdict, place: Place): Verdict {
  const { witness, blocker } = verdict;
  return {
    ...verdict,
    place,
    ...(witness ? { witness: startingAt(place, witness) } : {}),
    ...(blocker ? { blocker: { ...blocker, path: startingAt(place, blocker.path) } } : {}),
  };
}

function startingAt({ start }: Place, path: readonly Step[]): readonly Step[] {
  return [stepOf(start), ...path.slice(1)];
}
