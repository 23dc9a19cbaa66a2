/**
 * Which segment of the policy file a subnet or machine belongs to: told by the secure tags that our
 * blueprint makes, else by labels, else by names that share their distinctive words.
 */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { nameOf, textAt } from './reading';

export type Tier = 'public' | 'private' | 'data';

/** A tag value that firewall rules can target. */
export interface SegmentTag {
  readonly address: string;
  readonly resource: Resource;
  readonly name: string;
  readonly tier?: Tier;
  /** The network that our blueprint made it for, and only for one of its own. */
  readonly network?: string;
  /** Terraform addresses or ids of its key; one, unless the plan does not tell. */
  readonly parents: readonly string[];
}

const TIERS: ReadonlySet<string> = new Set(['public', 'private', 'data']);

export function segmentTags(graph: ResourceGraph): readonly SegmentTag[] {
  return graph.ofType('google_tags_tag_value').map((resource) => {
    const description = textAt(resource, 'description') ?? '';
    const [, network, tier] = /^Segment \S+ of network (\S+) \((\w+)\)$/.exec(description) ?? [];
    const { targets } = resource.references('parent', { types: ['google_tags_tag_key'] });
    const parent = textAt(resource, 'parent');
    return {
      address: resource.address,
      resource,
      name: textAt(resource, 'short_name') ?? resource.name,
      ...(tier !== undefined && TIERS.has(tier) ? { tier: tier as Tier } : {}),
      ...(network === undefined ? {} : { network }),
      parents: targets.length > 0 ? targets.map(({ address }) => address) : parent === undefined ? [] : [parent],
    };
  });
}

/** Words that say nothing about which of several subnets is meant. */
const COMMON = new Set(['subnet', 'subnetwork', 'sn', 'sub', 'network', 'net', 'vpc', 'tag', 'egress', 'ingress', 'allow', 'internet', 'outbound', 'inet', 'sa', 'private', 'vm']);

function words(text: string): readonly string[] {
  const local = text.split('@')[0] as string;
  return local.toLowerCase().split(/[^a-z0-9]+/).filter((word) => word !== '');
}

/** Something that may be paired, and the text that it is known by. */
export interface Candidate {
  readonly key: string;
  readonly text: string;
}

/** Which groups belong to which subnet. */
export interface Pairing {
  /** By subnet, the groups that share its words. */
  readonly paired: ReadonlyMap<string, ReadonlySet<string>>;
  /** Groups that fit no subnet: any machine could carry them. */
  readonly free: readonly string[];
  readonly all: readonly string[];
}

/**
 * Pairs subnets with tags and accounts by their words. A tag that fits some subnet belongs to those
 * that it fits best.
 */
export function pairByWords(subnets: readonly Candidate[], groups: readonly Candidate[], alsoCommon: readonly string[] = []): Pairing {
  const common = new Set([...COMMON, ...alsoCommon.flatMap(words)]);
  const counts = new Map<string, number>();
  for (const { text } of subnets) for (const word of new Set(words(text))) counts.set(word, (counts.get(word) ?? 0) + 1);
  const shared = subnets.length > 1 ? [...counts].filter(([, count]) => count === subnets.length).map(([word]) => word) : [];
  // `web` beside `web-app`: what all share is all that one of them has.
  const leavesAWord = subnets.every(({ text }) => words(text).some((word) => !common.has(word) && !shared.includes(word)));
  if (leavesAWord) for (const word of shared) common.add(word);
  const distinctive = (text: string): ReadonlySet<string> => new Set(words(text).filter((word) => !common.has(word)));

  const groupWords = groups.map((group) => ({ group, words: distinctive(group.text) }));
  const claimed = new Set<string>();
  const paired = new Map<string, Set<string>>();
  for (const subnet of subnets) {
    const own = distinctive(subnet.text);
    const fitting = groupWords.filter(({ words: its }) => its.size > 0 && [...its].every((word) => own.has(word)));
    const best = Math.max(0, ...fitting.map(({ words: its }) => its.size));
    const chosen = fitting.filter(({ words: its }) => its.size === best).map(({ group }) => group.key);
    for (const key of chosen) claimed.add(key);
    paired.set(subnet.key, new Set(chosen));
  }
  const all = groups.map(({ key }) => key);
  return { paired, free: all.filter((key) => !claimed.has(key)), all };
}

