import type { AzureCheck } from './azure-check';
import { CONNECTIVITY } from '../../model/azure/connectivity';
import { pointsTo, text } from '../../model/azure/read';

export const check: AzureCheck = {
  id: 'foreign-peering',
  title: 'peering with a network outside of the plan',
  severity: 'medium',
  why: 'What the other network lets in and out nothing here shows; with forwarded traffic it can be a way to the internet.',
  fix: 'Review that network, too, or reach what is in it over a private endpoint.',
  references: ['https://learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview'],
  comparable: [],
  *run({ model, policy }) {
    // A hub or a spoke that the policy names was looked at by whoever wrote its id there.
    const named = new Set((policy?.environments ?? []).flatMap(({ azure }) => [azure?.hub?.network, azure?.spoke?.network]).flatMap((id) => id?.toLowerCase() ?? []));
    const joined = new Set<string>();
    for (const { address, remote, resource } of model.peerings) {
      const [path, words] = resource.type === CONNECTIVITY ? [['hub', 0, 'resource_id'], 'resource_id of the hub'] as const : [['remote_virtual_network_id'], 'remote_virtual_network_id'] as const;
      const id = text(resource, path);
      if (remote.targets.length > 0 || !remote.isSet || named.has(id?.toLowerCase() ?? '') || joined.has(address)) continue;
      // A network manager joins many networks by one configuration.
      joined.add(address);
      yield { address, message: `${words} ${id ?? 'is not known and'} names no network of this plan`, confidence: 'likely' };
    }
    // Two gateways join their networks as a peering does. https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-vpn-gateway-settings#connectiontype
    for (const connection of model.graph.ofType('azurerm_virtual_network_gateway_connection')) {
      const { isSet, targets } = pointsTo(connection, 'peer_virtual_network_gateway_id', 'azurerm_virtual_network_gateway');
      if (isSet && targets.length === 0) yield { address: connection.address, message: `peer_virtual_network_gateway_id ${text(connection, 'peer_virtual_network_gateway_id') ?? 'is not known and'} names no gateway of this plan`, confidence: 'likely' };
    }
    // A manager joins networks as it likes, and its rules come before all groups. https://learn.microsoft.com/azure/virtual-network-manager/concept-cross-tenant
    for (const [type, scope] of MANAGED) {
      for (const connection of model.graph.ofType(type)) {
        if (pointsTo(connection, 'network_manager_id', 'azurerm_network_manager').targets.length > 0) continue;
        yield { address: connection.address, message: `${text(connection, 'network_manager_id') ?? 'a network manager that the plan does not tell'}, which the plan does not make, may join networks of ${text(connection, scope) ?? scope.replace(/_id$/, '').replace('_', ' ')}, and let through what their groups deny`, confidence: 'likely' };
      }
    }
  },
};

/** What lets a network manager of another tenant manage networks here, and what it names them by. */
const MANAGED = [['azurerm_network_manager_subscription_connection', 'subscription_id'], ['azurerm_network_manager_management_group_connection', 'management_group_id']] as const;
