/**
 * Internal load balancers whose backends are hosts on the internet: whoever may call the balancer reaches
 * those hosts, whatever its own routes and rules say of them.
 * https://cloud.google.com/load-balancing/docs/negs/internet-neg-concepts
 */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { AllowedHost } from '../network-model';
import type { Networks } from './networks';
import type { Relay } from './proxies';
import { isPublic } from './questions';
import { baseName, flagAt, hiddenAt, nameOf, numberAt, textAt, textsAt } from './reading';

const RULES = ['google_compute_forwarding_rule', 'google_compute_global_forwarding_rule'];
const GROUPS = ['google_compute_region_network_endpoint_group', 'google_compute_global_network_endpoint_group', 'google_compute_network_endpoint_group'];
const BETWEEN = [
  ...['http', 'https', 'tcp', 'grpc', 'ssl'].flatMap((kind) => [`google_compute_target_${kind}_proxy`, `google_compute_region_target_${kind}_proxy`]),
  'google_compute_url_map', 'google_compute_region_url_map', 'google_compute_backend_service', 'google_compute_region_backend_service',
];
/** By type, where an endpoint names its group. */
const ENDPOINTS: Readonly<Record<string, string>> = {
  google_compute_region_network_endpoint: 'region_network_endpoint_group',
  google_compute_global_network_endpoint: 'global_network_endpoint_group',
};

const HYBRID = 'NON_GCP_PRIVATE_IP_PORT';

export function internalRelays(graph: ResourceGraph, networks: Networks): readonly Relay[] {
  const all = GROUPS.flatMap((type) => graph.ofType(type));
  const groups = new Map([
    ...all.filter(isOnInternet).map((group) => [group, endpointsOf(group, graph)] as const),
    ...all.filter((group) => textAt(group, 'network_endpoint_type') === HYBRID).map((group) => [group, publicEndpointsOf(group, graph)] as const).filter(([, { hosts }]) => hosts.length > 0),
  ]);
  if (groups.size === 0) return [];
  return RULES.flatMap((type) => graph.ofType(type)).flatMap((rule): readonly Relay[] => {
    const scheme = textAt(rule, 'load_balancing_scheme');
    const hidden = scheme === undefined ? hiddenAt(rule, 'load_balancing_scheme') : undefined;
    if (scheme !== 'INTERNAL_MANAGED' && hidden === undefined) return [];
    const behind = groupsBehind(rule).flatMap((group) => groups.get(group) ?? []);
    if (behind.length === 0) return [];
    const hosts = behind.flatMap((each) => each.hosts).sort((a, b) => (a.host < b.host ? -1 : a.host > b.host ? 1 : 0));
    const unknown = hidden ?? behind.find((each) => each.unknown !== undefined)?.unknown;
    const subnets = networks.subnetsAt(rule, 'subnetwork');
    const own = networks.namedAt(rule, 'network');
    const region = flagAt(rule, 'allow_global_access') === true ? undefined : textAt(rule, 'region');
    const address = textAt(rule, 'ip_address');
    const served = { guard: { control: rule.address, hosts }, ...(unknown === undefined ? {} : { unknown }) };
    return [{
      address: rule.address,
      label: `internal load balancer ${nameOf(rule)}`,
      resource: rule,
      networks: own.length > 0 ? own : [...new Set(subnets.flatMap((subnet) => subnet.networks))],
      ...(region === undefined ? {} : { region: baseName(region) }),
      addresses: address === undefined || address.includes('/') ? subnets.flatMap(({ cidrs }) => cidrs) : [address],
      ports: portsOf(rule),
      servedTo: () => served,
    }];
  });
}

function isOnInternet(group: Resource): boolean {
  return textAt(group, 'network_endpoint_type')?.startsWith('INTERNET') ?? hiddenAt(group, 'network_endpoint_type') !== undefined;
}

/** Everything that the rule's proxy, its map of paths and its services lead to. */
export function groupsBehind(rule: Resource): readonly Resource[] {
  const seen = new Set<Resource>([rule]);
  for (const resource of seen) for (const target of resource.references([], { types: [...BETWEEN, ...GROUPS] }).targets) seen.add(target);
  return [...seen].filter(({ type }) => GROUPS.includes(type));
}

function endpointsOf(group: Resource, graph: ResourceGraph): { readonly hosts: readonly AllowedHost[]; readonly unknown?: string } {
  const own = Object.entries(ENDPOINTS).flatMap(([type, path]) => graph.ofType(type).filter((each) => each.references(path, { types: [group.type] }).targets.includes(group)));
  const found = own.map((endpoint) => {
    const host = textAt(endpoint, 'fqdn')?.toLowerCase().replace(/\.$/, '');
    const ip = textAt(endpoint, 'ip_address');
    const port = numberAt(endpoint, 'port');
    const text = host ?? (ip === undefined ? undefined : `${ip}/${ip.includes(':') ? 128 : 32}`);
    return { text, allowed: { host: text ?? '', protocol: 'any' as const, ports: port === undefined ? [] : [port], rule: endpoint.address } };
  });
  const isWhole = found.length > 0 && found.every(({ text }) => text !== undefined);
  return {
    hosts: found.flatMap(({ text, allowed }) => (text === undefined ? [] : [allowed])),
    ...(isWhole ? {} : { unknown: `which hosts are in ${group.address} is not in the plan` }),
  };
}

/**
 * Of a group for hosts behind a tunnel those with public addresses: that the proxies of the balancer call them by a tunnel alone
 * no document says. https://cloud.google.com/load-balancing/docs/negs/hybrid-neg-concepts
 */
function publicEndpointsOf(group: Resource, graph: ResourceGraph): { readonly hosts: readonly AllowedHost[]; readonly unknown: string } {
  const named = (type: string) => graph.ofType(type).filter((each) => each.references('network_endpoint_group', { types: [group.type] }).targets.includes(group));
  const found = [
    ...named('google_compute_network_endpoint').map((endpoint) => ({ endpoint, at: [] as AttributePath })),
    ...named('google_compute_network_endpoints').flatMap((endpoint) => endpoint.elements('network_endpoints').map((at) => ({ endpoint, at }))),
  ];
  return {
    unknown: `whether the proxies before ${group.address} call its public addresses by a tunnel alone is not known`,
    hosts: found.flatMap(({ endpoint, at }): readonly AllowedHost[] => {
      const [ip, port] = [textAt(endpoint, [...at, 'ip_address']), numberAt(endpoint, [...at, 'port'])];
      return ip === undefined || !isPublic(ip) ? [] : [{ host: `${ip}/${ip.includes(':') ? 128 : 32}`, protocol: 'any', ports: port === undefined ? [] : [port], rule: endpoint.address }];
    }),
  };
}

/** Some of those that it listens on. */
function portsOf(rule: Resource): readonly number[] {
  const texts = [textAt(rule, 'port_range') ?? '', ...textsAt(rule, 'ports').values];
  return texts.flatMap((text) => text.split('-')).filter((text) => /^\d+$/.test(text)).map(Number);
}
