/** Data that grants let others read, names that lead elsewhere, and neighbours that come by themselves. */
import { INSIDE, kind, network, outside, policy, SUBNET, type Resources } from './one-machine';
import { review, stack } from './reviewing';

const hits = (rule: string, resources: Resources) => review(stack({ ...INSIDE, ...resources })).hits.filter((hit) => hit.rule === rule);
const told = (rule: string, type: string, values: object, more: Resources = {}) => hits(rule, { ...more, [type]: { x: values } }).map(({ severity, message }) => `${severity ?? '-'} ${message.replace(`${type}.x `, '')}`);

describe('grants', () => {
  const EVERYBODY = 'medium grants everybody (allUsers)';
  const ANYBODY = 'medium grants everybody with an account of Google\'s (allAuthenticatedUsers)';
  const rules = (line: string) => ({ source: { files: [{ name: 'firestore.rules', content: `service cloud.firestore { match /databases/{d}/documents { match /{p=**} { ${line}\n } } }` }] } });
  const data = (bindings: object[]) => JSON.stringify({ bindings });

  test.each<[string, object, readonly string[]]>([
    ['google_storage_bucket_iam_binding', { bucket: 'b', role: 'roles/storage.objectViewer', members: ['group:a@example.com', 'allUsers'] }, [EVERYBODY]],
    ['google_storage_bucket_iam_policy', { bucket: 'b', policy_data: data([{ role: 'roles/storage.objectViewer', members: ['allAuthenticatedUsers'] }]) }, [ANYBODY]],
    ['google_storage_bucket_iam_policy', { bucket: 'b', policy_data: data([{ role: 'roles/storage.objectCreator', members: ['allUsers'] }, { role: 'roles/storage.admin', members: ['group:a@example.com'] }]) }, []],
    ['google_storage_bucket_iam_policy', { bucket: 'b', policy_data: '{' }, []],
    ['google_storage_bucket_iam_member', { bucket: 'b', role: 'roles/storage.objectCreator', member: 'allUsers' }, []],
    ['google_storage_bucket_acl', { bucket: 'b', role_entity: ['OWNER:project-owners-1', 'READER:allUsers'] }, ['medium grants everybody (READER:allUsers)']],
    ['google_storage_default_object_acl', { bucket: 'b', predefined_acl: 'publicRead' }, ['medium grants everybody (publicRead)']],
    ['google_storage_bucket_access_control', { bucket: 'b', role: 'READER', entity: 'allUsers' }, [EVERYBODY]],
    ['google_bigquery_dataset', { dataset_id: 'd', access: [{ role: 'OWNER', special_group: 'projectOwners' }, { role: 'READER', special_group: 'allAuthenticatedUsers' }] }, [ANYBODY]],
    ['google_bigquery_dataset_access', { dataset_id: 'd', role: 'READER', iam_member: 'allUsers' }, [EVERYBODY]],
    ['google_bigquery_dataset', { dataset_id: 'd', project: 'p', access: [{ view: { project_id: 'vendor', dataset_id: 'e', table_id: 't' } }] }, ['- lets views of project vendor read it']],
    ['google_bigquery_dataset_access', { dataset_id: 'd', project: 'p', dataset: { dataset: { project_id: 'vendor', dataset_id: 'e' }, target_types: ['VIEWS'] } }, ['- lets views of project vendor read it']],
    ['google_bigquery_dataset_access', { dataset_id: 'd', project: 'p', routine: { project_id: 'p', dataset_id: 'e', routine_id: 'r' } }, []],
    ['google_pubsub_topic_iam_member', { topic: 't', role: 'roles/pubsub.subscriber', member: 'allUsers' }, [EVERYBODY]],
    ['google_pubsub_topic_iam_member', { topic: 't', role: 'roles/pubsub.publisher', member: 'allUsers' }, []],
    ['google_secret_manager_secret_iam_member', { secret_id: 's', role: 'roles/secretmanager.secretAccessor', member: 'allAuthenticatedUsers' }, [ANYBODY]],
    // Callers come in, and take what is answered: no data of a store.
    ['google_cloud_run_v2_service_iam_member', { name: 's', role: 'roles/run.invoker', member: 'allUsers' }, []],
    ['google_bigquery_analytics_hub_listing', { listing_id: 'l', discovery_type: 'DISCOVERY_TYPE_PUBLIC' }, ['- offers its data to everybody']],
    ['google_bigquery_analytics_hub_listing', { listing_id: 'l', discovery_type: 'DISCOVERY_TYPE_PRIVATE' }, []],
    ['google_dataproc_metastore_table_iam_member', { table: 't', role: 'roles/metastore.metadataEditor', member: 'allUsers' }, [EVERYBODY]],
    ['google_backup_dr_backup_vault', { backup_vault_id: 'v', access_restriction: 'UNRESTRICTED' }, ['- lets its backups be restored in projects of any organization (access_restriction)']],
    ['google_backup_dr_backup_vault', { backup_vault_id: 'v', access_restriction: 'WITHIN_ORGANIZATION' }, []],
    ['google_memorystore_instance_desired_user_created_endpoints', { name: 'm', project: 'p', desired_user_created_endpoints: [{ connections: [{ psc_connection: { project_id: 'vendor', network: 'projects/p/global/networks/n' } }] }] }, ['- lets project vendor connect to it']],
    ['google_redis_cluster_user_created_connections', { name: 'm', project: 'p', cluster_endpoints: [{ connections: [{ psc_connection: { network: 'projects/vendor/global/networks/n' } }] }] }, ['- lets project vendor connect to it']],
    ['google_monitoring_monitored_project', { metrics_scope: 'locations/global/metricsScopes/vendor', name: 'p' }, ['info lets project vendor read the metrics of p']],
    ['google_monitoring_monitored_project', { metrics_scope: 'p', name: 'p' }, []],
    ['google_firebaserules_ruleset', rules('allow read, write;'), ['medium lets everybody read (a rule without a condition)']],
    ['google_firebaserules_ruleset', rules('allow get: if true;'), ['medium lets everybody read (a rule without a condition)']],
    ['google_firebaserules_ruleset', rules('allow read: if request.auth.uid == u; allow create; // allow read;'), []],
  ])('%s %j', (type, values, expected) => expect(told('data-given-elsewhere', type, values)).toEqual(expected));

  test('a bucket that refuses what is public is open to nobody', () => {
    const bucket = (public_access_prevention: string): Resources => ({ google_storage_bucket: { b: { name: 'b', public_access_prevention } } });
    const grant = { bucket: '${google_storage_bucket.b.name}', role: 'roles/storage.objectViewer', member: 'allUsers' };
    expect(told('data-given-elsewhere', 'google_storage_bucket_iam_member', grant, bucket('enforced'))).toEqual([]);
    expect(told('data-given-elsewhere', 'google_storage_bucket_iam_member', grant, bucket('inherited'))).toEqual([EVERYBODY]);
    expect(told('data-given-elsewhere', 'google_storage_bucket_acl', { bucket: grant.bucket, role_entity: ['READER:allUsers'] }, bucket('enforced'))).toEqual([]);
  });

  test('to accounts of another project', () => {
    const topic = (member: string, more: Resources = {}, project: string | undefined = 'p') => told('data-given-elsewhere', 'google_pubsub_topic_iam_member', { topic: 't', project, role: 'roles/pubsub.subscriber', member }, more);
    expect(topic('serviceAccount:reader@vendor.iam.gserviceaccount.com')).toEqual(['- grants accounts of project vendor']);
    expect(topic('serviceAccount:reader@p.iam.gserviceaccount.com')).toEqual([]);
    expect(topic('serviceAccount:service-1@gcp-sa-pubsub.iam.gserviceaccount.com')).toEqual([]);
    expect(topic('serviceAccount:service-1@container-engine-robot.iam.gserviceaccount.com')).toEqual([]);
    expect(topic('serviceAccount:reader@cloud-vendor.iam.gserviceaccount.com')).toEqual(['- grants accounts of project cloud-vendor']);
    expect(topic('serviceAccount:reader@vendor.iam.gserviceaccount.com', { google_project: { v: { project_id: 'vendor' } } })).toEqual([]);
    expect(topic('serviceAccount:${google_service_account.a.account_id}@vendor.iam.gserviceaccount.com', { google_service_account: { a: { account_id: 'a', project: 'vendor' } } })).toEqual([]);
    // Of its own project the plan says nothing.
    expect(told('data-given-elsewhere', 'google_pubsub_topic_iam_member', { topic: 't', role: 'roles/pubsub.subscriber', member: 'serviceAccount:reader@vendor.iam.gserviceaccount.com' })).toEqual([]);
  });
});

