/** The evaluator by itself, on small stacks written by hand: Google's order as its documentation has it. */
import type { SynthesizedStack } from '../observation';
import { FirewallOrder } from './evaluator/firewall-order';
import { Resolver } from './evaluator/resolver';
import { Routing } from './evaluator/routing';
import { proxyDecision } from './evaluator/web-proxy';
import type { Machine, World } from './evaluator/world';
import { resourcesOf } from './reading';

const WORLD: World = { names: { 'a.com': ['198.51.100.1'] }, countries: { '198.51.100.9': 'KP' }, threats: { '198.51.100.8': ['iplist-tor-exit-nodes'] } };
const MACHINE: Machine = { name: 'm', tags: ['google_tags_tag_value.t'], account: 'm@p.iam.gserviceaccount.com', networkTags: ['out'], subnet: 'google_compute_subnetwork.s', address: '10.0.0.9', isPublic: false };
const NET = '${google_compute_network.n.id}';

const rule = (priority: number, action: string, match: object, more: object = {}) => ({
  priority, action, direction: 'EGRESS', rule_name: `r${priority}`, firewall_policy: '${google_compute_network_firewall_policy.p.name}', match: { layer4_configs: [{ ip_protocol: 'all' }], ...match }, ...more,
});

function stack(rules: readonly object[], more: Record<string, Record<string, object>> = {}, network: object = { network_firewall_policy_enforcement_order: 'BEFORE_CLASSIC_FIREWALL' }): SynthesizedStack {
  return {
    resource: {
      google_compute_network: { n: { name: 'n', delete_default_routes_on_create: true, ...network } },
      google_compute_subnetwork: { s: { name: 's', network: NET, ip_cidr_range: '10.0.0.0/24', private_ip_google_access: true } },
      google_compute_network_firewall_policy: { p: { name: 'p' } },
      google_compute_network_firewall_policy_association: { p: { attachment_target: NET, firewall_policy: '${google_compute_network_firewall_policy.p.name}' } },
      google_compute_network_firewall_policy_rule: Object.fromEntries(rules.map((each, index) => [`r${index}`, each])),
      ...more,
    },
  };
}

function decided(given: SynthesizedStack, to: string, port = 443, protocol: 'tcp' | 'udp' = 'tcp'): string {
  const network = resourcesOf(given, 'google_compute_network')[0]!;
  const order = new FirewallOrder(given, network, new Resolver(given, network.address, WORLD), WORLD);
  const { action, by } = order.decide('EGRESS', MACHINE, { to, from: MACHINE.address, protocol, port });
  return `${action} by ${by}`;
}

const ALL = { dest_ip_ranges: ['0.0.0.0/0'] };
const HIERARCHY = (action: string) => ({
  google_compute_firewall_policy: { o: { short_name: 'o', parent: 'organizations/1' } },
  google_compute_firewall_policy_association: { o: { attachment_target: 'organizations/1', firewall_policy: '${google_compute_firewall_policy.o.name}' } },
  google_compute_firewall_policy_rule: { o: { priority: 9, action, direction: 'EGRESS', rule_name: 'above', firewall_policy: '${google_compute_firewall_policy.o.name}', match: { ...ALL, layer4_configs: [{ ip_protocol: 'all' }] } } },
});
const CLASSIC = (...rules: object[]) => ({ google_compute_firewall: Object.fromEntries(rules.map((each, index) => [`c${index}`, { name: `c${index}`, network: NET, direction: 'EGRESS', destination_ranges: ['0.0.0.0/0'], ...each }])) });
const allowAll = { allow: [{ protocol: 'all' }] };

