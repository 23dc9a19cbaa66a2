import type { AzureCheck } from './azure-check';
import { pointsTo } from '../../model/azure/read';

export const check: AzureCheck = {
  id: 'policy-unassociated',
  title: 'firewall rules that hold for no firewall',
  severity: 'high',
  why: 'Rules in a policy that no firewall has protect nothing, and a firewall without its rules stops everything or is replaced in a hurry.',
  fix: 'Set firewall_policy_id of the firewall and of every rule collection group to the same policy.',
  references: ['https://learn.microsoft.com/azure/firewall-manager/policy-overview'],
  comparable: ['checkov CKV_AZURE_219'],
  *run({ model }) {
    if (model.firewalls.size === 0) return;
    const used = new Set([...model.firewalls.values()].flatMap(({ policies }) => policies.map(({ resource }) => resource)));
    for (const firewall of model.firewalls.values()) {
      if (!firewall.policy.isSet && firewall.rules.length === 0) yield { address: firewall.address, message: 'the firewall has neither a policy nor rules' };
    }
    for (const group of model.graph.ofType('azurerm_firewall_policy_rule_collection_group')) {
      const policy = pointsTo(group, 'firewall_policy_id', 'azurerm_firewall_policy');
      if (!policy.targets.some((target) => used.has(target))) yield { address: group.address, message: `its policy${policy.targets[0] ? ` ${policy.targets[0].address}` : ''} is that of no firewall in the plan`, confidence: policy.unknown === undefined ? 'certain' : 'likely' };
    }
  },
};
