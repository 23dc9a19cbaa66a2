import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { textAt } from '../../model/google/reading';
import { openWitness, witnessed } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'proxy-any-host',
  title: 'a Secure Web Proxy rule that lets every host through',
  severity: 'high',
  why: 'A rule that does not limit the host makes the proxy a way out for everything.',
  fix: 'Limit the rule with host() == or inUrlList(host(), …). An authorization policy takes the place of all such rules: give it the action ALLOW, and hosts by exact name in each operation.',
  references: ['https://cloud.google.com/secure-web-proxy/docs/cel-matcher-language-reference', 'https://docs.cloud.google.com/secure-web-proxy/docs/policies-and-rules-overview'],
  comparable: [],
  *run({ model, verdicts }) {
    for (const proxy of model.proxies) {
      for (const rule of proxy.anyHostRules) {
        const matcher = textAt(rule, 'session_matcher');
        const message = matcher === undefined ? `${proxy.address} asks it instead of its gateway security policy, and it limits no host` : `session_matcher ${matcher} limits no host`;
        yield { address: rule.address, message, ...witnessed(openWitness(verdicts, proxy.address)) };
      }
    }
  },
};
