/** Random networks that are joined: what the review says of each packet against what becomes of it. */
import { parsePlan, type PlanFile } from '../../../review/plan/load';
import { review as judge } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';
import { asPlan } from '../as-plan';
import { withHidden } from './hiding';
import { holds } from './holding';
import { joinedNetworks } from './joined-networks';
import { JoinedPackets, PACKETS, type Packet } from './joined-packets';
import { asNamesakes } from './namesakes';
import { asStack, asState, type Part, writtenOut } from './random-networks';
import { verdictsOf } from './reviewing';

interface Seen { readonly missed: readonly string[]; readonly alarms: readonly string[]; readonly out: number }

/** @param shown what the review reads */
function compare(parts: readonly Part[], shown: unknown): Seen {
  const { verdicts } = verdictsOf(shown);
  const walk = new JoinedPackets(parts);
  const [missed, alarms] = [new Set<string>(), new Set<string>()];
  let out = 0;
  for (const machine of parts.filter(({ type }) => type === 'google_compute_instance')) {
    const verdict = verdicts.find(({ family, place }) => family === 4 && place.id === `google_compute_instance.${machine.name}`);
    const { openTraffic = [], doubtfulTraffic = [] } = verdict ?? {};
    for (const packet of PACKETS) {
      const fates = walk.fatesOf(machine, packet);
      const isOpen = holds(openTraffic, packet);
      if (fates.has('out')) out += 1;
      if ((fates.has('out') || fates.has('lost')) && !isOpen && !holds(doubtfulTraffic, packet)) missed.add(`${machine.name} to ${packet.to}`);
      if (!fates.has('out') && !fates.has('back') && isOpen) alarms.add(`${machine.name} to ${packet.to}`);
    }
  }
  return { missed: [...missed], alarms: [...alarms], out };
}

test.each([['a synthesized stack', asStack, 0], ['a state', asState, 10_000], ['a state of projects whose networks have one name', asNamesakes, 20_000]])('every packet that gets out of joined networks is told of %s', (_, form, first) => {
  let [out, alarms] = [0, 0];
  for (let seed = first; seed < first + 100; seed += 1) {
    const parts = joinedNetworks(seed);
    const seen = compare(parts, form(parts));
    expect({ seed, missed: seen.missed }).toEqual({ seed, missed: [] });
    out += seen.out;
    alarms += seen.alarms.length;
  }
  expect(out).toBeGreaterThan(1000);
  expect(alarms).toBeLessThan(3);
});

/** Who tells no project is of that of the provider's configuration, which may be that of the network. */
test('nor is any missed where joined networks are named within their project', () => {
  for (let seed = 0; seed < 60; seed += 1) {
    const parts = joinedNetworks(seed);
    const { missed, alarms } = compare(parts, asStack(writtenOut(parts, (name) => `global/networks/${name}`)));
    expect({ seed, missed, alarms }).toEqual({ seed, missed: [], alarms: [] });
  }
});

test('what is not known of joined networks closes nothing', () => {
  for (let seed = 0; seed < 80; seed += 1) {
    const parts = joinedNetworks(seed);
    const hidden = withHidden(parts, seed, ({ type }) => !['google_compute_instance_group', 'google_compute_external_vpn_gateway'].includes(type));
    expect({ seed, missed: compare(parts, asStack(hidden)).missed }).toEqual({ seed, missed: [] });
  }
});

test.each<[string, (part: Part) => Part | undefined]>([
  ['routes through machines', (part) => (part.values.next_hop_instance || part.values.next_hop_ip || part.values.next_hop_ilb ? undefined : part)],
  ['policy-based routes', (part) => (part.type === 'google_network_connectivity_policy_based_route' ? undefined : part)],
  ['what peers export', (part) => (part.type === 'google_compute_network_peering' ? { ...part, values: { ...part.values, export_custom_routes: false } } : part)],
  ['sessions of routers', (part) => (['google_compute_router_peer', 'google_compute_router_interface', 'google_compute_vpn_tunnel'].includes(part.type) ? undefined : part)],
  ['hybrid spokes', (part) => (part.values.linked_vpn_tunnels ? undefined : part)],
  ['tags', (part) => (part.type === 'google_compute_instance' ? { ...part, values: { ...part.values, tags: [] } } : part)],
])('a review that does not see %s is caught', (_, see) => {
  const isCaught = (seed: number): boolean => {
    const parts = joinedNetworks(seed);
    return compare(parts, asStack(parts.flatMap((part) => see(part) ?? []))).missed.length > 0;
  };
  expect(Array.from({ length: 500 }, (__, seed) => seed).some(isCaught)).toBe(true);
});

