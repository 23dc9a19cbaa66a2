/** Machines of several interfaces as the next hop: NAT instances, proxies, firewalls of other vendors. */
import { review } from './reviewed';
import { ref, WORLD } from '../sound-stack';

const vpc_id = ref('aws_vpc', 'v');
const ANY = { protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: [WORLD] };
const subnet = (third: number): object => ({ vpc_id, cidr_block: `10.0.${third}.0/24`, availability_zone: 'us-east-1a' });
const port = (name: string): object => ({ subnet_id: ref('aws_subnet', name), security_groups: [ref('aws_security_group', 'g')], source_dest_check: false });
const table = (name: string): object => ({ subnet_id: ref('aws_subnet', name), route_table_id: ref('aws_route_table', name) });
const instance = (name: string): object => ({ subnet_id: ref('aws_subnet', name), vpc_security_group_ids: [ref('aws_security_group', 'g')] });

/** Whatever stands in `app` leaves by a machine whose inner interface stands in `inner`, and whose outer one in `outer`. */
function throughMachine(to: string, machine: Record<string, Record<string, object>>) {
  return review({
    resource: {
      aws_vpc: { v: { cidr_block: '10.0.0.0/16' } },
      aws_subnet: { app: subnet(1), inner: subnet(2), outer: subnet(3) },
      aws_internet_gateway: { i: { vpc_id } },
      aws_security_group: { g: { vpc_id, egress: [ANY] } },
      aws_route_table: {
        app: { vpc_id, route: [{ cidr_block: WORLD, network_interface_id: to }] },
        inner: { vpc_id, route: [] },
        outer: { vpc_id, route: [{ cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'i') }] },
      },
      aws_route_table_association: { app: table('app'), inner: table('inner'), outer: table('outer') },
      aws_network_interface: { inner: port('inner'), outer: port('outer') },
      aws_eip: { outer: { network_interface: ref('aws_network_interface', 'outer') } },
      ...machine,
      aws_instance: { app: instance('app'), ...machine['aws_instance'] },
    },
  });
}

const block = (name: string): object => ({ device_index: 0, network_interface_id: ref('aws_network_interface', name) });
const firewall = { aws_instance: { fw: { network_interface: [block('inner'), block('outer')] } } };

test.each([
  ['the interface that takes packets in', ref('aws_network_interface', 'inner'), firewall],
  ['the machine, by the id of its first interface', ref('aws_instance', 'fw', 'primary_network_interface_id'), firewall],
  ['the interface that a group of machines takes by its template', ref('aws_network_interface', 'inner'), {
    aws_launch_template: { fw: { network_interfaces: [block('inner'), block('outer')] } },
    aws_autoscaling_group: { fw: { availability_zones: ['us-east-1a'], launch_template: { id: ref('aws_launch_template', 'fw'), version: '$Latest' } } },
  }],
  ['the interface that a group of machines attaches when it starts', ref('aws_network_interface', 'inner'), {
    aws_launch_template: { fw: { network_interfaces: [{ subnet_id: ref('aws_subnet', 'outer'), security_groups: [ref('aws_security_group', 'g')], associate_public_ip_address: true }], user_data: '${base64encode("eni_id=${aws_network_interface.inner.id}")}' } },
    aws_autoscaling_group: { fw: { vpc_zone_identifier: [ref('aws_subnet', 'outer')], launch_template: { id: ref('aws_launch_template', 'fw'), version: '$Latest' } } },
  }],
  ['the machine, to which the other interface says itself that it is attached', ref('aws_instance', 'fw', 'primary_network_interface_id'), {
    aws_instance: { fw: { ...instance('inner'), source_dest_check: false } },
    aws_network_interface: { outer: { ...port('outer'), attachment: [{ instance: ref('aws_instance', 'fw'), device_index: 1 }] } },
  }],
  ['a machine on the spot market, to which the other interface is attached', ref('aws_network_interface', 'inner'), {
    aws_spot_instance_request: { fw: { network_interface: [block('inner')] } },
    aws_network_interface_attachment: { outer: { instance_id: ref('aws_spot_instance_request', 'fw', 'spot_instance_id'), network_interface_id: ref('aws_network_interface', 'outer'), device_index: 1 } },
  }],
])('a route to %s leaves by the other interface, too', (_, to, machine) => {
  expect(throughMachine(to, machine).at('aws_instance.app')).toMatchObject({ kind: 'open' });
});

test('a group of machines stands where the interface of its template does, and not in the default VPC', () => {
  const { at } = throughMachine(ref('aws_network_interface', 'inner'), {
    aws_launch_template: { fw: { network_interfaces: [block('inner')] } },
    aws_autoscaling_group: { fw: { availability_zones: ['us-east-1a'], launch_template: { id: ref('aws_launch_template', 'fw'), version: '$Latest' } } },
  });
  expect(at('aws_autoscaling_group.fw')).toMatchObject({ kind: 'none', place: { subnet: { address: 'aws_subnet.inner' } } });
  expect(at('aws_instance.app')).toMatchObject({ kind: 'none' });
});
