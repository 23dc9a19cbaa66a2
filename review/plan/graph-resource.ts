/** A resource of a graph: its values on demand, its references by asking the graph's lookup. */
import { inModule, type InstanceKey } from './address';
import { child, toPath, valueAt, type AttributePath, type PathLike } from './attribute-path';
import { writtenBy } from './call-instance';
import { resourceKey, type ConfiguredResource } from './configuration';
import type { ElementMatch } from './element-match';
import type { Shape } from './expression-path';
import { handedInto, type Handed } from './handed-values';
import { isList, isObject, own, type Json, type JsonObject } from './json';
import { marksAnything, marksBelow, maskedObject, secretsByName, SENSITIVE } from './masking';
import type { ModuleInstance } from './module-instance';
import type { Reference, ResourceReference } from './reference';
import type { ReferenceLookup } from './reference-lookup';
import type { Action, Drift, Lifecycle, ReferenceOptions, References, Resource, ResourceSource, Written } from './resource-graph';
import type { Told, ToldValues } from './told-values';

/** What a builder knows of a resource; everything but values is cheap. */
export interface ResourceRecord {
  readonly address: string;
  readonly moduleAddress: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly key?: InstanceKey | undefined;
  readonly provider: string;
  readonly action: Action;
  readonly actionReason?: string | undefined;
  readonly replacedFor?: readonly string[] | undefined;
  readonly previousAddress?: string | undefined;
  readonly imported?: boolean | undefined;
  readonly deposed?: string | undefined;
  readonly repeated?: boolean | undefined;
  readonly drift?: Json | undefined;
  readonly source?: ResourceSource | undefined;
  readonly lifecycle?: Lifecycle | undefined;
  /** Values as the file has them, with the trees that mark them. */
  readonly after: Json | undefined;
  readonly unknown?: Json | undefined;
  readonly sensitive?: Json | undefined;
  readonly before?: Json | undefined;
  readonly beforeSensitive?: Json | undefined;
  /** Why the values that the tree marks are unknown. Default: known after apply. */
  readonly unknownReason?: ((path: AttributePath) => string) | undefined;
  /** Addresses without keys, as a state has them: all that the resource refers to, and what that refers to. */
  readonly dependsOn?: readonly string[] | undefined;
  /** True when the file does not mark what is unknown, so that what is absent may be. */
  readonly sparse?: boolean | undefined;
}

/** What surrounds a resource; the same object for all of its instances. */
export interface Surroundings {
  readonly module: ModuleInstance;
  readonly config?: ConfiguredResource | undefined;
  readonly lookup: ReferenceLookup;
  readonly told: ToldValues;
  /** What stands before the addresses of its file; empty where only one is reviewed. */
  readonly file: string;
  /** See `Shape.inOrder`. */
  readonly inOrder: boolean;
}

const NO_OPTIONS: ReferenceOptions = {};

export class GraphResource implements Resource {
  /** The record's own, at hand: every question begins with them. */
  readonly address: string;
  readonly type: string;
  readonly mode: 'managed' | 'data';
  readonly after: Json | undefined;
  readonly unknown: Json | undefined;
  private readonly sensitive: Json | undefined;
  private knownValues?: JsonObject;
  private knownBefore?: JsonObject;
  private matches?: Map<Json, ElementMatch>;

  constructor(
    private readonly record: ResourceRecord,
    readonly surroundings: Surroundings,
  ) {
    this.address = surroundings.file === '' ? record.address : this.inFile(record.address);
    this.type = record.type;
    this.mode = record.mode;
    this.after = record.after;
    this.unknown = record.unknown;
    this.sensitive = record.sensitive;
  }

  get file(): string { return this.surroundings.file; }
  get moduleAddress(): string { return this.surroundings.file === '' ? this.record.moduleAddress : this.inFile(this.record.moduleAddress); }
  get name(): string { return this.record.name; }
  get key(): InstanceKey | undefined { return this.record.key; }
  get provider(): string { return this.record.provider; }

  get providerConfig(): string | undefined {
    const { config, file } = this.surroundings;
    // Two files may call two accounts by one name.
    return file === '' ? config?.providerConfig : this.inFile(config ? config.providerConfig ?? (this.type.split('_', 1)[0] as string) : '');
  }

  get action(): Action { return this.record.action; }
  get actionReason(): string | undefined { return this.record.actionReason; }
  get replacedFor(): readonly string[] | undefined { return this.record.replacedFor; }
  get previousAddress(): string | undefined { return this.record.previousAddress === undefined ? undefined : this.inFile(this.record.previousAddress); }
  get imported(): boolean { return this.record.imported ?? false; }
  get deposed(): string | undefined { return this.record.deposed; }
  get repeated(): boolean { return this.record.repeated ?? false; }
  get source(): ResourceSource | undefined { return this.record.source; }
  get lifecycle(): Lifecycle | undefined { return this.record.lifecycle; }

  waitsFor(other: Resource): boolean {
    const { config, file } = this.surroundings;
    if (file !== '' && !other.address.startsWith(file)) return true;
    return config?.dependsOn?.some((address) => isInstanceOf(other.address, inModule(this.moduleAddress, address))) ?? false;
  }

  get drift(): Drift | undefined {
    const { drift } = this.record;
    if (drift === undefined) return undefined;
    const actions = own(drift, 'actions');
    return {
      action: isList(actions) && actions.includes('delete') ? 'delete' : 'update',
      before: maskedObject(own(drift, 'before'), own(drift, 'before_sensitive') ?? secretsByName(own(drift, 'before') ?? null)),
      after: maskedObject(own(drift, 'after'), own(drift, 'after_sensitive') ?? secretsByName(own(drift, 'after') ?? null)),
    };
  }

