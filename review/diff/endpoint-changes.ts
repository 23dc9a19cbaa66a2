/** Private endpoints that come or go, whom they serve, and who reaches them. */
import type { PrivateReach } from '../endpoints/topology';
import type { PrivateEndpoint } from '../endpoints/private-services';
import type { Served } from '../model/served';
import type { EndpointChange } from '../result';
import type { Moves } from './moves';
import { ownAddress } from './same-places';

/** Names told of one change before the rest is counted: an endpoint may be reached by thousands of places. */
const MOST_NAMES = 50;

/** Some of the names, sorted, and how many more there are. */
interface Told {
  readonly who: readonly string[];
  readonly more: number;
}

/** Who reaches an endpoint: segments, or places that belong to none. The same object for endpoints that the same places reach. */
interface Callers {
  readonly names: ReadonlySet<string>;
  readonly told: Told;
}

interface Known {
  readonly endpoint: PrivateEndpoint;
  readonly callers: Callers;
}

/** Sorted by address. An endpoint that only moved to another address is the same one; one that leads to another service is a new one. */
export function endpointChanges(input: string, before: readonly PrivateReach[], after: readonly PrivateReach[], moves: Moves): readonly EndpointChange[] {
  const was = knownIn(before);
  const is = knownIn(after);
  const compare = comparison();
  const changes: EndpointChange[] = [];
  const say = (change: EndpointChange['change'], { address, label, serves }: PrivateEndpoint, { who, more }: Told, names: readonly string[] = [], wayOut = false): void => {
    changes.push({ change, input, address, label, serves: serves.kind, why: serves.why, who, ...(more > 0 ? { more } : {}), ...(names.length > 0 ? { names: names.slice(0, MOST_NAMES) } : {}), wayOut });
  };
  const seen = new Set<Known>();
  for (const [address, { endpoint, callers }] of is) {
    const earlier = moves.before(address);
    const old = earlier === undefined ? undefined : was.get(earlier);
    const isSame = old !== undefined && old.endpoint.label === endpoint.label;
    const isForeign = endpoint.serves.kind !== 'own';
    if (!isSame) {
      say('added', endpoint, callers.told, endpoint.serves.names, isForeign);
      continue;
    }
    seen.add(old);
    const { opened, closed } = servedChange(old.endpoint.serves, endpoint.serves);
    if (opened) say('opened', endpoint, callers.told, opened, true);
    if (closed) say('closed', endpoint, callers.told, closed);
    const { gained, lost } = compare(old.callers, callers);
    if (gained.who.length > 0) say('reached', endpoint, gained, [], isForeign);
    if (lost.who.length > 0) say('unreached', endpoint, lost);
  }
  for (const known of was.values()) if (!seen.has(known)) say('removed', known.endpoint, known.callers.told);
  return changes.map((change) => ({ change, key: `${change.address}\n${ORDER.indexOf(change.change)}` })).sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ change }) => change);
}

const ORDER: readonly EndpointChange['change'][] = ['removed', 'added', 'opened', 'closed', 'reached', 'unreached'];

/** Whether it serves more, or fewer, than before; with the names that it gained or lost, where it is bounded before and after, or they are all that is known. */
function servedChange(before: Served, after: Served): { readonly opened?: readonly string[]; readonly closed?: readonly string[] } {
  const hasNames = before.names !== undefined && after.names !== undefined;
  if (before.kind === after.kind && (before.kind === 'own' || hasNames)) {
    const [more, fewer] = [without(after.names, before.names), without(before.names, after.names)];
    return { ...(more.length > 0 ? { opened: more } : {}), ...(fewer.length > 0 ? { closed: fewer } : {}) };
  }
  if (after.kind === 'own') return { closed: [] };
  if (before.kind === 'own' || (before.kind === 'unknown' && after.kind !== 'unknown')) return { opened: without(after.names, before.names) };
  return hasNames && without(after.names, before.names).length > 0 ? { opened: without(after.names, before.names) } : {};
}

function without(names: readonly string[] = [], others: readonly string[] = []): readonly string[] {
  const known = new Set(others);
  return names.filter((name) => !known.has(name));
}

/** Endpoints by address, with who reaches them; those that stand in the same lists share one set. */
function knownIn(reaches: readonly PrivateReach[]): ReadonlyMap<string, Known> {
  const found = new Map<string, Known>();
  for (const { services, places } of reaches) {
    if (services.endpoints.length === 0) continue;
    const callers = new Map<readonly PrivateEndpoint[], Set<string>>();
    for (const { place } of places) {
      const list = services.reachedFrom(place);
      const names = callers.get(list) ?? new Set<string>();
      // A workload that stands in one more subnet calls nothing that it did not.
      names.add(place.segment ?? (place.kind === 'workload' ? ownAddress(place) : place.id));
      callers.set(list, names);
    }
    const lists = [...callers];
    const standsIn = new Map<PrivateEndpoint, number[]>(services.endpoints.map((endpoint) => [endpoint, []]));
    lists.forEach(([list], index) => list.forEach((endpoint) => standsIn.get(endpoint)?.push(index)));
    const sets = new Map<string, Callers>();
    for (const [endpoint, numbers] of standsIn) {
      const key = numbers.join();
      let set = sets.get(key);
      if (!set) sets.set(key, (set = callersOf(numbers.map((number) => (lists[number] as (typeof lists)[number])[1]))));
      found.set(endpoint.address, { endpoint, callers: set });
    }
  }
  return found;
}

function callersOf(sets: readonly ReadonlySet<string>[]): Callers {
  const names = new Set(sets.flatMap((each) => [...each]));
  return { names, told: cut([...names]) };
}

/** Two sets of callers are compared once, however many endpoints have them. */
function comparison(): (before: Callers, after: Callers) => { readonly gained: Told; readonly lost: Told } {
  const known = new Map<Callers, Map<Callers, { gained: Told; lost: Told }>>();
  const lacking = (some: Callers, others: Callers): Told => cut([...some.names].filter((who) => !others.names.has(who)));
  return (before, after) => {
    const ofBefore = known.get(before) ?? new Map<Callers, { gained: Told; lost: Told }>();
    known.set(before, ofBefore);
    const difference = ofBefore.get(after) ?? { gained: lacking(after, before), lost: lacking(before, after) };
    ofBefore.set(after, difference);
    return difference;
  };
}

function cut(names: readonly string[]): Told {
  const sorted = [...names].sort();
  return { who: sorted.slice(0, MOST_NAMES), more: Math.max(0, sorted.length - MOST_NAMES) };
}
