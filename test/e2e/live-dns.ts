/** What the resolver of a network answers, read through the API and not from Terraform's state. */
import type { AwsAccount } from './aws-account';
import { resolver } from './plain-call';

/** One rule, with the names that it decides on. */
export interface LiveDnsRule {
  readonly list: string;
  readonly group: string;
  readonly action: string;
  readonly response: string | undefined;
  readonly type: string | undefined;
  readonly redirection: string;
  readonly domains: readonly string[];
}

/** The filter of one network. */
export interface LiveDns {
  /** In the order in which they are evaluated. */
  readonly rules: readonly LiveDnsRule[];
  readonly associations: readonly { readonly Id: string; readonly MutationProtection: string; readonly FirewallRuleGroupId: string; readonly Name: string; readonly Priority: number }[];
  readonly failOpen: string | undefined;
  readonly config: string | undefined;
  /** Where queries are recorded. */
  readonly logs: readonly { readonly id: string; readonly destination: string }[];
}

/** Reads the filter of a VPC. */
export async function readDns(account: Pick<AwsAccount, 'gateway' | 'region'>, vpc: string): Promise<LiveDns> {
  const call = (operation: string, input: object = {}) => resolver(account, operation, input);
  const [associations, configs, logs] = await Promise.all([
    call('ListFirewallRuleGroupAssociations', { VpcId: vpc }),
    call('ListFirewallConfigs'),
    call('ListResolverQueryLogConfigAssociations'),
  ]);
  const ordered = [...associations.FirewallRuleGroupAssociations].sort((a, b) => a.Priority - b.Priority);
  const rules = await Promise.all(ordered.map(async ({ FirewallRuleGroupId }) => {
    const { FirewallRules } = await call('ListFirewallRules', { FirewallRuleGroupId });
    return Promise.all(FirewallRules.map(async (rule: any): Promise<LiveDnsRule> => ({
      list: rule.FirewallDomainListId,
      group: FirewallRuleGroupId,
      action: rule.Action,
      response: rule.BlockResponse,
      type: rule.Qtype,
      redirection: rule.FirewallDomainRedirectionAction,
      domains: await domainsOf(account, rule.FirewallDomainListId),
    })));
  }));
  const config = configs.FirewallConfigs.find(({ ResourceId }: any) => ResourceId === vpc);
  const ofVpc = logs.ResolverQueryLogConfigAssociations.filter(({ ResourceId }: any) => ResourceId === vpc);
  return {
    rules: rules.flat(),
    associations: ordered,
    failOpen: config?.FirewallFailOpen,
    config: config?.Id,
    logs: await Promise.all(ofVpc.map(async ({ ResolverQueryLogConfigId }: any) => {
      const { ResolverQueryLogConfig } = await call('GetResolverQueryLogConfig', { ResolverQueryLogConfigId });
      return { id: ResolverQueryLogConfigId, destination: ResolverQueryLogConfig.DestinationArn };
    })),
  };
}

async function domainsOf(account: Pick<AwsAccount, 'gateway' | 'region'>, FirewallDomainListId: string): Promise<readonly string[]> {
  const domains: string[] = [];
  let NextToken: string | undefined;
  do {
    const answer = await resolver(account, 'ListFirewallDomains', { FirewallDomainListId, ...(NextToken ? { NextToken } : {}) });
    domains.push(...answer.Domains.map((domain: string) => domain.replace(/\.$/, '')));
    NextToken = answer.NextToken;
  } while (NextToken);
  return domains;
}

/** Whether a name is resolved: the first rule that fits decides, and with none it is. */
export function resolves({ rules }: LiveDns, name: string, type = 'A'): boolean {
  const decisive = rules.find((rule) => (rule.type === undefined || rule.type === type) && rule.domains.some((domain) => (
    domain.startsWith('*') ? name.endsWith(domain.slice(1)) && name.length >= domain.length : domain === name)));
  return decisive?.action !== 'BLOCK';
}
