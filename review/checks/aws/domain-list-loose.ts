/** Domain lists beside the policy that they were made from. */
import { listGroups, loosenessOf } from '../../model/aws/list-looseness';
import type { AwsModel } from '../../model/aws/model';
import { policyRules } from '../../model/policy-rules';
import type { Check, Hit } from '../check';

export const check: Check<AwsModel> = {
  id: 'domain-list-loose',
  title: 'domain list that lets more through than the policy',
  severity: 'info',
  why: 'A domain list cannot leave out the apex of a wildcard, and it holds for every port that the rules before it leave open: for a port of another name of its protocol by nature, for one of no such name because a rule is missing.',
  fix: 'Close the other ports to the protocol before the list. Write firewall: { rules: suricata } in the policy file, or accept what remains: it is among the residual risks.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateful-rule-groups-domain-names.html'],
  comparable: [],
  *run({ model, verdicts, policy }) {
    if (!policy) return;
    const lists = listGroups(model);
    const held = policyRules(policy, 'aws', model.places);
    const places = new Set<unknown>(model.places);
    const said = new Set<string>();
    for (const { place, hosts } of verdicts) {
      const { segment } = place;
      if (!places.has(place) || segment === undefined) continue;
      const { rules } = held.at(place);
      for (const host of hosts.filter(({ rule }) => lists.has(rule))) {
        const loose = loosenessOf(host, rules);
        const more = [...(loose?.apex === undefined ? [] : [`the apex ${loose.apex}`]), ...(loose && loose.ports.length > 0 ? [`port ${loose.ports.join(', ')}`] : [])];
        const message = `${segment} may reach ${host.protocol} ${host.host} with more than the policy says: ${more.join(' and ')}`;
        if (more.length === 0 || said.has(message)) continue;
        said.add(message);
        const own = new Set(rules.filter(({ protocol }) => protocol === host.protocol).flatMap(({ ports }) => ports));
        yield { address: host.rule, segment, message, ...(loose?.ports.every((port) => own.has(port)) === false ? { severity: 'low' } : {}) } satisfies Hit;
      }
    }
  },
};
