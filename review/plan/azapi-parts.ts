/** Values of azapi's bodies with what of them is not known, and how they become attributes of another form. */
import { valueAt, type AttributePath } from './attribute-path';
import { isList, type Json } from './json';
import { marksAnything, marksBelow } from './masking';

/** A value, and what of it is not known. */
export interface Part {
  readonly value: Json | undefined;
  readonly unknown: Json | undefined;
}

export const NOTHING: Part = { value: undefined, unknown: undefined };
export const UNKNOWN: Part = { value: undefined, unknown: true };

export function isThere({ value, unknown }: Part): boolean {
  return unknown === true || (value !== undefined && value !== null && !(isList(value) && value.length === 0));
}

export function at({ value, unknown }: Part, ...path: AttributePath): Part {
  return { value: valueAt(value, path), unknown: marksBelow(unknown, path) };
}

/** A list of objects in other words. */
export function each(list: Part, words: (element: Part) => Readonly<Record<string, Part>>): Part {
  if (list.unknown === true || !isList(list.value)) return list.unknown === true ? UNKNOWN : NOTHING;
  const elements = list.value.map((value, index) => objectOf(words({ value, unknown: marksBelow(list.unknown, [index]) })));
  return { value: elements.map((element) => element.value ?? null), unknown: elements.map((element) => element.unknown ?? false) };
}

export function texts(list: Part, name: string): Part {
  if (list.unknown === true || !isList(list.value)) return list.unknown === true ? UNKNOWN : NOTHING;
  const parts = list.value.map((value, index) => at({ value, unknown: marksBelow(list.unknown, [index]) }, name));
  return { value: parts.map(({ value }) => value ?? null), unknown: parts.map(({ unknown }) => unknown ?? false) };
}

export function listOf(words: Readonly<Record<string, Part>>): Part {
  const { value, unknown } = objectOf(words);
  return { value: [value ?? null], unknown: [unknown ?? false] };
}

export function objectOf(words: Readonly<Record<string, Part>>): Part {
  const values: Record<string, Json> = {};
  const unknown: Record<string, Json> = {};
  for (const [name, part] of Object.entries(words)) {
    if (part.value !== undefined) values[name] = part.value;
    if (marksAnything(part.unknown)) unknown[name] = part.unknown as Json;
  }
  return { value: values, unknown };
}

/** Two lists as one; an endpoint has either. */
export function both(one: Part, other: Part): Part {
  return isThere(one) ? one : other;
}

/** Lists as one. */
export function together(...lists: readonly Part[]): Part {
  if (lists.some(({ unknown }) => unknown === true)) return UNKNOWN;
  const of = (list: Json | undefined) => (isList(list) ? list : []);
  return { value: lists.flatMap(({ value }) => of(value)), unknown: lists.flatMap(({ unknown }) => of(unknown)) };
}

export function orFalse(part: Part): Part {
  return isThere(part) ? part : { value: false, unknown: undefined };
}

/** The name that an id ends with. */
export function lastOf({ value, unknown }: Part): Part {
  return { value: typeof value === 'string' ? value.slice(value.lastIndexOf('/') + 1) : undefined, unknown };
}

/** What azurerm has as a flag. */
export function isEnabled({ value, unknown }: Part): Part {
  return { value: typeof value === 'string' ? value.toLowerCase() === 'enabled' : undefined, unknown };
}
