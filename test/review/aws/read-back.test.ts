/**
 * A plan with the lists that the provider reads back: of ACLs, tables, groups and prefix lists they show what resources of
 * their own put there at the last refresh, and stay as they were where the plan takes that away. The values are those of
 * provider 5.100.0 after `apply` and a refresh.
 */
import { asPlan, type Resources } from '../as-plan';
import { changePlan, stateBefore } from '../change-plan';
import { ref } from '../sound-stack';
import { review } from './reviewed';

type Json = any;
type Edit = (resource: Resources) => void;
/** What is read back, by address and list. */
type Lists = Readonly<Record<string, Readonly<Record<string, Json>>>>;

const WORLD = '0.0.0.0/0';
const id = (address: string) => `id-${address}`;
const entry = (rule_number: number, rule_action: string, cidr_block = WORLD) => ({ network_acl_id: ref('aws_network_acl', 'app'), rule_number, egress: true, protocol: '-1', rule_action, cidr_block });
const shown = (rule_no: number, action: string, cidr_block = WORLD) => ({ action, cidr_block, from_port: 0, icmp_code: 0, icmp_type: 0, ipv6_cidr_block: '', protocol: '-1', rule_no, to_port: 0 });
const route = (destination_cidr_block: string, target: object) => ({ route_table_id: ref('aws_route_table', 'app'), destination_cidr_block, ...target });
const line = (...cidr_blocks: readonly string[]) => ({ cidr_blocks, description: '', from_port: 443, ipv6_cidr_blocks: [], prefix_list_ids: [], protocol: 'tcp', security_groups: [], self: false, to_port: 443 });
const rule = (more: object) => ({ security_group_id: ref('aws_security_group', 'app'), ip_protocol: 'tcp', from_port: 443, to_port: 443, ...more });
const OUT = { gateway_id: ref('aws_internet_gateway', 'main') };
/** A peering leads to no internet. */
const ASIDE = { vpc_peering_connection_id: ref('aws_vpc_peering_connection', 'aside') };
const shownOut = { cidr_block: WORLD, gateway_id: id('aws_internet_gateway.main'), vpc_peering_connection_id: '' };
const shownAside = (cidr_block: string) => ({ cidr_block, gateway_id: '', vpc_peering_connection_id: id('aws_vpc_peering_connection.aside') });

/** A machine with a public address; each filter and the route is a resource of its own, and lets it out. */
function network(edit: Edit = () => undefined): Resources {
  const vpc_id = ref('aws_vpc', 'main');
  const resource: Resources = {
    aws_vpc: { main: { cidr_block: '10.0.0.0/16' }, other: { cidr_block: '10.1.0.0/16' } },
    aws_vpc_peering_connection: { aside: { vpc_id, peer_vpc_id: ref('aws_vpc', 'other') } },
    aws_internet_gateway: { main: { vpc_id } },
    aws_subnet: { app: { vpc_id, cidr_block: '10.0.0.0/24', map_public_ip_on_launch: true } },
    aws_route_table: { app: { vpc_id } },
    aws_route_table_association: { app: { subnet_id: ref('aws_subnet', 'app'), route_table_id: ref('aws_route_table', 'app') } },
    aws_route: { out: route(WORLD, OUT) },
    aws_network_acl: { app: { vpc_id, subnet_ids: [ref('aws_subnet', 'app')] } },
    aws_network_acl_rule: { out: entry(100, 'allow') },
    aws_security_group: { app: { vpc_id } },
    aws_vpc_security_group_egress_rule: { out: rule({ cidr_ipv4: WORLD }) },
    aws_instance: { app: { subnet_id: ref('aws_subnet', 'app'), vpc_security_group_ids: [ref('aws_security_group', 'app')], associate_public_ip_address: true } },
  };
  edit(resource);
  return resource;
}

/** Puts what is read back into a plan: before and after the change, and no expression. */
function withLists(plan: Json, lists: Lists): Json {
  for (const { address, change } of plan.resource_changes) for (const values of [change.before, change.after]) if (values) Object.assign(values, lists[address]);
  for (const { address, values } of plan.prior_state?.values.root_module.resources ?? []) Object.assign(values, lists[address]);
  return plan;
}

