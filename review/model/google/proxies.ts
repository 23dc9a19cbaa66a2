/** Secure Web Proxy: a way out by host name that needs no route and no NAT. https://cloud.google.com/secure-web-proxy/docs/overview */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { AllowedHost, Guard } from '../network-model';
import type { GoogleNetwork, GoogleSubnet, Networks } from './networks';
import { baseName, flagAt, hiddenAt, nameOf, numberAt, textAt, textsAt } from './reading';
import { addressesOf as rangesOf } from '../addresses';
import { intersect, isEmpty } from '../ranges';
import { authorizations } from './proxy-authorization';
import { hostsOf, limitsOf } from './session-matcher';

/** Something in a network that calls hosts on behalf of whoever calls it. */
export interface Relay {
  readonly address: string;
  /** `Secure Web Proxy edge` */
  readonly label: string;
  readonly resource: Resource;
  readonly networks: readonly GoogleNetwork[];
  readonly region?: string;
  /** Where it listens: its addresses, else its subnets' ranges; empty where the plan tells neither. */
  readonly addresses: readonly string[];
  readonly ports: readonly number[];
  /** True where it listens on each. */
  readonly everyPort?: true;
  /** Why it may listen on others. */
  readonly portsUnknown?: string;
  /** What anybody may reach through it. */
  readonly guard: Guard;
  /** What a caller from these ranges may reach; all of it where they are not known. */
  guardFor(ranges: readonly string[]): Guard;
  /** Why it may let other hosts through. */
  readonly unknown?: string;
}

export interface WebProxy extends Relay {
  /** Rules, or authorization policies, that name no host. */
  readonly anyHostRules: readonly Resource[];
  /** Rules that hold for every caller, or for every port. */
  readonly anySourceRules: readonly Resource[];
  readonly anyPortRules: readonly Resource[];
  readonly policies: readonly Resource[];
}

const POLICY = 'google_network_security_gateway_security_policy';

export function webProxies(graph: ResourceGraph, networks: Networks): readonly WebProxy[] {
  const lists = new Map(graph.ofType('google_network_security_url_lists').map((list) => [list, list] as const));
  // States know the policy of a rule by its name alone.
  const authorizedAt = authorizations(graph);
  const all = graph.ofType(`${POLICY}_rule`).map((rule) => ({ rule, named: rule.references('gateway_security_policy', { types: [POLICY] }).targets, hidden: hiddenAt(rule, 'gateway_security_policy') }));
  return graph.ofType('google_network_services_gateway')
    .filter((resource) => textAt(resource, 'type') !== 'OPEN_MESH')
    .map((resource): WebProxy => {
      const policies = resource.references('gateway_security_policy', { types: [POLICY] });
      const rules = all
        // One whose policy is not known may be of each.
        .filter(({ named, hidden }) => (named.length === 0 && hidden !== undefined) || named.some((policy) => policies.targets.includes(policy)))
        .map(({ rule }) => rule)
        .sort((a, b) => (numberAt(a, 'priority') ?? 0) - (numberAt(b, 'priority') ?? 0));
      const authorized = authorizedAt(resource);
      const allows = authorized?.isCertain ? [] : rules.filter((rule) => flagAt(rule, 'enabled') !== false && textAt(rule, 'basic_profile') !== 'DENY');
      const ruled = allows.map((rule) => ruleHosts(rule, [...lists.keys()]));
      const read = authorized ? [...ruled, authorized] : ruled;
      const loose = all.find(({ rule, named }) => named.length === 0 && allows.includes(rule));
      const unknown = policies.targets.length === 0 && !authorized ? rulesUnknown(resource) : read.find((each) => each.unknown !== undefined)?.unknown ?? loose?.hidden;
      const subnets = networks.subnetsAt(resource, 'subnetwork');
      const own = networks.namedAt(resource, 'network');
      const location = textAt(resource, 'location');
      const ports = textsAt(resource, 'ports');
      const limited = allows.map((rule) => limitsOf(textAt(rule, 'session_matcher') ?? ''));
      const guards = new Map<string, Guard>();
      const guardFor = (ranges: readonly string[]): Guard => {
        const key = ranges.join();
        const kept = guards.get(key);
        if (kept) return kept;
        const callers = rangesOf(ranges, 4);
        const made = {
          control: resource.address,
          hosts: inOrder(read.filter((_, index) => {
            const sources = limited[index]?.sources;
            return sources === undefined || ranges.length === 0 || !isEmpty(intersect(callers, rangesOf(sources, 4)));
          })),
        };
        guards.set(key, made);
        return made;
      };
      return {
        address: resource.address,
        label: `Secure Web Proxy ${nameOf(resource)}`,
        resource,
        networks: own.length > 0 ? own : [...new Set(subnets.flatMap((subnet) => subnet.networks))],
        // Later providers let clients of every region call it. https://docs.cloud.google.com/secure-web-proxy/docs/configure-global-access
        ...(location === undefined || maybeAt(resource, 'allow_global_access') ? {} : { region: baseName(location) }),
        addresses: addressesOf(resource, subnets),
        ports: ports.values.map(Number).filter((port) => Number.isInteger(port)),
        ...(maybeAt(resource, 'all_ports') ? { everyPort: true } : {}),
        ...(ports.unknown === undefined ? {} : { portsUnknown: ports.unknown }),
        guard: { control: resource.address, hosts: inOrder(read) },
        guardFor,
        policies: [...policies.targets, ...(authorized?.policies ?? [])],
        anySourceRules: allows.filter((rule, index) => textAt(rule, 'session_matcher') !== undefined && limited[index]?.sources === undefined && !/source\.match/.test(textAt(rule, 'session_matcher') ?? '')),
        anyPortRules: allows.filter((rule, index) => textAt(rule, 'session_matcher') !== undefined && limited[index]?.ports === undefined),
        anyHostRules: [...allows.filter((_, index) => ruled[index]?.hosts.some(({ host }) => host === '*')), ...(authorized?.anyHost ?? [])],
        ...(unknown === undefined ? {} : { unknown }),
      };
    });
}

