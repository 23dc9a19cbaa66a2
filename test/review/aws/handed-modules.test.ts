/** What published modules leave open in a plan: counted where it opens a way, and nowhere else. */
import { INTERNET } from '../../../review/model/addresses';
import { aclEgress } from '../../../review/model/aws/acls';
import { decide } from '../../../review/model/aws/firewall-decision';
import { change, configured, plan } from '../plan/plans';
import { add, all, change as set, vpc } from './breaks';
import { review } from './reviewed';
import { line, ref, soundStack } from '../sound-stack';

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
    set('aws_subnet', 'vault', { ipv6_cidr_block: '2001:db8::/64', assign_ipv6_address_on_creation: true }),
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

test('a NAT gateway may be called a gateway', () => {
  const route = (attribute: string) => reviewed(set('aws_route_table', 'app', { route: [{ cidr_block: '0.0.0.0/0', [attribute]: ref('aws_nat_gateway', 'main') }] })).at('aws_instance.app');
  expect(route('gateway_id').kind).toBe('open');
  expect(route('gateway_id').witness).toEqual(route('nat_gateway_id').witness);
});

test.each([
  ['a route', 'aws_route', 'route_table_id', 'aws_route_table', { destination_cidr_block: '0.0.0.0/0', nat_gateway_id: 'nat-0123456789abcdef0' }],
  ['a rule', 'aws_security_group_rule', 'security_group_id', 'aws_security_group', { type: 'egress', protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: ['0.0.0.0/0'] }],
])('%s of what a search finds during the apply may be one of what the plan makes', (_, type, attribute, found, after) => {
  const isRoute = type === 'aws_route';
  const searched = (isFound: boolean) => review(plan([
    change('aws_vpc.main', 'aws_vpc', 'main', { after: { cidr_block: '10.0.0.0/16' }, after_unknown: { id: true } }),
    change('aws_subnet.main', 'aws_subnet', 'main', { after: {}, after_unknown: { id: true, vpc_id: true } }),
    change('aws_route_table.main', 'aws_route_table', 'main', { after: { route: isRoute ? [] : [{ cidr_block: '0.0.0.0/0', nat_gateway_id: 'nat-0123456789abcdef0' }] }, after_unknown: { id: true, vpc_id: true } }),
    change('aws_route_table_association.main', 'aws_route_table_association', 'main', { after: {}, after_unknown: { id: true, subnet_id: true, route_table_id: true } }),
    change('aws_security_group.main', 'aws_security_group', 'main', { after: { egress: isRoute ? [line({ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: ['0.0.0.0/0'] })] : [] }, after_unknown: { id: true, vpc_id: true } }),
    change('aws_instance.main', 'aws_instance', 'main', { after: {}, after_unknown: { id: true, subnet_id: true, vpc_security_group_ids: true } }),
    change(`data.${found}.searched`, found, 'searched', { actions: ['read'], after: {}, after_unknown: { id: true } }, { mode: 'data' }),
    change(`${type}.more`, type, 'more', { after: isFound ? after : { ...after, [attribute]: 'x-0123456789abcdef0' }, after_unknown: { id: true, ...(isFound ? { [attribute]: true } : {}) } }),
  ], { resources: [
    configured('aws_vpc', 'main', { cidr_block: { constant_value: '10.0.0.0/16' } }),
    ...['aws_subnet', 'aws_route_table', 'aws_security_group'].map((each) => configured(each, 'main', { vpc_id: { references: ['aws_vpc.main.id', 'aws_vpc.main'] } })),
    configured('aws_route_table_association', 'main', { subnet_id: { references: ['aws_subnet.main.id', 'aws_subnet.main'] }, route_table_id: { references: ['aws_route_table.main.id', 'aws_route_table.main'] } }),
    configured('aws_instance', 'main', { subnet_id: { references: ['aws_subnet.main.id', 'aws_subnet.main'] }, vpc_security_group_ids: { references: ['aws_security_group.main.id', 'aws_security_group.main'] } }),
    configured(found, 'searched', { tags: { constant_value: { Name: 'main' } } }, { mode: 'data', address: `data.${found}.searched` }),
    configured(type, 'more', { [attribute]: isFound ? { references: [`data.${found}.searched.id`, `data.${found}.searched`] } : { constant_value: 'x-0123456789abcdef0' } }),
  ] }));
  expect(searched(false).at('aws_instance.main').kind).toBe('none');
  const reviewedLater = searched(true);
  expect(reviewedLater.at('aws_instance.main')).toMatchObject({ kind: 'unknown' });
  expect(reviewedLater.rules).toContain('way-out-elsewhere');
});

