/** Which places a plan on AWS has, and what stands in where it holds no workload; each case changes a sound network. */
import { change, configured, plan } from '../plan/plans';
import { changed, review } from './reviewed';
import { entry, ref, WORLD, type Stack } from '../sound-stack';

const vpc_id = ref('aws_vpc', 'main');
const NAT = { cidr_block: WORLD, nat_gateway_id: ref('aws_nat_gateway', 'main') };

describe('places', () => {
  test('without workloads, subnets stand in with the groups of their segment', () => {
    const { model } = changed((resource) => void delete resource.aws_instance);
    expect(model.places.map(({ id, hypothetical }) => ({ id, hypothetical }))).toEqual([
      { id: 'aws_subnet.app + aws_security_group.app', hypothetical: true },
      { id: 'aws_subnet.vault + aws_security_group.vault', hypothetical: true },
    ]);
  });

  test('a segment that is empty is a place also when another has its first workload, though no route leads out of it; without segments it is not', () => {
    const empty = (resource: Stack['resource']) => {
      resource.aws_subnet!.spare = { vpc_id, cidr_block: '10.0.9.0/24', availability_zone: 'us-east-1a', tags: { segment: 'spare', tier: 'private' } };
      resource.aws_route_table!.spare = { vpc_id, route: [] };
      resource.aws_route_table_association!.spare = { subnet_id: ref('aws_subnet', 'spare'), route_table_id: ref('aws_route_table', 'spare') };
    };
    expect(changed(empty).at('aws_subnet.spare')).toMatchObject({ kind: 'none', place: { segment: 'spare' } });
    const { model } = changed((resource) => {
      empty(resource);
      for (const body of Object.values(resource.aws_subnet!)) delete body.tags;
    });
    expect(model.places.filter(({ id }) => id.startsWith('aws_subnet.spare'))).toEqual([]);
  });

  test('without segments, a word in their names pairs them; without that, all groups of the network', () => {
    const plain = (resource: Stack['resource']) => {
      delete resource.aws_instance;
      for (const type of ['aws_subnet', 'aws_security_group']) for (const body of Object.values(resource[type]!)) delete body.tags;
    };
    expect(changed(plain).model.places.map(({ id }) => id)).toEqual(['aws_subnet.app + aws_security_group.app', 'aws_subnet.vault + aws_security_group.vault']);
    const { model } = changed((resource) => {
      plain(resource);
      resource.aws_security_group = { one: resource.aws_security_group!.app!, two: resource.aws_security_group!.vault! };
      delete resource.aws_vpc_endpoint;
    });
    expect(model.places.map(({ id }) => id)).toEqual(['aws_subnet.app + aws_security_group.one', 'aws_subnet.vault + aws_security_group.one']);
  });

  test.each(['network_interface', 'primary_network_interface'])('an interface that a machine carries is no place of its own, whatever else the provider fills in (%s)', (block) => {
    const { model } = review(plan([
      change('aws_network_interface.e', 'aws_network_interface', 'e', { after: {}, after_unknown: { id: true } }),
      change('aws_instance.i', 'aws_instance', 'i', { after: { [block]: [{}] }, after_unknown: { id: true, [block]: [{ network_interface_id: true, delete_on_termination: true }] } }),
    ], { resources: [configured('aws_network_interface', 'e', {}), configured('aws_instance', 'i', { [block]: [{ network_interface_id: { references: ['aws_network_interface.e.id', 'aws_network_interface.e'] } }] })] }));
    expect(model.places.map(({ id }) => id)).toEqual(['aws_instance.i']);
  });

  test('an unknown subnet is an unknown verdict', () => {
    expect(changed((resource) => void (resource.aws_instance!.app!.subnet_id = 'subnet-1')).at('aws_instance.app')).toMatchObject({ kind: 'unknown' });
  });

  test.each([
    ['aws_ram_resource_association', { resource_arn: ref('aws_subnet', 'lent', 'arn') }],
    ['aws_ram_resource_share_associations_exclusive', { principals: ['999999999999'], resource_arns: [ref('aws_subnet', 'lent', 'arn')] }],
  ])('a subnet that is lent to another account is a place, whatever stands elsewhere and whatever groups there are (%s)', (type, share) => {
    const { at } = changed((resource) => {
      for (const body of Object.values(resource.aws_subnet!)) delete body.tags;
      resource.aws_subnet!.lent = { vpc_id, cidr_block: '10.0.9.0/24', availability_zone: 'us-east-1a' };
      resource.aws_route_table!.lent = { vpc_id, route: [NAT] };
      resource.aws_route_table_association!.lent = { subnet_id: ref('aws_subnet', 'lent'), route_table_id: ref('aws_route_table', 'lent') };
      resource[type] = { lent: { ...share, resource_share_arn: 'arn:aws:ram:us-east-1:111122223333:resource-share/1' } };
      resource.aws_network_acl!.nat!.egress = [entry({ protocol: '-1', from_port: 0, to_port: 0 })];
      for (const type of Object.keys(resource)) if (/^aws_(networkfirewall|default_network_acl)/.test(type)) delete resource[type];
    });
    expect(at('aws_subnet.lent')).toMatchObject({ kind: 'unknown', reasons: ['the groups of what will stand in aws_subnet.lent are not in the plan'] });
  });

  test('in a network that is made elsewhere there are groups elsewhere, too', () => {
    const verdict = review({ resource: {
      aws_subnet: { added: { vpc_id: 'vpc-0123456789abcdef0', cidr_block: '10.0.9.0/24' } },
      aws_route_table: { added: { vpc_id: 'vpc-0123456789abcdef0', route: [{ cidr_block: WORLD, nat_gateway_id: 'nat-0123456789abcdef0' }] } },
      aws_route_table_association: { added: { subnet_id: ref('aws_subnet', 'added'), route_table_id: ref('aws_route_table', 'added') } },
      aws_security_group: { closed: { vpc_id: 'vpc-0123456789abcdef0', ingress: [], egress: [] } },
    } }).at('aws_subnet.added');
    expect(verdict).toMatchObject({ kind: 'unknown', reasons: ['the groups of what will stand in aws_subnet.added are not in the plan'] });
  });

  test('where the default group is emptied and no other is there, a subnet with a way out is not closed', () => {
    const { at } = changed((resource) => {
      resource.aws_route_table!.app!.route = [NAT];
      for (const type of ['aws_instance', 'aws_security_group', 'aws_vpc_endpoint', 'aws_network_acl', 'aws_default_network_acl']) delete resource[type];
    });
    expect(at('aws_subnet.app')).toMatchObject({ kind: 'unknown', reasons: ['the groups of what will stand in aws_subnet.app are not in the plan'] });
    expect(at('aws_subnet.vault')).toMatchObject({ kind: 'none' });
  });
});

