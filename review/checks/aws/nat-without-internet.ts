/** The route table of public NAT gateways. */
import { leavingRoutes, tableOf } from '../../model/aws/facts';
import { onlyOf } from '../../model/aws/read';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'nat-without-internet',
  title: 'NAT gateway with no way to the internet',
  severity: 'low',
  why: 'Routes that lead to it look like a way out and are none, so what depends on them fails.',
  fix: 'Lead the default route of its subnet to the internet gateway, or to the firewall.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html'],
  comparable: [],
  *run({ model }) {
    for (const nat of model.nats) {
      const subnet = onlyOf(nat.subnet);
      const table = subnet && tableOf(subnet);
      if (!nat.isPublic || nat.regional || !table || table.unknown !== undefined || table.routes.some((route) => route.unknown !== undefined)) continue;
      if (leavingRoutes(table).length === 0) yield { address: nat.address, message: `${nat.address} stands in ${subnet.address}, whose table ${table.address} does not lead to the internet` };
    }
  },
};
