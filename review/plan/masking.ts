/** Sensitive values never leave the plan: a marker stands for each. */
import { isList, isObject, own, type Json, type JsonObject } from './json';

/** Stands for a sensitive value. It is no value: the path counts as unknown. */
export const SENSITIVE = '(sensitive value)';

/** By tree, which the resources of a type share: see `RepeatedValues`. */
const marking = new WeakMap<JsonObject, boolean>();

/** True when a tree of `*_sensitive` or `after_unknown` marks anything. */
export function marksAnything(tree: Json | undefined): boolean {
  if (!isObject(tree)) return marks(tree);
  let found = marking.get(tree);
  if (found === undefined) marking.set(tree, (found = marks(tree)));
  return found;
}

function marks(tree: Json | undefined): boolean {
  if (typeof tree !== 'object' || tree === null) return tree === true;
  if (isList(tree)) return tree.some(marks);
  for (const key in tree) if (marks(tree[key])) return true;
  return false;
}

/** The value with a marker at each place that the tree marks. What is not marked is shared, not copied. */
function masked(value: Json, tree: Json | undefined): Json {
  if (tree === true) return value === null ? null : SENSITIVE;
  if (!marksAnything(tree)) return value;
  if (isList(tree)) {
    // A tree that does not fit hides too much rather than too little.
    if (!isList(value)) return value === null ? null : SENSITIVE;
    return value.map((item, index) => masked(item, tree[index]));
  }
  if (isObject(tree)) {
    if (!isObject(value)) return value === null ? null : SENSITIVE;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, own(tree, key))]));
  }
  return value;
}

export function maskedObject(value: Json | undefined, tree: Json | undefined): JsonObject {
  if (!isObject(value)) return {};
  if (tree === true) return Object.fromEntries(Object.keys(value).map((key) => [key, SENSITIVE]));
  const result = masked(value, tree);
  return isObject(result) ? result : {};
}

/** The part of a mark tree that belongs to a path; `true` below a mark, because an ancestor's mark holds for all that is below it. */
export function marksBelow(tree: Json | undefined, path: readonly (string | number)[]): Json | undefined {
  let at: Json | undefined = tree;
  for (const step of path) {
    if (at === true) return true;
    if (isList(at)) at = typeof step === 'number' ? at[step] : undefined;
    else if (isObject(at)) at = own(at, String(step)) ?? (step === 0 ? at : undefined);
    else return undefined;
  }
  return at;
}

/**
 * Names under which a configuration, which has no marks, holds secrets; so do plans and states of
 * Terraform before 1.0. Only literals are hidden; a reference is no secret.
 */
const SECRET_NAME = /(^|_)(password|passwd|passphrase|secret|secret_string|secret_value|secret_binary|private_key|token|access_key|secret_key|client_secret|connection_string|credentials)$/;

/** A tree of marks for a value that nothing marks: names decide. */
export function secretsByName(value: Json, name = ''): Json {
  if (typeof value === 'string') return SECRET_NAME.test(name);
  if (isList(value)) return value.map((item) => secretsByName(item, name));
  if (!isObject(value)) return false;
  const marks = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, secretsByName(item, key)]));
  return marksAnything(marks) ? marks : false;
}
