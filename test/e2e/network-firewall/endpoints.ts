/** What the firewalls need of EC2: where a subnet is, and an endpoint in it. */
import {
  CreateVpcEndpointCommand, DeleteVpcEndpointsCommand, DescribeSubnetsCommand, type EC2Client,
} from '@aws-sdk/client-ec2';
import { ApiError } from '../api-error';

/** Where a subnet is. */
export interface SubnetPlace {
  readonly vpc: string;
  readonly zone: string;
}

/** A firewall's way into a VPC; tests of the stand-in give one without EC2. */
export interface FirewallEndpoints {
  /** @throws ApiError when there is no such subnet */
  place(subnet: string): Promise<SubnetPlace>;
  /** Makes the endpoint of a firewall in a subnet and says its id. */
  create(firewallArn: string, subnet: string, vpc: string): Promise<string>;
  remove(endpoint: string): Promise<void>;
}

/**
 * Endpoints in EC2, as AWS makes them: type GatewayLoadBalancer, tagged with the firewall.
 *
 * They must exist there, because EC2 refuses a route to an endpoint that it does not know.
 */
export function ec2Endpoints(ec2: EC2Client, region: string): FirewallEndpoints {
  return {
    async place(subnet) {
      const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ Filters: [{ Name: 'subnet-id', Values: [subnet] }] }));
      const { VpcId: vpc, AvailabilityZone: zone } = Subnets[0] ?? {};
      if (!vpc || !zone) throw new ApiError('InvalidRequestException', `no subnet ${subnet}`);
      return { vpc, zone };
    },
    async create(firewallArn, subnet, vpc) {
      const { VpcEndpoint } = await ec2.send(new CreateVpcEndpointCommand({
        VpcEndpointType: 'GatewayLoadBalancer',
        ServiceName: `com.amazonaws.vpce.${region}.vpce-svc-00000000000000000`,
        VpcId: vpc,
        SubnetIds: [subnet],
        TagSpecifications: [{
          ResourceType: 'vpc-endpoint',
          Tags: [{ Key: 'AWSNetworkFirewallManaged', Value: 'true' }, { Key: 'Firewall', Value: firewallArn }],
        }],
      }));
      return VpcEndpoint!.VpcEndpointId!;
    },
    async remove(endpoint) {
      await ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [endpoint] }));
    },
  };
}
