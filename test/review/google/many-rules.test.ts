/** A policy of many rules by name, each behind denies of some addresses: what it lets through stays as small as the policy. */
import { addressesOf } from '../../../review/model/addresses';
import { includes, intersect, isEmpty, unionOf } from '../../../review/model/ranges';
import { everythingToInternet } from '../../../review/model/traffic';
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

test('thousands of blocks for one port leave few sets of packets', () => {
  const blocks = (count: number): unknown => ({
    resource: {
      google_compute_network: { n: { name: 'n', auto_create_subnetworks: false } },
      google_compute_subnetwork: { s: { name: 's', network: '${google_compute_network.n.id}', ip_cidr_range: '10.0.0.0/24', region: 'r' } },
      google_compute_instance: { m: { name: 'm', zone: 'r-a', network_interface: [{ subnetwork: '${google_compute_subnetwork.s.id}', access_config: [{}] }] } },
      google_compute_firewall: Object.fromEntries(Array.from({ length: count }, (_, at) => [`r${at}`, {
        name: `r${at}`, network: '${google_compute_network.n.id}', direction: 'EGRESS', priority: at + 1, allow: [{ protocol: 'tcp', ports: ['443'] }], destination_ranges: [`${20 + (at >> 8)}.${at & 255}.0.0/16`],
      }])),
    },
  });
  const { model } = verdictsOf(blocks(1500));
  const [way] = model.places[0]!.ways;
  const decisions = way!.decisions(everythingToInternet(4));
  // What no rule is for: every other port of all addresses, and this port of the others. A box for each rule, before.
  const implied = decisions.filter(({ rule }) => rule === undefined);
  expect(implied.map(({ traffic }) => traffic.boxes.length < 100)).toEqual([true]);
  expect(decisions.length).toBe(1501);
  // None of them lets out what another one has taken.
  const of443 = implied[0]!.traffic.boxes.filter(({ protocol, ports }) => protocol === 'tcp' && includes(ports, [[443n, 443n]]));
  expect(isEmpty(intersect(unionOf(of443.map(({ destinations }) => destinations)), addressesOf(['20.0.0.0/8', '25.219.0.0/16'], 4)))).toBe(true);
});

test('a union of more sets than a call takes arguments', () => {
  expect(unionOf(Array.from({ length: 300_000 }, (_, at) => [[BigInt(at), BigInt(at)]] as const))).toEqual([[0n, 299_999n]]);
});
