/**
 * Which block of the configuration became which element of a value. Sets are sorted on the way
 * into a plan, so that the second `route` of the source may be the first of the plan: what is
 * written out in both decides.
 */
import { isExpression } from './configuration';
import { isList, isObject, own, type Json, type JsonObject } from './json';
import { marksAnything } from './masking';
import { isTemplate } from './template';

/** For each element of the value, the numbers of the blocks that it may come from. */
export interface ElementMatch {
  /** Undefined for an element that fits no block: a provider may rewrite what it is given. */
  readonly candidates: readonly (readonly number[] | undefined)[];
  /** True when there are as many blocks as elements, so that none comes from a `dynamic` block. */
  readonly complete: boolean;
}

/** Larger blocks are not matched: it takes the product of both sizes. */
const MOST_PAIRS = 250_000;

/** `fits` says whether an element may come from a block; `strict` also holds that what is null there is not unknown here. */
type Fits = (value: Json, unknown: Json | undefined, block: Json, strict: boolean) => boolean;

/** Elements against the objects that a template of JSON syntax writes out. */
export function matchTemplates(values: readonly Json[], unknown: Json | undefined, templates: readonly Json[]): ElementMatch {
  return match(values, unknown, templates, fitsTemplate);
}

/** Elements against blocks of expressions. */
export function matchBlocks(values: readonly Json[], unknown: Json | undefined, blocks: readonly Json[]): ElementMatch {
  return match(values, unknown, blocks, fitsBlock);
}

function match(values: readonly Json[], unknown: Json | undefined, blocks: readonly Json[], fits: Fits): ElementMatch {
  const complete = values.length === blocks.length;
  if (values.length * blocks.length > MOST_PAIRS) return { candidates: values.map(() => undefined), complete };
  const fitting = (strict: boolean) => values.map((value, index) => numbers(blocks.length).filter((block) => fits(value, isList(unknown) ? unknown[index] : unknown, blocks[block] as Json, strict)));
  const strict = complete ? oneEach(fitting(true), blocks.length) : undefined;
  const loose = strict ?? fitting(false);
  const found = strict ?? (complete ? oneEach(loose, blocks.length) : undefined) ?? loose;
  return { candidates: found.map((candidates) => (candidates.length > 0 ? candidates : undefined)), complete };
}

/**
 * With as many blocks as elements each belongs to one: an element with one candidate takes it from
 * the others. Undefined when that does not work out.
 */
function oneEach(candidates: readonly (readonly number[])[], blocks: number): readonly (readonly number[])[] | undefined {
  const left = candidates.map((list) => new Set(list));
  const holders: number[][] = numbers(blocks).map(() => []);
  candidates.forEach((list, element) => list.forEach((block) => holders[block]?.push(element)));
  const settled = left.flatMap((set, element) => (set.size === 1 ? [element] : []));
  for (const element of settled) {
    const [block] = left[element] ?? [];
    if (block === undefined) return undefined;
    for (const other of holders[block] ?? []) {
      if (other === element || !left[other]?.delete(block)) continue;
      if (left[other].size === 0) return undefined;
      if (left[other].size === 1) settled.push(other);
    }
  }
  const used = new Set(left.flatMap((set) => [...set]));
  return left.every((set) => set.size > 0) && used.size === blocks ? left.map((set) => [...set]) : undefined;
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function fitsTemplate(value: Json | undefined, unknown: Json | undefined, template: Json, strict: boolean): boolean {
  if (typeof template === 'string' && isTemplate(template)) return true;
  if (unknown === true) return template === null ? !strict : holdsTemplate(template);
  if (template === null) return !strict || !marksAnything(unknown);
  if (isList(template)) return true;
  if (isObject(template)) {
    if (!isObject(value)) return !strict;
    return Object.entries(template).every(([key, part]) => fitsTemplate(own(value, key), own(unknown, key), part, strict));
  }
  return sameScalar(value, template);
}

function holdsTemplate(template: Json): boolean {
  if (typeof template === 'string') return isTemplate(template);
  if (isList(template)) return template.some(holdsTemplate);
  return isObject(template) && Object.values(template).some(holdsTemplate);
}

function fitsBlock(value: Json | undefined, unknown: Json | undefined, block: Json, strict: boolean): boolean {
  if (!isObject(block)) return true;
  return Object.entries(block).every(([attribute, node]) => {
    const constant = constantOf(node);
    if (constant === undefined) return true;
    return isList(own(node, 'references'))
      ? fitsTemplate(own(value, attribute), own(unknown, attribute), constant, strict)
      : own(unknown, attribute) !== true && (typeof constant === 'object' || sameScalar(own(value, attribute), constant));
  });
}

function constantOf(node: Json): Json | undefined {
  return isExpression(node) ? own(node as JsonObject, 'constant_value') : undefined;
}

/** Numbers may have become strings, and what is empty may have become null. */
function sameScalar(value: Json | undefined, written: Json): boolean {
  if (value === undefined || value === null) return written === null || written === '' || written === false || written === 0;
  return typeof value !== 'object' && String(value) === String(written);
}