const to = (name: string) => ({ ref: `google_${name}`, attr: 'id' });
const part = (type: string, name: string, values: object): Part => ({ type: `google_${type}`, name, values: { name, ...values } });
const EVERY = { protocol_version: 'IPV4', ip_protocol: 'ALL', src_range: '0.0.0.0/0', dest_range: '0.0.0.0/0' };
const ONWARD = { next_hop_ilb_ip: '10.0.0.100', priority: 100, filter: [EVERY], virtual_machine: [{ tags: ['app'] }] };
const AS_USUAL = { next_hop_other_routes: 'DEFAULT_ROUTING', priority: 500, filter: [EVERY] };

/** A machine without a way out of its own, beside one with a public address behind a balancer. */
function guarded(routes: readonly object[], own: object = {}, subnet: object = {}): readonly Part[] {
  const nic = (host: number, access_config: readonly object[]) => ({ network_interface: [{ subnetwork: to('compute_subnetwork.s'), network_ip: `10.0.0.${host}`, access_config }] });
  return [
    part('compute_network', 'n', { auto_create_subnetworks: false, delete_default_routes_on_create: true }),
    part('compute_subnetwork', 's', { network: to('compute_network.n'), region: 'r', ip_cidr_range: '10.0.0.0/24' }),
    part('compute_subnetwork', 'public', { network: to('compute_network.n'), region: 'r', ip_cidr_range: '9.0.0.0/24', ...subnet }),
    part('compute_instance', 'app', { zone: 'r-a', tags: ['app'], ...nic(5, []), ...own }),
    part('compute_instance', 'way', { zone: 'r-a', tags: ['way'], can_ip_forward: true, ...nic(6, [{}]) }),
    part('compute_route', 'way', { network: to('compute_network.n'), dest_range: '0.0.0.0/0', priority: 1000, tags: ['way'], next_hop_gateway: 'default-internet-gateway' }),
    part('compute_instance_group', 'way', { zone: 'r-a', instances: [to('compute_instance.way')] }),
    part('compute_region_backend_service', 'way', { region: 'r', load_balancing_scheme: 'INTERNAL', backend: [{ group: to('compute_instance_group.way') }] }),
    part('compute_forwarding_rule', 'way', { region: 'r', load_balancing_scheme: 'INTERNAL', ip_address: '10.0.0.100', all_ports: true, backend_service: to('compute_region_backend_service.way') }),
    ...routes.map((values, at) => part('network_connectivity_policy_based_route', `p${at}`, { network: to('compute_network.n'), ...values })),
  ];
}

const said = (parts: readonly Part[]) => verdictsOf(asStack(parts)).verdicts.find(({ family, place }) => family === 4 && place.id === 'google_compute_instance.app')!;

// https://cloud.google.com/vpc/docs/policy-based-routes: an algorithm of its own picks one of those with the same priority.
test('of policy-based routes with one priority either may be taken', () => {
  expect(said(guarded([AS_USUAL, ONWARD].map((route) => ({ ...route, priority: 100 })))).kind).toBe('unknown');
  expect(said(guarded([ONWARD, { ...AS_USUAL, priority: 50 }])).kind).toBe('none');
});

test('a policy-based route whose priority is not known may come first', () => {
  expect(said(guarded([{ ...ONWARD, priority: '${var.priority}' }, AS_USUAL])).kind).toBe('unknown');
});

test('a machine that forwards may send from the addresses that a policy-based route is for', () => {
  const forOthers = [{ ...ONWARD, filter: [{ ...EVERY, src_range: '10.9.0.0/24' }] }];
  expect(said(guarded(forOthers)).kind).toBe('none');
  expect(said(guarded(forOthers, { can_ip_forward: true })).kind).toBe('unknown');
  expect(said(guarded(forOthers, { can_ip_forward: '${var.forwards}' })).kind).toBe('unknown');
});

// https://cloud.google.com/vpc/docs/routes#routeselection
test('policy-based routes come before subnets with public addresses', () => {
  const narrow = guarded([{ ...ONWARD, filter: [{ ...EVERY, dest_range: '9.0.0.0/24' }] }]);
  expect(said(narrow).kind).toBe('unknown');
  expect(said(guarded([])).kind).toBe('none');
});