describe('an allowed name that the plan answers itself', () => {
  const POLICY = 'google_compute_network_firewall_policy';
  const allowing = (...dest_fqdns: string[]): Resources => {
    const made = policy(POLICY, { action: 'allow', match: [{ layer4_configs: [{ ip_protocol: 'tcp', ports: ['443'] }], dest_fqdns }] });
    const { r } = made[`${POLICY}_rule`] as { r: object };
    return { ...outside(), ...made, [`${POLICY}_rule`]: { r, d: { ...r, action: 'deny', priority: 20, match: [{ layer4_configs: [{ ip_protocol: 'all' }], dest_ip_ranges: ['0.0.0.0/0'] }] } } };
  };
  const record = (record: object, zone: object = {}): Resources => ({
    google_dns_managed_zone: { z: { name: 'z', dns_name: 'example.com.', visibility: 'private', private_visibility_config: [{ networks: [{ network_url: network }] }], ...zone } },
    google_dns_record_set: { r: { name: 'api.example.com.', managed_zone: '${google_dns_managed_zone.z.name}', type: 'A', rrdatas: ['8.8.4.4'], ...record } },
  });
  const answers = (resources: Resources, host = 'api.example.com') => hits('host-answered-here', { ...allowing(host), ...resources }).map(({ message }) => message);

  test.each<[string, Resources, readonly string[]]>([
    ['with a public address', record({}), ['api.example.com leads to 8.8.4.4: it is allowed by name, and this answers it']],
    ['with a private address', record({ rrdatas: ['10.0.0.8'] }), []],
    ['with another name', record({ type: 'CNAME', rrdatas: ['evil.example.net.'] }), ['api.example.com leads to evil.example.net: it is allowed by name, and this answers it']],
    ['with one of Google\'s', record({ type: 'CNAME', rrdatas: ['restricted.googleapis.com.'] }), []],
    ['with public addresses by weight', record({ rrdatas: undefined, routing_policy: { wrr: [{ weight: 1, rrdatas: ['10.0.0.8'] }, { weight: 1, rrdatas: ['8.8.4.4'] }] } }), ['api.example.com leads to 8.8.4.4: it is allowed by name, and this answers it']],
    ['with words', record({ type: 'TXT', rrdatas: ['8.8.4.4'] }), []],
    ['with the record of all', record({ name: '*.example.com.' }), ['*.example.com leads to 8.8.4.4: api.example.com is allowed by name, and this answers it']],
    ['of another name', record({ name: 'www.example.com.' }), []],
    ['in public', record({}, { visibility: 'public' }), []],
    ['for another network', record({}, { private_visibility_config: [{ networks: [{ network_url: 'projects/p/global/networks/o' }] }] }), []],
  ])('%s', (_, resources, expected) => expect(answers(resources)).toEqual(expected));

  test('by a response policy of the network', () => {
    const rule = (network_url: string): Resources => ({
      google_dns_response_policy: { p: { response_policy_name: 'p', networks: [{ network_url }] } },
      google_dns_response_policy_rule: { r: { rule_name: 'r', response_policy: '${google_dns_response_policy.p.response_policy_name}', dns_name: 'api.example.com.', local_data: { local_datas: [{ name: 'api.example.com.', type: 'A', rrdatas: ['8.8.4.4'] }] } } },
    });
    expect(answers(rule(network))).toEqual(['api.example.com leads to 8.8.4.4: it is allowed by name, and this answers it']);
    expect(answers(rule('projects/p/global/networks/o'))).toEqual([]);
  });

  test('in a network by which a zone is answered, over two steps', () => {
    const zone = (at: string, to?: string, dns_name = 'example.com.') => ({ name: `of-${at}`, dns_name, visibility: 'private', private_visibility_config: [{ networks: [{ network_url: `\${google_compute_network.${at}.id}` }] }], ...(to === undefined ? {} : { peering_config: [{ target_network: [{ network_url: `\${google_compute_network.${to}.id}` }] }] }) });
    const joined = (...zones: readonly object[]): Resources => ({
      google_compute_network: { ...INSIDE['google_compute_network'], b: { name: 'b' }, c: { name: 'c' }, d: { name: 'd' } },
      ...record({}, zone('c')), google_dns_managed_zone: { z: zone('c'), ...Object.fromEntries(zones.map((each, index) => [`z${index}`, each])) },
    });
    const told = ['api.example.com leads to 8.8.4.4: it is allowed by name, and this answers it'];
    expect([answers(joined(zone('n', 'c'))), answers(joined(zone('n', 'b'), zone('b', 'c', 'com.'))), answers(joined(zone('n', 'c', '.')))]).toEqual([told, told, told]);
    expect([answers(joined()), answers(joined(zone('n', 'c', 'other.com.'))), answers(joined(zone('n', 'b'))), answers(joined(zone('n', 'd'), zone('d', 'b'), zone('b', 'c')))]).toEqual([[], [], [], []]);
  });

  test('by Service Directory', () => {
    const directory = (service_id: string, address: string): Resources => ({
      google_dns_managed_zone: { z: { name: 'z', dns_name: 'example.com.', visibility: 'private', private_visibility_config: [{ networks: [{ network_url: network }] }], service_directory_config: [{ namespace: [{ namespace_url: '${google_service_directory_namespace.n.id}' }] }] } },
      google_service_directory_namespace: { n: { namespace_id: 'n', location: 'r' } },
      google_service_directory_service: { s: { service_id, namespace: '${google_service_directory_namespace.n.id}' } },
      google_service_directory_endpoint: { e: { endpoint_id: 'e', service: '${google_service_directory_service.s.id}', address, port: 443 } },
    });
    expect(answers(directory('api', '8.8.4.4'))).toEqual(['api.example.com leads to 8.8.4.4: it is allowed by name, and this answers it']);
    expect([answers(directory('api', '10.0.0.8')), answers(directory('www', '8.8.4.4'))]).toEqual([[], []]);
  });

  test('below a wildcard of a proxy', () => {
    const proxy: Resources = {
      google_network_security_gateway_security_policy: { p: { name: 'p', location: 'r' } },
      google_network_security_gateway_security_policy_rule: { r: { name: 'r', location: 'r', enabled: true, priority: 1, basic_profile: 'ALLOW', gateway_security_policy: '${google_network_security_gateway_security_policy.p.name}', session_matcher: "host().endsWith('.example.com')" } },
      google_network_services_gateway: { g: { name: 'g', location: 'r', type: 'SECURE_WEB_GATEWAY', addresses: ['10.0.0.9'], ports: [443], network, gateway_security_policy: '${google_network_security_gateway_security_policy.p.id}' } },
    };
    expect(hits('host-answered-here', { ...proxy, ...record({}) }).map(({ message }) => message)).toEqual(['api.example.com leads to 8.8.4.4: *.example.com is allowed by name, and this answers it']);
  });
});

