import type { AzureCheck } from './azure-check';
import { dnsPolicies } from '../../model/azure/dns-policies';
import { plannedEnvironments } from './planned-environments';

export const check: AzureCheck = {
  id: 'dns-policy-open',
  title: 'DNS security policy that answers for every name',
  severity: 'medium',
  why: 'As long as names that no list holds are answered, or a network is not linked, data can leave inside DNS questions.',
  fix: "Block '.' in the last rule, keep '.' out of the lists that are allowed, and link every network that resolves names.",
  references: ['https://learn.microsoft.com/azure/dns/dns-security-policy'],
  comparable: [],
  *run(context) {
    const { model } = context;
    // Alerting is the first step of taking the policy up: whoever wrote it down means it.
    const alerts = plannedEnvironments(context).some(({ dnsPolicy }) => dnsPolicy?.mode === 'alert');
    for (const { resource, rest, networks, linked } of dnsPolicies(model.graph)) {
      if (rest === 'Allow' || (rest === 'Alert' && !alerts)) yield { address: resource.address, message: `names that no list holds are ${rest === 'Alert' ? 'answered and recorded' : 'answered'}` };
      for (const network of networks.filter((each) => !linked.includes(each))) yield { address: resource.address, message: `the network of parameter '${network}' is not linked to the policy` };
    }
  },
};
