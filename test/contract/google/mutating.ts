/** Ways to break a stack: find what is to be broken, or say that it is not there. */
import type { Mutation, SynthesizedStack } from '../observation';

export const RULE = 'google_compute_network_firewall_policy_rule';
export type Config = Record<string, any>;

export function edit(name: string, fault: string, type: string, pick: (config: Config) => boolean, change: (config: Config, stack: SynthesizedStack) => void): Mutation {
  return { name, fault, mutate: (stack) => change(first(stack, type, pick), stack) };
}

export function drop(name: string, fault: string, type: string, pick: (config: Config) => boolean): Mutation {
  return { name, fault, mutate: (stack) => { delete stack.resource![type]![keyOf(stack, type, pick)]; } };
}

export function add(name: string, fault: string, type: string, make: (stack: SynthesizedStack) => Config): Mutation {
  return { name, fault, mutate: (stack) => { (stack.resource![type] ??= {})['added'] = make(stack); } };
}

export function keyOf(stack: SynthesizedStack, type: string, pick: (config: Config) => boolean): string {
  const found = Object.entries(stack.resource?.[type] ?? {}).find(([, config]) => pick(config));
  if (!found) throw new Error(`there is no such ${type} to break`);
  return found[0];
}

export function first(stack: SynthesizedStack, type: string, pick: (config: Config) => boolean): Config {
  return stack.resource![type]![keyOf(stack, type, pick)];
}

export function network(stack: SynthesizedStack): string {
  return `\${google_compute_network.${keyOf(stack, 'google_compute_network', () => true)}.id}`;
}

export function tag(stack: SynthesizedStack, segment: string): string {
  return `\${google_tags_tag_value.${keyOf(stack, 'google_tags_tag_value', ({ short_name: name }) => name === segment)}.id}`;
}

/** An allow for a segment that has a way out, in front of the denies by the least. */
export function egress(stack: SynthesizedStack, changes: Config): Config {
  return {
    action: 'allow',
    direction: 'EGRESS',
    enable_logging: true,
    priority: 1_999_999_999,
    firewall_policy: first(stack, RULE, denies('::/0')).firewall_policy,
    target_secure_tags: [{ name: tag(stack, 'payments') }],
    match: { dest_ip_ranges: ['0.0.0.0/0'], layer4_configs: [{ ip_protocol: 'all' }] },
    ...changes,
  };
}

export function denies(range: string) {
  return ({ action, match }: Config): boolean => action === 'deny' && match.dest_ip_ranges?.includes(range);
}

export function hostRule({ match }: Config): boolean {
  return (match.dest_fqdns?.length ?? 0) > 0;
}

/** One side of a call between two segments: each is a /22 here. */
export function peer(direction: 'EGRESS' | 'INGRESS') {
  const isSegment = ({ match, rule_name: name }: Config) => match.dest_ip_ranges?.length === 1 && /^10\..*\/22$/.test(match.dest_ip_ranges[0]) && !name.includes('service-networking');
  return (rule: Config): boolean => rule.direction === direction && rule.action === 'allow' && (direction === 'INGRESS' ? (rule.match.src_secure_tags?.length ?? 0) > 0 : isSegment(rule));
}

/** Not a subnet for proxies or endpoints. */
export function ofMachines({ purpose, description }: Config): boolean {
  return purpose === undefined && description === undefined;
}

export function fromInternet({ direction, match }: Config): boolean {
  return direction === 'INGRESS' && match.src_ip_ranges?.includes('35.191.0.0/16');
}

export function toApis({ direction, match }: Config): boolean {
  return direction === 'EGRESS' && match.dest_ip_ranges?.includes('199.36.153.4/30');
}

export function isDefault({ dest_range: range }: Config): boolean {
  return range === '0.0.0.0/0';
}

export function isApi({ dest_range: range }: Config): boolean {
  return range === '199.36.153.4/30';
}
