/** Whether one packet is among sets of them. */
import { addressRange } from '../../../review/model/addresses';
import type { IpProtocol, Traffic } from '../../../review/model/traffic';

/** Ports say nothing of what is neither tcp nor udp. */
export function holds(flows: readonly Traffic[], { to, protocol, port }: { readonly to: string; readonly protocol: IpProtocol; readonly port: number }): boolean {
  const address = addressRange(to)!.range[0];
  return flows.some(({ boxes }) => boxes.some((box) => box.protocol === protocol && (protocol === 'icmp' || box.ports.some(([from, last]) => from <= port && port <= last)) && box.destinations.some(([from, last]) => from <= address && address <= last)));
}
