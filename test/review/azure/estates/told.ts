/** What a diff has to say of a change, and what it may say, by packets sent before and after. */
import type { ReachChange } from '../../../../review/result';
import type { Verdict } from '../../../../review/paths/verdict';
import { isAbout, speaksOf } from '../../told-changes';
import type { Change, Machine, Sender } from './changes';
import { SENDERS } from './changes';
import type { Estate, Packet } from './estate';
import { RELAY } from './estate';
import { onPorts } from '../../../../review/diff/reach';
import { isIn } from './judged';
import { holds } from '../../addresses-by-hand';
import { waysOf, type Way } from './fates';

const ENDS = { 4: ['8.8.8.8', '9.9.9.9', '130.1.1.1', '200.1.1.1'], 6: ['2001:4860::8888', '64:ff9b::808:808'] } as const;
const KINDS = [['tcp', 443, false], ['tcp', 443, true], ['tcp', 80, true], ['tcp', 22, true], ['tcp', 445, true], ['tcp', 445, false], ['tcp', 80, false], ['tcp', 8443, false], ['tcp', 22, false], ['udp', 53, false], ['udp', 443, false], ['udp', 8443, false], ['icmp', 0, false]] as const;
const PACKETS: Readonly<Record<4 | 6, readonly Packet[]>> = {
  4: [{ to: RELAY.address, protocol: 'tcp', port: RELAY.port, isStorage: false }, ...of(4)],
  6: of(6),
};

function of(family: 4 | 6): readonly Packet[] {
  return ENDS[family].flatMap((to) => KINDS.map(([protocol, port, isStorage]): Packet => ({ to, protocol, port, isStorage })));
}

const WORLDS = [false, true].map((isWide) => ({ isWide, isJoined: false }));
const LIKELY = [false, true].map((isWide) => ({ isWide, isJoined: true }));

/** What one packet of a machine may do. */
interface Fate {
  readonly packet: Packet;
  /** In worlds of which the review has to tell. */
  readonly ways: readonly Way[];
  /** In any. */
  readonly likely: readonly Way[];
}

function fatesOf(estate: Estate, machine: Machine | undefined, family: 4 | 6): readonly Fate[] {
  return PACKETS[family].map((packet) => {
    if (!machine || (family === 6 && !estate.dual) || (packet.to === RELAY.address && !estate.relay)) return { packet, ways: [], likely: [] };
    const ways = WORLDS.flatMap((world) => waysOf(estate, machine.stands, packet, world));
    return { packet, ways, likely: [...ways, ...LIKELY.flatMap((world) => waysOf(estate, machine.stands, packet, world))] };
  });
}

const isOpen = ({ hosts }: Way): boolean => hosts === undefined;
const isSure = ({ hosts, isSure: sure }: Way): boolean => hosts === undefined && sure;
const namesOf = (ways: readonly Way[]): readonly string[] => [...new Set(ways.flatMap(({ hosts = [] }) => hosts))];

export interface Judged {
  readonly kind: 'told' | 'missed' | 'hidden' | 'wide' | 'alarm' | 'silent' | 'wrongly closed';
  readonly detail: string;
}

type Verdicts = (machine: Machine, family: 4 | 6) => Verdict | undefined;

/** What the review says of both sides. */
export interface Said {
  readonly before: Verdicts;
  readonly after: Verdicts;
}

/** How each machine of both sides is to be judged. */
interface Sent {
  readonly now: Machine | undefined;
  readonly then: Machine | undefined;
  readonly before: readonly Fate[];
  readonly after: readonly Fate[];
}

/** @param verdicts what they said before for nothing is nothing new then, and what they say now is told */
export function judge(change: Change, reach: readonly ReachChange[], verdicts: Said): readonly Judged[] {
  const found: Judged[] = [];
  for (const family of [4, 6] as const) {
    const all = SENDERS.map((name) => sent(change, name, family)).filter(({ now, then }) => now || then);
    const told = reach.filter((each) => each.family === family);
    for (const one of all) found.push(...opened(one, change, told, family, verdicts), ...wronglyClosed(one, told));
  }
  return found;
}

function sent({ before, after, moves }: Change, name: Sender, family: 4 | 6): Sent {
  const [now, was] = [after.machines[name], before.machines[name]];
  const isSame = was?.address === now?.address || moves;
  const then = isSame ? was : undefined;
  return { now, then, before: fatesOf(before.estate, then, family), after: fatesOf(after.estate, now, family) };
}

