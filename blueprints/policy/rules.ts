/** Questions that every cloud asks of a list of allow rules. */
import type { AllowRule } from './model';

/** The segments that some rule grants a host, sorted. */
export function segmentsWithHosts(rules: readonly AllowRule[]): readonly string[] {
  return [...new Set(rules.flatMap((rule) => rule.segments))].sort();
}

/** The rules that grant a segment a host, in the order given. */
export function rulesOf(rules: readonly AllowRule[], segment: string): readonly AllowRule[] {
  return rules.filter((rule) => rule.segments.includes(segment));
}

/** The ports on which a segment may reach some host, sorted; empty for a segment with no way out. */
export function egressPorts(rules: readonly AllowRule[], segment: string): readonly number[] {
  const ports = rulesOf(rules, segment).flatMap((rule) => rule.ports);
  return [...new Set(ports)].sort((a, b) => a - b);
}

/** The canonical order of allow rules: host, protocol, ports, segments, clouds, environments. */
export function compareRules(a: AllowRule, b: AllowRule): number {
  return compare(a.host.text, b.host.text)
    || compare(a.protocol, b.protocol)
    || compare(a.ports.join(), b.ports.join())
    || compare(a.segments.join(), b.segments.join())
    || compare(a.clouds.join(), b.clouds.join())
    || compare(a.environments.join(), b.environments.join());
}

/** Orders text by code unit, the same on every machine; `localeCompare` is not. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Each name once, in the order of `compare`. */
export function uniqueSorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort(compare);
}
