/** References seen from their targets: one pass over the resources of a type, kept. */
import type { AttributePath } from './attribute-path';
import type { GraphResource } from './graph-resource';
import type { ModuleInstance } from './module-instance';
import type { ModuleScopes } from './module-scope';
import type { ReferenceLookup } from './reference-lookup';
import type { ReferenceLink, Referrer, Resource } from './resource-graph';
import { leaves } from './value-marks';

export class ReferrerIndex {
  private readonly indexed = new Set<string>();
  private readonly direct = new Map<Resource, Referrer[]>();
  /** By module: referrers that may mean anything that the module can see. */
  private readonly hidden = new Map<ModuleInstance, Referrer[]>();
  /** By resource, the modules that hold or are handed it; by module, the scopes that reach it. */
  private readonly seenFrom = new Map<Resource, Set<ModuleInstance>>();
  private readonly reachedBy = new Map<ModuleInstance, Set<ModuleInstance>>();

  constructor(
    private readonly resources: ReadonlyMap<string, readonly GraphResource[]>,
    private readonly lookup: ReferenceLookup,
    private readonly scopes: ModuleScopes,
  ) {}

  of(target: Resource, types: readonly string[] | undefined): readonly Referrer[] {
    for (const type of types ?? this.resources.keys()) {
      if (!this.indexed.has(type)) this.index(type);
    }
    const found = [...(this.direct.get(target) ?? [])];
    for (const module of this.seenFrom.get(target) ?? []) {
      for (const scope of this.reachedBy.get(module) ?? []) found.push(...(this.hidden.get(scope) ?? []));
    }
    const wanted = types && new Set(types);
    const once = new Map<string, Referrer>();
    for (const referrer of found) {
      if (referrer.resource === target || (wanted && !wanted.has(referrer.resource.type))) continue;
      const key = `${referrer.resource.address} ${referrer.resource.deposed ?? ''} ${JSON.stringify(referrer.path)}`;
      if (!once.get(key)?.exact) once.set(key, referrer);
    }
    return [...once.values()];
  }

  private index(type: string): void {
    this.indexed.add(type);
    for (const resource of this.resources.get(type) ?? []) {
      for (const leaf of leaves([], resource.rawAt([]), resource.unknownBelow([]), resource.sensitiveBelow([]))) {
        // A resource's own id and arn point to itself.
        if (leaf.path.length === 1 && (leaf.path[0] === 'id' || leaf.path[0] === 'arn')) continue;
        const { links, scopes, alternatives, widened } = this.lookup.leaf(resource, leaf);
        const exact = widened.length === 0 && !(alternatives && links.length > 1);
        this.note(links, { resource, path: leaf.path, exact });
        for (const scope of scopes) this.hide(scope, resource, leaf.path);
      }
    }
  }

  private note(links: readonly ReferenceLink[], referrer: Referrer): void {
    for (const { resource } of links) {
      const known = this.direct.get(resource);
      if (known) known.push(referrer);
      else this.direct.set(resource, [referrer]);
    }
  }

  private hide(scope: ModuleInstance, resource: Resource, path: AttributePath): void {
    const referrer: Referrer = { resource, path, exact: false };
    const known = this.hidden.get(scope);
    if (known) {
      known.push(referrer);
      return;
    }
    this.hidden.set(scope, [referrer]);
    for (const { module, links } of this.scopes.reached(scope)) {
      const isNew = !this.reachedBy.has(module);
      add(this.reachedBy, module, scope);
      if (isNew) links.forEach((link) => add(this.seenFrom, link.resource, module));
    }
  }
}

function add<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const known = map.get(key);
  if (known) known.add(value);
  else map.set(key, new Set([value]));
}
