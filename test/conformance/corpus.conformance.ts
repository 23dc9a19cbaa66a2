/** Every case of the corpus gets its verdict, whatever AWS's default action turns out to be. */
import type { Verdict } from './corpus/case';
import { CORPUS, disagreement, results } from './corpus/corpus';
import { residualRisks } from '../../blueprints/aws/residual-risks';
import { allow } from '../blueprints/aws/policies';
import type { DefaultDrop } from './engine/default-actions';
import { inspect } from './engine/run';
import { withSuricata } from './engine/with-suricata';
import { site } from './site';

const { firewall, capture } = site();

withSuricata.each<[string, DefaultDrop]>([
  ['by the generated rules alone', 'none'],
  ['with the server-directed default', 'to-server'],
  ['with the bidirectional default', 'both-ways'],
])('the corpus agrees %s', (_, drop) => {
  const outcome = inspect(firewall, capture.frames, drop);
  expect(results(capture, outcome).map((result) => disagreement(result, drop)).filter(Boolean)).toEqual([]);
});

/** The cases that rules for egress are asked about first, by what they are about: each has its case, and its verdict. */
const ASKED_FIRST: Readonly<Record<string, Readonly<Record<string, Verdict>>>> = {
  'an allowed host': { 'tls: the allowed host': 'pass', 'tls: another host': 'drop' },
  'the apex against a wildcard': { 'tls: a subdomain of a wildcard': 'pass', 'tls: the apex of a wildcard': 'drop' },
  'notexample.com': { 'tls: a name that ends in the allowed one': 'drop', 'tls: a domain that ends like the wildcard': 'drop' },
  'example.com.evil.net': { 'tls: a name that starts with the allowed one': 'drop', 'tls: the wildcard in the middle': 'drop' },
  'upper case': { 'tls: the allowed host in upper case': 'pass', 'tls: a subdomain in upper case': 'pass', 'http: the allowed host in upper case': 'pass' },
  'a trailing dot': { 'tls: a trailing dot': 'drop', 'tls: a trailing dot after a subdomain': 'drop', 'http: the allowed host with a trailing dot': 'drop' },
  punycode: { 'tls: an international name as punycode': 'pass', 'tls: an international name as utf-8': 'drop' },
  'no server name': { 'tls: no server name': 'drop', 'tls: an empty server name': 'drop' },
  'a server name over two segments': { 'tls cut inside the name: allowed': 'pass', 'tls cut inside the name: denied': 'drop', 'tls: the name in the second segment': 'pass', 'tls: another name in the second segment': 'drop' },
  'an allowed host of another segment': { 'tls: the allowed host of another segment': 'drop', 'tls: an allowed host from a segment without hosts': 'drop' },
  'an address on 443': { 'tls: an address as server name': 'drop', 'raw bytes to an address': 'drop' },
  'ssh on 443': { 'ssh on 443': 'drop', 'ssh on 443, the server first': 'drop' },
  'http to an allowed and a denied host': { 'http: the allowed host': 'pass', 'http: another host': 'drop' },
  quic: { quic: 'drop' },
  'dns over tls': { 'dns over tls': 'drop' },
  icmp: { 'icmp echo with data': 'drop' },
  ipv6: { 'ipv6: tls to an allowed host': 'drop', 'ipv6: udp': 'drop', 'ipv6: icmp echo with data': 'drop' },
};

test.each(Object.entries(ASKED_FIRST))('%s is among the cases, with its verdict', (_, asked) => {
  const verdicts = Object.fromEntries(CORPUS.filter(({ name }) => name in asked).map(({ name, expected }) => [name, expected]));
  expect(verdicts).toEqual(asked);
});

test('no two cases have one name', () => {
  const names = capture.talks.map((talk) => talk.case.name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('what a case shows to be left open is a residual risk that users are told', () => {
  const rules = [allow('a.com'), allow('b.com', { protocol: 'http', ports: [80] })];
  const known = residualRisks(rules, ['payments']).map((risk) => risk.id);
  const shown = new Set(capture.talks.flatMap((talk) => talk.case.risk ?? []));
  expect([...shown].filter((risk) => !known.includes(risk))).toEqual([]);
});
