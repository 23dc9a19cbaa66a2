/**
 * What a provider answers when Terraform asks for a plan.
 *
 * Terraform's core has already merged configuration and prior state: what the configuration leaves out
 * keeps its old value when the attribute is computed. Left to decide is which values are known only after apply.
 */
import { type Attribute, type Block, impliedType, type NestedBlock } from '../schema/model';
import { canonical, isObject, type ObjectValue, UNKNOWN, Unknown, type Value } from '../wire/cty';

/** Computed attributes that follow others; see `CloudRules.follows`. */
export type Follows = { readonly [computed: string]: readonly string[] };

/**
 * The planned state of a resource that Terraform creates: every computed value without configuration is unknown.
 */
export function planCreate(block: Block, proposed: ObjectValue): ObjectValue {
  const planned: ObjectValue = {};
  for (const [name, attribute] of Object.entries(block.attributes)) planned[name] = unknownWhereComputed(attribute, proposed[name] ?? null);
  for (const [name, nested] of Object.entries(block.blocks)) {
    planned[name] = mapBlocks(nested, proposed[name] ?? null, (inner) => planCreate(nested.block, inner));
  }
  return planned;
}

/**
 * The planned state of a resource that exists: computed values stay, those of new blocks are unknown.
 *
 * @returns the very prior state when nothing changes
 */
export function planUpdate(block: Block, prior: ObjectValue, proposed: ObjectValue, follows: Follows = {}): ObjectValue {
  const planned: ObjectValue = { ...proposed };
  for (const [name, attribute] of Object.entries(block.attributes)) {
    planned[name] = keepComputed(attribute, prior[name] ?? null, proposed[name] ?? null);
  }
  for (const [name, nested] of Object.entries(block.blocks)) {
    planned[name] = updateBlocks(nested, prior[name] ?? null, proposed[name] ?? null);
  }
  const changed = new Set(changedNames(block, prior, planned));
  if (changed.size === 0) return prior;
  for (const [computed, causes] of Object.entries(follows)) {
    if (causes.some((cause) => changed.has(cause))) planned[computed] = UNKNOWN;
  }
  return planned;
}

/** Attributes and blocks whose values differ, in the schema's order. */
export function changedNames(block: Block, before: ObjectValue, after: ObjectValue): string[] {
  const type = impliedType(block);
  const members = Array.isArray(type) && type[0] === 'object' ? type[1] : {};
  return Object.entries(members)
    .filter(([name, memberType]) => canonical(before[name], memberType) !== canonical(after[name], memberType))
    .map(([name]) => name);
}

function unknownWhereComputed(attribute: Attribute, value: Value): Value {
  if (value === null) return attribute.computed ? UNKNOWN : null;
  const { nested } = attribute;
  if (nested === undefined) return value;
  const fill = (member: Value): Value => (isObject(member) ? planCreate({ attributes: nested.attributes, blocks: {} }, member) : member);
  if (Array.isArray(value)) return value.map(fill);
  if (!isObject(value)) return value;
  return nested.mode === 'map' ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fill(member)])) : fill(value);
}

/** A computed value that was absent stays absent; a nested attribute that is new gets its unknown members. */
function keepComputed(attribute: Attribute, prior: Value, proposed: Value): Value {
  if (proposed === null) return null;
  return prior === null || canonical(prior, attribute.type) !== canonical(proposed, attribute.type) ? unknownWhereComputed(attribute, proposed) : proposed;
}

function updateBlocks(nested: NestedBlock, prior: Value, proposed: Value): Value {
  if (nested.mode === 'set') {
    const type = impliedType(nested.block);
    const before = new Set(Array.isArray(prior) ? prior.map((member) => canonical(member, type)) : []);
    // Terraform's core has found each block's earlier self already; a block that equals none of them is new.
    return mapBlocks(nested, proposed, (inner) => (before.has(canonical(inner, type)) ? inner : planCreate(nested.block, inner)));
  }
  return mapBlocks(nested, proposed, (inner, key) => {
    const earlier = nested.mode === 'single' ? prior : isObject(prior) || Array.isArray(prior) ? (prior as { [key: string]: Value })[key] : undefined;
    return isObject(earlier) ? planUpdate(nested.block, earlier, inner) : planCreate(nested.block, inner);
  });
}

/** Applies a change to each block of a nested block type; unknown blocks (a dynamic block's) stay unknown. */
export function mapBlocks(nested: NestedBlock, value: Value, change: (inner: ObjectValue, key: string) => ObjectValue): Value {
  if (value === null || value instanceof Unknown) return value;
  if (Array.isArray(value)) return value.map((member, index) => (isObject(member) ? change(member, String(index)) : member));
  if (!isObject(value)) return value;
  if (nested.mode !== 'map') return change(value, '');
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, isObject(member) ? change(member, key) : member]));
}
