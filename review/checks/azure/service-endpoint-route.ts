import { type AzureCheck, segmentOfView, witnessOf, workloadViews } from './azure-check';
import { isLimitedToAccounts } from '../../model/azure/storage-endpoints';

export const check: AzureCheck = {
  id: 'service-endpoint-route',
  title: 'service endpoint that leads past the firewall',
  severity: 'high',
  why: 'The routes of a service endpoint win over 0.0.0.0/0, and lead to the accounts of every customer of the service.',
  fix: 'Use a private endpoint instead, or for storage a service endpoint policy that lists your accounts.',
  references: ['https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview', 'https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoint-policies-overview'],
  comparable: [],
  *run(context) {
    for (const view of workloadViews(context)) {
      const { serviceEndpoints, hasEndpointPolicies } = view.subnet;
      if (serviceEndpoints.items.length === 0 || isLimitedToAccounts(view.subnet)) continue;
      const onlyStorage = serviceEndpoints.items.every((service) => /^microsoft\.storage/i.test(service));
      yield {
        address: view.address,
        message: `service endpoints ${serviceEndpoints.items.join(', ')} lead past every route${hasEndpointPolicies ? '' : ', to the accounts of all customers'}`,
        severity: hasEndpointPolicies && onlyStorage ? 'low' : 'high',
        ...segmentOfView(view),
        ...witnessOf(context, view.address),
      };
    }
  },
};
