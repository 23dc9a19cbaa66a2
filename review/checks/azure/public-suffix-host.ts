import { type AzureCheck, witnessOf } from './azure-check';
import { namedHosts } from './named-hosts';
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
    for (const { fqdn, address, control } of namedHosts(context.model)) {
      const name = fqdn.toLowerCase().replace(/\.$/, '');
      const problem = name.startsWith('*') && name.length > 1 ? wildcardProblem(name.replace(/^\*\.?/, '')) : undefined;
      if (!problem || seen.has(`${address} ${name}`)) continue;
      seen.add(`${address} ${name}`);
      yield { address, message: `'${fqdn}' ${problem.message}`, ...witnessOf(context, control) };
    }
  },
};
