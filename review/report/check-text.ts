/** What a report says about a check beyond its findings. */
import type { Check } from '../checks/check';

/** A check without the part that runs. Every `Check` is one. */
export type CheckText = Pick<Check<never>, 'id' | 'title' | 'severity' | 'why' | 'fix' | 'references' | 'comparable'>;

/** By id; of checks that several clouds share the first counts. */
export function checkTexts(checks: readonly CheckText[]): ReadonlyMap<string, CheckText> {
  const texts = new Map<string, CheckText>();
  for (const check of checks) if (!texts.has(check.id)) texts.set(check.id, check);
  return texts;
}
