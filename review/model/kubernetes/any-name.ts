/** Patterns of host names that hold anybody's. */
import { wildcardProblem } from '../../../blueprints/policy/public-suffix';

/** `*`, `**`, `*.*`; and a pattern below which anybody can get a name: `*.com`. */
export function isAnyName(name: string): boolean {
  if (/^[*.]*$/.test(name)) return true;
  const parent = /^\*+\.([^*]+)$/.exec(name)?.[1];
  return parent !== undefined && wildcardProblem(parent) !== undefined;
}
