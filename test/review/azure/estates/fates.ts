/**
 * What may become of one packet, by Azure's own rules, one hop after the other, with nothing of `review/`.
 *
 * https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview
 * https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
 * https://learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview
 * https://learn.microsoft.com/azure/firewall/rule-processing
 */
import { holds, lengthOf } from '../../addresses-by-hand';
import { ADDRESSES, INTERFACES, MACHINES, NETWORK_OF, NETWORKS, PAIRS, RANGES, RELAY, SUBNETS, type AdminRule, type Estate, type FirewallRule, type Half, type InterfaceName, type MachineName, type NetworkName, type Packet, type Route, type Rule, type Table } from './estate';

/** Where a packet gets out. */
export interface Way {
  /** False: it depends on what no plan tells, such as what an appliance or somebody's gateway does. */
  readonly isSure: boolean;
  /** Undefined: whatever its name. */
  readonly hosts?: readonly string[];
}

interface State {
  readonly at: InterfaceName | 'firewall';
  readonly source: string;
  readonly isSure: boolean;
  readonly hosts?: readonly string[];
}

type Next = { readonly ways?: readonly Way[]; readonly states?: readonly State[] };
const STOPPED: Next = {};

/** What Azure, or somebody with another plan, may do one way or the other. */
export interface World {
  /** The tag `VirtualNetwork` takes in what routes name: Azure says that it may. */
  readonly isWide: boolean;
  /** Networks of which the plan has no peering are peered all the same. */
  readonly isJoined: boolean;
}

export function waysOf(estate: Estate, machine: MachineName, packet: Packet, world: World): readonly Way[] {
  const six = packet.to.includes(':');
  const todo: State[] = MACHINES[machine].flatMap((at): readonly State[] => {
    // With forwarding it may call itself what it likes.
    const sources = estate.interfaces[at].forwards ? [...INTERFACES, 'nowhere' as const] : [at];
    return sources.map((source) => ({ at, source: ADDRESSES[source][six ? 1 : 0], isSure: true }));
  });
  const seen = new Set<string>();
  const ways: Way[] = [];
  for (let state = todo.pop(); state; state = todo.pop()) {
    const key = JSON.stringify(state);
    if (seen.has(key)) continue;
    seen.add(key);
    const next = leave(estate, packet, world, state);
    ways.push(...(next.ways ?? []));
    todo.push(...(next.states ?? []));
  }
  return ways;
}

function leave(estate: Estate, packet: Packet, world: World, state: State): Next {
  const { at, source, isSure, hosts } = state;
  const network = at === 'firewall' ? 'hub' : NETWORK_OF[at];
  const table = at === 'firewall' ? estate.firewall.table : estate.interfaces[at].table;
  if (at !== 'firewall' && !passes(estate, at, 'Outbound', source, packet, world)) return STOPPED;
  const way = (sure: boolean): Way => ({ isSure: isSure && sure, ...(hosts ? { hosts } : {}) });
  if (packet.to === RELAY.address && isDelivered(estate, network, table, world, source)) return { ways: [{ isSure, hosts: [RELAY.host] }] };
  // Routes of service endpoints are not overridden.
  if (at !== 'firewall' && packet.isStorage && estate.interfaces[at].storage !== 'none') return estate.interfaces[at].storage === 'any account' ? { ways: [way(true)] } : STOPPED;
  const managed = managedHops(estate, network, table, packet.to).map((hop) => [hop, false] as const);
  const all = [...hopsOf(estate, network, table, packet.to).map((hop) => [hop, managed.length === 0] as const), ...managed].map(([hop, isSole]): Next => {
    switch (hop) {
      case 'Internet': return packet.to !== RELAY.address && isTranslated(estate, at, packet, world) ? { ways: [way(isSole)] } : STOPPED;
      case 'VirtualNetworkGateway': return packet.to !== RELAY.address && gatewayOf(estate, network) ? { ways: [way(false)] } : STOPPED;
      case 'None': case 'VnetLocal': return STOPPED;
      default: return handOver(estate, packet, world, isSole ? state : { ...state, isSure: false }, network, hop);
    }
  });
  return { ways: all.flatMap(({ ways = [] }) => ways), states: all.flatMap(({ states = [] }) => states) };
}

