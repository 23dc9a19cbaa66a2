/**
 * A stand-in for the Route 53 Resolver API: DNS Firewall and query logs, of which moto has only a
 * part of the second. State in memory, and the checks that AWS makes.
 *
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_Operations_Amazon_Route_53_Resolver.html
 */
import { ApiError } from './api-error';
import type { JsonService, Operation } from './json-service';
import { associationOperations, configOperations, type AssociationRecord, type ConfigRecord } from './route53-resolver/associations';
import { domainListOperations, type DomainListRecord } from './route53-resolver/domain-lists';
import { queryLogOperations, type QueryLogAssociationRecord, type QueryLogRecord } from './route53-resolver/query-logs';
import { Records, type ApiRecord, type Site, type Tag } from './route53-resolver/records';
import { ruleGroupOperations, type RuleGroupRecord } from './route53-resolver/rule-groups';

/** Makes an empty resolver of one account and region. Default: changes take no time, by this machine's clock. */
export function route53Resolver(options: Pick<Site, 'account' | 'region'> & Partial<Site>): JsonService {
  const site: Site = { now: Date.now, settleTime: 0, ...options };
  const lists = new Records<DomainListRecord>(site, 'rslvr-fdl', 'firewall-domain-list');
  const groups = new Records<RuleGroupRecord>(site, 'rslvr-frg', 'firewall-rule-group');
  const associations = new Records<AssociationRecord>(site, 'rslvr-frgassoc', 'firewall-rule-group-association');
  const configs = new Records<ConfigRecord>(site, 'rslvr-fc', 'firewall-config');
  const logs = new Records<QueryLogRecord>(site, 'rqlc', 'resolver-query-log-config');
  const logAssociations = new Records<QueryLogAssociationRecord>(site, 'rqlca', 'resolver-query-log-config-association');
  const { account } = site;

  return {
    signingName: 'route53resolver',
    target: 'Route53Resolver',
    operations: {
      ...domainListOperations(lists, ({ Id }) => groups.all().flatMap(({ rules }) => rules.filter((rule) => rule.FirewallDomainListId === Id).map(({ Name }) => Name))),
      ...ruleGroupOperations(groups, lists, ({ Id }) => associations.all().filter((each) => each.FirewallRuleGroupId === Id).map(({ VpcId }) => VpcId), account),
      ...associationOperations(associations, groups),
      ...configOperations(configs, account),
      ...queryLogOperations(logs, logAssociations, account),
      ...tagOperations([lists, groups, associations, logs] as unknown as readonly Records<ApiRecord>[]),
    },
  };
}

function tagOperations(kinds: readonly Records<ApiRecord>[]): Record<string, Operation> {
  const find = (arn: string): ApiRecord => {
    const found = kinds.flatMap((records) => records.all()).find(({ Arn }) => Arn === arn);
    if (!found) throw new ApiError('ResourceNotFoundException', `nothing to tag at ${arn}`);
    return found;
  };
  return {
    ListTagsForResource: ({ ResourceArn }) => ({ Tags: find(ResourceArn).tags }),
    TagResource: ({ ResourceArn, Tags }) => {
      const record = find(ResourceArn);
      record.tags = [...record.tags.filter(({ Key }) => !Tags.some((tag: Tag) => tag.Key === Key)), ...Tags];
      return {};
    },
    UntagResource: ({ ResourceArn, TagKeys }) => {
      const record = find(ResourceArn);
      record.tags = record.tags.filter(({ Key }) => !TagKeys.includes(Key));
      return {};
    },
  };
}
