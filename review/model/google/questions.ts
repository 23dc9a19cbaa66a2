/** What several checks ask about a model. */
import type { Verdict } from '../../paths/verdict';
import type { Step } from '../../paths/trace';
import { addressRange, EVERYWHERE, type Family } from '../addresses';
import { intersect, size } from '../ranges';
import { everythingToInternet } from '../traffic';
import { PUBLIC } from './api-ranges';
import { decide, type Carrier, type Decision } from './firewall-decision';
import { addressesIn, type FirewallRule } from './firewall-rule';
import type { FirewallPolicy, Stage } from './firewall-stages';
import type { GoogleModel } from './google-model';
import { allKeys, hasKeys, NO_KEYS } from './keys';
import type { GoogleNetwork } from './networks';
import type { PacketWay } from './packet-way';
import type { GooglePlace } from './places';
import type { GoogleRoute } from './routes';

/** Networks that the plan makes and puts something into. */
export function ownNetworks(model: GoogleModel): readonly GoogleNetwork[] {
  const used = new Set([...model.places.flatMap((place) => place.networks), ...model.subnets.flatMap((subnet) => subnet.networks)]);
  return model.networks.filter((network) => network.resource?.mode === 'managed' && (network.isAuto || used.has(network)));
}

export function placesIn(model: GoogleModel, network: GoogleNetwork): readonly GooglePlace[] {
  let byNetwork = placesByModel.get(model);
  if (!byNetwork) {
    const found = new Map<GoogleNetwork, GooglePlace[]>();
    for (const place of model.places) {
      for (const each of place.networks) {
        const same = found.get(each);
        if (same) same.push(place);
        else found.set(each, [place]);
      }
    }
    placesByModel.set(model, (byNetwork = found));
  }
  return byNetwork.get(network) ?? [];
}

const placesByModel = new WeakMap<GoogleModel, ReadonlyMap<GoogleNetwork, readonly GooglePlace[]>>();

/** The policies that are associated with the network, or of several that may be most likely are; hierarchical ones left out. */
export function policiesOf(model: GoogleModel, network: GoogleNetwork): readonly FirewallPolicy[] {
  const addresses = new Set((model.stages.get(network) ?? []).map(({ address }) => address));
  return model.policies.filter((policy) => addresses.has(policy.address) && policy.associations.some(({ networks }) => networks.includes(network)));
}

/**
 * Policies whose rules allow by secure tags, or by several accounts where no tag is: where a rule without one is the odd
 * one. A tag that only shuts machines off is no segment.
 */
export function segmentedPolicies(model: GoogleModel): readonly FirewallPolicy[] {
  return model.policies.filter((policy) => policy.scope !== 'hierarchical' && (isByTag(policy) || isByAccount(policy)));
}

function isByTag({ rules }: FirewallPolicy): boolean {
  return rules.some(({ action, secureTags }) => action !== 'deny' && allKeys(secureTags).length > 0);
}

/** Whether accounts tell its segments apart: a rule takes tags or accounts, and not both. */
export function isByAccount(policy: FirewallPolicy): boolean {
  return !isByTag(policy) && new Set(policy.rules.flatMap(({ action, accounts }) => (action === 'deny' ? [] : allKeys(accounts)))).size > 1;
}

/** Every rule of every policy and network, once. */
export function allRules(model: GoogleModel): readonly FirewallRule[] {
  return [...model.policies.flatMap(({ rules }) => rules), ...[...model.classicRules.values()].flat()].filter((rule) => !rule.isDisabled);
}

/** A machine without tags and accounts. */
export const UNTAGGED: Carrier = { networkTags: NO_KEYS, secureTags: NO_KEYS, accounts: NO_KEYS };

/** What a machine without any tag or account may do. */
export function untaggedDecisions(model: GoogleModel, network: GoogleNetwork, family: Family): readonly Decision[] {
  const stages = model.stages.get(network) ?? [];
  let byFamily = untagged.get(stages);
  if (!byFamily) untagged.set(stages, (byFamily = new Map()));
  let decisions = byFamily.get(family);
  if (!decisions) byFamily.set(family, (decisions = decide(stages, UNTAGGED, everythingToInternet(family))));
  return decisions;
}

const untagged = new WeakMap<readonly Stage[], Map<Family, readonly Decision[]>>();

/** What the firewall of a network, or of every network that it is in, does with a place's traffic to the internet. */
export function decisionsOf(place: GooglePlace, family: Family, network?: GoogleNetwork): readonly Decision[] {
  return place.ways.filter((way) => network === undefined || way.network === network).flatMap((way) => wayDecisions(way, family));
}

const kept = new WeakMap<PacketWay, Map<Family, readonly Decision[]>>();

/** Ways are shared by machines that are alike, and so is what is decided on them. */
function wayDecisions(way: PacketWay, family: Family): readonly Decision[] {
  let byFamily = kept.get(way);
  if (!byFamily) kept.set(way, (byFamily = new Map()));
  let decisions = byFamily.get(family);
  if (!decisions) byFamily.set(family, (decisions = way.decisions(everythingToInternet(family))));
  return decisions;
}

