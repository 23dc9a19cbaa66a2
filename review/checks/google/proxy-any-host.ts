import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { textAt } from '../../model/google/reading';
import { openWitness, witnessed } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'proxy-any-host',
  title: 'a Secure Web Proxy rule that lets every host through',
  severity: 'high',
  why: 'A rule that does not limit the host makes the proxy a way out for everything.',
  fix: 'Limit the rule with host() == or inUrlList(host(), …).',
  references: ['https://cloud.google.com/secure-web-proxy/docs/cel-matcher-language-reference'],
  comparable: [],
  *run({ model, verdicts }) {
    for (const proxy of model.proxies) {
      for (const rule of proxy.anyHostRules) {
        yield { address: rule.address, message: `session_matcher ${textAt(rule, 'session_matcher') ?? ''} limits no host`, ...witnessed(openWitness(verdicts, proxy.address)) };
      }
    }
  },
};
