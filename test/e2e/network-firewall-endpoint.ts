/**
 * A stand-in for AWS Network Firewall, which moto has only in part: state in memory, and the
 * checks that AWS makes.
 *
 * It answers the operations that Terraform's AWS provider and a reader of the account call, and
 * refuses what AWS refuses: deleting what is in use, stale update tokens, changes of protected
 * firewalls, two log destinations at once, rules and policies that the provider lets through.
 * https://docs.aws.amazon.com/network-firewall/latest/APIReference/Welcome.html
 */
import type {
  ListTagsForResourceRequest, PutResourcePolicyRequest, TagResourceRequest, UntagResourceRequest,
} from '@aws-sdk/client-network-firewall';
import { ApiError, demand } from './api-error';
import type { JsonService, Operation } from './json-service';
import type { FirewallEndpoints } from './network-firewall/endpoints';
import type { FirewallObject } from './network-firewall/firewall-object';
import { firewallOperations, type FirewallContext } from './network-firewall/firewalls';
import { loggingOperations } from './network-firewall/logging';
import { Objects, type ApiObject } from './network-firewall/objects';
import { groupsOf, policyOperations, type PolicyObject } from './network-firewall/policies';
import { ruleGroupOperations, type RuleGroupObject } from './network-firewall/rule-groups';
import { tlsInspectionOperations, type TlsInspectionObject } from './network-firewall/tls-inspection';

/** What the stand-in has to be told. */
export interface NetworkFirewallOptions {
  readonly account: string;
  readonly region: string;
  readonly endpoints: FirewallEndpoints;
  /** How long a firewall takes to be made, changed or deleted, in milliseconds. Default: 0. */
  readonly settleTime?: number;
  /** Default: the clock of this machine, in milliseconds. */
  readonly now?: () => number;
}

/** Makes an empty Network Firewall of one account and region. */
export function networkFirewall({ account, region, endpoints, settleTime = 0, now = Date.now }: NetworkFirewallOptions): JsonService {
  const groups = new Objects<RuleGroupObject>('rule group');
  const policies = new Objects<PolicyObject>('firewall policy');
  const inspections = new Objects<TlsInspectionObject>('TLS inspection configuration');
  const firewalls = new Objects<FirewallObject>('firewall');
  const arnOf = (kind: string, name: string) => `arn:aws:network-firewall:${region}:${account}:${kind}/${name}`;
  const context: FirewallContext = { firewalls, policies, endpoints, arnOf, now, settleTime };
  const named = (objects: readonly ApiObject[]) => objects.map(({ name }) => name).sort();

  return {
    signingName: 'network-firewall',
    target: 'NetworkFirewall_20201112',
    operations: {
      ...ruleGroupOperations(groups, arnOf, (group) => named(policies.all().filter((policy) => groupsOf(policy).includes(group.arn)))),
      ...policyOperations(policies, groups, arnOf, (policy) => named(firewalls.all().filter(
        // A firewall that is going away holds on to its policy until it is gone.
        (firewall) => firewall.policyArn === policy.arn && !(firewall.deleting && now() >= firewall.settledAt),
      )), (arn) => inspections.has(arn)),
      ...tlsInspectionOperations(inspections, arnOf, ({ arn }) => named(policies.all().filter(({ content }) => content.TLSInspectionConfigurationArn === arn))),
      ...firewallOperations(context),
      ...loggingOperations(context),
      ...tagOperations([groups, policies, inspections, firewalls] as readonly Objects<ApiObject>[]),
      ...resourcePolicyOperations(),
    },
  };
}

function tagOperations(kinds: readonly Objects<ApiObject>[]): Record<string, Operation> {
  const find = (arn: string | undefined): ApiObject => {
    const kind = kinds.find((objects) => objects.has(arn ?? ''));
    if (!kind) throw new ApiError('ResourceNotFoundException', `nothing to tag at ${arn}`);
    return kind.get({ arn });
  };
  return {
    ListTagsForResource: (input: ListTagsForResourceRequest) => ({ Tags: find(input.ResourceArn).tags }),
    TagResource: (input: TagResourceRequest) => {
      const object = find(input.ResourceArn);
      const added = input.Tags ?? [];
      object.tags = [...object.tags.filter(({ Key }) => !added.some((tag) => tag.Key === Key)), ...added];
      return {};
    },
    UntagResource: (input: UntagResourceRequest) => {
      const object = find(input.ResourceArn);
      object.tags = object.tags.filter(({ Key }) => !input.TagKeys?.includes(Key!));
      return {};
    },
  };
}

/** Sharing with other accounts: kept as given. */
function resourcePolicyOperations(): Record<string, Operation> {
  const policies = new Map<string, string>();
  const find = ({ ResourceArn: arn }: { ResourceArn?: string }) => {
    const Policy = policies.get(arn ?? '');
    demand(Policy !== undefined, 'ResourceNotFoundException', `no resource policy of ${arn}`);
    return { arn: arn!, Policy };
  };
  return {
    PutResourcePolicy: (input: PutResourcePolicyRequest) => {
      demand(input.ResourceArn && input.Policy, 'InvalidRequestException', 'ResourceArn and Policy are required');
      policies.set(input.ResourceArn, input.Policy);
      return {};
    },
    DescribeResourcePolicy: (input) => ({ Policy: find(input).Policy }),
    DeleteResourcePolicy: (input) => {
      policies.delete(find(input).arn);
      return {};
    },
  };
}
