/** Rules that hand packets to a firewall endpoint, which lets some names through. */
import { INSIDE, kinds, network, outside, policy, subnetwork, type Resources } from './one-machine';
import { stack, verdictsOf } from './reviewing';

const PROFILE = 'google_network_security_security_profile';
const MACHINE = 'google_compute_instance.m';
const FILTER = { action: 'apply_security_profile_group', security_profile_group: `//networksecurity.googleapis.com/\${${PROFILE}_group.g.id}`, match: [{ layer4_configs: [{ ip_protocol: 'tcp', ports: ['443'] }], dest_ip_ranges: ['0.0.0.0/0'] }] };
const allow = (...urls: string[]) => ({ priority: 10, filtering_action: 'ALLOW', urls });
const DENY_ALL = { google_compute_firewall: { d: { name: 'd', network, direction: 'EGRESS', deny: [{ protocol: 'all' }] } } };

function filters(filter: readonly object[], more: Resources = {}): Resources {
  return {
    [PROFILE]: { p: { name: 'p', type: 'URL_FILTERING', url_filtering_profile: [{ url_filters: filter }] } },
    [`${PROFILE}_group`]: { g: { name: 'g', url_filtering_profile: `\${${PROFILE}.p.id}` } },
    google_network_security_firewall_endpoint_association: { a: { location: 'r-a', network, firewall_endpoint: 'e' } },
    ...more,
  };
}
/** The policy stands before the rule that denies everything. */
const all = (filter: readonly object[], more: Resources = {}, rule: object = {}): Resources => ({
  ...INSIDE, ...outside(), ...DENY_ALL, ...policy('google_compute_network_firewall_policy', { ...FILTER, ...rule }),
  google_compute_network: { n: { name: 'n', auto_create_subnetworks: false, delete_default_routes_on_create: true, network_firewall_policy_enforcement_order: 'BEFORE_CLASSIC_FIREWALL' } },
  ...filters(filter, more),
});
const kind = (...args: Parameters<typeof all>) => kinds(stack(all(...args)))[MACHINE];
const hosts = (resources: Resources) => verdictsOf(stack(resources)).verdicts.find(({ place, family }) => place.id === MACHINE && family === 4)?.hosts.map(({ host, ports }) => `${host}:${ports.join()}`);

test('the names of the filter are the allowlist, and nothing else gets out', () => {
  expect(kind([allow('API.example.com', '*.example.org')])).toBe('allowlisted');
  expect(hosts(all([allow('API.example.com', '*.example.org')]))).toEqual(['*.example.org:443', 'api.example.com:443']);
});

test.each<[string, Parameters<typeof all>, string]>([
  ['any name', [[allow('*')]], 'open'],
  ['any name behind a list', [[allow('a.example.com'), { priority: 20, filtering_action: 'ALLOW', urls: ['*'] }]], 'open'],
  ['any name behind one that refuses every name', [[allow('a.example.com'), { priority: 5, filtering_action: 'DENY', urls: ['*'] }, { priority: 20, filtering_action: 'ALLOW', urls: ['*'] }]], 'none'],
  ['udp, which nobody filters', [[allow('a.example.com')], {}, { match: [{ layer4_configs: [{ ip_protocol: 'all' }], dest_ip_ranges: ['0.0.0.0/0'] }] }], 'open'],
  ['a group that only looks for threats', [[], { [`${PROFILE}_group`]: { g: { name: 'g', threat_prevention_profile: 'p' } } }], 'open'],
  ['a profile of another plan', [[], { [`${PROFILE}_group`]: { g: { name: 'g', url_filtering_profile: 'organizations/1/locations/global/securityProfiles/x' } } }], 'unknown'],
  ['names that are not known', [[{ priority: 1, filtering_action: 'ALLOW', urls: '${var.urls}' }]], 'unknown'],
  ['no endpoint in the network', [[allow('a.example.com')], { google_network_security_firewall_endpoint_association: {} }], 'unknown'],
  ['an endpoint in another region', [[allow('a.example.com')], { google_network_security_firewall_endpoint_association: { a: { location: 'q-a', network } } }], 'unknown'],
  ['an endpoint that is off', [[allow('a.example.com')], { google_network_security_firewall_endpoint_association: { a: { location: 'r-a', network, disabled: true } } }], 'unknown'],
])('%s', (_, args, expected) => expect(kind(...args)).toBe(expected));

test('where the group of an organization is known by its id alone, it is found', () => {
  const id = 'organizations/1/locations/global/securityProfileGroups/g';
  const resources = all([allow('a.example.com')], { [`${PROFILE}_group`]: { g: { id, name: 'g', url_filtering_profile: `\${${PROFILE}.p.id}` } } }, { security_profile_group: `https://networksecurity.googleapis.com/v1/${id}` });
  expect(kinds(stack(resources))[MACHINE]).toBe('allowlisted');
});

test('addresses that a rule leads on to are a list, as those are that it allows', () => {
  const led = (dest_ip_ranges: string[]): Resources => ({
    ...INSIDE, google_compute_instance: { m: { name: 'm', zone: 'r-a', network_interface: [{ subnetwork, access_config: [{}] }] } },
    ...policy('google_compute_network_firewall_policy', {}),
    google_compute_network_firewall_policy_rule: {
      on: { firewall_policy: '${google_compute_network_firewall_policy.p.name}', priority: 1, action: 'goto_next', direction: 'EGRESS', match: [{ layer4_configs: [{ ip_protocol: 'tcp', ports: ['443'] }], dest_ip_ranges }] },
      r: { firewall_policy: '${google_compute_network_firewall_policy.p.name}', priority: 10, action: 'deny', direction: 'EGRESS', match: [{ layer4_configs: [{ ip_protocol: 'all' }], dest_ip_ranges: ['0.0.0.0/0'] }] },
    },
  });
  expect(hosts(led(['8.8.4.0/24', '10.0.0.0/8']))).toEqual(['8.8.4.0/24:443']);
  expect(kinds(stack(led(['8.8.4.0/24'])))[MACHINE]).toBe('allowlisted');
  expect(kinds(stack(led(['8.0.0.0/8'])))[MACHINE]).toBe('open');
});
