import { workloadViews, type AzureCheck } from './azure-check';
import { certainEnvironments, plannedEnvironments } from './planned-environments';
import { dnsPolicies, mayHoldDnsPolicy } from '../../model/azure/dns-policies';

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
    const policies = dnsPolicies(model.graph);
    const wanted = certainEnvironments(context).filter(({ dnsPolicy }) => dnsPolicy !== undefined);
    if (policies.length === 0 && wanted.length > 0 && !mayHoldDnsPolicy(model.graph)) {
      for (const network of model.networks.values()) if (workloadViews(context).some(({ subnet }) => subnet.network === network)) yield { address: network.address, message: "the policy has 'dnsPolicy', and no template of the plan makes one: every name is answered" };
    }
    for (const { resource, rest, networks, linked } of policies) {
      if (rest === 'Allow' || (rest === 'Alert' && !alerts)) yield { address: resource.address, message: `names that no list holds are ${rest === 'Alert' ? 'answered and recorded' : 'answered'}` };
      for (const network of networks.filter((each) => !linked.includes(each))) yield { address: resource.address, message: `the network of parameter '${network}' is not linked to the policy` };
    }
  },
};