/** What becomes of the machine before a change and after. */
function judged(before: Edit, after: Edit, lists: Lists): readonly [string, string] {
  const was = network(before);
  const plan = withLists(changePlan(was, network(after)), lists);
  return [review(withLists(asPlan(was, true), lists)).at('aws_instance.app').kind, review(plan).at('aws_instance.app').kind];
}

const nothing: Edit = () => undefined;
const ENTRIES = { 'aws_network_acl.app': { egress: [shown(50, 'deny'), shown(100, 'allow')] } };
const denied: Edit = ({ aws_network_acl_rule: rules }) => void (rules!['deny'] = entry(50, 'deny'));

describe('entries of an ACL', () => {
  test.each<[string, Edit, string]>([
    ['stays', denied, 'none'],
    ['goes', nothing, 'open'],
    ['is for fewer addresses', ({ aws_network_acl_rule: rules }) => void (rules!['deny'] = entry(50, 'deny', '10.0.0.0/8')), 'open'],
    ['allows', ({ aws_network_acl_rule: rules }) => void (rules!['deny'] = entry(50, 'allow')), 'open'],
    ['comes behind', ({ aws_network_acl_rule: rules }) => void (rules!['deny'] = entry(150, 'deny')), 'open'],
  ])('a deny that %s', (_, after, then) => {
    expect(judged(denied, after, ENTRIES)).toEqual(['none', then]);
  });

  test.each<[string, Edit]>([
    ['goes', (resource) => void delete resource['aws_network_acl_rule']!['out']],
    ['denies', ({ aws_network_acl_rule: rules }) => void (rules!['out'] = entry(100, 'deny'))],
    ['is for fewer addresses', ({ aws_network_acl_rule: rules }) => void (rules!['out'] = entry(100, 'allow', '10.0.0.0/8'))],
  ])('an allow that %s', (_, after) => {
    expect(judged(nothing, after, { 'aws_network_acl.app': { egress: [shown(100, 'allow')] } })).toEqual(['open', 'none']);
  });

  test('what somebody added by hand counts as it is', () => {
    expect(judged(nothing, nothing, ENTRIES)).toEqual(['none', 'none']);
    const closed: Edit = (resource) => void delete resource['aws_network_acl_rule']!['out'];
    expect(judged(closed, closed, { 'aws_network_acl.app': { egress: [shown(100, 'allow')] } })).toEqual(['open', 'open']);
  });

  test('of a list that is written, an allow stays and a deny goes with what took its number', () => {
    const listed = (action: string): Edit => ({ aws_network_acl: acls, aws_network_acl_rule: rules }) => {
      acls!['app']!.egress = [shown(action === 'deny' ? 50 : 100, action)];
      if (action === 'allow') delete rules!['out'];
    };
    const and = (...edits: readonly Edit[]): Edit => (resource) => edits.forEach((edit) => edit(resource));
    expect(judged(nothing, listed('allow'), {})).toEqual(['open', 'open']);
    expect(judged(and(listed('deny'), denied), listed('deny'), {})[1]).toBe('open');
  });

  test('a state that was written after the entry went', () => {
    const state = withLists({ resource_changes: [], prior_state: stateBefore(network()) }, ENTRIES).prior_state;
    // A deny that may be gone stops nothing.
    expect(review({ ...state, terraform_version: '1.11.4' }).at('aws_instance.app').kind).toBe('open');
  });
});

test('a subnet that goes back to the ACL of its network', () => {
  const apart = (isJoined: boolean): Edit => (resource) => {
    delete resource['aws_network_acl']!['app']!.subnet_ids;
    delete resource['aws_network_acl_rule']!['out'];
    if (isJoined) resource['aws_network_acl_association'] = { app: { subnet_id: ref('aws_subnet', 'app'), network_acl_id: ref('aws_network_acl', 'app') } };
  };
  expect(judged(apart(true), apart(false), { 'aws_network_acl.app': { subnet_ids: [id('aws_subnet.app')] } })).toEqual(['none', 'open']);
});

