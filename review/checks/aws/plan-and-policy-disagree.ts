/** Hosts and ports of each segment, in the plan and in the policy file. */
import { allowRulesFor, type Policy } from '../../../blueprints/policy/model';
import type { Verdict } from '../../paths/verdict';
import { listGroups, loosenessOf } from '../../model/aws/list-looseness';
import type { AwsModel } from '../../model/aws/model';
import { inFull, type Check, type Hit } from '../check';

export const check: Check<AwsModel> = {
  id: 'plan-and-policy-disagree',
  title: 'plan that allows something else than the policy',
  severity: 'high',
  why: 'The policy file is what people have agreed on: a host that is only in the plan has no owner, and one that is only in the policy does not work.',
  fix: 'Change the policy file and synthesize again, or take the rule out of the plan.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateful-rule-groups-ips.html'],
  comparable: [],
  *run({ model, verdicts, policy }) {
    if (!policy) return;
    const names = new Set(policy.segments.map((segment) => segment.name));
    const own = new Set<unknown>(model.places);
    const planned = new Map<string, Map<string, Verdict>>();
    const lists = listGroups(model);
    for (const verdict of verdicts) {
      const { segment } = verdict.place;
      if (!own.has(verdict.place) || segment === undefined || !names.has(segment)) continue;
      const hosts = planned.get(segment) ?? new Map<string, Verdict>();
      planned.set(segment, hosts);
      const rules = allowRulesFor(policy, 'aws').filter((rule) => rule.segments.includes(segment));
      for (const host of verdict.hosts) {
        // What a list cannot say is told by domain-list-loose.
        const loose = lists.has(host.rule) && host.ports.length > 0 ? loosenessOf(host, rules) : undefined;
        for (const text of loose?.agreed ?? textsOf(host)) hosts.set(text, verdict);
      }
    }
    for (const [segment, hosts] of planned) {
      const agreed = new Set(agreedIn(policy, segment));
      for (const [text, verdict] of hosts) {
        if (agreed.has(text)) continue;
        const rule = verdict.hosts.find((host) => text.includes(` ${host.host}:`))?.rule ?? verdict.place.id;
        yield { address: rule, segment, message: `the plan lets ${segment} reach ${text}, and the policy does not`, ...(verdict.witness ? { witness: verdict.witness } : {}) } satisfies Hit;
      }
      const place = model.places.find((each) => each.segment === segment);
      const lost = [...agreed].filter((text) => !hosts.has(text));
      if (lost.length > 0 && place) yield { ...inFull(lost, 5), address: place.addresses[0] ?? place.id, segment, severity: 'low', message: `the policy lets ${segment} reach ${lost.slice(0, 5).join(', ')}, and the plan does not` };
    }
  },
};

function textsOf({ protocol, host, ports }: Verdict['hosts'][number]): readonly string[] {
  return (ports.length > 0 ? ports : ['*']).map((port) => `${protocol === 'any' ? 'tcp' : protocol} ${host}:${port}`);
}

function agreedIn(policy: Policy, segment: string): readonly string[] {
  return allowRulesFor(policy, 'aws').filter((rule) => rule.segments.includes(segment)).flatMap((rule) => rule.ports.flatMap((port) => (rule.protocol === 'tcp'
    ? rule.addresses.map((address) => `tcp ${address}:${port}`)
    : [`${rule.protocol} ${rule.host.text}:${port}`])));
}
