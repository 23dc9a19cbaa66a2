/**
 * How Azure decides on a connection with a network security group: the lowest priority that
 * matches wins, and behind the group's own rules stand Azure's built-in ones.
 */
import { holds, isCidr, isPublic, parseBlock, PLATFORM_ADDRESS, type Block } from './addresses';
import { blocks, texts, type Resource, type StackReader } from './reader';

export interface GroupRule {
  readonly name: string;
  readonly priority: number;
  readonly direction: string;
  readonly allow: boolean;
  readonly protocol: string;
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly ports: readonly { readonly from: number; readonly to: number }[];
  /** Names groups of network interfaces: who is in them is not known here. */
  readonly byMembership: boolean;
}

export interface Connection {
  readonly direction: 'Inbound' | 'Outbound';
  readonly source: number;
  readonly destination: number;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}

/** What `VirtualNetwork` stands for: the network, its peers, and whatever its routes name. */
export type NetworkSpace = readonly Block[];

const BUILT_IN: readonly GroupRule[] = [
  builtIn(65000, 'Inbound', true, 'VirtualNetwork', 'VirtualNetwork'),
  builtIn(65001, 'Inbound', true, 'AzureLoadBalancer', '*'),
  builtIn(65500, 'Inbound', false, '*', '*'),
  builtIn(65000, 'Outbound', true, 'VirtualNetwork', 'VirtualNetwork'),
  builtIn(65001, 'Outbound', true, '*', 'Internet'),
  builtIn(65500, 'Outbound', false, '*', '*'),
];

/** A group's rules in the order of evaluation, its own first. No group at all lets everything through. */
export function rulesOfGroup(reader: StackReader, group: Resource | undefined): readonly GroupRule[] {
  if (!group) return [builtIn(0, 'Inbound', true, '*', '*'), builtIn(0, 'Outbound', true, '*', '*')];
  const beside = reader.referring('azurerm_network_security_rule', 'network_security_group_name', group).map(({ config }) => config);
  const own = [...blocks(group.config.security_rule), ...beside].map((rule): GroupRule => ({
    name: String(rule.name ?? ''),
    priority: rule.priority,
    direction: rule.direction,
    allow: rule.access === 'Allow',
    protocol: String(rule.protocol).toLowerCase(),
    sources: texts(rule.source_address_prefix, rule.source_address_prefixes),
    destinations: texts(rule.destination_address_prefix, rule.destination_address_prefixes),
    ports: texts(rule.destination_port_range, rule.destination_port_ranges).map(portRange),
    byMembership: texts(rule.source_application_security_group_ids, rule.destination_application_security_group_ids).length > 0,
  }));
  return [...own, ...BUILT_IN].sort((a, b) => a.priority - b.priority);
}

export function ownRules(rules: readonly GroupRule[]): readonly GroupRule[] {
  return rules.filter(({ priority }) => priority < 65000);
}

/** Whether the group lets a new connection through. */
export function lets(rules: readonly GroupRule[], connection: Connection, space: NetworkSpace): boolean {
  for (const rule of rules) {
    if (rule.direction !== connection.direction) continue;
    if (rule.protocol !== '*' && rule.protocol !== connection.protocol) continue;
    if (!rule.ports.some(({ from, to }) => from <= connection.port && connection.port <= to)) continue;
    // Membership is unknown: an allow counts, a deny does not.
    if (rule.byMembership ? !rule.allow : !matches(rule.sources, connection.source, space) || !matches(rule.destinations, connection.destination, space)) continue;
    return rule.allow;
  }
  return false;
}

function matches(prefixes: readonly string[], address: number, space: NetworkSpace): boolean {
  return prefixes.some((prefix) => {
    if (prefix === '*' || /^any$/i.test(prefix)) return true;
    if (isCidr(prefix)) return holds(parseBlock(prefix), address);
    if (prefix === 'VirtualNetwork') return space.some((block) => holds(block, address));
    if (prefix === 'AzureLoadBalancer') return address === PLATFORM_ADDRESS;
    if (prefix.startsWith('AzurePlatform')) return false;
    // `Internet`, and every service tag, which is a part of it.
    return isPublic(address) && !space.some((block) => block.last - block.first < 2 ** 31 && holds(block, address));
  });
}

/** Ports at which some rule may begin or stop to hold. */
export function portEdges(...groups: readonly (readonly GroupRule[])[]): readonly number[] {
  const edges = groups.flat().flatMap(({ ports }) => ports.flatMap(({ from, to }) => [from, to + 1]));
  return [...new Set([1, ...edges])].filter((port) => port >= 1 && port <= 65535).sort((a, b) => a - b);
}

/** The ports that pass a test, as `tcp/443` or `udp/1-1023`; the test is asked once per edge. */
export function passingPorts(edges: readonly number[], protocol: 'tcp' | 'udp', passes: (port: number) => boolean): readonly string[] {
  const ranges: { from: number; to: number }[] = [];
  edges.forEach((from, index) => {
    if (!passes(from)) return;
    const to = (edges[index + 1] ?? 65536) - 1;
    const last = ranges.at(-1);
    if (last && last.to + 1 === from) last.to = to;
    else ranges.push({ from, to });
  });
  return ranges.map(({ from, to }) => `${protocol}/${from === to ? from : `${from}-${to}`}`);
}

function portRange(text: string): { from: number; to: number } {
  if (text === '*') return { from: 0, to: 65535 };
  const [from = 0, to = from] = text.split('-').map(Number);
  return { from, to };
}

function builtIn(priority: number, direction: string, allow: boolean, source: string, destination: string): GroupRule {
  return { name: `built-in ${priority}`, priority, direction, allow, protocol: '*', sources: [source], destinations: [destination], ports: [{ from: 0, to: 65535 }], byMembership: false };
}
