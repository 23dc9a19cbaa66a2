/** Where packets are led: routes, next hops, balancers and NAT that are easily missed. */
import { classic, DENY, INSIDE, kind, kindOf, kinds, network, outside, type Resources, SUBNET, subnetwork } from './one-machine';
import { review, stack, verdictsOf } from './reviewing';

test('a subnet that says it is for endpoints alone, and is served by a NAT', () => {
  const nat: Resources = {
    google_compute_router: { r: { name: 'r', network, region: 'r' } },
    google_compute_router_nat: { n: { name: 'n', router: '${google_compute_router.r.name}', region: 'r', source_subnetwork_ip_ranges_to_nat: 'LIST_OF_SUBNETWORKS', subnetwork: [{ name: subnetwork, source_ip_ranges_to_nat: ['ALL_IP_RANGES'] }] } },
  };
  const said = { google_compute_subnetwork: { s: { ...SUBNET, description: 'Endpoints only: no machine belongs here' } } };
  expect([kind(said), kind(said, nat)]).toEqual(['none', 'open']);
});

test('the flag that deletes default routes deletes none later', () => {
  const resource = (type: string, name: string, values: object, before: object | null, actions: readonly string[]) => ({
    address: `${type}.${name}`, mode: 'managed', type, name, provider_name: 'registry.terraform.io/hashicorp/google', change: { actions, before, after: values, after_unknown: {} },
  });
  const id = 'projects/p/global/networks/n';
  const made = (before: boolean | undefined, actions: readonly string[]) => {
    const values = (flag: boolean) => ({ id, name: 'n', project: 'p', auto_create_subnetworks: false, delete_default_routes_on_create: flag });
    const machine = { name: 'm', zone: 'r-a', network_interface: [{ network: id, access_config: [{}] }] };
    return kinds({
      format_version: '1.2', terraform_version: '1.11.4', configuration: { root_module: {} },
      resource_changes: [resource('google_compute_network', 'n', values(true), before === undefined ? null : values(before), actions), resource('google_compute_instance', 'm', machine, machine, ['no-op'])],
    })['google_compute_instance.m'];
  };
  expect(made(undefined, ['create'])).toBe('none');
  expect(made(true, ['no-op'])).toBe('none');
  expect(made(false, ['delete', 'create'])).toBe('none');
  expect(made(false, ['update'])).toBe('open');
});

test('a next hop is the machine of that address in the same network', () => {
  const other = '${google_compute_network.o.id}';
  const twins: Resources = {
    google_compute_network: { ...INSIDE['google_compute_network'], o: { name: 'o', auto_create_subnetworks: false, delete_default_routes_on_create: true } },
    google_compute_subnetwork: { s: SUBNET, t: { ...SUBNET, name: 't', network: other } },
    google_compute_route: { r: { name: 'r', network, dest_range: '0.0.0.0/0', next_hop_ip: '10.0.0.9' }, g: { name: 'g', network, dest_range: '0.0.0.0/0', priority: 10, tags: ['nat'], next_hop_gateway: 'default-internet-gateway' } },
    google_compute_firewall: { d: { name: 'd', network: other, direction: 'EGRESS', ...DENY } },
  };
  const machine = (to: string, more: object = {}) => ({ name: 'h', zone: 'r-a', tags: ['nat'], network_interface: [{ subnetwork: to, network_ip: '10.0.0.9', ...more }] });
  const far = { far: machine('${google_compute_subnetwork.t.id}') };
  const near = { near: machine(subnetwork, { access_config: [{}] }) };
  const from = INSIDE['google_compute_instance'];
  expect(kind(twins, { google_compute_instance: { ...from, ...far } })).toBe('unknown');
  expect(kind(twins, { google_compute_instance: { ...from, ...near, ...far } })).toBe('unknown');
  // One without a public address passes nothing on.
  expect(kind(twins, { google_compute_instance: { ...from, ...far, near: machine(subnetwork) } })).toBe('none');
});

