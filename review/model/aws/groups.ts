/**
 * Security groups: what they let out and in, wherever their rules are written. Rules add up, the
 * order does not matter, and what no rule allows is refused.
 * https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
 */
import { append } from '../../append';
import { EVERYWHERE, INTERNET, type Family } from '../addresses';
import { intersect, type Ranges } from '../ranges';
import { either, type Traffic } from '../traffic';
import type { AttributePath, PathLike } from '../../plan/attribute-path';
import { textsIn } from '../../plan/handed-values';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { recentLike } from './compact';
import { FormerRules } from './former-rules';
import type { AwsNetwork, Networks } from './networks';
import { PrefixLists, rangesIn, type AwsPrefixList } from './prefix-lists';
import { ruleTraffic } from './protocols';
import { choose, everyOf, isSet, isWritten, numberAt, onlyOf, sorted, tagAt, textAt, textsAt, type Choice } from './read';
import { wasReadBack } from './read-back';

/** One line of a group. */
export interface AwsGroupRule {
  /** Of the resource that has the line. */
  readonly address: string;
  readonly direction: 'ingress' | 'egress';
  /** As written; undefined when not known. */
  readonly protocol?: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly cidrs: readonly string[];
  readonly prefixLists: readonly AwsPrefixList[];
  /** Addresses of groups that it names, its own group among them for `self`. */
  readonly groups: readonly string[];
  /** True when it names a group and the plan does not say which. */
  readonly groupsUnknown?: true;
  /** Why it may reach more than it says. */
  readonly unknown?: string;
  /** Why it may belong to another group. */
  readonly possible?: string;
  readonly inline: boolean;
  /** Whether it says why it is there, or may. */
  readonly described: boolean;
}

export interface AwsGroup {
  readonly address: string;
  readonly resource?: Resource;
  readonly network?: AwsNetwork;
  /** Other networks in which it may be used: it is associated with them, or may be theirs as well as that of the first. */
  readonly otherNetworks?: readonly AwsNetwork[];
  /** Networks whose it may be, though most likely it is not. */
  readonly perhapsOf?: readonly AwsNetwork[];
  readonly isDefault: boolean;
  /** True for what AWS makes by itself and no plan manages: all egress. */
  readonly implicit: boolean;
  readonly rules: readonly AwsGroupRule[];
  readonly segment?: string;
  readonly tier?: string;
  /** Lines that stand in the group, and whether the list of a direction is written at all. */
  readonly written: { readonly ingress: boolean; readonly egress: boolean };
}

const DIRECTIONS = ['ingress', 'egress'] as const;
const MOST_ANYWHERE = 20;
/** What a group is known by: itself, or what AWS makes it for. */
const GROUPS = { types: ['aws_security_group', 'aws_default_security_group', 'aws_vpc', 'aws_default_vpc', 'aws_eks_cluster'], handedOut: /security_group|^vpc_config/ };

/** AWS's own rule in a group that nobody manages: everything may leave. */
export function implicitGroup(address: string, network?: AwsNetwork): AwsGroup {
  const rule: AwsGroupRule = { address, direction: 'egress', protocol: '-1', cidrs: ['0.0.0.0/0', '::/0'], prefixLists: [], groups: [], inline: true, described: true };
  return { address, ...(network ? { network } : {}), isDefault: true, implicit: true, rules: [rule], written: { ingress: false, egress: false } };
}

export class Groups {
  readonly all: readonly AwsGroup[];
  /** Rules of groups that are not in the plan. */
  readonly foreign: AwsGroupRule[] = [];
  /** Rules of groups that only the apply finds. */
  private readonly anywhere: AwsGroupRule[] = [];
  private readonly byResource = new Map<Resource, AwsGroup>();
  private readonly ids = new Set<string>();
  private readonly defaults = new Map<AwsNetwork, AwsGroup>();
  private readonly possibleDefaults = new Map<AwsNetwork, { readonly group: AwsGroup; readonly reason: string }>();
  private readonly byCluster = new Map<Resource, AwsGroup>();
  private readonly lent: ReadonlyMap<Resource, readonly AwsNetwork[]>;

