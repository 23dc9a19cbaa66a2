/** What is wrong with the parts that options bring: the web proxy, private ways, clusters, the project. */
import type { Fault, ObservationSubject, SynthesizedStack } from '../observation';
import type { Rule } from './firewall';
import { forwardingRules, isApiTarget, privatePlaces } from './private-places';
import { listOf, reference, resourcesOf, type Resource } from './reading';

export function optionFaults(stack: SynthesizedStack, subject: ObservationSubject, rules: readonly Rule[]): readonly Fault[] {
  return [
    ...denyFaults(stack, rules), ...proxyFaults(stack), ...endpointFaults(stack), ...perimeterFaults(stack),
    ...clusterFaults(stack, subject, rules), ...projectFaults(stack), ...logFaults(stack),
  ];
}

/** A deny that stands behind an allow, or holds for some, is no deny. */
function denyFaults(stack: SynthesizedStack, rules: readonly Rule[]): readonly Fault[] {
  const firstAllow = Math.min(...rules.filter(({ action, direction }) => action === 'allow' && direction === 'EGRESS').map(({ priority }) => priority));
  return rules.filter(({ action, direction, opaque }) => action === 'deny' && direction === 'EGRESS' && opaque)
    .filter(({ priority, tags, accounts }) => priority > firstAllow || tags.length + accounts.length > 0)
    .map(({ address: where }) => ({ id: 'late-deny', where, detail: 'an allow comes first, or machines are left out' }));
}

/** The hosts that the proxy lets a caller from these ranges reach, in the observers' words. */
export function proxiedHosts(stack: SynthesizedStack, segment: string, ranges: readonly string[]): readonly string[] {
  return proxyRules(stack).flatMap(({ config }) => {
    const { sources, ports, lists } = conditionsOf(config.session_matcher);
    if (sources.length > 0 && !sources.some((source) => ranges.includes(source))) return [];
    const protocol = String(config.name).startsWith(`${segment}-http-`) ? 'http' : 'tls';
    const values = lists.flatMap((name) => listOf(resourcesOf(stack, 'google_network_security_url_lists').find((each) => name.endsWith(`/${each.config.name}`))?.config.values));
    return values.flatMap((value) => ports.map((port) => `${protocol} ${value}:${port}`));
  });
}

function proxyRules(stack: SynthesizedStack): readonly Resource[] {
  const policies = resourcesOf(stack, 'google_network_services_gateway').map(({ config }) => reference(config.gateway_security_policy));
  return resourcesOf(stack, 'google_network_security_gateway_security_policy_rule')
    .filter(({ config }) => policies.includes(reference(config.gateway_security_policy)) && config.basic_profile === 'ALLOW' && config.enabled !== false);
}

function conditionsOf(matcher: string): { sources: readonly string[]; ports: readonly string[]; lists: readonly string[] } {
  const all = (pattern: RegExp) => [...matcher.matchAll(pattern)].map((match) => match[1] as string);
  return { sources: all(/inIpRange\(source\.ip, '([^']+)'\)/g), ports: all(/destination\.port == (\d+)/g), lists: all(/inUrlList\(host\(\), '([^']+)'\)/g) };
}

function proxyFaults(stack: SynthesizedStack): readonly Fault[] {
  const gateways = resourcesOf(stack, 'google_network_services_gateway');
  const hasProxySubnet = resourcesOf(stack, 'google_compute_subnetwork').some(({ config }) => config.purpose === 'REGIONAL_MANAGED_PROXY' && config.role === 'ACTIVE');
  return [
    ...(hasProxySubnet ? [] : gateways.map(({ address: where }) => ({ id: 'proxy-only-subnet-missing', where, detail: 'proxies have nowhere to run' }))),
    ...proxyRules(stack).flatMap(({ address: where, config }) => {
      const { sources, ports, lists } = conditionsOf(config.session_matcher);
      return [
        ...(lists.length === 0 ? [{ id: 'proxy-any-host', where, detail: config.session_matcher }] : []),
        ...(sources.length === 0 ? [{ id: 'proxy-any-source', where, detail: config.session_matcher }] : []),
        ...(ports.length === 0 ? [{ id: 'proxy-any-port', where, detail: config.session_matcher }] : []),
      ];
    }),
  ];
}

function endpointFaults(stack: SynthesizedStack): readonly Fault[] {
  const faults: Fault[] = forwardingRules(stack).flatMap(({ address: where, config }) => [
    ...(config.target === 'all-apis' ? [{ id: 'endpoint-serves-all-apis', where, detail: 'also those that no perimeter can restrict' }] : []),
    ...(config.load_balancing_scheme !== '' ? [{ id: 'endpoint-external', where, detail: `scheme ${config.load_balancing_scheme ?? 'EXTERNAL, the default'}` }] : []),
    ...(isApiTarget(config.target) && !/^[a-z][a-z0-9]{0,19}$/.test(config.name) ? [{ id: 'endpoint-name', where, detail: config.name }] : []),
  ]);
  const closed = resourcesOf(stack, 'google_service_networking_vpc_service_controls').filter(({ config }) => config.enabled === true).map(({ config }) => reference(config.network));
  const open = resourcesOf(stack, 'google_service_networking_connection').filter(({ config }) => !closed.includes(reference(config.network)));
  return [...faults, ...open.map(({ address: where }) => ({ id: 'service-network-internet-route', where, detail: 'the producer keeps its default route' }))];
}

