import { Construct } from 'constructs';
import { DataAwsInternetGateway } from '@cdktf/provider-aws/lib/data-aws-internet-gateway';
import { DataAwsNetworkAcls } from '@cdktf/provider-aws/lib/data-aws-network-acls';
import { DataAwsSubnet } from '@cdktf/provider-aws/lib/data-aws-subnet';
import { DataAwsVpc } from '@cdktf/provider-aws/lib/data-aws-vpc';
import type { ResidualRisk } from '../egress-control';

/** What is said of a VPC that somebody else made. */
export interface AwsExistingVpcProps {
  readonly vpcId: string;
  /** Its block: a plan fails when the VPC has another. */
  readonly cidr: string;
}

/**
 * A VPC that is there, and subnets in it, read and held against what was said of them.
 *
 * Id, block, zone and VPC are all asked for, so that a plan finds nothing and fails when one of them
 * is another's; what else the design rests on are conditions: no IPv6, names resolved, no public
 * addresses on launch.
 */
export class AwsExistingVpc extends Construct {
  readonly vpc: DataAwsVpc;

  constructor(scope: Construct, id: string, { vpcId, cidr }: AwsExistingVpcProps) {
    super(scope, id);
    this.vpc = new DataAwsVpc(this, 'vpc', {
      id: vpcId,
      cidrBlock: cidr,
      lifecycle: {
        postcondition: [
          { condition: '${self.ipv6_cidr_block == ""}', errorMessage: 'The VPC has an IPv6 range, and none of these rules speak of IPv6. Take the range away.' },
          { condition: '${self.enable_dns_support && self.enable_dns_hostnames}', errorMessage: 'Private endpoints need enable_dns_support and enable_dns_hostnames on the VPC.' },
        ],
      },
    });
  }

  /** Its internet gateway: a plan fails when that of another network is named. */
  internetGateway(internetGatewayId: string): DataAwsInternetGateway {
    return new DataAwsInternetGateway(this, 'internet-gateway', { internetGatewayId, filter: [{ name: 'attachment.vpc-id', values: [this.vpc.id] }] });
  }

  /** The network ACL that the VPC was born with. */
  get defaultNetworkAclId(): string {
    const acls = new DataAwsNetworkAcls(this, 'default-acl', { vpcId: this.vpc.id, filter: [{ name: 'default', values: ['true'] }] });
    return `\${one(data.${acls.terraformResourceType}.${acls.friendlyUniqueId}.ids)}`;
  }

  /** A subnet of it, in the scope of its segment. */
  subnet(scope: Construct, id: string, given: { readonly id: string; readonly cidr: string; readonly zone: string }): DataAwsSubnet {
    return new DataAwsSubnet(scope, id, {
      id: given.id,
      cidrBlock: given.cidr,
      availabilityZone: given.zone,
      vpcId: this.vpc.id,
      lifecycle: {
        postcondition: [
          { condition: '${!self.map_public_ip_on_launch}', errorMessage: `${given.id} gives public addresses to what is launched in it. Switch map_public_ip_on_launch off.` },
          { condition: '${self.ipv6_cidr_block == ""}', errorMessage: `${given.id} has an IPv6 range, and none of these rules speak of IPv6. Take the range away.` },
        ],
      },
    });
  }
}

/** What nobody can say of a network that is made elsewhere. */
export function existingNetworkRisk(vpcId: string, emptied: boolean, segments: readonly string[]): ResidualRisk {
  return {
    id: 'existing-network',
    summary: `${vpcId} was made elsewhere: its other subnets, route tables, gateways, peerings and endpoints are neither built nor reviewed here${emptied ? '' : ', and its default group, ACL and main route table are left as they are'}.`,
    mitigation: 'Review the plans of whoever made it as well (egress review), and look for internet paths with Network Access Analyzer.',
    segments,
  };
}
