import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { hiddenAt } from '../../model/google/reading';
import { ownNetworks } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'dns-logs-missing',
  title: 'a network whose DNS queries leave no record',
  severity: 'low',
  why: 'Firewall rules do not see queries to the resolver, so names are a way out for data. The log is what is left of it.',
  fix: 'Add google_dns_policy with enable_logging for the network.',
  references: ['https://cloud.google.com/dns/docs/monitoring'],
  comparable: [],
  *run({ model }) {
    for (const network of ownNetworks(model)) {
      const isLogged = model.dns.policies.some((policy) => policy.networks.includes(network) && (policy.isLogged || hiddenAt(policy.resource, 'enable_logging') !== undefined));
      if (!isLogged) yield { address: network.address, message: `no DNS policy with enable_logging holds for ${network.name}` };
    }
  },
};
