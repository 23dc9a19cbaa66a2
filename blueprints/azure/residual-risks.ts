/** What Azure cannot enforce as the policy is written. */
import type { ResidualRisk } from '../egress-control';
import type { AllowRule } from '../policy/model';
import { compare, segmentsWithHosts } from '../policy/rules';

/**
 * The risks that remain with a set of rules.
 *
 * @param segments every segment of the network, with or without a way out.
 */
export function residualRisks(rules: readonly AllowRule[], segments: readonly string[]): readonly ResidualRisk[] {
  const all = [...segments].sort(compare);
  const using = (...protocols: readonly AllowRule['protocol'][]) =>
    segmentsWithHosts(rules.filter(({ protocol }) => protocols.includes(protocol)));
  const risks: readonly ResidualRisk[] = [
    {
      id: 'address-not-name',
      summary: 'Rules over tcp hold for addresses: whoever else answers on a listed address is reachable too.',
      mitigation: 'Use tls where the protocol allows it, and list addresses that one partner alone owns.',
      segments: using('tcp'),
    },
    {
      id: 'dns-tunnelling',
      summary: rules.length > 0
        ? "The firewall's DNS proxy answers for every name, so data can leave inside DNS questions."
        : "Azure's resolver answers for every name, so data can leave inside DNS questions.",
      mitigation: 'Watch AZFWDnsQuery, and link a DNS security policy that lists the allowed names to the network and its hub.',
      segments: all,
    },
    {
      id: 'platform-addresses',
      summary: 'Azure answers on 168.63.129.16 and 169.254.169.254 past routes and security groups.',
      mitigation: 'Give machines only the managed identities that they need, and keep 169.254.169.254 from workloads that need none.',
      segments: all,
    },
    {
      id: 'sni-spoofing',
      summary: 'TLS is not opened: another customer of the same front (a CDN) may be reached under an allowed name.',
      mitigation: 'Allow exact names that one partner alone serves, or inspect TLS with the Premium tier.',
      segments: using('tls'),
    },
  ];
  return risks.filter((risk) => risk.segments.length > 0);
}

/** What to say when the policy asks for a service that Azure offers without a private endpoint. */
export function sessionAccessElsewhere(segments: readonly string[]): ResidualRisk {
  return {
    id: 'session-access-not-built',
    summary: 'Azure has no private endpoint for session access, so none is made and machines cannot be reached that way.',
    mitigation: 'Use Azure Bastion in a subnet of its own, or the serial console.',
    segments: [...segments].sort(compare),
  };
}
