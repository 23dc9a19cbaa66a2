/** How Google Cloud decides, one fact a test: what else leads out, and what a rule does not mean. */
import { trafficWords } from '../../../review/paths/traffic-words';
import { review, stack, verdictsOf } from './reviewing';

type Resources = Record<string, Record<string, any>>;

const network = '${google_compute_network.n.id}';
const MACHINE: Resources = {
  google_compute_network: { n: { name: 'n', auto_create_subnetworks: false, delete_default_routes_on_create: true } },
  google_compute_subnetwork: { s: { name: 's', network, region: 'r', ip_cidr_range: '10.0.0.0/24' } },
  google_compute_instance: { m: { zone: 'r-a', network_interface: [{ subnetwork: '${google_compute_subnetwork.s.id}' }] } },
};
const ROUTE: Resources = { google_compute_route: { r: { name: 'r', network, dest_range: '0.0.0.0/0', next_hop_gateway: 'default-internet-gateway' } } };
const PUBLIC: Resources = { google_compute_instance: { m: { zone: 'r-a', network_interface: [{ subnetwork: '${google_compute_subnetwork.s.id}', access_config: [{}] }] } } };
const kind = (...parts: readonly Resources[]) => verdictsOf(stack(Object.assign({}, ...parts))).verdicts.find(({ place, family }) => place.id === 'google_compute_instance.m' && family === 4)?.kind;

describe('a rule of a policy for a kind of network', () => {
  const policy = (match: object, action = 'deny'): Resources => ({
    google_compute_network_firewall_policy: { p: { name: 'p' } },
    google_compute_network_firewall_policy_association: { a: { firewall_policy: '${google_compute_network_firewall_policy.p.name}', attachment_target: network } },
    google_compute_network_firewall_policy_rule: { r: { firewall_policy: '${google_compute_network_firewall_policy.p.name}', priority: 10, action, direction: 'EGRESS', match: [{ layer4_configs: [{ ip_protocol: 'all' }], ...match }] } },
  });
  const open = [MACHINE, ROUTE, PUBLIC];

  test.each<[string, object, string]>([
    ['none: all of them', {}, 'none'],
    ['INTERNET', { dest_network_scope: 'INTERNET' }, 'none'],
    ['NON_INTERNET, which stops nothing', { dest_network_scope: 'NON_INTERNET' }, 'open'],
    ['NON_INTERNET with any range', { dest_network_scope: 'NON_INTERNET', dest_ip_ranges: ['0.0.0.0/0'] }, 'open'],
    ['NON_INTERNET in the words of later providers', { dest_network_context: 'NON_INTERNET' }, 'open'],
    ['one that nobody knows', { dest_network_scope: '${var.scope}' }, 'unknown'],
  ])('a deny for %s', (_, match, expected) => {
    expect(kind(...open, policy(match))).toBe(expected);
  });

  test('an allow for anything but the internet lets nothing out there', () => {
    const deny = { google_compute_network: { n: { ...MACHINE['google_compute_network']!['n'], network_firewall_policy_enforcement_order: 'BEFORE_CLASSIC_FIREWALL' } }, google_compute_firewall: { d: { name: 'd', network, direction: 'EGRESS', deny: [{ protocol: 'all' }] } } };
    expect(kind(...open, deny, policy({ dest_network_scope: 'NON_INTERNET' }, 'allow'))).toBe('none');
    expect(kind(...open, deny, policy({ dest_network_scope: 'INTERNET' }, 'allow'))).toBe('open');
  });
});

test.each([['icmp', 'icmp'], ['1', 'icmp'], ['esp', 'esp'], ['47', 'gre'], ['88', 'protocol 88'], ['ipip', 'other protocols']])('a rule for %s alone is a way out', (protocol, words) => {
  const rule = (name: string, more: object) => ({ [name]: { name, network, direction: 'EGRESS', ...more } });
  const { verdicts } = verdictsOf(stack({ ...MACHINE, ...ROUTE, ...PUBLIC, google_compute_firewall: { ...rule('a', { priority: 10, allow: [{ protocol }] }), ...rule('d', { priority: 20, deny: [{ protocol: 'all' }] }) } }));
  const verdict = verdicts.find(({ family }) => family === 4)!;
  expect([verdict.kind, verdict.openTraffic!.flatMap(trafficWords)]).toEqual(['open', [`${words} to the internet`]]);
});

