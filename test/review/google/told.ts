/** What a diff has to say of a change, and what it may say, by packets sent before and after. */
import type { Verdict } from '../../../review/paths/verdict';
import type { ReachChange } from '../../../review/result';
import { isAbout, speaksOf, type Sent } from '../told-changes';
import { AddressedPackets, PACKETS as ADDRESSED, WORKLOADS } from './addressed-packets';
import { addressedWorkloads } from './addressed-workloads';
import type { Change } from './changes';
import { holds } from './holding';
import { JoinedPackets, PACKETS as JOINED } from './joined-packets';
import { joinedNetworks } from './joined-networks';
import { orderedRules } from './ordered-rules';
import type { Part } from './random-networks';
import { PACKETS as RULED, RulePackets } from './rule-packets';

/** `lost`: where nobody who reads the plan can see, so that it may get out. `back`: to the machine itself, and what then Google does not say. */
type Fate = 'out' | 'listed' | 'lost' | 'back' | 'refused';

interface Packet extends Sent { readonly family: 4 | 6 }

export interface Estate {
  readonly make: (seed: number) => readonly Part[];
  readonly packets: readonly Packet[];
  readonly walk: (parts: readonly Part[]) => (machine: Part, packet: Packet) => ReadonlySet<Fate>;
}

export const ESTATES: Readonly<Record<string, Estate>> = {
  'joined networks': {
    make: joinedNetworks, packets: JOINED.map((packet) => ({ ...packet, family: 4 })),
    walk: (parts) => {
      const packets = new JoinedPackets(parts);
      return (machine, packet) => packets.fatesOf(machine, packet);
    },
  },
  'ordered rules': {
    make: orderedRules, packets: RULED,
    walk: (parts) => {
      const packets = new RulePackets(parts);
      return (machine, packet) => packets.fatesOf(machine, packet);
    },
  },
  'addressed workloads': {
    make: addressedWorkloads, packets: ADDRESSED.map((packet) => ({ ...packet, protocol: 'tcp', port: 443 })),
    walk: (parts) => {
      const packets = new AddressedPackets(parts);
      return (machine, packet) => new Set([packets.getsOut(machine, packet) ? 'out' : 'refused']);
    },
  },
};

export interface Judged {
  /** `hidden`: a verdict said so before for nothing. `wide`: it says so now for nothing. */
  readonly kind: 'told' | 'missed' | 'hidden' | 'wide' | 'alarm' | 'silent' | 'wrongly closed';
  readonly detail: string;
}

/** Undefined for a machine that is not there. */
export type Verdicts = (machine: string, family: 4 | 6) => Verdict | undefined;

export function judge({ packets, walk }: Estate, { before, after, told }: Change, reach: readonly ReachChange[], verdicts: { readonly before: Verdicts; readonly after: Verdicts }): readonly Judged[] {
  const [was, is] = [walk(before), walk(after)];
  const oldNames = new Map(Object.entries(told.moved ?? {}).map(([from, to]) => [to, from]));
  return after.filter(({ type }) => WORKLOADS.includes(type)).flatMap((now) => ([4, 6] as const).flatMap((family): readonly Judged[] => {
    const address = `${now.type}.${now.name}`;
    const then = before.find(({ type, name }) => `${type}.${name}` === (oldNames.get(address) ?? address));
    const { segment } = verdicts.after(address, family)!.place;
    const about = reach.filter((each) => each.family === family && isAbout(each, address, segment));
    const sent = packets.filter((packet) => packet.family === family).map((packet) => ({ packet, was: then ? was(then, packet) : new Set<Fate>(), is: is(now, packet) }));
    return judged(sent, about, { address, isNew: !then, had: (kind) => before.some((other) => WORKLOADS.includes(other.type) && segment !== undefined && verdicts.before(`${other.type}.${other.name}`, family)?.place.segment === segment && packets.some((packet) => packet.family === family && was(other, packet).has(kind))) }, {
      before: then && verdicts.before(`${then.type}.${then.name}`, family), after: verdicts.after(address, family), wasIn: then !== undefined && verdicts.before(`${then.type}.${then.name}`, family)?.place.segment === segment,
    });
  }));
}

interface Fates { readonly packet: Packet; readonly was: ReadonlySet<Fate>; readonly is: ReadonlySet<Fate> }
interface Who { readonly address: string; readonly isNew: boolean; readonly had: (fate: Fate) => boolean }
interface Said { readonly before: Verdict | undefined; readonly after: Verdict | undefined; readonly wasIn: boolean }

const OPENING: ReadonlySet<ReachChange['change']> = new Set(['became-open', 'became-unknown', 'opened']);
const mayBe = (fates: ReadonlySet<Fate>): boolean => mayLeave(fates) || fates.has('listed') || fates.has('back');
const mayLeave = (fates: ReadonlySet<Fate>): boolean => fates.has('out') || fates.has('lost');
const isSilent = (verdict: Verdict | undefined, packet: Packet): boolean => !holds(verdict?.openTraffic ?? [], packet) && !holds(verdict?.doubtfulTraffic ?? [], packet);

function judged(sent: readonly Fates[], about: readonly ReachChange[], { address, isNew, had }: Who, { before, after, wasIn }: Said): readonly Judged[] {
  const one = (kind: Judged['kind'], detail: unknown = ''): readonly Judged[] => [{ kind, detail: `${address}: ${JSON.stringify(detail, (key, value) => (key === 'path' ? undefined : value instanceof Set ? [...value] : value))}` }];
  const opens = about.filter(({ change }) => OPENING.has(change));
  const gained = sent.filter(({ was, is }) => mayLeave(is) && !mayLeave(was) && !was.has('listed'));
  const untold = gained.find(({ packet }) => !opens.some((each) => speaksOf(each, packet)));
  if (untold) return one(isSilent(before, untold.packet) || isNew ? 'missed' : 'hidden', { ...untold, about });
  const isListed = sent.some(({ is }) => is.has('listed')) && !sent.some(({ was }) => was.has('listed') || mayLeave(was)) && !(isNew && (['listed', 'out', 'lost'] as const).some(had));
  if (isListed && opens.length === 0) return one(before && before.kind !== 'none' ? 'hidden' : 'missed', { about });
  const alarm = opens.find((each) => !sent.some(({ packet, was, is }) => (each.change === 'opened' ? mayBe(is) : speaksOf(each, packet) && mayBe(is) && !(was.size === 1 && was.has('out')))));
  // Every other protocol is no packet here.
  if (alarm?.what.startsWith('other protocols to ')) return one('wide', { alarm });
  // Of a segment that is meant as a whole it may be another machine.
  if (alarm && (alarm.places !== undefined || alarm.who === address)) {
    const isOfVerdicts = alarm.change === 'opened' || sent.some(({ packet }) => speaksOf(alarm, packet) && !isSilent(after, packet) && !holds(before?.openTraffic ?? [], packet));
    return one(isOfVerdicts ? 'wide' : 'alarm', { alarm });
  }
  const closed = wasIn ? about.find((each) => (each.change === 'closed' || each.change === 'became-guarded') && sent.some(({ packet, is }) => speaksOf(each, packet) && mayLeave(is))) : undefined;
  if (closed) return one('wrongly closed', { closed });
  return one(gained.length > 0 || isListed ? 'told' : 'silent');
}
