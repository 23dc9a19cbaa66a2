/** Further endpoints of a firewall, in its own network or in another. */
import { changed } from './reviewed';
import { ref, WORLD } from '../sound-stack';

const ENDPOINT = '${one(aws_networkfirewall_vpc_endpoint_association.more.vpc_endpoint_association_status[0].association_sync_state).attachment[0].endpoint_id}';

/** What stands in `app` leaves by an endpoint of its own, behind which there is a NAT gateway. */
function byFurtherEndpoint(firewall_arn: string, edit: Parameters<typeof changed>[0] = () => undefined) {
  return changed((resource, stack) => {
    const vpc_id = ref('aws_vpc', 'main');
    Object.assign(resource['aws_subnet']!, { more: { vpc_id, cidr_block: '10.0.13.0/28', availability_zone: 'us-east-1a' } });
    Object.assign(resource['aws_route_table']!, { more: { vpc_id, route: [{ cidr_block: WORLD, nat_gateway_id: ref('aws_nat_gateway', 'main') }] } });
    Object.assign(resource['aws_route_table_association']!, { more: { subnet_id: ref('aws_subnet', 'more'), route_table_id: ref('aws_route_table', 'more') } });
    resource['aws_networkfirewall_vpc_endpoint_association'] = { more: { firewall_arn, vpc_id, subnet_mapping: [{ subnet_id: ref('aws_subnet', 'more') }] } };
    resource['aws_route_table']!['app'] = { vpc_id, route: [{ cidr_block: WORLD, vpc_endpoint_id: ENDPOINT }] };
    delete resource['aws_default_network_acl'];
    edit(resource, stack);
  });
}

const FIREWALL = ref('aws_networkfirewall_firewall', 'main', 'arn');

test('lets through what its firewall does, and holds nothing but the endpoint', () => {
  const { at, verdicts } = byFurtherEndpoint(FIREWALL);
  expect(at('aws_instance.app')).toMatchObject({ kind: 'allowlisted', witness: expect.arrayContaining([expect.objectContaining({ kind: 'firewall' }), expect.objectContaining({ address: 'aws_subnet.more' })]) });
  expect(verdicts.map(({ place }) => place.id).filter((id) => id.includes('more'))).toEqual([]);
});

test('is as open as its firewall', () => {
  const { at } = byFurtherEndpoint(FIREWALL, (resource) => {
    resource['aws_networkfirewall_firewall_policy']!['main']!['firewall_policy'] = [{ stateless_default_actions: ['aws:pass'], stateless_fragment_default_actions: ['aws:pass'] }];
  });
  expect(at('aws_instance.app')).toMatchObject({ kind: 'open' });
});

test('of a firewall of another plan lets through nobody knows what', () => {
  expect(byFurtherEndpoint('arn:aws:network-firewall:us-east-1:111122223333:firewall/hub').at('aws_instance.app')).toMatchObject({ kind: 'unknown' });
});
