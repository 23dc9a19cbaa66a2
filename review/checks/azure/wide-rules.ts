/** What of a rule is more than a list of hosts: of a security group, and of a firewall. */
import { INTERNET } from '../../model/addresses';
import { isEverything, isServiceTag, matchAddresses } from '../../model/azure/address-match';
import { CLUSTER_TAG } from '../../model/azure/clusters';
import type { FirewallRule } from '../../model/azure/firewall-rules';
import type { Texts } from '../../model/azure/read';
import { intersect, isEmpty, size, union, type Ranges } from '../../model/ranges';

/** More addresses than these are a part of the internet and no list: a /16. */
export const LISTED = 2n ** 16n;

/** A name, or `*.` before a name of two labels or more. */
const NAME = /^(\*\.)?([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

/** The public addresses that a rule may be for. */
export function internetOf(destinations: Texts): Ranges {
  const match = matchAddresses(destinations, 4);
  return match.unknown === undefined ? union(intersect(match.possible, INTERNET[4]), intersect(matchAddresses(destinations, 6).possible, INTERNET[6])) : INTERNET[4];
}

/** Whether a network rule lets something out to public addresses. */
export function reachesInternet(rule: FirewallRule): boolean {
  return rule.fqdns.items.length > 0 || !isEmpty(intersect(matchAddresses(rule.destinations, 4).possible, INTERNET[4]));
}

/** What of a network rule is more than a list, in words. */
export function wideNetwork(rule: FirewallRule): string[] {
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

/**
 * What of an application rule is more than a list.
 *
 * @param isForNodes true for a rule of a cluster's nodes, which may have the one tag that Microsoft keeps for them
 */
export function wideApplication(rule: FirewallRule, isForNodes: boolean): string[] {
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
