/**
 * `azurerm_route_table.this[each.value.table].id`, `module.network[each.value.network].subnets[each.value.subnet].id`:
 * where the plan's variables tell the keys, it is what has these keys and no others.
 */
import { inModule, isRootModule, parseModuleAddress, withoutFile } from '../plan/address';
import { isObject, ownTexts, type JsonObject } from '../plan/json';
import { parseReference, primaryReferences, type Reference } from '../plan/reference';
import type { Instance, References, Resource } from '../plan/resource-graph';

export type Found = Pick<References, 'targets' | 'exact' | 'unknown'>;

const parsed = new WeakMap<JsonObject, readonly (Reference | undefined)[]>();

export function byToldKeys(resource: Instance, types: readonly string[], found: Found, expression: JsonObject): Found {
  if (found.unknown !== undefined || found.targets.length < 2) return found;
  let references = parsed.get(expression);
  if (!references) parsed.set(expression, (references = primaryReferences(ownTexts(expression, 'references') ?? []).map(parseReference)));
  const handing = handingOn(resource, types, references);
  if (handing) return handedOnBy(handing, types, found);
  const behind = keysTold(resource, types, references);
  if (!behind) return found;
  const { own, handedOut, told } = behind;
  const index = withKeys(found.targets, resource.moduleAddress);
  // `module.network.subnets["hub"]["app"]`: the names of what is handed out come before its keys.
  const sequences = [...handedOut.map((_, at) => handedOut.slice(at)), []].map((keys) => [...own, ...keys, ...told]).filter(({ length }) => length > 0);
  const [match] = sequences.map((keys) => index.get(JSON.stringify(keys)) ?? []).filter((each) => each.length > 0);
  return match?.length === 1 ? { targets: match, exact: true } : found;
}

/** `aws_vpc_ipv4_cidr_block_association.x[each.key].vpc_id`: what hands on a thing of another type, where its key is told. */
function handingOn(resource: Instance, types: readonly string[], [source, key, ...others]: readonly (Reference | undefined)[]): Resource | undefined {
  if (source?.kind !== 'resource' || source.mode !== 'managed' || source.key !== undefined || types.includes(source.type) || !key || others.length > 0) return undefined;
  const told = resource.told(key);
  return told === undefined || told === 'absent' ? undefined : resource.beside(source, told.text);
}

/** What such a thing takes itself: which of its attributes is read a plan does not say, so that it has to be one thing in all of them. */
function handedOnBy(handing: Resource, types: readonly string[], found: Found): Found {
  const meant = new Set<Resource>();
  const expressions = handing.configExpression([]);
  for (const [attribute, expression] of Object.entries(isObject(expressions) ? expressions : {})) {
    const taken = handing.references([attribute], { types });
    if (taken.unknown !== undefined && taken.targets.length > 0) return found;
    const isOpen = !taken.exact && isObject(expression) && taken.targets.some(({ type }) => type !== handing.type);
    const { targets, exact } = isOpen ? byOwnKeys(handing, types, taken, expression) : taken;
    if (targets.length > 0 && !exact) return found;
    for (const target of targets) meant.add(target);
  }
  const [only, ...others] = meant;
  return only && others.length === 0 && found.targets.includes(only) ? { targets: [only], exact: true } : found;
}

/** One step and no more: what is handed on twice is not followed. */
function byOwnKeys(resource: Resource, types: readonly string[], taken: Found, expression: JsonObject): Found {
  const [source] = primaryReferences(ownTexts(expression, 'references') ?? []).map(parseReference);
  if (source?.kind !== 'resource' || !types.includes(source.type)) return taken;
  const told = byToldKeys(resource, types, taken, expression);
  return told.targets.some((target) => isPartOfOthers(target, taken.targets)) ? taken : told;
}

/** What stands behind a name: keys of its own, names and keys of what it hands out, and what the plan's variables tell. */
interface Behind {
  readonly own: readonly string[];
  readonly handedOut: readonly string[];
  readonly told: string[];
}

/**
 * The keys behind what is named. Undefined where they may be others: a condition may pick a key that is written out,
 * of which a plan says nothing, so that what stands behind a name is its keys, each once, and nothing else.
 */
