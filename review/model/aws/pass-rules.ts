/** The pass rules of every policy, each with what stands around it. */
import { includes, isEmpty } from '../ranges';
import { variablesOf } from './firewall-variables';
import type { AwsFirewallPolicy } from './firewalls';
import type { AwsModel } from './model';
import type { AwsRuleGroup } from './rule-groups';
import { flowOf, hasOption, type Signature } from './suricata';
import { addressSet, type Variables } from './suricata-reach';

export interface PassRule {
  readonly policy: AwsFirewallPolicy;
  readonly group: AwsRuleGroup;
  readonly rule: Signature;
  /** True when an alert for the same traffic stands before it. */
  readonly recorded: boolean;
  readonly variables: Variables;
  /** True when other passes of the policy name their source more closely than `$HOME_NET`. */
  readonly narrowSources: boolean;
  /** True when the policy bounds the length of names anywhere, so that its author means to. */
  readonly usesSize: boolean;
}

const kept = new WeakMap<AwsModel, readonly PassRule[]>();

/** Rules for replies, and those that only let a connection open, are not among them. */
export function passRulesOf(model: AwsModel): readonly PassRule[] {
  let found = kept.get(model);
  if (!found) kept.set(model, (found = model.policies.flatMap((policy) => ofPolicy(model, policy))));
  return found;
}

function ofPolicy(model: AwsModel, policy: AwsFirewallPolicy): readonly PassRule[] {
  const alerts = new Set<string>();
  const passes = policy.stateful.flatMap(({ group }) => (group ? group.signatures.flatMap((rule) => {
    if (rule.action === 'alert') alerts.add(matchText(rule));
    return rule.action === 'pass' && isOutward(rule) ? [{ rule, group, recorded: alerts.has(matchText(rule)) }] : [];
  }) : []));
  const firewall = model.firewalls.find((each) => each.policy === policy);
  const known = passes.map((pass) => ({ ...pass, variables: firewall ? variablesOf(firewall, policy, pass.group) : pass.group.variables }));
  const narrowSources = known.some(({ rule, variables }) => !/^(any|\$)/i.test(rule.source) && !isAllOfHome(rule.source, variables));
  const usesSize = narrowSources || passes.some(({ rule }) => hasOption(rule, 'bsize'));
  return known.map((pass) => ({ ...pass, policy, narrowSources, usesSize }));
}

/** Whether addresses that are written out are those of `$HOME_NET`, or more. */
function isAllOfHome(source: string, variables: Variables): boolean {
  const [own, home] = [source, '$HOME_NET'].map((text) => addressSet(text, variables, 4));
  return own !== undefined && home !== undefined && !isEmpty(home) && includes(own, home);
}

const UNMATCHED = new Set(['sid', 'rev', 'msg', 'flags', 'metadata', 'priority', 'classtype', 'noalert']);

/** What a rule matches, without its number, its text and the flags that narrow a record to the first packet. */
function matchText(rule: Signature): string {
  const options = rule.options.filter(({ name }) => !UNMATCHED.has(name)).map(({ name, value }) => `${name}:${value ?? ''}`);
  return [rule.protocol, rule.source, rule.sourcePorts, rule.destination, rule.destinationPorts, ...options].join(' ');
}

function isOutward(rule: Signature): boolean {
  const flow = flowOf(rule);
  return !flow.includes('to_client') && !flow.includes('from_server') && !flow.includes('not_established');
}
