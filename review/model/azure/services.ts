/** Private endpoints, the zones of their names, and what records and protects the network. */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { isUnset, pointsTo, text, texts, under, type Pointed, type Texts } from './read';

export interface PrivateEndpoint {
  readonly resource: Resource;
  readonly address: string;
  readonly subnet: Pointed;
  readonly subresources: Texts;
  /** Zones that get its name; undefined when it has no zone group. */
  readonly zones?: Pointed & { readonly count: number };
  /** How these are called; undefined where the plan does not tell of all. */
  readonly zoneNames?: readonly string[];
}

export interface DnsZone {
  readonly resource: Resource;
  readonly address: string;
  readonly name?: string;
  /** Networks of the plan that ask it. */
  readonly networks: readonly Resource[];
  /** Ids, lower case, of those of other plans. */
  readonly elsewhere: readonly string[];
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
    const zoneNames = path && zoneNamesAt(resource, path);
    return {
      resource,
      address: resource.address,
      subnet: pointsTo(resource, 'subnet_id', 'azurerm_subnet', 'azurerm_virtual_network'),
      subresources: texts(resource, 'private_service_connection[0].subresource_names'),
      ...(zoneNames ? { zoneNames } : {}),
      ...(zones ? { zones } : hidden ? { zones: { targets: [], exact: false, isSet: true, unknown: 'not known', count: 0 } } : {}),
    };
  });
}

function zoneNamesAt(endpoint: Resource, path: AttributePath): readonly string[] | undefined {
  const names = endpoint.elements(path).map((zone) => {
    const written = /\/privateDnsZones\/([^/]+)$/i.exec(text(endpoint, zone) ?? '')?.[1];
    const { targets: [target], exact } = pointsTo(endpoint, zone, 'azurerm_private_dns_zone');
    return written ?? (target && exact ? text(target, 'name') : undefined);
  });
  return names.length > 0 && names.every((name) => name !== undefined) ? names : undefined;
}

export function dnsZones(graph: ResourceGraph): readonly DnsZone[] {
  const links = new Map<Resource, { networks: Resource[]; elsewhere: string[]; unknown?: string }>();
  const own = graph.ofType('azurerm_virtual_network').map((network) => text(network, 'name')?.toLowerCase());
  for (const link of graph.ofType('azurerm_private_dns_zone_virtual_network_link')) {
    // By id since azurerm 5.
    const zones = pointsTo(link, isUnset(link, 'private_dns_zone_id') ? 'private_dns_zone_name' : 'private_dns_zone_id', 'azurerm_private_dns_zone');
    const networks = pointsTo(link, 'virtual_network_id', 'azurerm_virtual_network');
    for (const zone of zones.targets) {
      const known = links.get(zone) ?? { networks: [], elsewhere: [] };
      known.networks.push(...networks.targets);
      // A network that is called otherwise than all of the plan is none of them.
      const id = text(link, 'virtual_network_id')?.toLowerCase() ?? '';
      const named = networks.targets.length === 0 ? /\/virtualnetworks\/([^/]+)$/.exec(id)?.[1] : undefined;
      const isElsewhere = named !== undefined && own.every((name) => name !== undefined && name !== named);
      if (isElsewhere) known.elsewhere.push(id);
      const isKnown = zones.exact && (networks.exact || isElsewhere);
      const why = isKnown ? undefined : networks.unknown ?? 'which networks are linked is not known before the plan is applied';
      links.set(zone, why === undefined ? known : { ...known, unknown: why });
    }
  }
  return graph.ofType('azurerm_private_dns_zone').map((resource) => {
    const name = text(resource, 'name');
    return { resource, address: resource.address, ...(name === undefined ? {} : { name }), ...(links.get(resource) ?? { networks: [], elsewhere: [] }) };
  });
}
