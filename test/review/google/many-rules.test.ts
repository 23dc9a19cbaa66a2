/** A policy of many rules by name, each behind denies of some addresses: what it lets through stays as small as the policy. */
import { unionOf } from '../../../review/model/ranges';
import { trace } from '../../../review/paths/trace';
import { verdictsOf } from './reviewing';

const policy = '${google_compute_network_firewall_policy.p.name}';
const RULES = 90;

test('the packets to names are one set, however many denies came before each', () => {
  const resource = {
    google_compute_network: { n: { name: 'n', auto_create_subnetworks: false } },
    google_compute_subnetwork: { s: { name: 's', network: '${google_compute_network.n.id}', ip_cidr_range: '10.0.0.0/24', region: 'r' } },
    google_compute_instance: { m: { name: 'm', zone: 'r-a', network_interface: [{ subnetwork: '${google_compute_subnetwork.s.id}', access_config: [{}] }] } },
    google_compute_network_firewall_policy: { p: { name: 'p' } },
    google_compute_network_firewall_policy_association: { a: { name: 'a', firewall_policy: policy, attachment_target: '${google_compute_network.n.id}' } },
    google_compute_network_firewall_policy_rule: Object.fromEntries(Array.from({ length: RULES }, (_, at) => [`r${at}`, {
      firewall_policy: policy, direction: 'EGRESS', priority: at + 1, action: at % 2 ? 'allow' : 'deny',
      match: [{ ...(at % 2 ? { dest_fqdns: [`h${at}.example.com`] } : { dest_ip_ranges: [`8.${at}.0.0/16`] }), layer4_configs: [{ ip_protocol: 'tcp', ports: [String(1000 + at)] }] }],
    }])),
  };
  const { model, verdicts } = verdictsOf({ resource });
  expect(verdicts.flatMap(({ hosts }) => hosts).length).toBe(RULES / 2);
  const sizes = trace(model.places[0]!, 4).arrivals.map(({ traffic }) => traffic.boxes.length);
  // A box for each port and what was denied before; apart, they would be a thousand.
  expect(Math.max(...sizes)).toBeLessThan(2 * RULES);
});

test('a union of more sets than a call takes arguments', () => {
  expect(unionOf(Array.from({ length: 300_000 }, (_, at) => [[BigInt(at), BigInt(at)]] as const))).toEqual([[0n, 299_999n]]);
});
