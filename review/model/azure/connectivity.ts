/**
 * Networks that a Virtual Network Manager joins: as peerings with a hub, whose gateway they may use, or all with one another.
 * https://learn.microsoft.com/azure/virtual-network-manager/concept-connectivity-configuration
 */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { Peering } from './network';
import { isDeployed, scopeAt, scopesOf, type Scope } from './network-manager';
import { flag, NOWHERE, pointsTo, text, under, unknownBlocks, type Pointed } from './read';

export const CONNECTIVITY = 'azurerm_network_manager_connectivity_configuration';

interface Group {
  readonly scope: Scope;
  readonly isMesh: boolean;
  readonly usesGateway: boolean;
}

export function connectivityPeerings(graph: ResourceGraph): readonly Peering[] {
  const all = graph.ofType(CONNECTIVITY);
  if (all.length === 0) return [];
  const scopes = scopesOf(graph);
  const networks = graph.ofType('azurerm_virtual_network');
  return all.flatMap((configuration) => {
    const hub = configuration.elements('hub').map((path) => pointsTo(configuration, under(path, 'resource_id'), 'azurerm_virtual_network'))[0] ?? NOWHERE;
    const isSure = isDeployed(graph, configuration);
    return groupsOf(configuration, scopes).flatMap(({ scope, isMesh, usesGateway }) => {
      const sure = networks.filter((network) => scope.members.has(network));
      const members = scope.others === undefined ? sure : networks;
      const others = { targets: members, exact: isSure && scope.others === undefined, isSet: true };
      return members.filter((member) => !hub.targets.includes(member)).flatMap((member) => {
        const own: Pointed = { targets: [member], exact: isSure && scope.members.has(member), isSet: true };
        const center: Pointed = { ...hub, exact: hub.exact && own.exact };
        return [
          ...(hub.isSet ? [half(configuration, own, center, { remoteGateways: usesGateway }), half(configuration, center, own, { gatewayTransit: usesGateway })] : []),
          ...(isMesh && members.length > 1 ? [half(configuration, own, others)] : []),
        ];
      });
    });
  });
}

function half(resource: Resource, local: Pointed, remote: Pointed, gateway: { readonly gatewayTransit?: boolean; readonly remoteGateways?: boolean } = {}): Peering {
  return { resource, address: resource.address, local, remote, allowsAccess: true, allowsForwarded: true, gatewayTransit: false, remoteGateways: false, ...gateway };
}

function groupsOf(configuration: Resource, scopes: ReadonlyMap<Resource, Scope>): readonly Group[] {
  const hidden = unknownBlocks(configuration, 'applies_to_group');
  const isMesh = text(configuration, 'connectivity_topology')?.toLowerCase() === 'mesh';
  const written = configuration.elements('applies_to_group').map((path): Group => ({
    scope: scopeAt(configuration, under(path, 'network_group_id'), scopes),
    isMesh: isMesh || text(configuration, under(path, 'group_connectivity'))?.toLowerCase() === 'directlyconnected',
    usesGateway: maybe(configuration, under(path, 'use_hub_gateway')),
  }));
  return hidden === undefined ? written : [...written, { scope: { members: new Set(), others: hidden }, isMesh, usesGateway: true }];
}

/** What is not known may be so. */
function maybe(resource: Resource, path: AttributePath): boolean {
  return flag(resource, path) ?? resource.unknownAt(path) !== undefined;
}
