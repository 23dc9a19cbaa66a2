import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { flagAt } from '../../model/google/reading';

export const check: Check<GoogleModel> = {
  id: 'nat-endpoint-independent-mapping',
  title: 'a NAT on whose ports anybody may answer',
  severity: 'low',
  why: 'With endpoint-independent mapping one port of the NAT stands for a machine whoever it talks to, and dynamic port allocation is off.',
  fix: 'Set enable_endpoint_independent_mapping to false.',
  references: ['https://cloud.google.com/nat/docs/nat-rfc-requirements'],
  comparable: [],
  *run({ model }) {
    for (const { resource, address } of model.nats) {
      if (flagAt(resource, 'enable_endpoint_independent_mapping') === true) yield { address, message: 'enable_endpoint_independent_mapping is on' };
    }
  },
};