function opened({ now, then, before, after }: Sent, change: Change, told: readonly ReachChange[], family: 4 | 6, verdicts: Said): readonly Judged[] {
  const judged = (kind: Judged['kind'], detail: unknown): readonly Judged[] => [{ kind, detail: `IPv${family} ${now?.address ?? then?.address}: ${JSON.stringify(detail)}` }];
  if (!now) return judged('silent', '');
  const about = told.filter((each) => isAbout(each, now.address, now.segment));
  const opens = about.filter(({ change }) => change === 'became-open' || change === 'became-unknown' || change === 'opened');
  let gains = 0;
  for (const [at, { packet, ways }] of after.entries()) {
    const was = wasOf(before, at);
    const isNew = ways.some(isOpen) && !was.some(isOpen);
    const isSurer = ways.some(isSure) && !was.some(isSure);
    if (isNew || isSurer) {
      gains += 1;
      const fitting = opens.filter((each) => speaksOf(each, packet) && (!isSurer || each.change === 'became-open'));
      if (fitting.length === 0) return judged(then && wasSaid(verdicts.before(then, family), packet, isNew, isSurer) ? 'hidden' : 'missed', { packet, ways, was, opens });
    }
  }
  // By name: of a port, whatever the address.
  for (const port of [443, 8443]) {
    const on = (fates: readonly Fate[], of: (fate: Fate) => readonly Way[]) => fates.filter(({ packet }) => packet.protocol === 'tcp' && packet.port === port).flatMap(of);
    const [is, was] = [on(after, ({ ways }) => ways), on(before, ({ likely }) => likely)];
    const peers = then || now.segment === undefined ? [] : Object.values(change.before.machines).filter((other) => other?.segment === now.segment);
    const segmentHad = peers.flatMap((other) => on(fatesOf(change.before.estate, other, family), ({ likely }) => likely));
    if ([...was, ...segmentHad].some(isOpen)) continue;
    for (const name of namesOf(is)) {
      if ([...namesOf(was), ...namesOf(segmentHad)].includes(name)) continue;
      const others = then ? [then] : peers as readonly Machine[];
      gains += 1;
      if (!opens.some(({ change, what }) => (change === 'opened' ? listed(what, name, port) : what === 'anything' || what.includes('tcp') || what.includes('everything')))) return judged(others.some((other) => verdicts.before(other, family)?.hosts.some(({ host }) => host === name)) ? 'hidden' : 'missed', { name, port, opens });
    }
  }
  const alarm = opens.find((each) => !mayBe(each, before, after));
  if (alarm) return judged(isOfVerdicts(alarm, then && verdicts.before(then, family), verdicts.after(now, family), PACKETS[family]) ? 'wide' : 'alarm', { change: alarm.change, what: alarm.what, traffic: alarm.traffic, places: alarm.places, reasons: alarm.reasons });
  return judged(gains > 0 ? 'told' : 'silent', '');
}

/** What is told to have stopped, and has not. */
function wronglyClosed({ now, then, after }: Sent, told: readonly ReachChange[]): readonly Judged[] {
  if (!now || !then) return [];
  return told.filter((each) => (each.change === 'closed' || each.change === 'became-guarded') && then.segment === now.segment && isAbout(each, now.address, now.segment)).flatMap((each): readonly Judged[] => {
    const still = after.find(({ packet, ways }) => (speaksOf(each, packet) && ways.some(isOpen)) || (each.change === 'closed' && packet.protocol === 'tcp' && packet.to !== RELAY.address && !each.what.includes('*') && isMeantAt(each.what, packet.to) && namesOf(ways).some((name) => listed(each.what, name, packet.port))));
    return still ? [{ kind: 'wrongly closed', detail: `${now.address} ${JSON.stringify({ ...each, path: undefined })} ${JSON.stringify(still)}` }] : [];
  });
}

/** Of a name at some addresses, or beyond them; where the rest of the blocks is not listed nobody knows. */
function isMeantAt(what: string, to: string): boolean {
  const [, how, where = ''] = / (at|beyond) (.+)$/.exec(what) ?? [];
  if (how === undefined || where.endsWith('more blocks')) return how === undefined;
  return where.split(', ').some((range) => holds(range, to)) === (how === 'at');
}

/** What answers for a service is among all that answers. */
function wasOf(fates: readonly Fate[], at: number): readonly Way[] {
  const { packet, likely } = fates[at]!;
  return packet.isStorage ? fates.filter(({ packet: { to, protocol, port } }) => to === packet.to && protocol === packet.protocol && port === packet.port).flatMap((each) => each.likely) : likely;
}

/** Of what may have been so the verdict may have said that it was. */
function wasSaid(verdict: Verdict | undefined, packet: Packet, isNew: boolean, isSurer: boolean): boolean {
  return isIn([...(isNew ? [] : verdict?.openTraffic ?? []), ...(isSurer ? [] : verdict?.doubtfulTraffic ?? [])], packet);
}

/** Whether verdicts differ as a change says, rightly or not: that is for the oracles of verdicts. */
function isOfVerdicts({ change, what }: ReachChange, was: Verdict | undefined, is: Verdict | undefined, packets: readonly Packet[]): boolean {
  if (change === 'opened') return [was, is].map((verdict) => verdict?.hosts.some((host) => onPorts(host).some(({ text, bare }) => what === text || what.startsWith(`${bare} `))) ?? false).join() === 'false,true';
  const isLess = (packet: Packet) => isIn(was?.openTraffic ?? [], packet);
  return packets.some((packet) => (what === 'anything' || speaksOf({ change, what }, packet)) && !isLess(packet) && isIn([...is?.openTraffic ?? [], ...(change === 'became-unknown' ? is?.doubtfulTraffic ?? [] : [])], packet));
}

/** Whether anything that the place sends fits what is told of it; of a segment that is meant as a whole it may be another place. */
function mayBe(change: ReachChange, before: readonly Fate[], after: readonly Fate[]): boolean {
  if (change.places === undefined && change.who === 'one') return true;
  if (change.what.startsWith(OF_AZURE)) return true;
  if (change.change === 'opened') {
    return after.some(({ packet, likely }, at) => namesOf(likely).some((name) => listed(change.what, name, packet.port) && !before[at]!.ways.some(isOpen)));
  }
  return after.some(({ packet, likely }, at) => speaksOf(change, packet) && likely.some(isOpen) && !before[at]!.ways.some(isSure));
}

/** Names of Azure's own that a firewall lets through by itself; no packet of these is for one. */
const OF_AZURE = 'any tag:AzureInfrastructure:';

function listed(what: string, name: string, port: number): boolean {
  const [, text = '', own] = /^\S+ ([^: ]+)(?::(\d+))?(?: (?:at|beyond) .*)?$/.exec(what) ?? [];
  const covers = text === '*' || text === name || (text.startsWith('*.') && name.endsWith(text.slice(1))) || text === `${name}/32`;
  return covers && (own === undefined || Number(own) === port);
}
