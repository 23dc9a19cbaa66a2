/** Ways into a resource's values: `route[2].nat_gateway_id`, `tags["a.b"]`. */
import { isList, isObject, own, type Json } from './json';
import { parseTraversal, printTraversal } from './traversal';

/** Names of attributes and keys of maps as text, places in lists as numbers. */
export type AttributePath = readonly (string | number)[];

/** A path as a list, or as Terraform writes it. */
export type PathLike = AttributePath | string;

/** Paths that were read before. The models ask for the same few hundred of each of a hundred thousand resources. */
const known = new Map<string, AttributePath>();

/** @throws RangeError for a text that is no path: the caller wrote it, not the plan. */
export function toPath(path: PathLike): AttributePath {
  if (typeof path !== 'string') return path;
  let steps = known.get(path);
  if (!steps) known.set(path, (steps = readPath(path)));
  return steps;
}

function readPath(path: string): AttributePath {
  if (path === '') return [];
  if (/^[a-z_][a-z0-9_]*$/.test(path)) return [path];
  const steps = parseTraversal(path);
  if (!steps) throw new RangeError(`'${path}' is no attribute path; write route[2].nat_gateway_id`);
  return steps.map((step) => (step.kind === 'name' ? step.name : step.kind === 'index' ? step.index : step.key));
}

/** A path as Terraform writes it; `toPath` reads it back. */
export function printPath(path: AttributePath): string {
  return printTraversal(path.map((step, index) => {
    if (typeof step === 'number') return { kind: 'index', index: step };
    const isName = index === 0 || /^[\p{ID_Start}_][\p{ID_Continue}-]*$/u.test(step);
    return isName ? { kind: 'name', name: step } : { kind: 'key', key: step };
  }));
}

/**
 * One step down. Synthesized JSON writes a block that appears once as an object where a plan has
 * a list of one: `[0]` of an object is the object.
 */
export function child(value: Json | undefined, step: string | number): Json | undefined {
  if (isList(value)) return typeof step === 'number' ? value[step] : undefined;
  const found = own(value, step as string);
  return found === undefined && step === 0 && isObject(value) ? value : found;
}

/** The value at a path; undefined where there is none. */
export function valueAt(value: Json | undefined, path: AttributePath): Json | undefined {
  let found = value;
  for (const step of path) found = child(found, step);
  return found;
}
