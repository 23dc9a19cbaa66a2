/**
 * A firewall rule of any kind: classic, in a network policy (global or regional, inline or
 * standalone), in a hierarchical policy.
 * https://cloud.google.com/firewall/docs/firewall-policies-rule-details
 */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource } from '../../plan/resource-graph';
import { addressesOf, cidrsOf, type Family } from '../addresses';
import { intersect, subtract, type Ranges } from '../ranges';
import { traffic, type Traffic } from '../traffic';
import { PUBLIC } from './api-ranges';
import { joinKeys, keysAt, NO_KEYS, type Keys } from './keys';
import { boxesOf, EVERY_PROTOCOL, layer4At, type Layer4 } from './layer4';
import { flagAt, hiddenAt, hiddenBlockAt, numberAt, textAt, textsAt, type Texts } from './reading';
import { urlFilterOf, type UrlFilter } from './url-filters';

/** Secure tags come as values of keys, made here or looked up. */
export const TAG_TYPES: readonly string[] = ['google_tags_tag_value'];
export const ACCOUNT_TYPES: readonly string[] = ['google_service_account'];

export type RuleAction = 'allow' | 'deny' | 'goto_next';

/** The other end of a rule: destinations of an egress rule, sources of an ingress rule. Any of them is enough. */
export interface Peers {
  readonly ranges: readonly string[];
  /** Lower case, without a trailing dot. */
  readonly fqdns: readonly string[];
  /** Secure tags, network tags and service accounts; sources only. */
  readonly tags: Keys;
  /** Countries, threat lists, address groups outside of the plan: `region US`. */
  readonly opaque: readonly string[];
  readonly unknown?: string;
  /** Of a rule that asks how a packet is routed, too. `ranges` are then what is meant of packets to the default internet gateway. */
  readonly scope?: Scope;
}

/** https://docs.cloud.google.com/firewall/docs/understand-network-contexts */
export interface Scope {
  /** `some`: a part of what the default internet gateway does not get. */
  readonly means: 'internet' | 'rest' | 'some';
  /** Wherever they are. */
  readonly ranges: readonly string[];
}

export interface FirewallRule {
  readonly kind: 'classic' | 'policy';
  /** The Terraform address; of an inline rule its policy's. */
  readonly address: string;
  readonly resource: Resource;
  /** `priority 1000`, with the rule's name where it has one. */
  readonly label: string;
  readonly priority: number;
  readonly action: RuleAction;
  readonly direction: 'EGRESS' | 'INGRESS';
  /** Why the rule may not be what it looks like: its action, direction or priority is not known. */
  readonly doubt?: string;
  /** True where the plan does not tell the direction. */
  readonly isDirectionHidden?: true;
  readonly isDisabled: boolean;
  readonly isLogged: boolean;
  /** Network tags, secure tags, service accounts. With none at all the rule holds for every machine. */
  readonly networkTags: Keys;
  readonly secureTags: Keys;
  readonly accounts: Keys;
  /** Networks that a hierarchical rule is limited to. */
  readonly networks: Keys;
  readonly layer4: readonly Layer4[];
  readonly peers: Peers;
  /** Of an egress rule that is for some source addresses alone. Default: for every one. */
  readonly callers?: Callers;
  /** Of a rule that hands its packets to a firewall which lets some through. */
  readonly names?: UrlFilter;
}

/** Source addresses that an egress rule is limited to. */
export interface Callers {
  readonly ranges: readonly string[];
  readonly unknown?: string;
}

/** A rule whose priority is not known may stand before all others. */
const FIRST = -1;

