import type { AzureCheck } from './azure-check';

export const check: AzureCheck = {
  id: 'firewall-dnat',
  title: 'firewall that lets the internet in',
  severity: 'medium',
  why: 'A translation lets callers on the internet reach a private address, and comes before all other rules.',
  fix: 'Take the rule away; put Application Gateway with its web application firewall before what has to be reached.',
  references: ['https://learn.microsoft.com/azure/firewall/rule-processing', 'https://learn.microsoft.com/azure/firewall/destination-nat-rules'],
  comparable: [],
  *run({ model }) {
    for (const { rules } of model.firewalls.values()) {
      for (const rule of rules) if (rule.layer === 'nat') yield { address: rule.address, message: `rule '${rule.name}' translates callers from ${rule.sources.items.join(', ') || 'anywhere'}`, severity: rule.sources.items.length === 0 || rule.sources.items.includes('*') ? 'high' : 'medium' };
    }
  },
};
