/** Zones of inspected subnets against those of the endpoints. */
import { leavingRoutes, tableOf } from '../../model/aws/facts';
import { crossesAndReturns } from '../../model/aws/shared-zones';
import { onlyOf } from '../../model/aws/read';
import type { AwsModel } from '../../model/aws/model';
import type { AwsSubnet } from '../../model/aws/subnets';
import type { Check } from '../check';
import { plannedEnvironments } from '../../model/aws/planned-environments';

/** A zone that lies behind an endpoint of another one. */
interface Missing {
  readonly firewall: { readonly address: string };
  readonly subnet: AwsSubnet;
  readonly crosses: boolean;
}

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
    const missing = new Map<string, Missing>();
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
        if (firewall.network !== subnet.network) continue;
        const crosses = crossesAndReturns(model, subnet);
        const agreed = crosses && plannedEnvironments(model, policy).some((aws) => aws.egressZones && aws.zones.some(({ name }) => name === subnet.zone) && firewall.subnets.every(({ zone }) => zone !== undefined && aws.egressZones?.includes(zone)));
        const key = `${firewall.address} ${subnet.zone}`;
        const other = missing.get(key);
        // Of those in a zone the worst speaks for all, else the first by address, in whatever order a plan has them.
        if (agreed || (other && (crosses === other.crosses ? other.subnet.address <= subnet.address : crosses))) continue;
        missing.set(key, { firewall, subnet, crosses });
      }
    }
    for (const { firewall, subnet, crosses } of missing.values()) {
      yield { address: firewall.address, ...(crosses ? { severity: 'low' as const } : {}), message: `${firewall.address} has no endpoint in ${subnet.zone}, where ${subnet.address} lies${crosses ? '; its traffic crosses to another zone and comes back the same way' : ''}`, ...(subnet.segment === undefined ? {} : { segment: subnet.segment }) };
    }
  },
};
