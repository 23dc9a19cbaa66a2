import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { segmentedPolicies } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'proxy-any-port',
  title: 'a Secure Web Proxy rule that holds for every port',
  severity: 'low',
  why: 'A tunnel to any port of an allowed host carries any protocol: ssh to an allowed host is a shell outside.',
  fix: 'Limit the rule with destination.port ==.',
  references: ['https://cloud.google.com/secure-web-proxy/docs/cel-matcher-language-reference'],
  comparable: [],
  *run({ model }) {
    if (segmentedPolicies(model).length === 0) return;
    for (const proxy of model.proxies) for (const rule of proxy.anyPortRules) yield { address: rule.address, message: 'session_matcher limits no port' };
  },
};
