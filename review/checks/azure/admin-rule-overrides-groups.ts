import { type AzureCheck, witnessOf } from './azure-check';
import { text } from '../../model/azure/read';

export const check: AzureCheck = {
  id: 'admin-rule-overrides-groups',
  title: 'security admin rule that lets out past the security groups',
  severity: 'high',
  why: 'AlwaysAllow of a Virtual Network Manager is the last word: no security group of any network in its scope is asked, whatever it denies.',
  fix: 'Use Allow, which leaves the decision to the security groups, or bound the rule to private destinations.',
  references: ['https://learn.microsoft.com/azure/virtual-network-manager/concept-security-admins'],
  comparable: [],
  *run(context) {
    for (const rule of context.model.graph.ofType('azurerm_network_manager_admin_rule')) {
      if (text(rule, 'action')?.toLowerCase() !== 'alwaysallow' || text(rule, 'direction')?.toLowerCase() === 'inbound') continue;
      const proof = witnessOf(context, rule.address);
      yield { address: rule.address, message: 'its action is AlwaysAllow', ...(proof.witness ? proof : { severity: 'medium' as const }) };
    }
  },
};
