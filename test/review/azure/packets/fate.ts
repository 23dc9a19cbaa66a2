/**
 * What becomes of one packet, decided as Azure documents it and with nothing of `review/`: the groups by priority,
 * the longest prefix, network rules before application rules.
 */
import { holds, lengthOf } from '../../addresses-by-hand';
import { ADDRESS, MEMBERS, type FirewallRule, type Network, type Rule } from './network';

export interface Packet {
  readonly source: string;
  readonly destination: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly port: number;
  /** To an account: any address may be that of one. */
  readonly isStorage: boolean;
}

/** `named`: only to names or addresses that somebody listed; `appliance`: to something that no plan tells of. */
export type Fate = 'out' | 'named' | 'appliance' | 'stopped';

/** One address of each part of the internet that some rule or route tells apart, and one port of each kind. */
export function packetsOf(network: Network): readonly Packet[] {
  const own4 = network.forwards ? [ADDRESS, '10.0.1.200', '10.0.9.9', '192.168.7.7'] : network.hasStaticAddress ? [ADDRESS] : [ADDRESS, '10.0.1.77', '10.0.1.200'];
  const ends = [
    ...own4.flatMap((source) => ['8.8.8.8', '8.1.1.1', '9.9.9.9', '200.1.1.1'].map((destination) => ({ source, destination }))),
    ...(network.hasIpv6 ? [{ source: 'fd00::5', destination: '2001:4860::8888' }, { source: 'fd00::5', destination: '64:ff9b::808:808' }] : []),
  ];
  return ends.flatMap((end) => (['tcp', 'udp', 'icmp'] as const).flatMap((protocol) => (protocol === 'icmp' ? [0] : [22, 53, 80, 443, 445, 8443]).flatMap((port) => (end.destination.includes(':') ? [false] : [false, true]).map((isStorage) => ({ ...end, protocol, port, isStorage })))));
}

/** @param isWide whether the tag `VirtualNetwork` takes in what routes name: Azure says that it may. */
export function fateOf(network: Network, packet: Packet, isWide: boolean): Fate {
  if (![network.ownGroup, network.group].every((group) => group === undefined || isLetOut(network, group, packet, isWide))) return 'stopped';
  const fitting = (network.routes ?? []).filter(({ prefix }) => holds(prefix, packet.destination)).sort((a, b) => lengthOf(b.prefix) - lengthOf(a.prefix));
  switch (fitting[0]?.hop ?? 'Internet') {
    case 'Internet':
      return leaves(network, packet) ? 'out' : 'stopped';
    case 'firewall':
      return throughFirewall(network.firewall, packet);
    case 'appliance':
      return 'appliance';
    default:
      return 'stopped';
  }
}

function isLetOut(network: Network, group: readonly Rule[], { source, destination, protocol, port, isStorage }: Packet, isWide: boolean): boolean {
  const tag = (prefix: string, address: string): boolean => {
    const isOwn = holds('10.0.0.0/16', address) || holds('fd00::/48', address);
    switch (prefix) {
      case '*': return true;
      case 'Internet': return !isOwn && !holds('10.0.0.0/8', address) && !holds('192.168.0.0/16', address);
      case 'VirtualNetwork': return isOwn || (isWide && (network.routes ?? []).some((route) => holds(route.prefix, address)));
      case 'Storage': return isStorage && address === destination;
      case MEMBERS: return network.isMember;
      default: return holds(prefix, address);
    }
  };
  const decides = [...group].sort((a, b) => a.priority - b.priority).find((rule) => {
    if (rule.protocol !== '*' && rule.protocol.toLowerCase() !== protocol) return false;
    const [from, to = from] = rule.ports.split('-');
    const takesPort = rule.ports === '*' || (protocol !== 'icmp' && Number(from) <= port && port <= Number(to)) || (protocol === 'icmp' && rule.protocol !== '*');
    return takesPort && tag(rule.source, source) && tag(rule.destination, destination);
  });
  if (decides) return decides.access === 'Allow';
  // Azure's own rules: the network to itself, then anybody to the internet.
  return (tag('VirtualNetwork', source) && tag('VirtualNetwork', destination)) || tag('Internet', destination);
}

/** SFTP, HTTP, HTTPS and SMB. */
const ANSWERED: readonly number[] = [22, 80, 443, 445];

/** As some public address: a NAT gateway has none for IPv6, and neither does what Azure lends. Storage of the region is called without one. */
function leaves({ hasNat, hasPublicAddress, hasDefaultOutbound }: Network, { destination, protocol, port, isStorage }: Packet): boolean {
  const isAnswered = isStorage && protocol === 'tcp' && ANSWERED.includes(port);
  return hasPublicAddress || (!destination.includes(':') && (hasNat || hasDefaultOutbound || isAnswered));
}

function throughFirewall(rules: readonly FirewallRule[], { source, destination, protocol, port }: Packet): Fate {
  // It has no IPv6.
  if (destination.includes(':')) return 'stopped';
  const inOrder = [...rules].sort((a, b) => a.priority - b.priority).filter((rule) => rule.source === '*' || holds(rule.source, source));
  const first = protocol === 'tcp' ? inOrder.find((rule) => rule.layer === 'network' && rule.port === port && (rule.destination === '*' || holds(rule.destination, destination))) : undefined;
  if (first) return first.access === 'Deny' ? 'stopped' : first.destination === '8.8.8.8' ? 'named' : 'out';
  if (protocol !== 'tcp' || (port !== 443 && port !== 80)) return 'stopped';
  const allows = (host: string): boolean => inOrder.find((rule) => rule.layer === 'application' && rule.port === port && (rule.destination === '*' || rule.destination === host || (rule.destination.startsWith('*.') && host.endsWith(rule.destination.slice(1)))))?.access === 'Allow';
  return allows('anything.test') ? 'out' : ['a.example.com', 'b.example.com'].some(allows) ? 'named' : 'stopped';
}
