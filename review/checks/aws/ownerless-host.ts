/** Hosts of the plan that nobody in the policy stands for. */
import { hostText, reachableHosts } from '../../model/aws/hosts';
import type { AwsModel } from '../../model/aws/model';
import { policyRules } from '../../model/policy-rules';
import type { Check, Hit } from '../check';

export const check: Check<AwsModel> = {
  id: 'ownerless-host',
  title: 'host that nobody stands for',
  severity: 'medium',
  why: 'When it has to go, or turns out to be wrong, there is nobody to ask.',
  fix: 'Name the host in egress.yaml for the segment that needs it, with an owner and a reason.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-policies.html'],
  comparable: [],
  *run({ model, verdicts, policy }) {
    if (!policy) return;
    const held = policyRules(policy, 'aws', model.places);
    const segments = new Set(policy.segments.map(({ name }) => name));
    for (const { host, verdict, from } of reachableHosts(model, verdicts, (place) => held.ofAllAt(place).environments.join())) {
      const [rule] = held.ofAllAt(verdict.place).naming(host.host);
      const strangers = from.filter((who) => !segments.has(who));
      const reason = rule ? (rule.owner.trim() === '' ? 'its rule names no owner' : undefined) : strangers.length > 0 ? `${strangers[0] ?? ''} is no segment of the policy, and the host is not in it` : undefined;
      if (reason) yield { address: host.rule, message: `nobody owns ${hostText(host)}: ${reason}`, ...(verdict.witness ? { witness: verdict.witness } : {}), ...(verdict.place.segment === undefined ? {} : { segment: verdict.place.segment }) } satisfies Hit;
    }
  },
};
