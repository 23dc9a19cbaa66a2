/** From a verdict with its live model to plain data. */
import { joined, type Traffic } from './model/traffic';
import { trafficWords } from './paths/traffic-words';
import type { Verdict } from './paths/verdict';
import { compareTexts } from './compare-texts';
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
  if (openTraffic) told.openTraffic = wordsOf(openTraffic);
  if (blocker) told.blocker = blocker;
  told.reasons = reasons;
  return told;
}

/** By the list, which places that start alike share. */
const words = new WeakMap<readonly Traffic[], readonly string[]>();

function wordsOf(openTraffic: readonly Traffic[]): readonly string[] {
  let found = words.get(openTraffic);
  if (!found) {
    const all = [...new Set(together(openTraffic).flatMap(trafficWords))].sort();
    const everything = all.find((each) => /^everything to the (IPv6 )?internet$/.test(each));
    words.set(openTraffic, (found = everything === undefined ? all : [everything]));
  }
  return found;
}

/** Two routes of half the internet each are, in words, a way to all of it. */
function together(all: readonly Traffic[]): readonly Traffic[] {
  const [first, second] = all;
  if (!first || !second) return all;
  return [joined({ family: first.family, boxes: all.flatMap(({ boxes }) => boxes) })];
}

/** By input, segment, place, family. What is in no segment comes last. */
export function sortVerdicts(verdicts: readonly PlaceVerdict[]): readonly PlaceVerdict[] {
  return [...verdicts].sort((a, b) => compareTexts(a.input, b.input) || compareTexts(a.segment ?? LAST, b.segment ?? LAST) || compareTexts(a.place, b.place) || a.family - b.family);
}

const LAST = '\uffff';
