/** Hosts that the firewall lets through. */
import { suffixProblem, wildcardProblem } from '../../../blueprints/policy/public-suffix';
import { reachableHosts } from '../../model/aws/hosts';
import type { AwsModel } from '../../model/aws/model';
import type { Check, Hit } from '../check';

export const check: Check<AwsModel> = {
  id: 'public-suffix-host',
  title: 'host pattern under which anybody can get a name',
  severity: 'high',
  why: 'A wildcard over a public suffix, or over a domain whose customers share it, allows everybody\'s hosts: it is a way out for data and not an allowlist.',
  fix: 'Name the exact hosts; for a cloud service prefer a private endpoint.',
  references: ['https://publicsuffix.org', 'https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateful-rule-groups-domain-names.html'],
  comparable: [],
  *run({ model, verdicts }) {
    for (const { host, verdict, from } of reachableHosts(model, verdicts)) {
      if (host.protocol === 'any' || host.host === '*') continue;
      const domain = host.host.replace(/^\*?\.?/, '');
      const problem = domain === host.host ? suffixProblem(domain) : wildcardProblem(domain);
      if (problem) yield { address: host.rule, message: `${from[0]} may reach ${host.host}, which ${problem.message}`, ...(verdict.witness ? { witness: verdict.witness } : {}), ...(verdict.place.segment === undefined ? {} : { segment: verdict.place.segment }) } satisfies Hit;
    }
  },
};
