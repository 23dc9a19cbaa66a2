/** The route table of firewall subnets, where the network has NAT gateways. */
import { leavingRoutes, tableOf } from '../../model/aws/facts';
import { inspectionsOf } from '../../model/aws/inspections';
import { everyOf } from '../../model/aws/read';
import type { AwsModel } from '../../model/aws/model';
import type { Check, Hit } from '../check';

export const check: Check<AwsModel> = {
  id: 'firewall-subnet-route',
  title: 'inspected traffic that does not go on to a NAT gateway',
  severity: 'medium',
  why: 'What the firewall lets through leaves by the table of its own subnet: private addresses get nowhere from an internet gateway, or public ones leave under their own.',
  fix: 'Lead the default route of each firewall subnet to the NAT gateway of its zone.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/arch-igw-ngw.html'],
  comparable: [],
  *run({ model }) {
    const nats = new Set(model.nats.flatMap((nat) => everyOf(nat.subnet)));
    const networks = new Set([...nats].map((subnet) => subnet.network));
    const seen = new Set<string>();
    for (const { subnet, endpoint } of inspectionsOf(model)) {
      const table = tableOf(endpoint);
      if (!table || seen.has(table.address) || nats.has(subnet) || subnet.tier === 'public') continue;
      const leaving = leavingRoutes(table);
      const direct = leaving.find((route) => route.target.kind === 'internet-gateway');
      const isNowhere = leaving.length === 0 && !table.routes.some((route) => route.target.kind === 'transit' || route.unknown !== undefined);
      if (!isNowhere && !(direct && networks.has(endpoint.network))) continue;
      seen.add(table.address);
      yield {
        address: direct?.address ?? table.address,
        message: direct ? `${table.address} leads ${direct.destination} from the firewall straight to ${direct.target.text}` : `${table.address} leads nowhere, so what the firewall lets through ends there`,
        ...(direct ? {} : { severity: 'low' as const }),
        witness: [{ address: subnet.address, kind: 'subnet' }, { address: endpoint.address, kind: 'subnet' }, { address: table.address, kind: 'route' }],
      } satisfies Hit;
    }
  },
};
