import { type AzureCheck, segmentOfView, viewsOf, witnessOf, workloadViews } from './azure-check';
import type { SubnetView } from '../../model/azure/subnet-view';

export const check: AzureCheck = {
  id: 'ipv6-egress-open',
  title: 'IPv6 without a route that closes it',
  severity: 'medium',
  why: "Routes and rules for 0.0.0.0/0 say nothing about IPv6, and Azure's own default route ::/0 leads to the internet.",
  fix: 'Use no IPv6 prefix, or add a route ::/0 to None and rules for both families.',
  references: ['https://learn.microsoft.com/azure/virtual-network/ip-services/ipv6-overview'],
  comparable: [],
  *run(context) {
    const closed = (view: SubnetView) => view.nextHops(6).every(({ key }) => key === 'None' || key.startsWith('firewall '));
    const open = new Set(context.verdicts.filter(({ family, kind }) => family === 6 && kind === 'open').flatMap(({ place }) => place.addresses));
    for (const view of workloadViews(context)) {
      const [prefix] = view.subnet.cidrs.items.filter((cidr) => cidr.includes(':'));
      if (prefix === undefined || closed(view)) continue;
      const isOpen = open.has(view.address);
      yield { address: view.address, message: `subnet has the IPv6 prefix ${prefix}, and no route ::/0 of its own`, severity: isOpen ? 'high' : 'medium', ...segmentOfView(view), ...(isOpen ? witnessOf(context, view.address) : {}) };
    }
    for (const network of context.model.networks.values()) {
      const [prefix] = network.cidrs.items.filter((cidr) => cidr.includes(':'));
      const views = viewsOf(context, network);
      if (prefix !== undefined && !(views.length > 0 && views.every(closed))) yield { address: network.address, message: `network has the IPv6 prefix ${prefix}, and subnets without a route ::/0 of their own`, severity: 'low' };
    }
  },
};
