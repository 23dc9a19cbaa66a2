/** Each pass needs its twin, earlier in the same order. */
import { append } from '../../append';
import { passRulesOf } from '../../model/aws/pass-rules';
import { variablesOf } from '../../model/aws/firewall-variables';
import type { AwsFirewallPolicy } from '../../model/aws/firewalls';
import { hasOption, type Signature } from '../../model/aws/suricata';
import { addressSet, sourceMatch, type Variables } from '../../model/aws/suricata-reach';
import type { AwsModel } from '../../model/aws/model';
import type { Check, Hit } from '../check';

export const check: Check<AwsModel> = {
  id: 'allowed-traffic-unlogged',
  title: 'what is allowed, without an alert before it',
  severity: 'low',
  why: 'Neither a pass nor a domain list that allows writes anything: what was allowed is on record only when an alert for the same traffic stands before it.',
  fix: 'Put an alert rule with the same match before each pass, and one for every name before a domain list.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-examples.html'],
  comparable: [],
  *run({ model }) {
    const missing = new Map<string, Signature[]>();
    for (const { rule, group, recorded } of passRulesOf(model)) {
      if (recorded || !group.isText || !group.strict) continue;
      append(missing, group.address, rule);
    }
    for (const [address, rules] of missing) yield { address, whole: rules.map(({ text }) => text).join('\n'), message: `${address} passes without a record (${rules.length} ${rules.length === 1 ? 'rule' : 'rules'}): ${rules[0]?.text.slice(0, 160) ?? ''}` };
    for (const policy of model.policies) yield* listsUnlogged(model, policy);
  },
};

/** A list alone is how most firewalls are set up, and it opens nothing: for information only. */
function* listsUnlogged(model: AwsModel, policy: AwsFirewallPolicy): Iterable<Hit> {
  if (!policy.strict) return;
  const firewall = model.firewalls.find((each) => each.policy === policy);
  const alerts: { readonly rule: Signature; readonly variables: Variables }[] = [];
  for (const { group } of policy.stateful) {
    if (!group) continue;
    const variables = firewall ? variablesOf(firewall, policy, group) : group.variables;
    const home = addressSet('$HOME_NET', variables, 4);
    const unrecorded = new Set(group.lists.filter(({ allows }) => allows).flatMap((list) => list.protocols)
      .filter((protocol) => !alerts.some(({ rule, variables: own }) => rule.protocol === protocol && sourceMatch(rule.source, home, own, 4).all)));
    if (unrecorded.size > 0) yield { address: group.address, severity: 'info', message: `${group.address} lets names through without a record: ${[...unrecorded].sort().join(', ')}` };
    for (const rule of group.signatures) {
      if (rule.action === 'alert' && !hasOption(rule, 'noalert') && !hasOption(rule, 'content')) alerts.push({ rule, variables });
    }
  }
}
