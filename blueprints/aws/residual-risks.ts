/** What AWS's firewalls cannot enforce as the policy is written. */
import type { ResidualRisk } from '../egress-control';
import type { AllowRule, Protocol } from '../policy/model';
import { compare, segmentsWithHosts } from '../policy/rules';

/** What is built besides the rules themselves. */
export interface RiskContext {
  /** Whether `AwsDnsFirewall` filters the resolver; what then remains of DNS is `dnsRisks`. @default - false */
  readonly resolverFiltered?: boolean;
  /** @default - suricata */
  readonly ruleFormat?: 'suricata' | 'domain-lists';
  /** Segments whose TLS the firewall opens. @default - none */
  readonly inspected?: readonly string[] | undefined;
}

/**
 * The risks of a list of rules, sorted by id.
 *
 * @param all names of all segments: even one with no host resolves names.
 */
export function residualRisks(rules: readonly AllowRule[], all: readonly string[], { resolverFiltered = false, ruleFormat = 'suricata', inspected = [] }: RiskContext = {}): readonly ResidualRisk[] {
  const closed = (segments: readonly string[]) => segments.filter((segment) => !inspected.includes(segment));
  const using = (protocol: Protocol) => segmentsWithHosts(rules.filter((rule) => rule.protocol === protocol));
  return concerning([
    {
      id: 'dns-tunnelling',
      summary: 'The Amazon resolver answers every name from every segment, and neither groups nor the firewall see the queries, so data can leave in them.',
      mitigation: 'Associate a Route 53 Resolver DNS Firewall that allows the policy\'s hosts and blocks the rest, with query logs on.',
      segments: resolverFiltered ? [] : [...all].sort(compare),
    },
    resolverFiltered ? {
      id: 'encrypted-client-hello',
      summary: 'A client that has a server\'s ECH keys from elsewhere than DNS, which does not give them out, shows the firewall the server name of the front and not the host.',
      mitigation: 'Allow no name that fronts for others.',
      segments: closed(using('tls')),
    } : {
      id: 'encrypted-client-hello',
      summary: 'A client and a server that use ECH show the firewall the server name of their front, not the host.',
      mitigation: 'Allow no name that fronts for others, and block DNS answers of type HTTPS (65), without which clients fall back.',
      segments: closed(using('tls')),
    },
    {
      id: 'handshake-before-verdict',
      summary: 'On an allowed port the TCP handshake with any address completes before a name is seen, and up to 18 bytes of anything, or 16 KB that look like the start of TLS (64 segments, where a client repeats itself with other bytes), leave per connection before the verdict, and connections are not counted; nothing comes back.',
      mitigation: 'Watch the alert log for repeated drops from one source.',
      segments: segmentsWithHosts(rules.filter((rule) => rule.protocol !== 'tcp')),
    },
    {
      id: 'host-header-spoofing',
      summary: 'A plain HTTP client may send any Host header to any address, one allowed request opens the connection for any other, and the port in the header is not compared.',
      mitigation: 'Ask the host for TLS and drop the http rule.',
      segments: using('http'),
    },
    {
      id: 'sni-spoofing',
      summary: 'A client may send an allowed server name to any address; the firewall does not check that the address belongs to the name, and believes the first name that it is shown.',
      mitigation: 'Turn on TLS inspection for the segments that hold secrets.',
      segments: closed(using('tls')),
    },
    {
      id: 'shared-addresses',
      summary: 'A tcp rule holds for addresses; whoever else is served from them is reachable on the same port.',
      mitigation: 'List single addresses (/32) that the host has for itself.',
      segments: using('tcp'),
    },
    ...(ruleFormat === 'domain-lists' ? listRisks(rules) : []),
    ...inspectionRisks(using('tls').filter((segment) => inspected.includes(segment))),
  ]);
}

/** What opened TLS leaves possible: a server has to have a certificate for the name, by then. */
function inspectionRisks(segments: readonly string[]): readonly ResidualRisk[] {
  return [
    {
      id: 'domain-fronting',
      summary: 'An allowed server name opens the connection; a request inside may name another host that the same server answers for.',
      mitigation: 'Allow no name of a network that serves others\' sites as well.',
      segments,
    },
    {
      id: 'inspection-authority',
      summary: 'Whoever gets the key of the certificate authority can pass for any host to clients that trust it, and the firewall reads what they send.',
      mitigation: 'Use an authority for this firewall alone, short-lived and with name constraints, and let nobody export its key.',
      segments,
    },
  ];
}