test.each<[string, SynthesizedStack, string, string]>([
  ['nothing says a word: egress is allowed', stack([]), '8.8.8.8', 'allow by implied'],
  ['the lowest priority that matches', stack([rule(2, 'deny', ALL), rule(1, 'allow', { dest_ip_ranges: ['8.8.8.8/32'] })]), '8.8.8.8', 'allow by r1'],
  ['goto_next hands on, past the denies behind it', stack([rule(1, 'goto_next', ALL), rule(2, 'deny', ALL)]), '8.8.8.8', 'allow by implied'],
  ['an IPv4 deny says nothing of IPv6', stack([rule(1, 'deny', ALL)]), '2001:db8::1', 'allow by implied'],
  ['an allow above the network ends it', stack([rule(1, 'deny', ALL)], HIERARCHY('allow')), '8.8.8.8', 'allow by above'],
  ['a goto_next above the network does not', stack([rule(1, 'deny', ALL)], HIERARCHY('goto_next')), '8.8.8.8', 'deny by r1'],
  ['a classic allow behind the policy', stack([rule(1, 'deny', ALL)], CLASSIC(allowAll)), '8.8.8.8', 'deny by r1'],
  ['a classic allow before the policy, which is the default', stack([rule(1, 'deny', ALL)], CLASSIC(allowAll), {}), '8.8.8.8', 'allow by classic c0'],
  ['of two classic rules alike the deny', stack([], CLASSIC(allowAll, { deny: [{ protocol: 'all' }] })), '8.8.8.8', 'deny by classic c1'],
  ['a name by its address', stack([rule(1, 'allow', { dest_fqdns: ['a.com'] }), rule(2, 'deny', ALL)]), '198.51.100.1', 'allow by r1'],
  ['a name that does not resolve is ignored', stack([rule(1, 'allow', { dest_fqdns: ['gone.com'] }), rule(2, 'deny', ALL)]), '198.51.100.1', 'deny by r2'],
  ['a country and a threat list', stack([rule(1, 'deny', { dest_region_codes: ['KP'] }), rule(2, 'allow', ALL)]), '198.51.100.9', 'deny by r1'],
  ['kinds of destination widen each other', stack([rule(1, 'allow', { dest_fqdns: ['a.com'], dest_threat_intelligences: ['iplist-tor-exit-nodes'] }), rule(2, 'deny', ALL)]), '198.51.100.8', 'allow by r1'],
  ['a disabled rule is none', stack([rule(1, 'deny', ALL, { disabled: true })]), '8.8.8.8', 'allow by implied'],
  ['a rule for another account', stack([rule(1, 'deny', ALL, { target_service_accounts: ['x@p.iam.gserviceaccount.com'] })]), '8.8.8.8', 'allow by implied'],
  ['a rule for its account', stack([rule(1, 'deny', ALL, { target_service_accounts: [MACHINE.account] })]), '8.8.8.8', 'deny by r1'],
  ['a tag whose key is for no firewall holds for nobody', stack([rule(1, 'deny', ALL, { target_secure_tags: [{ name: '${google_tags_tag_value.t.id}' }] })], {
    google_tags_tag_value: { t: { short_name: 't', parent: '${google_tags_tag_key.k.id}' } }, google_tags_tag_key: { k: { short_name: 'k' } },
  }), '8.8.8.8', 'allow by implied'],
])('%s', (_, given, to, expected) => {
  expect(decided(given, to)).toBe(expected);
});

test('an unassociated policy decides nothing, and ports narrow a rule', () => {
  const unassociated = stack([rule(1, 'deny', ALL)]);
  delete unassociated.resource!.google_compute_network_firewall_policy_association;
  expect(decided(unassociated, '8.8.8.8')).toBe('allow by implied');
  const https = stack([rule(1, 'allow', { ...ALL, layer4_configs: [{ ip_protocol: 'tcp', ports: ['443', '8000-8100'] }] }), rule(2, 'deny', ALL)]);
  expect([443, 8050, 8101].map((port) => decided(https, '8.8.8.8', port))).toEqual(['allow by r1', 'allow by r1', 'deny by r2']);
  expect(decided(https, '8.8.8.8', 443, 'udp')).toBe('deny by r2');
});

