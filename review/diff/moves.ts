/** How things were called before a change. */
import type { ResourceGraph } from '../plan/resource-graph';

/** What a plan moves, where the other side of a comparison has the names of before. */
export class Moves {
  private readonly earlier = new Map<string, string>();
  private readonly later = new Map<string, string>();

  /** @param was what there was before; undefined for what has the names of before in any case */
  constructor(was: ResourceGraph | undefined, after: ResourceGraph) {
    const has = (address: string) => was?.byAddress(address) !== undefined;
    const moved = after.resources.filter(({ previousAddress }) => previousAddress !== undefined);
    // Terraform has moved what a plan calls its prior state; a file to compare with may have the old names. Something
    // else may have had the new name there: whoever has the names that nothing took over is of before.
    const taken = new Set(moved.map(({ address }) => address));
    const isMovedAlready = was && moved.every(({ address, previousAddress = '' }) => has(address) && (taken.has(previousAddress) || !has(previousAddress)));
    if (isMovedAlready) return;
    for (const { address, previousAddress } of moved) {
      this.earlier.set(address, previousAddress as string);
      this.later.set(previousAddress as string, address);
    }
  }

  /** What a place of now was called, or would have been: `a in b`, `a + b`. Undefined where it stands where another one moved away from. */
  before(text: string): string | undefined {
    if (this.earlier.size === 0) return text;
    const [own] = text.split(BETWEEN, 1);
    if (own !== undefined && !this.earlier.has(own) && this.later.has(own)) return undefined;
    return renamed(text, BETWEEN, this.earlier);
  }

  /** A sentence of before as one of now. */
  sinceThen(sentence: string): string {
    return this.later.size === 0 ? sentence : renamed(sentence, WORDS, this.later);
  }
}

const BETWEEN = /( \+ | in )/;
const WORDS = /([\s,;()]+|:(?=\s|$))/;

function renamed(text: string, separator: RegExp, names: ReadonlyMap<string, string>): string {
  return text.split(separator).map((part) => names.get(part) ?? part).join('');
}

/** A sentence without what a plan and the state that it starts from call themselves. */
export function gistOf(sentence: string): string {
  return sentence.includes('in this ') ? sentence.replace(/\bin this (plan|state|stack)\b/g, 'in this file') : sentence;
}
