/** The network itself, its logs, its DNS and its private way to Google's APIs. */
import type { Fault, SynthesizedStack } from '../observation';
import type { Rule } from './firewall';
import { isApiTarget } from './private-places';
import { allResources, API_RANGES, listOf, reference, resourcesOf, within, type Resource } from './reading';

/** Everything this observer understands; whatever else a stack holds is reported, not passed over. */
const KNOWN = new Set([
  'google_access_context_manager_service_perimeter', 'google_compute_forwarding_rule', 'google_compute_global_address', 'google_compute_global_forwarding_rule',
  'google_compute_shared_vpc_host_project', 'google_compute_shared_vpc_service_project', 'google_compute_subnetwork_iam_member',
  'google_logging_project_bucket_config', 'google_logging_project_sink', 'google_network_security_gateway_security_policy',
  'google_network_security_gateway_security_policy_rule', 'google_network_security_url_lists', 'google_network_services_gateway', 'google_org_policy_policy',
  'google_service_networking_connection', 'google_service_networking_vpc_service_controls',
  'google_compute_address', 'google_compute_firewall', 'google_compute_instance', 'google_compute_instance_template',
  'google_compute_network', 'google_compute_network_firewall_policy', 'google_compute_network_firewall_policy_association',
  'google_compute_network_firewall_policy_rule', 'google_compute_region_instance_template', 'google_compute_route',
  'google_compute_router', 'google_compute_router_nat', 'google_compute_subnetwork', 'google_dns_managed_zone',
  'google_dns_policy', 'google_dns_record_set', 'google_tags_tag_key', 'google_tags_tag_value',
]);

export function networkFaults(stack: SynthesizedStack, network: Resource): readonly Fault[] {
  const faults: Fault[] = [];
  const { config, address: where } = network;
  if (config.auto_create_subnetworks !== false) faults.push({ id: 'auto-subnets', where, detail: 'a subnet in every region, in no segment' });
  if (config.delete_default_routes_on_create !== true) faults.push({ id: 'default-route-kept', where, detail: 'the network begins with a default route for all' });
  if (config.network_firewall_policy_enforcement_order !== 'BEFORE_CLASSIC_FIREWALL') {
    faults.push({ id: 'classic-rules-first', where, detail: 'any classic egress allow beats the policy' });
  }
  for (const subnet of resourcesOf(stack, 'google_compute_subnetwork')) {
    // Google records nothing in a subnet that only its own proxies are in.
    if (subnet.config.purpose === 'REGIONAL_MANAGED_PROXY') continue;
    const log = subnet.config.log_config;
    if (!log || log.flow_sampling === 0 || log.metadata === 'EXCLUDE_ALL_METADATA' || (log.filter_expr ?? 'true') !== 'true') {
      faults.push({ id: 'flow-logs-missing', where: subnet.address, detail: 'flows leave no record' });
    } else if (log.flow_sampling !== 1) {
      faults.push({ id: 'flow-logs-sampled', where: subnet.address, detail: `${log.flow_sampling ?? 'half'} of the flows` });
    }
    if ((subnet.config.stack_type ?? 'IPV4_ONLY') !== 'IPV4_ONLY') faults.push({ id: 'ipv6-subnet', where: subnet.address, detail: subnet.config.stack_type });
  }
  for (const { address, config: classic } of resourcesOf(stack, 'google_compute_firewall')) {
    // Behind the policy's denies a classic egress rule decides nothing; an ingress rule does.
    if ((classic.direction ?? 'INGRESS') === 'INGRESS' && listOf(classic.allow).length > 0) {
      faults.push({ id: 'classic-ingress-allow', where: address, detail: 'the policy has no ingress deny, so this rule holds' });
    }
  }
  for (const { type, address } of allResources(stack)) {
    if (!KNOWN.has(type)) faults.push({ id: 'unknown-resource', where: address, detail: `what ${type} does to the network is not known` });
  }
  return faults;
}

/** Tags that IAM governs, of one key: a machine takes one value of a key, and so cannot be in two segments. */
export function tagFaults(stack: SynthesizedStack, network: string): readonly Fault[] {
  const keys = new Set(resourcesOf(stack, 'google_tags_tag_value').map(({ config }) => reference(config.parent) ?? String(config.parent)));
  const faults: Fault[] = keys.size > 1 ? [{ id: 'segment-tags-of-several-keys', where: [...keys].join(', '), detail: 'a machine can be in two segments' }] : [];
  const made = resourcesOf(stack, 'google_tags_tag_key');
  for (const where of keys) {
    const config = made.find(({ address }) => address === where)?.config;
    const scope = String(config?.purpose_data?.network ?? '');
    if (config?.purpose !== 'GCE_FIREWALL' || !scope.includes(`\${${network}.`)) {
      faults.push({ id: 'segment-tag-not-secure', where, detail: 'not a firewall tag of this network' });
    }
  }
  return faults;
}

