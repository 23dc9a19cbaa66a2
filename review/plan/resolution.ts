/** What an expression turned out to point to, before anybody asks for certain types only. */
import { sameTexts, without } from './json';
import type { ModuleInstance } from './module-instance';
import type { ReferenceLink, References, Resource } from './resource-graph';

/** Lists are shared between resolutions and never changed. */
export interface Resolution {
  readonly links: readonly ReferenceLink[];
  /** Modules of which any resource may be meant: see `ModuleScopes`. */
  readonly scopes: readonly ModuleInstance[];
  /** The best guess, where it is less than `links`. */
  readonly likely?: readonly ReferenceLink[];
  /** The same for all instances: all but the guess is taken from there. */
  readonly base?: Resolution;
  /** True when the links are candidates, of which one or some are meant. */
  readonly alternatives: boolean;
  readonly widened: readonly string[];
  readonly unknown: readonly string[];
  /** Of `aws_subnet.s[*].…`, of which the attribute is lost: what is meant by whoever asks for anything but a subnet. */
  readonly beyond?: readonly Beyond[];
}

/** What resources of a type refer to. */
export interface Beyond {
  readonly type: string;
  readonly resolution: Resolution;
}

const NONE: readonly never[] = [];

/** Points to nothing, for certain. */
export const NOTHING: Resolution = { links: NONE, scopes: NONE, alternatives: false, widened: NONE, unknown: NONE };

/** Points to one, some or all of the links; by default more than one are alternatives. */
export function linksTo(links: readonly ReferenceLink[], alternatives = links.length > 1): Resolution {
  return links.length === 0 ? NOTHING : { links, scopes: NONE, alternatives, widened: NONE, unknown: NONE };
}

/** Nobody knows what it points to, and why. */
export function unknown(reason: string): Resolution {
  return { ...NOTHING, unknown: [reason] };
}

/** The same with one more reason. What is changed is no longer what it is for all instances. */
export function withUnknown(resolution: Resolution, reason: string): Resolution {
  return { ...without(resolution, 'base'), unknown: [...resolution.unknown, reason] };
}

/** The same with another guess. */
export function withLikely(resolution: Resolution, likely: readonly ReferenceLink[]): Resolution {
  return { ...without(resolution, 'base'), likely };
}

/** Everything that any part points to. With `all` each part is meant; without, some of them. */
export function union(parts: readonly Resolution[], all: boolean): Resolution {
  let first: Resolution | undefined;
  let count = 0;
  for (let at = 0; at < parts.length; at += 1) {
    if (parts[at] === NOTHING) continue;
    first ??= parts[at];
    count += 1;
  }
  if (!first) return NOTHING;
  if (count === 1) return first;
  const real = parts.filter((part) => part !== NOTHING);
  const links = merge(real.map((part) => part.links));
  const guessed = real.some((part) => part.likely);
  const beyond = real.some((part) => part.beyond) ? distinct(real.flatMap((part) => part.beyond ?? [])) : undefined;
  return {
    links,
    scopes: distinct(real.flatMap((part) => part.scopes)),
    ...(guessed ? { likely: merge(real.map((part) => part.likely ?? part.links)) } : {}),
    alternatives: all ? real.some((part) => part.alternatives) : links.length > 1,
    widened: distinct(real.flatMap((part) => part.widened)),
    unknown: distinct(real.flatMap((part) => part.unknown)),
    ...(beyond ? { beyond } : {}),
  };
}

/**
 * All that is meant by who asks for these types. No resource has an attribute that is another of its
 * own type: who asks for a subnet, and is shown `aws_subnet.s[*]`, has it.
 */
export function whole(resolution: Resolution, types?: readonly string[]): Resolution {
  const { beyond } = resolution;
  if (!beyond) return resolution;
  const near = without(resolution, 'beyond');
  const wanted = beyond.filter(({ type }) => types === undefined || !types.includes(type)).map((each) => whole(each.resolution, types));
  if (wanted.length === 0) return near;
  const found = union([near, ...wanted], true);
  return { ...found, likely: near.likely ?? near.links, alternatives: found.links.length > 1 };
}

/** One link per resource; two attributes of the same one leave it open which is meant. */
export function merge(lists: readonly (readonly ReferenceLink[])[]): readonly ReferenceLink[] {
  const filled = lists.filter((list) => list.length > 0);
  if (filled.length <= 1) return filled[0] ?? NONE;
  const byResource = new Map<Resource, ReferenceLink>();
  for (const list of filled) {
    for (const link of list) {
      const known = byResource.get(link.resource);
      if (!known) byResource.set(link.resource, link);
      else if (known.attribute !== link.attribute) byResource.set(link.resource, { resource: link.resource });
    }
  }
  return [...byResource.values()];
}

/** Each item once, in the order of its first appearance. */
export function distinct<T>(items: readonly T[]): readonly T[] {
  return items.length < 2 ? items : [...new Set(items)];
}

