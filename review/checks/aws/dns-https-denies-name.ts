/** Rules for type 65. */
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'dns-https-denies-name',
  title: 'HTTPS record refused as if the name did not exist',
  severity: 'low',
  why: 'A client that hears NXDOMAIN for the HTTPS record of a host takes the host for missing, also where its address would be answered.',
  fix: 'Use block_response NODATA for type 65.',
  references: ['https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-rules.html'],
  comparable: [],
  *run({ model }) {
    for (const rule of new Set(model.dns.all.flatMap((control) => control.rules))) {
      if (rule.action === 'BLOCK' && (rule.type === 'TYPE65' || rule.type === 'HTTPS') && rule.response !== undefined && rule.response !== 'NODATA') yield { address: rule.address, message: `${rule.address} answers HTTPS queries with ${rule.response}` };
    }
  },
};
