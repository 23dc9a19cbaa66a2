import { type AzureCheck, segmentOfView, witnessOf, workloadViews } from './azure-check';
import { deniesAll, deniesInternet } from './final-deny';
import type { SubnetView } from '../../model/azure/subnet-view';
import { ownRules } from '../../model/azure/security-group';

const BUILT_IN = { Outbound: 'AllowVnetOutBound and AllowInternetOutBound', Inbound: 'AllowVnetInBound and AllowAzureLoadBalancerInBound' };

export const check: AzureCheck = {
  id: 'nsg-final-deny-missing',
  title: 'security group without a last deny of its own',
  severity: 'medium',
  why: "Behind a group's own rules stand Azure's: they let everything in the network talk to everything (65000), and everything out to the internet (65001).",
  fix: 'End the group with a deny of every protocol from * to * on * at priority 4096, in both directions.',
  references: ['https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules'],
  comparable: ['trivy AZU-0051'],
  *run(context) {
    const groups = new Map(workloadViews(context).flatMap((view) => (view.group ? [[view.group, view] as const] : [])));
    for (const [group, view] of groups) {
      for (const direction of ['Outbound', 'Inbound'] as const) {
        const rules = ownRules(group, direction);
        if (rules.some(deniesAll)) continue;
        const isInside = direction === 'Outbound' && rules.some(deniesInternet);
        yield {
          address: group.address,
          message: `${direction.toLowerCase()} traffic that no rule names is left to Azure's built-in ${isInside ? 'rule AllowVnetOutBound' : `rules ${BUILT_IN[direction]}`}`,
          severity: direction === 'Outbound' && view.letsOut && !isInside && !isRouted(view) ? 'high' : 'medium',
          ...segmentOfView(view),
          ...(direction === 'Outbound' ? witnessOf(context, group.address) : {}),
        };
      }
    }
  },
};

/** Whether all that the group lets out is led to firewalls of the plan, or nowhere: then the rules of these decide. */
function isRouted(view: SubnetView): boolean {
  const hops = ([4, 6] as const).map((family) => view.nextHops(family));
  return hops.every((each, at) => (at > 0 && !view.subnet.network?.space[6].length) || (each.length > 0 && each.every(({ key, isSure }) => isSure && (key === 'None' || key.startsWith('firewall ')))));
}
