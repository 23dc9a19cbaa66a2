import { type AzureCheck, witnessOf } from './azure-check';
import { wildcardProblem } from '../../../blueprints/policy/public-suffix';

export const check: AzureCheck = {
  id: 'public-suffix-host',
  title: 'host pattern under which anybody can get a name',
  severity: 'high',
  why: 'Below a public suffix, or the domain of a cloud service, everybody can have a host: data leaves to it under an allowed name.',
  fix: 'Name the exact hosts; for a cloud service use a private endpoint.',
  references: ['https://learn.microsoft.com/azure/firewall/fqdn-filtering-network-rules'],
  comparable: [],
  *run(context) {
    const seen = new Set<string>();
    for (const { rules, address } of context.model.firewalls.values()) {
      for (const rule of rules.filter(({ action }) => action !== 'Deny')) {
        for (const fqdn of rule.fqdns.items) {
          const name = fqdn.toLowerCase().replace(/\.$/, '');
          const problem = name.startsWith('*') && name.length > 1 ? wildcardProblem(name.replace(/^\*\.?/, '')) : undefined;
          if (!problem || seen.has(`${rule.address} ${name}`)) continue;
          seen.add(`${rule.address} ${name}`);
          yield { address: rule.address, message: `'${fqdn}' ${problem.message}`, ...witnessOf(context, address) };
        }
      }
    }
  },
};
