/** Firewalls that are attachments of a transit gateway themselves. https://docs.aws.amazon.com/network-firewall/latest/developerguide/tgw-firewall.html */
import { asPlan, type Resources } from '../as-plan';
import { ref, type Stack } from '../sound-stack';
import { review } from './reviewed';

const ATTACHED = '${aws_networkfirewall_firewall.main.firewall_status[0].transit_gateway_attachment_sync_states[0].attachment_id}';
const PASS = 'pass tls $HOME_NET any -> any 443 (tls.sni; content:"api.example.com"; startswith; endswith; nocase; flow:to_server; sid:1;)';
const named = (name: string) => ({ spoke: ref('aws_vpc', name), subnet: ref('aws_subnet', name) });

/** A spoke whose default route leads to the firewall, and a network with the way out, to which the firewall's own table leads. */
function hub(): Stack['resource'] {
  const table = (name: string, route: object) => ({ vpc_id: ref('aws_vpc', name === 'nat' ? 'egress' : name), route: [{ cidr_block: '0.0.0.0/0', ...route }] });
  const transit = ref('aws_ec2_transit_gateway', 'main');
  const own = { transit_gateway_default_route_table_association: false, transit_gateway_default_route_table_propagation: false };
  return {
    aws_vpc: { spoke: { cidr_block: '10.1.0.0/16' }, egress: { cidr_block: '10.0.0.0/16' } },
    aws_subnet: {
      spoke: { vpc_id: ref('aws_vpc', 'spoke'), cidr_block: '10.1.0.0/24' },
      egress: { vpc_id: ref('aws_vpc', 'egress'), cidr_block: '10.0.0.0/24' },
      nat: { vpc_id: ref('aws_vpc', 'egress'), cidr_block: '10.0.1.0/24' },
    },
    aws_internet_gateway: { main: { vpc_id: ref('aws_vpc', 'egress') } },
    aws_nat_gateway: { main: { subnet_id: ref('aws_subnet', 'nat'), allocation_id: 'eipalloc-1' } },
    aws_route_table: {
      spoke: table('spoke', { transit_gateway_id: transit }),
      egress: table('egress', { nat_gateway_id: ref('aws_nat_gateway', 'main') }),
      nat: table('nat', { gateway_id: ref('aws_internet_gateway', 'main') }),
    },
    aws_route_table_association: Object.fromEntries(['spoke', 'egress', 'nat'].map((name) => [name, { subnet_id: ref('aws_subnet', name), route_table_id: ref('aws_route_table', name) }])),
    aws_security_group: { app: { vpc_id: ref('aws_vpc', 'spoke'), ingress: [], egress: [{ protocol: 'tcp', from_port: 443, to_port: 443, cidr_blocks: ['0.0.0.0/0'] }] } },
    aws_instance: { app: { subnet_id: ref('aws_subnet', 'spoke'), vpc_security_group_ids: [ref('aws_security_group', 'app')] } },
    aws_ec2_transit_gateway: { main: { default_route_table_association: 'disable', default_route_table_propagation: 'disable' } },
    aws_ec2_transit_gateway_vpc_attachment: Object.fromEntries(['spoke', 'egress'].map((name) => [name, { transit_gateway_id: transit, vpc_id: named(name).spoke, subnet_ids: [named(name).subnet], ...own }])),
    aws_ec2_transit_gateway_route_table: { spokes: { transit_gateway_id: transit }, inspected: { transit_gateway_id: transit } },
    aws_ec2_transit_gateway_route_table_association: {
      spoke: { transit_gateway_attachment_id: ref('aws_ec2_transit_gateway_vpc_attachment', 'spoke'), transit_gateway_route_table_id: ref('aws_ec2_transit_gateway_route_table', 'spokes') },
      firewall: { transit_gateway_attachment_id: ATTACHED, transit_gateway_route_table_id: ref('aws_ec2_transit_gateway_route_table', 'inspected') },
    },
    aws_ec2_transit_gateway_route: {
      spoke: { destination_cidr_block: '0.0.0.0/0', transit_gateway_attachment_id: ATTACHED, transit_gateway_route_table_id: ref('aws_ec2_transit_gateway_route_table', 'spokes') },
      inspected: { destination_cidr_block: '0.0.0.0/0', transit_gateway_attachment_id: ref('aws_ec2_transit_gateway_vpc_attachment', 'egress'), transit_gateway_route_table_id: ref('aws_ec2_transit_gateway_route_table', 'inspected') },
    },
    aws_networkfirewall_rule_group: { hosts: { name: 'hosts', type: 'STATEFUL', capacity: 10, rule_group: [{ stateful_rule_options: [{ rule_order: 'STRICT_ORDER' }], rules_source: [{ rules_string: PASS }] }] } },
    aws_networkfirewall_firewall_policy: {
      main: {
        name: 'main',
        firewall_policy: [{
          stateless_default_actions: ['aws:forward_to_sfe'], stateless_fragment_default_actions: ['aws:forward_to_sfe'], stateful_default_actions: ['aws:drop_strict'],
          stateful_engine_options: [{ rule_order: 'STRICT_ORDER' }], policy_variables: [{ rule_variables: [{ key: 'HOME_NET', ip_set: [{ definition: ['10.0.0.0/8'] }] }] }],
          stateful_rule_group_reference: [{ priority: 1, resource_arn: ref('aws_networkfirewall_rule_group', 'hosts', 'arn') }],
        }],
      },
    },
    aws_networkfirewall_firewall: { main: { name: 'main', transit_gateway_id: transit, firewall_policy_arn: ref('aws_networkfirewall_firewall_policy', 'main', 'arn'), availability_zone_mapping: [{ availability_zone_id: 'use1-az1' }] } },
  };
}

