/**
 * What a protocol and ports of a security group or network ACL stand for.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
 */
import type { Family } from '../addresses';
import { ICMP, packetsOf, protocolNumber, typesAndCodes, type Packets } from '../ip-protocols';
import type { Ranges } from '../ranges';
import { ALL_PORTS, IP_PROTOCOLS, ports, traffic, type Traffic } from '../traffic';

/** `-1` and `all`. */
export function isEveryProtocol(text: string): boolean {
  return text === '-1' || text.toLowerCase() === 'all';
}

/** The ports of a rule of tcp or udp. Without both numbers, all of them. */
function portsOf(from: number | undefined, to: number | undefined): Ranges {
  return from === undefined || to === undefined || from < 0 ? ALL_PORTS : ports(from, Math.max(from, to));
}

/** An unknown protocol may be every one. Of ICMP the two numbers are type and code, and what is written of the other family's counts as its own, whole. */
function packets(family: Family, text: string | undefined, from: number | undefined, to: number | undefined): readonly Packets[] {
  if (text === undefined || isEveryProtocol(text)) return IP_PROTOCOLS.map((protocol) => ({ protocol, ports: ALL_PORTS }));
  const number = protocolNumber(text);
  if (number === 1 || number === 58) return [{ protocol: 'icmp', ports: number === ICMP[family] ? typesAndCodes(from, to) : ALL_PORTS }];
  const own = packetsOf(number, family);
  return [own.protocol === 'other' ? own : { ...own, ports: portsOf(from, to) }];
}

/** A rule's packets to some addresses. Where less is known, more. */
export function ruleTraffic(family: Family, protocol: string | undefined, from: number | undefined, to: number | undefined, destinations: Ranges): Traffic {
  return traffic(family, packets(family, protocol, from, to).map((each) => ({ ...each, destinations })));
}
