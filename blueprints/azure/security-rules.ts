/**
 * The rules of a segment's network security group, as plain data.
 *
 * Azure's built-in rules let everything in the network talk to everything (65000) and everything
 * out to the internet (65001), so each group ends with a deny of its own, in both directions.
 * https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
 */
import type { AllowRule, PortRange, Segment } from '../policy/model';
import { uncovered } from '../policy/cidr';
import { mergePorts } from '../policy/ports';
import { compare, rulesOf } from '../policy/rules';

/** One rule of a network security group. */
export interface SecurityRule {
  readonly name: string;
  /** At most 140 characters. */
  readonly description: string;
  /** 100..4096, unique in its direction; the lowest decides. */
  readonly priority: number;
  readonly direction: 'Inbound' | 'Outbound';
  readonly access: 'Allow' | 'Deny';
  readonly protocol: 'Tcp' | 'Udp' | '*';
  /** CIDRs, one service tag, or `*`. */
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  /** `443`, `8000-8100` or `*`. */
  readonly ports: readonly string[];
}

/**
 * Where each kind of rule sits. A peer's place comes from its slot, which it keeps for life, so
 * that a segment that comes or goes renumbers nobody.
 */
const PRIORITY = {
  platformDns: 100,
  metadata: 101,
  resolver: { Udp: 110, Tcp: 111 },
  endpoints: 120,
  nodes: 130,
  storage: 140,
  peer: (slot: number, protocol: 'Tcp' | 'Udp') => 200 + slot * 10 + (protocol === 'Tcp' ? 0 : 1),
  internet: { Tcp: 3000, Udp: 3001 },
  listedAddresses: 3010,
  healthProbe: 3900,
  clusterProbe: 3901,
  final: 4096,
} as const;

/** What the groups of a network are made from. */
export interface SecurityRuleContext {
  readonly segments: readonly Segment[];
  readonly rules: readonly AllowRule[];
  /** The segment's CIDR. */
  readonly cidrOf: (segment: string) => string;
  /** The subnet of the private endpoints, and the ports that they serve. */
  readonly endpoints: { readonly cidr: string; readonly ports: readonly number[] };
  /** Where the DNS servers stand. None: Azure's own resolver, which needs no rule. */
  readonly resolverCidrs: readonly string[];
  /** The segment with a cluster, its pods' block, and the ports of its platform and add-ons. Absent: no cluster. */
  readonly cluster?: { readonly segment: string; readonly podCidr: string; readonly ports: readonly number[] };
  /** Segments whose machines may not ask the instance metadata service. */
  readonly segmentsWithoutMetadata: readonly string[];
  /** Segments that reach storage by a service endpoint. */
  readonly storageSegments: readonly string[];
}

/** The whole group of one segment, sorted by direction and priority. */
export function segmentRules(segment: Segment, context: SecurityRuleContext): readonly SecurityRule[] {
  const own = context.cidrOf(segment.name);
  return sorted([
    ...resolverRules(own, context.resolverCidrs),
    ...(context.segmentsWithoutMetadata.includes(segment.name) ? [metadataRule()] : []),
    ...endpointRules(own, context.endpoints),
    ...calls(segment, context),
    ...internetEgress(own, rulesOf(context.rules, segment.name), context.cluster?.segment === segment.name ? context.cluster.ports : []),
    ...callers(segment, context),
    ...(context.cluster?.segment === segment.name ? nodeRules(own, context.cluster.podCidr) : []),
    ...(context.storageSegments.includes(segment.name) ? storageRules(own) : []),
    ...finalDenies(),
  ]);
}

/** The group of the private endpoints: the segments may call their ports, and nothing else moves. */
export function endpointSubnetRules(context: SecurityRuleContext): readonly SecurityRule[] {
  const { cidr, ports } = context.endpoints;
  const callers = context.segments.map(({ name }) => context.cidrOf(name)).sort(compare);
  // An endpoint asks nobody. A machine that somebody puts beside it would.
  const closed = [...(context.resolverCidrs.length > 0 ? [platformDnsRule()] : []), ...finalDenies()];
  if (ports.length === 0 || callers.length === 0) return sorted(closed);
  return sorted([
    {
      ...rule('Inbound', 'Allow', 'Tcp', PRIORITY.endpoints, 'allow-segments', 'segments reach private endpoints'),
      sources: callers,
      destinations: [cidr],
      ports: portTexts(ports.map((port) => ({ from: port, to: port }))),
    },
    ...closed,
  ]);
}

