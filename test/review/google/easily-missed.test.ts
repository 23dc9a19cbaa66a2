/** Ways out that a review is quick to overlook: one fact of Google's a test, each beside the same plan without it. */
import { wayOf } from '../../../review/diff/ways';
import { servedByApis } from '../../../review/model/google/served-by';
import { classic, DENY, INSIDE, kind, kindOf, kinds, network, outside, policy, type Resources, SUBNET, subnetwork } from './one-machine';
import { review, stack, verdictsOf } from './reviewing';

test('a deny that may be disabled', () => {
  expect(kind(outside(), classic({ d: { ...DENY, disabled: false } }))).toBe('none');
  expect(kind(outside(), classic({ d: { ...DENY, disabled: '${var.off}' } }))).toBe('unknown');
});

test('a deny for the proxies of load balancers means no machine', () => {
  expect(kind(outside(), policy('google_compute_network_firewall_policy', { target_type: 'INSTANCES' }))).toBe('none');
  expect(kind(outside(), policy('google_compute_network_firewall_policy', { target_type: 'INTERNAL_MANAGED_LB' }))).toBe('open');
});

describe('a deny of a regional policy', () => {
  const deny = (more: object) => policy('google_compute_region_network_firewall_policy', {}, more);
  const somewhere: Resources = {
    google_compute_subnetwork: { s: { ...SUBNET, region: undefined } },
    google_compute_instance: { m: { name: 'm', network_interface: [{ subnetwork, access_config: [{}] }] } },
  };
  test.each<[string, readonly Resources[], string]>([
    ['of the region', [outside(), deny({ region: 'r' })], 'none'],
    ['of another region', [outside(), deny({ region: 'q' })], 'open'],
    ['of a region that nobody tells', [outside(), deny({ region: '${var.region}' })], 'unknown'],
    ['of a region, for a machine of which nobody tells it', [somewhere, deny({ region: 'q' })], 'unknown'],
    ['of the provider\'s region, like the machine', [somewhere, deny({})], 'none'],
  ])('%s', (_, parts, expected) => {
    expect(kind(...parts)).toBe(expected);
  });
});

describe('an allow for the default account of Compute Engine', () => {
  const rules = classic({ d: DENY, a: { priority: 10, allow: [{ protocol: 'all' }], target_service_accounts: ['77-compute@developer.gserviceaccount.com'] } });
  test.each<[string, object, string]>([
    ['of a machine with no account at all', {}, 'none'],
    ['of a machine with its own account', { service_account: [{ email: 'own@p.iam.gserviceaccount.com', scopes: [] }] }, 'none'],
    ['of a machine that names none, and gets it', { service_account: [{ scopes: ['cloud-platform'] }] }, 'unknown'],
    ['of a machine that names it', { service_account: [{ email: '77-compute@developer.gserviceaccount.com', scopes: [] }] }, 'open'],
  ])('%s', (_, more, expected) => {
    expect(kind(outside(more), rules)).toBe(expected);
  });

  test('of nodes that name none', () => {
    const cluster = (config: object): Resources => ({ google_compute_instance: {}, google_container_cluster: { k: { name: 'k', network, subnetwork, ...config } } });
    expect(kindOf('google_container_cluster.k', INSIDE, cluster({}), rules)).toBe('unknown');
    expect(kindOf('google_container_cluster.k', INSIDE, cluster({ node_config: { service_account: 'own@p.iam.gserviceaccount.com' } }), rules)).toBe('none');
  });
});

