/**
 * Google's order of firewall rules, from its documentation and from nothing of ours.
 *
 * Hierarchical policies first; then, as the network says, network policies before or after classic
 * rules; then what is implied: egress allowed, ingress denied. In a stage the lowest priority that
 * matches decides; `goto_next`, or no match, hands on.
 * https://cloud.google.com/firewall/docs/firewall-policies-overview#rule-evaluation
 */
import type { SynthesizedStack } from '../../observation';
import { listOf, reference, references, resourcesOf, type Resource } from '../reading';
import { covers } from './addresses';
import type { Resolver } from './resolver';
import type { Machine, Packet, World } from './world';

export type Direction = 'EGRESS' | 'INGRESS';

export interface Decided {
  readonly action: 'allow' | 'deny';
  /** The rule's name, or `implied`. */
  readonly by: string;
  readonly isLogged: boolean;
}

type Match = (machine: Machine, packet: Packet, senderTags: readonly string[]) => boolean;
interface Rule { readonly name: string; readonly priority: number; readonly action: string; readonly direction: string; readonly isLogged: boolean; readonly matches: Match }
type Stage = readonly Rule[];

export class FirewallOrder {
  private readonly stages: readonly Stage[];

  /** @param classic further classic rules that somebody might add, in the provider's form. */
  constructor(private readonly stack: SynthesizedStack, network: Resource, private readonly resolver: Resolver, private readonly world: World, classic: readonly Record<string, any>[] = []) {
    const hierarchical = this.policies('google_compute_firewall_policy', () => true);
    const global = this.policies('google_compute_network_firewall_policy', (association) => reference(association.attachment_target) === network.address);
    const regional = this.policies('google_compute_region_network_firewall_policy', (association) => reference(association.attachment_target) === network.address);
    const rules = [...resourcesOf(stack, 'google_compute_firewall').filter(({ config }) => reference(config.network) === network.address).map(({ config }) => config), ...classic]
      .flatMap((config) => this.classic(config))
      // Of equal priorities a deny wins.
      .sort((a, b) => a.priority - b.priority || (a.action === 'deny' ? -1 : 1));
    const isFirst = network.config.network_firewall_policy_enforcement_order === 'BEFORE_CLASSIC_FIREWALL';
    this.stages = isFirst ? [...hierarchical, ...global, ...regional, rules] : [...hierarchical, rules, ...global, ...regional];
  }

  /** @param senderTags the tags that the sender carries, when it is a machine of the network. */
  decide(direction: Direction, machine: Machine, packet: Packet, senderTags: readonly string[] = []): Decided {
    for (const stage of this.stages) {
      const rule = stage.find((each) => each.direction === direction && each.matches(machine, packet, senderTags));
      if (rule && rule.action !== 'goto_next') return { action: rule.action === 'deny' ? 'deny' : 'allow', by: rule.name, isLogged: rule.isLogged };
    }
    return { action: direction === 'EGRESS' ? 'allow' : 'deny', by: 'implied', isLogged: false };
  }

  private policies(type: string, holds: (association: Record<string, any>) => boolean): readonly Stage[] {
    return resourcesOf(this.stack, type)
      .filter((policy) => resourcesOf(this.stack, `${type}_association`).some(({ config }) => isNamed(config.firewall_policy, policy) && holds(config)))
      .map((policy) => resourcesOf(this.stack, `${type}_rule`)
        .filter(({ config }) => isNamed(config.firewall_policy, policy) && config.disabled !== true)
        .map((rule) => this.rule(rule))
        .sort((a, b) => a.priority - b.priority));
  }

