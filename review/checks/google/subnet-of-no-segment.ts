import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { segmentedNetworks } from '../../model/google/network-segments';
import { plannedEnvironments } from './planned-environments';

export const check: Check<GoogleModel> = {
  id: 'subnet-of-no-segment',
  title: 'a subnet that belongs to no segment',
  severity: 'low',
  why: 'What is put there has no segment, no tag and no entry in the policy file.',
  fix: 'Give the range to a segment of the policy file, or remove the subnet.',
  references: ['https://cloud.google.com/vpc/docs/subnets'],
  comparable: [],
  *run({ model, policy }) {
    for (const [network, { segments }] of segmentedNetworks(model)) {
      const own = model.subnets.filter((subnet) => subnet.networks.includes(network) && subnet.holdsMachines);
      const told = new Set(segments.flatMap(({ subnets }) => subnets));
      if (told.size === 0) continue;
      const [environment] = plannedEnvironments(policy, own.map(({ primary }) => primary));
      const planned = environment && new Set(environment.ranges.values());
      for (const subnet of own) {
        const isPlanned = planned === undefined || subnet.primary === undefined || planned.has(subnet.primary);
        if (!told.has(subnet) || !isPlanned) yield { address: subnet.address, message: `${subnet.primary ?? subnet.name} is no range of a segment` };
      }
    }
  },
};
