/** What a plan leaves out where a region, a priority or a subnet decides: it may be the one that leads out. */
import { classic, DENY, INSIDE, kind, kindOf, network, outside, policy, SUBNET, subnetwork, type Resources } from './one-machine';

test('a deny of the provider\'s region, for a machine of which nobody tells the region', () => {
  const deny = policy('google_compute_region_network_firewall_policy', {});
  const standing = (region: unknown): Resources => ({
    google_compute_subnetwork: { s: { ...SUBNET, region } },
    google_compute_instance: { m: { name: 'm', network_interface: [{ subnetwork, access_config: [{}] }] } },
  });
  expect([kind(deny, standing(undefined)), kind(deny, standing('${var.region}'))]).toEqual(['none', 'unknown']);
});

test('a route whose priority is not known may come behind one that leads out', () => {
  const routes = (priority: unknown): Resources => ({
    google_compute_route: {
      out: { name: 'out', network, dest_range: '0.0.0.0/0', next_hop_gateway: 'default-internet-gateway', priority: 500 },
      in: { name: 'in', network, dest_range: '0.0.0.0/0', next_hop_instance: '${google_compute_instance.closed.id}', priority },
    },
    google_compute_instance: {
      m: { name: 'm', zone: 'r-a', network_interface: [{ subnetwork, access_config: [{}] }] },
      closed: { name: 'closed', zone: 'r-a', tags: ['closed'], can_ip_forward: true, network_interface: [{ subnetwork }] },
    },
    ...classic({ d: { ...DENY, target_tags: ['closed'] } }),
  });
  expect([kind(routes(100)), kind(routes(900)), kind(routes('${var.priority}'))]).toEqual(['none', 'open', 'open']);
});

test('a NAT of the network serves a machine of which nobody tells the subnet', () => {
  const nat: Resources = {
    google_compute_subnetwork: {},
    google_compute_network: { n: { name: 'n', auto_create_subnetworks: true } },
    google_compute_instance: { m: { name: 'm', zone: 'r-a', network_interface: [{ network }] } },
    google_compute_router: { r: { name: 'r', network, region: 'r' } },
    google_compute_router_nat: { n: { name: 'n', router: '${google_compute_router.r.name}', region: 'r', source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES' } },
  };
  expect(kind(nat)).toBe('open');
});

test('of several subnets that may be meant one whose region nobody tells is as near as any', () => {
  const choice = (region: unknown) => kindOf('google_compute_instance.m', INSIDE, outside(), classic({ d: DENY }), {
    google_compute_network: { ...INSIDE['google_compute_network'], o: { name: 'o', auto_create_subnetworks: false } },
    google_compute_subnetwork: { s: SUBNET, t: { ...SUBNET, name: 't', network: '${google_compute_network.o.id}', region } },
    google_compute_instance: { m: { name: 'm', zone: 'r-a', network_interface: [{ subnetwork: '${var.first ? google_compute_subnetwork.s.id : google_compute_subnetwork.t.id}', access_config: [{}] }] } },
  });
  expect([choice('q'), choice('r'), choice('${var.region}')]).toEqual(['unknown', 'open', 'open']);
});
