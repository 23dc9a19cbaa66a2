import type { AzureCheck } from './azure-check';

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
    for (const { address, local, remote, allowsAccess } of model.peerings) {
      const [from] = local.targets;
      const [to] = remote.targets;
      if (!allowsAccess || !from || !to || !local.exact || !remote.exact) continue;
      if ([from, to].some((network) => [...hubs].some((hub) => hub.resource === network))) continue;
      yield { address, message: `${from.address} and ${to.address} are joined past the firewall` };
    }
  },
};
