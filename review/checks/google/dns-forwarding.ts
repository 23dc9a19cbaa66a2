import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';

export const check: Check<GoogleModel> = {
  id: 'dns-forwarding',
  title: 'a zone that is answered elsewhere',
  severity: 'low',
  why: 'Who answers the zone learns every name that is asked, and chooses the addresses behind allowed names below it.',
  fix: 'Answer the zone in this network, or review the servers that do.',
  references: ['https://cloud.google.com/dns/docs/zones/forwarding-zones'],
  comparable: [],
  *run({ model }) {
    for (const { address, dnsName, forwards } of model.dns.zones) {
      if (forwards) yield { address, message: `${dnsName || 'a zone'} is answered by other name servers` };
    }
  },
};
