/** Whether a verdict says of each packet what is true. */
import { addressRange } from '../../../../review/model/addresses';
import type { Traffic } from '../../../../review/model/traffic';
import type { Verdict } from '../../../../review/paths/verdict';
import { MACHINES, RELAY, type Estate, type MachineName, type Packet } from './estate';
import { waysOf, type Way } from './fates';

const ENDS = { 4: ['8.8.8.8', '9.9.9.9', '200.1.1.1'], 6: ['2001:4860::8888', '64:ff9b::808:808'] } as const;
const KINDS = [['tcp', 443, false], ['tcp', 443, true], ['tcp', 8443, false], ['udp', 53, false], ['icmp', 0, false]] as const;

/** One to each part of the internet that some rule or route of a random estate tells apart, and one of each kind. */
function packetsOf(family: 4 | 6, { relay }: Estate): readonly Packet[] {
  const called: readonly Packet[] = relay && family === 4 ? [{ to: RELAY.address, protocol: 'tcp', port: RELAY.port, isStorage: false }] : [];
  return [...called, ...ENDS[family].flatMap((to) => KINDS.map(([protocol, port, isStorage]): Packet => ({ to, protocol, port, isStorage })))];
}

const NARROW = { isWide: false, isJoined: false };
const WIDE = { isWide: true, isJoined: false };

export interface Judged {
  /** `wide`: hosts or a doubt of what is stopped in each case. */
  readonly kind: 'right' | 'missed' | 'alarm' | 'doubt' | 'wide';
  readonly fate: 'open' | 'unsure' | 'named' | 'none';
  readonly detail: string;
}

export function judge(estate: Estate, machine: MachineName, family: 4 | 6, verdict: Verdict | undefined): Judged {
  const { kind = 'none', openTraffic = [], doubtfulTraffic = [], hosts = [] } = verdict ?? {};
  const fates = packetsOf(family, estate).map((packet) => ({ packet, narrow: waysOf(estate, machine, packet, NARROW), wide: waysOf(estate, machine, packet, WIDE), likely: [false, true].flatMap((isWide) => waysOf(estate, machine, packet, { isWide, isJoined: true })) }));
  const is = (test: (way: Way) => boolean) => fates.some(({ narrow, wide }) => [...narrow, ...wide].some(test));
  const fate = is((way) => !way.hosts && way.isSure) ? 'open' : is((way) => !way.hosts) ? 'unsure' : is((way) => way.hosts !== undefined) ? 'named' : 'none';
  const judged = (own: Judged['kind'], detail = ''): Judged => ({ kind: own, fate, detail });
  for (const { packet, narrow, wide } of fates) {
    const all = [...narrow, ...wide];
    const told = [...openTraffic, ...doubtfulTraffic];
    if (all.some(({ hosts: own }) => !own) && !isIn(told, packet)) return judged('missed', `out ${JSON.stringify(packet)} ${JSON.stringify(all)}`);
    const missing = [...new Set(all.flatMap(({ hosts: own = [] }) => own))].filter((host) => !isIn(told, packet) && !hosts.some(({ host: name, ports }) => covers(name, host) && (ports.length === 0 || ports.includes(packet.port))));
    if (missing.length > 0) return judged('missed', `named ${missing.join()} ${JSON.stringify(packet)} ${JSON.stringify(all)}`);
  }
  const forwards = MACHINES[machine].some((name) => estate.interfaces[name].forwards);
  for (const { packet } of fates) {
    // What one kind of packet may do at an address, the other may do there, too, for all that the review knows.
    const alike = fates.filter(({ packet: { to, port, protocol } }) => to === packet.to && port === packet.port && protocol === packet.protocol).flatMap(({ likely }) => likely);
    // Rules for a part of the addresses that a machine may send with are not followed together.
    if (!forwards && isIn(openTraffic, packet) && !alike.some(({ hosts: own }) => !own)) return judged('alarm', `${JSON.stringify(packet)} ${JSON.stringify(alike)}`);
  }
  const likely = fates.flatMap((each) => each.likely);
  if (kind === 'unknown' && !likely.some((way) => !way.hosts && !way.isSure) && !fates.some(({ narrow, wide }) => JSON.stringify(narrow) !== JSON.stringify(wide))) return judged('doubt', fate);
  if (kind === 'allowlisted' && likely.length === 0) return judged('wide');
  return judged('right');
}

function covers(listed: string, host: string): boolean {
  return listed === '*' || listed === host || (listed.startsWith('*.') && host.endsWith(listed.slice(1))) || listed === `${host}/32`;
}

export function isIn(flows: readonly Traffic[], { to, protocol, port, isStorage }: Packet): boolean {
  const address = addressRange(to)!.range[0];
  return flows.some(({ boxes }) => boxes.some((box) => box.protocol === protocol && (box.service === undefined || isStorage) && (protocol === 'icmp' || box.ports.some(([from, last]) => from <= BigInt(port) && BigInt(port) <= last)) && box.destinations.some(([from, last]) => from <= address && address <= last)));
}
