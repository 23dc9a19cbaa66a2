/** What a last rule of a security group looks like. */
import type { SecurityRule } from '../../model/azure/security-group';

/** True for a rule that surely denies everything. */
export function deniesAll(rule: SecurityRule): boolean {
  return deniesWhatever(rule, '*');
}

/** True for a rule that surely denies everything to the internet, as Azure's tag means it. */
export function deniesInternet(rule: SecurityRule): boolean {
  return deniesWhatever(rule, 'internet');
}

function deniesWhatever(rule: SecurityRule, destination: string): boolean {
  const isAny = (items: readonly string[], what = '*') => items.some((item) => item.toLowerCase() === what);
  return rule.access === 'Deny' && rule.doubt === undefined && rule.protocol === '*' && isAny(rule.sources.items) && isAny(rule.destinations.items, destination)
    && rule.ports.items.some((port) => port === '*' || port === '0-65535') && rule.sourcePorts.items.every((port) => port === '*' || port === '0-65535');
}
