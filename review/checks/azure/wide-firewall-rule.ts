import { type AzureCheck, witnessOf } from './azure-check';
import { INTERNET } from '../../model/addresses';
import { isEverything, isServiceTag, matchAddresses } from '../../model/azure/address-match';
import { CLUSTER_TAG, podAddresses } from '../../model/azure/clusters';
import type { FirewallRule } from '../../model/azure/firewall-rules';
import { includes, intersect, isEmpty, size, type Ranges } from '../../model/ranges';

/** A name, or `*.` before a name of two labels or more. */
const NAME = /^(\*\.)?([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
/** More addresses than these are no list: a /16. */
const LISTED = 2n ** 16n;

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
    const widths = new Map<string, boolean>();
    const isWide = (source: string): boolean => {
      let wide = widths.get(source);
      if (wide === undefined) widths.set(source, (wide = isWideSource(source, subnets)));
      return wide;
    };
    const pods = podAddresses(context.model.graph);
    const nodes = context.model.subnets.filter(({ resource }) => pods.has(resource)).map(({ addresses }) => addresses[4]);
    const isForNodes = (rule: FirewallRule): boolean => rule.sources.unknown === undefined && rule.sources.items.length > 0
      && rule.sources.items.every((source) => !isEverything(source) && nodes.some((subnet) => includes(subnet, matchAddresses({ items: [source] }, 4).possible)));
    const reported = new Set<string>();
    for (const firewall of context.model.firewalls.values()) {
      for (const rule of firewall.rules) {
        if (rule.layer === 'nat' || rule.action === 'Deny') continue;
        const wide = rule.layer === 'network' ? wideNetwork(rule) : wideApplication(rule, isForNodes(rule));
        // Between segments a broad source is no way out.
        const sources = rule.layer === 'application' || reachesInternet(rule) ? rule.sources.items.filter(isWide).map((source) => `source ${source}`) : [];
        const severity = wide.length === 0 ? 'medium' : 'high';
        wide.push(...sources);
        const key = `${rule.address} ${rule.name}`;
        if (wide.length === 0 || reported.has(key)) continue;
        reported.add(key);
        yield { address: rule.address, message: `rule '${rule.name}' holds for ${wide.join(', ')}`, severity, ...(rule.layer === 'network' ? witnessOf(context, rule.address) : witnessOf(context, firewall.address)) };
      }
    }
  },
};

function reachesInternet(rule: FirewallRule): boolean {
  return rule.fqdns.items.length > 0 || !isEmpty(intersect(matchAddresses(rule.destinations, 4).possible, INTERNET[4]));
}

function wideNetwork(rule: FirewallRule): string[] {
  if (!reachesInternet(rule)) return [];
  const wide: string[] = [];
  for (const destination of rule.destinations.items) {
    if (isEverything(destination) || isServiceTag(destination)) wide.push(`destination ${destination}`);
    else if (size(intersect(matchAddresses({ items: [destination] }, 4).possible, INTERNET[4])) > LISTED) wide.push(`destination ${destination}`);
  }
  wide.push(...rule.ports.items.filter((port) => !/^\d+$/.test(port)).map((port) => `ports ${port}`));
  wide.push(...rule.protocols.items.filter((protocol) => /^any$/i.test(protocol)).map((protocol) => `protocol ${protocol}`));
  return wide;
}

/** A cluster's nodes may have the one tag that Microsoft keeps for them. */
function wideApplication(rule: FirewallRule, isForNodes: boolean): string[] {
  const names = rule.fqdns.items.filter((name) => {
    const canonical = name.toLowerCase().replace(/\.$/, '');
    return !NAME.test(canonical) || (canonical.startsWith('*.') && canonical.split('.').length < 3);
  });
  return [
    ...names.map((name) => `name ${name}`),
    ...rule.fqdnTags.items.filter((tag) => !(isForNodes && tag === CLUSTER_TAG)).map((tag) => `the names of tag ${tag}`),
    ...rule.categories.items.map((category) => `the sites of category ${category}`),
    ...rule.urls.items.map((url) => `URL ${url}`),
  ];
}

/** One subnet is a list; several are not, and neither are addresses that no subnet has, if they are many. */
function isWideSource(source: string, subnets: readonly Ranges[]): boolean {
  if (isEverything(source) || isServiceTag(source)) return true;
  const addresses = matchAddresses({ items: [source] }, 4).possible;
  return size(addresses) > LISTED || subnets.filter((subnet) => includes(addresses, subnet)).length > 1;
}