test('an entry of an ACL that a search finds during the apply may be one of what the plan makes', () => {
  const NAME = 'aws_network_acl_rule';
  const acl = (isFound: boolean) => review(plan([
    change('aws_network_acl.main', 'aws_network_acl', 'main', { after: {}, after_unknown: { id: true, vpc_id: true } }),
    change('data.aws_network_acls.all', 'aws_network_acls', 'all', { actions: ['read'], after: {}, after_unknown: { ids: true } }, { mode: 'data' }),
    change(`${NAME}.more`, NAME, 'more', { after: { egress: true, rule_action: 'allow', rule_number: 1, protocol: '-1', cidr_block: '0.0.0.0/0', ...(isFound ? {} : { network_acl_id: 'acl-0123456789abcdef0' }) }, after_unknown: { id: true, ...(isFound ? { network_acl_id: true } : {}) } }),
  ], { resources: [
    configured('aws_network_acl', 'main', { vpc_id: { references: ['var.vpc_id'] } }),
    configured('aws_network_acls', 'all', { vpc_id: { references: ['var.vpc_id'] } }, { mode: 'data', address: 'data.aws_network_acls.all' }),
    configured(NAME, 'more', { network_acl_id: isFound ? { references: ['data.aws_network_acls.all.ids', 'data.aws_network_acls.all'] } : { constant_value: 'acl-0123456789abcdef0' } }),
  ] })).model.acls[0]!;
  expect(aclEgress(acl(false), 4).doubtful).toBeUndefined();
  expect(aclEgress(acl(true), 4).doubtful?.reason).toBe(`${NAME}.more: the plan does not say which ACL is meant`);
});

describe('what Cloud Control adds beside this provider', () => {
  const WAY = { destination_cidr_block: '0.0.0.0/0', gateway_id: ref('aws_internet_gateway', 'main') };
  const OPEN = line({ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: ['0.0.0.0/0'] });

  test.each([
    ['a table', add('awscc_ec2_subnet_route_table_association', 'way', { subnet_id: ref('aws_subnet', 'vault'), route_table_id: 'rtb-1' }), set('aws_security_group', 'vault', { egress: [OPEN] })],
    ['a route', add('awscc_ec2_route', 'way', { ...WAY, route_table_id: ref('aws_route_table', 'vault') }), set('aws_security_group', 'vault', { egress: [OPEN] })],
    ['a rule', add('awscc_ec2_security_group_egress', 'way', { group_id: ref('aws_security_group', 'vault'), ip_protocol: '-1', cidr_ip: '0.0.0.0/0' }), set('aws_route_table', 'vault', { route: [{ cidr_block: '0.0.0.0/0', nat_gateway_id: ref('aws_nat_gateway', 'main') }] })],
  ])('%s: what it opens is not known', (_, more, open) => {
    const unfiltered = set('aws_network_acl', 'vault', { egress: [{ rule_no: 1, action: 'allow', protocol: '-1', from_port: 0, to_port: 0, cidr_block: '0.0.0.0/0' }] });
    expect(reviewed(all(open, unfiltered)).at('aws_instance.vault').kind).toBe('none');
    expect(reviewed(all(open, unfiltered, more)).at('aws_instance.vault').kind).toBe('unknown');
  });
});

