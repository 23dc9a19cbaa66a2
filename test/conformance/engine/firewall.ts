/** A firewall as its stack declares it: what would be deployed, not what a renderer returned. */
import { signaturesOf } from './domain-lists';
import { referent, resources } from '../../contract/aws/resources';
import type { SynthesizedStack } from '../../contract/observation';

/** Everything that decides what the firewall lets through. */
export interface Firewall {
  /** In the order in which AWS evaluates them. */
  readonly rules: readonly string[];
  readonly homeNet: readonly string[];
  /** `aws:drop_established_app_layer`, … */
  readonly defaultActions: readonly string[];
  /** `DROP`, `CONTINUE` or `REJECT`. */
  readonly streamExceptionPolicy: string;
}

/** Beyond what the generated rules use. */
const FIRST_LISTED_SID = 2_100_000_000;

/** Reads the one firewall policy of a stack. */
export function firewallOf(stack: SynthesizedStack): Firewall {
  const policies = resources(stack, 'aws_networkfirewall_firewall_policy');
  if (policies.length !== 1) throw new Error(`the stack has ${policies.length} firewall policies, not one`);
  const body = policies[0]!.body.firewall_policy;
  const references: { resource_arn: string; priority: number }[] = [...body.stateful_rule_group_reference].sort((a, b) => a.priority - b.priority);
  const groups = resources(stack, 'aws_networkfirewall_rule_group');
  let rules: string[] = [];
  const listed: string[] = [];
  for (const reference of references) {
    const { rule_group: group } = groups.find(({ address }) => address === referent(reference.resource_arn))!.body;
    if (group.rules_source.rules_source_list) listed.push(...signaturesOf(group, rules, FIRST_LISTED_SID + listed.length));
    else rules.push(...(group.rules_source.rules_string as string).split('\n').filter(Boolean).map(withoutEscapes));
  }
  // See `domain-lists.ts`: the passes of lists come before the drops that stand in front of them.
  if (listed.length > 0) rules = [...rules.filter((rule) => !rule.startsWith('drop')), ...listed, ...rules.filter((rule) => rule.startsWith('drop'))];
  const home = body.policy_variables.rule_variables.find((variable: { key: string }) => variable.key === 'HOME_NET');
  return {
    rules,
    homeNet: home.ip_set.definition,
    defaultActions: body.stateful_default_actions,
    streamExceptionPolicy: body.stateful_engine_options.stream_exception_policy,
  };
}

/** Terraform writes a literal `${` as `$${`. */
function withoutEscapes(rule: string): string {
  return rule.replaceAll('$${', '${');
}
