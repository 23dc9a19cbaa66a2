/**
 * What checkov's CKV_AWS_382 passes, and what trivy, which compares "the world" as a text, does not
 * see. The same in HCL, by the real Terraform: test/fixtures/hcl/aws-missed-by-others.
 */
import { review } from './reviewed';
import { line, ref, WORLD } from '../sound-stack';

type Body = Record<string, any>;

const vpc_id = ref('aws_vpc', 'main');
const group = (egress: readonly Body[], more: Body = {}) => ({ vpc_id, ingress: [], egress, ...more });
const everything = (over: Body = {}) => line({ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: [WORLD], ...over });

/** An instance with a public address, one group, and a route to an internet gateway. */
const stack = (own: Body, more: Body = {}) => ({
  resource: {
    aws_vpc: { main: { cidr_block: '10.0.0.0/16' } },
    aws_internet_gateway: { main: { vpc_id } },
    aws_subnet: { main: { vpc_id, cidr_block: '10.0.1.0/24', availability_zone: 'us-east-1a' } },
    aws_route_table: { main: { vpc_id, route: [{ cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'main') }] } },
    aws_route_table_association: { main: { subnet_id: ref('aws_subnet', 'main'), route_table_id: ref('aws_route_table', 'main') } },
    aws_security_group: { main: own },
    aws_instance: { main: { subnet_id: ref('aws_subnet', 'main'), vpc_security_group_ids: [ref('aws_security_group', 'main')], associate_public_ip_address: true } },
    ...more,
  },
});

const list = (...cidrs: readonly string[]) => ({ aws_ec2_managed_prefix_list: { main: { address_family: 'IPv4', entry: cidrs.map((cidr) => ({ cidr })) } } });
const standalone = (over: Body) => ({ aws_vpc_security_group_egress_rule: { main: { security_group_id: ref('aws_security_group', 'main'), cidr_ipv4: WORLD, ...over } } });
const named = { prefix_list_ids: [ref('aws_ec2_managed_prefix_list', 'main')] };

test.each<[string, object, string?]>([
  ['tcp/443 to the world', stack(group([line({ cidr_blocks: [WORLD] })]))],
  ['tcp/1-65535 to the world', stack(group([line({ from_port: 1, to_port: 65535, cidr_blocks: [WORLD] })]))],
  ['protocol -1 in an aws_vpc_security_group_egress_rule', stack(group([]), standalone({ ip_protocol: '-1' })), 'aws_vpc_security_group_egress_rule.main'],
  ['an aws_security_group_rule', stack(group([]), { aws_security_group_rule: { main: { type: 'egress', security_group_id: ref('aws_security_group', 'main'), protocol: 'all', from_port: 0, to_port: 0, cidr_blocks: [WORLD] } } }), 'aws_security_group_rule.main'],
  ['a self rule first, then -1', stack(group([line({ self: true, protocol: '-1', from_port: 0, to_port: 0 }), everything()]))],
  ['-1 plus a prefix list', stack(group([everything(named)]), list('198.51.100.0/24'))],
  ['0.0.0.0/1 and 128.0.0.0/1', stack(group([everything({ cidr_blocks: ['0.0.0.0/1', '128.0.0.0/1'] })]))],
  ['the two halves in two rules', stack(group([everything({ cidr_blocks: ['0.0.0.0/1'] }), everything({ cidr_blocks: ['128.0.0.0/1'] })]))],
  ['the world in four quarters', stack(group([everything({ cidr_blocks: ['0.0.0.0/2', '64.0.0.0/2', '128.0.0.0/2', '192.0.0.0/2'] })]))],
  ['a prefix list that is the world', stack(group([line(named)]), list('0.0.0.0/1', '128.0.0.0/1'))],
  ['protocol by number', stack(group([line({ protocol: '6', from_port: 0, to_port: 65535, cidr_blocks: [WORLD] })]))],
  ['UDP only', stack(group([line({ protocol: 'udp', from_port: 53, to_port: 53, cidr_blocks: [WORLD] })]))],
  ['ICMP only', stack(group([line({ protocol: 'icmp', from_port: -1, to_port: -1, cidr_blocks: [WORLD] })]))],
])('%s', (_, source, address = 'aws_security_group.main') => {
  const { findings, at } = review(source);
  expect(at('aws_instance.main').kind).toBe('open');
  expect(findings.filter(({ rule }) => rule === 'wide-group-egress').map((finding) => finding.address)).toContain(address);
  const open = findings.find(({ rule }) => rule === 'open-egress');
  expect(open?.witness?.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['workload', 'group', 'subnet', 'route', 'gateway']));
});

test('the group that AWS makes and nobody wrote', () => {
  const { aws_instance: _, ...rest } = stack(group([])).resource;
  const { at, findings } = review({ resource: { ...rest, aws_instance: { main: { subnet_id: ref('aws_subnet', 'main'), associate_public_ip_address: true } } } });
  expect(at('aws_instance.main').kind).toBe('open');
  expect(findings.find(({ rule }) => rule === 'open-egress')?.witness).toContainEqual(expect.objectContaining({ kind: 'provider-default', label: 'default security group: everything may leave' }));
});

test('brokers of MSK with public addresses', () => {
  const brokers = (type: string) => ({ client_subnets: [ref('aws_subnet', 'main')], security_groups: [ref('aws_security_group', 'main')], connectivity_info: [{ public_access: [{ type }] }] });
  const kind = (type: string) => review(stack(group([everything()]), { aws_msk_cluster: { main: { broker_node_group_info: [brokers(type)] } } })).at('aws_msk_cluster.main').kind;
  expect([kind('SERVICE_PROVIDED_EIPS'), kind('DISABLED')]).toEqual(['open', 'none']);
});

test.each<[string, object]>([
  ['to the network itself', stack(group([everything({ cidr_blocks: ['10.0.0.0/16'] })]))],
  ['to the group itself', stack(group([line({ self: true, protocol: '-1', from_port: 0, to_port: 0 })]))],
  ['nothing at all', stack(group([]))],
])('not open: %s', (_, source) => {
  const { findings, at } = review(source);
  expect(at('aws_instance.main').kind).toBe('none');
  expect(findings.filter(({ rule }) => rule === 'wide-group-egress' || rule === 'open-egress')).toEqual([]);
});
