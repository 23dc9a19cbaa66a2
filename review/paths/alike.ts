/** The verdicts of many places, of which those that start alike are traced once. */
import type { Family } from '../model/addresses';
import type { Hop, Place } from '../model/network-model';
import { stepOf, Steps, trace, type Step } from './trace';
import { verdictOf, type Verdict } from './verdict';

/** One per place and family, in the places' order. See `Hop.isShared` for what may be traced once. */
export function verdictsOf(places: readonly Place[]): readonly Verdict[] {
  const known = new Map<Hop['forward'], Map<Family, Verdict>>();
  const steps = new Steps();
  return places.flatMap((place) => place.families.map((family) => {
    if (place.start.isShared !== true) return verdictOf(trace(place, family, steps));
    const { forward } = place.start;
    let byFamily = known.get(forward);
    if (!byFamily) known.set(forward, (byFamily = new Map()));
    const found = byFamily.get(family);
    if (found) return retold(found, place);
    const verdict = verdictOf(trace(place, family, steps));
    byFamily.set(family, verdict);
    return verdict;
  }));
}

/** The same from another place: its own first step, and the same ones from there on. */
function retold(verdict: Verdict, place: Place): Verdict {
  const { family, kind, hosts, witness, openTraffic, doubtfulTraffic, blocker, reasons } = verdict;
  return {
    place,
    family,
    kind,
    hosts,
    witness: witness && startingAt(place, witness),
    openTraffic,
    doubtfulTraffic,
    blocker: blocker && { path: startingAt(place, blocker.path), reason: blocker.reason },
    reasons,
  };
}

function startingAt({ start }: Place, path: readonly Step[]): readonly Step[] {
  const retold = path.slice();
  retold[0] = stepOf(start);
  return retold;
}
