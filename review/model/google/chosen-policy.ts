/**
 * The policy of a network where a plan does not tell which of several it is. A network has at most one global policy
 * (https://cloud.google.com/firewall/docs/network-firewall-policies), so that as many associations as networks give
 * each of these one: most likely that with its own key, else one of the others, and none is no possibility.
 */
import type { Resource } from '../../plan/resource-graph';
import type { Decision } from './firewall-decision';
import type { FirewallPolicy, Stage } from './firewall-stages';
import type { GoogleNetwork } from './networks';
import { oneEach, type Part } from './one-each';
import { rulesText } from './rule-text';
import { either, except, isNothing, type Traffic } from '../traffic';

/** What a network may have instead of its most likely policy. */
export interface Choice {
  readonly policies: readonly FirewallPolicy[];
  readonly reason: string;
}

interface Holders {
  readonly all: FirewallPolicy[];
  likely?: FirewallPolicy;
}

const choices = new WeakMap<readonly FirewallPolicy[], ReadonlyMap<GoogleNetwork, Stage>>();

export function chosenFor(network: GoogleNetwork, policies: readonly FirewallPolicy[]): Stage | undefined {
  let known = choices.get(policies);
  if (!known) choices.set(policies, (known = chosenPolicies(policies.filter(({ scope }) => scope === 'global'))));
  return known.get(network);
}

function chosenPolicies(policies: readonly FirewallPolicy[]): ReadonlyMap<GoogleNetwork, Stage> {
  const holders = new Map<Resource, Holders>();
  const parts = new Map<Resource, Part<GoogleNetwork>>();
  for (const policy of policies) {
    for (const { resource, networks, likely, isLikelyOwn } of policy.associations) {
      const holder: Holders = holders.get(resource) ?? { all: [] };
      holders.set(resource, holder);
      holder.all.push(policy);
      if (isLikelyOwn) holder.likely = policy;
      parts.set(resource, { resource, candidates: networks, ...(likely === undefined ? {} : { likely }) });
    }
  }
  const settled = new Set([...parts.values()].flatMap(({ candidates }) => (candidates.length === 1 ? candidates : [])));
  const among = new Map<readonly Resource[], readonly FirewallPolicy[]>();
  const found = new Map<GoogleNetwork, Stage>();
  for (const [network, [one, second]] of oneEach([...parts.values()], () => true)) {
    const policy = one && holders.get(one.likely)?.likely;
    if (!one || !policy || second || settled.has(network)) continue;
    let all = among.get(one.all);
    if (!all) among.set(one.all, (all = [...new Set(one.all.flatMap((resource) => holders.get(resource)?.all ?? []))]));
    found.set(network, { address: policy.address, kind: 'policy', rules: policy.rules, choice: { policies: all, reason: `which policy network ${network.name} has is not known before the plan is applied` } });
  }
  return found;
}

/** More policies that all differ are not followed one by one. */
const MOST_POLICIES = 40;

/** What may get through beside what does with the likely policy. `isPublic`: the traffic is to the internet alone. */
export function otherwise(stages: readonly Stage[], base: readonly Decision[], traffic: Traffic, isPublic: boolean, decide: (stages: readonly Stage[]) => readonly Decision[]): readonly Decision[] {
  const stage = stages.find(({ choice }) => choice !== undefined);
  if (!stage?.choice) return [];
  const { policies, reason } = stage.choice;
  const others = distinct(policies, stage, isPublic);
  if (others.length > MOST_POLICIES) return [{ kind: 'allow', traffic, stage, doubt: reason }];
  const open = either(traffic.family, base.flatMap((each) => (each.kind === 'allow' && !each.guard ? [each.traffic] : [])));
  const reached = either(traffic.family, base.flatMap((each) => (each.kind === 'allow' ? [each.traffic] : [])));
  const hosts = new Set(base.flatMap(({ guard }) => guard?.hosts ?? []).map(hostKey));
  return others.flatMap((policy) => decide(stages.map((each) => (each === stage ? { ...stage, address: policy.address, rules: policy.rules } : each)))).flatMap((decision): readonly Decision[] => {
    if (decision.kind !== 'allow') return [];
    const isListed = decision.guard?.hosts.every((host) => hosts.has(hostKey(host))) ?? false;
    const more = except(decision.traffic, isListed ? reached : open);
    return isNothing(more) ? [] : [{ ...decision, traffic: more, doubt: decision.doubt ?? reason }];
  });
}

/** One of each kind, but for those that do what the likely one does. */
function distinct(policies: readonly FirewallPolicy[], { rules }: Stage, isPublic: boolean): readonly FirewallPolicy[] {
  let byText = kinds[isPublic ? 1 : 0].get(policies);
  if (!byText) kinds[isPublic ? 1 : 0].set(policies, (byText = new Map(policies.map((policy) => [rulesText(policy.rules, isPublic), policy]))));
  const own = rulesText(rules, isPublic);
  return byText.size === 1 && byText.has(own) ? [] : [...byText].flatMap(([text, policy]) => (text === own ? [] : [policy]));
}

const kinds = [new WeakMap<readonly FirewallPolicy[], ReadonlyMap<string, FirewallPolicy>>(), new WeakMap<readonly FirewallPolicy[], ReadonlyMap<string, FirewallPolicy>>()] as const;

function hostKey({ host, ports }: { readonly host: string; readonly ports: readonly number[] }): string {
  return `${host} ${ports.join()}`;
}
