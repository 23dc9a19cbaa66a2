import { NO_POLICY, type Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { serviceEndpoints } from '../../model/google/private-endpoints';
import { servedByAttachment } from '../../model/google/served-by';

export const check: Check<GoogleModel> = {
  id: 'endpoint-of-another-party',
  title: 'private endpoint of somebody else\'s service',
  severity: 'medium',
  why: 'Whatever is sent there leaves for another organization, past the firewall, its list of hosts and its log.',
  fix: 'Remove it, or name it in the policy file (publishedServices) with the segments that may call it.',
  references: ['https://cloud.google.com/vpc/docs/about-accessing-vpc-hosted-services-endpoints'],
  comparable: [],
  *run({ model, policy }) {
    const known = new Set(policy?.environments.flatMap(({ google }) => google?.publishedServices?.map(({ attachment }) => attachment) ?? []));
    for (const endpoint of serviceEndpoints(model)) {
      if (endpoint.isApis || known.has(endpoint.target)) continue;
      const { kind, why } = servedByAttachment(endpoint);
      if (kind === 'another') yield { address: endpoint.resource.address, message: policy ? why : `${why}${NO_POLICY}`, ...(policy ? {} : { severity: 'low' as const }) };
    }
  },
};
