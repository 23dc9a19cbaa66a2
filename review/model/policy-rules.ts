/** Which rules of the policy file hold at a place: those of its environment, which its addresses tell. */
import type { AllowRule, Cloud, Environment, Policy } from '../../blueprints/policy/model';
import { append } from '../append';
import { addressesOf } from './addresses';
import type { Place } from './network-model';
import { includes, isEmpty, type Ranges } from './ranges';

/** What tells where a place is, and whose it is. */
export type Located = Pick<Place, 'cidrs' | 'segment'>;

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
}

/**
 * Blocks of environments do not overlap, so a subnet's addresses tell its environment. A place whose addresses
 * do not is in one that the model is certain to have; where there is none, in any.
 *
 * @param places of the model; their addresses tell which environments it has
 * @param known names of environments that the model has by what else tells it
 */
export function policyRules(policy: Policy, cloud: Cloud, places: Iterable<Located>, known: readonly string[] = []): PolicyRules {
  const ofCloud = policy.allow.filter(({ clouds }) => clouds.includes(cloud));
  const onCloud = policy.environments.filter((environment) => environment[cloud]);
  const names = (onCloud.length > 0 ? onCloud : policy.environments).map(({ name }) => name);
  const all = ofCloud.filter(({ environments }) => names.some((name) => environments.includes(name)));
  const isStaged = all.some(({ environments }) => !names.every((name) => environments.includes(name)));
  const blocks = isStaged ? onCloud.map((environment) => [environment.name, blocksOf(environment, cloud)] as const) : [];

  const told = new Map<string, readonly string[]>();
  const toldBy = (cidrs: readonly string[]): readonly string[] => {
    const key = cidrs.join();
    let found = told.get(key);
    if (!found) {
      const own = addressesOf(cidrs, 4);
      told.set(key, (found = isEmpty(own) ? [] : blocks.filter(([, block]) => includes(block, own)).map(([name]) => name)));
    }
    return found;
  };
  const here = isStaged ? new Set([...known, ...[...places].flatMap(({ cidrs }) => toldBy(cidrs))]) : new Set<string>();
  const otherwise = here.size > 0 ? names.filter((name) => here.has(name)) : names;

  const held = new Map<string, HeldRules>();
  return {
    all,
    at: ({ cidrs, segment }) => {
      const own = toldBy(cidrs);
      const environments = own.length > 0 ? own : otherwise;
      const key = `${environments.join()}\n${segment ?? ''}`;
      let found = held.get(key);
      if (!found) {
        const rules = all.filter((rule) => (segment === undefined || rule.segments.includes(segment)) && environments.some((name) => rule.environments.includes(name)));
        held.set(key, (found = { environments, rules, certain: rules.filter((rule) => environments.every((name) => rule.environments.includes(name))), naming: indexed(rules) }));
      }
      return found;
    },
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

function blocksOf(environment: Environment, cloud: Cloud): Ranges {
  const { aws, azure } = environment;
  const { subnets = {}, privateEndpoints } = azure?.spoke ?? {};
  return addressesOf([
    environment[cloud]?.cidr ?? [],
    cloud === 'aws' ? Object.values(aws?.secondaryCidrs ?? {}) : [],
    cloud === 'azure' ? [...Object.values(subnets), privateEndpoints].flatMap((subnet) => subnet?.cidr ?? []) : [],
  ].flat(), 4);
}

/** Ends a message about a host that some of the environments may reach that a place can be in, and others may not. */
export function doubtOf({ environments }: HeldRules): string {
  return `the policy does not in each of ${environments.join(', ')}, and the plan does not tell which one it is of`;
}
