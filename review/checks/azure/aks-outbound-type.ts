import { type AzureCheck, witnessOf } from './azure-check';
import { outboundType } from '../../model/azure/platform-workloads';

export const check: AzureCheck = {
  id: 'aks-outbound-type',
  title: 'cluster with a way out of its own',
  severity: 'high',
  why: 'With the default outbound type a cluster gets a load balancer with a public address, and its nodes and pods reach the internet through it.',
  fix: 'Set network_profile.outbound_type to userDefinedRouting, with 0.0.0.0/0 to the firewall in place before the cluster; or to none.',
  references: ['https://learn.microsoft.com/azure/aks/egress-outboundtype', 'https://learn.microsoft.com/azure/aks/limit-egress-traffic'],
  comparable: [],
  *run(context) {
    for (const cluster of context.model.graph.ofType('azurerm_kubernetes_cluster')) {
      const type = outboundType(cluster);
      if (type === undefined || ['userdefinedrouting', 'none', 'block'].includes(type.toLowerCase())) continue;
      yield { address: cluster.address, message: `outbound_type is ${type}`, ...witnessOf(context, cluster.address) };
    }
  },
};
