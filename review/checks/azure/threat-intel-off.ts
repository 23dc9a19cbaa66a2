import type { AzureCheck } from './azure-check';
import { certainEnvironments } from './planned-environments';
import { internetOf, LISTED } from './wide-rules';
import { texts } from '../../model/azure/read';
import { size } from '../../model/ranges';

export const check: AzureCheck = {
  id: 'threat-intel-off',
  title: 'firewall that lets known bad addresses pass',
  severity: 'medium',
  why: 'The mode Alert writes a line in the log and lets the packet go.',
  fix: 'Set threat_intelligence_mode (threat_intel_mode without a policy) to Deny.',
  references: ['https://learn.microsoft.com/azure/firewall/threat-intel'],
  comparable: ['checkov CKV_AZURE_216'],
  *run(context) {
    const { model } = context;
    const meant = certainEnvironments(context).flatMap(({ firewall, hub }) => (hub ? [] : [new Set(firewall.threatIntelligenceAllowlist.map((each) => each.toLowerCase()))]));
    for (const firewall of model.firewalls.values()) {
      if (firewall.unknown !== undefined || firewall.threatIntelligence === 'Deny') continue;
      // More than alerting is not in the tier.
      if (firewall.tier === 'Basic' && firewall.threatIntelligence === 'Alert') continue;
      yield { address: firewall.policies.at(-1)?.address ?? firewall.address, message: `threat intelligence is '${firewall.threatIntelligence}'` };
    }
    for (const { address, resource } of model.policies.values()) {
      const at = (name: string) => texts(resource, ['threat_intelligence_allowlist', 0, name]).items;
      const spared = [...at('fqdns').filter((name) => name === '*'), ...at('ip_addresses').filter((item) => size(internetOf({ items: [item] })) > LISTED)];
      const unnamed = meant.length === 0 ? [] : [...at('fqdns'), ...at('ip_addresses')].filter((item) => !meant.some((all) => all.has(item.toLowerCase())));
      if (spared.length === 0 && unnamed.length > 0) yield { address, message: `threat intelligence spares ${unnamed.join(', ')}, which the policy does not`, severity: 'low' };
      if (spared.length > 0) yield { address, message: `threat intelligence spares ${spared.join(', ')}` };
    }
  },
};
