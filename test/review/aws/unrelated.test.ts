/** What has nothing to do with a network, in the same file or in another, changes nothing that is said of it. */
import fc from 'fast-check';
import { parsePlan, type PlanFile } from '../../../review/plan/load';
import { review as reviewAll } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';
import { ref, soundStack, WORLD, type Stack } from '../sound-stack';
import { review } from './reviewed';
import { networks, written } from './small-networks';

type Body = Record<string, any>;

/** A hub with a firewall, one that is attached to a transit gateway, and a machine that IPv6 lets out. */
function elsewhere(): Stack {
  const vpc = ref('aws_vpc', 'far');
  const policy = { firewall_policy: [{ stateless_default_actions: ['aws:forward_to_sfe'], stateless_fragment_default_actions: ['aws:forward_to_sfe'], stateful_engine_options: [{ rule_order: 'STRICT_ORDER' }], stateful_default_actions: ['aws:drop_strict'] }] };
  const policed = { firewall_policy_arn: ref('aws_networkfirewall_firewall_policy', 'far', 'arn') };
  return { resource: {
    aws_vpc: { far: { cidr_block: '10.200.0.0/16', ipv6_cidr_block: '2001:db8:200::/56' } },
    aws_egress_only_internet_gateway: { far: { vpc_id: vpc } },
    aws_internet_gateway: { far: { vpc_id: vpc } },
    aws_subnet: { far: { vpc_id: vpc, cidr_block: '10.200.1.0/24', ipv6_cidr_block: '2001:db8:200:1::/64', assign_ipv6_address_on_creation: true, tags: { segment: 'far' } }, wall: { vpc_id: vpc, cidr_block: '10.200.2.0/24' } },
    aws_route_table: { far: { vpc_id: vpc, route: [{ ipv6_cidr_block: '::/0', egress_only_gateway_id: ref('aws_egress_only_internet_gateway', 'far') }, { cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'far') }] } },
    aws_route_table_association: { far: { subnet_id: ref('aws_subnet', 'far'), route_table_id: ref('aws_route_table', 'far') } },
    aws_instance: { far: { subnet_id: ref('aws_subnet', 'far') } },
    aws_nat_gateway: { far: { subnet_id: ref('aws_subnet', 'far'), allocation_id: 'eipalloc-far' } },
    aws_networkfirewall_firewall_policy: { far: policy },
    aws_networkfirewall_firewall: { far: { vpc_id: vpc, subnet_mapping: [{ subnet_id: ref('aws_subnet', 'wall') }], ...policed }, attached: { transit_gateway_id: ref('aws_ec2_transit_gateway', 'far'), availability_zone_mapping: [{ availability_zone_id: 'use1-az1' }], ...policed } },
    aws_ec2_transit_gateway: { far: {} },
    aws_ec2_transit_gateway_vpc_attachment: { far: { vpc_id: vpc, subnet_ids: [ref('aws_subnet', 'wall')], transit_gateway_id: ref('aws_ec2_transit_gateway', 'far') } },
  } } as unknown as Stack;
}

const file = (stack: object, name: string): PlanFile => ({ ...parsePlan(JSON.stringify(stack), 'cdk.tf.json'), stack: name });

/** All that is said of the first file. */
function saidBeside(stack: object, other: object): readonly string[] {
  const { verdicts, findings } = reviewAll({ inputs: [file(stack, 'here'), file(other, 'there')], today: TODAY, together: true });
  return [
    ...verdicts.filter(({ place }) => place.startsWith('here:')).map(({ place, family, verdict, reasons, hosts }) => `${place} IPv${family} ${verdict} ${JSON.stringify([reasons, hosts])}`),
    ...findings.filter(({ address }) => address.startsWith('here:')).map(({ rule, address, severity, confidence, message }) => `${rule} ${address} ${severity} ${confidence}: ${message}`),
  ].sort();
}

/** The sound network without workloads and segments, so that subnets stand in. */
function empty(change: (resource: Stack['resource']) => void = () => undefined): Stack {
  const stack = soundStack();
  delete stack.resource.aws_instance;
  for (const subnet of Object.values(stack.resource.aws_subnet!)) delete (subnet as Body).tags;
  change(stack.resource);
  return stack;
}

/** Without its firewall, and with what comes back led to a transit gateway, as of any public subnet of a company. */
function ordinary(resource: Stack['resource']): void {
  resource.aws_ec2_transit_gateway = { hub: {} };
  const nat = resource.aws_route_table!.nat as Body;
  nat.route = [...nat.route.filter(({ cidr_block }: Body) => cidr_block === WORLD), { cidr_block: '10.0.0.0/8', transit_gateway_id: ref('aws_ec2_transit_gateway', 'hub') }];
  for (const type of Object.keys(resource)) if (type.startsWith('aws_networkfirewall')) delete resource[type];
}

const withIpv6 = (resource: Stack['resource']): void => {
  ordinary(resource);
  Object.assign(resource.aws_vpc!.main as Body, { ipv6_cidr_block: '2001:db8:1::/56' });
  resource.aws_egress_only_internet_gateway = { main: { vpc_id: ref('aws_vpc', 'main') } };
};

