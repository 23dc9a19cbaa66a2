/**
 * Which rules hold for a network, in Google's order: hierarchical policies, then classic rules and
 * the global and regional network policies, in the order that the network says, then the implied
 * allow of egress. https://cloud.google.com/firewall/docs/firewall-policies-overview#rule-evaluation
 */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { Family } from '../addresses';
import { intersect, size, unionOf, type Ranges } from '../ranges';
import { ADDRESS_GROUPS } from './address-groups';
import { NAT64, PUBLIC } from './api-ranges';
import { chosenFor, type Choice } from './chosen-policy';
import { addressesIn, classicRule, policyRule, unknownRule, type FirewallRule } from './firewall-rule';
import type { Hierarchy } from './hierarchy';
import { allKeys, hasKeys } from './keys';
import type { GoogleNetwork, Networks, Where } from './networks';
import { mayBeElsewhere } from './own-project';
import { oneEach } from './one-each';
import { ruleText } from './rule-text';
import { baseName, hiddenAt, hiddenBlockAt, inSameProject, numberAt, regionOf, textAt, whyElsewhere } from './reading';

export interface FirewallPolicy {
  readonly address: string;
  readonly resource: Resource;
  readonly scope: 'global' | 'regional' | 'hierarchical';
  /** Of a regional one. */
  readonly where: Where;
  /** By priority. */
  readonly rules: readonly FirewallRule[];
  /** What it is associated with: networks, or text of folders and organizations. */
  readonly associations: readonly Association[];
}

export interface Association {
  readonly resource: Resource;
  readonly networks: readonly GoogleNetwork[];
  /** Of several networks the one that it most likely is for. */
  readonly likely?: GoogleNetwork;
  /** Whether it is this policy's, or of several most likely is. */
  readonly isLikelyOwn: boolean;
  /** Folder or organization. */
  readonly node?: string;
  readonly doubt?: string;
}

/** Rules that are evaluated one after the other; what none of them matches goes on to the next stage. */
export interface Stage {
  /** The policy's address; of classic rules the network's. */
  readonly address: string;
  readonly kind: 'hierarchical' | 'policy' | 'classic';
  /** The region that it holds for. Default: every one. */
  readonly scope?: Where;
  readonly rules: readonly FirewallRule[];
  /** Why the stage may not hold for the network at all. */
  readonly doubt?: string;
  /** Zones in which the network has firewall endpoints. Default: none. */
  readonly inspects?: ReadonlySet<string>;
  /** Of several policies one holds, most likely this one. Default: this one holds. */
  readonly choice?: Choice;
}

/**
 * Allows by address count as an allowlist as long as all that a stage allows is no more than a
 * /16 (IPv6: a /48). Beyond that nobody has looked at each address.
 */
export const MOST_LISTED: Readonly<Record<Family, bigint>> = { 4: 2n ** 16n, 6: 2n ** 80n };

const listed = new WeakMap<Stage, Partial<Record<Family, ReadonlySet<FirewallRule>>>>();

/** The stage's rules that let on, or out, to public destinations which are listed one by one. */
export function listedRules(stage: Stage, family: Family): ReadonlySet<FirewallRule> {
  let kept = listed.get(stage);
  if (!kept) listed.set(stage, (kept = {}));
  return (kept[family] ??= (() => {
    const letting = stage.rules.filter((rule) => rule.action !== 'deny' && rule.direction === 'EGRESS' && !rule.isDisabled);
    const narrow = letting.filter((rule) => isListed(rule, family));
    return new Set(isList(unionOf(narrow.map((rule) => intersect(addressesIn(rule.peers, family), PUBLIC[family]))), family) ? narrow : []);
  })());
}

/** True when a rule's public destinations are few enough to be called a list. */
export function isListed(rule: FirewallRule, family: Family): boolean {
  return isList(intersect(addressesIn(rule.peers, family), PUBLIC[family]), family);
}

