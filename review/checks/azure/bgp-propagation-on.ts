import { type AzureCheck, segmentOfView, workloadViews } from './azure-check';

export const check: AzureCheck = {
  id: 'bgp-propagation-on',
  title: 'route table that takes up routes of gateways',
  severity: 'low',
  why: 'A route that a gateway learns and that is more specific than 0.0.0.0/0 leads past the firewall.',
  fix: 'Set bgp_route_propagation_enabled to false on every table of workloads, and never on that of GatewaySubnet.',
  references: ['https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#border-gateway-protocol'],
  comparable: [],
  *run(context) {
    const seen = new Set<string>();
    for (const view of workloadViews(context)) {
      const { table, subnet } = view;
      if (!table?.propagates || seen.has(table.address)) continue;
      // A network of a virtual WAN gets its way to the firewall like this.
      if (subnet.network && context.model.hubs.routes.has(subnet.network.resource)) continue;
      seen.add(table.address);
      const learns = context.model.gateways.length > 0 || (subnet.network?.peerings.some(({ remoteGateways }) => remoteGateways) ?? false);
      yield { address: table.address, message: 'routes that a gateway learns are taken up, and win over 0.0.0.0/0 where they are more specific', severity: learns ? 'high' : 'low', ...segmentOfView(view) };
    }
  },
};
