/** Egress-only gateways, IPv6 routes outwards, and IPv6 ranges that a firewall knows nothing of. */
import { leavingRoutes } from '../../model/aws/facts';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'ipv6-egress-open',
  title: 'IPv6 way past an IPv4 design',
  severity: 'medium',
  why: 'An egress-only gateway needs no NAT gateway and passes no firewall; rules and routes that speak of IPv4 say nothing about it.',
  fix: 'Drop the IPv6 range, or give IPv6 the same firewall, routes and group rules as IPv4.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html'],
  comparable: [],
  *run({ model, verdicts }) {
    const open = verdicts.find((verdict) => verdict.family === 6 && verdict.kind === 'open');
    const worse = open ? { severity: 'high' as const, ...(open.witness ? { witness: open.witness } : {}) } : {};
    for (const gateway of model.graph.ofType('aws_egress_only_internet_gateway')) {
      const isUsed = model.graph.referrers(gateway, ['aws_route', 'aws_route_table', 'aws_default_route_table']).length > 0;
      if (isUsed || open) yield { address: gateway.address, message: `${gateway.address} lets IPv6 out past every firewall`, ...worse };
      else yield { address: gateway.address, message: `${gateway.address} would let IPv6 out past every firewall, and no route of the plan leads to it`, severity: 'low' };
    }
    for (const table of model.tables) {
      const route = leavingRoutes(table).find((each) => each.target.kind !== 'firewall' && each.prefixes.some((prefix) => prefix.family === 6));
      if (route) yield { address: route.address, message: `${table.address} leads ${route.destination} to ${route.target.text}`, ...worse };
    }
    const alone = model.subnets.find((subnet) => subnet.families.includes(6) && !subnet.network?.ipv6);
    if (alone) yield { address: alone.address, message: `${alone.address} has IPv6 addresses, and its network is made without`, severity: 'low', confidence: 'likely' };
    const guarded = new Set(model.firewalls.map((firewall) => firewall.network));
    for (const network of model.networks) {
      if (network.ipv6 && (guarded.has(network) || model.firewalls.length === 0)) yield { address: network.address, message: `${network.address} has an IPv6 range`, severity: 'low', confidence: 'likely' };
    }
  },
};
