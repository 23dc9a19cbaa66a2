/** What is no TLS and no HTTP, or not even TCP. */
import { clientHello, applicationData } from '../packets/client-hello';
import { counted, join, noise, u16, u32, u8 } from '../packets/bytes';
import { PROTOCOL } from '../packets/frames';
import { Wire } from '../packets/wire';
import type { Case } from './case';
import { get, greeted, http, raw, speaks, tls } from './conversations';

const ALLOWED = 'api.stripe.com';
const HELLO = clientHello({ serverName: ALLOWED });
const SSH = 'SSH-2.0-OpenSSH_9.7\r\n';
const LISTED = '151.101.1.69';

/** The start of a QUIC connection (RFC 9000, 17.2.2): long header, version 1, padded to 1,200 bytes. */
const QUIC = join(u8(0xc3), u32(1), counted(u8, noise(8, 'dcid')), counted(u8, noise(8, 'scid')), u8(0), u16(0x4000 | 1_170), noise(1_170, 'quic'));
/** A query for the address of `secret.evil.net` (RFC 1035, 4). */
const DNS = join(u16(7), u16(0x0100), u16(1), u16(0), u16(0), u16(0), ...['secret', 'evil', 'net'].map((label) => counted(u8, Buffer.from(label))), u8(0), u16(1), u16(1));

function from(segment: string, port: number, name: string, talk: Case['talk'], expected: Case['expected'], over: Partial<Case> = {}): Case {
  return { name, from: segment, port, talk, expected, ...over };
}

const datagram = (data: Buffer) => (wire: Wire) => wire.datagram(data, noise(60, 'answer'));
const packets = (protocol: number, data: Buffer) => (wire: Wire) => wire.ip(protocol, data);

/** One segment of a connection that nobody opened. */
const stray = (flags: string, data: Buffer = Buffer.alloc(0)) => (wire: Wire) => {
  wire.segment('client', flags, data);
  wire.segment('client', flags, data);
};

