/** What keys tell of several things that an expression may mean, where the plan leaves no doubt about the keys. */
import { inModule } from '../../plan/address';
import { toPath, type PathLike } from '../../plan/attribute-path';
import { isObject, type JsonObject } from '../../plan/json';
import type { References, Resource } from '../../plan/resource-graph';
import { byToldKeys, isPartOfOthers, lastKey } from '../told-keys';
import { keysFor } from '../composed-keys';
import { referencesOf } from './written-references';

/**
 * `module.networks[each.key].subnet_ids[0]` is of the module's instance with this very key; `aws_subnet.s[var.name]` the one
 * with the key that the plan's variables tell.
 */
export function keyedOf(resource: Resource, path: PathLike, references: References, types: readonly string[]): readonly Resource[] | undefined {
  const expression = resource.configExpression(path);
  if (!isObject(expression)) return undefined;
  const inside = ownModules(resource, referencesOf(expression), references.targets);
  if (inside) {
    const found = references.targets.filter(({ moduleAddress }) => inside.some((module) => moduleAddress === module || moduleAddress.startsWith(`${module}.`)));
    return found.length > 0 ? found : undefined;
  }
  // `slice(aws_subnet.s[*].id, 0, var.count)` and `aws_subnet.s[var.count - 1].id` are listed alike: a number is no key.
  if (String(toPath(path).at(-1)).endsWith('s') || references.targets.some(isNumbered)) return undefined;
  const { exact, targets } = byToldKeys(resource, types, references, expression);
  const [only] = targets;
  return exact && only && !isPartOfOthers(only, references.targets) && !mayBeComposed(resource, expression, references.targets) ? targets : undefined;
}

/** `module.net.subnet_ids["${each.key}s"]`, likewise: where there is one for every instance. */
function mayBeComposed(resource: Resource, expression: JsonObject, targets: readonly Resource[]): boolean {
  return referencesOf(expression).includes('each.key') && keysFor(resource, keysOf(targets)).length > 1;
}

const last = new WeakMap<readonly Resource[], ReadonlyMap<string, Resource>>();

function keysOf(targets: readonly Resource[]): ReadonlyMap<string, Resource> {
  let known = last.get(targets);
  if (!known) last.set(targets, (known = new Map(targets.map((target) => [lastKey(target), target]))));
  return known;
}

function isNumbered({ key, moduleAddress }: Resource): boolean {
  return typeof key === 'number' || /\[\d/.test(moduleAddress);
}

const modules = new WeakMap<readonly Resource[], Map<string, ReadonlyMap<string, string>>>();

/** The module's instances with the own key, or one composed of it, where an expression names that module and no other thing, and the key behind it. */
function ownModules(resource: Resource, texts: readonly string[], targets: readonly Resource[]): readonly string[] | undefined {
  const [call, index, ...more] = texts;
  if (typeof resource.key !== 'string' || call === undefined || index !== 'each.key' || more.length > 0 || !/^module\.[\w-]+$/.test(call)) return undefined;
  const base = inModule(resource.moduleAddress, call);
  let byCall = modules.get(targets);
  if (!byCall) modules.set(targets, (byCall = new Map()));
  let instances = byCall.get(base);
  if (!instances) byCall.set(base, (instances = instancesOf(base, targets)));
  const keys = keysFor(resource, instances);
  return keys.length > 0 ? keys.map((key) => instances.get(key) as string) : undefined;
}

/** The instances of a module in which things stand, by their keys. */
function instancesOf(call: string, targets: readonly Resource[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { moduleAddress } of targets) {
    if (!moduleAddress.startsWith(`${call}[`)) continue;
    const [, text] = /^(\["(?:[^"\\]|\\.)*"\])/.exec(moduleAddress.slice(call.length)) ?? [];
    if (text !== undefined) found.set((JSON.parse(text) as [string])[0], `${call}${text}`);
  }
  return found;
}
