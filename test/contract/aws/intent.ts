/** What a policy file says of AWS, read from the file alone: no reader, no model and no blueprint of ours has a part in it. */
import { domainToASCII } from 'node:url';
import type { Written } from './random-policies';

/** One thing that a segment may reach. */
export interface IntendedHost {
  readonly protocol: 'tls' | 'http' | 'tcp';
  /** A name in lower case and ASCII, or what `*.` stands before; a block for tcp. */
  readonly name: string;
  readonly wildcard: boolean;
  readonly port: number;
}

/** Ports that somebody may call. */
export interface IntendedPorts {
  readonly from: string;
  readonly protocol: 'tcp' | 'udp';
  readonly first: number;
  readonly last: number;
}

export interface IntendedSegment {
  readonly name: string;
  readonly tier: 'public' | 'private' | 'data';
  readonly hosts: readonly IntendedHost[];
  readonly accepts: readonly IntendedPorts[];
}

/** The segments of one environment on AWS. */
export function intentOf(policy: Written): readonly IntendedSegment[] {
  return policy.segments.map(({ name, tier, accepts = [] }: Written): IntendedSegment => ({
    name,
    tier,
    hosts: (policy.allow ?? []).filter(({ from, clouds }: Written) => from.includes(name) && (clouds ?? ['aws']).includes('aws')).flatMap(hostsOf),
    accepts: accepts.flatMap(({ from, protocol = 'tcp', ports }: Written) => ports.map((port: number | string): IntendedPorts => {
      const [first, last = first] = String(port).split('-').map(Number) as [number, number?];
      return { from, protocol, first, last };
    })),
  }));
}

function hostsOf({ host, protocol = 'tls', ports, addresses }: Written): IntendedHost[] {
  const wildcard = host.startsWith('*.');
  const names: readonly string[] = protocol === 'tcp' ? addresses : [domainToASCII(host.replace(/^\*\./, '').replace(/\.$/, ''))];
  return names.flatMap((name) => (ports ?? [protocol === 'http' ? 80 : 443]).map((port: number): IntendedHost => ({ protocol, name, wildcard, port })));
}

/**
 * Whether a segment may have a conversation by a name.
 *
 * @param lists with AWS's domain lists, a wildcard is its apex too, and the ports of a segment's hosts are one set for
 *   each protocol: docs/aws.md says so, as a residual risk.
 */
export function mayName(hosts: readonly IntendedHost[], protocol: 'tls' | 'http', name: string, port: number, lists: boolean): boolean {
  const own = hosts.filter((host) => host.protocol === protocol);
  const matching = own.filter((host) => (host.wildcard ? name.endsWith(`.${host.name}`) || (lists && name === host.name) : name === host.name));
  return lists ? matching.length > 0 && own.some((host) => host.port === port) : matching.some((host) => host.port === port);
}
