/** Zones of inspected subnets against those of the endpoints. */
import { leavingRoutes, tableOf } from '../../model/aws/facts';
import { onlyOf } from '../../model/aws/read';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'firewall-zone-missing',
  title: 'zone without a firewall endpoint',
  severity: 'medium',
  why: 'Traffic of that zone crosses to another one, and stops when the other one fails.',
  fix: 'Add a subnet of the zone to the subnet_mapping of the firewall.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/arch-two-zone-igw.html'],
  comparable: ['checkov CKV2_AWS_63'],
  *run({ model }) {
    const seen = new Set<string>();
    for (const subnet of model.subnets) {
      for (const route of leavingRoutes(tableOf(subnet))) {
        const resource = onlyOf(route.target.resources);
        const firewall = resource && model.find.firewall(resource);
        if (!firewall || subnet.zone === undefined || firewall.subnetsUnknown !== undefined || firewall.subnets.some((each) => each.zone === undefined || each.zone === subnet.zone)) continue;
        if (firewall.network !== subnet.network || seen.has(`${firewall.address} ${subnet.zone}`)) continue;
        seen.add(`${firewall.address} ${subnet.zone}`);
        yield { address: firewall.address, message: `${firewall.address} has no endpoint in ${subnet.zone}, where ${subnet.address} lies`, ...(subnet.segment === undefined ? {} : { segment: subnet.segment }) };
      }
    }
  },
};
