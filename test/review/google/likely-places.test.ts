/** `google_compute_network.n[each.key]` may be any of the networks in a plan, and is most likely the one with the same key. */
import { verdictsOf } from './reviewing';

type Json = any;

const FOR_EACH = { references: ['var.networks'] };

/** Networks `a` and `b`, each with a subnet and a machine, by `for_each` and keys that the plan does not tell. */
function plan(nat: string, bySubnet: boolean): Json {
  const each = (type: string, name: string, after: Json, unknown: Json) => ['a', 'b'].map((key) => ({
    address: `${type}.${name}["${key}"]`, mode: 'managed', type, name, index: key, provider_name: 'registry.terraform.io/hashicorp/google',
    change: { actions: ['create'], before: null, after: { name: `${name}-${key}`, ...after }, after_unknown: { id: true, self_link: true, ...unknown } },
  }));
  const keyed = (address: string) => ({ references: [address, 'each.key'] });
  const place = bySubnet ? { subnetwork: keyed('google_compute_subnetwork.s') } : { network: keyed('google_compute_network.n') };
  const one = (type: string, name: string, after: Json, unknown: Json = {}) => ({
    address: `${type}.${name}`, mode: 'managed', type, name, provider_name: 'registry.terraform.io/hashicorp/google',
    change: { actions: ['create'], before: null, after, after_unknown: { id: true, ...unknown } },
  });
  const config = (type: string, name: string, expressions: Json, isEach = true) => ({
    address: `${type}.${name}`, mode: 'managed', type, name, provider_config_key: 'google', expressions, ...(isEach ? { for_each_expression: FOR_EACH } : {}),
  });
  return {
    format_version: '1.2', terraform_version: '1.11.4',
    resource_changes: [
      ...each('google_compute_network', 'n', { auto_create_subnetworks: false, delete_default_routes_on_create: false }, {}),
      ...each('google_compute_subnetwork', 's', { region: 'r', ip_cidr_range: '10.0.0.0/24', private_ip_google_access: false }, { network: true }),
      ...each('google_compute_instance', 'm', { zone: 'r-a', network_interface: [{ access_config: [] }] }, { network_interface: [bySubnet ? { subnetwork: true, network: true } : { network: true }] }),
      one('google_compute_router', 'r', { name: 'r', region: 'r' }, { network: true }),
      one('google_compute_router_nat', 'nat', { name: 'nat', region: 'r', router: 'r', source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES' }),
    ],
    configuration: { root_module: { resources: [
      config('google_compute_network', 'n', {}),
      config('google_compute_subnetwork', 's', { network: keyed('google_compute_network.n') }),
      config('google_compute_instance', 'm', { network_interface: [place] }),
      config('google_compute_router', 'r', { network: { references: [`google_compute_network.n["${nat}"].id`, `google_compute_network.n["${nat}"]`, 'google_compute_network.n'] } }, false),
      config('google_compute_router_nat', 'nat', { router: { references: ['google_compute_router.r.name', 'google_compute_router.r'] } }, false),
    ] } },
  };
}

const kinds = (document: Json) => Object.fromEntries(verdictsOf(document).verdicts.filter(({ family }) => family === 4).map(({ place, kind }) => [place.id, kind]));

describe.each([['subnet', true], ['network', false]] as const)('machines that name their %s by key', (_, bySubnet) => {
  test.each([['a', 'b'], ['b', 'a']])('are open where the network of key %s has a NAT, and unknown in the other', (open, other) => {
    expect(kinds(plan(open, bySubnet))).toEqual({ [`google_compute_instance.m["${open}"]`]: 'open', [`google_compute_instance.m["${other}"]`]: 'unknown' });
  });
});

test('subnets without machines alike', () => {
  const document = plan('a', true);
  document.resource_changes = document.resource_changes.filter(({ type }: Json) => type !== 'google_compute_instance');
  expect(kinds(document)).toEqual({ 'google_compute_subnetwork.s["a"]': 'open', 'google_compute_subnetwork.s["b"]': 'unknown' });
});

test('a NAT whose router is told by key serves the network of that key', () => {
  const document = plan('a', true);
  const [router, nat] = ['google_compute_router', 'google_compute_router_nat'].map((type) => document.resource_changes.find((each: Json) => each.type === type));
  for (const resource of [router, nat]) Object.assign(resource, { index: 'b', address: `${resource.address}["b"]` });
  const [routerConfig, natConfig] = document.configuration.root_module.resources.slice(-2);
  Object.assign(routerConfig, { for_each_expression: FOR_EACH, expressions: { network: { references: ['google_compute_network.n', 'each.key'] } } });
  Object.assign(natConfig, { for_each_expression: FOR_EACH, expressions: { router: { references: ['google_compute_router.r', 'each.key'] } } });
  expect(kinds(document)).toEqual({ 'google_compute_instance.m["a"]': 'unknown', 'google_compute_instance.m["b"]': 'open' });
});

test('a doubt about the network opens nothing where a control by name bounds it', () => {
  const document = plan('a', true);
  const proxy = (type: string, name: string, after: Json, unknown: Json, expressions: Json) => {
    document.resource_changes.push({ address: `${type}.${name}`, mode: 'managed', type, name, provider_name: 'registry.terraform.io/hashicorp/google', change: { actions: ['create'], before: null, after, after_unknown: { id: true, ...unknown } } });
    document.configuration.root_module.resources.push({ address: `${type}.${name}`, mode: 'managed', type, name, provider_config_key: 'google', expressions });
  };
  const POLICY = 'google_network_security_gateway_security_policy';
  proxy(POLICY, 'p', { name: 'p', location: 'r' }, {}, {});
  proxy(`${POLICY}_rule`, 'r', { name: 'r', location: 'r', gateway_security_policy: 'p', enabled: true, priority: 1, basic_profile: 'ALLOW', session_matcher: "host() == 'a.example.com'" }, {}, {});
  proxy('google_network_services_gateway', 'g', { name: 'g', location: 'r', type: 'SECURE_WEB_GATEWAY', addresses: ['10.0.0.200'], ports: [443] }, { network: true, gateway_security_policy: true },
    { network: { references: ['google_compute_network.n["a"].id', 'google_compute_network.n["a"]', 'google_compute_network.n'] }, gateway_security_policy: { references: [`${POLICY}.p.id`, `${POLICY}.p`] } });
  document.resource_changes = document.resource_changes.filter(({ type }: Json) => !/router/.test(type));
  expect(kinds(document)).toEqual({ 'google_compute_instance.m["a"]': 'allowlisted', 'google_compute_instance.m["b"]': 'allowlisted' });
});