/** Behind each of NAT64's addresses is one of IPv4, of which so many are none. */
function isList(ranges: Ranges, family: Family): boolean {
  return size(ranges) <= MOST_LISTED[family] && (family === 4 || size(intersect(ranges, NAT64)) <= MOST_LISTED[4]);
}

/** Of policies, by the beginning of their types. */
export const KINDS = [
  { prefix: 'google_compute_network_firewall_policy', scope: 'global' },
  { prefix: 'google_compute_region_network_firewall_policy', scope: 'regional' },
  { prefix: 'google_compute_firewall_policy', scope: 'hierarchical' },
] as const;

export function firewallPolicies(graph: ResourceGraph, networks: Networks): readonly FirewallPolicy[] {
  return KINDS.flatMap(({ prefix, scope }) => {
    const policies = [...graph.ofType(prefix), ...graph.ofType(`${prefix}_with_rules`)];
    const types = [prefix, `${prefix}_with_rules`];
    const rules = byPolicy(graph.ofType(`${prefix}_rule`), policies, types, graph, scope);
    const associations = byPolicy(graph.ofType(`${prefix}_association`), policies, types, graph, scope);
    const standaloneOf = standaloneRules(rules);
    return policies.map((resource): FirewallPolicy => {
      const standalone = standaloneOf(resource);
      const inline = resource.type.endsWith('_with_rules') ? inlineRules(resource) : [];
      const region = regionOf(resource, graph);
      return {
        address: resource.address,
        resource,
        scope,
        where: region !== undefined ? { region } : hiddenAt(resource, 'region') === undefined ? {} : { isRegionHidden: true },
        rules: [...standalone, ...inline].sort((a, b) => a.priority - b.priority),
        associations: (associations.get(resource) ?? []).map((found) => associationOf(found, scope, networks)),
      };
    });
  });
}

function inlineRules(resource: Resource): readonly FirewallRule[] {
  const told = resource.elements('rule').map((path) => policyRule(resource, path, ADDRESS_GROUPS));
  const hidden = hiddenBlockAt(resource, 'rule');
  return hidden === undefined ? told : [...told, unknownRule(resource, 'allow', hidden), unknownRule(resource, 'deny', hidden)];
}

interface Belonging {
  readonly resource: Resource;
  readonly doubt?: string;
  /** Whether it is this policy's, or of several most likely is. */
  readonly isLikely: boolean;
}

type Scope = typeof KINDS[number]['scope'];

/** Rules and associations by policy. What may belong to one of several belongs to each, in doubt. Those of an organization are no project's. */
function byPolicy(parts: readonly Resource[], policies: readonly Resource[], types: readonly string[], graph: ResourceGraph, scope: Scope): ReadonlyMap<Resource, readonly Belonging[]> {
  const found = new Map<Resource, Belonging[]>(policies.map((policy) => [policy, []]));
  for (const resource of parts) {
    const references = resource.references('firewall_policy', { types });
    const [named, likely] = [inSameProject(resource, references.targets), inSameProject(resource, references.likely)];
    const isHidden = named.length === 0 && textAt(resource, 'firewall_policy') === undefined && hiddenAt(resource, 'firewall_policy') !== undefined;
    const targets = isHidden ? policies : named;
    const why = targets.length > 1 || isHidden ? 'which policy it belongs to is known after apply' : whyElsewhere(resource, references) ?? (scope !== 'hierarchical' && mayBeElsewhere(resource, 'firewall_policy', targets, graph) ? 'it may belong to a policy of another project' : undefined);
    const doubt = why === undefined ? undefined : `${resource.address}: ${why}`;
    for (const target of targets) found.get(target)?.push({ resource, isLikely: targets.length === 1 || (likely.length === 1 && likely[0] === target), ...(doubt === undefined ? {} : { doubt }) });
  }
  return found;
}

/**
 * The rules of each policy. Where the plan does not tell which of several policies each of a block's rules is for, and
 * all have one priority, of which a policy has one at most, each policy has one of them: where they are all alike,
 * that is certain, and else it may have the others.
 */
