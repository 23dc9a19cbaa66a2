/** Which VPCs are filtered, and what happens there when the filter is out of order. */
import { demand } from '../api-error';
import type { Operation } from '../json-service';
import { page, type ApiRecord, type Records } from './records';
import type { RuleGroupRecord } from './rule-groups';

const MOST_PER_VPC = 5;

export interface AssociationRecord extends ApiRecord {
  Name: string;
  readonly FirewallRuleGroupId: string;
  readonly VpcId: string;
  Priority: number;
  MutationProtection: string;
}

export interface ConfigRecord extends ApiRecord {
  readonly ResourceId: string;
  FirewallFailOpen: string;
}

export function associationOperations(associations: Records<AssociationRecord>, groups: Records<RuleGroupRecord>): Record<string, Operation> {
  const describe = (association: AssociationRecord) => {
    const { tags: _tags, settledAt: _settledAt, ...rest } = association;
    return { ...rest, Status: associations.settled(association) ? 'COMPLETE' : 'UPDATING' };
  };
  const checkPriority = (priority: number, others: readonly AssociationRecord[]) => {
    demand(priority > 100 && priority < 9_000, 'ValidationException', `the priority ${priority} is not between 100 and 9000`);
    demand(others.every((other) => other.Priority !== priority), 'ConflictException', `[RSLVR-02013] the priority ${priority} is taken`);
  };
  const ofVpc = (vpc: string) => associations.all().filter(({ VpcId }) => VpcId === vpc);

  return {
    AssociateFirewallRuleGroup: ({ Name, Priority, VpcId, FirewallRuleGroupId, MutationProtection = 'DISABLED', Tags }) => {
      groups.get(FirewallRuleGroupId);
      const others = ofVpc(VpcId);
      demand(VpcId && Name, 'ValidationException', 'VpcId and Name are required');
      demand(others.length < MOST_PER_VPC, 'LimitExceededException', `a VPC takes ${MOST_PER_VPC} rule groups`);
      demand(others.every((other) => other.FirewallRuleGroupId !== FirewallRuleGroupId), 'ConflictException', '[RSLVR-02014] the rule group is associated already');
      checkPriority(Priority, others);
      return { FirewallRuleGroupAssociation: describe(associations.add(Name, Tags, { Name, Priority, VpcId, FirewallRuleGroupId, MutationProtection })) };
    },
    GetFirewallRuleGroupAssociation: (input) => ({ FirewallRuleGroupAssociation: describe(associations.get(input.FirewallRuleGroupAssociationId)) }),
    ListFirewallRuleGroupAssociations: (input) => page('FirewallRuleGroupAssociations', associations.all().filter(({ VpcId }) => !input.VpcId || VpcId === input.VpcId).map(describe), input),
    UpdateFirewallRuleGroupAssociation: ({ FirewallRuleGroupAssociationId, Name, Priority, MutationProtection }) => {
      const association = associations.get(FirewallRuleGroupAssociationId);
      const moved = (Name ?? association.Name) !== association.Name || (Priority ?? association.Priority) !== association.Priority;
      demand(!moved || association.MutationProtection === 'DISABLED', 'AccessDeniedException', '[RSLVR-02017] the association is protected against changes');
      checkPriority(Priority ?? association.Priority, ofVpc(association.VpcId).filter((other) => other !== association));
      Object.assign(association, { Name: Name ?? association.Name, Priority: Priority ?? association.Priority, MutationProtection: MutationProtection ?? association.MutationProtection });
      associations.settle(association);
      return { FirewallRuleGroupAssociation: describe(association) };
    },
    DisassociateFirewallRuleGroup: (input) => {
      const association = associations.get(input.FirewallRuleGroupAssociationId);
      demand(association.MutationProtection === 'DISABLED', 'AccessDeniedException', '[RSLVR-02017] the association is protected against removal');
      associations.remove(association);
      return { FirewallRuleGroupAssociation: { ...describe(association), Status: 'DELETING' } };
    },
  };
}

/** One per VPC, made by the first call that asks for it; it cannot be deleted. */
export function configOperations(configs: Records<ConfigRecord>, owner: string): Record<string, Operation> {
  const of = (ResourceId: string) => configs.all().find((config) => config.ResourceId === ResourceId) ?? configs.add(undefined, [], { ResourceId, FirewallFailOpen: 'DISABLED' });
  const describe = ({ Id, ResourceId, FirewallFailOpen }: ConfigRecord) => ({ Id, OwnerId: owner, ResourceId, FirewallFailOpen });
  return {
    UpdateFirewallConfig: ({ ResourceId, FirewallFailOpen }) => {
      demand(['ENABLED', 'DISABLED', 'USE_LOCAL_RESOURCE_SETTING'].includes(FirewallFailOpen), 'ValidationException', `'${FirewallFailOpen}' is not a setting`);
      const config = of(ResourceId);
      config.FirewallFailOpen = FirewallFailOpen;
      return { FirewallConfig: describe(config) };
    },
    GetFirewallConfig: ({ ResourceId }) => ({ FirewallConfig: describe(of(ResourceId)) }),
    ListFirewallConfigs: (input) => page('FirewallConfigs', configs.all().map(describe), input),
  };
}
