/** The graph itself, the same for every kind of file: builders hand it records, it answers. */
import { hasPlainTemplates, translatedAzapi, translatedConfig, type Translated } from './azapi';
import { resourceKey, type ConfiguredModule } from './configuration';
import { GraphResource, type ResourceRecord, type Surroundings } from './graph-resource';
import { IdentityIndex } from './identity-index';
import { own, without } from './json';
import { ModuleInstance, ModuleInstances, type FileFacts, type ResourceGroup } from './module-instance';
import { ModuleScopes } from './module-scope';
import type { ProviderAccounts, ProviderRegions, ProviderSettings } from './provider-settings';
import type { PlanKind } from './recognize';
import { ReferenceLookup } from './reference-lookup';
import { ReferrerIndex } from './referrer-index';
import { Answers } from './resolution';
import { placeOfRead, REMOTE_STATE, type StatePlace } from './remote-state';
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
  readonly providerAccounts?: ProviderAccounts | undefined;
  /** Where the configuration keeps its state, which others read: see `remote-state.ts`. Undefined where the file does not tell. */
  readonly statePlace?: StatePlace | undefined;
  readonly records: readonly ResourceRecord[];
  readonly removed: readonly ResourceRecord[];
  /** What exists before; `the same` where nothing changes. */
  readonly before?: (() => Graph) | 'the same';
}

const REMOTE_STATES = resourceKey('data', REMOTE_STATE, '');

/** One of the files of a graph. */
export interface GraphFile {
  readonly parts: GraphParts;
  /** What stands before its addresses: see `filePrefix`. Empty where it is the only one. */
  readonly prefix: string;
}

interface Built {
  readonly resources: readonly GraphResource[];
  readonly removed: readonly GraphResource[];
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
  private readonly lookup: ReferenceLookup;
  private earlier?: Graph;

  /** @param files what the graph is made of, where that is several files: `parts` then tells of all of them together, and has no records */
  constructor(readonly parts: GraphParts, files: readonly GraphFile[] = [{ parts, prefix: '' }]) {
    const identities = () => (this.identities ??= new IdentityIndex(this.resources));
    const resolver = new Resolver({ made: (data) => identities().made(data, parts.providerAccounts) });
    const scopes = new ModuleScopes(resolver);
    const lookup = this.lookup = new ReferenceLookup({
      identities,
      resolver,
      answers: new Answers(scopes),
      regions: parts.providerRegions,
      accounts: parts.providerAccounts,
      file: files.length > 1 ? 'review' : parts.kind === 'synthesized' ? 'stack' : parts.kind,
    });
    const roots = new Map<GraphParts, ModuleInstance>();
    const built = files.map((file) => this.build(file, lookup, remoteOf(file, files, roots), roots));
    this.resources = built.length === 1 ? (built[0] as Built).resources : built.flatMap(({ resources }) => resources);
    this.removed = built.flatMap(({ removed }) => removed);
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

  private build({ parts, prefix: file }: GraphFile, lookup: ReferenceLookup, remote: FileFacts['remote'], roots: Map<GraphParts, ModuleInstance>): Built {
    const unplanned = parts.kind === 'synthesized';
    const told = new ToldValues(parts.variables);
    const modules = new ModuleInstances(new ModuleInstance(parts.configuration, undefined, undefined, undefined, { partial: parts.errored, unplanned, ...(remote ? { remote } : {}) }));
    roots.set(parts, modules.root);
    // Instances of one block stand side by side.
    let last: { readonly record: ResourceRecord; readonly group: ResourceGroup } | undefined;
    const groupOf = (record: ResourceRecord): ResourceGroup => {
      if (last && last.record.name === record.name && last.record.type === record.type && last.record.mode === record.mode && last.record.moduleAddress === record.moduleAddress) return last.group;
      const module = modules.at(record.moduleAddress);
      const key = resourceKey(record.mode, record.type, record.name);
      const group = module.group(key);
      group.surroundings ??= { module, config: module.config.resources.get(key), lookup, told, file, inOrder: unplanned };
      last = { record, group };
      return group;
    };
    const resources = parts.records.map((record) => {
      const group = groupOf(record);
      const around = group.surroundings as Surroundings;
      // A deposed object has the values that an earlier configuration gave it.
      if (record.deposed !== undefined) return new GraphResource(record, without(around, 'config'));
      const azure = unplanned && !hasPlainTemplates(own(around.config?.expressions, 'body')) ? undefined : translatedAzapi(record);
      const resource = azure ? new GraphResource(azure.record, translatedSurroundings(around, azure)) : new GraphResource(record, around);
      group.add(resource);
      this.addresses.set(resource.address, resource);
      return resource;
    });
    const removed = parts.removed.map((record) => new GraphResource(record, { module: modules.at(record.moduleAddress), lookup, told, file, inOrder: unplanned }));
    return { resources, removed };
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

  get providerAccounts(): ProviderAccounts | undefined { return this.parts.providerAccounts; }

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

  /** Ids that its resources name and none of them has, as far as anybody asked. */
  get strangers(): ReadonlySet<string> { return this.lookup.strangers; }

  /** Whether something that it makes has the id. */
  makes(id: string): boolean {
    return (this.identities ??= new IdentityIndex(this.resources)).identified(id).some(({ resource }) => resource.mode === 'managed');
  }

  /** Whether something in it reads the state of another file. */
  readsStateOf({ parts: { statePlace } }: Graph): boolean {
    return statePlace !== undefined && [...this.parts.configuration.resources].some(([key, config]) => key.startsWith(REMOTE_STATES) && placeOfRead(config) === statePlace);
  }

  before(): Graph {
    const { before } = this.parts;
    if (before === 'the same') return this;
    return (this.earlier ??= before?.() ?? new Graph(nothing(this.parts)));
  }
}

/** The other file whose state something reads; undefined where there is no other. */
function remoteOf(file: GraphFile, files: readonly GraphFile[], roots: ReadonlyMap<GraphParts, ModuleInstance>): FileFacts['remote'] {
  const others = files.filter((each) => each !== file && each.parts.statePlace !== undefined);
  if (others.length === 0) return undefined;
  return (reader) => {
    const place = placeOfRead(reader);
    const read = place === undefined ? [] : others.filter(({ parts }) => parts.statePlace === place);
    return read.length === 1 ? roots.get((read[0] as GraphFile).parts) : undefined;
  };
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
