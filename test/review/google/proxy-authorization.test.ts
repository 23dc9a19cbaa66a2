/** An authorization policy takes the place of everything that a Secure Web Proxy's own rules say. */
import { INSIDE, network, subnetwork, type Resources } from './one-machine';
import { review, stack } from './reviewing';

const POLICY = 'google_network_security_gateway_security_policy';
const GATEWAY = '${google_network_services_gateway.g.id}';
/** A machine without an address, and a proxy whose rules let one host through. */
const PROXIED: Resources = {
  ...INSIDE,
  [POLICY]: { p: { name: 'p', location: 'r' } },
  [`${POLICY}_rule`]: { a: { name: 'a', location: 'r', gateway_security_policy: `\${${POLICY}.p.name}`, priority: 1, enabled: true, basic_profile: 'ALLOW', session_matcher: "host() == 'a.example.com'" } },
  google_network_services_gateway: { g: { name: 'g', location: 'r', type: 'SECURE_WEB_GATEWAY', network, subnetwork, addresses: ['10.0.0.200'], ports: [443], gateway_security_policy: `\${${POLICY}.p.id}` } },
};
const to = (...hosts: readonly object[]) => ({ to: [{ operations: [{ hosts }] }] });
const authorized = (...policies: readonly object[]): Resources => ({
  google_network_security_authz_policy: Object.fromEntries(policies.map((policy, at) => [`z${at}`, { name: `z${at}`, location: 'r', target: [{ resources: [GATEWAY] }], ...policy }])),
});

/** What the machine may reach: the verdict and the hosts. */
function reach(...parts: readonly Resources[]): readonly [kind: string | undefined, hosts: readonly string[]] {
  const verdict = review(stack(Object.assign({}, PROXIED, ...parts))).verdicts.find(({ place, family }) => place.id === 'google_compute_instance.m' && family === 4);
  return [verdict?.kind, verdict?.hosts.map(({ host }) => host) ?? []];
}
const findings = (...parts: readonly Resources[]) => review(stack(Object.assign({}, PROXIED, ...parts))).findings.filter((finding) => finding.startsWith('proxy-any-host'));

test('without one the rules hold', () => {
  expect(reach()).toEqual(['allowlisted', ['a.example.com']]);
  expect(findings()).toEqual([]);
});

test('a list of names counts with what of it is not known', () => {
  const listed = (...values: readonly string[]): Resources => ({
    google_network_security_url_lists: { l: { name: 'l', location: 'r', values } },
    [`${POLICY}_rule`]: { a: { ...PROXIED[`${POLICY}_rule`]!.a, session_matcher: "inUrlList(host(), 'l')" } },
  });
  expect(reach(listed('a.example.com'))).toEqual(['allowlisted', ['a.example.com']]);
  expect(reach(listed('a.example.com', '${var.partner}'))[0]).toBe('unknown');
});

test('that only refuses lets everything else through', () => {
  const refusing = authorized({ action: 'DENY', http_rules: [to({ exact: 'evil.example' })] });
  expect(reach(refusing)[0]).toBe('open');
  expect(findings(refusing)).toEqual(['proxy-any-host google_network_security_authz_policy.z0']);
  expect(reach(authorized({ action: 'CUSTOM', custom_provider: [{ authz_extension: [{ resources: ['e'] }] }] }))[0]).toBe('open');
});

test('that allows lets its own hosts through, and not those of the rules', () => {
  expect(reach(authorized({ action: 'ALLOW', http_rules: [to({ exact: 'B.example.com' }, { suffix: '.c.example.com' })] }))).toEqual(['allowlisted', ['*.c.example.com', 'b.example.com']]);
  const refusing = { action: 'DENY', http_rules: [to({ exact: 'evil.example' })] };
  expect(reach(authorized({ action: 'ALLOW', http_rules: [to({ exact: 'b.example.com' })] }, refusing))).toEqual(['allowlisted', ['b.example.com']]);
});

test.each<[string, readonly object[]]>([
  ['no rule', []],
  ['a rule for callers alone', [{ from: [{ sources: [{ principals: [{ exact: 'a' }] }] }] }]],
  ['an operation without hosts', [{ to: [{ operations: [{ methods: ['GET'] }] }] }]],
  ['all operations but some', [{ to: [{ not_operations: [{ hosts: [{ exact: 'evil.example' }] }] }] }]],
  ['hosts that hold a text', [to({ contains: 'example.com' })]],
  ['hosts that begin with a text', [to({ prefix: 'api.' })]],
  ['an end that begins in the middle of a label', [to({ suffix: 'example.com' })]],
  ['one rule of several', [to({ exact: 'b.example.com' }), {}]],
])('that allows with %s limits no host', (_, http_rules) => {
  expect(reach(authorized({ action: 'ALLOW', http_rules }))[0]).toBe('open');
});

test('of which the plan does not tell what it is attached to, or what it does', () => {
  const somewhere = { target: [{ resources: ['${var.target}'] }] };
  expect(reach(authorized({ action: 'ALLOW', http_rules: [to({ exact: 'b.example.com' })], ...somewhere }))[0]).toBe('unknown');
  expect(reach(authorized({ action: '${var.action}', http_rules: [to({ exact: 'b.example.com' })] }))[0]).toBe('unknown');
  const named = { to: [{ operations: [{ hosts: [{ exact: '${var.host}' }] }] }] };
  expect(reach(authorized({ action: 'ALLOW', http_rules: [named] }))[0]).toBe('unknown');
});

test('names the proxy by its id in words, too', () => {
  const refusing = { action: 'DENY', http_rules: [to({ exact: 'evil.example' })] };
  const named = (text: string) => reach(authorized({ ...refusing, target: [{ resources: [text] }] }))[0];
  expect(named('projects/p/locations/r/gateways/${google_network_services_gateway.g.name}')).toBe('open');
  expect(named('projects/p/locations/r/gateways/g')).toBe('open');
  expect(named('https://networkservices.googleapis.com/v1/projects/p/locations/r/gateways/g')).toBe('open');
});

test('of something else says nothing of the proxy', () => {
  const balancer: Resources = { google_compute_forwarding_rule: { f: { name: 'f', load_balancing_scheme: 'INTERNAL_MANAGED', network } } };
  expect(reach(balancer, authorized({ action: 'DENY', target: [{ resources: ['${google_compute_forwarding_rule.f.id}'] }], http_rules: [to({ exact: 'evil.example' })] }))).toEqual(['allowlisted', ['a.example.com']]);
});
