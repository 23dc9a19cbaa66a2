/**
 * What the provider reads back into a list: an ACL, a route table, a group and a prefix list show what resources of their
 * own put there, too, as it was when the state was refreshed. A plan that changes or deletes such a resource leaves the
 * list as it was.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/network_acl
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route_table
 */
import { append } from '../../append';
import type { AttributePath } from '../../plan/attribute-path';
import { isList, isObject, own, type Json, type JsonObject } from '../../plan/json';
import type { Action, Resource, ResourceGraph } from '../../plan/resource-graph';
import { textAt } from './read';

/** What stays as it was, or was not there. */
const LASTING: ReadonlySet<Action> = new Set(['no-op', 'unplanned', 'create', 'forget', 'read']);

/** One of them, as it was. */
export interface FormerPart {
  readonly type: string;
  readonly values: JsonObject;
}

/** What parts that are resources of their own said before a plan that changes them or takes them away. */
export class FormerParts {
  private readonly byWhole = new Map<string, FormerPart[]>();

  /** @param owner the attribute in which a part names the whole by its id */
  constructor(graph: ResourceGraph, types: readonly string[], owner: string) {
    for (const part of [...graph.removed, ...types.flatMap((type) => graph.ofType(type))]) {
      const whole = types.includes(part.type) && part.mode === 'managed' && !LASTING.has(part.action) ? own(part.before, owner) : undefined;
      if (typeof whole === 'string' && part.before) append(this.byWhole, whole, { type: part.type, values: part.before });
    }
  }

  of(whole: Resource): readonly FormerPart[] {
    const id = this.byWhole.size === 0 ? undefined : textAt(whole, 'id');
    return (id === undefined ? undefined : this.byWhole.get(id)) ?? [];
  }

  /** The keys of these, by their values. */
  keysOf(whole: Resource, keyOf: (part: JsonObject) => string | undefined): ReadonlySet<string> {
    return new Set(this.of(whole).flatMap(({ values }) => keyOf(values) ?? []));
  }
}

/** True where nobody wrote a list, so that what stands in it was read back. */
export function isReadBack(whole: Resource, path: string): boolean {
  const expression = whole.configExpression(path);
  return expression === undefined || (isObject(expression) && own(expression, 'constant_value') === null);
}

/** The same of one element: what a `dynamic` block, of which a plan has no expression, begins to write was not there before. */
export function wasReadBack(whole: Resource, element: AttributePath): boolean {
  const block = String(element[0]);
  if (!isReadBack(whole, block)) return false;
  const before = own(whole.before, block);
  const value = JSON.stringify(whole.valueAt(element));
  return isList(before) && before.some((each) => JSON.stringify(each) === value);
}

/** A text of a part's values; null and nothing are none. */
export function textIn(part: JsonObject, name: string): string | undefined {
  const value = own(part, name);
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
}

/** The texts of a list, or the only one. */
export function textsIn(part: JsonObject, ...names: readonly string[]): readonly string[] {
  return names.flatMap((name): readonly Json[] => {
    const value = own(part, name);
    return isList(value) ? value : value === undefined ? [] : [value];
  }).filter((value): value is string => typeof value === 'string' && value !== '');
}
