/** Checks that no mutation of our own stack can provoke: one sound and one faulty fixture each. */
import { googleChecks } from '../../../review/checks/google';
import { mutations } from '../../contract/google.observer';
import { optionMutations } from '../../contract/google/option-mutations';
import { fixture, policyOf } from '../../fixtures/stacks';
import { review, stack, type Reviewed } from './reviewing';

type Resources = Record<string, Record<string, unknown>>;

const NET = '${google_compute_network.n.id}';
const network = (more: object = {}) => ({ google_compute_network: { n: { name: 'n', auto_create_subnetworks: false, delete_default_routes_on_create: true, ...more } } });
const subnet = { google_compute_subnetwork: { s: { name: 'payments', network: NET, region: 'r', ip_cidr_range: '10.0.0.0/24', private_ip_google_access: true } } };
const machine = (more: object = {}) => ({ google_compute_instance: { m: { name: 'm', zone: 'r-a', network_interface: [{ subnetwork: '${google_compute_subnetwork.s.id}', access_config: [{}] }], ...more } } });
const route = (more: object = { next_hop_gateway: 'default-internet-gateway' }) => ({ google_compute_route: { r: { name: 'r', network: NET, dest_range: '0.0.0.0/0', ...more } } });
const closed = { google_compute_firewall: { f: { name: 'f', network: NET, direction: 'EGRESS', deny: [{ protocol: 'all' }], log_config: [{ metadata: 'INCLUDE_ALL_METADATA' }] } } };
const service = (access: object) => ({ google_cloud_run_v2_service: { c: { name: 'c', location: 'r', template: { containers: [{ image: 'i' }], ...access } } } });
const inside = service({ vpc_access: { egress: 'ALL_TRAFFIC', network_interfaces: [{ network: NET, subnetwork: '${google_compute_subnetwork.s.id}' }] } });
const proxy = (matcher: string) => ({
  google_network_services_gateway: { g: { name: 'g', location: 'r', type: 'SECURE_WEB_GATEWAY', addresses: ['10.0.0.9'], ports: [443], network: NET, gateway_security_policy: '${google_network_security_gateway_security_policy.p.id}' } },
  google_network_security_gateway_security_policy: { p: { name: 'p', location: 'r' } },
  google_network_security_gateway_security_policy_rule: { r: { name: 'r', location: 'r', enabled: true, priority: 1, basic_profile: 'ALLOW', gateway_security_policy: '${google_network_security_gateway_security_policy.p.name}', session_matcher: matcher } },
});
const cluster = { google_container_cluster: { k: { name: 'k', network: NET, subnetwork: '${google_compute_subnetwork.s.id}', private_cluster_config: { enable_private_nodes: true } } } };
const perimeter = (more: object) => ({ google_access_context_manager_service_perimeter: { p: { name: 'p', title: 'p', parent: 'accessPolicies/1', ...more } } });
const organization = (action: string) => ({
  google_compute_firewall_policy: { o: { short_name: 'o', parent: 'organizations/1' } },
  google_compute_firewall_policy_association: { o: { name: 'o', attachment_target: 'organizations/1', firewall_policy: '${google_compute_firewall_policy.o.id}' } },
  google_compute_firewall_policy_rule: { o: { firewall_policy: '${google_compute_firewall_policy.o.id}', priority: 1, action, direction: 'EGRESS', match: { dest_ip_ranges: ['0.0.0.0/0'], layer4_configs: [{ ip_protocol: 'all' }] } } },
});
const peering = (imports: boolean) => ({
  google_compute_network: { ...network().google_compute_network, hub: { name: 'hub', auto_create_subnetworks: false, delete_default_routes_on_create: true } },
  google_compute_route: { h: { name: 'h', network: '${google_compute_network.hub.id}', dest_range: '0.0.0.0/0', next_hop_ip: '10.9.0.9' } },
  google_compute_network_peering: {
    a: { name: 'a', network: NET, peer_network: '${google_compute_network.hub.id}', import_custom_routes: imports },
    b: { name: 'b', network: '${google_compute_network.hub.id}', peer_network: NET, export_custom_routes: true },
  },
});

