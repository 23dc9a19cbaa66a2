/** The hops of a packet from an interface on: firewall rules first, as they stand at the machine, then routes. */
import { addressesOf, EVERYWHERE, INTERNET } from '../addresses';
import type { Hop, Outcome } from '../network-model';
import { includes, type Ranges } from '../ranges';
import { ALL_PORTS, both, everythingToInternet, IP_PROTOCOLS, isNothing, ports, traffic as trafficOf, type Traffic } from '../traffic';
import { inNetwork } from './by-network';
import { isListed } from './leaks';
import { otherwise } from './chosen-policy';
import { carrierText, decide, type Carrier, type Decision } from './firewall-decision';
import { ruleBeside } from './firewall-rule';
import type { Stage } from './firewall-stages';
import type { Interface } from './interfaces';
import type { Neighbours } from './neighbours';
import { networkText, type GoogleNetwork } from './networks';
import type { Relay } from './proxies';
import type { Caller } from './proxy-rules';
import { machineNames, WayOut, type Surroundings, type Taken } from './way-out';

/** All that the ways of a plan share. */
export interface Terrain extends Surroundings {
  readonly stages: ReadonlyMap<GoogleNetwork, readonly Stage[]>;
  readonly proxies: readonly Relay[];
  readonly neighbours: Neighbours;
}

/** Makes the ways of interfaces; what two of them have in common is made once. */
export class PacketWays {
  private readonly decided = new Map<string, readonly Decision[]>();
  private readonly ways = new Map<string, PacketWay>();
  private readonly nextHops = new Map<GoogleNetwork, ReadonlySet<string>>();
  private readonly asked = new Map<GoogleNetwork, boolean>();

  constructor(private readonly terrain: Terrain) {}

  /** One way per network that the interface may be in. */
  of(from: Interface): readonly PacketWay[] {
    return from.networks.map((network) => {
      const key = JSON.stringify([network.address, carrierText(from.carrier), from.subnets.map(({ address }) => address), from.publicIpv4, from.publicIpv6, from.forwards, from.isOfPrimary, from.lent, publicOwner(from), this.nextHopName(network, from), this.askedSource(network, from)]);
      let way = this.ways.get(key);
      if (!way) this.ways.set(key, (way = this.newWay(from, network)));
      return way;
    });
  }

  /** Where routes or rules ask for sources, what has others has a way of its own. */
  private askedSource(network: GoogleNetwork, { carrier: { cidrs } }: Interface): string {
    let isAsked = this.asked.get(network);
    if (isAsked === undefined) this.asked.set(network, (isAsked = asksForCallers(this.terrain.stages.get(network) ?? []) || inNetwork(this.terrain.policyRoutes, network).some(({ source }) => !source.endsWith('/0'))));
    return isAsked ? cidrs?.join() ?? '?' : '';
  }

  private newWay(from: Interface, network: GoogleNetwork): PacketWay {
    const stages = this.terrain.stages.get(network) ?? [];
    const beside = stagesBeside(stages);
    return new PacketWay(from, network, this.terrain, (traffic) => this.decide(network, from, stages, traffic), beside && ((traffic) => this.decide(network, from, beside, traffic, '\nbeside')));
  }

  /** What routes of the network lead to has a way of its own. */
  private nextHopName(network: GoogleNetwork, { address, ips }: Interface): string {
    let names = this.nextHops.get(network);
    if (!names) this.nextHops.set(network, (names = new Set((this.terrain.routes.get(network) ?? []).flatMap(({ nextHop }) => machineNames(nextHop)))));
    return names.size > 0 && (names.has(address) || ips.some((ip) => names.has(ip))) ? address : '';
  }

  private decide(network: GoogleNetwork, from: Interface, stages: readonly Stage[], traffic: Traffic, mark = ''): readonly Decision[] {
    if (!traffic.boxes.every(({ destinations }) => includes(INTERNET[traffic.family], destinations))) return decideInOrder(network, stages, from.carrier, traffic, false);
    // Addresses make a difference only where a rule asks for them.
    const key = `${network.address}\n${traffic.family}\n${carrierText(from.carrier)}\n${asksForCallers(stages) ? from.carrier.cidrs?.join() ?? '' : ''}${mark}`;
    let all = this.decided.get(key);
    if (!all) this.decided.set(key, (all = decideInOrder(network, stages, from.carrier, everythingToInternet(traffic.family), true)));
    // Most traces ask for the whole internet, which is what is kept.
    if (isWholeInternet(traffic)) return all;
    return all.map((decision) => ({ ...decision, traffic: both(decision.traffic, traffic) })).filter((decision) => !isNothing(decision.traffic));
  }
}

