/** Routes outwards on subnets that hold data, or whose groups let nothing out. */
import { isDataStore, leavingRoutes, placesBySubnet, VerdictIndex } from '../../model/aws/facts';
import { groupEgress, type AwsGroup } from '../../model/aws/groups';
import { leadsToGateway, type AwsSubnet } from '../../model/aws/subnets';
import type { Step } from '../../paths/trace';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'data-internet-route',
  title: 'data tier, or a segment without hosts, with a route to the internet',
  severity: 'high',
  why: 'A subnet whose workloads may call nothing outside needs no route there: with one, a group rule more is a way out for the data.',
  fix: 'Take the route away, also one through the firewall; reach AWS services by private endpoints.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html'],
  comparable: [],
  *run({ model, verdicts }) {
    const index = new VerdictIndex(verdicts);
    const seen = new Set<string>();
    for (const [subnet, places] of placesBySubnet(model)) {
      const isData = subnet.tier === 'data' || places.every(isDataStore);
      const isClosed = subnet.tier === 'private' && places.every((place) => !place.groups.some((group) => letsOut(group, subnet)));
      if (!isData && !isClosed) continue;
      // Where the plan does not tell which it has, the one that it most likely has says most.
      for (const table of subnet.tables.likely.length > 0 ? subnet.tables.likely : subnet.tables.others) {
        const [route] = leavingRoutes(table);
        if (!route || seen.has(route.address)) continue;
        seen.add(route.address);
        const verdict = places[0] ? index.of(places[0], 4) : undefined;
        const way: readonly Step[] = [{ address: subnet.address, kind: 'subnet' }, { address: route.address, kind: 'route', label: `${route.destination} -> ${route.target.text}` }];
        yield {
          address: route.address,
          message: `${subnet.address} ${isData ? 'holds data' : 'may reach nothing outside'}, and ${table.address} leads ${route.destination} to ${route.target.text}`,
          ...(subnet.segment === undefined ? {} : { segment: subnet.segment }),
          ...(isData ? {} : { severity: 'medium' as const }),
          witness: verdict?.witness ?? way,
        };
      }
    }
  },
};

/** What a gateway endpoint carries needs no other route. */
function letsOut(group: AwsGroup, subnet: AwsSubnet): boolean {
  return ([4, 6] as const).some((family) => {
    const { certain, services, doubtful } = groupEgress(group, family);
    return certain.boxes.length + services.filter(({ service }) => !leadsToGateway(subnet, service)).length + doubtful.length > 0;
  });
}
