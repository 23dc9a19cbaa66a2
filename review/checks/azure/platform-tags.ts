/** Rules for what Azure answers on addresses of its own: they are asked only where they name its tag. */
import { ownRules } from '../../model/azure/security-group';
import { matchAddresses } from '../../model/azure/address-match';
import { includes, isEmpty } from '../../model/ranges';
import type { SubnetView } from '../../model/azure/subnet-view';

/**
 * Whether a group keeps all of a subnet from a service, whatever the port.
 * https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
 */
export function deniesPlatform({ group, subnet }: SubnetView, tag: 'AzurePlatformDNS' | 'AzurePlatformIMDS'): boolean {
  const first = group && ownRules(group, 'Outbound').find(({ destinations }) => destinations.items.some((item) => item.toLowerCase() === tag.toLowerCase()));
  if (first?.access !== 'Deny' || first.doubt !== undefined || first.protocol !== '*' || !first.ports.items.includes('*') || !first.sourcePorts.items.includes('*')) return false;
  const own = subnet.addresses[4];
  const sources = first.sources.items.filter((source) => !/^virtualnetwork$/i.test(source));
  return sources.length < first.sources.items.length || isEmpty(own) ? first.sources.items.length > 0 : includes(matchAddresses({ items: sources }, 4).certain, own);
}
