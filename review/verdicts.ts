/** From a verdict with its live model to plain data. */
import { trafficWords } from './paths/traffic-words';
import type { Verdict } from './paths/verdict';
import type { PlaceVerdict } from './result';

/** @param suffix appended to the place's id where another input has the same. */
export function placeVerdict(verdict: Verdict, input: string, suffix = ''): PlaceVerdict {
  const { place, family, kind, hosts, witness, openTraffic, blocker, reasons } = verdict;
  return {
    input,
    place: `${place.id}${suffix}`,
    cloud: place.cloud,
    kind: place.kind,
    ...(place.segment === undefined ? {} : { segment: place.segment }),
    ...(place.tier === undefined ? {} : { tier: place.tier }),
    ...(place.network === undefined ? {} : { network: place.network }),
    ...(place.zone === undefined ? {} : { zone: place.zone }),
    cidrs: place.cidrs,
    family,
    hypothetical: place.hypothetical,
    verdict: kind,
    hosts,
    ...(witness ? { witness } : {}),
    ...(openTraffic ? { openTraffic: [...new Set(openTraffic.flatMap(trafficWords))].sort() } : {}),
    ...(blocker ? { blocker } : {}),
    reasons,
  };
}

/** By input, segment, place, family. */
export function sortVerdicts(verdicts: readonly PlaceVerdict[]): readonly PlaceVerdict[] {
  const key = ({ input, segment, place, family }: PlaceVerdict) => [input, segment ?? '\uffff', place, family].join('\n');
  return verdicts.map((verdict) => ({ verdict, key: key(verdict) })).sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ verdict }) => verdict);
}
