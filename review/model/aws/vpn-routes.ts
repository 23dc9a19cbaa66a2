/**
 * What virtual gateways announce, where that is all in the plan: the static routes of their connections, and no others.
 * https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNRoutingTypes.html
 * https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpn-attachments.html
 */
import type { PathLike } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { INTERNET } from '../addresses';
import { intersect, isEmpty } from '../ranges';
import { prefixOf } from './prefix-lists';
import { flagAt, textAt } from './read';

/** What joins a virtual gateway to networks elsewhere, or offers it to another account's; all but connections with static routes announce what they like. */
const JOINING = ['aws_vpn_connection', 'aws_dx_gateway_association', 'aws_dx_gateway_association_proposal', 'aws_dx_private_virtual_interface', 'aws_dx_hosted_private_virtual_interface_accepter'];

/** Whether a connection hears of no routes from its other side. */
export function isStatic(connection: Resource): boolean {
  return connection.type === 'aws_vpn_connection' && flagAt(connection, 'static_routes_only') === true;
}

/** Whether the gateways that the path names are the plan's own, and announce private addresses alone. */
export function announcesPrivateAlone(graph: ResourceGraph, holder: Resource, path: PathLike): boolean {
  const { targets, exact } = holder.references(path, { types: ['aws_vpn_gateway'] });
  return exact && targets.length > 0 && targets.every((gateway) => {
    const joined = graph.referrers(gateway, JOINING).map(({ resource }) => resource);
    return gateway.mode === 'managed' && joined.length > 0 && joined.every((each) => isStatic(each) && graph.referrers(each, ['aws_vpn_connection_route']).every(({ resource }) => isPrivate(resource)));
  });
}

function isPrivate(route: Resource): boolean {
  const prefix = prefixOf(textAt(route, 'destination_cidr_block') ?? '');
  return prefix !== undefined && isEmpty(intersect([prefix.range], INTERNET[prefix.family]));
}