describe('a machine that forwards may send from addresses that a policy-based route is not for', () => {
  // To a machine that leads nowhere; another one, with a public address, is the default route of its subnet.
  const dead = part('compute_instance', 'dead', { zone: 'r-a', can_ip_forward: true, network_interface: [{ subnetwork: to('compute_subnetwork.s'), network_ip: '10.0.0.200' }] });
  const led = (own: object, src_range: string): readonly Part[] => [
    ...guarded([{ ...ONWARD, next_hop_ilb_ip: '10.0.0.200', filter: [{ ...EVERY, src_range }] }], own),
    dead,
    part('compute_route', 'app', { network: to('compute_network.n'), dest_range: '0.0.0.0/0', priority: 10, tags: ['app'], next_hop_instance: to('compute_instance.way') }),
  ];
  test.each<[string, object, string, string]>([
    ['and one that does not forward has its own alone', {}, '10.0.0.0/24', 'none'],
    ['and so gets past the route', { can_ip_forward: true }, '10.0.0.0/24', 'unknown'],
    ['and perhaps does', { can_ip_forward: '${var.forwards}' }, '10.0.0.0/24', 'unknown'],
    ['but not where it is for all', { can_ip_forward: true }, '0.0.0.0/0', 'none'],
  ])('%s', (_, own, sources, kind) => expect(said(led(own, sources)).kind).toBe(kind));

  test('but no NAT and no address of its own takes those', () => {
    const own = { can_ip_forward: true, network_interface: [{ subnetwork: to('compute_subnetwork.s'), network_ip: '10.0.0.5', access_config: [{}] }] };
    expect(said([...guarded([{ ...ONWARD, next_hop_ilb_ip: '10.0.0.200', filter: [{ ...EVERY, src_range: '10.0.0.0/24' }] }], own), dead, part('compute_route', 'app', { network: to('compute_network.n'), dest_range: '0.0.0.0/0', priority: 10, tags: ['app'], next_hop_gateway: 'default-internet-gateway' })]).kind).toBe('none');
  });

  test('so may a notebook', () => {
    const notebook = (gce_setup: object) => verdictsOf(asStack([
      ...led({}, '10.0.0.0/24').filter(({ name, type }) => !(type === 'google_compute_instance' && name === 'app')),
      part('workbench_instance', 'book', { location: 'r-a', gce_setup: [{ disable_public_ip: true, tags: ['app'], network_interfaces: [{ subnet: to('compute_subnetwork.s') }], ...gce_setup }] }),
    ])).verdicts.find(({ family, place }) => family === 4 && place.id === 'google_workbench_instance.book')?.kind;
    expect([notebook({}), notebook({ enable_ip_forwarding: true })]).toEqual(['none', 'unknown']);
  });
});

// https://cloud.google.com/vpc/docs/hybrid-subnets
test('what goes to unused addresses of a hybrid subnet follows other routes', () => {
  const led = (subnet: object) => said([...guarded([], { network_interface: [{ subnetwork: to('compute_subnetwork.s'), access_config: [{}] }] }, subnet), part('compute_route', 'narrow', { network: to('compute_network.n'), dest_range: '9.0.0.0/16', priority: 1, tags: [], next_hop_gateway: 'default-internet-gateway' })]);
  const packet: Packet = { to: '9.0.0.9', protocol: 'tcp', port: 443 };
  expect([{}, { allow_subnet_cidr_routes_overlap: true }, { allow_subnet_cidr_routes_overlap: '${var.overlaps}' }].map((each) => holds(led(each).openTraffic ?? [], packet))).toEqual([false, true, true]);
});

test('a name that only another file has may be one of another project, unless both tell theirs', () => {
  const network = 'projects/p/global/networks/vpc';
  const files = (more: object): readonly PlanFile[] => [
    asPlan({
      google_compute_network: { main: { id: network, name: 'vpc', project: 'p', delete_default_routes_on_create: true } },
      google_compute_subnetwork: { a: { id: 'projects/p/regions/r/subnetworks/a', name: 'a', project: 'p', region: 'r', ip_cidr_range: '10.0.0.0/24', network } },
    }, true),
    asPlan({ google_compute_instance: { m: { name: 'm', zone: 'r-a', network_interface: [{ subnetwork: 'a', access_config: [{}] }], ...more } } }),
  ].map((plan, at) => parsePlan(JSON.stringify(plan), `${at}.json`));
  const verdict = (more: object) => judge({ inputs: files(more), today: TODAY, together: true }).verdicts.find(({ place, family }) => place === '1:google_compute_instance.m' && family === 4)?.verdict;
  expect([verdict({ project: 'p' }), verdict({}), verdict({ project: 'q' })]).toEqual(['none', 'unknown', 'unknown']);
});

