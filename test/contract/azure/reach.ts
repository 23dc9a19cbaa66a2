/** What a segment reaches and who reaches it: routes and security groups together. */
import type { WayOut } from '../observation';
import { holds, isCidr, isPublic, parseAddress, parseBlock, probes, type Block } from './addresses';
import type { Place, ServiceSubnet } from './places';
import { blocks, type Resource, type StackReader } from './reader';
import { nextHop } from './routes';
import { lets, ownRules, passingPorts, portEdges, type GroupRule, type NetworkSpace } from './security-groups';

export type AddFault = (id: string, where: string, detail: string) => void;
type Protocol = 'tcp' | 'udp';

const PROTOCOLS: readonly Protocol[] = ['tcp', 'udp'];
/** Cloudflare, Google, Microsoft, Azure Storage: addresses that no policy of a test lists. */
const INTERNET = ['1.1.1.1', '8.8.8.8', '13.107.42.14', '20.60.0.1', '200.0.0.1'].map(parseAddress);

/** Ports that the group lets out to one public address. */
export interface Leak {
  readonly ports: string;
  /** Whether a host of the policy explains them. The firewall decides on the pairs. */
  readonly covered: boolean;
}

/** What is around a segment. */
export interface Surroundings {
  readonly reader: StackReader;
  readonly firewall: Resource | undefined;
  /** Whether the firewall lets through what no rule names. */
  readonly permissive: boolean;
  /** Whether callers on the internet are accepted, so that answers need a route. */
  readonly accepting: boolean;
  readonly leaking: boolean;
}

export class SegmentReach {
  readonly edges: readonly number[];
  private readonly space: NetworkSpace;
  private readonly asSource: readonly number[];
  private readonly asDestination: readonly number[];
  private readonly outside: readonly number[];

  constructor(readonly place: Place, networks: readonly Block[]) {
    const own = ownRules(place.rules);
    const routed = blocks(place.table?.config.route).map((route) => String(route.address_prefix)).filter(isCidr);
    // The tag `VirtualNetwork` takes in what the routes name: with a default route, everything.
    this.space = [...networks, ...routed.map(parseBlock)];
    this.edges = portEdges(own);
    this.asSource = probes(place.block, own.flatMap(({ sources }) => sources));
    this.asDestination = probes(place.block, own.flatMap(({ destinations }) => destinations));
    const listed = place.grants.filter(({ kind }) => kind === 'tcp').map(({ host }) => host);
    const around = [...own.flatMap(({ destinations }) => destinations), ...routed, ...listed].filter(isCidr).map(parseBlock)
      .flatMap(({ first, last }) => [first - 1, first, last, last + 1]);
    this.outside = [...new Set([...INTERNET, ...around])].filter((address) => address > 0 && address < 2 ** 32 && isPublic(address));
  }

  outbound(destination: number, protocol: Protocol, port: number): boolean {
    return this.asSource.some((source) => lets(this.place.rules, { direction: 'Outbound', source, destination, protocol, port }, this.space));
  }

  /** Ports on which callers on the internet get in. */
  internetPorts(): readonly string[] {
    const inbound = (source: number, protocol: Protocol, port: number) =>
      this.asDestination.some((destination) => lets(this.place.rules, { direction: 'Inbound', source, destination, protocol, port }, this.space));
    return PROTOCOLS.flatMap((protocol) => passingPorts(this.edges, protocol, (port) => INTERNET.some((source) => inbound(source, protocol, port)))).sort();
  }

  /** What the group lets out to public addresses, whatever the route says. */
  leaks(): readonly Leak[] {
    return this.outside.flatMap((address) => PROTOCOLS.flatMap((protocol) =>
      passingPorts(this.edges, protocol, (port) => this.outbound(address, protocol, port)).map((ports) => ({ ports, covered: this.covers(address, ports) }))));
  }

  /** Where routes lead, over every prefix that the route table tells apart. */
  wayOut({ reader, firewall, permissive, accepting, leaking }: Surroundings, add: AddFault): WayOut {
    const { name, table, grants } = this.place;
    const hops = this.outside.map((address) => nextHop(table, address));
    let wayOut = 'none' as WayOut;
    for (const hop of hops.filter(({ kind }) => kind !== 'None')) {
      const target = hop.address ?? hop.kind;
      if (firewall && hop.kind === 'VirtualAppliance' && reader.target(hop.address)?.address === firewall.address) {
        if (grants.length === 0) add('data-internet-route', name, 'a route to the firewall, and no host');
        if (wayOut === 'none') wayOut = permissive ? 'open' : 'controlled';
      } else if (grants.length > 0) {
        add('internet-route-bypasses-firewall', name, `a route to ${target}`);
        wayOut = 'open';
      } else {
        if (!accepting) add('data-internet-route', name, `a route to ${target}, and nothing from there is accepted`);
        wayOut = leaking || wayOut === 'open' ? 'open' : 'replies';
      }
    }
    if (accepting && !hops.some(({ kind }) => kind === 'Internet')) add('internet-ingress-on-private-segment', name, 'the internet is accepted, and answers take another way');
    return wayOut;
  }

