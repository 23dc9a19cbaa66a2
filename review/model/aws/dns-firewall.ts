/**
 * Route 53 Resolver DNS Firewall: which names the resolver answers. Groups and ACLs do not filter
 * queries to it, so this is the only control on them.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall.html
 */
import { append } from '../../append';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { AwsNetwork, Networks } from './networks';
import { choose, everyOf, isSet, numberAt, textAt, textsAt } from './read';

export interface DnsRule {
  readonly address: string;
  readonly action: 'ALLOW' | 'BLOCK' | 'ALERT' | 'unknown';
  /** What a client hears of a name that is blocked: `NODATA`, `NXDOMAIN`, `OVERRIDE`. */
  readonly response?: string;
  /** The record type that it is for; any when absent. */
  readonly type?: string;
  readonly priority: number;
  /** True where a name that it has may lead to any other by CNAME. */
  readonly trustsRedirection?: true;
  /** Undefined for a list that the plan does not show. */
  readonly domains?: readonly string[];
  /** True where it stands for a whole group that is another plan's: whatever its rules are. */
  readonly isElsewhere?: true;
  /** True where AWS decides which names look like data or like made up, and no list does. */
  readonly detects?: true;
  /** Addresses of its domain lists. */
  readonly lists: readonly string[];
}

export interface DnsAssociation {
  readonly address: string;
  readonly resource: Resource;
  readonly network: AwsNetwork;
  readonly priority: number;
  /** By priority. */
  readonly rules: readonly DnsRule[];
}

/** What decides on the queries of one network: its associations by priority, each with its rules. */
export interface AwsDnsControl {
  readonly network: AwsNetwork;
  readonly associations: readonly DnsAssociation[];
  readonly rules: readonly DnsRule[];
  /** False when some rule or list is not in the plan. */
  readonly isKnown: boolean;
}

export interface DnsControls {
  readonly all: readonly AwsDnsControl[];
  /** Lists of names: how many each has, and one without the dot at its end. */
  readonly lists: readonly { readonly address: string; readonly count: number; readonly dotless?: string }[];
  /** What the networks say that happens when the DNS firewall fails: by network address. */
  readonly failOpen: ReadonlyMap<AwsNetwork, { readonly address: string; readonly value?: string }>;
  /** Networks whose queries are logged. */
  readonly logged: ReadonlySet<AwsNetwork>;
}

const LIST = 'aws_route53_resolver_firewall_domain_list';
const GROUP = 'aws_route53_resolver_firewall_rule_group';

export function dnsControlsOf(graph: ResourceGraph, networks: Networks): DnsControls {
  const rules = new Map<Resource, DnsRule[]>();
  for (const rule of graph.ofType('aws_route53_resolver_firewall_rule')) {
    const read = ruleOf(rule);
    for (const group of rule.references('firewall_rule_group_id', { types: [GROUP] }).targets) append(rules, group, read);
  }
  const associations = [...byProfiles(graph, networks, rules), ...graph.ofType('aws_route53_resolver_firewall_rule_group_association').flatMap((resource) => {
    const own = rulesIn(resource.references('firewall_rule_group_id', { types: [GROUP] }).targets, rules, resource.address);
    return networks.at(resource, 'vpc_id').likely.map((network): DnsAssociation => ({ address: resource.address, resource, network, priority: numberAt(resource, 'priority') ?? 0, rules: own }));
  })];
  const all = [...new Set(associations.map(({ network }) => network))].map((network): AwsDnsControl => {
    const own = associations.filter((association) => association.network === network).sort((a, b) => a.priority - b.priority);
    const inOrder = own.flatMap((association) => association.rules);
    return { network, associations: own, rules: inOrder, isKnown: inOrder.every((rule) => rule.domains !== undefined) };
  });
  const failOpen = new Map<AwsNetwork, { address: string; value?: string }>();
  for (const config of graph.ofType('aws_route53_resolver_firewall_config')) {
    const value = textAt(config, 'firewall_fail_open');
    for (const network of networks.at(config, 'resource_id').likely) failOpen.set(network, { address: config.address, ...(value === undefined ? {} : { value }) });
  }
  const logged = new Set<AwsNetwork>();
  for (const association of graph.ofType('aws_route53_resolver_query_log_config_association')) {
    const configs = association.references('resolver_query_log_config_id', { types: ['aws_route53_resolver_query_log_config'] });
    const isForeign = configs.targets.length === 0 && textAt(association, 'resolver_query_log_config_id') !== undefined;
    if (configs.targets.length > 0 || isForeign) networks.at(association, 'resource_id').likely.forEach((network) => logged.add(network));
  }
  return { all, failOpen, logged, lists: graph.ofType(LIST).map(listOf) };
}

