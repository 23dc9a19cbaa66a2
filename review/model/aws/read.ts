/** Reads attributes of any shape: nothing here trusts that a plan has them, or has them as text. */
import { toPath, type PathLike } from '../../plan/attribute-path';
import { isList, isObject, own, sameTexts, type Json } from '../../plan/json';
import type { ReferenceOptions, References, Resource } from '../../plan/resource-graph';
import { isPlainVariable } from '../plain-variables';
import { byOwnKey, isByOwnKey, keysFor, PICKERS } from '../composed-keys';
import { keyedOf } from './keyed-references';
import { told } from './told';
import { referencesOf } from './written-references';

/** The text at a path; undefined when there is none, it is empty, or the plan does not know it. */
export function textAt(resource: Resource, path: PathLike): string | undefined {
  const value = resource.valueAt(path);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' && resource.unknownAt(path) === undefined ? value : undefined;
}

/** JSON syntax and old states have booleans as text, too. */
export function flagAt(resource: Resource, path: PathLike): boolean | undefined {
  const value = resource.valueAt(path);
  if (typeof value === 'boolean') return value;
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

export function numberAt(resource: Resource, path: PathLike): number | undefined {
  const value = resource.valueAt(path);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** The known texts of a list. */
export function textsAt(resource: Resource, path: PathLike): readonly string[] {
  const value = resource.valueAt(path);
  if (typeof value === 'string' && value !== '') return [value];
  return isList(value) ? value.filter((item): item is string => typeof item === 'string' && item !== '') : [];
}

/** True when somebody wrote the attribute, or the plan has a value for it. What a provider adds by itself during apply does not count. */
export function isSet(resource: Resource, path: PathLike): boolean {
  const value = resource.valueAt(path);
  if (value !== undefined && value !== null && value !== '' && !(isList(value) && value.length === 0)) return true;
  if (!resource.hasUnknown(path)) return false;
  const steps = toPath(path);
  // Inside of blocks that are written as attributes a plan has no expression, and only what is written is unknown.
  return steps.length > 1 || !hasConfiguration(resource) || resource.isConfigured(steps);
}

/**
 * True of blocks that a provider never fills in and the plan knows nothing of: `dynamic` ones over what is not known,
 * which stand in no configuration. `try()` is not known as soon as anything in it is not.
 */
export function isHidden(resource: Resource, block: PathLike): boolean {
  return resource.unknownAt(block) !== undefined && resource.elements(block).length === 0;
}

/** True of what a data source finds during the apply: of anything of these types in the plan it may be any. */
export function isFound(resource: Resource, path: PathLike, types: readonly string[]): boolean {
  if (!isSet(resource, path) || resource.unknownAt(path) === undefined) return false;
  const isData = ({ mode }: Resource) => mode === 'data';
  return resource.references(path, { types }).targets.every(isData) && resource.references(path).targets.some(isData);
}

/** True when the attribute is in the configuration, be it as an empty list. */
export function isWritten(resource: Resource, path: PathLike): boolean {
  return hasConfiguration(resource) ? resource.isConfigured(path) : resource.valueAt(path) !== undefined;
}

function hasConfiguration(resource: Resource): boolean {
  return resource.isConfigured([]);
}

/** A tag, wherever the plan has it. */
export function tagAt(resource: Resource, key: string): string | undefined {
  let capitalized = capitals.get(key);
  if (capitalized === undefined) capitals.set(key, (capitalized = `${key.charAt(0).toUpperCase()}${key.slice(1)}`));
  for (const attribute of TAGS) {
    const tags = resource.valueAt(attribute);
    if (!isObject(tags)) continue;
    const small = own(tags, key);
    if (typeof small === 'string' && small !== '') return small;
    const large = own(tags, capitalized);
    if (typeof large === 'string' && large !== '') return large;
  }
  return undefined;
}

const TAGS = ['tags', 'tags_all'] as const;
const capitals = new Map<string, string>();

/** A text as it stands in the configuration, with its templates: for looking at, never for a value. */
export function templateAt(resource: Resource, path: PathLike): string | undefined {
  const expression = resource.configExpression(path);
  const constant = isObject(expression) ? own(expression, 'constant_value') : undefined;
  return typeof constant === 'string' ? constant : undefined;
}

/** The template of the block that an element of a value was made from, found by what both say literally. */
export function blockTemplates(resource: Resource, block: string, element: Json | undefined, keys: readonly string[]): readonly Json[] {
  const expression = resource.configExpression(block);
  const constant = isObject(expression) ? own(expression, 'constant_value') : undefined;
  const templates = isList(constant) ? constant : isObject(constant) ? [constant] : [];
  return templates.filter((template) => keys.every((key) => (own(template, key) ?? '') === (own(element, key) ?? '')));
}

/** What a reference may lead to: first what it most likely means. */
export interface Choice<T> {
  readonly likely: readonly T[];
  /** What it may mean instead, or as well. */
  readonly others: readonly T[];
  /** Why there are others. */
  readonly widened?: string;
  /** Why it may be none of these. */
  readonly unknown?: string;
}

const NONE: readonly never[] = [];

export const NO_CHOICE: Choice<never> = { likely: NONE, others: NONE };

export function certain<T>(...items: readonly T[]): Choice<T> {
  return { likely: items, others: [] };
}

export interface ChoiceOptions extends ReferenceOptions {
  /** What a network hands out that is meant: of `aws_vpc.a.id` nobody gets a route table. */
  readonly handedOut?: RegExp;
  /** True where taking one for likely closes the way of the others, so that names tell nothing. */
  readonly asWritten?: boolean;
  /** False for what cannot be meant, because AWS would refuse it. */
  readonly fits?: (target: Resource) => boolean;
}

/** A condition that takes work to find out: only where there is something to choose from. */
export function onceNeeded(find: () => ChoiceOptions['fits']): NonNullable<ChoiceOptions['fits']> {
  let isAsked = false;
  let fits: ChoiceOptions['fits'];
  return (target) => {
    if (!isAsked) {
      isAsked = true;
      fits = find();
    }
    return fits?.(target) ?? true;
  };
}

/** The things that a value points to, by the resources that they were read from. */
export function choose<T>(resource: Resource, path: PathLike, find: (target: Resource) => T | undefined, options?: ChoiceOptions): Choice<T> {
  const references = keyed(resource, path, fitting(meant(resource.references(path, options), options), options), options?.types);
  if (references.exact && references.targets.length <= 1) {
    const [target] = references.targets;
    const item = target && find(target);
    return item !== undefined ? { likely: [item], others: NONE } : target ? { ...NO_CHOICE, unknown: outOf(target) } : NO_CHOICE;
  }
  const all = foundBy(find, references.targets);
  if (references.exact) {
    const lost = all.length === references.targets.length ? undefined : references.targets.find((target) => find(target) === undefined && !references.targets.some((other) => isReadBy(other, target)));
    return lost ? { likely: all, others: NONE, unknown: outOf(lost) } : { likely: all, others: NONE };
  }
  const ofLocal = options?.asWritten ? undefined : keyedIn(resource, path, references, options?.types);
  if (ofLocal) return { likely: foundBy(find, [ofLocal]), others: NONE };
  const { named, within } = namedIn(resource, path, references, options?.types);
  const candidates = named.length > 0 ? named : nearest(resource, path, references);
  const likely = foundBy(find, options?.asWritten ? candidates : told(resource, path, references, candidates));
  const others = without(within ? foundBy(find, within) : all, likely);
  const widened = references.widened.length > 0 || others.length > 0 ? `${resource.address}: ${references.widened[0] ?? 'the plan does not say which one is meant'}` : undefined;
  const unknown = references.unknown === undefined || isMadeHere(resource, path, all.length) ? undefined : `${resource.address}: ${references.unknown}`;
  return choice(likely.length > 0 ? likely : all, likely.length > 0 ? others : NONE, widened, unknown);
}

function choice<T>(likely: readonly T[], others: readonly T[], widened: string | undefined, unknown: string | undefined): Choice<T> {
  if (widened === undefined) return unknown === undefined ? { likely, others } : { likely, others, unknown };
  return unknown === undefined ? { likely, others, widened } : { likely, others, widened, unknown };
}

function without<T>(items: readonly T[], some: readonly T[]): readonly T[] {
  return items.every((item) => some.includes(item)) ? NONE : items.filter((item) => !some.includes(item));
}

const HANDING: ReadonlySet<string> = new Set(['aws_vpc', 'aws_default_vpc', 'aws_eks_cluster']);

/** Without networks and clusters of which something else is read than they hand out. */
function meant(references: References, options: ChoiceOptions | undefined): References {
  const pattern = options?.handedOut;
  if (!pattern || references.exact) return references;
  return only(references, ({ resource, attribute }) => attribute === undefined || !HANDING.has(resource.type) || pattern.test(attribute));
}

/** Without what cannot be meant, as long as something can. */
function fitting(references: References, options: ChoiceOptions | undefined): References {
  const fits = options?.fits;
  if (!fits || references.exact || references.links.length < 2) return references;
  const kept = only(references, ({ resource }) => fits(resource));
  return kept.links.length > 0 ? kept : references;
}

/** Without what has other keys. */
function keyed(resource: Resource, path: PathLike, references: References, types: readonly string[] | undefined): References {
  if (!types || references.exact || references.links.length < 2) return references;
  const found = keyedOf(resource, path, references, types);
  if (!found || found.length === references.targets.length) return references;
  return { ...only(references, ({ resource: target }) => found.includes(target)), widened: NONE };
}

function only(references: References, isMeant: (link: References['links'][number]) => boolean): References {
  if (references.links.every(isMeant)) return references;
  const links = references.links.filter(isMeant);
  const targets = links.map(({ resource }) => resource);
  const likely = references.likely.filter((target) => targets.includes(target));
  // Of all that a hidden expression can draw on there is one of the wanted kind.
  return { ...references, links, targets, likely: likely.length > 0 ? likely : targets, exact: references.unknown === undefined && links.length === 1 };
}

function outOf({ address }: Resource): string {
  return `what ${address} is, is not in the plan`;
}

/** Whether a data source reads a resource that is named besides. */
function isReadBy(resource: Resource, data: Resource): boolean {
  return data.mode === 'data' && resource.mode === 'managed' && resource.valueAt('id') !== undefined && resource.valueAt('id') === data.valueAt('id');
}

function foundBy<T>(find: (target: Resource) => T | undefined, targets: readonly Resource[]): readonly T[] {
  if (targets.length === 0) return NONE;
  const found: T[] = [];
  for (const target of targets) {
    const item = find(target);
    if (item !== undefined && !(targets.length < FEW && found.includes(item))) found.push(item);
  }
  return targets.length < FEW ? found : [...new Set(found)];
}

/** Up to here looking through a list is faster than making a set. */
const FEW = 16;

/** A value that only the apply gives is made by something in the plan: one of the candidates, and nothing else. */
function isMadeHere(resource: Resource, path: PathLike, candidates: number): boolean {
  return candidates > 0 && textsAt(resource, path).length === 0;
}

/** Of what a local may mean, a module's own thing comes before what it is handed: `local.group_id` is the group that the module makes. */
function nearest(resource: Resource, path: PathLike, { likely, widened }: References): readonly Resource[] {
  if (widened.length === 0 || likely.length < 2 || takesMany(path)) return likely;
  const near = likely.filter(({ moduleAddress }) => moduleAddress === resource.moduleAddress);
  return near.length > 0 ? near : likely;
}

function takesMany(path: PathLike): boolean {
  return String(toPath(path).at(-1)).endsWith('s');
}

/**
 * `local.tables[each.key]`: of the one block of that kind in its own module the instance with this very key. What the local
 * holds is in no plan; a map that gives one's key to another deceives this until ids are known.
 */
function keyedIn(resource: Resource, path: PathLike, { targets }: References, types: readonly string[] | undefined): Resource | undefined {
  if (!types || typeof resource.key !== 'string') return undefined;
  const texts = referencesOf(resource.configExpression(path));
  if (texts.length < 2 || !texts.includes('each.key') || !texts.every((text) => text === 'each.key' || /^local\.[\w-]+$/.test(text))) return undefined;
  const own = targets.filter((target) => target.moduleAddress === resource.moduleAddress && target.mode === 'managed' && types.includes(target.type) && !HANDING.has(target.type));
  const found = own.filter((target) => target.key === resource.key);
  const isOneBlock = own.every(({ name, type }) => name === own[0]?.name && type === own[0].type);
  return found.length === 1 && isOneBlock && keysFor(resource, new Map(own.map((target) => [String(target.key), target]))).length === 1 ? found[0] : undefined;
}

/**
 * What an expression itself names, of the wanted types. A plan lists `aws_subnet.a[count.index].id`
 * as `aws_subnet.a` and `count.index`: which attribute is read is lost, and with it, for a graph
 * that guesses nothing, where the value comes from. But an attribute that takes a subnet, and an
 * expression that names subnets and nothing else, leave no doubt that it is one of those; and
 * `each.key` beside them, that it is the one with the same key.
 */
function namedIn(resource: Resource, path: PathLike, references: References, types: readonly string[] | undefined): NamedIn {
  if (!types) return NOTHING_NAMED;
  const texts = referencesOf(resource.configExpression(path) ?? resource.configExpression(toPath(path).slice(0, 1)));
  if (texts.length === 0) return NOTHING_NAMED;
  const byBlock = namedBy(resource, texts, types, references.targets);
  const { named, onlyThose } = byBlock;
  if (named.length === 0) return NOTHING_NAMED;
  if (resource.key !== undefined && isByOwnKey(texts, typeof resource.key === 'string' ? 'each.key' : 'count.index')) {
    const sameKey = named.filter((target) => target.key === resource.key);
    const own = byOwnKey(resource, named);
    const meant = sameKey.length > 0 && (!own || own.meant.includes(sameKey[0] as Resource)) ? sameKey : own?.meant ?? NONE;
    // `[count.index + 1]` is listed like `[count.index]`: the others remain possible.
    if (meant.length > 0) return onlyThose ? { named: meant, within: own ? (own.isSure || own.meant.length > 1 ? own.meant : named) : named } : { named: meant };
  }
  if (takesMany(path) || named.length === 1) return byBlock.whole;
  const near = typeof resource.key === 'number' && texts.includes('count.index') ? named.filter((target) => target.key === resource.key) : named.filter((target) => references.likely.includes(target));
  return near.length === 0 || near.length === named.length ? byBlock.whole : { named: near, ...(onlyThose ? { within: named } : {}) };
}

const NOTHING_NAMED: NamedIn = { named: NONE };

interface NamedIn {
  readonly named: readonly Resource[];
  readonly within?: readonly Resource[];
}

interface NamedBy {
  readonly texts: readonly string[];
  readonly types: readonly string[];
  readonly moduleAddress: string;
  readonly named: readonly Resource[];
  /** True when the expression names nothing else. */
  readonly onlyThose: boolean;
  /** The answer where no instance means another than the others do. */
  readonly whole: NamedIn;
}

/** By the candidates, which all instances of a block share, and what the block says. */
const kept = new WeakMap<readonly Resource[], NamedBy[]>();

function namedBy(resource: Resource, names: readonly string[], types: readonly string[], targets: readonly Resource[]): NamedBy {
  const { moduleAddress } = resource;
  const before = kept.get(targets);
  const known = before?.find((each) => each.texts === names && each.moduleAddress === moduleAddress && sameTexts(each.types, types));
  if (known) return known;
  const matches = names.filter((text) => !PICKERS.test(text) && !isPlainVariable(resource, text)).map((text) => /^((?:data\.)?(\w+)\.[\w-]+)/.exec(text));
  const wanted = new Set(matches.flatMap((match) => (match?.[1] !== undefined && types.includes((match[2] === 'data' ? /^data\.(\w+)/.exec(match[1])?.[1] : match[2]) ?? '') ? [match[1]] : [])));
  const named = targets.filter((target) => target.moduleAddress === moduleAddress && wanted.has(`${target.mode === 'data' ? 'data.' : ''}${target.type}.${target.name}`));
  const onlyThose = matches.every((match) => match?.[1] !== undefined && wanted.has(match[1]));
  const found = { texts: names, types, moduleAddress, named, onlyThose, whole: onlyThose ? { named, within: named } : { named } };
  if (before) before.push(found);
  else kept.set(targets, [found]);
  return found;
}

export function everyOf<T>(choice: Choice<T>): readonly T[] {
  return choice.others.length === 0 ? choice.likely : [...choice.likely, ...choice.others];
}

/** The one thing that is meant, if it is certain. */
export function onlyOf<T>(choice: Choice<T>): T | undefined {
  return choice.likely.length === 1 && choice.others.length === 0 && choice.unknown === undefined ? choice.likely[0] : undefined;
}

/** What is meant for certain, what most likely is, and what is only possible. */
export function sorted<T>(choice: Choice<T>): { readonly sure: readonly T[]; readonly guess: readonly T[]; readonly possible: readonly T[] } {
  const { likely, others } = choice;
  if (likely.length !== 1) return { sure: [], guess: [], possible: everyOf(choice) };
  return others.length === 0 ? { sure: likely, guess: [], possible: [] } : { sure: [], guess: likely, possible: others };
}

/** True for a choice that means nothing at all. */
export function isNothing(choice: Choice<unknown>): boolean {
  return choice.likely.length === 0 && choice.others.length === 0 && choice.unknown === undefined;
}

/** The same as no more than a possibility. */
export function possible<T>(choice: Choice<T>, reason: string): Choice<T> {
  return { ...choice, likely: NONE, others: everyOf(choice), widened: choice.widened ?? reason };
}

/** Several choices in a row as one. */
export function joined<T>(choices: readonly Choice<T>[]): Choice<T> {
  let first: Choice<T> | undefined;
  let isOnly = true;
  for (const each of choices) {
    if (each === NO_CHOICE) continue;
    isOnly = first === undefined;
    first ??= each;
  }
  if (!first) return NO_CHOICE;
  if (isOnly && isDistinct(first.likely) && isDistinct(first.others)) return first;
  const likely: T[] = [];
  const others: T[] = [];
  let widened: string | undefined;
  let unknown: string | undefined;
  for (const each of choices) {
    for (const item of each.likely) likely.push(item);
    for (const item of each.others) others.push(item);
    // No reason is empty.
    widened ??= each.widened;
    unknown ??= each.unknown;
  }
  const meant = distinct(likely);
  return choice(meant, without(distinct(others), meant), widened, unknown);
}

function isDistinct(items: readonly unknown[]): boolean {
  return items.length < 2 || (items.length < FEW && items.every((item, at) => items.indexOf(item) === at));
}

function distinct<T>(items: readonly T[]): readonly T[] {
  return isDistinct(items) ? items : [...new Set(items)];
}
