import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';

export const check: Check<GoogleModel> = {
  id: 'auto-subnets',
  title: 'a network with a subnet in every region',
  severity: 'low',
  why: 'Google makes a subnet in every region, also in those that are still to come. They belong to no segment and no address plan.',
  fix: 'Set auto_create_subnetworks to false.',
  references: ['https://cloud.google.com/vpc/docs/vpc#subnet-ranges'],
  comparable: [],
  *run({ model }) {
    for (const network of model.networks) {
      if (network.isAuto && network.resource?.mode === 'managed') yield { address: network.address, message: 'auto_create_subnetworks is on' };
    }
  },
};