const segment = { labels: { segment: 'payments' } };
const reached = (matcher: string): Resources => ({ ...network(), ...subnet, ...machine({ network_interface: [{ subnetwork: '${google_compute_subnetwork.s.id}' }], ...segment }), ...proxy(matcher) });
const { policy } = policyOf(fixture('full'));
const changed = (change: object) => ({ ...policy, allow: policy.allow.map((rule) => (rule.host.text === 'api.stripe.com' ? { ...rule, ...change } : rule)) });
/** The segment's wildcard, with a reason. */
const explaining = { ...policy, allow: policy.allow.map((rule) => (rule.host.text === '*.docker.io' ? { ...rule, segments: [...rule.segments, 'payments'], clouds: [...rule.clouds, 'google'] } : rule)) };
const STRIPE = "host() == 'api.stripe.com'";
const onlyStripe = { ...policy, allow: policy.allow.filter(({ host }) => host.text === 'api.stripe.com') };
/** A machine whose network lets out one host by name. */
const listed = (host: string, port: string): Resources => ({
  ...network({ network_firewall_policy_enforcement_order: 'BEFORE_CLASSIC_FIREWALL' }), ...subnet, ...machine(segment), ...route(), ...closed,
  google_compute_network_firewall_policy: { p: { name: 'p' } },
  google_compute_network_firewall_policy_association: { p: { name: 'p', attachment_target: NET, firewall_policy: '${google_compute_network_firewall_policy.p.name}' } },
  google_compute_network_firewall_policy_rule: { a: { firewall_policy: '${google_compute_network_firewall_policy.p.name}', priority: 1, action: 'allow', direction: 'EGRESS', match: { dest_fqdns: [host], layer4_configs: [{ ip_protocol: 'tcp', ports: [port] }] } } },
});

const answered = (address: string): Resources => ({
  google_dns_managed_zone: { z: { name: 'z', dns_name: 'stripe.com.', visibility: 'private', private_visibility_config: [{ networks: [{ network_url: NET }] }] } },
  google_dns_record_set: { r: { name: 'api.stripe.com.', managed_zone: '${google_dns_managed_zone.z.name}', type: 'A', rrdatas: [address] } },
});

const POLICY = '${google_compute_network_firewall_policy.p.name}';
/** A policy that denies everything, with further rules. */
const closedPolicy = (rules: Record<string, object>): Resources => ({
  google_compute_network_firewall_policy: { p: { name: 'p' } },
  google_compute_network_firewall_policy_association: { p: { name: 'p', attachment_target: NET, firewall_policy: POLICY } },
  google_compute_network_firewall_policy_rule: {
    last: { firewall_policy: POLICY, priority: 1000, action: 'deny', direction: 'EGRESS', match: { dest_ip_ranges: ['0.0.0.0/0'], layer4_configs: [{ ip_protocol: 'all' }] } },
    ...Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, { firewall_policy: POLICY, ...rule }])),
  },
});
/** A machine in r-a whose policy filters names, with a firewall endpoint in some zone. */
const filtering = (zone: string): Resources => ({
  ...network(), ...subnet, ...machine(), ...route(),
  ...closedPolicy({ f: { priority: 1, action: 'apply_security_profile_group', direction: 'EGRESS', security_profile_group: '//networksecurity.googleapis.com/${google_network_security_security_profile_group.g.id}', match: { dest_ip_ranges: ['0.0.0.0/0'], layer4_configs: [{ ip_protocol: 'tcp', ports: ['443'] }] } } }),
  google_network_security_security_profile: { p: { name: 'p', type: 'URL_FILTERING', url_filtering_profile: { url_filters: [{ priority: 1, filtering_action: 'ALLOW', urls: ['api.example.com'] }] } } },
  google_network_security_security_profile_group: { g: { name: 'g', url_filtering_profile: '${google_network_security_security_profile.p.id}' } },
  google_network_security_firewall_endpoint_association: { a: { location: zone, network: NET, firewall_endpoint: 'e' } },
});
const toControlPlane = { c: { priority: 1, action: 'allow', direction: 'EGRESS', match: { dest_ip_ranges: ['172.16.0.0/28'], layer4_configs: [{ ip_protocol: 'tcp', ports: ['443'] }] } } };
const privateCluster = { google_container_cluster: { k: { ...cluster.google_container_cluster.k, private_cluster_config: { enable_private_nodes: true, master_ipv4_cidr_block: '172.16.0.0/28' } } } };
const tagged = { google_tags_tag_key: { k: { short_name: 'segment', purpose: 'GCE_FIREWALL' } }, google_tags_tag_value: { payments: { parent: '${google_tags_tag_key.k.id}', short_name: 'payments' } } };
const reserved = { google_compute_global_address: { r: { name: 'r', purpose: 'VPC_PEERING', address_type: 'INTERNAL', network: NET, address: '10.9.0.0', prefix_length: 16 } } };
const toServices = (protocol: string) => ({
  action: 'allow', direction: 'EGRESS', target_secure_tags: [{ name: '${google_tags_tag_value.payments.id}' }],
  match: { dest_ip_ranges: ['10.9.0.0/16'], layer4_configs: [{ ip_protocol: protocol, ...(protocol === 'tcp' ? { ports: ['5432'] } : {}) }] },
});
const fromChecks = (protocol: string) => ({
  priority: 5, action: 'allow', direction: 'INGRESS', match: { src_ip_ranges: ['35.191.0.0/16'], layer4_configs: [{ ip_protocol: protocol, ...(protocol === 'tcp' ? { ports: ['8443'] } : {}) }] },
});

