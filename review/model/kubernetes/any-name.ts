/** Patterns of host names that hold anybody's. */
import { wildcardProblem } from '../../../blueprints/policy/public-suffix';

/**
 * `*`, `**`, `*.*`; a pattern below which anybody can get a name: `*.com`, `*.*.com`; and one whose
 * asterisk stands in the part that people register: `*example.com` holds `not-example.com`, too.
 */
export function isAnyName(name: string): boolean {
  const labels = name.replace(/\.$/, '').split('.');
  const last = labels.findLastIndex((label) => label.includes('*'));
  if (last < 0) return false;
  const below = labels.slice(last + 1).join('.');
  return below === '' || wildcardProblem(below) !== undefined;
}
