import type { AzureCheck } from './azure-check';
import { internetOf } from './wide-rules';
import type { PathLike } from '../../plan/attribute-path';
import { PLATFORM } from '../../model/azure/address-match';
import { flag, pointsTo, text, texts } from '../../model/azure/read';
import { isEmpty } from '../../model/ranges';

export const check: AzureCheck = {
  id: 'dns-forwarded-outside',
  title: 'DNS questions that are handed to a server on the internet',
  severity: 'medium',
  why: 'Whoever resolves a name sends it there, past every group, route and firewall: data leaves inside of the questions, and no list of Azure is asked.',
  fix: 'Forward names of your own to servers of your own, and leave the rest to Azure or to the firewall.',
  references: ['https://learn.microsoft.com/azure/dns/private-resolver-endpoints-rulesets', 'https://learn.microsoft.com/azure/firewall/dns-settings'],
  comparable: [],
  *run({ model: { graph } }) {
    for (const rule of graph.ofType('azurerm_private_dns_resolver_forwarding_rule')) {
      const state = rule.valueAt('enabled');
      if (state === false) continue;
      const servers = rule.elements('target_dns_servers').flatMap((path) => texts(rule, [...path, 'ip_address']).items).filter(isOutside);
      if (servers.length > 0) yield { address: rule.address, message: `questions for '${text(rule, 'domain_name') ?? 'names that are not known'}' go to ${servers.join(', ')}` };
    }
    for (const link of graph.ofType('azurerm_private_dns_resolver_virtual_network_link')) {
      if (pointsTo(link, 'dns_forwarding_ruleset_id', 'azurerm_private_dns_resolver_dns_forwarding_ruleset').targets.length > 0) continue;
      yield { address: link.address, message: `${text(link, 'dns_forwarding_ruleset_id') ?? 'a ruleset'}, which is not in the plan, says who is asked for names: whoever that is reads them`, severity: 'low', confidence: 'possible' };
    }
    for (const [type, proxy, path] of PROXIES) {
      for (const resource of graph.ofType(type)) {
        const servers = flag(resource, proxy) === true ? texts(resource, path).items.filter(isOutside) : [];
        if (servers.length > 0) yield { address: resource.address, message: `questions that the DNS proxy is asked go to ${servers.join(', ')}` };
      }
    }
  },
};

/** Azure's own resolver is on no network. */
function isOutside(address: string): boolean {
  return address !== PLATFORM && !isEmpty(internetOf({ items: [address] }));
}

/** Firewalls that resolve for others, and whom they ask. https://learn.microsoft.com/azure/firewall/dns-settings */
const PROXIES: readonly (readonly [type: string, proxy: PathLike, servers: PathLike])[] = [
  ['azurerm_firewall_policy', ['dns', 0, 'proxy_enabled'], ['dns', 0, 'servers']],
  ['azurerm_firewall', 'dns_proxy_enabled', 'dns_servers'],
];
