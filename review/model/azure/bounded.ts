/**
 * What happens behind a control by host name is bounded by its list: routes that the control's own subnet learns may lead
 * elsewhere, and yet nobody but the listed hosts is called.
 */
import type { Guard, Hop, Outcome } from '../network-model';
import type { Traffic } from '../traffic';
import { undoubted } from './doubt';

/** By what is behind a control, and by itself: behind another it is no other hop, so that a circle ends. */
const kept = new WeakMap<Hop, Hop>();

/** The same outcome with the guard; of what nobody knows behind it, all is taken to get there. */
export function bounded(outcome: Outcome, guard: Guard): Outcome {
  if (guard.hosts.some(({ host }) => host === '*')) return outcome.kind === 'next' || outcome.kind === 'internet' ? { ...outcome, guard } : outcome;
  const found = arriving(outcome);
  return found.kind === 'next' || found.kind === 'internet' ? { ...found, guard } : found;
}

function arriving(outcome: Outcome): Outcome {
  if (outcome.kind === 'unknown') return { kind: 'internet', traffic: outcome.traffic };
  return outcome.kind === 'next' ? { ...outcome, to: behind(outcome.to) } : outcome;
}

function behind(any: Hop): Hop {
  const hop = undoubted(any);
  let found = kept.get(hop);
  if (!found) {
    const { address, kind, label } = hop;
    found = { address, kind, ...(label === undefined ? {} : { label }), forward: (traffic: Traffic) => hop.forward(traffic).map(arriving) };
    kept.set(hop, found);
    kept.set(found, found);
  }
  return found;
}