  private readonly former: FormerRules;

  constructor(private readonly graph: ResourceGraph, private readonly networks: Networks, private readonly lists: PrefixLists) {
    this.former = new FormerRules(graph);
    const standalone = this.standalone(graph);
    this.lent = this.associations(graph);
    const all: AwsGroup[] = [];
    for (const type of ['aws_security_group', 'aws_default_security_group']) {
      for (const resource of graph.ofType(type)) {
        const group = this.read(resource, standalone.get(resource) ?? []);
        all.push(group);
        const id = textAt(resource, 'id');
        if (id !== undefined) this.ids.add(id);
        this.byResource.set(resource, group);
        if (!group.isDefault) continue;
        const owners = networks.at(resource, 'vpc_id');
        if (onlyOf({ likely: owners.likely, others: owners.others }) === undefined) for (const owner of everyOf(owners)) this.possibleDefaults.set(owner, { group, reason: owners.widened ?? `${resource.address}: the plan does not say which network's group it is` });
        else if (group.network && !this.defaults.has(group.network)) this.defaults.set(group.network, group);
      }
    }
    this.all = all;
    // `aws_vpc.x.default_security_group_id` is a reference to the network.
    for (const [resource, rules] of standalone) {
      const network = networks.of(resource);
      if (!network) continue;
      const managed = this.defaults.get(network);
      const base = managed ?? implicitGroup(network.address, network);
      const more = { ...base, rules: [...base.rules, ...rules] };
      if (managed) all[all.indexOf(managed)] = more;
      this.defaults.set(network, more);
    }
  }

  of(resource: Resource): AwsGroup | undefined {
    const known = this.byResource.get(resource);
    if (known) return known;
    if (resource.type === 'aws_eks_cluster') return this.ofCluster(resource);
    const network = this.networks.of(resource);
    return network && this.defaultOf(network);
  }

  /**
   * The groups that an attribute names. Those that something else hands out, a directory or a
   * balancer of the old kind, are in no plan.
   */
  at(resource: Resource, path: PathLike): Choice<AwsGroup> {
    const found = choose(resource, path, (target) => this.of(target), GROUPS);
    if (found.unknown !== undefined || !resource.hasUnknown(path)) return found;
    const handed = this.handedTo(resource, path);
    if (handed !== undefined) return { ...found, unknown: `${resource.address}: ${handed}, which a variable adds to its groups, is not in the plan` };
    const strange = resource.references(path).links.find(({ resource: target, attribute }) => !GROUPS.types.includes(target.type) && /security_group/.test(attribute ?? ''));
    return strange ? { ...found, unknown: `${resource.address}: the group of ${strange.resource.address} is not in the plan` } : found;
  }

  /** Of a group besides those that the plan makes nothing is shown while these have no ids: not even its own id. */
  private handedTo(resource: Resource, path: PathLike): string | undefined {
    const { texts, variables } = resource.handed(path);
    const values = variables.flatMap((name) => textsIn(this.graph.variables.get(name)?.value));
    return [...texts, ...values].find((text) => /^sg-\w+$/.test(text) && !this.ids.has(text));
  }

  /** In which network everything with these groups stands: none where one of them may be used in others. */
  holding(targets: readonly Resource[]): AwsNetwork | undefined {
    return targets.some((target) => this.lent.has(target)) ? undefined : this.networks.holding(targets);
  }

  /**
   * The group that EKS makes for a cluster and its nodes: it lets everything out.
   * https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
   */
  private ofCluster(cluster: Resource): AwsGroup {
    let group = this.byCluster.get(cluster);
    if (!group) this.byCluster.set(cluster, (group = { ...implicitGroup(cluster.address), isDefault: false }));
    return group;
  }

