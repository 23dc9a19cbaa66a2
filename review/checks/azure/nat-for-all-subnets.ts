import { type AzureCheck, segmentOfView, witnessOf, workloadViews } from './azure-check';

export const check: AzureCheck = {
  id: 'nat-for-all-subnets',
  title: 'NAT gateway on a subnet of workloads',
  severity: 'medium',
  why: 'A NAT gateway gives every machine of the subnet a way out that no host list controls.',
  fix: 'Take the association away; where machines need hosts, route them to the firewall.',
  references: ['https://learn.microsoft.com/azure/nat-gateway/nat-overview'],
  comparable: [],
  *run(context) {
    for (const view of workloadViews(context)) {
      // Which of several associations is the subnet's own, a first plan may not tell.
      const { by } = view.subnet.natGateways;
      const association = by.find(({ key }) => key === view.subnet.resource.key) ?? by[0];
      if (association) yield { address: association.address, message: `subnet '${view.subnet.name ?? view.address}' has a NAT gateway`, ...segmentOfView(view), ...witnessOf(context, view.address) };
    }
  },
};
