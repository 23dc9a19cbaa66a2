/** What a client sends past the stream that the engine follows: before it stands, after its end, or in no place of it. */
import { noise } from '../packets/bytes';
import { clientHello } from '../packets/client-hello';
import type { Wire } from '../packets/wire';
import type { Case } from './case';

const HELLO = clientHello({ serverName: 'api.stripe.com' });
/** A ClientHello of 16 KB that goes no further: the engine knows TLS and waits for the name. */
const START = Buffer.from([22, 3, 1, 0x3f, 0xff, 1]);
const SEGMENT = 1_000;

function payments(name: string, talk: Case['talk'], expected: Case['expected'] = 'drop', over: Partial<Case> = {}): Case {
  return { name: `past the stream: ${name}`, from: 'payments', port: 443, talk, expected, ...over };
}

/** Segments that each have bytes of their own, in order unless told where. */
function burst(wire: Wire, { flags = 'PA', count = 30, size = SEGMENT, at, acknowledgement }: {
  readonly flags?: string; readonly count?: number; readonly size?: number; readonly at?: (n: number) => number; readonly acknowledgement?: number;
} = {}): void {
  for (let n = 0; n < count; n += 1) wire.segment('client', flags, noise(size, `burst ${n}`), { ...(at ? { at: at(n) } : {}), ...(acknowledgement === undefined ? {} : { acknowledgement }) });
}

const early = { record: 'egress denied: data before the connection stands' };
const ended = { record: 'egress denied: data after the end of the connection' };
const half = (wire: Wire) => {
  wire.open();
  wire.send(START);
};
/** As many segments as pass before the rule has counted enough, with what began. */
const counted = { leaks: 64 * SEGMENT + START.length, record: 'egress denied: no name within 64 segments', risk: 'handshake-before-verdict' };

export const PAST_THE_STREAM: readonly Case[] = [
  payments('data behind a SYN that nobody answers', (wire) => {
    wire.openInVain();
    burst(wire);
  }, 'drop', early),
  payments('a few bytes each behind a SYN that nobody answers', (wire) => {
    wire.openInVain();
    burst(wire, { size: 10 });
  }, 'drop', early),
  payments('a whole ClientHello and data behind a SYN that nobody answers', (wire) => {
    wire.openInVain();
    wire.segment('client', 'PA', HELLO);
    burst(wire);
  }, 'drop', early),
  payments('a FIN with data behind a SYN that nobody answers', (wire) => {
    wire.openInVain();
    burst(wire, { flags: 'FA' });
  }),
  payments('data behind a SYN that is refused', (wire) => {
    wire.openInVain();
    wire.segment('server', 'RA');
    burst(wire);
  }),
  payments('data behind an answer to another SYN', (wire) => {
    wire.openInVain();
    wire.segment('server', 'SA', undefined, { acknowledgement: 77 });
    burst(wire);
  }, 'drop', early),
  payments('both sides open at once', (wire) => {
    wire.openInVain();
    wire.segment('server', 'S');
    wire.segment('client', 'SA', noise(SEGMENT));
    wire.segment('server', 'A');
    wire.send(noise(2 * SEGMENT, 'more'));
  }),

  payments('a reset, then data', (wire) => {
    wire.open();
    wire.segment('client', 'RA');
    burst(wire);
  }),
  payments('both sides close, then data', (wire) => {
    wire.open();
    wire.close();
    burst(wire);
  }),
  payments('half a ClientHello, a reset, then data', (wire) => {
    half(wire);
    wire.segment('client', 'RA');
    burst(wire);
  }, 'drop', { ...ended, leaks: START.length }),
  payments('half a ClientHello, then resets with data', (wire) => {
    half(wire);
    burst(wire, { flags: 'RA' });
  }, 'drop', { ...ended, leaks: START.length }),
  payments('half a ClientHello, a reset of the server, then data', (wire) => {
    half(wire);
    wire.segment('server', 'RA');
    burst(wire);
  }, 'drop', { ...ended, leaks: START.length }),
  payments('half a ClientHello, both sides close, then data', (wire) => {
    half(wire);
    wire.close();
    burst(wire);
  }, 'drop', { ...ended, leaks: START.length }),
  payments('half a ClientHello, then data that acknowledges nothing', (wire) => {
    half(wire);
    burst(wire, { flags: 'P' });
  }, 'drop', { leaks: START.length }),
  payments('half a ClientHello, then data with no flag', (wire) => {
    half(wire);
    burst(wire, { flags: '' });
  }, 'drop', { leaks: START.length }),
  payments('half a ClientHello, then a SYN with data', (wire) => {
    half(wire);
    burst(wire, { flags: 'S' });
  }, 'drop', { leaks: START.length }),
  payments('a ClientHello in the segment that closes', (wire) => {
    wire.open();
    wire.segment('client', 'FPA', HELLO);
    wire.segment('server', 'A');
  }, 'pass'),

  payments('half a ClientHello, then segments that were there before', (wire) => {
    half(wire);
    burst(wire, { count: 200, at: (n) => -2_000 - n * SEGMENT });
  }, 'drop', counted),
  payments('half a ClientHello, then acknowledgements of what nobody sent', (wire) => {
    half(wire);
    burst(wire, { count: 200, at: (n) => n * SEGMENT, acknowledgement: 99_000_000 });
  }, 'drop', counted),
];
