/**
 * Keys that are composed of one's own: a plan lists `aws_subnet.s["${each.key}-b"]` as it lists `aws_subnet.s[each.key]`, as
 * `aws_subnet.s` and `each.key`. Terraform refuses a key that is not there, so that what stands around one's own key is the
 * same for every instance of the block, and for each of them there is something with that key.
 * https://developer.hashicorp.com/terraform/internals/json-format#expression-representation
 */
import type { Instance, Resource } from '../plan/resource-graph';

/** Names in an expression that only pick among what it names besides. */
export const PICKERS = /^(count|each|path|terraform)\./;

/**
 * `aws_subnet.s[each.key]` is listed as `aws_subnet.s` and `each.key`, `aws_subnet.s[each.value.subnet]` with
 * `each.value.subnet` behind it, which may be any key: only the instance's own key must stand behind every resource.
 */
export function isByOwnKey(texts: readonly string[], own: 'each.key' | 'count.index'): boolean {
  const indexes: string[][] = [];
  let index: string[] | undefined;
  for (const text of texts) {
    if (PICKERS.test(text)) index?.push(text);
    else if (/^(var|local|module|data)\./.test(text)) index = undefined;
    else indexes.push((index = []));
  }
  return indexes.length > 0 && indexes.every((each) => each.length === 1 && each[0] === own);
}

interface Around {
  readonly before: string;
  readonly behind: string;
}

/** What an expression by one's own key may mean. */
export interface ByOwnKey {
  readonly meant: readonly Resource[];
  /** Whether it can be nothing else, as far as it is composed of that key alone. */
  readonly isSure: boolean;
}

/** Of all that an expression names, what has one's own key or one composed of it; undefined where nothing has for all instances of the block. */
export function byOwnKey(resource: Instance, named: readonly Resource[]): ByOwnKey | undefined {
  const { key: own } = resource;
  if (typeof own !== 'string') return undefined;
  const found = blocksOf(named).map((block) => keysFor(resource, block).flatMap((key) => block.get(key) ?? []));
  if (found.some(({ length }) => length === 0)) return undefined;
  const isOne = ([first, ...more]: readonly Resource[]): boolean => more.length === 0 && (first?.key === own || resource.instances > 1);
  return { meant: found.flat(), isSure: found.every(isOne) };
}

/** The keys among others that are one's own, or composed of it. */
export function keysFor(resource: Instance, others: ReadonlyMap<string, unknown>): readonly string[] {
  const { key: own, type, name, moduleAddress } = resource;
  if (typeof own !== 'string') return [];
  let kept = around.get(others);
  if (!kept) around.set(others, (kept = new Map()));
  const block = `${moduleAddress} ${type}.${name}`;
  let found = kept.get(block);
  if (!found) kept.set(block, (found = fitting(own, resource.instanceKeys, others)));
  return found.map(({ before, behind }) => `${before}${own}${behind}`);
}

/**
 * The same where not all instances of the block have one in each of the blocks, as by `try(azurerm_subnet.a[each.key].id,
 * azurerm_subnet.b[each.key].id)`: what fits in all of them taken together, and whatever has one's own key in its own.
 */
export function inEither(resource: Instance, named: readonly Resource[]): ByOwnKey {
  const meant = keysInEither(resource, togetherOf(named)).flatMap((key) => togetherOf(named).get(key) ?? []);
  return { meant, isSure: meant.every(({ key }) => key === resource.key) };
}

/** The keys among others that are one's own, or have it in them: as a word of its own, or anyhow where nothing fits for every instance of the block. */
export function keysInEither(resource: Instance, others: ReadonlyMap<string, unknown>): readonly string[] {
  const { key: own } = resource;
  if (typeof own !== 'string') return [];
  const fitting = keysFor(resource, others);
  const isIn = fitting.length > 0 ? hasApart : (key: string) => key.includes(own);
  return [...new Set([...fitting, ...[...others.keys()].filter((key) => isIn(key, own))])];
}

const together = new WeakMap<readonly Resource[], ReadonlyMap<string, readonly Resource[]>>();

function togetherOf(named: readonly Resource[]): ReadonlyMap<string, readonly Resource[]> {
  let found = together.get(named);
  if (!found) {
    const byKey = new Map<string, Resource[]>();
    for (const each of named) {
      if (typeof each.key !== 'string') continue;
      const same = byKey.get(each.key);
      if (same) same.push(each);
      else byKey.set(each.key, [each]);
    }
    together.set(named, (found = byKey));
  }
  return found;
}

const blocks = new WeakMap<readonly Resource[], readonly ReadonlyMap<string, Resource>[]>();
/** By the keys that there are, and the block whose own keys are in them. */
const around = new WeakMap<ReadonlyMap<string, unknown>, Map<string, readonly Around[]>>();

function blocksOf(named: readonly Resource[]): readonly ReadonlyMap<string, Resource>[] {
  let found = blocks.get(named);
  if (!found) {
    const byName = new Map<string, Map<string, Resource>>();
    for (const each of named) {
      const block = `${each.mode} ${each.moduleAddress} ${each.type}.${each.name}`;
      let keys = byName.get(block);
      if (!keys) byName.set(block, (keys = new Map()));
      if (typeof each.key === 'string') keys.set(each.key, each);
    }
    blocks.set(named, (found = [...byName.values()]));
  }
  return found;
}

/** What may stand around the own keys of all instances. */
function fitting(own: string, keys: readonly unknown[], others: ReadonlyMap<string, unknown>): readonly Around[] {
  const found: Around[] = [];
  for (const key of others.keys()) {
    for (let at = key.indexOf(own); at >= 0; at = own === '' ? -1 : key.indexOf(own, at + 1)) {
      const [before, behind] = [key.slice(0, at), key.slice(at + own.length)];
      // Of one instance alone every key with the own one in it would do: `a` in `data`.
      if (keys.length < 2 && !(isApart(before.at(-1), own[0]) && isApart(own.at(-1), behind[0]))) continue;
      if (keys.every((each) => typeof each === 'string' && others.has(`${before}${each}${behind}`))) found.push({ before, behind });
    }
  }
  return found;
}

function hasApart(key: string, own: string): boolean {
  for (let at = key.indexOf(own); at >= 0; at = own === '' ? -1 : key.indexOf(own, at + 1)) {
    if (isApart(key[at - 1], own[0]) && isApart(own.at(-1), key[at + own.length])) return true;
  }
  return false;
}

/** Whether a word, or a number, ends between two letters. */
function isApart(left: string | undefined, right: string | undefined): boolean {
  const kind = (letter: string | undefined) => (letter === undefined ? '' : /\d/.test(letter) ? 'digit' : /\p{L}/u.test(letter) ? 'letter' : '');
  return kind(left) !== kind(right) || kind(left) === '';
}
