/** Schemas in the shape of the plugin protocol's messages. */
import { type Attribute, type Block, type NestingMode, type ProviderSchema } from '../schema/model';

const NESTING: { readonly [mode in NestingMode]: number } = { single: 1, list: 2, set: 3, map: 4 };

/** What every stand-in can do; the names are the protocol's. */
export const SERVER_CAPABILITIES = { plan_destroy: false, get_provider_schema_optional: true, move_resource_state: false };

/** The answer to GetProviderSchema. */
export function schemaResponse(schema: ProviderSchema, versions: ReadonlyMap<string, number>): object {
  return {
    provider: schemaMessage(schema.provider, 0),
    resource_schemas: mapValues(schema.resources, (block, type) => schemaMessage(block, versions.get(type) ?? 0)),
    data_source_schemas: mapValues(schema.dataSources, (block) => schemaMessage(block, 0)),
    diagnostics: [],
    server_capabilities: SERVER_CAPABILITIES,
  };
}

function schemaMessage(block: Block, version: number): object {
  return { version, block: blockMessage(block) };
}

function blockMessage(block: Block): object {
  return {
    attributes: Object.entries(block.attributes).map(([name, attribute]) => attributeMessage(name, attribute)),
    block_types: Object.entries(block.blocks).map(([name, nested]) => ({
      type_name: name,
      block: blockMessage(nested.block),
      nesting: NESTING[nested.mode],
      min_items: nested.minItems,
      max_items: nested.maxItems,
    })),
  };
}

function attributeMessage(name: string, attribute: Attribute): object {
  const { required, optional, computed, sensitive, nested } = attribute;
  const flags = { name, required, optional, computed, sensitive };
  if (nested === undefined) return { ...flags, type: Buffer.from(JSON.stringify(attribute.type)) };
  const attributes = Object.entries(nested.attributes).map(([member, inner]) => attributeMessage(member, inner));
  return { ...flags, nested_type: { attributes, nesting: NESTING[nested.mode] } };
}

function mapValues<T, R>(record: { readonly [name: string]: T }, convert: (value: T, name: string) => R): { [name: string]: R } {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, convert(value, name)]));
}