/** To the network of the relay lead a network's own routes and those of peerings, unless a table has one that is as long. */
function isDelivered(estate: Estate, network: NetworkName, table: Table | undefined, world: World, source: string): boolean {
  if (!reaches(estate, network, RELAY.address) || (table?.routes ?? []).some(({ prefix }) => holds(prefix, RELAY.address) && lengthOf(prefix) >= 16)) return false;
  return network === 'other' || world.isJoined || holds(RANGES[network][0], source) || halvesOf(estate, 'other', network)![0].forwarded;
}

/** Routes that a manager adds to the table of a subnet: none for a prefix that the table has, and which of them wins on what is left Azure says nowhere. */
function managedHops({ manager }: Estate, network: NetworkName, table: Table | undefined, to: string): readonly Route['to'][] {
  if (!manager || manager.deployed.Routing !== 'here' || !manager.members.includes(network)) return [];
  const own = Math.max(-1, ...(table?.routes ?? []).filter(({ prefix }) => holds(prefix, to)).map(({ prefix }) => lengthOf(prefix)));
  const [best] = manager.routes.filter(({ prefix }) => holds(prefix, to) && lengthOf(prefix) > own).sort((a, b) => lengthOf(b.prefix) - lengthOf(a.prefix));
  return best ? [best.to] : [];
}

/** More than one where somebody else may announce routes. */
function hopsOf(estate: Estate, network: NetworkName, table: Table | undefined, to: string): readonly Route['to'][] {
  const gateway = table?.propagates === false ? undefined : gatewayOf(estate, network);
  const routes = (table?.routes ?? []).filter(({ prefix }) => holds(prefix, to)).sort((a, b) => lengthOf(b.prefix) - lengthOf(a.prefix));
  const [own] = routes;
  const fallback = own?.to ?? 'Internet';
  if (gateway === undefined) return [fallback];
  // A tunnel carries no IPv6.
  if (typeof gateway === 'string') return gateway !== 'express route' && to.includes(':') ? [fallback] : [fallback, 'VirtualNetworkGateway'];
  const learned = Math.max(-1, ...gateway.filter((prefix) => holds(prefix, to)).map(lengthOf));
  // Of equal prefixes the table's counts, and then what is learned.
  return [learned > (own ? lengthOf(own.prefix) : -1) ? 'VirtualNetworkGateway' : fallback];
}

function gatewayOf(estate: Estate, network: NetworkName): Exclude<Estate['gateway'], 'none'> | undefined {
  if (estate.gateway === 'none') return undefined;
  if (network === 'hub') return estate.gateway;
  const halves = halvesOf(estate, network, 'hub');
  return halves?.[0].remoteGateways && halves[1].transit ? estate.gateway : undefined;
}

/** What is joined by a peering, or a manager, or both. */
function halvesOf(estate: Estate, own: NetworkName, other: NetworkName): readonly [Half, Half] | undefined {
  const all = [peeredHalves(estate, own, other), managedHalves(estate, own, other)].filter((each) => each !== undefined);
  const either = (at: 0 | 1): Half => ({ access: all.some((each) => each[at].access), forwarded: all.some((each) => each[at].forwarded), transit: all.some((each) => each[at].transit), remoteGateways: all.some((each) => each[at].remoteGateways), subnetsAlone: all.every((each) => each[at].subnetsAlone) });
  return all.length === 0 ? undefined : [either(0), either(1)];
}

/** https://learn.microsoft.com/azure/virtual-network-manager/concept-connectivity-configuration */
function managedHalves({ manager, gateway }: Estate, own: NetworkName, other: NetworkName): readonly [Half, Half] | undefined {
  if (!manager || manager.joins === 'nothing' || manager.deployed.Connectivity !== 'here' || own === other) return undefined;
  const isMember = (network: NetworkName) => manager.members.includes(network);
  const half: Half = { access: true, forwarded: true, transit: false, remoteGateways: false, subnetsAlone: false };
  const lends = manager.usesGateway && gateway !== 'none';
  if (manager.joins !== 'all' && own === 'hub' && isMember(other)) return [{ ...half, transit: lends }, { ...half, remoteGateways: lends }];
  if (manager.joins !== 'all' && other === 'hub' && isMember(own)) return [{ ...half, remoteGateways: lends }, { ...half, transit: lends }];
  return isMember(own) && isMember(other) && manager.joins !== 'spokes' ? [half, half] : undefined;
}

