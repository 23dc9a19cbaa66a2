/** For a network without machines: its subnets, each with the tags and accounts that a machine there would carry. */
import type { FirewallRule } from './firewall-rule';
import type { Interface } from './interfaces';
import { allKeys, hasKeys, keysOf, type Keys } from './keys';
import { rangesOfAll, regionOfAll, type GoogleNetwork, type GoogleSubnet } from './networks';
import type { GoogleRoute, PolicyRoute } from './routes';
import { accountsOfSubnets, displayName, ownNetwork, pairByNames, pairByWords, type Candidate, type AccountRule, type Pairing, type SegmentTag } from './segments';
import { textAt } from './reading';

export interface StandIn {
  readonly subnet: GoogleSubnet;
  readonly from: Interface;
  /** The same in the networks that it may be in besides. */
  readonly perhaps?: Interface;
  /** The tags that belong to it by name: Terraform addresses of tag values. */
  readonly tags: readonly SegmentTag[];
  /** Where accounts tell segments apart and there is no tag: the segment that its name says. */
  readonly segment?: string;
}

/** What of the network asks for tags and accounts. */
export interface Askers {
  readonly rules: readonly FirewallRule[];
  readonly routes: readonly GoogleRoute[];
  readonly policyRoutes: readonly PolicyRoute[];
  /** The tag values of the plan. */
  readonly tags: readonly SegmentTag[];
}

export function standIns(network: GoogleNetwork, subnets: readonly GoogleSubnet[], askers: Askers): readonly StandIn[] {
  const holding = subnets.filter(({ holdsMachines }) => holdsMachines);
  const tagByAddress = new Map(askers.tags.map((tag) => [tag.address, tag]));
  const candidates = holding.map((subnet): Candidate => ({ key: subnet.address, text: subnet.resource ? displayName(subnet.resource) : subnet.name }));
  const named = holding.map((subnet): Candidate => ({ key: subnet.address, text: subnet.name }));
  const byAccount = askers.tags.length > 0 ? undefined : accountsOfSubnets(network.name, named, accountRules(askers.rules));
  const own = byAccount ? network.name : ownNetwork(askers.tags);
  const pair = (keys: Iterable<string>, textOf: (key: string) => string, subnetOf: (group: string) => string): Pairing => {
    const groups = [...new Set(keys)].sort().map((key) => ({ key, text: textOf(key) }));
    return (own === undefined ? undefined : pairByNames(named, groups, subnetOf)) ?? pairByWords(candidates, groups, [network.name]);
  };
  const secure = pair([...askers.rules.flatMap((rule) => allKeys(rule.secureTags)), ...tagByAddress.keys()], (key) => tagByAddress.get(key)?.name ?? key, (segment) => `${own}-${segment}`);
  const networkTags = pair([
    ...askers.rules.flatMap((rule) => allKeys(rule.networkTags)),
    ...askers.routes.flatMap((route) => allKeys(route.tags)),
    ...askers.policyRoutes.flatMap((route) => allKeys(route.tags)),
  ], (key) => key, (tag) => tag.replace(/-egress$/, ''));
  const accounts = byAccount ?? pair(askers.rules.flatMap((rule) => allKeys(rule.accounts)), (key) => key.replace(/^google_service_account\./, ''), (account) => account);
  return holding.map((subnet) => {
    const known = byAccount !== undefined || [secure, networkTags, accounts].some(({ paired }) => (paired.get(subnet.address)?.size ?? 0) > 0);
    // A subnet that has its own tags does not get those of the others; without any, it could have all. Of a segment that
    // accounts tell, no rule need name its own.
    const keys = ({ paired, free, all }: Pairing): Keys => keysOf(paired.get(subnet.address) ?? [], known ? free : all);
    const own = keys(secure);
    const from: Interface = {
      address: subnet.address,
      networks: subnet.likely ?? subnet.networks,
      subnets: [subnet],
      carrier: {
        networkTags: keys(networkTags),
        secureTags: own,
        accounts: keys(accounts),
        ...regionOfAll([subnet]),
        ...rangesOfAll([subnet]),
      },
      hasIpv4: subnet.hasIpv4 ? 'yes' : 'no',
      // A machine that is to have a public address says so in a plan of its own.
      publicIpv4: 'no',
      hasIpv6: subnet.ipv6 === 'none' ? 'no' : 'yes',
      publicIpv6: subnet.ipv6 === 'external' ? 'yes' : 'no',
      ips: [],
    };
    const doubt = `which network ${subnet.address} is in is not known before the plan is applied`;
    return {
      subnet,
      ...(byAccount ? { segment: subnet.name.slice(network.name.length + 1) } : {}),
      tags: [...own.sure].flatMap((key) => tagByAddress.get(key) ?? []),
      from,
      ...(subnet.likely === undefined ? {} : { perhaps: { ...from, networks: subnet.networks, doubt } }),
    };
  });
}

function accountRules(rules: readonly FirewallRule[]): readonly AccountRule[] {
  return rules.filter(({ accounts }) => hasKeys(accounts)).map(({ accounts, resource, kind }) => ({
    accounts: allKeys(accounts),
    description: kind === 'policy' ? textAt(resource, 'description') ?? '' : '',
  }));
}