test('a policy-based route that leads back to the other routes comes before one that leads to a proxy', () => {
  const proxied: Resources = {
    google_network_security_gateway_security_policy: { p: { name: 'p', location: 'r' } },
    google_network_security_gateway_security_policy_rule: { a: { name: 'a', location: 'r', gateway_security_policy: '${google_network_security_gateway_security_policy.p.name}', priority: 1, enabled: true, basic_profile: 'ALLOW', session_matcher: "host() == 'a.example.com'" } },
    google_network_services_gateway: { g: { name: 'g', location: 'r', type: 'SECURE_WEB_GATEWAY', network, subnetwork, addresses: ['10.0.0.200'], ports: [443], gateway_security_policy: '${google_network_security_gateway_security_policy.p.id}' } },
  };
  const through = { name: 'b', network, priority: 100, filter: { protocol_version: 'IPV4' }, next_hop_ilb_ip: '10.0.0.200' };
  const back = (priority: number) => ({ name: 'a', network, priority, filter: { protocol_version: 'IPV4' }, next_hop_other_routes: 'DEFAULT_ROUTING' });
  const routes = (named: object): Resources => ({ google_network_connectivity_policy_based_route: named as Resources[string] });
  expect(kind(outside(), proxied, routes({ b: through }))).toBe('allowlisted');
  expect(kind(outside(), proxied, routes({ b: through, a: back(200) }))).toBe('allowlisted');
  expect(kind(outside(), proxied, routes({ b: through, a: back(10) }))).toBe('open');
  // What may be one of two guards nothing.
  const other = { google_compute_forwarding_rule: { f: { name: 'f', region: 'r', load_balancing_scheme: 'INTERNAL', network, ip_address: '10.0.0.201' } } };
  const [one, either] = ['google_network_services_gateway.g.addresses[0]', 'var.other ? google_compute_forwarding_rule.f.ip_address : google_network_services_gateway.g.addresses[0]'].map((next) => routes({ b: { ...through, next_hop_ilb_ip: `\${${next}}` } }));
  expect([kind(outside(), proxied, other, one!), kind(outside(), proxied, other, either!)]).toEqual(['allowlisted', 'unknown']);
});

test('routes may come over a peering that another plan makes', () => {
  const config = (flag: unknown): Resources => ({ google_compute_network_peering_routes_config: { c: { peering: 'theirs', network: '${google_compute_network.n.name}', import_custom_routes: flag, export_custom_routes: false } } });
  expect([kind(config(false)), kind(config(true)), kind(config('${var.imports}'))]).toEqual(['none', 'unknown', 'unknown']);
});

describe('what is behind an external passthrough balancer', () => {
  const balancer = (group: string): Resources => ({
    google_compute_region_backend_service: { b: { name: 'b', load_balancing_scheme: 'EXTERNAL', backend: [{ group }] } },
    google_compute_forwarding_rule: { f: { name: 'f', backend_service: '${google_compute_region_backend_service.b.id}' } },
  });

  test('a machine that joins its group by a resource of its own', () => {
    const group = { google_compute_instance_group: { g: { name: 'g', zone: 'r-a' } } };
    const member = { google_compute_instance_group_membership: { x: { instance: '${google_compute_instance.m.self_link}', instance_group: 'g', zone: 'r-a' } } };
    expect(kind(balancer('${google_compute_instance_group.g.id}'), group)).toBe('none');
    expect(kind(balancer('${google_compute_instance_group.g.id}'), group, member)).toBe('open');
  });

  test('an endpoint that names its group by its name alone', () => {
    const group = { google_compute_network_endpoint_group: { g: { name: 'g', zone: 'r-a', network } } };
    expect(kind(balancer('${google_compute_network_endpoint_group.g.id}'), group)).toBe('none');
    expect(kind(balancer('${google_compute_network_endpoint_group.g.id}'), group, { google_compute_network_endpoint: { e: { network_endpoint_group: 'g', instance: '${google_compute_instance.m.name}', ip_address: '10.0.0.5' } } })).toBe('open');
  });

  test('a machine that a pool names by zone and name', () => {
    const pool = (instances: readonly string[]): Resources => ({ google_compute_target_pool: { t: { name: 't', instances } }, google_compute_forwarding_rule: { f: { name: 'f', target: '${google_compute_target_pool.t.self_link}' } } });
    expect([kind(pool(['q-a/m'])), kind(pool(['r-a/m']))]).toEqual(['none', 'open']);
  });

  test('nodes of a pool', () => {
    const cluster: Resources = {
      google_compute_instance: {},
      google_container_cluster: { k: { name: 'k', network, subnetwork, remove_default_node_pool: true } },
      google_container_node_pool: { p: { cluster: '${google_container_cluster.k.id}', network_config: [{ enable_private_nodes: true }] } },
    };
    expect(kindOf('google_container_node_pool.p', INSIDE, cluster)).toBe('none');
    expect(kindOf('google_container_node_pool.p', INSIDE, cluster, balancer('${google_container_node_pool.p.managed_instance_group_urls[0]}'))).toBe('open');
  });
});

