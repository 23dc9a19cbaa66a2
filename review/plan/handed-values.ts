/**
 * What variables hand into an expression. Of a list with one element that is not known a plan shows nothing, and its
 * expression names no more than what it refers to: what a caller adds to it is written at the caller's, and what stands
 * there as a text in the Terraform files.
 */
import { isExpression, WRITTEN } from './configuration';
import { isList, isObject, own, type Json, type JsonObject } from './json';
import type { ModuleInstance } from './module-instance';

export interface Handed {
  /** Texts that the calls of modules write. */
  readonly texts: readonly string[];
  /** Variables of the root module, whose values the file has. */
  readonly variables: readonly string[];
}

const NOTHING: Handed = { texts: [], variables: [] };

const kept = new WeakMap<JsonObject, Map<ModuleInstance, Handed>>();

export function handedInto(node: Json | undefined, module: ModuleInstance): Handed {
  if (isExpression(node)) {
    let byModule = kept.get(node);
    if (!byModule) kept.set(node, (byModule = new Map()));
    let found = byModule.get(module);
    if (!found) {
      // Locals may name each other in a circle.
      byModule.set(module, NOTHING);
      const written = textsIn(own(node, WRITTEN));
      const named = [...namesIn(node, 'var').map((name) => byName(name, module)), ...namesIn(node, 'local').map((name) => handedInto(module.config.locals?.get(name), module))];
      byModule.set(module, (found = joined(written.length > 0 ? [{ texts: written, variables: [] }, ...named] : named)));
    }
    return found;
  }
  const parts = isList(node) ? node : isObject(node) ? Object.values(node) : [];
  return joined(parts.map((part) => handedInto(part, module)));
}

/** Variables, or locals, that an expression names. */
function namesIn(expression: JsonObject, kind: 'var' | 'local'): readonly string[] {
  const references = own(expression, 'references');
  const names = (isList(references) ? references : []).flatMap((text) => (typeof text === 'string' && text.startsWith(`${kind}.`) ? /^\w+\.([\w-]+)/.exec(text)?.[1] ?? [] : []));
  return [...new Set(names)];
}

function byName(name: string, { call, parent }: ModuleInstance): Handed {
  if (!call || !parent) return { texts: [], variables: [name] };
  const node = own(call.expressions, name);
  return joined([{ texts: textsIn(isObject(node) ? own(node, 'constant_value') : undefined), variables: [] }, handedInto(node, parent)]);
}

/** Every text in a value. */
export function textsIn(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  return (isList(value) ? value : isObject(value) ? Object.values(value) : []).flatMap(textsIn);
}

function joined(parts: readonly Handed[]): Handed {
  const real = parts.filter((part) => part !== NOTHING);
  return real.length === 0 ? NOTHING : { texts: real.flatMap(({ texts }) => texts), variables: real.flatMap(({ variables }) => variables) };
}
