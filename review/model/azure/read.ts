/**
 * Values of resources as far as the plan knows them. Nothing here trusts the shape of a plan: what
 * is missing or of another kind is absent, and what is not known says why.
 */
import { printPath, toPath, type AttributePath, type PathLike } from '../../plan/attribute-path';
import { isList, isObject, ownTexts } from '../../plan/json';
import { parseReference, primaryReferences } from '../../plan/reference';
import type { Json, References, Resource } from '../../plan/resource-graph';

/** A list of texts; `unknown` says why there may be more of them. */
export interface Texts {
  readonly items: readonly string[];
  readonly unknown?: string;
}

export const NO_TEXTS: Texts = { items: [] };

/** Text, or a number as text; undefined when empty, absent or not known. */
export function text(resource: Resource, path: PathLike): string | undefined {
  return asText(resource.valueAt(path));
}

export function flag(resource: Resource, path: PathLike): boolean | undefined {
  const value = resource.valueAt(path);
  if (typeof value === 'boolean') return value;
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

export function numberAt(resource: Resource, path: PathLike): number | undefined {
  const value = resource.valueAt(path);
  const found = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
  return Number.isFinite(found) ? found : undefined;
}

/** A list, or a single value in its place. */
export function texts(resource: Resource, path: PathLike): Texts {
  const value = resource.valueAt(path);
  const items = (Array.isArray(value) ? (value as readonly Json[]) : [value]).map(asText).filter((item) => item !== undefined);
  const why = isUnset(resource, path) ? undefined : resource.unknownAt(path);
  if (why !== undefined) return { items, unknown: `${resource.address} ${printPath(toPath(path))}: ${why}` };
  if (Array.isArray(value) && resource.hasUnknown(path)) return { items, unknown: `part of ${resource.address} ${printPath(toPath(path))} is not known` };
  return { items };
}

/** Prefixes that are written, or that a pool of addresses hands out, which is known after the apply alone. */
export function prefixesAt(resource: Resource, at: AttributePath, name: string): Texts {
  const found = texts(resource, under(at, name));
  if (found.items.length > 0 || found.unknown !== undefined || resource.elements(under(at, 'ip_address_pool')).length === 0) return found;
  return { items: [], unknown: `${resource.address} gets its addresses from a pool` };
}

/** Several lists as one. */
export function allTexts(lists: readonly Texts[]): Texts {
  const unknown = lists.find((list) => list.unknown !== undefined)?.unknown;
  return { items: lists.flatMap(({ items }) => items), ...(unknown === undefined ? {} : { unknown }) };
}

/** True when the configuration says nothing of it, so that it has the provider's or Azure's default. */
export function isUnset(resource: Resource, path: PathLike): boolean {
  const value = resource.valueAt(path);
  if (value !== undefined && value !== null && value !== '') return false;
  if (resource.unknownAt(path) === undefined) return true;
  const steps = toPath(path);
  // An attribute that the provider fills in by itself is unknown before an apply, though nobody set it.
  return steps.length === 1 && resource.action !== 'unplanned' && !resource.isConfigured(steps);
}

/** Blocks that Azure fills in where nobody writes them: unknown before an apply, and then nothing of ours. */
const FILLED_BY_AZURE: ReadonlySet<string> = new Set(['security_rule', 'route', 'subnet', 'network_profile', 'custom_parameters', 'managed_network']);

/**
 * Why a block's number or content is not known as a whole. The configuration in a plan leaves out what
 * a `dynamic` block makes, so a block that it lacks may still have been written.
 */
export function unknownBlocks(resource: Resource, path: PathLike): string | undefined {
  const why = resource.unknownAt(path);
  const steps = toPath(path);
  const isFilled = steps.length === 1 && FILLED_BY_AZURE.has(String(steps[0])) && isUnset(resource, path);
  return why === undefined || isFilled ? undefined : `${resource.address} ${printPath(steps)}: ${why}`;
}

export function under(path: AttributePath, name: string): AttributePath {
  return [...path, name];
}

/** What a value points to. */
export interface Pointed {
  readonly targets: readonly Resource[];
  /** True when it is just these. */
  readonly exact: boolean;
  /** Why it may be something that the plan does not hold. */
  readonly unknown?: string;
  /** False when nobody set it: then it points nowhere. */
  readonly isSet: boolean;
  /** The id itself, lower case, of a subnet: one that is written inside a network is named by nothing else. */
  readonly subnetId?: string;
}

export const NOWHERE: Pointed = { targets: [], exact: true, isSet: false };

/** The managed resources of some types that a value points to. */
export function pointsTo(resource: Resource, path: PathLike, ...types: readonly string[]): Pointed {
  if (isUnset(resource, path)) return NOWHERE;
  const value = resource.valueAt(path);
  if (Array.isArray(value) && value.length === 0 && !resource.hasUnknown(path)) return NOWHERE;
  const found = namedOnly(resource, path, types, resource.references(path, { types }));
  const managed = managedOf(found.targets);
  // An id is one thing: what the plan makes stays its own whoever else reads it.
  const isOne = found.exact && managed.length === 1 && typeof value === 'string' && value.startsWith('/');
  const outside = managed.length < found.targets.length && !isOne ? 'it is looked up by a data source' : undefined;
  const unknown = found.unknown ?? outside ?? (managed.length === 0 ? `${resource.address} ${printPath(toPath(path))} points to nothing in the plan` : undefined);
  const subnetId = typeof value === 'string' && value.includes('/subnets/') ? value.toLowerCase() : undefined;
  return { targets: managed, exact: found.exact && unknown === undefined, isSet: true, ...(unknown === undefined ? {} : { unknown }), ...(subnetId === undefined ? {} : { subnetId }) };
}

const managedTargets = new WeakMap<readonly Resource[], readonly Resource[]>();

/** The same list for the same targets: lists of thousands are shared by thousands. */
function managedOf(targets: readonly Resource[]): readonly Resource[] {
  let managed = managedTargets.get(targets);
  if (!managed) managedTargets.set(targets, (managed = targets.every(({ mode }) => mode === 'managed') ? targets : targets.filter(({ mode }) => mode === 'managed')));
  return managed;
}

const narrowed = new WeakMap<readonly Resource[], Map<string, readonly Resource[]>>();

type Found = Pick<References, 'targets' | 'exact' | 'unknown'>;

/**
 * A plan writes `azurerm_subnet.x[each.key].id` as `azurerm_subnet.x` and `each.key`, which leaves open
 * what of the subnet is meant. No subnet, group, table or address of Azure hands out the id of
 * another one of its type: it is an instance of what is named, and of nothing else; beside `each.key` it is the one
 * with that very key, which is what such an expression is written for.
 */
function namedOnly(resource: Resource, path: PathLike, types: readonly string[], found: Found): Found {
  if (found.exact || found.targets.length === 0) return found;
  const references = referencesAt(resource, toPath(path));
  if (!references) return found;
  const names = new Set<string>();
  let isKeyed = false;
  for (const reference of references) {
    isKeyed ||= reference === 'each.key';
    if (reference === 'each.key' || reference === 'count.index') continue;
    const match = /^(azurerm_[a-z0-9_]+)\.([\w-]+)(?=$|[.[])/.exec(reference);
    if (!match || !types.includes(match[1] as string)) return ofEntry(resource, types, found, references);
    names.add(match[0]);
  }
  if (names.size === 0) return found;
  let byName = narrowed.get(found.targets);
  if (!byName) narrowed.set(found.targets, (byName = new Map()));
  const key = `${resource.moduleAddress} ${[...names].sort().join(' ')}`;
  let targets = byName.get(key);
  if (!targets) {
    targets = found.targets.filter((target) => target.mode === 'managed' && target.moduleAddress === resource.moduleAddress && names.has(`${target.type}.${target.name}`));
    byName.set(key, targets);
  }
  if ([...names].some((name) => !(targets as readonly Resource[]).some((target) => name === `${target.type}.${target.name}`))) return found;
  const same = isKeyed && typeof resource.key === 'string' ? withKey(targets, resource.key) : [];
  return same.length > 0 ? { targets: same, exact: same.length === 1 } : { targets, exact: targets.length === 1 };
}

/** What the expression of a value names; undefined where the plan does not tell which expression it is. */
function referencesAt(resource: Resource, steps: AttributePath): readonly string[] | undefined {
  // Blocks are in another order in the configuration than in values: of several nobody knows which is which.
  for (let at = 1; at < steps.length; at += 2) {
    const block = steps.slice(0, at);
    const written = resource.configExpression(block);
    if (steps[at] !== 0 || !isList(written) || written.length !== 1 || resource.elements(block).length !== 1) return undefined;
  }
  const expression = typeof steps.at(-1) === 'string' ? resource.configExpression(steps) : undefined;
  return isObject(expression) ? ownTexts(expression, 'references') : undefined;
}

/**
 * `module.network.subnet_ids["app"]`, or `local.subnet_ids[each.key]` beside the subnets themselves: how such a map
 * is made is in no plan, and yet its keys are those of what it is made of, or their names. A group or a table is taken
 * by such a key from what a module hands out alone: a local may say which subnet has which of them.
 */
function ofEntry(resource: Resource, types: readonly string[], found: Found, references: readonly string[]): Found {
  const entry = entryOf(resource, references);
  if (!entry || (entry.isLocal && !types.includes('azurerm_subnet'))) return found;
  const { key } = entry;
  const managed = managedOf(found.targets);
  const { byKey, byName } = entriesOf(managed, entry.isLocal ? resource.moduleAddress : undefined);
  const [only, ...others] = byKey.get(key) ?? byName.get(key) ?? [];
  return only && others.length === 0 ? { targets: [only], exact: true } : found;
}

/** What a map may hold, by its own key or that of its module, and by its name. */
interface Entries {
  readonly byKey: ReadonlyMap<string, readonly Resource[]>;
  readonly byName: ReadonlyMap<string, readonly Resource[]>;
}

const entries = new WeakMap<readonly Resource[], Map<string | undefined, Entries>>();

/** @param module of which the map is; anywhere if undefined */
function entriesOf(targets: readonly Resource[], module: string | undefined): Entries {
  let byModule = entries.get(targets);
  if (!byModule) entries.set(targets, (byModule = new Map()));
  let found = byModule.get(module);
  if (!found) {
    const scope = module === undefined ? targets : targets.filter(({ moduleAddress }) => moduleAddress === module);
    byModule.set(module, (found = { byKey: grouped(scope, keysOf), byName: grouped(scope, (target) => [text(target, 'name')]) }));
  }
  return found;
}

function keysOf({ key, moduleAddress }: Resource): readonly (string | undefined)[] {
  const ofModule = /\["((?:[^"\\]|\\.)*)"\]$/.exec(moduleAddress)?.[1];
  return [...new Set([typeof key === 'string' ? key : undefined, ofModule])];
}

