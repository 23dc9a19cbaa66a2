import { type AzureCheck, type AzureContext, segmentOfView } from './azure-check';
import { blockOf } from './planned-environments';
import { resolverOf, segmentViews } from './reach';
import { addressRange, INTERNET } from '../../model/addresses';
import { podsIn } from '../../model/azure/clusters';
import { isLimitedToAccounts } from '../../model/azure/storage-endpoints';
import type { SubnetView } from '../../model/azure/subnet-view';
import { ownRules, type SecurityGroup } from '../../model/azure/security-group';
import { includes, isEmpty, union, type Ranges } from '../../model/ranges';

export const check: AzureCheck = {
  id: 'segment-reach-too-wide',
  title: 'segment that reaches or is reached by more than single subnets',
  severity: 'medium',
  why: 'A rule for the whole network, for every protocol or for whoever joins a group of interfaces makes segments one.',
  fix: 'Name the CIDR of one segment, tcp or udp, and the ports that it serves.',
  references: ['https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview'],
  comparable: [],
  *run(context) {
    const subnets = context.model.subnets.map((subnet) => blockOf(context, subnet)).filter((ranges) => !isEmpty(ranges));
    const widths = new Map<string, boolean>();
    const isWide = (peer: string): boolean => {
      let wide = widths.get(peer);
      if (wide === undefined) widths.set(peer, (wide = !isOutside(peer) && !subnets.some((subnet) => isIn(peer, subnet))));
      return wide;
    };
    for (const view of segmentViews(context)) {
      for (const rule of ownRules(view.group as SecurityGroup)) {
        if (rule.access === 'Deny') continue;
        const peers = rule.direction === 'Inbound' ? rule.sources : rule.destinations;
        const cluster = amongNodes(context, view, [...rule.sources.items, ...rule.destinations.items]);
        const asks = rule.direction === 'Outbound' && rule.ports.items.length > 0 && rule.ports.items.every((port) => port === '53') ? view.subnet.network?.dnsServers.items ?? [] : [];
        const resolver = asks.length === 0 && view.subnet.exists ? resolverOf(context, view)?.block : undefined;
        const wide = peers.items.filter((peer) => isWide(peer) && !cluster && !asks.includes(peer.replace(/\/32$/, '')) && !(resolver && rule.ports.items.join() === '53' && isIn(peer, resolver)) && !(peer === 'Storage' && isLimitedToAccounts(view.subnet)));
        const problems = [
          ...wide.map((peer) => `peer ${peer}`),
          ...(rule.protocol === 'tcp' || rule.protocol === 'udp' || cluster ? [] : [`protocol ${rule.protocol ?? 'that is not known'}`]),
          ...(rule.sourceGroups.isSet || rule.destinationGroups.isSet ? ['groups of interfaces, whose members nothing here limits'] : []),
        ];
        if (problems.length > 0) yield { address: rule.address, message: `rule '${rule.name}' holds for ${problems.join(', ')}`, ...segmentOfView(view) };
      }
    }
  },
};

/** Nodes and pods of one cluster talk to each other as they like: Kubernetes network policies divide them. */
function amongNodes(context: AzureContext, { subnet }: SubnetView, peers: readonly string[]): boolean {
  const pods = podsIn(context.model.graph, subnet);
  return pods !== undefined && peers.every((peer) => isIn(peer, union(blockOf(context, subnet), pods)));
}

/** The internet and health probes have checks of their own. */
function isOutside(peer: string): boolean {
  const found = addressRange(peer);
  return peer === 'Internet' || peer === 'AzureLoadBalancer' || (found !== undefined && includes(INTERNET[found.family], [found.range]));
}

function isIn(peer: string, subnet: Ranges): boolean {
  const found = addressRange(peer);
  return found?.family === 4 && includes(subnet, [found.range]);
}
