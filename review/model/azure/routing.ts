/** From a subnet's effective routes to the next hop of its packets. */
import { addressRange, EVERYWHERE, INTERNET, type Family } from '../addresses';
import type { Hop, Outcome } from '../network-model';
import { intersect, isEmpty, subtract, unionOf, type Ranges } from '../ranges';
import { towards, type Traffic } from '../traffic';
import { without } from '../../plan/json';
import { matchAddresses } from './address-match';
import { doubted } from './doubt';
import { longestPrefix, type Prefixed } from './longest-prefix';
import type { RouteTable, UserRoute } from './route-table';
import type { AzureSubnet } from './subnet';

/** One way on, for a part of the addresses. */
export interface Leg {
  readonly addresses: Ranges;
  /** The same for legs that lead to the same next hop. */
  readonly key: string;
  readonly hop: Hop;
}

/** A route that counts in a subnet, with where it leads. */
export interface EffectiveRoute extends Prefixed {
  readonly key: string;
  readonly hop: Hop;
  /** Why it may not be there: then what is less specific may count. */
  readonly doubt?: string;
}

/** What a subnet's routes do beside those of its table. */
export interface RouteContext {
  /** The subnet's address, for messages. */
  readonly subnet: string;
  /** Routes of the network and its peers, and those that a gateway or a hub of a virtual WAN is known to teach. */
  readonly system: readonly EffectiveRoute[];
  readonly learned: readonly EffectiveRoute[];
  /** Ways that exist beside the longest prefix: service endpoints, routes of a gateway that no plan tells. */
  readonly besides: readonly { readonly hop: Hop; readonly learned: boolean }[];
  /** The way on of a user's route. */
  readonly lead: (route: UserRoute) => { readonly key: string; readonly hop: Hop };
}

/** Everything that a subnet with one certain table (or none) may do with a packet. */
export function legsOf(table: RouteTable | undefined, context: RouteContext, family: Family): { readonly legs: readonly Leg[]; readonly extra: readonly Leg[] } {
  if (table?.propagationUnknown !== undefined) {
    const either = [true, false].map((propagates) => legsOf({ ...without(table, 'propagationUnknown'), propagates }, context, family));
    return { legs: combine(either, table.propagationUnknown), extra: [] };
  }
  const user: EffectiveRoute[] = [];
  const extra: Leg[] = [];
  const doubtful: { addresses: Ranges; reason: string }[] = [];
  const propagates = table?.propagates ?? true;
  if (table?.unknown !== undefined) {
    doubtful.push({ addresses: EVERYWHERE[family], reason: table.unknown });
    extra.push(hiddenLeg(table.address, family, table.unknown));
  }
  for (const route of table?.routes ?? []) {
    const { key, hop } = context.lead(route);
    const isPlain = route.prefix !== undefined && addressRange(route.prefix) !== undefined;
    if (isPlain && route.doubt === undefined) {
      user.push({ prefix: route.prefix as string, origin: 'user', key, hop });
      continue;
    }
    const match = route.prefix === undefined ? undefined : matchAddresses({ items: [route.prefix] }, family);
    const addresses = match && match.unknown === undefined ? match.possible : EVERYWHERE[family];
    const reason = route.doubt ?? (match && match.unknown === undefined ? undefined : `the prefix of route '${route.name}' of ${route.address} is not known`);
    if (route.doubt !== undefined) doubtful.push({ addresses, reason: route.doubt });
    if (key !== 'None') extra.push({ addresses, key, hop: reason === undefined ? hop : doubted(hop, reason) });
  }
  for (const { hop, learned } of context.besides) {
    if (!learned || propagates) extra.push({ addresses: EVERYWHERE[family], key: `beside ${hop.address}`, hop });
  }
  const taught = propagates ? context.learned : [];
  const sure = taught.filter(({ doubt }) => doubt === undefined);
  const divided = (learned: readonly EffectiveRoute[]) => longestPrefix([...user, ...learned, ...context.system], family, EVERYWHERE[family]);
  if (sure.length < taught.length) {
    // What a doubtful route would take, the next best one may take as well.
    for (const { route: { key, hop, doubt }, addresses } of divided(taught)) {
      if (doubt === undefined) continue;
      doubtful.push({ addresses, reason: doubt });
      extra.push({ addresses, key, hop: doubted(hop, doubt) });
    }
  }
  const shares = divided(sure);
  const legs = shares.flatMap(({ route, addresses }): Leg[] => {
    const doubt = doubtful.find((each) => !isEmpty(intersect(each.addresses, addresses)));
    return [{ addresses, key: route.key, hop: doubt ? doubted(route.hop, doubt.reason) : route.hop }];
  });
  return { legs, extra };
}