describe('a policy as a whole', () => {
  const document = (role: string, member: string) => ({ resource: { google_storage_bucket_iam_policy: { b: { bucket: 'b', policy_data: '${data.google_iam_policy.d.policy_data}' } }, google_compute_subnetwork_iam_policy: { s: { subnetwork: 's', policy_data: '${data.google_iam_policy.d.policy_data}' } } }, data: { google_iam_policy: { d: { binding: [{ role, members: [member] }] } } } });
  const found = (plan: object) => review(plan).hits.filter(({ rule }) => ['data-given-elsewhere', 'subnet-role-wide'].includes(rule)).map(({ message }) => message);

  test('says what its document is made of, whenever that is read', () => {
    expect(found(document('roles/compute.networkUser', 'allUsers')).sort()).toEqual(['allUsers may use the subnet', 'google_storage_bucket_iam_policy.b grants everybody (allUsers)']);
    expect(found(document('roles/compute.networkAdmin', 'group:g@example.com'))).toEqual(['grants roles/compute.networkAdmin']);
    expect(found(document('roles/compute.networkUser', 'group:g@example.com'))).toEqual([]);
  });
});

test.each<[string, object, readonly string[]]>([
  ['google_compute_service_attachment', { project: 'p', connection_preference: 'ACCEPT_MANUAL', consumer_accept_lists: [{ project_id_or_num: 'p', connection_limit: 1 }, { project_id_or_num: 'vendor', connection_limit: 1 }] }, ['- lets project vendor connect to it']],
  ['google_compute_service_attachment', { project: 'p', consumer_accept_lists: [{ network_url: 'projects/vendor/global/networks/n', connection_limit: 1 }] }, ['- lets project vendor connect to it']],
  ['google_compute_service_attachment', { project: 'p', consumer_accept_lists: [{ project_id_or_num: '1234', connection_limit: 1 }] }, []],
  ['google_compute_service_attachment', { consumer_accept_lists: [{ project_id_or_num: 'vendor', connection_limit: 1 }] }, []],
  ['google_sql_database_instance', { project: 'p', settings: [{ ip_configuration: [{ psc_config: [{ allowed_consumer_projects: ['p', 'vendor'] }] }] }] }, ['- lets project vendor connect to it']],
  ['google_sql_database_instance', { project: 'p', settings: [{ ip_configuration: [{ psc_config: [{ allowed_consumer_projects: ['p'], psc_auto_connections: [{ consumer_network: 'projects/vendor/global/networks/n' }] }] }] }] }, ['- lets project vendor connect to it']],
])('what is published, to projects that are named: %s %j', (type, values, expected) => expect(told('data-given-elsewhere', type, values)).toEqual(expected));

