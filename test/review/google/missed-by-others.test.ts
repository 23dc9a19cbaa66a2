/** What checkov and trivy pass over: the world in other words, implied rules, policies, protocols by number. */
import { review, stack } from './reviewing';

const BASE = {
  google_compute_network: { n: { name: 'n', auto_create_subnetworks: false } },
  google_compute_subnetwork: { s: { name: 's', network: '${google_compute_network.n.id}', region: 'r', ip_cidr_range: '10.0.0.0/24' } },
  google_compute_instance: { m: { name: 'm', zone: 'r-a', tags: ['web'], network_interface: [{ subnetwork: '${google_compute_subnetwork.s.id}', access_config: [{}] }] } },
};
const DENY = { name: 'deny', network: '${google_compute_network.n.name}', direction: 'EGRESS', priority: 65534, deny: [{ protocol: 'all' }] };

const withAllow = (allow: object) => review(stack({
  ...BASE, google_compute_firewall: { deny: DENY, allow: { name: 'allow', network: '${google_compute_network.n.name}', direction: 'EGRESS', priority: 1000, ...allow } },
}));

test.each([
  ['every port of the world', { allow: [{ protocol: 'tcp', ports: ['1-65535'] }], destination_ranges: ['0.0.0.0/0'] }],
  ['one port of the world', { allow: [{ protocol: 'tcp', ports: ['443'] }], destination_ranges: ['0.0.0.0/0'] }],
  ['two halves', { allow: [{ protocol: 'all' }], destination_ranges: ['0.0.0.0/1', '128.0.0.0/1'] }],
  ['half', { allow: [{ protocol: 'tcp', ports: ['443'] }], destination_ranges: ['128.0.0.0/1'] }],
  ['nothing written', { allow: [{ protocol: 'tcp' }] }],
  ['a protocol by its number', { allow: [{ protocol: '6' }], destination_ranges: ['0.0.0.0/0'] }],
  ['another protocol', { allow: [{ protocol: 'esp' }], destination_ranges: ['0.0.0.0/0'] }],
  ['many ranges beside each other', { allow: [{ protocol: 'tcp', ports: [443] }], destination_ranges: Array.from({ length: 40 }, (_, index) => `8.${index}.0.0/16`) }],
  ['by network tag', { allow: [{ protocol: 'tcp' }], target_tags: ['web'] }],
])('open: %s', (_, allow) => {
  const { kinds, hits } = withAllow(allow);
  expect(kinds['google_compute_instance.m 4']).toBe('open');
  const ids = hits.filter(({ witness }) => witness !== undefined).map(({ rule }) => rule);
  expect(ids).toContain('open-egress');
  expect(hits.some(({ rule, address }) => rule === 'wide-firewall-rule' && address === 'google_compute_firewall.allow')).toBe(true);
});

test.each([
  ['another tag', { allow: [{ protocol: 'tcp' }], target_tags: ['db'] }, 'none'],
  ['a service account that it does not have', { allow: [{ protocol: 'tcp' }], target_service_accounts: ['a@b.iam.gserviceaccount.com'] }, 'none'],
  ['disabled', { allow: [{ protocol: 'tcp' }], disabled: true }, 'none'],
  ['behind the deny', { allow: [{ protocol: 'tcp' }], priority: 65535 }, 'none'],
  ['of the same priority as the deny', { allow: [{ protocol: 'tcp' }], priority: 65534 }, 'none'],
  ['to one address', { allow: [{ protocol: 'tcp', ports: ['443'] }], destination_ranges: ['8.8.8.8'] }, 'allowlisted'],
  ['to private addresses', { allow: [{ protocol: 'all' }], destination_ranges: ['10.0.0.0/8'] }, 'none'],
])('not open: %s', (_, allow, kind) => {
  expect(withAllow(allow).kinds['google_compute_instance.m 4']).toBe(kind);
});

test('the implied rule lets everything out, and a deny for one address family does not touch the other', () => {
  expect(review(stack(BASE)).kinds['google_compute_instance.m 4']).toBe('open');
  const dual = { ...BASE, google_compute_subnetwork: { s: { ...BASE.google_compute_subnetwork.s, stack_type: 'IPV4_IPV6', ipv6_access_type: 'EXTERNAL' } } };
  const machine = { m: { ...BASE.google_compute_instance.m, network_interface: [{ subnetwork: '${google_compute_subnetwork.s.id}', stack_type: 'IPV4_IPV6', access_config: [{}], ipv6_access_config: [{ network_tier: 'PREMIUM' }] }] } };
  const { kinds, hits } = review(stack({ ...dual, google_compute_instance: machine, google_compute_firewall: { deny: DENY } }));
  expect(kinds).toEqual({ 'google_compute_instance.m 4': 'none', 'google_compute_instance.m 6': 'open' });
  expect(hits.find(({ rule }) => rule === 'ipv6-egress-open')?.witness).toBeDefined();
});

test('a machine without a public address and without a NAT reaches no more than the APIs', () => {
  const inside = { m: { ...BASE.google_compute_instance.m, network_interface: [{ subnetwork: '${google_compute_subnetwork.s.id}' }] } };
  expect(review(stack({ ...BASE, google_compute_instance: inside })).kinds['google_compute_instance.m 4']).toBe('none');
});

test('Cloud Armor is no control of what leaves', () => {
  const armor = { google_compute_security_policy: { a: { name: 'a', rule: [{ action: 'deny(403)', priority: 1, match: [{ versioned_expr: 'SRC_IPS_V1', config: [{ src_ip_ranges: ['*'] }] }] }] } } };
  expect(review(stack({ ...BASE, ...armor })).kinds['google_compute_instance.m 4']).toBe('open');
});
