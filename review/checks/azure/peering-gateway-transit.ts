import type { AzureCheck } from './azure-check';

export const check: AzureCheck = {
  id: 'peering-gateway-transit',
  title: 'peering that shares a gateway',
  severity: 'medium',
  why: "The routes of one network's gateway become routes of the other, more specific than 0.0.0.0/0 and past its firewall.",
  fix: 'Set allow_gateway_transit and use_remote_gateways to false, or turn off propagation on every route table and route the other sites through the firewall.',
  references: ['https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-peering-gateway-transit'],
  comparable: [],
  *run({ model }) {
    for (const { address, gatewayTransit, remoteGateways } of model.peerings) {
      if (gatewayTransit || remoteGateways) yield { address, message: `${remoteGateways ? 'use_remote_gateways' : 'allow_gateway_transit'} is true` };
    }
  },
};