/** Routes that lead a place to the internet gateway for certain, the APIs' left out. */
export function internetRoutes(place: GooglePlace, family: Family): readonly GoogleRoute[] {
  return [...new Set(place.ways.flatMap((way) => way.wayOut.seen(family)))].filter(leadsToInternet);
}

/** True for a route to the internet gateway that is for more than Google's APIs. */
export function leadsToInternet(route: GoogleRoute): boolean {
  return route.nextHop.kind === 'internet-gateway' && size(intersect([route.range], PUBLIC[route.family])) > 0n;
}

interface VerdictIndex {
  readonly byPlace: ReadonlyMap<string, readonly Verdict[]>;
  readonly openThrough: ReadonlyMap<string, Verdict>;
  readonly withHostOf: ReadonlyMap<string, Verdict>;
}

const indexes = new WeakMap<readonly Verdict[], VerdictIndex>();

/** Made once per review: a check that looked through all verdicts for each resource would take their product. */
function indexOf(verdicts: readonly Verdict[]): VerdictIndex {
  let index = indexes.get(verdicts);
  if (!index) {
    const byPlace = new Map<string, Verdict[]>();
    const openThrough = new Map<string, Verdict>();
    const withHostOf = new Map<string, Verdict>();
    for (const verdict of verdicts) {
      const same = byPlace.get(verdict.place.id);
      if (same) same.push(verdict);
      else byPlace.set(verdict.place.id, [verdict]);
      if (verdict.kind === 'open') for (const { address } of verdict.witness ?? []) if (!openThrough.has(address)) openThrough.set(address, verdict);
      for (const { rule } of verdict.hosts) if (!withHostOf.has(rule)) withHostOf.set(rule, verdict);
    }
    indexes.set(verdicts, (index = { byPlace, openThrough, withHostOf }));
  }
  return index;
}

/** Both families of a place. */
export function verdictsOf(verdicts: readonly Verdict[], place: { readonly id: string }): readonly Verdict[] {
  return indexOf(verdicts).byPlace.get(place.id) ?? [];
}

/** The way of an open verdict that passes an address. */
export function openWitness(verdicts: readonly Verdict[], address: string): readonly Step[] | undefined {
  return indexOf(verdicts).openThrough.get(address)?.witness;
}

/** The way of a verdict with a host that a rule lets through. */
export function hostWitness(verdicts: readonly Verdict[], rule: string): readonly Step[] | undefined {
  return indexOf(verdicts).withHostOf.get(rule)?.witness;
}

const usersByModel = new WeakMap<GoogleModel, ReadonlyMap<string, readonly GooglePlace[]>>();

/** The places for whose traffic to the internet a rule decides. */
export function usersOf(model: GoogleModel, rule: FirewallRule): readonly GooglePlace[] {
  let users = usersByModel.get(model);
  if (!users) {
    const found = new Map<string, Set<GooglePlace>>();
    for (const place of model.places) {
      for (const decision of [...decisionsOf(place, 4), ...decisionsOf(place, 6)]) {
        const rules = [...(decision.rule ? [decision.rule.address + decision.rule.label] : []), ...(decision.guard?.hosts ?? []).map((host) => host.rule)];
        for (const key of rules) found.set(key, (found.get(key) ?? new Set()).add(place));
      }
    }
    usersByModel.set(model, (users = new Map([...found].map(([key, places]) => [key, [...places]]))));
  }
  return users.get(rule.address + rule.label) ?? users.get(rule.address) ?? [];
}

/** `{ witness }` where there is one. */
export function witnessed(witness: readonly Step[] | undefined): { readonly witness?: readonly Step[] } {
  return witness === undefined ? {} : { witness };
}

/** `{ segment }` where the place has one. */
export function segmentOf(place: { readonly segment?: string } | undefined): { readonly segment?: string } {
  return place?.segment === undefined ? {} : { segment: place.segment };
}

/** How much of the rule's destinations is public. */
export function publicSize(rule: FirewallRule, family: Family): bigint {
  return size(intersect(addressesIn(rule.peers, family), PUBLIC[family]));
}

/** True when a range is on the internet, at least in part. */
export function isPublic(range: string): boolean {
  const known = addressRange(range);
  return known === undefined || intersect([known.range], PUBLIC[known.family]).length > 0;
}

/** Wider than a /8 (IPv6: a /32): nobody's list of partners. */
export function isWide(range: string): boolean {
  const known = addressRange(range);
  if (!known) return false;
  return known.range[1] - known.range[0] + 1n > (known.family === 4 ? 2n ** 24n : 2n ** 96n) || size(EVERYWHERE[known.family]) === 0n;
}

/** True when the rule names anything that it holds for. */
export function hasTarget(rule: FirewallRule): boolean {
  return hasKeys(rule.secureTags) || hasKeys(rule.networkTags) || hasKeys(rule.accounts);
}