function changed(edit: (resource: Stack['resource']) => void = () => undefined) {
  const resource = hub();
  edit(resource);
  return review({ terraform: { required_providers: { aws: { source: 'hashicorp/aws' } } }, resource }).at('aws_instance.app');
}

test('lets through its names, and by its own table', () => {
  const { kind, hosts, witness } = changed();
  expect([kind, hosts.map(({ host }) => host)]).toEqual(['allowlisted', ['api.example.com']]);
  expect(witness!.map(({ address }) => address)).toEqual(expect.arrayContaining(['aws_ec2_transit_gateway_route_table.spokes', 'aws_networkfirewall_firewall.main', 'aws_ec2_transit_gateway_route_table.inspected', 'aws_ec2_transit_gateway_vpc_attachment.egress', 'aws_nat_gateway.main']));
});

test('also in a first plan, and in one of what exists', () => {
  for (const known of [false, true]) expect(review(asPlan(hub() as Resources, known)).at('aws_instance.app')).toMatchObject({ kind: 'allowlisted' });
});

test('the same where its attachment is accepted by the transit gateway\'s account', () => {
  expect(changed((resource) => {
    resource.aws_networkfirewall_firewall_transit_gateway_attachment_accepter = { main: { transit_gateway_attachment_id: ATTACHED } };
    const accepted = ref('aws_networkfirewall_firewall_transit_gateway_attachment_accepter', 'main', 'transit_gateway_attachment_id');
    resource.aws_ec2_transit_gateway_route!.spoke!.transit_gateway_attachment_id = accepted;
    resource.aws_ec2_transit_gateway_route_table_association!.firewall!.transit_gateway_attachment_id = accepted;
  })).toMatchObject({ kind: 'allowlisted', hosts: [{ host: 'api.example.com' }] });
});

const policyOf = (resource: Stack['resource']) => resource.aws_networkfirewall_firewall_policy!.main!.firewall_policy[0];

test.each([
  ['that passes everything', (resource: Stack['resource']) => void (policyOf(resource).stateless_default_actions = ['aws:pass']), 'open'],
  ['beside which a route leads', (resource: Stack['resource']) => void (resource.aws_ec2_transit_gateway_route!.spoke!.transit_gateway_attachment_id = ref('aws_ec2_transit_gateway_vpc_attachment', 'egress')), 'open'],
  ['whose table leads nowhere', (resource: Stack['resource']) => void delete resource.aws_ec2_transit_gateway_route!.inspected, 'none'],
  ['whose table leads to itself', (resource: Stack['resource']) => void (resource.aws_ec2_transit_gateway_route!.inspected!.transit_gateway_attachment_id = ATTACHED), 'none'],
  ['whose table is not in the plan', (resource: Stack['resource']) => void delete resource.aws_ec2_transit_gateway_route_table_association!.firewall, 'unknown'],
])('one %s', (_, edit, kind) => expect(changed(edit)).toMatchObject({ kind }));

