/** What keys tell of several things that an expression may mean, where the plan leaves no doubt about the keys. */
import { inModule } from '../../plan/address';
import { toPath, type PathLike } from '../../plan/attribute-path';
import { isObject } from '../../plan/json';
import type { References, Resource } from '../../plan/resource-graph';
import { byToldKeys } from '../told-keys';
import { referencesOf } from './written-references';

/**
 * `module.networks[each.key].subnet_ids[0]` is of the module's instance with this very key; `aws_subnet.s[var.name]` the one
 * with the key that the plan's variables tell.
 */
export function keyedOf(resource: Resource, path: PathLike, references: References, types: readonly string[]): readonly Resource[] | undefined {
  const expression = resource.configExpression(path);
  if (!isObject(expression)) return undefined;
  const inside = ownModule(resource, referencesOf(expression));
  if (inside !== undefined) {
    const found = references.targets.filter(({ moduleAddress }) => moduleAddress === inside || moduleAddress.startsWith(`${inside}.`));
    return found.length > 0 ? found : undefined;
  }
  // `slice(aws_subnet.s[*].id, 0, var.count)` and `aws_subnet.s[var.count - 1].id` are listed alike: a number is no key.
  if (String(toPath(path).at(-1)).endsWith('s') || references.targets.some(isNumbered)) return undefined;
  const { exact, targets } = byToldKeys(resource, types, references, expression);
  const [only] = targets;
  return exact && only && !isPartOfOthers(only, references.targets) ? targets : undefined;
}

const parts = new WeakMap<readonly Resource[], ReadonlySet<string>>();

/** `aws_subnet.s["${var.name}-db"]` is listed as `aws_subnet.s[var.name]` is: where another key has the told one in it, that may be meant. */
function isPartOfOthers(target: Resource, targets: readonly Resource[]): boolean {
  let known = parts.get(targets);
  if (!known) parts.set(targets, (known = new Set(targets.flatMap(partsOf))));
  return known.has(wordsOf(target).join(' '));
}

/** What stands in a key, but for the whole of it: `app`, `app db`, `db`, … of `app-db-a`. */
function partsOf(target: Resource): readonly string[] {
  const words = wordsOf(target);
  return words.flatMap((_, from) => words.slice(from).map((__, length) => words.slice(from, from + length + 1))).filter(({ length }) => length < words.length).map((some) => some.join(' '));
}

function wordsOf({ key, moduleAddress }: Resource): readonly string[] {
  const text = typeof key === 'string' ? key : moduleAddress.slice(moduleAddress.lastIndexOf('[') + 1);
  return text.toLowerCase().match(/[a-z]+|\d+/g) ?? [];
}

function isNumbered({ key, moduleAddress }: Resource): boolean {
  return typeof key === 'number' || /\[\d/.test(moduleAddress);
}

/** The module's instance with the own key, where an expression names that module and no other thing, and the key behind it. */
function ownModule({ key, moduleAddress }: Resource, texts: readonly string[]): string | undefined {
  const [call, index, ...more] = texts;
  if (typeof key !== 'string' || call === undefined || index !== 'each.key' || more.length > 0 || !/^module\.[\w-]+$/.test(call)) return undefined;
  return inModule(moduleAddress, `${call}[${JSON.stringify(key)}]`);
}
