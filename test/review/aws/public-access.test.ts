/** VPC Block Public Access: what it stops, and where it does not. */
import { changed } from './reviewed';
import { ref, WORLD, type Stack } from '../sound-stack';

type Resources = Stack['resource'];

const OPTIONS = 'aws_vpc_block_public_access_options';
const EXCLUSION = 'aws_vpc_block_public_access_exclusion';
const NAT = { nat_gateway_id: ref('aws_nat_gateway', 'main') };
const GATEWAY = { gateway_id: ref('aws_internet_gateway', 'main') };

/** A machine with a public address whose route leaves out the firewall. */
function app(target: object, edit: (resource: Resources) => void) {
  return changed((resource) => {
    resource.aws_route_table!.app!.route = [{ cidr_block: WORLD, ...target }];
    resource.aws_instance!.app!.associate_public_ip_address = true;
    resource.aws_network_acl!.nat!.egress = [{ action: 'allow', rule_no: 100, protocol: '-1', from_port: 0, to_port: 0, cidr_block: WORLD }];
    resource[OPTIONS] = { all: { internet_gateway_block_mode: 'block-bidirectional' } };
    edit(resource);
  }).at('aws_instance.app');
}

const exclude = (body: object) => (resource: Resources) => void (resource[EXCLUSION] = { some: { internet_gateway_exclusion_mode: 'allow-egress', ...body } });
const elsewhere = (resource: Resources) => void (resource.aws_vpc!.other = { cidr_block: '10.9.0.0/16' });

test.each([['an internet gateway', GATEWAY], ['a NAT gateway', NAT]])('nothing passes %s', (_, target) => {
  expect(app(target, () => {})).toMatchObject({ kind: 'none', blocker: { reason: `${OPTIONS}.all blocks public access` } });
});

test('nor a NAT gateway that stands in no subnet', () => {
  const regional = (edit: (resource: Resources) => void) => app({ nat_gateway_id: ref('aws_nat_gateway', 'wide') }, (resource) => {
    resource.aws_nat_gateway!.wide = { availability_mode: 'regional', vpc_id: ref('aws_vpc', 'main') };
    edit(resource);
  });
  expect(regional(() => {})).toMatchObject({ kind: 'none' });
  expect(regional((resource) => void delete resource[OPTIONS])).toMatchObject({ kind: 'open' });
});

test.each<[string, (resource: Resources) => void, object]>([
  ['that lets out', (resource) => void (resource[OPTIONS]!.all!.internet_gateway_block_mode = 'block-ingress'), NAT],
  ['that is off', (resource) => void (resource[OPTIONS]!.all!.internet_gateway_block_mode = 'off'), GATEWAY],
  ['whose mode is not known', (resource) => void (resource[OPTIONS]!.all!.internet_gateway_block_mode = '${var.mode}'), GATEWAY],
  ['of another region', (resource) => void (resource[OPTIONS]!.all!.region = 'eu-west-1'), GATEWAY],
  ['of a region that nobody tells', (resource) => void ([resource[OPTIONS]!.all, resource.aws_vpc!.main].forEach((each) => void (each!.region = '${var.region}'))), GATEWAY],
  ['of another account', (resource) => void (resource[OPTIONS]!.all!.provider = 'aws.other'), GATEWAY],
  ['but for the network', exclude({ vpc_id: ref('aws_vpc', 'main') }), GATEWAY],
  ['but for the subnet', exclude({ subnet_id: ref('aws_subnet', 'app') }), GATEWAY],
  ['but for the subnet of the NAT gateway', exclude({ subnet_id: ref('aws_subnet', 'nat') }), NAT],
  ['but for what the plan does not tell', exclude({ subnet_id: '${var.subnet}' }), GATEWAY],
])('a block %s stops nothing', (_, edit, target) => {
  expect(app(target, edit)).toMatchObject({ kind: 'open' });
});

test.each([
  ['another network', (resource: Resources) => { elsewhere(resource); exclude({ vpc_id: ref('aws_vpc', 'other') })(resource); }],
  ['a subnet of elsewhere', exclude({ subnet_id: 'subnet-0123456789abcdef0' })],
])('what is excluded of %s changes nothing', (_, edit) => {
  expect(app(GATEWAY, edit)).toMatchObject({ kind: 'none' });
});

test('nor does it speak of a network that the plan only reads, whose account may be another', () => {
  const { at } = changed((resource, stack) => {
    stack.data = { aws_vpc: { main: { id: 'vpc-0123456789abcdef0' } } };
    resource[OPTIONS] = { all: { internet_gateway_block_mode: 'block-bidirectional' } };
    resource.aws_subnet!.read = { vpc_id: '${data.aws_vpc.main.id}', cidr_block: '10.7.0.0/24', map_public_ip_on_launch: true };
    resource.aws_route_table!.read = { vpc_id: '${data.aws_vpc.main.id}', route: [{ cidr_block: WORLD, gateway_id: 'igw-0123456789abcdef0' }] };
    resource.aws_route_table_association!.read = { subnet_id: ref('aws_subnet', 'read'), route_table_id: ref('aws_route_table', 'read') };
    resource.aws_instance!.read = { subnet_id: ref('aws_subnet', 'read'), vpc_security_group_ids: [ref('aws_security_group', 'app')] };
  });
  expect(at('aws_instance.read').kind).not.toBe('none');
});