test.each<[string, string, string]>([
  ['one of another plan: nobody knows where that stands', 'eni-0123456789abcdef0', 'unknown'],
  ['one of the plan: it is a place of its own', ref('aws_network_interface', 'more'), 'none'],
])('an interface that is added to a machine, %s', (_, id, expected) => {
  const { verdicts } = changed((resource) => {
    resource.aws_network_interface = { more: { subnet_id: ref('aws_subnet', 'vault'), security_groups: [ref('aws_security_group', 'vault')] } };
    resource.aws_network_interface_attachment = { more: { instance_id: ref('aws_instance', 'vault'), network_interface_id: id, device_index: 1 } };
    resource.aws_instance!.vault = { subnet_id: ref('aws_subnet', 'vault'), vpc_security_group_ids: [ref('aws_security_group', 'vault')] };
  });
  expect(verdicts.find(({ place, family }) => place.id === 'aws_instance.vault' && family === 4)!.kind).toBe(expected);
});

describe('a function in a subnet with both families', () => {
  const judged = (config: object, more: object = {}) => changed((resource) => {
    resource.aws_egress_only_internet_gateway = { main: { vpc_id } };
    resource.aws_subnet!.both = { vpc_id, cidr_block: '10.20.200.0/24', ipv6_cidr_block: '2600:1f18::/64', assign_ipv6_address_on_creation: true };
    resource.aws_route_table!.both = { vpc_id, route: [{ ipv6_cidr_block: '::/0', egress_only_gateway_id: ref('aws_egress_only_internet_gateway', 'main') }] };
    resource.aws_route_table_association!.both = { subnet_id: ref('aws_subnet', 'both'), route_table_id: ref('aws_route_table', 'both') };
    resource.aws_network_acl!.both = { vpc_id, subnet_ids: [ref('aws_subnet', 'both')], egress: [{ rule_no: 100, action: 'allow', protocol: '-1', from_port: 0, to_port: 0, ipv6_cidr_block: '::/0' }] };
    resource.aws_security_group!.both = { vpc_id, ingress: [], egress: [{ protocol: '-1', from_port: 0, to_port: 0, ipv6_cidr_blocks: ['::/0'] }] };
    resource.aws_lambda_function = { f: { function_name: 'f', vpc_config: [{ subnet_ids: [ref('aws_subnet', 'both')], security_group_ids: [ref('aws_security_group', 'both')], ...config }], ...more } };
  }).at('aws_lambda_function.f', 6).kind;

  test('sends IPv6 where it is told that it may', () => {
    expect(judged({ ipv6_allowed_for_dual_stack: true })).toBe('open');
    expect(judged({ ipv6_allowed_for_dual_stack: '${var.dual}' })).toBe('open');
    expect(judged({}, { capacity_provider_config: [{ lambda_managed_instances_capacity_provider_config: [{ capacity_provider_arn: 'arn:aws:lambda:us-east-1:111122223333:capacity-provider:p' }] }] })).toBe('open');
  });

  test('and no other', () => {
    expect(judged({})).toBe('none');
    expect(judged({ ipv6_allowed_for_dual_stack: false })).toBe('none');
  });
});
