/** Walks a value together with the trees that say what of it is unknown and what is sensitive. */
import type { AttributePath } from './attribute-path';
import { isAwsIdentity } from './identity';
import { isList, isObject, own, type Json } from './json';

export interface Leaf {
  readonly path: AttributePath;
  /** The text; undefined when it is not known, or sensitive. */
  readonly text?: string;
  /** A sensitive text that can be nothing but an id which AWS gave, as a parameter hands it on: for joining alone. */
  readonly handed?: string;
}

/** Every text, and every place that is unknown or sensitive, below a path. Numbers and booleans point to nothing. */
export function leaves(path: AttributePath, value: Json | undefined, unknown: Json | undefined, sensitive: Json | undefined): readonly Leaf[] {
  const found: Leaf[] = [];
  const visit = (at: AttributePath, here: Json | undefined, hidden: Json | undefined, secret: Json | undefined): void => {
    if (hidden !== true && secret === true && isList(here) && here.length > 0 && here.every(isIdentity)) {
      here.forEach((each, index) => found.push({ path: [...at, index], handed: each }));
    } else if (hidden !== true && secret === true && isIdentity(here)) {
      found.push({ path: at, handed: here });
    } else if (hidden === true || (secret === true && here !== null && here !== undefined)) {
      found.push({ path: at });
    } else if (typeof here === 'string') {
      if (here !== '') found.push({ path: at, text: here });
    } else if (isList(here) || isList(hidden)) {
      const length = Math.max(isList(here) ? here.length : 0, isList(hidden) ? hidden.length : 0);
      for (let index = 0; index < length; index += 1) visit([...at, index], isList(here) ? here[index] : undefined, item(hidden, index), item(secret, index));
    } else if (isObject(here) || isObject(hidden)) {
      const keys = new Set([...Object.keys(isObject(here) ? here : {}), ...Object.keys(isObject(hidden) ? hidden : {})]);
      for (const key of keys) visit([...at, key], own(here, key), own(hidden, key), own(secret, key));
    }
  };
  visit(path, value, unknown, sensitive);
  return found;
}

function isIdentity(value: Json | undefined): value is string {
  return typeof value === 'string' && isAwsIdentity(value);
}

function item(tree: Json | undefined, index: number): Json | undefined {
  return isList(tree) ? tree[index] : undefined;
}
