/** Rule groups: fixed capacity, one type for life, not deletable while a policy uses them. */
import type {
  CreateRuleGroupRequest, DeleteRuleGroupRequest, DescribeRuleGroupRequest, ListRuleGroupsRequest,
  RuleGroup, RuleGroupResponse, RuleGroupType, RuleOrder, UpdateRuleGroupRequest,
} from '@aws-sdk/client-network-firewall';
import { demand } from '../api-error';
import type { Operation } from '../json-service';
import { encryptionOf, newToken, page, renewToken, type ApiObject, type Objects } from './objects';
import { readRules } from './rule-text';

/** https://docs.aws.amazon.com/network-firewall/latest/developerguide/quotas.html */
const LARGEST_CAPACITY = 30_000;

/** A rule group as it stands. */
export interface RuleGroupObject extends ApiObject {
  readonly type: RuleGroupType;
  readonly capacity: number;
  description: string | undefined;
  content: RuleGroup;
}

/** In what order a stateful group's rules are meant to be evaluated. */
export function orderOf(group: RuleGroupObject): RuleOrder {
  return group.content.StatefulRuleOptions?.RuleOrder ?? 'DEFAULT_ACTION_ORDER';
}

/** The capacity that a group's content needs. */
export function consumedCapacity({ RulesSource }: RuleGroup): number {
  const { RulesString, RulesSourceList, StatefulRules, StatelessRulesAndCustomActions } = RulesSource ?? {};
  if (RulesString !== undefined) return readRules(RulesString).length;
  if (StatefulRules) return StatefulRules.length;
  if (RulesSourceList) return 1 + (RulesSourceList.Targets?.length ?? 0) * (RulesSourceList.TargetTypes?.length ?? 1);
  return StatelessRulesAndCustomActions?.StatelessRules?.length ?? 0;
}

/** @param usersOf the names of the policies that refer to a group */
export function ruleGroupOperations(
  groups: Objects<RuleGroupObject>,
  arnOf: (kind: string, name: string) => string,
  usersOf: (group: RuleGroupObject) => readonly string[],
): Record<string, Operation> {
  const find = (input: { RuleGroupArn?: string | undefined; RuleGroupName?: string | undefined; Type?: RuleGroupType | undefined }) => {
    const named = input.RuleGroupName !== undefined && input.RuleGroupArn === undefined;
    demand(!named || input.Type, 'InvalidRequestException', 'a rule group that is named needs its Type');
    return groups.get(named ? { arn: arnOf(kindOf(input.Type!), input.RuleGroupName!) } : { arn: input.RuleGroupArn });
  };
  const response = (group: RuleGroupObject): RuleGroupResponse => ({
    RuleGroupArn: group.arn,
    RuleGroupName: group.name,
    RuleGroupId: group.id,
    Description: group.description,
    Type: group.type,
    Capacity: group.capacity,
    RuleGroupStatus: 'ACTIVE',
    Tags: group.tags,
    ConsumedCapacity: consumedCapacity(group.content),
    NumberOfAssociations: usersOf(group).length,
    EncryptionConfiguration: encryptionOf(group),
  });

  return {
    CreateRuleGroup: (input: CreateRuleGroupRequest) => {
      const { RuleGroupName: name, Type: type, Capacity: capacity } = input;
      demand(name && type, 'InvalidRequestException', 'RuleGroupName and Type are required');
      demand(capacity && capacity <= LARGEST_CAPACITY, 'InvalidRequestException', `capacity must be 1-${LARGEST_CAPACITY}`);
      const content = contentOf(input);
      checkFits(content, capacity);
      const group = groups.add({
        arn: arnOf(kindOf(type), name), name, id: newToken(), updateToken: newToken(), tags: input.Tags ?? [], encryption: input.EncryptionConfiguration,
        type, capacity, description: input.Description, content,
      });
      return { UpdateToken: group.updateToken, RuleGroupResponse: response(group) };
    },

    DescribeRuleGroup: (input: DescribeRuleGroupRequest) => {
      const group = find(input);
      return { UpdateToken: group.updateToken, RuleGroup: group.content, RuleGroupResponse: response(group) };
    },

    UpdateRuleGroup: (input: UpdateRuleGroupRequest) => {
      const group = find(input);
      const content = contentOf(input);
      checkFits(content, group.capacity);
      const order = content.StatefulRuleOptions?.RuleOrder ?? 'DEFAULT_ACTION_ORDER';
      demand(order === orderOf(group), 'InvalidRequestException', 'the rule order of a rule group cannot be changed');
      renewToken(group, input.UpdateToken);
      group.content = content;
      group.encryption = input.EncryptionConfiguration ?? group.encryption;
      group.description = input.Description;
      return { UpdateToken: group.updateToken, RuleGroupResponse: response(group) };
    },

    DeleteRuleGroup: (input: DeleteRuleGroupRequest) => {
      const group = find(input);
      const users = usersOf(group);
      // The provider waits and tries again when it reads these words, for ten minutes, as it does with AWS.
      demand(users.length === 0, 'InvalidOperationException', `Unable to delete the object because it is still in use by: ${users.join(', ')}`);
      groups.remove(group);
      return { RuleGroupResponse: { ...response(group), RuleGroupStatus: 'DELETING' } };
    },

    ListRuleGroups: (input: ListRuleGroupsRequest) => {
      const all = groups.all().filter(({ type }) => !input.Type || type === input.Type);
      const { items, NextToken } = page(all, input);
      return { RuleGroups: items.map(({ name, arn }) => ({ Name: name, Arn: arn })), NextToken };
    },
  };
}

function kindOf(type: RuleGroupType): string {
  return `${type.toLowerCase()}-rulegroup`;
}

/** A request has either rules as text or a whole rule group. */
function contentOf({ Rules, RuleGroup: content }: CreateRuleGroupRequest | UpdateRuleGroupRequest): RuleGroup {
  demand((Rules === undefined) !== (content === undefined), 'InvalidRequestException', 'give either Rules or RuleGroup');
  return content ?? { RulesSource: { RulesString: Rules } };
}

function checkFits(content: RuleGroup, capacity: number): void {
  const needed = consumedCapacity(content);
  demand(needed > 0, 'InvalidRequestException', 'a rule group needs at least one rule');
  demand(needed <= capacity, 'InvalidRequestException', `the rules need a capacity of ${needed}, and this group has ${capacity}`);
}
