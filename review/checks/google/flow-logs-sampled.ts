import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { hiddenAt, numberAt } from '../../model/google/reading';

export const check: Check<GoogleModel> = {
  id: 'flow-logs-sampled',
  title: 'a subnet that records a part of its flows',
  severity: 'info',
  why: 'One short connection is enough to carry a secret out, and a sample may miss it.',
  fix: 'Set flow_sampling to 1.0.',
  references: ['https://cloud.google.com/vpc/docs/flow-logs#log-sampling'],
  comparable: [],
  *run({ model }) {
    for (const { resource, address, isForeign } of model.subnets) {
      if (!resource || isForeign || resource.elements('log_config').length === 0 || hiddenAt(resource, ['log_config', 0, 'flow_sampling']) !== undefined) continue;
      const sampling = numberAt(resource, ['log_config', 0, 'flow_sampling']) ?? 0.5;
      if (sampling > 0 && sampling < 1) yield { address, message: `flow_sampling is ${sampling}` };
    }
  },
};
