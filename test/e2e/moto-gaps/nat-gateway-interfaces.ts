import { DeleteNetworkInterfaceCommand, DescribeNatGatewaysCommand } from '@aws-sdk/client-ec2';
import type { MotoGap } from './gap';

/** moto makes a network interface for a NAT gateway, and leaves it behind when the gateway goes. */
export const natGatewayInterfaces: MotoGap = {
  service: 'ec2',
  operations: ['DeleteNatGateway'],
  async follow(request, moto) {
    const { NatGateways = [] } = await moto.send(new DescribeNatGatewaysCommand({ NatGatewayIds: [request.get('NatGatewayId')!] }));
    for (const { NetworkInterfaceId } of NatGateways.flatMap(({ NatGatewayAddresses = [] }) => NatGatewayAddresses)) {
      if (NetworkInterfaceId) await moto.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
    }
  },
};
