/** Passes for what comes in, which pass what goes out as well where they do not say the direction. */
import { firewallPolicy } from './breaks';
import { changed } from './reviewed';

/** A network behind a policy with these rules alone. */
function reviewed(lines: readonly string[], defaults: readonly string[] = ['aws:drop_established']) {
  return changed((resource) => {
    for (const group of Object.values(resource.aws_networkfirewall_rule_group!)) group.rule_group.rules_source = { rules_string: lines.join('\n') };
    firewallPolicy(resource).stateful_default_actions = defaults;
  });
}

const verdict = (...policy: Parameters<typeof reviewed>) => reviewed(...policy).at('aws_instance.app');

const PASS = 'pass tls $HOME_NET any -> any 443 (tls.sni; content:"api.example.com"; startswith; endswith; nocase; flow:to_server; sid:1;)';
const IN = 'pass tcp any any -> $HOME_NET any (sid:2;)';

test.each([
  ['a pass for what comes in', [PASS, IN], 'open'],
  ['one by port, which a caller may call from', [PASS, 'pass tcp any any -> $HOME_NET 443 (sid:2;)'], 'open'],
  ['one of every protocol', [PASS, 'pass ip any any -> $HOME_NET any (sid:2;)'], 'open'],
  ['one that says the direction', [PASS, 'pass tcp any any -> $HOME_NET any (flow:to_server; sid:2;)'], 'allowlisted'],
  ['one for other addresses', [PASS, 'pass tcp any any -> 192.168.0.0/16 any (sid:2;)'], 'allowlisted'],
  ['one from within', [PASS, 'pass tcp 10.0.0.0/8 any -> $HOME_NET any (sid:2;)'], 'allowlisted'],
  ['one of datagrams, which the default drops', [PASS, 'pass udp any any -> $HOME_NET any (sid:2;)'], 'allowlisted'],
  ['one beside a drop of every first packet', [PASS, IN, 'drop tcp $HOME_NET any -> any any (flow:to_server; sid:3;)'], 'allowlisted'],
  ['one beside a drop that waits for an answer', [PASS, IN, 'drop tcp $HOME_NET any -> any any (flow:to_server,established; sid:3;)'], 'open'],
])('%s', (_, lines, kind) => expect(verdict(lines)).toMatchObject({ kind }));

test('a check says which rule it is', () => {
  const told = (line: string) => reviewed([PASS, line]).findings.filter(({ rule, message }) => rule === 'wide-firewall-rule' && message.includes('without flow:to_server it passes answers to calls')).map(({ whole }) => whole);
  expect(told(IN)).toEqual([IN]);
  expect(told('pass tcp any any -> $HOME_NET any (flow:to_server; sid:2;)')).toEqual([]);
});

test('one of few addresses lists them, and one whose variable nobody knows may mean any', () => {
  expect(verdict([PASS, 'pass tcp 52.1.2.3/32 any -> $HOME_NET any (sid:2;)'])).toMatchObject({ kind: 'allowlisted', hosts: expect.arrayContaining([expect.objectContaining({ host: '52.1.2.3/32' })]) });
  expect(verdict([PASS, 'pass tcp $PARTNERS any -> $HOME_NET any (sid:2;)'])).toMatchObject({ kind: 'unknown' });
});

test('a default that drops first packets lets nobody answer, unless a rule lets them go before', () => {
  expect(verdict([PASS, IN], ['aws:drop_strict'])).toMatchObject({ kind: 'allowlisted' });
  expect(verdict(['pass tcp $HOME_NET any -> any any (flow:not_established,to_server; sid:4;)', PASS, IN], ['aws:drop_strict'])).toMatchObject({ kind: 'open' });
});
