/** Which rules of the policy file hold at a place: those of its environment, which its addresses tell, or those of its network. */
import type { AllowRule, Cloud, Environment, Policy } from '../../blueprints/policy/model';
import { append } from '../append';
import { addressesOf } from './addresses';
import type { Place } from './network-model';
import { includes, intersect, isEmpty, subtract, unionOf, type Ranges } from './ranges';

/** What tells where a place is, and whose it is. */
export type Located = Pick<Place, 'cidrs' | 'segment' | 'network'>;

/** What the policy file lets one segment reach in its environment. */
export interface HeldRules {
  /** Names of the environments that the place may be in: one, or several where the plan does not tell. */
  readonly environments: readonly string[];
  /** Those that hold in some of these environments. Without a segment, those of all segments. */
  readonly rules: readonly AllowRule[];
  /** Of them those that hold in each of these environments; the same rules where one is certain. */
  readonly certain: readonly AllowRule[];
  /** Of `rules` those of a host or, over bare tcp, of an address, by the exact text that a plan has. */
  naming(text: string): readonly AllowRule[];
}

/** The policy file beside one model of one cloud. */
export interface PolicyRules {
  /** Those that hold in some environment on this cloud. */
  readonly all: readonly AllowRule[];
  at(place: Located): HeldRules;
  /** Of all segments, where the place is. */
  ofAllAt(place: Located): HeldRules;
}

/** What is known besides. */
export interface Telling {
  /** Names of environments that the model has by what else tells it. Default: none. */
  readonly known?: readonly string[];
  /** Whether environments differ in more than their rules. Default: where the same rules hold in all of them, none is told from another. */
  readonly isApart?: boolean;
}

/**
 * Blocks of environments do not overlap, so a subnet's addresses tell its environment. Blocks of the shared space that are
 * added to a network may be those of several, or of networks that the file does not name: of these the rest of the network
 * tells. A place of a network that nothing tells may be in any environment; one of no known network is in one that the
 * model is certain to have, and where there is none, in any.
 *
 * @param places of the model; their addresses tell which environments it has
 */
export function policyRules(policy: Policy, cloud: Cloud, places: Iterable<Located>, { known = [], isApart = false }: Telling = {}): PolicyRules {
  const ofCloud = policy.allow.filter(({ clouds }) => clouds.includes(cloud));
  const onCloud = policy.environments.filter((environment) => environment[cloud]);
  const names = (onCloud.length > 0 ? onCloud : policy.environments).map(({ name }) => name);
  const all = ofCloud.filter(({ environments }) => names.some((name) => environments.includes(name)));
  const isStaged = all.some(({ environments }) => !names.every((name) => environments.includes(name)));
  const environmentsAt = isStaged || isApart ? locator(onCloud, cloud, names, places, known) : () => names;

  const held = new Map<string, HeldRules>();
  const rulesIn = (environments: readonly string[], segment: string | undefined): HeldRules => {
    const key = `${environments.join()}\n${segment ?? ''}`;
    let found = held.get(key);
    if (!found) {
      const rules = all.filter((rule) => (segment === undefined || rule.segments.includes(segment)) && environments.some((name) => rule.environments.includes(name)));
      held.set(key, (found = { environments, rules, certain: rules.filter((rule) => environments.every((name) => rule.environments.includes(name))), naming: indexed(rules) }));
    }
    return found;
  };
  return {
    all,
    at: (place) => rulesIn(environmentsAt(place), place.segment),
    ofAllAt: (place) => rulesIn(environmentsAt(place), undefined),
  };
}

/** In which of the environments a place may be. */
function locator(onCloud: readonly Environment[], cloud: Cloud, names: readonly string[], places: Iterable<Located>, known: readonly string[]): (place: Located) => readonly string[] {
  const blocks = onCloud.map((environment) => {
    const { own, shared } = blocksOf(environment, cloud);
    return { name: environment.name, own, all: unionOf([own, shared]) };
  });
  const told = new Map<string, string | undefined>();
  const toldBy = (cidrs: readonly string[]): string | undefined => {
    const key = cidrs.join();
    if (!told.has(key)) {
      const own = addressesOf(cidrs, 4);
      const fitting = isEmpty(own) ? [] : blocks.filter((block) => includes(block.all, own));
      const [only, ...more] = fitting;
      told.set(key, only && more.length === 0 && includes(only.own, own) ? only.name : undefined);
    }
    return told.get(key);
  };
  const here = new Set(known);
  const byNetwork = new Map<string, Set<string>>();
  for (const { cidrs, network } of places) {
    const name = toldBy(cidrs);
    if (name === undefined) continue;
    here.add(name);
    if (network === undefined) continue;
    const others = byNetwork.get(network);
    if (others) others.add(name);
    else byNetwork.set(network, new Set([name]));
  }
  const among = (some: ReadonlySet<string> | undefined) => (some && some.size > 0 ? names.filter((name) => some.has(name)) : names);
  const otherwise = among(here);
  return ({ cidrs, network }) => {
    const own = toldBy(cidrs);
    if (own !== undefined) return [own];
    return network === undefined ? otherwise : among(byNetwork.get(network));
  };
}

function indexed(rules: readonly AllowRule[]): HeldRules['naming'] {
  let byText: Map<string, AllowRule[]> | undefined;
  return (text) => {
    if (!byText) {
      byText = new Map();
      for (const rule of rules) for (const name of namesOf(rule)) append(byText, name, rule);
    }
    return byText.get(text) ?? [];
  };
}

/** A rule over bare tcp holds for its addresses, because no name travels on the wire. */
function namesOf({ protocol, addresses, host }: AllowRule): readonly string[] {
  return protocol === 'tcp' ? addresses.flatMap((address) => (/\/32$|^[^/]+$/.test(address) ? [address.replace('/32', ''), `${address.replace('/32', '')}/32`] : address)) : [host.text];
}

interface Blocks {
  /** Of no other environment on the cloud. */
  readonly own: Ranges;
  /** What several may have. */
  readonly shared: Ranges;
}

const SHARED_SPACE = addressesOf(['100.64.0.0/10'], 4);

function blocksOf(environment: Environment, cloud: Cloud): Blocks {
  const { aws, google, azure } = environment;
  const { subnets = {}, privateEndpoints } = azure?.spoke ?? {};
  const added = cloud === 'aws' ? addressesOf(Object.values(aws?.secondaryCidrs ?? {}), 4) : [];
  const own = addressesOf([
    environment[cloud]?.cidr ?? [],
    cloud === 'google' ? (google?.gke ?? []).flatMap(({ pods, services }) => [pods, services]) : [],
    cloud === 'azure' ? [...Object.values(subnets), privateEndpoints].flatMap((subnet) => subnet?.cidr ?? []) : [],
  ].flat(), 4);
  return { own: unionOf([own, subtract(added, SHARED_SPACE)]), shared: intersect(added, SHARED_SPACE) };
}

/** Ends a message about a host that some of the environments may reach that a place can be in, and others may not. */
export function doubtOf({ environments }: HeldRules): string {
  return `the policy does not in each of ${environments.join(', ')}, and the plan does not tell which one it is of`;
}
