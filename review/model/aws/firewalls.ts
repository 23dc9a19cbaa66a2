/** Network Firewalls: where they stand, which policy they follow, and what they log. */
import { append } from '../../append';
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { AwsNetwork, Networks } from './networks';
import { calledAfter } from './own-names';
import type { PrefixLists } from './prefix-lists';
import { choose, everyOf, flagAt, isHidden, isSet, numberAt, onlyOf, possible, textAt, textsAt, type Choice } from './read';
import { ruleGroupOf, variablesAt, type AwsRuleGroup } from './rule-groups';
import type { AwsSubnet, Subnets } from './subnets';

/** A group in a policy. */
export interface GroupUse {
  readonly priority: number;
  readonly group?: AwsRuleGroup;
  /** True for a group that AWS keeps: those alert and drop, and pass nothing. */
  readonly managed: boolean;
  /** True for one of several that may be meant, or in a place that is not known, or told to drop nothing: what it passes counts, and what it drops does not. */
  readonly possible?: boolean;
  /** Why its rules are not known. */
  readonly unknown?: string;
}

export interface AwsFirewallPolicy {
  readonly address: string;
  readonly resource: Resource;
  readonly statelessDefaults: readonly string[];
  readonly fragmentDefaults: readonly string[];
  readonly statefulDefaults: readonly string[];
  readonly strict: boolean;
  readonly streamException?: string;
  /** As the policy says it; undefined when it leaves it to AWS, which takes the firewall's VPC. */
  readonly homeNet?: readonly string[];
  /** By priority. */
  readonly stateful: readonly GroupUse[];
  readonly stateless: readonly GroupUse[];
  /** True when the plan does not say which of the groups comes first. */
  readonly orderUnknown: boolean;
  /** Why it may say more than this. */
  readonly unknown?: string;
}

/** False where packets are judged one by one and no stateful rule ever sees one. */
export function isStateful({ statelessDefaults, fragmentDefaults, stateless, unknown }: AwsFirewallPolicy): boolean {
  const drops = (actions: readonly string[]) => actions.length > 0 && actions.every((action) => action !== 'aws:forward_to_sfe');
  return unknown !== undefined || !drops(statelessDefaults) || !drops(fragmentDefaults)
    || stateless.some(({ group }) => group === undefined || group.unknown !== undefined || group.stateless.some(({ action, hidden }) => hidden || action === 'forward'));
}

export interface AwsFirewall {
  readonly address: string;
  readonly resource: Resource;
  readonly network?: AwsNetwork;
  /** The subnets of its endpoints. */
  readonly subnets: readonly AwsSubnet[];
  /** Those of them that are there for nothing else: all, unless the plan does not tell which they are. */
  readonly ownSubnets: readonly AwsSubnet[];
  /** Why these may not be the ones. */
  readonly subnetsUnknown?: string;
  readonly policy?: AwsFirewallPolicy;
  /** Why the policy is not known. */
  readonly policyUnknown?: string;
  readonly transit: boolean;
  readonly protection: { readonly delete: boolean; readonly subnets: boolean; readonly policy: boolean };
  /** `ALERT`, `FLOW`, `TLS`; undefined when the plan does not know. */
  readonly logs: readonly string[];
  /** Those of which no place is named in the way that AWS takes it. */
  readonly lostLogs: readonly string[];
  readonly logsUnknown: boolean;
}

/** An endpoint more of a firewall, perhaps in another VPC. https://docs.aws.amazon.com/network-firewall/latest/developerguide/vpc-endpoint-associations.html */
export const MORE_ENDPOINTS = 'aws_networkfirewall_vpc_endpoint_association';

export class Firewalls {
  readonly all: readonly AwsFirewall[];
  /** The same where they have further endpoints. */
  readonly more: AwsFirewall[] = [];
  readonly policies: readonly AwsFirewallPolicy[];
  private readonly byResource = new Map<Resource, AwsFirewall>();
  private readonly policyOf = new Map<Resource, AwsFirewallPolicy>();

  constructor(graph: ResourceGraph, networks: Networks, subnets: Subnets, lists: PrefixLists) {
    this.policies = graph.ofType('aws_networkfirewall_firewall_policy').map((resource) => {
      const policy = readPolicy(resource, lists);
      this.policyOf.set(resource, policy);
      return policy;
    });
    const logging = new Map<Resource, Resource[]>();
    for (const each of graph.ofType('aws_networkfirewall_logging_configuration')) {
      for (const firewall of each.references('firewall_arn', { types: ['aws_networkfirewall_firewall'] }).targets) append(logging, firewall, each);
    }
    this.all = graph.ofType('aws_networkfirewall_firewall').map((resource) => {
      const firewall = this.read(resource, networks, subnets, logging.get(resource) ?? []);
      this.byResource.set(resource, firewall);
      return firewall;
    });
    for (const resource of graph.ofType(MORE_ENDPOINTS)) {
      const firewall = onlyOf(choose(resource, 'firewall_arn', (target) => this.byResource.get(target), { types: ['aws_networkfirewall_firewall'] }));
      // Of another's, nobody here knows the rules.
      if (!firewall) continue;
      const endpoint = { ...firewall, ...subnetsOf(resource, networks.at(resource, 'vpc_id'), subnets) };
      this.byResource.set(resource, endpoint);
      this.more.push(endpoint);
    }
  }