const attached = (project: string) => ({ ...network(), ...subnet, google_compute_forwarding_rule: { e: { name: 'e', project: 'p', network: NET, load_balancing_scheme: '', ip_address: '10.0.0.9', target: `projects/${project}/regions/r/serviceAttachments/a` } } });

/** By check: what is sound, what is not, and the address that must be named. A third entry is the policy file that goes with both, or each. */
const CASES: Readonly<Record<string, { readonly sound: readonly [Resources, object?]; readonly faulty: readonly [Resources, object?]; readonly at: string; readonly noWitness?: true }>> = {
  'open-egress': { sound: [{ ...network(), ...subnet, ...machine(), ...route(), ...closed }], faulty: [{ ...network(), ...subnet, ...machine(), ...route() }], at: 'google_compute_instance.m' },
  'verdict-unknown': { sound: [{ ...network(), ...subnet, ...machine() }], faulty: [{ ...network(), ...subnet, ...machine(), ...route({ next_hop_vpn_tunnel: 'elsewhere' }) }], at: 'google_compute_instance.m' },
  'default-network-used': { sound: [{ ...network(), ...subnet, ...machine() }], faulty: [machine({ network_interface: [{ network: 'default', access_config: [{}] }] })], at: 'google_compute_instance.m' },
  'inspection-zone-missing': { sound: [filtering('r-a')], faulty: [filtering('r-b')], at: 'google_compute_instance.m', noWitness: true },
  'serverless-egress-outside-network': { sound: [{ ...network(), ...subnet, ...inside }], faulty: [{ ...network(), ...subnet, ...service({}) }], at: 'google_cloud_run_v2_service.c' },
  'proxy-any-host': { sound: [reached(STRIPE)], faulty: [reached("host() == 'a.com' || true")], at: 'google_network_security_gateway_security_policy_rule.r' },
  'cluster-endpoint-public': {
    sound: [{ ...network(), ...subnet, google_container_cluster: { k: { ...cluster.google_container_cluster.k, private_cluster_config: { enable_private_nodes: true, enable_private_endpoint: true } } } }],
    faulty: [{ ...network(), ...subnet, ...cluster }], at: 'google_container_cluster.k', noWitness: true,
  },
  'kubernetes-endpoints-incomplete': {
    sound: [{ ...network(), ...subnet, ...cluster, ...route({ dest_range: '199.36.153.4/30', next_hop_gateway: 'default-internet-gateway' }) }],
    faulty: [{ ...network(), ...subnet, ...cluster }], at: 'google_container_cluster.k', noWitness: true,
  },
  'kubernetes-control-plane-unreachable': {
    sound: [{ ...network({ network_firewall_policy_enforcement_order: 'BEFORE_CLASSIC_FIREWALL' }), ...subnet, ...privateCluster, ...closedPolicy(toControlPlane) }],
    faulty: [{ ...network({ network_firewall_policy_enforcement_order: 'BEFORE_CLASSIC_FIREWALL' }), ...subnet, ...privateCluster, ...closedPolicy({}) }], at: 'google_container_cluster.k', noWitness: true,
  },
  'kubernetes-webhooks-unreachable': {
    sound: [{ ...network(), ...subnet, ...closedPolicy({ ...toControlPlane, c: { ...toControlPlane.c, priority: 3, direction: 'INGRESS', match: { src_ip_ranges: ['172.16.0.0/28'], layer4_configs: [{ ip_protocol: 'tcp', ports: ['8443'] }] } }, d: toControlPlane.c }) }],
    faulty: [{ ...network(), ...subnet, ...closedPolicy(toControlPlane) }], at: 'google_compute_network_firewall_policy_rule.c', noWitness: true,
  },
  'private-rule-every-port': {
    sound: [{ ...network(), ...subnet, ...tagged, ...reserved, ...closedPolicy({ p: { ...toServices('tcp'), priority: 4 } }) }],
    faulty: [{ ...network(), ...subnet, ...tagged, ...reserved, ...closedPolicy({ p: { ...toServices('all'), priority: 4 } }) }], at: 'google_compute_network_firewall_policy_rule.p', noWitness: true,
  },
  'google-callers-every-port': {
    sound: [{ ...network(), ...subnet, ...closedPolicy({ h: fromChecks('tcp') }) }],
    faulty: [{ ...network(), ...subnet, ...closedPolicy({ h: fromChecks('all') }) }], at: 'google_compute_network_firewall_policy_rule.h', noWitness: true,
  },
  'proxy-rules-elsewhere': {
    sound: [reached(STRIPE)],
    faulty: [{ ...reached(STRIPE), google_network_services_gateway: { g: { ...proxy(STRIPE).google_network_services_gateway.g, gateway_security_policy: 'projects/p/locations/r/gatewaySecurityPolicies/x' } } }], at: 'google_network_services_gateway.g', noWitness: true,
  },
  'perimeter-dry-run': { sound: [perimeter({ status: { restricted_services: ['storage.googleapis.com'] } })], faulty: [perimeter({ spec: { restricted_services: ['storage.googleapis.com'] }, use_explicit_dry_run_spec: true })], at: 'google_access_context_manager_service_perimeter.p', noWitness: true },
  'database-public-address': { sound: [{ google_sql_database_instance: { d: { settings: { ip_configuration: { ipv4_enabled: false } } } } }], faulty: [{ google_sql_database_instance: { d: { settings: { tier: 't' } } } }], at: 'google_sql_database_instance.d', noWitness: true },
  'hierarchical-policy-allow': { sound: [{ ...network(), ...subnet, ...organization('goto_next') }], faulty: [{ ...network(), ...subnet, ...organization('allow') }], at: 'google_compute_firewall_policy_rule.o', noWitness: true },
  'way-out-elsewhere': {
    sound: [{ ...network(), ...subnet, ...route() }],
    faulty: [{ ...network(), ...subnet, ...route({ network: 'projects/p/global/networks/elsewhere', next_hop_gateway: 'default-internet-gateway' }) }], at: 'google_compute_route.r', noWitness: true,
  },
  'peering-imports-default-route': { sound: [{ ...subnet, ...machine(), ...peering(false) }], faulty: [{ ...subnet, ...machine(), ...peering(true) }], at: 'google_compute_route.h' },
  'endpoint-of-another-party': { sound: [attached('p')], faulty: [attached('vendor')], at: 'google_compute_forwarding_rule.e', noWitness: true },
  'packets-mirrored': {
    sound: [{ ...network(), ...subnet, google_compute_packet_mirroring: { p: { name: 'p', enable: 'FALSE', collector_ilb: [{ url: 'projects/x/regions/r/forwardingRules/y' }] } } }],
    faulty: [{ ...network(), ...subnet, google_compute_packet_mirroring: { p: { name: 'p', collector_ilb: [{ url: 'projects/x/regions/r/forwardingRules/y' }] } } }], at: 'google_compute_packet_mirroring.p', noWitness: true,
  },
  'log-sink-elsewhere': {
    sound: [{ google_logging_project_sink: { s: { name: 's', project: 'p', destination: 'logging.googleapis.com/projects/p/locations/eu/buckets/b' }, b: { name: 'b', project: 'p', destination: 'storage.googleapis.com/${google_storage_bucket.b.name}' } }, google_storage_bucket: { b: { name: 'b' } } }],
    faulty: [{ google_logging_project_sink: { s: { name: 's', project: 'p', destination: 'pubsub.googleapis.com/projects/vendor/topics/in' } } }],
    at: 'google_logging_project_sink.s', noWitness: true,
  },
  'data-copied-elsewhere': {
    sound: [{ google_pubsub_subscription: { s: { name: 's', topic: 't', project: 'p', bigquery_config: [{ table: 'p.d.t' }] } } }],
    faulty: [{ google_pubsub_subscription: { s: { name: 's', topic: 't', project: 'p', bigquery_config: [{ table: 'vendor.d.t' }] } } }], at: 'google_pubsub_subscription.s', noWitness: true,
  },
  'data-given-elsewhere': {
    sound: [{ google_storage_bucket_iam_member: { m: { bucket: 'b', role: 'roles/storage.objectViewer', member: 'group:readers@example.com' } } }],
    faulty: [{ google_storage_bucket_iam_member: { m: { bucket: 'b', role: 'roles/storage.objectViewer', member: 'allUsers' } } }], at: 'google_storage_bucket_iam_member.m', noWitness: true,
  },
  'published-service-open': {
    sound: [{ google_compute_service_attachment: { a: { name: 'a', connection_preference: 'ACCEPT_MANUAL' } } }],
    faulty: [{ google_compute_service_attachment: { a: { name: 'a', connection_preference: 'ACCEPT_AUTOMATIC' } } }], at: 'google_compute_service_attachment.a', noWitness: true,
  },
  'serial-console-open': {
    sound: [{ ...network(), ...subnet, ...machine({ metadata: { 'serial-port-enable': 'FALSE' } }) }],
    faulty: [{ ...network(), ...subnet, ...machine({ metadata: { 'serial-port-enable': 'TRUE' } }) }], at: 'google_compute_instance.m', noWitness: true,
  },
  'host-answered-here': { sound: [{ ...listed('api.stripe.com', '443'), ...answered('10.0.0.8') }], faulty: [{ ...listed('api.stripe.com', '443'), ...answered('8.8.4.4') }], at: 'google_dns_record_set.r', noWitness: true },
  'managed-service-egress': {
    sound: [{ ...network(), ...subnet, google_pubsub_subscription: { s: { name: 's', topic: 't', push_config: [{ push_endpoint: 'https://jobs-abc-uc.a.run.app/push' }] }, pull: { name: 'pull', topic: 't' } }, google_cloud_run_v2_service: { jobs: { name: 'jobs', location: 'l', uri: 'https://jobs-abc-uc.a.run.app' } } }],
    faulty: [{ ...network(), ...subnet, google_pubsub_subscription: { s: { name: 's', topic: 't', push_config: [{ push_endpoint: 'https://hooks.example.net/push' }] } } }], at: 'google_pubsub_subscription.s', noWitness: true,
  },
  'foreign-peering': { sound: [{ ...subnet, ...peering(false) }], faulty: [{ ...network(), ...subnet, google_compute_network_peering: { p: { name: 'p', network: NET, peer_network: 'projects/x/global/networks/y' } } }], at: 'google_compute_network_peering.p', noWitness: true },
  'plan-and-policy-disagree': { sound: [listed('api.stripe.com', '443'), onlyStripe], faulty: [listed('evil.example', '443'), onlyStripe], at: 'google_compute_network_firewall_policy_rule.a' },
  'expired-host': { sound: [reached(STRIPE), changed({ expires: '2099-01-01' })], faulty: [reached(STRIPE), changed({ expires: '2020-01-01' })], at: 'google_network_security_gateway_security_policy_rule.r', noWitness: true },
  'ownerless-host': { sound: [reached(STRIPE), policy], faulty: [reached(STRIPE), changed({ owner: ' ' })], at: 'google_network_security_gateway_security_policy_rule.r', noWitness: true },
  'wildcard-host': { sound: [reached("host().endsWith('.docker.io')"), explaining], faulty: [reached("host().endsWith('.docker.io')"), policy], at: 'google_network_security_gateway_security_policy_rule.r', noWitness: true },
  'public-suffix-host': { sound: [reached("host().endsWith('.docker.io')")], faulty: [reached("host().endsWith('.github.io')")], at: 'google_network_security_gateway_security_policy_rule.r' },
};

