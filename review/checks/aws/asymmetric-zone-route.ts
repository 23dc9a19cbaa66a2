/** Subnet and next hop in different zones, on the way out or back. */
import { plumbingOf, tableOf } from '../../model/aws/facts';
import { crossesAndReturns } from '../../model/aws/shared-zones';
import { NO_CHOICE, onlyOf } from '../../model/aws/read';
import type { AwsModel } from '../../model/aws/model';
import type { Check, Hit } from '../check';

export const check: Check<AwsModel> = {
  id: 'asymmetric-zone-route',
  title: 'route to the firewall or NAT gateway of another zone',
  severity: 'medium',
  why: 'A firewall endpoint keeps the connections of its own zone: a packet that comes back by another is dropped, or not inspected.',
  fix: 'Give each zone its own route tables, and lead each to the endpoint and the NAT gateway of that zone.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/arch-two-zone-igw.html'],
  comparable: [],
  *run({ model }) {
    const { firewall: endpoints } = plumbingOf(model);
    const seen = new Set<string>();
    for (const subnet of model.subnets) {
      const table = tableOf(subnet);
      if (!table || subnet.zone === undefined) continue;
      for (const route of table.routes) {
        const nat = onlyOf(route.target.resources);
        const gateway = route.target.kind === 'nat' && endpoints.has(subnet) && nat ? onlyOf(model.find.nat(nat)?.subnet ?? NO_CHOICE) : undefined;
        const zone = route.target.kind === 'firewall' ? route.target.zone : gateway?.zone;
        if (zone === undefined || zone === subnet.zone || seen.has(`${route.address} ${route.destination}`)) continue;
        // Slower and dearer, and yet one way out and back: firewall-zone-missing says so.
        if (route.target.kind === 'firewall' && !endpoints.has(subnet) && crossesAndReturns(model, subnet)) continue;
        seen.add(`${route.address} ${route.destination}`);
        yield {
          address: route.address,
          message: `${subnet.address} is in ${subnet.zone}, and ${table.address} leads ${route.destination} to ${route.target.text} in ${zone}`,
          ...(subnet.segment === undefined ? {} : { segment: subnet.segment }),
          witness: [{ address: subnet.address, kind: 'subnet' }, { address: route.address, kind: 'route', label: `${route.destination} -> ${route.target.text} in ${zone}` }],
        } satisfies Hit;
      }
    }
  },
};
