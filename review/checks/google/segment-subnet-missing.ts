import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { segmentedNetworks, segmentSubnets } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'segment-subnet-missing',
  title: 'a segment without a subnet',
  severity: 'low',
  why: 'A tag without a subnet is used somewhere else: its machines stand in a subnet that the address plan gave to another segment.',
  fix: 'Make a subnet for the segment, or remove its tag.',
  references: ['https://cloud.google.com/vpc/docs/subnets'],
  comparable: [],
  *run({ model }) {
    for (const network of segmentedNetworks(model)) {
      const segments = segmentSubnets(model, network);
      if ([...segments.values()].every((subnets) => subnets.length === 0)) continue;
      for (const [tag, subnets] of segments) {
        if (subnets.length === 0) yield { address: tag.address, message: `no subnet of ${network.name} has the name of segment '${tag.name}'`, segment: tag.name };
      }
    }
  },
};