describe('routes of a table', () => {
  const halves: Edit = ({ aws_route: routes }) => void Object.assign(routes!, { low: route('0.0.0.0/1', ASIDE), high: route('128.0.0.0/1', ASIDE) });
  const lists = { 'aws_route_table.app': { route: [shownOut, shownAside('0.0.0.0/1'), shownAside('128.0.0.0/1')] } };

  test('longer ones that go take nothing any more', () => {
    expect(judged(halves, halves, lists)).toEqual(['none', 'none']);
    expect(judged(halves, nothing, lists)).toEqual(['none', 'open']);
  });

  test('the way out that goes, or leads elsewhere', () => {
    const shownAlone = { 'aws_route_table.app': { route: [shownOut] } };
    expect(judged(nothing, (resource) => void delete resource['aws_route'], shownAlone)).toEqual(['open', 'none']);
    expect(judged(nothing, ({ aws_route: routes }) => void (routes!['out'] = route(WORLD, ASIDE)), shownAlone)).toEqual(['open', 'none']);
  });

  test('one that somebody added by hand leads out as before', () => {
    const closed: Edit = (resource) => void delete resource['aws_route'];
    expect(judged(closed, closed, { 'aws_route_table.app': { route: [shownOut] } })).toEqual(['open', 'open']);
  });

  test('a state that was written after they went', () => {
    const state = withLists({ resource_changes: [], prior_state: stateBefore(network()) }, lists).prior_state;
    expect(review({ ...state, terraform_version: '1.11.4' }).at('aws_instance.app').kind).toBe('unknown');
  });

  test('entries of a list that a route names', () => {
    const listed = (...cidrs: readonly string[]): Edit => (resource) => {
      resource['aws_ec2_managed_prefix_list'] = { halves: { name: 'halves', max_entries: 2, address_family: 'IPv4' } };
      resource['aws_ec2_managed_prefix_list_entry'] = Object.fromEntries(cidrs.map((cidr, index) => [`e${index}`, { cidr, prefix_list_id: ref('aws_ec2_managed_prefix_list', 'halves') }]));
      resource['aws_route']!['halves'] = { route_table_id: ref('aws_route_table', 'app'), destination_prefix_list_id: ref('aws_ec2_managed_prefix_list', 'halves'), ...ASIDE };
    };
    const both = ['0.0.0.0/1', '128.0.0.0/1'];
    const lists6 = { 'aws_ec2_managed_prefix_list.halves': { entry: both.map((cidr) => ({ cidr, description: '' })) } };
    expect(judged(listed(...both), listed(...both), lists6)).toEqual(['unknown', 'unknown']);
    expect(judged(listed(...both), listed(), lists6)).toEqual(['unknown', 'open']);
  });
});

describe('rules of a group', () => {
  const rules = (resource: Resources) => resource['aws_vpc_security_group_egress_rule']!;

  test.each<[string, Edit]>([
    ['goes', (resource) => void delete rules(resource)['out']],
    ['is for fewer addresses', (resource) => void (rules(resource)['out'] = rule({ cidr_ipv4: '10.0.0.0/8' }))],
    ['is for a group', (resource) => void (rules(resource)['out'] = rule({ referenced_security_group_id: ref('aws_security_group', 'app') }))],
  ])('one that %s', (_, after) => {
    expect(judged(nothing, after, { 'aws_security_group.app': { egress: [line(WORLD)] } })).toEqual(['open', 'none']);
  });

  test('of the kind with a direction, and beside others with the same ports', () => {
    const older = (...cidrs: readonly string[]): Edit => (resource) => {
      delete resource['aws_vpc_security_group_egress_rule'];
      resource['aws_security_group_rule'] = Object.fromEntries(cidrs.map((cidr, index) => [`r${index}`, { security_group_id: ref('aws_security_group', 'app'), type: 'egress', protocol: 'tcp', from_port: 443, to_port: 443, cidr_blocks: [cidr] }]));
    };
    const lists = { 'aws_security_group.app': { egress: [line('10.0.0.0/8', WORLD)] } };
    expect(judged(older('10.0.0.0/8', WORLD), older('10.0.0.0/8'), lists)).toEqual(['open', 'none']);
    expect(judged(older('10.0.0.0/8'), older('10.0.0.0/8'), lists)).toEqual(['open', 'open']);
  });

  test('one for what comes in takes none for what goes out away', () => {
    const inwards: Edit = (resource) => {
      delete rules(resource)['out'];
      resource['aws_vpc_security_group_ingress_rule'] = { in: rule({ cidr_ipv4: WORLD }) };
    };
    const closed: Edit = (resource) => void delete rules(resource)['out'];
    const lists = { 'aws_security_group.app': { egress: [line(WORLD)], ingress: [line(WORLD)] } };
    expect(judged(inwards, closed, lists)).toEqual(['open', 'open']);
  });

  test('one that the configuration lets go of stays', () => {
    const plan = withLists(changePlan(network(), network((resource) => void delete rules(resource)['out'])), { 'aws_security_group.app': { egress: [line(WORLD)] } });
    const gone = plan.resource_changes.find(({ address }: Json) => address === 'aws_vpc_security_group_egress_rule.out');
    gone.change.actions = ['forget'];
    expect(review(plan).at('aws_instance.app').kind).toBe('open');
  });
});

