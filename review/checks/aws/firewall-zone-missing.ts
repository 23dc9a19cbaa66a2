/** Zones of inspected subnets against those of the endpoints. */
import { leavingRoutes, tableOf } from '../../model/aws/facts';
import { crossesAndReturns } from '../../model/aws/shared-zones';
import { onlyOf } from '../../model/aws/read';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';
import { plannedEnvironments } from '../../model/aws/planned-environments';

export const check: Check<AwsModel> = {
  id: 'firewall-zone-missing',
  title: 'zone without a firewall endpoint',
  severity: 'medium',
  why: 'Traffic of that zone crosses to another one, and stops when the other one fails.',
  fix: 'Add a subnet of the zone to the subnet_mapping of the firewall, or say in the policy that zones share a way out (egressZones).',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/arch-two-zone-igw.html'],
  comparable: [],
  *run({ model, policy }) {
    const seen = new Set<string>();
    for (const subnet of model.subnets) {
      for (const route of leavingRoutes(tableOf(subnet))) {
        const resource = onlyOf(route.target.resources);
        const firewall = resource && model.find.firewall(resource);
        const named = firewall && route.target.zone;
        if (named !== undefined && firewall?.subnetsUnknown === undefined && firewall?.subnets.every((each) => each.zone !== undefined && each.zone !== named) && !seen.has(route.address)) {
          seen.add(route.address);
          yield { address: route.address, message: `${route.address} leads to the endpoint of ${firewall.address} in ${named}, and there is none`, ...(subnet.segment === undefined ? {} : { segment: subnet.segment }) };
        }
        if (!firewall || subnet.zone === undefined || firewall.subnetsUnknown !== undefined || firewall.subnets.some((each) => each.zone === undefined || each.zone === subnet.zone)) continue;
        if (firewall.network !== subnet.network || seen.has(`${firewall.address} ${subnet.zone}`)) continue;
        seen.add(`${firewall.address} ${subnet.zone}`);
        const agreed = plannedEnvironments(model, policy).some((aws) => aws.egressZones && aws.zones.some(({ name }) => name === subnet.zone) && firewall.subnets.every(({ zone }) => zone !== undefined && aws.egressZones?.includes(zone)));
        const crosses = crossesAndReturns(model, subnet);
        if (agreed && crosses) continue;
        yield { address: firewall.address, ...(crosses ? { severity: 'low' as const } : {}), message: `${firewall.address} has no endpoint in ${subnet.zone}, where ${subnet.address} lies${crosses ? '; its traffic crosses to another zone and comes back the same way' : ''}`, ...(subnet.segment === undefined ? {} : { segment: subnet.segment }) };
      }
    }
  },
};
