/** Network Firewalls: where they stand, which policy they follow, and what they log. */
import { append } from './append';
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { AwsNetwork, Networks } from './networks';
import type { PrefixLists } from './prefix-lists';
import { choose, everyOf, flagAt, isSet, numberAt, onlyOf, tagAt, textAt, textsAt, type Choice } from './read';
import { ruleGroupOf, variablesAt, type AwsRuleGroup } from './rule-groups';
import type { AwsSubnet, Subnets } from './subnets';

/** A group in a policy. */
export interface GroupUse {
  readonly priority: number;
  readonly group?: AwsRuleGroup;
  /** True for a group that AWS keeps: those alert and drop, and pass nothing. */
  readonly managed: boolean;
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
  readonly logsUnknown: boolean;
}

export class Firewalls {
  readonly all: readonly AwsFirewall[];
  readonly policies: readonly AwsFirewallPolicy[];
  private readonly byResource = new Map<Resource, AwsFirewall>();
  private readonly policyOf = new Map<Resource, AwsFirewallPolicy>();

  constructor(graph: ResourceGraph, networks: Networks, subnets: Subnets, lists: PrefixLists) {
    const made = graph.ofType('aws_networkfirewall_rule_group').filter((group) => group.unknownAt('arn') !== undefined);
    this.policies = graph.ofType('aws_networkfirewall_firewall_policy').map((resource) => {
      const policy = readPolicy(resource, made, lists);
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
  }

  of(resource: Resource): AwsFirewall | undefined {
    return this.byResource.get(resource);
  }

  private read(resource: Resource, networks: Networks, subnets: Subnets, logging: readonly Resource[]): AwsFirewall {
    const network = networks.at(resource, 'vpc_id').likely[0];
    const mappings = resource.elements('subnet_mapping').map((path): AttributePath => [...path, 'subnet_id'])
      .map((path) => choose(resource, path, (target) => subnets.of(target), { types: ['aws_subnet', 'aws_default_subnet'] }));
    const whole = resource.elements('subnet_mapping').length === 0 && isSet(resource, 'subnet_mapping')
      ? [choose(resource, 'subnet_mapping', (target) => subnets.of(target), { types: ['aws_subnet', 'aws_default_subnet'] })] : [];
    const all: readonly Choice<AwsSubnet>[] = [...mappings, ...whole];
    const vague = all.find((choice) => choice.unknown !== undefined || onlyOf(choice) === undefined);
    const subnetsUnknown = vague && (vague.unknown ?? vague.widened ?? `the subnets of ${resource.address} are not certain`);
    const candidates = [...new Set(all.flatMap((choice) => [...choice.likely, ...choice.others]))];
    const named = candidates.filter((subnet) => OWN_NAME.test(`${subnet.resource.name} ${tagAt(subnet.resource, 'Name') ?? ''}`));
    const policy = choose(resource, 'firewall_policy_arn', (target) => this.policyOf.get(target), { types: ['aws_networkfirewall_firewall_policy'] });
    const only = onlyOf(policy);
    const types = logging.flatMap((each) => each.elements('logging_configuration[0].log_destination_config').flatMap((path) => textAt(each, [...path, 'log_type']) ?? []));
    return {
      address: resource.address,
      resource,
      ...(network ? { network } : {}),
      // What a dynamic block maps is in no plan; as many subnets as it has elements, with such a name, are those.
      subnets: vague && named.length === all.length ? named : candidates,
      ownSubnets: vague ? named : candidates,
      ...(subnetsUnknown === undefined ? {} : { subnetsUnknown }),
      ...(only ? { policy: only } : { policyUnknown: policy.unknown ?? policy.widened ?? `the policy of ${resource.address} is not in the plan` }),
      transit: isSet(resource, 'transit_gateway_id'),
      protection: { delete: isOn(resource, 'delete_protection'), subnets: isOn(resource, 'subnet_change_protection'), policy: isOn(resource, 'firewall_policy_change_protection') },
      logs: types,
      logsUnknown: logging.some((each) => each.hasUnknown('logging_configuration') && each.elements('logging_configuration[0].log_destination_config').length === 0),
    };
  }
}

/** What people call the subnets of firewall endpoints. */
const OWN_NAME = /firewall|inspect|nfw|(^|[-_ ])fw([-_ ]|$)/i;

/** What is not known is not called off. */
function isOn(resource: Resource, name: string): boolean {
  return flagAt(resource, name) ?? resource.unknownAt(name) !== undefined;
}

const POLICY: AttributePath = ['firewall_policy', 0];

function readPolicy(resource: Resource, made: readonly Resource[], lists: PrefixLists): AwsFirewallPolicy {
  const home = variablesAt(resource, [...POLICY, 'policy_variables', 0]).addresses.get('HOME_NET');
  const hiddenHome = resource.hasUnknown([...POLICY, 'policy_variables']) && (home?.length ?? 0) === 0;
  const streamException = textAt(resource, [...POLICY, 'stateful_engine_options', 0, 'stream_exception_policy']);
  const hidden = ['stateful_default_actions', 'stateless_default_actions', 'stateful_rule_group_reference', 'stateless_rule_group_reference']
    .map((name) => [...POLICY, name]).find((path) => isSet(resource, path) && (String(path.at(-1)).endsWith('actions') ? resource.hasUnknown(path) : resource.unknownAt(path) !== undefined));
  const stateful = uses(resource, 'stateful_rule_group_reference', made, lists);
  const stateless = uses(resource, 'stateless_rule_group_reference', made, lists);
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

function uses(resource: Resource, block: string, made: readonly Resource[], lists: PrefixLists): { readonly uses: readonly GroupUse[]; readonly orderUnknown: boolean } {
  let orderUnknown = false;
  const found = resource.elements([...POLICY, block]).flatMap((element): readonly GroupUse[] => {
    const priority = numberAt(resource, [...element, 'priority']) ?? 0;
    if (isSet(resource, [...element, 'priority']) && resource.unknownAt([...element, 'priority']) !== undefined) orderUnknown = true;
    const path = [...element, 'resource_arn'];
    const arn = textAt(resource, path);
    if (arn?.includes(':aws-managed:')) return [{ priority, managed: true }];
    const groups = choose(resource, path, (target) => target, { types: ['aws_networkfirewall_rule_group'] });
    // What a dynamic block refers to is in no plan; but what only the apply gives is a group that the plan makes.
    const isMade = arn === undefined && everyOf(groups).length === 0 && resource.unknownAt(path) !== undefined;
    const all = isMade ? made.filter((group) => group.moduleAddress === resource.moduleAddress) : everyOf(groups);
    if (all.length > 1) orderUnknown = true;
    const known = all.map((target): GroupUse => ({ priority, managed: false, group: ruleGroupOf(target, lists) }));
    if ((isMade || groups.unknown === undefined) && all.length > 0) return known;
    return [...known, { priority, managed: false, unknown: `a rule group of ${resource.address} is not in the plan${arn === undefined ? '' : `: ${arn}`}` }];
  }).sort((a, b) => a.priority - b.priority);
  const seen = new Set<AwsRuleGroup>();
  // Of several that may be meant, each stands in the list once.
  return { orderUnknown, uses: found.filter(({ group }) => !group || (!seen.has(group) && seen.add(group))) };
}
