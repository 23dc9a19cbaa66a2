import type { AzureCheck } from './azure-check';
import { certainEnvironments } from './planned-environments';
import { isUnset } from '../../model/azure/read';

export const check: AzureCheck = {
  id: 'firewall-route-missing',
  title: 'firewall without a public address whose packets go nowhere, or not where the policy says',
  severity: 'medium',
  why: "With forced tunnelling the firewall sends everything on; without its route, Azure's default route leads to the internet, where no address of its own is.",
  fix: 'Attach a route table to AzureFirewallSubnet with 0.0.0.0/0 to the next hop, or give the firewall a public address.',
  references: ['https://learn.microsoft.com/azure/firewall/forced-tunneling'],
  comparable: [],
  *run(context) {
    const { model } = context;
    const meant = certainEnvironments(context).flatMap(({ firewall }) => firewall?.forcedTunnel ?? []);
    for (const view of model.views.filter(({ subnet }) => subnet.role === 'firewall')) {
      const firewall = model.firewallsBySubnet.get(view.subnet);
      if (!firewall || firewall.resource.elements('ip_configuration').some((path) => !isUnset(firewall.resource, [...path, 'public_ip_address_id']))) continue;
      if (view.table ? view.nextHops().some(({ key }) => key === 'Internet') : view.hasNoTable) yield { address: view.address, message: `${firewall.address} has no public address, and its subnet has no route that leads on` };
      const others = view.internetRoutes().flatMap(({ nextHopAddress }) => nextHopAddress ?? []).filter((hop) => !meant.includes(hop));
      if (meant.length > 0 && others.length > 0) yield { address: view.table?.address ?? view.address, message: `everything that ${firewall.address} lets through goes on to ${others.join(', ')}; the policy says ${meant.join(' or ')}` };
    }
  },
};
