/**
 * TLS that the firewall opens, reads and closes again, for the segments that ask for it.
 *
 * The firewall is then a forward proxy: it shows clients certificates of an authority of the
 * team's, and checks by itself that the server's certificate is by a public authority and covers
 * the name that the client asked for.
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/tls-inspection-considerations.html
 */
import type { Construct } from 'constructs';
import { NetworkfirewallTlsInspectionConfiguration } from '@cdktf/provider-aws/lib/networkfirewall-tls-inspection-configuration';
import type { AllowRule, AwsTlsInspection } from '../policy/model';
import { compare, rulesOf } from '../policy/rules';
import type { FirewallSource } from './firewall-rules';

/** Traffic that is opened: from these addresses, to these ports. */
export interface InspectionScope {
  readonly segment: string;
  /** Sorted. */
  readonly sources: readonly string[];
  /** Ports of the segment's tls rules, sorted. */
  readonly ports: readonly number[];
}

/** What is opened, one scope for each segment, sorted by its name. */
export function inspectionScopes({ segments }: AwsTlsInspection, rules: readonly AllowRule[], sources: readonly FirewallSource[]): readonly InspectionScope[] {
  return sources
    .filter(({ name }) => segments.includes(name))
    .map(({ name, cidrs }) => ({ segment: name, sources: [...cidrs].sort(compare), ports: portsOf(rulesOf(rules, name), 'tls') }))
    .sort((a, b) => compare(a.segment, b.segment));
}

/**
 * What cannot be opened, in words with the way out. Whatever is in scope and is no TLS is dropped
 * before a rule sees it, so a port belongs to TLS alone.
 */
export function inspectionProblems({ segments }: AwsTlsInspection, rules: readonly AllowRule[], known: readonly string[]): readonly string[] {
  return segments.flatMap((segment) => {
    if (!known.includes(segment)) return [`aws: tls inspection of '${segment}', which this network does not have; name one of its segments`];
    const own = rulesOf(rules, segment);
    const tls = portsOf(own, 'tls');
    const shared = [...portsOf(own, 'http'), ...portsOf(own, 'tcp')].filter((port) => tls.includes(port));
    return [
      ...(tls.length === 0 ? [`aws: tls inspection of '${segment}', which may reach nothing by tls; take it off the list`] : []),
      ...[...new Set(shared)].map((port) => `aws: tls inspection of '${segment}' would drop what else it may reach on port ${port}: all of a port is opened as tls; allow that on another port, or from another segment`),
    ];
  });
}

/** What the configuration needs besides. */
export interface AwsTlsInspectionProps extends AwsTlsInspection {
  readonly name: string;
  readonly scopes: readonly InspectionScope[];
  /** @default - a key that AWS owns */
  readonly keyArn?: string | undefined;
}

/** The configuration, for a firewall policy to refer to. */
export function tlsInspection(scope: Construct, id: string, { name, scopes, keyArn, certificateAuthorityArn, revocation }: AwsTlsInspectionProps): NetworkfirewallTlsInspectionConfiguration {
  return new NetworkfirewallTlsInspectionConfiguration(scope, id, {
    name: `${name}-egress`,
    description: `Opens TLS of ${scopes.map(({ segment }) => segment).join(', ')}`.slice(0, 512),
    ...(keyArn ? { encryptionConfiguration: [{ type: 'CUSTOMER_KMS', keyId: keyArn }] } : {}),
    tlsInspectionConfiguration: [{
      serverCertificateConfiguration: [{
        certificateAuthorityArn,
        ...(revocation ? {
          checkCertificateRevocationStatus: [{ revokedStatusAction: revocation.revoked.toUpperCase(), unknownStatusAction: revocation.unknown.toUpperCase() }],
        } : {}),
        scope: scopes.map(({ sources, ports }) => ({
          protocols: [6],
          source: sources.map((addressDefinition) => ({ addressDefinition })),
          sourcePorts: [{ fromPort: 0, toPort: 65_535 }],
          destination: [{ addressDefinition: '0.0.0.0/0' }],
          destinationPorts: ports.map((port) => ({ fromPort: port, toPort: port })),
        })),
      }],
    }],
    tags: { Name: `${name}-egress` },
  });
}

function portsOf(rules: readonly AllowRule[], protocol: AllowRule['protocol']): readonly number[] {
  return [...new Set(rules.filter((rule) => rule.protocol === protocol).flatMap((rule) => rule.ports))].sort((a, b) => a - b);
}
