import { viewsOf, type AzureCheck, type AzureContext } from './azure-check';
import { CONNECTIVITY } from '../../model/azure/connectivity';
import type { Peering } from '../../model/azure/network';
import type { Pointed } from '../../model/azure/read';

export const check: AzureCheck = {
  id: 'peering-gateway-transit',
  title: 'peering that shares a gateway',
  severity: 'medium',
  why: "The routes of one network's gateway become routes of the other, more specific than 0.0.0.0/0 and past its firewall.",
  fix: 'Set allow_gateway_transit and use_remote_gateways (of a network manager: use_hub_gateway) to false, or turn off propagation on every route table and route the other sites through the firewall.',
  references: ['https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-peering-gateway-transit'],
  comparable: [],
  *run(context) {
    const { model } = context;
    const joined = new Set<string>();
    // The half that lends a gateway says nothing more than the one that uses it.
    const told = new Set(model.peerings.filter(uses).map(({ local, remote }) => halfOf(local, remote)));
    for (const peering of model.peerings) {
      const { address, resource, gatewayTransit, remoteGateways, remoteGatewaysUnknown, local, remote } = peering;
      const half = halfOf(remote, local);
      if (!remoteGateways && half !== undefined && told.has(half)) continue;
      // A network manager joins many networks by one configuration.
      if ((!gatewayTransit && !remoteGateways) || joined.has(address)) continue;
      joined.add(address);
      yield !gatewayTransit && remoteGatewaysUnknown !== undefined ? { address, message: remoteGatewaysUnknown, confidence: 'possible' } : { address, message: `${resource.type === CONNECTIVITY ? 'use_hub_gateway' : remoteGateways && remoteGatewaysUnknown === undefined ? 'use_remote_gateways' : 'allow_gateway_transit'} is true${isTaken(context, peering) ? '' : ', and no route table of its subnets takes up what the gateway learns'}`, ...(isTaken(context, peering) ? {} : { severity: 'low' as const }) };
    }
  },
};

function uses({ remoteGateways, remoteGatewaysUnknown }: Peering): boolean {
  return remoteGateways && remoteGatewaysUnknown === undefined;
}

/** The two networks in their order; undefined where the plan does not say which they are. */
function halfOf(from: Pointed, to: Pointed): string | undefined {
  return from.unknown === undefined && to.unknown === undefined && from.targets.length === 1 && to.targets.length === 1 ? `${from.targets[0]?.address} ${to.targets[0]?.address}` : undefined;
}

/** Whether a subnet for workloads may take up routes that the other network's gateway learns: without a table that refuses them each does. */
function isTaken(context: AzureContext, peering: Peering): boolean {
  const [only] = peering.local.targets;
  const network = uses(peering) && peering.local.exact && only && peering.local.targets.length === 1 ? context.model.networks.get(only) : undefined;
  const views = network ? viewsOf(context, network) : [];
  return views.length === 0 || views.some(({ table }) => table === undefined || table.propagates || table.propagationUnknown !== undefined);
}
