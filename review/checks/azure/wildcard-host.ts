import { type AzureCheck, witnessOf } from './azure-check';

export const check: AzureCheck = {
  id: 'wildcard-host',
  title: 'host pattern that matches names of others',
  severity: 'high',
  why: "'*' is the whole internet, and '*example.com' without a dot also matches 'notexample.com', which anybody can buy.",
  fix: "Name the hosts, or write '*.example.com' for the subdomains.",
  references: ['https://learn.microsoft.com/azure/firewall/firewall-faq'],
  comparable: [],
  *run(context) {
    const seen = new Set<string>();
    for (const { rules, address } of context.model.firewalls.values()) {
      for (const rule of rules.filter(({ action, doubt }) => action !== 'Deny' && doubt === undefined)) {
        for (const fqdn of rule.fqdns.items.filter((name) => name.startsWith('*') && !name.startsWith('*.'))) {
          if (seen.has(`${rule.address} ${fqdn}`)) continue;
          seen.add(`${rule.address} ${fqdn}`);
          yield { address: rule.address, message: fqdn === '*' ? `rule '${rule.name}' lets every name through` : `'${fqdn}' also matches 'not${fqdn.slice(1)}'`, ...witnessOf(context, address) };
        }
      }
    }
  },
};
