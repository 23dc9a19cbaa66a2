/** Verdicts of places and families, put together as people read them: one row per segment. */
import { groupBy } from '../group-by';
import type { AllowedHost, Cloud } from '../model/network-model';
import type { VerdictKind } from '../paths/verdict';
import type { PlaceVerdict, ReviewResult } from '../result';
import { VERDICTS, hostWords, listed } from './words';

/** A segment of one input, or a place that belongs to none. */
export interface SegmentRow {
  readonly input: string;
  readonly name: string;
  readonly cloud: Cloud;
  readonly tier?: 'public' | 'private' | 'data';
  /** Sorted; empty where the cloud's subnets span zones. */
  readonly zones: readonly string[];
  readonly worst: VerdictKind;
  /** The worst first. */
  readonly standings: readonly Standing[];
  /** Distinct places. */
  readonly places: number;
}

/** Places of a segment that all have the same verdict and hosts. */
export interface Standing {
  readonly verdict: VerdictKind;
  /** The family that this is about; absent when it holds for every family that the places have. */
  readonly family?: 4 | 6;
  readonly hosts: readonly AllowedHost[];
  /** Empty when the standing holds in every zone of the segment. */
  readonly onlyZones: readonly string[];
  readonly verdicts: readonly PlaceVerdict[];
  /** True when the same places stand worse in the other family, which is what a picture shows. */
  readonly overshadowed: boolean;
}

/** More places without a segment than this are put together by network. */
const MOST_SINGLE_PLACES = 24;

const TIERS = ['public', 'private', 'data', undefined] as const;

/** Sorted by input (in the result's order), tier, worst verdict, name: what needs a look comes first. */
export function segmentRows(result: Pick<ReviewResult, 'inputs' | 'verdicts'>): readonly SegmentRow[] {
  const inputs = [...new Set([...result.inputs.map(({ name }) => name), ...result.verdicts.map(({ input }) => input)])];
  const byInput = groupBy(result.verdicts, ({ input }) => input);
  return inputs.flatMap((input) => rowsOf(byInput.get(input) ?? []));
}

function rowsOf(verdicts: readonly PlaceVerdict[]): readonly SegmentRow[] {
  const homeless = new Set(verdicts.filter(({ segment }) => segment === undefined).map(({ place }) => place));
  const nameOf = (verdict: PlaceVerdict): string => {
    if (verdict.segment !== undefined) return verdict.segment;
    return homeless.size > MOST_SINGLE_PLACES ? `no segment, in ${verdict.network ?? 'an unknown network'}` : verdict.place;
  };
  return [...groupBy(verdicts, (verdict) => JSON.stringify([verdict.cloud, verdict.segment !== undefined, nameOf(verdict)])).values()]
    .map((group) => rowOf(nameOf(group[0] as PlaceVerdict), group))
    .sort((a, b) => TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier) || rank(a.worst) - rank(b.worst) || compare(a.name, b.name) || compare(a.cloud, b.cloud));
}

function rowOf(name: string, verdicts: readonly PlaceVerdict[]): SegmentRow {
  const { input, cloud } = verdicts[0] as PlaceVerdict;
  const tier = verdicts.find((verdict) => verdict.tier !== undefined)?.tier;
  const zones = zonesOf(verdicts);
  const standings = standingsOf(verdicts, zones);
  const worst = (standings[0] as Standing).verdict;
  return { input, name, cloud, ...(tier ? { tier } : {}), zones, worst, standings, places: new Set(verdicts.map(({ place }) => place)).size };
}

function standingsOf(verdicts: readonly PlaceVerdict[], zones: readonly string[]): readonly Standing[] {
  const groups = new Map<string, { family?: 4 | 6; overshadowed: boolean; verdicts: PlaceVerdict[] }>();
  for (const families of groupBy(verdicts, ({ place }) => place).values()) {
    const alike = families.every((verdict) => sameness(verdict) === sameness(families[0] as PlaceVerdict));
    // One verdict for both families is said once; the older family tells its way.
    for (const verdict of alike ? families.slice(0, 1) : families) {
      const overshadowed = !alike && families.some((other) => rank(other.verdict) < rank(verdict.verdict));
      const key = `${sameness(verdict)} ${alike ? '' : verdict.family} ${overshadowed}`;
      const group = groups.get(key) ?? { ...(alike ? {} : { family: verdict.family }), overshadowed, verdicts: [] };
      group.verdicts.push(verdict);
      groups.set(key, group);
    }
  }
  return [...groups.values()]
    .map((group): Standing => {
      const first = group.verdicts[0] as PlaceVerdict;
      const own = zonesOf(group.verdicts);
      return { ...group, verdict: first.verdict, hosts: first.hosts, onlyZones: own.length < zones.length ? own : [] };
    })
    .sort((a, b) => rank(a.verdict) - rank(b.verdict) || b.verdicts.length - a.verdicts.length || compare(a.onlyZones.join(), b.onlyZones.join()));
}

/**
 * What is worth saying of a row, with the families and zones that it holds for. A family that is
 * closed where the other is not takes no line of its own: `IPv4; IPv6 closed`.
 */
export function tellings(row: SegmentRow): readonly { readonly standing: Standing; readonly where: string }[] {
  const closed = row.standings.filter(isClosedBeside);
  const family = closed[0]?.family;
  return row.standings.filter((standing) => !isClosedBeside(standing)).map((standing) => ({
    standing,
    where: [
      standing.family ? `IPv${standing.family}` : '',
      standing.onlyZones.length > 0 ? `in ${listed(standing.onlyZones)}` : '',
    ].filter(Boolean).join(' ') + (family && standing.family && family !== standing.family ? `; IPv${family} closed` : ''),
  }));
}

function isClosedBeside({ verdict, overshadowed }: Standing): boolean {
  return verdict === 'none' && overshadowed;
}

/** Every host that a row may reach, once, sorted. */
export function hostsOfRow(row: SegmentRow): readonly AllowedHost[] {
  const hosts = new Map(row.standings.flatMap((standing) => standing.hosts.map((host) => [hostWords(host), host] as const)));
  return [...hosts].sort(([a], [b]) => compare(a, b)).map(([, host]) => host);
}

function sameness({ verdict, hosts }: PlaceVerdict): string {
  return `${verdict} ${hosts.map(hostWords).join()}`;
}

function zonesOf(verdicts: readonly PlaceVerdict[]): readonly string[] {
  return [...new Set(verdicts.flatMap(({ zone }) => (zone === undefined ? [] : [zone])))].sort();
}

function rank(verdict: VerdictKind): number {
  return VERDICTS.indexOf(verdict);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
