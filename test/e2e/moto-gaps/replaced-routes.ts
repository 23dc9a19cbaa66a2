import { CreateRouteCommand, DeleteRouteCommand } from '@aws-sdk/client-ec2';
import type { MotoGap } from './gap';

/** moto forgets where a route leads that is replaced by one to a VPC endpoint, a firewall's above all. */
export const replacedRoutes: MotoGap = {
  service: 'ec2',
  operations: ['ReplaceRoute'],
  async follow(request, moto) {
    const VpcEndpointId = request.get('VpcEndpointId');
    if (VpcEndpointId === null) return;
    const route = { RouteTableId: request.get('RouteTableId')!, DestinationCidrBlock: request.get('DestinationCidrBlock')! };
    await moto.send(new DeleteRouteCommand(route));
    await moto.send(new CreateRouteCommand({ ...route, VpcEndpointId }));
  },
};
