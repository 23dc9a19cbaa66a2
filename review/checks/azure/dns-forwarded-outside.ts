import type { AzureCheck } from './azure-check';
import { internetOf } from './wide-rules';
import { text, texts } from '../../model/azure/read';
import { isEmpty } from '../../model/ranges';

export const check: AzureCheck = {
  id: 'dns-forwarded-outside',
  title: 'DNS questions that are handed to a server on the internet',
  severity: 'medium',
  why: 'Whoever resolves a name sends it there, past every group, route and firewall: data leaves inside of the questions, and no list of Azure is asked.',
  fix: 'Forward names of your own to servers of your own, and leave the rest to Azure or to the firewall.',
  references: ['https://learn.microsoft.com/azure/dns/private-resolver-endpoints-rulesets'],
  comparable: [],
  *run({ model: { graph } }) {
    for (const rule of graph.ofType('azurerm_private_dns_resolver_forwarding_rule')) {
      const state = rule.valueAt('enabled');
      if (state === false) continue;
      const servers = rule.elements('target_dns_servers').flatMap((path) => texts(rule, [...path, 'ip_address']).items).filter((address) => !isEmpty(internetOf({ items: [address] })));
      if (servers.length > 0) yield { address: rule.address, message: `questions for '${text(rule, 'domain_name') ?? 'names that are not known'}' go to ${servers.join(', ')}` };
    }
  },
};
