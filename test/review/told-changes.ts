/** What a diff says of single packets, read back from its words; for oracles that send packets before and after a change. */
import type { ReachChange } from '../../review/result';
import { holds } from './addresses-by-hand';

export interface Sent {
  readonly to: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly port: number;
  /** Whether somebody's account of a cloud's service answers there. */
  readonly isStorage?: boolean;
}

/** Whether a change is about a place: it names it, or means the segment as a whole. */
export function isAbout({ who, places, more }: ReachChange, place: string, segment: string | undefined): boolean {
  return who === (segment ?? place) && (places === undefined || more !== undefined || places.includes(place));
}

/** Whether what a change says of traffic holds for a packet; a host is no traffic. */
export function speaksOf({ change, what }: Pick<ReachChange, 'change' | 'what'>, packet: Sent): boolean {
  return change !== 'opened' && (what === 'anything' || isIn(what, packet, change !== 'closed'));
}

function isIn(words: string, { to, protocol, port, isStorage = false }: Sent, isCut: boolean): boolean {
  const [what = '', place = ''] = words.split(' to ');
  const [where = '', isService = false] = /^(?:.* of every customer)(?: at (.*))?$/.test(place) ? [/ at (.*)$/.exec(place)?.[1] ?? 'the internet', true] : [place];
  // What answers for a service goes on to, where everybody else does not any more.
  if (isService ? !isStorage : isStorage && !isCut) return false;
  const isMeant = what.split(', ').some((each) => {
    const [name, ports] = each.split('/');
    return name === 'everything' || (name === protocol && (ports === undefined || ports.split(',').some((range) => {
      const [from, last = from] = range.split('-').map(Number) as [number, number?];
      return from <= port && port <= (last as number);
    })));
  });
  if (!isMeant) return false;
  if (/^the (IPv6 )?internet/.test(where)) return !(where.split(' but ')[1]?.split(', ') ?? []).some((range) => holds(range, to));
  // Which blocks the rest are nobody reads there.
  const [blocks = '', more] = where.split(/ and \d+ more blocks$/);
  return (isCut && more !== undefined) || blocks.split(', ').some((range) => holds(range, to));
}
