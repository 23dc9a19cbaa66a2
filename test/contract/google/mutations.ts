/** One way to break each control, and the fault that has to be seen. */
import type { Mutation, SynthesizedStack } from '../observation';

const RULE = 'google_compute_network_firewall_policy_rule';
type Config = Record<string, any>;

export const mutations: readonly Mutation[] = [
  // The denies at the end.
  drop('the IPv6 deny removed', 'ipv6-egress-open', RULE, denies('::/0')),
  drop('the IPv4 deny removed', 'firewall-default-pass', RULE, denies('0.0.0.0/0')),
  edit('the IPv4 deny disabled', 'firewall-default-pass', RULE, denies('0.0.0.0/0'), (rule) => { rule.disabled = true; }),
  edit('the IPv4 deny for tcp only', 'firewall-default-pass', RULE, denies('0.0.0.0/0'), (rule) => { rule.match.layer4_configs = [{ ip_protocol: 'tcp' }]; }),
  edit('the IPv4 deny for half of the world', 'firewall-default-pass', RULE, denies('0.0.0.0/0'), (rule) => { rule.match.dest_ip_ranges = ['0.0.0.0/1']; }),
  edit('the IPv4 deny for one segment only', 'firewall-default-pass', RULE, denies('0.0.0.0/0'), (rule, stack) => { rule.target_secure_tags = [{ name: tag(stack, 'payments') }]; }),
  edit('the IPv4 deny turned into goto_next', 'firewall-default-pass', RULE, denies('0.0.0.0/0'), (rule) => { rule.action = 'goto_next'; }),
  edit('both families in one deny', 'ipv6-egress-open', RULE, denies('::/0'), (rule) => { rule.match.dest_ip_ranges = ['0.0.0.0/0']; }),
  add('a goto_next in front of everything', 'firewall-default-pass', RULE, (stack) => egress(stack, { action: 'goto_next', priority: 1 })),

  // Rules wider than the policy.
  add('an allow to 0.0.0.0/0 for one segment', 'wide-firewall-rule', RULE, (stack) => egress(stack, {})),
  add('an allow in two halves of the world', 'wide-firewall-rule', RULE, (stack) => egress(stack, { match: { dest_ip_ranges: ['0.0.0.0/1', '128.0.0.0/1'], layer4_configs: [{ ip_protocol: 'tcp', ports: ['443'] }] } })),
  add('an allow to a country', 'wide-firewall-rule', RULE, (stack) => egress(stack, { match: { dest_region_codes: ['US'], layer4_configs: [{ ip_protocol: 'tcp', ports: ['443'] }] } })),
  edit('a host rule without ports', 'wide-firewall-rule', RULE, hostRule, (rule) => { rule.match.layer4_configs = [{ ip_protocol: 'all' }]; }),
  edit('a host rule for all tcp ports', 'wide-firewall-rule', RULE, hostRule, (rule) => { rule.match.layer4_configs[0].ports = ['1-65535']; }),
  edit('a host rule without target', 'rule-without-target', RULE, hostRule, (rule) => { delete rule.target_secure_tags; }),
  edit('a host rule with an empty target', 'rule-without-target', RULE, hostRule, (rule) => { rule.target_secure_tags = []; }),
  edit('a host rule for a second segment', 'rule-targets-several-segments', RULE, hostRule, (rule, stack) => { rule.target_secure_tags.push({ name: tag(stack, 'reporting') }); }),
  edit('a host rule by service account', 'rule-without-target', RULE, hostRule, (rule) => { delete rule.target_secure_tags; rule.target_service_accounts = ['x@acme-prod.iam.gserviceaccount.com']; }),
  edit('a host rule for a tag of another key', 'unknown-tag', RULE, hostRule, (rule) => { rule.target_secure_tags = [{ name: 'tagValues/123' }]; }),
  edit('a host of one segment given to another', 'host-without-way-out', RULE, hostRule, (rule, stack) => { rule.target_secure_tags = [{ name: tag(stack, 'ledger') }]; }),
  edit('a wildcard among the fqdns', 'fqdn-wildcard', RULE, hostRule, (rule) => { rule.match.dest_fqdns.push('*.docker.io'); }),
  edit('a rule with the priority of another', 'duplicate-priority', RULE, hostRule, (rule, stack) => { rule.priority = first(stack, RULE, denies('::/0')).priority; }),

  // Segments.
  edit('a caller that may send to the whole network', 'segment-reach-too-wide', RULE, peer('EGRESS'), (rule) => { rule.match.dest_ip_ranges = ['10.30.0.0/16']; }),
  edit('a caller whose callee does not accept it', 'segment-sides-disagree', RULE, peer('EGRESS'), (rule) => { rule.match.layer4_configs = [{ ip_protocol: 'tcp', ports: ['1'] }]; }),
  edit('a caller that may use every port of its callee', 'segment-sides-disagree', RULE, peer('EGRESS'), (rule) => { delete rule.match.layer4_configs[0].ports; }),
  edit('a callee that accepts every port from its caller', 'segment-sides-disagree', RULE, peer('INGRESS'), (rule) => { rule.match.layer4_configs = [{ ip_protocol: 'all' }]; }),
  drop('a callee that no longer accepts its caller', 'segment-sides-disagree', RULE, peer('INGRESS')),
  edit('a callee that accepts any source', 'wide-ingress', RULE, peer('INGRESS'), (rule) => { delete rule.match.src_secure_tags; rule.match.src_ip_ranges = ['0.0.0.0/0']; }),
  edit('ingress from any address instead of the load balancers', 'wide-ingress', RULE, fromInternet, (rule) => { rule.match.src_ip_ranges = ['0.0.0.0/0']; }),
  edit('ingress to machines without a tag', 'rule-without-target', RULE, fromInternet, (rule) => { delete rule.target_secure_tags; }),
  edit('ingress from a foreign network', 'unexpected-ingress', RULE, fromInternet, (rule) => { rule.match.src_ip_ranges = ['203.0.113.0/24']; }),
  add('a classic ingress rule', 'classic-ingress-allow', 'google_compute_firewall', (stack) => ({ name: 'x', network: network(stack), source_ranges: ['0.0.0.0/0'], allow: [{ protocol: 'tcp', ports: ['22'] }] })),
  drop('a segment without its tag', 'segment-tag-missing', 'google_tags_tag_value', ({ short_name: name }) => name === 'ledger'),
  drop('a segment without its subnet', 'segment-subnet-missing', 'google_compute_subnetwork', ({ name }) => name === 'acme-prod-edge'),
  edit('tags that IAM does not govern as firewall tags', 'segment-tag-not-secure', 'google_tags_tag_key', () => true, (config) => { delete config.purpose; }),
  edit('tags of another network', 'segment-tag-not-secure', 'google_tags_tag_key', () => true, (config) => { config.purpose_data.network = 'acme-prod/default'; }),
  edit('a segment with a tag key of its own', 'segment-tags-of-several-keys', 'google_tags_tag_value', () => true, (config) => { config.parent = 'tagKeys/123'; }),

  // The policy and the network.
  drop('the policy not associated', 'policy-unassociated', 'google_compute_network_firewall_policy_association', () => true),
  edit('the policy associated with another network', 'policy-unassociated', 'google_compute_network_firewall_policy_association', () => true, (config) => { config.attachment_target = 'projects/acme-prod/global/networks/default'; }),
  edit('classic rules evaluated first', 'classic-rules-first', 'google_compute_network', () => true, (config) => { config.network_firewall_policy_enforcement_order = 'AFTER_CLASSIC_FIREWALL'; }),
  edit('the order of evaluation left to the default', 'classic-rules-first', 'google_compute_network', () => true, (config) => { delete config.network_firewall_policy_enforcement_order; }),
  edit('default routes kept', 'default-route-kept', 'google_compute_network', () => true, (config) => { config.delete_default_routes_on_create = false; }),
  edit('subnets made by Google', 'auto-subnets', 'google_compute_network', () => true, (config) => { config.auto_create_subnetworks = true; }),
  edit('a subnet with IPv6', 'ipv6-subnet', 'google_compute_subnetwork', () => true, (config) => { config.stack_type = 'IPV4_IPV6'; }),
  add('a subnet of no segment', 'subnet-of-no-segment', 'google_compute_subnetwork', (stack) => ({ ...first(stack, 'google_compute_subnetwork', () => true), ip_cidr_range: '10.99.0.0/24' })),
  add('a peering', 'unknown-resource', 'google_compute_network_peering', (stack) => ({ name: 'x', network: network(stack), peer_network: 'projects/x/global/networks/y' })),
  add('a second network', 'second-network', 'google_compute_network', () => ({ name: 'x', auto_create_subnetworks: false })),

  // Ways out.
  edit('a default route without tag', 'internet-route-without-tag', 'google_compute_route', isDefault, (config) => { delete config.tags; }),
  edit('a default route with an empty list of tags', 'internet-route-without-tag', 'google_compute_route', isDefault, (config) => { config.tags = []; }),
  edit('a default route for a data segment', 'data-internet-route', 'google_compute_route', isDefault, (config) => { config.tags.push('acme-prod-ledger-egress'); }),
  add('a split default route for a segment without hosts', 'data-internet-route', 'google_compute_route', (stack) => ({ name: 'x', network: network(stack), dest_range: '0.0.0.0/1', next_hop_gateway: 'default-internet-gateway', tags: ['acme-prod-reporting-egress'] })),
  edit('a default route by an unknown tag', 'internet-route-unknown-tag', 'google_compute_route', isDefault, (config) => { config.tags = ['web']; }),
  add('a default route through a machine', 'unexpected-next-hop', 'google_compute_route', (stack) => ({ name: 'x', network: network(stack), dest_range: '0.0.0.0/0', next_hop_ip: '10.30.16.9' })),
  edit('a default route that does not wait for the denies', 'way-out-before-deny', 'google_compute_route', isDefault, (config) => { delete config.depends_on; }),
  edit('a NAT that does not wait for the denies', 'way-out-before-deny', 'google_compute_router_nat', () => true, (config) => { delete config.depends_on; }),
  edit('a NAT that waits for one deny only', 'way-out-before-deny', 'google_compute_router_nat', () => true, (config) => { config.depends_on.splice(1, 1); }),
  edit('a NAT for all subnets', 'nat-for-all-subnets', 'google_compute_router_nat', () => true, (config) => { config.source_subnetwork_ip_ranges_to_nat = 'ALL_SUBNETWORKS_ALL_IP_RANGES'; delete config.subnetwork; }),
  edit('a NAT for a segment without hosts', 'nat-for-segment-without-hosts', 'google_compute_router_nat', () => true, (config, stack) => { config.subnetwork.push({ name: `\${google_compute_subnetwork.${keyOf(stack, 'google_compute_subnetwork', ({ name }) => name === 'acme-prod-ledger')}.id}`, source_ip_ranges_to_nat: ['ALL_IP_RANGES'] }); }),
  edit('a NAT that leaves out a segment with hosts', 'host-without-way-out', 'google_compute_router_nat', () => true, (config) => { config.subnetwork.pop(); }),
  edit('a NAT without logs', 'nat-logs-missing', 'google_compute_router_nat', () => true, (config) => { delete config.log_config; }),
  edit('a NAT that logs errors only', 'nat-logs-missing', 'google_compute_router_nat', () => true, (config) => { config.log_config.filter = 'ERRORS_ONLY'; }),
  edit('a NAT with addresses of the day', 'nat-automatic-addresses', 'google_compute_router_nat', () => true, (config) => { config.nat_ip_allocate_option = 'AUTO_ONLY'; delete config.nat_ips; }),
  edit('a NAT with endpoint-independent mapping', 'nat-endpoint-independent-mapping', 'google_compute_router_nat', () => true, (config) => { config.enable_endpoint_independent_mapping = true; }),
  add('a public address beside the NAT', 'external-address', 'google_compute_address', () => ({ name: 'x', region: 'europe-west1', address_type: 'EXTERNAL' })),
  add('a machine with a public address', 'external-address', 'google_compute_instance', () => ({ name: 'x', network_interface: [{ access_config: [{}] }] })),

  // Logs and DNS.
  edit('a subnet without flow logs', 'flow-logs-missing', 'google_compute_subnetwork', () => true, (config) => { delete config.log_config; }),
  edit('a subnet that samples no flow', 'flow-logs-missing', 'google_compute_subnetwork', () => true, (config) => { config.log_config.flow_sampling = 0; }),
  edit('a subnet that samples half of its flows', 'flow-logs-sampled', 'google_compute_subnetwork', () => true, (config) => { delete config.log_config.flow_sampling; }),
  edit('a deny without log', 'firewall-logs-missing', RULE, denies('0.0.0.0/0'), (rule) => { rule.enable_logging = false; }),
  edit('an allow without log', 'firewall-logs-missing', RULE, hostRule, (rule) => { delete rule.enable_logging; }),
  edit('queries without log', 'dns-logs-missing', 'google_dns_policy', () => true, (config) => { config.enable_logging = false; }),
  edit('alternative name servers', 'alternative-name-servers', 'google_dns_policy', () => true, (config) => { config.alternative_name_server_config = { target_name_servers: [{ ipv4_address: '8.8.8.8' }] }; }),
  add('a forwarding zone', 'dns-forwarding', 'google_dns_managed_zone', (stack) => ({ name: 'x', dns_name: 'x.example.', visibility: 'private', private_visibility_config: { networks: [{ network_url: network(stack) }] }, forwarding_config: { target_name_servers: [{ ipv4_address: '8.8.8.8' }] } })),

  // The private way to Google's APIs.
  edit('records at the private address, route at the restricted one', 'dns-vip-mismatch', 'google_dns_record_set', ({ type }) => type === 'A', (config) => { config.rrdatas = ['199.36.153.8']; }),
  edit('the route at another address than the records', 'dns-vip-mismatch', 'google_compute_route', isApi, (config) => { config.dest_range = '199.36.153.8/30'; }),
  drop('no route to the APIs', 'dns-vip-mismatch', 'google_compute_route', isApi),
  edit('the firewall rule at another address', 'dns-vip-mismatch', RULE, toApis, (rule) => { rule.match.dest_ip_ranges = ['199.36.153.8/30']; }),
  edit('the APIs on every port', 'endpoint-rule-wide', RULE, toApis, (rule) => { rule.match.layer4_configs = [{ ip_protocol: 'all' }]; }),
  drop('no zone for pkg.dev', 'endpoint-zone-missing', 'google_dns_managed_zone', ({ dns_name: name }) => name === 'pkg.dev.'),
  drop('no alias for the names of a zone', 'endpoint-zone-missing', 'google_dns_record_set', ({ name }) => name === '*.gcr.io.'),
  edit('a zone that is not linked to the network', 'endpoint-private-dns-off', 'google_dns_managed_zone', () => true, (config) => { delete config.private_visibility_config; }),
  edit('a subnet without private access to the APIs', 'private-google-access-off', 'google_compute_subnetwork', () => true, (config) => { config.private_ip_google_access = false; }),
];

