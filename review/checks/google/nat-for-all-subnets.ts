import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { textAt } from '../../model/google/reading';
import { openWitness, witnessed } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'nat-for-all-subnets',
  title: 'a NAT that serves every subnet',
  severity: 'medium',
  why: 'Every subnet, also one that is added later, gets a way out that it did not ask for. A NAT filters nothing.',
  fix: 'Set source_subnetwork_ip_ranges_to_nat to LIST_OF_SUBNETWORKS and list the subnets that may reach hosts.',
  references: ['https://cloud.google.com/nat/docs/nat-product-interactions'],
  comparable: [],
  *run({ model, verdicts }) {
    for (const nat of model.nats) {
      if (!nat.servesAll) continue;
      const witness = openWitness(verdicts, nat.address);
      yield {
        address: nat.address,
        message: `source_subnetwork_ip_ranges_to_nat is ${textAt(nat.resource, 'source_subnetwork_ip_ranges_to_nat')}`,
        ...(witness ? { severity: 'high' as const } : {}),
        ...witnessed(witness),
      };
    }
  },
};
