/** A VPC that somebody else made, and everything in it, by its own makers. */
import {
  AssociateRouteTableCommand, AttachInternetGatewayCommand, AuthorizeSecurityGroupIngressCommand, CreateInternetGatewayCommand, CreateRouteCommand,
  CreateRouteTableCommand, CreateSecurityGroupCommand, CreateSubnetCommand, CreateVpcCommand, DescribeInternetGatewaysCommand, DescribeVpcsCommand,
  ModifyVpcAttributeCommand,
} from '@aws-sdk/client-ec2';
import type { AwsAccount } from './aws-account';
import { RANGE, ZONE, type ExistingVpc, type NamedSubnet } from './existing-policy';
import { readNetwork } from './live-network';
import { plainCall } from './plain-call';

/** Makes it: a subnet for each segment, and beside them one of a neighbour, with a route table and a group of its own. */
export async function makeVpc(account: AwsAccount, segments: readonly string[]): Promise<ExistingVpc> {
  const { ec2 } = account;
  const VpcId = (await ec2.send(new CreateVpcCommand({ CidrBlock: RANGE }))).Vpc!.VpcId!;
  await ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value: true } }));
  const InternetGatewayId = (await ec2.send(new CreateInternetGatewayCommand({}))).InternetGateway!.InternetGatewayId!;
  await ec2.send(new AttachInternetGatewayCommand({ VpcId, InternetGatewayId }));
  const subnet = async (CidrBlock: string) => (await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone: ZONE }))).Subnet!.SubnetId!;

  const subnets: Record<string, NamedSubnet> = {};
  for (const [index, segment] of segments.entries()) {
    const cidr = `10.70.${index}.0/24`;
    subnets[segment] = { id: await subnet(cidr), cidr };
  }
  const RouteTableId = (await ec2.send(new CreateRouteTableCommand({ VpcId }))).RouteTable!.RouteTableId!;
  await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId: await subnet('10.70.200.0/24') }));
  await ec2.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId: InternetGatewayId }));
  const { GroupId } = await ec2.send(new CreateSecurityGroupCommand({ VpcId, GroupName: 'neighbour', Description: 'of the neighbour' }));
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] }));
  const logBucket = 'acme-security-logs';
  await plainCall(account, 's3', {}, '', { method: 'PUT', path: `/${logBucket}` });
  return { vpcId: VpcId, internetGatewayId: InternetGatewayId, logBucket, subnets };
}

/**
 * What the account has of the network, each thing as one line of JSON by its id.
 *
 * Which subnets an ACL serves is left out: naming a subnet in the policy hands its ACL over.
 */
export async function describeVpc(account: AwsAccount): Promise<ReadonlyMap<string, string>> {
  const [{ Vpcs = [] }, { InternetGateways = [] }, network] = await Promise.all([
    account.ec2.send(new DescribeVpcsCommand({})), account.ec2.send(new DescribeInternetGatewaysCommand({})), readNetwork(account),
  ]);
  const things: readonly (readonly [string | undefined, object])[] = [
    ...Vpcs.map((vpc) => [vpc.VpcId, vpc] as const),
    ...InternetGateways.map((gateway) => [gateway.InternetGatewayId, gateway] as const),
    ...network.subnets.map((subnet) => [subnet.SubnetId, subnet] as const),
    ...network.tables.map((table) => [table.RouteTableId, table] as const),
    ...network.groups.map((group) => [group.GroupId, group] as const),
    ...network.acls.map(({ Associations: _, ...acl }) => [acl.NetworkAclId, acl] as const),
  ];
  return new Map(things.map(([id, thing]) => [String(id), JSON.stringify(thing)]));
}

/** The ids of what the account gives to whatever names nothing else: default group, default ACL, main table. */
export async function defaultsOf(account: AwsAccount): Promise<readonly string[]> {
  const { groups, acls, tables } = await readNetwork(account);
  return [
    ...groups.filter(({ GroupName }) => GroupName === 'default').map(({ GroupId }) => GroupId!),
    ...acls.filter(({ IsDefault }) => IsDefault).map(({ NetworkAclId }) => NetworkAclId!),
    ...tables.filter(({ Associations = [] }) => Associations.some(({ Main }) => Main)).map(({ RouteTableId }) => RouteTableId!),
  ];
}
