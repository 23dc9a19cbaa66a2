/**
 * What is reached without the internet: private endpoints of services, and which places get to them.
 *
 * A cloud says how an endpoint is reached (`reaches`); places that cannot be told apart are asked for
 * once, and so are endpoints.
 */
import type { HopKind, Place } from '../model/network-model';
import type { Served } from '../model/served';

/** A private endpoint, drawn beside the ways to the internet. */
export interface PrivateEndpoint {
  /** The Terraform address of what makes it: the endpoint, or the route to a service's private addresses. */
  readonly address: string;
  /** The service, short: `s3`, `Google APIs (restricted)`, `blob`. */
  readonly label: string;
  readonly kind: Extract<HopKind, 'endpoint'>;
  /** The Terraform address of its network. */
  readonly network?: string;
  readonly serves: Served;
}

/** The endpoints of a model. */
export interface PrivateServices {
  /** Sorted by address. */
  readonly endpoints: readonly PrivateEndpoint[];
  /** Sorted by address; the very same list for places that reach the same. */
  reachedFrom(place: Place): readonly PrivateEndpoint[];
}

/** Endpoints that are reached alike: in the same subnets, behind the same filters. */
export interface EndpointClass {
  readonly endpoints: readonly PrivateEndpoint[];
}

/** How a cloud judges who reaches what. */
export interface EndpointReading<P extends Place, C extends EndpointClass> {
  readonly classes: readonly C[];
  /** The same text for places that reach the same; undefined for one that reaches no endpoint. */
  callerOf(place: P): string | undefined;
  /** Classes that a place may reach by where it stands: the only ones that `reaches` is asked about. */
  near(place: P): readonly C[];
  reaches(place: P, endpoints: C): boolean;
}

/**
 * Questions that are asked about one model. A plan that needs more has thousands of places that all
 * differ and thousands of endpoints that do: from then on what is near counts as reached.
 */
const MOST_QUESTIONS = 20_000;

const NONE: readonly PrivateEndpoint[] = [];

export const NO_PRIVATE_SERVICES: PrivateServices = { endpoints: NONE, reachedFrom: () => NONE };

export function privateServices<P extends Place, C extends EndpointClass>({ classes, callerOf, near, reaches }: EndpointReading<P, C>, mostQuestions = MOST_QUESTIONS): PrivateServices {
  const endpoints = sorted(classes.flatMap((each) => each.endpoints));
  if (endpoints.length === 0) return NO_PRIVATE_SERVICES;
  const numbers = new Map(classes.map((each, index) => [each, index]));
  const byCaller = new Map<string, readonly PrivateEndpoint[]>();
  const lists = new Map<string, readonly PrivateEndpoint[]>();
  let questions = 0;
  const ask = (place: P): readonly PrivateEndpoint[] => {
    const reached = near(place).filter((each) => (questions += 1) > mostQuestions || reaches(place, each));
    const key = reached.map((each) => numbers.get(each)).join();
    let list = lists.get(key);
    if (!list) lists.set(key, (list = sorted(reached.flatMap((each) => each.endpoints))));
    return list;
  };
  return {
    endpoints,
    reachedFrom: (place) => {
      const caller = callerOf(place as P);
      if (caller === undefined) return NONE;
      let list = byCaller.get(caller);
      if (!list) byCaller.set(caller, (list = ask(place as P)));
      return list;
    },
  };
}

function sorted(endpoints: readonly PrivateEndpoint[]): readonly PrivateEndpoint[] {
  return [...new Set(endpoints)].sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
}