function grouped<K>(targets: readonly Resource[], keysFor: (target: Resource) => readonly (K | undefined)[]): ReadonlyMap<K, readonly Resource[]> {
  const result = new Map<K, Resource[]>();
  for (const target of targets) {
    for (const key of keysFor(target)) {
      if (key === undefined) continue;
      const known = result.get(key);
      if (known) known.push(target);
      else result.set(key, [target]);
    }
  }
  return result;
}

const keyed = new WeakMap<readonly Resource[], ReadonlyMap<string | number, readonly Resource[]>>();

/** Those with an instance key; looked up, because lists of thousands are shared by thousands. */
export function withKey(targets: readonly Resource[], key: string | number): readonly Resource[] {
  let index = keyed.get(targets);
  if (!index) keyed.set(targets, (index = grouped(targets, ({ key: own }) => [own])));
  return index.get(key) ?? [];
}

/** The key by which one thing is taken out of a map. */
function entryOf(resource: Resource, references: readonly string[]): { readonly key: string; readonly isLocal: boolean } | undefined {
  const primary = primaryReferences(references).map(parseReference);
  const [first, second] = primary;
  if (first?.kind === 'module' && primary.length === 1 && first.output !== undefined && typeof first.rest[0] === 'string') return { key: first.rest[0], isLocal: false };
  const isKeyed = primary.length === 2 && second?.kind === 'each.key' && typeof resource.key === 'string';
  if (!isKeyed || first === undefined) return undefined;
  if (first.kind === 'module' && first.output !== undefined && first.rest.length === 0) return { key: resource.key as string, isLocal: false };
  return first.kind === 'local' && first.rest.length === 0 ? { key: resource.key as string, isLocal: true } : undefined;
}

function asText(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' ? String(value) : undefined;
}
