import type { AzureCheck } from './azure-check';
import { recordedCategories } from './recorded-categories';
import { dnsPolicies } from '../../model/azure/dns-policies';
import { text, unknownBlocks } from '../../model/azure/read';

export const check: AzureCheck = {
  id: 'dns-logs-missing',
  title: 'DNS security policy without a record of the questions',
  severity: 'low',
  why: 'A name that carries data out is seen in the log of the questions and nowhere else.',
  fix: 'Add azurerm_monitor_diagnostic_setting for the policy with the category DnsResponse.',
  references: ['https://learn.microsoft.com/azure/dns/dns-security-policy'],
  comparable: [],
  *run({ model }) {
    const policies = dnsPolicies(model.graph);
    if (policies.length === 0) return;
    const isRecorded = model.graph.ofType('azurerm_monitor_diagnostic_setting').some((setting) => {
      const categories = recordedCategories(setting);
      // Only such a policy has that category. Of an id with references in it a first plan shows these alone.
      return categories.includes('DnsResponse') || unknownBlocks(setting, 'enabled_log') !== undefined
        || (categories.includes('allLogs') && /^$|dnsresolverpolicies/i.test(text(setting, 'target_resource_id') ?? ''));
    });
    if (!isRecorded) for (const { resource } of policies) yield { address: resource.address, message: 'no diagnostic setting of the plan records DnsResponse' };
  },
};
