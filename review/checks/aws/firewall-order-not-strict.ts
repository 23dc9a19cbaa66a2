/** Policies, and groups in a strict policy. */
import { isStateful } from '../../model/aws/firewalls';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'firewall-order-not-strict',
  title: 'firewall that evaluates by action and not in order',
  severity: 'high',
  why: 'In action order every pass comes first, wherever it stands, and there is no default drop: an allowlist of names leaves everything that is neither HTTP nor TLS open.',
  fix: 'Set rule_order to STRICT_ORDER in the policy and in each of its groups.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html'],
  comparable: [],
  *run({ model }) {
    for (const policy of model.policies) {
      if (!policy.strict && isStateful(policy)) yield { address: policy.address, message: `${policy.address} evaluates its rules in action order: what no rule drops passes` };
      for (const { group } of policy.stateful) {
        if (policy.strict && group && !group.strict && group.unknown === undefined) yield { address: group.address, message: `${group.address} is not in strict order, and ${policy.address} is`, severity: 'medium' };
      }
    }
  },
};
