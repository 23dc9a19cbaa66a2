import type { AzureCheck } from './azure-check';
import { missingZones } from '../../model/azure/endpoint-zones';

export const check: AzureCheck = {
  id: 'endpoint-private-dns-off',
  title: 'private endpoint without its name',
  severity: 'medium',
  why: 'Without its zones the public name of the service keeps its public address, and workloads look for a way to it.',
  fix: 'Add private_dns_zone_group with every zone of the service; Azure Monitor has five.',
  references: ['https://learn.microsoft.com/azure/private-link/private-endpoint-dns'],
  comparable: [],
  *run({ model }) {
    for (const { address, zones, zoneNames, subresources } of model.privateEndpoints) {
      if (zones?.unknown !== undefined && zones.targets.length === 0 && zones.count === 0) continue;
      const wanted = subresources.items.includes('azuremonitor') ? 5 : 1;
      const count = zones === undefined ? 0 : Math.max(zones.count, zones.targets.length);
      const missing = zoneNames ? missingZones(subresources.items, zoneNames) : [];
      if (count >= wanted && missing.length > 0) yield { address, message: `it leads to ${subresources.items.join(', ')}, and none of its DNS zones is ${missing.join(', ')}` };
      if (count < wanted) yield { address, message: count === 0 ? 'it has no DNS zone' : `it has ${count} of the ${wanted} DNS zones of Azure Monitor` };
    }
  },
};
