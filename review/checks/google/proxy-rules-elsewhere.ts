import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';

export const check: Check<GoogleModel> = {
  id: 'proxy-rules-elsewhere',
  title: 'a Secure Web Proxy whose rules are not in the plan',
  severity: 'medium',
  why: 'What the proxy lets through is what its policy says. A policy from elsewhere is decided elsewhere, and changes without a plan.',
  fix: 'Make google_network_security_gateway_security_policy in the same plan as the gateway, and name it in gateway_security_policy.',
  references: ['https://cloud.google.com/secure-web-proxy/docs/policies-overview'],
  comparable: [],
  *run({ model }) {
    for (const proxy of model.proxies) if (proxy.policies.length === 0) yield { address: proxy.address, message: 'no gateway_security_policy of the plan belongs to it' };
  },
};
