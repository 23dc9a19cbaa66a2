/**
 * Resources by `for_each` whose plan does not tell which of several things each is for (`network[each.key].id`), where
 * Google lets a thing have only one of them: as many as there are things, each thing has one. Which one is a guess.
 */
import type { Resource } from '../../plan/resource-graph';

/** A resource, what it may be for, and what it most likely is for. */
export interface Part<T> {
  readonly resource: Resource;
  readonly candidates: readonly T[];
  readonly likely?: T;
}

/** What a thing has one of: most likely the first. */
export interface OneOf {
  readonly likely: Resource;
  readonly all: readonly Resource[];
}

/** `isOnlyOne`: whether Google refuses a second one of these resources for the same thing. */
export function oneEach<T>(parts: readonly Part<T>[], isOnlyOne: (resources: readonly Resource[]) => boolean): ReadonlyMap<T, readonly OneOf[]> {
  const blocks = new Map<string, Part<T>[]>();
  for (const part of parts) {
    if (part.candidates.length < 2 || part.likely === undefined) continue;
    const { moduleAddress, type, name } = part.resource;
    const block = `${moduleAddress} ${type}.${name}`;
    const others = blocks.get(block);
    if (others) others.push(part);
    else blocks.set(block, [part]);
  }
  const found = new Map<T, OneOf[]>();
  for (const block of blocks.values()) {
    const things = new Set(block.flatMap(({ candidates }) => candidates));
    const all = block.map(({ resource }) => resource);
    const isWhole = things.size === block.length && new Set(block.map(({ likely }) => likely)).size === block.length && block.every(({ candidates }) => candidates.length === things.size);
    if (!isWhole || !isOnlyOne(all)) continue;
    for (const { resource, likely } of block) {
      const one = { likely: resource, all };
      const others = found.get(likely as T);
      if (others) others.push(one);
      else found.set(likely as T, [one]);
    }
  }
  return found;
}