describe('blocks that a dynamic block makes over what is not known', () => {
  const group = (name: string, egress: unknown[]) => change(`aws_security_group.${name}`, 'aws_security_group', name, { after: { egress }, after_unknown: { id: true, vpc_id: true } });
  const WAY = [{ cidr_block: '0.0.0.0/0', gateway_id: 'igw-0123456789abcdef0' }];

  /** One subnet that leads out, and a group that lets nothing out. */
  const machines = (resources: readonly [type: string, values: object, unknown: object, expressions: object][]) => review(plan([
    change('aws_vpc.main', 'aws_vpc', 'main', { after: { cidr_block: '10.0.0.0/16' }, after_unknown: { id: true, default_security_group_id: true } }),
    change('aws_default_security_group.main', 'aws_default_security_group', 'main', { after: { egress: [], ingress: [] }, after_unknown: { id: true, vpc_id: true } }),
    change('aws_subnet.main', 'aws_subnet', 'main', { after: { map_public_ip_on_launch: false }, after_unknown: { id: true, vpc_id: true } }),
    change('aws_route_table.main', 'aws_route_table', 'main', { after: { route: WAY }, after_unknown: { id: true, vpc_id: true } }),
    change('aws_route_table_association.main', 'aws_route_table_association', 'main', { after: {}, after_unknown: { id: true, subnet_id: true, route_table_id: true } }),
    group('open', [line({ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: ['0.0.0.0/0'] })]),
    ...resources.map(([type, after, unknown]) => change(`${type}.main`, type, 'main', { after, after_unknown: { id: true, ...unknown } })),
  ], { resources: [
    configured('aws_vpc', 'main', { cidr_block: { constant_value: '10.0.0.0/16' } }),
    ...['aws_default_security_group', 'aws_subnet', 'aws_route_table'].map((type) => configured(type, 'main', { vpc_id: { references: ['aws_vpc.main.id', 'aws_vpc.main'] } })),
    configured('aws_route_table_association', 'main', { subnet_id: { references: ['aws_subnet.main.id', 'aws_subnet.main'] }, route_table_id: { references: ['aws_route_table.main.id', 'aws_route_table.main'] } }),
    configured('aws_security_group', 'open', { vpc_id: { references: ['aws_vpc.main.id', 'aws_vpc.main'] } }),
    ...resources.map(([type, , , expressions]) => configured(type, 'main', expressions as Record<string, unknown>)),
  ] }));
  const SUBNET = { references: ['aws_subnet.main.id', 'aws_subnet.main'] };
  const TEMPLATE = { references: ['aws_launch_template.main.id', 'aws_launch_template.main'] };
  const GROUP = { references: ['aws_security_group.open.id', 'aws_security_group.open'] };

  test('interfaces of a template may have public addresses and other groups', () => {
    const asked = (unknown: object) => machines([
      ['aws_launch_template', {}, { ...unknown, vpc_security_group_ids: true }, { vpc_security_group_ids: GROUP }],
      ['aws_autoscaling_group', { launch_template: [{}] }, { vpc_zone_identifier: true, launch_template: [{ id: true }] }, { vpc_zone_identifier: SUBNET, launch_template: [{ id: TEMPLATE }] }],
    ]);
    expect(asked({}).at('aws_autoscaling_group.main').kind).toBe('none');
    const reviewed = asked({ network_interfaces: true });
    expect(reviewed.at('aws_autoscaling_group.main').kind).toBe('open');
    expect(reviewed.rules).not.toContain('public-address-on-workload');
  });

  test.each(['aws_instance', 'aws_autoscaling_group'])('the template of %s may have other groups than the default', (type) => {
    const subnets = type === 'aws_instance' ? 'subnet_id' : 'vpc_zone_identifier';
    const { kind, reasons } = machines([[type, { associate_public_ip_address: true }, { [subnets]: true, launch_template: true }, { [subnets]: SUBNET, associate_public_ip_address: { constant_value: true } }]]).at(`${type}.main`);
    expect([kind, reasons]).toEqual(['unknown', [`the template of ${type}.main is not known`]]);
  });

  test('the endpoints of a firewall are somewhere in its network', () => {
    const FIREWALL_MAIN = [FIREWALL, {}, { subnet_mapping: true, vpc_id: true }, { vpc_id: { references: ['aws_vpc.main.id', 'aws_vpc.main'] } }] as [string, object, object, object];
    const [firewall] = machines([FIREWALL_MAIN]).model.firewalls;
    expect(firewall).toMatchObject({ subnets: [{ address: 'aws_subnet.main' }], ownSubnets: [], subnetsUnknown: `${FIREWALL}.main: the plan does not say which subnets are meant` });
  });
});
