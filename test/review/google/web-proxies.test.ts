/** Secure Web Proxies: whom they serve, and by which rules. Authorization policies: `proxy-authorization.test.ts`. */
import { classic, DENY, INSIDE, kind, kinds, network, policy, SUBNET, subnetwork, type Resources } from './one-machine';
import { review, stack, verdictsOf } from './reviewing';

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

  const X = '${google_service_account.x.email}';
  /** What a machine that runs as x gets by rules in the order of their priority. */
  const ruled = (rules: readonly (readonly [profile: string, matcher: string, more?: object])[], where = network, more: Resources = {}) => {
    const resources: Resources = {
      ...INSIDE, google_service_account: { x: { account_id: 'x' }, y: { account_id: 'y' } },
      google_compute_instance: { m: { name: 'm', zone: 'r-a', network_interface: [{ subnetwork }], service_account: [{ email: X, scopes: [] }] } },
      google_network_security_url_lists: { l: { name: 'l', location: 'r', values: ['*example.com', '*.example.org/path'] } }, ...proxy('g', where, 'p'),
      [`${POLICY}_rule`]: Object.fromEntries(rules.map(([basic_profile, session_matcher, rest], at) => [`r${at}`, { name: `r${at}`, location: 'r', gateway_security_policy: 'p', priority: 10 + at, enabled: true, basic_profile, session_matcher, ...rest }])), ...more,
    };
    const verdict = verdictsOf(stack(resources)).verdicts.find(({ family, place }) => family === 4 && place.id === 'google_compute_instance.m');
    return [verdict?.kind, ...(verdict?.hosts.map(({ host, ports, except = [] }) => [[host, ...ports].join(':'), ...except].join(' not ')) ?? [])];
  };
  const LIST = "inUrlList(host(), '${google_network_security_url_lists.l.id}')";
  const ACCOUNT = "source.matchServiceAccount('${google_service_account.y.email}')";

  test.each<[string, Parameters<typeof ruled>[0], readonly string[]]>([
    ['a list with a name and all below it', [['ALLOW', LIST]], ['allowlisted', '*.example.org', '.example.com']],
    ['a refusal of everything before', [['DENY', 'true'], ['ALLOW', LIST]], ['none']],
    ['a refusal of one name of a list before', [['DENY', "host() == 'a.example.com'"], ['ALLOW', LIST]], ['allowlisted', '*.example.org', '.example.com not a.example.com']],
    ['a refusal of one name on another port', [['DENY', "host() == 'a.example.com' && destination.port == 8443"], ['ALLOW', `${LIST} && destination.port == 443`]], ['allowlisted', '*.example.org:443', '.example.com:443']],
    ['a refusal of one name behind', [['ALLOW', LIST], ['DENY', "host() == 'a.example.com'"]], ['allowlisted', '*.example.org', '.example.com']],
    ['a refusal of one name for somebody else', [['DENY', `${ACCOUNT} && host() == 'a.example.com'`], ['ALLOW', LIST]], ['allowlisted', '*.example.org', '.example.com']],
    ['a refusal of everything behind', [['ALLOW', "host() == 'a.com'"], ['DENY', 'true']], ['allowlisted', 'a.com']],
    ['a refusal of all but a list', [['DENY', `!${LIST}`], ['ALLOW', 'destination.port == 443']], ['allowlisted', '*.example.org:443', '.example.com:443']],
    ['a refusal of all but a list that the plan does not have', [['DENY', "!inUrlList(host(), 'projects/p/locations/r/urlLists/x')"], ['ALLOW', "host() == 'a.com'"]], ['allowlisted', 'a.com']],
    ['a refusal of a name that others are like', [['DENY', "host().endsWith('example.com')"], ['ALLOW', LIST], ['ALLOW', "host() == 'anexample.com'"]], ['allowlisted', '*.example.org', 'anexample.com']],
    ['a refusal by what is inside of a tunnel', [['DENY', 'true', { application_matcher: "request.method == 'GET'" }], ['ALLOW', "host() == 'a.com'"]], ['allowlisted', 'a.com']],
    ['a refusal that is off', [['DENY', 'true', { enabled: false }], ['ALLOW', "host() == 'a.com'"]], ['allowlisted', 'a.com']],
    ['a refusal whose priority is not known', [['DENY', 'true', { priority: '${var.priority}' }], ['ALLOW', "host() == 'a.com'"]], ['allowlisted', 'a.com']],
    ['ports of their own', [['ALLOW', "destination.port == 80 && host() == 'a.com' || host() == 'a.com' && destination.port == 443 || host() == 'b.com'"]], ['allowlisted', 'a.com:80:443', 'b.com']],
    ['a rule for another account', [['ALLOW', `${ACCOUNT} && host() == 'a.com'`]], ['none']],
    ['a rule for all other accounts', [['ALLOW', `!${ACCOUNT} && host() == 'a.com'`]], ['allowlisted', 'a.com']],
    ['what is inside of tunnels that are inspected', [['ALLOW', 'true', { application_matcher: "host() == 'a.com'", tls_inspection_enabled: true }]], ['allowlisted', 'a.com']],
    ['what is inside of tunnels that nobody inspects', [['ALLOW', 'true', { application_matcher: "host() == 'a.com'" }]], ['open']],
    ['a list that the plan does not have', [['ALLOW', "inUrlList(host(), 'projects/p/locations/r/urlLists/x')"]], ['unknown']],
    ['such a list for another account', [['ALLOW', `${ACCOUNT} && inUrlList(host(), 'projects/p/locations/r/urlLists/x')`], ['ALLOW', "host() == 'a.com'"]], ['allowlisted', 'a.com']],
  ])('lets through by %s', (_, rules, expected) => {
    expect(ruled(rules)).toEqual(expected);
  });

  test('whose list has a name and all below it is told of the wildcard', () => {
    const found = (value: string) => {
      const listed = { ...INSIDE, ...proxy('g', network, 'p'), [`${POLICY}_rule`]: { a: { name: 'a', location: 'r', gateway_security_policy: 'p', priority: 1, enabled: true, basic_profile: 'ALLOW', session_matcher: LIST } }, google_network_security_url_lists: { l: { name: 'l', location: 'r', values: [value] } } };
      return review(stack(listed)).findings.filter((finding) => /^(wildcard|public-suffix)-host/.test(finding)).map((finding) => finding.split(' ')[0]);
    };
    expect([found('example.com'), found('*example.com'), found('*co.uk')]).toEqual([[], ['wildcard-host'], ['public-suffix-host', 'wildcard-host']]);
  });

  test('may not see the account of who calls it from another network', () => {
    const hub = '${google_compute_network.hub.id}';
    const peers = { google_compute_network: { ...INSIDE['google_compute_network'], hub: { name: 'hub', auto_create_subnetworks: false, delete_default_routes_on_create: true } }, google_compute_network_peering: { a: { name: 'a', network, peer_network: hub }, b: { name: 'b', network: hub, peer_network: network } } };
    const refused: Parameters<typeof ruled>[0] = [['DENY', `source.matchServiceAccount('${X}')`], ['ALLOW', "host() == 'a.com'"]];
    expect([ruled(refused), ruled(refused, hub, peers)]).toEqual([['none'], ['allowlisted', 'a.com']]);
  });

  test('is the next hop of its own network, whoever has the same address elsewhere', () => {
    const elsewhere = '${google_compute_network.elsewhere.id}';
    const led: Resources = {
      google_compute_network: { ...INSIDE['google_compute_network'], elsewhere: { name: 'elsewhere', auto_create_subnetworks: false, delete_default_routes_on_create: true } },
      google_compute_route: { r: { name: 'r', network, dest_range: '0.0.0.0/0', next_hop_ilb: '10.1.0.200' } },
    };
    expect(ruled([['ALLOW', "host() == 'a.com'"]], elsewhere, led)).toEqual(['unknown']);
    expect(ruled([['ALLOW', "host() == 'a.com'"]], network, led)).toEqual(['allowlisted', 'a.com']);
  });

  test('takes tcp alone as the next hop of a route', () => {
    const resources = { ...INSIDE, ...proxy('g', network, 'p'), google_compute_route: { r: { name: 'r', network, dest_range: '0.0.0.0/0', next_hop_ilb: '10.1.0.200' } } };
    const verdict = verdictsOf(stack(resources)).verdicts.find(({ family, place }) => family === 4 && place.id === 'google_compute_instance.m');
    expect([...new Set(verdict?.openTraffic?.flatMap(({ boxes }) => boxes.map(({ protocol }) => protocol)))]).toEqual(['tcp']);
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
