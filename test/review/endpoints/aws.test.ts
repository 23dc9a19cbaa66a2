/** Private endpoints of AWS: an edge for who gets there, and none for who is stopped, by whatever stops them. */
import { entry, line, ref, soundStack, WORLD, type Stack } from '../sound-stack';
import { reached } from './reached';

const APP = '10.0.1.0/24';
const OTHER = '10.1.3.0/24';
const vpc_id = ref('aws_vpc', 'main');
type Change = (stack: Stack) => void;

/** The sound stack with an interface endpoint in a subnet and an ACL of its own, and a gateway endpoint. */
function withEndpoints(change: Change = () => undefined): Stack {
  const stack = soundStack();
  const { resource } = stack;
  resource.aws_subnet!.endpoints = { vpc_id, cidr_block: '10.0.3.0/24', availability_zone: 'us-east-1a' };
  resource.aws_network_acl!.endpoints = { vpc_id, subnet_ids: [ref('aws_subnet', 'endpoints')], ingress: [entry({ cidr_block: '10.0.0.0/16' })], egress: [entry({ from_port: 1024, to_port: 65535, cidr_block: '10.0.0.0/16' })] };
  resource.aws_network_acl!.vault = { vpc_id, subnet_ids: [ref('aws_subnet', 'vault')], ingress: [], egress: [entry({ cidr_block: '10.0.0.0/16' })] };
  resource.aws_vpc_endpoint = {
    sts: { vpc_id, service_name: 'com.amazonaws.us-east-1.sts', vpc_endpoint_type: 'Interface', private_dns_enabled: true, subnet_ids: [ref('aws_subnet', 'endpoints')], security_group_ids: [ref('aws_security_group', 'endpoints')] },
    s3: { vpc_id, service_name: 'com.amazonaws.us-east-1.s3', vpc_endpoint_type: 'Gateway', route_table_ids: [ref('aws_route_table', 'app')] },
  };
  change(stack);
  return stack;
}

const group = ({ resource }: Stack, name: string) => resource.aws_security_group![name]!;
const acl = ({ resource }: Stack, name: string) => resource.aws_network_acl![name]!;
const endpoint = ({ resource }: Stack, name: string) => resource.aws_vpc_endpoint![name]!;

/** The endpoint stands in a second network, which a route of the app's table leads to over something. */
const elsewhere = (route: Record<string, unknown>, more: Stack['resource']): Change => (stack) => {
  const { resource } = stack;
  resource.aws_vpc!.other = { cidr_block: '10.1.0.0/16' };
  resource.aws_subnet!.other = { vpc_id: ref('aws_vpc', 'other'), cidr_block: OTHER, availability_zone: 'us-east-1a' };
  resource.aws_security_group!.other = { vpc_id: ref('aws_vpc', 'other'), ingress: [line({ cidr_blocks: [APP] })], egress: [] };
  Object.assign(endpoint(stack, 'sts'), { vpc_id: ref('aws_vpc', 'other'), subnet_ids: [ref('aws_subnet', 'other')], security_group_ids: [ref('aws_security_group', 'other')] });
  resource.aws_route_table!.app!.route.push({ cidr_block: '10.1.0.0/16', ...route });
  Object.assign(resource, more);
};
const TRANSIT = {
  aws_ec2_transit_gateway: { hub: {} },
  aws_ec2_transit_gateway_vpc_attachment: Object.fromEntries(['main', 'other'].map((network) => [network, { transit_gateway_id: ref('aws_ec2_transit_gateway', 'hub'), vpc_id: ref('aws_vpc', network), subnet_ids: [ref('aws_subnet', network === 'main' ? 'app' : 'other')] }])),
};
const CORE = {
  aws_networkmanager_core_network: { hub: { global_network_id: 'global-network-1' } },
  aws_networkmanager_vpc_attachment: Object.fromEntries(['main', 'other'].map((network) => [network, { core_network_id: ref('aws_networkmanager_core_network', 'hub'), vpc_arn: ref('aws_vpc', network, 'arn'), subnet_arns: [ref('aws_subnet', network === 'main' ? 'app' : 'other', 'arn')] }])),
};

test('who is let in is joined, who is not is not', () => {
  expect(reached(withEndpoints())).toEqual({ app: ['s3 gateway', 'sts'], vault: [] });
});

