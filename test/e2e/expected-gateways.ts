/** What `gatewayEndpoints` makes of a network, in the account. */
import type { AwsEnvironment } from '../../blueprints/policy/model';
import type { NetworkCheck } from './expected-network';
import { subnetAt, tableOf } from './live-network';

/** The public addresses that a private or data segment reaches by gateway endpoints. */
export function gatewayRangesOf({ gatewayEndpoints = {} }: AwsEnvironment, segment: string): readonly string[] {
  return Object.values(gatewayEndpoints).filter(({ segments }) => segments?.includes(segment) ?? true).flatMap(({ ranges }) => ranges);
}

export const gatewayEndpointsOfSegments: NetworkCheck = {
  id: 'gateway-endpoints-of-segments',
  claim: 'gateway endpoints are in the tables of the segments that use them and in no others, and the ACLs there let their ranges through, both ways',
  seen: (network, { environment, segments, zones, blocksIn }) => Object.entries(environment.gatewayEndpoints ?? {}).flatMap(([service, { segments: asked, ranges }]) => {
    const gateway = network.endpoints.find(({ VpcEndpointType, ServiceName }) => VpcEndpointType === 'Gateway' && ServiceName?.endsWith(`.${service}`))?.VpcEndpointId;
    if (!gateway) return [`${service} has no gateway endpoint`];
    return segments.flatMap(({ name, tier }) => zones.flatMap((zone) => blocksIn(name, zone)).flatMap((block) => {
      const uses = asked ? asked.includes(name) : tier !== 'public';
      const own = subnetAt(network, block);
      const leads = (tableOf(network, own).Routes ?? []).some(({ GatewayId, DestinationPrefixListId }) => GatewayId === gateway && DestinationPrefixListId?.startsWith('pl-'));
      const entries = network.acls.find(({ Associations = [] }) => Associations.some(({ SubnetId }) => SubnetId === own.SubnetId))?.Entries ?? [];
      const lets = (egress: boolean, from: number, to: number) => ranges.filter((range) => !entries.some(({ RuleAction, Egress, Protocol, PortRange, CidrBlock }) => (
        RuleAction === 'allow' && Egress === egress && (Protocol === '-1' || (Protocol === '6' && PortRange!.From! <= from && to <= PortRange!.To!)) && (CidrBlock === range || CidrBlock === '0.0.0.0/0'))));
      return [
        ...(leads === uses ? [] : [`${name} (${block}) ${leads ? 'has' : 'lacks'} the route to ${service}`]),
        ...(uses ? lets(true, 443, 443).map((range) => `${name} (${block}) sends nothing to ${range}`) : []),
        ...(uses ? lets(false, 1024, 65535).map((range) => `${name} (${block}) hears nothing from ${range}`) : []),
      ];
    }));
  }),
};
