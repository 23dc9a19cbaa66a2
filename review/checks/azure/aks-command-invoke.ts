import type { AzureCheck } from './azure-check';
import { flag, isUnset } from '../../model/azure/read';

export const check: AzureCheck = {
  id: 'aks-command-invoke',
  title: 'private cluster that runs commands for whoever may ask Azure',
  severity: 'low',
  why: 'az aks command invoke starts a pod in the cluster, as its administrator, and hands back what it prints, over Azure\'s own API: a role in the subscription is enough, from anywhere, and no private endpoint, group or firewall is asked.',
  fix: 'Set run_command_enabled to false; it is true by default.',
  references: ['https://learn.microsoft.com/azure/aks/access-private-cluster', 'https://learn.microsoft.com/azure/aks/policy-reference'],
  comparable: [],
  *run({ model }) {
    for (const cluster of model.graph.ofType('azurerm_kubernetes_cluster')) {
      // Whoever may call a public API needs no such detour, and `aks-api-public` tells of that one.
      const isOn = flag(cluster, 'run_command_enabled') ?? isUnset(cluster, 'run_command_enabled');
      if (flag(cluster, 'private_cluster_enabled') === true && isOn) yield { address: cluster.address, message: 'its API is private, and run_command_enabled is not false' };
    }
  },
};
