/**
 * What the provider reads back into a block: a security group, a route table and a network show the
 * rules, routes and subnets that resources of their own make, too, as they were when the state was
 * refreshed. A plan that changes or deletes such a resource leaves the copy as it was.
 * https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/network_security_group
 */
import type { AttributePath } from '../../plan/attribute-path';
import { isList, own, type JsonObject } from '../../plan/json';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { text } from './read';

export interface Parts {
  /** The block that shows them. */
  readonly block: string;
  /** The resource that makes one, and the attribute in which it names the whole. */
  readonly type: string;
  readonly owner: string;
}

export class ReadBack {
  /** Names of parts that are resources of their own, by the whole. */
  private readonly made = new Set<string>();
  /** The same for those that are no longer what they were. */
  private readonly changed = new Set<string>();

  constructor(graph: ResourceGraph, private readonly parts: Parts) {
    for (const part of [...graph.removed, ...graph.ofType(parts.type)]) {
      if (part.type !== parts.type || part.action === 'no-op' || part.action === 'unplanned' || part.action === 'create' || part.action === 'forget') continue;
      const { before } = part;
      if (before) this.changed.add(keyOf(before, own(before, parts.owner), own(before, 'name')));
    }
  }

  /** Notes that a part of the whole is a resource, which says itself what it is. */
  note(whole: Resource, part: Resource): void {
    const [name, own] = [text(whole, 'name'), text(part, 'name')];
    if (name !== undefined && own !== undefined) this.made.add(keyOf(whole.values, name, own));
  }

  /** True when an element of the block only shows what a resource of its own makes, or made. */
  holds(whole: Resource, element: AttributePath): boolean {
    const name = this.made.size + this.changed.size === 0 ? undefined : text(whole, [...element, 'name']);
    if (name === undefined || whole.isConfigured(this.parts.block)) return false;
    const key = keyOf(whole.values, text(whole, 'name'), name);
    if (this.made.has(key)) return true;
    return this.changed.has(key) && wasThere(whole, this.parts.block, element);
  }
}

/** What a `dynamic` block begins to write in the same plan was not there as it is. */
function wasThere(whole: Resource, block: string, element: AttributePath): boolean {
  const before = own(whole.before, block);
  const value = JSON.stringify(whole.valueAt(element));
  return isList(before) && before.some((each) => JSON.stringify(each) === value);
}

function keyOf(values: JsonObject, whole: unknown, name: unknown): string {
  return `${String(own(values, 'resource_group_name') ?? '')}\n${String(whole)}\n${String(name)}`.toLowerCase();
}