/** Where the plan tells neither which policy the network has nor which rules come first, what any of them lets through may get through. */
function decideInOrder(network: GoogleNetwork, stages: readonly Stage[], carrier: Carrier, traffic: Traffic, isPublic: boolean): readonly Decision[] {
  const decisions = decideOnce(network, stages, carrier, traffic);
  const others = otherwise(stages, decisions, traffic, isPublic, (each) => decideOnce(network, each, carrier, traffic));
  return others.length === 0 ? decisions : [...decisions, ...others];
}

function decideOnce({ orderDoubt }: GoogleNetwork, stages: readonly Stage[], carrier: Carrier, traffic: Traffic): readonly Decision[] {
  const decisions = decide(stages, carrier, traffic);
  if (orderDoubt === undefined) return decisions;
  const above = stages.filter(({ kind }) => kind === 'hierarchical');
  const [first, ...later] = stages.filter(({ kind }) => kind !== 'hierarchical');
  // Classic rules are the first unless the network says otherwise.
  const swapped = first ? [...later, first] : later;
  return [...decisions, ...decide([...above, ...swapped], carrier, traffic)].map((decision) => (decision.kind === 'allow' && decision.doubt === undefined ? { ...decision, doubt: orderDoubt } : decision));
}

const besides = new WeakMap<readonly Stage[], readonly Stage[] | undefined>();

/** The stages as they stand for what routes lead elsewhere than to the default internet gateway; absent where no rule tells these packets from others. */
function stagesBeside(stages: readonly Stage[]): readonly Stage[] | undefined {
  if (!besides.has(stages)) {
    const isAsked = stages.some(({ rules }) => rules.some(({ peers }) => peers.scope !== undefined));
    besides.set(stages, isAsked ? stages.map((stage) => ({ ...stage, rules: stage.rules.flatMap((rule) => ruleBeside(rule) ?? []) })) : undefined);
  }
  return besides.get(stages);
}

const asking = new WeakMap<readonly Stage[], boolean>();

function asksForCallers(stages: readonly Stage[]): boolean {
  let found = asking.get(stages);
  if (found === undefined) asking.set(stages, (found = stages.some(({ rules }) => rules.some(({ callers }) => callers !== undefined))));
  return found;
}

function isWholeInternet({ family, boxes }: Traffic): boolean {
  return boxes.length === IP_PROTOCOLS.length && IP_PROTOCOLS.every((protocol) => boxes.some((box) => box.protocol === protocol && box.ports === ALL_PORTS && box.destinations === INTERNET[family]));
}

/** A public address is its owner's; without one the way is the same for all alike. */
function publicOwner(from: Interface): string {
  return from.publicIpv4 === 'no' && from.publicIpv6 === 'no' ? '' : from.address;
}

export class PacketWay {
  readonly wayOut: WayOut;
  private readonly hops = new Map<string, Hop>();

  constructor(
    readonly from: Interface,
    readonly network: GoogleNetwork,
    private readonly terrain: Terrain,
    /** What the network's firewall does with traffic of the interface. */
    readonly decisions: (traffic: Traffic) => readonly Decision[],
    /** The same for what other routes take than those to the internet gateway. Absent: it makes no difference. */
    private readonly decisionsBeside?: (traffic: Traffic) => readonly Decision[],
  ) {
    this.wayOut = new WayOut(from, network, terrain);
  }

  /** `doubt`: why the packet may not start here. */
  forward(traffic: Traffic, doubt?: string): readonly Outcome[] {
    if (this.network.isForeign) {
      const reason = doubt ?? `the rules and routes of ${networkText(this.network)} are not in the plan`;
      return [{ kind: 'unknown', traffic, reason }];
    }
    const beside = this.decisionsBeside && this.wayOut.leadsBeside(traffic.family) ? this.decisionsBeside(traffic) : undefined;
    return [
      ...this.byProxy(traffic, doubt),
      ...this.decisions(traffic).map((decision) => this.outcome(decision, doubt, beside ? 'gateway' : 'any')),
      ...(beside ?? []).map((decision) => this.outcome(decision, doubt, 'beside')),
    ];
  }

  private outcome(decision: Decision, doubt: string | undefined, taken: Taken): Outcome {
    const reason = doubt ?? decision.doubt;
    const { traffic, guard } = decision;
    return { kind: 'next', to: this.decisionHop(decision, reason, taken), traffic, ...(guard ? { guard } : {}) };
  }

