/** Names without a final dot. */
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'dns-list-drifts',
  title: 'domain list that differs from what AWS stores',
  severity: 'info',
  why: 'AWS adds a dot to the end of each name: without it every plan shows a change, and hides the one that matters.',
  fix: 'Write each name with its final dot.',
  references: ['https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route53_resolver_firewall_domain_list'],
  comparable: [],
  *run({ model }) {
    for (const { address, dotless } of model.dns.lists) if (dotless !== undefined) yield { address, message: `${address} has '${dotless}' without the dot that AWS adds` };
  },
};
