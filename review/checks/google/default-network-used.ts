import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { openWitness, witnessed } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'default-network-used',
  title: 'a workload in the default network',
  severity: 'medium',
  why: 'The default network has a subnet in every region, a default route and rules that nobody in this plan wrote.',
  fix: 'Put the workload into a subnet of a segment.',
  references: ['https://cloud.google.com/vpc/docs/vpc#default-network'],
  comparable: ['checkov CKV_GCP_27'],
  *run({ model, verdicts }) {
    for (const { address, interfaces } of model.workloads) {
      if (!interfaces.some(({ networks }) => networks.some(({ isDefault }) => isDefault))) continue;
      yield { address, message: 'runs in the default network', ...witnessed(openWitness(verdicts, address)) };
    }
  },
};