/** The own half and that of the other network, where both are there. */
function peeredHalves(estate: Estate, own: NetworkName, other: NetworkName): readonly [Half, Half] | undefined {
  for (const pair of PAIRS) {
    const [there, back] = estate.peerings[pair];
    if (there && back && pair === `${own}-${other}`) return [there, back];
    if (there && back && pair === `${other}-${own}`) return [back, there];
  }
  return undefined;
}

/** Networks are joined with their neighbours alone. */
function reaches(estate: Estate, own: NetworkName, address: string): boolean {
  return NETWORKS.some((network) => {
    if (!RANGES[network].some((range) => holds(range, address))) return false;
    if (network === own) return true;
    const halves = halvesOf(estate, own, network);
    return halves !== undefined && (!halves.some(({ subnetsAlone }) => subnetsAlone) || INTERFACES.some((name) => SUBNETS[name].some((range) => holds(range as string, address))));
  });
}

function isTranslated({ interfaces, firewall }: Estate, at: State['at'], { to, isStorage }: Packet, world: World): boolean {
  if (at === 'firewall') return firewall.publicAddress || firewall.nat || world.isJoined;
  const { publicAddress, publicAddress6, nat, pool, defaultOutbound } = interfaces[at];
  if (to.includes(':')) return publicAddress6;
  return publicAddress || nat || pool === 'outbound rule' || pool === 'rule' || defaultOutbound || isStorage;
}

function handOver(estate: Estate, packet: Packet, world: World, state: State, from: NetworkName, hop: keyof typeof ADDRESSES): Next {
  const { source, hosts } = state;
  const six = packet.to.includes(':') ? 1 : 0;
  if (!world.isJoined && !reaches(estate, from, ADDRESSES[hop][six])) return STOPPED;
  const guard = hosts ? { hosts } : {};
  if (packet.to === RELAY.address && (hop === 'nobody' || hop === 'nowhere')) return hop === 'nobody' && reaches(estate, 'hub', packet.to) ? { ways: [{ isSure: false, hosts: [RELAY.host] }] } : STOPPED;
  if (hop === 'nobody' || hop === 'nowhere') return { ways: [{ isSure: false, ...guard }] };
  const into = hop === 'firewall' || hop === 'balancer' ? 'hub' : NETWORK_OF[hop];
  if (from !== into && !holds(RANGES[from][six], source) && !world.isJoined && !halvesOf(estate, into, from)![0].forwarded) return STOPPED;
  if (hop === 'firewall') return through(estate, packet, state);
  if (hop === 'balancer' && (six === 1 || (estate.balancer === 'tcp 443' && (packet.protocol !== 'tcp' || packet.port !== 443)))) return STOPPED;
  const entered = hop === 'balancer' ? 'trust' : hop;
  if (!estate.interfaces[entered].forwards || !passes(estate, entered, 'Inbound', source, packet, world)) return STOPPED;
  const machine = Object.values(MACHINES).find((all: readonly InterfaceName[]) => all.includes(entered))!;
  return {
    states: machine.flatMap((at: InterfaceName) => [ADDRESSES[at][six], ...(estate.interfaces[at].forwards ? [source] : [])].map((own): State => ({ at, source: own, isSure: false, ...guard }))),
  };
}

/** Network rules come before those for names, and those of the parent before the policy's own. It sends on with its own address, and has no IPv6. */
function through({ firewall }: Estate, { to, protocol, port }: Packet, { source, isSure, hosts }: State): Next {
  if (to.includes(':')) return STOPPED;
  const order = (rule: FirewallRule) => (rule.isParent ? 0 : 1e6) + rule.group * 1000 + rule.priority;
  const fitting = firewall.rules.filter((rule) => rule.port === port && (rule.source === '*' || holds(rule.source, source))).sort((a, b) => order(a) - order(b));
  const on = (own: readonly string[] | undefined): Next => {
    const both = own && hosts ? own.filter((host) => hosts.includes(host)) : own ?? hosts;
    // To private addresses it sends with those of the sender.
    return both?.length === 0 ? STOPPED : { states: [{ at: 'firewall', source: to === RELAY.address ? source : ADDRESSES.firewall[0], isSure, ...(both ? { hosts: both } : {}) }] };
  };
  if (protocol !== 'tcp') return STOPPED;
  const first = fitting.find(({ layer, destination }) => layer === 'network' && (destination === '*' || holds(destination, to)));
  if (to === RELAY.address) return first?.access === 'Allow' ? on(undefined) : STOPPED;
  if (first) return first.access === 'Deny' ? STOPPED : on(first.destination === '*' || lengthOf(first.destination) < 16 ? undefined : [to]);
  const allows = (host: string): boolean => fitting.find(({ layer, destination: name }) => layer === 'application' && (name === '*' || name === host || (name.startsWith('*.') && host.endsWith(name.slice(1)))))?.access === 'Allow';
  if (allows('anything.test')) return on(undefined);
  const named = ['a.example.com', 'b.example.com'].filter(allows);
  return named.length === 0 ? STOPPED : on(named);
}