test('a table that no longer leads to a gateway endpoint', () => {
  const served = (isJoined: boolean): Edit => (resource) => {
    resource['aws_vpc_endpoint'] = { s3: { vpc_id: ref('aws_vpc', 'main'), service_name: 'com.amazonaws.us-east-1.s3', vpc_endpoint_type: 'Gateway' } };
    resource['aws_vpc_security_group_egress_rule'] = { out: rule({ prefix_list_id: ref('aws_vpc_endpoint', 's3', 'prefix_list_id') }) };
    if (isJoined) resource['aws_vpc_endpoint_route_table_association'] = { app: { vpc_endpoint_id: ref('aws_vpc_endpoint', 's3'), route_table_id: ref('aws_route_table', 'app') } };
  };
  const missing = (isJoined: boolean): boolean => {
    const plan = withLists(changePlan(network(served(true)), network(served(isJoined))), { 'aws_vpc_endpoint.s3': { route_table_ids: [id('aws_route_table.app')] } });
    return review(plan).rules.includes('gateway-route-missing');
  };
  expect([missing(true), missing(false)]).toEqual([false, true]);
});

test('an endpoint whose policy goes serves everybody', () => {
  const policy = JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: 'arn:aws:s3:::acme-logs/*' }] });
  const given = (isApart: boolean): Edit => (resource) => {
    resource['aws_vpc_endpoint'] = { s3: { vpc_id: ref('aws_vpc', 'main'), service_name: 'com.amazonaws.us-east-1.s3', vpc_endpoint_type: 'Gateway' } };
    if (isApart) resource['aws_vpc_endpoint_policy'] = { s3: { vpc_endpoint_id: ref('aws_vpc_endpoint', 's3'), policy } };
  };
  const open = (isApart: boolean): boolean => review(withLists(changePlan(network(given(true)), network(given(isApart))), { 'aws_vpc_endpoint.s3': { policy } })).rules.includes('endpoint-policy-full-access');
  expect([open(true), open(false)]).toEqual([false, true]);
});

test('an interface whose address is taken away', () => {
  const given = (isGiven: boolean): Edit => (resource) => {
    delete resource['aws_instance'];
    resource['aws_network_interface'] = { app: { subnet_id: ref('aws_subnet', 'app'), security_groups: [ref('aws_security_group', 'app')] } };
    resource['aws_eip'] = { app: { domain: 'vpc' } };
    if (isGiven) resource['aws_eip_association'] = { app: { allocation_id: ref('aws_eip', 'app'), network_interface_id: ref('aws_network_interface', 'app') } };
  };
  const lists = { 'aws_eip.app': { network_interface: id('aws_network_interface.app') } };
  const kind = (isGiven: boolean) => review(withLists(changePlan(network(given(true)), network(given(isGiven))), lists)).at('aws_network_interface.app').kind;
  expect([kind(true), kind(false)]).toEqual(['open', 'none']);
});
