import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { trafficInFull } from '../../paths/traffic-words';
import { describe } from '../../model/google/words';
import { segmentOf, witnessed } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'open-egress',
  title: 'a place that reaches the internet without a list of hosts',
  severity: 'critical',
  why: 'Whoever runs code there can send anything anywhere. Cloud NAT, routes and Cloud Armor filter no destination; only firewall rules and Secure Web Proxy do.',
  fix: 'Deny all egress in a network firewall policy behind the allows, for 0.0.0.0/0 and ::/0, and allow hosts by name. What leaves from Google\'s own network has to be sent into a VPC first: no rule holds for it there.',
  references: ['https://cloud.google.com/firewall/docs/firewall-policies-overview', 'https://cloud.google.com/firewall/docs/firewalls#default_firewall_rules'],
  comparable: ['trivy GCP-0035'],
  *run({ verdicts }) {
    for (const { place, family, kind, witness, openTraffic } of verdicts) {
      if (kind !== 'open') continue;
      const last = witness?.[witness.length - 1];
      yield {
        address: place.addresses[0] ?? place.id,
        ...(openTraffic ? { whole: trafficInFull(openTraffic) } : {}),
        message: `${place.id} reaches ${describe(openTraffic ?? [])} over IPv${family} through ${last?.address ?? 'its network'}`,
        ...segmentOf(place),
        ...witnessed(witness),
        ...(place.hypothetical ? { confidence: 'likely' as const } : {}),
      };
    }
  },
};
