import type { AzureCheck } from './azure-check';
import { flag, isUnset, text, texts } from '../../model/azure/read';
import { listsMany } from './listed-callers';

export const check: AzureCheck = {
  id: 'key-vault-public-access',
  title: 'key vault that the internet reaches',
  severity: 'medium',
  why: 'A vault with a public endpoint gives its secrets to whoever holds a stolen token, from anywhere.',
  fix: 'Set public_network_access_enabled to false, or network_acls to Deny, and use a private endpoint.',
  references: ['https://learn.microsoft.com/azure/key-vault/general/network-security'],
  comparable: ['checkov CKV_AZURE_109', 'checkov CKV_AZURE_189', 'trivy AZU-0013'],
  *run({ model }) {
    for (const vault of model.graph.ofType('azurerm_key_vault')) {
      const isPublic = flag(vault, 'public_network_access_enabled') ?? isUnset(vault, 'public_network_access_enabled');
      const action = text(vault, 'network_acls[0].default_action');
      const isHidden = action === undefined && vault.hasUnknown('network_acls') && !isUnset(vault, 'network_acls');
      if (isPublic && action !== 'Deny' && !isHidden) yield { address: vault.address, message: `public network access is on, and network_acls are ${action ?? 'missing, which means Allow'}` };
      else if (isPublic && listsMany(vault, ['network_acls', 0])) yield { address: vault.address, message: `public network access is on, and network_acls let in ${texts(vault, 'network_acls[0].ip_rules').items.join(', ')}` };
    }
  },
};
