/** Signatures and names, as hand-written rules have them. */
import { parseSignatures } from '../../../review/model/aws/suricata';
import { nameOf } from '../../../review/model/aws/suricata-names';
import { addressSet, portSet, type Variables } from '../../../review/model/aws/suricata-reach';
import { changed } from './reviewed';
import { cidrsOf } from '../../../review/model/addresses';

const one = (options: string, header = 'pass tls any any -> any any') => parseSignatures(`${header} (${options})`).signatures[0]!;

describe('names', () => {
  test.each([
    ['tls.sni; content:"api.example.com"; startswith; endswith; nocase;', 'api.example.com'],
    ['tls.sni; content:"API.Example.com"; nocase; bsize:15;', 'api.example.com'],
    ['tls_sni; content:"api.example.com"; depth:15; isdataat:!1,relative; nocase;', 'api.example.com'],
    ['http.host; content:"deb.debian.org"; startswith; endswith;', 'deb.debian.org'],
    ['content:"deb.debian.org"; http_host; startswith; endswith;', 'deb.debian.org'],
    ['tls.sni; dotprefix; content:".example.com"; endswith; nocase;', '.example.com'],
    ['tls.sni; content:".example.com"; endswith; bsize:>12;', '*.example.com'],
    ['tls.sni; content:"|2e|example|2e|com"; endswith; bsize:>12;', '*.example.com'],
    ['tls.sni; dotprefix; content:".example.com"; endswith; content:!"example.com"; startswith;', '*.example.com'],
    ['tls.sni; content:"www."; startswith; content:".example.com"; endswith; bsize:>12;', '*.example.com'],
    ['tls.sni; pcre:"/^(.*\\.)?example\\.com$/i";', '.example.com'],
    ['tls.sni; pcre:"/^api\\.example\\.com$/";', 'api.example.com'],
    // What follows another buffer says nothing about the name.
    ['tls.sni; content:"api.example.com"; startswith; endswith; tls.cert_subject; content:"evil";', 'api.example.com'],
  ])('%s', (options, host) => expect(nameOf(one(options))).toEqual({ kind: 'host', host, protocol: options.includes('http') ? 'http' : 'tls' }));

  test.each([
    ['tls.sni; content:".ru"; nocase;', '*'],
    ['tls.sni; content:!"evil.com";', '*'],
    ['tls.sni; content:"example.com"; endswith;', '*example.com'],
    ['tls.sni; content:".example.com"; endswith;', '*.example.com'],
  ])('loose: %s', (options, host) => expect(nameOf(one(options))).toMatchObject({ kind: 'host', host, loose: expect.any(String) }));

  test('a pattern that cannot be read says so', () => {
    expect(nameOf(one('tls.sni; pcre:"/^[a-z]+\\.example\\.(com|net)$/";'))).toMatchObject({ kind: 'unreadable', reason: expect.stringContaining('pattern') });
  });

  test('no name at all', () => {
    expect(nameOf(one('msg:"content of tls.sni"; flow:to_server;'))).toEqual({ kind: 'none' });
  });
});

test('comments, broken lines, continued lines, quotes and escapes', () => {
  const { signatures, unread } = parseSignatures([
    '# pass tls any any -> any any (sid:1;)',
    '',
    'pass tls [10.0.0.0/8, !10.1.0.0/16] any -> $EXTERNAL_NET [443,8443] (msg:"a; b\\"c"; tls.sni; \\',
    '  content:"x.example.com"; startswith; endswith; sid:1;)',
    'this is no rule',
  ].join('\r\n'));
  expect(unread).toEqual(['this is no rule']);
  expect(signatures).toMatchObject([{ action: 'pass', source: '[10.0.0.0/8, !10.1.0.0/16]', destinationPorts: '[443,8443]', options: [{ name: 'msg', value: 'a; b\\"c' }, { name: 'tls.sni' }, { name: 'content', value: 'x.example.com' }, { name: 'startswith' }, { name: 'endswith' }, { name: 'sid', value: '1' }] }]);
});