  private decisionHop(decision: Decision, doubt: string | undefined, taken: Taken): Hop {
    const { kind, rule, stage, guard } = decision;
    const address = guard?.control ?? rule?.address ?? this.network.address;
    const label = guard && stage?.kind !== 'classic' ? `${guard.hosts.length} allowed hosts`
      : rule ? `${kind === 'deny' ? 'deny' : rule.action}: ${rule.label}`
        : 'implied rule: allow all egress';
    const key = [kind, address, label, doubt ?? '', isListed(guard) ? 'listed' : '', taken].join('\n');
    let hop = this.hops.get(key);
    if (!hop) {
      const forward = kind === 'deny'
        ? (traffic: Traffic): readonly Outcome[] => [{ kind: 'blocked', traffic, reason: `${rule?.address ?? address} denies it (${rule?.label ?? 'implied'})` }]
        : (traffic: Traffic): readonly Outcome[] => this.wayOut.forward(traffic, doubt, isListed(guard), taken);
      this.hops.set(key, (hop = { address, kind: rule || guard ? 'firewall' : 'provider-default', label, forward }));
    }
    return hop;
  }

  /** Through a proxy that the firewall lets the machine call; the proxy calls the host, whatever the machine's routes say. */
  private byProxy(traffic: Traffic, doubt: string | undefined): readonly Outcome[] {
    // It has IPv4 addresses, and calls hosts from such.
    if (traffic.family === 6) return [];
    return this.proxiesInReach().filter(({ proxy }) => isNear(this.from, proxy)).flatMap(({ proxy, doubt: whether }): Outcome[] => {
      const tcp = both(traffic, trafficOf(traffic.family, [{ protocol: 'tcp', ports: ports(0, 65535), destinations: EVERYWHERE[traffic.family] }]));
      const call = trafficOf(4, listeningPorts(proxy).map((own) => ({ protocol: 'tcp' as const, ports: own, destinations: addressesOf(proxy.addresses, 4) })));
      const answers = this.decisions(call).filter(({ kind }) => kind === 'allow');
      const isReached = isNothing(call) || answers.length > 0;
      const { guard, unknown, isRefused } = proxy.servedTo(callerOf(this.from, proxy.networks.includes(this.network)));
      if (isNothing(tcp) || !isReached || isRefused) return [];
      const reason = doubt ?? whether ?? unknown ?? proxy.portsUnknown ?? (answers.length > 0 && answers.every((answer) => answer.doubt !== undefined) ? answers[0]?.doubt : undefined);
      return [{ kind: 'next', to: proxyHop(proxy, reason), traffic: tcp, guard }];
    });
  }

  /** Those of its network, and of networks whose subnets it has routes to. */
  private proxiesInReach(): readonly { readonly proxy: Relay; readonly doubt?: string }[] {
    const { proxies, neighbours } = this.terrain;
    const around = (neighbours.get(this.network) ?? []).flatMap(({ network, doubt }) => inNetwork(proxies, network).map((proxy) => ({ proxy, ...(doubt === undefined ? {} : { doubt }) })));
    return [...inNetwork(proxies, this.network).map((proxy) => ({ proxy })), ...around];
  }
}

/** The ports on which a proxy may listen. */
export function listeningPorts({ everyPort, portsUnknown, ports: own }: Relay): readonly Ranges[] {
  if (everyPort || portsUnknown !== undefined) return [ALL_PORTS];
  return (own.length > 0 ? own : [443]).map((port) => ports(port));
}

/** Whether an interface may be in the region that a proxy is called from. */
export function isNear({ subnets }: Interface, { region: asked }: Relay): boolean {
  return asked === undefined || subnets.length === 0 || subnets.some(({ region }) => region === undefined || region === asked);
}

/** As a proxy sees it, in its own network or from another one. */
export function callerOf({ subnets, carrier: { secureTags, accounts } }: Interface, isSeen: boolean): Caller {
  return { ranges: subnets.flatMap(({ cidrs }) => cidrs), secureTags, accounts, isSeen };
}

const proxyHops = new WeakMap<Relay, Map<string, Hop>>();

/** A proxy's hop is the same for all who call it. */
export function proxyHop(proxy: Relay, doubt: string | undefined): Hop {
  let kept = proxyHops.get(proxy);
  if (!kept) proxyHops.set(proxy, (kept = new Map()));
  let hop = kept.get(doubt ?? '');
  if (!hop) kept.set(doubt ?? '', (hop = newProxyHop(proxy, doubt)));
  return hop;
}

function newProxyHop(proxy: Relay, doubt: string | undefined): Hop {
  return {
    address: proxy.address,
    kind: 'proxy',
    label: proxy.label,
    forward: (traffic) => [doubt === undefined ? { kind: 'internet', traffic } : { kind: 'unknown', traffic, reason: doubt }],
  };
}
