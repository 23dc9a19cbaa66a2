/** Firewall policies: which rule groups hold, in which order, and what happens to the rest. */
import type {
  CreateFirewallPolicyRequest, DeleteFirewallPolicyRequest, DescribeFirewallPolicyRequest, FirewallPolicy,
  FirewallPolicyResponse, ListFirewallPoliciesRequest, UpdateFirewallPolicyRequest,
} from '@aws-sdk/client-network-firewall';
import { demand } from '../api-error';
import type { Operation } from '../json-service';
import { encryptionOf, newToken, page, renewToken, type ApiObject, type Objects } from './objects';
import { orderOf, type RuleGroupObject } from './rule-groups';

/** https://docs.aws.amazon.com/network-firewall/latest/developerguide/quotas.html */
const MOST_GROUPS = 20;
const LARGEST_CAPACITY = 30_000;

const STATELESS_ACTIONS = ['aws:pass', 'aws:drop', 'aws:forward_to_sfe'];
/** https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html */
const STATEFUL_ACTIONS = ['strict', 'established', 'established_app_layer', 'established_app_layer_to_server']
  .flatMap((moment) => [`aws:drop_${moment}`, `aws:alert_${moment}`]);

/** A policy as it stands. */
export interface PolicyObject extends ApiObject {
  description: string | undefined;
  content: FirewallPolicy;
}

/** The ARNs of the rule groups that a policy refers to. */
export function groupsOf({ content }: { readonly content: FirewallPolicy }): readonly string[] {
  return [...content.StatefulRuleGroupReferences ?? [], ...content.StatelessRuleGroupReferences ?? []].map((reference) => reference.ResourceArn!);
}

/** @param usersOf the names of the firewalls that use a policy */
export function policyOperations(
  policies: Objects<PolicyObject>,
  groups: Objects<RuleGroupObject>,
  arnOf: (kind: string, name: string) => string,
  usersOf: (policy: PolicyObject) => readonly string[],
  hasInspection: (arn: string) => boolean,
): Record<string, Operation> {
  const find = (input: { FirewallPolicyArn?: string | undefined; FirewallPolicyName?: string | undefined }) =>
    policies.get({ arn: input.FirewallPolicyArn, name: input.FirewallPolicyName });
  const checkInspection = ({ TLSInspectionConfigurationArn: arn }: FirewallPolicy) =>
    demand(arn === undefined || hasInspection(arn), 'InvalidRequestException', `no TLS inspection configuration ${arn}`);
  const response = (policy: PolicyObject): FirewallPolicyResponse => ({
    FirewallPolicyName: policy.name,
    FirewallPolicyArn: policy.arn,
    FirewallPolicyId: policy.id,
    Description: policy.description,
    FirewallPolicyStatus: 'ACTIVE',
    Tags: policy.tags,
    ConsumedStatefulRuleCapacity: capacityOf(policy.content, groups),
    ConsumedStatelessRuleCapacity: 0,
    NumberOfAssociations: usersOf(policy).length,
    EncryptionConfiguration: encryptionOf(policy),
  });

  return {
    CreateFirewallPolicy: (input: CreateFirewallPolicyRequest) => {
      const { FirewallPolicyName: name, FirewallPolicy: content } = input;
      demand(name && content, 'InvalidRequestException', 'FirewallPolicyName and FirewallPolicy are required');
      checkPolicy(content, groups);
      checkInspection(content);
      const policy = policies.add({
        arn: arnOf('firewall-policy', name), name, id: newToken(), updateToken: newToken(), tags: input.Tags ?? [], encryption: input.EncryptionConfiguration,
        description: input.Description, content,
      });
      return { UpdateToken: policy.updateToken, FirewallPolicyResponse: response(policy) };
    },

    DescribeFirewallPolicy: (input: DescribeFirewallPolicyRequest) => {
      const policy = find(input);
      return { UpdateToken: policy.updateToken, FirewallPolicy: policy.content, FirewallPolicyResponse: response(policy) };
    },

    UpdateFirewallPolicy: (input: UpdateFirewallPolicyRequest) => {
      const policy = find(input);
      demand(input.FirewallPolicy, 'InvalidRequestException', 'FirewallPolicy is required');
      checkPolicy(input.FirewallPolicy, groups);
      const order = (content: FirewallPolicy) => content.StatefulEngineOptions?.RuleOrder ?? 'DEFAULT_ACTION_ORDER';
      demand(order(input.FirewallPolicy) === order(policy.content), 'InvalidRequestException', 'the rule order of a policy cannot be changed');
      // "You add it to a new firewall policy": an old one neither gets inspection nor loses it.
      demand(input.FirewallPolicy.TLSInspectionConfigurationArn === policy.content.TLSInspectionConfigurationArn,
        'InvalidRequestException', 'TLS inspection cannot be added to a policy or taken off it');
      renewToken(policy, input.UpdateToken);
      policy.content = input.FirewallPolicy;
      policy.encryption = input.EncryptionConfiguration ?? policy.encryption;
      policy.description = input.Description;
      return { UpdateToken: policy.updateToken, FirewallPolicyResponse: response(policy) };
    },

    DeleteFirewallPolicy: (input: DeleteFirewallPolicyRequest) => {
      const policy = find(input);
      const users = usersOf(policy);
      demand(users.length === 0, 'InvalidOperationException', `Unable to delete the object because it is still in use by: ${users.join(', ')}`);
      policies.remove(policy);
      return { FirewallPolicyResponse: { ...response(policy), FirewallPolicyStatus: 'DELETING' } };
    },

    ListFirewallPolicies: (input: ListFirewallPoliciesRequest) => {
      const { items, NextToken } = page(policies.all(), input);
      return { FirewallPolicies: items.map(({ name, arn }) => ({ Name: name, Arn: arn })), NextToken };
    },
  };
}

