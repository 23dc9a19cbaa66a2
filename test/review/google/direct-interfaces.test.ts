/** Cloud Run with interfaces in a subnet: whose rules hold for it, which addresses it gets, and what inspects it. */
import { classic, DENY, INSIDE, kindOf, kinds, network, policy, SUBNET, subnetwork, type Resources } from './one-machine';
import { stack } from './reviewing';

const NAT: Resources = {
  google_compute_router: { r: { name: 'r', network, region: 'r' } },
  google_compute_router_nat: { n: { name: 'n', router: '${google_compute_router.r.name}', region: 'r', source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES' } },
};
const vpc_access = [{ egress: 'ALL_TRAFFIC', network_interfaces: [{ network, subnetwork }] }];
const OWN = 'own@p.iam.gserviceaccount.com';

describe.each<[string, (account: string) => object]>([
  ['google_cloud_run_v2_service', (service_account) => ({ template: [{ service_account, vpc_access }] })],
  ['google_cloud_run_v2_worker_pool', (service_account) => ({ template: [{ service_account, vpc_access }] })],
  ['google_cloud_run_v2_job', (service_account) => ({ template: [{ template: [{ service_account, vpc_access }] }] })],
  ['google_cloud_run_v2_instance', (service_account) => ({ service_account, vpc_access })],
  ['google_cloud_run_service', (service_account_name) => ({
    template: [{
      spec: [{ service_account_name }],
      metadata: [{ annotations: { 'run.googleapis.com/vpc-access-egress': 'all-traffic', 'run.googleapis.com/network-interfaces': '[{"network":"n","subnetwork":"s"}]' } }],
    }],
  })],
  ['google_cloudfunctions2_function', (service_account_email) => ({
    service_config: [{ service_account_email, direct_vpc_egress: 'VPC_EGRESS_ALL_TRAFFIC', direct_vpc_network_interface: [{ network, subnetwork }] }],
  })],
])('%s', (type, of) => {
  const rules = classic({ d: DENY, a: { priority: 10, allow: [{ protocol: 'all' }], target_service_accounts: [OWN] } });
  test.each([[OWN, 'open'], ['other@p.iam.gserviceaccount.com', 'none']])('an allow for its account, as %s: %s', (account, expected) => {
    expect(kindOf(`${type}.c`, INSIDE, NAT, rules, { [type]: { c: { name: 'c', location: 'r', ...of(account) } } })).toBe(expected);
  });

  test.each([['EXTERNAL', 'open'], ['INTERNAL', 'none']])('in a subnet with %s IPv6 addresses: %s', (ipv6_access_type, expected) => {
    const document = stack({ ...INSIDE, ...classic({ d: { ...DENY, destination_ranges: ['0.0.0.0/0'] } }), google_compute_subnetwork: { s: { ...SUBNET, stack_type: 'IPV4_IPV6', ipv6_access_type } }, [type]: { c: { name: 'c', location: 'r', ...of(OWN) } } });
    expect(kinds(document, 6)[`${type}.c`]).toBe(expected);
    expect(kinds(document, 4)[`${type}.c`]).toBe('none');
  });
});

describe('a rule that hands packets to a firewall endpoint', () => {
  const PROFILE = 'google_network_security_security_profile';
  const filtered = (filter: object, more: Resources = {}): Resources => ({
    ...INSIDE, ...NAT,
    google_compute_firewall: { d: { name: 'd', network, direction: 'EGRESS', deny: [{ protocol: 'all' }] } },
    google_compute_network: { n: { name: 'n', auto_create_subnetworks: false, network_firewall_policy_enforcement_order: 'BEFORE_CLASSIC_FIREWALL' } },
    ...policy('google_compute_network_firewall_policy', { action: 'apply_security_profile_group', security_profile_group: `\${${PROFILE}_group.g.id}`, match: [{ layer4_configs: [{ ip_protocol: 'tcp' }], dest_ip_ranges: ['0.0.0.0/0'] }] }),
    [PROFILE]: { p: { name: 'p', type: 'URL_FILTERING', url_filtering_profile: [{ url_filters: [{ priority: 1, ...filter }] }] } },
    [`${PROFILE}_group`]: { g: { name: 'g', url_filtering_profile: `\${${PROFILE}.p.id}` } },
    google_network_security_firewall_endpoint_association: { a: { location: 'r-a', network, firewall_endpoint: 'e' } },
    google_cloud_run_v2_service: { c: { name: 'c', location: 'r', template: [{ vpc_access }] } },
    ...more,
  });
  const [MACHINE, SERVICE] = ['google_compute_instance.m', 'google_cloud_run_v2_service.c'] as const;

  test('filters what machines send, and not what Cloud Run does', () => {
    const found = kinds(stack(filtered({ filtering_action: 'ALLOW', urls: ['a.example.com'] })));
    expect([found[MACHINE], found[SERVICE]]).toEqual(['allowlisted', 'unknown']);
  });

  test('also where it refuses every name', () => {
    const found = kinds(stack(filtered({ filtering_action: 'DENY', urls: ['*'] })));
    expect([found[MACHINE], found[SERVICE]]).toEqual(['none', 'unknown']);
  });

  test('refuses nothing for certain where the plan has no endpoint', () => {
    expect(kinds(stack(filtered({ filtering_action: 'DENY', urls: ['*'] }, { google_network_security_firewall_endpoint_association: {} })))[MACHINE]).toBe('unknown');
  });
});

test('a function whose callers may get an older revision', () => {
  const config = { direct_vpc_egress: 'VPC_EGRESS_ALL_TRAFFIC', direct_vpc_network_interface: [{ network, subnetwork }] };
  const one = (more: object) => kindOf('google_cloudfunctions2_function.f', INSIDE, { google_cloudfunctions2_function: { f: { name: 'f', location: 'r', service_config: [{ ...config, ...more }] } } });
  expect([one({}), one({ all_traffic_on_latest_revision: true }), one({ all_traffic_on_latest_revision: false }), one({ direct_vpc_egress: 'VPC_EGRESS_PRIVATE_RANGES_ONLY' })]).toEqual(['none', 'none', 'unknown', 'open']);
});
