/** What one entry of a `references` list, or one name in a template, points at. */
import { moduleSteps, resourceSteps, type InstanceKey, type Mode } from './address';
import { resourceKey } from './configuration';
import { parseTraversal, printTraversal, type Step } from './traversal';

/** The rest of a reference, behind its subject: `.route[0].nat_gateway_id`. */
export type Rest = readonly (string | number)[];

export interface ResourceReference {
  readonly kind: 'resource';
  readonly mode: Mode;
  readonly type: string;
  readonly name: string;
  readonly key?: InstanceKey;
  /** Its `resourceKey`, made once: a hundred thousand resources may share the reference. */
  readonly group: string;
  readonly rest: Rest;
}

export type Reference =
  | ResourceReference
  /** A module's output; without `output` the whole module. */
  | { readonly kind: 'module'; readonly name: string; readonly key?: InstanceKey; readonly output?: string; readonly rest: Rest }
  | { readonly kind: 'var' | 'local'; readonly name: string; readonly rest: Rest }
  /** `each.key`, `each.value`, `count.index`, `self`, `path.module`, `terraform.workspace`. */
  | { readonly kind: 'each.key' | 'each.value' | 'count.index' | 'self' | 'setting'; readonly rest: Rest };

/** Stands in an expression beside what it names where a key is made of something, so that any instance may be meant: see `review/source`. */
export const COMPOSED = 'terraform.composed_key';

export function parseReference(text: string): Reference | undefined {
  const steps = parseTraversal(text);
  return steps && referenceOf(steps);
}

/** The meaning of a traversal, by its first names. */
export function referenceOf(steps: readonly Step[]): Reference | undefined {
  const [first, second] = steps;
  if (first?.kind !== 'name') return undefined;
  const name = second?.kind === 'name' ? second.name : undefined;
  switch (first.name) {
    case 'var':
    case 'local':
      return name === undefined ? undefined : { kind: first.name, name, rest: restOf(steps, 2) };
    case 'each':
      return name === 'value' ? { kind: 'each.value', rest: restOf(steps, 2) } : { kind: 'each.key', rest: [] };
    case 'count':
      return { kind: 'count.index', rest: [] };
    case 'self':
      return { kind: 'self', rest: restOf(steps, 1) };
    case 'path':
    case 'terraform':
      return { kind: 'setting', rest: [] };
    case 'module':
      return moduleReference(steps);
    default: {
      const found = resourceSteps(steps, 0);
      return found && { kind: 'resource', ...found.resource, group: resourceKey(found.resource.mode, found.resource.type, found.resource.name), rest: restOf(steps, found.at) };
    }
  }
}

function moduleReference(steps: readonly Step[]): Reference | undefined {
  const call = moduleSteps(steps.slice(0, 3)).module[0];
  if (!call) return undefined;
  const at = call.key === undefined ? 2 : 3;
  const output = steps[at];
  return output?.kind === 'name'
    ? { kind: 'module', ...call, output: output.name, rest: restOf(steps, at + 1) }
    : { kind: 'module', ...call, rest: restOf(steps, at) };
}

function restOf(steps: readonly Step[], from: number): Rest {
  return steps.slice(from).map((step) => (step.kind === 'name' ? step.name : step.kind === 'index' ? step.index : step.key));
}

/**
 * The references that an expression really has.
 *
 * Terraform follows each with its own beginnings: `aws_x.y["k"].id`, `aws_x.y["k"]`, `aws_x.y`.
 * Only what stands exactly where a beginning is due is left out: the same text elsewhere is a
 * reference to all instances.
 */
export function primaryReferences(list: readonly string[]): readonly string[] {
  const primary: string[] = [];
  for (let at = 0; at < list.length; at += 1) {
    const text = list[at] as string;
    primary.push(text);
    for (const due of beginnings(text)) {
      if (list[at + 1] !== due) break;
      at += 1;
    }
  }
  return primary;
}

/** A reference as Terraform lists it, with its own beginnings. */
export function withBeginnings(text: string): readonly string[] {
  return [text, ...beginnings(text)];
}

function beginnings(text: string): readonly string[] {
  const steps = parseTraversal(text);
  const reference = steps && referenceOf(steps);
  if (!steps || !reference) return [];
  const shorter = (count: number) => printTraversal(steps.slice(0, steps.length - count));
  const due = reference.rest.map((_, index) => shorter(index + 1));
  const { length } = reference.rest;
  const keyed = (reference.kind === 'resource' || reference.kind === 'module') && reference.key !== undefined;
  if (reference.kind === 'module' && reference.output !== undefined) due.push(shorter(length + 1));
  else if (keyed) due.push(shorter(length + 1));
  return due;
}
