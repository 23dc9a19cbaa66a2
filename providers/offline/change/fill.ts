/** Turns what was "known after apply" into values. */
import { type Attribute, type Block } from '../schema/model';
import { isObject, isWhollyKnown, type ObjectValue, Unknown, type Value } from '../wire/cty';
import { mapBlocks } from './plan-change';

/** Makes the value of one computed attribute, given the names that lead to it. */
export type Fill = (path: readonly string[], attribute: Attribute) => Value;

/**
 * Replaces every unknown value of a resource or data source.
 *
 * @param absent also fill computed values that are null, as a data source does on reading
 */
export function fillBlock(block: Block, value: ObjectValue, fill: Fill, absent = false, path: readonly string[] = []): ObjectValue {
  const filled: ObjectValue = {};
  for (const [name, attribute] of Object.entries(block.attributes)) {
    filled[name] = fillAttribute(attribute, value[name] ?? null, fill, absent, [...path, name]);
  }
  for (const [name, nested] of Object.entries(block.blocks)) {
    filled[name] = mapBlocks(nested, value[name] ?? null, (inner, key) =>
      fillBlock(nested.block, inner, fill, absent, key === '' ? [...path, name] : [...path, name, key]),
    );
  }
  return filled;
}

function fillAttribute(attribute: Attribute, value: Value, fill: Fill, absent: boolean, path: readonly string[]): Value {
  if (value instanceof Unknown || (absent && value === null && attribute.computed)) return fill(path, attribute);
  const { nested } = attribute;
  if (nested === undefined || value === null || isWhollyKnown(value)) return value;
  const block: Block = { attributes: nested.attributes, blocks: {} };
  return mapBlocks({ mode: nested.mode, minItems: 0, maxItems: 0, block }, value, (inner, key) =>
    fillBlock(block, isObject(inner) ? inner : {}, fill, absent, [...path, key]),
  );
}