  of(resource: Resource): AwsFirewall | undefined {
    return this.byResource.get(resource);
  }

  private read(resource: Resource, networks: Networks, subnets: Subnets, logging: readonly Resource[]): AwsFirewall {
    const policy = choose(resource, 'firewall_policy_arn', (target) => this.policyOf.get(target), { types: ['aws_networkfirewall_firewall_policy'] });
    const only = onlyOf(policy);
    const network = networks.at(resource, 'vpc_id').likely[0];
    const logs = logging.flatMap((each) => each.elements('logging_configuration[0].log_destination_config').map((path) => ({ type: textAt(each, [...path, 'log_type']) ?? '', isKept: hasPlace(each, path) })));
    return {
      address: resource.address,
      resource,
      ...(network ? { network } : {}),
      ...subnetsOf(resource, networks.at(resource, 'vpc_id'), subnets),
      ...(only ? { policy: only } : { policyUnknown: policy.unknown ?? policy.widened ?? `the policy of ${resource.address} is not in the plan` }),
      transit: isSet(resource, 'transit_gateway_id'),
      protection: { delete: isOn(resource, 'delete_protection'), subnets: isOn(resource, isSet(resource, 'transit_gateway_id') ? 'availability_zone_change_protection' : 'subnet_change_protection'), policy: isOn(resource, 'firewall_policy_change_protection') },
      logs: logs.flatMap(({ type, isKept }) => (isKept ? [type] : [])),
      lostLogs: logs.flatMap(({ type, isKept }) => (isKept ? [] : [type])),
      logsUnknown: logging.some((each) => each.hasUnknown('logging_configuration') && each.elements('logging_configuration[0].log_destination_config').length === 0),
    };
  }
}

/** What names the place of each kind of log. https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_LogDestinationConfig.html */
const PLACES: Readonly<Record<string, string>> = { S3: 'bucketName', CloudWatchLogs: 'logGroup', KinesisDataFirehose: 'deliveryStream' };

/** Whether a log gets anywhere, as far as the plan tells: none of these is named by an ARN. */
function hasPlace(logging: Resource, path: AttributePath): boolean {
  const key = PLACES[textAt(logging, [...path, 'log_destination_type']) ?? ''];
  const place = [...path, 'log_destination'];
  if (key === undefined || logging.unknownAt(place) !== undefined) return true;
  return isSet(logging, [...place, key]) && !/^arn:/.test(textAt(logging, [...place, key]) ?? '');
}

/** What people call the subnets of firewall endpoints. */
const OWN_NAME = /firewall|inspect|nfw|(^|[-_ ])fw([-_ ]|$)/i;

/** @param owners the networks that its endpoints may stand in */
function subnetsOf(resource: Resource, owners: Choice<AwsNetwork>, subnets: Subnets): Pick<AwsFirewall, 'subnets' | 'ownSubnets' | 'subnetsUnknown'> {
  const mappings = resource.elements('subnet_mapping').map((path): AttributePath => [...path, 'subnet_id'])
    .map((path) => choose(resource, path, (target) => subnets.of(target), { types: ['aws_subnet', 'aws_default_subnet'] }));
  const whole = isHidden(resource, 'subnet_mapping') ? [isSet(resource, 'subnet_mapping')
    ? choose(resource, 'subnet_mapping', (target) => subnets.of(target), { types: ['aws_subnet', 'aws_default_subnet'] })
    // They are in its network, whichever they are.
    : possible({ likely: subnets.all.filter((subnet) => subnet.networks.some((each) => everyOf(owners).includes(each))), others: [] }, `${resource.address}: the plan does not say which subnets are meant`)] : [];
  const all: readonly Choice<AwsSubnet>[] = [...mappings, ...whole];
  const vague = all.find((choice) => choice.unknown !== undefined || onlyOf(choice) === undefined);
  const subnetsUnknown = vague && (vague.unknown ?? vague.widened ?? `the subnets of ${resource.address} are not certain`);
  const likely = [...new Set(all.flatMap((choice) => [...choice.likely, ...choice.others]))];
  // AWS takes no subnet of another network.
  const inside = vague ? likely.filter((subnet) => subnet.networks.some((each) => everyOf(owners).includes(each))) : likely;
  const candidates = inside.length > 0 ? inside : likely;
  const isAll = !vague || (whole.length === 0 && candidates.length <= all.length);
  const named = isAll ? candidates : calledAfter(OWN_NAME, candidates, subnets.all);
  return {
    // What a dynamic block maps is in no plan; as many subnets as it has elements, with such a name, are those.
    subnets: vague && whole.length === 0 && named.length === all.length ? named : candidates,
    ownSubnets: named,
    ...(subnetsUnknown === undefined ? {} : { subnetsUnknown }),
  };
}