/**
 * Names are resolved by the given servers only. Azure's resolver answers on a platform address
 * that no rule covers but one that names its tag, so that tag is denied.
 * https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
 */
function resolverRules(own: string, resolvers: readonly string[]): readonly SecurityRule[] {
  if (resolvers.length === 0) return [];
  const ask = (protocol: 'Udp' | 'Tcp'): SecurityRule => ({
    ...rule('Outbound', 'Allow', protocol, PRIORITY.resolver[protocol], `allow-resolver-${protocol.toLowerCase()}`, 'names are resolved by the DNS servers of the network'),
    sources: [own],
    destinations: [...resolvers].sort(compare),
    ports: ['53'],
  });
  return [platformDnsRule(), ask('Udp'), ask('Tcp')];
}

function platformDnsRule(): SecurityRule {
  return {
    ...rule('Outbound', 'Deny', '*', PRIORITY.platformDns, 'deny-platform-dns', "Azure's resolver would answer for any name, past the DNS servers of the network"),
    sources: ['*'],
    destinations: ['AzurePlatformDNS'],
    ports: ['*'],
  };
}

/** Tokens of managed identities come from there, past every other rule: only one with this tag stops them. */
function metadataRule(): SecurityRule {
  return {
    ...rule('Outbound', 'Deny', '*', PRIORITY.metadata, 'deny-metadata', 'the instance metadata service, with the tokens of managed identities'),
    sources: ['*'],
    destinations: ['AzurePlatformIMDS'],
    ports: ['*'],
  };
}

function endpointRules(own: string, endpoints: SecurityRuleContext['endpoints']): readonly SecurityRule[] {
  if (endpoints.ports.length === 0) return [];
  return [{
    ...rule('Outbound', 'Allow', 'Tcp', PRIORITY.endpoints, 'allow-private-endpoints', 'private endpoints of provider services'),
    sources: [own],
    destinations: [endpoints.cidr],
    ports: portTexts(endpoints.ports.map((port) => ({ from: port, to: port }))),
  }];
}

/**
 * Nodes and pods talk to each other without limits; Kubernetes network policies divide them. The
 * pods of an overlay have addresses of their own, which the group sees as they are.
 * https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay
 *
 * An internal load balancer asks each node for its health, on 10256 or on the ports of services.
 */
function nodeRules(own: string, podCidr: string): readonly SecurityRule[] {
  const inside = [own, podCidr].sort(compare);
  const among = (direction: SecurityRule['direction']): SecurityRule => ({
    ...rule(direction, 'Allow', '*', PRIORITY.nodes, `allow-nodes-${direction.toLowerCase()}`, 'nodes and pods of the cluster'),
    sources: inside,
    destinations: inside,
    ports: ['*'],
  });
  return [
    among('Inbound'),
    among('Outbound'),
    {
      ...rule('Inbound', 'Allow', 'Tcp', PRIORITY.clusterProbe, 'allow-cluster-probes', "health probes of the cluster's load balancers"),
      sources: ['AzureLoadBalancer'],
      destinations: [own],
      ports: ['10256', '30000-32767'],
    },
  ];
}

/** The route of the service endpoint takes what is in the region, its policy drops every other account, and the default route takes the rest. */
function storageRules(own: string): readonly SecurityRule[] {
  return [{
    ...rule('Outbound', 'Allow', 'Tcp', PRIORITY.storage, 'allow-storage', 'storage accounts by a service endpoint, which its policy limits'),
    sources: [own],
    destinations: ['Storage'],
    ports: ['443'],
  }];
}

/** What the segment may call: every segment that accepts it. */
function calls(segment: Segment, { segments, cidrOf }: SecurityRuleContext): readonly SecurityRule[] {
  return segments.flatMap((callee) =>
    acceptedFrom(callee, segment.name).map(({ protocol, ports }) => ({
      ...rule('Outbound', 'Allow', protocol, PRIORITY.peer(callee.slot, protocol), `allow-to-${callee.name}-${protocol.toLowerCase()}`, `${segment.name} calls ${callee.name}`),
      sources: [cidrOf(segment.name)],
      destinations: [cidrOf(callee.name)],
      ports,
    })),
  );
}

