/** What the variables of a rule group stand for. */
import { INTERNET, type Family } from '../addresses';
import { intersect, isEmpty } from '../ranges';
import type { AwsFirewall, AwsFirewallPolicy } from './firewalls';
import { rangesIn } from './prefix-lists';
import type { AwsRuleGroup } from './rule-groups';
import type { Variables } from './suricata-reach';

/** Variables of the policy hold for every group, and a group's own go before them. */
export function variablesOf(firewall: AwsFirewall, policy: AwsFirewallPolicy, group: AwsRuleGroup, family: Family = 4): Variables {
  // Whether AWS takes the IPv6 range of the firewall's VPC, too, is not said anywhere.
  const home = policy.homeNet ?? (family === 6 ? ['$UNKNOWN'] : firewall.network?.cidrs ?? []);
  const { addresses, ports } = group.variables;
  const base = new Map<string, readonly string[]>(home.length > 0 ? [['HOME_NET', home]] : []);
  const own = addresses.get('HOME_NET');
  // Whether a group's own HOME_NET changes what is outside of it is not said anywhere: where that matters, nobody knows what is.
  const isWide = own !== undefined && !addresses.has('EXTERNAL_NET') && ([4, 6] as const).some((family) => !isEmpty(intersect(rangesIn(own, family), INTERNET[family])));
  if (isWide && home.join() !== own.join()) base.set('EXTERNAL_NET', ['$UNKNOWN']);
  return { addresses: new Map([...base, ...addresses]), ports };
}
