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

/** A deny of everything behind them took every box of what they leave, and cut each by each: minutes. */
test.each([['none for whom is not known', {}], ['one for whom is not known', { target_secure_tags: [{ name: 'tagValues/1' }] }]])('thousands of rules, each of a port and a block of its own, before a deny of all: %s', (_, more) => {
  const rule = (priority: number, action: string, match: object, others: object = {}) => ({ firewall_policy: policy, direction: 'EGRESS', priority, action, match: [match], ...others });
  const { model, verdicts } = verdictsOf({
    resource: {
      google_compute_network: { n: { name: 'n', auto_create_subnetworks: false } },
      google_compute_subnetwork: { s: { name: 's', network: '${google_compute_network.n.id}', ip_cidr_range: '10.0.0.0/24', region: 'r' } },
      google_compute_instance: { m: { name: 'm', zone: 'r-a', params: [{ resource_manager_tags: '${var.tags}' }], network_interface: [{ subnetwork: '${google_compute_subnetwork.s.id}', access_config: [{}] }] } },
      google_compute_network_firewall_policy: { p: { name: 'p' } },
      google_compute_network_firewall_policy_association: { a: { name: 'a', firewall_policy: policy, attachment_target: '${google_compute_network.n.id}' } },
      google_compute_network_firewall_policy_rule: {
        ...Object.fromEntries(Array.from({ length: 2500 }, (__, at) => [`r${at}`, rule(at + 1, 'allow', { dest_ip_ranges: [`${20 + (at >> 8)}.${at & 255}.0.0/16`], layer4_configs: [{ ip_protocol: 'tcp', ports: [String(1000 + at)] }] })])),
        last: rule(100_000, 'deny', { dest_ip_ranges: ['0.0.0.0/0'], layer4_configs: [{ ip_protocol: 'all' }] }, more),
      },
    },
  });
  expect(verdicts.filter(({ family }) => family === 4).map(({ kind }) => kind)).toEqual(['open']);
  const of = (kind: string, doubted: boolean) => model.places[0]!.ways[0]!.decisions(everythingToInternet(4)).filter((each) => each.kind === kind && (each.doubt !== undefined) === doubted);
  const isAsked = Object.keys(more).length > 0;
  // Each lets out its own, and what none of them does is refused, or perhaps refused.
  expect([of('allow', false).length, of('allow', true).length, of('deny', false).length]).toEqual(isAsked ? [2500, 1, 0] : [2500, 0, 1]);
  const [rest] = isAsked ? of('allow', true) : of('deny', false);
  const of1000 = rest!.traffic.boxes.filter(({ protocol, ports }) => protocol === 'tcp' && includes(ports, [[1000n, 1000n]])).map(({ destinations }) => destinations);
  expect([isEmpty(intersect(unionOf(of1000), addressesOf(['20.0.0.0/16'], 4))), includes(unionOf(of1000), addressesOf(['20.1.0.0/16', '40.0.0.0/8'], 4))]).toEqual([true, true]);
}, 30_000);

test('a union of more sets than a call takes arguments', () => {
  expect(unionOf(Array.from({ length: 300_000 }, (_, at) => [[BigInt(at), BigInt(at)]] as const))).toEqual([[0n, 299_999n]]);
});