/** A network tag or service account means the same in a classic rule as on a machine. */
export function classicRule(resource: Resource): FirewallRule {
  const isDeny = resource.elements('deny').length > 0;
  const egress = textAt(resource, 'direction') === 'EGRESS';
  const blocks = resource.elements(isDeny ? 'deny' : 'allow');
  const mayBeEgress = hiddenAt(resource, 'direction') !== undefined && resource.elements('destination_ranges').length > 0;
  const ranges = textsAt(resource, egress || mayBeEgress ? 'destination_ranges' : 'source_ranges');
  const tags = egress ? NO_KEYS : keysAt(resource, ['source_tags'], []);
  const accounts = egress ? NO_KEYS : keysAt(resource, ['source_service_accounts'], ACCOUNT_TYPES);
  // A tag that a plan does not know yet is a source all the same.
  const hasOtherSource = !egress && ['source_tags', 'source_service_accounts'].some((path) => resource.elements(path).length > 0);
  // Google fills in every IPv4 address where nothing is written.
  const everywhere = ranges.values.length === 0 && ranges.unknown === undefined && !hasOtherSource;
  const unknownBlock = blocks.length === 0 ? (hiddenAt(resource, 'allow') ?? hiddenAt(resource, 'deny') ?? `${resource.address}: neither allow nor deny is known`) : undefined;
  const doubt = hiddenAt(resource, 'direction') ?? hiddenAt(resource, 'priority') ?? hiddenAt(resource, 'disabled') ?? unknownBlock;
  return {
    kind: 'classic',
    address: resource.address,
    resource,
    label: `classic rule, priority ${numberAt(resource, 'priority') ?? 1000}`,
    priority: numberAt(resource, 'priority') ?? (hiddenAt(resource, 'priority') === undefined ? 1000 : FIRST),
    action: isDeny ? 'deny' : 'allow',
    direction: egress ? 'EGRESS' : 'INGRESS',
    ...(doubt === undefined ? {} : { doubt }),
    ...directionOf(resource, 'direction'),
    isDisabled: flagAt(resource, 'disabled') === true,
    isLogged: resource.elements('log_config').length > 0 || flagAt(resource, 'enable_logging') === true,
    networkTags: keysAt(resource, ['target_tags'], []),
    secureTags: NO_KEYS,
    accounts: keysAt(resource, ['target_service_accounts'], ACCOUNT_TYPES),
    networks: NO_KEYS,
    layer4: blocks.length > 0 ? blocks.map((path) => layer4At(resource, path, 'protocol')) : [EVERY_PROTOCOL],
    peers: {
      ranges: everywhere ? ['0.0.0.0/0'] : ranges.values,
      fqdns: [],
      tags: { ...tags, sure: new Set([...tags.sure, ...accounts.sure]) },
      opaque: [],
      ...(ranges.unknown === undefined ? {} : { unknown: ranges.unknown }),
    },
    ...(egress ? callersOf(textsAt(resource, 'source_ranges')) : {}),
  };
}

function directionOf(resource: Resource, path: AttributePath | string): { readonly isDirectionHidden?: true } {
  return hiddenAt(resource, path) === undefined ? {} : { isDirectionHidden: true };
}

function callersOf(ranges: Texts, ...others: readonly Texts[]): { readonly callers?: Callers } {
  const unknown = ranges.unknown ?? others.map((each) => each.unknown ?? each.values[0]).find((each) => each !== undefined);
  if (ranges.values.length === 0 && unknown === undefined) return {};
  return { callers: { ranges: ranges.values, ...(unknown === undefined ? {} : { unknown }) } };
}

/** What an egress rule alone has. */
const DESTINATIONS = ['dest_ip_ranges', 'dest_fqdns', 'dest_region_codes', 'dest_threat_intelligences', 'dest_address_groups'];

