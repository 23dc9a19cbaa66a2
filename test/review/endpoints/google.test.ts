/** Private ways to Google's APIs and to published services: an edge for who gets there, and none for who is stopped. */
import { reached } from './reached';

type Body = Record<string, any>;
type Resources = Record<string, Record<string, Body>>;
type Change = (resource: Resources) => void;

const network = '${google_compute_network.main.id}';
const APIS = ['199.36.153.4/30'];

const rule = (priority: number, more: Body): Body => ({ name: `r${priority}`, network, direction: 'EGRESS', priority, ...more });
const allow = (ranges: readonly string[], more: Body = {}): Body => rule(100, { allow: [{ protocol: 'tcp', ports: ['443'] }], destination_ranges: ranges, ...more });

/** Two machines, of which one is tagged; a route to the APIs, an endpoint for them and one for a published service. */
function reachedWith(change: Change = () => undefined): Record<string, readonly string[]> {
  const machine = (tags: readonly string[]): Body => ({ name: 'm', machine_type: 'e2-small', zone: 'europe-west1-b', tags, boot_disk: [{}], network_interface: [{ subnetwork: '${google_compute_subnetwork.main.id}' }] });
  const resource: Resources = {
    google_compute_network: { main: { name: 'main', auto_create_subnetworks: false, delete_default_routes_on_create: true } },
    google_compute_subnetwork: { main: { name: 'main', network, region: 'europe-west1', ip_cidr_range: '10.0.1.0/24', private_ip_google_access: true } },
    google_compute_instance: { app: machine(['app']), other: machine([]) },
    google_compute_route: { apis: { name: 'apis', network, dest_range: APIS[0], next_hop_gateway: 'default-internet-gateway', priority: 1000 } },
    google_compute_global_address: { psc: { name: 'psc', address: '10.9.0.5', purpose: 'PRIVATE_SERVICE_CONNECT', address_type: 'INTERNAL', network } },
    google_compute_global_forwarding_rule: { psc: { name: 'psc', target: 'vpc-sc', network, ip_address: '${google_compute_global_address.psc.id}', load_balancing_scheme: '' } },
    google_compute_forwarding_rule: { billing: { name: 'billing', target: 'projects/p/regions/europe-west1/serviceAttachments/billing', network, subnetwork: '${google_compute_subnetwork.main.id}', ip_address: '10.0.1.9', region: 'europe-west1', load_balancing_scheme: '' } },
    google_compute_firewall: {
      deny: rule(65000, { deny: [{ protocol: 'all' }], destination_ranges: ['0.0.0.0/0'] }),
      apis: allow([...APIS, '10.9.0.5/32', '10.0.1.9/32'], { target_tags: ['app'] }),
    },
  };
  change(resource);
  return reached({ terraform: { required_providers: { google: { source: 'hashicorp/google' } } }, resource });
}

const APP = 'google_compute_instance.app';
const OTHER = 'google_compute_instance.other';
const ALL = ['Google APIs (restricted)', 'Google APIs (vpc-sc)', 'billing'];

test('an endpoint of one regional API is drawn, too', () => {
  const reachedApis = reachedWith((resource) => {
    resource.google_network_connectivity_regional_endpoint = { storage: { name: 'storage', location: 'europe-west1', access_type: 'REGIONAL', target_google_api: 'storage.europe-west1.rep.googleapis.com', network, subnetwork: '${google_compute_subnetwork.main.id}', address: '10.0.1.9' } };
  });
  expect(reachedApis).toEqual({ [APP]: [...ALL, 'storage.europe-west1.rep.googleapis.com'], [OTHER]: [] });
});

test.each<[string, object | undefined, readonly string[]]>([
  ['shares endpoints', { export_psc: true }, ['billing']],
  ['shares none', {}, []],
  ['may share them', { export_psc: '${var.shared}' }, ['billing']],
  ['another plan makes', undefined, ['billing']],
])('a hub that %s', (_, hub, expected) => {
  const far = '${google_compute_network.far.id}';
  const joined = reachedWith((resource) => {
    resource.google_compute_network!.far = { name: 'far', auto_create_subnetworks: false, delete_default_routes_on_create: true };
    resource.google_compute_subnetwork!.far = { name: 'far', network: far, region: 'europe-west1', ip_cidr_range: '10.5.0.0/24' };
    resource.google_compute_instance!.far = { name: 'far', zone: 'europe-west1-b', network_interface: [{ subnetwork: '${google_compute_subnetwork.far.id}' }] };
    if (hub) resource.google_network_connectivity_hub = { h: { name: 'h', ...hub } };
    resource.google_network_connectivity_spoke = Object.fromEntries([network, far].map((uri, at) => [`s${at}`, { name: `s${at}`, location: 'global', hub: hub ? '${google_network_connectivity_hub.h.id}' : 'projects/p/locations/global/hubs/h', linked_vpc_network: [{ uri }] }]));
  });
  expect(joined['google_compute_instance.far']).toEqual(expected);
  expect(joined[APP]).toEqual(ALL);
});

