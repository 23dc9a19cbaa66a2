/**
 * Which firewall rules decide, in Google's order.
 *
 * With BEFORE_CLASSIC_FIREWALL: the rules of the associated network policy by priority, then the
 * classic rules, then the implied allow of egress and deny of ingress. A rule that matches ends it;
 * `goto_next` hands over to the next stage.
 */
import type { SynthesizedStack } from '../observation';
import { listOf, reference, references, resourcesOf, type Resource } from './reading';

export interface Ports { readonly protocol: string; readonly from: number; readonly to: number }

export interface Rule {
  readonly address: string;
  readonly name: string;
  readonly priority: number;
  readonly action: string;
  readonly direction: string;
  readonly logged: boolean;
  /** Addresses of tag values; with neither tags nor accounts the rule holds for every machine. */
  readonly tags: readonly string[];
  readonly accounts: readonly string[];
  readonly ports: readonly Ports[];
  readonly toRanges: readonly string[];
  readonly toFqdns: readonly string[];
  readonly fromRanges: readonly string[];
  readonly fromTags: readonly string[];
  /** Countries, threat lists, address groups: sets that cannot be read from the plan. */
  readonly opaque: boolean;
}

/** The policy that is associated with the network, or nothing. */
export function associatedPolicy(stack: SynthesizedStack, network: string): Resource | undefined {
  const policies = resourcesOf(stack, 'google_compute_network_firewall_policy');
  for (const { config } of resourcesOf(stack, 'google_compute_network_firewall_policy_association')) {
    if (reference(config.attachment_target) !== network) continue;
    const policy = policies.find((each) => pointsAt(config.firewall_policy, each));
    if (policy) return policy;
  }
  return undefined;
}

function pointsAt(value: unknown, policy: Resource): boolean {
  return reference(value) === policy.address || value === policy.config.name;
}

/** The rules in force of one policy, by priority. */
export function rulesOfPolicy(stack: SynthesizedStack, policy: Resource): readonly Rule[] {
  return resourcesOf(stack, 'google_compute_network_firewall_policy_rule')
    .filter(({ config }) => pointsAt(config.firewall_policy, policy) && config.disabled !== true)
    .map(parse)
    .sort((a, b) => a.priority - b.priority);
}

function parse({ address, config }: Resource): Rule {
  const match = config.match ?? {};
  const some = (...keys: string[]) => keys.some((key) => listOf(match[key]).length > 0);
  return {
    address,
    name: config.rule_name ?? '',
    priority: config.priority,
    action: config.action,
    direction: config.direction,
    logged: config.enable_logging === true,
    tags: listOf(config.target_secure_tags).flatMap((tag) => references(tag.name)),
    accounts: listOf(config.target_service_accounts),
    // An allow that names no protocol is read as one for all, a deny as one for none.
    ports: (some('layer4_configs') || config.action === 'deny' ? listOf(match.layer4_configs) : [{ ip_protocol: 'all' }]).flatMap(portsOf),
    toRanges: listOf(match.dest_ip_ranges),
    toFqdns: listOf(match.dest_fqdns),
    fromRanges: listOf(match.src_ip_ranges),
    fromTags: listOf(match.src_secure_tags).flatMap((tag) => references(tag.name)),
    opaque: some('dest_region_codes', 'dest_threat_intelligences', 'dest_address_groups',
      'src_region_codes', 'src_threat_intelligences', 'src_address_groups', 'src_fqdns'),
  };
}

function portsOf(layer4: { ip_protocol: string; ports?: string[] }): readonly Ports[] {
  const protocol = layer4.ip_protocol;
  const ports = listOf(layer4.ports);
  if (ports.length === 0) return [{ protocol, from: 0, to: 65535 }];
  return ports.map((text) => {
    const [from, to] = String(text).split('-').map(Number);
    return { protocol, from: from!, to: to ?? from! };
  });
}

export function isAnyPort(ports: Ports): boolean {
  return !['tcp', 'udp'].includes(ports.protocol) || (ports.from <= 1 && ports.to === 65535);
}

/** Whether a rule decides for machines with this tag, or this account; `undefined` is a machine without any tag. */
export function holdsFor(rule: Rule, tag: string | undefined): boolean {
  if (rule.tags.length === 0 && rule.accounts.length === 0) return true;
  if (tag?.includes('@')) return rule.accounts.includes(tag);
  // Beside tags, a service account says nothing about segments: an allow for one counts, a deny does not.
  if (rule.accounts.length > 0) return rule.action !== 'deny';
  return tag !== undefined && rule.tags.includes(tag);
}

export interface Decision {
  /** Allow rules that nothing in front of them shuts off. */
  readonly allows: readonly Rule[];
  /** The rule that hands the rest to later stages, or `undefined` when a deny for everything ends it. */
  readonly passes: boolean;
}

/** What the policy decides for a machine, one direction and address family. */
export function decide(rules: readonly Rule[], tag: string | undefined, direction: 'EGRESS' | 'INGRESS', everything: string): Decision {
  const allows: Rule[] = [];
  for (const rule of rules) {
    if (rule.direction !== direction || !holdsFor(rule, tag)) continue;
    if (rule.action === 'goto_next') return { allows, passes: true };
    if (rule.action !== 'deny') allows.push(rule);
    else if (deniesEverything(rule, everything)) return { allows, passes: false };
  }
  return { allows, passes: true };
}

function deniesEverything(rule: Rule, everything: string): boolean {
  const ranges = rule.direction === 'EGRESS' ? rule.toRanges : rule.fromRanges;
  return ranges.includes(everything) && !rule.opaque && rule.ports.some(({ protocol }) => protocol === 'all');
}
