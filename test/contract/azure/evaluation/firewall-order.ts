/**
 * Azure Firewall's order: threat intelligence, then network rules, then application rules, then
 * Azure's own infrastructure names, then nothing. A parent policy's rules of a layer come before its
 * child's; groups and collections are taken by priority.
 * https://learn.microsoft.com/azure/firewall/rule-processing
 */
import { holds, isCidr, parseAddress, parseBlock } from '../addresses';
import { blocks, texts, type Resource } from '../reader';
import type { World } from './world';

export interface Request {
  readonly source: number;
  readonly destination: number;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** The server name or the Host header; absent when the packet shows none. */
  readonly name?: string;
  readonly kind?: 'Http' | 'Https';
}

/** Stands for what Microsoft's feed knows. */
export const KNOWN_BAD_NAME = 'malware.example';
export const KNOWN_BAD_ADDRESS = '185.220.101.1';
/** Lets Azure's own names pass when no rule denies them. https://learn.microsoft.com/azure/firewall/infrastructure-fqdns */
export const INFRASTRUCTURE_NAME = 'time.windows.com';
/** What the tags of names hold, as far as probes ask. */
const TAGS: Readonly<Record<string, readonly string[]>> = { AzureKubernetesService: ['mcr.microsoft.com', 'management.azure.com'], WindowsUpdate: ['update.microsoft.com'] };
/** What the categories of sites hold, as far as probes ask. */
const CATEGORIES: Readonly<Record<string, readonly string[]>> = { Business: ['business.example'] };

export function firewallVerdict(world: World, request: Request): string {
  const policy = world.reader.target(world.firewall?.config.firewall_policy_id);
  if (!policy) return 'out by the firewall: it has no policy';
  if (isKnownBad(policy, request) && policy.config.threat_intelligence_mode === 'Deny') return 'denied by the firewall: threat intelligence';
  const groups = chain(world, policy);
  for (const layer of ['network', 'application'] as const) {
    for (const group of groups) {
      for (const collection of [...blocks(group.config[`${layer}_rule_collection`])].sort((a, b) => a.priority - b.priority)) {
        for (const rule of blocks(collection.rule)) {
          if (!fromSource(world, rule, request.source)) continue;
          if (!(layer === 'network' ? networkMatch(rule, request) : applicationMatch(rule, request))) continue;
          return `${collection.action === 'Allow' ? 'out by the firewall' : 'denied by the firewall'}: ${collection.name}/${rule.name}${rule.terminate_tls ? ', TLS opened' : ''}`;
        }
      }
    }
  }
  return request.name === INFRASTRUCTURE_NAME && request.port === (request.kind === 'Http' ? 80 : 443) ? "out by the firewall: Azure's infrastructure names" : 'denied by the firewall: no rule';
}

/** A firewall that translates lets the internet in, whatever the groups of its subnet say: it has none. */
export function translations(world: World): readonly string[] {
  return world.reader.all('azurerm_firewall_policy_rule_collection_group').flatMap(({ config }) => blocks(config.nat_rule_collection).map(({ name }) => String(name)));
}

function chain(world: World, policy: Resource): readonly Resource[] {
  const parent = world.reader.target(policy.config.base_policy_id);
  const own = [...world.reader.referring('azurerm_firewall_policy_rule_collection_group', 'firewall_policy_id', policy)].sort((a, b) => a.config.priority - b.config.priority);
  return [...(parent ? chain(world, parent) : []), ...own];
}

function isKnownBad(policy: Resource, { name, destination }: Request): boolean {
  const [allowlist] = blocks(policy.config.threat_intelligence_allowlist);
  const excused = [...texts(allowlist?.fqdns), ...texts(allowlist?.ip_addresses)];
  if (name === KNOWN_BAD_NAME) return !excused.includes(name);
  return destination === parseAddress(KNOWN_BAD_ADDRESS) && !excused.includes(KNOWN_BAD_ADDRESS);
}

function fromSource(world: World, rule: Record<string, any>, source: number): boolean {
  const groups = texts(rule.source_ip_groups).flatMap((id) => texts(world.reader.target(id)?.config.cidrs ?? []));
  return [...texts(rule.source_addresses), ...groups].some((each) => each === '*' || (isCidr(each) && holds(parseBlock(each), source)));
}

function networkMatch(rule: Record<string, any>, { destination, protocol, port }: Request): boolean {
  const protocols = texts(rule.protocols).map((each) => each.toLowerCase());
  if (!protocols.includes('any') && !protocols.includes(protocol)) return false;
  const onPort = texts(rule.destination_ports).some((each) => {
    if (each === '*') return true;
    const [from = 0, to = from] = each.split('-').map(Number);
    return from <= port && port <= to;
  });
  // A service tag stands for addresses that no stack shows: it may hold any of the internet's.
  return onPort && texts(rule.destination_addresses).some((each) => (isCidr(each) ? holds(parseBlock(each), destination) : true));
}

/** Application rules see web requests only: a name, on the ports that they list. */
function applicationMatch(rule: Record<string, any>, { name, kind, port, protocol }: Request): boolean {
  if (protocol !== 'tcp' || kind === undefined) return false;
  if (!blocks(rule.protocols).some((each) => each.type === kind && each.port === port)) return false;
  const names = texts(rule.destination_fqdns);
  if (names.includes('*')) return true;
  if (name === undefined) return false;
  return names.some((pattern) => (pattern.startsWith('*') ? name.endsWith(pattern.slice(1)) : name === pattern))
    || texts(rule.destination_fqdn_tags).some((tag) => (TAGS[tag] ?? []).includes(name))
    || texts(rule.web_categories).some((category) => (CATEGORIES[category] ?? []).includes(name));
}
