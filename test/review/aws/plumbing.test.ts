/** Subnets of NAT gateways in plans without workloads: plumbing where the plan shows it, a place to start from where it does not. */
import { review } from './reviewed';
import { ref, soundStack, WORLD, type Stack } from '../sound-stack';

type Body = Record<string, any>;

/** Nobody's blueprint: no segments, and nothing runs yet. */
function foreign(change: (resource: Stack['resource']) => void = () => undefined): Stack {
  const stack = soundStack();
  delete stack.resource.aws_instance;
  for (const subnet of Object.values(stack.resource.aws_subnet!)) delete (subnet as Body).tags;
  change(stack.resource);
  return stack;
}

const routes = (resource: Stack['resource'], name: string): Body[] => resource.aws_route_table![name]!.route;
const withoutReturn = (resource: Stack['resource']): void => void (resource.aws_route_table!.nat!.route = routes(resource, 'nat').filter(({ cidr_block }) => cidr_block === WORLD));
const natPlaces = (stack: Stack) => review(stack).verdicts.filter(({ place, family }) => place.addresses[0] === 'aws_subnet.nat' && family === 4).map(({ kind }) => kind);
const openAt = (stack: Stack) => review(stack).findings.filter(({ rule, address }) => rule === 'open-egress' && address === 'aws_subnet.nat').map(({ severity, confidence }) => [severity, confidence]);

test('it stands in for nothing where packets that come back are led to the firewall', () => {
  expect(natPlaces(foreign())).toEqual([]);
  expect(openAt(foreign())).toEqual([]);
});

test('it stands in for nothing where packets that come back are led to a transit gateway', () => {
  const hub = foreign((resource) => {
    withoutReturn(resource);
    resource.aws_ec2_transit_gateway = { hub: {} };
    routes(resource, 'nat').push({ cidr_block: '10.0.0.0/8', transit_gateway_id: ref('aws_ec2_transit_gateway', 'hub') });
  });
  expect(natPlaces(hub)).toEqual([]);
});

test('it stands in for nothing where nothing in it could get out past the gateway', () => {
  expect(natPlaces(foreign((resource) => void (resource.aws_route_table!.nat!.route = [])))).toEqual([]);
});

test('it is a public subnet like any other where nothing leads back: open, and told mildly beside a firewall', () => {
  const open = foreign(withoutReturn);
  expect(natPlaces(open)).toEqual(['open']);
  expect(openAt(open)).toEqual([['low', 'possible']]);
  expect(review(open).findings.find(({ rule, address }) => rule === 'open-egress' && address === 'aws_subnet.nat')?.message).toContain('a NAT gateway stands there');
});

test('a default route to the firewall leads nothing back', () => {
  expect(natPlaces(foreign((resource) => {
    withoutReturn(resource);
    routes(resource, 'nat').push({ ipv6_cidr_block: '::/0', vpc_endpoint_id: routes(resource, 'app')[0]!.vpc_endpoint_id });
  }))).toEqual(['open']);
});

test('what nobody knows of its routes hides nothing', () => {
  const kinds = natPlaces(foreign((resource) => void (resource.aws_route_table!.nat!.route = '${var.routes}')));
  expect(kinds).toHaveLength(1);
  expect(kinds).not.toContain('none');
});

test('a firewall of another network excuses nothing', () => {
  const open = foreign((resource) => {
    withoutReturn(resource);
    resource.aws_vpc!.far = { cidr_block: '10.9.0.0/16' };
    resource.aws_subnet!.far = { vpc_id: ref('aws_vpc', 'far'), cidr_block: '10.9.1.0/28', availability_zone: 'us-east-1a' };
    Object.assign(resource.aws_networkfirewall_firewall!.main!, { vpc_id: ref('aws_vpc', 'far'), subnet_mapping: [{ subnet_id: ref('aws_subnet', 'far') }] });
  });
  expect(natPlaces(open)).toEqual(['open']);
  expect(openAt(open)).toEqual([['high', 'likely']]);
});

describe('a subnet that no segment knows', () => {
  /** With a table and an ACL of its own that keep nothing in. */
  const more = (route: object[]) => (resource: Stack['resource']): void => {
    const vpc_id = ref('aws_vpc', 'main');
    const all = { protocol: '-1', action: 'allow', rule_no: 100, cidr_block: WORLD, from_port: 0, to_port: 0, ipv6_cidr_block: '', icmp_code: 0, icmp_type: 0 };
    resource.aws_subnet!.more = { vpc_id, cidr_block: '10.0.77.0/24', availability_zone: 'us-east-1a' };
    resource.aws_route_table!.more = { vpc_id, route };
    resource.aws_route_table_association!.more = { subnet_id: ref('aws_subnet', 'more'), route_table_id: ref('aws_route_table', 'more') };
    resource.aws_network_acl!.more = { vpc_id, subnet_ids: [ref('aws_subnet', 'more')], ingress: [all], egress: [all] };
  };
  const sound = (change: (resource: Stack['resource']) => void) => {
    const stack = soundStack();
    change(stack.resource);
    return stack;
  };
  const GATEWAY = [{ cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'main') }];
  const at = (stack: Stack) => {
    const { findings, verdicts } = review(stack);
    return {
      kinds: verdicts.filter(({ place, family }) => place.addresses[0] === 'aws_subnet.more' && family === 4).map(({ kind }) => kind),
      open: findings.filter(({ rule, address }) => rule === 'open-egress' && address === 'aws_subnet.more').map(({ severity }) => severity),
    };
  };
  const emptied = (resource: Stack['resource']): void => void delete resource.aws_instance;

  test('is told of where it leads out, before anything runs in the network', () => {
    expect(at(sound((resource) => { emptied(resource); more(GATEWAY)(resource); }))).toEqual({ kinds: ['open'], open: ['high'] });
  });

  test('and where workloads stand elsewhere in the network', () => {
    expect(at(sound(more(GATEWAY)))).toEqual({ kinds: ['open'], open: ['high'] });
  });

  test('and where the plan does not tell its routes', () => {
    const hidden = at(sound((resource) => { more([])(resource); resource.aws_route_table!.more!.route = '${var.routes}'; }));
    expect(hidden.kinds).toHaveLength(1);
    expect(hidden.kinds).not.toContain('none');
  });

  test('and is no place where no route leads on', () => {
    expect(at(sound(more([])))).toEqual({ kinds: [], open: [] });
    expect(at(sound((resource) => { emptied(resource); more([])(resource); }))).toEqual({ kinds: [], open: [] });
  });
});
