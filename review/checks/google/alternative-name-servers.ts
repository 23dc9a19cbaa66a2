import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';

export const check: Check<GoogleModel> = {
  id: 'alternative-name-servers',
  title: 'a network that asks other name servers',
  severity: 'medium',
  why: 'FQDN rules follow the answers of Google\'s resolver. With other name servers they do not hold, private zones are not asked, and nothing is logged.',
  fix: 'Remove alternative_name_server_config.',
  references: ['https://cloud.google.com/firewall/docs/firewall-policies-rule-details#domain-names-for-firewall'],
  comparable: [],
  *run({ model }) {
    for (const { address, alternativeServers } of model.dns.policies) {
      if (alternativeServers.length > 0) yield { address, message: `queries go to ${alternativeServers.join(', ')}` };
    }
  },
};