test.each<[string, Stack]>([
  ['a network with a firewall', soundStack()],
  ['an empty one', empty()],
  ['an empty one without a firewall, whose public subnet leads to a transit gateway', empty(ordinary)],
  ['one with an IPv6 range and a gateway that nothing uses', empty(withIpv6)],
  ['a subnet with IPv6 in a network without', empty((resource) => void Object.assign(resource.aws_subnet!.app as Body, { ipv6_cidr_block: '2001:db8:1:1::/64' }))],
])('%s', (_, stack) => {
  const alone = saidBeside(stack, { resource: {} });
  expect(alone.length).toBeGreaterThan(1);
  expect(saidBeside(stack, elsewhere())).toEqual(alone);
});

test('random networks', () => {
  fc.assert(fc.property(networks, (network) => {
    const stack = written(network);
    expect(saidBeside(stack, elsewhere())).toEqual(saidBeside(stack, { resource: {} }));
  }), { seed: 23, numRuns: 40 });
});

describe('the subnet of a NAT gateway that leads back to a transit gateway', () => {
  /** The ordinary network, and another one with a firewall. */
  const withOther = (change: (resource: Stack['resource']) => void) => empty((resource) => {
    ordinary(resource);
    for (const [type, things] of Object.entries(elsewhere().resource)) resource[type] = { ...resource[type], ...things };
    delete resource.aws_networkfirewall_firewall!.attached;
    change(resource);
  });
  const kinds = (stack: Stack) => review(stack).verdicts.filter(({ place, family }) => place.addresses[0] === 'aws_subnet.nat' && family === 4).map(({ kind }) => kind);
  const attachment = (hub: unknown, network: string, subnet: string) => ({ transit_gateway_id: hub, vpc_id: ref('aws_vpc', network), subnet_ids: [ref('aws_subnet', subnet)] });
  const hub = ref('aws_ec2_transit_gateway', 'hub');

  test('is a place where the firewall of the plan is one of a network that nothing joins with it', () => {
    expect(kinds(withOther(() => undefined))).toEqual(['open']);
    expect(kinds(withOther((resource) => void (resource.aws_ec2_transit_gateway_vpc_attachment!.main = attachment(hub, 'main', 'app'))))).toEqual(['open']);
  });

  test.each<[string, (resource: Stack['resource']) => void]>([
    ['a transit gateway', (resource) => void (resource.aws_ec2_transit_gateway_vpc_attachment = { main: attachment(hub, 'main', 'app'), far: attachment(hub, 'far', 'wall') })],
    ['a transit gateway that is known by its id', (resource) => void (resource.aws_ec2_transit_gateway_vpc_attachment = { main: attachment('tgw-0123456789abcdef0', 'main', 'app'), far: attachment('tgw-0123456789abcdef0', 'far', 'wall') })],
    ['two that are peered', (resource) => {
      resource.aws_ec2_transit_gateway_vpc_attachment!.main = attachment(hub, 'main', 'app');
      resource.aws_ec2_transit_gateway_peering_attachment = { both: { transit_gateway_id: hub, peer_transit_gateway_id: ref('aws_ec2_transit_gateway', 'far'), peer_region: 'eu-west-1' } };
    }],
    ['a core network', (resource) => {
      const core = ref('aws_networkmanager_core_network', 'core');
      resource.aws_networkmanager_core_network = { core: {} };
      resource.aws_networkmanager_vpc_attachment = { main: { core_network_id: core, vpc_arn: ref('aws_vpc', 'main', 'arn'), subnet_arns: [ref('aws_subnet', 'app', 'arn')] }, far: { core_network_id: core, vpc_arn: ref('aws_vpc', 'far', 'arn'), subnet_arns: [ref('aws_subnet', 'wall', 'arn')] } };
    }],
    ['a firewall that is attached to the transit gateway itself', (resource) => {
      resource.aws_networkfirewall_firewall = { attached: { ...elsewhere().resource.aws_networkfirewall_firewall!.attached as Body, transit_gateway_id: hub } };
      resource.aws_ec2_transit_gateway_vpc_attachment!.main = attachment(hub, 'main', 'app');
    }],
  ])('is there for the gateway alone where they are joined by %s', (_, join) => {
    expect(kinds(withOther(join))).toEqual([]);
  });
});

test('what IPv6 lets out of a network makes the ways of that one worse', () => {
  const severities = (used: boolean) => {
    const { findings } = review(empty((resource) => {
      withIpv6(resource);
      if (used) for (const [type, things] of Object.entries(elsewhere().resource)) resource[type] = { ...resource[type], ...things };
    }));
    return Object.fromEntries(findings.filter(({ rule }) => rule === 'ipv6-egress-open').map(({ address, severity }) => [address, severity ?? 'medium']));
  };
  expect(severities(false)).toEqual({ 'aws_egress_only_internet_gateway.main': 'low', 'aws_vpc.main': 'low' });
  expect(severities(true)).toEqual({ ...severities(false), 'aws_egress_only_internet_gateway.far': 'high', 'aws_route_table.far': 'high', 'aws_vpc.far': 'low' });
});