describe('neighbours', () => {
  test.each<[string, object, readonly string[]]>([
    ['google_service_networking_connection', { network, service: 'servicenetworking.googleapis.com' }, []],
    ['google_service_networking_connection', { network, service: 'netapp.servicenetworking.goog' }, []],
    ['google_service_networking_connection', { network, service: 'backups.endpoints.vendor.cloud.goog' }, ['- peers with the network of backups.endpoints.vendor.cloud.goog, which is no service of Google\'s']],
    ['google_network_connectivity_group', { hub: 'h', name: 'default', project: 'p', auto_accept: [{ auto_accept_projects: ['p'] }] }, []],
    ['google_network_connectivity_group', { hub: 'h', name: 'default', project: 'p', auto_accept: [{ auto_accept_projects: ['p', 'vendor'] }] }, ['low lets networks of vendor join its hub by themselves']],
  ])('%s %j', (type, values, expected) => expect(told('foreign-peering', type, values)).toEqual(expected));

  test.each([['vpn_gateway', 'google_compute_ha_vpn_gateway'], ['target_vpn_gateway', 'google_compute_vpn_gateway']])('of a tunnel (%s) whose router another plan has may announce a route', (path, type) => {
    const tunnel = (more: object): Resources => ({ google_compute_subnetwork: { s: SUBNET }, google_compute_route: {}, [type]: { g: { name: 'g', network } }, google_compute_vpn_tunnel: { t: { name: 't', [path]: `\${${type}.g.id}`, ...more } } });
    expect([kind(tunnel({ router: 'elsewhere' })), kind(tunnel({}))]).toEqual(['unknown', 'none']);
  });
});

