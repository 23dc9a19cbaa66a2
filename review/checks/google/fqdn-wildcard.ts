import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { allRules } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'fqdn-wildcard',
  title: 'a wildcard in a rule that takes none',
  severity: 'medium',
  why: 'FQDN objects are resolved to addresses, and a wildcard has none: the rule fails at apply or matches nothing.',
  fix: 'Name the hosts one by one, or use Secure Web Proxy, which matches names.',
  references: ['https://cloud.google.com/firewall/docs/firewall-policies-rule-details#domain-names-for-firewall'],
  comparable: [],
  *run({ model }) {
    for (const rule of allRules(model)) {
      const wild = rule.peers.fqdns.filter((host) => host.includes('*'));
      if (wild.length > 0) yield { address: rule.address, message: `${rule.label} names ${wild.join(', ')}` };
    }
  },
};
