/**
 * Values of expressions that a plan does not hold, and yet tells: `each.value.subnet` where `for_each` is a variable,
 * and the variable is in the plan.
 */
import type { InstanceKey } from './address';
import { valueAt } from './attribute-path';
import { isExpression } from './configuration';
import { isList, isObject, own, ownTexts, type Json } from './json';
import type { ModuleInstance } from './module-instance';
import { parseReference, primaryReferences, type Reference, type Rest } from './reference';
import type { Variable } from './resource-graph';

/** A text; `absent` for what has no such attribute, or null; undefined where the plan does not tell, or it is no text. */
export type Told = { readonly text: string } | 'absent' | undefined;

/** What a reference is seen from. */
export interface Seen {
  readonly module: ModuleInstance;
  readonly forEach?: Json | undefined;
  readonly key?: InstanceKey | undefined;
}

/** Modules within modules, and no more: a chain that is longer is not followed. */
const MOST_STEPS = 16;

export class ToldValues {
  constructor(private readonly variables: ReadonlyMap<string, Variable>) {}

  /** As far as a `for` expression between leaves an element what it was. */
  of(reference: Reference, seen: Seen): Told {
    const found = this.value(reference, [], seen, MOST_STEPS);
    if (found === undefined) return undefined;
    const { value } = found;
    if (value === undefined || value === null) return 'absent';
    return typeof value === 'string' || typeof value === 'number' ? { text: String(value) } : undefined;
  }

  /** What a variable, or an attribute of one, is handed from a caller: a resource, a module, a local, or a variable of the root. */
  leadsTo(reference: Reference, { module }: Seen, steps = MOST_STEPS): Reference {
    const { call, parent } = module;
    if (reference.kind !== 'var' || !call || !parent || steps === 0) return reference;
    const [only, ...others] = primaryReferences(ownTexts(own(call.expressions, reference.name), 'references') ?? []).map(parseReference);
    return only && others.length === 0 ? this.leadsTo(only, { module: parent }, steps - 1) : reference;
  }

  /** Undefined where it is not known; an object around it tells null from that. */
  private value(reference: Reference, behind: Rest, seen: Seen, steps: number): { readonly value: Json | undefined } | undefined {
    if (steps === 0) return undefined;
    const path = [...('rest' in reference ? reference.rest : []), ...behind];
    if (reference.kind === 'each.key') return seen.key === undefined ? undefined : { value: String(seen.key) };
    if (reference.kind === 'each.value') {
      const all = seen.key === undefined || !isExpression(seen.forEach) ? undefined : this.expression(seen.forEach, [], { module: seen.module }, steps - 1);
      const element = all && elementOf(all.value, String(seen.key));
      return element === undefined ? undefined : at(element, path);
    }
    if (reference.kind !== 'var') return undefined;
    const { call, parent, key } = seen.module;
    if (!call || !parent) {
      const variable = this.variables.get(reference.name);
      return variable === undefined || variable.sensitive || variable.value === undefined ? undefined : at(variable.value, path);
    }
    const handed = own(call.expressions, reference.name);
    if (handed === undefined) {
      const value = seen.module.config.defaults.get(reference.name);
      return value === undefined ? undefined : at(value, path);
    }
    return isExpression(handed) ? this.expression(handed, path, { module: parent, forEach: call.forEach, key }, steps - 1) : undefined;
  }

  private expression(expression: Json, path: Rest, seen: Seen, steps: number): { readonly value: Json | undefined } | undefined {
    const constant = own(expression, 'constant_value');
    const names = primaryReferences(ownTexts(expression, 'references') ?? []);
    if (constant !== undefined) return names.length > 0 ? undefined : at(constant, path);
    const [only, ...others] = names.map(parseReference);
    return only && others.length === 0 ? this.value(only, path, seen, steps) : undefined;
  }
}

/** Of a map by its key; of a list of objects the one that the key names: `{ for each in var.subnets : each.name => each }`. */
function elementOf(all: Json | undefined, key: string): Json | undefined {
  if (!isList(all)) return own(all, key);
  const named = all.filter((each) => isObject(each) && Object.values(each).includes(key));
  return named.length === 1 ? named[0] : undefined;
}

/** What stands there; of a list or a text nobody may ask for an attribute. */
function at(value: Json, path: Rest): { readonly value: Json | undefined } | undefined {
  const parent = path.length === 0 ? undefined : valueAt(value, path.slice(0, -1));
  if (path.length > 0 && (parent === undefined || parent === null || !(isObject(parent) || isList(parent)))) return parent === null ? { value: null } : undefined;
  return { value: valueAt(value, path) };
}