test.each<[string, object, number]>([
  ['refuses', { spec: [{ rules: [{ deny_all: 'TRUE' }] }] }, 0],
  ['allows', { spec: [{ rules: [{ allow_all: 'TRUE' }] }] }, 1],
  ['has no rule', { spec: [{}] }, 1],
  ['is only tried', { dry_run_spec: [{ rules: [{ deny_all: 'TRUE' }] }] }, 1],
  ['leaves it to who is above', { spec: [{ inherit_from_parent: true }] }, 0],
  ['has rules that nobody knows', { spec: [{ rules: '${var.rules}' }] }, 0],
  ['refuses where a tag says so', { spec: [{ rules: [{ deny_all: 'TRUE', condition: [{ expression: 'e' }] }, { allow_all: 'TRUE' }] }] }, 1],
  ['allows where a tag says so', { spec: [{ rules: [{ allow_all: 'TRUE', condition: [{ expression: 'e' }] }, { deny_all: 'TRUE' }] }] }, 0],
])('an organization policy on public addresses that %s', (_, values, expected) => {
  expect(told('external-addresses-allowed', 'google_org_policy_policy', { name: 'projects/p/policies/compute.vmExternalIpAccess', ...values })).toHaveLength(expected);
});

test.each<[string, string, object, number]>([
  ['google_org_policy_policy', 'that is enforced', { name: 'projects/p/policies/compute.managed.vmExternalIpAccess', spec: [{ rules: [{ enforce: 'TRUE' }] }] }, 0],
  ['google_org_policy_policy', 'that is not enforced', { name: 'projects/p/policies/compute.managed.vmExternalIpAccess', spec: [{ rules: [{ enforce: 'FALSE' }] }] }, 1],
  ['google_project_organization_policy', 'that allows', { constraint: 'compute.vmExternalIpAccess', list_policy: [{ allow: [{ all: true }] }] }, 1],
  ['google_folder_organization_policy', 'that allows, by its whole name', { constraint: 'constraints/compute.vmExternalIpAccess', list_policy: [{ allow: [{ all: true }] }] }, 1],
  ['google_organization_policy', 'as Google has it', { constraint: 'compute.vmExternalIpAccess', restore_policy: [{ default: true }] }, 1],
  ['google_organization_policy', 'that refuses', { constraint: 'compute.vmExternalIpAccess', list_policy: [{ deny: [{ all: true }] }] }, 0],
  ['google_project_organization_policy', 'for something else', { constraint: 'compute.trustedImageProjects', list_policy: [{ allow: [{ all: true }] }] }, 0],
])('%s on public addresses, %s', (type, _, values, expected) => expect(told('external-addresses-allowed', type, values)).toHaveLength(expected));

