/**
 * What AWS refuses because something else is in the way; moto goes ahead. Without these, a stack
 * that takes things down in the wrong order would pass here and hang on AWS.
 */
import {
  DescribeInternetGatewaysCommand, DescribeNatGatewaysCommand, DescribeRouteTablesCommand, DescribeVpcEndpointsCommand, type EC2Client,
} from '@aws-sdk/client-ec2';
import type { MotoGap } from './gap';

/** A subnet has one route table; to give it another, the association is replaced or taken away first. */
const oneTablePerSubnet: MotoGap = {
  service: 'ec2',
  operations: ['AssociateRouteTable'],
  async refuse(request, moto) {
    const subnet = request.get('SubnetId');
    if (!subnet) return undefined;
    const { RouteTables = [] } = await moto.send(new DescribeRouteTablesCommand({ Filters: [{ Name: 'association.subnet-id', Values: [subnet] }] }));
    const other = RouteTables.find(({ RouteTableId }) => RouteTableId !== request.get('RouteTableId'));
    return other && { code: 'Resource.AlreadyAssociated', message: `${subnet} is associated with ${other.RouteTableId}` };
  },
};

/** An endpoint or NAT gateway has a network interface in each of its subnets. */
const subnetsInUse: MotoGap = {
  service: 'ec2',
  operations: ['DeleteSubnet'],
  async refuse(request, moto) {
    const subnet = request.get('SubnetId')!;
    const users = [...await endpointsIn(moto, subnet), ...await natGateways(moto, 'subnet-id', subnet)];
    return users.length > 0 ? { code: 'DependencyViolation', message: `The subnet '${subnet}' has dependencies and cannot be deleted: ${users.join(', ')}` } : undefined;
  },
};

/** A gateway stays as long as something in its network has a public address. */
const gatewaysInUse: MotoGap = {
  service: 'ec2',
  operations: ['DetachInternetGateway'],
  async refuse(request, moto) {
    const users = await natGateways(moto, 'vpc-id', request.get('VpcId')!);
    return users.length > 0 ? { code: 'DependencyViolation', message: `Network ${request.get('VpcId')} has some mapped public address(es): ${users.join(', ')}` } : undefined;
  },
};

const attachedGateway: MotoGap = {
  service: 'ec2',
  operations: ['DeleteVpc'],
  async refuse(request, moto) {
    const vpc = request.get('VpcId')!;
    const { InternetGateways = [] } = await moto.send(new DescribeInternetGatewaysCommand({ Filters: [{ Name: 'attachment.vpc-id', Values: [vpc] }] }));
    return InternetGateways.length > 0 ? { code: 'DependencyViolation', message: `The vpc '${vpc}' has dependencies and cannot be deleted.` } : undefined;
  },
};

export const DEPENDENCIES: readonly MotoGap[] = [oneTablePerSubnet, subnetsInUse, gatewaysInUse, attachedGateway];

async function endpointsIn(moto: EC2Client, subnet: string): Promise<string[]> {
  const { VpcEndpoints = [] } = await moto.send(new DescribeVpcEndpointsCommand({}));
  return VpcEndpoints.filter(({ State, SubnetIds = [] }) => State?.toLowerCase() === 'available' && SubnetIds.includes(subnet)).map(({ VpcEndpointId }) => VpcEndpointId!);
}

async function natGateways(moto: EC2Client, filter: string, value: string): Promise<string[]> {
  const { NatGateways = [] } = await moto.send(new DescribeNatGatewaysCommand({ Filter: [{ Name: filter, Values: [value] }] }));
  return NatGateways.filter(({ State }) => State === 'available').map(({ NatGatewayId }) => NatGatewayId!);
}