export const TRANSPORTS: readonly Case[] = [
  from('payments', 443, 'ssh on 443', speaks(SSH, noise(400, 'kex')), 'drop', { record: 'egress denied: not tls, from payments' }),
  from('payments', 443, 'ssh on 443, the server first', greeted(SSH, SSH, noise(400, 'kex')), 'drop'),
  from('payments', 443, 'http on 443', http(get(ALLOWED)), 'drop'),
  from('platform', 80, 'tls on 80', tls({ serverName: 'deb.debian.org' }), 'drop', { record: 'egress denied: not http, from platform' }),
  from('platform', 80, 'ssh on 80', speaks(SSH), 'drop'),
  from('payments', 443, 'smtp on 443, the server first', greeted('220 mail ESMTP\r\n', 'EHLO me\r\n', 'MAIL FROM:<a@b.c>\r\n'), 'drop'),
  from('payments', 443, 'ftp on 443', greeted('220 ready\r\n', 'USER anonymous\r\n', 'PASS x\r\n'), 'drop'),
  from('payments', 443, 'dns over tcp on 443', speaks(join(u16(DNS.length), DNS)), 'drop'),
  from('payments', 443, 'raw bytes on 443', raw(6_000), 'drop'),
  from('payments', 443, 'raw bytes on 443, one at a time', raw(200, 1), 'drop', { leaks: 18, risk: 'handshake-before-verdict' }),
  from('payments', 443, 'one raw byte per connection', raw(1), 'unanswered', { withDefault: 'drop', leaks: 1, risk: 'handshake-before-verdict' }),
  from('payments', 443, 'sixteen raw bytes', raw(16), 'unanswered', { withDefault: 'drop', leaks: 16, risk: 'handshake-before-verdict' }),
  from('payments', 443, 'raw bytes that start like tls', (wire) => {
    wire.open();
    wire.send(Buffer.from([22, 3, 1, 0x3f, 0xff, 1]));
    wire.send(noise(25_000));
    wire.reply(noise(64));
  }, 'drop', { leaks: 17_600, record: 'egress denied: no name within 16384 bytes', risk: 'handshake-before-verdict' }),
  from('payments', 443, 'tls records that are no handshake', speaks(applicationData(1_000), applicationData(1_000)), 'drop'),
  from('payments', 443, 'raw bytes to an address', raw(500), 'drop', { to: '203.0.113.77' }),
  from('payments', 443, 'the server speaks and the client listens', greeted(noise(2_000, 'inbound')), 'unanswered', { record: 'egress denied: the server spoke first, to payments' }),

  from('payments', 443, 'quic', datagram(QUIC), 'drop', { record: 'egress denied: udp' }),
  from('payments', 443, 'udp 443 with a ClientHello', datagram(HELLO), 'drop'),
  from('payments', 53, 'dns to a resolver of its own', datagram(DNS), 'drop'),
  from('payments', 123, 'ntp', datagram(Buffer.alloc(48, 0x23)), 'drop'),
  from('payments', 51_820, 'wireguard', datagram(join(u8(1), noise(147))), 'drop'),
  from('payments', 53, 'dns over tcp', speaks(join(u16(DNS.length), DNS)), 'drop'),
  from('payments', 853, 'dns over tls', tls({ serverName: 'dns.google' }), 'drop', { record: 'egress denied: port that no rule names' }),
  from('payments', 443, 'dns over https', tls({ serverName: 'dns.google' }), 'drop'),
  from('payments', 0, 'icmp echo with data', (wire) => wire.ping(noise(900)), 'drop', { record: 'egress denied: icmp' }),
  from('payments', 0, 'gre', packets(PROTOCOL.gre, join(u16(0), u16(0x0800), noise(200))), 'drop'),
  from('payments', 0, 'gre around a connection to an allowed host', (wire) => {
    const inner = new Wire({ ...wire.ends, serverPort: 443 });
    tls({ serverName: ALLOWED })(inner);
    for (const packet of inner.packets.filter(({ sender }) => sender === 'client')) wire.ip(PROTOCOL.gre, join(u16(0), u16(0x0800), packet.frame.subarray(14)));
  }, 'drop'),
  from('payments', 0, 'esp', packets(PROTOCOL.esp, noise(200)), 'drop'),
  from('payments', 0, 'sctp', packets(PROTOCOL.sctp, join(u16(4_000), u16(4_001), u32(0), u32(0), noise(40))), 'drop'),
  from('payments', 0, 'an ip protocol that nobody has', packets(253, noise(200)), 'drop', { record: 'egress denied: neither tcp, udp nor icmp' }),
  from('fd00:20::5', 443, 'ipv6: tls to an allowed host', tls({ serverName: ALLOWED }), 'drop', { to: '2001:db8::443' }),
  from('fd00:20::5', 443, 'ipv6: udp', datagram(QUIC), 'drop', { to: '2001:db8::443' }),
  from('fd00:20::5', 0, 'ipv6: icmp echo with data', (wire) => wire.ping(noise(900)), 'drop', { to: '2001:db8::1' }),

  from('payments', 22, 'tcp: a listed address', speaks(SSH, noise(400)), 'pass', { to: LISTED, record: 'egress allowed: tcp sftp.partner.com' }),
  from('payments', 22, 'tcp: a listed block', speaks(SSH, noise(400)), 'pass', { to: '151.101.64.200' }),
  from('payments', 22, 'tcp: a listed address that speaks first', greeted(SSH, SSH, noise(400)), 'pass', { to: LISTED }),
  from('settlement', 22, 'tcp: from a segment with nothing else', speaks(SSH), 'pass', { to: LISTED }),
  from('payments', 22, 'tcp: more than a name needs', raw(60_000), 'pass', { to: LISTED }),
  from('payments', 22, 'tcp: the neighbour of a listed address', speaks(SSH), 'drop', { to: '151.101.1.70' }),
  from('payments', 22, 'tcp: the neighbour of a listed block', speaks(SSH), 'drop', { to: '151.101.65.0' }),
  from('payments', 2_222, 'tcp: another port of a listed address', speaks(SSH), 'drop', { to: LISTED }),
  from('platform', 22, 'tcp: from another segment', speaks(SSH), 'drop', { to: LISTED }),
  from('payments', 443, 'tcp: a listed address on a port that names have', raw(3_000), 'pass', { to: '151.101.2.10' }),
  from('payments', 443, 'tcp: its neighbour on a port that names have', raw(3_000), 'drop', { to: '151.101.2.11' }),
  from('payments', 22, 'tcp: data in the first packet to a listed address', (wire) => {
    wire.open(Buffer.from(SSH));
    wire.reply(Buffer.from(SSH));
  }, 'pass', { to: LISTED }),

  from('payments', 443, 'a connection that nobody answers', (wire) => wire.openInVain(), 'pass', { risk: 'handshake-before-verdict' }),
  from('payments', 8_081, 'a connection that nobody answers, to a port that no rule names', (wire) => wire.openInVain(), 'drop'),
  from('payments', 8_081, 'a connection with congestion bits', (wire) => wire.openInVain('SEC'), 'drop'),
  from('payments', 443, 'a handshake and no more', (wire) => {
    wire.open();
    wire.close();
  }, 'pass', { withDefault: 'drop', risk: 'handshake-before-verdict' }),
  from('payments', 8_081, 'a connection with an urgent bit', (wire) => {
    wire.openInVain('SU');
    wire.segment('server', 'SA');
    wire.segment('client', 'A');
    wire.send(Buffer.from(SSH));
  }, 'drop'),
  from('payments', 443, 'a handshake that ends with the ClientHello', (wire) => {
    wire.openInVain();
    wire.segment('server', 'SA');
    wire.send(HELLO);
    wire.reply(applicationData(400));
  }, 'pass'),
  from('payments', 443, 'a handshake that ends with another host', (wire) => {
    wire.openInVain();
    wire.segment('server', 'SA');
    wire.send(clientHello({ serverName: 'evil.net' }));
    wire.send(applicationData(400));
  }, 'drop'),
  from('payments', 443, 'acknowledgements before the ClientHello', (wire) => {
    wire.open();
    wire.segment('server', 'A', undefined, { window: 65_535 });
    wire.segment('client', 'A', undefined, { window: 65_535 });
    wire.send(HELLO);
    wire.reply(applicationData(400));
  }, 'pass'),
  from('payments', 443, 'fin without a connection', stray('F'), 'drop'),
  from('payments', 443, 'rst without a connection', stray('R'), 'drop'),
  from('payments', 443, 'ack without a connection', stray('A'), 'drop'),
  from('payments', 443, 'data without a connection', stray('PA', HELLO), 'drop'),
  from('payments', 443, 'no flags at all', stray('', noise(100)), 'drop'),
  from('payments', 443, 'every flag', stray('FSRPAU', noise(100)), 'drop'),
  from('payments', 8_081, 'syn and fin together', stray('SF'), 'drop'),
  from('payments', 443, 'a ClientHello in the first packet', (wire) => {
    wire.open(HELLO);
    wire.send(applicationData(400));
  }, 'pass'),
  from('payments', 443, 'another host in the first packet', (wire) => {
    wire.open(clientHello({ serverName: 'evil.net' }));
    wire.send(applicationData(400));
  }, 'drop'),
  from('payments', 443, 'another host in the first packet, and then as usual', (wire) => {
    wire.segment('client', 'S', clientHello({ serverName: 'evil.net' }));
    wire.skip(-clientHello({ serverName: 'evil.net' }).length - 1);
    tls({ serverName: 'evil.net' })(wire);
  }, 'drop'),
  from('payments', 443, 'raw bytes in the first packet', (wire) => {
    wire.open(noise(1_000));
    wire.send(noise(1_000, 'more'));
  }, 'drop'),
  from('payments', 443, 'raw bytes in a first packet that nobody answers', (wire) => wire.segment('client', 'S', noise(1_000)), 'drop'),
  from('payments', 443, 'an allowed host inside the network', tls({ serverName: ALLOWED }), 'drop', { to: '10.20.77.7' }),
];
