/** Names in TLS and HTTP: what the policy's own `matches` decides, on the wire. */
import type { Case } from './case';
import { get, http, request, tls } from './conversations';

const LONGEST = [...Array.from({ length: 3 }, (_, index) => String.fromCharCode(97 + index).repeat(63)), 'd'.repeat(51), 'docker', 'io'].join('.');

function sni(name: string, from: string, serverName: string | undefined, expected: Case['expected'], over: Partial<Case> = {}): Case {
  return { name, from, port: 443, talk: tls(serverName === undefined ? {} : { serverName }), expected, ...over };
}

function host(name: string, text: string, expected: Case['expected'], over: Partial<Case> = {}): Case {
  return { name, from: 'platform', port: 80, talk: http(get(text)), expected, ...over };
}

export const NAMES: readonly Case[] = [
  sni('tls: the allowed host', 'payments', 'api.stripe.com', 'pass', { record: 'egress allowed: tls api.stripe.com from payments' }),
  sni('tls: the allowed host in upper case', 'payments', 'API.Stripe.COM', 'pass'),
  sni('tls: another host', 'payments', 'api.example.com', 'drop', { record: 'egress denied: server name that no rule allows, from payments' }),
  sni('tls: the allowed host of another segment', 'payments', 'auth.docker.io', 'drop'),
  sni('tls: an allowed host from a segment without hosts', 'reporting', 'api.stripe.com', 'drop', { record: 'egress denied: not a segment with allowed hosts' }),
  sni('tls: an allowed host from a segment with addresses only', 'settlement', 'api.stripe.com', 'drop'),
  sni('tls: an allowed host from the data tier', 'ledger', 'api.stripe.com', 'drop'),
  sni('tls: an allowed host from an address of no segment', '10.20.250.9', 'api.stripe.com', 'drop'),
  sni('tls: a host for two segments, from the first', 'payments', 'status.stripe.com', 'pass'),
  sni('tls: a host for two segments, from the second', 'platform', 'status.stripe.com', 'pass'),
  sni('tls: the second port of a host', 'payments', 'status.stripe.com', 'pass', { port: 8443 }),
  sni('tls: an allowed host on the port of another', 'payments', 'api.stripe.com', 'drop', { port: 8443 }),
  sni('tls: an allowed host on a port that no rule names', 'payments', 'api.stripe.com', 'drop', { port: 444, record: 'egress denied: port that no rule names' }),
  sni('tls: a name that ends in the allowed one', 'payments', 'notapi.stripe.com', 'drop'),
  sni('tls: a subdomain of an exact name', 'payments', 'x.api.stripe.com', 'drop'),
  sni('tls: a name that starts with the allowed one', 'payments', 'api.stripe.com.evil.net', 'drop'),
  sni('tls: the allowed name with another ending', 'payments', 'api.stripe.community', 'drop'),
  sni('tls: the parent of the allowed name', 'payments', 'stripe.com', 'drop'),
  sni('tls: a letter for each dot', 'payments', 'apixstripexcom', 'drop'),
  sni('tls: a subdomain of a wildcard', 'platform', 'auth.docker.io', 'pass', { record: 'egress allowed: tls *.docker.io from platform' }),
  sni('tls: a deep subdomain of a wildcard', 'platform', 'a.b.c.registry-1.docker.io', 'pass'),
  sni('tls: a one-letter subdomain', 'platform', 'a.docker.io', 'pass'),
  sni('tls: a subdomain in upper case', 'platform', 'AUTH.DOCKER.IO', 'pass'),
  sni('tls: the longest subdomain that DNS carries', 'platform', LONGEST, 'pass'),
  sni('tls: the apex of a wildcard', 'platform', 'docker.io', 'drop'),
  sni('tls: the apex with a dot before it', 'platform', '.docker.io', 'drop'),
  sni('tls: a domain that ends like the wildcard', 'platform', 'evildocker.io', 'drop'),
  sni('tls: the wildcard in the middle', 'platform', 'auth.docker.io.evil.net', 'drop'),
  sni('tls: an empty label before the wildcard', 'platform', 'evil..docker.io', 'drop'),
  sni('tls: a leading dot before a subdomain', 'platform', '.auth.docker.io', 'drop'),
  sni('tls: a star as a label', 'platform', '*.docker.io', 'drop'),
  sni('tls: a space in a label', 'platform', 'a b.docker.io', 'drop'),
  sni('tls: an international name as punycode', 'payments', 'xn--bcher-kva.de', 'pass'),
  sni('tls: an international name as utf-8', 'payments', Buffer.from('bücher.de').toString('latin1'), 'drop'),
  sni('tls: an international name without its accent', 'payments', 'bucher.de', 'drop'),
  // The policy takes the dot for a way of writing; on the wire RFC 6066 forbids it, and clients leave it out.
  sni('tls: a trailing dot', 'payments', 'api.stripe.com.', 'drop'),
  sni('tls: a trailing dot after a subdomain', 'platform', 'auth.docker.io.', 'drop'),
  sni('tls: no server name', 'payments', undefined, 'drop', { record: 'egress denied: server name that no rule allows' }),
  sni('tls: an empty server name', 'payments', '', 'drop'),
  sni('tls: an address as server name', 'payments', '203.0.113.9', 'drop'),
  sni('tls: a server name of 4,000 letters', 'platform', `${'a'.repeat(4_000)}.evil.net`, 'drop', { leaks: 2_920 }),

  host('http: the allowed host', 'deb.debian.org', 'pass', { record: 'egress allowed: http deb.debian.org from platform' }),
  host('http: the allowed host in upper case', 'Deb.Debian.ORG', 'pass'),
  host('http: the allowed host with its port', 'deb.debian.org:80', 'pass'),
  host('http: the allowed host with another port', 'deb.debian.org:8080', 'pass'),
  host('http: the allowed host with a trailing dot', 'deb.debian.org.', 'drop'),
  host('http: another host', 'example.com', 'drop', { record: 'egress denied: http host that no rule allows, from platform' }),
  host('http: a name that ends in the allowed one', 'evildeb.debian.org', 'drop'),
  host('http: a name that starts with the allowed one', 'deb.debian.org.evil.net', 'drop'),
  host('http: a user name that looks like the host', 'deb.debian.org@evil.net', 'drop'),
  host('http: a subdomain of a wildcard', 'archive.ubuntu.com', 'pass'),
  host('http: the apex of a wildcard', 'ubuntu.com', 'drop'),
  host('http: an empty label before the wildcard', 'evil..ubuntu.com', 'drop'),
  host('http: an address as host', '203.0.113.9', 'drop'),
  host('http: an empty host', '', 'drop', { record: 'egress denied: http without a host, from platform' }),
  host('http: the allowed host of tls', 'status.stripe.com', 'drop'),
  host('http: no host in 1.1', '', 'drop', { talk: http(request('/')) }),
  host('http: no host in 1.0', '', 'drop', { talk: http('GET / HTTP/1.0\r\n\r\n') }),
  host('http: no version at all', '', 'drop', { talk: http('GET /\r\n') }),
  host('http: from a segment that may not', 'deb.debian.org', 'drop', { from: 'payments' }),
  host('http: on a port that another protocol has', 'deb.debian.org', 'drop', { port: 443 }),
  { name: 'tls beside http on one port: tls', from: 'platform', port: 8080, talk: tls({ serverName: 'legacy.partner.com' }), expected: 'pass' },
  { name: 'tls beside http on one port: http', from: 'platform', port: 8080, talk: http(get('legacy.partner.com:8080')), expected: 'pass' },
  { name: 'tls beside http on one port: tls to another host', from: 'platform', port: 8080, talk: tls({ serverName: 'evil.net' }), expected: 'drop' },
  { name: 'tls beside http on one port: http to another host', from: 'platform', port: 8080, talk: http(get('evil.net')), expected: 'drop' },
];
