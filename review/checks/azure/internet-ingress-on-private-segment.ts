import { type AzureCheck, segmentOfView, workloadViews } from './azure-check';
import { matchAddresses, OUTSIDE } from '../../model/azure/address-match';
import type { SecurityRule } from '../../model/azure/security-group';
import type { SubnetView } from '../../model/azure/subnet-view';
import { intersect, isEmpty } from '../../model/ranges';
import { isNothing, towards } from '../../model/traffic';

export const check: AzureCheck = {
  id: 'internet-ingress-on-private-segment',
  title: 'callers on the internet without a way back',
  severity: 'high',
  why: 'The group lets callers on the internet in, and the route sends the answers elsewhere: it is a hole that waits for a route, and asymmetric until then.',
  fix: 'Take the rule away, or make the segment public with a route 0.0.0.0/0 to Internet.',
  references: ['https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview'],
  comparable: ['checkov CKV_AZURE_9', 'checkov CKV_AZURE_10', 'checkov CKV_AZURE_77', 'checkov CKV_AZURE_160', 'trivy AZU-0047', 'trivy AZU-0048', 'trivy AZU-0050'],
  *run(context) {
    for (const view of workloadViews(context)) {
      const rule = openRule(view);
      if (!rule) continue;
      // Azure takes the prefixes of the table's routes for a part of the network: whoever wrote 0.0.0.0/0 there meant no callers.
      const isOwn = !rule.builtIn && !isOfNetwork(rule);
      yield {
        address: rule.address,
        message: `rule '${rule.name}' lets callers on the internet in${isOwn ? '' : ": the tag VirtualNetwork takes in the routes of the subnet's table, and with them 0.0.0.0/0"}`,
        ...(isOwn ? {} : { severity: 'low' as const }),
        ...segmentOfView(view),
      };
    }
  },
};

/** Whether nothing but the tag VirtualNetwork makes callers on the internet a source of the rule. */
function isOfNetwork({ sources, sourceGroups }: SecurityRule): boolean {
  const others = sources.items.filter((source) => source.toLowerCase() !== 'virtualnetwork');
  const { possible, unknown } = matchAddresses({ items: others }, 4);
  return others.length < sources.items.length && sources.unknown === undefined && unknown === undefined && !sourceGroups.isSet && isEmpty(intersect(possible, OUTSIDE[4]));
}

/** The rule that lets callers on the internet into a subnet from which nothing leads back to them. */
export function openRule(view: SubnetView): SecurityRule | undefined {
  if (!view.group || !view.acceptsInternet || ((view.name.tier === undefined || view.name.tier === 'public') && view.nextHops().some(({ key }) => key === 'Internet'))) return undefined;
  return view.evaluation('Inbound')?.allowed.find(({ traffic }) => !isNothing(towards(traffic, OUTSIDE[4])))?.rule;
}
