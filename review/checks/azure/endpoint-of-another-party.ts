import type { AzureCheck } from './azure-check';
import { servedBy } from '../../model/azure/served-by';

export const check: AzureCheck = {
  id: 'endpoint-of-another-party',
  title: 'private endpoint of somebody else\'s service',
  severity: 'medium',
  why: 'Whatever is sent there leaves for another organization, past the firewall, its list of hosts and its log.',
  fix: 'Remove it, or accept it in egress-review.yaml with whose it is and what for; let only the subnets in that need it.',
  references: ['https://learn.microsoft.com/azure/private-link/private-link-service-overview#alias'],
  comparable: [],
  *run({ model }) {
    for (const { address, resource } of model.privateEndpoints) {
      const { kind, why } = servedBy(resource);
      if (kind === 'another') yield { address, message: why };
    }
  },
};
