/**
 * Tags and service accounts: what rules and routes ask for, and what machines carry. A key is a
 * Terraform address where the plan makes the thing, else its text.
 */
import { canonicalIdentity } from '../../plan/identity';
import type { AttributePath } from '../../plan/attribute-path';
import type { References, Resource } from '../../plan/resource-graph';
import { hiddenAt } from './reading';

export interface Keys {
  readonly sure: ReadonlySet<string>;
  /** A machine that the plan does not have yet may carry these; nobody promises that it does or does not. */
  readonly could: ReadonlySet<string>;
  /** Some of these; the plan does not tell which. */
  readonly maybe: ReadonlySet<string>;
  /** Why there may be others. */
  readonly unknown?: string;
  /** True when those others are none that the plan makes: nothing of it is referred to. */
  readonly isElsewhere?: boolean;
}

const NONE: ReadonlySet<string> = new Set();

/** The account of Compute Engine that whatever names no other runs as. Only its project's number tells its name. */
export const DEFAULT_ACCOUNT = 'the default account of Compute Engine';
const DEFAULT_NAME = /-compute@developer\.gserviceaccount\.com$/;

export const NO_KEYS: Keys = { sure: NONE, could: NONE, maybe: NONE };

export function keysOf(sure: Iterable<string>, could: Iterable<string> = []): Keys {
  return { sure: new Set(sure), could: new Set(could), maybe: NONE };
}

/** Any, for a reason. */
export function unknownKeys(reason: string): Keys {
  return { ...NO_KEYS, unknown: reason };
}

export function hasKeys(keys: Keys): boolean {
  return keys.sure.size + keys.could.size + keys.maybe.size > 0 || keys.unknown !== undefined;
}

/** Everything that may be among them. */
export function allKeys(keys: Keys): readonly string[] {
  return [...keys.sure, ...keys.could, ...keys.maybe];
}

export function joinKeys(lists: readonly Keys[]): Keys {
  const open = lists.filter((keys) => keys.unknown !== undefined);
  const unknown = open[0]?.unknown;
  return {
    sure: new Set(lists.flatMap((keys) => [...keys.sure])),
    could: new Set(lists.flatMap((keys) => [...keys.could])),
    maybe: new Set(lists.flatMap((keys) => [...keys.maybe])),
    ...(unknown === undefined ? {} : { unknown }),
    ...(open.length > 0 && open.every(({ isElsewhere }) => isElsewhere) ? { isElsewhere: true } : {}),
  };
}

/**
 * The keys at a path: a text, a list of texts, or with `element` an attribute of each element of
 * a block. `types` are the resources that stand for a key.
 */
export function keysAt(resource: Resource, path: AttributePath, types: readonly string[], element?: string): Keys {
  const elements = resource.elements(path);
  const places = element === undefined
    ? (elements.length > 0 ? elements : [path])
    : elements.map((each) => [...each, element]);
  // A list that is not known as a whole still says what it refers to.
  if (element !== undefined && places.length === 0) return keyAt(resource, path, types);
  return joinKeys(places.map((place) => keyAt(resource, place, types)));
}

function keyAt(resource: Resource, path: AttributePath, types: readonly string[]): Keys {
  const value = resource.valueAt(path);
  const hidden = hiddenAt(resource, path);
  const text = typeof value === 'string' && value !== '' ? value : undefined;
  if (text === undefined && hidden === undefined) {
    // A null in a list stands for what is not known.
    return value === null && resource.unknownAt(path) !== undefined ? fromReferences(resource.references(path, { types }), `${resource.address}: known after apply`) : NO_KEYS;
  }
  const references = types.length > 0 ? resource.references(path, { types }) : undefined;
  if (text !== undefined) {
    const named = references?.targets.length === 1 ? [(references.targets[0] as Resource).address] : [];
    // An account of the plan, or of another project.
    if (named.length > 0 && references?.unknown !== undefined) return { ...keysOf([text]), maybe: new Set(named) };
    return keysOf(named.length > 0 ? named : [canonicalIdentity(text)]);
  }
  if (!references) return { ...NO_KEYS, unknown: hidden as string };
  const keys = fromReferences(references, hidden as string);
  // The default account of a project, where a module writes a null; or one that some data source finds.
  return references.targets.length === 0 && resource.references(path).unknown === undefined ? { ...keys, isElsewhere: true } : keys;
}

function fromReferences(references: References, reason: string): Keys {
  const addresses = references.targets.map(({ address }) => address);
  // What nobody hands in is as well the project's default account, which a module has for a null.
  if (references.unknown === undefined && addresses.length > 0 && !references.isFar && (references.exact || addresses.length === 1)) return keysOf(addresses);
  const unknown = references.unknown ?? (addresses.length === 0 || references.isFar ? reason : undefined);
  return { ...NO_KEYS, maybe: new Set(addresses), ...(unknown === undefined ? {} : { unknown }) };
}

/** `could`: depends on what somebody will give to a machine that is not in the plan. */
export type Match = { readonly kind: 'yes' | 'no' | 'could' } | { readonly kind: 'unknown'; readonly reason: string };

export const YES: Match = { kind: 'yes' };
export const NO: Match = { kind: 'no' };
const COULD: Match = { kind: 'could' };

/** Whether a machine carries one of the wanted keys. */
export function matchKeys(wanted: Keys, carried: Keys): Match {
  if (some(wanted.sure, carried.sure)) return YES;
  if (some(wanted.sure, carried.could)) return COULD;
  const carriedAny = new Set(allKeys(carried));
  if (some(wanted.maybe, carriedAny) || some(wanted.sure, carried.maybe)) {
    return { kind: 'unknown', reason: `which of ${allKeys(wanted).join(', ')} is meant is known after apply` };
  }
  if (carried.unknown !== undefined && hasKeys(wanted) && !(carried.isElsewhere && isPlanned(wanted))) return { kind: 'unknown', reason: carried.unknown };
  if (carriedAny.has(DEFAULT_ACCOUNT) && allKeys(wanted).some((key) => DEFAULT_NAME.test(key))) return { kind: 'unknown', reason: `whether it runs as ${allKeys(wanted).find((key) => DEFAULT_NAME.test(key))} is not known: it names no account` };
  // A list that is not known may also be empty, and then it is everybody who is meant.
  if (wanted.unknown !== undefined) return { kind: 'unknown', reason: wanted.unknown };
  return NO;
}

/** True when nothing is wanted but what the plan makes. */
function isPlanned(wanted: Keys): boolean {
  return wanted.unknown === undefined && allKeys(wanted).every((key) => /(^|\.)google_(service_account|tags_tag_value)\./.test(key));
}

function some(keys: ReadonlySet<string>, among: ReadonlySet<string>): boolean {
  for (const key of keys) if (among.has(key)) return true;
  return false;
}

/** The stronger of two answers to "is it meant at all?". */
export function eitherMatch(matches: readonly Match[]): Match {
  return matches.find(({ kind }) => kind === 'yes')
    ?? matches.find(({ kind }) => kind === 'could')
    ?? matches.find(({ kind }) => kind === 'unknown')
    ?? NO;
}

/** The same text for the same keys, to share what is computed for them. */
export function keysText(keys: Keys): string {
  return [keys.sure, keys.could, keys.maybe].map((set) => [...set].sort().join(',')).join('|') + (keys.unknown ?? '') + (keys.isElsewhere ? '!' : '');
}
