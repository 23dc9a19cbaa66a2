/** Ways that traffic takes only if something is as the plan leaves open. */
import type { Hop, Outcome } from '../network-model';
import type { Traffic } from '../traffic';
import { fateOf, isSearching } from './fate';
import type { Choice } from './read';

/**
 * Traffic that may or may not come to a hop. If it could get out from there with no control by
 * name, the answer is unknown; if not, following it does no harm, and tells what stops or guards it.
 */
export function doubtfully(to: Hop, traffic: Traffic, reason: string, guarded = false): Outcome {
  return !guarded && !isSearching() && fateOf(to, traffic).leaks ? { kind: 'unknown', traffic, reason } : { kind: 'next', to, traffic };
}

/**
 * One outcome per thing that may be meant. What is only possible is followed where it comes to
 * another end: so that not every combination of possibilities becomes a path of its own.
 *
 * @param guarded true behind a control by name, where a doubt about the way opens nothing.
 */
export function chosen<T>(choice: Choice<T>, traffic: Traffic, hop: (item: T) => Hop, guarded = false): readonly Outcome[] {
  const hops = choice.likely.map(hop);
  return [
    ...(hops.length < 2 || guarded ? hops.map((to): Outcome => ({ kind: 'next', to, traffic })) : eitherOf(hops, traffic, choice.widened ?? 'the plan does not say which one is meant')),
    ...possibly(choice.others.map(hop), hops, traffic, choice.widened ?? choice.unknown ?? 'the plan does not say which one is meant', guarded),
    ...(choice.unknown === undefined ? [] : [{ kind: 'unknown', traffic, reason: choice.unknown } satisfies Outcome]),
  ];
}

/** Of several one is meant: where some let it out and others do not, nobody knows. */
function eitherOf(hops: readonly Hop[], traffic: Traffic, reason: string): readonly Outcome[] {
  const closed = isSearching() ? hops : hops.filter((to) => !fateOf(to, traffic).leaks);
  const isMixed = closed.length > 0 && closed.length < hops.length;
  return [...(isMixed ? closed : hops).map((to): Outcome => ({ kind: 'next', to, traffic })), ...(isMixed ? [{ kind: 'unknown', traffic, reason } satisfies Outcome] : [])];
}

/** The outcomes of what is possible beside what is likely, as far as they differ. */
export function possibly(others: readonly Hop[], likely: readonly Hop[], traffic: Traffic, reason: string, guarded = false): readonly Outcome[] {
  if (others.length === 0) return [];
  if (isSearching()) return others.map((to): Outcome => ({ kind: 'next', to, traffic }));
  if (guarded) {
    const isOut = (hop: Hop) => fateOf(hop, traffic).leaks || fateOf(hop, traffic).controls.size > 0;
    const way = likely.some(isOut) ? undefined : others.find(isOut);
    return way ? [{ kind: 'next', to: way, traffic }] : [];
  }
  const expected = new Set(likely.flatMap((hop) => [...fateOf(hop, traffic).controls]));
  const outcomes: Outcome[] = [];
  let lost = false;
  for (const hop of others) {
    const fate = fateOf(hop, traffic);
    if (fate.leaks) lost = true;
    else if ([...fate.controls].some((control) => !expected.has(control))) {
      fate.controls.forEach((control) => expected.add(control));
      outcomes.push({ kind: 'next', to: hop, traffic });
    }
  }
  return lost ? [...outcomes, { kind: 'unknown', traffic, reason }] : outcomes;
}
