/** What a last rule of a security group looks like. */
import type { SecurityRule } from '../../model/azure/security-group';

/** True for a rule that surely denies everything. */
export function deniesAll(rule: SecurityRule): boolean {
  const isAny = (items: readonly string[]) => items.some((item) => item === '*');
  return rule.access === 'Deny' && rule.doubt === undefined && rule.protocol === '*' && isAny(rule.sources.items) && isAny(rule.destinations.items)
    && rule.ports.items.some((port) => port === '*' || port === '0-65535') && rule.sourcePorts.items.every((port) => port === '*' || port === '0-65535');
}
