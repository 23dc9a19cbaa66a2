/** From a verdict with its live model to plain data. */
import { trafficWords } from './paths/traffic-words';
import type { Verdict } from './paths/verdict';
import type { PlaceVerdict } from './result';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** @param suffix appended to the place's id where another input has the same. */
export function placeVerdict(verdict: Verdict, input: string, suffix = ''): PlaceVerdict {
  const { place, family, kind, hosts, witness, openTraffic, blocker, reasons } = verdict;
  const { segment, tier, network, zone, cidrs, hypothetical } = place;
  const told = { input, place: `${place.id}${suffix}`, cloud: place.cloud, kind: place.kind } as Writable<PlaceVerdict>;
  // Property by property: an object put together of many parts is a slow one, and there may be a hundred thousand.
  if (segment !== undefined) told.segment = segment;
  if (tier !== undefined) told.tier = tier;
  if (network !== undefined) told.network = network;
  if (zone !== undefined) told.zone = zone;
  told.cidrs = cidrs;
  told.family = family;
  told.hypothetical = hypothetical;
  told.verdict = kind;
  told.hosts = hosts;
  if (witness) told.witness = witness;
  if (openTraffic) told.openTraffic = [...new Set(openTraffic.flatMap(trafficWords))].sort();
  if (blocker) told.blocker = blocker;
  told.reasons = reasons;
  return told;
}

/** By input, segment, place, family. What is in no segment comes last. */
export function sortVerdicts(verdicts: readonly PlaceVerdict[]): readonly PlaceVerdict[] {
  return [...verdicts].sort((a, b) => compare(a.input, b.input) || compare(a.segment ?? LAST, b.segment ?? LAST) || compare(a.place, b.place) || a.family - b.family);
}

const LAST = '\uffff';

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
