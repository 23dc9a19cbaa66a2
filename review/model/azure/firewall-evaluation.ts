/**
 * What an Azure Firewall lets one source send out: network rules first, then application rules,
 * then Azure's own infrastructure names, then nothing.
 */
import { INTERNET, type Family } from '../addresses';
import { refusedBelow } from '../host-names';
import type { AllowedHost } from '../network-model';
import { includes, intersect, isEmpty, rangesOf, size, union, unionOf, type Ranges } from '../ranges';
import { ALL_PORTS, both, except, isNothing, joined, traffic, type Box, type IpProtocol, type Traffic } from '../traffic';
import { isEverything, isServiceTag, matchAddresses } from './address-match';
import type { AzureFirewall } from './firewall';
import type { Texts } from './read';
import type { FirewallRule } from './firewall-rules';
import { portsOf, tagged } from './security-evaluation';
import { SourceIndex, type IndexedRule } from './source-index';

/** Names that Azure lets through by itself, unless an application rule denies them. https://learn.microsoft.com/azure/firewall/infrastructure-fqdns */
const INFRASTRUCTURE = 'tag:AzureInfrastructure';

/** A list of addresses is an allowlist up to this size, a /16, in however many rules it stands. More are a part of the internet. */
const LISTED_ADDRESSES = 2n ** 16n;

export type Source = Readonly<Record<Family, Ranges>> | undefined;

/** A part of the traffic that gets through. */
export interface Passage {
  readonly traffic: Traffic;
  /** The rule; undefined for the application rules as a whole. */
  readonly rule?: FirewallRule;
  /** Undefined: to any host. */
  readonly hosts?: readonly AllowedHost[];
  readonly doubt?: string;
}

/** The rules for one source, worked out once. */
export class FirewallRuling {
  private readonly network: readonly { readonly rule: FirewallRule; readonly isSure: boolean }[];
  private readonly application: NamedHosts;
  private listed?: boolean;

  constructor(private readonly firewall: AzureFirewall, private readonly source: Source) {
    const relevant = indexOf(firewall).near(source?.[4]).map((indexed) => ({ rule: indexed.rule, ...this.fits(indexed) })).filter(({ mayFit }) => mayFit);
    this.network = relevant.filter(({ rule }) => rule.layer === 'network').map(({ rule, isSure }) => ({ rule, isSure }));
    this.application = hostsOf(firewall.address, relevant.filter(({ rule }) => rule.layer === 'application'));
  }

  /** Every name that application rules let through, Azure's own included where nothing denies them. */
  get hosts(): readonly AllowedHost[] {
    return this.application.hosts;
  }

  /** Why application rules may let through more than these. */
  get unsure(): string | undefined {
    return this.firewall.unknown ?? this.application.hidden?.doubt;
  }

  /** True when some rule lets the source out; Azure's own names do not count. */
  get letsOut(): boolean {
    return this.firewall.unknown !== undefined || this.network.some(({ rule }) => rule.action !== 'Deny') || this.application.hidden !== undefined || this.application.hosts.some(({ host }) => host !== INFRASTRUCTURE);
  }

  /** The same by rules that the plan shows. */
  get isGranted(): boolean {
    return this.network.some(({ rule }) => rule.action !== 'Deny' && rule.doubt === undefined) || this.application.hosts.some(({ host }) => host !== INFRASTRUCTURE);
  }

  /** Ports on which some rule lets the source out. */
  get ports(): Ranges {
    const named = this.application.hosts.filter(({ host }) => host !== INFRASTRUCTURE);
    if (named.some(({ ports }) => ports.length === 0)) return ALL_PORTS;
    return rangesOf([
      ...named.flatMap(({ ports }) => singles(ports)),
      ...this.network.filter(({ rule }) => rule.action !== 'Deny').flatMap(({ rule }) => portsOf(rule.ports).known),
    ]);
  }

