/**
 * Which instance is meant, where a plan lists what an expression names and not how.
 *
 * `azurerm_subnet.x[each.key].id` is listed as `azurerm_subnet.x` and `each.key`, which leaves open what of the subnet
 * is meant. No subnet, group, table or address of Azure hands out the id of another one of its type: it is an instance
 * of what is named, and of nothing else; where the own key stands behind every name it is the one with that very key.
 */
import { inModule } from '../../plan/address';
import type { AttributePath } from '../../plan/attribute-path';
import { isList, isObject, own, ownTexts, type Json, type JsonObject } from '../../plan/json';
import { parseReference, primaryReferences, type Reference } from '../../plan/reference';
import type { Instance, Resource } from '../../plan/resource-graph';
import { byOwnKey, inEither, keysFor, keysInEither } from '../composed-keys';
import { byToldKeys, isPartOfOthers, type Found } from '../told-keys';

/** What an expression spells out. */
interface Spelled {
  /** `azurerm_subnet.x`, sorted, where it names nothing else; `key` tells such a list from others. */
  readonly names?: { readonly list: readonly { readonly type: string; readonly name: string }[]; readonly key: string };
  /** True when the own key, and it alone, stands behind each name. */
  readonly isByOwnKey: boolean;
  /** The same with the own number. */
  readonly isByOwnNumber?: boolean;
  /** Modules, `module.subnets[each.key].id`, where it names nothing else and the own key stands behind each of them. */
  readonly modules?: readonly string[];
  /** Something that is taken out of a map by this key, by default the own one. */
  readonly entry?: { readonly key?: string; readonly isLocal: boolean };
}

export function narrowed(resource: Resource, steps: AttributePath, types: readonly string[], found: Found): Found {
  if (found.exact || found.targets.length === 0) return found;
  const referring = expressionAt(resource, steps);
  if (!referring) return found;
  const { expression, by } = resource.written(referring);
  const known = bySpelling(by, types, found, expression);
  const { isByOwnKey, entry } = spelledBy(expression);
  // What the own key leaves open is not told by that key either.
  if (known.exact || ((isByOwnKey || (entry && entry.key === undefined)) && typeof by.key === 'string')) return known;
  // Nor is what a map has by this key, and another thing has for its name.
  if (entry?.key !== undefined && known !== found) return known;
  const told = byToldKeys(by, types, known, expression);
  return told.exact && told.targets.some((target) => isPartOfOthers(target, known.targets)) ? known : told;
}

function bySpelling(resource: Instance, types: readonly string[], found: Found, expression: JsonObject): Found {
  const { names, isByOwnKey, isByOwnNumber, modules, entry } = spelledBy(expression);
  if (entry) return byEntry(resource, types, found, entry);
  if (modules) return inOwnModules(resource, found, modules);
  if (!names || !names.list.every(({ type }) => types.includes(type))) return found;
  const targets = namedIn(found.targets, resource.moduleAddress, names);
  if (!targets) return found;
  if (isByOwnKey && typeof resource.key === 'string') return ofOwnKey(resource, targets);
  // A number may be reckoned with: where there are as many of the one as of the other, each is taken for its own.
  const isOwn = isByOwnNumber === true && typeof resource.key === 'number' && names.list.length === 1 && targets.length === resource.instances;
  const same = isOwn && resource.key !== undefined ? withKey(targets, resource.key) : [];
  return same.length > 0 ? { targets: same, exact: same.length === 1 } : { targets, exact: targets.length === 1 };
}

/** `azurerm_subnet.x["${each.key}-b"]` is listed as `azurerm_subnet.x[each.key]` is. */
function ofOwnKey(resource: Instance, targets: readonly Resource[]): Found {
  const { meant, isSure } = byOwnKey(resource, targets) ?? inEither(resource, targets);
  const isOne = meant.length === 1 && isSure;
  return isOne || meant.length > 1 ? { targets: meant, exact: isOne } : { targets, exact: targets.length === 1 };
}