function standaloneRules(all: ReadonlyMap<Resource, readonly Belonging[]>): (policy: Resource) => readonly FirewallRule[] {
  const parsed = new Map<Resource, FirewallRule>();
  const ruleOf = (resource: Resource): FirewallRule => {
    let rule = parsed.get(resource);
    if (!rule) parsed.set(resource, (rule = policyRule(resource, [], ADDRESS_GROUPS)));
    return rule;
  };
  const parts = new Map<Resource, { readonly resource: Resource; readonly candidates: Resource[]; likely?: Resource }>();
  for (const [policy, belonging] of all) {
    for (const { resource, doubt, isLikely } of belonging) {
      if (doubt === undefined) continue;
      const part: { readonly resource: Resource; readonly candidates: Resource[]; likely?: Resource } = parts.get(resource) ?? { resource, candidates: [] };
      parts.set(resource, part);
      part.candidates.push(policy);
      if (isLikely) part.likely = policy;
    }
  }
  const owned = oneEach([...parts.values()], (rules) => new Set(rules.map((rule) => numberAt(rule, 'priority'))).size === 1 && numberAt(rules[0] as Resource, 'priority') !== undefined);
  const alike = new Map<readonly Resource[], boolean>();
  const areAlike = (rules: readonly Resource[]): boolean => {
    let known = alike.get(rules);
    if (known === undefined) alike.set(rules, (known = new Set(rules.map((rule) => ruleText(ruleOf(rule), false))).size === 1));
    return known;
  };
  return (policy) => {
    const own = new Map((owned.get(policy) ?? []).map((one) => [one.likely, one]));
    const replaced = new Set([...own.values()].flatMap(({ likely, all: rules }) => (areAlike(rules) ? rules.filter((rule) => rule !== likely) : [])));
    return (all.get(policy) ?? []).filter(({ resource }) => !replaced.has(resource)).map(({ resource, doubt }) => {
      const one = own.get(resource);
      // An allow opens more than it hides.
      return one && (areAlike(one.all) || ruleOf(resource).action === 'allow') ? ruleOf(resource) : withDoubt(ruleOf(resource), doubt);
    });
  };
}

function withDoubt(rule: FirewallRule, doubt: string | undefined): FirewallRule {
  return doubt === undefined || rule.doubt !== undefined ? rule : { ...rule, doubt };
}

export function associationOf({ resource, doubt, isLikely }: Belonging, scope: FirewallPolicy['scope'], networks: Networks): Association {
  if (scope === 'hierarchical') {
    const node = textAt(resource, 'attachment_target') ?? 'a folder or organization';
    return { resource, networks: [], node, isLikelyOwn: isLikely, ...(doubt === undefined ? {} : { doubt }) };
  }
  const named = networks.namedAt(resource, 'attachment_target');
  const reason = doubt ?? (named.length > 1 ? (hiddenAt(resource, 'attachment_target') ?? `${resource.address}: its network is known after apply`) : undefined);
  const [likely] = named.length > 1 ? networks.likelyAt(resource, 'attachment_target') ?? [] : [];
  return { resource, networks: named, isLikelyOwn: isLikely, ...(likely === undefined ? {} : { likely }), ...(reason === undefined ? {} : { doubt: reason }) };
}

/** Classic rules by network, in their order: by priority, and a deny before an allow of the same. */
export function classicRules(graph: ResourceGraph, networks: Networks): ReadonlyMap<GoogleNetwork, readonly FirewallRule[]> {
  const found = new Map<GoogleNetwork, FirewallRule[]>();
  for (const resource of graph.ofType('google_compute_firewall')) {
    const named = networks.namedAt(resource, 'network');
    const doubt = named.length > 1 ? `${resource.address}: which network it belongs to is known after apply` : undefined;
    for (const network of named) {
      const rules = found.get(network);
      const rule = withDoubt(classicRule(resource), doubt);
      if (rules) rules.push(rule);
      else found.set(network, [rule]);
    }
  }
  for (const rules of found.values()) rules.sort((a, b) => a.priority - b.priority || order(a) - order(b));
  return found;
}

