/** What public repositories do that no fixture of ours did. */
import { classic, DENY, INSIDE, kind, kinds, network, outside, policy, subnetwork, type Resources } from './one-machine';
import { review, stack } from './reviewing';

const PROFILE = 'google_network_security_security_profile';
const MACHINE = 'google_compute_instance.m';
const hits = (rule: string, ...parts: readonly Resources[]) => review(stack(Object.assign({}, ...parts))).hits.filter((hit) => hit.rule === rule);

describe('a rule that hands packets to somebody\'s own firewalls', () => {
  const handed = (group: object): Resources => ({
    ...INSIDE, ...outside(),
    ...policy('google_compute_network_firewall_policy', { action: 'apply_security_profile_group', security_profile_group: `//networksecurity.googleapis.com/\${${PROFILE}_group.g.id}` }),
    [PROFILE]: { p: { name: 'p', type: 'CUSTOM_INTERCEPT' } },
    [`${PROFILE}_group`]: { g: { name: 'g', ...group } },
  });
  const intercepted = handed({ custom_intercept_profile: `\${${PROFILE}.p.id}` });
  test('lets through what no plan tells', () => {
    expect(kinds(stack(intercepted))[MACHINE]).toBe('unknown');
    expect(hits('wide-firewall-rule', intercepted)).toEqual([]);
    expect(hits('inspection-zone-missing', intercepted)).toEqual([]);
  });
  test('and a copy of the packets stops none', () => expect(kinds(stack(handed({ custom_mirroring_profile: `\${${PROFILE}.p.id}` })))[MACHINE]).toBe('open'));
});

test('the default network is what it is, also where a data source reads it', () => {
  const read = (name: string): Resources => ({
    google_compute_instance: { m: { name: 'm', zone: 'r-a', network_interface: [{ network: '${data.google_compute_network.n.self_link}', access_config: [{}] }] } },
    data: { google_compute_network: { n: { name } } },
  });
  const of = (name: string) => {
    const { data, ...resources } = read(name);
    return kinds({ ...(stack(resources) as object), data })[MACHINE];
  };
  expect(of('default')).toBe('open');
  expect(of('shared')).toBe('unknown');
});