/** The resources of modules out of which a hidden expression may draw. */
export interface Scopes {
  links(module: ModuleInstance, types: readonly string[] | undefined): readonly ReferenceLink[];
  /** Those of them that the module has itself, or is handed by name. */
  near(module: ModuleInstance, types: readonly string[]): readonly ReferenceLink[];
  unknown(module: ModuleInstance, types: readonly string[] | undefined): readonly string[];
}

/** The answer of what points to nothing, for certain. */
const NO_REFERENCES: References = { links: NONE, targets: NONE, likely: NONE, exact: true, widened: NONE };

function isPlain({ links, scopes, likely, widened, unknown: reasons, beyond }: Resolution): boolean {
  return beyond === undefined && links.length <= 1 && scopes.length === 0 && likely === undefined && widened.length === 0 && reasons.length === 0;
}

/** Few lists of types are asked for. */
interface Kept {
  readonly types: readonly string[] | undefined;
  readonly answer: References;
}

/** Turns a resolution into the answer; keeps what it computes, because answers repeat. */
export class Answers {
  private readonly kept = new Map<Resolution, Kept[]>();
  private readonly whole = new Map<Resolution, References>();
  private readonly filtered = new Map<readonly ReferenceLink[], Map<string, readonly ReferenceLink[]>>();
  private readonly resources = new Map<readonly ReferenceLink[], readonly Resource[]>();

  constructor(private readonly scopes: Scopes) {}

  answer(resolution: Resolution, types: readonly string[] | undefined): References {
    if (resolution.base) {
      const answer = this.answer(resolution.base, types);
      const guess = this.filter(resolution.likely ?? [], types);
      return guess.length > 0 ? { ...answer, likely: this.targets(guess) } : answer;
    }
    if (isPlain(resolution)) return this.plain(resolution, types);
    const kept = this.kept.get(resolution);
    const known = kept?.find((each) => sameTexts(each.types, types));
    if (known) return known.answer;
    const answer = this.compute(resolution, types);
    if (kept) kept.push({ types, answer });
    else this.kept.set(resolution, [{ types, answer }]);
    return answer;
  }

  /** One resource or none, and nothing to explain: most answers, so that keeping one per list of types would cost more than it saves. */
  private plain(resolution: Resolution, types: readonly string[] | undefined): References {
    const [link] = resolution.links;
    if (!link || (types && !types.includes(link.resource.type))) return NO_REFERENCES;
    let answer = this.whole.get(resolution);
    if (!answer) {
      const targets = [link.resource];
      this.whole.set(resolution, (answer = { links: resolution.links, targets, likely: targets, exact: true, widened: NONE }));
    }
    return answer;
  }

  private compute(short: Resolution, types: readonly string[] | undefined): References {
    const resolution = whole(short, types);
    const named = this.filter(resolution.links, types);
    const links = resolution.scopes.length === 0 ? named : merge([named, ...resolution.scopes.map((scope) => this.scopes.links(scope, types))]);
    const told = resolution.likely ? this.filter(resolution.likely, types) : named;
    const guess = told.length > 0 || types === undefined ? told : merge(resolution.scopes.map((scope) => this.scopes.near(scope, types)));
    const reasons = distinct([...resolution.unknown, ...resolution.scopes.flatMap((scope) => this.scopes.unknown(scope, types))]);
    const reason = reasons.length > 0 ? reasons.join('; ') : undefined;
    const isNarrow = resolution.widened.length === 0;
    // Of all that a hidden expression can draw on there is one of the wanted kind.
    const isOnlyOne = types !== undefined && resolution.scopes.length > 0 && links.length === 1;
    return {
      links,
      targets: this.targets(links),
      likely: guess.length > 0 ? this.targets(guess) : this.targets(links),
      ...(guess.length === 0 && links.length > 0 ? { isFar: true } : {}),
      exact: reason === undefined && (isNarrow || isOnlyOne) && !(resolution.alternatives && links.length > 1),
      widened: resolution.widened,
      ...(reason === undefined ? {} : { unknown: reason }),
    };
  }

  private filter(links: readonly ReferenceLink[], types: readonly string[] | undefined): readonly ReferenceLink[] {
    if (!types || links.length === 0) return links;
    if (links.length === 1) return types.includes((links[0] as ReferenceLink).resource.type) ? links : NONE;
    let byTypes = this.filtered.get(links);
    if (!byTypes) this.filtered.set(links, (byTypes = new Map()));
    const key = types.join(' ');
    let found = byTypes.get(key);
    if (!found) {
      const wanted = new Set(types);
      found = links.filter((link) => wanted.has(link.resource.type));
      byTypes.set(key, found.length === links.length ? links : found);
    }
    return found;
  }

  private targets(links: readonly ReferenceLink[]): readonly Resource[] {
    if (links.length === 1) return [(links[0] as ReferenceLink).resource];
    let targets = this.resources.get(links);
    if (!targets) this.resources.set(links, (targets = links.map((link) => link.resource)));
    return targets;
  }
}