  decide(offered: Traffic): { readonly passed: readonly Passage[]; readonly stopped: Traffic } {
    const { family } = offered;
    const passed: Passage[] = [];
    if (this.firewall.unknown !== undefined) passed.push({ traffic: offered, doubt: this.firewall.unknown });
    let left = offered;
    for (const { rule, isSure } of this.network) {
      const reach = networkReach(rule, family, this.isListed);
      if (rule.action !== 'Deny') {
        const matched = both(left, reach.possible);
        const doubt = rule.doubt ?? reach.doubt ?? (rule.action === undefined ? `what '${rule.name}' of ${rule.address} does is not known` : undefined);
        if (!isNothing(matched)) {
          passed.push({ traffic: matched, rule, ...(reach.hosts ? { hosts: narrowed(reach.hosts, matched) } : {}), ...(doubt === undefined ? {} : { doubt }) });
        }
        if (doubt !== undefined) continue;
      } else if (rule.doubt !== undefined) continue;
      if (isSure) left = joined(except(left, reach.certain));
      if (isNothing(left)) break;
    }
    const { hosts, hidden } = this.application;
    const toPorts = (ports: Ranges): Traffic => both(left, traffic(family, [{ protocol: 'tcp', ports, destinations: INTERNET[family] }]));
    const toHosts = (some: readonly AllowedHost[]): Traffic => toPorts(some.some(({ ports }) => ports.length === 0) ? ALL_PORTS : unionOf(some.map(({ ports }) => singles(ports))));
    const web = toHosts(hosts);
    const unseen = hidden ? toPorts(hidden.ports) : web;
    // What lets any name through on some port says nothing of the others.
    const anywhere = toHosts(hosts.filter(({ host }) => host === '*'));
    for (const part of isNothing(anywhere) ? [web] : [anywhere, except(web, anywhere)]) {
      const named = narrowed(hosts, part);
      if (!isNothing(part) && named.length > 0) passed.push({ traffic: part, hosts: named });
    }
    if (hidden && !isNothing(unseen)) passed.push({ traffic: unseen, hosts: [], doubt: hidden.doubt });
    left = except(left, web);
    return { passed, stopped: left };
  }

  /** Whether all the addresses that rules list for the source are few together. */
  private get isListed(): boolean {
    return (this.listed ??= size(unionOf(this.network.filter(({ rule }) => rule.action !== 'Deny').map(({ rule }) => intersect(matchAddresses(rule.destinations, 4).possible, INTERNET[4])).filter((addresses) => size(addresses) <= LISTED_ADDRESSES))) <= LISTED_ADDRESSES);
  }

  private fits({ rule, sources, always }: IndexedRule): { mayFit: boolean; isSure: boolean } {
    if (always) return { mayFit: true, isSure: true };
    const source = this.source?.[4];
    if (source === undefined || isEmpty(source)) return { mayFit: true, isSure: false };
    // A service tag or a word that is none, as a source, is not known to leave this one out.
    const mayFit = !isEmpty(intersect(sources.possible, source)) || sources.unknown !== undefined || rule.sources.items.some(isServiceTag);
    return { mayFit, isSure: includes(sources.certain, source) };
  }
}

/** One index for all sources of a firewall. */
const indexes = new WeakMap<AzureFirewall, SourceIndex>();

function indexOf(firewall: AzureFirewall): SourceIndex {
  let index = indexes.get(firewall);
  if (!index) indexes.set(firewall, (index = new SourceIndex(firewall.rules)));
  return index;
}

interface NetworkReach {
  readonly certain: Traffic;
  readonly possible: Traffic;
  /** What is listed, when the rule holds for a list of hosts or addresses. */
  readonly hosts?: readonly AllowedHost[];
  readonly doubt?: string;
}

