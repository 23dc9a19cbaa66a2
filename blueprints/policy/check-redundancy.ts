/**
 * Rules that grant what another rule grants already. Two owners and two expiry dates for one way
 * out are one too many: removing a rule has to close it.
 */
import { DEFAULT_PORTS } from './canonical';
import type { CheckContext } from './check-context';
import { parseHostPattern, wildcardsAbove } from './host-pattern';
import { CLOUDS, type HostPattern } from './model';
import type { AllowInput } from './schema';
import type { Sound } from './schema-findings';

interface Granting {
  readonly index: number;
  readonly host: HostPattern;
  readonly bucket: string;
  readonly protocol: string;
  /** Whether it names environments. */
  readonly isStaged: boolean;
  /** One per environment, cloud, segment and port. */
  readonly grants: () => readonly string[];
}

/**
 * Linear in the number of grants: rules are compared by lookups, not with each other.
 *
 * @param environments names of all environments, as far as they can be told
 */
export function checkRedundancy(rules: readonly (Sound<AllowInput> | null)[], environments: readonly string[], context: CheckContext): void {
  // Spelled out only where a rule tells them apart.
  const all = rules.some((rule) => rule?.environments) ? environments : ['every'];
  const granting = rules.flatMap((rule, index) => (rule ? grantingRule(rule, index, all) : []));
  const buckets = new Map<string, Granting[]>();
  for (const rule of granting) {
    const bucket = buckets.get(rule.bucket);
    if (bucket) bucket.push(rule);
    else buckets.set(rule.bucket, [rule]);
  }
  // Only buckets that a second rule asks about are spelled out; most never are.
  const granted = new Map<string, ReadonlyMap<string, number>>();
  const grantsOf = (key: string): ReadonlyMap<string, number> => {
    const known = granted.get(key) ?? firstGrants(buckets.get(key)!);
    granted.set(key, known);
    return known;
  };

  for (const rule of granting) {
    const at = ['allow', rule.index, 'host'];
    if (buckets.get(rule.bucket)!.length > 1) {
      const earlier = firstHit(rule, grantsOf(rule.bucket), (index) => index < rule.index);
      if (earlier !== undefined) {
        context.error(
          at,
          'duplicate-rule',
          `is allowed for a same segment, port, cloud and environment by ${context.where(['allow', earlier])}`,
          'keep one of the two, or part their segments, ports, clouds or environments',
          rule.host.text,
        );
      }
    }
    for (const wildcard of wildcardsAbove(rule.host)) {
      const key = `${wildcard} ${rule.protocol}`;
      if (!buckets.has(key)) continue;
      const covering = firstHit(rule, grantsOf(key), () => true);
      if (covering === undefined) continue;
      context.error(
        at,
        'covered-by-wildcard',
        `is covered by '${wildcard}' in ${context.where(['allow', covering])} already`,
        rule.isStaged || (rules[covering]?.environments ?? null) !== null ? 'remove this rule or the wildcard, or part their environments' : 'remove this rule, or the wildcard',
        rule.host.text,
      );
      break;
    }
  }
}

function grantingRule({ host, from, ports, protocol, clouds, environments }: Sound<AllowInput>, index: number, all: readonly string[]): Granting[] {
  if (host === null || from === null || ports === null || protocol === null || clouds === null || environments === null) return [];
  const parsed = parseHostPattern(host);
  if (!parsed.ok) return [];
  const name = protocol ?? 'tls';
  const grants = () => (environments ?? all).flatMap((environment) =>
    (clouds ?? CLOUDS).flatMap((cloud) => from.flatMap((segment) => (ports ?? DEFAULT_PORTS[name]).map((port) => `${environment} ${cloud} ${segment} ${port}`))));
  return [{ index, host: parsed.pattern, bucket: `${parsed.pattern.text} ${name}`, protocol: name, isStaged: environments !== undefined, grants }];
}

function firstGrants(rules: readonly Granting[]): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  for (const rule of rules) for (const grant of rule.grants()) if (!first.has(grant)) first.set(grant, rule.index);
  return first;
}

function firstHit(rule: Granting, granted: ReadonlyMap<string, number>, counts: (index: number) => boolean): number | undefined {
  for (const grant of rule.grants()) {
    const index = granted.get(grant);
    if (index !== undefined && counts(index)) return index;
  }
  return undefined;
}
