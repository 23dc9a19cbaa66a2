/** The graph itself, the same for every kind of file: builders hand it records, it answers. */
import { translatedAzapi, translatedConfig, type Translated } from './azapi';
import { resourceKey, type ConfiguredModule } from './configuration';
import { GraphResource, type ResourceRecord, type Surroundings } from './graph-resource';
import { IdentityIndex } from './identity-index';
import { without } from './json';
import { ModuleInstance, ModuleInstances, type ResourceGroup } from './module-instance';
import { ModuleScopes } from './module-scope';
import type { ProviderRegions, ProviderSettings } from './provider-settings';
import type { PlanKind } from './recognize';
import { ReferenceLookup } from './reference-lookup';
import { ReferrerIndex } from './referrer-index';
import { Answers } from './resolution';
import { Resolver } from './resolver';
import type { Referrer, Resource, ResourceGraph, Variable } from './resource-graph';
import { ToldValues } from './told-values';

/** What a builder found in a file. */
export interface GraphParts {
  readonly kind: PlanKind;
  readonly name: string;
  readonly stack?: string;
  readonly formatVersion: string;
  readonly terraformVersion?: string;
  readonly warnings: readonly string[];
  readonly errored: boolean;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly configuration: ConfiguredModule;
  readonly providerSettings?: ProviderSettings | undefined;
  readonly providerRegions?: ProviderRegions | undefined;
  readonly records: readonly ResourceRecord[];
  readonly removed: readonly ResourceRecord[];
  /** What exists before; `the same` where nothing changes. */
  readonly before?: (() => ResourceGraph) | 'the same';
}

/** See `ResourceGraph`, whose promises it keeps. */
export class Graph implements ResourceGraph {
  readonly resources: readonly GraphResource[];
  readonly removed: readonly GraphResource[];
  readonly typeNames: ReadonlySet<string>;
  private readonly types = new Map<string, GraphResource[]>();
  private readonly typesByMode = new Map<string, readonly Resource[]>();
  private readonly addresses = new Map<string, GraphResource>();
  private readonly referrerIndex: ReferrerIndex;
  private identities?: IdentityIndex;
  private earlier?: ResourceGraph;

  constructor(private readonly parts: GraphParts) {
    const unplanned = parts.kind === 'synthesized';
    const identities = () => (this.identities ??= new IdentityIndex(this.resources));
    const resolver = new Resolver({ partial: parts.errored, unplanned, made: (data) => identities().made(data) });
    const scopes = new ModuleScopes(resolver);
    const lookup = new ReferenceLookup({
      identities,
      resolver,
      answers: new Answers(scopes),
      regions: parts.providerRegions,
      file: parts.kind === 'synthesized' ? 'stack' : parts.kind,
    });
    const told = new ToldValues(parts.variables);
    const modules = new ModuleInstances(new ModuleInstance(parts.configuration));
    // Instances of one block stand side by side.
    let last: { readonly record: ResourceRecord; readonly group: ResourceGroup } | undefined;
    const groupOf = (record: ResourceRecord): ResourceGroup => {
      if (last && last.record.name === record.name && last.record.type === record.type && last.record.mode === record.mode && last.record.moduleAddress === record.moduleAddress) return last.group;
      const module = modules.at(record.moduleAddress);
      const key = resourceKey(record.mode, record.type, record.name);
      const group = module.group(key);
      group.surroundings ??= { module, config: module.config.resources.get(key), lookup, told, inOrder: unplanned };
      last = { record, group };
      return group;
    };
    this.resources = parts.records.map((record) => {
      const group = groupOf(record);
      const around = group.surroundings as Surroundings;
      // A deposed object has the values that an earlier configuration gave it.
      if (record.deposed !== undefined) return new GraphResource(record, without(around, 'config'));
      // The values of a synthesized stack are templates, which nothing translates.
      const azure = unplanned ? undefined : translatedAzapi(record);
      const resource = azure ? new GraphResource(azure.record, translatedSurroundings(around, azure)) : new GraphResource(record, around);
      group.add(resource);
      this.addresses.set(record.address, resource);
      return resource;
    });
    this.removed = parts.removed.map((record) => new GraphResource(record, { module: modules.at(record.moduleAddress), lookup, told, inOrder: unplanned }));
    for (const resource of this.resources) {
      const sameType = this.types.get(resource.type);
      if (sameType) sameType.push(resource);
      else this.types.set(resource.type, [resource]);
    }
    const typeNames = new Set(this.types.keys());
    for (const { type } of this.removed) typeNames.add(type);
    this.typeNames = typeNames;
    this.referrerIndex = new ReferrerIndex(this.types, lookup, scopes);
  }

  get kind(): PlanKind { return this.parts.kind; }
  get name(): string { return this.parts.name; }
  get stack(): string | undefined { return this.parts.stack; }
  get formatVersion(): string { return this.parts.formatVersion; }
  get terraformVersion(): string | undefined { return this.parts.terraformVersion; }
  get warnings(): readonly string[] { return this.parts.warnings; }
  get errored(): boolean { return this.parts.errored; }
  get variables(): ReadonlyMap<string, Variable> { return this.parts.variables; }
  get providerSettings(): ProviderSettings | undefined { return this.parts.providerSettings; }

  get providerRegions(): ProviderRegions | undefined { return this.parts.providerRegions; }

  ofType(type: string, mode: 'managed' | 'data' = 'managed'): readonly Resource[] {
    const key = `${mode} ${type}`;
    let found = this.typesByMode.get(key);
    if (!found) {
      found = (this.types.get(type) ?? []).filter((resource) => resource.mode === mode);
      this.typesByMode.set(key, found);
    }
    return found;
  }

  byAddress(address: string): Resource | undefined {
    return this.addresses.get(address);
  }

  referrers(resource: Resource, types?: readonly string[]): readonly Referrer[] {
    return this.referrerIndex.of(resource, types);
  }

  before(): ResourceGraph {
    const { before } = this.parts;
    if (before === 'the same') return this;
    return (this.earlier ??= before?.() ?? new Graph(nothing(this.parts)));
  }
}

const translated = new WeakMap<Surroundings, Map<string, Surroundings>>();

/** The same for all instances of a block that are of one type. */
function translatedSurroundings(around: Surroundings, { record, from }: Translated): Surroundings {
  if (!around.config) return around;
  let byType = translated.get(around);
  if (!byType) translated.set(around, (byType = new Map()));
  let found = byType.get(record.type);
  if (!found) byType.set(record.type, (found = { ...around, config: translatedConfig(around.config, from) }));
  return found;
}

function nothing(parts: GraphParts): GraphParts {
  return { ...without(parts, 'before'), kind: 'state', warnings: [], errored: false, records: [], removed: [] };
}
