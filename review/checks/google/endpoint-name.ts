import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { serviceEndpoints } from '../../model/google/private-endpoints';
import { textAt } from '../../model/google/reading';

export const check: Check<GoogleModel> = {
  id: 'endpoint-name',
  title: 'an endpoint of Google\'s APIs with a name that Google refuses',
  severity: 'low',
  why: 'The name becomes part of host names: 1-20 lower-case letters and digits, no hyphen. Another one is refused after everything else is made.',
  fix: 'Shorten the name and leave out hyphens.',
  references: ['https://cloud.google.com/vpc/docs/configure-private-service-connect-apis'],
  comparable: [],
  *run({ model }) {
    for (const { resource, isApis } of serviceEndpoints(model)) {
      const name = textAt(resource, 'name');
      if (isApis && name !== undefined && !/^[a-z][a-z0-9]{0,19}$/.test(name)) yield { address: resource.address, message: `'${name}' is no name of such an endpoint` };
    }
  },
};
