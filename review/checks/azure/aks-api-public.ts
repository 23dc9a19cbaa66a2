import type { AzureCheck } from './azure-check';
import { internetOf, LISTED } from './wide-rules';
import { flag, isUnset, texts } from '../../model/azure/read';
import { size } from '../../model/ranges';

export const check: AzureCheck = {
  id: 'aks-api-public',
  title: 'cluster whose API the internet reaches',
  severity: 'medium',
  why: 'A public API endpoint is reached from everywhere with a stolen credential, and nodes reach it over the internet.',
  fix: 'Set private_cluster_enabled to true, or list who may call in api_server_access_profile.',
  references: ['https://learn.microsoft.com/azure/aks/private-clusters'],
  comparable: ['checkov CKV_AZURE_6', 'checkov CKV_AZURE_115', 'trivy AZU-0041', 'trivy AZU-0065'],
  *run({ model }) {
    for (const cluster of model.graph.ofType('azurerm_kubernetes_cluster')) {
      const isPrivate = flag(cluster, 'private_cluster_enabled') ?? !isUnset(cluster, 'private_cluster_enabled');
      // The second is that of azurerm 3 and before.
      const listed = ['api_server_access_profile[0].authorized_ip_ranges', 'api_server_authorized_ip_ranges'].flatMap((path) => texts(cluster, path).items);
      const isLimited = listed.length > 0 && size(internetOf({ items: listed })) <= LISTED;
      const isHidden = ['api_server_access_profile', 'api_server_authorized_ip_ranges'].some((path) => cluster.hasUnknown(path) && !isUnset(cluster, path));
      if (isPrivate || isLimited || isHidden) continue;
      yield { address: cluster.address, message: listed.length > 0 ? `private_cluster_enabled is not true, and authorized_ip_ranges let in ${listed.join(', ')}` : 'private_cluster_enabled is not true, and no authorized_ip_ranges limit its callers' };
    }
  },
};
