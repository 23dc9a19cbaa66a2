/** One way to break each control that an option brings, and the fault that has to be seen. */
import type { Mutation, SynthesizedStack } from '../observation';
import { add, drop, edit, egress, first, keyOf, network, RULE, tag, type Config } from './mutating';

const GATEWAY = 'google_network_services_gateway';
const PROXY_RULE = 'google_network_security_gateway_security_policy_rule';
const LIST = 'google_network_security_url_lists';
const PERIMETER = 'google_access_context_manager_service_perimeter';

export const optionMutations: readonly Mutation[] = [
  // Denies in front.
  drop('no threat lists', 'deny-missing', RULE, ({ match }) => match.dest_threat_intelligences?.length > 0),
  edit('threat lists behind an allow', 'late-deny', RULE, ({ match }) => match.dest_threat_intelligences?.length > 0, (rule) => { rule.priority = 1_999_999_000; }),
  edit('threat lists for one segment only', 'late-deny', RULE, ({ match }) => match.dest_threat_intelligences?.length > 0, (rule, stack) => { rule.target_secure_tags = [{ name: tag(stack, 'ledger') }]; }),
  edit('countries that are allowed instead', 'wide-firewall-rule', RULE, ({ match }) => match.dest_region_codes?.length > 0, (rule, stack) => { rule.action = 'allow'; rule.target_secure_tags = [{ name: tag(stack, 'payments') }]; }),

  // The web proxy.
  edit('a proxy rule for any host', 'proxy-any-host', PROXY_RULE, () => true, (rule) => { rule.session_matcher = "inIpRange(source.ip, '10.30.0.0/16')"; }),
  edit('a proxy rule for any caller', 'proxy-any-source', PROXY_RULE, ({ name }) => name === 'platform-tls-443-0', (rule) => { rule.session_matcher = rule.session_matcher.replace(/^inIpRange\([^)]*\)+ && |^\([^&]*\) && /, ''); }),
  edit('a proxy rule for any port', 'proxy-any-port', PROXY_RULE, ({ name }) => name === 'platform-tls-443-0', (rule) => { rule.session_matcher = rule.session_matcher.replace('destination.port == 443 && ', ''); }),
  edit('a list that also holds the domain', 'hosts-differ', LIST, ({ values }) => values.includes('*.docker.io'), (list) => { list.values = list.values.map((value: string) => value.replace('*.docker.io', '*docker.io')); }),
  edit('a list for everything', 'hosts-differ', LIST, ({ values }) => values.includes('*.docker.io'), (list) => { list.values.push('*.com'); }),
  edit('a segment that reaches every port of the proxy', 'proxy-rule-wide', RULE, toProxy, (rule) => { rule.match.layer4_configs = [{ ip_protocol: 'all' }]; }),
  add('a segment that may call the proxy, and has no host there', 'proxy-without-hosts', RULE, (stack) => egress(stack, { target_secure_tags: [{ name: tag(stack, 'ledger') }], match: first(stack, RULE, toProxy).match })),
  add('a default route for a proxied segment', 'data-internet-route', 'google_compute_route', (stack) => ({ name: 'x', network: network(stack), dest_range: '0.0.0.0/0', next_hop_gateway: 'default-internet-gateway', tags: ['acme-prod-platform-egress'], depends_on: first(stack, 'google_compute_router_nat', () => true).depends_on })),
  edit('a NAT for a proxied segment', 'nat-for-segment-without-hosts', 'google_compute_router_nat', () => true, (config, stack) => { config.subnetwork.push({ name: subnetOf(stack, 'acme-prod-platform'), source_ip_ranges_to_nat: ['PRIMARY_IP_RANGE'] }); }),
  edit('a NAT for the endpoints', 'nat-for-segment-without-hosts', 'google_compute_router_nat', () => true, (config, stack) => { config.subnetwork.push({ name: subnetOf(stack, 'acme-prod-endpoints'), source_ip_ranges_to_nat: ['PRIMARY_IP_RANGE'] }); }),
  drop('no subnet for proxies', 'proxy-only-subnet-missing', 'google_compute_subnetwork', ({ purpose }) => purpose === 'REGIONAL_MANAGED_PROXY'),
  edit('a proxy that does not wait for the denies', 'way-out-before-deny', GATEWAY, () => true, (config) => { config.depends_on = config.depends_on.filter((each: string) => !each.includes('firewall_policy')); }),
  edit('a proxy with other rules', 'hosts-differ', GATEWAY, () => true, (config) => { config.gateway_security_policy = 'projects/p/locations/r/gatewaySecurityPolicies/elsewhere'; }),

  // Private ways.
  edit('an endpoint for all APIs', 'endpoint-serves-all-apis', 'google_compute_global_forwarding_rule', () => true, (config) => { config.target = 'all-apis'; }),
  edit('an endpoint that the internet sees', 'endpoint-external', 'google_compute_global_forwarding_rule', () => true, (config) => { delete config.load_balancing_scheme; }),
  edit('an endpoint with a name that Google refuses', 'endpoint-name', 'google_compute_global_forwarding_rule', () => true, (config) => { config.name = 'acme-prod-google-apis'; }),
  edit('records beside the endpoint', 'dns-vip-mismatch', 'google_dns_record_set', ({ type }) => type === 'A', (config) => { config.rrdatas = ['10.30.3.9']; }),
  edit('a published service on every port', 'published-service-wide', RULE, toBilling, (rule) => { rule.match.layer4_configs = [{ ip_protocol: 'all' }]; }),
  edit('all endpoints instead of one', 'segment-reach-too-wide', RULE, toBilling, (rule) => { rule.match.dest_ip_ranges = ['10.30.0.0/24']; }),
  drop('a producer that keeps its way to the internet', 'service-network-internet-route', 'google_service_networking_vpc_service_controls', () => true),
  edit('a producer whose way is not closed', 'service-network-internet-route', 'google_service_networking_vpc_service_controls', () => true, (config) => { config.enabled = false; }),
  edit('services of the producer on every port', 'published-service-wide', RULE, toServices, (rule) => { rule.match.layer4_configs = [{ ip_protocol: 'all' }]; }),
  edit('a perimeter that only records', 'perimeter-dry-run', PERIMETER, () => true, (config) => { config.spec = config.status; config.use_explicit_dry_run_spec = true; delete config.status; }),
  edit('a perimeter that lets other APIs be called', 'perimeter-open', PERIMETER, () => true, (config) => { delete config.status.vpc_accessible_services; }),
  edit('a perimeter that restricts nothing', 'perimeter-open', PERIMETER, () => true, (config) => { config.status.restricted_services = []; }),
  edit('a perimeter around another project', 'perimeter-open', PERIMETER, () => true, (config) => { config.status.resources = []; }),

  // Callers of Google's, clusters.
  edit('sessions from anywhere', 'wide-ingress', RULE, ({ rule_name: name }) => name === 'in-iap-to-platform', (rule) => { rule.match.src_ip_ranges = ['0.0.0.0/0']; }),
  edit('sessions on every port', 'session-access-wide', RULE, ({ rule_name: name }) => name === 'in-iap-to-platform', (rule) => { rule.match.layer4_configs = [{ ip_protocol: 'all' }]; }),
  edit('health checks on every port', 'health-check-wide', RULE, ({ rule_name: name }) => name === 'in-health-checks-to-payments', (rule) => { rule.match.layer4_configs = [{ ip_protocol: 'all' }]; }),
  edit('nodes that reach every port of the control plane', 'control-plane-wide', RULE, ({ rule_name: name }) => name === 'out-platform-to-control-plane', (rule) => { rule.match.layer4_configs = [{ ip_protocol: 'all' }]; }),
  drop('nodes that cannot call their control plane', 'kubernetes-rules-incomplete', RULE, ({ rule_name: name }) => name === 'out-platform-to-control-plane'),
  drop('a control plane that cannot call webhooks', 'kubernetes-rules-incomplete', RULE, ({ rule_name: name }) => name === 'in-control-plane-to-platform'),
  drop('pods that cannot call pods', 'kubernetes-rules-incomplete', RULE, ({ rule_name: name }) => name === 'out-platform-cluster'),
  edit('a cluster that accepts any private address', 'unexpected-ingress', RULE, ({ rule_name: name }) => name === 'in-platform-cluster', (rule) => { rule.match.src_ip_ranges = ['192.168.0.0/16']; }),
  edit('pods of one cluster for another segment', 'segment-sides-disagree', RULE, ({ rule_name: name }) => name === 'out-platform-cluster', (rule, stack) => { rule.target_secure_tags = [{ name: tag(stack, 'ledger') }]; }),

  // The project.
  edit('a guardrail that allows every machine an address', 'external-addresses-allowed', 'google_org_policy_policy', () => true, (config) => { config.spec = { rules: [{ allow_all: 'TRUE' }] }; }),
  edit('a subnet user who may change the network', 'subnet-role-wide', 'google_compute_subnetwork_iam_member', () => true, (config) => { config.role = 'roles/compute.networkAdmin'; }),
  edit('a subnet that everybody may use', 'subnet-role-wide', 'google_compute_subnetwork_iam_member', () => true, (config) => { config.member = 'allAuthenticatedUsers'; }),
  edit('a sink that leaves out firewall records', 'log-sink-incomplete', 'google_logging_project_sink', () => true, (config) => { config.filter = config.filter.replace('log_id("compute.googleapis.com/firewall") OR ', ''); }),
  edit('a sink that is switched off', 'log-sink-incomplete', 'google_logging_project_sink', () => true, (config) => { config.disabled = true; }),
  drop('a sink without its bucket', 'log-sink-incomplete', 'google_logging_project_bucket_config', () => true),
];

/** Mutations that change no packet: who may configure what, and where records are kept. The table of probes cannot see them. */
export const WITHOUT_PACKETS: ReadonlySet<string> = new Set([
  'a perimeter that only records', 'a perimeter that lets other APIs be called', 'a perimeter that restricts nothing', 'a perimeter around another project',
  'a guardrail that allows every machine an address', 'a subnet user who may change the network', 'a subnet that everybody may use',
  'a sink that leaves out firewall records', 'a sink that is switched off', 'a sink without its bucket', 'no subnet for proxies',
]);

function toProxy({ rule_name: name }: Config): boolean {
  return name === 'out-platform-to-web-proxy';
}

function toBilling({ rule_name: name }: Config): boolean {
  return name === 'out-payments-to-psc-billing';
}

function toServices({ rule_name: name }: Config): boolean {
  return name === 'out-ledger-to-service-networking';
}

function subnetOf(stack: SynthesizedStack, name: string): string {
  return `\${google_compute_subnetwork.${keyOf(stack, 'google_compute_subnetwork', (config) => config.name === name)}.id}`;
}