describe('an allow for one of two accounts that are called alike', () => {
  const rules = (account: string) => classic({ d: DENY, a: { priority: 10, allow: [{ protocol: 'all' }], target_service_accounts: [account] } });
  const accounts = { google_service_account: { a: { account_id: 'app', project: 'p1' }, b: { account_id: 'app', project: 'p2' } } };
  const [A, B] = ['${google_service_account.a.email}', '${google_service_account.b.email}'];
  const as = (email: string): Resources => outside({ service_account: [{ email, scopes: [] }] });
  test.each<[string, string, string, object, string]>([
    ['by its address, for a machine that refers to it', 'app@p1.iam.gserviceaccount.com', A, accounts, 'open'],
    ['by its address, for a machine that refers to the other', 'app@p1.iam.gserviceaccount.com', B, accounts, 'none'],
    ['by a reference, for a machine that has its address', A, 'app@p1.iam.gserviceaccount.com', accounts, 'open'],
    ['by a reference, for a machine that has the address of the other', A, 'app@p2.iam.gserviceaccount.com', accounts, 'none'],
    ['of a project that nobody tells', A, 'app@p2.iam.gserviceaccount.com', { google_service_account: { a: { account_id: 'app' } } }, 'unknown'],
    ['of a project that another resource tells', A, 'app@p2.iam.gserviceaccount.com', { google_service_account: { a: { account_id: 'app', project: '${google_project.p.project_id}' } } }, 'unknown'],
    ['of a project that nobody tells, and another name', A, 'other@p2.iam.gserviceaccount.com', { google_service_account: { a: { account_id: 'app' } } }, 'none'],
  ])('%s', (_, wanted, carried, more, expected) => {
    expect(kind(as(carried), more as Resources, rules(wanted))).toBe(expected);
  });
});

describe('pools of a cluster', () => {
  const cluster = (config: object, pool: object): Resources => ({
    google_compute_instance: {},
    google_container_cluster: { k: { name: 'k', network, subnetwork, remove_default_node_pool: true, ...config } },
    google_container_node_pool: { p: { cluster: '${google_container_cluster.k.id}', ...pool } },
  });
  const PRIVATE = { network_config: [{ enable_private_nodes: true }] };

  test('that it adds by itself are not those of the plan', () => {
    expect(kinds(stack({ ...INSIDE, ...cluster({}, PRIVATE) }))).toEqual({ 'google_container_node_pool.p': 'none' });
    expect(kinds(stack({ ...INSIDE, ...cluster({ cluster_autoscaling: [{ enabled: true }] }, PRIVATE) }))).toEqual({ 'google_container_cluster.k': 'open', 'google_container_node_pool.p': 'none' });
  });

  test('have their own tags, and not those of the pool that is thrown away', () => {
    const locked = classic({ d: { ...DENY, target_tags: ['locked'] } });
    expect(kindOf('google_container_node_pool.p', INSIDE, cluster({}, { node_config: { tags: ['locked'] } }), locked)).toBe('none');
    expect(kindOf('google_container_node_pool.p', INSIDE, cluster({ node_config: { tags: ['locked'] } }, {}), locked)).toBe('open');
  });
});

test('interfaces of a first plan keep the order of the source', () => {
  const to = (name: string) => ({ subnetwork: { references: [`google_compute_subnetwork.${name}.id`, `google_compute_subnetwork.${name}`] } });
  const made = (type: string, name: string, after: object, expressions: object, after_unknown: object = { id: true }) => ({
    change: { address: `${type}.${name}`, mode: 'managed', type, name, provider_name: 'registry.terraform.io/hashicorp/google', change: { actions: ['create'], before: null, after, after_unknown } },
    configured: { address: `${type}.${name}`, mode: 'managed', type, name, provider_config_key: 'google', expressions },
  });
  const subnet = (name: string, more: object) => made('google_compute_subnetwork', name, { name, region: 'r', ...more }, { network: { references: ['google_compute_network.n.id', 'google_compute_network.n'] } }, { id: true, network: true });
  const parts = [
    made('google_compute_network', 'n', { name: 'n', auto_create_subnetworks: false, delete_default_routes_on_create: true }, {}),
    subnet('four', { ip_cidr_range: '10.0.0.0/24', stack_type: 'IPV4_ONLY' }),
    subnet('six', { stack_type: 'IPV6_ONLY', ipv6_access_type: 'EXTERNAL' }),
    made('google_compute_instance', 'm', { zone: 'r-a', network_interface: [{ access_config: [] }, { access_config: [] }] }, { network_interface: [to('four'), to('six')] }, { network_interface: [{ subnetwork: true }, { subnetwork: true, stack_type: true }] }),
  ];
  const document = { format_version: '1.2', terraform_version: '1.11.4', resource_changes: parts.map(({ change }) => change), configuration: { root_module: { resources: parts.map(({ configured }) => configured) } } };
  expect(verdictsOf(document).model.places[0]!.interfaces.map(({ subnets }) => subnets.map(({ name }) => name))).toEqual([['four'], ['six']]);
  expect(kinds(document, 6)).toEqual({ 'google_compute_instance.m': 'open' });
});

