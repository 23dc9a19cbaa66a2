/**
 * A Terraform provider schema as this folder works with it: the same facts that
 * `terraform providers schema -json` prints, with every default written out.
 */

/** A cty type in Terraform's JSON notation, e.g. `["list", ["object", { "id": "string" }]]`. */
export type CtyType =
  | 'string'
  | 'number'
  | 'bool'
  | 'dynamic'
  | ['list' | 'set' | 'map', CtyType]
  | ['object', { [name: string]: CtyType }]
  /** Only inside of what is `dynamic`: a list in JSON, each member of its own type. */
  | ['tuple', CtyType[]];

/** How many blocks of one type a parent holds, and how Terraform addresses them. */
export type NestingMode = 'single' | 'list' | 'set' | 'map';

/** One argument or exported value. */
export interface Attribute {
  /** Type of the value; for a nested type, the object type that it implies. */
  readonly type: CtyType;
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
  /** Terraform hides the value in its output. */
  readonly sensitive: boolean;
  /** Set for plugin-framework nested attributes, whose members carry their own flags. */
  readonly nested?: { readonly mode: NestingMode; readonly attributes: { readonly [name: string]: Attribute } };
}

/** A nested block type inside a block. */
export interface NestedBlock {
  readonly mode: NestingMode;
  /** Least number of blocks; 0 means optional. */
  readonly minItems: number;
  /** Greatest number of blocks; 0 means no limit. */
  readonly maxItems: number;
  readonly block: Block;
}

/** The body of a resource, data source, provider or nested block. */
export interface Block {
  readonly attributes: { readonly [name: string]: Attribute };
  readonly blocks: { readonly [name: string]: NestedBlock };
}

/** All that one stand-in provider has to know to answer for one stack. */
export interface ProviderSchema {
  readonly provider: Block;
  readonly resources: { readonly [type: string]: Block };
  readonly dataSources: { readonly [type: string]: Block };
}

/** A block without members, for providers and types that take no configuration. */
export const EMPTY_BLOCK: Block = { attributes: {}, blocks: {} };

const impliedTypes = new WeakMap<Block, CtyType>();

/** The object type of a whole block: what Terraform sends and expects on the wire. */
export function impliedType(block: Block): CtyType {
  // Asked for on every call of every resource, and the same for all of a type.
  const known = impliedTypes.get(block);
  if (known !== undefined) return known;
  const type = deriveType(block);
  impliedTypes.set(block, type);
  return type;
}

function deriveType(block: Block): CtyType {
  const members: { [name: string]: CtyType } = {};
  for (const [name, attribute] of Object.entries(block.attributes)) members[name] = attribute.type;
  for (const [name, nested] of Object.entries(block.blocks)) {
    const inner = impliedType(nested.block);
    members[name] = nested.mode === 'single' ? inner : [nested.mode, inner];
  }
  return ['object', members];
}

/** The same walk for a framework nested attribute. */
export function impliedNestedType(mode: NestingMode, attributes: { readonly [name: string]: Attribute }): CtyType {
  const inner: CtyType = ['object', Object.fromEntries(Object.entries(attributes).map(([name, a]) => [name, a.type]))];
  return mode === 'single' ? inner : [mode, inner];
}

/** A record without some of its members. */
export function without<T>(record: { readonly [name: string]: T }, names: readonly string[]): { [name: string]: T } {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}
