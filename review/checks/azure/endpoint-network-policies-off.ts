import { type AzureCheck, workloadViews } from './azure-check';

export const check: AzureCheck = {
  id: 'endpoint-network-policies-off',
  title: 'subnet of private endpoints without network policies',
  severity: 'medium',
  why: 'Security groups and routes do not count for private endpoints unless the subnet says so: whoever reaches the network reaches them.',
  fix: 'Set private_endpoint_network_policies to Enabled.',
  references: ['https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy'],
  comparable: [],
  *run(context) {
    const { privateEndpoints } = context.model;
    const used = new Set(privateEndpoints.flatMap(({ subnet }) => subnet.targets));
    const ids = new Set(privateEndpoints.flatMap(({ subnet }) => subnet.subnetId ?? []));
    for (const view of workloadViews(context)) {
      const { subnet } = view;
      if (!used.has(subnet.resource) || subnet.endpointNetworkPolicies === 'Enabled') continue;
      // Of several subnets inside a network its id tells which one is meant.
      const isInside = subnet.resource.type === 'azurerm_virtual_network' && subnet.resource.elements('subnet').length > 1;
      if (isInside && subnet.id !== undefined && ids.size > 0 && !ids.has(subnet.id)) continue;
      const isSure = !isInside || (subnet.id !== undefined && ids.has(subnet.id));
      yield { address: subnet.address, message: `private_endpoint_network_policies is ${subnet.endpointNetworkPolicies ?? 'not said, which means Disabled'}, and private endpoints ${isSure ? '' : 'may '}stand there`, ...(isSure ? {} : { confidence: 'possible' as const }) };
    }
  },
};
