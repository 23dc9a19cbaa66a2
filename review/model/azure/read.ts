/**
 * Values of resources as far as the plan knows them. Nothing here trusts the shape of a plan: what
 * is missing or of another kind is absent, and what is not known says why.
 */
import { printPath, toPath, type AttributePath, type PathLike } from '../../plan/attribute-path';
import { SENSITIVE } from '../../plan/masking';
import type { Json, Resource } from '../../plan/resource-graph';
import type { Family } from '../addresses';
import { narrowed } from './keyed-references';

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

/** `IPv4`, which is Azure's default, or `IPv6`; undefined where the plan does not tell. */
export function familyAt(resource: Resource, path: PathLike): Family | undefined {
  if (isUnset(resource, path)) return 4;
  const version = text(resource, path)?.toLowerCase();
  return version === 'ipv4' ? 4 : version === 'ipv6' ? 6 : undefined;
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
  const found = narrowed(resource, toPath(path), types, resource.references(path, { types }));
  const managed = managedOf(found.targets);
  // An id is one thing: what the plan makes stays its own whoever else reads it.
  const isOne = found.exact && managed.length === 1 && typeof value === 'string' && value.startsWith('/');
  const outside = managed.length < found.targets.length && !isOne ? 'it is looked up by a data source' : undefined;
  const unknown = found.unknown ?? outside ?? (managed.length === 0 ? `${resource.address} ${printPath(toPath(path))} points to nothing in the plan` : undefined);
  const subnetId = typeof value === 'string' && value.includes('/subnets/') ? value.toLowerCase() : undefined;
  return { targets: managed, exact: found.exact && unknown === undefined, isSet: true, ...(unknown === undefined ? {} : { unknown }), ...(subnetId === undefined ? {} : { subnetId }) };
}

/** True of what a data source finds during the apply: of anything of these types in the plan it may be any. */
export function isFound(resource: Resource, path: PathLike, ...types: readonly string[]): boolean {
  if (isUnset(resource, path) || resource.unknownAt(path) === undefined) return false;
  const isData = ({ mode }: Resource): boolean => mode === 'data';
  return resource.references(path, { types }).targets.every(isData) && resource.references(path).targets.some(isData);
}

const managedTargets = new WeakMap<readonly Resource[], readonly Resource[]>();

/** The same list for the same targets: lists of thousands are shared by thousands. */
function managedOf(targets: readonly Resource[]): readonly Resource[] {
  let managed = managedTargets.get(targets);
  if (!managed) managedTargets.set(targets, (managed = targets.every(({ mode }) => mode === 'managed') ? targets : targets.filter(({ mode }) => mode === 'managed')));
  return managed;
}

function asText(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value === '' || value === SENSITIVE ? undefined : value;
  return typeof value === 'number' ? String(value) : undefined;
}
