/**
 * A small network as plain data, and what becomes of single packets in it by AWS's own rules, one rule after the other.
 * It shares no code with the review: what both say is compared.
 */
export interface Packet {
  readonly to: string;
  /** Number of the IP protocol. */
  readonly protocol: number;
  readonly port: number;
  readonly icmpType: number;
}

export interface Entry {
  readonly number: number;
  readonly allow: boolean;
  readonly protocol: string;
  readonly ports?: readonly [number, number];
  readonly icmpType?: number;
  readonly cidr: string;
}

export interface Route {
  readonly cidr: string;
  readonly target: 'internet' | 'nat' | 'firewall' | 'peering';
}

export interface Line {
  readonly action: 'pass' | 'drop';
  /** By the name of a server; such a line is a pass. */
  readonly named: boolean;
  readonly protocol: string;
  readonly from: string;
  readonly fromPort: string;
  readonly to: string;
  readonly port: string;
  readonly condition: string;
}

export interface Stateless {
  readonly action: 'pass' | 'drop' | 'forward_to_sfe';
  readonly protocols: readonly number[];
  readonly to: readonly string[];
}

/** One machine, and behind it a firewall and a NAT gateway in subnets of their own. */
export interface SmallNetwork {
  readonly isPublic: boolean;
  readonly rules: readonly Omit<Entry, 'number' | 'allow'>[];
  readonly acl?: readonly Entry[] | undefined;
  readonly routes: readonly Route[];
  readonly behindFirewall: 'nat' | 'internet';
  readonly stateless: readonly Stateless[];
  readonly strict: boolean;
  readonly drops: boolean;
  readonly lines: readonly Line[];
}

/** A packet that gets out by name gets there only where its sender shows a name that is listed. */
export type Fate = 'open' | 'named' | 'none';

const NUMBERS: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17 };
const NETWORK = '10.0.0.0/16';
export const MACHINE = '10.0.1.9';

function number(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** How long the prefix is, where the address is in it. */
function within(address: string, cidr: string): number | undefined {
  const [base = '', bits = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(address) / size) === Math.floor(number(base) / size) ? Number(bits) : undefined;
}

function isMeant(text: string, { protocol, port, icmpType }: Packet, ports: readonly [number, number] | undefined, type: number | undefined): boolean {
  if (text === '-1') return true;
  if ((NUMBERS[text] ?? Number(text)) !== protocol) return false;
  if (protocol === 6 || protocol === 17) return (ports?.[0] ?? 0) <= port && port <= (ports?.[1] ?? 0);
  return protocol !== 1 || type === undefined || type === -1 || type === icmpType;
}

const groupAllows = (network: SmallNetwork, packet: Packet): boolean => network.rules.some((rule) => within(packet.to, rule.cidr) !== undefined && isMeant(rule.protocol, packet, rule.ports, rule.icmpType));

function aclAllows({ acl }: SmallNetwork, packet: Packet): boolean {
  if (!acl) return true;
  const first = [...acl].sort((a, b) => a.number - b.number).find((entry) => within(packet.to, entry.cidr) !== undefined && isMeant(entry.protocol, packet, entry.ports, entry.icmpType ?? 0));
  return first?.allow === true;
}

function addressFits(text: string, address: string): boolean {
  if (text === 'any') return true;
  if (text.startsWith('!')) return !addressFits(text.slice(1), address);
  if (text === '$HOME_NET') return within(address, NETWORK) !== undefined;
  return text === '$EXTERNAL_NET' ? within(address, NETWORK) === undefined : within(address, text) !== undefined;
}

function portFits(text: string, port: number): boolean {
  if (text === 'any') return true;
  if (text.startsWith('!')) return !portFits(text.slice(1), port);
  const [from = '', to = from] = text.split(':');
  return Number(from) <= port && port <= Number(to || 65535);
}

function lineFits(line: Line, { protocol, port, to }: Packet, fromPort: number): boolean {
  if (line.protocol === 'ip6' || (line.protocol in NUMBERS && NUMBERS[line.protocol] !== protocol) || (line.named && protocol !== 6)) return false;
  const conditions = [...line.condition.matchAll(/ip_proto:(!?)(\d+)/g)];
  if (conditions.some(([, not, wanted]) => (not === '!') === (Number(wanted) === protocol))) return false;
  const hasPorts = protocol === 6 || protocol === 17;
  return addressFits(line.from, MACHINE) && addressFits(line.to, to) && (!hasPorts || (portFits(line.fromPort, fromPort) && portFits(line.port, port)));
}

/** Whatever port it is sent from: a sender picks one. */
function inspected({ stateless, strict, drops, lines }: SmallNetwork, packet: Packet): readonly Fate[] {
  const quick = stateless.find(({ protocols, to }) => (protocols.length === 0 || protocols.includes(packet.protocol)) && (to.length === 0 || to.some((cidr) => within(packet.to, cidr) !== undefined)));
  if (quick && quick.action !== 'forward_to_sfe') return [quick.action === 'pass' ? 'open' : 'none'];
  return [22, 40_000].flatMap((fromPort) => {
    const fitting = lines.filter((line) => lineFits(line, packet, fromPort));
    const inOrder = strict ? fitting : [...fitting.filter(({ action }) => action === 'pass'), ...fitting.filter(({ action }) => action === 'drop')];
    const end = inOrder.findIndex(({ named }) => !named);
    const named: Fate[] = inOrder.slice(0, end < 0 ? undefined : end).map(() => 'named');
    const last: Fate = end >= 0 ? (inOrder[end]!.action === 'pass' ? 'open' : 'none') : strict && drops ? 'none' : 'open';
    return [...named, last];
  });
}

export function fateOf(network: SmallNetwork, packet: Packet): Fate {
  if (!groupAllows(network, packet) || !aclAllows(network, packet)) return 'none';
  const longest = Math.max(...network.routes.map(({ cidr }) => within(packet.to, cidr) ?? -1));
  const route = network.routes.find(({ cidr }) => within(packet.to, cidr) === longest);
  switch (route?.target) {
    case 'internet': return network.isPublic ? 'open' : 'none';
    case 'nat': return 'open';
    case 'firewall': {
      const fates = network.behindFirewall === 'internet' && !network.isPublic ? [] : inspected(network, packet);
      return fates.includes('open') ? 'open' : fates.includes('named') ? 'named' : 'none';
    }
    default: return 'none';
  }
}

/** One of each kind that any rule of a random network tells from others. */
export const PACKETS: readonly Packet[] = ['1.1.1.1', '8.8.8.8', '8.9.9.9', '129.1.1.1'].flatMap((to) => [
  ...[6, 17].flatMap((protocol) => [0, 22, 53, 443, 5000].map((port) => ({ to, protocol, port, icmpType: -1 }))),
  ...[0, 8].map((icmpType) => ({ to, protocol: 1, port: 0, icmpType })),
  ...[47, 50].map((protocol) => ({ to, protocol, port: 0, icmpType: -1 })),
]);