function perimeterFaults(stack: SynthesizedStack): readonly Fault[] {
  return resourcesOf(stack, 'google_access_context_manager_service_perimeter').flatMap(({ address: where, config }) => {
    const { status } = config;
    if (!status) return [{ id: 'perimeter-dry-run', where, detail: 'violations are recorded and not stopped' }];
    const isOpen = listOf(status.restricted_services).length === 0 || listOf(status.resources).length === 0
      || status.vpc_accessible_services?.enable_restriction !== true || !listOf(status.vpc_accessible_services.allowed_services).includes('RESTRICTED-SERVICES');
    return isOpen ? [{ id: 'perimeter-open', where, detail: 'restricts nothing, nobody, or not what the network may call' }] : [];
  });
}

/** A cluster needs its control plane, its own nodes and pods, and calls from the control plane. */
function clusterFaults(stack: SynthesizedStack, subject: ObservationSubject, rules: readonly Rule[]): readonly Fault[] {
  const places = privatePlaces(stack, subject);
  return places.filter(({ kind }) => kind === 'control-plane').flatMap(({ range, segment }) => {
    const tag = resourcesOf(stack, 'google_tags_tag_value').find(({ config }) => config.short_name === segment)?.address;
    const own = rules.filter(({ action, tags }) => action === 'allow' && tag !== undefined && tags.includes(tag));
    const pods = places.filter((place) => place.kind === 'pods' && place.segment === segment).map((place) => place.range);
    const needs: readonly [string, boolean][] = [
      ['nodes call the control plane', own.some((rule) => rule.direction === 'EGRESS' && rule.toRanges.includes(range))],
      ['the control plane calls webhooks', own.some((rule) => rule.direction === 'INGRESS' && rule.fromRanges.includes(range) && rule.ports.some(({ from }) => from === 8443))],
      ['pods call pods', own.some((rule) => rule.direction === 'EGRESS' && pods.every((each) => rule.toRanges.includes(each))) && pods.length > 0],
      ['pods answer pods', own.some((rule) => rule.direction === 'INGRESS' && pods.every((each) => rule.fromRanges.includes(each)))],
    ];
    return needs.filter(([, isMet]) => !isMet).map(([need]) => ({ id: 'kubernetes-rules-incomplete', where: segment ?? range, detail: `no rule lets ${need}` }));
  });
}

function projectFaults(stack: SynthesizedStack): readonly Fault[] {
  const guardrails = resourcesOf(stack, 'google_org_policy_policy')
    .filter(({ config }) => String(config.name).endsWith('/compute.vmExternalIpAccess') && !listOf(config.spec?.rules).some(({ deny_all: denied }) => denied === 'TRUE'));
  const users = resourcesOf(stack, 'google_compute_subnetwork_iam_member')
    .filter(({ config }) => config.role !== 'roles/compute.networkUser' || /^all(Authenticated)?Users$/.test(config.member));
  return [
    ...guardrails.map(({ address: where }) => ({ id: 'external-addresses-allowed', where, detail: 'the guardrail denies nothing' })),
    ...users.map(({ address: where, config }) => ({ id: 'subnet-role-wide', where, detail: `${config.member} has ${config.role}` })),
  ];
}

const LOGS = ['compute.googleapis.com/vpc_flows', 'compute.googleapis.com/firewall', 'compute.googleapis.com/nat_flows', 'dns.googleapis.com/dns_queries'];

function logFaults(stack: SynthesizedStack): readonly Fault[] {
  const buckets = resourcesOf(stack, 'google_logging_project_bucket_config').map(({ config }) => `/locations/${config.location}/buckets/${config.bucket_id}`);
  return resourcesOf(stack, 'google_logging_project_sink').flatMap(({ address: where, config }) => {
    const missing = LOGS.filter((log) => !String(config.filter).includes(`log_id("${log}")`));
    const reasons = [
      ...(config.disabled === true ? ['it is switched off'] : []),
      ...(missing.length > 0 ? [`it leaves out ${missing.join(', ')}`] : []),
      ...(buckets.some((bucket) => String(config.destination).endsWith(bucket)) ? [] : ['its bucket is not made']),
    ];
    return reasons.length > 0 ? [{ id: 'log-sink-incomplete', where, detail: reasons.join('; ') }] : [];
  });
}
