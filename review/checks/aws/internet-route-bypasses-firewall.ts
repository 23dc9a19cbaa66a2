/** Direct routes where the network has a firewall, and endpoints that are picked by position. */
import { leavingRoutes, placesBySubnet, plumbingOf, VerdictIndex } from '../../model/aws/facts';
import { firewallNetworks } from '../../model/aws/guarded-networks';
import { everyOf, onlyOf } from '../../model/aws/read';
import type { AwsRoute } from '../../model/aws/route-tables';
import type { AwsModel } from '../../model/aws/model';
import type { Check, Hit } from '../check';

export const check: Check<AwsModel> = {
  id: 'internet-route-bypasses-firewall',
  title: 'route to the internet around the firewall',
  severity: 'high',
  why: 'The firewall guards only what is routed to it: one more specific route, or one table, and its list means nothing.',
  fix: 'Lead the route to the firewall endpoint of the same zone, found by the zone and not by its place in the set.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/route-tables.html'],
  comparable: [],
  *run({ model, verdicts }) {
    const { firewall: endpoints, nat } = plumbingOf(model);
    const guarded = firewallNetworks(model.firewalls);
    const places = placesBySubnet(model);
    const index = new VerdictIndex(verdicts);
    const seen = new Set<unknown>();
    for (const subnet of model.subnets) {
      for (const table of everyOf(subnet.tables)) {
        const leaving = leavingRoutes(table);
        const hasFirewall = leaving.some((route) => route.target.kind === 'firewall');
        for (const route of leaving) {
          if (seen.has(route)) continue;
          const isDirect = route.target.kind !== 'firewall' && route.target.kind !== 'endpoint' && !endpoints.has(subnet);
          if (isDirect && leadsOnToFirewall(model, route)) continue;
          const isWorkload = guarded.has(subnet.network) && !nat.has(subnet) && subnet.tier !== 'public' && (subnet.tier !== undefined || route.target.kind === 'nat');
          const byPosition = route.target.byPosition === true;
          if (!byPosition && !(isDirect && (hasFirewall || isWorkload))) continue;
          seen.add(route);
          const verdict = (places.get(subnet) ?? []).map((place) => index.of(place, 4)).find((each) => each?.kind === 'open');
          yield {
            address: route.address,
            message: byPosition
              ? `${table.address} leads ${route.destination} to an endpoint of ${route.target.text} that is picked by its place in an unordered set: it may be another zone's, which has not seen the connection`
              : `${table.address} leads ${route.destination} to ${route.target.text}, around the firewall`,
            ...(byPosition ? { severity: 'medium' as const, confidence: 'likely' as const } : {}),
            ...(subnet.segment === undefined ? {} : { segment: subnet.segment }),
            witness: verdict?.witness ?? [{ address: subnet.address, kind: 'subnet' }, { address: route.address, kind: 'route', label: `${route.destination} -> ${route.target.text}` }],
          } satisfies Hit;
        }
      }
    }
  },
};

/** A NAT gateway in a subnet from which every way out leads to a firewall: the firewall comes after it. */
function leadsOnToFirewall(model: AwsModel, { target }: AwsRoute): boolean {
  if (target.kind !== 'nat' || target.resources.likely.length === 0) return false;
  return everyOf(target.resources).every((resource) => {
    const nat = model.nats.find((each) => each.resource === resource);
    const subnet = nat && onlyOf(nat.subnet);
    const leaving = leavingRoutes(subnet && onlyOf(subnet.tables));
    return leaving.length > 0 && leaving.every((route) => route.target.kind === 'firewall' && route.target.resources.likely.length > 0);
  });
}
