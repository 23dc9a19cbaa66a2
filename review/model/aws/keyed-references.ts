/** What keys tell of several things that an expression may mean, where the plan leaves no doubt about the keys. */
import type { PathLike } from '../../plan/attribute-path';
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
  const told = byToldKeys(resource, types, references, expression);
  return told.exact ? told.targets : undefined;
}

/** The module's instance with the own key, where an expression names that module and no other thing, and the key behind it. */
function ownModule({ key, moduleAddress }: Resource, texts: readonly string[]): string | undefined {
  const [call, index, ...more] = texts;
  if (typeof key !== 'string' || call === undefined || index !== 'each.key' || more.length > 0 || !/^module\.[\w-]+$/.test(call)) return undefined;
  return `${moduleAddress === '' ? '' : `${moduleAddress}.`}${call}[${JSON.stringify(key)}]`;
}