  /** What the firewall grants and the group lets out. */
  hosts(): readonly string[] {
    const reachable = this.place.grants.filter(({ kind, host, port }) => {
      const addresses = kind === 'tcp' && isCidr(host) ? [parseBlock(host).first, parseBlock(host).last] : INTERNET;
      return addresses.every((address) => this.outbound(address, 'tcp', port));
    });
    return [...new Set(reachable.map(({ kind, host, port }) => `${kind} ${host}:${port}`))].sort();
  }

  private covers(address: number, ports: string): boolean {
    const { grants } = this.place;
    const [protocol, text = ''] = ports.split('/');
    const [from = 0, to = from] = text.split('-').map(Number);
    const listed = grants.filter(({ kind }) => kind === 'tcp');
    const byAddress = listed.some(({ host }) => isCidr(host) && holds(parseBlock(host), address)) ? listed : [];
    const allowed = new Set([...grants.filter(({ kind }) => kind !== 'tcp'), ...byAddress].map(({ port }) => port));
    for (let port = from; port <= to; port++) if (protocol !== 'tcp' || !allowed.has(port)) return false;
    return true;
  }
}

/** Which segments it may call: its own group and the callee's have to agree, on everything. */
export function peersOf(reach: SegmentReach, places: readonly Place[], networks: NetworkSpace, add: AddFault): readonly string[] {
  const { place } = reach;
  return places.flatMap((callee) => {
    const edges = portEdges(ownRules(place.rules), ownRules(callee.rules));
    const targets = probes(callee.block, ownRules(place.rules).flatMap(({ destinations }) => destinations));
    const sources = probes(place.block, ownRules(callee.rules).flatMap((rule) => rule.sources));
    return PROTOCOLS.flatMap((protocol) => {
      const calls = (target: number, port: number) => reach.outbound(target, protocol, port);
      const accepts = (target: number, port: number) => sources.some((source) => admits(callee.rules, source, target, protocol, port, networks));
      const out = passingPorts(edges, protocol, (port) => targets.some((target) => calls(target, port)));
      const into = passingPorts(edges, protocol, (port) => targets.some((target) => accepts(target, port)));
      if (out.join() !== into.join()) add('segment-reach-one-sided', place.name, `to ${callee.name}: out ${out.join() || 'nothing'}, in ${into.join() || 'nothing'}`);
      return passingPorts(edges, protocol, (port) => targets.some((target) => calls(target, port) && accepts(target, port))).map((ports) => `${callee.name} ${ports}`);
    });
  }).sort();
}

/** Names from the firewall, services from their endpoints, and nothing more of either subnet. */
export function serviceFaults(reach: SegmentReach, services: readonly ServiceSubnet[], networks: NetworkSpace, add: AddFault): void {
  const { place } = reach;
  for (const { role, block, rules } of services) {
    const edges = portEdges(ownRules(place.rules), ownRules(rules));
    const targets = probes(block, ownRules(place.rules).flatMap(({ destinations }) => destinations));
    const out = PROTOCOLS.flatMap((protocol) => passingPorts(edges, protocol, (port) => targets.some((target) => reach.outbound(target, protocol, port))));
    const served = role === 'resolver' ? ['tcp/53', 'udp/53']
      : PROTOCOLS.flatMap((protocol) => passingPorts(edges, protocol, (port) => admits(rules, place.block.first, block.first, protocol, port, networks)));
    if (out.some((ports) => !served.includes(ports))) add(`${role}-reach-too-wide`, place.name, `${out.join()} where ${served.join() || 'nothing'} is served`);
    if (served.some((ports) => !out.includes(ports))) add(`${role}-unreachable`, place.name, `${out.join() || 'nothing'} where ${served.join()} is served`);
  }
}

function admits(rules: readonly GroupRule[], source: number, destination: number, protocol: Protocol, port: number, space: NetworkSpace): boolean {
  return lets(rules, { direction: 'Inbound', source, destination, protocol, port }, space);
}
