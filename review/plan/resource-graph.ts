/**
 * The graph of resources that a plan, a state or a synthesized stack describes: the one thing
 * that the models of the clouds read.
 *
 * Two promises hold everywhere. What is not known says so, with the reason. And an answer to
 * "what does this point to?" names too much rather than too little.
 */
import type { Handed } from './handed-values';
import type { InstanceKey } from './address';
import type { AttributePath, PathLike } from './attribute-path';
import type { Json, JsonObject } from './json';
import type { ProviderAccounts, ProviderRegions, ProviderSettings } from './provider-settings';
import type { PlanKind } from './recognize';
import type { Reference, ResourceReference } from './reference';
import type { Told } from './told-values';

export type { AttributePath, PathLike } from './attribute-path';
export type { Json, JsonObject } from './json';
export type { InstanceKey } from './address';

/**
 * What the plan does with a resource. `replace` covers both orders of delete and create; `unplanned`
 * is what a state, a synthesized stack, or a plan that left the resource out says.
 */
export type Action = 'create' | 'read' | 'update' | 'replace' | 'delete' | 'forget' | 'no-op' | 'unplanned';

/** Where in the source a resource comes from. */
export interface ResourceSource {
  /** The construct's path, from CDKTF's metadata. */
  readonly constructPath?: string;
  readonly stack?: string;
}

/** What a resource's `lifecycle` block asks of Terraform. */
export interface Lifecycle {
  readonly preventDestroy: boolean;
  readonly createBeforeDestroy: boolean;
}

/** What happened to a resource outside of Terraform since its last apply. */
export interface Drift {
  readonly action: 'update' | 'delete';
  readonly before: JsonObject;
  /** Empty when the object is gone. */
  readonly after: JsonObject;
}

/** One instance of a block that expressions are written in: of a resource, or of the call of a module (then its type is `module`). */
export interface Instance {
  /** Empty in the root module. */
  readonly moduleAddress: string;
  readonly type: string;
  readonly name: string;
  /** The number of a `count`, or the key of a `for_each`, instance. */
  readonly key?: InstanceKey;
  /** How many instances its block has in its module. */
  readonly instances: number;
  /** The keys of these, its own among them; only where they have any. */
  readonly instanceKeys: readonly InstanceKey[];
  /** The text that a reference of its configuration stands for, where the plan's own variables tell: `each.value.subnet`. */
  told(reference: Reference): Told;
  /** What a variable that its configuration refers to is handed, where it is handed one thing as a whole; else the reference itself. */
  leadsTo(reference: Reference): Reference;
  /** The instance, with this key, of a block of the module in which its expressions stand. */
  beside(block: ResourceReference, key: InstanceKey): Resource | undefined;
}

/** An expression, and the instance whose keys it is written with. */
export interface Written {
  readonly expression: JsonObject;
  readonly by: Instance;
}

/** One instance of a resource, as it will be once the plan is applied. */
export interface Resource extends Instance {
  /** `module.net["a.b"].aws_vpc.x[0]`. */
  readonly address: string;
  /** What its address begins with where several files are one graph: `network:`; else empty. */
  readonly file: string;
  readonly mode: 'managed' | 'data';
  /** `registry.terraform.io/hashicorp/aws`. */
  readonly provider: string;
  /** The provider block, where the configuration tells: `aws.west`. */
  readonly providerConfig?: string;
  readonly action: Action;
  /** Why, as Terraform says: `replace_because_cannot_update`. */
  readonly actionReason?: string;
  /** The attributes that it is replaced for, by their first names; absent where the file does not tell. */
  readonly replacedFor?: readonly string[] | undefined;
  /** Where the resource was before a `moved` block. */
  readonly previousAddress?: string;
  /** True when the plan imports it. */
  readonly imported: boolean;
  /** The key of a deposed object, which waits for its deletion beside its successor; or that a replacement leaves it in place. */
  readonly deposed?: string;
  /**
   * True when this one node stands for all instances of a `count` or `for_each`: only in a
   * synthesized stack, which does not say how many there are.
   */
  readonly repeated: boolean;
  readonly drift?: Drift;
  readonly source?: ResourceSource;
  /** Undefined where nobody tells: plans and states leave it out, only synthesized stacks have it. */
  readonly lifecycle?: Lifecycle | undefined;