describe('a name that another file alone has closes nothing where no project is told', () => {
  const ref = (type: string, name: string, attribute = 'id') => `\${${type}.${name}.${attribute}}`;
  const network = ref('google_compute_network', 'main');
  const subnetwork = ref('google_compute_subnetwork', 'app');
  const CLOSED = {
    google_compute_network: { main: { name: 'main', auto_create_subnetworks: false, delete_default_routes_on_create: true } },
    google_compute_subnetwork: { app: { name: 'app', network, ip_cidr_range: '10.0.0.0/24', region: 'r1' } },
  };
  const POLICY = 'google_compute_network_firewall_policy';
  const OPEN = {
    google_compute_network: { own: { name: 'own', auto_create_subnetworks: false } },
    google_compute_subnetwork: { own: { name: 'own', network: ref('google_compute_network', 'own'), ip_cidr_range: '10.0.0.0/24', region: 'r1' } },
    google_compute_instance: { m: { name: 'm', zone: 'r1-a', network_interface: [{ subnetwork: ref('google_compute_subnetwork', 'own'), access_config: [{}] }] } },
  };
  const DENY = { priority: 1, action: 'deny', direction: 'EGRESS', match: [{ dest_ip_ranges: ['0.0.0.0/0'], layer4_configs: [{ ip_protocol: 'all' }] }] };
  const told = (own: object, other: object, provider: object) => judge({ inputs: [own, other].map((resource, at) => ({ ...parsePlan(JSON.stringify({ resource, ...provider }), 'cdk.tf.json'), stack: `f${at}` })), today: TODAY, together: true })
    .verdicts.filter(({ place, family }) => place.startsWith('f0:') && family === 4).map(({ verdict }) => verdict);

  test.each<[string, object, object]>([
    ['a machine by network and subnet', { google_compute_instance: { m: { name: 'm', zone: 'r1-a', network_interface: [{ network: 'main', subnetwork: 'app', access_config: [{}] }] } } }, {}],
    ['a pool by its cluster', { google_container_node_pool: { p: { cluster: 'c', location: 'r1' } } }, { google_container_cluster: { c: { name: 'c', location: 'r1', remove_default_node_pool: true, network, subnetwork } } }],
    ['a service by its connector', { google_cloud_run_v2_service: { s: { name: 's', location: 'r1', template: [{ vpc_access: [{ connector: 'con', egress: 'ALL_TRAFFIC' }] }] } } }, { google_vpc_access_connector: { c: { name: 'con', region: 'r1', subnet: [{ name: ref('google_compute_subnetwork', 'app', 'name') }] } } }],
    ['a machine by a network attachment', { google_compute_instance: { m: { name: 'm', zone: 'r1-a', network_interface: [{ network_attachment: 'att' }] } } }, { google_compute_network_attachment: { a: { name: 'att', region: 'r1', subnetworks: [subnetwork] } } }],
    ['workstations by their cluster', { google_workstations_workstation_config: { w: { workstation_cluster_id: 'wc', location: 'r1', host: [{ gce_instance: [{ disable_public_ip_addresses: true }] }] } } }, { google_workstations_workstation_cluster: { c: { workstation_cluster_id: 'wc', location: 'r1', network, subnetwork } } }],
    ['a network by its policy', { ...OPEN, [`${POLICY}_association`]: { a: { name: 'a', attachment_target: ref('google_compute_network', 'own'), firewall_policy: 'pol' } } }, { [POLICY]: { p: { name: 'pol' } }, [`${POLICY}_rule`]: { r: { firewall_policy: ref(POLICY, 'p', 'name'), ...DENY } } }],
  ])('%s', (_, own, other) => {
    expect(told(own, { ...CLOSED, ...other }, {})).toEqual(['unknown']);
    expect(told(own, { ...CLOSED, ...other }, { provider: { google: [{ project: 'p' }] } })).toEqual(['none']);
  });

  test('a group by its template', () => {
    const group = { google_compute_instance_group_manager: { m: { name: 'm', zone: 'r1-a', version: [{ instance_template: 'tpl' }] } } };
    expect(told(group, { ...CLOSED, google_compute_instance_template: { t: { name: 'tpl', network_interface: [{ subnetwork }] } } }, {})).toEqual(['unknown']);
  });
});
