/** Domain lists of the DNS firewall. */
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'dns-list-too-long',
  title: 'domain list longer than one request takes',
  severity: 'low',
  why: 'The provider writes a list in one request of at most 1,000 names: a longer one fails during apply and stays empty.',
  fix: 'Spread the names over several lists.',
  references: ['https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-domain-lists.html'],
  comparable: [],
  *run({ model }) {
    for (const { address, count } of model.dns.lists) if (count > 1000) yield { address, message: `${address} has ${count} names` };
  },
};
