/** TLS inspection: whose connections a firewall decrypts, and where they go. */
import { EVERYWHERE } from '../addresses';
import { rangesOf, unionOf, type Range, type Ranges } from '../ranges';
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource } from '../../plan/resource-graph';
import type { AwsFirewallPolicy } from './firewalls';
import type { AwsModel } from './model';
import { rangesIn } from './prefix-lists';
import { isSet, numberAt, textAt } from './read';

const CONFIGURATION = 'aws_networkfirewall_tls_inspection_configuration';
const TCP = 6;
const EVERY_PORT: Range = [0n, 65_535n];

/** One `scope`; an empty list of a scope means any. https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_ServerCertificateScope.html */
export interface TlsScope {
  readonly sources: Ranges;
  readonly destinations: Ranges;
  /** Of the destination. */
  readonly ports: Ranges;
  readonly isTcp: boolean;
}

export interface TlsInspection {
  readonly resource: Resource;
  /** True with an authority that signs certificates for what is outside: connections that leave are decrypted. */
  readonly isOutward: boolean;
  /** True with certificates of servers of its own: connections that arrive are. */
  readonly isInward: boolean;
  readonly scopes: readonly TlsScope[];
}

export function tlsInspections(model: AwsModel): readonly TlsInspection[] {
  return model.graph.ofType(CONFIGURATION).map(read);
}

/** Those that some firewall policy refers to. */
export function usedInspections(model: AwsModel): readonly TlsInspection[] {
  const used = new Set(model.policies.flatMap(({ resource }) => resource.references(['firewall_policy', 0, 'tls_inspection_configuration_arn']).targets));
  return tlsInspections(model).filter(({ resource }) => used.has(resource));
}

/** The addresses whose outward TLS a policy has decrypted; empty without inspection. */
export function decryptedBy(policy: AwsFirewallPolicy): Ranges {
  const configurations = policy.resource.references(['firewall_policy', 0, 'tls_inspection_configuration_arn'], { types: [CONFIGURATION] }).targets.map(read);
  return unionOf(configurations.filter(({ isOutward }) => isOutward).flatMap(({ scopes }) => scopes.map(({ sources }) => sources)));
}

function read(resource: Resource): TlsInspection {
  const servers = resource.elements(['tls_inspection_configuration', 0, 'server_certificate_configuration']);
  return {
    resource,
    isOutward: servers.some((path) => isSet(resource, [...path, 'certificate_authority_arn'])),
    isInward: servers.some((path) => isSet(resource, [...path, 'server_certificate'])),
    scopes: servers.flatMap((path) => resource.elements([...path, 'scope'])).map((path) => scopeAt(resource, path)),
  };
}

function scopeAt(resource: Resource, path: AttributePath): TlsScope {
  const addresses = (name: string): Ranges => {
    const given = resource.elements([...path, name]).map((each) => textAt(resource, [...each, 'address_definition']));
    // What the plan does not know may be anything.
    return given.length === 0 || given.includes(undefined) ? EVERYWHERE[4] : rangesIn(given as string[], 4);
  };
  const ports = resource.elements([...path, 'destination_ports']).map((each): Range => {
    const from = numberAt(resource, [...each, 'from_port']);
    const to = numberAt(resource, [...each, 'to_port']) ?? from;
    return from === undefined || to === undefined ? EVERY_PORT : [BigInt(from), BigInt(to)];
  });
  const protocols = resource.valueAt([...path, 'protocols']);
  const isAny = !Array.isArray(protocols) || protocols.length === 0;
  return { sources: addresses('source'), destinations: addresses('destination'), ports: rangesOf(ports.length > 0 ? ports : [EVERY_PORT]), isTcp: isAny || protocols.map(Number).includes(TCP) };
}
