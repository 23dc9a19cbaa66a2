/** Two transit gateways of one plan that are peered. */
import { asPlan, type Resources } from '../as-plan';
import { ref, type Stack } from '../sound-stack';
import { review } from './reviewed';

const PEERED = ref('aws_ec2_transit_gateway_peering_attachment', 'both');

/** A workload at the near one, and the way out at the far one. */
function peered(): Stack['resource'] {
  const table = (network: string, route: object) => ({ vpc_id: ref('aws_vpc', network), route: [{ cidr_block: '0.0.0.0/0', ...route }] });
  const byDefault = (side: string) => ref('aws_ec2_transit_gateway', side, 'association_default_route_table_id');
  return {
    aws_vpc: { near: { cidr_block: '10.1.0.0/16' }, far: { cidr_block: '10.2.0.0/16' } },
    aws_subnet: {
      near: { vpc_id: ref('aws_vpc', 'near'), cidr_block: '10.1.0.0/24' },
      far: { vpc_id: ref('aws_vpc', 'far'), cidr_block: '10.2.0.0/24' },
      nat: { vpc_id: ref('aws_vpc', 'far'), cidr_block: '10.2.1.0/24' },
    },
    aws_internet_gateway: { main: { vpc_id: ref('aws_vpc', 'far') } },
    aws_nat_gateway: { main: { subnet_id: ref('aws_subnet', 'nat'), allocation_id: 'eipalloc-1' } },
    aws_route_table: {
      near: table('near', { transit_gateway_id: ref('aws_ec2_transit_gateway', 'near') }),
      far: table('far', { nat_gateway_id: ref('aws_nat_gateway', 'main') }),
      nat: table('far', { gateway_id: ref('aws_internet_gateway', 'main') }),
    },
    aws_route_table_association: Object.fromEntries(['near', 'far', 'nat'].map((name) => [name, { subnet_id: ref('aws_subnet', name), route_table_id: ref('aws_route_table', name) }])),
    aws_security_group: { app: { vpc_id: ref('aws_vpc', 'near'), ingress: [], egress: [{ protocol: 'tcp', from_port: 443, to_port: 443, cidr_blocks: ['0.0.0.0/0'] }] } },
    aws_instance: { app: { subnet_id: ref('aws_subnet', 'near'), vpc_security_group_ids: [ref('aws_security_group', 'app')] } },
    aws_ec2_transit_gateway: { near: { description: 'near' }, far: { description: 'far' } },
    aws_ec2_transit_gateway_vpc_attachment: Object.fromEntries(['near', 'far'].map((side) => [side, { transit_gateway_id: ref('aws_ec2_transit_gateway', side), vpc_id: ref('aws_vpc', side), subnet_ids: [ref('aws_subnet', side)] }])),
    aws_ec2_transit_gateway_peering_attachment: { both: { transit_gateway_id: ref('aws_ec2_transit_gateway', 'near'), peer_transit_gateway_id: ref('aws_ec2_transit_gateway', 'far'), peer_region: 'eu-west-1' } },
    aws_ec2_transit_gateway_peering_attachment_accepter: { both: { transit_gateway_attachment_id: PEERED } },
    aws_ec2_transit_gateway_route: {
      near: { destination_cidr_block: '0.0.0.0/0', transit_gateway_attachment_id: PEERED, transit_gateway_route_table_id: byDefault('near') },
      far: { destination_cidr_block: '0.0.0.0/0', transit_gateway_attachment_id: ref('aws_ec2_transit_gateway_vpc_attachment', 'far'), transit_gateway_route_table_id: byDefault('far') },
    },
  };
}

function changed(edit: (resource: Stack['resource']) => void = () => undefined) {
  const resource = peered();
  edit(resource);
  return review({ terraform: { required_providers: { aws: { source: 'hashicorp/aws' } } }, resource }).at('aws_instance.app');
}