  /** The same, as far as the plan tells which group that is. */
  defaultsOf(networks: readonly AwsNetwork[]): Choice<AwsGroup> {
    const [first, ...rest] = networks;
    if (!first) return { likely: [], others: [] };
    const known = this.defaultOf(first);
    const possible = networks.flatMap((network) => this.possibleDefaults.get(network) ?? []);
    const others = [...rest.map((network) => this.defaultOf(network)), ...possible.map(({ group }) => group)].filter((group) => group !== known);
    return { likely: [known], others, ...(others.length > 0 ? { widened: possible[0]?.reason ?? `the plan does not say which network is meant: ${networks.map(({ address }) => address).join(' or ')}` } : {}) };
  }

  /** The group of whatever names no other: managed, or as AWS makes it. */
  defaultOf(network: AwsNetwork): AwsGroup {
    let found = this.defaults.get(network);
    if (!found) this.defaults.set(network, (found = implicitGroup(network.address, network)));
    return found;
  }

  private read(resource: Resource, standalone: readonly AwsGroupRule[]): AwsGroup {
    const isDefault = resource.type === 'aws_default_security_group';
    const networks = this.networks.at(resource, 'vpc_id');
    const [network] = networks.likely;
    const perhapsOf = network ? networks.others : [];
    const otherNetworks = [...(network ? networks.likely : everyOf(networks)).slice(1), ...(this.lent.get(resource) ?? [])];
    const former = this.former.of(resource);
    const all = former.length === 0 ? standalone : [...standalone, ...former];
    const isShown = (line: AwsGroupRule, path: AttributePath) => all.length > 0 && (repeats(line, standalone) || (former.length > 0 && repeats(line, all) && wasReadBack(resource, path)));
    const inline = DIRECTIONS.flatMap((direction) => resource.elements(direction).flatMap((path): readonly AwsGroupRule[] => {
      const line = this.line(resource, path, direction, true);
      return isShown(line, path) ? [] : [line];
    }));
    // A state does not say what was written; what repeats standalone rules was read back.
    const isBare = standalone.length > 0 && !resource.isConfigured([]);
    const isListed = (direction: AwsGroupRule['direction']) => (isBare ? inline.some((line) => line.direction === direction) : isWritten(resource, direction));
    // A list that somebody wrote and nobody knows may hold anything; one that nobody wrote is empty at first.
    const hidden = DIRECTIONS.filter((direction) => resource.unknownAt(direction) !== undefined && isSet(resource, direction))
      .map((direction): AwsGroupRule => ({
        address: resource.address, direction, cidrs: [], prefixLists: [], groups: [], inline: true, described: true, unknown: `the ${direction} rules of ${resource.address} are not known: ${resource.unknownAt(direction)}`,
      }));
    const segment = tagAt(resource, 'segment');
    const tier = tagAt(resource, 'tier');
    return {
      address: resource.address,
      resource,
      ...(network ? { network } : {}),
      ...(otherNetworks.length > 0 ? { otherNetworks } : {}),
      ...(perhapsOf.length > 0 ? { perhapsOf } : {}),
      isDefault,
      implicit: false,
      rules: [...inline, ...hidden, ...standalone, ...this.anywhere],
      ...(segment === undefined ? {} : { segment }),
      ...(tier === undefined ? {} : { tier }),
      written: { ingress: isListed('ingress'), egress: isListed('egress') },
    };
  }

  /** https://docs.aws.amazon.com/vpc/latest/userguide/security-group-assoc.html */
  private associations(graph: ResourceGraph): ReadonlyMap<Resource, readonly AwsNetwork[]> {
    const found = new Map<Resource, AwsNetwork[]>();
    for (const association of graph.ofType('aws_vpc_security_group_vpc_association')) {
      const networks = everyOf(this.networks.at(association, 'vpc_id'));
      for (const group of everyOf(choose(association, 'security_group_id', (target) => target, GROUPS))) for (const network of networks) append(found, group, network);
    }
    return found;
  }