/** The network whose segments the tags are, when all of them are our blueprint's and of one network. */
export function ownNetwork(tags: readonly SegmentTag[]): string | undefined {
  const [first] = tags;
  return first?.network !== undefined && tags.every(({ network }) => network === first.network) ? first.network : undefined;
}

/**
 * Pairs subnets and groups by the whole names that our blueprint gives both: words would take the subnet
 * of `vpc` for none's, and that of `app-egress` for one of `app`.
 *
 * @param subnets with their names as text.
 * @param subnetOf the name of the subnet that a group belongs to.
 * @returns undefined when some group is of no subnet: then somebody else has a hand in it.
 */
export function pairByNames(subnets: readonly Candidate[], groups: readonly Candidate[], subnetOf: (group: string) => string): Pairing | undefined {
  const byName = new Map(subnets.map(({ key, text }) => [text, key]));
  const paired = new Map(subnets.map(({ key }) => [key, new Set<string>()]));
  for (const { key, text } of groups) {
    const own = paired.get(byName.get(subnetOf(text)) ?? '');
    if (!own) return undefined;
    own.add(key);
  }
  return { paired, free: [], all: groups.map(({ key }) => key) };
}

/** How our blueprint's rules begin or end that say whose they are. */
const WHOSE = [/^(\S+) (?:may (?:reach|call)|accepts) /, /^Nodes(?: and pods)? of (\S+) /, /^The control plane calls .* of (\S+)$/, /^Identity-Aware Proxy .* to (\S+)$/];

/** The segment whose rule it is, by what our blueprint's rules say of themselves. */
export function segmentOfRule(description: string): string | undefined {
  return WHOSE.map((pattern) => pattern.exec(description)?.[1]).find((each) => each !== undefined);
}

/** A rule that holds for accounts, and what it says of itself. */
export interface AccountRule {
  readonly accounts: readonly string[];
  readonly description: string;
}

/**
 * Which accounts the machines of each subnet run as, where our blueprint tells segments apart by account: no
 * tag is there to tell, and words of accounts are whatever their owners chose.
 *
 * @param subnets with their names as text.
 * @returns by subnet; undefined when some subnet or rule is not our blueprint's.
 */
export function accountsOfSubnets(network: string, subnets: readonly Candidate[], rules: readonly AccountRule[]): Pairing | undefined {
  if (rules.length === 0 || !subnets.every(({ text }) => text.startsWith(`${network}-`))) return undefined;
  const bySegment = new Map(subnets.map(({ key, text }) => [text.slice(network.length + 1), key]));
  const paired = new Map(subnets.map(({ key }) => [key, new Set<string>()]));
  for (const { accounts, description } of rules) {
    const own = paired.get(bySegment.get(segmentOfRule(description) ?? '') ?? '');
    if (!own) return undefined;
    for (const account of accounts) own.add(account);
  }
  return { paired, free: [], all: [...new Set(rules.flatMap(({ accounts }) => accounts))] };
}

/** Labels and names in the code that name a segment. */
export function labelledSegment(resource: Resource): { readonly segment?: string; readonly tier?: Tier } {
  const label = (name: string) => textAt(resource, ['labels', name]) ?? textAt(resource, ['effective_labels', name]) ?? textAt(resource, ['resource_labels', name]);
  const segment = label('segment');
  const tier = label('tier');
  return { ...(segment === undefined ? {} : { segment }), ...(tier !== undefined && TIERS.has(tier) ? { tier: tier as Tier } : {}) };
}

export function displayName(resource: Resource): string {
  return `${nameOf(resource)} ${resource.name} ${typeof resource.key === 'string' ? resource.key : ''}`;
}