describe('a rule for some source addresses', () => {
  const classic = (more: object): Resources => ({ google_compute_firewall: { d: { name: 'd', network, direction: 'EGRESS', priority: 10, ...more } } });
  const deny = { deny: [{ protocol: 'all' }] };
  const all = classic(deny);
  const open = [MACHINE, ROUTE, PUBLIC];
  const byPolicy = (from: object): Resources => ({
    google_compute_network_firewall_policy: { p: { name: 'p' } },
    google_compute_network_firewall_policy_association: { a: { firewall_policy: '${google_compute_network_firewall_policy.p.name}', attachment_target: network } },
    google_compute_network_firewall_policy_rule: { r: { firewall_policy: '${google_compute_network_firewall_policy.p.name}', priority: 10, action: 'deny', direction: 'EGRESS', match: [{ layer4_configs: [{ ip_protocol: 'all' }], dest_ip_ranges: ['0.0.0.0/0'], ...from }] } },
  });

  test.each<[string, Resources, string]>([
    ['a deny for every caller', all, 'none'],
    ['a deny for the subnet', classic({ ...deny, source_ranges: ['10.0.0.0/16'] }), 'none'],
    ['a deny for another subnet', classic({ ...deny, source_ranges: ['10.9.0.0/16'] }), 'open'],
    ['a deny for a part of the subnet', classic({ ...deny, source_ranges: ['10.0.0.0/25'] }), 'unknown'],
    ['a deny for callers that nobody knows', classic({ ...deny, source_ranges: '${var.callers}' }), 'unknown'],
    ['a deny for another subnet by a policy', byPolicy({ src_ip_ranges: ['10.9.0.0/16'] }), 'open'],
    ['a deny for a group of addresses by a policy', byPolicy({ src_address_groups: ['projects/p/locations/global/addressGroups/g'] }), 'unknown'],
  ])('%s', (_, rules, expected) => {
    expect(kind(...open, rules)).toBe(expected);
  });

  test.each<[string, string, string, string]>([
    ['its own', '10.0.0.0/16', 'none', 'unknown'],
    ['others', '10.9.0.0/16', 'open', 'open'],
    ['all', '0.0.0.0/0', 'none', 'none'],
  ])('a machine that forwards may send from addresses that a deny is not for: %s', (_, sources, kindOfOwn, expected) => {
    const forwarding = { google_compute_instance: { m: { ...PUBLIC['google_compute_instance']!['m'], can_ip_forward: true } } };
    expect(kind(...open, byPolicy({ src_ip_ranges: [sources] }))).toBe(kindOfOwn);
    expect(kind(...open, forwarding, byPolicy({ src_ip_ranges: [sources] }))).toBe(expected);
  });

  test('an allow for another subnet lets nothing out', () => {
    const allow = (source: string) => ({ google_compute_firewall: { d: { name: 'd', network, direction: 'EGRESS', priority: 100, ...deny }, a: { name: 'a', network, direction: 'EGRESS', priority: 10, allow: [{ protocol: 'all' }], source_ranges: [source] } } });
    expect(kind(...open, allow('10.9.0.0/16'))).toBe('none');
    const forwarding = { google_compute_instance: { m: { ...PUBLIC['google_compute_instance']!['m'], can_ip_forward: true } } };
    expect(kind(...open, forwarding, allow('10.9.0.0/16'))).toBe('unknown');
    expect(kind(...open, allow('10.0.0.0/8'))).toBe('open');
  });
});

