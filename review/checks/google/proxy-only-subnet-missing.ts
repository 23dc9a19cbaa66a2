import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { textAt } from '../../model/google/reading';

export const check: Check<GoogleModel> = {
  id: 'proxy-only-subnet-missing',
  title: 'a Secure Web Proxy in a network without a subnet for proxies',
  severity: 'low',
  why: 'Google runs the proxies in a subnet of its own. Without one the gateway is refused, after everything else is made.',
  fix: 'Add a subnet with purpose REGIONAL_MANAGED_PROXY and role ACTIVE, a /26 or larger, in the region.',
  references: ['https://cloud.google.com/secure-web-proxy/docs/initial-setup-steps'],
  comparable: [],
  *run({ model }) {
    for (const proxy of model.proxies) {
      const networks = proxy.networks.filter((network) => !network.isForeign);
      const isThere = model.subnets.some((subnet) => subnet.resource && textAt(subnet.resource, 'purpose') === 'REGIONAL_MANAGED_PROXY' && networks.some((network) => subnet.networks.includes(network)));
      if (networks.length > 0 && !isThere) yield { address: proxy.address, message: `no subnet of ${networks.map(({ name }) => name).join(', ')} is for proxies` };
    }
  },
};
