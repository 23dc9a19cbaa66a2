/** The names that a DNS security policy lets be resolved, as plain data. */
import type { AllowRule } from '../policy/model';
import { compare, uniqueSorted } from '../policy/rules';
import { digest } from './names';

/** Domains in one list: as many as lists took when the API was a preview; later pages say more. */
const LONGEST_LIST = 100;
/** Lists of one policy: a rule for each would still be within its 100 rules. */
const MOST_LISTS = 64;

/**
 * The domains behind the allowed hosts, the private zones and what else is needed.
 *
 * Azure's rules hold for a domain and everything below it, so an exact host lets the names below
 * it be resolved, and a wildcard the domain itself; the firewall still lets neither through.
 * https://learn.microsoft.com/azure/dns/dns-security-policy#dns-traffic-rules
 */
export function resolvableDomains(rules: readonly AllowRule[], privateZones: readonly string[], more: readonly string[]): readonly string[] {
  const domains = uniqueSorted([
    ...rules.map(({ host }) => host.domain),
    ...privateZones.flatMap(publicNames),
    ...more.map((name) => name.replace(/^\*\./, '')),
  ]);
  const known = new Set(domains);
  return domains.filter((domain) => !above(domain).some((parent) => known.has(parent)));
}

/** A private zone answers for `x.privatelink.…`, which is what the public name `x.…` is an alias of. */
function publicNames(zone: string): readonly string[] {
  const name = zone.replace(/^privatelink\./, '');
  return name === 'vaultcore.azure.net' ? [name, 'vault.azure.net'] : [name];
}

/** The parts of a storage account, each with a name of its own. https://learn.microsoft.com/azure/storage/common/storage-account-overview#storage-account-endpoints */
const STORAGE_PARTS = ['blob', 'dfs', 'file', 'queue', 'table'];

/** Names of storage accounts that are reached on their public addresses; Microsoft's own names below the last one are what these are aliases of. */
export function storageNames(accountIds: readonly string[]): readonly string[] {
  const accounts = accountIds.map((id) => (id.split('/').at(-1) as string).toLowerCase());
  return accounts.length === 0 ? [] : [...accounts.flatMap((account) => STORAGE_PARTS.map((part) => `${account}.${part}.core.windows.net`)), 'store.core.windows.net'];
}

function above(domain: string): readonly string[] {
  const labels = domain.split('.');
  return labels.slice(1).map((_, index) => labels.slice(index + 1).join('.'));
}

/** A list of domains, with the dot at the end that Azure keeps them with. */
export interface DomainList {
  readonly name: string;
  readonly domains: readonly string[];
}

/**
 * Spreads the domains over lists that are short enough. A hash of each says which list it is in,
 * so that a domain that comes or goes moves no other, until their number doubles.
 *
 * @returns undefined when they are too many.
 */
export function domainLists(domains: readonly string[]): readonly DomainList[] | undefined {
  for (let count = 1; count <= MOST_LISTS; count *= 2) {
    const lists = Array.from({ length: count }, (): string[] => []);
    for (const domain of domains) lists[count === 1 ? 0 : parseInt(digest(domain, 8), 16) % count]!.push(`${domain}.`);
    if (lists.every((list) => list.length <= LONGEST_LIST)) {
      return lists.flatMap((list, index) => (list.length === 0 ? [] : [{ name: index === 0 ? 'allowed' : `allowed-${index}`, domains: list.sort(compare) }]));
    }
  }
  return undefined;
}