/** The expression of a value; undefined where the plan does not tell which one it is. */
function expressionAt(resource: Resource, steps: AttributePath): JsonObject | undefined {
  // Blocks are in another order in the configuration than in values: of several nobody knows which is which.
  for (let at = 1; at < steps.length; at += 2) {
    const block = steps.slice(0, at);
    const written = resource.configExpression(block);
    if (typeof steps[at] !== 'number' || !isList(written) || written.length !== resource.elements(block).length) return undefined;
    if (written.length !== 1) return at === 1 && steps.length === 3 ? common(written, String(steps[2])) : undefined;
  }
  const expression = typeof steps.at(-1) === 'string' ? resource.configExpression(steps) : undefined;
  return isReferring(expression) ? expression : undefined;
}

const commons = new WeakMap<readonly Json[], Map<string, JsonObject | undefined>>();

/** What all blocks of a kind refer to alike: then it does not matter which is which. */
function common(blocks: readonly Json[], attribute: string): JsonObject | undefined {
  let known = commons.get(blocks);
  if (!known) commons.set(blocks, (known = new Map()));
  if (!known.has(attribute)) {
    const [first, ...others] = blocks.map((block) => own(block, attribute));
    const said = isReferring(first) ? JSON.stringify(own(first, 'references')) : undefined;
    known.set(attribute, isReferring(first) && others.every((other) => isReferring(other) && JSON.stringify(own(other, 'references')) === said) ? first : undefined);
  }
  return known.get(attribute);
}

function isReferring(expression: Json | undefined): expression is JsonObject {
  return isObject(expression) && isList(own(expression, 'references'));
}

const spelled = new WeakMap<JsonObject, Spelled>();

function spelledBy(expression: JsonObject): Spelled {
  let known = spelled.get(expression);
  if (!known) spelled.set(expression, (known = spell(primaryReferences(ownTexts(expression, 'references') ?? []).map(parseReference))));
  return known;
}

function spell(references: readonly (Reference | undefined)[]): Spelled {
  const [first, second] = references;
  const isEntry = references.length === 1 || (references.length === 2 && second?.kind === 'each.key');
  if (isEntry && first?.kind === 'module' && first.output !== undefined) {
    const [key] = first.rest;
    if (second ? key === undefined : typeof key === 'string') return { isByOwnKey: false, entry: { isLocal: false, ...(typeof key === 'string' ? { key } : {}) } };
  }
  if (second && isEntry && first?.kind === 'local' && first.rest.length === 0) return { isByOwnKey: false, entry: { isLocal: true } };
  if (references.length > 0 && references.every((reference, at) => (at % 2 === 0 ? reference?.kind === 'module' && reference.output === undefined && reference.key === undefined && reference.rest.length === 0 : reference?.kind === 'each.key')) && references.length % 2 === 0) {
    return { isByOwnKey: true, modules: [...new Set(references.flatMap((reference) => (reference?.kind === 'module' ? [reference.name] : [])))] };
  }
  const indexes: string[][] = [];
  const list = new Map<string, { type: string; name: string }>();
  for (const reference of references) {
    if (reference?.kind === 'resource' && reference.mode === 'managed') {
      const { type, name, key, rest } = reference;
      list.set(`${type}.${name}`, { type, name });
      // What is named with an index or an attribute of its own is behind no key.
      indexes.push(key === undefined && rest.length === 0 ? [] : ['other']);
    } else if (reference?.kind === 'each.key' || reference?.kind === 'count.index') indexes.at(-1)?.push(reference.kind);
    else return { isByOwnKey: false };
  }
  if (list.size === 0) return { isByOwnKey: false };
  return {
    names: { list: [...list.values()], key: [...list.keys()].sort().join(' ') },
    isByOwnKey: indexes.every((index) => index.length === 1 && index[0] === 'each.key'),
    isByOwnNumber: indexes.length === 1 && indexes[0]?.length === 1 && indexes[0][0] === 'count.index',
  };
}

const ofModules = new WeakMap<readonly Resource[], Map<string, ReadonlyMap<string, readonly Resource[]> | undefined>>();

/** What stands in the instance with the own key, or one composed of it, of a module that is called once for each. */
function inOwnModules(resource: Instance, found: Found, modules: readonly string[]): Found {
  const { key, moduleAddress } = resource;
  if (typeof key !== 'string') return found;
  let known = ofModules.get(found.targets);
  if (!known) ofModules.set(found.targets, (known = new Map()));
  const at = `${moduleAddress} ${modules.join(' ')}`;
  if (!known.has(at)) known.set(at, byModuleKey(found.targets, moduleAddress, modules));
  return taken(resource, found, known.get(at));
}

