/** What AWS Network Firewall cannot enforce as the policy is written. */
import type { ResidualRisk } from '../egress-control';
import type { AllowRule, Protocol } from '../policy/model';
import { compare, segmentsWithHosts } from '../policy/rules';

/**
 * The risks of a list of rules, sorted by id.
 *
 * @param all names of all segments: even one with no host resolves names.
 */
export function residualRisks(rules: readonly AllowRule[], all: readonly string[]): readonly ResidualRisk[] {
  const using = (protocol: Protocol) => segmentsWithHosts(rules.filter((rule) => rule.protocol === protocol));
  const risks: readonly ResidualRisk[] = [
    {
      id: 'dns-tunnelling',
      summary: 'The Amazon resolver answers every name from every segment, and neither groups nor the firewall see the queries, so data can leave in them.',
      mitigation: 'Associate a Route 53 Resolver DNS Firewall that allows the policy\'s hosts and blocks the rest, with query logs on.',
      segments: [...all].sort(compare),
    },
    {
      id: 'encrypted-client-hello',
      summary: 'A client and a server that use ECH show the firewall the server name of their front, not the host.',
      mitigation: 'Allow no name that fronts for others, and block DNS answers of type HTTPS (65), without which clients fall back.',
      segments: using('tls'),
    },
    {
      id: 'handshake-before-verdict',
      summary: 'On an allowed port the TCP handshake with any address completes before a name is seen, and up to 18 bytes of anything, or 16 KB that look like the start of TLS, leave per connection before the verdict; nothing comes back.',
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
      segments: using('tls'),
    },
    {
      id: 'shared-addresses',
      summary: 'A tcp rule holds for addresses; whoever else is served from them is reachable on the same port.',
      mitigation: 'List single addresses (/32) that the host has for itself.',
      segments: using('tcp'),
    },
  ];
  return risks.filter((risk) => risk.segments.length > 0).sort((a, b) => compare(a.id, b.id));
}
