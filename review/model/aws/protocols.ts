/**
 * What a protocol and ports of a security group or network ACL stand for.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
 */
import type { Family } from '../addresses';
import type { Ranges } from '../ranges';
import { ALL_PORTS, IP_PROTOCOLS, ports, traffic, type IpProtocol, type Traffic } from '../traffic';

const NUMBERS: Readonly<Record<string, IpProtocol>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmp', icmp: 'icmp', icmpv6: 'icmp', tcp: 'tcp', udp: 'udp' };

/** The protocols that a rule's text names: `-1` and `all` are every one. An unknown text may be every one. */
export function protocolsOf(text: string | undefined): readonly IpProtocol[] {
  if (text === undefined || text === '-1' || text.toLowerCase() === 'all') return IP_PROTOCOLS;
  return [NUMBERS[text.toLowerCase()] ?? 'other'];
}

/** The ports of a rule; only tcp and udp have any. Without both numbers, all of them. */
export function portsOf(protocol: IpProtocol, text: string | undefined, from: number | undefined, to: number | undefined): Ranges {
  const hasPorts = protocol === 'tcp' || protocol === 'udp';
  if (!hasPorts || text === undefined || text === '-1' || text.toLowerCase() === 'all') return ALL_PORTS;
  if (from === undefined || to === undefined || from < 0) return ALL_PORTS;
  return ports(from, Math.max(from, to));
}

/**
 * Of a rule's packets those that it takes whatever else is in them: what it refuses is refused then. `other` stands for
 * many protocols, of which a number is one; ICMP has a number of its own in each family, and types and codes.
 *
 * @param isWholeIcmp whether it is for every type and code
 */
export function surelyTaken(whole: Traffic, protocol: string | undefined, isWholeIcmp: boolean, hasPorts: boolean): Traffic {
  const text = protocol?.toLowerCase();
  if (text === '-1' || text === 'all') return whole;
  const isIcmp = text === (whole.family === 4 ? '1' : '58') || text === (whole.family === 4 ? 'icmp' : 'icmpv6');
  return traffic(whole.family, whole.boxes.filter((box) => (box.protocol === 'icmp' ? isIcmp && isWholeIcmp : box.protocol !== 'other' && hasPorts)));
}

/** A rule's packets to some addresses. */
export function ruleTraffic(family: Family, protocol: string | undefined, from: number | undefined, to: number | undefined, destinations: Ranges): Traffic {
  return traffic(family, protocolsOf(protocol).map((each) => ({ protocol: each, ports: portsOf(each, protocol, from, to), destinations })));
}
