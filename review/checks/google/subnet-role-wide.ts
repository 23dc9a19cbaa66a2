import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { bindingsOf } from '../../model/google/grants';

export const check: Check<GoogleModel> = {
  id: 'subnet-role-wide',
  title: 'a subnet that more may be done with than putting machines into it',
  severity: 'medium',
  why: 'Whoever uses a shared subnet needs roles/compute.networkUser. More lets a team change the subnet itself, and everybody is everybody.',
  fix: 'Grant roles/compute.networkUser to a group of the team.',
  references: ['https://cloud.google.com/vpc/docs/shared-vpc#svc_proj_admins'],
  comparable: [],
  *run({ model }) {
    for (const kind of ['member', 'binding', 'policy']) {
      for (const resource of model.graph.ofType(`google_compute_subnetwork_iam_${kind}`)) {
        if (resource.mode !== 'managed') continue;
        for (const { role, members } of bindingsOf(resource)) {
          const everybody = members.filter((member) => member === 'allUsers' || member === 'allAuthenticatedUsers');
          if (everybody.length > 0) yield { address: resource.address, message: `${everybody.join(', ')} may use the subnet` };
          else if (/^roles\/(owner|editor|compute\.(networkAdmin|admin|securityAdmin))$/.test(role)) yield { address: resource.address, message: `grants ${role}` };
        }
      }
    }
  },
};