/** Routes that nobody sees may lead past what stops a packet on those that are there: to an appliance of a peer, which has a way out. */
export function hiddenLeg(address: string, family: Family, reason: string): Leg {
  const hop = new RouteHop(address, 'routes that are not in the plan', (traffic) => [{ kind: 'unknown', traffic, reason }]);
  return { addresses: EVERYWHERE[family], key: `beside what is hidden of ${address}`, hop };
}

/** What a network that has the same name lets out nobody knows. */
export function otherNetwork({ address, network, networkDoubt }: AzureSubnet): RouteContext['besides'] {
  if (!network || networkDoubt === undefined) return [];
  const reason = `whether ${address} is in ${network.resource.address} is not known: ${networkDoubt}`;
  const hop = new RouteHop(network.resource.address, 'another network of that name', (traffic) => [{ kind: 'unknown', traffic, reason }]);
  return [{ hop, learned: false }];
}

/** Routes for a subnet whose table is not certain: what all candidates agree on is sure, the rest in doubt. */
export function combine(alternatives: readonly { readonly legs: readonly Leg[]; readonly extra: readonly Leg[] }[], reason: string): readonly Leg[] {
  const [first, ...others] = alternatives;
  if (!first) return [];
  if (others.length === 0) return [...first.legs, ...first.extra];
  let sure: readonly Leg[] = first.legs;
  for (const { legs } of others) {
    sure = sure.flatMap((leg) => legs.filter(({ key }) => key === leg.key).map((same) => ({ ...leg, addresses: intersect(leg.addresses, same.addresses) })))
      .filter(({ addresses }) => !isEmpty(addresses));
  }
  const settled = unionOf(sure.map(({ addresses }) => addresses));
  const rest = alternatives.flatMap(({ legs, extra }) => [
    ...legs.map((leg) => ({ ...leg, addresses: subtract(leg.addresses, settled), hop: doubted(leg.hop, reason) })),
    ...extra.map((leg) => ({ ...leg, hop: doubted(leg.hop, reason) })),
  ]);
  return [...sure, ...rest.filter(({ addresses }) => !isEmpty(addresses))];
}

/** Divides traffic among legs. */
export function spread(legs: readonly Leg[], traffic: Traffic, subnet: string): readonly Outcome[] {
  const outcomes: Outcome[] = legs.map(({ addresses, hop }) => ({ kind: 'next', to: hop, traffic: towards(traffic, addresses) }));
  const covered = unionOf(legs.map(({ addresses }) => addresses));
  outcomes.push({ kind: 'blocked', traffic: towards(traffic, subtract(EVERYWHERE[traffic.family], covered)), reason: `no route of ${subnet} takes it` });
  return outcomes.filter(({ traffic: part }) => part.boxes.length > 0);
}

/** A route as a hop. */
export class RouteHop implements Hop {
  readonly kind = 'route';

  constructor(readonly address: string, readonly label: string, private readonly onward: (traffic: Traffic) => readonly Outcome[]) {}

  forward(traffic: Traffic): readonly Outcome[] {
    return this.onward(traffic);
  }
}

/** True when a prefix takes in addresses of the internet. */
export function isInternetPrefix(prefix: string): boolean {
  const found = addressRange(prefix);
  return found === undefined || !isEmpty(intersect(INTERNET[found.family], [found.range]));
}

/** Every prefix that a table names, for the tag `VirtualNetwork`. */
export function namedPrefixes(table: RouteTable, family: Family): Ranges {
  return unionOf(table.routes.map(({ prefix }) => {
    const found = prefix === undefined ? undefined : addressRange(prefix);
    if (found) return found.family === family ? [found.range] : [];
    // A service tag stands for some addresses of the internet.
    return prefix === undefined ? EVERYWHERE[family] : INTERNET[family];
  }));
}

