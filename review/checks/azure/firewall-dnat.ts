import type { FirewallRule } from '../../model/azure/firewall-rules';
import type { Hit } from '../check';
import type { AzureCheck } from './azure-check';
import { firewallRulesElsewhere } from './rules-elsewhere';

export const check: AzureCheck = {
  id: 'firewall-dnat',
  title: 'firewall that lets the internet in',
  severity: 'medium',
  why: 'A translation lets callers on the internet reach a private address, and comes before all other rules.',
  fix: 'Take the rule away; put Application Gateway with its web application firewall before what has to be reached.',
  references: ['https://learn.microsoft.com/azure/firewall/rule-processing', 'https://learn.microsoft.com/azure/firewall/destination-nat-rules'],
  comparable: [],
  *run({ model }) {
    for (const { rules } of model.firewalls.values()) for (const rule of rules) if (rule.layer === 'nat') yield translating(rule, '');
    for (const rule of firewallRulesElsewhere(model.graph)) if (rule.layer === 'nat') yield translating(rule, ', in a firewall that is not in the plan');
  },
};

function translating({ address, name, sources }: FirewallRule, where: string): Hit {
  const anybody = sources.items.length === 0 || sources.items.includes('*');
  return { address, message: `rule '${name}' translates callers from ${sources.items.join(', ') || 'anywhere'}${where}`, severity: anybody ? 'high' : 'medium' };
}