test('a route beside it is told, and none that leads to it or on from it', () => {
  const told = (edit: (resource: Stack['resource']) => void) => {
    const resource = hub();
    edit(resource);
    return review({ terraform: { required_providers: { aws: { source: 'hashicorp/aws' } } }, resource }).findings.filter(({ rule }) => rule === 'transit-route-skips-inspection').map(({ message }) => message);
  };
  expect(told(() => undefined)).toEqual([]);
  expect(told((resource) => void (resource.aws_ec2_transit_gateway_route!.spoke!.transit_gateway_attachment_id = ref('aws_ec2_transit_gateway_vpc_attachment', 'egress'))))
    .toEqual(['aws_ec2_transit_gateway_route.spoke leads 0.0.0.0/0 to aws_vpc.egress, which has no firewall']);
  // The network with the way out follows the firewall's table, too.
  expect(told((resource) => void (resource.aws_ec2_transit_gateway_route_table_association!.egress = { transit_gateway_attachment_id: ref('aws_ec2_transit_gateway_vpc_attachment', 'egress'), transit_gateway_route_table_id: ref('aws_ec2_transit_gateway_route_table', 'inspected') }))).toEqual([]);
});

test('it has no network whose addresses HOME_NET could be: drops from there stop nothing', () => {
  const dropping = (variables: boolean) => changed((resource) => {
    resource.aws_networkfirewall_rule_group!.hosts!.rule_group[0].rules_source[0].rules_string = 'drop tcp $HOME_NET any -> any any (sid:2;)';
    delete policyOf(resource).stateful_default_actions;
    if (!variables) delete policyOf(resource).policy_variables;
  }).kind;
  expect([dropping(true), dropping(false)]).toEqual(['none', 'open']);
});

describe('routes past it', () => {
  const table = (name: string) => ref('aws_ec2_transit_gateway_route_table', name);
  const heardBy = (name: string) => changed((resource) => {
    resource.aws_vpn_connection = { office: { customer_gateway_id: 'cgw-1', type: 'ipsec.1', transit_gateway_id: ref('aws_ec2_transit_gateway', 'main') } };
    resource.aws_ec2_transit_gateway_route_table_propagation = { office: { transit_gateway_attachment_id: ref('aws_vpn_connection', 'office', 'transit_gateway_attachment_id'), transit_gateway_route_table_id: table(name) } };
  });

  test('may be announced to the table of the spokes, longer than the route to it; behind it they open nothing', () => {
    expect(heardBy('spokes')).toMatchObject({ kind: 'unknown', reasons: [expect.stringContaining('which routes aws_vpn_connection.office adds')] });
    expect(heardBy('inspected')).toMatchObject({ kind: 'allowlisted' });
  });

  test.each([['leads out', 'egress', 'unknown'], ['leads back', 'spoke', 'allowlisted'], ['leads nowhere that is known', 'other', 'unknown']])('may be to a list that another plan makes, where that %s', (_, to, kind) => {
    expect(changed((resource) => {
      resource.aws_ec2_transit_gateway_prefix_list_reference = { more: { prefix_list_id: 'pl-1', transit_gateway_route_table_id: table('spokes'), transit_gateway_attachment_id: to === 'other' ? 'tgw-attach-0123456789abcdef0' : ref('aws_ec2_transit_gateway_vpc_attachment', to) } };
    })).toMatchObject({ kind });
  });

  test('are none where such a list is dropped', () => {
    expect(changed((resource) => {
      resource.aws_ec2_transit_gateway_prefix_list_reference = { more: { prefix_list_id: 'pl-1', transit_gateway_route_table_id: table('spokes'), blackhole: true } };
    })).toMatchObject({ kind: 'allowlisted' });
  });

  test('that lead from it to somewhere that no plan tells call nobody but its hosts; with other rules they may call anybody', () => {
    const beyond = (rules: string) => changed((resource) => {
      resource.aws_ec2_transit_gateway_route!.inspected!.transit_gateway_attachment_id = 'tgw-attach-0123456789abcdef0';
      resource.aws_networkfirewall_rule_group!.hosts!.rule_group[0].rules_source[0].rules_string = rules;
    });
    expect(beyond(PASS)).toMatchObject({ kind: 'allowlisted', hosts: [{ host: 'api.example.com' }] });
    expect(beyond('pass ip any any -> any any (sid:1;)')).toMatchObject({ kind: 'unknown' });
  });
});
