import type { Hit } from '../check';
import type { AzureCheck } from './azure-check';
import { certainEnvironments } from './planned-environments';
import { missingZones } from '../../model/azure/endpoint-zones';
import { flag, isUnset, pointsTo, text } from '../../model/azure/read';
import type { ResourceGraph } from '../../plan/resource-graph';

export const check: AzureCheck = {
  id: 'endpoint-private-dns-off',
  title: 'private endpoint whose name is answered elsewhere, or by anybody',
  severity: 'medium',
  why: 'Without its zones the public name of the service keeps its public address, and workloads look for a way to it.',
  fix: 'Add private_dns_zone_group with every zone of the service; Azure Monitor has five.',
  references: ['https://learn.microsoft.com/azure/private-link/private-endpoint-dns'],
  comparable: [],
  *run(context) {
    const { model } = context;
    if (certainEnvironments(context).length > 0) yield* looseLinks(model.graph);
    for (const { address, zones, zoneNames, subresources } of model.privateEndpoints) {
      if (zones?.unknown !== undefined && zones.targets.length === 0 && zones.count === 0) continue;
      const wanted = subresources.items.includes('azuremonitor') ? 5 : 1;
      const count = zones === undefined ? 0 : Math.max(zones.count, zones.targets.length);
      const missing = zoneNames ? missingZones(subresources.items, zoneNames) : [];
      if (count >= wanted && missing.length > 0) yield { address, message: `it leads to ${subresources.items.join(', ')}, and none of its DNS zones begins with ${missing.join(', ')}` };
      if (count < wanted) yield { address, message: count === 0 ? 'it has no DNS zone' : `it has ${count} of the ${wanted} DNS zones of Azure Monitor` };
    }
  },
};

/**
 * Zones of private endpoints that answer more than these: what they do not hold is asked of the internet, or any machine's own name.
 * https://learn.microsoft.com/azure/dns/private-dns-fallback, https://learn.microsoft.com/azure/dns/private-dns-autoregistration
 */
function* looseLinks(graph: ResourceGraph): Iterable<Hit> {
  for (const link of graph.ofType('azurerm_private_dns_zone_virtual_network_link')) {
    const name = pointsTo(link, isUnset(link, 'private_dns_zone_name') ? 'private_dns_zone_id' : 'private_dns_zone_name', 'azurerm_private_dns_zone').targets.map((zone) => text(zone, 'name')).find((each) => each?.startsWith('privatelink.') === true);
    if (name === undefined) continue;
    if (text(link, 'resolution_policy')?.toLowerCase() === 'nxdomainredirect') yield { address: link.address, message: `what ${name} does not hold is asked of the internet, so that resources of others have their public address here`, severity: 'low' };
    if (flag(link, 'registration_enabled') === true) yield { address: link.address, message: `machines write their own names into ${name}: one that is called like a resource answers for it`, severity: 'low' };
  }
}