/** Who may call the segment: what it accepts, and the health probes for the same ports. */
function callers(segment: Segment, { segments, cidrOf }: SecurityRuleContext): readonly SecurityRule[] {
  const own = cidrOf(segment.name);
  const bySegment = segments.flatMap((caller) =>
    acceptedFrom(segment, caller.name).map(({ protocol, ports }): SecurityRule => ({
      ...rule('Inbound', 'Allow', protocol, PRIORITY.peer(caller.slot, protocol), `allow-from-${caller.name}-${protocol.toLowerCase()}`, `${caller.name} calls ${segment.name}`),
      sources: [cidrOf(caller.name)],
      destinations: [own],
      ports,
    })),
  );
  const byInternet = acceptedFrom(segment, 'internet').map(({ protocol, ports }): SecurityRule => ({
    ...rule('Inbound', 'Allow', protocol, PRIORITY.internet[protocol], `allow-internet-${protocol.toLowerCase()}`, `callers on the internet reach ${segment.name}`),
    sources: ['Internet'],
    destinations: [own],
    ports,
  }));
  // Azure's load balancers probe from a platform address, which the final deny would cut off.
  const probed = mergePorts(segment.accepts.filter(({ protocol }) => protocol === 'tcp').flatMap(({ ports }) => ports));
  const probes: SecurityRule[] = probed.length === 0 ? [] : [{
    ...rule('Inbound', 'Allow', 'Tcp', PRIORITY.healthProbe, 'allow-health-probes', 'health probes of load balancers'),
    sources: ['AzureLoadBalancer'],
    destinations: [own],
    ports: portTexts(probed),
  }];
  return [...bySegment, ...byInternet, ...probes];
}

/**
 * The ports that the segment's hosts use. A user-defined route sends the packet to the firewall
 * but does not change the destination that the group sees: that is still the host, on the
 * internet. Which host it is, the firewall decides.
 */
function internetEgress(own: string, rules: readonly AllowRule[], clusterPorts: readonly number[]): readonly SecurityRule[] {
  const named = [...rules.filter(({ protocol }) => protocol !== 'tcp').flatMap(({ ports }) => ports), ...clusterPorts];
  const listed = rules.filter(({ protocol }) => protocol === 'tcp');
  const asRanges = (ports: readonly number[]) => portTexts(mergePorts(ports.map((port) => ({ from: port, to: port }))));
  return [
    ...(named.length === 0 ? [] : [{
      ...rule('Outbound', 'Allow', 'Tcp', PRIORITY.internet.Tcp, 'allow-egress-hosts', 'allowed hosts, through the firewall'),
      sources: [own],
      destinations: ['Internet'],
      ports: asRanges(named),
    }]),
    ...(listed.length === 0 ? [] : [{
      ...rule('Outbound', 'Allow', 'Tcp', PRIORITY.listedAddresses, 'allow-egress-addresses', 'allowed addresses, through the firewall'),
      sources: [own],
      // Two hosts may share addresses; Azure refuses a rule with prefixes that overlap (OverlappingSubnetsNotPermittedInSecurityRule).
      destinations: uncovered(listed.flatMap(({ addresses }) => addresses).sort(compare)),
      ports: asRanges(listed.flatMap(({ ports }) => ports)),
    }]),
  ];
}

function finalDenies(): readonly SecurityRule[] {
  const everything = { sources: ['*'], destinations: ['*'], ports: ['*'] };
  return [
    { ...rule('Inbound', 'Deny', '*', PRIORITY.final, 'deny-all-inbound', "overrides Azure's built-in rules"), ...everything },
    { ...rule('Outbound', 'Deny', '*', PRIORITY.final, 'deny-all-outbound', "overrides Azure's built-in rules"), ...everything },
  ];
}

/** What a segment accepts from one caller, one entry per protocol. */
function acceptedFrom(segment: Segment, caller: string): readonly { protocol: 'Tcp' | 'Udp'; ports: readonly string[] }[] {
  return (['tcp', 'udp'] as const).flatMap((protocol) => {
    const ports = mergePorts(segment.accepts
      .filter((accept) => accept.from === caller && accept.protocol === protocol)
      .flatMap((accept) => accept.ports));
    return ports.length === 0 ? [] : [{ protocol: protocol === 'tcp' ? 'Tcp' as const : 'Udp' as const, ports: portTexts(ports) }];
  });
}

function portTexts(ranges: readonly PortRange[]): readonly string[] {
  return ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`));
}

function rule(
  direction: SecurityRule['direction'],
  access: SecurityRule['access'],
  protocol: SecurityRule['protocol'],
  priority: number,
  name: string,
  description: string,
) {
  return { direction, access, protocol, priority, name, description };
}

function sorted(rules: readonly SecurityRule[]): readonly SecurityRule[] {
  return [...rules].sort((a, b) => compare(a.direction, b.direction) || a.priority - b.priority);
}
