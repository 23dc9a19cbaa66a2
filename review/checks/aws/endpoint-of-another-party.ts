import type { AwsModel } from '../../model/aws/model';
import { servedBy } from '../../model/aws/served-by';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'endpoint-of-another-party',
  title: 'private endpoint of somebody else\'s service',
  severity: 'medium',
  why: 'Whatever is sent there leaves for another organization, past the firewall, its list of hosts and its log.',
  fix: 'Remove it, or accept it in egress-review.yaml with whose it is and what for; let only the segments in that need it.',
  references: ['https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-saas.html'],
  comparable: [],
  *run({ model }) {
    for (const endpoint of model.endpoints) {
      if (endpoint.kind === 'gateway-load-balancer') continue;
      const { kind, why } = servedBy(endpoint);
      if (kind === 'another') yield { address: endpoint.address, message: why };
    }
  },
};
