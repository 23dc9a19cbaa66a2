import type { IConstruct } from 'constructs';
import { BlueprintError } from '../blueprint-error';

/** What one part of a network adds to the rule attributes of its firewall policy. */
export interface RuleAttributes {
  /** In words: `hosts`. */
  readonly of: string;
  readonly count: number;
}

/**
 * Holds the rules of a firewall policy against what the project's quota leaves for them: at apply
 * Google refuses the rule that is one too many, after half of the network stands.
 * https://cloud.google.com/firewall/docs/quotas
 *
 * @throws BlueprintError with the parts, the largest first.
 */
export function checkRuleAttributes(scope: IConstruct, quota: number | undefined, parts: readonly RuleAttributes[]): number {
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  if (quota === undefined || total <= quota) return total;
  const largest = [...parts].sort((a, b) => b.count - a.count).filter(({ count }) => count > 0).map(({ of, count }) => `${of} ${count}`);
  throw new BlueprintError(scope, [{
    message: `google: the firewall policy needs ${total} rule attributes and ruleAttributeQuota leaves ${quota} (${largest.join(', ')}); raise the project's quota, remove hosts, or split the environment`,
  }]);
}