describe('what a plan does not tell', () => {
  const BEFORE = 'google_compute_network_firewall_policy';
  const only = (layers: unknown): Resources => policy(BEFORE, { match: [{ dest_ip_ranges: ['0.0.0.0/0'], layer4_configs: layers }] });

  test('the protocols of a deny, as a whole', () => {
    expect(kind(outside(), only([{ ip_protocol: 'all' }]))).toBe('none');
    expect(kind(outside(), only('${var.layers}'))).toBe('unknown');
  });

  test('one of the ports of an allow', () => {
    const ports = (list: readonly string[]) => classic({ d: DENY, a: { priority: 10, allow: [{ protocol: 'tcp', ports: list }], destination_ranges: ['0.0.0.0/0'] }, e: { priority: 5, deny: [{ protocol: 'tcp', ports: ['443'] }] } });
    expect([kind(outside(), ports(['443'])), kind(outside(), ports(['443', '${var.port}'])), kind(outside(), ports(['444', '${var.port}']))]).toEqual(['none', 'unknown', 'open']);
  });

  test('whether policies or classic rules come first', () => {
    const rules = { ...policy(BEFORE, { action: 'allow' }), ...classic({ d: DENY }) };
    const order = (text: string | undefined): Resources => ({ google_compute_network: { n: { ...INSIDE['google_compute_network']!['n'], network_firewall_policy_enforcement_order: text } } });
    expect([undefined, 'BEFORE_CLASSIC_FIREWALL', '${var.order}'].map((text) => kind(outside(), rules, order(text)))).toEqual(['none', 'open', 'unknown']);
    expect(kind(outside(), { ...policy(BEFORE, {}), ...classic({ d: DENY }) }, order('${var.order}'))).toBe('none');
  });

  test('the stack of a subnet, where no plan fills it in', () => {
    const six = (stack_type: string): Resources => ({
      google_compute_subnetwork: { s: { ...SUBNET, stack_type, ipv6_access_type: 'EXTERNAL' } },
      google_compute_instance: { m: { name: 'm', zone: 'r-a', network_interface: [{ subnetwork, stack_type }] } },
    });
    expect(['IPV4_ONLY', 'IPV4_IPV6', '${var.stack}'].map((text) => kinds(stack({ ...INSIDE, ...six(text) }), 6)['google_compute_instance.m'])).toEqual(['none', 'open', 'open']);
  });

  test('what a balancer leads to', () => {
    const rule = (target: string): Resources => ({ google_compute_instance: { ...INSIDE['google_compute_instance'], o: { name: 'o', zone: 'r-a', network_interface: [{ subnetwork }] } }, google_compute_target_instance: { t: { name: 't', instance: '${google_compute_instance.o.id}' } }, google_compute_forwarding_rule: { f: { name: 'f', target } } });
    expect([kind(rule('${google_compute_target_instance.t.id}')), kind(rule('${var.target}'))]).toEqual(['none', 'unknown']);
  });

  test('which policy a rule of a proxy belongs to', () => {
    const POLICY = 'google_network_security_gateway_security_policy';
    const proxy = (of: string): Resources => ({
      [POLICY]: { p: { name: 'p', location: 'r' }, q: { name: 'q', location: 'r' } },
      [`${POLICY}_rule`]: { a: { name: 'a', location: 'r', gateway_security_policy: of, priority: 1, enabled: true, basic_profile: 'ALLOW', session_matcher: "host() == 'a.example.com'" } },
      google_network_services_gateway: { g: { name: 'g', location: 'r', type: 'SECURE_WEB_GATEWAY', network, addresses: ['10.0.0.200'], ports: [443], gateway_security_policy: `\${${POLICY}.p.id}` } },
    });
    expect([kind(proxy(`\${${POLICY}.p.name}`)), kind(proxy('${var.policy}'))]).toEqual(['allowlisted', 'unknown']);
  });
});

