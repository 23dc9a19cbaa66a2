import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { segmentedNetworks } from '../../model/google/network-segments';

export const check: Check<GoogleModel> = {
  id: 'segment-tag-missing',
  title: 'a segment without a secure tag',
  severity: 'medium',
  why: 'Rules find machines by tag. A segment without one has no rules of its own, and its machines fall under what holds for everybody.',
  fix: 'Make a tag value for the segment.',
  references: ['https://cloud.google.com/firewall/docs/tags-firewalls-overview'],
  comparable: [],
  *run({ model, policy }) {
    for (const [network, { segments, by }] of segmentedNetworks(model)) {
      if (by === 'account') continue;
      const told = new Set(segments.flatMap(({ subnets }) => subnets));
      if (told.size === 0) continue;
      const names = new Set(model.tags.map(({ name }) => name));
      for (const segment of policy?.segments ?? []) {
        if (!names.has(segment.name)) yield { address: network.address, message: `segment '${segment.name}' of the policy file has no tag value`, segment: segment.name };
      }
      if (policy) continue;
      for (const subnet of model.subnets) {
        if (subnet.networks.includes(network) && subnet.holdsMachines && !told.has(subnet)) yield { address: subnet.address, message: `no tag value has the name of ${subnet.name}` };
      }
    }
  },
};
