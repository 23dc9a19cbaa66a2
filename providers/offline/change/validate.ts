/** Checks of a configuration that providers make and Terraform's core does not. */
import { type Attribute, type Block } from '../schema/model';
import { isObject, type ObjectValue, type Value } from '../wire/cty';

/** A step of an attribute path as Terraform prints it. */
export type Step = { readonly attribute_name: string } | { readonly element_key_string: string } | { readonly element_key_int: number };

/** A message that Terraform shows with the place in the configuration. */
export interface Diagnostic {
  readonly severity: 1 | 2;
  readonly summary: string;
  readonly detail: string;
  readonly attribute?: { readonly steps: readonly Step[] };
}

/** An error message. */
export function errorDiagnostic(summary: string, detail: string, steps: readonly Step[] = []): Diagnostic {
  return { severity: 1, summary, detail, ...(steps.length === 0 ? {} : { attribute: { steps } }) };
}

/**
 * Refuses values for attributes that only the provider sets, as the provider SDK does. Unknown and missing
 * attributes, wrong types and numbers of blocks are found by Terraform itself from the schema.
 */
export function validateConfig(block: Block, config: ObjectValue, path: readonly Step[] = []): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const [name, attribute] of Object.entries(block.attributes)) {
    found.push(...validateAttribute(name, attribute, config[name] ?? null, path));
  }
  for (const [name, nested] of Object.entries(block.blocks)) {
    const step = { attribute_name: name };
    for (const [index, inner] of members(config[name] ?? null, nested.mode)) found.push(...validateConfig(nested.block, inner, [...path, step, ...index]));
  }
  return found;
}

function validateAttribute(name: string, attribute: Attribute, value: Value, path: readonly Step[]): Diagnostic[] {
  if (value === null) return [];
  const steps = [...path, { attribute_name: name }];
  if (!attribute.optional && !attribute.required) {
    return [
      errorDiagnostic(
        'Value for unconfigurable attribute',
        `Can't configure a value for "${name}": its value will be decided automatically based on the result of applying this configuration.`,
        steps,
      ),
    ];
  }
  const { nested } = attribute;
  if (nested === undefined) return [];
  return members(value, nested.mode).flatMap(([index, inner]) => validateConfig({ attributes: nested.attributes, blocks: {} }, inner, [...steps, ...index]));
}

/** The blocks of one type with the step that leads to each; a member of a set has no step that Terraform could print. */
function members(value: Value, mode: string): [Step[], ObjectValue][] {
  if (Array.isArray(value)) {
    return value.flatMap((inner, index) => (isObject(inner) ? [[mode === 'set' ? [] : [{ element_key_int: index }], inner] as [Step[], ObjectValue]] : []));
  }
  if (!isObject(value)) return [];
  if (mode !== 'map') return [[[], value]];
  return Object.entries(value).flatMap(([key, inner]) => (isObject(inner) ? [[[{ element_key_string: key }], inner] as [Step[], ObjectValue]] : []));
}
