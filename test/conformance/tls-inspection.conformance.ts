/**
 * The rules of segments whose TLS the firewall opens.
 *
 * What AWS hands to the engine by then is HTTP, with the server name beside it, and the stock engine
 * has no such thing: that a `pass` by server name takes the opened connection along is AWS's word
 * (best-practices guide, "Writing rules with TLS inspection") and not proved here. Proved is the
 * rest: what is not opened is judged as before, and what is opened and no server name has let
 * through is dropped by name, whatever host its requests ask for.
 */
import { capture, disagreement, results } from './corpus/corpus';
import type { Case } from './corpus/case';
import { get, http, speaks } from './corpus/conversations';
import { inspect } from './engine/run';
import { withSuricata } from './engine/with-suricata';
import { site } from './site';

const AUTHORITY = 'arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000';
// All of a port is opened, so nothing else may be allowed there.
const shared = ({ host, ports }: { host: string; ports?: readonly number[] }) => host === 'feed.partner.com' || ports?.includes(8080) === true;
const { firewall, capture: corpus, addressOf } = site({ tlsInspection: { certificateAuthority: AUTHORITY, segments: ['payments', 'platform'] } }, (allow) => allow.filter((rule) => !shared(rule)));

/** Cases of the rules that are left out above, and of what the log calls otherwise. */
const LEFT_OUT = [/^tls beside http on one port/, /^tcp: a listed address on a port that names have$/];

withSuricata('what is not opened is judged as before', () => {
  const outcome = inspect(firewall, corpus.frames, 'none');
  const wrong = results(corpus, outcome)
    .filter(({ case: each }) => !LEFT_OUT.some((pattern) => pattern.test(each.name)))
    .flatMap((result) => disagreement({ ...result, case: relabelled(result.case) }, 'none') ?? []);
  expect(wrong).toEqual([]);
});

/** The connection preface and the settings that follow it (RFC 9113, 3.4). */
const HTTP2 = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])]);
const HEADERS = Buffer.from([0, 0, 3, 1, 5, 0, 0, 0, 1, 0x82, 0x87, 0x84]);

const opened = (name: string, over: Pick<Case, 'talk'> & Partial<Case>): Case => ({ name, from: 'payments', port: 443, expected: 'drop', ...over });
const OPENED: readonly Case[] = [
  opened('a request to the allowed host', { talk: http(get('api.stripe.com')), record: 'http in tls to a server name that no rule allows, from payments' }),
  opened('a request to another host', { talk: http(get('evil.net')), record: 'http in tls to a server name that no rule allows, from payments' }),
  opened('a request without a host', { talk: http('GET / HTTP/1.0\r\n\r\n'), record: 'http in tls' }),
  opened('a request on another port that is opened', { port: 8443, talk: http(get('status.stripe.com')), record: 'http in tls' }),
  opened('http/2', { talk: speaks(HTTP2, HEADERS), leaks: HTTP2.length, record: 'http/2 in tls to a server name that no rule allows, from payments' }),
  opened('ssh', { talk: speaks('SSH-2.0-OpenSSH_9.7\r\n'), record: 'egress denied: not tls or http or http2, from payments' }),
];

withSuricata('what is opened is dropped by name, unless a server name has let it through', () => {
  const made = capture(OPENED, addressOf);
  const outcome = inspect(firewall, made.frames, 'none');
  expect(results(made, outcome).flatMap((result) => disagreement(result, 'none') ?? [])).toEqual([]);
});

function relabelled(each: Case): Case {
  return each.record?.startsWith('egress denied: not tls') ? { ...each, record: 'egress denied: not tls' } : each;
}
