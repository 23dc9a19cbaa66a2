/** Rule groups and their rules: one place per priority, a rule known by its list and query type. */
import { ApiError, demand } from '../api-error';
import type { Operation } from '../json-service';
import type { DomainListRecord } from './domain-lists';
import { page, type ApiRecord, type Records } from './records';

const MOST_RULES = 100;
const NAMED_TYPES = ['A', 'AAAA', 'CAA', 'CNAME', 'DS', 'MX', 'NAPTR', 'NS', 'PTR', 'SOA', 'SPF', 'SRV', 'TXT'];

/** A rule, in the words of the API. */
export interface FirewallRule {
  readonly FirewallRuleGroupId: string;
  readonly FirewallDomainListId: string;
  readonly Name: string;
  readonly Priority: number;
  readonly Action: string;
  readonly BlockResponse?: string;
  readonly FirewallDomainRedirectionAction?: string;
  readonly Qtype?: string;
}

export interface RuleGroupRecord extends ApiRecord {
  readonly Name: string;
  rules: FirewallRule[];
}

/** @param usersOf the VPCs that a group is associated with */
export function ruleGroupOperations(
  groups: Records<RuleGroupRecord>,
  lists: Records<DomainListRecord>,
  usersOf: (group: RuleGroupRecord) => readonly string[],
  owner: string,
): Record<string, Operation> {
  const describe = ({ Id, Arn, Name, rules }: RuleGroupRecord) => ({
    FirewallRuleGroup: { Id, Arn, Name, RuleCount: rules.length, Status: 'COMPLETE', OwnerId: owner, ShareStatus: 'NOT_SHARED' },
  });
  const find = (input: Partial<FirewallRule>) => {
    const group = groups.get(input.FirewallRuleGroupId);
    const rule = group.rules.find((each) => each.FirewallDomainListId === input.FirewallDomainListId && each.Qtype === (input.Qtype || undefined));
    if (!rule) throw new ApiError('ResourceNotFoundException', `no rule with list ${input.FirewallDomainListId} and query type ${input.Qtype ?? 'any'}`);
    return { group, rule };
  };

  return {
    CreateFirewallRuleGroup: (input) => {
      demand(input.Name, 'ValidationException', 'Name is required');
      return describe(groups.add(input.Name, input.Tags, { Name: input.Name, rules: [] }));
    },
    GetFirewallRuleGroup: (input) => describe(groups.get(input.FirewallRuleGroupId)),
    ListFirewallRuleGroups: (input) => page('FirewallRuleGroups', groups.all().map(({ Id, Arn, Name }) => ({ Id, Arn, Name })), input),
    DeleteFirewallRuleGroup: (input) => {
      const group = groups.get(input.FirewallRuleGroupId);
      const users = usersOf(group);
      demand(users.length === 0, 'ConflictException', `[RSLVR-02005] The rule group is associated with ${users.join(', ')}`);
      demand(group.rules.length === 0, 'ConflictException', `[RSLVR-02006] The rule group has ${group.rules.length} rules`);
      groups.remove(group);
      return describe(group);
    },

    CreateFirewallRule: ({ CreatorRequestId: _, ...input }) => {
      const group = groups.get(input.FirewallRuleGroupId);
      lists.get(input.FirewallDomainListId);
      demand(group.rules.length < MOST_RULES, 'LimitExceededException', `a rule group takes ${MOST_RULES} rules`);
      const twin = group.rules.find((each) => each.FirewallDomainListId === input.FirewallDomainListId && each.Qtype === input.Qtype);
      demand(!twin, 'ConflictException', `[RSLVR-02019] The domain list is used by the rule ${twin?.Name}`);
      const rule = { FirewallDomainRedirectionAction: 'INSPECT_REDIRECTION_DOMAIN', ...input };
      checkRule(rule, group.rules);
      group.rules.push(rule);
      return { FirewallRule: rule };
    },
    UpdateFirewallRule: (input) => {
      const { group, rule } = find(input);
      const others = group.rules.filter((each) => each !== rule);
      const changed = { ...rule, ...input };
      checkRule(changed, others);
      group.rules = [...others, changed];
      return { FirewallRule: changed };
    },
    DeleteFirewallRule: (input) => {
      const { group, rule } = find(input);
      group.rules = group.rules.filter((each) => each !== rule);
      return { FirewallRule: rule };
    },
    ListFirewallRules: (input) => {
      const rules = [...groups.get(input.FirewallRuleGroupId).rules].sort((a, b) => a.Priority - b.Priority);
      return page('FirewallRules', rules, input);
    },
  };
}

function checkRule({ Action, BlockResponse, Qtype, Priority, Name, FirewallDomainRedirectionAction }: FirewallRule, others: readonly FirewallRule[]): void {
  demand(['ALLOW', 'BLOCK', 'ALERT'].includes(Action), 'ValidationException', `'${Action}' is not an action`);
  demand((Action === 'BLOCK') === (BlockResponse !== undefined), 'ValidationException', 'BlockResponse belongs to BLOCK');
  demand(!BlockResponse || ['NODATA', 'NXDOMAIN', 'OVERRIDE'].includes(BlockResponse), 'ValidationException', `'${BlockResponse}' is not a response`);
  demand(['INSPECT_REDIRECTION_DOMAIN', 'TRUST_REDIRECTION_DOMAIN'].includes(FirewallDomainRedirectionAction ?? ''), 'ValidationException', `'${FirewallDomainRedirectionAction}' is not a redirection action`);
  const number = /^TYPE(\d+)$/.exec(Qtype ?? '')?.[1];
  demand(Qtype === undefined || NAMED_TYPES.includes(Qtype) || (number && Number(number) <= 65_334), 'ValidationException', `'${Qtype}' is not a query type`);
  demand(Number.isInteger(Priority), 'ValidationException', 'Priority is required');
  const taken = others.find((each) => each.Priority === Priority);
  demand(!taken, 'ConflictException', `[RSLVR-02012] ${Name} and ${taken?.Name} have the priority ${Priority}`);
}