/** A rule of a policy; `path` leads to the rule inside of a policy with inline rules. */
export function policyRule(resource: Resource, path: AttributePath, groups: AddressGroups): FirewallRule {
  const at = (...steps: AttributePath): AttributePath => [...path, ...steps];
  const inline = path.length > 0;
  const action = textAt(resource, at('action'))?.toLowerCase();
  const egress = textAt(resource, at('direction'))?.toUpperCase() === 'EGRESS';
  const priority = numberAt(resource, at('priority'));
  const match = at('match', 0);
  const mayBeEgress = hiddenAt(resource, at('direction')) !== undefined && DESTINATIONS.some((name) => resource.elements([...match, name]).length > 0);
  const layers = [...match, inline ? 'layer4_config' : 'layer4_configs'];
  const layer4 = resource.elements(layers);
  const hiddenLayer = hiddenBlockAt(resource, layers);
  const doubt = hiddenAt(resource, at('action')) ?? hiddenAt(resource, at('direction')) ?? hiddenAt(resource, at('priority'))
    ?? hiddenAt(resource, at('disabled')) ?? hiddenAt(resource, at('target_type'));
  const name = textAt(resource, at('rule_name'));
  const wanted = secureTagsAt(resource, at(inline ? 'target_secure_tag' : 'target_secure_tags'));
  const names = action === 'apply_security_profile_group' ? urlFilterOf(resource, at('security_profile_group')) : undefined;
  return {
    kind: 'policy',
    address: resource.address,
    resource,
    label: `${name === undefined ? '' : `${name}, `}priority ${priority ?? '?'}`,
    priority: priority ?? FIRST,
    // `apply_security_profile_group` inspects what it lets through; but for names no plan says what it stops.
    action: action === 'deny' ? 'deny' : action === 'goto_next' ? 'goto_next' : 'allow',
    direction: egress ? 'EGRESS' : 'INGRESS',
    ...(doubt === undefined ? {} : { doubt }),
    ...directionOf(resource, at('direction')),
    isDisabled: flagAt(resource, at('disabled')) === true || isForBalancers(textAt(resource, at('target_type'))) || wanted === 'ignored',
    isLogged: flagAt(resource, at('enable_logging')) === true,
    networkTags: NO_KEYS,
    secureTags: wanted === 'ignored' ? NO_KEYS : wanted,
    accounts: keysAt(resource, at('target_service_accounts'), ACCOUNT_TYPES),
    networks: keysAt(resource, at('target_resources'), ['google_compute_network']),
    layer4: layer4.length > 0 ? layer4.map((each) => layer4At(resource, each, 'ip_protocol')) : [hiddenLayer === undefined ? EVERY_PROTOCOL : { ...EVERY_PROTOCOL, unknown: hiddenLayer }],
    peers: policyPeers(resource, match, egress || mayBeEgress ? 'dest' : 'src', inline, groups),
    ...(egress ? callersOf(textsAt(resource, [...match, 'src_ip_ranges']), textsAt(resource, [...match, 'src_address_groups'])) : {}),
    ...(names === undefined ? {} : { names }),
  };
}

/** Stands for rules that the plan does not tell: one that allows and one that denies may be there. */
export function unknownRule(resource: Resource, action: RuleAction, doubt: string): FirewallRule {
  return {
    kind: 'policy', address: resource.address, resource, label: 'rules that are not in the plan', priority: 0, action, direction: 'EGRESS', doubt, isDisabled: false, isLogged: true,
    networkTags: NO_KEYS, secureTags: NO_KEYS, accounts: NO_KEYS, networks: NO_KEYS, layer4: [EVERY_PROTOCOL], peers: { ranges: ['0.0.0.0/0', '::/0'], fqdns: [], tags: NO_KEYS, opaque: [] },
  };
}

/** A rule whose tags Google shows as gone, or their network, is ignored. https://cloud.google.com/compute/docs/reference/rest/v1/networkFirewallPolicies/getRule */
function secureTagsAt(resource: Resource, path: AttributePath): Keys | 'ignored' {
  const elements = resource.elements(path);
  const inForce = elements.filter((each) => textAt(resource, [...each, 'state']) !== 'INEFFECTIVE');
  if (inForce.length === elements.length) return keysAt(resource, path, TAG_TYPES, 'name');
  return inForce.length === 0 ? 'ignored' : joinKeys(inForce.map((each) => keysAt(resource, [...each, 'name'], TAG_TYPES)));
}

/**
 * Later providers have rules for the proxies of internal load balancers, which mean no machine.
 * https://cloud.google.com/firewall/docs/firewall-policies-rule-details#targets
 */
function isForBalancers(type: string | undefined): boolean {
  return type !== undefined && type !== 'INSTANCES';
}

/** The addresses of the address groups that the plan has, by Terraform address. */
export interface AddressGroups {
  itemsOf(resource: Resource, path: AttributePath): { readonly items: readonly string[]; readonly foreign: readonly string[]; readonly unknown?: string };
}

