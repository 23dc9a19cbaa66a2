/** Routes that virtual private gateways, VPNs and other attachments announce. */
import { asPlan, type Resources } from '../as-plan';
import { ref, type Stack } from '../sound-stack';
import { review } from './reviewed';

const STATIC = { customer_gateway_id: 'cgw-1', type: 'ipsec.1', static_routes_only: true };
const gateway = ref('aws_vpn_gateway', 'office');

function network(more: Stack['resource']): Stack['resource'] {
  return {
    aws_vpc: { main: { cidr_block: '10.0.0.0/16' } },
    aws_subnet: { app: { vpc_id: ref('aws_vpc', 'main'), cidr_block: '10.0.1.0/24' } },
    aws_route_table: { app: { vpc_id: ref('aws_vpc', 'main') } },
    aws_route_table_association: { app: { subnet_id: ref('aws_subnet', 'app'), route_table_id: ref('aws_route_table', 'app') } },
    aws_security_group: { app: { vpc_id: ref('aws_vpc', 'main'), ingress: [], egress: [{ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: ['0.0.0.0/0'] }] } },
    aws_instance: { app: { subnet_id: ref('aws_subnet', 'app'), vpc_security_group_ids: [ref('aws_security_group', 'app')] } },
    aws_vpn_gateway: { office: { vpc_id: ref('aws_vpc', 'main') } },
    ...more,
  };
}

const verdict = (resource: Stack['resource']) => review({ terraform: { required_providers: { aws: { source: 'hashicorp/aws' } } }, resource }).at('aws_instance.app').kind;

describe.each([
  ['in the table', (resource: Stack['resource']) => void (resource.aws_route_table!.app!.propagating_vgws = [gateway])],
  ['by a resource', (resource: Stack['resource']) => void (resource.aws_vpn_gateway_route_propagation = { app: { vpn_gateway_id: gateway, route_table_id: ref('aws_route_table', 'app') } })],
])('routes that a virtual gateway announces, %s', (_, propagate) => {
  const announced = (more: Stack['resource']): Stack['resource'] => {
    const resource = network(more);
    propagate(resource);
    return resource;
  };
  const connection = (own: object) => ({ aws_vpn_connection: { office: { ...STATIC, vpn_gateway_id: gateway, ...own } } });
  const to = (cidr: string) => ({ aws_vpn_connection_route: { office: { vpn_connection_id: ref('aws_vpn_connection', 'office'), destination_cidr_block: cidr } } });

  test.each([
    ['of a connection with static routes, to the office', { ...connection({}), ...to('192.168.0.0/16') }, 'none'],
    ['of one to everywhere', { ...connection({}), ...to('0.0.0.0/0') }, 'unknown'],
    ['of one to somewhere', { ...connection({}), ...to('${var.office}') }, 'unknown'],
    ['of one that learns routes', { ...connection({ static_routes_only: false }), ...to('192.168.0.0/16') }, 'unknown'],
    ['of one of two that learns routes', { aws_vpn_connection: { office: { ...STATIC, vpn_gateway_id: gateway }, other: { ...STATIC, vpn_gateway_id: gateway, static_routes_only: false } }, ...to('192.168.0.0/16') }, 'unknown'],
    ['of Direct Connect beside it', { ...connection({}), ...to('192.168.0.0/16'), aws_dx_private_virtual_interface: { office: { vpn_gateway_id: gateway } } }, 'unknown'],
    ['of another account\'s Direct Connect beside it', { ...connection({}), ...to('192.168.0.0/16'), aws_dx_gateway_association_proposal: { office: { associated_gateway_id: gateway, dx_gateway_id: 'dxgw-1', dx_gateway_owner_account_id: '111122223333' } } }, 'unknown'],
    ['of a connection that is not in the plan', {}, 'unknown'],
  ])('%s', (__, more, kind) => expect(verdict(announced(more))).toBe(kind));

  test.each([
    ['shorter than it', '0.0.0.0/0', '8.0.0.0/8', 'unknown'], ['to the same', '8.0.0.0/8', '8.0.0.0/8', 'none'], ['longer than it', '8.8.8.0/24', '8.0.0.0/8', 'unknown'], ['of which it is a part', '0.0.0.0/0', '192.168.0.0/16', 'none'],
  ])('static routes of the table that are %s', (__, own, heard, kind) => {
    const resource = announced({ ...connection({}), ...to(heard) });
    resource.aws_route_table!.app!.route = [{ cidr_block: own, vpc_peering_connection_id: 'pcx-1' }];
    expect(verdict(resource)).toBe(kind);
  });

  test('also in a first plan, and in one of what exists', () => {
    const resource = announced({ ...connection({}), ...to('192.168.0.0/16') }) as Resources;
    expect([false, true].map((known) => review(asPlan(resource, known)).at('aws_instance.app').kind)).toEqual(['none', 'none']);
  });
});

