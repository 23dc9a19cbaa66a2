/** Private endpoints, the zones of their names, and what records and protects the network. */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { isUnset, pointsTo, text, texts, under, type Pointed, type Texts } from './read';

export interface PrivateEndpoint {
  readonly resource: Resource;
  readonly address: string;
  readonly subnet: Pointed;
  readonly subresources: Texts;
  /** Zones that get its name; undefined when it has no zone group. */
  readonly zones?: Pointed & { readonly count: number };
}

export interface DnsZone {
  readonly resource: Resource;
  readonly address: string;
  readonly name?: string;
  /** Networks that ask it. */
  readonly networks: readonly Resource[];
  /** Why there may be more of them. */
  readonly unknown?: string;
}

export function privateEndpoints(graph: ResourceGraph): readonly PrivateEndpoint[] {
  return graph.ofType('azurerm_private_endpoint').map((resource) => {
    const [group] = resource.elements('private_dns_zone_group');
    const path = group && under(group, 'private_dns_zone_ids');
    const value = path && resource.valueAt(path);
    const hidden = resource.unknownAt('private_dns_zone_group') !== undefined && resource.configExpression('private_dns_zone_group') !== undefined;
    const zones = path ? { ...pointsTo(resource, path, 'azurerm_private_dns_zone'), count: Array.isArray(value) ? value.length : 0 } : undefined;
    return {
      resource,
      address: resource.address,
      subnet: pointsTo(resource, 'subnet_id', 'azurerm_subnet', 'azurerm_virtual_network'),
      subresources: texts(resource, 'private_service_connection[0].subresource_names'),
      ...(zones ? { zones } : hidden ? { zones: { targets: [], exact: false, isSet: true, unknown: 'not known', count: 0 } } : {}),
    };
  });
}

export function dnsZones(graph: ResourceGraph): readonly DnsZone[] {
  const links = new Map<Resource, { networks: Resource[]; unknown?: string }>();
  for (const link of graph.ofType('azurerm_private_dns_zone_virtual_network_link')) {
    // By id since azurerm 5.
    const zones = pointsTo(link, isUnset(link, 'private_dns_zone_id') ? 'private_dns_zone_name' : 'private_dns_zone_id', 'azurerm_private_dns_zone');
    const networks = pointsTo(link, 'virtual_network_id', 'azurerm_virtual_network');
    for (const zone of zones.targets) {
      const known = links.get(zone) ?? { networks: [] };
      known.networks.push(...networks.targets);
      const why = networks.unknown ?? (zones.exact && networks.exact ? undefined : 'which networks are linked is not known before the plan is applied');
      links.set(zone, why === undefined ? known : { ...known, unknown: why });
    }
  }
  return graph.ofType('azurerm_private_dns_zone').map((resource) => {
    const name = text(resource, 'name');
    return { resource, address: resource.address, ...(name === undefined ? {} : { name }), ...(links.get(resource) ?? { networks: [] }) };
  });
}
