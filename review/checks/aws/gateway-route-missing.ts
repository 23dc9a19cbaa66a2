/** Groups that name a service's prefix list, in subnets whose table the service's gateway endpoint is not in. */
import { leavingRoutes, placesBySubnet } from '../../model/aws/facts';
import { groupEgress } from '../../model/aws/groups';
import { everyOf } from '../../model/aws/read';
import { leadsToGateway, type AwsSubnet } from '../../model/aws/subnets';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'gateway-route-missing',
  title: 'route table that a gateway endpoint is missing from',
  severity: 'low',
  why: 'What the group lets through to the service takes the next best route: to a firewall or NAT gateway, past the policy of the endpoint, or nowhere.',
  fix: 'Associate the gateway endpoint with the route table of every subnet whose groups name its prefix list.',
  references: ['https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html'],
  comparable: [],
  *run({ model }) {
    if (!model.endpoints.some(({ kind }) => kind === 'gateway')) return;
    const seen = new Set<string>();
    for (const [subnet, places] of placesBySubnet(model)) {
      const services = new Set(places.flatMap((place) => place.groups.flatMap((group) => groupEgress(group, 4).services.map(({ service }) => service))));
      for (const service of services) {
        if (!isServed(model, subnet, service) || leadsToGateway(subnet, service)) continue;
        const tables = everyOf(subnet.tables);
        const address = tables[0]?.address ?? subnet.address;
        if (tables.length === 0 || tables.some((table) => table.possibleServices.has(service) || table.possibleServices.has('')) || seen.has(`${address} ${service}`)) continue;
        seen.add(`${address} ${service}`);
        const [way] = tables.flatMap((table) => leavingRoutes(table));
        yield {
          address,
          message: `${address} does not lead ${service} to its gateway endpoint, and ${way ? `what is sent there takes ${way.destination} to ${way.target.text}, past the endpoint's policy` : 'calls to it go nowhere'}`,
          ...(way ? { severity: 'medium' as const } : {}),
          ...(subnet.segment === undefined ? {} : { segment: subnet.segment }),
        };
      }
    }
  },
};

/** Whether the network has a gateway endpoint of the service; one that is made elsewhere says nothing of its tables. */
function isServed(model: AwsModel, subnet: AwsSubnet, service: string): boolean {
  return model.endpoints.some((endpoint) => endpoint.kind === 'gateway' && endpoint.service === service && endpoint.network === subnet.network);
}
