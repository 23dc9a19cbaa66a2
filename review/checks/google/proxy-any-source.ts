import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { segmentedPolicies } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'proxy-any-source',
  title: 'a Secure Web Proxy rule that holds for every caller',
  severity: 'medium',
  why: 'Whoever reaches the proxy has the hosts of every segment. The firewall keeps others away today, and is then the only thing that does.',
  fix: 'Limit the rule with inIpRange(source.ip, …), source.matchTag or source.matchServiceAccount.',
  references: ['https://cloud.google.com/secure-web-proxy/docs/cel-matcher-language-reference'],
  comparable: [],
  *run({ model }) {
    // Where nothing tells segments apart, one list for all is no fault of the proxy.
    if (segmentedPolicies(model).length === 0) return;
    for (const proxy of model.proxies) for (const rule of proxy.anySourceRules) yield { address: rule.address, message: 'session_matcher limits no caller' };
  },
};