describe('a subnet that a module is handed by its link, and reads', () => {
  const module = (subnet: string, nat: Resources = {}) => kinds({
    ...(stack({ ...INSIDE, google_compute_instance: { m: { name: 'm', zone: 'r-a', network_interface: [{ subnetwork: `\${data.google_compute_subnetwork.read.${subnet}}` }] } }, ...nat }) as object),
    data: { google_compute_subnetwork: { read: { self_link: '${google_compute_subnetwork.s.self_link}' } } },
  })[MACHINE];
  const NAT: Resources = {
    google_compute_router: { r: { name: 'r', region: 'r', network } },
    google_compute_router_nat: { n: { name: 'n', region: 'r', router: '${google_compute_router.r.name}', source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES' } },
  };
  test.each(['self_link', 'id', 'name'])('is that very subnet: %s', (attribute) => {
    expect(module(attribute)).toBe('none');
    expect(module(attribute, NAT)).toBe('open');
  });
});

describe('a rule whose source tags are known after an apply', () => {
  const ssh = (more: object) => hits('wide-ingress', INSIDE, outside(), { google_compute_firewall: { f: { name: 'f', network, allow: [{ protocol: 'tcp', ports: ['22'] }], ...more } }, random_id: { t: { byte_length: 4 } } });
  test('is not open to the world', () => expect(ssh({ source_tags: ['${random_id.t.hex}'] })).toEqual([]));
  test('one without any source is', () => expect(ssh({})).toHaveLength(1));
});

test('a "deny all" that lists its protocols is told apart from none', () => {
  const [hit] = hits('firewall-default-pass', INSIDE, classic({ d: { ...DENY, deny: [{ protocol: 'tcp' }, { protocol: 'udp' }], destination_ranges: ['0.0.0.0/0'] } }));
  expect(hit?.message).toMatch(/^google_compute_firewall\.d denies tcp, udp to 0\.0\.0\.0\/0, and not every protocol: /);
  expect(hits('firewall-default-pass', INSIDE)[0]?.message).toMatch(/^no rule denies 0\.0\.0\.0\/0: /);
});

test('policies that all hold somewhere are a mild reproach to a network without one', () => {
  const beside: Resources = {
    google_compute_network: { ...INSIDE['google_compute_network'], other: { name: 'other', auto_create_subnetworks: false } },
    google_compute_instance: { ...outside()['google_compute_instance'], o: { name: 'o', zone: 'r-a', network_interface: [{ network: '${google_compute_network.other.id}', access_config: [{}] }] } },
  };
  const POLICY = policy('google_compute_network_firewall_policy', {});
  const unassociated = (more: Resources) => hits('policy-unassociated', INSIDE, beside, POLICY, more).map(({ address, severity }) => [address, severity]);
  expect(unassociated({})).toEqual([['google_compute_network.other', 'low']]);
  expect(unassociated({ google_compute_network_firewall_policy_association: {} })).toContainEqual(['google_compute_network.other', undefined]);
});

describe('a rule that may mean a machine', () => {
  const POLICY = 'google_compute_network_firewall_policy';
  const rule = (priority: number, action: string, match: object, more: object = {}) => ({ firewall_policy: `\${${POLICY}.p.name}`, priority, action, direction: 'EGRESS', match: [{ layer4_configs: [{ ip_protocol: 'all' }], ...match }], ...more });
  const WORLD = { dest_ip_ranges: ['0.0.0.0/0'] };
  const behind = (...rules: readonly object[]): Resources => ({
    ...outside({ params: [{ resource_manager_tags: '${var.tags}' }] }),
    google_tags_tag_key: { k: { short_name: 'quarantine', purpose: 'GCE_FIREWALL' } },
    google_tags_tag_value: { isolated: { short_name: 'isolated', parent: '${google_tags_tag_key.k.id}' } },
    ...policy(POLICY, {}),
    [`${POLICY}_rule`]: Object.fromEntries([rule(100, 'deny', WORLD, { target_secure_tags: [{ name: '${google_tags_tag_value.isolated.id}' }] }), ...rules].map((each, index) => [`r${index}`, each])),
  });
  const LIST = rule(2000, 'allow', { layer4_configs: [{ ip_protocol: 'tcp', ports: ['443'] }], dest_fqdns: ['a.example.com'] });
  test('a deny leaves a list the list that it is', () => expect(kind(behind(LIST, rule(65000, 'deny', WORLD)))).toBe('allowlisted'));
  test('a deny hides whether what is open is', () => expect(kind(behind(LIST))).toBe('unknown'));
  // Whoever it is meant for gets to what it lists at most, and the others do not.
  test.each<[string, object, string]>([
    ['names', { dest_fqdns: ['a.example.com'] }, 'allowlisted'],
    ['a single address', { dest_ip_ranges: ['151.101.1.69/32'] }, 'allowlisted'],
    ['every address', WORLD, 'unknown'],
    ['names in a country', { dest_fqdns: ['a.example.com'], dest_region_codes: ['US'] }, 'unknown'],
  ])('an allow that may mean it, of %s', (_, match, expected) => {
    const tagged = rule(2000, 'allow', { layer4_configs: [{ ip_protocol: 'tcp', ports: ['443'] }], ...match }, { target_secure_tags: [{ name: '${google_tags_tag_value.isolated.id}' }] });
    expect(kind(behind(tagged, rule(65000, 'deny', WORLD)))).toBe(expected);
  });
  test('a deny makes no segment of those that it shuts off', () => {
    expect(hits('rule-without-target', INSIDE, behind(LIST, rule(65000, 'deny', WORLD)))).toEqual([]);
    expect(hits('rule-without-target', INSIDE, behind(LIST, rule(1000, 'allow', WORLD, { target_secure_tags: [{ name: '${google_tags_tag_value.isolated.id}' }] })))).toHaveLength(1);
  });
});

describe('flow logs that are switched on beside the subnet', () => {
  const told = (config: object) => hits('flow-logs-missing', INSIDE, { google_network_management_vpc_flow_logs_config: { c: { vpc_flow_logs_config_id: 'c', location: 'global', ...config } } }).length;
  test.each<[string, object, number]>([
    ['for it', { subnet: '${google_compute_subnetwork.s.id}' }, 0],
    ['for its network, by reference', { network }, 0],
    ['for its network, by link', { network: 'projects/p/global/networks/n' }, 0],
    ['for another', { network: 'projects/p/global/networks/other' }, 1],
    ['for a tunnel', { vpn_tunnel: 'projects/p/regions/r/vpnTunnels/t' }, 1],
    ['and off', { network, state: 'DISABLED' }, 1],
    ['for a part of the flows', { network, flow_sampling: 0.5 }, 1],
  ])('%s', (_, config, expected) => expect(told(config)).toBe(expected));
});

describe('a default route to a machine that is meant for the machine itself, too', () => {
  const machine = (name: string, more: object = {}) => ({ name, zone: 'r-a', network_interface: [{ subnetwork, ...more }] });
  const routed = (next: object, routes: Resources = {}): Resources => ({
    google_compute_instance: { nat: machine('nat', { network_ip: '10.0.0.9', access_config: [{}] }), m: machine('m') },
    google_compute_route: { ...INSIDE['google_compute_route'], own: { name: 'own', network, dest_range: '0.0.0.0/0', priority: 900, ...next }, ...routes },
  });
  test.each<[string, object]>([['by name', { next_hop_instance: '${google_compute_instance.nat.self_link}', next_hop_instance_zone: 'r-a' }], ['by address', { next_hop_ip: '10.0.0.9' }]])('is no end of its packets: %s', (_, next) => {
    const found = kinds(stack({ ...INSIDE, ...routed(next) }));
    expect(found['google_compute_instance.nat']).toBe('unknown');
    expect(found[MACHINE]).toBe('unknown');
  });
  test('beside another machine without an address alike', () => {
    const resources: Resources = { ...INSIDE, ...routed({ next_hop_instance: '${google_compute_instance.nat.self_link}' }) };
    resources['google_compute_instance'] = { a: machine('a'), nat: machine('nat'), z: machine('z') };
    resources['google_compute_router'] = { r: { name: 'r', region: 'r', network } };
    resources['google_compute_router_nat'] = { n: { name: 'n', region: 'r', router: '${google_compute_router.r.name}', source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES' } };
    const reasons = (id: string) => review(stack(resources)).verdicts.find(({ place, family }) => place.id === `google_compute_instance.${id}` && family === 4)?.reasons;
    const through = ['what google_compute_instance.nat lets through is not in the plan'];
    expect([reasons('a'), reasons('z')]).toEqual([through, through]);
    expect(reasons('nat')).toEqual(['whether google_compute_route.own holds for google_compute_instance.nat, to which it leads, is not in the plan']);
  });
});

test('a template stands for its machines where nothing else of the plan does', () => {
  const template: Resources = { google_compute_instance: {}, google_compute_instance_template: { t: { name: 't', machine_type: 'e2', network_interface: [{ subnetwork }] } } };
  const made: Resources = { google_compute_instance_from_template: { m: { name: 'm', zone: 'r-a', source_instance_template: '${google_compute_instance_template.t.self_link}' } } };
  const group: Resources = { google_compute_instance_group_manager: { g: { name: 'g', zone: 'r-a', version: [{ instance_template: '${google_compute_instance_template.t.self_link}' }] } } };
  const places = (...parts: readonly Resources[]) => Object.keys(kinds(stack(Object.assign({}, INSIDE, template, ...parts))));
  expect(places()).toEqual(['google_compute_instance_template.t']);
  expect(places(made)).toEqual(['google_compute_instance_from_template.m']);
  expect(places(made, group).sort()).toEqual(['google_compute_instance_from_template.m', 'google_compute_instance_template.t']);
});

describe('a default route that names no tag', () => {
  const found = (...parts: readonly Resources[]) => hits('internet-route-without-tag', INSIDE, ...parts).map(({ address }) => address);
  const route = (more: object): Resources => ({ google_compute_route: { r: { name: 'r', network, dest_range: '0.0.0.0/0', next_hop_gateway: 'default-internet-gateway', ...more } } });
  test('is told in every network', () => expect(found(route({}))).toEqual(['google_compute_route.r']));
  test('as one to half of the internet is', () => expect(found(route({ dest_range: '128.0.0.0/1' }))).toHaveLength(1));
  test('and one to a few addresses is not', () => expect(found(route({ dest_range: '35.190.247.13/32' }))).toEqual([]));
  test('nor is one that names a tag', () => expect(found(route({ tags: ['out'] }))).toEqual([]));
});

describe('a public address', () => {
  const address = (more: object, machine: object): string[] => hits('external-address', INSIDE, {
    google_compute_instance: { m: { name: 'm', zone: 'r-a', network_interface: [{ subnetwork, ...machine }] } },
    google_compute_address: { a: { name: 'a', address: '203.0.113.9', address_type: 'EXTERNAL', ...more } },
  }).map((hit) => hit.address).filter((each) => each.startsWith('google_compute_address'));
  test('that nothing uses is told', () => expect(address({}, {})).toEqual(['google_compute_address.a']));
  test('is used where a machine has it, which a state tells by the address alone', () => expect(address({}, { access_config: [{ nat_ip: '203.0.113.9' }] })).toEqual([]));
  test('is used where Google says by whom', () => expect(address({ users: ['projects/p/zones/r-a/instances/m'] }, {})).toEqual([]));
});