function networkReach(rule: FirewallRule, family: Family, isListed: boolean): NetworkReach {
  const match = matchAddresses(rule.destinations, family);
  const ports = portsOf(rule.ports);
  const named = rule.fqdns.items.length > 0 || rule.fqdns.unknown !== undefined;
  const isAny = named || match.unknown !== undefined;
  const protocols = rule.protocols.items.length === 0 ? protocolsOf('any') : [...new Set(rule.protocols.items.flatMap(protocolsOf))];
  const boxesTo = (to: Ranges, open: boolean): readonly Box[] => protocols.map((protocol): Box => ({
    protocol, destinations: to, ports: (protocol === 'tcp' || protocol === 'udp') && !(open && ports.unknown !== undefined) ? ports.known : ALL_PORTS,
  }));
  const boxes = (to: Ranges, open: boolean): Traffic => traffic(family, boxesTo(to, open));
  const doubt = match.unknown ?? rule.fqdns.unknown ?? ports.unknown ?? rule.protocols.unknown;
  const hosts = listedHosts(rule, match.possible, ports.known, isListed);
  return {
    certain: boxes(named || rule.protocols.unknown !== undefined ? [] : match.certain, false),
    possible: isAny ? boxes(INTERNET[family], true) : traffic(family, [...boxesTo(match.plain, true), ...tagged(match.tags, match.plain, boxesTo(INTERNET[family], true), family)]),
    ...(doubt === undefined ? {} : { doubt }),
    ...(hosts ? { hosts } : {}),
  };
}

/** Names that the firewall resolves, and few addresses, are a list; a range of the internet is none. */
function listedHosts(rule: FirewallRule, addresses: Ranges, ports: Ranges, isListed: boolean): readonly AllowedHost[] | undefined {
  const { items } = rule.destinations;
  const public4 = intersect(addresses, INTERNET[4]);
  if (items.some((item) => isEverything(item) || isServiceTag(item)) || size(public4) > LISTED_ADDRESSES || (!isListed && !isEmpty(public4))) return undefined;
  const listed = [...rule.fqdns.items.map(canonical), ...items];
  if (listed.some((host) => host === '*')) return undefined;
  return listed.map((host): AllowedHost => ({ host, protocol: 'any', ports: portList(ports), rule: rule.address }));
}

/** Single ports; empty, which means every port, for long ranges. */
function portList(ports: Ranges): readonly number[] {
  if (size(ports) > 64n) return [];
  return ports.flatMap(([from, to]) => Array.from({ length: Number(to - from) + 1 }, (_, index) => Number(from) + index));
}

export function protocolsOf(protocol: string): readonly IpProtocol[] {
  switch (protocol.toLowerCase()) {
    case 'tcp':
    case 'udp':
    case 'icmp':
      return [protocol.toLowerCase() as IpProtocol];
    default:
      return ['tcp', 'udp', 'icmp', 'other'];
  }
}

/** What application rules let through. */
interface NamedHosts {
  readonly hosts: readonly AllowedHost[];
  /** Names that the plan does not tell may pass on these ports. */
  readonly hidden?: { readonly ports: Ranges; readonly doubt: string };
}

