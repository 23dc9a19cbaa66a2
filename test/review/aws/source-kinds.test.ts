/** Sources that no rule tells apart have one decision: it is the decision of each of them. */
import fc from 'fast-check';
import { addressesOf } from '../../../review/model/addresses';
import { decide } from '../../../review/model/aws/firewall-decision';
import { buildAwsModel } from '../../../review/model/aws/model';
import { sourceKind } from '../../../review/model/aws/source-kinds';
import { buildGraph } from '../../../review/plan/build-graph';
import { parsePlan } from '../../../review/plan/load';
import { soundStack } from '../sound-stack';

const SOURCES = [['10.0.1.0/24'], ['10.0.1.7/32'], ['10.0.2.0/24'], ['10.0.2.0/24', '10.0.3.0/24'], ['10.9.0.0/16'], ['8.8.8.8/32'], [], undefined].map((cidrs) => cidrs && addressesOf(cidrs, 4));
const named = fc.constantFrom('any', '$HOME_NET', '$EXTERNAL_NET', '$NOWHERE', '10.0.1.0/24', '!10.0.1.0/24', '[10.0.1.0/25,10.0.2.0/24]', '[$HOME_NET,!10.0.2.0/24]');
const line = fc.tuple(fc.constantFrom('pass', 'drop', 'alert'), fc.constantFrom('ip', 'tcp', 'tls'), named, fc.constantFrom('->', '->', '<>'), named, fc.constantFrom('', 'flow:to_server; ', 'bypass; ', 'tls.sni; content:"a.example.com"; startswith; endswith; '))
  .map(([action, protocol, from, arrow, to, more]) => `${action} ${protocol} ${from} any ${arrow} ${to} any (${more}`);
const quick = fc.record({ action: fc.constantFrom('pass', 'drop', 'forward_to_sfe'), from: fc.constantFrom([], ['10.0.1.0/24'], ['10.0.0.0/16', '8.0.0.0/8']) });

function firewallOf(lines: readonly string[], stateless: readonly { readonly action: string; readonly from: readonly string[] }[], list: boolean) {
  const { resource } = soundStack();
  const group = resource.aws_networkfirewall_rule_group!.main!;
  group.rule_group.rules_source = list ? { rules_source_list: { generated_rules_type: 'ALLOWLIST', target_types: ['TLS_SNI'], targets: ['b.example.com'] } } : { rules_string: lines.map((text, at) => `${text}sid:${at + 1};)`).join('\n') };
  resource.aws_networkfirewall_rule_group!.quick = { name: 'quick', type: 'STATELESS', capacity: 10, rule_group: { rules_source: { stateless_rules_and_custom_actions: { stateless_rule: stateless.map(({ action, from }, at) => ({ priority: at + 1, rule_definition: { actions: [`aws:${action}`], match_attributes: from.length > 0 ? { source: from.map((address_definition) => ({ address_definition })) } : {} } })) } } } };
  const policy = resource.aws_networkfirewall_firewall_policy!.main!.firewall_policy;
  if (stateless.length > 0) policy.stateless_rule_group_reference = [{ priority: 1, resource_arn: '${aws_networkfirewall_rule_group.quick.arn}' }];
  return buildAwsModel(buildGraph(parsePlan(JSON.stringify({ resource }), 'cdk.tf.json'))).firewalls[0]!;
}

const text = (value: unknown) => JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each));

test('sources of one kind get what each of them would get alone', () => {
  const seen = { alike: 0, apart: 0 };
  fc.assert(fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), fc.array(quick, { maxLength: 2 }), fc.boolean(), (lines, stateless, list) => {
    const firewall = firewallOf(lines, stateless, list);
    const known = new Map<string, string>();
    for (const source of SOURCES) {
      const kind = sourceKind(firewall, firewall.policy!, source, 4);
      const decision = text(decide(firewall, source, 4));
      if (known.has(kind)) expect(decision).toBe(known.get(kind));
      seen[known.has(kind) ? 'alike' : 'apart'] += 1;
      known.set(kind, decision);
    }
  }), { seed: 3, numRuns: 150 });
  expect([seen.alike > 100, seen.apart > 300]).toEqual([true, true]);
});
