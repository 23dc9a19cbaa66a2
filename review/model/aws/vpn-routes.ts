/**
 * What virtual gateways announce, where that is all in the plan: the static routes of their connections, and no others.
 * https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNRoutingTypes.html
 * https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpn-attachments.html
 */
import type { PathLike } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { prefixOf, type Prefix } from './prefix-lists';
import { flagAt, textAt } from './read';

/** What joins a virtual gateway to networks elsewhere, or offers it to another account's; all but connections with static routes announce what they like. */
const JOINING = ['aws_vpn_connection', 'aws_dx_gateway_association', 'aws_dx_gateway_association_proposal', 'aws_dx_private_virtual_interface', 'aws_dx_hosted_private_virtual_interface_accepter'];

/** Whether a connection hears of no routes from its other side. */
export function isStatic(connection: Resource): boolean {
  return connection.type === 'aws_vpn_connection' && flagAt(connection, 'static_routes_only') === true;
}

/** Prefixes that the gateways which the path names announce; undefined where they may announce any, or are not the plan's own. */
export function announcedBy(graph: ResourceGraph, holder: Resource, path: PathLike): readonly Prefix[] | undefined {
  const { targets, exact } = holder.references(path, { types: ['aws_vpn_gateway'] });
  if (!exact || targets.length === 0) return undefined;
  const found: Prefix[] = [];
  for (const gateway of targets) {
    const joined = graph.referrers(gateway, JOINING).map(({ resource }) => resource);
    if (gateway.mode !== 'managed' || joined.length === 0 || !joined.every(isStatic)) return undefined;
    for (const { resource } of joined.flatMap((each) => graph.referrers(each, ['aws_vpn_connection_route']))) {
      const prefix = prefixOf(textAt(resource, 'destination_cidr_block') ?? '');
      if (!prefix) return undefined;
      found.push(prefix);
    }
  }
  return found;
}
