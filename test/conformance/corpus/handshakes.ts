/** ClientHellos and requests in odd shapes: how they are cut, ordered, doubled and hidden. */
import { clientHello, ENCRYPTED_CLIENT_HELLO, handshakeRecords, helloMessage, padding, serverNames, applicationData, serverHello } from '../packets/client-hello';
import { join } from '../packets/bytes';
import type { Wire } from '../packets/wire';
import type { Case } from './case';
import { get, http, request, tls } from './conversations';

const ALLOWED = 'api.stripe.com';
const OTHER = 'wwwwww.evil.net'.slice(1);
const HELLO = clientHello({ serverName: ALLOWED });
const OTHER_HELLO = clientHello({ serverName: OTHER });
/** Where the name stands in the bytes. */
const NAME_AT = HELLO.indexOf(ALLOWED);

function payments(name: string, talk: Case['talk'], expected: Case['expected'], over: Partial<Case> = {}): Case {
  return { name, from: 'payments', port: 443, talk, expected, ...over };
}

/** The same cut for a host that is allowed and one that is not. */
function cut(name: string, ...cuts: readonly number[]): readonly Case[] {
  return [
    payments(`tls cut ${name}: allowed`, tls(HELLO, ...cuts), 'pass'),
    payments(`tls cut ${name}: denied`, tls(OTHER_HELLO, ...cuts), 'drop', { leaks: cuts.at(-1)! }),
  ];
}

/** The same place in the stream twice, with another name the second time. */
function overlap(first: string, second: string): (wire: Wire) => void {
  return (wire) => {
    const [seen, later] = [clientHello({ serverName: first }), clientHello({ serverName: second })];
    wire.open();
    wire.send(seen.subarray(0, 40));
    wire.segment('client', 'PA', seen.subarray(40));
    wire.segment('client', 'PA', later.subarray(40), { at: 40 - later.length });
    wire.reply(serverHello());
    wire.send(applicationData(400));
  };
}

/** The pieces of a ClientHello in the wrong order. */
function disordered(hello: Buffer): (wire: Wire) => void {
  return (wire) => {
    wire.open();
    wire.segment('client', 'PA', hello.subarray(100), { at: 100 });
    wire.segment('client', 'PA', hello.subarray(0, 100));
    wire.skip(hello.length - 100);
    wire.again();
    wire.reply(serverHello());
    wire.send(applicationData(400));
    wire.close();
  };
}

