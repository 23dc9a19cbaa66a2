/** Each pass needs its twin, earlier in the same order. */
import { append } from '../../model/aws/append';
import { passRulesOf } from '../../model/aws/pass-rules';
import type { Signature } from '../../model/aws/suricata';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'allowed-traffic-unlogged',
  title: 'pass rule without an alert before it',
  severity: 'low',
  why: 'A pass writes nothing: what was allowed is on record only when an alert for the same traffic stands before it.',
  fix: 'Put an alert rule with the same match before each pass.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-examples.html'],
  comparable: [],
  *run({ model }) {
    const missing = new Map<string, Signature[]>();
    for (const { rule, group, recorded } of passRulesOf(model)) {
      if (recorded || !group.isText || !group.strict) continue;
      append(missing, group.address, rule);
    }
    for (const [address, rules] of missing) yield { address, message: `${address} passes without a record (${rules.length} ${rules.length === 1 ? 'rule' : 'rules'}): ${rules[0]?.text.slice(0, 160) ?? ''}` };
  },
};
