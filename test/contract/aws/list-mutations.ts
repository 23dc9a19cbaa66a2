/** Ways to open a firewall that has domain lists. */
import type { Mutation, SynthesizedStack } from '../observation';
import { find, mutation } from './mutating';

const list = (stack: SynthesizedStack): any => find(stack, 'aws_networkfirewall_rule_group', (_, { rule_group: group }) => group.rules_source.rules_source_list !== undefined).rule_group;
const gate = (pattern: RegExp) => (stack: SynthesizedStack): void => {
  const { rules_source: source } = find(stack, 'aws_networkfirewall_rule_group', (_, { rule_group: group }) => (group.rules_source.rules_string ?? '').split('\n').some((line: string) => pattern.test(line))).rule_group;
  source.rules_string = source.rules_string.split('\n').filter((line: string) => !pattern.test(line)).join('\n');
};
const reference = (stack: SynthesizedStack, address: RegExp): any => find(stack, 'aws_networkfirewall_firewall_policy').firewall_policy.stateful_rule_group_reference.find(({ resource_arn: arn }: any) => address.test(arn));

export const listMutations: readonly Mutation[] = [
  mutation('list for the whole network', 'wide-firewall-rule', (stack) => void delete list(stack).rule_variables),
  mutation('list for two segments', 'wide-firewall-rule', (stack) => void list(stack).rule_variables.ip_sets[0].ip_set.definition.push('10.22.0.0/16')),
  mutation('list that allows what it does not name', 'wide-firewall-rule', (stack) => void (list(stack).rules_source.rules_source_list.generated_rules_type = 'DENYLIST')),
  mutation('no rule that closes other ports to tls', 'wide-firewall-rule', gate(/^drop tls .* -> any !.*from platform/)),
  mutation('no rule that closes other ports to http', 'wide-firewall-rule', gate(/^drop http .* -> any !/)),
  mutation('list before the rules that narrow it', 'wide-firewall-rule', (stack) => void (reference(stack, /rules-gate/).priority = 9_000)),
  mutation('names that no rule records', 'allowed-traffic-unlogged', gate(/^alert tls .*egress asked/)),
  mutation('list in action order', 'firewall-order-not-strict', (stack) => void (list(stack).stateful_rule_options.rule_order = 'DEFAULT_ACTION_ORDER')),
  mutation('no floor behind the lists', 'firewall-floor-missing', gate(/^drop tls .*ssl_state:client_hello/)),
  mutation('other ports not dropped', 'firewall-floor-missing', gate(/port that no rule names, from/)),
  mutation('strangers not dropped', 'firewall-floor-missing', gate(/^drop tcp !/)),
];
