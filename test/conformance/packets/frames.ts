/** Ethernet frames with IPv4 or IPv6 in them, checksums right, since an engine ignores packets with wrong ones. */
import { isIPv6 } from 'node:net';
import { checksum, join, u16, u32, u8 } from './bytes';

/** IP protocol numbers. */
export const PROTOCOL = { icmp: 1, tcp: 6, udp: 17, gre: 47, esp: 50, icmp6: 58, sctp: 132 } as const;

/** Where a packet comes from and goes to; both of one address family. */
export interface Addresses {
  readonly source: string;
  readonly destination: string;
}

export interface Ports {
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** TCP's control bits by their letter in the rule language. */
export const FLAG = { F: 1, S: 2, R: 4, P: 8, A: 16, U: 32, E: 64, C: 128 } as const;

export interface TcpHeader extends Ports {
  readonly sequence: number;
  readonly acknowledgement: number;
  /** Letters of `FLAG`. */
  readonly flags: string;
  /** Padded to a multiple of four. */
  readonly options?: Buffer;
  readonly window?: number;
}

/** An IP packet in a frame. Fragments say where they belong. */
export function frame(
  { source, destination }: Addresses,
  protocol: number,
  payload: Buffer,
  fragment: { readonly id: number; readonly offset: number; readonly more: boolean } = { id: 0, offset: 0, more: false },
): Buffer {
  const six = isIPv6(source);
  const packet = six
    ? join(u32(0x60000000), u16(payload.length), u8(protocol), u8(64), address(source), address(destination), payload)
    : join(ipv4Header(source, destination, protocol, payload.length, fragment), payload);
  return join(Buffer.from('020000000002020000000001', 'hex'), u16(six ? 0x86dd : 0x0800), packet);
}

export function tcp(ends: Addresses, header: TcpHeader, payload: Buffer = Buffer.alloc(0)): Buffer {
  const options = header.options ?? Buffer.alloc(0);
  const flags = [...header.flags].reduce((bits, letter) => bits | FLAG[letter as keyof typeof FLAG], 0);
  const parts = (sum: number) => join(
    u16(header.sourcePort), u16(header.destinationPort), u32(header.sequence), u32(header.acknowledgement),
    u8((5 + options.length / 4) << 4), u8(flags), u16(header.window ?? 64_240), u16(sum), u16(0), options, payload,
  );
  return parts(transportChecksum(ends, PROTOCOL.tcp, parts(0)));
}

export function udp(ends: Addresses, { sourcePort, destinationPort }: Ports, payload: Buffer): Buffer {
  const parts = (sum: number) => join(u16(sourcePort), u16(destinationPort), u16(payload.length + 8), u16(sum), payload);
  return parts(transportChecksum(ends, PROTOCOL.udp, parts(0)));
}

/** An echo request with data, in the address family of its ends. */
export function echoRequest(ends: Addresses, id: number, payload: Buffer): Buffer {
  const six = isIPv6(ends.source);
  const parts = (sum: number) => join(u8(six ? 128 : 8), u8(0), u16(sum), u16(id), u16(1), payload);
  return parts(six ? transportChecksum(ends, PROTOCOL.icmp6, parts(0)) : checksum(parts(0)));
}

function ipv4Header(source: string, destination: string, protocol: number, length: number, fragment: { id: number; offset: number; more: boolean }): Buffer {
  const place = (fragment.more ? 0x2000 : 0) | (fragment.offset / 8);
  const parts = (sum: number) => join(
    u8(0x45), u8(0), u16(length + 20), u16(fragment.id), u16(place), u8(64), u8(protocol), u16(sum), address(source), address(destination),
  );
  return parts(checksum(parts(0)));
}

function transportChecksum({ source, destination }: Addresses, protocol: number, segment: Buffer): number {
  const length = isIPv6(source) ? join(u32(segment.length), u32(protocol)) : join(u8(0), u8(protocol), u16(segment.length));
  return checksum(join(address(source), address(destination), length, segment));
}

function address(text: string): Buffer {
  if (!isIPv6(text)) return Buffer.from(text.split('.').map(Number));
  const [head = '', tail = ''] = text.split('::');
  const groups = (part: string) => part.split(':').filter(Boolean).map((group) => u16(parseInt(group, 16)));
  const [front, back] = [groups(head), groups(tail)];
  return join(...front, ...Array.from({ length: 8 - front.length - back.length }, () => u16(0)), ...back);
}