/** The checks that AWS makes and the Terraform provider does not. */
function checkPolicy(policy: FirewallPolicy, groups: Objects<RuleGroupObject>): void {
  checkStatelessDefaults(policy);
  const strict = policy.StatefulEngineOptions?.RuleOrder === 'STRICT_ORDER';
  checkStatefulDefaults(policy.StatefulDefaultActions ?? [], strict);

  const references = policy.StatefulRuleGroupReferences ?? [];
  demand(references.length <= MOST_GROUPS, 'LimitExceededException', `a policy takes ${MOST_GROUPS} stateful rule groups`);
  const priorities = references.map((reference) => reference.Priority);
  demand(priorities.every((priority) => (priority !== undefined) === strict), 'InvalidRequestException',
    'rule groups have a priority under STRICT_ORDER, and only there');
  demand(!strict || new Set(priorities).size === priorities.length, 'InvalidRequestException', 'two rule groups have the same priority');
  for (const { ResourceArn: arn } of references) {
    const group = groups.get({ arn });
    demand(group.type === 'STATEFUL', 'InvalidRequestException', `${group.name} is not a stateful rule group`);
    demand((orderOf(group) === 'STRICT_ORDER') === strict, 'InvalidRequestException', `the rule order of ${group.name} is not the policy's`);
  }
  const capacity = capacityOf(policy, groups);
  demand(capacity <= LARGEST_CAPACITY, 'LimitExceededException', `the rule groups have a capacity of ${capacity}; the limit is ${LARGEST_CAPACITY}`);
}

function checkStatelessDefaults({ StatelessDefaultActions, StatelessFragmentDefaultActions, StatelessCustomActions }: FirewallPolicy): void {
  const custom = new Set(StatelessCustomActions?.map((action) => action.ActionName));
  for (const actions of [StatelessDefaultActions, StatelessFragmentDefaultActions]) {
    const standard = actions?.filter((action) => STATELESS_ACTIONS.includes(action)) ?? [];
    demand(standard.length === 1, 'InvalidRequestException', `exactly one of ${STATELESS_ACTIONS.join(', ')} must be a stateless default action`);
    const unknown = actions?.find((action) => !STATELESS_ACTIONS.includes(action) && !custom.has(action));
    demand(!unknown, 'InvalidRequestException', `'${unknown}' is not a stateless action`);
  }
}

function checkStatefulDefaults(actions: readonly string[], strict: boolean): void {
  demand(strict || actions.length === 0, 'InvalidRequestException', 'stateful default actions need STRICT_ORDER');
  const unknown = actions.find((action) => !STATEFUL_ACTIONS.includes(action));
  demand(!unknown, 'InvalidRequestException', `'${unknown}' is not a stateful default action`);
  const drops = actions.filter((action) => action.startsWith('aws:drop_'));
  demand(drops.length <= 1, 'InvalidRequestException', 'only one drop action may be a stateful default action');
  const established = actions.some((action) => action.endsWith('_established'));
  const appLayer = actions.some((action) => action.includes('_app_layer'));
  demand(!established || !appLayer, 'InvalidRequestException', 'established and app_layer actions do not mix');
}

function capacityOf(policy: FirewallPolicy, groups: Objects<RuleGroupObject>): number {
  return (policy.StatefulRuleGroupReferences ?? []).reduce((sum, { ResourceArn: arn }) => sum + groups.get({ arn }).capacity, 0);
}