describe('what a neighbour announces', () => {
  test('router appliances may announce a default route, whoever makes their sessions', () => {
    const spoke = (machine: string): Resources => ({ google_network_connectivity_spoke: { s: { hub: 'h', location: 'r', linked_router_appliance_instances: [{ site_to_site_data_transfer: false, instances: [{ ip_address: '10.0.0.9', virtual_machine: machine }] }] } } });
    expect(kind(MACHINE, PUBLIC)).toBe('none');
    expect(kind(MACHINE, PUBLIC, spoke('${google_compute_instance.m.self_link}'))).toBe('unknown');
    expect(kind(MACHINE, PUBLIC, spoke('projects/p/zones/r-a/instances/elsewhere'))).toBe('none');
  });

  test('what the spokes of a hub announce is known where the plan makes the hub', () => {
    const spoke = (hub: string, more: Record<string, object> = {}): Resources => ({ google_network_connectivity_spoke: { s: { hub, location: 'global', linked_vpc_network: [{ uri: '${google_compute_network.n.self_link}' }] }, ...more } });
    const hub: Resources = { google_network_connectivity_hub: { h: { name: 'h' } } };
    const made = '${google_network_connectivity_hub.h.id}';
    expect(kind(MACHINE, PUBLIC, hub, spoke(made))).toBe('none');
    expect(kind(MACHINE, PUBLIC, hub, spoke(made, { t: { hub: made, location: 'r', linked_vpn_tunnels: [{ uris: ['t'] }] } }))).toBe('unknown');
    // The network of a peered service has nothing to announce.
    expect(kind(MACHINE, PUBLIC, hub, spoke(made, { t: { hub: made, location: 'global', linked_producer_vpc_network: [{ network: '${google_compute_network.n.self_link}', peering: 'servicenetworking-googleapis-com' }] } }))).toBe('none');
    expect(kind(MACHINE, PUBLIC, spoke('projects/other/locations/global/hubs/h'))).toBe('unknown');
    expect(kind(MACHINE, PUBLIC, spoke('${var.hub}'))).toBe('unknown');
  });

  test('another cloud at the far end of a transport may announce a default route', () => {
    expect(kind(MACHINE, PUBLIC, { google_network_connectivity_transport: { t: { name: 't', region: 'r', network, remote_profile: 'aws' } } })).toBe('unknown');
    expect(kind(MACHINE, PUBLIC, { google_edgecontainer_vpn_connection: { e: { name: 'e', location: 'r', cluster: 'c', vpc: '${google_compute_network.n.name}' } } })).toBe('unknown');
  });

  test('a spoke with neighbours is told where the hub is another plan\'s', () => {
    const told = (hub: string, linked: object) => review(stack({ google_network_connectivity_hub: { h: { name: 'h' } }, google_network_connectivity_spoke: { s: { hub, ...linked } } })).findings;
    const tunnels = { linked_vpn_tunnels: [{ uris: ['t'] }] };
    expect(told('projects/other/locations/global/hubs/h', tunnels)).toEqual(['way-out-elsewhere google_network_connectivity_spoke.s']);
    expect(told('${google_network_connectivity_hub.h.id}', tunnels)).toEqual([]);
    expect(told('projects/other/locations/global/hubs/h', { linked_vpc_network: [{ uri: 'projects/p/global/networks/n' }] })).toEqual([]);
  });

  const SESSION: Resources = {
    google_compute_router: { r: { name: 'r', network, region: 'r' } },
    google_compute_router_peer: { p: { name: 'p', router: '${google_compute_router.r.name}', region: 'r', peer_asn: 65000 } },
  };

  test('may be more specific than the route that leads nowhere', () => {
    expect(kind(MACHINE, ROUTE)).toBe('none');
    expect(kind(MACHINE, ROUTE, SESSION)).toBe('unknown');
    expect(kind(MACHINE, SESSION)).toBe('unknown');
  });

  test('changes nothing for who is denied first', () => {
    expect(kind(MACHINE, ROUTE, SESSION, { google_compute_firewall: { d: { name: 'd', network, direction: 'EGRESS', deny: [{ protocol: 'all' }] } } })).toBe('none');
  });

  test('makes nothing milder that is open', () => {
    expect(kind(MACHINE, ROUTE, PUBLIC, SESSION)).toBe('open');
  });
});

