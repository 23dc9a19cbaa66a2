/** The table behind the firewall must lead back to it. */
import { covers, tableOf } from '../../model/aws/facts';
import { inspectionsOf } from '../../model/aws/inspections';
import { everyOf, isSet } from '../../model/aws/read';
import type { AwsRouteTable } from '../../model/aws/route-tables';
import type { AwsSubnet } from '../../model/aws/subnets';
import type { AwsModel } from '../../model/aws/model';
import type { Check, Hit } from '../check';

export const check: Check<AwsModel> = {
  id: 'missing-return-route',
  title: 'replies that come back around the firewall',
  severity: 'high',
  why: 'A firewall that sees one half of a connection drops it, or cannot judge it: replies have to come back through the same endpoint.',
  fix: 'In the table of the NAT subnet, lead the CIDR of each inspected subnet to the firewall endpoint of the zone.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/arch-igw-ngw.html'],
  comparable: [],
  *run({ model }) {
    const missing = new Map<string, { subnets: AwsSubnet[]; text: string }>();
    for (const { subnet, firewall, nat, gateway } of inspectionsOf(model)) {
      const addresses = subnet.ranges[4];
      const table = nat ? tableOf(nat) : gateway ? edgeTable(model, gateway) : undefined;
      if (!addresses || (nat && !table) || (!nat && !gateway)) continue;
      const isBack = table?.routes.some((route) => route.target.kind === 'firewall' && everyOf(route.target.resources).includes(firewall.resource) && covers(route, 4, addresses)) ?? false;
      if (isBack) continue;
      const address = table?.address ?? gateway ?? firewall.address;
      const known = missing.get(address) ?? { subnets: [], text: table ? `${table.address} has no route back to ${firewall.address}` : `${address} has no edge route table that leads back to ${firewall.address}` };
      known.subnets.push(subnet);
      missing.set(address, known);
    }
    for (const [address, { subnets, text }] of missing) {
      const [first] = subnets;
      yield {
        address,
        message: `${text} for ${[...new Set(subnets.flatMap((subnet) => subnet.cidrs))].sort().join(', ')}`,
        ...(first?.segment === undefined ? {} : { segment: first.segment }),
        witness: [{ address: first?.address ?? address, kind: 'subnet' }, { address, kind: 'route', label: 'replies' }],
      } satisfies Hit;
    }
  },
};

/** The table of an internet gateway itself, which decides where packets from outside go. */
function edgeTable(model: AwsModel, gateway: string): AwsRouteTable | undefined {
  for (const association of model.graph.ofType('aws_route_table_association')) {
    if (!isSet(association, 'gateway_id')) continue;
    if (!association.references('gateway_id').targets.some((target) => target.address === gateway)) continue;
    const [table] = association.references('route_table_id').targets;
    return table && model.find.table(table);
  }
  return undefined;
}
