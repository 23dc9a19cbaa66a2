import { type AzureCheck, witnessOf } from './azure-check';
import { INTERNET } from '../../model/addresses';
import { isServiceTag, matchAddresses } from '../../model/azure/address-match';
import { portsOf } from '../../model/azure/security-evaluation';
import { intersect, isEmpty, size } from '../../model/ranges';

const LISTED = 2n ** 16n;

export const check: AzureCheck = {
  id: 'network-rule-defeats-application-rules',
  title: 'network rule that makes the list of hosts meaningless',
  severity: 'critical',
  why: 'Network rules come before application rules. One that lets ports 80 or 443 out to the internet lets every host through, whatever the list says.',
  fix: 'Take the rule away; name hosts in application rules, and addresses in network rules only for what has no name.',
  references: ['https://learn.microsoft.com/azure/firewall/rule-processing'],
  comparable: [],
  *run(context) {
    for (const firewall of context.model.firewalls.values()) {
      if (!firewall.rules.some(({ layer, action }) => layer === 'application' && action === 'Allow')) continue;
      for (const rule of firewall.rules) {
        if (rule.layer !== 'network' || rule.action !== 'Allow' || rule.fqdns.items.length > 0) continue;
        // A tag of one service leads to what is there, whoever's it is, and to nobody else: see wide-firewall-rule.
        const destinations = { ...rule.destinations, items: rule.destinations.items.filter((item) => !isOneService(item)) };
        const reached = intersect(matchAddresses(destinations, 4).possible, INTERNET[4]);
        const isWeb = !isEmpty(intersect(portsOf(rule.ports).known, [[80n, 80n], [443n, 443n]])) && rule.protocols.items.some((protocol) => /^(tcp|any)$/i.test(protocol));
        if (!isWeb || size(reached) <= LISTED) continue;
        yield { address: rule.address, message: `network rule '${rule.name}' lets ${rule.ports.items.join(', ')} out to ${rule.destinations.items.join(', ')} before any application rule is asked`, ...witnessOf(context, rule.address) };
      }
    }
  },
};

/** `AzureMonitor`, `Storage.WestEurope`; not what takes in machines of everybody. https://learn.microsoft.com/azure/virtual-network/service-tags-overview#available-service-tags */
function isOneService(item: string): boolean {
  return isServiceTag(item) && !/^(internet|virtualnetwork|azurecloud|azurefrontdoor|azuretrafficmanager|azureappservice|appservice|apimanagement|powerplatform\w*|azurecontainer\w*)(\.|$)/i.test(item);
}