function keysTold(resource: Instance, types: readonly string[], references: readonly (Reference | undefined)[]): Behind | undefined {
  const behind: Behind[] = [];
  const sources = new Set<string>();
  for (const reference of references) {
    const told = reference && reference.kind !== 'resource' && reference.kind !== 'module' ? resource.told(reference) : undefined;
    if (told !== undefined) {
      // What comes before any name is a condition.
      const last = behind.at(-1);
      if (last && told === 'absent') return undefined;
      if (told !== 'absent') last?.told.push(told.text);
      continue;
    }
    const source = reference && resource.leadsTo(reference);
    const name = source && sourceName(source, types);
    if (name === undefined) return undefined;
    sources.add(name);
    behind.push(keysIn(source as Reference));
  }
  const [first] = behind;
  return sources.size === 1 && new Set(behind.map((each) => JSON.stringify(each))).size === 1 ? first : undefined;
}

function keysIn(source: Reference): Behind {
  const own = (source.kind === 'resource' || source.kind === 'module') && source.key !== undefined ? [String(source.key)] : [];
  const isHandedOut = source.kind === 'local' || (source.kind === 'module' && source.output !== undefined);
  // Numbers of a list that something hands out pick what nobody can tell.
  const steps = isHandedOut ? source.rest.map((step) => (typeof step === 'string' ? step : `[${step}]`)) : [];
  return { own, handedOut: steps.length > 1 && steps.at(-1) === 'id' ? steps.slice(0, -1) : steps, told: [] };
}

/** What the keys are keys of; undefined for what may hold anything. */
function sourceName(source: Reference, types: readonly string[]): string | undefined {
  // What it hands on, the route table of an association, has keys of its own.
  if (source.kind === 'resource') return source.mode === 'managed' && types.includes(source.type) ? source.group : undefined;
  if (source.kind === 'module') return `module.${source.name} ${source.output ?? ''}`;
  // A map that somebody wrote says itself which of its keys means which group or table; subnets are listed by what they are.
  return source.kind === 'local' && types.includes('azurerm_subnet') ? `local.${source.name}` : undefined;
}

const indexed = new WeakMap<readonly Resource[], Map<string, ReadonlyMap<string, readonly Resource[]>>>();

/** By all keys in their addresses, behind the module of whoever asks; nothing where something is only looked up. */
function withKeys(targets: readonly Resource[], base: string): ReadonlyMap<string, readonly Resource[]> {
  let byBase = indexed.get(targets);
  if (!byBase) indexed.set(targets, (byBase = new Map()));
  let index = byBase.get(base);
  if (!index) {
    const made = new Map<string, Resource[]>();
    for (const target of targets.every(({ mode }) => mode === 'managed') ? targets : []) {
      const at = JSON.stringify(keysOf(target, base));
      const known = made.get(at);
      if (known) known.push(target);
      else made.set(at, [target]);
    }
    byBase.set(base, (index = made));
  }
  return index;
}

function keysOf({ moduleAddress, key }: Resource, base: string): readonly string[] {
  const isInside = !isRootModule(base) && (moduleAddress === base || moduleAddress.startsWith(inModule(base, '')));
  const modules = parseModuleAddress(isInside ? moduleAddress.slice(base.length + 1) : withoutFile(moduleAddress)) ?? [];
  return [...modules.flatMap((step) => (step.key === undefined ? [] : [String(step.key)])), ...(key === undefined ? [] : [String(key)])];
}

const parts = new WeakMap<readonly Resource[], ReadonlySet<string>>();

/** `aws_subnet.s["${var.name}-db"]` is listed as `aws_subnet.s[var.name]` is: where another key has the told one in it, that may be meant. */
export function isPartOfOthers(target: Resource, targets: readonly Resource[]): boolean {
  let known = parts.get(targets);
  if (!known) parts.set(targets, (known = new Set(targets.flatMap(partsOf))));
  return known.has(wordsOf(target).join(' '));
}

/** What stands in a key, but for the whole of it: `app`, `app db`, `db`, … of `app-db-a`. */
function partsOf(target: Resource): readonly string[] {
  const words = wordsOf(target);
  return words.flatMap((_, from) => words.slice(from).map((__, length) => words.slice(from, from + length + 1))).filter(({ length }) => length < words.length).map((some) => some.join(' '));
}

/** Its own, or that of the module that it stands in. */
export function lastKey({ key, moduleAddress }: Resource): string {
  return typeof key === 'string' ? key : moduleAddress.slice(moduleAddress.lastIndexOf('[') + 1).replace(/^"|"\].*$/g, '');
}

/** `appDb` is two of them, as `app-db` is. */
function wordsOf(target: Resource): readonly string[] {
  return (lastKey(target).match(/\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})|\p{Lo}+|\p{N}+/gu) ?? []).map((word) => word.toLowerCase());
}
