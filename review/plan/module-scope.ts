/**
 * Everything that an expression in a module can refer to: the module's own resources, what its
 * caller hands in, and what the modules that it calls hand back.
 */
import type { ModuleInstance } from './module-instance';
import { isExpression } from './configuration';
import { isSearch } from './identity';
import { isObject } from './json';
import { distinct, merge, NOTHING, union, whole, type Resolution, type Scopes } from './resolution';
import { identityRead, type Resolver } from './resolver';
import type { ReferenceLink, Resource } from './resource-graph';

/** What one module holds or sees across its border, by type. */
interface Sight {
  readonly byType: ReadonlyMap<string, readonly ReferenceLink[]>;
  readonly unknown: readonly string[];
  /** Data sources whose result is not known. */
  readonly searches: readonly Resource[];
}

export class ModuleScopes implements Scopes {
  private readonly reaches = new Map<string, Map<ModuleInstance, readonly ModuleInstance[]>>();
  private readonly sights = new Map<string, Map<ModuleInstance, Sight>>();
  private readonly borders = new Map<ModuleInstance, Resolution>();

  constructor(private readonly resolver: Resolver) {}

  links(module: ModuleInstance, types: readonly string[] | undefined): readonly ReferenceLink[] {
    return merge(this.reach(module, types).flatMap((reached) => ofTypes(this.sight(reached, types), types)));
  }

  near(module: ModuleInstance, types: readonly string[]): readonly ReferenceLink[] {
    const wanted = new Set(types);
    return merge([this.own(module).flat(), this.border(module).links].map((links) => links.filter(({ resource }) => wanted.has(resource.type))));
  }

  unknown(module: ModuleInstance, types: readonly string[] | undefined): readonly string[] {
    return distinct(this.reach(module, types).flatMap((reached) => {
      const { unknown, searches } = this.sight(reached, types);
      const open = searches.filter((search) => isSearch(search.type, types));
      return [...unknown, ...open.map((search) => `${search.address} is read during apply: it may name something outside of this file`)];
    }));
  }

  /** The modules whose resources a scope has, with what each has. */
  reached(module: ModuleInstance): readonly { readonly module: ModuleInstance; readonly links: readonly ReferenceLink[] }[] {
    return this.reach(module, undefined).map((reached) => ({ module: reached, links: ofTypes(this.sight(reached, undefined), undefined).flat() }));
  }

  /** What crosses a module's border may itself be hidden by a local: then that module's scope is part of this one. */
  private reach(start: ModuleInstance, types: readonly string[] | undefined): readonly ModuleInstance[] {
    return keptFor(this.reaches, types, start, () => {
      const modules = new Set([start]);
      for (const module of modules) whole(this.border(module), types).scopes.forEach((scope) => modules.add(scope));
      return [...modules];
    });
  }

  private sight(module: ModuleInstance, types: readonly string[] | undefined): Sight {
    return keptFor(this.sights, types, module, () => {
      const border = whole(this.border(module), types);
      const links = merge([...this.own(module), border.links]);
      const byType = new Map<string, ReferenceLink[]>();
      const searches: Resource[] = [];
      for (const link of links) {
        const { resource } = link;
        const known = byType.get(resource.type);
        if (known) known.push(link);
        else byType.set(resource.type, [link]);
        if (resource.mode === 'data' && resource.action === 'read') searches.push(resource);
      }
      return { byType, unknown: distinct(border.unknown), searches };
    });
  }

  /** What a module holds. A data source that is handed the id of something that the file makes is that thing, which is handed in as well. */
  private own(module: ModuleInstance): readonly (readonly ReferenceLink[])[] {
    return [...module.groups].flatMap(([key, group]) => {
      const links = group.links(undefined);
      const config = links[0]?.resource.mode === 'data' ? module.config.resources.get(key) : undefined;
      const id = config && identityRead(config);
      if (!config || !isExpression(id)) return [links];
      const { type } = (links[0] as ReferenceLink).resource;
      const handed = whole(this.resolver.expression(id, [], module, config), [type]);
      return handed.unknown.length === 0 && handed.links.some(({ resource }) => resource.mode === 'managed' && resource.type === type) ? [] : [links];
    });
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

function ofTypes({ byType }: Sight, types: readonly string[] | undefined): readonly (readonly ReferenceLink[])[] {
  return types ? types.map((type) => byType.get(type) ?? []) : [...byType.values()];
}

/** What crosses a border depends on what is asked for. */
function keptFor<T>(kept: Map<string, Map<ModuleInstance, T>>, types: readonly string[] | undefined, module: ModuleInstance, compute: () => T): T {
  const key = types?.join(' ') ?? '*';
  let byModule = kept.get(key);
  if (!byModule) kept.set(key, (byModule = new Map()));
  let found = byModule.get(module);
  if (found === undefined) byModule.set(module, (found = compute()));
  return found;
}
