/** What `JSON.parse` returns, and safe ways into it: nothing here trusts the shape of a plan. */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

// Asked millions of times, and a global is looked up each time: where tests run, that takes longer than all the rest.
const { isArray } = Array;
const inherited = Object.prototype;

/** True for an object that is not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !isArray(value);
}

/** True for an array. */
export function isList(value: unknown): value is readonly Json[] {
  return isArray(value);
}

/** A key's own value. `constructor` and `__proto__` are ordinary keys that a file may or may not have. */
export function own(object: unknown, key: string): Json | undefined {
  if (!isObject(object)) return undefined;
  const value: unknown = object[key];
  // One look instead of two: what an object inherits is a function, or `__proto__`, and no JSON is either.
  return typeof value === 'function' || value === inherited ? undefined : (value as Json | undefined);
}

/** A key's own text; undefined for anything else. */
export function ownText(object: unknown, key: string): string | undefined {
  const value = own(object, key);
  return typeof value === 'string' ? value : undefined;
}

/** A key's own object; undefined for anything else. */
export function ownObject(object: unknown, key: string): JsonObject | undefined {
  const value = own(object, key);
  return isObject(value) ? value : undefined;
}

/** The list's objects; whatever else a broken file has there is left out. */
export function ownObjects(object: unknown, key: string): readonly JsonObject[] {
  const value = own(object, key);
  return isList(value) ? value.filter(isObject) : [];
}

/** A block's bodies, of which JSON syntax allows one or a list: https://developer.hashicorp.com/terraform/language/syntax/json#nested-blocks */
export function blockBodies(value: Json | undefined): readonly JsonObject[] {
  return (isList(value) ? value : [value]).filter(isObject);
}

/** The strings of a list. */
export function ownTexts(object: unknown, key: string): readonly string[] | undefined {
  const value = own(object, key);
  return isList(value) ? value.filter((item): item is string => typeof item === 'string') : undefined;
}

/** True for two lists of the same texts in the same order. */
export function sameTexts(one: readonly string[] | undefined, other: readonly string[] | undefined): boolean {
  return one === other || (one !== undefined && other !== undefined && one.length === other.length && one.every((text, at) => text === other[at]));
}

/** A copy without some of its keys. */
export function without<T extends object, K extends keyof T>(object: T, ...keys: readonly K[]): Omit<T, K> {
  const left = { ...object };
  for (const key of keys) delete left[key];
  return left;
}