  private standalone(graph: ResourceGraph): Map<Resource, AwsGroupRule[]> {
    const found = new Map<Resource, AwsGroupRule[]>();
    const add = (rule: Resource, direction: AwsGroupRule['direction']): void => {
      const line = this.line(rule, [], direction, false);
      const groups = choose(rule, 'security_group_id', (target) => target, GROUPS);
      const { sure, guess, possible } = sorted(groups);
      if ([...sure, ...guess, ...possible].every(({ mode }) => mode === 'data')) {
        this.foreign.push(line);
        // What a search finds during the apply may be a group that the plan makes; of many such rules one stands for all.
        const isFound = rule.unknownAt('security_group_id') !== undefined && isSet(rule, 'security_group_id');
        const reason = `${rule.address}: the plan does not say which group is meant`;
        if (isFound && this.anywhere.length < MOST_ANYWHERE) this.anywhere.push({ ...line, possible: reason, ...(this.anywhere.length === MOST_ANYWHERE - 1 ? { unknown: reason } : {}) });
      }
      const note = (group: Resource, own: AwsGroupRule) => append(found, group, own);
      // A rule can only let more through, so that a guess closes nothing.
      [...sure, ...guess].forEach((group) => note(group, line));
      possible.forEach((group) => note(group, { ...line, possible: groups.widened ?? `${rule.address}: the plan does not say which group is meant` }));
    };
    for (const rule of graph.ofType('aws_security_group_rule')) {
      const type = textAt(rule, 'type');
      if (type !== 'ingress') add(rule, 'egress');
      if (type !== 'egress') add(rule, 'ingress');
    }
    for (const rule of graph.ofType('aws_vpc_security_group_egress_rule')) add(rule, 'egress');
    for (const rule of graph.ofType('aws_vpc_security_group_ingress_rule')) add(rule, 'ingress');
    for (const rule of graph.ofType('awscc_ec2_security_group_egress')) {
      const { address } = rule;
      const line: AwsGroupRule = { address, direction: 'egress', cidrs: [], prefixLists: [], groups: [], inline: false, described: true, unknown: `${address} is not read by this review` };
      rule.references('group_id', GROUPS).targets.forEach((group) => append(found, group, line));
    }
    return found;
  }

  /** A line of any form: inline, `aws_security_group_rule`, or one rule with one peer. */
  private line(resource: Resource, path: AttributePath, direction: AwsGroupRule['direction'], inline: boolean): AwsGroupRule {
    const at = (name: string): AttributePath => [...path, name];
    const protocolAt = isSet(resource, at('ip_protocol')) ? 'ip_protocol' : 'protocol';
    const protocol = textAt(resource, at(protocolAt));
    const fromPort = numberAt(resource, at('from_port'));
    const toPort = numberAt(resource, at('to_port'));
    const cidrs = ['cidr_blocks', 'ipv6_cidr_blocks', 'cidr_ipv4', 'cidr_ipv6'].flatMap((name) => textsAt(resource, at(name)));
    const lists = ['prefix_list_ids', 'prefix_list_id'].flatMap((name) => this.lists.at(resource, at(name)));
    const isSelf = resource.valueAt(at('self')) === true;
    // The provider takes a group or addresses, and leaves the group open until the apply even where a module says null.
    const isAddressed = !inline && (isSelf || cidrs.length > 0);
    const naming = ['security_groups', 'source_security_group_id', 'referenced_security_group_id'].filter((name) => isSet(resource, at(name)) && !(isAddressed && name === 'source_security_group_id'));
    const groups = naming
      .flatMap((name) => resource.references(at(name), { types: ['aws_security_group', 'aws_default_security_group'] }).targets.map((target) => target.address));
    const hidden = ['cidr_blocks', 'ipv6_cidr_blocks', 'cidr_ipv4', 'cidr_ipv6', protocolAt].find((name) => isSet(resource, at(name)) && resource.hasUnknown(at(name)));
    const unknown = hidden === undefined ? lists.find((list) => list.unknown)?.unknown : `${resource.address}: '${hidden}' of an ${direction} rule is not known`;
    return {
      address: resource.address,
      direction,
      ...(protocol === undefined ? {} : { protocol }),
      ...(fromPort === undefined ? {} : { fromPort }),
      ...(toPort === undefined ? {} : { toPort }),
      cidrs,
      prefixLists: lists,
      groups: isSelf ? [...groups, resource.address] : groups,
      ...(groups.length === 0 && naming.some((name) => resource.hasUnknown(at(name))) ? { groupsUnknown: true } : {}),
      ...(unknown === undefined ? {} : { unknown }),
      inline,
      described: (textAt(resource, at('description')) ?? '').trim() !== '' || resource.unknownAt(at('description')) !== undefined,
    };
  }
}