test('a machine of a group is given a public address that its template does not say', () => {
  const group: Resources = {
    google_compute_network: MACHINE.google_compute_network ?? {}, google_compute_subnetwork: MACHINE.google_compute_subnetwork ?? {}, ...ROUTE,
    google_compute_instance_template: { t: { network_interface: [{ subnetwork: '${google_compute_subnetwork.s.id}' }] } },
    google_compute_instance_group_manager: { g: { name: 'g', zone: 'r-a', version: [{ instance_template: '${google_compute_instance_template.t.id}' }] } },
  };
  const state = (preserved_state: object): Resources => ({ google_compute_per_instance_config: { c: { name: 'm-1', zone: 'r-a', instance_group_manager: '${google_compute_instance_group_manager.g.name}', preserved_state: [preserved_state] } } });
  const found = (...parts: readonly Resources[]) => verdictsOf(stack(Object.assign({}, group, ...parts))).verdicts.find(({ place, family }) => place.id === 'google_compute_instance_template.t' && family === 4)?.kind;
  expect(found()).toBe('none');
  expect(found(state({ internal_ip: [{ interface_name: 'nic0' }] }))).toBe('none');
  expect(found(state({ external_ip: [{ interface_name: 'nic0', ip_address: [{ address: 'a' }] }] }))).toBe('open');
  // Of the group as a whole no source says whether it gives one that is not asked for.
  const keeping = (more: object): Resources => ({ google_compute_instance_group_manager: { g: { ...group.google_compute_instance_group_manager?.g, ...more } } });
  expect(found(keeping({ stateful_internal_ip: [{ interface_name: 'nic0' }] }))).toBe('none');
  expect(found(keeping({ stateful_external_ip: [{ interface_name: 'nic0' }] }))).toBe('unknown');
});

