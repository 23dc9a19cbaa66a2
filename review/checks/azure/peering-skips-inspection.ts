import type { AzureCheck } from './azure-check';
import type { Resource } from '../../plan/resource-graph';

export const check: AzureCheck = {
  id: 'peering-skips-inspection',
  title: 'peering of two networks past the firewall',
  severity: 'medium',
  why: 'Peered networks reach each other directly: between workloads of two spokes no firewall looks at anything.',
  fix: 'Peer each spoke with the hub only, and route from spoke to spoke through the firewall.',
  references: ['https://learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview', 'https://learn.microsoft.com/azure/architecture/networking/architecture/hub-spoke'],
  comparable: [],
  *run({ model }) {
    const hubs = new Set([...model.firewalls.values()].map(({ subnet }) => subnet?.network).filter((network) => network !== undefined));
    if (hubs.size === 0) return;
    const isHub = (network: Resource) => [...hubs].some((hub) => hub.resource === network);
    for (const { address, local, remote, allowsAccess } of model.peerings) {
      const [from] = local.targets;
      if (!from || !local.exact || !remote.exact || isHub(from)) continue;
      // A network manager joins each network of a group with all others.
      const [to, ...more] = remote.targets.filter((network) => network !== from && !isHub(network));
      const whom = to && `${from.address} and ${to.address}${more.length > 0 ? ` (and ${more.length} more)` : ''}`;
      if (whom !== undefined) yield allowsAccess ? { address, message: `${whom} are joined past the firewall` } : { address, message: `${whom} are joined past the firewall for rules that name addresses: allow_virtual_network_access is false, which changes the tag VirtualNetwork alone`, severity: 'low' };
    }
  },
};
