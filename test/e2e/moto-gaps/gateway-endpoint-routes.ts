import { CreateRouteCommand, DeleteRouteCommand, DescribeManagedPrefixListsCommand, DescribeVpcEndpointsCommand } from '@aws-sdk/client-ec2';
import type { MotoGap } from './gap';

/**
 * moto makes the routes of a gateway endpoint along with it, and neither adds nor removes one later.
 *
 * https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html#gateway-endpoint-routing
 */
export const gatewayEndpointRoutes: MotoGap = {
  service: 'ec2',
  operations: ['ModifyVpcEndpoint'],
  async follow(request, moto) {
    const tables = (verb: 'Add' | 'Remove') => [...request].filter(([key]) => key.startsWith(`${verb}RouteTableId.`)).map(([, value]) => value);
    const [added, removed] = [tables('Add'), tables('Remove')];
    if (added.length + removed.length === 0) return;
    const GatewayId = request.get('VpcEndpointId')!;
    const { VpcEndpoints = [] } = await moto.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds: [GatewayId] }));
    const { PrefixLists = [] } = await moto.send(new DescribeManagedPrefixListsCommand({}));
    const DestinationPrefixListId = PrefixLists.find(({ PrefixListName }) => PrefixListName === VpcEndpoints[0]?.ServiceName)?.PrefixListId;
    for (const RouteTableId of added) await moto.send(new CreateRouteCommand({ RouteTableId, DestinationPrefixListId, GatewayId }));
    for (const RouteTableId of removed) {
      await moto.send(new DeleteRouteCommand({ RouteTableId, DestinationPrefixListId })).catch((error: Error) => {
        // The table may have gone before.
        if (!error.name.endsWith('.NotFound')) throw error;
      });
    }
  },
};
