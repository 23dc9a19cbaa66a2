/** Whether traffic that the review tells holds a single packet. */
import { addressRange } from '../../../review/model/addresses';
import type { Ranges } from '../../../review/model/ranges';
import type { IpProtocol, Traffic } from '../../../review/model/traffic';

interface Packet {
  readonly to: string;
  /** The number of the IP protocol. */
  readonly protocol: number;
  readonly port: number;
  /** Of ICMP; its code is 0. */
  readonly icmpType: number;
}

const KINDS: Readonly<Record<number, IpProtocol>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmp' };

export function isIn(flows: readonly Traffic[] = [], { to, protocol, port, icmpType }: Packet): boolean {
  const address = addressRange(to)!.range[0];
  const kind = KINDS[protocol] ?? 'other';
  const part = BigInt(kind === 'other' ? protocol : kind === 'icmp' ? icmpType * 256 : port);
  const has = (ranges: Ranges, value: bigint) => ranges.some(([from, last]) => from <= value && value <= last);
  return flows.some(({ boxes }) => boxes.some((box) => box.protocol === kind && has(box.destinations, address) && has(box.ports, part)));
}
