import { Construct } from 'constructs';
import { DefaultNetworkAcl } from '@cdktf/provider-aws/lib/default-network-acl';
import { DefaultRouteTable } from '@cdktf/provider-aws/lib/default-route-table';
import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group';

/** The ids of what is emptied. */
export interface AwsEmptiedDefaultsProps {
  readonly name: string;
  readonly vpcId: string;
  readonly networkAclId: string;
  readonly routeTableId: string;
  /**
   * Whether subnets that are not made here may be on the ACL. They cannot be taken off it, only given
   * another, so that each plan would want to and none could.
   * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/default_network_acl#managing-subnets-in-a-default-network-acl
   * @default - false: a subnet on it shows in the plan
   */
  readonly hasOtherSubnets?: boolean;
}

/**
 * Takes everything out of the group, ACL and route table that each VPC is born with.
 *
 * They apply to whatever names no other: an instance without a group, a subnet without an ACL or
 * a table. Emptied, forgetting means no network instead of an open one.
 * https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
 */
export class AwsEmptiedDefaults extends Construct {
  readonly securityGroup: DefaultSecurityGroup;
  readonly networkAcl: DefaultNetworkAcl;
  readonly routeTable: DefaultRouteTable;

  constructor(scope: Construct, id: string, { name, vpcId, networkAclId, routeTableId, hasOtherSubnets = false }: AwsEmptiedDefaultsProps) {
    super(scope, id);
    const tags = { Name: `${name}-default-unused` };
    this.securityGroup = new DefaultSecurityGroup(this, 'group', { vpcId, ingress: [], egress: [], tags });
    this.networkAcl = new DefaultNetworkAcl(this, 'acl', {
      defaultNetworkAclId: networkAclId, ingress: [], egress: [], tags,
      ...(hasOtherSubnets ? { lifecycle: { ignoreChanges: ['subnet_ids'] } } : {}),
    });
    this.routeTable = new DefaultRouteTable(this, 'table', { defaultRouteTableId: routeTableId, route: [], tags });
  }
}
