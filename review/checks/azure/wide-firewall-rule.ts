import { type AzureCheck, witnessOf } from './azure-check';
import { rulesOfNodes } from './node-rules';
import { LISTED, reachesInternet, wideApplication, wideNetwork } from './wide-rules';
import { isEverything, isServiceTag, matchAddresses } from '../../model/azure/address-match';
import { includes, isEmpty, size, type Ranges } from '../../model/ranges';

export const check: AzureCheck = {
  id: 'wide-firewall-rule',
  title: 'firewall rule for more than a list of hosts',
  severity: 'high',
  why: 'A rule for any source, any name or any address is a hole in the list that everything else keeps to.',
  fix: 'Name the subnet as source, exact hosts or *.domain as destination, and single ports.',
  references: ['https://learn.microsoft.com/azure/firewall/rule-processing', 'https://learn.microsoft.com/azure/firewall/policy-rule-sets'],
  comparable: [],
  *run(context) {
    const subnets = context.model.subnets.filter(({ role }) => role === 'workloads').map(({ addresses }) => addresses[4]).filter((ranges) => !isEmpty(ranges));
    const networks = [...context.model.networks.values()].map(({ space }) => space[4]).filter((ranges) => !isEmpty(ranges));
    const widths = new Map<string, boolean>();
    const isWide = (source: string): boolean => {
      let wide = widths.get(source);
      if (wide === undefined) widths.set(source, (wide = isWideSource(source, subnets)));
      return wide;
    };
    const isForNodes = rulesOfNodes(context);
    const reported = new Set<string>();
    for (const firewall of context.model.firewalls.values()) {
      for (const rule of firewall.rules) {
        if (rule.layer === 'nat' || rule.action === 'Deny') continue;
        const wide = rule.layer === 'network' ? wideNetwork(rule) : wideApplication(rule, isForNodes(rule));
        // Between segments a broad source is no way out.
        // Of groups that may be meant the blocks of all are listed: which of them it holds for is not known.
        const told = rule.sources.unknown === undefined ? rule.sources.items : rule.sources.items.filter((source) => isEverything(source) || isServiceTag(source));
        const sources = rule.layer === 'application' || reachesInternet(rule) ? told.filter(isWide).map((source) => `source ${source}`) : [];
        // A rule for one network, or for several of which each is named, leaves its segments one list: no address beside them has it.
        const isOfNetworks = sources.length > 0 && told.filter(isWide).every((source) => !isEverything(source) && !isServiceTag(source) && networks.some((network) => includes(network, matchAddresses({ items: [source] }, 4).possible)));
        const severity = wide.length > 0 ? 'high' : isOfNetworks ? 'low' : 'medium';
        // Beside what is a hole for anybody its networks go without saying.
        if (wide.length === 0 || !isOfNetworks) wide.push(...sources);
        const key = `${rule.address} ${rule.name}`;
        if (wide.length === 0 || reported.has(key)) continue;
        reported.add(key);
        yield { address: rule.address, message: `rule '${rule.name}' holds for ${wide.join(', ')}`, severity, ...(rule.layer === 'network' ? witnessOf(context, rule.address) : witnessOf(context, firewall.address)) };
      }
    }
  },
};

/** One subnet is a list; several are not, and neither are addresses that no subnet has, if they are many. */
function isWideSource(source: string, subnets: readonly Ranges[]): boolean {
  if (isEverything(source) || isServiceTag(source)) return true;
  const addresses = matchAddresses({ items: [source] }, 4).possible;
  return size(addresses) > LISTED || subnets.filter((subnet) => includes(addresses, subnet)).length > 1;
}
