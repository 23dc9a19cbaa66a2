import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { serviceEndpoints } from '../../model/google/private-endpoints';

export const check: Check<GoogleModel> = {
  id: 'endpoint-serves-all-apis',
  title: 'a private endpoint that also serves APIs which no perimeter can restrict',
  severity: 'low',
  why: 'The bundle all-apis serves every API of Google. Those that VPC Service Controls does not support are a way for data that no perimeter stops.',
  fix: 'Target vpc-sc.',
  references: ['https://cloud.google.com/vpc/docs/about-accessing-google-apis-endpoints#supported-apis'],
  comparable: [],
  *run({ model }) {
    for (const { resource, target } of serviceEndpoints(model)) if (target === 'all-apis') yield { address: resource.address, message: 'its target is all-apis' };
  },
};