/** Of what stands by its key what one's own key means; all where that is not sure. */
function taken(resource: Instance, found: Found, byKey: ReadonlyMap<string, readonly Resource[]> | undefined): Found {
  if (!byKey) return found;
  const fitting = keysFor(resource, byKey);
  const keys = fitting.length > 0 ? fitting : keysInEither(resource, byKey);
  const isSure = keys.length > 1 || keys[0] === resource.key || (fitting.length > 0 && resource.instances > 1);
  const targets = isSure ? keys.flatMap((key) => byKey.get(key) ?? []) : [];
  return targets.length === 0 ? found : { targets, exact: targets.length === 1 };
}

/** By the keys of the modules that they stand in; undefined where something stands in none. */
function byModuleKey(targets: readonly Resource[], caller: string, modules: readonly string[]): ReadonlyMap<string, readonly Resource[]> | undefined {
  const calls = modules.map((name) => inModule(caller, `module.${name}[`));
  const keyOf = ({ mode, moduleAddress }: Resource) => {
    const call = mode === 'managed' ? calls.find((each) => moduleAddress.startsWith(each)) : undefined;
    const text = call === undefined ? undefined : /^"(?:[^"\\]|\\.)*"(?=\])/.exec(moduleAddress.slice(call.length))?.[0];
    return text === undefined ? undefined : (JSON.parse(text) as string);
  };
  return targets.every((target) => keyOf(target) !== undefined) ? grouped(targets, (target) => [keyOf(target)]) : undefined;
}

const byNames = new WeakMap<readonly Resource[], Map<string, readonly Resource[] | undefined>>();

/** The instances of what is named; undefined where the module has none of some. */
function namedIn(targets: readonly Resource[], module: string, { list, key }: NonNullable<Spelled['names']>): readonly Resource[] | undefined {
  let known = byNames.get(targets);
  if (!known) byNames.set(targets, (known = new Map()));
  const at = `${module} ${key}`;
  if (!known.has(at)) {
    const isNamed = (target: Resource) => list.some(({ type, name }) => target.type === type && target.name === name);
    const found = targets.filter((target) => target.mode === 'managed' && target.moduleAddress === module && isNamed(target));
    known.set(at, list.every(({ type, name }) => found.some((target) => target.type === type && target.name === name)) ? found : undefined);
  }
  return known.get(at);
}

/**
 * `module.network.subnet_ids["app"]`, or `local.subnet_ids[each.key]` beside the subnets themselves: how such a map
 * is made is in no plan, and yet its keys are those of what it is made of, or their names. A group or a table is taken
 * by such a key from what a module hands out alone: a local may say which subnet has which of them.
 */
function byEntry(resource: Instance, types: readonly string[], found: Found, { key: written, isLocal }: NonNullable<Spelled['entry']>): Found {
  if (typeof (written ?? resource.key) !== 'string' || (isLocal && !types.includes('azurerm_subnet'))) return found;
  const { byKey, byName } = entriesOf(found.targets, isLocal ? resource.moduleAddress : undefined);
  if (written === undefined) {
    const [keyed, named] = [taken(resource, found, byKey), taken(resource, found, byName)];
    const own = keyed === found ? named : keyed;
    // Where one thing has for its name what another has for its key either may be meant.
    const isEither = keyed !== found && named !== found && named.targets.some((target) => !keyed.targets.includes(target));
    return own.exact && !isEither ? own : found;
  }
  const [only, ...others] = new Set([...byKey.get(written) ?? [], ...byName.get(written) ?? []]);
  if (!only) return found;
  return others.length === 0 ? { targets: [only], exact: true } : { ...found };
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
    const scope = targets.filter(({ mode, moduleAddress }) => mode === 'managed' && (module === undefined || moduleAddress === module));
    byModule.set(module, (found = { byKey: grouped(scope, keysOf), byName: grouped(scope, namesOf) }));
  }
  return found;
}

function keysOf({ key, moduleAddress }: Resource): readonly (string | undefined)[] {
  return [...new Set([typeof key === 'string' ? key : undefined, /\["((?:[^"\\]|\\.)*)"\]$/.exec(moduleAddress)?.[1]])];
}

function namesOf(target: Resource): readonly (string | undefined)[] {
  const name = target.valueAt('name');
  return typeof name === 'string' ? [name] : [];
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
