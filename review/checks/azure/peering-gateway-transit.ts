import type { AzureCheck } from './azure-check';
import { CONNECTIVITY } from '../../model/azure/connectivity';

export const check: AzureCheck = {
  id: 'peering-gateway-transit',
  title: 'peering that shares a gateway',
  severity: 'medium',
  why: "The routes of one network's gateway become routes of the other, more specific than 0.0.0.0/0 and past its firewall.",
  fix: 'Set allow_gateway_transit and use_remote_gateways (of a network manager: use_hub_gateway) to false, or turn off propagation on every route table and route the other sites through the firewall.',
  references: ['https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-peering-gateway-transit'],
  comparable: [],
  *run({ model }) {
    const joined = new Set<string>();
    for (const { address, resource, gatewayTransit, remoteGateways, remoteGatewaysUnknown } of model.peerings) {
      // A network manager joins many networks by one configuration.
      if ((!gatewayTransit && !remoteGateways) || joined.has(address)) continue;
      joined.add(address);
      yield !gatewayTransit && remoteGatewaysUnknown !== undefined ? { address, message: remoteGatewaysUnknown, confidence: 'possible' } : { address, message: `${resource.type === CONNECTIVITY ? 'use_hub_gateway' : remoteGateways && remoteGatewaysUnknown === undefined ? 'use_remote_gateways' : 'allow_gateway_transit'} is true` };
    }
  },
};
