/** Whether something that may happen to packets lets them out, or may, past every control that knows names. */
import type { Guard, Outcome } from '../network-model';

/** Ways that nobody can follow to their end count as leading out. */
const MOST_STEPS = 1_000;

export function leaks(outcomes: readonly Outcome[]): boolean {
  const open: { readonly outcome: Outcome; readonly isGuarded: boolean }[] = outcomes.map((outcome) => ({ outcome, isGuarded: false }));
  for (let steps = 0; open.length > 0; steps += 1) {
    const { outcome, isGuarded } = open.pop() as (typeof open)[number];
    if (outcome.kind === 'unknown' || steps > MOST_STEPS) return true;
    if (outcome.kind === 'internet' && !isGuarded && !isListed(outcome.guard)) return true;
    if (outcome.kind !== 'next') continue;
    const guarded = isGuarded || isListed(outcome.guard);
    for (const next of outcome.to.forward(outcome.traffic)) open.push({ outcome: next, isGuarded: guarded });
  }
  return false;
}

/** Whether it lets through names of a list alone. */
export function isListed(guard: Guard | undefined): boolean {
  return guard !== undefined && guard.hosts.every(({ host }) => host !== '*');
}
