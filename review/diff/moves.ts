/** How things were called before a change. */
import { inCloud } from '../plan/handed-over';
import type { Resource, ResourceGraph } from '../plan/resource-graph';

/** What a plan moves, where the other side of a comparison has the names of before; and what has another name there with the same id. */
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
    if (!isMovedAlready) for (const { address, previousAddress } of moved) this.note(address, previousAddress as string);
    if (was) for (const [address, earlier] of sameIds(was, after)) if (!this.earlier.has(address) && !this.later.has(earlier)) this.note(address, earlier);
  }

  private note(address: string, earlier: string): void {
    this.earlier.set(address, earlier);
    this.later.set(earlier, address);
  }

  /** Whether it had another name before. */
  has(address: string): boolean {
    return this.earlier.has(address);
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

/**
 * What has an id that something else had before, whose name nothing has any more: moved by hand from one state to
 * another, or within one. By address, sorted as the file is.
 */
function sameIds(was: ResourceGraph, after: ResourceGraph): ReadonlyMap<string, string> {
  // Most is called as it was; of what is new to a plan no id is known.
  const fresh = byId(after.resources.filter(({ address }) => was.byAddress(address) === undefined));
  if (fresh.size === 0) return fresh;
  const types = new Set([...fresh.keys()].map((key) => key.split(' ', 1)[0]));
  const gone = byId(was.resources.filter(({ type, address }) => types.has(type) && after.byAddress(address) === undefined));
  return new Map([...fresh].flatMap(([key, address]) => {
    const earlier = gone.get(key);
    return address === '' || earlier === undefined || earlier === '' ? [] : [[address, earlier] as const];
  }));
}

/** Addresses; empty where two have the id. */
function byId(resources: readonly Resource[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const resource of resources) {
    const key = inCloud(resource);
    if (key !== undefined) found.set(key, found.has(key) ? '' : resource.address);
  }
  return found;
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
