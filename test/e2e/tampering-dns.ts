/** Changes behind Terraform's back to what the resolver answers. */
import { resolver } from './plain-call';
import type { Tampering } from './tampering';

export const DNS_TAMPERINGS: readonly Tampering[] = [
  {
    what: 'the last DNS rule, which blocks everything, deleted',
    breaks: 'dns-strangers',
    async make(account, { dns }) {
      const { group, list } = dns.rules.at(-1)!;
      await resolver(account, 'DeleteFirewallRule', { FirewallRuleGroupId: group, FirewallDomainListId: list });
      return /create aws_route53_resolver_firewall_rule\.dns_rule-everything/;
    },
  },
  {
    what: 'a name added to the hosts that are resolved',
    breaks: 'dns-strangers',
    async make(account, { dns }) {
      const { list } = dns.rules.find(({ domains }) => domains.includes('api.stripe.com'))!;
      await resolver(account, 'UpdateFirewallDomains', { FirewallDomainListId: list, Operation: 'ADD', Domains: ['*.example.net'] });
      return list;
    },
  },
  {
    what: 'the rule against HTTPS records moved behind the others',
    breaks: 'dns-https',
    async make(account, { dns }) {
      const { group, list, type } = dns.rules.find((rule) => rule.type === 'TYPE65')!;
      await resolver(account, 'UpdateFirewallRule', { FirewallRuleGroupId: group, FirewallDomainListId: list, Qtype: type, Priority: 9_999 });
      return `${group}:${list}`;
    },
  },
  {
    what: 'DNS Firewall set to fail open',
    breaks: 'dns-fails-closed',
    async make(account, { dns, vpc }) {
      await resolver(account, 'UpdateFirewallConfig', { ResourceId: vpc, FirewallFailOpen: 'ENABLED' });
      return dns.config!;
    },
  },
  {
    what: 'the network taken off the query log',
    breaks: 'dns-log',
    async make(account, { dns, vpc }) {
      await resolver(account, 'DisassociateResolverQueryLogConfig', { ResolverQueryLogConfigId: dns.logs[0]!.id, ResourceId: vpc });
      return /create aws_route53_resolver_query_log_config_association\./;
    },
  },
  {
    what: 'the DNS filter unlocked and taken off the network',
    breaks: 'dns-strangers',
    async make(account, { dns }) {
      const { Id: FirewallRuleGroupAssociationId } = dns.associations[0]!;
      await resolver(account, 'UpdateFirewallRuleGroupAssociation', { FirewallRuleGroupAssociationId, MutationProtection: 'DISABLED' });
      await resolver(account, 'DisassociateFirewallRuleGroup', { FirewallRuleGroupAssociationId });
      return /create aws_route53_resolver_firewall_rule_group_association\./;
    },
  },
];