test('a network attachment lets in the machines of others', () => {
  const told = (more: object) => review(stack({ ...INSIDE, google_compute_network_attachment: { a: { name: 'a', region: 'r', project: 'p', subnetworks: [subnetwork], ...more } } })).hits.flatMap(({ rule, address, severity }) => (rule === 'foreign-peering' ? [`${address} ${severity ?? 'medium'}`] : []));
  expect(told({ connection_preference: 'ACCEPT_AUTOMATIC' })).toEqual(['google_compute_network_attachment.a medium']);
  expect(told({ connection_preference: 'ACCEPT_MANUAL', producer_accept_lists: ['p', 'theirs'] })).toEqual(['google_compute_network_attachment.a low']);
  expect(told({ connection_preference: 'ACCEPT_MANUAL', producer_accept_lists: ['p'] })).toEqual([]);
});

test('what else leads out is told when it comes', () => {
  const types = ['google_compute_network_attachment', 'google_vmwareengine_network_peering', 'google_compute_global_network_endpoint', 'google_compute_region_network_endpoint'];
  expect(types.map((type) => wayOf(type)?.kind)).toEqual(['peering', 'peering', 'gateway', 'gateway']);
});

test('a zone that is answered on the internet is worse than one that is answered inside', () => {
  const told = (ipv4_address: string) => review(stack({ ...INSIDE, google_dns_managed_zone: { z: { name: 'z', dns_name: 'x.example.', visibility: 'private', private_visibility_config: { networks: [{ network_url: network }] }, forwarding_config: { target_name_servers: [{ ipv4_address }] } } } })).hits.flatMap(({ rule, severity }) => (rule === 'dns-forwarding' ? [severity ?? 'low'] : []));
  expect([told('10.0.0.2'), told('203.0.114.9')]).toEqual([['low'], ['medium']]);
});

test('a domain of the APIs that a response policy of the network answers needs no zone', () => {
  const zone = {
    google_dns_managed_zone: { z: { dns_name: 'googleapis.com.', visibility: 'private', private_visibility_config: { networks: [{ network_url: network }] } } },
    google_dns_record_set: { a: { managed_zone: '${google_dns_managed_zone.z.name}', name: 'restricted.googleapis.com.', type: 'A', rrdatas: ['199.36.153.4'] }, c: { managed_zone: '${google_dns_managed_zone.z.name}', name: '*.googleapis.com.', type: 'CNAME', rrdatas: ['restricted.googleapis.com.'] } },
  };
  const answered = (network_url: string, ...names: readonly string[]) => ({
    google_dns_response_policy: { p: { response_policy_name: 'p', networks: [{ network_url }] } },
    google_dns_response_policy_rule: Object.fromEntries(names.map((dns_name, at) => [`r${at}`, { response_policy: '${google_dns_response_policy.p.response_policy_name}', dns_name }])),
  });
  const told = (more: object) => review(stack({ ...INSIDE, ...zone, ...more })).hits.flatMap(({ rule, message }) => (rule === 'endpoint-zone-missing' ? [message] : []));
  const missing = ['no private zone answers gcr.io.', 'no private zone answers pkg.dev.'];
  expect(told({})).toEqual(missing);
  expect(told(answered(network, '*.gcr.io.', '*.pkg.dev.'))).toEqual([]);
  expect(told(answered(network, '*.gcr.io.'))).toEqual(missing.slice(1));
  expect(told(answered('projects/p/global/networks/elsewhere', '*.gcr.io.', '*.pkg.dev.'))).toEqual(missing);
});

test('a perimeter bounds nothing where it, or a policy beside it, lets out to every project', () => {
  const around = (accessible: object, more: object = {}) => ({ google_access_context_manager_service_perimeter: { p: { name: 'accessPolicies/1/servicePerimeters/p', status: { resources: ['projects/1'], restricted_services: ['storage.googleapis.com'], vpc_accessible_services: accessible, ...more } } } });
  const perimeter = around({ enable_restriction: true, allowed_services: ['RESTRICTED-SERVICES'] });
  const beside = (resources: readonly string[]) => ({ google_access_context_manager_service_perimeter_egress_policy: { e: { perimeter: '${google_access_context_manager_service_perimeter.p.name}', egress_to: { resources } } } });
  const served = (more: object) => servedByApis(true, verdictsOf(stack({ ...INSIDE, ...perimeter, ...more })).model).kind;
  expect([served({}), served(beside(['projects/77'])), served(beside(['*']))]).toEqual(['own', 'own', 'anybody']);
  expect([served(around({ enable_restriction: false })), served(around({ enable_restriction: true, allowed_services: ['RESTRICTED-SERVICES', 'pubsub.googleapis.com'] }))]).toEqual(['anybody', 'anybody']);
  // One around nothing bounds nothing, unless something is attached to it.
  const restricting = { enable_restriction: true, allowed_services: ['RESTRICTED-SERVICES'] };
  const attached = { google_access_context_manager_service_perimeter_resource: { r: { perimeter_name: '${google_access_context_manager_service_perimeter.p.name}', resource: 'projects/1' } } };
  expect([served(around(restricting, { resources: [] })), served({ ...around(restricting, { resources: [] }), ...attached })]).toEqual(['unknown', 'own']);
  // What is not known may let out, but what is made of a project of the plan.
  const project = { google_project: { p: { project_id: 'p', name: 'p' } } };
  expect([served(around({ ...restricting, allowed_services: ['RESTRICTED-SERVICES', '${var.service}'] })), served(beside(['${var.project}'])), served({ ...project, ...beside(['projects/${google_project.p.number}']) })]).toEqual(['unknown', 'unknown', 'own']);
});