test.each([['static routes', true, 'none'], ['routes that it learns', false, 'unknown']])('a transit gateway hears from a VPN with %s', (_, isStatic, kind) => {
  const transit = ref('aws_ec2_transit_gateway', 'main');
  expect(verdict(network({
    aws_route_table: { app: { vpc_id: ref('aws_vpc', 'main'), route: [{ cidr_block: '0.0.0.0/0', transit_gateway_id: transit }] } },
    aws_ec2_transit_gateway: { main: {} },
    aws_ec2_transit_gateway_vpc_attachment: { app: { transit_gateway_id: transit, vpc_id: ref('aws_vpc', 'main'), subnet_ids: [ref('aws_subnet', 'app')] } },
    aws_vpn_connection: { office: { ...STATIC, static_routes_only: isStatic, transit_gateway_id: transit } },
  }))).toBe(kind);
});

describe('a table of a transit gateway', () => {
  test('hears from Direct Connect once another account takes the proposal', () => {
    expect(verdict(network({
      aws_route_table: { app: { vpc_id: ref('aws_vpc', 'main'), route: [{ cidr_block: '0.0.0.0/0', transit_gateway_id: transit }] } },
      aws_ec2_transit_gateway: { main: {} },
      aws_ec2_transit_gateway_vpc_attachment: { app: { transit_gateway_id: transit, vpc_id: ref('aws_vpc', 'main'), subnet_ids: [ref('aws_subnet', 'app')] } },
      aws_dx_gateway_association_proposal: { office: { associated_gateway_id: transit, dx_gateway_id: 'dxgw-1', dx_gateway_owner_account_id: '111122223333' } },
    }))).toBe('unknown');
  });

  const transit = ref('aws_ec2_transit_gateway', 'main');
  const learning = (attachment: string, more: Stack['resource'] = {}): Stack['resource'] => network({
    aws_route_table: { app: { vpc_id: ref('aws_vpc', 'main'), route: [{ cidr_block: '0.0.0.0/0', transit_gateway_id: transit }] } },
    aws_ec2_transit_gateway: { main: { default_route_table_association: 'disable', default_route_table_propagation: 'disable' } },
    aws_ec2_transit_gateway_vpc_attachment: { app: { transit_gateway_id: transit, vpc_id: ref('aws_vpc', 'main'), subnet_ids: [ref('aws_subnet', 'app')] } },
    aws_ec2_transit_gateway_route_table: { own: { transit_gateway_id: transit } },
    aws_ec2_transit_gateway_route_table_association: { own: { transit_gateway_attachment_id: ref('aws_ec2_transit_gateway_vpc_attachment', 'app'), transit_gateway_route_table_id: ref('aws_ec2_transit_gateway_route_table', 'own') } },
    aws_ec2_transit_gateway_route_table_propagation: { own: { transit_gateway_attachment_id: attachment, transit_gateway_route_table_id: ref('aws_ec2_transit_gateway_route_table', 'own') } },
    ...more,
  });

  test.each([
    ['a network of the plan', ref('aws_ec2_transit_gateway_vpc_attachment', 'app'), {}, 'none'],
    ['an attachment by its id', 'tgw-attach-0123456789abcdef0', {}, 'unknown'],
    ['Direct Connect, as a data source finds it', '${data.aws_ec2_transit_gateway_dx_gateway_attachment.office.id}', {}, 'unknown'],
    ['a concentrator of VPNs', ref('aws_vpn_concentrator', 'office', 'transit_gateway_attachment_id'), { aws_vpn_concentrator: { office: { transit_gateway_id: transit, type: 'ipsec.1' } } }, 'unknown'],
    ['a segment of a core network', ref('aws_ec2_transit_gateway_vpc_attachment', 'app'), { aws_networkmanager_transit_gateway_route_table_attachment: { own: { peering_id: 'peering-1', transit_gateway_route_table_arn: ref('aws_ec2_transit_gateway_route_table', 'own', 'arn') } } }, 'unknown'],
  ])('that learns routes from %s', (_, attachment, more, kind) => expect(verdict(learning(attachment, more))).toBe(kind));
});
