import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { segmentedNetworks } from '../../model/google/network-segments';

export const check: Check<GoogleModel> = {
  id: 'segment-subnet-missing',
  title: 'a segment without a subnet',
  severity: 'low',
  why: 'A tag or an account without a subnet is used somewhere else: its machines stand in a subnet that the address plan gave to another segment.',
  fix: 'Make a subnet for the segment, or remove its tag, or its rules.',
  references: ['https://cloud.google.com/vpc/docs/subnets'],
  comparable: [],
  *run({ model }) {
    for (const [network, { segments }] of segmentedNetworks(model)) {
      if (segments.every(({ subnets }) => subnets.length === 0)) continue;
      for (const { name, address, subnets } of segments) {
        if (subnets.length === 0) yield { address, message: `no subnet of ${network.name} has the name of segment '${name}'`, segment: name };
      }
    }
  },
};
