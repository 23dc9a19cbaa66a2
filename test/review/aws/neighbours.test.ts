/** What stands in one subnet reaches its neighbours whatever the route table says, and some of these forward. */
import { entry, line, ref, WORLD, type Stack } from '../sound-stack';
import { changed } from './reviewed';

type Resources = Stack['resource'];

/** A machine without a public address in the subnet of the NAT gateway, whose table leads to the internet gateway. */
function beside(neighbour: object | undefined, own: object = {}, edit: (resource: Resources) => void = () => undefined) {
  return changed((resource) => {
    resource.aws_security_group!.out = { vpc_id: ref('aws_vpc', 'main'), ingress: [], egress: [line({ cidr_blocks: [WORLD] })] };
    const machine = { ami: 'ami-1', instance_type: 't3.micro', subnet_id: ref('aws_subnet', 'nat'), vpc_security_group_ids: [ref('aws_security_group', 'out')] };
    resource.aws_instance!.quiet = { ...machine, associate_public_ip_address: false, ...own };
    if (neighbour) resource.aws_instance!.forwarding = { ...machine, associate_public_ip_address: true, source_dest_check: false, ...neighbour };
    edit(resource);
  }).at('aws_instance.quiet').kind;
}

test('a machine that forwards, and has a public address, is a way out for its neighbours', () => {
  expect(beside(undefined)).toBe('none');
  expect(beside({})).toBe('unknown');
});

test.each<[string, object, object]>([
  ['with the check on', { source_dest_check: true }, {}],
  ['without a public address', { associate_public_ip_address: false }, {}],
  ['in another subnet', { subnet_id: ref('aws_subnet', 'firewall') }, {}],
  ['whose own group lets nothing out', { vpc_security_group_ids: [ref('aws_security_group', 'vault')] }, {}],
  ['beside one whose own group lets nothing out', {}, { vpc_security_group_ids: [ref('aws_security_group', 'vault')] }],
])('but not one %s', (_, neighbour, own) => expect(beside(neighbour, own)).toBe('none'));

test.each<[string, object, (resource: Resources) => void]>([
  ['attached to it', {}, (resource) => void (resource.aws_network_interface_attachment = { outer: { instance_id: ref('aws_instance', 'forwarding'), network_interface_id: ref('aws_network_interface', 'outer'), device_index: 1 } })],
  ['that says itself where it is attached', {}, (resource) => void (resource.aws_network_interface!.outer!.attachment = [{ instance: ref('aws_instance', 'forwarding'), device_index: 1 }])],
  ['that it names', { subnet_id: undefined, vpc_security_group_ids: undefined, network_interface: [{ device_index: 0, network_interface_id: ref('aws_network_interface', 'inner') }, { device_index: 1, network_interface_id: ref('aws_network_interface', 'outer') }] }, () => undefined],
])('a machine without a public address is a way out for its neighbours by an interface elsewhere, %s', (_, more, attach) => {
  // Nothing leads out of the subnet of the vault, and that of the NAT gateway has a way out.
  const judged = (outer: string) => beside({ subnet_id: ref('aws_subnet', 'vault'), associate_public_ip_address: false, ...more }, { subnet_id: ref('aws_subnet', 'vault') }, (resource) => {
    resource.aws_network_acl!.vault!.egress = [entry({ protocol: '-1', from_port: 0, to_port: 0 })];
    const port = (name: string) => ({ subnet_id: ref('aws_subnet', name), security_groups: [ref('aws_security_group', 'out')], source_dest_check: false });
    resource.aws_network_interface = { inner: port('vault'), outer: port(outer) };
    attach(resource);
  });
  expect(judged('firewall')).toBe('unknown');
  expect(judged('vault')).toBe('none');
});

test('an interface that forwards is one, too, and a load balancer goes by no neighbour', () => {
  const forwarding = (resource: Resources) => {
    resource.aws_network_interface = { forwarding: { subnet_id: ref('aws_subnet', 'nat'), security_groups: [ref('aws_security_group', 'out')], source_dest_check: false } };
    resource.aws_eip!.forwarding = { network_interface: ref('aws_network_interface', 'forwarding') };
  };
  expect(beside(undefined, {}, forwarding)).toBe('unknown');
  expect(beside(undefined, {}, (resource) => {
    forwarding(resource);
    resource.aws_instance!.carrying = { ami: 'ami-1', instance_type: 't3.micro', network_interface: [{ device_index: 0, network_interface_id: ref('aws_network_interface', 'forwarding') }] };
  })).toBe('unknown');
  expect(changed((resource) => {
    resource.aws_security_group!.out = { vpc_id: ref('aws_vpc', 'main'), ingress: [], egress: [line({ cidr_blocks: [WORLD] })] };
    forwarding(resource);
    resource.aws_lb = { inner: { internal: true, subnets: [ref('aws_subnet', 'nat')], security_groups: [ref('aws_security_group', 'out')] } };
  }).at('aws_lb.inner').kind).toBe('none');
});

test('what may have an interface in the network beside an Outpost is not known, whatever its groups', () => {
  const index = (enable_lni_at_device_index: number | null) => changed((resource) => Object.assign(resource.aws_subnet!.vault!, { enable_lni_at_device_index })).at('aws_instance.vault').kind;
  expect([index(null), index(0), index(1)]).toEqual(['none', 'none', 'unknown']);
});

describe('what no one is root of, where a route leads to a machine of its own subnet', () => {
  /** The machine has a second interface, in a subnet with a way out. */
  function judged({ isRouted = true, outer = 'firewall', routedTo = 'inner' } = {}) {
    return changed((resource) => {
      resource.aws_security_group!.out = { vpc_id: ref('aws_vpc', 'main'), ingress: [], egress: [line({ cidr_blocks: [WORLD] })] };
      const port = (name: string) => ({ subnet_id: ref('aws_subnet', name), security_groups: [ref('aws_security_group', 'out')], source_dest_check: false });
      resource.aws_network_interface = { inner: port('vault'), outer: port(outer) };
      resource.aws_instance!.forwarding = { ami: 'ami-1', instance_type: 't3.micro', network_interface: [{ device_index: 0, network_interface_id: ref('aws_network_interface', 'inner') }, { device_index: 1, network_interface_id: ref('aws_network_interface', 'outer') }] };
      if (isRouted) resource.aws_route_table!.vault!.route = [{ cidr_block: WORLD, network_interface_id: ref('aws_network_interface', routedTo) }];
      // The ACL of the subnet lets nothing out, and that is nothing between two that stand in it.
      resource.aws_network_acl!.vault!.egress = [];
      resource.aws_lambda_function = { f: { function_name: 'f', vpc_config: [{ subnet_ids: [ref('aws_subnet', 'vault')], security_group_ids: [ref('aws_security_group', 'out')] }] } };
    }).at('aws_lambda_function.f').kind;
  }

  test('no ACL keeps it from that', () => {
    expect(judged()).toBe('unknown');
  });

  test('without a route there, or where that machine gets no further, it does not get out', () => {
    expect(judged({ isRouted: false })).toBe('none');
    expect(judged({ outer: 'vault' })).toBe('none');
  });
});