test.each<[string, Change]>([
  ['its group lets nothing out to them', (stack) => { group(stack, 'app').egress = [line({ cidr_blocks: ['203.0.114.0/24'] })]; }],
  ['its group lets another port out', (stack) => { group(stack, 'app').egress = [line({ from_port: 80, to_port: 80, cidr_blocks: [WORLD] })]; }],
  ['their group lets it in no more', (stack) => { group(stack, 'endpoints').ingress = []; }],
  ['their group lets others in', (stack) => { group(stack, 'endpoints').ingress = [line({ cidr_blocks: ['10.0.2.0/24'] }), line({ security_groups: [ref('aws_security_group', 'vault')] })]; }],
  ['they have the default group, which is empty', (stack) => { delete endpoint(stack, 'sts').security_group_ids; }],
  ['its ACL refuses their subnet before it allows the rest', (stack) => { acl(stack, 'app').egress.push(entry({ action: 'deny', rule_no: 50, cidr_block: '10.0.3.0/24' })); }],
  ['their ACL lets nobody in', (stack) => { acl(stack, 'endpoints').ingress = []; }],
  ['they are in another network', elsewhere({ nat_gateway_id: ref('aws_nat_gateway', 'main') }, {})],
])('no edge when %s', (_, change) => {
  expect(reached(withEndpoints(change)).app).not.toContain('sts');
});

test.each<[string, Change]>([
  ['groups are known by their addresses', (stack) => { group(stack, 'endpoints').ingress = [line({ cidr_blocks: [APP] })]; }],
  ['nobody knows who is let in', (stack) => { group(stack, 'endpoints').ingress = [line({ cidr_blocks: ['${var.callers}'] })]; }],
  ['nobody knows the endpoint\'s groups', (stack) => { endpoint(stack, 'sts').security_group_ids = '${var.groups}'; }],
  ['the entry of an ACL that refuses is not known', (stack) => { acl(stack, 'app').egress.push(entry({ action: 'deny', rule_no: 50, cidr_block: '${var.cidr}' })); }],
  ['it stands in the endpoint\'s own subnet, where no ACL is passed', (stack) => { endpoint(stack, 'sts').subnet_ids = [ref('aws_subnet', 'app')]; acl(stack, 'app').ingress = []; }],
  ['a peering leads to their network', elsewhere({ vpc_peering_connection_id: ref('aws_vpc_peering_connection', 'main') }, { aws_vpc_peering_connection: { main: { vpc_id, peer_vpc_id: ref('aws_vpc', 'other') } } })],
  ['a transit gateway leads to their network', elsewhere({ transit_gateway_id: ref('aws_ec2_transit_gateway', 'hub') }, TRANSIT)],
  ['a core network leads to their network', elsewhere({ core_network_arn: ref('aws_networkmanager_core_network', 'hub', 'arn') }, CORE)],
])('an edge when %s', (_, change) => {
  expect(reached(withEndpoints(change)).app).toContain('sts');
});

test.each<[string, boolean, Change]>([
  ['no table leads to it', false, (stack) => { endpoint(stack, 's3').route_table_ids = [ref('aws_route_table', 'vault')]; }],
  ['an association adds the table', true, ({ resource }) => {
    resource.aws_vpc_endpoint!.s3!.route_table_ids = [];
    resource.aws_vpc_endpoint_route_table_association = { app: { route_table_id: ref('aws_route_table', 'app'), vpc_endpoint_id: ref('aws_vpc_endpoint', 's3') } };
  }],
  ['the group names its prefix list', true, (stack) => { group(stack, 'app').egress = [line({ prefix_list_ids: [ref('aws_vpc_endpoint', 's3', 'prefix_list_id')] })]; }],
  ['the group lets out to the endpoints alone', false, (stack) => { group(stack, 'app').egress = [line({ security_groups: [ref('aws_security_group', 'endpoints')] })]; }],
  ['the ACL lets out to the network alone', false, (stack) => { acl(stack, 'app').egress = [entry({ cidr_block: '10.0.0.0/16' })]; }],
])('gateway endpoint: %s', (_, is, change) => {
  expect(reached(withEndpoints(change)).app!.includes('s3 gateway')).toBe(is);
});

test('a load balancer of appliances is no service', () => {
  expect(reached(withEndpoints((stack) => { endpoint(stack, 'sts').vpc_endpoint_type = 'GatewayLoadBalancer'; })).app).toEqual(['s3 gateway']);
});