/** What is not known is not called off. */
function isOn(resource: Resource, name: string): boolean {
  return flagAt(resource, name) ?? resource.unknownAt(name) !== undefined;
}

const POLICY: AttributePath = ['firewall_policy', 0];

function readPolicy(resource: Resource, lists: PrefixLists): AwsFirewallPolicy {
  const home = variablesAt(resource, [...POLICY, 'policy_variables', 0]).addresses.get('HOME_NET');
  const hiddenHome = resource.hasUnknown([...POLICY, 'policy_variables']) && (home?.length ?? 0) === 0;
  const streamException = textAt(resource, [...POLICY, 'stateful_engine_options', 0, 'stream_exception_policy']);
  const hidden = ['stateful_default_actions', 'stateless_default_actions', 'stateless_fragment_default_actions', 'stateful_rule_group_reference', 'stateless_rule_group_reference']
    .map((name) => [...POLICY, name]).find((path) => isSet(resource, path) && (String(path.at(-1)).endsWith('actions') ? resource.hasUnknown(path) : resource.unknownAt(path) !== undefined));
  const stateful = uses(resource, 'stateful_rule_group_reference', lists);
  const stateless = uses(resource, 'stateless_rule_group_reference', lists);
  return {
    address: resource.address,
    resource,
    statelessDefaults: textsAt(resource, [...POLICY, 'stateless_default_actions']),
    fragmentDefaults: textsAt(resource, [...POLICY, 'stateless_fragment_default_actions']),
    statefulDefaults: textsAt(resource, [...POLICY, 'stateful_default_actions']),
    strict: textAt(resource, [...POLICY, 'stateful_engine_options', 0, 'rule_order']) === 'STRICT_ORDER',
    ...(streamException === undefined ? {} : { streamException }),
    ...(home && home.length > 0 ? { homeNet: home } : hiddenHome ? { homeNet: ['$UNKNOWN'] } : {}),
    stateful: stateful.uses,
    stateless: stateless.uses,
    orderUnknown: stateful.orderUnknown,
    ...(hidden === undefined ? {} : { unknown: `${resource.address}: '${String(hidden.at(-1))}' is not known` }),
  };
}

/** A policy takes a group once: where there are as many places as groups that may be meant, it holds each of them. */
function uses(resource: Resource, block: string, lists: PrefixLists): { readonly uses: readonly GroupUse[]; readonly orderUnknown: boolean } {
  let placeUnknown = false;
  const found: GroupUse[] = [];
  const open: { readonly priority: number; readonly groups: readonly Resource[] }[] = [];
  for (const element of resource.elements([...POLICY, block])) {
    const priority = numberAt(resource, [...element, 'priority']) ?? 0;
    if (isSet(resource, [...element, 'priority']) && resource.unknownAt([...element, 'priority']) !== undefined) placeUnknown = true;
    const arn = textAt(resource, [...element, 'resource_arn']);
    if (arn?.includes(':aws-managed:')) {
      found.push({ priority, managed: true });
      continue;
    }
    const choice = choose(resource, [...element, 'resource_arn'], (target) => target, { types: ['aws_networkfirewall_rule_group'] });
    const groups = everyOf(choice).filter((group) => (textAt(group, 'type')?.toLowerCase() ?? block).startsWith(block.slice(0, block.indexOf('_'))));
    const [only, second] = groups;
    if (second) open.push({ priority, groups });
    // https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_StatefulRuleGroupOverride.html
    else if (only) found.push({ priority, managed: false, group: ruleGroupOf(only, lists), ...(isSet(resource, [...element, 'override']) ? { possible: true } : {}) });
    if (only && choice.unknown === undefined) continue;
    found.push({ priority, managed: false, unknown: `a rule group of ${resource.address} is not in the plan${arn === undefined ? '' : `: ${arn}`}` });
  }
  const seen = new Set(found.map(({ group }) => group?.resource));
  const isPossible = new Set(open.flatMap(({ groups }) => groups.filter((group) => !seen.has(group)))).size > open.length;
  for (const { priority, groups } of open) {
    // Of several that may be meant, each stands in the list once.
    for (const group of groups.filter((each) => !seen.has(each))) {
      seen.add(group);
      found.push({ priority, managed: false, group: ruleGroupOf(group, lists), ...(isPossible ? { possible: true } : {}) });
    }
  }
  const inOrder = found.sort((a, b) => a.priority - b.priority);
  return { orderUnknown: placeUnknown || open.length > 0, uses: placeUnknown && block.startsWith('stateless') ? inOrder.map((use) => ({ ...use, possible: true })) : inOrder };
}
