/** Ways to break what the Amazon resolver answers. */
import type { Mutation, SynthesizedStack } from '../observation';
import { drop, find, mutation } from './mutating';

/** The DNS rule that fits. */
function dnsRule(stack: SynthesizedStack, fits: (rule: any) => boolean): any {
  return find(stack, 'aws_route53_resolver_firewall_rule', (_, body) => fits(body));
}

function removeDnsRule(stack: SynthesizedStack, fits: (rule: any) => boolean): void {
  const rule = dnsRule(stack, fits);
  const all = stack.resource!.aws_route53_resolver_firewall_rule!;
  delete all[Object.keys(all).find((name) => all[name] === rule)!];
}

/** The domains of the list that fits, to be changed in place. */
function domains(stack: SynthesizedStack, fits: (domains: readonly string[]) => boolean): string[] {
  return find(stack, 'aws_route53_resolver_firewall_domain_list', (_, body) => fits(body.domains)).domains;
}

const internal = (list: readonly string[]) => list.some((name) => name.endsWith('.internal.'));
const hosts = (list: readonly string[]) => !internal(list) && !list.includes('*.');

export const dnsMutations: readonly Mutation[] = [
  mutation('no DNS filter on the network', 'dns-unfiltered', (stack) => drop(stack, 'aws_route53_resolver_firewall_rule_group_association')),
  mutation('last DNS rule gone', 'dns-unfiltered', (stack) => removeDnsRule(stack, (rule) => rule.block_response === 'NXDOMAIN')),
  mutation('last DNS rule that only notes', 'dns-unfiltered', (stack) => void (dnsRule(stack, (rule) => rule.block_response === 'NXDOMAIN').action = 'ALERT')),
  mutation('last DNS rule for addresses only', 'dns-unfiltered', (stack) => void (dnsRule(stack, (rule) => rule.block_response === 'NXDOMAIN').q_type = 'A')),
  mutation('last DNS rule evaluated after one that allows everything', 'dns-unfiltered', (stack) => {
    const { resource } = stack as { resource: any };
    resource.aws_route53_resolver_firewall_domain_list.sneaky = { name: 'sneaky', domains: ['*.'] };
    resource.aws_route53_resolver_firewall_rule.sneaky = {
      ...dnsRule(stack, (rule) => rule.action === 'ALLOW'), firewall_domain_list_id: '${aws_route53_resolver_firewall_domain_list.sneaky.id}', priority: 9_000,
    };
  }),
  mutation('another DNS rule group that comes first and allows everything', 'dns-unfiltered', (stack) => {
    const { resource } = stack as { resource: any };
    const association = find(stack, 'aws_route53_resolver_firewall_rule_group_association');
    resource.aws_route53_resolver_firewall_domain_list.sneaky = { name: 'sneaky', domains: ['*.'] };
    resource.aws_route53_resolver_firewall_rule_group.sneaky = { name: 'sneaky' };
    const group = '${aws_route53_resolver_firewall_rule_group.sneaky.id}';
    resource.aws_route53_resolver_firewall_rule.sneaky = {
      name: 'sneaky', action: 'ALLOW', priority: 1, firewall_rule_group_id: group, firewall_domain_list_id: '${aws_route53_resolver_firewall_domain_list.sneaky.id}',
    };
    resource.aws_route53_resolver_firewall_rule_group_association.sneaky = { ...association, firewall_rule_group_id: group, priority: association.priority - 1 };
  }),
  mutation('every name of every AWS customer resolved', 'dns-unfiltered', (stack) => void domains(stack, internal).push('*.amazonaws.com.')),
  mutation('star without its dot', 'dns-host-not-in-policy', (stack) => {
    const list = domains(stack, hosts);
    list[list.findIndex((name) => name.startsWith('*.'))] = list.find((name) => name.startsWith('*.'))!.replace('*.', '*');
  }),
  mutation('DNS Firewall that fails open', 'dns-fail-open', (stack) => void (find(stack, 'aws_route53_resolver_firewall_config').firewall_fail_open = 'ENABLED')),
  mutation('DNS Firewall whose failure nobody decided on', 'dns-fail-open', (stack) => drop(stack, 'aws_route53_resolver_firewall_config')),
  mutation('query log that no network writes to', 'dns-logs-missing', (stack) => drop(stack, 'aws_route53_resolver_query_log_config_association')),
  mutation('query log gone', 'dns-logs-missing', (stack) => drop(stack, 'aws_route53_resolver_query_log_config')),
  mutation('allowed host that is not resolved', 'host-missing-in-dns', (stack) => void domains(stack, hosts).shift()),
  mutation('name that no rule allows resolved', 'dns-host-not-in-policy', (stack) => void domains(stack, hosts).push('paste.example.com.')),
  mutation('apex of a wildcard resolved', 'dns-host-not-in-policy', (stack) => void domains(stack, hosts).push(domains(stack, hosts).find((name) => name.startsWith('*.'))!.slice(2))),
  mutation('HTTPS records given out', 'dns-https-answered', (stack) => removeDnsRule(stack, (rule) => rule.q_type === 'TYPE65')),
  mutation('HTTPS records blocked after the hosts are allowed', 'dns-https-answered', (stack) => void (dnsRule(stack, (rule) => rule.q_type === 'TYPE65').priority = 9_999)),
  mutation('HTTPS records blocked as if the name did not exist', 'dns-https-denies-name', (stack) => void (dnsRule(stack, (rule) => rule.q_type === 'TYPE65').block_response = 'NXDOMAIN')),
  mutation('names of an endpoint not resolved', 'dns-endpoint-blocked', (stack) => void domains(stack, internal).splice(domains(stack, internal).findIndex((name) => name.startsWith('logs.')), 1)),
  mutation('DNS filter that can be taken off', 'protection-off', (stack) => void (find(stack, 'aws_route53_resolver_firewall_rule_group_association').mutation_protection = 'DISABLED')),
  mutation('DNS filter whose destruction is not refused in the plan', 'protection-off', (stack) => void delete find(stack, 'aws_route53_resolver_firewall_rule_group_association').lifecycle),
  mutation('DNS filter on the network before its rules', 'dns-filter-before-rules', (stack) => void find(stack, 'aws_route53_resolver_firewall_rule_group_association').depends_on.pop()),
  mutation('two DNS rules on one list', 'dns-list-used-twice', (stack) => {
    const last = dnsRule(stack, (rule) => rule.block_response === 'NXDOMAIN');
    dnsRule(stack, (rule) => rule.q_type === 'TYPE65').firewall_domain_list_id = last.firewall_domain_list_id;
  }),
  mutation('name without the dot that AWS adds', 'dns-list-drifts', (stack) => void domains(stack, hosts).push(domains(stack, hosts).shift()!.replace(/\.$/, ''))),
  mutation('domain list longer than a request', 'dns-list-too-long', (stack) => void domains(stack, hosts).push(...Array.from({ length: 1_000 }, (_, index) => `h${index}.example.com.`))),
];