test('a database whose network is a spoke of a hub is reached from the other spokes', () => {
  const far = '${google_compute_network.far.id}';
  const joined = (more: Body) => reachedWith((resource) => {
    resource.google_compute_network!.far = { name: 'far', auto_create_subnetworks: false, delete_default_routes_on_create: true };
    resource.google_compute_subnetwork!.far = { name: 'far', network: far, region: 'europe-west1', ip_cidr_range: '10.5.0.0/24' };
    resource.google_compute_instance!.far = { name: 'far', zone: 'europe-west1-b', network_interface: [{ subnetwork: '${google_compute_subnetwork.far.id}' }] };
    resource.google_sql_database_instance = { d: { name: 'd', database_version: 'POSTGRES_17', settings: [{ ip_configuration: [{ ipv4_enabled: false, private_network: network }] }] } };
    resource.google_network_connectivity_hub = { h: { name: 'h' } };
    const spokes = [network, far].map((uri, at) => [`s${at}`, { name: `s${at}`, location: 'global', hub: '${google_network_connectivity_hub.h.id}', linked_vpc_network: [{ uri }] }]);
    resource.google_network_connectivity_spoke = { ...Object.fromEntries(spokes), ...more };
  })['google_compute_instance.far'];
  const producer = { name: 'd', location: 'global', hub: '${google_network_connectivity_hub.h.id}', linked_producer_vpc_network: [{ network, peering: 'servicenetworking-googleapis-com' }] };
  expect(joined({ d: producer })).toEqual(['Cloud SQL']);
  expect(joined({})).toEqual([]);
  expect(joined({ d: { ...producer, hub: 'projects/p/locations/global/hubs/other' } })).toEqual([]);
});

test('who is let out is joined, who is not is not', () => {
  expect(reachedWith()).toEqual({ [APP]: ALL, [OTHER]: [] });
});

test.each<[string, string, Change]>([
  ['its rule names other addresses', 'Google APIs (vpc-sc)', ({ google_compute_firewall: rules }) => { rules!.apis = allow(APIS, { target_tags: ['app'] }); }],
  ['its rule is for another port', 'Google APIs (restricted)', ({ google_compute_firewall: rules }) => { rules!.apis!.allow = [{ protocol: 'tcp', ports: ['80'] }]; }],
  ['a deny comes first', 'billing', ({ google_compute_firewall: rules }) => { rules!.first = rule(10, { deny: [{ protocol: 'tcp' }], destination_ranges: ['10.0.1.9/32'] }); }],
  ['its subnet has no private access', 'Google APIs (restricted)', ({ google_compute_subnetwork: subnets }) => { subnets!.main!.private_ip_google_access = false; }],
  ['the route is for other machines', 'Google APIs (restricted)', ({ google_compute_route: routes }) => { routes!.apis!.tags = ['else']; }],
  ['the endpoint is in another network', 'Google APIs (vpc-sc)', (resource) => {
    resource.google_compute_network!.far = { name: 'far', auto_create_subnetworks: false };
    resource.google_compute_global_forwarding_rule!.psc!.network = '${google_compute_network.far.id}';
  }],
])('no edge when %s', (_, label, change) => {
  expect(ALL).toContain(label);
  expect(reachedWith(change)[APP]).not.toContain(label);
});

test.each<[string, string, Change]>([
  ['nobody knows its rule', 'Google APIs (restricted)', ({ google_compute_firewall: rules }) => { rules!.apis!.destination_ranges = '${var.ranges}'; }],
  ['the route goes to private.googleapis.com', 'Google APIs (private)', ({ google_compute_route: routes, google_compute_firewall: rules }) => {
    routes!.apis!.dest_range = '199.36.153.8/30';
    rules!.apis!.destination_ranges = ['199.36.153.8/30'];
  }],
  ['nobody knows the service', 'a published service', ({ google_compute_forwarding_rule: rules }) => { rules!.billing!.target = '${var.service}'; }],
  ['the service is one of the plan', 'google_sql_database_instance.d', (resource) => {
    resource.google_sql_database_instance = { d: { name: 'd', database_version: 'POSTGRES_17', settings: [{}] } };
    resource.google_compute_forwarding_rule!.billing!.target = '${google_sql_database_instance.d.psc_service_attachment_link}';
  }],
  ['nobody knows which APIs', 'Google APIs', ({ google_compute_global_forwarding_rule: rules }) => { rules!.psc!.target = '${var.bundle}'; }],
  ['nobody knows the endpoint\'s address', 'billing', ({ google_compute_forwarding_rule: rules, google_compute_firewall: firewall }) => {
    delete rules!.billing!.ip_address;
    firewall!.apis = allow(['10.0.1.0/24'], { target_tags: ['app'] });
  }],
])('an edge when %s', (_, label, change) => {
  expect(reachedWith(change)[APP]).toContain(label);
});