function edit(name: string, fault: string, type: string, pick: (config: Config) => boolean, change: (config: Config, stack: SynthesizedStack) => void): Mutation {
  return { name, fault, mutate: (stack) => change(first(stack, type, pick), stack) };
}

function drop(name: string, fault: string, type: string, pick: (config: Config) => boolean): Mutation {
  return { name, fault, mutate: (stack) => { delete stack.resource![type]![keyOf(stack, type, pick)]; } };
}

function add(name: string, fault: string, type: string, make: (stack: SynthesizedStack) => Config): Mutation {
  return { name, fault, mutate: (stack) => { (stack.resource![type] ??= {})['added'] = make(stack); } };
}

function keyOf(stack: SynthesizedStack, type: string, pick: (config: Config) => boolean): string {
  const found = Object.entries(stack.resource?.[type] ?? {}).find(([, config]) => pick(config));
  if (!found) throw new Error(`there is no such ${type} to break`);
  return found[0];
}

function first(stack: SynthesizedStack, type: string, pick: (config: Config) => boolean): Config {
  return stack.resource![type]![keyOf(stack, type, pick)];
}

function network(stack: SynthesizedStack): string {
  return `\${google_compute_network.${keyOf(stack, 'google_compute_network', () => true)}.id}`;
}

function tag(stack: SynthesizedStack, segment: string): string {
  return `\${google_tags_tag_value.${keyOf(stack, 'google_tags_tag_value', ({ short_name: name }) => name === segment)}.id}`;
}