test('a NAT of which nobody tells whether it serves IPv6', () => {
  const six: Resources = {
    google_compute_subnetwork: { s: { name: 's', network, region: 'r', stack_type: 'IPV6_ONLY', ipv6_access_type: 'INTERNAL' } },
    google_compute_route: { r: { name: 'r', network, dest_range: '64:ff9b::/96', next_hop_gateway: 'default-internet-gateway' } },
    google_compute_router: { r: { name: 'r', network, region: 'r' } },
  };
  const nat = (mode: string | undefined): Resources => ({ google_compute_router_nat: { n: { name: 'n', router: '${google_compute_router.r.name}', region: 'r', source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES', source_subnetwork_ip_ranges_to_nat64: mode } } });
  const of = (mode: string | undefined) => kinds(stack({ ...INSIDE, ...six, ...nat(mode) }), 6)['google_compute_instance.m'];
  expect([of(undefined), of('ALL_IPV6_SUBNETWORKS'), of('${var.mode}')]).toEqual(['none', 'open', 'unknown']);
});

test('a route to a place that nobody tells may be narrower than one that leads nowhere', () => {
  const first = { d: { name: 'd', network, dest_range: '0.0.0.0/0', priority: 0, next_hop_instance: '${google_compute_instance.h.id}' } };
  const second = (dest_range: string) => ({ google_compute_route: { ...first, r: { name: 'r', network, dest_range, next_hop_gateway: 'default-internet-gateway' } } });
  const machines: Resources = { google_compute_instance: { ...outside()['google_compute_instance'], h: { name: 'h', zone: 'r-a', network_interface: [{ subnetwork }] } } };
  expect(['0.0.0.0/0', '8.0.0.0/8', '${var.to}'].map((to) => kind(machines, second(to)))).toEqual(['none', 'open', 'unknown']);
});

describe('an internal load balancer before hosts on the internet', () => {
  const GROUP = 'google_compute_region_network_endpoint_group';
  const relay = (endpoint: object | undefined, more: object = {}): Resources => ({
    [GROUP]: { g: { name: 'g', region: 'r', network, network_endpoint_type: 'INTERNET_FQDN_PORT' } },
    ...(endpoint ? { google_compute_region_network_endpoint: { e: { region: 'r', region_network_endpoint_group: `\${${GROUP}.g.name}`, port: 443, ...endpoint } } } : {}),
    google_compute_region_backend_service: { b: { name: 'b', region: 'r', load_balancing_scheme: 'INTERNAL_MANAGED', backend: [{ group: `\${${GROUP}.g.id}` }] } },
    google_compute_region_url_map: { u: { name: 'u', region: 'r', default_service: '${google_compute_region_backend_service.b.id}' } },
    google_compute_region_target_http_proxy: { t: { name: 't', region: 'r', url_map: '${google_compute_region_url_map.u.id}' } },
    google_compute_forwarding_rule: { f: { name: 'f', region: 'r', load_balancing_scheme: 'INTERNAL_MANAGED', port_range: '80', network, subnetwork, target: '${google_compute_region_target_http_proxy.t.id}', ...more } },
  });
  const hosts = (...parts: readonly Resources[]) => verdictsOf(stack(Object.assign({}, INSIDE, ...parts))).verdicts.filter(({ family }) => family === 4).flatMap((verdict) => [verdict.kind, ...verdict.hosts.map(({ host, ports }) => `${host}:${ports.join()}`)]);

  test('leads whoever may call it to them', () => {
    expect(hosts(relay({ fqdn: 'Drop.Example.com' }))).toEqual(['allowlisted', 'drop.example.com:443']);
    expect(hosts(relay({ ip_address: '203.0.114.9' }))).toEqual(['allowlisted', '203.0.114.9/32:443']);
    expect(hosts(relay({ fqdn: '${var.host}' }))).toEqual(['unknown']);
    expect(hosts(relay(undefined))).toEqual(['unknown']);
  });

  test('leads nobody who may not, who is elsewhere, or outside', () => {
    expect(hosts(relay({ fqdn: 'drop.example.com' }), classic({ d: DENY }))).toEqual(['none']);
    expect(hosts(relay({ fqdn: 'drop.example.com' }), classic({ d: DENY, a: { priority: 10, allow: [{ protocol: 'tcp', ports: ['80'] }], destination_ranges: ['10.0.0.0/24'] } }))).toEqual(['allowlisted', 'drop.example.com:443']);
    expect(hosts(relay({ fqdn: 'drop.example.com' }, { region: 'q' }))).toEqual(['none']);
    expect(hosts(relay({ fqdn: 'drop.example.com' }, { load_balancing_scheme: 'EXTERNAL_MANAGED' }))).toEqual(['none']);
  });

  test('may lead to public addresses among hosts behind a tunnel', () => {
    const hybrid = (endpoints: Resources, network_endpoint_type = 'NON_GCP_PRIVATE_IP_PORT'): Resources => ({
      ...relay(undefined), [GROUP]: {}, google_compute_network_endpoint_group: { g: { name: 'g', zone: 'r-a', network, network_endpoint_type } }, ...endpoints,
      google_compute_region_backend_service: { b: { name: 'b', region: 'r', load_balancing_scheme: 'INTERNAL_MANAGED', backend: [{ group: '${google_compute_network_endpoint_group.g.id}' }] } },
    });
    const group = { network_endpoint_group: '${google_compute_network_endpoint_group.g.name}', zone: 'r-a' };
    const one = (ip_address: string) => ({ google_compute_network_endpoint: { e: { ...group, ip_address, port: 443 } } });
    const several = (...ips: readonly string[]) => ({ google_compute_network_endpoints: { e: { ...group, network_endpoints: ips.map((ip_address) => ({ ip_address, port: 443 })) } } });
    expect([hosts(hybrid(one('8.8.8.8'))), hosts(hybrid(several('10.9.0.1', '8.8.8.8')))].map(([each]) => each)).toEqual(['unknown', 'unknown']);
    expect([hosts(hybrid(one('10.9.0.1'))), hosts(hybrid(several('10.9.0.1'))), hosts(hybrid(one('8.8.8.8'), 'GCE_VM_IP_PORT')), hosts(hybrid({}))]).toEqual([['none'], ['none'], ['none'], ['none']]);
  });

  test('is told where it delivers by address, too', () => {
    const told = (ip_address: string) => review(stack({ ...INSIDE, ...relay({ ip_address }) })).findings.filter((finding) => finding.startsWith('managed-service-egress'));
    expect([told('203.0.114.9'), told('10.0.0.9')]).toEqual([['managed-service-egress google_compute_region_network_endpoint.e'], []]);
  });
});

test('a network of VMware Engine may bring a default route', () => {
  const peering = (more: object): Resources => ({ google_vmwareengine_network_peering: { v: { name: 'v', peer_network: network, vmware_engine_network: 'projects/v/locations/global/vmwareEngineNetworks/v', ...more } } });
  expect([kind(peering({ import_custom_routes: false })), kind(peering({}))]).toEqual(['none', 'unknown']);
});

test('a NAT serves machines unless it says that it serves others alone, wherever it stands', () => {
  const nat = (more: object, router: object = { region: 'r' }) => kind({
    google_compute_router: { r: { name: 'r', network, ...router } },
    google_compute_router_nat: { n: { name: 'n', router: '${google_compute_router.r.name}', source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES', ...router, ...more } },
  });
  expect(nat({})).toBe('open');
  expect(nat({ endpoint_types: ['ENDPOINT_TYPE_VM'] })).toBe('open');
  expect(nat({ endpoint_types: ['ENDPOINT_TYPE_SWG'] })).toBe('none');
  expect(nat({ endpoint_types: '${var.types}' })).toBe('open');
  expect(nat({ type: 'PRIVATE' })).toBe('none');
  expect(nat({}, { region: 'q' })).toBe('none');
  expect(nat({}, {})).toBe('open');
});