const variables: Variables = { addresses: new Map([['HOME_NET', ['10.0.0.0/8']], ['LOOP', ['$LOOP']], ['@PARTNERS', ['198.18.0.0/15']], ['@HALF', ['198.18.0.0/15', '$UNKNOWN']]]), ports: new Map([['WEB', ['80', '443']]]) };

test.each([
  ['any', ['0.0.0.0/0']],
  ['$HOME_NET', ['10.0.0.0/8']],
  ['[10.0.0.0/8,!10.128.0.0/9]', ['10.0.0.0/9']],
  ['![0.0.0.0/1,128.0.0.0/2]', ['192.0.0.0/2']],
  ['[[10.0.0.0/9,10.128.0.0/9],!$HOME_NET]', []],
  ['$NOWHERE', undefined],
  ['$LOOP', undefined],
  ['@REFERENCE', undefined],
  ['@partners', ['198.18.0.0/15']],
  ['[$HOME_NET,!@PARTNERS]', ['10.0.0.0/8']],
  ['$PARTNERS', undefined],
  ['@HALF', undefined],
])('addresses %s', (text, cidrs) => {
  const set = addressSet(text, variables, 4);
  expect(set && cidrsOf(set, 4)).toEqual(cidrs);
});

test.each([
  ['443', [[443n, 443n]]],
  ['[80,443]', [[80n, 80n], [443n, 443n]]],
  ['1024:', [[1024n, 65535n]]],
  [':79', [[0n, 79n]]],
  ['!80', [[0n, 79n], [81n, 65535n]]],
  ['$WEB', [[80n, 80n], [443n, 443n]]],
  ['$NOWHERE', undefined],
])('ports %s', (text, ranges) => expect(portSet(text, variables)).toEqual(ranges));

describe('what a variable excludes counts for all of its values', () => {
  const home: Variables = { addresses: new Map([['HOME_NET', ['10.0.0.0/16', '!10.0.1.0/24']], ['NONE', []]]), ports: new Map([['P', ['1:1024', '!443']], ['NONE', []]]) };
  const cidrs = (text: string) => cidrsOf(addressSet(text, home, 4) ?? [], 4);

  test('addresses', () => {
    expect(cidrs('$HOME_NET')).not.toContain('10.0.1.0/24');
    expect(addressSet('$HOME_NET', home, 4)).toEqual(addressSet('[10.0.0.0/16,!10.0.1.0/24]', home, 4));
    // Else nothing would be left outside, and a pass to there would pass nothing.
    expect(addressSet('$EXTERNAL_NET', home, 4)).toEqual(addressSet('![10.0.0.0/16,!10.0.1.0/24]', home, 4));
    expect(addressSet('$NONE', home, 4)).toEqual([]);
  });

  test('ports', () => {
    expect(portSet('$P', home)).toEqual(portSet('[1:1024,!443]', home));
    expect(portSet('$NONE', home)).toEqual([]);
  });

  test('so that a drop for the rest leaves what it excludes to the default, and a pass to outside passes', () => {
    const verdict = (rules: string, defaults: readonly string[]) => changed((resource) => {
      resource.aws_networkfirewall_rule_group!.main!.rule_group = { stateful_rule_options: { rule_order: 'STRICT_ORDER' }, rule_variables: { ip_sets: [{ key: 'HOME_NET', ip_set: { definition: ['10.0.0.0/8', '!10.0.0.0/16'] } }] }, rules_source: { rules_string: rules } };
      Object.assign(resource.aws_networkfirewall_firewall_policy!.main!.firewall_policy, { stateful_default_actions: defaults, policy_variables: [] });
    }).at('aws_instance.app').kind;
    expect(verdict('drop ip $HOME_NET any -> any any (sid:1;)', ['aws:alert_strict'])).toBe('open');
    expect(verdict('pass ip any any -> $EXTERNAL_NET any (sid:1;)', ['aws:drop_strict'])).toBe('open');
  });
});
