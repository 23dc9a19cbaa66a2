import { NO_POLICY, type Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { plannedHosts } from '../../model/google/policy-hosts';
import { segmentOf } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'wildcard-host',
  title: 'a wildcard without a reason',
  severity: 'medium',
  why: 'A wildcard lets through names that do not exist yet. Somebody has to say why the list cannot be written out.',
  fix: 'List the names, or give the wildcard a reason in the policy file.',
  references: ['https://cloud.google.com/secure-web-proxy/docs/use-url-list'],
  comparable: [],
  *run({ policy, verdicts }) {
    for (const { host, rule, place } of plannedHosts(policy, verdicts)) {
      if (!/^\*?\./.test(host.host) || rule?.wildcardReason) continue;
      // Whether there is a reason only the policy file says.
      yield { address: host.rule, message: `${host.host} lets every subdomain through${policy ? '' : NO_POLICY}`, ...(policy ? {} : { severity: 'low' }), ...segmentOf(place) };
    }
  },
};
