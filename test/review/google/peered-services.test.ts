/** Managed services of Google with an address in a peered network: an edge for who may call them on their port. */
import { reached } from '../endpoints/reached';

type Body = Record<string, any>;
type Resources = Record<string, Record<string, Body>>;
type Change = (resource: Resources) => void;

const network = '${google_compute_network.main.id}';
const RANGE = '10.60.0.0/16';

const rule = (priority: number, more: Body): Body => ({ name: `r${priority}`, network, direction: 'EGRESS', priority, ...more });
const allow = (ports: readonly string[], ranges: readonly string[] = [RANGE]): Body => rule(100, { allow: [{ protocol: 'tcp', ports }], destination_ranges: ranges, target_tags: ['app'] });

/** Two machines of a closed network, of which one may call its databases; one of each service. */
function reachedWith(change: Change = () => undefined): Record<string, readonly string[]> {
  const machine = (tags: readonly string[], subnetwork = '${google_compute_subnetwork.main.id}'): Body => ({ name: 'm', zone: 'r-a', tags, network_interface: [{ subnetwork }] });
  const resource: Resources = {
    google_compute_network: { main: { name: 'main', auto_create_subnetworks: false, delete_default_routes_on_create: true }, far: { name: 'far', auto_create_subnetworks: false, delete_default_routes_on_create: true } },
    google_compute_subnetwork: {
      main: { name: 'main', network, region: 'r', ip_cidr_range: '10.0.1.0/24' },
      endpoints: { name: 'endpoints', network, region: 'r', ip_cidr_range: '10.0.2.0/24' },
      far: { name: 'far', network: '${google_compute_network.far.id}', region: 'r', ip_cidr_range: '10.1.1.0/24' },
    },
    google_compute_instance: { app: machine(['app']), other: machine([]), far: machine([], '${google_compute_subnetwork.far.id}') },
    google_compute_firewall: { deny: rule(65000, { deny: [{ protocol: 'all' }], destination_ranges: ['0.0.0.0/0'] }), app: allow(['5432']) },
    google_compute_global_address: { services: { name: 'services', purpose: 'VPC_PEERING', address_type: 'INTERNAL', address: '10.60.0.0', prefix_length: 16, network } },
    google_service_networking_connection: { services: { network, service: 'servicenetworking.googleapis.com', reserved_peering_ranges: ['${google_compute_global_address.services.name}'] } },
    google_sql_database_instance: { db: { name: 'db', database_version: 'POSTGRES_15', settings: [{ tier: 't', ip_configuration: [{ ipv4_enabled: false, private_network: network }] }] } },
    google_redis_instance: { cache: { name: 'cache', authorized_network: network, connect_mode: 'PRIVATE_SERVICE_ACCESS' } },
  };
  change(resource);
  return reached({ terraform: { required_providers: { google: { source: 'hashicorp/google' } } }, resource });
}

const APP = 'google_compute_instance.app';
const OTHER = 'google_compute_instance.other';
const FAR = 'google_compute_instance.far';

test('who may call the database on its port is joined, and nobody else is', () => {
  expect(reachedWith()).toEqual({ [APP]: ['Cloud SQL'], [OTHER]: [], [FAR]: [] });
});

test.each<[string, Change]>([
  ['its rule is for another port', ({ google_compute_firewall: rules }) => { rules!.app = allow(['443']); }],
  ['its rule names other addresses', ({ google_compute_firewall: rules }) => { rules!.app = allow(['5432'], ['10.61.0.0/16']); }],
  ['a deny comes first', ({ google_compute_firewall: rules }) => { rules!.first = rule(10, { deny: [{ protocol: 'tcp' }], destination_ranges: [RANGE] }); }],
  ['the database speaks on another port', ({ google_sql_database_instance: databases }) => { databases!.db!.database_version = 'MYSQL_8_0'; }],
  ['the database is in another network', ({ google_sql_database_instance: databases }) => { databases!.db!.settings[0].ip_configuration[0].private_network = '${google_compute_network.far.id}'; }],
  ['the database is in a network of another plan', ({ google_sql_database_instance: databases }) => { databases!.db!.settings[0].ip_configuration[0].private_network = 'projects/p/global/networks/elsewhere'; }],
  ['the database has a public address alone', ({ google_sql_database_instance: databases }) => { databases!.db!.settings = [{ tier: 't' }]; }],
])('no edge when %s', (_, change) => {
  expect(reachedWith(change)[APP]).not.toContain('Cloud SQL');
});