test('a sink that throws records away', () => {
  const filter = ['vpc_flows', 'firewall', 'nat_flows'].map((log) => `compute.googleapis.com/${log}`).concat('dns.googleapis.com/dns_queries').join(' OR ');
  const sink = (exclusion: object) => told('log-sink-incomplete', 'google_logging_project_sink', { name: 's', destination: 'storage.googleapis.com/b', filter, exclusions: [{ name: 'e', filter: 'jsonPayload.disposition="ALLOWED"', ...exclusion }] });
  expect(sink({})).toEqual(['- throws away jsonPayload.disposition="ALLOWED" (exclusions)']);
  expect(sink({ disabled: true })).toEqual([]);
});

test('sessions by the serial console', () => {
  const on = (type: string, values: object) => told('serial-console-open', type, values);
  expect(on('google_compute_project_metadata', { metadata: { 'serial-port-enable': '1' } })).toEqual(['- serial-port-enable is on']);
  expect(on('google_compute_project_metadata_item', { key: 'serial-port-enable', value: 'yes' })).toEqual(['- serial-port-enable is on for all machines of the project']);
  expect(on('google_compute_project_metadata_item', { key: 'enable-oslogin', value: 'TRUE' })).toEqual([]);
  expect(on('google_container_node_pool', { node_config: [{ metadata: { 'serial-port-enable': 'true' } }] })).toEqual(['- serial-port-enable is on']);
});

test('machines of a private cloud that get public addresses, and rules that mirror', () => {
  expect(told('external-address', 'google_vmwareengine_external_address', { name: 'a', parent: 'c', internal_ip: '10.0.0.9' })).toEqual(['medium gives a machine of a private cloud a public address']);
  const mirrored = (rule: object) => told('packets-mirrored', 'google_compute_network_firewall_policy_with_rules', { name: 'p', packet_mirroring_rule: [{ priority: 1, ...rule }] });
  expect([mirrored({ action: 'mirror' }).length, mirrored({ action: 'mirror', disabled: true }).length, mirrored({ action: 'do_not_mirror' }).length]).toEqual([1, 0, 0]);
});
