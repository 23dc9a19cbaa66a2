import type { Policy } from '../../../blueprints/policy/model';
import { NO_POLICY, type Hit } from '../check';
import { type AzureCheck, type AzureContext, witnessOf } from './azure-check';
import { namedHosts } from './named-hosts';
import { clusterWords, rulesOf } from './policy-hosts';

export const check: AzureCheck = {
  id: 'wildcard-host',
  title: 'wildcard that matches names of others, or has no reason',
  severity: 'high',
  why: "'*' is the whole internet, and '*example.com' without a dot also matches 'notexample.com', which anybody can buy. '*.example.com' lets through names that do not exist yet: somebody has to say why the list cannot be written out.",
  fix: "Name the hosts, or write '*.example.com' for the subdomains and give it a reason in the policy file.",
  references: ['https://learn.microsoft.com/azure/firewall/firewall-faq'],
  comparable: [],
  *run(context) {
    const { policy } = context;
    const seen = new Set<string>();
    const explained = explainedBy(context);
    for (const { fqdn, rule, address, control } of namedHosts(context.model).filter(({ fqdn: name, doubt }) => name.startsWith('*') && doubt === undefined)) {
      const problem = problemOf(fqdn, policy, explained);
      if (!problem || seen.has(`${address} ${fqdn}`)) continue;
      seen.add(`${address} ${fqdn}`);
      yield { address, ...problem, message: fqdn === '*' ? `rule '${rule}' lets every name through` : problem.message, ...witnessOf(context, control) };
    }
  },
};

function problemOf(fqdn: string, policy: Policy | undefined, explained: ReadonlySet<string>): Pick<Hit, 'message' | 'severity'> | undefined {
  if (!fqdn.startsWith('*.')) return { message: `'${fqdn}' also matches 'not${fqdn.slice(1)}'` };
  if (explained.has(fqdn.toLowerCase())) return undefined;
  return policy ? { message: `'${fqdn}' lets every subdomain through`, severity: 'medium' } : { message: `'${fqdn}' lets every subdomain through${NO_POLICY}`, severity: 'low' };
}

/** Wildcards that the policy gives a reason for, and those that clusters of the policy need. */
function explainedBy(context: AzureContext): ReadonlySet<string> {
  const { policy } = context;
  if (!policy) return new Set();
  const { rules, environments } = rulesOf(context).ofAllAt({ cidrs: [] });
  const written = rules.filter(({ wildcardReason }) => wildcardReason).map(({ host }) => host.text);
  const ofClusters = policy.segments.flatMap(({ name }) => clusterWords(policy, name, environments)).map((words) => words.replace(/^\w+ /, '').replace(/:\d+$/, ''));
  return new Set([...written, ...ofClusters]);
}