function passes(estate: Estate, at: InterfaceName, direction: Rule['direction'], source: string, packet: Packet, world: World): boolean {
  const decided = administered(estate, at, direction, source, packet, world);
  if (decided !== undefined) return decided;
  return estate.interfaces[at].groups.every((rules) => rules === undefined || isLetThrough(estate, at, rules, direction, source, packet, world));
}

/** The first rule of a manager that takes a packet: undefined where the groups have the word. */
function administered(estate: Estate, at: InterfaceName, direction: Rule['direction'], source: string, packet: Packet, world: World): boolean | undefined {
  const { manager } = estate;
  if (!manager || manager.deployed.SecurityAdmin !== 'here' || !manager.members.includes(NETWORK_OF[at])) return undefined;
  const takes = (each: AdminRule) => each.direction === direction && isTaken(estate, at, { ...each, protocol: each.protocol === 'Any' ? '*' : each.protocol, ports: each.ports ?? '*' }, source, packet, world);
  const first = [...manager.rules].sort((a, b) => a.priority - b.priority).find(takes);
  return first === undefined || first.access === 'Allow' ? undefined : first.access === 'AlwaysAllow';
}

function isLetThrough(estate: Estate, at: InterfaceName, rules: readonly Rule[], direction: Rule['direction'], source: string, packet: Packet, world: World): boolean {
  const decides = rules.filter((rule) => rule.direction === direction).sort((a, b) => a.priority - b.priority).find((rule) => isTaken(estate, at, rule, source, packet, world));
  if (decides) return decides.access === 'Allow';
  const isIn = (prefix: string, address: string) => isMeant(estate, at, prefix, address, world);
  const isInside = isIn('VirtualNetwork', source) && isIn('VirtualNetwork', packet.to);
  return direction === 'Outbound' ? isInside || isIn('Internet', packet.to) : isInside;
}

function isTaken(estate: Estate, at: InterfaceName, rule: Pick<Rule, 'protocol' | 'ports' | 'source' | 'destination'>, source: string, { to, protocol, port }: Packet, world: World): boolean {
  if (rule.protocol !== '*' && rule.protocol.toLowerCase() !== protocol) return false;
  const [from, last = from] = rule.ports.split('-');
  const takesPort = rule.ports === '*' || (protocol !== 'icmp' && Number(from) <= port && port <= Number(last));
  return takesPort && isMeant(estate, at, rule.source, source, world) && isMeant(estate, at, rule.destination, to, world);
}

/** Whether a prefix or a tag takes in an address, where the interface stands. */
function isMeant(estate: Estate, at: InterfaceName, prefix: string, address: string, { isWide }: World): boolean {
  const own = NETWORK_OF[at];
  const isJoined = (): boolean => NETWORKS.some((network) => RANGES[network].some((range) => holds(range, address)) && (network === own || halvesOf(estate, own, network)?.[0].access === true));
  const isPremises = (): boolean => { const gateway = gatewayOf(estate, own); return typeof gateway === 'object' && isWide && gateway.some((each) => holds(each, address)); };
  switch (prefix) {
    case '*': return true;
    case 'VirtualNetwork': return isJoined() || isPremises() || (isWide && (estate.interfaces[at].table?.routes ?? []).some((route) => holds(route.prefix, address)));
    case 'Internet': return !/^(10\.|192\.168\.|fd)/.test(address);
    default: return holds(prefix, address);
  }
}
