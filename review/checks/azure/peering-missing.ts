import { type AzureCheck, firewallsUsedBy } from './azure-check';
import type { AzureNetwork } from '../../model/azure/network';

export const check: AzureCheck = {
  id: 'peering-missing',
  title: 'network that is not joined with its firewall',
  severity: 'medium',
  why: 'A route leads to a firewall in a network that is not peered in both directions: packets are lost, and somebody will open another way.',
  fix: 'Add both halves of the peering, with allow_virtual_network_access and, on the side of the workloads, allow_forwarded_traffic.',
  references: ['https://learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview'],
  comparable: [],
  *run(context) {
    for (const network of context.model.networks.values()) {
      for (const firewall of firewallsUsedBy(context, network)) {
        const hub = firewall.subnet?.network;
        if (!hub || hub === network) continue;
        const joins = (from: AzureNetwork, to: AzureNetwork) => from.peerings.some(({ remote, allowsAccess }) => allowsAccess && (remote.targets.includes(to.resource) || remote.unknown !== undefined));
        if (joins(network, hub) && joins(hub, network)) continue;
        yield { address: network.address, message: `it sends packets to ${firewall.address}, and is not peered with ${hub.address} in both directions` };
      }
    }
  },
};
