/** What an expression of the configuration refers to, as it is written there. */
import { isObject, ownTexts, type Json, type JsonObject } from '../../plan/json';

const NONE: readonly string[] = [];

/** By expression, which all instances of a block share. */
const kept = new WeakMap<JsonObject, readonly string[]>();

/** The same list each time that it is asked for. */
export function referencesOf(expression: Json | undefined): readonly string[] {
  if (!isObject(expression)) return NONE;
  let found = kept.get(expression);
  if (!found) kept.set(expression, (found = ownTexts(expression, 'references') ?? NONE));
  return found;
}