const hitsOf = (reviewed: Reviewed, id: string) => reviewed.hits.filter(({ rule }) => rule === id);
const run = ([resources, of]: readonly [Resources, object?]) => review(stack(resources), of as typeof policy | undefined);

describe.each(Object.keys(CASES))('%s', (id) => {
  const { sound, faulty, at, noWitness } = CASES[id]!;
  test('sound', () => {
    expect(hitsOf(run(sound), id)).toEqual([]);
  });
  test('faulty', () => {
    const hits = hitsOf(run(faulty), id);
    expect(hits.map(({ address }) => address)).toContain(at);
    if (!noWitness) expect(hits.find(({ address }) => address === at)?.witness?.length).toBeGreaterThan(0);
  });
});

describe('a way out for a network that is not in the plan', () => {
  const elsewhere = { network: 'projects/p/global/networks/elsewhere' };
  const told = (type: string, body: object) => hitsOf(run([{ ...network(), ...subnet, [type]: { way: { name: 'way', ...body } } }]), 'way-out-elsewhere').map(({ severity = 'high' }) => severity);
  const rule = (match: object, more: object = {}) => ({ firewall_policy: 'elsewhere', priority: 1, action: 'allow', direction: 'EGRESS', match: { layer4_configs: [{ ip_protocol: 'tcp', ports: ['443'] }], ...match }, ...more });
  const world = { dest_ip_ranges: ['0.0.0.0/1', '128.0.0.0/1'] };
  const nat = (router: string) => ({ router, region: 'r', nat_ip_allocate_option: 'AUTO_ONLY', source_subnetwork_ip_ranges_to_nat: 'LIST_OF_SUBNETWORKS', subnetwork: [{ name: 'projects/p/regions/r/subnetworks/s', source_ip_ranges_to_nat: ['ALL_IP_RANGES'] }] });

  test.each<[string, object, readonly string[]]>([
    ['google_compute_route', { ...elsewhere, dest_range: '8.0.0.0/8', next_hop_gateway: 'default-internet-gateway' }, ['high']],
    ['google_compute_route', { ...elsewhere, dest_range: '0.0.0.0/0', next_hop_ip: '10.0.0.9' }, ['low']],
    ['google_compute_route', { ...elsewhere, dest_range: '0.0.0.0/0', next_hop_vpn_tunnel: 'projects/p/regions/r/vpnTunnels/t' }, ['medium']],
    ['google_compute_route', { ...elsewhere, dest_range: '${var.range}', next_hop_gateway: 'default-internet-gateway' }, ['high']],
    ['google_compute_route', { ...elsewhere, dest_range: '10.9.0.0/16', next_hop_ip: '10.0.0.9' }, []],
    // Google's own APIs.
    ['google_compute_route', { ...elsewhere, dest_range: '199.36.153.4/30', next_hop_gateway: 'default-internet-gateway' }, []],
    ['google_compute_router_nat', nat('elsewhere'), ['medium']],
    ['google_compute_router_peer', { router: 'elsewhere', interface: 'i', peer_asn: 65001 }, ['medium']],
    ['google_compute_network_firewall_policy_rule', rule(world), ['medium']],
    ['google_compute_firewall_policy_rule', rule(world), ['medium']],
    ['google_compute_region_network_firewall_policy_rule', rule({ dest_ip_ranges: ['${var.range}'] }), ['medium']],
    ['google_compute_network_firewall_policy_rule', rule({ dest_region_codes: ['US'] }), ['medium']],
    ['google_compute_network_firewall_policy_rule', rule({ dest_fqdns: ['api.example.com'] }), []],
    ['google_compute_network_firewall_policy_rule', rule(world, { action: 'deny' }), []],
    ['google_compute_network_firewall_policy_rule', rule(world, { direction: 'INGRESS' }), []],
  ])('%s %j', (type, body, expected) => expect(told(type, body)).toEqual(expected));

  test('a router of the plan is none of another', () => {
    const own = { ...network(), ...subnet, google_compute_router: { r: { name: 'r', network: NET, region: 'r' } }, google_compute_router_nat: { n: { ...nat('${google_compute_router.r.name}'), name: 'n' } } };
    expect(hitsOf(run([own]), 'way-out-elsewhere')).toEqual([]);
  });
});