/** The rules of groups by priority; one that stands for all of them where a group is another plan's. */
function rulesIn(groups: readonly Resource[], rules: ReadonlyMap<Resource, readonly DnsRule[]>, address: string): readonly DnsRule[] {
  if (groups.length === 0 || groups.some(({ mode }) => mode === 'data')) return [{ address, action: 'unknown', priority: 0, lists: [], isElsewhere: true }];
  return groups.flatMap((group) => rules.get(group) ?? []).sort((a, b) => a.priority - b.priority);
}

/**
 * Profiles carry groups to every network that they are associated with; often they are another account's, and then their rules are, too.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/profiles.html
 */
function byProfiles(graph: ResourceGraph, networks: Networks, rules: ReadonlyMap<Resource, readonly DnsRule[]>): readonly DnsAssociation[] {
  const parts = graph.ofType('aws_route53profiles_resource_association').map((part) => ({ part, profiles: part.references('profile_id', { types: [PROFILE] }).targets, groups: part.references('resource_arn', { types: [GROUP] }) }));
  return graph.ofType('aws_route53profiles_association').flatMap((resource) => {
    const profiles = resource.references('profile_id', { types: [PROFILE] }).targets;
    const isHere = profiles.some(({ mode }) => mode === 'managed');
    const own = parts.filter((each) => each.profiles.some((profile) => profiles.includes(profile)));
    const carried = own.filter(({ groups }) => groups.targets.length > 0);
    const found = isHere ? carried.map(({ part, groups }) => ({ address: part.address, groups: groups.targets, priority: priorityIn(textAt(part, 'resource_properties')) })) : [{ address: resource.address, groups: [], priority: 0 }];
    return networks.at(resource, 'resource_id').likely.flatMap((network) => found.map(({ address, groups, priority }): DnsAssociation => ({ address, resource, network, priority, rules: rulesIn(groups, rules, address) })));
  });
}

const PROFILE = 'aws_route53profiles_profile';

/** `{"priority":102}` */
function priorityIn(properties: string | undefined): number {
  return Number(/"priority"\s*:\s*(\d+)/.exec(properties ?? '')?.[1] ?? 0);
}

function listOf(list: Resource): DnsControls['lists'][number] {
  const names = textsAt(list, 'domains');
  const dotless = names.find((name) => name !== '*' && !name.endsWith('.'));
  return { address: list.address, count: names.length, ...(dotless === undefined ? {} : { dotless }) };
}

function ruleOf(rule: Resource): DnsRule {
  const meant = choose(rule, 'firewall_domain_list_id', (target) => target, { types: [LIST] });
  const lists = { targets: everyOf(meant), exact: meant.others.length === 0 && meant.likely.length <= 1 && meant.unknown === undefined };
  const detects = isSet(rule, 'dns_threat_protection');
  const isKnown = detects || (lists.targets.length > 0 && lists.exact && lists.targets.every((list) => isOfAws(list) || (list.mode === 'managed' && !list.hasUnknown('domains'))));
  const action = textAt(rule, 'action');
  const response = textAt(rule, 'block_response');
  const type = textAt(rule, 'q_type');
  return {
    address: rule.address,
    action: action === 'ALLOW' || action === 'BLOCK' || action === 'ALERT' ? action : 'unknown',
    priority: numberAt(rule, 'priority') ?? 0,
    lists: lists.targets.map((list) => list.address),
    ...(textAt(rule, 'firewall_domain_redirection_action') === 'TRUST_REDIRECTION_DOMAIN' ? { trustsRedirection: true as const } : {}),
    ...(response === undefined ? {} : { response }),
    ...(type === undefined ? {} : { type }),
    ...(detects ? { detects } : {}),
    ...(isKnown ? { domains: lists.targets.flatMap((list) => textsAt(list, 'domains')).map((name) => name.replace(/\.$/, '').toLowerCase()) } : {}),
  };
}

/**
 * A list that AWS keeps, of names that are known to be bad: none of these is a star.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-managed-domain-lists.html
 */
function isOfAws(list: Resource): boolean {
  return list.mode === 'data' && textAt(list, 'managed_owner_name') !== undefined;
}

/** The rule that decides on a query, or nothing: then it is answered. */
export function dnsDecision(rules: readonly DnsRule[], name: string, type: string): DnsRule | undefined {
  return rules.find((rule) => (rule.type === undefined || typeText(rule.type) === typeText(type)) && (rule.domains ?? []).some((pattern) => answersTo(pattern, name)));
}

/** What no rule decides on is answered, and so is what an ALERT only notes. */
export function isAnswered(rules: readonly DnsRule[], name: string, type = 'A'): boolean {
  return dnsDecision(rules, name, type)?.action !== 'BLOCK';
}

/** A star stands for anything that is not nothing, dots included. */
function answersTo(pattern: string, name: string): boolean {
  return pattern.startsWith('*') ? name.length > pattern.length - 1 && name.endsWith(pattern.slice(1)) : pattern === name;
}

function typeText(type: string): string {
  return type === 'HTTPS' ? 'TYPE65' : type;
}
