/** Every case, its packets in one capture, and what became of them. */
import type { DefaultDrop } from '../engine/default-actions';
import type { Outcome } from '../engine/run';
import { Wire, type Packet } from '../packets/wire';
import type { Case, Verdict } from './case';
import { HANDSHAKES } from './handshakes';
import { NAMES } from './names';
import { PAST_THE_STREAM } from './past-the-stream';
import { TRANSPORTS } from './transports';

export const CORPUS: readonly Case[] = [...NAMES, ...HANDSHAKES, ...TRANSPORTS, ...PAST_THE_STREAM];

/** Where a segment's packets come from. */
export type AddressOf = (segment: string) => string;

/** The cases' packets, case by case. */
export interface Capture {
  readonly frames: readonly Buffer[];
  readonly talks: readonly { readonly case: Case; readonly packets: readonly Packet[]; readonly start: number }[];
}

/** What the engine did with one case. */
export interface Result {
  readonly case: Case;
  /** `partly`: data of the client arrives after some that did not, or half an answer does; never right. */
  readonly verdict: Verdict | 'partly';
  /** Bytes of the client that arrived. */
  readonly leaked: number;
  readonly records: readonly string[];
}

/** Gives each case ports of its own and, unless it names one, an address of its own. */
export function capture(cases: readonly Case[], addressOf: AddressOf): Capture {
  let start = 0;
  const talks = cases.map((each, index) => {
    const wire = new Wire({
      client: /[.:]/.test(each.from) ? each.from : addressOf(each.from),
      clientPort: 20_000 + index,
      server: each.to ?? `198.18.${Math.floor(index / 250)}.${(index % 250) + 1}`,
      serverPort: each.port,
    });
    each.talk(wire);
    const talk = { case: each, packets: wire.packets, start };
    start += wire.packets.length;
    return talk;
  });
  return { frames: talks.flatMap((talk) => talk.packets.map((packet) => packet.frame)), talks };
}

/** The outcome of a run, case by case. */
export function results({ talks }: Capture, outcome: Outcome): readonly Result[] {
  return talks.map(({ case: each, packets, start }) => {
    const through = packets.filter((_, index) => !outcome.dropped.has(start + index));
    // Without its first packet there is no connection: what follows in the capture never happens.
    const opened = !packets.some((packet) => packet.opens) || through.some((packet) => packet.opens);
    const arrived = opened ? through : [];
    return {
      case: each,
      verdict: verdictOf(packets, arrived),
      leaked: bytes(arrived, 'client'),
      records: outcome.alerts.filter(({ packet }) => packet >= start && packet < start + packets.length).map(({ message }) => message),
    };
  });
}

function verdictOf(sent: readonly Packet[], arrived: readonly Packet[]): Result['verdict'] {
  const there = new Set(arrived.map((packet) => packet.content));
  const data = (sender: Packet['sender']) => [...new Map(sent.filter((packet) => packet.sender === sender && packet.payload > 0).map((packet) => [packet.content, packet])).keys()];
  const [questions, answers] = [data('client'), data('server')];
  if (questions.length + answers.length === 0) return arrived.length === sent.length ? 'pass' : 'drop';

  const lost = questions.findIndex((content) => !there.has(content));
  const answered = answers.filter((content) => there.has(content)).length;
  if (lost < 0) return answered === answers.length ? 'pass' : answered === 0 ? 'unanswered' : 'partly';
  return questions.slice(lost).some((content) => there.has(content)) || answered > 0 ? 'partly' : 'drop';
}

/** Data of one side, every copy of the same counted once. */
function bytes(packets: readonly Packet[], sender: Packet['sender']): number {
  const distinct = new Map(packets.filter((packet) => packet.sender === sender).map((packet) => [packet.content, packet.payload]));
  return [...distinct.values()].reduce((sum, payload) => sum + payload, 0);
}

/** Where an outcome is not what its case expects, in words; nothing when it is. */
export function disagreement({ case: each, verdict, leaked, records }: Result, drop: DefaultDrop): string | undefined {
  const expected = drop === 'none' ? each.expected : each.withDefault ?? each.expected;
  const log = `; the log says: ${[...new Set(records)].join(' | ') || 'nothing'}`;
  if (verdict !== expected) return `${each.name}: expected ${expected}, the engine says ${verdict}, ${leaked} bytes arrived${log}`;
  if (expected !== 'pass' && leaked > (each.leaks ?? 0)) return `${each.name}: ${leaked} bytes arrived, ${each.leaks ?? 0} are expected${log}`;
  if (each.record && !records.some((record) => record.includes(each.record!))) return `${each.name}: not on record as '${each.record}'${log}`;
  return undefined;
}
