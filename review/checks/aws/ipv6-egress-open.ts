/** Egress-only gateways, IPv6 routes outwards, and IPv6 ranges that a firewall knows nothing of. */
import { leavingRoutes } from '../../model/aws/facts';
import type { AwsModel } from '../../model/aws/model';
import type { AwsNetwork } from '../../model/aws/networks';
import type { Verdict } from '../../paths/verdict';
import type { Check, Hit } from '../check';

export const check: Check<AwsModel> = {
  id: 'ipv6-egress-open',
  title: 'IPv6 way past an IPv4 design',
  severity: 'medium',
  why: 'An egress-only gateway needs no NAT gateway and passes no firewall; rules and routes that speak of IPv4 say nothing about it.',
  fix: 'Drop the IPv6 range, or give IPv6 the same firewall, routes and group rules as IPv4.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html'],
  comparable: [],
  *run({ model, verdicts }) {
    const open = new Map<string, Verdict>();
    for (const verdict of verdicts) {
      if (verdict.family !== 6 || verdict.kind !== 'open') continue;
      for (const address of [verdict.place.network, ...(verdict.witness ?? []).map((step) => step.address)]) if (address !== undefined && !open.has(address)) open.set(address, verdict);
    }
    // What is open elsewhere says nothing of a network.
    const worse = (network: AwsNetwork | undefined, address: string): Partial<Hit> => {
      const own = open.get(address) ?? (network && open.get(network.address));
      return own ? { severity: 'high', ...(own.witness ? { witness: own.witness } : {}) } : {};
    };
    for (const gateway of model.graph.ofType('aws_egress_only_internet_gateway')) {
      const isUsed = model.graph.referrers(gateway, ['aws_route', 'aws_route_table', 'aws_default_route_table']).length > 0;
      const [network] = gateway.references('vpc_id', { types: ['aws_vpc', 'aws_default_vpc'] }).likely;
      const more = worse(network && model.find.network(network), gateway.address);
      if (isUsed || more.severity) yield { address: gateway.address, message: `${gateway.address} lets IPv6 out past every firewall`, ...more };
      else yield { address: gateway.address, message: `${gateway.address} would let IPv6 out past every firewall, and no route of the plan leads to it`, severity: 'low' };
    }
    for (const table of model.tables) {
      const route = leavingRoutes(table).find((each) => each.target.kind !== 'firewall' && each.prefixes.some((prefix) => prefix.family === 6));
      if (route) yield { address: route.address, message: `${table.address} leads ${route.destination} to ${route.target.text}`, ...worse(table.network, route.address) };
    }
    const told = new Set<unknown>();
    for (const subnet of model.subnets) {
      const network = subnet.network ?? subnet;
      if (!subnet.families.includes(6) || subnet.network?.ipv6 === true || told.has(network)) continue;
      // One of each network says it.
      told.add(network);
      yield { address: subnet.address, message: `${subnet.address} has IPv6 addresses, and its network is made without`, severity: 'low', confidence: 'likely' };
    }
    for (const network of model.networks) {
      if (network.ipv6) yield { address: network.address, message: `${network.address} has an IPv6 range`, severity: 'low', confidence: 'likely' };
    }
  },
};