test('wildcard-host: without a policy it is told mildly, and that nobody said whether it is meant', () => {
  const told = (of?: object) => hitsOf(run([reached("host().endsWith('.docker.io')"), of]), 'wildcard-host').map(({ severity, message }) => [severity, message]);
  expect(told()).toEqual([['low', '*.docker.io lets every subdomain through; no policy file was given (--policy) to say whether that is meant']]);
  expect(told(policy)).toEqual([[undefined, '*.docker.io lets every subdomain through']]);
  expect(told(explaining)).toEqual([]);
});

test('every check has an id that is its file, words, a page, and a case that provokes it', () => {
  const provoked = new Set([...mutations, ...optionMutations].map(({ fault }) => fault).concat(Object.keys(CASES)));
  for (const check of googleChecks) {
    expect(check).toMatchObject({ id: expect.stringMatching(/^[a-z0-9]+(-[a-z0-9]+)*$/), why: expect.stringMatching(/\.$/), fix: expect.stringMatching(/\.$/) });
    expect(check.references.length).toBeGreaterThan(0);
    expect(provoked).toContain(check.id);
  }
  const ids = googleChecks.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].sort());
});

test('a balancer that hands calls on to a host outside is told, and a task queue that does', () => {
  const told = (resources: Resources) => hitsOf(run([{ ...network(), ...subnet, ...resources }]), 'managed-service-egress').map(({ message }) => message);
  expect(told({ google_compute_region_network_endpoint: { n: { region_network_endpoint_group: 'neg', fqdn: 'api.example.net', port: 443 } } })).toEqual(['google_compute_region_network_endpoint.n delivers to api.example.net']);
  expect(told({ google_cloud_tasks_queue: { q: { name: 'q', location: 'l', http_target: [{ uri_override: [{ host: 'api.example.net' }] }] } } })).toEqual(['google_cloud_tasks_queue.q delivers to api.example.net']);
  expect(told({ google_cloud_scheduler_job: { j: { name: 'j', http_target: [{ uri: '${var.hook}' }] } } })).toEqual(['google_cloud_scheduler_job.j delivers to a host that the plan does not tell']);
  expect(told({ google_cloud_scheduler_job: { j: { name: 'j', pubsub_target: [{ topic_name: 't' }] } } })).toEqual([]);
  // A service of whoever, in a project of whoever: what the plan has besides it is another one.
  const elsewhere = { google_cloud_scheduler_job: { j: { name: 'j', http_target: [{ uri: 'https://jobs-abc-uc.a.run.app/${google_cloud_run_v2_service.jobs.name}' }] } }, google_cloud_run_v2_service: { jobs: { name: 'jobs', location: 'l', uri: 'https://jobs-xyz-uc.a.run.app' } } };
  expect(told(elsewhere)).toEqual(['google_cloud_scheduler_job.j delivers to a host that the plan does not tell']);
  elsewhere.google_cloud_scheduler_job.j.http_target = [{ uri: 'https://jobs-abc-uc.a.run.app/jobs' }];
  expect(told(elsewhere)).toEqual(['google_cloud_scheduler_job.j delivers to jobs-abc-uc.a.run.app, a name that anybody may have: nothing in the plan has it']);
});