  get values(): JsonObject {
    return (this.knownValues ??= maskedObject(this.after, this.sensitive));
  }

  get before(): JsonObject | undefined {
    if (!isObject(this.record.before)) return undefined;
    return (this.knownBefore ??= maskedObject(this.record.before, this.record.beforeSensitive));
  }

  valueAt(path: PathLike): Json | undefined {
    return valueAt(this.values, toPath(path));
  }

  unknownAt(path: PathLike): string | undefined {
    const steps = toPath(path);
    if (marksBelow(this.unknown, steps) === true) return this.record.unknownReason?.(steps) ?? 'known after apply';
    if (this.record.sparse && this.rawAt(steps) === undefined) return 'the plan does not tell';
    if (this.sensitiveAt(steps) && (this.rawAt(steps) ?? null) !== null) return 'sensitive';
    return undefined;
  }

  hasUnknown(path: PathLike): boolean {
    const steps = toPath(path);
    // What is marked as a whole is marked below, too.
    if (marksAnything(marksBelow(this.unknown, steps)) || marksAnything(marksBelow(this.sensitive, steps))) return true;
    return this.record.sparse === true && this.rawAt(steps) === undefined;
  }

  sensitiveAt(path: PathLike): boolean {
    return marksBelow(this.sensitive, toPath(path)) === true;
  }

  elements(path: PathLike): readonly AttributePath[] {
    const steps = toPath(path);
    const value = this.rawAt(steps);
    if (isList(value)) return value.map((_, index) => [...steps, index]);
    return isObject(value) ? [[...steps, 0]] : [];
  }

  configExpression(path: PathLike): Json | undefined {
    const steps = toPath(path);
    const expressions = this.surroundings.config?.expressions;
    if (steps.length === 0) return expressions !== undefined && marksAnything(this.sensitive) ? withoutConstants(expressions) : expressions;
    let node = own(expressions, String(steps[0]));
    // A literal secret is in the configuration, too. Blocks there are in another order than values: any mark hides all constants.
    if (node !== undefined && marksAnything(this.sensitive === true ? true : own(this.sensitive, String(steps[0])))) node = withoutConstants(node);
    for (let at = 1; at < steps.length; at += 1) node = child(node, steps[at] as string | number);
    return node;
  }

  isConfigured(path: PathLike): boolean {
    const steps = toPath(path);
    const expressions = this.surroundings.config?.expressions;
    if (steps.length === 0) return expressions !== undefined;
    let node = own(expressions, String(steps[0]));
    for (let at = 1; at < steps.length; at += 1) node = child(node, steps[at] as string | number);
    return node !== undefined;
  }

  handed(path: PathLike): Handed {
    const handed = handedInto(this.configExpression(path), this.surroundings.module);
    return this.surroundings.file === '' ? handed : { ...handed, variables: handed.variables.map((name) => this.inFile(name)) };
  }

  references(path: PathLike, options: ReferenceOptions = NO_OPTIONS): References {
    return this.surroundings.lookup.references(this, toPath(path), options.types);
  }

  get instances(): number {
    return this.surroundings.module.groups.get(resourceKey(this.mode, this.type, this.name))?.all.length ?? 1;
  }

  get instanceKeys(): readonly InstanceKey[] {
    return (this.surroundings.module.groups.get(resourceKey(this.mode, this.type, this.name))?.all ?? []).flatMap(({ key }) => key ?? []);
  }

  told(reference: Reference): Told {
    const { told, module, config } = this.surroundings;
    return told.of(reference, { module, forEach: config?.forEach, key: this.key });
  }

  leadsTo(reference: Reference): Reference {
    return this.surroundings.told.leadsTo(reference, { module: this.surroundings.module });
  }

  written(expression: JsonObject): Written {
    return writtenBy(expression, this, this.surroundings.module, this.surroundings.told);
  }

  beside({ group }: ResourceReference, key: InstanceKey): Resource | undefined {
    return this.surroundings.module.groups.get(group)?.withKey(key);
  }

  /** True when the state says that this resource depends on the other. */
  dependsOn(other: Resource): boolean {
    return this.record.dependsOn?.some((each) => isInstanceOf(other.address, this.inFile(each))) ?? false;
  }

  private inFile(name: string): string {
    const { file } = this.surroundings;
    return file === '' ? name : `${file}${name}`;
  }

  /** The value as the file has it, sensitive ones too. For joining only: nothing of it may be shown. */
  rawAt(path: AttributePath): Json | undefined {
    return valueAt(this.after, path);
  }

  unknownBelow(path: AttributePath): Json | undefined {
    return marksBelow(this.unknown, path);
  }

  sensitiveBelow(path: AttributePath): Json | undefined {
    return marksBelow(this.sensitive, path);
  }

  shape(expressions: JsonObject): Shape {
    return { type: this.type, expressions, values: this.after ?? {}, unknown: this.unknown, inOrder: this.surroundings.inOrder, matches: (this.matches ??= new Map()) };
  }

  toString(): string {
    return this.address;
  }

  /** Only what identifies it: a resource in a report must not drag its values along. */
  toJSON(): JsonObject {
    return { address: this.address, action: this.action };
  }
}

function isInstanceOf(address: string, block: string): boolean {
  return address === block || address.startsWith(`${block}[`);
}

function withoutConstants(node: Json): Json {
  if (isList(node)) return node.map(withoutConstants);
  if (!isObject(node)) return node;
  return Object.fromEntries(Object.entries(node).map(([key, part]) => [key, key === 'constant_value' ? SENSITIVE : withoutConstants(part)]));
}

