import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { serviceEndpoints } from '../../model/google/private-endpoints';
import { hiddenAt, textAt } from '../../model/google/reading';

export const check: Check<GoogleModel> = {
  id: 'endpoint-external',
  title: 'a Private Service Connect endpoint with a load balancing scheme',
  severity: 'low',
  why: 'The scheme of an endpoint has to be there and empty. Left out it is EXTERNAL, the default of the provider, and Google refuses the endpoint after everything else is made.',
  fix: 'Write load_balancing_scheme = "".',
  references: ['https://cloud.google.com/vpc/docs/configure-private-service-connect-apis'],
  comparable: [],
  *run({ model }) {
    for (const { resource } of serviceEndpoints(model)) {
      const scheme = resource.valueAt('load_balancing_scheme') === '' ? '' : textAt(resource, 'load_balancing_scheme') ?? (hiddenAt(resource, 'load_balancing_scheme') === undefined ? 'EXTERNAL, the default' : '');
      if (scheme !== '') yield { address: resource.address, message: `its load balancing scheme is ${scheme}` };
    }
  },
};
