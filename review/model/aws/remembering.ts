/** Hops that many places share are asked the same again and again. */
import type { Hop, Outcome } from '../network-model';
import type { Traffic } from '../traffic';
import { isSearching } from './fate';

/** More different traffic than this goes through no hop of a plan that anybody wrote; the rest is computed anew. */
const MOST = 64;

/**
 * The hop with a memory: what it answered for the very same traffic it answers again. Its answers
 * depend on nothing but the traffic, and on whether a search asks.
 */
export function remembering(hop: Hop): Hop {
  const answers: [Map<Traffic, readonly Outcome[]>?, Map<Traffic, readonly Outcome[]>?] = [];
  return {
    address: hop.address,
    kind: hop.kind,
    label: hop.label,
    forward: (traffic) => {
      const kept = (answers[isSearching() ? 1 : 0] ??= new Map<Traffic, readonly Outcome[]>());
      let found = kept.get(traffic);
      if (!found) {
        found = hop.forward(traffic);
        if (kept.size < MOST) kept.set(traffic, found);
      }
      return found;
    },
    isShared: hop.isShared ?? false,
  };
}