/** Whether a flag is set, or may be. */
export function maybeAt(resource: Resource, path: string): boolean {
  return flagAt(resource, path) === true || hiddenAt(resource, path) !== undefined;
}

function rulesUnknown(resource: Resource): string {
  const path = 'gateway_security_policy';
  return textAt(resource, path) === undefined && hiddenAt(resource, path) === undefined
    ? `${resource.address} names no gateway_security_policy: what it lets through then is in no plan`
    : `the rules of ${resource.address} are not in the plan`;
}

function inOrder(rules: readonly { readonly hosts: readonly AllowedHost[] }[]): readonly AllowedHost[] {
  const found = new Map(rules.flatMap(({ hosts }) => hosts.map((host) => [`${host.host} ${host.ports.join()} ${host.rule}`, host] as const)));
  return [...found].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, host]) => host);
}

function addressesOf(resource: Resource, subnets: readonly GoogleSubnet[]): readonly string[] {
  const own = textsAt(resource, 'addresses');
  return own.values.length > 0 && own.unknown === undefined ? own.values : subnets.flatMap(({ cidrs }) => cidrs);
}

function ruleHosts(rule: Resource, lists: readonly Resource[]): { hosts: readonly AllowedHost[]; unknown?: string } {
  const expression = textAt(rule, 'session_matcher');
  const ports = [...limitsOf(expression ?? '').ports ?? []].sort((a, b) => a - b);
  const host = (text: string): AllowedHost => ({ host: text, protocol: 'any', ports, rule: rule.address });
  if (expression === undefined) {
    const unknown = hiddenAt(rule, 'session_matcher');
    // A template is known as what it points to: `inUrlList(host(), "${list.id}")`.
    const named = rule.references('session_matcher', { types: ['google_network_security_url_lists'] });
    const template = rule.configExpression('session_matcher');
    const text = templateText(template);
    if (text !== undefined && named.exact && named.targets.length === 1 && /^inUrlList\(\s*host\(\)\s*,/.test(text.trim())) return listHosts(named.targets[0] as Resource, host);
    if (named.targets.length > 0 && text === undefined) return { hosts: named.targets.flatMap((list) => listHosts(list, host).hosts), ...(unknown === undefined ? {} : { unknown }) };
    return { hosts: [], unknown: unknown ?? `${rule.address} has no session_matcher` };
  }
  const matched = hostsOf(expression);
  if (matched === 'any') return { hosts: [host('*')] };
  const parts = matched.map((each) => ('host' in each ? { hosts: [host(each.host)] } : listNamed(each.list, lists, host)));
  const unknown = parts.find((part): part is { hosts: readonly AllowedHost[]; unknown: string } => 'unknown' in part && part.unknown !== undefined)?.unknown;
  return { hosts: parts.flatMap((part) => part.hosts), ...(unknown === undefined ? {} : { unknown }) };
}

function templateText(expression: unknown): string | undefined {
  if (typeof expression !== 'object' || expression === null || !('constant_value' in expression)) return undefined;
  return typeof expression.constant_value === 'string' ? expression.constant_value : undefined;
}

function listNamed(name: string, lists: readonly Resource[], host: (text: string) => AllowedHost): { hosts: readonly AllowedHost[]; unknown?: string } {
  const list = lists.find((each) => textAt(each, 'id') === name || textAt(each, 'name') === baseName(name));
  return list ? listHosts(list, host) : { hosts: [], unknown: `url list ${name} is not in the plan` };
}

function listHosts(list: Resource, host: (text: string) => AllowedHost): { hosts: readonly AllowedHost[]; unknown?: string } {
  const { values, unknown } = textsAt(list, 'values');
  // A path does not limit what a tunnel may carry.
  return { hosts: values.map((value) => host((value.split('/')[0] as string).toLowerCase())), ...(unknown === undefined ? {} : { unknown }) };
}
