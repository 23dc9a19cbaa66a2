/** What a key is composed of no plan tells: `n["${each.key}-b"]` is listed as `n[each.key]`. Nothing is closed by the latter. */
import { verdictsOf } from './reviewing';

type Json = any;
type Names = readonly string[];

const KEYS = ['a', 'a-b'];
const NETWORK = 'google_compute_network.n';
const own = (address: string, key: string) => ({ references: [`${address}["${key}"].id`, `${address}["${key}"]`, address] });

/** The verdict of each network's subnet. What has keys of its own here is given by key to one of the networks, all the rest to both. */
function kinds(given: Readonly<Partial<Record<'route' | 'router' | 'nat' | 'deny', Names>>>): Record<string, string> {
  const resource_changes: Json[] = [];
  const resources: Json[] = [];
  const add = (type: string, name: string, expressions: Json, after: Json, unknown: Json = {}, key?: string) => {
    const address = `${type}.${name}`;
    if (!resources.some((each) => each.address === address)) resources.push({ address, mode: 'managed', type, name, provider_config_key: 'google', expressions, ...(key === undefined ? {} : { for_each_expression: { references: ['local.all'] } }) });
    resource_changes.push({
      address: key === undefined ? address : `${address}["${key}"]`, mode: 'managed', type, name, ...(key === undefined ? {} : { index: key }), provider_name: 'registry.terraform.io/hashicorp/google',
      change: { actions: ['create'], before: null, after, after_unknown: { id: true, self_link: true, ...unknown } },
    });
  };
  /** By the own key in one block, or one block for each. */
  const each = (type: string, name: 'route' | 'router' | 'nat' | 'deny', attribute: string, target: string, after: (key: string) => Json) => {
    for (const key of given[name] ?? []) add(type, name, { [attribute]: { references: [target, 'each.key'] } }, after(key), { [attribute]: true }, key);
    if (!given[name] && name !== 'deny') KEYS.forEach((key, at) => add(type, `${name}${at}`, { [attribute]: target.endsWith('.router') && !given.router ? { references: [`${target}${at}.id`, `${target}${at}`] } : own(target, key) }, after(key), { [attribute]: true }));
  };
  for (const key of KEYS) add('google_compute_network', 'n', {}, { name: `n-${key}`, auto_create_subnetworks: false, delete_default_routes_on_create: true }, {}, key);
  KEYS.forEach((key, at) => add('google_compute_subnetwork', `s${at}`, { network: own(NETWORK, key) }, { name: `s-${key}`, region: 'r', ip_cidr_range: `10.0.${at}.0/24`, private_ip_google_access: false }, { network: true }));
  each('google_compute_route', 'route', 'network', NETWORK, (key) => ({ name: `out-${key}`, dest_range: '0.0.0.0/0', next_hop_gateway: 'default-internet-gateway', priority: 1000 }));
  each('google_compute_router', 'router', 'network', NETWORK, (key) => ({ name: `r-${key}`, region: 'r' }));
  each('google_compute_router_nat', 'nat', 'router', 'google_compute_router.router', (key) => ({ name: `nat-${key}`, region: 'r', source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES' }));
  each('google_compute_firewall', 'deny', 'network', NETWORK, (key) => ({ name: `deny-${key}`, direction: 'EGRESS', priority: 1, deny: [{ protocol: 'all' }], destination_ranges: ['0.0.0.0/0'] }));
  const { verdicts } = verdictsOf({ format_version: '1.2', terraform_version: '1.11.4', resource_changes, configuration: { root_module: { resources } } });
  return Object.fromEntries(verdicts.filter(({ family, place }) => family === 4 && /google_compute_subnetwork/.test(place.id)).map(({ place, kind }) => [KEYS[Number(/\.s(\d)/.exec(place.id)![1])]!, kind]));
}

test('where each has all of its own, both are open', () => {
  expect(kinds({})).toEqual({ a: 'open', 'a-b': 'open' });
});

test.each(['route', 'router'] as const)('a %s by the key of one may be that of the other', (name) => {
  expect(kinds({ [name]: ['a'] })).not.toMatchObject({ a: 'none' });
  expect(kinds({ [name]: ['a'] })).toMatchObject({ 'a-b': 'unknown' });
});

test('a deny by the key of one closes neither', () => {
  expect(Object.values(kinds({ deny: ['a'] }))).not.toContain('none');
  expect(Object.values(kinds({ deny: ['a', 'a-b'] }))).not.toContain('none');
});

test('without a route, both are closed', () => {
  expect(kinds({ route: [] })).toEqual({ a: 'none', 'a-b': 'none' });
});

/** Of a machine with the key `a`, in one of two subnets by `for_each`, of which some are in a network that leads out. */
function machine(leadingOut: Names): Set<string> {
  const change = (type: string, name: string, key: string | undefined, after: Json, unknown: Json = {}) => ({
    address: `${type}.${name}${key === undefined ? '' : `["${key}"]`}`, mode: 'managed', type, name, ...(key === undefined ? {} : { index: key }), provider_name: 'registry.terraform.io/hashicorp/google',
    change: { actions: ['create'], before: null, after, after_unknown: { id: true, self_link: true, ...unknown } },
  });
  const written = (type: string, name: string, expressions: Json) => ({ address: `${type}.${name}`, mode: 'managed', type, name, provider_config_key: 'google', expressions, for_each_expression: { references: ['local.all'] } });
  const { verdicts } = verdictsOf({
    format_version: '1.2', terraform_version: '1.11.4',
    resource_changes: [
      ...KEYS.flatMap((key, at) => [
        change('google_compute_network', 'n', key, { name: `n-${key}`, auto_create_subnetworks: false, delete_default_routes_on_create: !leadingOut.includes(key) }),
        change('google_compute_subnetwork', 's', key, { name: `s-${key}`, region: 'r', ip_cidr_range: `10.0.${at}.0/24`, network: `n-${key}` }),
      ]),
      change('google_compute_instance', 'i', 'a', { name: 'i', zone: 'r-a', network_interface: [{ access_config: [{}] }] }, { network_interface: [{ subnetwork: true, network: true }] }),
    ],
    configuration: { root_module: { resources: [
      written('google_compute_network', 'n', {}), written('google_compute_subnetwork', 's', { network: { references: ['google_compute_network.n', 'each.key'] } }),
      written('google_compute_instance', 'i', { network_interface: [{ subnetwork: { references: ['google_compute_subnetwork.s', 'each.key'] }, access_config: [{}] }] }),
    ] } },
  });
  return new Set(verdicts.filter(({ family, place }) => family === 4 && place.id.startsWith('google_compute_instance.i["a"]')).map(({ kind }) => kind));
}

test('a machine in a subnet by its key may be in that with another', () => {
  expect(machine(['a-b'])).toContain('unknown');
  expect(machine(['a'])).toContain('open');
  expect(machine([])).toEqual(new Set(['none']));
});
