/** Networks by `for_each`, each with a policy, a route and a NAT by its key: which belongs to which no first plan tells. */
import { verdictsOf, review } from './reviewing';

type Json = any;

const POLICY = 'google_compute_network_firewall_policy';
const ALL = { ip_protocol: 'all' };
const HTTPS = { ip_protocol: 'tcp', ports: ['443'] };
const deny = { priority: 1000, action: 'deny', direction: 'EGRESS', match: [{ dest_ip_ranges: ['0.0.0.0/0'], layer4_configs: [ALL] }] };
const allow = (...dest_fqdns: string[]) => ({ priority: 10, action: 'allow', direction: 'EGRESS', match: [{ dest_fqdns, layer4_configs: [HTTPS] }] });

interface Change {
  readonly keys?: readonly string[];
  readonly allows?: Readonly<Record<string, object>>;
  readonly denies?: Readonly<Record<string, object>>;
  readonly associations?: readonly string[];
  readonly namedPolicies?: boolean;
}

function plan({ keys = ['a', 'b', 'c'], allows = {}, denies = {}, associations = keys, namedPolicies = false }: Change = {}): Json {
  const resource_changes: Json[] = [];
  const resources: Json[] = [];
  const add = (type: string, name: string, expressions: Json, after: (key: string) => Json, unknown: Json = {}, own: readonly string[] = keys) => {
    resources.push({ address: `${type}.${name}`, mode: 'managed', type, name, provider_config_key: 'google', expressions, for_each_expression: { references: ['local.networks'] } });
    for (const key of own) {
      resource_changes.push({
        address: `${type}.${name}["${key}"]`, mode: 'managed', type, name, index: key, provider_name: 'registry.terraform.io/hashicorp/google',
        change: { actions: ['create'], before: null, after: after(key), after_unknown: { id: true, self_link: true, ...unknown } },
      });
    }
  };
  const keyed = (address: string) => ({ references: [address, 'each.key'] });
  const network = { network: keyed('google_compute_network.n') };
  const policy = { firewall_policy: keyed(`${POLICY}.p`) };
  const [named, hidden] = namedPolicies ? [(key: string) => ({ firewall_policy: `p-${key}` }), {}] : [() => ({}), { firewall_policy: true }];
  add('google_compute_network', 'n', {}, (key) => ({ name: `n-${key}`, auto_create_subnetworks: false, delete_default_routes_on_create: true, network_firewall_policy_enforcement_order: 'BEFORE_CLASSIC_FIREWALL' }));
  add('google_compute_subnetwork', 's', network, (key) => ({ name: `s-${key}`, region: 'r', ip_cidr_range: '10.0.0.0/24', private_ip_google_access: false }), { network: true });
  add('google_compute_route', 'out', network, (key) => ({ name: `out-${key}`, dest_range: '0.0.0.0/0', next_hop_gateway: 'default-internet-gateway', priority: 1000 }), { network: true });
  add('google_compute_router', 'r', network, (key) => ({ name: `r-${key}`, region: 'r' }), { network: true });
  add('google_compute_router_nat', 'nat', { router: keyed('google_compute_router.r') }, (key) => ({ name: `nat-${key}`, region: 'r', router: `r-${key}`, source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES' }));
  add(POLICY, 'p', {}, (key) => ({ name: `p-${key}` }));
  add(`${POLICY}_association`, 'a', { ...policy, attachment_target: keyed('google_compute_network.n') }, (key) => ({ name: `a-${key}`, ...named(key) }), { attachment_target: true, ...hidden }, associations);
  add(`${POLICY}_rule`, 'allow', policy, (key) => ({ ...allow('x.example.com'), ...named(key), ...allows[key] }), hidden);
  add(`${POLICY}_rule`, 'deny', policy, (key) => ({ ...deny, ...named(key), ...denies[key] }), hidden);
  return { format_version: '1.2', terraform_version: '1.11.4', resource_changes, configuration: { root_module: { resources } } };
}

const kinds = (change?: Change) => verdictsOf(plan(change)).verdicts.filter(({ family }) => family === 4).map(({ kind }) => kind);
const HALF = { match: [{ dest_ip_ranges: ['0.0.0.0/1'], layer4_configs: [ALL] }] };

describe.each([true, false])('policies whose rules name them: %s', (namedPolicies) => {
  const of = (change: Change = {}) => kinds({ ...change, namedPolicies });

  test('where all policies are alike it does not matter which one a network has', () => expect(of()).toEqual(['allowlisted', 'allowlisted', 'allowlisted']));

  test('hosts that one of them lets out alone may be those of each', () => {
    expect(of({ allows: { b: allow('x.example.com', 'y.example.com') } })).toEqual(['unknown', 'unknown', 'unknown']);
  });

  test('a deny that one of them lacks is told of every network', () => {
    expect(of({ denies: { b: HALF } }).every((kind) => kind === 'open' || kind === 'unknown')).toBe(true);
    expect(of({ denies: { b: { disabled: true } } }).every((kind) => kind === 'open' || kind === 'unknown')).toBe(true);
  });

  test('a network that may have no policy is unknown', () => expect(of({ associations: ['a', 'b'] })).not.toContain('allowlisted'));
});

test('denies that have priorities of their own may all be one policy\'s', () => {
  expect(kinds({ denies: { a: { priority: 1001 }, b: { priority: 1002 } } })).not.toContain('allowlisted');
});

test('what a way out does not wait for is told of its own key alone', () => {
  const told = review(plan()).hits.filter(({ rule, address }) => rule === 'way-out-before-deny' && address === 'google_compute_route.out["b"]').map(({ message }) => message);
  expect(told).toEqual([`does not wait for ${POLICY}_rule.deny["b"], ${POLICY}_association.a["b"]`]);
});

test('a network that two associations by key give a policy each may have either', () => {
  const document = plan();
  const twin = (text: string): string => text.replaceAll(`${POLICY}.p`, `${POLICY}.q`).replaceAll(`${POLICY}_association.a`, `${POLICY}_association.z`);
  const second = (entries: Json[], filter: (each: Json) => boolean) => entries.filter(filter).map((each) => JSON.parse(twin(JSON.stringify(each))));
  const { resources } = document.configuration.root_module;
  const isTwin = ({ address }: Json) => new RegExp(`^${POLICY}(_association)?\\.`).test(address);
  resources.push(...second(resources, isTwin).map((each) => ({ ...each, name: each.address.split('.')[1] })));
  document.resource_changes.push(...second(document.resource_changes, isTwin).map((each) => ({ ...each, name: /\.(\w+)\[/.exec(each.address)?.[1] })));
  // Nothing denies in these: what the other policies let out, they do not bound.
  expect(verdictsOf(document).verdicts.filter(({ family }) => family === 4).map(({ kind }) => kind)).not.toContain('allowlisted');
});