function policyPeers(resource: Resource, match: AttributePath, end: 'dest' | 'src', inline: boolean, groups: AddressGroups): Peers {
  const list = (name: string) => textsAt(resource, [...match, `${end}_${name}`]);
  const ranges = list('ip_ranges');
  const fqdns = list('fqdns');
  const countries = list('region_codes');
  const threats = list('threat_intelligences');
  const group = groups.itemsOf(resource, [...match, `${end}_address_groups`]);
  const tags = end === 'src' ? keysAt(resource, [...match, inline ? 'src_secure_tag' : 'src_secure_tags'], TAG_TYPES, 'name') : NO_KEYS;
  const opaque = [
    ...countries.values.map((each) => `region ${each}`),
    ...threats.values.map((each) => `threat list ${each}`),
    ...group.foreign.map((each) => `address group ${each}`),
  ];
  const unknown = [ranges, fqdns, countries, threats, group].find((each) => each.unknown !== undefined)?.unknown;
  const scope = NETWORK_SCOPES.map((name) => [...match, `${end}_${name}`]);
  const scoped = scope.map((path) => textAt(resource, path)?.toUpperCase()).find((each) => each !== undefined);
  const hiddenScope = scope.map((path) => hiddenAt(resource, path)).find((each) => each !== undefined);
  const isPrivate = scoped !== undefined && PRIVATE_SCOPES.has(scoped);
  const means = !isPrivate ? 'internet' : scoped === 'NON_INTERNET' ? 'rest' : 'some';
  const isAnything = ranges.values.length + fqdns.values.length + opaque.length + group.items.length + tags.sure.size + tags.maybe.size === 0
    && unknown === undefined && tags.unknown === undefined;
  const named = isAnything ? ['0.0.0.0/0', '::/0'] : [...ranges.values, ...group.items];
  return {
    // Where nobody knows the scope, no address is meant for certain.
    ranges: hiddenScope !== undefined ? [] : scoped === undefined ? named : withinScope(named, isPrivate),
    fqdns: fqdns.values.map((name) => name.toLowerCase().replace(/\.$/, '')),
    tags,
    opaque,
    ...((unknown ?? hiddenScope) === undefined ? {} : { unknown: unknown ?? hiddenScope as string }),
    ...(scoped === undefined || hiddenScope !== undefined ? {} : { scope: { means, ranges: named } }),
  };
}

/** Under the names of the providers so far. https://cloud.google.com/firewall/docs/firewall-policies-rule-details#network-types */
const NETWORK_SCOPES = ['network_context', 'network_type', 'network_scope'];
/** All but INTERNET mean addresses that are reached without it. */
const PRIVATE_SCOPES: ReadonlySet<string> = new Set(['NON_INTERNET', 'INTRA_VPC', 'VPC_NETWORKS']);

/**
 * The rule as it stands for packets that another route takes than one to the default internet gateway: to a machine, a
 * balancer, a tunnel or a peer. They are none to the internet for Google, wherever they go. Absent: it means none of them.
 */
export function ruleBeside(rule: FirewallRule): FirewallRule | undefined {
  const { scope } = rule.peers;
  if (!scope) return rule;
  const peers = { ...rule.peers, ranges: scope.ranges };
  if (scope.means === 'rest' || (scope.means === 'some' && rule.action === 'allow')) return { ...rule, peers };
  if (scope.means === 'internet' || rule.action === 'deny') return undefined;
  return { ...rule, peers: { ...peers, ranges: [], unknown: `${rule.address} is for a part of the packets that the internet gateway does not get` } };
}

/** What of some ranges is on the internet, or is not. */
function withinScope(ranges: readonly string[], isPrivate: boolean): readonly string[] {
  return ([4, 6] as const).flatMap((family) => cidrsOf((isPrivate ? subtract : intersect)(addressesOf(ranges, family), PUBLIC[family]), family));
}

const destinationSets = new WeakMap<Peers, Partial<Record<Family, Ranges>>>();

/** The addresses that the rule names, without those that stand behind names, countries and lists. */
export function addressesIn(peers: Peers, family: Family): Ranges {
  let kept = destinationSets.get(peers);
  if (!kept) destinationSets.set(peers, (kept = {}));
  return (kept[family] ??= addressesOf(peers.ranges, family));
}

/** The packets that the rule's protocols and ports mean, to some addresses. */
export function ruleTraffic(rule: FirewallRule, family: Family, destinations: Ranges, sureOnly: boolean): Traffic {
  return traffic(family, boxesOf(rule.layer4, family, destinations, sureOnly));
}