test('a rule of an organization for what comes in lets nothing out', () => {
  const above = (rule: object) => policy('google_compute_firewall_policy', { direction: 'INGRESS', action: 'allow', match: [{ layer4_configs: [{ ip_protocol: 'tcp' }], src_ip_ranges: ['35.191.0.0/16'] }], ...rule }, { attachment_target: 'organizations/1' });
  expect(kind(outside(), classic({ d: DENY }), above({}))).toBe('none');
  expect(kind(outside(), classic({ d: DENY }), above({ direction: '${var.direction}' }))).toBe('unknown');
});

describe.each([['google_compute_instance_from_template', 'source_instance_template'], ['google_compute_instance_from_machine_image', 'source_machine_image']])('%s of another plan', (type, source) => {
  const machine = (more: object) => ({ name: 'm', zone: 'r-a', [source]: 'projects/hub/global/things/t', network_interface: [{ subnetwork, access_config: [{}] }], ...more });
  const of = (rule: object, more: object = {}) => kindOf(`${type}.m`, INSIDE, { google_compute_instance: {}, [type]: { m: machine(more) } }, classic({ d: DENY, a: { priority: 10, allow: [{ protocol: 'all' }], ...rule } }));

  test('may give a machine tags and an account', () => {
    expect([of({ target_tags: ['egress'] }), of({ target_tags: ['egress'] }, { tags: ['other'] })]).toEqual(['unknown', 'none']);
    const account = { target_service_accounts: ['a@p.iam.gserviceaccount.com'] };
    expect([of(account), of(account, { service_account: [{ email: 'other@p.iam.gserviceaccount.com', scopes: [] }] })]).toEqual(['unknown', 'none']);
  });

  test('has given what there is of one that exists', () => {
    const values = { ...machine({ network_interface: [{ network: 'projects/p/global/networks/n', access_config: [{}] }] }), tags: ['other'], service_account: [] };
    const network = { id: 'projects/p/global/networks/n', name: 'n', project: 'p', auto_create_subnetworks: false };
    const rules = { d: { priority: 900, deny: [{ protocol: 'all' }] }, a: { priority: 10, allow: [{ protocol: 'all' }], target_service_accounts: ['a@p.iam.gserviceaccount.com'] } };
    const change = (kind: string, name: string, after: object) => ({ address: `${kind}.${name}`, mode: 'managed', type: kind, name, provider_name: 'registry.terraform.io/hashicorp/google', change: { actions: ['no-op'], before: after, after, after_unknown: {} } });
    const found = kinds({
      format_version: '1.2', terraform_version: '1.11.4', configuration: { root_module: {} },
      resource_changes: [change('google_compute_network', 'n', network), change(type, 'm', values), ...Object.entries(rules).map(([name, rule]) => change('google_compute_firewall', name, { name, network: network.id, direction: 'EGRESS', ...rule }))],
    });
    expect(found[`${type}.m`]).toBe('none');
  });

  test('may give it interfaces of either family', () => {
    const document = stack({ ...INSIDE, google_compute_instance: {}, [type]: { m: machine({ network_interface: undefined }) } });
    expect([kinds(document, 4)[`${type}.m`], kinds(document, 6)[`${type}.m`]]).toEqual(['unknown', 'unknown']);
  });
});