function order(rule: FirewallRule): number {
  return rule.action === 'deny' ? 0 : 1;
}

/** The stages that a packet of the network passes. */
export function stagesOf(network: GoogleNetwork, policies: readonly FirewallPolicy[], classic: readonly FirewallRule[], hierarchy: Hierarchy, inspects?: ReadonlySet<string>): readonly Stage[] {
  const inspecting = inspects === undefined ? {} : { inspects };
  const hierarchical = policies
    .filter((policy) => policy.scope === 'hierarchical' && policy.associations.length > 0)
    .flatMap((policy) => hierarchicalStage(network, policy, hierarchy))
    .sort((a, b) => a.depth - b.depth)
    .map(({ stage }) => ({ ...stage, ...inspecting }));
  const chosen = chosenFor(network, policies);
  const own = (scope: 'global' | 'regional'): readonly Stage[] => (scope === 'global' && chosen ? [chosen] : policies
    .filter((policy) => policy.scope === scope)
    .flatMap((policy) => policy.associations.filter(({ networks }) => networks.includes(network)).slice(0, 1).map(({ doubt }): Stage => ({
      address: policy.address,
      kind: 'policy',
      ...(scope === 'regional' ? { scope: policy.where } : {}),
      rules: policy.rules,
      ...(doubt === undefined ? {} : { doubt }),
    }))));
  const network_ = [...oneOf(network, own('global'), policies), ...own('regional')].map((stage) => ({ ...stage, ...inspecting }));
  const rules: Stage = { address: network.address, kind: 'classic', rules: classic };
  return [...hierarchical, ...(network.policiesFirst ? [...network_, rules] : [rules, ...network_])];
}

/** Of several global policies that are given to a network, one holds: the last that replaces another, and no plan tells which that is. */
function oneOf(network: GoogleNetwork, stages: readonly Stage[], policies: readonly FirewallPolicy[]): readonly Stage[] {
  const sure = stages.filter(({ doubt }) => doubt === undefined);
  const [first] = sure;
  if (!first || sure.length < 2) return stages;
  const rivals = policies.filter(({ address }) => sure.some((stage) => stage.address === address));
  const reason = `${rivals.map(({ address }) => address).join(' and ')} are associated with network ${network.name}, of which one holds`;
  return [{ ...first, choice: { policies: rivals, reason } }, ...stages.filter(({ doubt }) => doubt !== undefined)];
}

/** Whether a network is below a folder or an organization the plan tells by its project, else by a rule that names the network. */
function hierarchicalStage(network: GoogleNetwork, policy: FirewallPolicy, hierarchy: Hierarchy): readonly { readonly stage: Stage; readonly depth: number }[] {
  const given = policy.associations.map((association) => ({ association, isAbove: association.doubt === undefined ? hierarchy.isAbove(association.resource, network.resource) : undefined })).filter(({ isAbove }) => isAbove !== false);
  if (given.length === 0) return [];
  const depth = Math.min(...given.map(({ association }) => hierarchy.depthOf(association.resource)));
  const isSure = given.some(({ isAbove }) => isAbove === true);
  const node = given[0]?.association.node ?? 'its node';
  const doubt = isSure ? undefined : `whether ${policy.address}, which holds for ${node}, holds for network ${network.name} is not in the plan`;
  const rules = policy.rules.filter(({ networks }) => !hasKeys(networks) || networks.unknown !== undefined || allKeys(networks).some((key) => key === network.address || baseName(key) === network.name));
  const stage: Stage = { address: policy.address, kind: 'hierarchical', ...(doubt === undefined ? {} : { doubt }), rules: rules.map((rule) => (rule.networks.sure.has(network.address) ? rule : withDoubt(rule, doubt ?? (hasKeys(rule.networks) ? `whether ${rule.address} is for network ${network.name} is not in the plan` : undefined)))) };
  return [{ stage, depth }];
}