test.each<[string, string, Change]>([
  ['nobody knows its range, and some private address is allowed', 'Cloud SQL', ({ google_compute_global_address: addresses }) => { delete addresses!.services!.address; }],
  ['nobody knows its network', 'Cloud SQL', ({ google_sql_database_instance: databases }) => { databases!.db!.settings[0].ip_configuration[0].private_network = '${var.network}'; }],
  ['nobody knows which database it is', 'Cloud SQL', ({ google_sql_database_instance: databases }) => { delete databases!.db!.database_version; }],
  ['the rule is for the port of the cache', 'Memorystore', ({ google_compute_firewall: rules }) => { rules!.app = allow(['6379']); }],
  ['it is an AlloyDB cluster', 'AlloyDB', (resource) => { resource.google_alloydb_cluster = { c: { network_config: [{ network }] } }; }],
  ['it is a share of files', 'Filestore', (resource) => {
    resource.google_filestore_instance = { f: { networks: [{ network: '${google_compute_network.main.name}', reserved_ip_range: '10.62.0.0/29' }] } };
    resource.google_compute_firewall!.app = allow(['2049'], ['10.62.0.0/29']);
  }],
  ['it has an endpoint that a policy makes in a subnet', 'Memorystore', (resource) => {
    delete resource.google_redis_instance;
    resource.google_redis_cluster = { c: { psc_configs: [{ network }] } };
    resource.google_network_connectivity_service_connection_policy = { p: { network, psc_config: [{ subnetworks: ['${google_compute_subnetwork.endpoints.id}'] }] } };
    resource.google_compute_firewall!.app = allow(['6379'], ['10.0.2.0/24']);
  }],
  ['it is a broker of Kafka at an endpoint in a subnet', 'Kafka', (resource) => {
    resource.google_managed_kafka_cluster = { k: { gcp_config: [{ access_config: [{ network_configs: [{ subnet: '${google_compute_subnetwork.endpoints.id}' }] }] }] } };
    resource.google_compute_firewall!.app = allow(['9092'], ['10.0.2.0/24']);
  }],
  ['nobody knows in which subnet the brokers are', 'Kafka', (resource) => {
    resource.google_managed_kafka_cluster = { k: { gcp_config: [{ access_config: [{ network_configs: [{ subnet: '${var.subnet}' }] }] }] } };
  }],
  ['it is a file system', 'Lustre', (resource) => { resource.google_lustre_instance = { l: { network } }; }],
  ['its services are in another plan', 'peered services', (resource) => {
    delete resource.google_sql_database_instance;
    delete resource.google_redis_instance;
  }],
])('an edge when %s: %s', (_, label, change) => {
  expect(reachedWith(change)[APP]).toContain(label);
});

test('a broker of Kafka is reached where its endpoint answers', () => {
  const kafka = (resource: Resources, subnet = '${google_compute_subnetwork.far.id}') => {
    resource.google_managed_kafka_cluster = { k: { gcp_config: [{ access_config: [{ network_configs: [{ subnet }] }] }] } };
    resource.google_compute_firewall!.app = allow(['9092'], ['10.1.1.0/24']);
  };
  expect(reachedWith(kafka)).toEqual({ [APP]: [], [OTHER]: [], [FAR]: ['Kafka'] });
  expect(reachedWith((resource) => kafka(resource, 'projects/p/regions/r/subnetworks/elsewhere'))[FAR]).toEqual([]);
  // A hub that hands endpoints on.
  const hub = (more: object) => reachedWith((resource) => {
    kafka(resource);
    resource.google_network_connectivity_hub = { h: { name: 'h', ...more } };
    resource.google_network_connectivity_spoke = Object.fromEntries(['main', 'far'].map((name) => [name, { name, location: 'global', hub: '${google_network_connectivity_hub.h.id}', linked_vpc_network: [{ uri: `\${google_compute_network.${name}.id}` }] }]));
  })[APP];
  expect([hub({ export_psc: true }), hub({})]).toEqual([['Kafka'], []]);
});

test('an endpoint that a policy makes is not reached at the addresses of a peered network', () => {
  expect(reachedWith((resource) => {
    delete resource.google_redis_instance;
    resource.google_redis_cluster = { c: { psc_configs: [{ network }] } };
    resource.google_network_connectivity_service_connection_policy = { p: { network, psc_config: [{ subnetworks: ['${google_compute_subnetwork.endpoints.id}'] }] } };
    resource.google_compute_firewall!.app = allow(['6379']);
  })[APP]).not.toContain('Memorystore');
});