export function ruleFaults(rules: readonly Rule[]): readonly Fault[] {
  const priorities = new Map<number, string>();
  return rules.flatMap((rule) => {
    const faults: Fault[] = [];
    const other = priorities.get(rule.priority);
    if (other) faults.push({ id: 'duplicate-priority', where: rule.address, detail: `${rule.priority} is that of ${other} too` });
    priorities.set(rule.priority, rule.address);
    if (!rule.logged) faults.push({ id: 'firewall-logs-missing', where: rule.address, detail: `${rule.action} leaves no record` });
    return faults;
  });
}

export function dnsFaults(stack: SynthesizedStack, network: string): readonly Fault[] {
  const policies = resourcesOf(stack, 'google_dns_policy').filter(({ config }) =>
    listOf(config.networks).some(({ network_url: url }) => reference(url) === network));
  const faults: Fault[] = policies
    .filter(({ config }) => listOf(config.alternative_name_server_config).length > 0)
    .map(({ address: where }) => ({ id: 'alternative-name-servers', where, detail: 'fqdn rules do not hold for their answers' }));
  if (!policies.some(({ config }) => config.enable_logging === true)) {
    faults.push({ id: 'dns-logs-missing', where: network, detail: 'queries leave no record' });
  }
  for (const { address: where, config } of resourcesOf(stack, 'google_dns_managed_zone')) {
    if (listOf(config.forwarding_config).length > 0 || listOf(config.peering_config).length > 0) {
      faults.push({ id: 'dns-forwarding', where, detail: 'names are answered outside this network' });
    }
  }
  return faults;
}

const DOMAINS = ['gcr.io.', 'googleapis.com.', 'pkg.dev.'];

/** Route, records and firewall rule must name the same addresses; one that differs leads to the internet or nowhere. */
export function apiFaults(stack: SynthesizedStack, network: string, rules: readonly Rule[]): readonly Fault[] {
  const faults: Fault[] = [];
  const mismatch = (where: string, detail: string) => faults.push({ id: 'dns-vip-mismatch', where, detail });
  const zones = resourcesOf(stack, 'google_dns_managed_zone');
  const routes = resourcesOf(stack, 'google_compute_route').filter(({ config }) => API_RANGES.some((api) => within(String(config.dest_range), api)));
  const endpoints = ownApiAddresses(stack);
  const allows = rules.filter(({ direction, toRanges }) => direction === 'EGRESS' && toRanges.some((range) => [...API_RANGES, ...endpoints].some((api) => within(range, api))));
  if (zones.length === 0 && routes.length === 0 && allows.length === 0) return faults;

  for (const { address: where, config } of zones) {
    const linked = listOf(config.private_visibility_config?.networks).some(({ network_url: url }) => reference(url) === network);
    if (config.visibility !== 'private' || !linked) faults.push({ id: 'endpoint-private-dns-off', where, detail: `${config.dns_name} is not answered in this network` });
  }
  const records = resourcesOf(stack, 'google_dns_record_set');
  const zoneOf = (record: Resource) => zones.find(({ address }) => address === reference(record.config.managed_zone));
  for (const domain of DOMAINS) {
    const zone = zones.find(({ config }) => config.dns_name === domain);
    const own = records.filter((record) => zone && zoneOf(record) === zone);
    const anchor = own.find(({ config }) => config.type === 'A');
    const alias = own.find(({ config }) => config.type === 'CNAME' && config.name === `*.${domain}` && listOf(config.rrdatas)[0] === anchor?.config.name);
    if (!zone || !anchor || !alias) faults.push({ id: 'endpoint-zone-missing', where: domain, detail: 'some of its names lead to the internet' });
  }
  const ranges = new Set([...routes.map(({ config }) => String(config.dest_range)), ...endpoints]);
  if (ranges.size !== 1) mismatch('routes and endpoints', `${ranges.size} ranges`);
  for (const { address, config } of records.filter((record) => record.config.type === 'A')) {
    const strays = listOf(config.rrdatas).filter((each: string) => ![...ranges].some((range) => within(each, range)));
    if (strays.length > 0) mismatch(address, `no route for ${strays.join(', ')}`);
  }
  for (const { address, toRanges } of allows) {
    if (toRanges.some((range) => !ranges.has(range))) mismatch(address, `no route for ${toRanges.join(', ')}`);
  }
  if (allows.length === 0) mismatch('firewall policy', 'no rule lets segments reach the routed address');
  for (const { address: where, config } of resourcesOf(stack, 'google_compute_subnetwork')) {
    if (config.private_ip_google_access !== true && config.purpose !== 'REGIONAL_MANAGED_PROXY') faults.push({ id: 'private-google-access-off', where, detail: 'machines without a public address cannot reach the APIs' });
  }
  return faults;
}

/** Addresses of the network that stand for the APIs: they need no route. */
function ownApiAddresses(stack: SynthesizedStack): readonly string[] {
  return resourcesOf(stack, 'google_compute_global_forwarding_rule').filter(({ config }) => isApiTarget(config.target)).flatMap(({ config }) => {
    const address = resourcesOf(stack, 'google_compute_global_address').find((each) => each.address === reference(config.ip_address))?.config.address;
    return address === undefined ? [] : [`${address}/32`];
  });
}
