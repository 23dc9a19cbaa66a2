import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { flagAt, textAt } from '../../model/google/reading';

export const check: Check<GoogleModel> = {
  id: 'packets-mirrored',
  title: 'packets that are copied to a collector',
  severity: 'medium',
  why: 'A mirroring policy hands every packet of its machines to a collector, past the firewall rules of the network: what the collector sends on, nobody here decides.',
  fix: 'Mirror only what an inspection needs, to a collector of the same project, and close the collector\'s own egress.',
  references: ['https://cloud.google.com/vpc/docs/packet-mirroring', 'https://cloud.google.com/network-security-integration/docs/out-of-band/out-of-band-integration-overview'],
  comparable: [],
  *run({ model: { graph } }) {
    for (const resource of graph.ofType('google_compute_packet_mirroring')) {
      if (textAt(resource, 'enable')?.toUpperCase() === 'FALSE') continue;
      const collector = resource.references(['collector_ilb', 0, 'url'], { types: ['google_compute_forwarding_rule'] }).targets[0];
      yield { address: resource.address, message: `copies go to ${collector?.address ?? textAt(resource, ['collector_ilb', 0, 'url']) ?? 'a collector that the plan does not hold'}` };
    }
    for (const policy of graph.ofType('google_compute_network_firewall_policy_with_rules')) {
      const isMirroring = policy.elements('packet_mirroring_rule').some((rule) => textAt(policy, [...rule, 'action'])?.toLowerCase() === 'mirror' && flagAt(policy, [...rule, 'disabled']) !== true);
      if (isMirroring) yield { address: policy.address, message: 'the action of one of its rules is mirror' };
    }
    for (const type of ['google_compute_network_firewall_policy_packet_mirroring_rule', 'google_compute_network_firewall_policy_rule', 'google_compute_firewall_policy_rule']) {
      for (const resource of graph.ofType(type)) {
        if (textAt(resource, 'action')?.toLowerCase() === 'mirror' && flagAt(resource, 'disabled') !== true) yield { address: resource.address, message: 'its action is mirror' };
      }
    }
  },
};
