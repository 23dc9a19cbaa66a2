/**
 * IP protocols by number and name, and what a box of traffic holds of each: `Box.ports`.
 * https://www.iana.org/assignments/protocol-numbers/protocol-numbers.xhtml
 */
import type { Family } from './addresses';
import { includes, type Ranges } from './ranges';
import { ALL_PORTS, ports, type Box } from './traffic';

const NUMBERS: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, gre: 47, esp: 50, ah: 51, icmpv6: 58, 'ipv6-icmp': 58, vrrp: 112, sctp: 132 };
const NAMES: Readonly<Record<number, string>> = { 47: 'gre', 50: 'esp', 51: 'ah', 112: 'vrrp', 132: 'sctp' };
/** Each family has an ICMP of its own. */
export const ICMP: Readonly<Record<Family, number>> = { 4: 1, 6: 58 };
const LAST = 255;

/** Some packets of one protocol, wherever they go. */
export type Packets = Pick<Box, 'protocol' | 'ports'>;

/** `6`, `tcp`; undefined for a name that is not among the few above, and for what is no protocol's number. */
export function protocolNumber(text: string): number | undefined {
  const number = NUMBERS[text.toLowerCase()] ?? (/^\d{1,3}$/.test(text) ? Number(text) : undefined);
  return number !== undefined && number <= LAST ? number : undefined;
}

/** The packets of a protocol, on every port. Undefined is one that nobody knows: any of those without ports. */
export function packetsOf(number: number | undefined, family: Family): Packets {
  if (number === 6 || number === 17) return { protocol: number === 6 ? 'tcp' : 'udp', ports: ALL_PORTS };
  if (number === ICMP[family]) return { protocol: 'icmp', ports: ALL_PORTS };
  return { protocol: 'other', ports: number === undefined ? ALL_PORTS : ports(number) };
}

/** Of ICMP. -1 is every one, and so is what is not known, or none. */
export function typesAndCodes(type: number | undefined, code: number | undefined): Ranges {
  if (type === undefined || code === undefined || !isByte(type) || (code !== -1 && !isByte(code))) return ALL_PORTS;
  return code === -1 ? ports(type * (LAST + 1), type * (LAST + 1) + LAST) : ports(type * (LAST + 1) + code);
}

function isByte(number: number): boolean {
  return Number.isInteger(number) && number >= 0 && number <= LAST;
}

/** `tcp/443,8000-8100`, `icmp type 8`, `esp, gre`, `other protocols`; without its ports where it is every one. */
export function packetsText({ protocol, ports: own }: Packets): string {
  const isWhole = includes(own, ALL_PORTS);
  switch (protocol) {
    case 'tcp':
    case 'udp': return isWhole ? protocol : `${protocol}/${own.map(spanText).join()}`;
    case 'icmp': return isWhole ? protocol : `icmp ${own.map(typeText).join(', ')}`;
    case 'other': return isWhole ? 'other protocols' : own.map(numberText).join(', ');
  }
}

function spanText([from, to]: Ranges[number]): string {
  return from === to ? String(from) : `${from}-${to}`;
}

function typeText([from, to]: Ranges[number]): string {
  const [first, last] = [Number(from), Number(to)];
  const [type, end] = [Math.floor(first / (LAST + 1)), Math.floor(last / (LAST + 1))];
  const [code, lastCode] = [first % (LAST + 1), last % (LAST + 1)];
  const isWhole = code === 0 && lastCode === LAST;
  if (type !== end) return `types ${type}-${end}${isWhole ? '' : ' but some codes'}`;
  return `type ${type}${isWhole ? '' : code === lastCode ? ` code ${code}` : ` codes ${code}-${lastCode}`}`;
}

function numberText([from, to]: Ranges[number]): string {
  return from === to ? NAMES[Number(from)] ?? `protocol ${from}` : `protocols ${from}-${to > BigInt(LAST) ? LAST : to}`;
}
