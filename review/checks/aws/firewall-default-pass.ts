/** Stateless passes, and a strict policy without a default drop. */
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'firewall-default-pass',
  title: 'firewall that passes what no rule names',
  severity: 'high',
  why: 'Traffic that matches no rule takes the default: anything but a drop makes the allowlist a suggestion.',
  fix: 'Forward everything to the stateful engine, and end it with aws:drop_established_app_layer and its alert twin.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateless-default-actions.html', 'https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html'],
  comparable: [],
  *run({ model }) {
    for (const policy of model.policies) {
      const hidden = policy.unknown !== undefined;
      for (const [name, actions] of [['stateless_default_actions', policy.statelessDefaults], ['stateless_fragment_default_actions', policy.fragmentDefaults]] as const) {
        if (actions.includes('aws:pass')) yield { address: policy.address, message: `${policy.address} has ${name} ${actions.join(', ')}: packets pass before any rule has seen them` };
      }
      for (const use of policy.stateless) {
        const passing = (use.group?.stateless ?? []).filter((each) => each.action === 'pass');
        const [rule] = passing;
        if (use.group && rule) yield { address: use.group.address, whole: JSON.stringify(passing), message: `${use.group.address} passes packets${rule.destinations.length > 0 ? ` to ${rule.destinations.join(', ')}` : ''} before the stateful rules see them`, severity: 'medium' };
      }
      if (!hidden && policy.strict && !policy.statefulDefaults.some((action) => action.startsWith('aws:drop'))) {
        yield { address: policy.address, message: `${policy.address} has no stateful default drop: what matches no rule passes` };
      }
    }
  },
};