test('what goes to the other one leaves by the table that it has for the peering', () => {
  const { kind, witness } = changed();
  expect(kind).toBe('open');
  expect(witness!.map(({ address }) => address)).toEqual(expect.arrayContaining(['aws_ec2_transit_gateway.near', 'aws_ec2_transit_gateway_peering_attachment.both', 'aws_ec2_transit_gateway.far', 'aws_nat_gateway.main']));
});

test('also in a first plan, and in one of what exists', () => {
  for (const known of [false, true]) expect(review(asPlan(peered() as Resources, known)).at('aws_instance.app')).toMatchObject({ kind: 'open' });
});

const ownTable = (side: string, by: string) => (resource: Stack['resource']): void => {
  resource.aws_ec2_transit_gateway_route_table = { own: { transit_gateway_id: ref('aws_ec2_transit_gateway', side) } };
  resource.aws_ec2_transit_gateway_route_table_association = { own: { transit_gateway_attachment_id: by, transit_gateway_route_table_id: ref('aws_ec2_transit_gateway_route_table', 'own') } };
};

test.each([
  ['by an empty table of the other side', ownTable('far', ref('aws_ec2_transit_gateway_peering_attachment_accepter', 'both')), 'none'],
  ['by a table of this side, which is for what comes back', ownTable('near', PEERED), 'open'],
  ['to one that is not in the plan', (resource: Stack['resource']) => void (resource.aws_ec2_transit_gateway_peering_attachment!.both!.peer_transit_gateway_id = 'tgw-0123456789abcdef0'), 'unknown'],
  ['by a route to what accepts the peering', (resource: Stack['resource']) => void (resource.aws_ec2_transit_gateway_route!.near!.transit_gateway_attachment_id = ref('aws_ec2_transit_gateway_peering_attachment_accepter', 'both')), 'open'],
  ['and back again', (resource: Stack['resource']) => void (resource.aws_ec2_transit_gateway_route!.far!.transit_gateway_attachment_id = PEERED), 'none'],
])('%s', (_, edit, kind) => expect(changed(edit)).toMatchObject({ kind }));

test('what comes by the peering and follows a policy table is not known', () => {
  const without = (resource: Stack['resource']) => void delete resource.aws_ec2_transit_gateway_route!.far;
  expect(changed(without).kind).toBe('none');
  expect(changed((resource) => {
    without(resource);
    resource.aws_ec2_transit_gateway_policy_table = { far: { transit_gateway_id: ref('aws_ec2_transit_gateway', 'far') } };
    resource.aws_ec2_transit_gateway_policy_table_association = { far: { transit_gateway_attachment_id: PEERED, transit_gateway_policy_table_id: ref('aws_ec2_transit_gateway_policy_table', 'far') } };
  }).kind).toBe('unknown');
});

test('a route of which nobody knows for what may be for everything', () => {
  const near = (destination_cidr_block: string) => changed((resource) => void (resource.aws_ec2_transit_gateway_route!.near!.destination_cidr_block = destination_cidr_block)).kind;
  expect(near('10.2.0.0/16')).toBe('none');
  expect(near('${var.where}')).not.toBe('none');
});

test('what comes to a network by subnets that nobody knows may go anywhere', () => {
  expect(changed((resource) => void (resource.aws_ec2_transit_gateway_vpc_attachment!.far!.subnet_ids = '${var.subnets}')).kind).toBe('unknown');
});

test('a table that may be of one attachment or another takes the default one from neither', () => {
  expect(changed((resource) => {
    resource.aws_ec2_transit_gateway_route_table = { own: { transit_gateway_id: ref('aws_ec2_transit_gateway', 'near') } };
    resource.aws_ec2_transit_gateway_vpc_attachment!.more = { ...resource.aws_ec2_transit_gateway_vpc_attachment!.near! };
    resource.aws_ec2_transit_gateway_route_table_association = { own: {
      transit_gateway_attachment_id: '${var.first ? aws_ec2_transit_gateway_vpc_attachment.near.id : aws_ec2_transit_gateway_vpc_attachment.more.id}', transit_gateway_route_table_id: ref('aws_ec2_transit_gateway_route_table', 'own'),
    } };
  }).kind).toBe('open');
});