test.each<[string, Record<string, Record<string, object>>, object, string, string]>([
  ['no route', {}, {}, '8.8.8.8', 'none'],
  ['the default route that a network begins with', {}, { delete_default_routes_on_create: false }, '8.8.8.8', 'gateway'],
  ['a route by a tag that it carries', { google_compute_route: { r: { network: NET, dest_range: '0.0.0.0/0', next_hop_gateway: 'default-internet-gateway', tags: ['out'] } } }, {}, '8.8.8.8', 'gateway'],
  ['a route by a tag that it does not', { google_compute_route: { r: { network: NET, dest_range: '0.0.0.0/0', next_hop_gateway: 'default-internet-gateway', tags: ['other'] } } }, {}, '8.8.8.8', 'none'],
  ['the longest prefix', { google_compute_route: { r: { network: NET, dest_range: '0.0.0.0/0', next_hop_gateway: 'default-internet-gateway' }, s: { network: NET, dest_range: '8.0.0.0/8', next_hop_ip: '10.0.0.7' } } }, {}, '8.8.8.8', 'machine 10.0.0.7'],
  ['a subnet before all', { google_compute_route: { r: { network: NET, dest_range: '10.0.0.0/24', next_hop_ip: '10.0.0.7' } } }, {}, '10.0.0.5', 'local'],
  ['the private address of the APIs', { google_compute_route: { r: { network: NET, dest_range: '199.36.153.4/30', next_hop_gateway: 'default-internet-gateway' } } }, {}, '199.36.153.5', 'google apis'],
])('routes: %s', (_, more, network, to, expected) => {
  const given = stack([], more, network);
  expect(new Routing(given, resourcesOf(given, 'google_compute_network')[0]!).way(MACHINE, { to, from: MACHINE.address, protocol: 'tcp', port: 443 })).toBe(expected);
});

test.each<[string, string, string]>([
  ["inUrlList(host(), 'projects/p/locations/r/urlLists/l')", 'registry.docker.io', 'allow r'],
  ["inUrlList(host(), 'projects/p/locations/r/urlLists/l')", 'a.b.docker.io', 'allow r'],
  ["inUrlList(host(), 'projects/p/locations/r/urlLists/l')", 'docker.io', 'deny'],
  ["inUrlList(host(), 'projects/p/locations/r/urlLists/l')", 'evildocker.io', 'deny'],
  ["inUrlList(host(), 'projects/p/locations/r/urlLists/l')", 'apex.com', 'allow r'],
  ["inUrlList(host(), 'projects/p/locations/r/urlLists/l')", 'www.exact.com', 'deny'],
  ["inIpRange(source.ip, '10.9.0.0/24') && host() == 'a.com'", 'a.com', 'deny'],
  ["(inIpRange(source.ip, '10.9.0.0/24') || inIpRange(source.ip, '10.0.0.0/24')) && destination.port == 443 && host() == 'a.com'", 'a.com', 'allow r'],
  ["destination.port == 80 && host() == 'a.com'", 'a.com', 'deny'],
  ['true', 'anything.com', 'allow r'],
])('the proxy: %s for %s', (matcher, host, expected) => {
  const given: SynthesizedStack = { resource: {
    google_network_services_gateway: { g: { gateway_security_policy: '${google_network_security_gateway_security_policy.p.id}' } },
    google_network_security_gateway_security_policy: { p: { name: 'p' } },
    google_network_security_gateway_security_policy_rule: { r: { name: 'r', gateway_security_policy: '${google_network_security_gateway_security_policy.p.name}', enabled: true, priority: 1, basic_profile: 'ALLOW', session_matcher: matcher } },
    google_network_security_url_lists: { l: { name: 'l', values: ['*.docker.io', '*apex.com', 'exact.com'] } },
  } };
  expect(proxyDecision(given, resourcesOf(given, 'google_network_services_gateway')[0]!, { source: '10.0.0.9', host, port: 443 })).toBe(expected);
});

test('an expression that the evaluator does not know is an error, and no verdict', () => {
  const given: SynthesizedStack = { resource: {
    google_network_services_gateway: { g: { gateway_security_policy: '${google_network_security_gateway_security_policy.p.id}' } },
    google_network_security_gateway_security_policy: { p: { name: 'p' } },
    google_network_security_gateway_security_policy_rule: { r: { name: 'r', gateway_security_policy: '${google_network_security_gateway_security_policy.p.name}', priority: 1, basic_profile: 'ALLOW', session_matcher: "source.matchTag('x')" } },
  } };
  expect(() => proxyDecision(given, resourcesOf(given, 'google_network_services_gateway')[0]!, { source: '10.0.0.9', host: 'a.com', port: 443 })).toThrow(/what is/);
});
