/** Policies of the plan without a firewall. */
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'policy-unassociated',
  title: 'firewall policy that no firewall follows',
  severity: 'medium',
  why: 'A policy that is written and not attached guards nothing.',
  fix: 'Name it in the firewall_policy_arn of the firewall.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-policies.html'],
  comparable: [],
  *run({ model }) {
    const used = new Set(model.firewalls.flatMap((firewall) => firewall.policy ?? []));
    const isHidden = model.firewalls.some((firewall) => firewall.resource.references('firewall_policy_arn').targets.length > 1);
    for (const policy of model.policies) {
      if (!used.has(policy) && !isHidden) yield { address: policy.address, message: `no firewall of the plan follows ${policy.address}` };
    }
  },
};
