/** Hosts of the plan whose rule in the policy file is past its date. */
import { hostText, reachableHosts } from '../../model/aws/hosts';
import type { AwsModel } from '../../model/aws/model';
import { policyRules } from '../../model/policy-rules';
import type { Check, Hit } from '../check';

export const check: Check<AwsModel> = {
  id: 'expired-host',
  title: 'host whose rule has expired',
  severity: 'medium',
  why: 'Somebody said until when it is needed, and that day has passed.',
  fix: 'Take the rule out, or give it a new date and a reason.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateful-rule-groups-ips.html'],
  comparable: [],
  *run({ model, verdicts, policy, today }) {
    const held = policy && policyRules(policy, 'aws', model.places);
    const expired = new Set(held?.all.filter((rule) => rule.expires !== undefined && rule.expires < today));
    if (!held || expired.size === 0) return;
    for (const { host, verdict, from } of reachableHosts(model, verdicts, (place) => held.ofAllAt(place).environments.join())) {
      const rule = held.ofAllAt(verdict.place).naming(host.host).find((each) => expired.has(each) && from.some((segment) => each.segments.includes(segment)));
      if (rule) yield { address: host.rule, message: `${hostText(host)} is allowed until ${rule.expires ?? ''} (${rule.owner}: ${rule.reason})`, ...(verdict.witness ? { witness: verdict.witness } : {}), ...(verdict.place.segment === undefined ? {} : { segment: verdict.place.segment }) } satisfies Hit;
    }
  },
};
