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
    const used = new Set(context.model.privateEndpoints.flatMap(({ subnet }) => subnet.targets));
    for (const view of workloadViews(context)) {
      const { subnet } = view;
      if (!used.has(subnet.resource) || subnet.endpointNetworkPolicies === 'Enabled') continue;
      yield { address: subnet.address, message: `private_endpoint_network_policies is ${subnet.endpointNetworkPolicies ?? 'not said, which means Disabled'}, and private endpoints stand there` };
    }
  },
};