/**
 * Whether all of an inline line is what standalone rules say: once they exist, the provider reads them
 * back into the group's own lists, those with the same ports as one line.
 */
function repeats(line: AwsGroupRule, standalone: readonly AwsGroupRule[]): boolean {
  if (line.unknown !== undefined || line.groupsUnknown) return false;
  const same = standalone.filter(({ possible, direction, protocol, fromPort, toPort }) => possible === undefined && direction === line.direction
    && protocol === line.protocol && (protocol === '-1' || (fromPort === line.fromPort && toPort === line.toPort)));
  return same.length > 0 && line.cidrs.every((cidr) => same.some(({ cidrs }) => cidrs.includes(cidr)))
    && line.groups.every((group) => same.some(({ groups }) => groups.includes(group)))
    && line.prefixLists.every((list) => same.some(({ prefixLists }) => prefixLists.some(({ address }) => address === list.address)));
}

/** The packets of a rule to the addresses that it names. */
export function namedTraffic(rule: AwsGroupRule, family: Family, within: Ranges = EVERYWHERE[family]): Traffic {
  const cidrs = [...rule.cidrs, ...rule.prefixLists.flatMap((list) => list.cidrs)];
  return ruleTraffic(family, rule.protocol, rule.fromPort, rule.toPort, intersect(rangesIn(cidrs, family), within));
}

/** What a group lets out to the internet in one family. */
export interface GroupEgress {
  readonly certain: Traffic;
  /** To public addresses of AWS services, by the service's prefix list. */
  readonly services: readonly { readonly service: string; readonly list: AwsPrefixList; readonly traffic: Traffic }[];
  readonly doubtful: readonly { readonly reason: string; readonly traffic: Traffic }[];
}

const egress = new WeakMap<AwsGroup, Map<Family, GroupEgress>>();

export function groupEgress(group: AwsGroup, family: Family): GroupEgress {
  let byFamily = egress.get(group);
  if (!byFamily) egress.set(group, (byFamily = new Map()));
  let found = byFamily.get(family);
  if (!found) byFamily.set(family, (found = compute(group, family)));
  return found;
}

function compute(group: AwsGroup, family: Family): GroupEgress {
  const all = group.rules.filter((rule) => rule.direction === 'egress');
  const rules = all.filter((rule) => rule.possible === undefined);
  const whole = (rule: AwsGroupRule) => ruleTraffic(family, rule.protocol, rule.fromPort, rule.toPort, INTERNET[family]);
  const isOpen = (rule: AwsGroupRule) => rule.unknown !== undefined || rule.prefixLists.some((list) => list.service !== undefined);
  const possible = all.flatMap((rule) => (rule.possible === undefined ? [] : [{ reason: rule.possible, traffic: isOpen(rule) ? whole(rule) : namedTraffic(rule, family, INTERNET[family]) }]));
  return {
    certain: recentLike(either(family, rules.map((rule) => namedTraffic(rule, family, INTERNET[family])))),
    services: rules.flatMap((rule) => rule.prefixLists.flatMap((list) => (list.service === undefined ? [] : [{ service: list.service, list, traffic: whole(rule) }]))),
    doubtful: [...possible, ...rules.flatMap((rule) => (rule.unknown === undefined ? [] : [{ reason: rule.unknown, traffic: whole(rule) }]))],
  };
}
