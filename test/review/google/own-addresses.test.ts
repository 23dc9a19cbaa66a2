/** What is for some source addresses, and a machine whose own address the plan tells. */
import { INSIDE, network, subnetwork } from './one-machine';
import { verdictsOf } from './reviewing';

type Resources = Record<string, Record<string, any>>;

const NAT: Resources = {
  google_compute_route: { r: { name: 'r', network, dest_range: '0.0.0.0/0', next_hop_gateway: 'default-internet-gateway' } },
  google_compute_router: { r: { name: 'r', network, region: 'r' } },
  google_compute_router_nat: { n: { name: 'n', router: '${google_compute_router.r.name}', region: 'r', source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES' } },
};
const machine = (nic: object = {}, more: object = {}): Resources => ({ google_compute_instance: { m: { name: 'm', zone: 'r-a', ...more, network_interface: [{ subnetwork, network_ip: '10.0.0.5', ...nic }] } } });
const deny = (source: string): Resources => ({ google_compute_firewall: { d: { name: 'd', network, direction: 'EGRESS', priority: 1, deny: [{ protocol: 'all' }], source_ranges: [source] } } });
const led = (src_range: string): Resources => ({ google_network_connectivity_policy_based_route: { p: { name: 'p', network, filter: [{ protocol_version: 'IPV4', src_range }], next_hop_ilb_ip: '10.0.9.9' } } });
const GROUP: Resources = { google_compute_instance_group: { g: { name: 'g', zone: 'r-a', network, instances: ['${google_compute_instance.m.self_link}'] } } };
const kind = (...parts: readonly Resources[]) => verdictsOf({ resource: Object.assign({}, INSIDE, NAT, ...parts) }).verdicts.find(({ place, family }) => place.id === 'google_compute_instance.m' && family === 4)?.kind;

test.each<[string, Resources, string, string]>([
  ['its own', machine(), '10.0.0.5/32', 'none'],
  ['those of a part of the subnet with its own', machine(), '10.0.0.0/28', 'none'],
  ['those of a part of the subnet without its own', machine(), '10.0.0.128/25', 'open'],
  ['its own, where it has a range besides', machine({ alias_ip_range: [{ ip_cidr_range: '10.0.0.64/28' }] }), '10.0.0.5/32', 'unknown'],
  ['its own, where no plan tells it', machine({ network_ip: null }), '10.0.0.5/32', 'unknown'],
  ['its own, where a balancer lends it another one', { ...machine(), ...GROUP }, '10.0.0.5/32', 'unknown'],
  ['its own, where it may forge any', machine({}, { can_ip_forward: true }), '10.0.0.5/32', 'unknown'],
  ['those of a part without its own, where it may forge any', machine({}, { can_ip_forward: true }), '10.0.0.128/25', 'open'],
])('a deny for %s', (_, parts, source, expected) => {
  expect(kind(parts, deny(source))).toBe(expected);
});

test.each<[string, Resources, string, string]>([
  ['its own', machine(), '10.0.0.5/32', 'unknown'],
  ['others', machine(), '10.0.0.6/32', 'open'],
  ['its own, where it has a range besides', machine({ alias_ip_range: [{ ip_cidr_range: '10.0.0.64/28' }] }), '10.0.0.5/32', 'open'],
  ['its own, where a balancer lends it another one', { ...machine(), ...GROUP }, '10.0.0.5/32', 'open'],
])('a policy-based route to what the plan does not tell, for %s', (_, parts, source, expected) => {
  expect(kind(parts)).toBe('open');
  expect(kind(parts, led(source))).toBe(expected);
});

test('two machines of one subnet are told apart', () => {
  const { m } = machine().google_compute_instance!;
  const other = { ...m, name: 'o', network_interface: [{ subnetwork, network_ip: '10.0.0.6' }] };
  const { verdicts } = verdictsOf({ resource: { ...INSIDE, ...NAT, ...deny('10.0.0.5/32'), google_compute_instance: { m, o: other } } });
  expect(verdicts.filter(({ family }) => family === 4).map(({ place, kind: found }) => `${place.id} ${found}`)).toEqual(['google_compute_instance.m none', 'google_compute_instance.o open']);
});
