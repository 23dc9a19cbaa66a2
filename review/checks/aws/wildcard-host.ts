/** Wildcards of the plan that the policy does not explain; without a policy nothing explains any. */
import { hostText, reachableHosts } from '../../model/aws/hosts';
import { listGroups } from '../../model/aws/list-looseness';
import type { AwsModel } from '../../model/aws/model';
import type { Place } from '../../model/network-model';
import { policyRules } from '../../model/policy-rules';
import { NO_POLICY, type Check, type Hit } from '../check';

export const check: Check<AwsModel> = {
  id: 'wildcard-host',
  title: 'wildcard without a reason',
  severity: 'medium',
  why: 'A wildcard lets through names that do not exist yet. Somebody has to say why the list cannot be written out.',
  fix: 'List the names, or give the wildcard a reason in the policy file.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateful-rule-groups-domain-names.html'],
  comparable: [],
  *run({ model, verdicts, policy }) {
    const held = policy && policyRules(policy, 'aws', model.places);
    const environments = (place: Place) => held?.ofAllAt(place).environments.join() ?? '';
    const lists = listGroups(model);
    for (const { host, verdict, from } of reachableHosts(model, verdicts, environments)) {
      const isWildcard = /^\*?\../.test(host.host);
      // `.example.com` takes in the apex, which no wildcard of a policy does; where a list cannot leave it out, domain-list-loose says so.
      const meant = lists.has(host.rule) ? host.host.replace(/^\./, '*.') : host.host;
      if (!isWildcard || held?.ofAllAt(verdict.place).naming(meant).some(({ wildcardReason }) => wildcardReason)) continue;
      yield { address: host.rule, message: `${from[0] ?? ''} may reach ${hostText(host)}: every name below it${policy ? '' : NO_POLICY}`, ...(policy ? {} : { severity: 'low' }), ...(verdict.witness ? { witness: verdict.witness } : {}), ...(verdict.place.segment === undefined ? {} : { segment: verdict.place.segment }) } satisfies Hit;
    }
  },
};
