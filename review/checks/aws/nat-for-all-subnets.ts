/** All private subnets of a network lead to a NAT gateway, and no firewall stands between. */
import { leavingRoutes, subnetsByNetwork } from '../../model/aws/facts';
import { everyOf } from '../../model/aws/read';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'nat-for-all-subnets',
  title: 'NAT gateway for every private subnet',
  severity: 'low',
  why: 'A default route for all means that no subnet is without a way out, whatever runs in it.',
  fix: 'Lead only those subnets out that need it, and keep the others without a default route.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html'],
  comparable: [],
  *run({ model }) {
    for (const network of model.networks) {
      const own = (subnetsByNetwork(model).get(network) ?? []).map((subnet) => ({ subnet, routes: everyOf(subnet.tables).flatMap((table) => leavingRoutes(table)) }));
      const inner = own.filter(({ routes }) => !routes.some((route) => route.target.kind === 'internet-gateway'));
      const isAll = inner.length > 1 && inner.every(({ routes }) => routes.length > 0 && routes.every((route) => route.target.kind === 'nat'));
      if (isAll) yield { address: network.address, message: `all ${inner.length} private subnets of ${network.address} lead to a NAT gateway` };
    }
  },
};
