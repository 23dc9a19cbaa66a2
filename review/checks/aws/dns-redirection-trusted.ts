/** Names whose CNAMEs are trusted, where the policy file wants each name of a chain to be allowed. */
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'dns-redirection-trusted',
  title: 'DNS filter that trusts redirections the policy does not',
  severity: 'medium',
  why: 'Whoever answers for an allowed name can lead it to any other by CNAME, and the resolver then asks the name servers of that other: a way for data in names.',
  fix: 'Set firewall_domain_redirection_action to INSPECT_REDIRECTION_DOMAIN, or write dnsRedirection: trust in the policy file.',
  references: ['https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-rule-settings.html'],
  comparable: [],
  *run({ model, policy }) {
    const strict = new Set((policy?.environments ?? []).flatMap(({ aws }) => (aws?.dnsRedirection === 'inspect' ? [aws.cidr] : [])));
    if (strict.size === 0) return;
    for (const { network, rules } of model.dns.all) {
      if (!network.cidrs.some((cidr) => strict.has(cidr))) continue;
      for (const { address, action, trustsRedirection } of rules) {
        if (trustsRedirection && action !== 'BLOCK') yield { address, message: `${address} lets its names lead to any other by CNAME, and the policy wants each name of a chain to be allowed` };
      }
    }
  },
};
