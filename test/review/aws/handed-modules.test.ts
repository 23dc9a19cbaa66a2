/** What published modules leave open in a plan: counted where it opens a way, and nowhere else. */
import { INTERNET } from '../../../review/model/addresses';
import { decide } from '../../../review/model/aws/firewall-decision';
import { change, configured, plan } from '../plan/plans';
import { add, all, change as set, vpc } from './breaks';
import { review } from './reviewed';
import { line, ref, soundStack } from './sound-stack';

const FIREWALL = 'aws_networkfirewall_firewall';
const POLICY = 'aws_networkfirewall_firewall_policy';
const GROUP = 'aws_networkfirewall_rule_group';
const UNKNOWN = { id: true, arn: true };

/** A policy whose one reference, or whose two, come from a dynamic block; one group drops everything, the other knows a name. */
function policyOf(references: number, types: readonly string[] = ['STATEFUL', 'STATEFUL']) {
  const group = (name: string, type: string, rules: string) => change(`${GROUP}.${name}`, GROUP, name, { after: { name, type, rule_group: [{ rules_source: [{ rules_string: rules }] }] }, after_unknown: UNKNOWN });
  const elements = Array.from({ length: references }, (_, at) => ({ priority: at + 1 }));
  return review(plan([
    group('shut', types[0]!, 'drop ip any any -> any any (sid:1;)'),
    group('named', types[1]!, 'alert tcp any any -> any any (sid:2;)'),
    change(`${POLICY}.main`, POLICY, 'main', {
      after: { firewall_policy: [{ stateless_default_actions: ['aws:forward_to_sfe'], stateless_fragment_default_actions: ['aws:drop'], stateful_default_actions: [], stateful_engine_options: [{ rule_order: 'STRICT_ORDER' }], stateful_rule_group_reference: elements }] },
      after_unknown: { ...UNKNOWN, firewall_policy: [{ stateful_rule_group_reference: elements.map(() => ({ resource_arn: true })) }] },
    }),
    change(`${FIREWALL}.main`, FIREWALL, 'main', { after: {}, after_unknown: { ...UNKNOWN, firewall_policy_arn: true } }),
  ], { resources: [
    configured(GROUP, 'shut', { name: { constant_value: 'shut' } }), configured(GROUP, 'named', { name: { constant_value: 'named' } }),
    configured(POLICY, 'main', { firewall_policy: [{ stateless_default_actions: { constant_value: ['aws:forward_to_sfe'] } }] }),
    configured(FIREWALL, 'main', { firewall_policy_arn: { references: [`${POLICY}.main.arn`, `${POLICY}.main`] } }),
  ] })).model;
}

describe('rule groups that only a dynamic block names', () => {
  const open = (model: ReturnType<typeof policyOf>) => decide(model.firewalls[0]!, INTERNET[4], 4).open.boxes.length > 0;

  test('fewer references than groups: what one may drop, nobody drops for certain', () => {
    const model = policyOf(1);
    expect(model.policies[0]!.stateful.map(({ possible }) => possible)).toEqual([true, true]);
    expect(open(model)).toBe(true);
  });

  test('as many references as groups: each is in the policy', () => {
    const model = policyOf(2);
    expect(model.policies[0]!.stateful.map(({ possible, unknown }) => [possible, unknown])).toEqual([[undefined, undefined], [undefined, undefined]]);
    expect(open(model)).toBe(false);
  });

  test('one of the kind that the block takes: it is that one', () => {
    const [use, ...more] = policyOf(1, ['STATEFUL', 'STATELESS']).policies[0]!.stateful;
    expect(use).toMatchObject({ priority: 1, group: { address: `${GROUP}.shut` } });
    expect(more).toEqual([]);
  });
});

function reviewed(edit: (resource: ReturnType<typeof soundStack>['resource']) => void) {
  const stack = soundStack();
  edit(stack.resource);
  return review(stack);
}

test('a rule that is shut for IPv4 and open for IPv6 is as bad as the open half', () => {
  const { findings } = reviewed(all(
    set('aws_security_group', 'vault', { egress: [line({ cidr_blocks: ['0.0.0.0/0'], ipv6_cidr_blocks: ['::/0'] })] }),
    set('aws_subnet', 'vault', { ipv6_cidr_block: '2001:db8::/64' }),
    add('aws_egress_only_internet_gateway', 'main', { vpc_id: vpc }),
    (resource) => {
      resource.aws_route_table!.vault!.route = [{ ipv6_cidr_block: '::/0', egress_only_gateway_id: ref('aws_egress_only_internet_gateway', 'main') }];
      resource.aws_network_acl!.vault!.egress = [{ rule_no: 1, action: 'allow', protocol: '-1', from_port: 0, to_port: 0, ipv6_cidr_block: '::/0' }];
    },
  ));
  expect(findings).toContainEqual(expect.objectContaining({ rule: 'wide-group-egress', address: 'aws_security_group.vault', severity: 'high' }));
});

test('an exclusion that may mean one of several subnets says nothing of those without a gateway', () => {
  const EXCLUSION = 'aws_vpc_block_public_access_exclusion';
  const subnets = ['outer', 'inner'];
  const { rules } = review(plan([
    change('aws_vpc.main', 'aws_vpc', 'main', { after: { cidr_block: '10.0.0.0/16' }, after_unknown: { id: true } }),
    ...subnets.map((name) => change(`aws_subnet.${name}`, 'aws_subnet', name, { after: {}, after_unknown: { id: true, vpc_id: true } })),
    change(`${EXCLUSION}.one`, EXCLUSION, 'one', { after: { internet_gateway_exclusion_mode: 'allow-egress' }, after_unknown: { id: true, subnet_id: true } }),
  ], { resources: [
    configured('aws_vpc', 'main', { cidr_block: { constant_value: '10.0.0.0/16' } }),
    ...subnets.map((name) => configured('aws_subnet', name, { vpc_id: { references: ['aws_vpc.main.id', 'aws_vpc.main'] } })),
    configured(EXCLUSION, 'one', { subnet_id: { references: subnets.flatMap((name) => [`aws_subnet.${name}.id`, `aws_subnet.${name}`]) } }),
  ] }));
  expect(rules).not.toContain('public-access-exclusion-wide');
});
