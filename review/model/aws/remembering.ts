/** Hops that many places share are asked the same again and again. */
import type { Hop, Outcome } from '../network-model';
import type { Traffic } from '../traffic';
import { doubtsSoFar, isSearch, isSearching } from './fate';

/** More different traffic than this goes through no hop of a plan that anybody wrote; the rest is computed anew. */
const MOST = 64;

/** What a hop answered to some traffic: without a search, and in one. */
interface Answers {
  readonly traffic: Traffic;
  usual: readonly Outcome[] | undefined;
  searched: readonly Outcome[] | undefined;
}

/**
 * The hop with a memory: what it answered for the very same traffic it answers again. Its answers
 * depend on nothing but the traffic, and where it has doubts, on whether a search asks.
 */
export function remembering(hop: Hop): Hop & { fates: undefined } {
  const memory = new Memory(hop);
  return { address: hop.address, kind: hop.kind, label: hop.label, forward: (traffic) => memory.answer(traffic), isShared: hop.isShared ?? false, fates: undefined };
}

class Memory {
  /** Most hops are asked about one traffic. */
  private first: Answers | undefined;
  private more: Map<Traffic, Answers> | undefined;

  constructor(private readonly hop: Hop) {}

  answer(traffic: Traffic): readonly Outcome[] {
    const known = this.first?.traffic === traffic ? this.first : this.more?.get(traffic);
    const isSearched = isSearch();
    const found = known && (isSearched ? known.searched : known.usual);
    if (found) {
      // Whoever asked on this hop's behalf has then asked, too.
      if (known.usual !== known.searched) isSearching();
      return found;
    }
    const before = doubtsSoFar();
    const made = this.hop.forward(traffic);
    const isEither = doubtsSoFar() === before;
    const kept = known ?? this.keep(traffic);
    if (isSearched || isEither) kept.searched = made;
    if (!isSearched || isEither) kept.usual = made;
    return made;
  }

  private keep(traffic: Traffic): Answers {
    const kept: Answers = { traffic, usual: undefined, searched: undefined };
    if (!this.first) this.first = kept;
    else if ((this.more ??= new Map<Traffic, Answers>()).size < MOST) this.more.set(traffic, kept);
    return kept;
  }
}