  /**
   * The values after the plan. Unknown ones are absent (in lists null), sensitive ones a marker.
   * What is absent and not unknown is not set: a synthesized stack has no defaults.
   */
  readonly values: JsonObject;
  /** The values before the plan; absent for what it creates. */
  readonly before?: JsonObject;
  /** The value at a path; undefined where there is none, or where it is not known. */
  valueAt(path: PathLike): Json | undefined;
  /** Why the value at the path, all of it, is not known; undefined when it is known, or known in part. */
  unknownAt(path: PathLike): string | undefined;
  /** True when the value, or anything in it, is not known. */
  hasUnknown(path: PathLike): boolean;
  sensitiveAt(path: PathLike): boolean;
  /**
   * The paths of a block's elements, whether a plan wrote them as a list or a synthesized stack
   * wrote a single one as an object. Empty for null and for what is unknown as a whole.
   */
  elements(path: PathLike): readonly AttributePath[];
  /**
   * The configuration of an attribute as the plan has it: `{references, constant_value}`, or for
   * blocks a list of such. Undefined when the configuration does not set it, and for blocks that
   * a `dynamic` block makes. A `constant_value` beside `references` is a template, never a value.
   */
  configExpression(path: PathLike): Json | undefined;
  /** True where `configExpression` gives anything: the attribute is set, or with an empty path, the resource has a configuration. */
  isConfigured(path: PathLike): boolean;
  /** What variables hand into the expression at the path: it may be part of a value that is not known. */
  handed(path: PathLike): Handed;
  /**
   * Where an expression of its configuration is written: itself, or, of a variable alone (`var.subnet_id`), the expression
   * that the call of its module hands in, with the key that the module has.
   */
  written(expression: JsonObject): Written;
  /** True where its `depends_on` names the other, and for what another file makes, which is applied as a whole. Only of what `isConfigured` the file tells. */
  waitsFor(other: Resource): boolean;
  /** The resources that the value at the path points to. */
  references(path: PathLike, options?: ReferenceOptions): References;
}

export interface ReferenceOptions {
  /** Only resources of these types count. Default: all types. */
  readonly types?: readonly string[];
}

/** One resource that is pointed to, and which of its attributes is meant (`id`), where that is known. */
export interface ReferenceLink {
  readonly resource: Resource;
  readonly attribute?: string;
}

/** What a value points to. */
export interface References {
  /** Every resource that the value may point to. Nothing is missing unless `unknown` is set. */
  readonly targets: readonly Resource[];
  /** The same, each with the attribute that is read. */
  readonly links: readonly ReferenceLink[];
  /**
   * True when the value points to all targets and to nothing else; then `unknown` is not set. Also
   * when a hidden expression has no other choice: with `types`, one resource of them in its reach.
   * A condition that is not known may still end in a literal or in null.
   */
  readonly exact: boolean;
  /**
   * The best guess among `targets`, for pictures and messages; never ground for a verdict. The same
   * as `targets` unless they were widened: then those that the expression names, or those with the
   * same key as the resource that refers.
   */
  readonly likely: readonly Resource[];
  /** True when nothing names any of the targets, and neither is one handed in by name: they are only in the reach of a caller's local. */
  readonly isFar?: boolean;
  /** Why the answer is wider than the truth may be. */
  readonly widened: readonly string[];
  /** Why the value may point to something that is not among the targets. */
  readonly unknown?: string;
}

/** A reference seen from its target. */
export interface Referrer {
  readonly resource: Resource;
  /** The attribute that refers, with the elements of its blocks. */
  readonly path: AttributePath;
  readonly exact: boolean;
}

/** An input variable of the root module. */
export interface Variable {
  readonly name: string;
  readonly sensitive: boolean;
  /** A marker when sensitive; undefined when the file does not tell. */
  readonly value?: Json;
}

export interface ResourceGraph {
  readonly kind: PlanKind;
  /** The file's name. */
  readonly name: string;
  readonly stack?: string;
  readonly formatVersion: string;
  readonly terraformVersion?: string;
  /** What a reader of any verdict has to know: an errored or partial plan, a newer format. */
  readonly warnings: readonly string[];
  /** True when Terraform stopped in the middle: resources may be missing. */
  readonly errored: boolean;
  readonly variables: ReadonlyMap<string, Variable>;
  /** Which settings each provider block of the root module has, by `aws` or `aws.west`; never their values. Undefined where the file has no configuration. */
  readonly providerSettings?: ProviderSettings | undefined;
  /** The regions that provider blocks of the root module say, where the file tells, by the same names. */
  readonly providerRegions?: ProviderRegions | undefined;
  /** Likewise accounts, projects and subscriptions. */
  readonly providerAccounts?: ProviderAccounts | undefined;

  /**
   * All that exists once the plan is applied, in the file's order: also what the plan leaves
   * alone, forgets, or was not asked about (`-target`).
   */
  readonly resources: readonly Resource[];
  /** What the plan destroys, deposed objects among it; `values` are the last ones. */
  readonly removed: readonly Resource[];
  /** The types of all resources, removed ones among them. */
  readonly typeNames: ReadonlySet<string>;
  /** Default mode: managed. */
  ofType(type: string, mode?: 'managed' | 'data'): readonly Resource[];
  /** The current object at an address; never a deposed one. */
  byAddress(address: string): Resource | undefined;
  /** What points to a resource; with `types` only referrers of these types are looked at, which is faster. */
  referrers(resource: Resource, types?: readonly string[]): readonly Referrer[];
  /** What exists before the plan is applied, as a graph of the same shape: this very one where the plan changes nothing. Empty where the file has no prior state. */
  before(): ResourceGraph;
}