/** An allow for a segment that has a way out, in front of the denies by the least. */
function egress(stack: SynthesizedStack, changes: Config): Config {
  return {
    action: 'allow',
    direction: 'EGRESS',
    enable_logging: true,
    priority: 1_999_999_999,
    firewall_policy: first(stack, RULE, denies('::/0')).firewall_policy,
    target_secure_tags: [{ name: tag(stack, 'payments') }],
    match: { dest_ip_ranges: ['0.0.0.0/0'], layer4_configs: [{ ip_protocol: 'all' }] },
    ...changes,
  };
}

function denies(range: string) {
  return ({ action, match }: Config): boolean => action === 'deny' && match.dest_ip_ranges?.includes(range);
}

function hostRule({ match }: Config): boolean {
  return (match.dest_fqdns?.length ?? 0) > 0;
}

function peer(direction: 'EGRESS' | 'INGRESS') {
  return (rule: Config): boolean => rule.direction === direction && rule.action === 'allow'
    && (direction === 'INGRESS' ? (rule.match.src_secure_tags?.length ?? 0) > 0 : rule.match.dest_ip_ranges?.some((range: string) => range.startsWith('10.')));
}

function fromInternet({ direction, match }: Config): boolean {
  return direction === 'INGRESS' && match.src_ip_ranges?.includes('35.191.0.0/16');
}

function toApis({ direction, match }: Config): boolean {
  return direction === 'EGRESS' && match.dest_ip_ranges?.includes('199.36.153.4/30');
}

function isDefault({ dest_range: range }: Config): boolean {
  return range === '0.0.0.0/0';
}

function isApi({ dest_range: range }: Config): boolean {
  return range === '199.36.153.4/30';
}
