import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';

export const check: Check<GoogleModel> = {
  id: 'private-google-access-off',
  title: 'a subnet whose machines cannot reach Google\'s APIs privately',
  severity: 'low',
  why: 'Machines without a public address need it for the APIs\' private address; without it somebody will give them a NAT instead.',
  fix: 'Set private_ip_google_access to true.',
  references: ['https://cloud.google.com/vpc/docs/private-google-access'],
  comparable: ['checkov CKV_GCP_74', 'checkov CKV_GCP_76', 'trivy GCP-0075'],
  *run({ model }) {
    for (const subnet of model.subnets) {
      if (!subnet.isForeign && subnet.holdsMachines && !subnet.hasPrivateAccess) yield { address: subnet.address, message: `private_ip_google_access is off for ${subnet.name}` };
    }
  },
};
