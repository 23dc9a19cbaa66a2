import type { AzureCheck } from './azure-check';
import { flag, isUnset, text, texts } from '../../model/azure/read';

export const check: AzureCheck = {
  id: 'storage-public-access',
  title: 'storage account that the internet reaches',
  severity: 'medium',
  why: 'A storage account with a public endpoint is a place to carry data to and from, past the network.',
  fix: 'Set public_network_access_enabled, allow_nested_items_to_be_public and cross_tenant_replication_enabled to false, and network_rules to Deny.',
  references: ['https://learn.microsoft.com/azure/storage/common/storage-network-security'],
  comparable: ['checkov CKV2_AZURE_33', 'checkov CKV_AZURE_35', 'checkov CKV_AZURE_59', 'checkov CKV_AZURE_190', 'trivy AZU-0012'],
  *run({ model: { graph } }) {
    const hasWebsites = graph.ofType(WEBSITE).length > 0;
    for (const account of graph.ofType('azurerm_storage_account')) {
      const isOff = (attribute: string) => flag(account, attribute) === false || (flag(account, attribute) === undefined && !isUnset(account, attribute));
      const beside = graph.ofType('azurerm_storage_account_network_rules').length > 0 ? graph.referrers(account, ['azurerm_storage_account_network_rules']) : [];
      const rules = beside[0]?.resource;
      const isOpen = !isOff('public_network_access_enabled');
      // https://learn.microsoft.com/azure/storage/blobs/storage-blob-static-website#impact-of-setting-the-access-level-on-the-web-container
      const isWebsite = isOpen && (account.elements('static_website').length > 0 || (hasWebsites && graph.referrers(account, [WEBSITE]).length > 0));
      const action = text(account, 'network_rules[0].default_action') ?? (rules && text(rules, 'default_action'));
      const problems = [
        ...(isOpen ? ['public_network_access_enabled is not false'] : []),
        // The second is that of azurerm 2.
        ...(isOff('allow_nested_items_to_be_public') || flag(account, 'allow_blob_public_access') === false ? [] : ['allow_nested_items_to_be_public is not false']),
        ...(action === 'Deny' || (action === undefined && account.hasUnknown('network_rules') && !isUnset(account, 'network_rules')) ? [] : [`network_rules are ${action ?? 'missing, which means Allow'}`]),
        ...(isWebsite ? ['its static website hands out what is in $web to whoever asks, whatever allow_nested_items_to_be_public says'] : []),
        ...(texts(account, 'network_rules[0].ip_rules').items.length > 0 ? ['network_rules list public addresses'] : []),
        ...(flag(account, 'cross_tenant_replication_enabled') === true ? ['cross_tenant_replication_enabled is true'] : []),
      ];
      if (problems.length > 0) yield { address: account.address, message: problems.join(', '), severity: isOpen ? 'medium' : 'low' };
    }
  },
};

const WEBSITE = 'azurerm_storage_account_static_website';
