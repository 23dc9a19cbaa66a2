/** Secure Web Proxies: whom they serve, and by which rules. Authorization policies: `proxy-authorization.test.ts`. */
import { classic, DENY, INSIDE, kind, kinds, network, policy, SUBNET, subnetwork, type Resources } from './one-machine';
import { stack } from './reviewing';

describe('a Secure Web Proxy', () => {
  const POLICY = 'google_network_security_gateway_security_policy';
  const proxy = (name: string, where: string, policyName: string): Resources => ({
    [POLICY]: { p: { name: 'p', location: 'r' } },
    [`${POLICY}_rule`]: { a: { name: 'a', location: 'r', gateway_security_policy: policyName, priority: 1, enabled: true, basic_profile: 'ALLOW', session_matcher: 'true' } },
    google_network_services_gateway: { [name]: { name, location: 'r', type: 'SECURE_WEB_GATEWAY', network: where, addresses: ['10.1.0.200'], ports: [443], gateway_security_policy: `\${${POLICY}.p.id}` } },
  });

  test('whose rules name the policy by its name alone, as states do', () => {
    expect(kind(proxy('g', network, `\${${POLICY}.p.name}`))).toBe('open');
    expect(kind(proxy('g', network, 'p'))).toBe('open');
  });

  test('is called in spite of a deny that means the internet alone', () => {
    const deny = (scope: string | undefined) => policy('google_compute_network_firewall_policy', { match: [{ layer4_configs: [{ ip_protocol: 'all' }], dest_network_scope: scope }] });
    expect([undefined, 'NON_INTERNET', 'INTERNET', '${var.scope}'].map((scope) => kind(proxy('g', network, 'p'), deny(scope)))).toEqual(['none', 'none', 'open', 'unknown']);
  });

  test('is called from its region, and at its port', () => {
    const but443 = policy('google_compute_network_firewall_policy', { match: [{ layer4_configs: [{ ip_protocol: 'tcp', ports: ['0-442', '444-65535'] }] }] });
    const called = (more: object, denied: Resources = {}) => kind(proxy('g', network, 'p'), { google_network_services_gateway: { g: { ...proxy('g', network, 'p')['google_network_services_gateway']!['g'], ...more } } }, denied);
    expect([called({ location: 'far' }), called({ location: 'far', allow_global_access: true })]).toEqual(['none', 'open']);
    expect([called({ ports: [80] }, but443), called({ ports: [80], all_ports: true }, but443)]).toEqual(['none', 'open']);
  });

  test('is called from IPv4 addresses alone', () => {
    const dual: Resources = {
      google_compute_subnetwork: { s: { ...SUBNET, stack_type: 'IPV4_IPV6', ipv6_access_type: 'INTERNAL' } },
      google_compute_instance: { m: { name: 'm', zone: 'r-a', network_interface: [{ subnetwork, stack_type: 'IPV4_IPV6' }] } },
    };
    expect(kinds(stack({ ...INSIDE, ...dual, ...proxy('g', network, 'p') }), 6)).toEqual({ 'google_compute_instance.m': 'none' });
  });

  test('is reached from peered networks', () => {
    const hub = '${google_compute_network.hub.id}';
    const hubs = { google_compute_network: { ...INSIDE['google_compute_network'], hub: { name: 'hub', auto_create_subnetworks: false, delete_default_routes_on_create: true } } };
    const peer = (name: string, from: string, to: string) => ({ [name]: { name, network: from, peer_network: to } });
    expect(kind(hubs, proxy('g', hub, 'p'))).toBe('none');
    expect(kind(hubs, proxy('g', hub, 'p'), { google_compute_network_peering: { ...peer('a', network, hub), ...peer('b', hub, network) } })).toBe('open');
    expect(kind(hubs, proxy('g', hub, 'p'), { google_compute_network_peering: peer('b', hub, network) })).toBe('unknown');
  });

  describe('of a network that is not joined to this one, published by Private Service Connect', () => {
    const hub = '${google_compute_network.hub.id}';
    const hubs = { google_compute_network: { ...INSIDE['google_compute_network'], hub: { name: 'hub', auto_create_subnetworks: false, delete_default_routes_on_create: true } } };
    const published: Resources = { google_compute_service_attachment: { a: { name: 'a', region: 'r', target_service: '${google_network_services_gateway.g.self_link}' } } };
    const endpoint = (more: object = {}): Resources => ({ google_compute_forwarding_rule: { e: { name: 'e', region: 'r', load_balancing_scheme: '', network, ip_address: '10.0.0.9', target: '${google_compute_service_attachment.a.id}', ...more } } });
    const backend: Resources = {
      google_compute_region_network_endpoint_group: { b: { name: 'b', region: 'r', network_endpoint_type: 'PRIVATE_SERVICE_CONNECT', psc_target_service: '${google_compute_service_attachment.a.self_link}' } },
      google_compute_region_backend_service: { b: { name: 'b', region: 'r', backend: [{ group: '${google_compute_region_network_endpoint_group.b.id}' }] } },
      google_compute_forwarding_rule: { e: { name: 'e', region: 'r', load_balancing_scheme: 'INTERNAL_MANAGED', network, backend_service: '${google_compute_region_backend_service.b.id}' } },
    };
    test.each<[string, readonly Resources[], string]>([
      ['without an endpoint', [published], 'none'],
      ['to an endpoint here', [published, endpoint()], 'open'],
      ['to an endpoint of the hub alone', [published, endpoint({ network: hub })], 'none'],
      ['to an endpoint of another region', [published, endpoint({ region: 'q' })], 'none'],
      ['to one that every region may call', [published, endpoint({ region: 'q', allow_psc_global_access: true })], 'open'],
      ['to one whose address is denied', [published, endpoint(), classic({ d: { ...DENY, destination_ranges: ['10.0.0.9/32'] } })], 'none'],
      ['to backends of a balancer', [published, backend], 'open'],
    ])('%s', (_, parts, expected) => {
      expect(kind(hubs, proxy('g', hub, 'p'), ...parts)).toBe(expected);
    });
  });
});