/** What a domain list cannot say. */
function listRisks(rules: readonly AllowRule[]): readonly ResidualRisk[] {
  const named = rules.filter((rule) => rule.protocol !== 'tcp');
  const portsDiffer = (segment: string, protocol: Protocol) => new Set(
    named.filter((rule) => rule.protocol === protocol && rule.segments.includes(segment)).map((rule) => rule.ports.join()),
  ).size > 1;
  return [
    {
      id: 'domain-list-apex',
      summary: 'A domain list cannot leave out the apex: *.example.com lets example.com through as well, and names below it with empty labels or odd characters.',
      mitigation: 'Use rules: suricata, or allow no wildcard whose apex is somebody else\'s.',
      segments: segmentsWithHosts(named.filter((rule) => rule.host.kind === 'subdomains')),
    },
    {
      id: 'domain-list-ports',
      summary: 'A domain list holds for every port: each host is reachable on all ports that any host of the same segment and protocol has.',
      mitigation: 'Use rules: suricata, or give the hosts of a segment the same ports.',
      segments: segmentsWithHosts(named).filter((segment) => portsDiffer(segment, 'tls') || portsDiffer(segment, 'http')),
    },
    {
      id: 'domain-list-record',
      summary: 'The alert log has every name that was asked for, and of those that were dropped the drop; that a name was allowed is said by the absence of one.',
      mitigation: 'Use rules: suricata, which record each rule that let something through.',
      segments: segmentsWithHosts(named),
    },
  ];
}

/**
 * What it means that zones leave by another one's firewall and NAT gateway.
 *
 * @param servedBy by zone of the workloads, the zone that it leaves by.
 * @param segments names of the segments with hosts, sorted.
 */
export function sharedZoneRisks(servedBy: Readonly<Record<string, string>>, segments: readonly string[]): readonly ResidualRisk[] {
  const guests = Object.entries(servedBy).filter(([zone, serving]) => zone !== serving).map(([zone]) => zone).sort(compare);
  const hosts = [...new Set(guests.map((zone) => servedBy[zone]!))].sort(compare);
  return concerning([{
    id: 'shared-egress-zone',
    summary: `Workloads in ${guests.join(', ')} leave by the firewall and NAT gateway of ${hosts.join(', ')}: when that zone fails they reach no host, and until then their traffic crosses zones, which AWS charges in both directions.`,
    mitigation: 'Leave egressZones out where an outage of one zone must not stop the others.',
    segments: guests.length > 0 ? segments : [],
  }]);
}

/**
 * What remains of DNS behind a filter of its own, sorted by id. With no host nothing does: the
 * names that are then resolved have AWS's own name servers.
 *
 * @param all names of all segments: the filter does not tell them apart.
 */
export function dnsRisks(rules: readonly AllowRule[], all: readonly string[], redirection: 'trust' | 'inspect'): readonly ResidualRisk[] {
  const segments = rules.length > 0 ? [...all].sort(compare) : [];
  const wildcards = [...new Set(rules.filter(({ host }) => host.kind === 'subdomains').map(({ host }) => host.text))].sort(compare);
  return concerning([
    {
      id: 'dns-per-network',
      summary: 'The resolver does not tell segments apart: each may resolve the hosts of every other, though the firewall refuses the connection.',
      mitigation: 'Give segments that must not even resolve each other\'s hosts an environment of their own.',
      segments,
    },
    {
      id: 'dns-redirection-trusted',
      summary: 'Only the name that is asked for is checked; where its owner\'s CNAME leads is resolved too, even to a name that no rule allows.',
      mitigation: 'Set dnsRedirection to \'inspect\' and allow each name that hosts lead to.',
      segments: redirection === 'trust' ? segments : [],
    },
    {
      id: 'dns-tunnelling',
      summary: wildcards.length > 0
        ? `Whoever runs name servers for a name below ${wildcards.join(', ')} can be sent data in such names; those of an exact host learn only when, and for which type, it is asked for.`
        : 'Whoever runs an allowed host\'s name servers learns when, and for which type, it is asked for, and a slow signal can be made of that.',
      mitigation: wildcards.length > 0
        ? 'Allow exact hosts instead, and watch the query log for many names below one wildcard.'
        : 'Watch the query log for a segment that asks without connecting.',
      segments,
    },
  ]);
}

function concerning(risks: readonly ResidualRisk[]): readonly ResidualRisk[] {
  return risks.filter((risk) => risk.segments.length > 0).sort((a, b) => compare(a.id, b.id));
}
