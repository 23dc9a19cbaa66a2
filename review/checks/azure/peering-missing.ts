import type { Hit } from '../check';
import { type AzureCheck, type AzureContext, firewallsUsedBy } from './azure-check';
import { certainEnvironments } from './planned-environments';
import { segmentViews } from './reach';
import type { AzureNetwork } from '../../model/azure/network';
import { flag, text } from '../../model/azure/read';

export const check: AzureCheck = {
  id: 'peering-missing',
  title: 'network that is not joined with its firewall',
  severity: 'medium',
  why: 'A route leads to a firewall in a network that is not peered in both directions: packets are lost, and somebody will open another way.',
  fix: 'Add both halves of the peering, with allow_virtual_network_access and, on the side of the workloads, allow_forwarded_traffic.',
  references: ['https://learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview'],
  comparable: [],
  *run(context) {
    yield* toNamedHubs(context);
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

/** The hub that the policy file names is in no plan, and its half of the peering may be somebody else's. */
function* toNamedHubs(context: AzureContext): Iterable<Hit> {
  // Another stack in the same network joins it with nothing.
  if (segmentViews(context).length === 0) return;
  const peerings = context.model.graph.ofType('azurerm_virtual_network_peering');
  for (const id of new Set(certainEnvironments(context).flatMap(({ hub }) => hub?.network ?? []))) {
    const isJoined = peerings.some((peering) => {
      const remote = text(peering, 'remote_virtual_network_id');
      return (remote === undefined || remote.toLowerCase() === id.toLowerCase()) && flag(peering, 'allow_virtual_network_access') !== false;
    });
    const address = peerings[0]?.address ?? context.model.subnets[0]?.address;
    if (!isJoined && address !== undefined) yield { address, message: `nothing joins the network with ${id}, the hub of the policy` };
  }
}
