/** From a path in a resource's values to the expressions in its configuration that made what is there. */
import type { AttributePath } from './attribute-path';
import { isExpression } from './configuration';
import { matchBlocks, matchTemplates, type ElementMatch } from './element-match';
import { BLOCK_ATTRIBUTES, keepsOrder } from './identity';
import { isList, isObject, own, type Json, type JsonObject } from './json';

/** One expression, and the part of its value that is meant. */
export interface Origin {
  readonly expression: JsonObject;
  readonly rest: AttributePath;
}

export interface Origins {
  readonly origins: readonly Origin[];
  /** True when all origins are meant; false when each of them may be the one. */
  readonly all: boolean;
  /** Why an origin may be missing: what a `dynamic` block refers to is in no plan. */
  readonly missing?: string;
  /** True when the configuration does not set the attribute: the provider does. */
  readonly unset?: boolean;
}

/** A resource's values as the plan has them, unmasked, for matching only. */
export interface Shape {
  /** The resource's. */
  readonly type: string;
  readonly expressions: JsonObject;
  readonly values: Json;
  readonly unknown: Json | undefined;
  /** True when elements and blocks have the same order: a synthesized stack's values are its configuration. */
  readonly inOrder: boolean;
  /** Remembers matches by the list of blocks. */
  readonly matches: Map<Json, ElementMatch>;
}

export function originsAt(shape: Shape, path: AttributePath): Origins {
  const [attribute, ...rest] = path;
  if (typeof attribute !== 'string') return below(shape.expressions);
  const node = own(shape.expressions, attribute);
  const value = own(shape.values, attribute);
  const unknown = own(shape.unknown, attribute);
  if (node === undefined) return unwritten(shape, attribute, value);
  if (isExpression(node)) return inExpression(shape, attribute, node, rest, value, unknown);
  return inBlocks(shape, attribute, node, rest, value, unknown);
}

/** What the configuration does not have: blocks, here or inside of a block, are those of a `dynamic` one; the rest is the provider's. */
function unwritten(shape: Shape, name: string, value: Json | undefined): Origins {
  const isBlock = isList(value) && value.some(isObject);
  return isBlock && !shape.inOrder ? { origins: [], all: false, missing: dynamic(name) } : { origins: [], all: true, unset: true };
}

/** Blocks that the provider's schema knows as blocks: one object of expressions each. */
function inBlocks(shape: Shape, name: string, node: Json, path: AttributePath, value: Json | undefined, unknown: Json | undefined): Origins {
  if (isExpression(node)) return { origins: [{ expression: node, rest: path }], all: true };
  const [step, ...rest] = path;
  if (isObject(node)) {
    const inner = typeof step === 'number' ? rest : path;
    const [attribute, ...deeper] = inner;
    if (typeof attribute !== 'string') return below(node);
    const next = own(node, attribute);
    return next === undefined ? unwritten(shape, attribute, own(value, attribute)) : inBlocks(shape, attribute, next, deeper, own(value, attribute), own(unknown, attribute));
  }
  if (!isList(node)) return { origins: [], all: true };
  const values = isList(value) ? value : undefined;
  const extra = !shape.inOrder && (!values || values.length > node.length) ? dynamic(name) : undefined;
  if (typeof step !== 'number' || !values) return withMissing(below(node), extra);
  // With as many blocks as elements none of them comes from a dynamic one.
  const inOrder = shape.inOrder || (values.length === node.length && keepsOrder(shape.type, name));
  const match = inOrder ? undefined : matched(shape, node, () => matchBlocks(values, unknown, node));
  const candidates = inOrder ? [step] : match?.candidates[step];
  if (!candidates) return withMissing({ ...below(node), all: false }, extra);
  const found = candidates.map((block) => inBlocks(shape, name, node[block] ?? {}, [step, ...rest], values[step], isList(unknown) ? unknown[step] : unknown));
  return withMissing(joined(found, candidates.length <= 1), extra);
}

/** An attribute with one expression; an attribute that people may write as blocks looks the same. */
function inExpression(shape: Shape, name: string, node: JsonObject, path: AttributePath, value: Json | undefined, unknown: Json | undefined): Origins {
  const constant = own(node, 'constant_value');
  const isWritten = constant !== undefined && isList(own(node, 'references'));
  const whole: Origins = { origins: [{ expression: node, rest: [] }], all: true };
  const [step] = path;
  const isBlock = BLOCK_ATTRIBUTES.has(name) || (isList(value) && value.some(isObject));
  if (!isWritten) return isBlock && !shape.inOrder ? { ...whole, missing: `the plan lists what all \`${name}\` blocks refer to in one, without what a dynamic block refers to` } : whole;
  if (shape.inOrder) return { origins: [{ expression: node, rest: path }], all: true };
  const templates = isList(constant) ? constant : isObject(constant) && typeof step === 'number' ? [constant] : undefined;
  if (!templates || typeof step !== 'number' || !isList(value)) {
    const rest = !isBlock && typeof step === 'string' ? path : [];
    return withMissing({ origins: [{ expression: node, rest }], all: true }, isBlock && isList(templates) && isList(value) && value.length > templates.length ? dynamic(name) : undefined);
  }
  const missing = isBlock && value.length > templates.length ? dynamic(name) : undefined;
  const match = matched(shape, node, () => matchTemplates(value, unknown, templates));
  const candidates = match.candidates[step];
  if (!candidates) return withMissing({ ...whole, all: false }, missing);
  const into = (block: number) => (isList(constant) ? [block, ...path.slice(1)] : path.slice(1));
  return withMissing({ origins: candidates.map((block) => ({ expression: node, rest: into(block) })), all: candidates.length <= 1 }, missing);
}

/** Every expression in a tree of blocks. */
function below(node: Json): Origins {
  const origins: Origin[] = [];
  const visit = (part: Json): void => {
    if (isExpression(part)) origins.push({ expression: part, rest: [] });
    else if (isList(part)) part.forEach(visit);
    else if (isObject(part)) Object.values(part).forEach(visit);
  };
  visit(node);
  return { origins, all: true };
}

function matched(shape: Shape, node: Json, match: () => ElementMatch): ElementMatch {
  let found = shape.matches.get(node);
  if (!found) shape.matches.set(node, (found = match()));
  return found;
}

function joined(parts: readonly Origins[], all: boolean): Origins {
  const missing = parts.find((part) => part.missing)?.missing;
  return withMissing({ origins: parts.flatMap((part) => part.origins), all: all && parts.every((part) => part.all), ...(parts.every((part) => part.unset) ? { unset: true } : {}) }, missing);
}

function withMissing(origins: Origins, missing: string | undefined): Origins {
  return missing === undefined ? origins : { ...origins, missing };
}

function dynamic(name: string): string {
  return `the plan does not say what the '${name}' blocks refer to (a dynamic block, or an old Terraform)`;
}
