import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { segmentedNetworks } from '../../model/google/network-segments';

export const check: Check<GoogleModel> = {
  id: 'classic-ingress-allow',
  title: 'a classic rule beside a firewall policy',
  severity: 'medium',
  why: 'A policy without an ingress deny hands over to the classic rules: this one holds, and it is not where people look. Network tags are not governed by IAM.',
  fix: 'Write it as a rule of the policy, by secure tag or service account.',
  references: ['https://cloud.google.com/firewall/docs/firewall-policies-overview'],
  comparable: [],
  *run({ model }) {
    for (const network of segmentedNetworks(model).keys()) {
      for (const rule of model.classicRules.get(network) ?? []) {
        if (rule.action === 'allow' && rule.direction === 'INGRESS' && !rule.isDisabled) {
          yield { address: rule.address, message: `${rule.label} accepts ${rule.peers.ranges.join(', ') || 'its source tags'} beside the policy of ${network.name}` };
        }
      }
    }
  },
};
