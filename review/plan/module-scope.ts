/**
 * Everything that an expression in a module can refer to: the module's own resources, what its
 * caller hands in, and what the modules that it calls hand back.
 */
import type { ModuleInstance } from './module-instance';
import { isSearch } from './identity';
import { isObject } from './json';
import { distinct, merge, NOTHING, union, type Resolution, type Scopes } from './resolution';
import type { Resolver } from './resolver';
import type { ReferenceLink, Resource } from './resource-graph';

/** What one module holds or sees across its border, by type. */
interface Sight {
  readonly byType: ReadonlyMap<string, readonly ReferenceLink[]>;
  readonly unknown: readonly string[];
  /** Data sources whose result is not known. */
  readonly searches: readonly Resource[];
}

export class ModuleScopes implements Scopes {
  private readonly reaches = new Map<ModuleInstance, readonly ModuleInstance[]>();
  private readonly sights = new Map<ModuleInstance, Sight>();
  private readonly borders = new Map<ModuleInstance, Resolution>();

  constructor(private readonly resolver: Resolver) {}

  links(module: ModuleInstance, types: readonly string[] | undefined): readonly ReferenceLink[] {
    const sights = this.reach(module).map((reached) => this.sight(reached));
    return merge(sights.flatMap(({ byType }) => (types ? types.map((type) => byType.get(type) ?? []) : [...byType.values()])));
  }

  unknown(module: ModuleInstance, types: readonly string[] | undefined): readonly string[] {
    return distinct(this.reach(module).flatMap((reached) => {
      const { unknown, searches } = this.sight(reached);
      const open = searches.filter((search) => isSearch(search.type, types));
      return [...unknown, ...open.map((search) => `${search.address} is read during apply: it may name something outside of this file`)];
    }));
  }

  /** The modules whose resources a scope has, with what each has. */
  reached(module: ModuleInstance): readonly { readonly module: ModuleInstance; readonly links: readonly ReferenceLink[] }[] {
    return this.reach(module).map((reached) => ({ module: reached, links: [...this.sight(reached).byType.values()].flat() }));
  }

  /** What crosses a module's border may itself be hidden by a local: then that module's scope is part of this one. */
  private reach(start: ModuleInstance): readonly ModuleInstance[] {
    let reach = this.reaches.get(start);
    if (!reach) {
      const modules = new Set([start]);
      for (const module of modules) this.border(module).scopes.forEach((scope) => modules.add(scope));
      this.reaches.set(start, (reach = [...modules]));
    }
    return reach;
  }

  private sight(module: ModuleInstance): Sight {
    let sight = this.sights.get(module);
    if (!sight) {
      const border = this.border(module);
      const links = merge([...[...module.groups.values()].map((group) => group.links(undefined)), border.links]);
      const byType = new Map<string, ReferenceLink[]>();
      const searches: Resource[] = [];
      for (const link of links) {
        const { resource } = link;
        const known = byType.get(resource.type);
        if (known) known.push(link);
        else byType.set(resource.type, [link]);
        if (resource.mode === 'data' && resource.action === 'read') searches.push(resource);
      }
      this.sights.set(module, (sight = { byType, unknown: distinct(border.unknown), searches }));
    }
    return sight;
  }

  private border(module: ModuleInstance): Resolution {
    let border = this.borders.get(module);
    if (!border) {
      this.borders.set(module, NOTHING);
      const { call, parent } = module;
      const handedIn = call && parent
        ? Object.values(call.expressions).map((node) => this.resolver.tree(node, parent, call, module.key))
        : [];
      const handedBack = [...module.config.calls.keys()]
        .flatMap((name) => module.called(name, undefined))
        .flatMap((called) => [...called.config.outputs.values()].map((output) => (isObject(output) ? this.resolver.expression(output, [], called, {}) : NOTHING)));
      border = union([...handedIn, ...handedBack], true);
      this.borders.set(module, border);
    }
    return border;
  }
}