describe('a policy-based route to a balancer of which nothing is known', () => {
  const NAT: Resources = {
    google_compute_router: { r: { name: 'r', network, region: 'r' } },
    google_compute_router_nat: { n: { name: 'n', router: '${google_compute_router.r.name}', region: 'r', source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES' } },
  };
  const route = (filter: object, more: object = {}): Resources => ({ google_network_connectivity_policy_based_route: { p: { name: 'p', network, filter: { protocol_version: 'IPV4', ...filter }, next_hop_ilb_ip: '10.0.9.9', ...more } } });

  test.each<[string, Resources, string]>([
    ['takes all', route({ src_range: '0.0.0.0/0', dest_range: '0.0.0.0/0' }), 'unknown'],
    ['takes those of the subnet', route({ src_range: '10.0.0.0/24' }), 'unknown'],
    ['takes tcp alone: the rest goes its way', route({ ip_protocol: 'TCP' }), 'open'],
    ['takes packets to one half', route({ dest_range: '0.0.0.0/1' }), 'open'],
    ['takes packets of another subnet', route({ src_range: '10.0.7.0/24' }), 'open'],
    ['takes packets of a part of the subnet', route({ src_range: '10.0.0.0/25' }), 'open'],
    ['takes packets that nobody knows', route({ src_range: '${var.source}' }), 'open'],
    ['takes packets of machines with a tag', route({}, { virtual_machine: { tags: ['inspected'] } }), 'open'],
    ['may be in another network', route({}, { network: 'projects/p/global/networks/n' }), 'open'],
    ['leads back to the other routes', route({}, { next_hop_ilb_ip: null, next_hop_other_routes: 'DEFAULT_ROUTING' }), 'open'],
  ])('%s', (_, policy, expected) => {
    expect(kind(MACHINE, ROUTE, NAT)).toBe('open');
    expect(kind(MACHINE, ROUTE, NAT, policy)).toBe(expected);
  });
});

describe('a subnet that a NAT names by its words', () => {
  const nat = (name: string, subnet: object = {}): Resources => ({
    google_compute_subnetwork: { s: { name: 's', network, region: 'r', ip_cidr_range: '10.0.0.0/24', ...subnet } },
    google_compute_router: { r: { name: 'r', network, region: 'r' } },
    google_compute_router_nat: { n: { name: 'n', router: '${google_compute_router.r.name}', region: 'r', source_subnetwork_ip_ranges_to_nat: 'LIST_OF_SUBNETWORKS', subnetwork: [{ name, source_ip_ranges_to_nat: ['ALL_IP_RANGES'] }] } },
  });

  test.each<[string, Resources, string]>([
    ['where it does not tell its project', nat('projects/p/regions/r/subnetworks/s'), 'open'],
    ['as an address', nat('https://www.googleapis.com/compute/v1/projects/p/regions/r/subnetworks/s'), 'open'],
    ['of its project', nat('projects/p/regions/r/subnetworks/s', { project: 'p' }), 'open'],
    ['of another project', nat('projects/q/regions/r/subnetworks/s', { project: 'p' }), 'none'],
    ['of another region', nat('projects/p/regions/q/subnetworks/s'), 'none'],
    ['of another name', nat('projects/p/regions/r/subnetworks/t'), 'none'],
  ])('%s', (_, parts, expected) => expect(kind(MACHINE, ROUTE, parts)).toBe(expected));
});

describe('a NAT for secondary ranges alone', () => {
  const nat = (range: string, machine: object = {}, nic: object = {}): Resources => ({
    google_compute_router: { r: { name: 'r', network, region: 'r' } },
    google_compute_router_nat: { n: { name: 'n', router: '${google_compute_router.r.name}', region: 'r', source_subnetwork_ip_ranges_to_nat: 'LIST_OF_SUBNETWORKS', subnetwork: [{ name: '${google_compute_subnetwork.s.id}', source_ip_ranges_to_nat: [range] }] } },
    google_compute_instance: { m: { name: 'm', zone: 'r-a', ...machine, network_interface: [{ subnetwork: '${google_compute_subnetwork.s.id}', ...nic }] } },
  });
  test.each<[string, Resources, string]>([
    ['serves no machine of the primary one', nat('LIST_OF_SECONDARY_IP_RANGES'), 'none'],
    ['serves what has an address of another', nat('LIST_OF_SECONDARY_IP_RANGES', {}, { alias_ip_range: [{ ip_cidr_range: '/24', subnetwork_range_name: 'pods' }] }), 'open'],
    ['serves what forwards', nat('LIST_OF_SECONDARY_IP_RANGES', { can_ip_forward: true }), 'open'],
    ['is none', nat('PRIMARY_IP_RANGE'), 'open'],
  ])('%s', (_, parts, expected) => expect(kind(MACHINE, ROUTE, parts)).toBe(expected));
});

test('of two policies of a network one holds, and which one no plan tells', () => {
  const both = (rules: Resources): Resources => ({
    google_compute_network_firewall_policy: { p: { name: 'p' }, q: { name: 'q' } },
    google_compute_network_firewall_policy_association: { p: { firewall_policy: '${google_compute_network_firewall_policy.p.name}', attachment_target: network }, q: { firewall_policy: '${google_compute_network_firewall_policy.q.name}', attachment_target: network } },
    ...rules,
  });
  const deny = (policy: string) => ({ firewall_policy: `\${google_compute_network_firewall_policy.${policy}.name}`, priority: 10, action: 'deny', direction: 'EGRESS', match: [{ layer4_configs: [{ ip_protocol: 'all' }], dest_ip_ranges: ['0.0.0.0/0'] }] });
  expect(kind(MACHINE, ROUTE, PUBLIC, both({ google_compute_network_firewall_policy_rule: { a: deny('p') } }))).toBe('unknown');
  expect(kind(MACHINE, ROUTE, PUBLIC, both({ google_compute_network_firewall_policy_rule: { a: deny('q') } }))).toBe('open');
  expect(kind(MACHINE, ROUTE, PUBLIC, both({ google_compute_network_firewall_policy_rule: { a: deny('p'), b: deny('q') } }))).toBe('none');
});

test('a policy-based route for IPv6 takes IPv6 alone', () => {
  const six: Resources = { google_compute_subnetwork: { s: { name: 's', network, region: 'r', ip_cidr_range: '10.0.0.0/24', stack_type: 'IPV4_IPV6', ipv6_access_type: 'INTERNAL' } }, google_compute_instance: { m: { zone: 'r-a', network_interface: [{ subnetwork: '${google_compute_subnetwork.s.id}', stack_type: 'IPV4_IPV6' }] } } };
  const route = (filter: object): Resources => ({ google_network_connectivity_policy_based_route: { p: { name: 'p', network, filter: { protocol_version: 'IPV6', ...filter }, next_hop_ilb_ip: 'fd20::9' } } });
  const found = (...parts: readonly Resources[]) => verdictsOf(stack(Object.assign({}, MACHINE, six, ...parts))).verdicts.filter(({ place }) => place.id === 'google_compute_instance.m').map(({ family, kind: each }) => `${family} ${each}`);
  expect(found()).toEqual(['4 none', '6 none']);
  expect(found(route({}))).toEqual(['4 none', '6 unknown']);
  expect(found(route({ src_range: '::/0', dest_range: '::/0' }))).toEqual(['4 none', '6 unknown']);
  // Which addresses of IPv6 the subnet gets, no plan tells.
  expect(found(route({ src_range: 'fd20:1::/64' }))).toEqual(['4 none', '6 unknown']);
  expect(found(route({ dest_range: 'fd20:1::/64' }))).toEqual(['4 none', '6 none']);
});

test('a machine in a subnet without IPv4 leaves over IPv6, whether it says so or not', () => {
  const six = { google_compute_subnetwork: { s: { name: 's', network, region: 'r', stack_type: 'IPV6_ONLY', ipv6_access_type: 'EXTERNAL' } } };
  const found = verdictsOf(stack({ ...MACHINE, ...six })).verdicts.filter(({ place }) => place.id === 'google_compute_instance.m').map(({ family, kind: each }) => `${family} ${each}`);
  expect(found).toEqual(['4 none', '6 open']);
});

describe('the default network, which no plan makes', () => {
  const machine = (more: object = {}): Resources => ({ google_compute_instance: { m: { zone: 'r-a', network_interface: [{ network: 'default', ...more }] } } });
  const DENY = { google_compute_firewall: { d: { name: 'd', network: 'default', direction: 'EGRESS', deny: [{ protocol: 'all' }] } } };

  test('may have a NAT of somebody\'s', () => {
    expect(kind(machine())).toBe('unknown');
    expect(kind(machine({ access_config: [{}] }))).toBe('open');
    expect(kind(machine(), DENY)).toBe('none');
  });
});

test('a database with a public address is told, whoever makes it', () => {
  const { findings } = review(stack({
    google_alloydb_instance: { a: { network_config: { enable_public_ip: true } }, b: { network_config: { enable_public_ip: false } }, c: {} },
    google_sql_database_instance: { d: { settings: { tier: 't' } } },
  }));
  expect(findings.filter((finding) => finding.startsWith('database-public-address'))).toEqual(['database-public-address google_sql_database_instance.d', 'database-public-address google_alloydb_instance.a']);
});

describe('a policy for a network that it names by the id that it will have', () => {
  const named = (values: object, target: string): Resources => ({
    google_compute_network: { n: { ...MACHINE['google_compute_network']!['n'], ...values } },
    google_compute_network_firewall_policy: { p: { name: 'p' } },
    google_compute_network_firewall_policy_association: { a: { firewall_policy: '${google_compute_network_firewall_policy.p.name}', attachment_target: target } },
    google_compute_network_firewall_policy_rule: { r: { firewall_policy: '${google_compute_network_firewall_policy.p.name}', priority: 10, action: 'deny', direction: 'EGRESS', match: [{ layer4_configs: [{ ip_protocol: 'all' }], dest_ip_ranges: ['0.0.0.0/0'] }] } },
  });
  test.each<[string, Resources, string]>([
    ['its own', named({ project: 'p' }, 'projects/p/global/networks/n'), 'none'],
    ['that of another project', named({ project: 'p' }, 'projects/q/global/networks/n'), 'open'],
    ['perhaps its own: its project is not told', named({}, 'projects/q/global/networks/n'), 'unknown'],
  ])('%s', (_, resources, expected) => {
    expect(kind(MACHINE, ROUTE, PUBLIC, resources)).toBe(expected);
  });
});

describe('a hierarchical policy that may hold', () => {
  const allowed = { google_compute_network: { n: { ...MACHINE['google_compute_network']!['n'], network_firewall_policy_enforcement_order: 'BEFORE_CLASSIC_FIREWALL' } } };
  const above = (rules: readonly object[]): Resources => ({
    google_compute_firewall_policy: { h: { parent: 'organizations/1', short_name: 'h' } },
    google_compute_firewall_policy_association: { h: { firewall_policy: '${google_compute_firewall_policy.h.name}', attachment_target: 'organizations/1', name: 'h' } },
    google_compute_firewall_policy_rule: Object.fromEntries(rules.map((rule, priority) => [`r${priority}`, {
      firewall_policy: '${google_compute_firewall_policy.h.name}', priority, direction: 'EGRESS', match: [{ layer4_configs: [{ ip_protocol: 'all' }], dest_ip_ranges: ['0.0.0.0/0'] }], ...rule,
    }])),
  });
  test.each<[string, readonly object[], string]>([
    ['and leads on: the packet gets to the next stage either way', [{ action: 'goto_next' }], 'open'],
    ['and leads on before it denies', [{ action: 'goto_next' }, { action: 'deny' }], 'open'],
    ['and denies', [{ action: 'deny' }], 'unknown'],
    ['and leads a part on', [{ action: 'goto_next', match: [{ layer4_configs: [{ ip_protocol: 'tcp', ports: ['443'] }], dest_ip_ranges: ['0.0.0.0/0'] }] }, { action: 'deny' }], 'open'],
  ])('%s', (_, rules, expected) => {
    expect(kind(MACHINE, ROUTE, PUBLIC, allowed, above(rules))).toBe(expected);
  });
});

describe('a policy that leads on by name', () => {
  const before = { google_compute_network: { n: { ...MACHINE['google_compute_network']!['n'], network_firewall_policy_enforcement_order: 'BEFORE_CLASSIC_FIREWALL' } } };
  const match = (more: object) => ({ match: [{ layer4_configs: [{ ip_protocol: 'all' }], ...more }] });
  const DENIES = { action: 'deny', ...match({ dest_ip_ranges: ['0.0.0.0/0'] }) };
  const leads = (more: object = {}) => ({ action: 'goto_next', ...match({ dest_fqdns: ['github.com'] }), ...more });
  const own = (rules: readonly object[]): Resources => ({
    google_compute_network_firewall_policy: { p: { name: 'p' } },
    google_compute_network_firewall_policy_association: { p: { name: 'p', firewall_policy: '${google_compute_network_firewall_policy.p.name}', attachment_target: '${google_compute_network.n.id}' } },
    google_compute_network_firewall_policy_rule: Object.fromEntries(rules.map((rule, priority) => [`r${priority}`, { firewall_policy: '${google_compute_network_firewall_policy.p.name}', priority, direction: 'EGRESS', ...rule }])),
  });
  const classic = (rule: object): Resources => ({ google_compute_firewall: { c: { name: 'c', network: '${google_compute_network.n.id}', direction: 'EGRESS', ...rule } } });
  const judged = (...parts: readonly Resources[]) => verdictsOf(stack(Object.assign({}, MACHINE, ROUTE, PUBLIC, before, ...parts))).verdicts.filter(({ family }) => family === 4).map(({ kind, hosts }) => [kind, ...hosts.map(({ host }) => host)])[0];
  test.each<[string, readonly Resources[], readonly string[]]>([
    ['before it denies: that name alone gets to the implied allow', [own([leads(), DENIES])], ['allowlisted', 'github.com']],
    ['to a classic deny', [own([leads(), DENIES]), classic({ deny: [{ protocol: 'all' }] })], ['none']],
    ['to a classic allow of other addresses', [own([leads(), DENIES]), classic({ priority: 10, allow: [{ protocol: 'all' }], destination_ranges: ['10.0.0.0/8'] })], ['allowlisted', 'github.com']],
    ['and denies nothing', [own([leads()])], ['open', 'github.com']],
    ['or by country: nobody tells what that is', [own([leads(match({ dest_region_codes: ['US'] })), DENIES])], ['open']],
  ])('%s', (_, parts, expected) => {
    expect(judged(...parts)).toEqual(expected);
  });
});

describe('a data source that reads a network of the plan', () => {
  const made = (more: object = {}) => ({ google_compute_network: { n: { ...MACHINE['google_compute_network']!['n'], project: 'p', ...more } } });
  const reads = (name: string) => ({ data: { google_compute_network: { d: { name, project: 'p' } } } });
  const denies: Resources = { google_compute_firewall: { d: { name: 'd', network: '${data.google_compute_network.d.id}', direction: 'EGRESS', deny: [{ protocol: 'all' }] } } };
  const judged = (name: string, ...parts: readonly Resources[]) => {
    const document = { ...(stack(Object.assign({}, MACHINE, ROUTE, PUBLIC, made(), ...parts)) as object), ...reads(name) };
    return verdictsOf(document).verdicts.filter(({ family }) => family === 4).map(({ place, kind }) => [place.id, kind]);
  };

  test('is that network', () => {
    expect(judged('n', denies)).toEqual([['google_compute_instance.m', 'none']]);
  });

  test('of another name is another one', () => {
    expect(judged('other', denies)).toEqual([['google_compute_instance.m', 'open']]);
  });

  test('hands on its subnets', () => {
    const subnets = { google_compute_subnetwork: { s: { ...MACHINE['google_compute_subnetwork']!['s'], network: '${data.google_compute_network.d.id}' } } };
    expect(judged('n', subnets)).toEqual([['google_compute_instance.m', 'open']]);
    expect(judged('n', subnets, { google_compute_firewall: { d: { name: 'd', network, direction: 'EGRESS', deny: [{ protocol: 'all' }] } } })).toEqual([['google_compute_instance.m', 'none']]);
  });
});

test('a route that leads to the machine itself or to another one closes nothing for it', () => {
  const address = (name: string) => `google_compute_instance.${name}.network_interface[0].network_ip`;
  const other = { google_compute_instance: { ...MACHINE['google_compute_instance'], fw: { zone: 'r-a', can_ip_forward: true, network_interface: [{ subnetwork: '${google_compute_subnetwork.s.id}' }] } } };
  const to = (next_hop_ip: string): Resources => ({ google_compute_route: { r: { name: 'r', network, dest_range: '0.0.0.0/0', next_hop_ip } } });
  expect(kind(MACHINE, other, to(`\${var.other ? ${address('fw')} : ${address('m')}}`))).toBe('unknown');
  expect(kind(MACHINE, other, to(`\${${address('m')}}`))).toBe('none');
});

test('no network peers with itself', () => {
  const { model, hits } = review(stack({
    google_compute_network: { n: { name: 'n', auto_create_subnetworks: false }, m: { name: 'm', auto_create_subnetworks: false } },
    google_compute_route: { r: { name: 'r', network, dest_range: '0.0.0.0/0', next_hop_ilb: '10.0.0.9' } },
    google_compute_network_peering: { p: { name: 'p', network: '${var.network}', peer_network: network, import_custom_routes: true, export_custom_routes: true } },
  }));
  expect(model.peerings[0]!.networks.map(({ name }) => name)).not.toContain('n');
  expect(model.peerings[0]!.networks.map(({ name }) => name)).toContain('m');
  expect(hits.filter(({ rule, message }) => rule === 'peering-imports-default-route' && message.startsWith('n gets'))).toEqual([]);
});

test('a network of which only a subnet is known is called by that', () => {
  const [verdict] = verdictsOf(stack({ google_compute_instance: { m: { zone: 'r-a', network_interface: [{ subnetwork: 'projects/host/regions/r/subnetworks/payments' }] } } })).verdicts;
  expect(verdict?.reasons).toEqual(['the rules and routes of the network of subnet payments are not in the plan']);
});

// https://cloud.google.com/vpc/docs/shared-vpc
test('a bare name of a subnet is one of the project that is named beside it, and that may be of another plan', () => {
  const kindAt = (nic: object) => verdictsOf(stack({
    google_compute_network: { n: { ...MACHINE['google_compute_network']!['n'], project: 'service' }, host: { name: 'host', project: 'host', auto_create_subnetworks: false } },
    google_compute_subnetwork: { s: { ...MACHINE['google_compute_subnetwork']!['s'], project: 'service' }, h: { name: 's', project: 'host', network: '${google_compute_network.host.id}', region: 'r', ip_cidr_range: '10.0.0.0/24' } },
    google_compute_instance: { m: { project: 'service', zone: 'r-a', network_interface: [{ subnetwork: 's', access_config: [{}], ...nic }] } },
  })).verdicts.find(({ family, place }) => family === 4 && place.id === 'google_compute_instance.m')?.kind;
  expect([{}, { subnetwork_project: 'service' }, { subnetwork_project: 'host' }, { subnetwork_project: 'elsewhere' }].map(kindAt)).toEqual(['none', 'none', 'open', 'unknown']);
});