function hostsOf(firewall: string, relevant: readonly { readonly rule: FirewallRule; readonly isSure: boolean }[]): NamedHosts {
  const hosts = new Map<string, AllowedHost>();
  const denied: { readonly host: string; readonly type: string; readonly port: number | undefined }[] = [];
  let doubt: string | undefined;
  let hiddenPorts: Ranges = [];
  for (const { rule, isSure } of relevant) {
    const names = rule.fqdns.items.map(canonical);
    const applications = rule.applications.length > 0 ? rule.applications : [{ type: 'https', port: 443 }];
    if (rule.action === 'Deny') {
      if (isSure && rule.doubt === undefined && isAnywhere(rule.destinations)) denied.push(...names.flatMap((host) => applications.map((application) => ({ host, ...application }))));
      continue;
    }
    const unlike = rule.action === undefined ? `what '${rule.name}' of ${rule.address} does is not known` : rule.doubt;
    // Whom an allow by name is for may be unknown: then it counts for whoever asks, as the list stays a list.
    const unknown = unlike ?? rule.fqdns.unknown ?? rule.fqdnTags.unknown ?? rule.urls.unknown ?? rule.categories.unknown;
    if (unknown !== undefined) {
      doubt ??= unknown;
      hiddenPorts = union(hiddenPorts, applications.some(({ port }) => port === undefined) ? ALL_PORTS : singles(applications.flatMap(({ port }) => port ?? [])));
    }
    // A rule that may not be there, or not be an allow, lets nothing through for sure.
    if (unlike !== undefined) continue;
    const listed = [
      ...names,
      ...rule.fqdnTags.items.map((tag) => `tag:${tag}`),
      ...rule.urls.items.map((url) => canonical(url.replace(/^https?:\/\//, '').split('/')[0] as string)),
      // A category is a list of sites that somebody else keeps: any host may be in it.
      ...rule.categories.items.map(() => '*'),
    ];
    if (listed.length === 0 && unknown === undefined) listed.push(...namesAt(rule.destinations));
    for (const host of listed) {
      for (const { type, port } of applications) {
        if (denied.some((deny) => deny.type === type && (deny.port === undefined || deny.port === port) && covers(deny.host, host))) continue;
        const protocol = type === 'https' ? 'tls' : type === 'http' ? 'http' : 'any';
        const ports = port === undefined ? [] : [port];
        const key = `${host} ${protocol} ${ports.join()}`;
        // What was refused before the first rule that lets it through: a later rule has no more to say.
        const known = hosts.get(key);
        const { except } = known ?? refusedBelow(host, denied.filter((deny) => deny.type === type && (deny.port === undefined || deny.port === port)).map((deny) => deny.host));
        hosts.set(key, { host, protocol, ports, ...(except ? { except } : {}), rule: rule.address });
      }
    }
  }
  const closed = ([['http', 80], ['https', 443]] as const).every(([type, port]) => denied.some((deny) => deny.type === type && (deny.port === undefined || deny.port === port) && deny.host === '*'));
  if (!closed) hosts.set(INFRASTRUCTURE, { host: INFRASTRUCTURE, protocol: 'any', ports: [80, 443], rule: firewall });
  return {
    hosts: [...hosts].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, host]) => host),
    ...(doubt === undefined ? {} : { hidden: { ports: hiddenPorts, doubt } }),
  };
}

/** Whether addresses beside the names limit nothing. */
function isAnywhere({ items, unknown }: Texts): boolean {
  return unknown === undefined && (items.length === 0 || items.some(isEverything));
}

/** A rule that names no host may be for any at its addresses. */
function namesAt(destinations: Texts): readonly string[] {
  const match = matchAddresses(destinations, 4);
  const reached = match.unknown === undefined ? intersect(match.possible, INTERNET[4]) : INTERNET[4];
  return isEmpty(reached) ? [] : size(reached) > LISTED_ADDRESSES ? ['*'] : destinations.items;
}

function singles(ports: readonly number[]): Ranges {
  return rangesOf(ports.map((port): [bigint, bigint] => [BigInt(port), BigInt(port)]));
}

/** Whether every name of one pattern is one of the other's. `*.x` is every name below x, `*x` every name that ends so. */
function covers(pattern: string, host: string): boolean {
  if (pattern === '*' || pattern === host) return true;
  return pattern.startsWith('*') && !host.startsWith('tag:') && host.replace(/^\*/, '').endsWith(pattern.slice(1)) && (host.startsWith('*') ? host !== '*' : host.length > pattern.length - 1);
}

/** The hosts that some port of the traffic can reach, with these ports. */
function narrowed(hosts: readonly AllowedHost[], passing: Traffic): readonly AllowedHost[] {
  const ports = rangesOf(passing.boxes.filter(({ protocol }) => protocol === 'tcp' || protocol === 'udp').flatMap((box) => box.ports));
  const others = passing.boxes.some(({ protocol }) => protocol !== 'tcp' && protocol !== 'udp');
  return hosts.flatMap((host) => {
    if (host.ports.length === 0) return [host];
    const left = host.ports.filter((port) => ports.some(([from, to]) => from <= BigInt(port) && BigInt(port) <= to));
    return left.length === host.ports.length ? [host] : left.length > 0 ? [{ ...host, ports: left }] : others ? [host] : [];
  });
}

function canonical(host: string): string {
  return host.trim().toLowerCase().replace(/\.$/, '');
}
