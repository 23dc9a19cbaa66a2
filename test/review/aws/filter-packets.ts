/**
 * Security groups and network ACLs around one machine as plain data, and which single packets they let out by AWS's own
 * rules. It shares no code with the review: what both say is compared.
 *
 * https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
 * https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
 * https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html
 */
export const LISTS = { google: ['8.0.0.0/8', '9.9.9.0/24'], halves: ['0.0.0.0/1', '128.0.0.0/1'], six: ['2600::/12'] } as const;
export type ListName = keyof typeof LISTS;

export interface Match {
  readonly protocol: string;
  /** Of ICMP its type and code; -1 is every one. */
  readonly ports: readonly [number, number];
  /** A block; of a rule of a group also the name of a prefix list, `self` or `peer`. */
  readonly to: string;
}

export interface Entry extends Match {
  readonly number: number;
  readonly allow: boolean;
}

/** Without entries of its own, the ACL that AWS makes lets everything through; one that is taken over, what its entries say. */
export interface Estate {
  /** Undefined where nothing is written at all: Terraform takes away what AWS lets out by default. */
  readonly groups: Readonly<Record<'one' | 'two', readonly Match[] | undefined>>;
  readonly default: readonly Match[] | undefined;
  readonly carried: readonly ('one' | 'two' | 'default')[];
  /** By an attachment, beside those that the machine names. */
  readonly added: 'one' | 'two' | undefined;
  readonly acl: readonly Entry[] | undefined;
  readonly defaultAcl: readonly Entry[] | undefined;
  /** Of the subnet of the NAT gateway, for what it sends on. */
  readonly natAcl: readonly Entry[] | undefined;
  readonly isPublic: boolean;
}

export interface Packet {
  readonly to: string;
  readonly protocol: number;
  readonly port: number;
  /** Its code is 0. */
  readonly icmpType: number;
}

const isSix = (address: string): boolean => address.includes(':');

function number(address: string): bigint {
  if (!isSix(address)) return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const [head = '', tail = ''] = address.split('::');
  const parts = (text: string): string[] => (text ? text.split(':') : []);
  return [...parts(head), ...Array<string>(8 - parts(head).length - parts(tail).length).fill('0'), ...parts(tail)].reduce((sum, part) => sum * 65536n + BigInt(`0x${part}`), 0n);
}

function isWithin(address: string, cidr: string): boolean {
  const [base = '', bits = '0'] = cidr.split('/');
  if (isSix(base) !== isSix(address)) return false;
  const size = BigInt((isSix(base) ? 128 : 32) - Number(bits));
  return number(address) >> size === number(base) >> size;
}

const NUMBERS: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 };

function fits({ protocol, ports, to }: Match, packet: Packet): boolean {
  // Of members of a group none is on the internet.
  if (to === 'self' || to === 'peer') return false;
  const blocks: readonly string[] = to in LISTS ? LISTS[to as ListName] : [to];
  if (!blocks.some((block) => isWithin(packet.to, block))) return false;
  if (protocol === '-1' || protocol === 'all') return true;
  if ((NUMBERS[protocol] ?? Number(protocol)) !== packet.protocol) return false;
  if (packet.protocol === 6 || packet.protocol === 17) return ports[0] <= packet.port && packet.port <= ports[1];
  const isIcmp = packet.protocol === 1 || packet.protocol === 58;
  return !isIcmp || ports[0] === -1 || (ports[0] === packet.icmpType && (ports[1] === -1 || ports[1] === 0));
}

function aclAllows(entries: readonly Entry[], packet: Packet): boolean {
  return [...entries].sort((a, b) => a.number - b.number).find((entry) => fits(entry, packet))?.allow === true;
}

const EVERYTHING: readonly Match[] = [{ protocol: '-1', ports: [0, 0], to: '0.0.0.0/0' }, { protocol: '-1', ports: [0, 0], to: '::/0' }];

export function getsOut({ groups, default: own, carried, added, acl, defaultAcl, natAcl, isPublic }: Estate, packet: Packet): boolean {
  const named = carried.length === 0 ? ['default' as const] : carried;
  const rules = [...named, ...(added ? [added] : [])].flatMap((group) => (group === 'default' ? own ?? EVERYTHING : groups[group] ?? []));
  if (!rules.some((rule) => fits(rule, packet))) return false;
  const entries = acl ?? defaultAcl;
  if (entries && !aclAllows(entries, packet)) return false;
  // IPv6 goes out directly; IPv4 by a NAT gateway, unless the machine has an address.
  if (isSix(packet.to) || isPublic) return true;
  const behind = natAcl ?? defaultAcl;
  // That a NAT gateway carries TCP, UDP and ICMP alone is not relied on.
  return !behind || aclAllows(behind, packet);
}

/** One of each kind that any rule tells from others. */
export const PACKETS: readonly Packet[] = ['1.1.1.1', '8.8.8.8', '9.9.9.9', '129.1.1.1', '2606:4700::1111', '2a00:1450::1'].flatMap((to) => [
  ...[6, 17].flatMap((protocol) => [22, 53, 443, 5000].map((port) => ({ to, protocol, port, icmpType: -1 }))),
  ...[3, 8].map((icmpType) => ({ to, protocol: isSix(to) ? 58 : 1, port: 0, icmpType })), ...[47, 50].map((protocol) => ({ to, protocol, port: 0, icmpType: -1 })),
]);
