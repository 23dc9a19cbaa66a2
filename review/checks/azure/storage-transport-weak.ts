import type { AzureCheck } from './azure-check';
import { flag, text } from '../../model/azure/read';

export const check: AzureCheck = {
  id: 'storage-transport-weak',
  title: 'storage account with old or no TLS',
  severity: 'medium',
  why: 'What travels in the clear or over old TLS can be read on the way.',
  fix: 'Set min_tls_version to TLS1_2 or newer and https_traffic_only_enabled to true.',
  references: ['https://learn.microsoft.com/azure/storage/common/transport-layer-security-configure-minimum-version'],
  comparable: ['checkov CKV_AZURE_3', 'checkov CKV_AZURE_44', 'trivy AZU-0008', 'trivy AZU-0011'],
  *run({ model }) {
    for (const account of model.graph.ofType('azurerm_storage_account')) {
      const version = text(account, 'min_tls_version') ?? 'TLS1_2';
      const plain = flag(account, 'https_traffic_only_enabled') === false || flag(account, 'enable_https_traffic_only') === false;
      if (plain || /^TLS1_[01]$/.test(version)) yield { address: account.address, message: plain ? 'it takes plain HTTP' : `min_tls_version is ${version}` };
    }
  },
};
