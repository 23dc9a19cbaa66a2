/** Each way to weaken the rules makes a case fail that says so: the corpus can fail, and the lines are needed. */
import { disagreement, results } from './corpus/corpus';
import type { Firewall } from './engine/firewall';
import { inspect } from './engine/run';
import { withSuricata } from './engine/with-suricata';
import { site } from './site';

const { firewall, capture } = site();

type Change = (firewall: Firewall) => Firewall;
const rules = (change: (rules: readonly string[]) => readonly string[]): Change => (of) => ({ ...of, rules: change(of.rules) });
const without = (line: RegExp): Change => rules((lines) => lines.filter((each) => !line.test(each)));
const rewritten = (line: RegExp, pattern: string | RegExp, by: string): Change => rules((lines) => lines.map((each) => (line.test(each) ? each.replace(pattern, by) : each)));

/** Judged with the default action in force unless the mutation is about what the rules do without it. */
const MUTATIONS: readonly { readonly broken: string; readonly change: Change; readonly fails: string; readonly alone?: boolean }[] = [
  { broken: 'a name without its end', change: rewritten(/tls\.sni; content:"api/, ' endswith;', ''), fails: 'tls: a name that starts with the allowed one' },
  { broken: 'a name without its start', change: rewritten(/tls\.sni; content:"api/, ' startswith;', ''), fails: 'tls: a subdomain of an exact name' },
  { broken: 'a wildcard without its length and its labels', change: rewritten(/content:"\.docker/, / bsize:>\d+; pcre:[^;]*;/, ''), fails: 'tls: the apex with a dot before it' },
  { broken: 'a wildcard with dotprefix, as domain lists have it', change: rewritten(/content:"\.docker/, /tls\.sni;(.*) bsize:>\d+; pcre:[^;]*;/, 'tls.sni; dotprefix;$1'), fails: 'tls: the apex of a wildcard' },
  { broken: 'a wildcard without its dot', change: rewritten(/content:"\.docker/, '".docker', '"docker'), fails: 'tls: a domain that ends like the wildcard' },
  { broken: 'a wildcard without its labels', change: rewritten(/content:"\.docker/, / pcre:[^;]*;/, ''), fails: 'tls: an empty label before the wildcard' },
  { broken: 'case matters', change: rewritten(/tls\.sni/, ' nocase;', ''), fails: 'tls: the allowed host in upper case' },
  { broken: 'any source', change: rewritten(/^pass tls .*docker/, /^pass tls \S+/, 'pass tls $HOME_NET'), fails: 'tls: the allowed host of another segment' },
  { broken: 'any port', change: rewritten(/^pass tls .*api\.stripe/, / 443 \(/, ' any ('), fails: 'tls: an allowed host on the port of another' },
  { broken: 'any destination', change: rewritten(/^pass tls /, '$EXTERNAL_NET', 'any'), fails: 'an allowed host inside the network' },
  { broken: 'HOME_NET is another network', change: (of) => ({ ...of, homeNet: ['10.99.0.0/16'] }), fails: 'an allowed host inside the network' },
  { broken: 'a pass for bare tcp', change: rules((lines) => ['pass tcp $HOME_NET any -> $EXTERNAL_NET 443 (flow:to_server; sid:1; rev:1;)', ...lines]), fails: 'raw bytes on 443' },
  { broken: 'a drop without a direction', change: rewritten(/^drop tcp !/, ' flow:to_server;', ''), fails: 'tls: the allowed host' },
  { broken: 'no pass for replies', change: without(/^pass .*flow:to_client/), fails: 'tcp: a listed address on a port that names have' },
  { broken: 'no alert', change: without(/^alert .*egress allowed/), fails: 'tls: the allowed host' },
  { broken: 'the pass before its alert', change: rules((lines) => [...lines].sort((a, b) => rank(a, ['pass', 'alert', 'drop']) - rank(b, ['pass', 'alert', 'drop']))), fails: 'tls: the allowed host' },
  { broken: 'the floor before the hosts', change: rules((lines) => [...lines].sort((a, b) => rank(a, ['drop', 'alert', 'pass']) - rank(b, ['drop', 'alert', 'pass']))), fails: 'tls: the allowed host' },
  { broken: 'no floor', change: without(/^drop /), fails: 'quic' },
  { broken: 'no floor for icmp', change: without(/^drop icmp/), fails: 'icmp echo with data' },
  { broken: 'no floor for other ip protocols', change: without(/^drop ip any/), fails: 'gre' },
  { broken: 'no floor for ipv6', change: without(/^drop ip ::/), fails: 'ipv6: tls to an allowed host', alone: true },
  { broken: 'no floor for strangers', change: without(/^drop tcp !/), fails: 'tls: an allowed host from an address of no segment', alone: true },
  { broken: 'no floor for ports', change: without(/port that no rule names/), fails: 'tls: an allowed host on a port that no rule names', alone: true },
  { broken: 'ports only by a bare SYN', change: rewritten(/port that no rule names/, 'flow:to_server;', 'flow:to_server; flags:S,CE;'), fails: 'a connection with an urgent bit', alone: true },
  { broken: 'no floor for other server names', change: without(/server name that no rule allows/), fails: 'tls: no server name', alone: true },
  { broken: 'no floor for other hosts', change: without(/http host that no rule allows/), fails: 'http: a tunnel to another host', alone: true },
  { broken: 'no floor for requests without a host', change: without(/http without a host/), fails: 'http: no host in 1.1' },
  { broken: 'no floor for http/2', change: without(/^drop http2/), fails: 'http: version 2 with prior knowledge' },
  { broken: 'no floor for the wrong protocol', change: without(/app-layer-protocol/), fails: 'http on 443', alone: true },
  { broken: 'no floor for speech of no protocol', change: without(/neither tls nor http/), fails: 'raw bytes on 443', alone: true },
  { broken: 'no floor for endless streams', change: without(/no name within/), fails: 'raw bytes that start like tls' },
  { broken: 'no floor for greetings', change: without(/the server spoke first/), fails: 'the server speaks and the client listens', alone: true },
  { broken: 'no floor for data outside a connection', change: without(/data outside a connection/), fails: 'past the stream: half a ClientHello, then data that acknowledges nothing' },
  { broken: 'no floor for data before a connection', change: without(/data before the connection stands/), fails: 'past the stream: data behind a SYN that nobody answers' },
  { broken: 'no floor for data after the end', change: without(/data after the end/), fails: 'past the stream: half a ClientHello, a reset, then data' },
  { broken: 'the end is not noticed', change: without(/"end seen"/), fails: 'past the stream: half a ClientHello, both sides close, then data' },
  { broken: 'no floor for many segments', change: without(/no name within 64 segments/), fails: 'past the stream: half a ClientHello, then segments that were there before' },
  { broken: 'segments are not counted', change: without(/"segments seen"/), fails: 'past the stream: half a ClientHello, then acknowledgements of what nobody sent' },
  { broken: 'no default action', change: (of) => ({ ...of, defaultActions: [] }), fails: 'one raw byte per connection' },
  { broken: 'lost streams go on', change: (of) => ({ ...of, streamExceptionPolicy: 'CONTINUE' }), fails: 'ack without a connection' },
];

withSuricata.each(MUTATIONS.map((each) => [each.broken, each] as const))('%s', (_, { change, fails, alone }) => {
  const changed = change(firewall);
  expect(changed).not.toEqual(firewall);
  const outcome = alone ? inspect(changed, capture.frames, 'none') : inspect(changed, capture.frames);
  const wrong = results(capture, outcome).filter((result) => disagreement(result, alone ? 'none' : 'to-server')).map((result) => result.case.name);
  expect(wrong).toContain(fails);
});

function rank(rule: string, order: readonly string[]): number {
  return order.indexOf(rule.slice(0, rule.indexOf(' ')));
}