export const HANDSHAKES: readonly Case[] = [
  ...cut('after the first byte', 1),
  ...cut('inside the record header', 3),
  ...cut('after the record header', 5),
  ...cut('inside the random', 30),
  ...cut('inside the name', NAME_AT + 3),
  ...cut('before the last letter of the name', NAME_AT + ALLOWED.length - 1),
  ...cut('before its last byte', HELLO.length - 1),
  ...cut('into many pieces', ...Array.from({ length: 20 }, (_, index) => (index + 1) * 10)),
  payments('tls: a ClientHello longer than a segment', tls({ serverName: ALLOWED, postQuantum: true }), 'pass'),
  payments('tls: a long ClientHello for another host', tls({ serverName: OTHER, postQuantum: true }), 'drop', { leaks: 1_460 }),
  payments('tls: the name in the second segment', tls({ serverName: ALLOWED, postQuantum: true, before: [padding(1_600)] }), 'pass'),
  payments('tls: another name in the second segment', tls({ serverName: OTHER, postQuantum: true, before: [padding(1_600)] }), 'drop', { leaks: 2_920 }),
  payments('tls: a ClientHello of 12 kB', tls({ serverName: ALLOWED, before: [padding(12_000)] }), 'pass'),
  payments('tls: a ClientHello of 12 kB for another host', tls({ serverName: OTHER, before: [padding(12_000)] }), 'drop', { leaks: 13_000 }),
  payments('tls: reserved values', tls({ serverName: ALLOWED, grease: true }), 'pass'),
  payments('tls: reserved values for another host', tls({ serverName: OTHER, grease: true }), 'drop'),
  payments('tls: ech behind an allowed front', tls({ serverName: ALLOWED, after: [ENCRYPTED_CLIENT_HELLO] }), 'pass', { risk: 'encrypted-client-hello' }),
  payments('tls: ech behind another front', tls({ serverName: 'cloudflare-ech.com', after: [ENCRYPTED_CLIENT_HELLO] }), 'drop'),
  payments('tls: two names in one list, allowed first', tls({ serverName: [ALLOWED, OTHER] }), 'pass', { risk: 'sni-spoofing' }),
  payments('tls: two names in one list, allowed last', tls({ serverName: [OTHER, ALLOWED] }), 'drop'),
  payments('tls: the extension twice, allowed first', tls({ serverName: ALLOWED, after: [serverNames(OTHER)] }), 'pass', { risk: 'sni-spoofing' }),
  payments('tls: the extension twice, allowed last', tls({ serverName: OTHER, after: [serverNames(ALLOWED)] }), 'drop'),
  payments('tls: a zero byte behind the name', tls({ serverName: `${ALLOWED}\0.evil.net` }), 'pass', { risk: 'sni-spoofing' }),
  payments('tls: a zero byte before the name', tls({ serverName: `evil.net\0${ALLOWED}` }), 'drop'),
  payments('tls: a space behind the name', tls({ serverName: `${ALLOWED} ` }), 'drop'),
  payments('tls: the allowed name in another extension', tls({ serverName: OTHER, after: [{ type: 0x1234, body: Buffer.from(ALLOWED) }] }), 'drop'),
  payments('tls: one message in two records', tls(handshakeRecords(helloMessage({ serverName: ALLOWED }), 60)), 'pass'),
  payments('tls: one message in two records, cut in the name', tls(handshakeRecords(helloMessage({ serverName: ALLOWED }), NAME_AT)), 'pass'),
  payments('tls: another host in two records', tls(handshakeRecords(helloMessage({ serverName: OTHER }), 60)), 'drop'),
  payments('tls: another host in two records and two segments', tls(handshakeRecords(helloMessage({ serverName: OTHER }), 60), 70), 'drop', { leaks: 70 }),
  payments('tls: another host in records of one byte', tls(handshakeRecords(helloMessage({ serverName: OTHER }), ...Array.from({ length: 200 }, (_, index) => index + 1))), 'unanswered', { leaks: 4_000, risk: 'handshake-before-verdict' }),
  payments('tls: another host, then the allowed one', tls(join(OTHER_HELLO, HELLO)), 'drop'),
  payments('tls: half a ClientHello and then other bytes', tls(join(HELLO.subarray(0, 60), applicationData(2_000))), 'drop', { leaks: 1_460 }),
  payments('tls: segments in the wrong order', disordered(HELLO), 'pass'),
  payments('tls: segments of another host in the wrong order', disordered(OTHER_HELLO), 'drop'),
  payments('tls: the allowed name first, another in the same place later', overlap(ALLOWED, OTHER), 'pass', { risk: 'sni-spoofing' }),
  payments('tls: another name first, the allowed one in the same place later', overlap(OTHER, ALLOWED), 'drop', { leaks: 40 }),
  payments('tls: a ClientHello in ip fragments', (wire) => {
    wire.open();
    wire.fragmented(OTHER_HELLO);
    wire.send(applicationData(400));
  }, 'drop', { leaks: 44 }),

  ...[1, 3, 8, 20, 28].flatMap((place): readonly Case[] => [
    { name: `http cut at ${place}: allowed`, from: 'platform', port: 80, talk: cutRequest('deb.debian.org', place), expected: 'pass' },
    { name: `http cut at ${place}: denied`, from: 'platform', port: 80, talk: cutRequest('www.evil.net', place), expected: 'drop', leaks: place },
  ]),
  web('http: an absolute target of another host', http(request('http://evil.net/', 'Host: deb.debian.org')), 'drop'),
  web('http: an absolute target of the allowed host', http(request('http://deb.debian.org/', 'Host: deb.debian.org')), 'pass'),
  web('http: an absolute target of the allowed host, another in the header', http(request('http://deb.debian.org/', 'Host: evil.net')), 'pass'),
  web('http: two hosts, allowed first', http(request('/', 'Host: deb.debian.org', 'Host: evil.net')), 'drop'),
  web('http: two hosts, allowed last', http(request('/', 'Host: evil.net', 'Host: deb.debian.org')), 'drop'),
  web('http: a host on a folded line', http(request('/', 'Host:', ' deb.debian.org', 'X: evil.net')), 'pass'),
  web('http: a space before the colon', http(request('/', 'Host : evil.net', 'X-Host: deb.debian.org')), 'drop'),
  web('http: a tunnel to another host', http('CONNECT evil.net:443 HTTP/1.1\r\nHost: deb.debian.org\r\n\r\n'), 'drop'),
  web('http: a second request to another host', http(get('deb.debian.org'), get('evil.net')), 'pass', { risk: 'host-header-spoofing' }),
  web('http: a pipelined request to another host', http(get('deb.debian.org') + get('evil.net')), 'pass', { risk: 'host-header-spoofing' }),
  web('http: a pipelined request to another host comes first', http(get('evil.net') + get('deb.debian.org')), 'pass', { risk: 'host-header-spoofing' }),
  web('http: a method of its own', http(`LEAK /secret HTTP/1.1\r\nHost: evil.net\r\n\r\n`), 'drop'),
  web('http: a request of 20 kB without an end', http(`GET /${'x'.repeat(20_000)}`), 'drop', { leaks: 17_520 }),
  web('http: version 2 with prior knowledge', http(Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1')), 'drop'),
];

function web(name: string, talk: Case['talk'], expected: Case['expected'], over: Partial<Case> = {}): Case {
  return { name, from: 'platform', port: 80, talk, expected, ...over };
}

function cutRequest(host: string, place: number): (wire: Wire) => void {
  return (wire) => {
    wire.open();
    wire.send(Buffer.from(get(host)), place);
    wire.again();
    wire.reply(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));
    wire.close();
  };
}
