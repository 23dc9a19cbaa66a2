/** Secure Web Proxy: a way out by host name that needs no route and no NAT. https://cloud.google.com/secure-web-proxy/docs/overview */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { AllowedHost, Guard } from '../network-model';
import type { GoogleNetwork, GoogleSubnet, Networks } from './networks';
import { keysText, unknownKeys } from './keys';
import { baseName, flagAt, hiddenAt, nameOf, textAt, textsAt } from './reading';
import { authorizations } from './proxy-authorization';
import { ProxyRules, type Caller } from './proxy-rules';

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
  /** What a caller may reach through it. */
  servedTo(caller: Caller): Served;
}

export interface Served {
  readonly guard: Guard;
  /** Why it may let other hosts through. */
  readonly unknown?: string;
  /** True where its rules let nothing through for this caller. */
  readonly isRefused?: true;
}

export interface WebProxy extends Relay {
  /** Rules, or authorization policies, that name no host. */
  readonly anyHostRules: readonly Resource[];
  /** Rules that hold for every caller, or for every port. */
  readonly anySourceRules: readonly Resource[];
  readonly anyPortRules: readonly Resource[];
  readonly policies: readonly Resource[];
}

const NOT_ASKED = 'who calls is not asked here';
const POLICY = 'google_network_security_gateway_security_policy';

export function webProxies(graph: ResourceGraph, networks: Networks): readonly WebProxy[] {
  const reading = new ProxyRules(graph);
  // States know the policy of a rule by its name alone.
  const authorizedAt = authorizations(graph);
  const all = graph.ofType(`${POLICY}_rule`).map((rule) => ({ rule: reading.read(rule), named: rule.references('gateway_security_policy', { types: [POLICY] }).targets, hidden: hiddenAt(rule, 'gateway_security_policy') }));
  return graph.ofType('google_network_services_gateway')
    .filter((resource) => textAt(resource, 'type') !== 'OPEN_MESH')
    .map((resource): WebProxy => {
      const policies = resource.references('gateway_security_policy', { types: [POLICY] });
      const rules = all
        // One whose policy is not known may be of each.
        .filter(({ named, hidden }) => (named.length === 0 && hidden !== undefined) || named.some((policy) => policies.targets.includes(policy)))
        // Nor is it sure then that it refuses anything here.
        .map(({ rule, named }) => (named.length === 0 ? { ...rule, denies: false } : rule))
        .sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
      const authorized = authorizedAt(resource);
      const inForce = authorized?.isCertain ? [] : rules;
      const loose = inForce.length === 0 ? undefined : all.find(({ rule, named, hidden }) => named.length === 0 && hidden !== undefined && rule.allows);
      const anybody = { ranges: [], secureTags: unknownKeys(NOT_ASKED), accounts: unknownKeys(NOT_ASKED), isSeen: false };
      const unknownFor = (caller: Caller): string | undefined => (policies.targets.length === 0 && !authorized ? rulesUnknown(resource) : reading.unknownFor(inForce, caller) ?? authorized?.unknown ?? loose?.hidden);
      const asksRanges = reading.asks(inForce, 'range');
      const asksIdentity = reading.asks(inForce, 'tag') || reading.asks(inForce, 'account');
      const kept = new Map<string, Served>();
      const servedTo = (caller: Caller): Served => {
        const key = [asksRanges ? caller.ranges.join() : '', ...(asksIdentity ? [keysText(caller.secureTags), keysText(caller.accounts), caller.isSeen] : [])].join(';');
        let served = kept.get(key);
        if (!served) {
          const guard = { control: resource.address, hosts: inOrder([...reading.hostsFor(inForce, caller), ...(authorized?.hosts ?? [])]) };
          const unknown = unknownFor(caller);
          const isRefused = guard.hosts.length === 0 && unknown === undefined && inForce.length > 0;
          kept.set(key, (served = { guard, ...(unknown === undefined ? {} : { unknown }), ...(isRefused ? { isRefused } : {}) }));
        }
        return served;
      };
      const anyHost = new Set(servedTo(anybody).guard.hosts.filter(({ host }) => host === '*').map(({ rule }) => rule));
      const allows = inForce.filter(({ allows: isAllow, session }) => isAllow && session !== undefined);
      const subnets = networks.subnetsAt(resource, 'subnetwork');
      const own = networks.namedAt(resource, 'network');
      const location = textAt(resource, 'location');
      const ports = textsAt(resource, 'ports');
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
        servedTo,
        policies: [...policies.targets, ...(authorized?.policies ?? [])],
        anySourceRules: allows.filter((rule) => reading.isForAnybody(rule)).map((rule) => rule.resource),
        anyPortRules: allows.filter((rule) => reading.hostsFor([rule], anybody).some(({ ports: own }) => own.length === 0)).map((rule) => rule.resource),
        anyHostRules: [...inForce.map((rule) => rule.resource).filter(({ address }) => anyHost.has(address)), ...(authorized?.anyHost ?? [])],
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

function inOrder(hosts: readonly AllowedHost[]): readonly AllowedHost[] {
  const found = new Map(hosts.map((host) => [`${host.host} ${host.ports.join()} ${host.except?.join() ?? ''} ${host.rule}`, host] as const));
  return [...found].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, host]) => host);
}

function addressesOf(resource: Resource, subnets: readonly GoogleSubnet[]): readonly string[] {
  const own = textsAt(resource, 'addresses');
  return own.values.length > 0 && own.unknown === undefined ? own.values : subnets.flatMap(({ cidrs }) => cidrs);
}