  private rule({ address, config }: Resource): Rule {
    const match = config.match ?? {};
    const tags = listOf(config.target_secure_tags).flatMap((tag) => references(tag.name)).filter((tag) => this.holdsHere(tag));
    const namesTags = listOf(config.target_secure_tags).length > 0;
    const accounts = listOf(config.target_service_accounts);
    const sourceTags = listOf(match.src_secure_tags).flatMap((tag) => references(tag.name)).filter((tag) => this.holdsHere(tag));
    const isTarget = (machine: Machine) => (!namesTags && accounts.length === 0)
      || tags.some((tag) => machine.tags.includes(tag)) || (machine.account !== undefined && accounts.includes(machine.account));
    const [fromAnywhere, toAnywhere] = [isUnlimited(match, 'src'), isUnlimited(match, 'dest')];
    const egress: Match = (_, { to }) => toAnywhere
      || listOf(match.dest_ip_ranges).some((range) => covers(range, to))
      || listOf(match.dest_fqdns).some((name) => this.resolver.firewallAddresses(name).includes(to))
      || listOf(match.dest_region_codes).includes(this.world.countries[to])
      || listOf(match.dest_threat_intelligences).some((list) => this.world.threats[to]?.includes(list));
    const ingress: Match = (_, { from }, senderTags) => fromAnywhere
      || listOf(match.src_ip_ranges).some((range) => covers(range, from))
      || sourceTags.some((tag) => senderTags.includes(tag));
    const peers = config.direction === 'EGRESS' ? egress : ingress;
    const carries = carrier(listOf(match.layer4_configs).map((each) => ({ protocol: each.ip_protocol, ports: each.ports })));
    return {
      name: config.rule_name ?? address,
      priority: config.priority,
      action: config.action,
      direction: config.direction,
      isLogged: config.enable_logging === true,
      matches: (machine, packet, senderTags) => isTarget(machine) && carries(packet) && peers(machine, packet, senderTags),
    };
  }

  /** A tag does something in firewall rules only if its key was made for that, and for this network. */
  private holdsHere(tag: string): boolean {
    const value = resourcesOf(this.stack, 'google_tags_tag_value').find(({ address }) => address === tag);
    const key = resourcesOf(this.stack, 'google_tags_tag_key').find(({ address }) => address === reference(value?.config.parent));
    // A key from elsewhere may well be one for this network.
    if (!key) return value !== undefined;
    return key.config.purpose === 'GCE_FIREWALL' && /\$\{(data\.)?google_compute_network\./.test(String(key.config.purpose_data?.network));
  }

  private classic(config: Record<string, any>): readonly Rule[] {
    const direction = config.direction ?? 'INGRESS';
    return (['allow', 'deny'] as const).flatMap((action) => {
      const carried = listOf(config[action]).map((each) => ({ protocol: each.protocol, ports: each.ports }));
      if (carried.length === 0) return [];
      const carries = carrier(carried);
      const ranges = listOf(direction === 'EGRESS' ? config.destination_ranges : config.source_ranges);
      const targets = listOf(config.target_tags);
      return [{
        name: `classic ${config.name}`, priority: config.priority ?? 1000, action, direction, isLogged: config.log_config !== undefined,
        matches: (machine, packet) => (targets.length === 0 || targets.some((tag) => machine.networkTags.includes(tag))) && carries(packet)
          && (ranges.length === 0 || ranges.some((range) => covers(range, direction === 'EGRESS' ? packet.to : packet.from))),
      } satisfies Rule];
    });
  }
}

function isNamed(value: unknown, policy: Resource): boolean {
  return reference(value) === policy.address || value === policy.config.name;
}

function isUnlimited(match: Record<string, any>, side: 'src' | 'dest'): boolean {
  return !Object.keys(match).some((key) => key.startsWith(side) && listOf(match[key]).length > 0);
}

/** What a rule carries, read once. */
function carrier(layer4: readonly { readonly protocol: string; readonly ports?: readonly string[] }[]): (packet: Packet) => boolean {
  const all = layer4.map(({ protocol, ports }) => ({ protocol, ranges: (ports ?? []).map((text) => {
    const [from, to] = String(text).split('-').map(Number) as [number, number?];
    return { from, to: to ?? from };
  }) }));
  return ({ protocol, port }) => all.some((each) => (each.protocol === 'all' || each.protocol === protocol)
    && (each.ranges.length === 0 || each.ranges.some(({ from, to }) => port >= from && port <= to)));
}
