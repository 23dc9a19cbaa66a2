/** Names that rules drop before a wildcard passes: what a change of them opens. */
import { parsePlan } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';
import { ref, soundStack, type Stack } from '../sound-stack';

const TO = '$HOME_NET any -> any 443';
const sni = (name: string, more = 'nocase; ') => `tls.sni; content:"${name}"; startswith; endswith; ${more}`;
const rule = (action: string, what: string, sid: number, header = TO) => `${action} tls ${header} (${what}sid:${sid};)`;
const DROP = rule('drop', sni('a.example.com'), 1);
const WILD = rule('pass', 'tls.sni; dotprefix; content:".example.com"; endswith; nocase; ', 2);

function strict(...lines: readonly string[]): Stack {
  const stack = soundStack();
  stack.resource.aws_networkfirewall_rule_group!.main!.rule_group.rules_source = { rules_string: lines.join('\n') };
  return stack;
}

/** Lists of domains, each in a group of its own, in this order. */
function lists(...all: readonly (readonly [kind: string, target: string])[]): Stack {
  const stack = soundStack();
  stack.resource.aws_networkfirewall_rule_group = Object.fromEntries(all.map(([generated_rules_type, target], at) => [`g${at}`, { name: `g${at}`, type: 'STATEFUL', capacity: 100, rule_group: { rules_source: { rules_source_list: { generated_rules_type, target_types: ['TLS_SNI'], targets: [target] } }, stateful_rule_options: { rule_order: 'STRICT_ORDER' } } }]));
  stack.resource.aws_networkfirewall_firewall_policy!.main!.firewall_policy.stateful_rule_group_reference = all.map((_, at) => ({ priority: at + 1, resource_arn: ref('aws_networkfirewall_rule_group', `g${at}`, 'arn') }));
  return stack;
}

const parsed = (stack: Stack) => parsePlan(JSON.stringify(stack), 'cdk.tf.json');
function told(before: Stack, after: Stack): readonly string[] {
  const { diff } = review({ inputs: [parsed(after)], base: [parsed(before)], today: TODAY });
  return (diff?.reach ?? []).filter(({ family }) => family === 4).map(({ change, what }) => `${change} ${what}`);
}
const hosts = (stack: Stack) => review({ inputs: [parsed(stack)], today: TODAY }).verdicts.find(({ place, family }) => place === 'aws_instance.app' && family === 4)?.hosts.map(({ host, except = [] }) => [host, ...except].join(' not '));

const OPENED = 'opened tls a.example.com:443';

test.each<[string, Stack]>([
  ['a drop that goes', strict(WILD)],
  ['a drop behind the pass', strict(WILD, DROP)],
  ['a drop of some sources', strict(rule('drop', sni('a.example.com'), 1, '10.0.99.0/24 any -> any 443'), WILD)],
  ['a drop of some ports', strict(rule('drop', sni('a.example.com'), 1, '$HOME_NET any -> any 8443'), WILD)],
  ['a drop of small letters alone', strict(rule('drop', sni('a.example.com', ''), 1), WILD)],
  ['a drop that asks for more', strict(rule('drop', `${sni('a.example.com')}ja3.hash; content:"abc"; `, 1), WILD)],
  ['a drop of what has something else in its name, too', strict(rule('drop', `tls.sni; content:"zzz"; ${sni('a.example.com').slice('tls.sni; '.length)}`, 1), WILD)],
  ['a drop of all but a name', strict(rule('drop', 'tls.sni; content:!"a.example.com"; startswith; endswith; nocase; ', 1), WILD)],
])('%s refuses the name no more', (_, after) => {
  expect(hosts(after)).toEqual(['.example.com']);
  expect(told(strict(DROP, WILD), after).filter((text) => !/anything|tcp|udp|icmp/.test(text))).toEqual([OPENED]);
});

test('a drop before the pass is told with the name, and closes it', () => {
  expect(hosts(strict(DROP, WILD))).toEqual(['.example.com not a.example.com']);
  expect(told(strict(WILD), strict(DROP, WILD))).toEqual(['closed tls a.example.com:443']);
});

test('a pass before the drop lets the name through', () => {
  expect(told(strict(WILD), strict(rule('pass', sni('a.example.com'), 3), DROP, WILD))).toEqual([]);
});

test('lists of domains are asked in the order of their groups', () => {
  const [before, behind, none] = [lists(['DENYLIST', 'a.example.com'], ['ALLOWLIST', '.example.com']), lists(['ALLOWLIST', '.example.com'], ['DENYLIST', 'a.example.com']), lists(['ALLOWLIST', '.example.com'])];
  expect([before, behind, none].map(hosts)).toEqual([['.example.com not a.example.com'], ['.example.com'], ['.example.com']]);
  expect([told(before, behind), told(before, none)]).toEqual([[expect.stringMatching(/^opened tls a\.example\.com/)], [expect.stringMatching(/^opened tls a\.example\.com/)]]);
});

test('a list that is told to alert alone refuses nothing', () => {
  const stack = lists(['DENYLIST', 'a.example.com'], ['ALLOWLIST', '.example.com']);
  stack.resource.aws_networkfirewall_firewall_policy!.main!.firewall_policy.stateful_rule_group_reference[0].override = { action: 'DROP_TO_ALERT' };
  expect(hosts(stack)).toEqual(['.example.com']);
});

test('a list whose place is not known refuses nothing for sure', () => {
  const stack = lists(['DENYLIST', 'a.example.com'], ['ALLOWLIST', '.example.com']);
  for (const reference of stack.resource.aws_networkfirewall_firewall_policy!.main!.firewall_policy.stateful_rule_group_reference) reference.priority = '${var.priority}';
  expect(hosts(stack)).toEqual(['.example.com']);
});
